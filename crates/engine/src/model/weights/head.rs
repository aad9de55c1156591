//! Finds the classification head among the tensors that are not part of the backbone.

use std::collections::{BTreeMap, BTreeSet};

use tunelab_core::model::sources::Naming;
use tunelab_core::model::weights_error::UnreadHead;

use super::backbone::Location;
use super::naming::number;
use super::role::is_self_supervised;
use super::state_dict::HostTensor;
use super::validate::{Head, checked_head};

/// Prefixes of wrappers before a head that does not have the backbone's prefix.
const WRAPPERS: [&str; 7] =
    ["module.", "_orig_mod.", "model.", "backbone.", "encoder.", "resnet.", "net."];

/// Modules that compute the logits, or contain the layer that does.
const HEAD_MODULES: [&str; 8] =
    ["fc", "head", "heads", "classifier", "linear", "last_linear", "cls_head", "logits"];

/// A tensor that may belong to a head.
struct HeadTensor {
    /// The name in the file.
    name: String,
    /// The path of the layer.
    layer: String,
    /// The name within the layer.
    parameter: String,
    /// Whether it has the backbone's prefix.
    is_inside: bool,
    tensor: HostTensor,
}

/// Removes the head of the backbone at `location` from `others`, the tensors that are not the backbone's. `features` is
/// the number of its inputs. Tensors with one of the prefixes `rejected` belong to other networks.
pub(super) fn take_head(
    location: &Location,
    features: usize,
    others: &mut BTreeMap<String, HostTensor>,
    rejected: &[String],
) -> (Option<Head>, Option<UnreadHead>) {
    let self_supervised = is_self_supervised(others.keys().map(String::as_str))
        || is_self_supervised([location.prefix.as_str()]);
    let is_rejected = |name: &str| rejected.iter().any(|prefix| name.starts_with(prefix.as_str()));
    let names: Vec<String> = others.keys().filter(|name| !is_rejected(name)).cloned().collect();
    let mut parts = Vec::new();
    for name in names {
        let Some((path, is_inside)) = head_path(location, &name) else {
            continue;
        };
        let Some((layer, parameter)) = path.rsplit_once('.') else {
            continue;
        };
        if let Some(tensor) = others.get(&name) {
            let (layer, parameter) = (layer.to_owned(), parameter.to_owned());
            parts.push(HeadTensor { name, layer, parameter, is_inside, tensor: tensor.clone() });
        }
    }
    if parts.is_empty() {
        return (None, None);
    }

    let is_linear = |part: &HeadTensor| match part.parameter.as_str() {
        "weight" => part.tensor.shape.len() == 2,
        "bias" => true,
        _ => false,
    };
    let layers: BTreeSet<(&str, bool)> =
        parts.iter().map(|part| (part.layer.as_str(), part.is_inside)).collect();
    let weight = parts.iter().find(|part| part.parameter == "weight");
    let (Some(weight), 1, true) = (weight, layers.len(), parts.iter().all(is_linear)) else {
        let names = parts.into_iter().map(|part| part.name).collect();
        return (None, Some(UnreadHead::Layers { names }));
    };
    if self_supervised && weight.is_inside {
        return (None, Some(UnreadHead::Projection { name: weight.name.clone() }));
    }
    let bias = parts.iter().find(|part| part.parameter == "bias");
    let named = |part: &HeadTensor| (part.name.clone(), part.tensor.clone());
    match checked_head(features, named(weight), bias.map(named)) {
        Ok(head) => {
            for part in &parts {
                others.remove(&part.name);
            }
            (Some(head), None)
        }
        Err(mismatch) => (None, Some(UnreadHead::Mismatch(mismatch))),
    }
}

/// The path of a tensor of the head within its module, and whether it has the backbone's prefix; `None` for other
/// tensors.
fn head_path<'a>(location: &Location, name: &'a str) -> Option<(&'a str, bool)> {
    let is_head = |path: &str| HEAD_MODULES.contains(&path.split('.').next().unwrap_or(""));
    if let Some(path) = name.strip_prefix(&location.prefix) {
        // In a Sequential, the head follows the stages.
        let numbered = location.naming == Naming::Sequential && starts_with_number(path).is_some();
        return (numbered || is_head(path)).then_some((path, true));
    }
    let (parent, own) = parent(&location.prefix);
    if let (Some(own), Some(path)) = (number(own), name.strip_prefix(parent))
        && starts_with_number(path).is_some_and(|index| index > own)
    {
        return Some((path, false));
    }
    let path = without_wrappers(after_common_modules(&location.prefix, name));
    is_head(path).then_some((path, false))
}

fn starts_with_number(path: &str) -> Option<usize> {
    number(path.split('.').next()?)
}

/// Splits the last module off a prefix such as `model.0.`.
fn parent(prefix: &str) -> (&str, &str) {
    let inner = prefix.strip_suffix('.').unwrap_or(prefix);
    match inner.rfind('.') {
        Some(dot) => inner.split_at(dot + 1),
        None => ("", inner),
    }
}

/// A name without the modules that it has in common with the prefix.
fn after_common_modules<'a>(prefix: &str, name: &'a str) -> &'a str {
    let mut ancestor = prefix;
    while !ancestor.is_empty() {
        if let Some(rest) = name.strip_prefix(ancestor) {
            return rest;
        }
        ancestor = parent(ancestor).0;
    }
    name
}

fn without_wrappers(mut name: &str) -> &str {
    while let Some(rest) = WRAPPERS.iter().find_map(|prefix| name.strip_prefix(prefix)) {
        name = rest;
    }
    name
}
