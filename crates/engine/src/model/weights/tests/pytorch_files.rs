//! Files written by PyTorch itself; see `tests/fixtures/make_pth_fixtures.py`.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;
use tunelab_core::model::unsupported::UnsupportedFile;
use tunelab_core::model::weights_error::{Damage, TensorProblem, WeightsError, WeightsFormat};

use super::super::{HostTensor, StateDict, detect_format, parse};
use super::FIXTURES;

#[derive(Deserialize)]
struct Expected {
    shape: Vec<usize>,
    float: bool,
    values: Vec<serde_json::Value>,
}

fn file(name: &str) -> Vec<u8> {
    std::fs::read(Path::new(FIXTURES).join(name)).unwrap()
}

fn tensor(expected: Expected) -> HostTensor {
    let values = expected.values.iter();
    if expected.float {
        let values = values.map(|value| value.as_f64().unwrap() as f32);
        HostTensor::float(expected.shape, values.collect())
    } else {
        let integer = |value: &serde_json::Value| value.as_bool().map(i64::from).or(value.as_i64());
        HostTensor::integer(expected.shape, values.map(|value| integer(value).unwrap()).collect())
    }
}

#[test]
fn every_file_reads_as_pytorch_reads_it() {
    type Files = BTreeMap<String, BTreeMap<String, Expected>>;
    let expected: Files = serde_json::from_slice(&file("expected.json")).unwrap();
    assert_eq!(expected.len(), 21);
    for (name, tensors) in expected {
        let bytes = file(&name);
        let format = match name.starts_with("zip_") {
            true => WeightsFormat::PthArchive,
            false => WeightsFormat::PthLegacy,
        };
        assert_eq!(detect_format(&bytes), Ok(format), "{name}");
        let tensors = tensors.into_iter().map(|(name, expected)| (name, tensor(expected)));
        let expected = StateDict { tensors: tensors.collect(), ..StateDict::default() };
        let state = parse(&bytes).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(state, expected, "{name}");
    }
}

fn refusal(name: &str) -> WeightsError {
    parse(&file(name)).unwrap_err()
}

#[test]
fn malicious_files_are_reported_and_not_executed() {
    for name in ["bad_malicious_root.pth", "bad_malicious_entry.pth"] {
        let message = refusal(name).to_string();
        assert!(message.contains("posix.system"), "{message}");
    }
    // The effects that unpickling the files would have.
    assert!(!Path::new("tunelab-was-executed").exists());
    let error = refusal("bad_malicious_entry.pth");
    assert!(matches!(error, WeightsError::Tensor { name, .. } if name == "bn1.weight"));
}

#[test]
fn files_without_a_state_dict_are_described() {
    for name in ["bad_whole_module.pth", "bad_wrapped_module.pth"] {
        let found = "torch.nn.modules.linear.Linear(…)".to_owned();
        assert_eq!(refusal(name), WeightsError::NoTensors { found });
    }
    let found = "torch._utils._rebuild_tensor_v2(…)".to_owned();
    assert_eq!(refusal("bad_one_tensor.pth"), WeightsError::NoTensors { found });
    assert_eq!(refusal("bad_list.pth"), WeightsError::NoTensors { found: "list".into() });
    let error = refusal("bad_plain_pickle.pkl");
    assert!(matches!(error, WeightsError::Unsupported(UnsupportedFile::Pickle { .. })));
}

#[test]
fn unsupported_tensors_are_named() {
    for (file, found) in [
        ("bad_sparse.pth", "torch._utils._rebuild_sparse_tensor(…)"),
        ("bad_complex.pth", "torch.ComplexFloatStorage"),
    ] {
        let problem = TensorProblem::ElementType { found: found.into() };
        assert_eq!(refusal(file), WeightsError::Tensor { name: "a.weight".into(), problem });
    }
}

#[test]
fn damage_is_detected() {
    let mut bytes = file("zip_f32.pth");
    // The first element of conv1.weight, -1.0.
    let first =
        bytes.windows(8).position(|window| window == [0, 0, 0x80, 0xbf, 0, 0, 0x60, 0xbf]).unwrap();
    bytes[first + 3] ^= 1;
    let error = parse(&bytes).unwrap_err();
    assert!(
        matches!(&error, WeightsError::Damaged { damage: Damage::Entry { .. }, .. }),
        "{error}"
    );

    for name in ["zip_f32.pth", "legacy_f32.pth", "zip_deflated.pth"] {
        let bytes = file(name);
        for length in 0..bytes.len() {
            // The tail of a legacy file is the storage of an empty tensor.
            if let Ok(state) = parse(&bytes[..length]) {
                panic!("{name} cut to {length} bytes gave {state:?}");
            }
        }
    }
}

#[test]
fn a_deflate_bomb_is_rejected() {
    use std::io::Write;
    use zip::write::SimpleFileOptions;

    // Claims 600 MiB, which must not be unpacked.
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    zip.start_file("a/data.pkl", options).unwrap();
    zip.write_all(b"\x80\x02}.").unwrap();
    let mut bytes = zip.finish().unwrap().into_inner();
    let central = bytes.windows(4).rposition(|window| window == b"PK\x01\x02").unwrap();
    bytes[central + 10..central + 12].copy_from_slice(&8_u16.to_le_bytes());
    bytes[central + 24..central + 28].copy_from_slice(&(600_u32 << 20).to_le_bytes());
    assert!(matches!(parse(&bytes), Err(WeightsError::TooLarge { .. })));
}

/// A legacy file with one tensor of the given shape and strides, and `numel` floats announced.
fn legacy_file(shape: &str, numel: u64) -> Vec<u8> {
    let mut bytes =
        b"\x80\x02\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19.\x80\x02M\xe9\x03.\x80\x02}.".to_vec();
    bytes.extend_from_slice(b"\x80\x02}U\x01actorch._utils\n_rebuild_tensor\n((U\x07storage");
    bytes.extend_from_slice(b"ctorch\nFloatStorage\nU\x010U\x03cpuK\x02NtQK\x00(");
    bytes.extend_from_slice(format!("{shape}t(I0\nttRs.").as_bytes());
    bytes.extend_from_slice(b"\x80\x02]U\x010a.");
    bytes.extend_from_slice(&numel.to_le_bytes());
    bytes.extend_from_slice(&[0, 0, 0x80, 0x3f, 0, 0, 0, 0x40]);
    bytes
}

#[test]
fn claimed_sizes_are_not_trusted() {
    // Three times the first element.
    let state = parse(&legacy_file("I3\n", 2)).unwrap();
    assert_eq!(state.tensors["a"], HostTensor::float([3], vec![1.0; 3]));

    // The same element a million million times, and more storage than there is.
    let error = parse(&legacy_file("I1000000000000\n", 2));
    assert!(matches!(error, Err(WeightsError::TooLarge { .. })), "{error:?}");
    for numel in [3, 1 << 40, u64::MAX] {
        let error = parse(&legacy_file("I3\n", numel)).unwrap_err();
        assert!(matches!(error, WeightsError::Damaged { damage: Damage::Truncated, .. }));
    }

    let mut header = (1_u64 << 26).to_le_bytes().to_vec();
    header.extend_from_slice(
        b"{\"a\":{\"dtype\":\"F32\",\"shape\":[99999999999],\"data_offsets\":[0,399999999996]}}",
    );
    assert!(parse(&header).is_err());
}
