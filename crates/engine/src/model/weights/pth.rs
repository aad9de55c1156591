//! Reads the PyTorch checkpoints (`.pth`, `.pt`, `.bin`) of `torch.save`.
//!
//! There are two formats: the zip archive since PyTorch 1.6 ([`archive`]) and the older stream ([`legacy`]). Both have a
//! pickle that describes the tensors, and the raw storages of which the tensors are views. Reference: PyTorch's
//! `torch/serialization.py` and `torch/_utils.py`.

mod archive;
mod legacy;
mod rebuild;

use std::borrow::Cow;
use std::collections::{BTreeMap, HashSet};

use tunelab_core::model::weights_error::{
    Damage, SizeLimit, TensorProblem, WeightsError, WeightsFormat,
};

pub(super) use archive::parse as parse_archive;
pub(super) use legacy::{is_legacy, parse as parse_legacy};
use rebuild::TensorView;

use super::backbone::rejected_prefixes;
use super::dtype::{ByteOrder, gather};
use super::naming::block_name;
use super::pickle::{Pickle, ValueId};
use super::role::{Role, is_self_distilled, role};
use super::state_dict::{HostTensor, StateDict, element_count};

/// The most values of all tensors of a file together: 512 MiB as `f32`, more than five ResNet50s.
const MAX_VALUES: usize = 1 << 27;

/// Keys under which training scripts save the model, for an error message.
const WRAPPERS: [&str; 8] =
    ["state_dict", "model_state_dict", "model", "net", "network", "ema", "model_ema", "weights"];

/// How deeply containers may be nested.
const MAX_DEPTH: usize = 8;

/// The longest name of a tensor or path to a dictionary, in bytes. Longer ones are ignored, as are those with control
/// characters.
const MAX_NAME: usize = 256;

/// Maximum number of tensors in a file.
const MAX_TENSORS: usize = 1 << 17;

/// The endings of the names of a network's tensors.
const PARAMETER_ENDINGS: [&str; 4] = [".weight", ".bias", ".running_mean", ".running_var"];

/// The raw storages of a file.
trait Storages {
    /// The bytes of the storage with this key, if there is one.
    fn bytes(&mut self, key: &str) -> Result<Option<&[u8]>, WeightsError>;

    /// Byte order of the storages' elements.
    fn byte_order(&self) -> ByteOrder;
}

/// An error of both formats, which have the same name in messages.
fn damaged(damage: Damage) -> WeightsError {
    WeightsError::Damaged { format: WeightsFormat::PthArchive, damage }
}

fn invalid(problem: impl Into<Cow<'static, str>>) -> WeightsError {
    damaged(Damage::Invalid { problem: problem.into() })
}

/// The tensors of a checkpoint, and the path of the entry that contains them, such as `state_dict.`. If several entries
/// contain tensors, their paths are in the names instead. Everything else is ignored, such as an epoch number, the state
/// of an optimizer and auxiliary networks.
fn state_dict(
    pickle: &Pickle<'_>,
    storages: &mut dyn Storages,
) -> Result<(StateDict, String), WeightsError> {
    let mut dictionaries = dictionaries(pickle)?;
    let self_distilled = is_self_distilled(dictionaries.iter().flat_map(Dictionary::names));
    let is_auxiliary = |one: &Dictionary<'_>| role(&one.path, self_distilled) == Role::Auxiliary;
    // The state of an optimizer has tensors as well. An auxiliary network is kept if it is the only one.
    let has_network = |auxiliary: bool| {
        dictionaries.iter().any(|one| is_auxiliary(one) == auxiliary && one.has_network())
    };
    let needs_auxiliary = has_network(true) && !has_network(false);
    if !needs_auxiliary && !dictionaries.iter().all(is_auxiliary) {
        dictionaries.retain(|one| !is_auxiliary(one));
    }
    // Tensors that do not belong to the network need not be readable.
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
    let rejected = rejected_prefixes(views.keys().map(String::as_str));
    views.retain(|name, _| !rejected.iter().any(|prefix| name.starts_with(prefix.as_str())));

    let mut total = 0_usize;
    let mut state = StateDict::default();
    for (name, view) in views {
        let fails = |problem| WeightsError::Tensor { name: name.clone(), problem };
        let view = view.map_err(fails)?;
        let count = element_count(&view.shape);
        total = total.saturating_add(count.unwrap_or(usize::MAX));
        if total > MAX_VALUES {
            return Err(WeightsError::TooLarge(SizeLimit::Values(MAX_VALUES)));
        }
        let tensor = read_tensor(&view, storages).map_err(|error| match error {
            ReadError::File(error) => error,
            ReadError::Tensor(problem) => fails(problem),
        })?;
        state.tensors.insert(name, tensor);
    }
    Ok((state, entry))
}

