//! The stream that `torch.save` wrote before PyTorch 1.6, and still writes on request.
//!
//! One after another it holds the pickles of a magic number, a protocol version, facts about the
//! writing machine, the saved object, and the list of its storages' keys; then each storage in that
//! order, as its number of elements (8 bytes, little-endian) and its elements, little-endian on any
//! machine.

use std::collections::HashMap;

use super::super::dtype::ByteOrder;
use super::super::error::WeightsError;
use super::super::pickle::{Pickle, Value};
use super::super::state_dict::StateDict;
use super::rebuild::storage_sizes;
use super::{Storages, damaged, state_dict};

/// The magic number of the format.
const MAGIC: i128 = 0x1950_a86a_20f9_469c_fc6c;
/// The only version of the format there is.
const PROTOCOL: i128 = 1001;
/// Longest encoding of the magic number in any pickle protocol, in bytes, with room to spare.
const MAGIC_SPAN: usize = 64;

/// Whether the bytes begin with the format's magic number.
pub(in super::super) fn is_legacy(bytes: &[u8]) -> bool {
    let start = bytes.get(..MAGIC_SPAN).unwrap_or(bytes);
    Pickle::read(start).is_ok_and(|(pickle, _)| *pickle.get(pickle.root()) == Value::Int(MAGIC))
}

/// Reads a legacy stream; the caller has checked [`is_legacy`].
pub(in super::super) fn parse(bytes: &[u8]) -> Result<(StateDict, String), WeightsError> {
    let mut rest = bytes;
    let _magic = next_pickle(&mut rest)?;
    let protocol = next_pickle(&mut rest)?;
    if *protocol.get(protocol.root()) != Value::Int(PROTOCOL) {
        return Err(damaged("its version is unknown"));
    }
    let _machine = next_pickle(&mut rest)?;
    let object = next_pickle(&mut rest)?;
    let keys = next_pickle(&mut rest)?;

    let sizes = storage_sizes(&object);
    let mut storages = HashMap::new();
    let listed = keys.sequence(keys.root()).ok_or_else(|| damaged("it has no list of storages"))?;
    for key in listed {
        let key = keys.text(*key).ok_or_else(|| damaged("a storage has no name"))?;
        let size =
            *sizes.get(key).ok_or_else(|| damaged("a storage has an unknown element type"))?;
        let bytes = take_storage(&mut rest, size).ok_or_else(|| damaged("it is cut off"))?;
        storages.insert(key.to_owned(), bytes);
    }
    state_dict(&object, &mut LegacyStorages { storages })
}

struct LegacyStorages<'a> {
    storages: HashMap<String, &'a [u8]>,
}

impl Storages for LegacyStorages<'_> {
    fn bytes(&mut self, key: &str) -> Result<Option<&[u8]>, WeightsError> {
        Ok(self.storages.get(key).copied())
    }

    fn byte_order(&self) -> ByteOrder {
        ByteOrder::Little
    }
}

/// Reads the next pickle and moves `rest` behind it.
fn next_pickle<'a>(rest: &mut &'a [u8]) -> Result<Pickle<'a>, WeightsError> {
    let (pickle, length) = Pickle::read(rest)?;
    *rest = rest.get(length..).unwrap_or(&[]);
    Ok(pickle)
}

/// Splits the next storage, of elements of `size` bytes, off the front of `rest`.
fn take_storage<'a>(rest: &mut &'a [u8], size: usize) -> Option<&'a [u8]> {
    let (count, after) = rest.split_first_chunk::<8>()?;
    let count = usize::try_from(u64::from_le_bytes(*count)).ok()?;
    let (storage, after) = after.split_at_checked(count.checked_mul(size)?)?;
    *rest = after;
    Some(storage)
}
