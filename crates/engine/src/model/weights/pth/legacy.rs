//! The stream that `torch.save` wrote before PyTorch 1.6, and still writes on request.
//!
//! It consists of the pickles of a magic number, a protocol version, properties of the machine, the saved object and the
//! list of storage keys, followed by the storages in that order. Each has its number of elements (8 bytes,
//! little-endian) and its elements, little-endian on any machine.

use std::collections::HashMap;

use tunelab_core::model::weights_error::{Damage, WeightsError};

use super::super::dtype::ByteOrder;
use super::super::pickle::{Pickle, Value};
use super::super::state_dict::StateDict;
use super::rebuild::storage_sizes;
use super::{Storages, damaged, invalid, state_dict};

/// The magic number of the format.
const MAGIC: i128 = 0x1950_a86a_20f9_469c_fc6c;
/// The only version of the format.
const PROTOCOL: i128 = 1001;
/// More bytes than the magic number has in any pickle protocol.
const MAGIC_SPAN: usize = 64;

/// Whether the bytes begin with the format's magic number.
pub(in super::super) fn is_legacy(bytes: &[u8]) -> bool {
    let start = bytes.get(..MAGIC_SPAN).unwrap_or(bytes);
    Pickle::read(start).is_ok_and(|(pickle, _)| *pickle.get(pickle.root()) == Value::Int(MAGIC))
}

/// Reads a legacy stream, for which [`is_legacy`] is true.
pub(in super::super) fn parse(bytes: &[u8]) -> Result<(StateDict, String), WeightsError> {
    let mut rest = bytes;
    let _magic = next_pickle(&mut rest)?;
    let protocol = next_pickle(&mut rest)?;
    if *protocol.get(protocol.root()) != Value::Int(PROTOCOL) {
        return Err(invalid("unknown protocol version"));
    }
    let _machine = next_pickle(&mut rest)?;
    let object = next_pickle(&mut rest)?;
    let keys = next_pickle(&mut rest)?;

    let sizes = storage_sizes(&object);
    let mut storages = HashMap::new();
    let listed = keys.sequence(keys.root()).ok_or_else(|| invalid("no list of storages"))?;
    for key in listed {
        let key = keys.text(*key).ok_or_else(|| invalid("storage without a key"))?;
        let size = *sizes.get(key).ok_or_else(|| invalid("storage of an unknown type"))?;
        let bytes = take_storage(&mut rest, size).ok_or_else(|| damaged(Damage::Truncated))?;
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

/// Reads the next pickle and removes it from `rest`.
fn next_pickle<'a>(rest: &mut &'a [u8]) -> Result<Pickle<'a>, WeightsError> {
    let (pickle, length) = Pickle::read(rest)?;
    *rest = rest.get(length..).unwrap_or(&[]);
    Ok(pickle)
}

/// Removes the next storage, with elements of `size` bytes, from `rest`.
fn take_storage<'a>(rest: &mut &'a [u8], size: usize) -> Option<&'a [u8]> {
    let (count, after) = rest.split_first_chunk::<8>()?;
    let count = usize::try_from(u64::from_le_bytes(*count)).ok()?;
    let (storage, after) = after.split_at_checked(count.checked_mul(size)?)?;
    *rest = after;
    Some(storage)
}
