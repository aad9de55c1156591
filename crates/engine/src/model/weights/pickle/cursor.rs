//! Reads the operands of pickle opcodes.

use std::borrow::Cow;

use super::{PickleError, Value};

/// A position in the bytes of a pickle.
pub(super) struct Cursor<'a> {
    bytes: &'a [u8],
    position: usize,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, position: 0 }
    }

    pub(super) fn position(&self) -> usize {
        self.position
    }

    /// The next `count` bytes.
    pub(super) fn take(&mut self, count: usize) -> Result<&'a [u8], PickleError> {
        let end = self.position.checked_add(count);
        let taken =
            end.and_then(|end| self.bytes.get(self.position..end)).ok_or(PickleError::Truncated)?;
        self.position += count;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], PickleError> {
        self.take(N)?.try_into().map_err(|_| PickleError::Truncated)
    }

    pub(super) fn u8(&mut self) -> Result<u8, PickleError> {
        Ok(u8::from_le_bytes(self.array()?))
    }

    pub(super) fn u16(&mut self) -> Result<u16, PickleError> {
        Ok(u16::from_le_bytes(self.array()?))
    }

    pub(super) fn u32(&mut self) -> Result<u32, PickleError> {
        Ok(u32::from_le_bytes(self.array()?))
    }

    pub(super) fn i32(&mut self) -> Result<i32, PickleError> {
        Ok(i32::from_le_bytes(self.array()?))
    }

    /// A float in big-endian byte order.
    pub(super) fn f64(&mut self) -> Result<f64, PickleError> {
        Ok(f64::from_be_bytes(self.array()?))
    }

    /// Bytes after their count, which has `width` bytes.
    pub(super) fn counted(&mut self, width: usize) -> Result<&'a [u8], PickleError> {
        let count = self.take(width)?.iter().rev().try_fold(0_usize, |count, &byte| {
            count.checked_mul(256)?.checked_add(usize::from(byte))
        });
        self.take(count.ok_or(PickleError::Truncated)?)
    }

    /// The bytes before the next line feed, which is skipped.
    pub(super) fn line(&mut self) -> Result<&'a [u8], PickleError> {
        let rest = self.bytes.get(self.position..).unwrap_or(&[]);
        let length = rest.iter().position(|&byte| byte == b'\n');
        let line = self.take(length.ok_or(PickleError::Truncated)?)?;
        self.position += 1;
        Ok(line)
    }
}

/// A little-endian two's complement integer, opaque if it has more than 128 bits.
pub(super) fn long<'a>(bytes: &[u8]) -> Value<'a> {
    let Some(&last) = bytes.last() else {
        return Value::Int(0);
    };
    let mut wide = [if last & 0x80 == 0 { 0x00 } else { 0xff }; size_of::<i128>()];
    match wide.get_mut(..bytes.len()) {
        Some(low) => {
            low.copy_from_slice(bytes);
            Value::Int(i128::from_le_bytes(wide))
        }
        None => Value::Opaque,
    }
}

/// An integer in decimal digits, with Python 2's optional `L` at the end.
pub(super) fn decimal<'a>(line: &[u8]) -> Option<Value<'a>> {
    let digits = std::str::from_utf8(line).ok()?.trim();
    let digits = digits.strip_suffix('L').unwrap_or(digits);
    digits.parse().ok().map(Value::Int)
}

/// Bytes as text if they are UTF-8 (Python 2 strings may be either).
pub(super) fn text_or_bytes(bytes: &[u8]) -> Value<'_> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Value::Text(Cow::Borrowed(text)),
        Err(_) => Value::Bytes(bytes),
    }
}

/// A protocol 0 string literal between quotes.
pub(super) fn quoted(line: &[u8]) -> Option<Value<'_>> {
    let line = line.trim_ascii();
    let inner = line
        .strip_prefix(b"'")
        .and_then(|rest| rest.strip_suffix(b"'"))
        .or_else(|| line.strip_prefix(b"\"")?.strip_suffix(b"\""))?;
    unescaped(inner)
}

/// Text with Python's backslash escapes resolved; `None` if an escape is malformed.
pub(super) fn unescaped(line: &[u8]) -> Option<Value<'_>> {
    let text = std::str::from_utf8(line).ok()?;
    if !text.contains('\\') {
        return Some(Value::Text(Cow::Borrowed(text)));
    }
    let mut plain = String::with_capacity(text.len());
    let mut rest = text.chars();
    while let Some(character) = rest.next() {
        if character != '\\' {
            plain.push(character);
            continue;
        }
        let digits = match rest.next()? {
            'n' => {
                plain.push('\n');
                continue;
            }
            'r' => {
                plain.push('\r');
                continue;
            }
            't' => {
                plain.push('\t');
                continue;
            }
            'x' => 2,
            'u' => 4,
            'U' => 8,
            other => {
                plain.push(other);
                continue;
            }
        };
        let mut code = 0_u32;
        for _ in 0..digits {
            code = code.checked_mul(16)?.checked_add(rest.next()?.to_digit(16)?)?;
        }
        plain.push(char::from_u32(code)?);
    }
    Some(Value::Text(Cow::Owned(plain)))
}