/// A dictionary of a checkpoint that contains tensors.
struct Dictionary<'p> {
    /// The keys that lead to it, each followed by a dot.
    path: String,
    /// Its tensors, or why they cannot be read.
    tensors: Vec<(&'p str, Result<TensorView<'p>, TensorProblem>)>,
}

impl Dictionary<'_> {
    fn names(&self) -> impl Iterator<Item = &str> {
        self.tensors.iter().map(|(name, _)| *name)
    }

    fn has_network(&self) -> bool {
        self.names().any(|name| block_name(name).is_some())
    }
}

/// The dictionaries that contain tensors, at any depth.
fn dictionaries<'p>(pickle: &'p Pickle<'_>) -> Result<Vec<Dictionary<'p>>, WeightsError> {
    // mmengine saves the average as the trained network, and the trained network as the average.
    let swapped = pickle.entry(pickle.root(), "message_hub").is_some();
    let is_container =
        |value: ValueId| pickle.entries(value).is_some() || pickle.sequence(value).is_some();
    let mut found = Vec::new();
    let mut count = 0;
    let mut seen = HashSet::from([pickle.root()]);
    let mut queue = vec![(String::new(), pickle.root(), 0)];
    while let Some((path, container, depth)) = queue.pop() {
        let mut enter = |name: &str, value: ValueId| {
            let is_within_limits = depth < MAX_DEPTH && path.len() + name.len() < MAX_NAME;
            if is_within_limits && seen.insert(value) {
                queue.push((format!("{path}{name}."), value, depth + 1));
            }
        };
        for (index, item) in pickle.sequence(container).unwrap_or(&[]).iter().enumerate() {
            if is_container(*item) {
                enter(&index.to_string(), *item);
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
                Ok(None) if replaces_parameter(pickle, name, *value) => {
                    let found = pickle.describe(*value);
                    tensors.push((name, Err(TensorProblem::NotATensor { found })));
                }
                Ok(None) => {}
                Err(problem) => tensors.push((name, Err(problem))),
            }
        }
        count += tensors.len();
        if count > MAX_TENSORS {
            return Err(WeightsError::TooLarge(SizeLimit::Tensors(MAX_TENSORS)));
        }
        if !tensors.is_empty() {
            found.push(Dictionary { path, tensors });
        }
    }
    Ok(found)
}

/// What a checkpoint without named tensors contains, in Python's notation.
fn instead_of_tensors(pickle: &Pickle<'_>) -> String {
    let root = pickle.root();
    let wrapped = WRAPPERS.iter().find_map(|key| pickle.entry(root, key));
    pickle.describe(wrapped.unwrap_or(root))
}

/// Whether an entry that is not a tensor has the name of a parameter.
fn replaces_parameter(pickle: &Pickle<'_>, name: &str, value: ValueId) -> bool {
    pickle.call(value).is_some() && PARAMETER_ENDINGS.iter().any(|ending| name.ends_with(ending))
}

/// Why a tensor could not be read: because of the file as a whole, or of this tensor.
enum ReadError {
    File(WeightsError),
    Tensor(TensorProblem),
}

fn read_tensor(
    view: &TensorView<'_>,
    storages: &mut dyn Storages,
) -> Result<HostTensor, ReadError> {
    let order = storages.byte_order();
    let bytes = storages
        .bytes(view.storage)
        .map_err(ReadError::File)?
        .ok_or(ReadError::Tensor(TensorProblem::MissingValues))?;
    let values = gather(bytes, view.dtype.size(), view.offset, &view.shape, &view.strides)
        .ok_or(ReadError::Tensor(TensorProblem::MissingValues))?;
    let data = view
        .dtype
        .decode(&values, order)
        .ok_or(ReadError::Tensor(TensorProblem::IntegerTooLarge))?;
    Ok(HostTensor { shape: view.shape.clone(), data })
}
