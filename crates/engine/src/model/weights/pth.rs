//! Reads PyTorch checkpoints (`.pth`, `.pt`, `.bin`) written by `torch.save`.
//!
//! Two containers are understood: the zip archive of PyTorch 1.6 and later ([`archive`]) and the
//! older stream ([`legacy`]). Both hold a pickle, which describes the tensors, and the raw storages
//! they are views of. Reference: PyTorch's `torch/serialization.py` and `torch/_utils.py`.

mod archive;
mod legacy;
mod rebuild;

use std::collections::{BTreeMap, HashSet};

pub(super) use archive::parse as parse_archive;
pub(super) use legacy::{is_legacy, parse as parse_legacy};
use rebuild::TensorView;

use super::backbone::unwanted;
use super::dtype::{ByteOrder, gather};
use super::error::WeightsError;
use super::naming::block_name;
use super::pickle::{Pickle, ValueId};
use super::preference::{Preference, is_self_distilled, preference};
use super::state_dict::{HostTensor, StateDict, element_count};

/// Most values all tensors of a file may have together: 512 MiB as `f32`, over five ResNet-50s.
const MAX_VALUES: usize = 1 << 27;

/// Keys under which training scripts keep the model, for an error message.
const WRAPPERS: [&str; 8] =
    ["state_dict", "model_state_dict", "model", "net", "network", "ema", "model_ema", "weights"];

/// How many containers may lie around each other.
const MAX_DEPTH: usize = 8;

/// Longest name of a tensor or path to a dictionary, in bytes; longer ones are left out, as are those with
/// control characters.
const MAX_NAME: usize = 256;

/// Most tensors of a file, wherever they are.
const MAX_TENSORS: usize = 1 << 17;

/// Endings of the names of a network's tensors.
const PARAMETER_ENDINGS: [&str; 4] = [".weight", ".bias", ".running_mean", ".running_var"];

/// The raw storages of a file.
trait Storages {
    /// The bytes of the storage with that key, if there is one.
    fn bytes(&mut self, key: &str) -> Result<Option<&[u8]>, WeightsError>;

    /// Byte order of the storages' elements.
    fn byte_order(&self) -> ByteOrder;
}

fn damaged(reason: impl Into<String>) -> WeightsError {
    WeightsError::Pth { reason: reason.into() }
}

/// The tensors of a checkpoint, and the path of the entry that holds them, such as `state_dict.`; that
/// of tensors in several entries is in their names instead. Entries that are not tensors, such as an
/// epoch number, an optimizer's state, and networks that are not wanted are left out.
fn state_dict(
    pickle: &Pickle<'_>,
    storages: &mut dyn Storages,
) -> Result<(StateDict, String), WeightsError> {
    let mut dictionaries = dictionaries(pickle)?;
    let self_distilled = is_self_distilled(dictionaries.iter().flat_map(Dictionary::names));
    let helps = |one: &Dictionary<'_>| preference(&one.path, self_distilled) == Preference::Helper;
    // An optimizer's state has tensors as well. A network is kept if it is the only one.
    let network_among =
        |helpers: bool| dictionaries.iter().any(|one| helps(one) == helpers && one.has_network());
    let needs_helpers = network_among(true) && !network_among(false);
    if !needs_helpers && !dictionaries.iter().all(helps) {
        dictionaries.retain(|one| !helps(one));
    }
    // What is beside the network need not be readable.
    if dictionaries.iter().any(Dictionary::has_network) {
        for one in dictionaries.iter_mut().filter(|one| !one.has_network()) {
            one.tensors.retain(|(_, view)| view.is_ok());
        }
    }
    let entry = match dictionaries.as_mut_slice() {
        [] => return Err(WeightsError::NoTensors { found: instead_of_tensors(pickle) }),
        [only] => std::mem::take(&mut only.path),
        _ => String::new(),
    };
    let mut views = BTreeMap::new();
    for Dictionary { path, tensors } in dictionaries {
        views.extend(tensors.into_iter().map(|(name, view)| (format!("{path}{name}"), view)));
    }
    let unwanted = unwanted(views.keys().map(String::as_str));
    views.retain(|name, _| !unwanted.iter().any(|prefix| name.starts_with(prefix.as_str())));

    let mut total = 0_usize;
    let mut state = StateDict::default();
    for (name, view) in views {
        let fails = |reason| WeightsError::Tensor { name: name.clone(), reason };
        let view = view.map_err(fails)?;
        let count = element_count(&view.shape);
        total = total.saturating_add(count.unwrap_or(usize::MAX));
        if total > MAX_VALUES {
            return Err(WeightsError::TooLarge {
                what: format!("its tensors have more than {MAX_VALUES} values"),
            });
        }
        let tensor = read_tensor(&view, storages).map_err(|reason| match reason {
            ReadError::Whole(error) => error,
            ReadError::Tensor(reason) => fails(reason),
        })?;
        state.tensors.insert(name, tensor);
    }
    Ok((state, entry))
}

