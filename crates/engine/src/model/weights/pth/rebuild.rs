//! Recognizes the calls that rebuild tensors in PyTorch's pickles.

use std::collections::HashMap;

use tunelab_core::model::weights_error::TensorProblem;

use super::super::dtype::DType;
use super::super::pickle::{Pickle, Value, ValueId};

/// PyTorch's own limit on the number of dimensions.
const MAX_DIMENSIONS: usize = 64;

/// How deeply `Parameter`s may be nested.
const MAX_PARAMETER_DEPTH: usize = 4;

/// A tensor as a strided view of a storage.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct TensorView<'p> {
    /// Key of the storage.
    pub storage: &'p str,
    /// Type of the storage's elements.
    pub dtype: DType,
    /// Where the view starts, in elements.
    pub offset: usize,
    /// Sizes, outermost dimension first.
    pub shape: Vec<usize>,
    /// The distance between neighbors along each dimension, in elements.
    pub strides: Vec<usize>,
}

/// A storage, or a part of one.
struct StorageView<'p> {
    key: &'p str,
    dtype: DType,
    /// Where the part starts, in elements. It is 0 except in files of PyTorch 0.1.
    offset: usize,
}

/// The tensor that a value describes; `None` if it describes something else.
///
/// # Errors
/// It describes an unsupported or malformed tensor.
pub(super) fn tensor_view<'p>(
    pickle: &'p Pickle<'_>,
    mut value: ValueId,
) -> Result<Option<TensorView<'p>>, TensorProblem> {
    for _ in 0..MAX_PARAMETER_DEPTH {
        let Some((mut callee, mut arguments)) = pickle.call(value) else {
            return Ok(None);
        };
        // A tensor of a subclass, or with attributes: (function, class, its arguments, attributes).
        if let (Some(("torch._tensor", "_rebuild_from_type_v2")), &[inner, _, given, ..]) =
            (pickle.global(callee), arguments)
        {
            callee = inner;
            arguments = pickle.sequence(given).unwrap_or(&[]);
        }
        match (pickle.global(callee), arguments) {
            (
                Some(("torch._utils", "_rebuild_parameter" | "_rebuild_parameter_with_state")),
                &[data, ..],
            ) => value = data,
            (
                Some(("torch._utils", "_rebuild_tensor_v2" | "_rebuild_tensor")),
                &[storage, offset, size, stride, ..],
            ) => return view(pickle, storage, offset, size, stride).map(Some),
            (Some(("torch._utils", _)), _) => {
                return Err(TensorProblem::ElementType { found: pickle.describe(value) });
            }
            _ => return Ok(None),
        }
    }
    Err(TensorProblem::Malformed)
}

fn view<'p>(
    pickle: &'p Pickle<'_>,
    storage: ValueId,
    offset: ValueId,
    size: ValueId,
    stride: ValueId,
) -> Result<TensorView<'p>, TensorProblem> {
    let storage = storage_view(pickle, storage)?;
    let offset = pickle
        .size(offset)
        .and_then(|offset| offset.checked_add(storage.offset))
        .ok_or(TensorProblem::Malformed)?;
    Ok(TensorView {
        storage: storage.key,
        dtype: storage.dtype,
        offset,
        shape: dimensions(pickle, size).ok_or(TensorProblem::Malformed)?,
        strides: dimensions(pickle, stride).ok_or(TensorProblem::Malformed)?,
    })
}

/// The sizes in a tuple, list or `torch.Size`.
fn dimensions(pickle: &Pickle<'_>, value: ValueId) -> Option<Vec<usize>> {
    let value = match pickle.call(value) {
        Some((callee, arguments)) if pickle.global(callee) == Some(("torch", "Size")) => {
            *arguments.first()?
        }
        _ => value,
    };
    let items = pickle.sequence(value)?;
    if items.len() > MAX_DIMENSIONS {
        return None;
    }
    items.iter().map(|item| pickle.size(*item)).collect()
}

/// Reads the persistent identifier `("storage", type, key, location, count, view)`.
fn storage_view<'p>(
    pickle: &'p Pickle<'_>,
    value: ValueId,
) -> Result<StorageView<'p>, TensorProblem> {
    let Value::Persistent(id) = pickle.get(value) else {
        return Err(TensorProblem::ElementType { found: pickle.describe(value) });
    };
    let Some(&[tag, kind, key, _, _, ref rest @ ..]) = pickle.sequence(*id) else {
        return Err(TensorProblem::Malformed);
    };
    if pickle.text(tag) != Some("storage") {
        return Err(TensorProblem::Malformed);
    }
    let dtype = storage_dtype(pickle, kind)?;
    let key = pickle.text(key).ok_or(TensorProblem::Malformed)?;
    let offset = match rest.first().map(|part| pickle.get(*part)) {
        None | Some(Value::None) => 0,
        // ("key of the part", offset, count)
        Some(Value::Tuple(part)) => {
            part.get(1).and_then(|offset| pickle.size(*offset)).ok_or(TensorProblem::Malformed)?
        }
        Some(_) => return Err(TensorProblem::Malformed),
    };
    Ok(StorageView { key, dtype, offset })
}

/// The element type named by a storage class such as `torch.FloatStorage`.
fn storage_dtype(pickle: &Pickle<'_>, kind: ValueId) -> Result<DType, TensorProblem> {
    let dtype = match pickle.global(kind) {
        Some(("torch", "HalfStorage")) => DType::F16,
        Some(("torch", "BFloat16Storage")) => DType::BF16,
        Some(("torch", "FloatStorage")) => DType::F32,
        Some(("torch", "DoubleStorage")) => DType::F64,
        Some(("torch", "BoolStorage")) => DType::Bool,
        Some(("torch", "ByteStorage") | ("torch.storage", "UntypedStorage")) => DType::U8,
        Some(("torch", "CharStorage")) => DType::I8,
        Some(("torch", "ShortStorage")) => DType::I16,
        Some(("torch", "IntStorage")) => DType::I32,
        Some(("torch", "LongStorage")) => DType::I64,
        _ => {
            return Err(TensorProblem::ElementType { found: pickle.describe(kind) });
        }
    };
    Ok(dtype)
}

/// The bytes per element of every storage in a pickle, by key. Storages of an unknown type are ignored.
pub(super) fn storage_sizes<'p>(pickle: &'p Pickle<'_>) -> HashMap<&'p str, usize> {
    let storages = pickle.persistent_ids().filter_map(|id| {
        let &[_, kind, key, ..] = pickle.sequence(id)? else {
            return None;
        };
        let size = match pickle.global(kind) {
            Some(("torch", "ComplexFloatStorage")) => 8,
            Some(("torch", "ComplexDoubleStorage")) => 16,
            _ => storage_dtype(pickle, kind).ok()?.size(),
        };
        Some((pickle.text(key)?, size))
    });
    storages.collect()
}
