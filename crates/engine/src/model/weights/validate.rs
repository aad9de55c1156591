//! Checks that tensors are exactly those of an architecture.

use std::collections::BTreeMap;

use tunelab_core::model::architecture::{Architecture, TensorRole};

use super::Head;
use super::error::WeightsError;
use super::state_dict::{HostTensor, StateDict};

/// Ending of batch normalization's step counters, which nothing here uses.
pub(super) const COUNTER_ENDING: &str = ".num_batches_tracked";

/// How many problems an error lists.
const LISTED: usize = 3;

/// One way in which a tensor is not what it should be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// The tensor is not there.
    #[error("`{name}` is missing, expected shape {expected:?}")]
    Missing {
        /// Name of the tensor.
        name: String,
        /// Shape it should have.
        expected: Vec<usize>,
    },
    /// The network has no such tensor.
    #[error("`{name}` of shape {found:?} is no part of the network")]
    Unexpected {
        /// Name of the tensor.
        name: String,
        /// Its shape.
        found: Vec<usize>,
    },
    /// The shape is another.
    #[error("`{name}` has shape {found:?}, expected {expected:?}")]
    Shape {
        /// Name of the tensor.
        name: String,
        /// Shape it should have.
        expected: Vec<usize>,
        /// Its shape.
        found: Vec<usize>,
    },
    /// The head takes another number of features, or has no classes.
    #[error(
        "the head's `{name}` has shape {found:?}, expected one row of {features} values for each class"
    )]
    Head {
        /// Name of the tensor.
        name: String,
        /// Length of the backbone's feature vector.
        features: usize,
        /// Its shape.
        found: Vec<usize>,
    },
    /// Integers where floats are needed.
    #[error(
        "`{name}` of shape {found:?} holds integers, expected floats (quantized weights do not work)"
    )]
    Integers {
        /// Name of the tensor.
        name: String,
        /// Its shape.
        found: Vec<usize>,
    },
    /// NaN or infinite values.
    #[error("`{name}` of shape {found:?} has {count} values that are not finite numbers")]
    NotFinite {
        /// Name of the tensor.
        name: String,
        /// Its shape.
        found: Vec<usize>,
        /// How many.
        count: usize,
    },
    /// A variance below zero.
    #[error("`{name}` of shape {found:?} has negative values, which a variance cannot have")]
    NegativeVariance {
        /// Name of the tensor.
        name: String,
        /// Its shape.
        found: Vec<usize>,
    },
}

/// Buffers of batch normalization that nothing here uses: its step counter, and what a synchronized
/// one of older frameworks keeps to compute the running statistics from.
const UNUSED_BUFFERS: [&str; 4] =
    [COUNTER_ENDING, "._running_iter", "._tmp_running_mean", "._tmp_running_var"];

/// Splits tensors, under torchvision's names, into the backbone of `architecture` and the head.
/// Unused buffers are dropped; a head without bias gets one of zeros.
///
/// # Errors
/// [`WeightsError::Mismatch`] if a tensor is missing, superfluous, of another shape or type, not
/// finite, or a negative variance.
pub(super) fn split(
    architecture: Architecture,
    mut tensors: BTreeMap<String, HostTensor>,
) -> Result<(StateDict, Option<Head>), WeightsError> {
    const WEIGHT: &str = "fc.weight";
    const BIAS: &str = "fc.bias";
    let mut problems = Vec::new();
    let backbone = take_backbone(architecture, &mut tensors, &mut problems);
    let mut head = None;
    // A bias alone stays behind and is reported as superfluous.
    if let Some(weight) = tensors.remove(WEIGHT) {
        let bias = tensors.remove(BIAS).map(|bias| (BIAS.to_owned(), bias));
        match checked_head(architecture.feature_width(), (WEIGHT.to_owned(), weight), bias) {
            Ok(found) => head = Some(found),
            Err(problem) => problems.push(problem),
        }
    }
    finish(architecture, tensors, problems)?;
    Ok((backbone, head))
}

/// Checks that tensors, under torchvision's names, are the backbone of `architecture` and nothing
/// else. Unused buffers are dropped.
///
/// # Errors
/// As [`split`].
pub(super) fn backbone(
    architecture: Architecture,
    mut tensors: BTreeMap<String, HostTensor>,
) -> Result<StateDict, WeightsError> {
    let mut problems = Vec::new();
    let backbone = take_backbone(architecture, &mut tensors, &mut problems);
    finish(architecture, tensors, problems)?;
    Ok(backbone)
}

fn take_backbone(
    architecture: Architecture,
    tensors: &mut BTreeMap<String, HostTensor>,
    problems: &mut Vec<Problem>,
) -> StateDict {
    let mut backbone = StateDict::default();
    for spec in architecture.tensor_specs() {
        let Some(tensor) = tensors.remove(&spec.name) else {
            problems.push(Problem::Missing { name: spec.name, expected: spec.shape });
            continue;
        };
        if tensor.shape != spec.shape || !tensor.is_consistent() {
            problems.push(Problem::Shape {
                name: spec.name,
                expected: spec.shape,
                found: tensor.shape,
            });
            continue;
        }
        problems.extend(value_problem(&spec.name, &tensor, spec.role));
        backbone.tensors.insert(spec.name, tensor);
    }
    backbone
}

/// Reports what is left, and all problems there are.
fn finish(
    architecture: Architecture,
    rest: BTreeMap<String, HostTensor>,
    mut problems: Vec<Problem>,
) -> Result<(), WeightsError> {
    for (name, tensor) in rest {
        if !UNUSED_BUFFERS.iter().any(|ending| name.ends_with(ending)) {
            problems.push(Problem::Unexpected { name, found: tensor.shape });
        }
    }
    if problems.is_empty() {
        return Ok(());
    }
    let count = problems.len();
    problems.truncate(LISTED);
    Err(WeightsError::Mismatch { architecture, count, first: problems })
}

/// A head for `features` inputs, of a weight and a bias with their names.
///
/// # Errors
/// What is wrong with them.
pub(super) fn checked_head(
    features: usize,
    (weight_name, weight): (String, HostTensor),
    bias: Option<(String, HostTensor)>,
) -> Result<Head, Problem> {
    let classes = match weight.shape.as_slice() {
        [classes, width] if *classes > 0 && *width == features && weight.is_consistent() => {
            *classes
        }
        _ => return Err(Problem::Head { name: weight_name, features, found: weight.shape }),
    };
    let mut problem = value_problem(&weight_name, &weight, TensorRole::Conv);
    let bias = match bias {
        Some((name, bias)) if bias.shape != [classes] || !bias.is_consistent() => {
            return Err(Problem::Shape { name, expected: vec![classes], found: bias.shape });
        }
        Some((name, bias)) => {
            problem = problem.or_else(|| value_problem(&name, &bias, TensorRole::Conv));
            bias
        }
        None => HostTensor::float([classes], vec![0.0; classes]),
    };
    match problem {
        Some(problem) => Err(problem),
        None => Ok(Head { weight, bias }),
    }
}

fn value_problem(name: &str, tensor: &HostTensor, role: TensorRole) -> Option<Problem> {
    let name = || name.to_owned();
    let found = || tensor.shape.clone();
    let Some(values) = tensor.as_floats() else {
        return Some(Problem::Integers { name: name(), found: found() });
    };
    let count = values.iter().filter(|value| !value.is_finite()).count();
    if count > 0 {
        return Some(Problem::NotFinite { name: name(), found: found(), count });
    }
    if role == TensorRole::RunningVar && values.iter().any(|&value| value < 0.0) {
        return Some(Problem::NegativeVariance { name: name(), found: found() });
    }
    None
}
