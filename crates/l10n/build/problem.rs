//! What is wrong with a text, and where.

use std::fmt;
use std::path::{Path, PathBuf};

/// A mistake in a file of the catalogue.
#[derive(Debug)]
pub struct Problem {
    file: PathBuf,
    /// Counted from 1; 0 where it is the file as a whole.
    line: usize,
    message: String,
}

impl Problem {
    /// A mistake in a whole file.
    pub fn in_file(file: &Path, message: impl Into<String>) -> Self {
        Self { file: file.into(), line: 0, message: message.into() }
    }

    /// A mistake in the message `id` of a file whose text is `source`.
    pub fn in_message(file: &Path, source: &str, id: &str, message: impl Into<String>) -> Self {
        let begins = |line: &str| {
            line.strip_prefix(id).is_some_and(|rest| rest.trim_start().starts_with('='))
        };
        let line = source.lines().position(begins).map_or(0, |index| index + 1);
        Self { file: file.into(), line, message: format!("{id}: {}", message.into()) }
    }

    /// A mistake at a byte of a file.
    pub fn at_byte(file: &Path, source: &str, byte: usize, message: impl Into<String>) -> Self {
        let before = source.as_bytes().iter().take(byte);
        let line = 1 + before.filter(|&&byte| byte == b'\n').count();
        Self { file: file.into(), line, message: message.into() }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(f, "{}: {}", self.file.display(), self.message),
            line => write!(f, "{}:{line}: {}", self.file.display(), self.message),
        }
    }
}
