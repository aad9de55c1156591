//! A setting out of its range.

use thiserror::Error;

/// A setting of the data or of augmentation is out of its range.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("the setting `{name}` is out of range: {problem}")]
pub struct SettingError {
    pub name: &'static str,
    pub problem: String,
}

impl SettingError {
    pub fn new(name: &'static str, problem: impl Into<String>) -> Self {
        Self { name, problem: problem.into() }
    }
}