/// A dictionary of a checkpoint that holds tensors.
struct Dictionary<'p> {
    /// Where it is: the keys around it, each with a dot behind.
    path: String,
    /// Its tensors, or why they cannot be read.
    tensors: Vec<(&'p str, Result<TensorView<'p>, String>)>,
}

impl Dictionary<'_> {
    fn names(&self) -> impl Iterator<Item = &str> {
        self.tensors.iter().map(|(name, _)| *name)
    }

    fn has_network(&self) -> bool {
        self.names().any(|name| block_name(name).is_some())
    }
}

/// The dictionaries with tensors, whatever lies around them.
fn dictionaries<'p>(pickle: &'p Pickle<'_>) -> Result<Vec<Dictionary<'p>>, WeightsError> {
    // mmengine puts the average in the place of the trained network, and this one here.
    let swapped = pickle.entry(pickle.root(), "message_hub").is_some();
    let is_container =
        |value: ValueId| pickle.entries(value).is_some() || pickle.sequence(value).is_some();
    let mut found = Vec::new();
    let mut count = 0;
    let mut seen = HashSet::from([pickle.root()]);
    let mut waiting = vec![(String::new(), pickle.root(), 0)];
    while let Some((path, container, depth)) = waiting.pop() {
        let mut enter = |name: &str, value: ValueId| {
            let is_near = depth < MAX_DEPTH && path.len() + name.len() < MAX_NAME;
            if is_near && seen.insert(value) {
                waiting.push((format!("{path}{name}."), value, depth + 1));
            }
        };
        for (at, item) in pickle.sequence(container).unwrap_or(&[]).iter().enumerate() {
            if is_container(*item) {
                enter(&at.to_string(), *item);
            }
        }
        let mut tensors = Vec::new();
        for (key, value) in pickle.entries(container).unwrap_or(&[]) {
            let is_plain = |name: &&str| name.len() <= MAX_NAME && !name.contains(char::is_control);
            let Some(name) = pickle.text(*key).filter(is_plain) else {
                continue;
            };
            if is_container(*value) {
                if !(swapped && depth == 0 && name == "ema_state_dict") {
                    enter(name, *value);
                }
                continue;
            }
            match rebuild::tensor_view(pickle, *value) {
                Ok(Some(view)) => tensors.push((name, Ok(view))),
                Ok(None) if is_suspicious(pickle, name, *value) => {
                    let reason = format!("it is not a tensor but {}", pickle.describe(*value));
                    tensors.push((name, Err(reason)));
                }
                Ok(None) => {}
                Err(reason) => tensors.push((name, Err(reason))),
            }
        }
        count += tensors.len();
        if count > MAX_TENSORS {
            return Err(WeightsError::TooLarge {
                what: format!("it has more than {MAX_TENSORS} tensors"),
            });
        }
        if !tensors.is_empty() {
            found.push(Dictionary { path, tensors });
        }
    }
    Ok(found)
}

/// What a checkpoint holds that has no tensors by name.
fn instead_of_tensors(pickle: &Pickle<'_>) -> String {
    let root = pickle.root();
    if pickle.entries(root).is_none() {
        return pickle.describe(root);
    }
    match WRAPPERS.iter().find_map(|key| pickle.entry(root, key)) {
        Some(value) => pickle.describe(value),
        None => "a dictionary of other things".to_owned(),
    }
}

/// Whether an entry that is no tensor stands where one is needed.
fn is_suspicious(pickle: &Pickle<'_>, name: &str, value: ValueId) -> bool {
    pickle.call(value).is_some() && PARAMETER_ENDINGS.iter().any(|ending| name.ends_with(ending))
}

/// Why a tensor could not be read: the file as a whole is at fault, or this tensor.
enum ReadError {
    Whole(WeightsError),
    Tensor(String),
}

fn read_tensor(
    view: &TensorView<'_>,
    storages: &mut dyn Storages,
) -> Result<HostTensor, ReadError> {
    let order = storages.byte_order();
    let bytes = storages
        .bytes(view.storage)
        .map_err(ReadError::Whole)?
        .ok_or_else(|| ReadError::Tensor("its values are missing from the file".to_owned()))?;
    let values = gather(bytes, view.dtype.size(), view.offset, &view.shape, &view.strides)
        .ok_or_else(|| ReadError::Tensor("it reaches beyond its values in the file".to_owned()))?;
    let data = view
        .dtype
        .decode(&values, order)
        .ok_or_else(|| ReadError::Tensor("an unsigned value is too large".to_owned()))?;
    Ok(HostTensor { shape: view.shape.clone(), data })
}
