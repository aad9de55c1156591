//! Finds the classifier among the tensors that are no part of the backbone.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::Head;
use super::backbone::Place;
use super::preference::is_self_supervised;
use super::state_dict::HostTensor;
use super::validate::{Problem, checked_head};
use crate::model::weights::naming::number;
use tunelab_core::model::sources::Naming;

/// Prefixes of wrappers, before a head that is not under the backbone's prefix.
const WRAPPERS: [&str; 7] =
    ["module.", "_orig_mod.", "model.", "backbone.", "encoder.", "resnet.", "net."];

/// Modules that make the class scores, or hold the layer that does.
const ROOTS: [&str; 8] =
    ["fc", "head", "heads", "classifier", "linear", "last_linear", "cls_head", "logits"];

/// Names a message lists.
const LISTED: usize = 3;

/// Why what follows the backbone is not used as its head.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UnreadHead {
    /// Several layers, or others than a linear one.
    Layers {
        /// Names of their tensors.
        names: Vec<String>,
    },
    /// A layer of a training without labels, which knows no classes.
    Projection {
        /// Name of its tensor.
        name: String,
    },
    /// One linear layer that cannot be used.
    Unfit(Problem),
}

impl fmt::Display for UnreadHead {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Layers { names } => {
                let shown = names.iter().take(LISTED).map(|name| format!("`{name}`"));
                let shown = shown.collect::<Vec<_>>().join(", ");
                let more = if names.len() > LISTED { ", …" } else { "" };
                write!(f, "{shown}{more} are not one linear layer")
            }
            Self::Projection { name } => {
                write!(f, "`{name}` is of a training without labels and knows no classes")
            }
            Self::Unfit(problem) => problem.fmt(f),
        }
    }
}

/// A tensor that may belong to a head.
struct Part {
    /// Its name in the file.
    name: String,
    /// The module with its own parameters, and what the parameter is called there.
    layer: String,
    parameter: String,
    /// Whether it lies with the backbone.
    inside: bool,
    tensor: HostTensor,
}

/// Takes the head of the network at `place`, with `features` inputs, out of `others`. Tensors under
/// the prefixes `foreign` are other networks'.
pub(super) fn take_head(
    place: &Place,
    features: usize,
    others: &mut BTreeMap<String, HostTensor>,
    foreign: &[String],
) -> (Option<Head>, Option<UnreadHead>) {
    let self_supervised = is_self_supervised(others.keys().map(String::as_str))
        || is_self_supervised([place.prefix.as_str()]);
    let is_foreign = |name: &str| foreign.iter().any(|prefix| name.starts_with(prefix.as_str()));
    let names: Vec<String> = others.keys().filter(|name| !is_foreign(name)).cloned().collect();
    let mut parts = Vec::new();
    for name in names {
        let Some((path, inside)) = head_path(place, &name) else {
            continue;
        };
        let Some((layer, parameter)) = path.rsplit_once('.') else {
            continue;
        };
        if let Some(tensor) = others.get(&name) {
            let (layer, parameter) = (layer.to_owned(), parameter.to_owned());
            parts.push(Part { name, layer, parameter, inside, tensor: tensor.clone() });
        }
    }
    if parts.is_empty() {
        return (None, None);
    }

    let is_linear = |part: &Part| match part.parameter.as_str() {
        "weight" => part.tensor.shape.len() == 2,
        "bias" => true,
        _ => false,
    };
    let layers: BTreeSet<(&str, bool)> =
        parts.iter().map(|part| (part.layer.as_str(), part.inside)).collect();
    let weight = parts.iter().find(|part| part.parameter == "weight");
    let (Some(weight), 1, true) = (weight, layers.len(), parts.iter().all(is_linear)) else {
        let names = parts.into_iter().map(|part| part.name).collect();
        return (None, Some(UnreadHead::Layers { names }));
    };
    if self_supervised && weight.inside {
        return (None, Some(UnreadHead::Projection { name: weight.name.clone() }));
    }
    let bias = parts.iter().find(|part| part.parameter == "bias");
    let named = |part: &Part| (part.name.clone(), part.tensor.clone());
    match checked_head(features, named(weight), bias.map(named)) {
        Ok(head) => {
            for part in &parts {
                others.remove(&part.name);
            }
            (Some(head), None)
        }
        Err(problem) => (None, Some(UnreadHead::Unfit(problem))),
    }
}

/// The path of a head's tensor from the head's root on, and whether it lies with the backbone.
fn head_path<'a>(place: &Place, name: &'a str) -> Option<(&'a str, bool)> {
    let is_head = |path: &str| ROOTS.contains(&path.split('.').next().unwrap_or(""));
    if let Some(path) = name.strip_prefix(&place.prefix) {
        // What follows the stages in a Sequential is the head.
        let numbered = place.naming == Naming::Sequential && starts_with_number(path).is_some();
        return (numbered || is_head(path)).then_some((path, true));
    }
    let (parent, own) = parent(&place.prefix);
    if let (Some(own), Some(path)) = (number(own), name.strip_prefix(parent))
        && starts_with_number(path).is_some_and(|index| index > own)
    {
        return Some((path, false));
    }
    let path = without_wrappers(beside(&place.prefix, name));
    is_head(path).then_some((path, false))
}

fn starts_with_number(path: &str) -> Option<usize> {
    number(path.split('.').next()?)
}

/// A prefix such as `model.0.` without its last module, and that module.
fn parent(prefix: &str) -> (&str, &str) {
    let inner = prefix.strip_suffix('.').unwrap_or(prefix);
    match inner.rfind('.') {
        Some(dot) => inner.split_at(dot + 1),
        None => ("", inner),
    }
}

/// A name without the modules that it shares with the prefix.
fn beside<'a>(prefix: &str, name: &'a str) -> &'a str {
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
