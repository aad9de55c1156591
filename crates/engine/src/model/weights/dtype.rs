//! Element types of stored tensors, and their conversion to `f32` and `i64`.

use std::borrow::Cow;

use half::{bf16, f16};

use super::state_dict::{TensorValues, element_count};

/// The element type of a stored tensor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DType {
    F16,
    BF16,
    F32,
    F64,
    Bool,
    U8,
    I8,
    U16,
    I16,
    U32,
    I32,
    U64,
    I64,
}

/// The byte order of stored elements.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ByteOrder {
    Little,
    Big,
}

/// Reads each element of `$bytes` as a `$type` and maps it.
macro_rules! elements {
    ($bytes:expr, $order:expr, $type:ty, $map:expr) => {
        $bytes
            .as_chunks::<{ size_of::<$type>() }>()
            .0
            .iter()
            .map(|chunk| {
                let value = match $order {
                    ByteOrder::Little => <$type>::from_le_bytes(*chunk),
                    ByteOrder::Big => <$type>::from_be_bytes(*chunk),
                };
                $map(value)
            })
            .collect()
    };
}

impl DType {
    /// Bytes per element.
    pub(super) fn size(self) -> usize {
        match self {
            Self::Bool | Self::U8 | Self::I8 => 1,
            Self::F16 | Self::BF16 | Self::U16 | Self::I16 => 2,
            Self::F32 | Self::U32 | Self::I32 => 4,
            Self::F64 | Self::U64 | Self::I64 => 8,
        }
    }

    /// Converts contiguous elements; `None` if an unsigned value does not fit an `i64`.
    pub(super) fn decode(self, bytes: &[u8], order: ByteOrder) -> Option<TensorValues> {
        use TensorValues::{Float, Integer};
        Some(match self {
            Self::F16 => Float(elements!(bytes, order, f16, f16::to_f32)),
            Self::BF16 => Float(elements!(bytes, order, bf16, bf16::to_f32)),
            Self::F32 => Float(elements!(bytes, order, f32, |value: f32| value)),
            Self::F64 => Float(elements!(bytes, order, f64, |value: f64| value as f32)),
            Self::Bool => Integer(bytes.iter().map(|&value| i64::from(value != 0)).collect()),
            Self::U8 => Integer(bytes.iter().map(|&value| i64::from(value)).collect()),
            Self::I8 => Integer(elements!(bytes, order, i8, i64::from)),
            Self::U16 => Integer(elements!(bytes, order, u16, i64::from)),
            Self::I16 => Integer(elements!(bytes, order, i16, i64::from)),
            Self::U32 => Integer(elements!(bytes, order, u32, i64::from)),
            Self::I32 => Integer(elements!(bytes, order, i32, i64::from)),
            Self::I64 => Integer(elements!(bytes, order, i64, |value: i64| value)),
            Self::U64 => {
                let values: Result<Vec<i64>, _> =
                    elements!(bytes, order, u64, |value: u64| i64::try_from(value));
                Integer(values.ok()?)
            }
        })
    }
}

/// The elements of a strided view of a storage, contiguous and row-major; `None` if the view exceeds the storage.
/// `offset` and `strides` count elements of `size` bytes. The caller must limit the number of elements of `shape`.
pub(super) fn gather<'a>(
    storage: &'a [u8],
    size: usize,
    offset: usize,
    shape: &[usize],
    strides: &[usize],
) -> Option<Cow<'a, [u8]>> {
    let count = element_count(shape)?;
    if shape.len() != strides.len() {
        return None;
    }
    if count == 0 {
        return Some(Cow::Borrowed(&[]));
    }
    let last = shape.iter().zip(strides).try_fold(offset, |last, (&extent, &stride)| {
        last.checked_add((extent - 1).checked_mul(stride)?)
    })?;
    if last >= storage.len() / size {
        return None;
    }
    if is_contiguous(shape, strides) {
        let start = offset.checked_mul(size)?;
        let end = start.checked_add(count.checked_mul(size)?)?;
        return storage.get(start..end).map(Cow::Borrowed);
    }

    let mut gathered = Vec::with_capacity(count.checked_mul(size)?);
    let mut index = vec![0_usize; shape.len()];
    let mut position = offset;
    for _ in 0..count {
        let start = position * size;
        gathered.extend_from_slice(storage.get(start..start + size)?);
        // Advances the index and the position together, the last dimension first.
        for ((index, &extent), &stride) in index.iter_mut().zip(shape).zip(strides).rev() {
            if *index + 1 < extent {
                *index += 1;
                position += stride;
                break;
            }
            position -= *index * stride;
            *index = 0;
        }
    }
    Some(Cow::Owned(gathered))
}

