//! Puts a model's tensors together as PyTorch expects them.

use tunelab_core::model::architecture::{Architecture, TensorRole};

use super::Head;
use super::error::WeightsError;
use super::state_dict::{HostTensor, StateDict};
use super::validate::{COUNTER_ENDING, split};

/// A state dict that torchvision's model of that architecture takes with
/// `load_state_dict(strict=True)`, once its `fc` has the right number of classes (or is
/// `torch.nn.Identity()` for a model without head). Batch normalization's step counters, unused
/// under its default momentum, are zero. The metadata of `backbone` is kept.
///
/// # Errors
/// [`WeightsError::Mismatch`] if `backbone` or `head` do not fit the architecture.
pub fn to_torchvision(
    architecture: Architecture,
    backbone: StateDict,
    head: Option<Head>,
) -> Result<StateDict, WeightsError> {
    let StateDict { mut tensors, metadata } = backbone;
    if let Some(Head { weight, bias }) = head {
        tensors.insert("fc.weight".to_owned(), weight);
        tensors.insert("fc.bias".to_owned(), bias);
    }
    let (backbone, head) = split(architecture, tensors)?;

    let mut tensors = backbone.tensors;
    if let Some(Head { weight, bias }) = head {
        tensors.insert("fc.weight".to_owned(), weight);
        tensors.insert("fc.bias".to_owned(), bias);
    }
    for spec in architecture.tensor_specs() {
        if spec.role == TensorRole::NormWeight
            && let Some(module) = spec.name.strip_suffix(".weight")
        {
            let counter = HostTensor::integer([], vec![0]);
            tensors.insert(format!("{module}{COUNTER_ENDING}"), counter);
        }
    }
    Ok(StateDict { tensors, metadata })
}
