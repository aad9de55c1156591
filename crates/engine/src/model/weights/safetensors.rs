//! Reads and writes the safetensors format.
//!
//! Specification: <https://github.com/huggingface/safetensors>, "Format": 8 bytes giving the length
//! of a JSON header, the header, then the tensors' bytes, little-endian.

use std::collections::BTreeMap;

use half::f16;
use safetensors::{Dtype, SafeTensors};
use serde::Serialize;
use tunelab_core::model::weights_error::{Damage, TensorProblem, WeightsError, WeightsFormat};

use super::dtype::{ByteOrder, DType};
use super::state_dict::{HostTensor, StateDict, TensorValues};

/// The key of the metadata in the header.
const METADATA_KEY: &str = "__metadata__";

/// The type of floats in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FloatFormat {
    /// float32: exact.
    F32,
    /// float16: half the size, with about three significant digits and values up to 65504.
    F16,
}

/// Reads a safetensors file.
///
/// # Errors
/// The file is damaged, or a tensor has another type than integers and floats of at least 16 bits.
pub fn parse(bytes: &[u8]) -> Result<StateDict, WeightsError> {
    let (_, header) = SafeTensors::read_metadata(bytes).map_err(damaged)?;
    let file = SafeTensors::deserialize(bytes).map_err(damaged)?;

    let mut state = StateDict::default();
    if let Some(metadata) = header.metadata() {
        let entries = metadata.iter();
        state.metadata = entries.map(|(key, text)| (key.clone(), text.clone())).collect();
    }
    for (name, view) in file.iter() {
        let fails =
            |problem| WeightsError::Tensor { name: name.escape_debug().to_string(), problem };
        let dtype = dtype(view.dtype()).ok_or_else(|| {
            fails(TensorProblem::ElementType { found: format!("{:?}", view.dtype()) })
        })?;
        let data = dtype
            .decode(view.data(), ByteOrder::Little)
            .ok_or_else(|| fails(TensorProblem::IntegerTooLarge))?;
        let shape = view.shape().to_vec();
        state.tensors.insert(name.to_owned(), HostTensor { shape, data });
    }
    Ok(state)
}

fn damaged(error: impl ToString) -> WeightsError {
    let damage = Damage::Invalid { problem: error.to_string().into() };
    WeightsError::Damaged { format: WeightsFormat::Safetensors, damage }
}

fn dtype(dtype: Dtype) -> Option<DType> {
    Some(match dtype {
        Dtype::BOOL => DType::Bool,
        Dtype::U8 => DType::U8,
        Dtype::I8 => DType::I8,
        Dtype::U16 => DType::U16,
        Dtype::I16 => DType::I16,
        Dtype::F16 => DType::F16,
        Dtype::BF16 => DType::BF16,
        Dtype::U32 => DType::U32,
        Dtype::I32 => DType::I32,
        Dtype::F32 => DType::F32,
        Dtype::U64 => DType::U64,
        Dtype::I64 => DType::I64,
        Dtype::F64 => DType::F64,
        _ => return None,
    })
}

/// The entry of a tensor in the header.
#[derive(Serialize)]
struct Entry<'a> {
    dtype: &'static str,
    shape: &'a [usize],
    data_offsets: [usize; 2],
}