fn is_contiguous(shape: &[usize], strides: &[usize]) -> bool {
    let mut expected = 1;
    for (&extent, &stride) in shape.iter().zip(strides).rev() {
        // The stride of a dimension of size 1 does not matter.
        if extent != 1 && stride != expected {
            return false;
        }
        expected *= extent;
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats_of_every_width_become_f32() {
        let half: Vec<u8> = [f16::from_f32(1.5), f16::from_f32(-2.0)]
            .iter()
            .flat_map(|value| value.to_le_bytes())
            .collect();
        let expected = Some(TensorValues::Float(vec![1.5, -2.0]));
        assert_eq!(DType::F16.decode(&half, ByteOrder::Little), expected);
        let brain: Vec<u8> = [bf16::from_f32(1.5), bf16::from_f32(-2.0)]
            .iter()
            .flat_map(|value| value.to_be_bytes())
            .collect();
        assert_eq!(DType::BF16.decode(&brain, ByteOrder::Big), expected);
        let double: Vec<u8> = [1.5_f64, -2.0].iter().flat_map(|v| v.to_le_bytes()).collect();
        assert_eq!(DType::F64.decode(&double, ByteOrder::Little), expected);
    }

    #[test]
    fn unsigned_values_beyond_i64_are_rejected() {
        assert_eq!(DType::U64.decode(&[255; 8], ByteOrder::Little), None);
        assert_eq!(
            DType::U32.decode(&[255; 4], ByteOrder::Little),
            Some(TensorValues::Integer(vec![i64::from(u32::MAX)]))
        );
    }

    #[test]
    fn transposed_and_stepped_views_are_gathered() {
        let storage: Vec<u8> = (0..24).collect();
        // Columns of a 4x6 matrix.
        let columns = gather(&storage, 1, 0, &[6, 4], &[1, 6]).unwrap();
        assert_eq!(columns[..8], [0, 6, 12, 18, 1, 7, 13, 19]);
        let stepped = gather(&storage, 1, 3, &[2, 3], &[10, 2]).unwrap();
        assert_eq!(stepped.as_ref(), [3, 5, 7, 13, 15, 17]);
        let repeated = gather(&storage, 2, 1, &[3], &[0]).unwrap();
        assert_eq!(repeated.as_ref(), [2, 3, 2, 3, 2, 3]);
    }

    #[test]
    fn views_outside_the_storage_are_rejected() {
        let storage = [0_u8; 24];
        assert_eq!(gather(&storage, 4, 0, &[7], &[1]), None);
        assert_eq!(gather(&storage, 4, 6, &[], &[]), None);
        assert_eq!(gather(&storage, 4, 0, &[2], &[usize::MAX]), None);
        assert_eq!(gather(&storage, 4, usize::MAX, &[2], &[1]), None);
        assert_eq!(gather(&storage, 4, 0, &[usize::MAX, 3], &[0, 0]), None);
        assert_eq!(gather(&storage, 4, 0, &[2], &[1, 1]), None);
        assert!(gather(&storage, 4, 99, &[0, 3], &[3, 1]).is_some());
    }
}
