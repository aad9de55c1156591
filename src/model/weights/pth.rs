//! Reads PyTorch checkpoints (`.pth`, `.pt`, `.bin`) written by `torch.save`.
//!
//! Two containers are understood: the zip archive of PyTorch 1.6 and later ([`archive`]) and the
//! older stream ([`legacy`]). Both hold a pickle, which describes the tensors, and the raw storages
//! they are views of. Reference: PyTorch's `torch/serialization.py` and `torch/_utils.py`.

mod archive;
mod legacy;
mod rebuild;

use std::collections::BTreeMap;

pub(super) use archive::parse as parse_archive;
pub(super) use legacy::{is_legacy, parse as parse_legacy};
use rebuild::TensorView;

use super::dtype::{ByteOrder, gather};
use super::error::WeightsError;
use super::pickle::{Pickle, ValueId};
use super::state_dict::{HostTensor, StateDict, element_count};

/// Most values all tensors of a file may have together: 512 MiB as `f32`, over five ResNet-50s.
const MAX_VALUES: usize = 1 << 27;

/// Keys under which training scripts keep the model's tensors, in order of preference.
const WRAPPERS: [&str; 5] = ["state_dict", "model", "model_state_dict", "state_dict_ema", "net"];

/// How many wrappers may lie around each other.
const MAX_WRAPPERS: usize = 4;

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

/// Finds the model's tensors in a checkpoint and reads them. Entries that are not tensors, such as
/// an epoch number or an optimizer's state, are left out.
fn state_dict(pickle: &Pickle<'_>, storages: &mut dyn Storages) -> Result<StateDict, WeightsError> {
    let dict = model_dict(pickle);
    let Some(entries) = pickle.entries(dict) else {
        return Err(WeightsError::NoTensors { found: pickle.describe(dict) });
    };

    let mut views = BTreeMap::new();
    for (key, value) in entries {
        let Some(name) = pickle.text(*key) else {
            continue;
        };
        match rebuild::tensor_view(pickle, *value) {
            Ok(Some(view)) => drop(views.insert(name, view)),
            Ok(None) if is_suspicious(pickle, name, *value) => {
                return Err(WeightsError::Tensor {
                    name: name.to_owned(),
                    reason: format!("it is not a tensor but {}", pickle.describe(*value)),
                });
            }
            Ok(None) => {}
            Err(reason) => {
                return Err(WeightsError::Tensor { name: name.to_owned(), reason });
            }
        }
    }
    if views.is_empty() {
        let wrapped = WRAPPERS.iter().find_map(|key| pickle.entry(dict, key));
        return Err(WeightsError::NoTensors {
            found: match wrapped {
                Some(value) => pickle.describe(value),
                None => "a dictionary of other things".to_owned(),
            },
        });
    }

    let mut total = 0_usize;
    let mut state = StateDict::default();
    for (name, view) in views {
        let count = element_count(&view.shape);
        total = total.saturating_add(count.unwrap_or(usize::MAX));
        if total > MAX_VALUES {
            return Err(WeightsError::TooLarge {
                what: format!("its tensors have more than {MAX_VALUES} values"),
            });
        }
        let tensor = read_tensor(&view, storages).map_err(|reason| match reason {
            ReadError::Whole(error) => error,
            ReadError::Tensor(reason) => WeightsError::Tensor { name: name.to_owned(), reason },
        })?;
        state.tensors.insert(name.to_owned(), tensor);
    }
    Ok(state)
}

/// The dictionary that holds the model's tensors: the root, or what lies in its wrappers.
fn model_dict(pickle: &Pickle<'_>) -> ValueId {
    let mut dict = pickle.root();
    for _ in 0..MAX_WRAPPERS {
        let inner = WRAPPERS
            .iter()
            .filter_map(|key| pickle.entry(dict, key))
            .find(|value| pickle.entries(*value).is_some_and(|entries| !entries.is_empty()));
        match inner {
            Some(inner) => dict = inner,
            None => break,
        }
    }
    dict
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
