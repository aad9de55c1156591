//! No bytes make the readers panic or allocate without limit.

use std::path::Path;
use std::sync::LazyLock;

use proptest::collection::vec;
use proptest::prelude::*;

use super::super::pickle::Pickle;
use super::super::{FloatFormat, HostTensor, StateDict, load, parse, serialize};
use super::FIXTURES;

fn valid_files() -> Vec<Vec<u8>> {
    let mut state = StateDict::default();
    let tensors = &mut state.tensors;
    tensors.insert("conv1.weight".into(), HostTensor::float([2, 3], vec![0.5; 6]));
    tensors.insert("bn1.num_batches_tracked".into(), HostTensor::integer([], vec![3]));
    state.metadata.insert("format".into(), "pt".into());
    let mut files = vec![serialize(&state, FloatFormat::F16).unwrap()];
    for name in [
        "zip_f32.pth",
        "zip_views.pth",
        "zip_deflated.pth",
        "zip_zip64.pth",
        "zip_checkpoint.pth",
        "zip_no_checksums.pth",
        "legacy_f32.pth",
        "legacy_views.pth",
        "legacy_protocol1.pth",
        "legacy_protocol4.pth",
        "legacy_checkpoint.pth",
    ] {
        files.push(std::fs::read(Path::new(FIXTURES).join(name)).unwrap());
    }
    files
}

static VALID: LazyLock<Vec<Vec<u8>>> = LazyLock::new(valid_files);

/// The beginning of a valid file of each format.
const STARTS: [&[u8]; 5] = [
    b"",
    b"PK\x03\x04",
    b"\x20\0\0\0\0\0\0\0{\"",
    b"\x80\x02\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19.\x80\x02M\xe9\x03.N.",
    b"\x80\x02",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn arbitrary_bytes_are_harmless(
        start in proptest::sample::select(STARTS.as_slice()),
        rest in vec(any::<u8>(), 0..600),
    ) {
        let bytes = [start, rest.as_slice()].concat();
        let _ = parse(&bytes);
        let _ = load(&bytes);
    }

    #[test]
    fn arbitrary_pickle_programs_are_harmless(
        program in vec(
            prop_oneof![
                3 => proptest::sample::select(
                    b"()]}NK\x85\x86\x87tlaeds0u12hqbRQ\x81\x93\x94o.".as_slice()
                ),
                1 => any::<u8>(),
            ],
            0..300,
        ),
    ) {
        if let Ok((pickle, length)) = Pickle::read(&program) {
            prop_assert!(length <= program.len());
            let _ = pickle.describe(pickle.root());
        }
    }

    #[test]
    fn mutated_files_are_harmless(
        file in 0..VALID.len(),
        edits in vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        cut in proptest::option::of(any::<prop::sample::Index>()),
    ) {
        let mut bytes = VALID[file].clone();
        for (at, value) in edits {
            let at = at.index(bytes.len());
            bytes[at] = value;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        if let Ok(state) = parse(&bytes) {
            prop_assert!(state.tensors.values().all(HostTensor::is_consistent));
        }
        let _ = load(&bytes);
    }

    #[test]
    fn any_state_dict_survives_the_round_trip(
        tensors in proptest::collection::btree_map(
            "[a-z.]{1,12}",
            prop_oneof![
                vec(-1e30_f32..1e30, 0..9).prop_map(|v| HostTensor::float([v.len()], v)),
                vec(any::<i64>(), 4).prop_map(|v| HostTensor::integer([2, 2], v)),
            ],
            0..6,
        ),
        metadata in proptest::collection::btree_map(".{0,8}", ".{0,20}", 0..4),
    ) {
        let state = StateDict { tensors, metadata };
        let bytes = serialize(&state, FloatFormat::F32).unwrap();
        prop_assert_eq!(parse(&bytes).unwrap(), state);
    }
}