/// An entry of the header, which is sorted by name.
#[derive(Serialize)]
#[serde(untagged)]
enum HeaderValue<'a> {
    Metadata(&'a BTreeMap<String, String>),
    Tensor(Entry<'a>),
}

/// Writes a safetensors file, with integers of 64 bits.
///
/// The same state dict always gives the same bytes, unlike with the writer of the `safetensors` crate, which keeps the
/// metadata in a randomly ordered map.
///
/// # Errors
/// The values of a tensor do not match its shape, a finite value does not fit float16, or a tensor has the name
/// `__metadata__`.
pub fn serialize(state: &StateDict, floats: FloatFormat) -> Result<Vec<u8>, WeightsError> {
    // Wider elements first, which aligns every tensor to its element size.
    let (integers, singles): (Vec<_>, Vec<_>) =
        state.tensors.iter().partition(|(_, tensor)| tensor.as_integers().is_some());

    let mut header = BTreeMap::new();
    if !state.metadata.is_empty() {
        header.insert(METADATA_KEY, HeaderValue::Metadata(&state.metadata));
    }
    let mut data = Vec::new();
    for (name, tensor) in integers.into_iter().chain(singles) {
        let start = data.len();
        let fails = |problem| WeightsError::Tensor { name: name.clone(), problem };
        write_values(tensor, floats, &mut data).map_err(fails)?;
        if name == METADATA_KEY {
            return Err(fails(TensorProblem::Malformed));
        }
        let entry = Entry {
            dtype: match (&tensor.data, floats) {
                (TensorValues::Integer(_), _) => "I64",
                (TensorValues::Float(_), FloatFormat::F32) => "F32",
                (TensorValues::Float(_), FloatFormat::F16) => "F16",
            },
            shape: &tensor.shape,
            data_offsets: [start, data.len()],
        };
        header.insert(name, HeaderValue::Tensor(entry));
    }

    let mut json = serde_json::to_vec(&header).map_err(damaged)?;
    json.resize(json.len().next_multiple_of(8), b' ');
    let mut file = Vec::with_capacity(8 + json.len() + data.len());
    file.extend_from_slice(&(json.len() as u64).to_le_bytes());
    file.extend_from_slice(&json);
    file.extend_from_slice(&data);
    Ok(file)
}

fn write_values(
    tensor: &HostTensor,
    floats: FloatFormat,
    bytes: &mut Vec<u8>,
) -> Result<(), TensorProblem> {
    if !tensor.is_consistent() {
        return Err(TensorProblem::Malformed);
    }
    match (&tensor.data, floats) {
        (TensorValues::Integer(values), _) => {
            bytes.extend(values.iter().flat_map(|value| value.to_le_bytes()));
        }
        (TensorValues::Float(values), FloatFormat::F32) => {
            bytes.extend(values.iter().flat_map(|value| value.to_le_bytes()));
        }
        (TensorValues::Float(values), FloatFormat::F16) => {
            for &value in values {
                let half = f16::from_f32(value);
                if value.is_finite() && !half.is_finite() {
                    return Err(TensorProblem::TooLargeForFloat16);
                }
                bytes.extend_from_slice(&half.to_le_bytes());
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn example() -> StateDict {
        let mut state = StateDict::default();
        let tensors = &mut state.tensors;
        tensors.insert("b".into(), HostTensor::float([3], vec![0.5, -1.25, 65504.0]));
        tensors.insert("a".into(), HostTensor::float([2, 1], vec![1.0, 2.0]));
        tensors.insert("n".into(), HostTensor::integer([], vec![-7]));
        for key in ["format", "zebra", "apple"] {
            state.metadata.insert(key.into(), format!("text of {key} \"\u{e9}\""));
        }
        state
    }

    #[test]
    fn written_files_read_back() {
        for floats in [FloatFormat::F32, FloatFormat::F16] {
            let bytes = serialize(&example(), floats).unwrap();
            assert_eq!(parse(&bytes).unwrap(), example(), "{floats:?}");
            assert_eq!(serialize(&example(), floats).unwrap(), bytes);
        }
        let empty = serialize(&StateDict::default(), FloatFormat::F32).unwrap();
        assert_eq!(parse(&empty).unwrap(), StateDict::default());
    }

    #[test]
    fn values_too_large_for_float16_are_rejected() {
        let mut state = example();
        state.tensors.insert("big".into(), HostTensor::float([1], vec![1e6]));
        let error = serialize(&state, FloatFormat::F16).unwrap_err();
        let problem = TensorProblem::TooLargeForFloat16;
        assert_eq!(error, WeightsError::Tensor { name: "big".into(), problem });
        assert!(serialize(&state, FloatFormat::F32).is_ok());
    }

    #[test]
    fn inconsistent_and_reserved_tensors_are_rejected() {
        let mut state = StateDict::default();
        state.tensors.insert("short".into(), HostTensor::float([3], vec![1.0]));
        assert!(serialize(&state, FloatFormat::F32).is_err());
        let mut state = StateDict::default();
        state.tensors.insert(METADATA_KEY.into(), HostTensor::float([1], vec![1.0]));
        assert!(serialize(&state, FloatFormat::F32).is_err());
    }

    #[test]
    fn unsupported_types_are_named() {
        let header = br#"{"x":{"dtype":"F8_E4M3","shape":[1],"data_offsets":[0,1]}}"#;
        let mut bytes = (header.len() as u64).to_le_bytes().to_vec();
        bytes.extend_from_slice(header);
        bytes.push(0);
        let problem = TensorProblem::ElementType { found: "F8_E4M3".into() };
        assert_eq!(parse(&bytes), Err(WeightsError::Tensor { name: "x".into(), problem }));
    }
}
