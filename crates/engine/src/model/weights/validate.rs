//! Checks that tensors are exactly those of an architecture, and assembles them for a file.

use std::collections::BTreeMap;

use tunelab_core::model::architecture::{Architecture, TensorRole};
use tunelab_core::model::weights_error::{TensorMismatch, WeightsError};

use super::state_dict::{HostTensor, StateDict};

/// The ending of batch norm's step counters, which are not used.
const COUNTER_ENDING: &str = ".num_batches_tracked";
const HEAD_WEIGHT: &str = "fc.weight";
const HEAD_BIAS: &str = "fc.bias";

/// How many differences an error lists.
const LISTED: usize = 3;

/// The linear layer that computes logits from features.
#[derive(Debug, Clone, PartialEq)]
pub struct Head {
    /// `[classes, features]`, floats.
    pub weight: HostTensor,
    /// `[classes]`, floats.
    pub bias: HostTensor,
}

impl Head {
    /// The number of classes.
    pub fn classes(&self) -> usize {
        self.bias.data.len()
    }
}

/// Buffers of batch norm that are not used: the step counter, and the sums from which the synchronized batch norm of
/// older frameworks computes the running statistics.
const UNUSED_BUFFERS: [&str; 4] =
    [COUNTER_ENDING, "._running_iter", "._tmp_running_mean", "._tmp_running_var"];

/// Splits tensors, under torchvision's names, into the backbone of `architecture` and the head. Unused buffers are
/// dropped, and a head without bias gets one of zeros.
///
/// # Errors
/// [`WeightsError::Mismatch`]: a tensor is missing or unexpected, has another shape or type, or invalid values.
pub(super) fn split(
    architecture: Architecture,
    mut tensors: BTreeMap<String, HostTensor>,
) -> Result<(StateDict, Option<Head>), WeightsError> {
    let mut mismatches = Vec::new();
    let backbone = take_backbone(architecture, &mut tensors, &mut mismatches);
    let mut head = None;
    // A bias without a weight is left over, and reported as unexpected.
    if let Some(weight) = tensors.remove(HEAD_WEIGHT) {
        let bias = tensors.remove(HEAD_BIAS).map(|bias| (HEAD_BIAS.to_owned(), bias));
        match checked_head(architecture.feature_width(), (HEAD_WEIGHT.to_owned(), weight), bias) {
            Ok(found) => head = Some(found),
            Err(mismatch) => mismatches.push(mismatch),
        }
    }
    finish(architecture, tensors, mismatches)?;
    Ok((backbone, head))
}

/// Checks that tensors, under torchvision's names, are the backbone of `architecture` and nothing else. Unused buffers
/// are dropped.
///
/// # Errors
/// As [`split`].
pub(super) fn backbone(
    architecture: Architecture,
    mut tensors: BTreeMap<String, HostTensor>,
) -> Result<StateDict, WeightsError> {
    let mut mismatches = Vec::new();
    let backbone = take_backbone(architecture, &mut tensors, &mut mismatches);
    finish(architecture, tensors, mismatches)?;
    Ok(backbone)
}

fn take_backbone(
    architecture: Architecture,
    tensors: &mut BTreeMap<String, HostTensor>,
    mismatches: &mut Vec<TensorMismatch>,
) -> StateDict {
    let mut backbone = StateDict::default();
    for spec in architecture.tensor_specs() {
        let Some(tensor) = tensors.remove(&spec.name) else {
            mismatches.push(TensorMismatch::Missing { name: spec.name, expected: spec.shape });
            continue;
        };
        if tensor.shape != spec.shape || !tensor.is_consistent() {
            mismatches.push(TensorMismatch::Shape {
                name: spec.name,
                expected: spec.shape,
                found: tensor.shape,
            });
            continue;
        }
        mismatches.extend(value_mismatch(&spec.name, &tensor, spec.role));
        backbone.tensors.insert(spec.name, tensor);
    }
    backbone
}

/// Reports unexpected tensors and all other differences.
fn finish(
    architecture: Architecture,
    rest: BTreeMap<String, HostTensor>,
    mut mismatches: Vec<TensorMismatch>,
) -> Result<(), WeightsError> {
    for (name, tensor) in rest {
        if !UNUSED_BUFFERS.iter().any(|ending| name.ends_with(ending)) {
            mismatches.push(TensorMismatch::Unexpected { name, found: tensor.shape });
        }
    }
    if mismatches.is_empty() {
        return Ok(());
    }
    let count = mismatches.len();
    mismatches.truncate(LISTED);
    Err(WeightsError::Mismatch { architecture, count, first: mismatches })
}

/// The head with `features` inputs that consists of these tensors, given with their names.
///
/// # Errors
/// The first difference.
pub(super) fn checked_head(
    features: usize,
    (weight_name, weight): (String, HostTensor),
    bias: Option<(String, HostTensor)>,
) -> Result<Head, TensorMismatch> {
    let classes = match weight.shape.as_slice() {
        [classes, width] if *classes > 0 && *width == features && weight.is_consistent() => {
            *classes
        }
        _ => {
            return Err(TensorMismatch::HeadShape {
                name: weight_name,
                features,
                found: weight.shape,
            });
        }
    };
    let mut mismatch = value_mismatch(&weight_name, &weight, TensorRole::Conv);
    let bias = match bias {
        Some((name, bias)) if bias.shape != [classes] || !bias.is_consistent() => {
            return Err(TensorMismatch::Shape { name, expected: vec![classes], found: bias.shape });
        }
        Some((name, bias)) => {
            mismatch = mismatch.or_else(|| value_mismatch(&name, &bias, TensorRole::Conv));
            bias
        }
        None => HostTensor::float([classes], vec![0.0; classes]),
    };
    match mismatch {
        Some(mismatch) => Err(mismatch),
        None => Ok(Head { weight, bias }),
    }
}

/// What is wrong with the values of a tensor.
fn value_mismatch(name: &str, tensor: &HostTensor, role: TensorRole) -> Option<TensorMismatch> {
    let name = || name.to_owned();
    let Some(values) = tensor.as_floats() else {
        return Some(TensorMismatch::Integers { name: name() });
    };
    let count = values.iter().filter(|value| !value.is_finite()).count();
    if count > 0 {
        return Some(TensorMismatch::NotFinite { name: name(), count });
    }
    let is_negative = role == TensorRole::RunningVar && values.iter().any(|&value| value < 0.0);
    is_negative.then(|| TensorMismatch::NegativeVariance { name: name() })
}

/// The state dict of an architecture with an optional head, which torchvision's model of the same number of classes
/// loads with `load_state_dict(strict=True)`. Without a head, its `fc` must be `torch.nn.Identity()`. The step counters
/// of batch norm, which its default momentum does not use, are zero. The metadata of `backbone` are kept.
///
/// # Errors
/// [`WeightsError::Mismatch`]: `backbone` or `head` do not fit the architecture.
pub fn to_torchvision(
    architecture: Architecture,
    backbone: StateDict,
    head: Option<Head>,
) -> Result<StateDict, WeightsError> {
    let StateDict { mut tensors, metadata } = backbone;
    insert_head(&mut tensors, head);
    let (StateDict { mut tensors, .. }, head) = split(architecture, tensors)?;
    insert_head(&mut tensors, head);
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

fn insert_head(tensors: &mut BTreeMap<String, HostTensor>, head: Option<Head>) {
    if let Some(Head { weight, bias }) = head {
        tensors.insert(HEAD_WEIGHT.to_owned(), weight);
        tensors.insert(HEAD_BIAS.to_owned(), bias);
    }
}
