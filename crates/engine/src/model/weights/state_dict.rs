//! Named tensors in host memory.

use std::collections::BTreeMap;

/// Named tensors and metadata.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct StateDict {
    /// Tensors by name.
    pub tensors: BTreeMap<String, HostTensor>,
    /// Text by key; only safetensors files have it.
    pub metadata: BTreeMap<String, String>,
}

/// A tensor in host memory, row-major and contiguous.
#[derive(Debug, Clone, PartialEq)]
pub struct HostTensor {
    /// Sizes, outermost dimension first; empty for a scalar.
    pub shape: Vec<usize>,
    /// As many values as the product of `shape`.
    pub data: TensorValues,
}

/// The values of a tensor.
#[derive(Debug, Clone, PartialEq)]
pub enum TensorValues {
    /// From float16, bfloat16, float32 or float64.
    Float(Vec<f32>),
    /// From an integer or boolean type.
    Integer(Vec<i64>),
}

impl HostTensor {
    /// A tensor of floats; `data` must have as many values as the product of `shape`.
    pub fn float(shape: impl Into<Vec<usize>>, data: Vec<f32>) -> Self {
        Self { shape: shape.into(), data: TensorValues::Float(data) }
    }

    /// A tensor of integers; `data` must have as many values as the product of `shape`.
    pub fn integer(shape: impl Into<Vec<usize>>, data: Vec<i64>) -> Self {
        Self { shape: shape.into(), data: TensorValues::Integer(data) }
    }

    /// The values, if they are floats.
    pub fn as_floats(&self) -> Option<&[f32]> {
        match &self.data {
            TensorValues::Float(values) => Some(values),
            TensorValues::Integer(_) => None,
        }
    }

    /// The values, if they are integers.
    pub fn as_integers(&self) -> Option<&[i64]> {
        match &self.data {
            TensorValues::Float(_) => None,
            TensorValues::Integer(values) => Some(values),
        }
    }

    /// Whether the number of values matches the shape.
    pub fn is_consistent(&self) -> bool {
        element_count(&self.shape) == Some(self.data.len())
    }
}

impl TensorValues {
    /// The number of values.
    pub fn len(&self) -> usize {
        match self {
            Self::Float(values) => values.len(),
            Self::Integer(values) => values.len(),
        }
    }

    /// Whether there are no values.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// The number of elements of a shape; `None` if it overflows a `usize`.
pub(super) fn element_count(shape: &[usize]) -> Option<usize> {
    if shape.contains(&0) {
        return Some(0);
    }
    shape.iter().try_fold(1_usize, |count, &size| count.checked_mul(size))
}
