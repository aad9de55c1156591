//! Reads Python pickles without executing anything.
//!
//! A pickle is a program for a small stack machine, and unpickling in Python may call any function.
//! Here the machine only builds a description: functions and classes are names, and a call is a
//! record of a name and its arguments ([`Value::Call`]). Nothing is looked up, imported or run.
//!
//! Values live in one arena and refer to each other by [`ValueId`], so that neither building,
//! copying nor dropping a deeply nested or even cyclic pickle recurses. The work and memory of
//! reading are bounded by [`MAX_STEPS`] and by the length of the input.
//!
//! Opcodes follow CPython's `pickletools` (protocols 0 to 5). Out-of-band buffers, the extension
//! registry and integers beyond 128 bits are not supported; PyTorch writes none.

mod cursor;
mod machine;
mod opcodes;

use std::borrow::Cow;

/// Most values, stack operations and container items one pickle may need.
pub const MAX_STEPS: usize = 4_000_000;

/// A pickle that could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PickleError {
    /// The bytes end inside the pickle.
    #[error("its pickle ends too early, the file is cut off")]
    Truncated,
    /// An opcode that no protocol defines, or one that is not supported.
    #[error("its pickle has the unknown instruction {opcode:#04x} at byte {offset}")]
    UnknownOpcode {
        /// The opcode.
        opcode: u8,
        /// Its position in the pickle.
        offset: usize,
    },
    /// An instruction needs a value that is not there.
    #[error("its pickle is damaged at byte {offset}")]
    Malformed {
        /// Position of the instruction in the pickle.
        offset: usize,
    },
    /// More than [`MAX_STEPS`] values or items.
    #[error("its pickle holds more than {MAX_STEPS} items, far more than any model needs")]
    TooLarge,
}

/// Names a value of a [`Pickle`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ValueId(u32);

/// A value described by a pickle.
#[derive(Debug, Clone, PartialEq)]
pub enum Value<'a> {
    /// `None`.
    None,
    /// `True` or `False`.
    Bool(bool),
    /// An integer of up to 128 bits.
    Int(i128),
    /// A float.
    Float(f64),
    /// A string.
    Text(Cow<'a, str>),
    /// Bytes.
    Bytes(&'a [u8]),
    /// A tuple.
    Tuple(Vec<ValueId>),
    /// A list.
    List(Vec<ValueId>),
    /// A dictionary or `collections.OrderedDict`; for a repeated key the last entry counts.
    Dict(Vec<(ValueId, ValueId)>),
    /// A function or class, by name only.
    Global {
        /// Text: the module.
        module: ValueId,
        /// Text: the name within the module.
        name: ValueId,
    },
    /// An object kept outside the pickle, by its identifier.
    Persistent(ValueId),
    /// An object made by calling a function or class, which is recorded and not done.
    Call {
        /// What would be called.
        callee: ValueId,
        /// Tuple of the arguments.
        arguments: ValueId,
    },
    /// A value of no interest here, such as a set.
    Opaque,
}

/// A pickle as values in an arena.
#[derive(Debug, Clone, PartialEq)]
pub struct Pickle<'a> {
    values: Vec<Value<'a>>,
    root: ValueId,
}

impl<'a> Pickle<'a> {
    /// Reads the pickle at the start of `bytes`; returns it and its length in bytes.
    ///
    /// # Errors
    /// If the pickle is cut off, malformed or too large.
    pub fn read(bytes: &'a [u8]) -> Result<(Self, usize), PickleError> {
        machine::run(bytes)
    }

    /// The value the pickle stands for.
    pub fn root(&self) -> ValueId {
        self.root
    }

    /// The value of an id of this pickle.
    pub fn get(&self, id: ValueId) -> &Value<'a> {
        self.values.get(id.0 as usize).unwrap_or(&Value::Opaque)
    }

    /// The text of a value, if it is one.
    pub fn text(&self, id: ValueId) -> Option<&str> {
        match self.get(id) {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// A value as a non-negative integer that fits `usize`.
    pub fn size(&self, id: ValueId) -> Option<usize> {
        match self.get(id) {
            Value::Int(value) => usize::try_from(*value).ok(),
            _ => None,
        }
    }

    /// The items of a tuple or list.
    pub fn sequence(&self, id: ValueId) -> Option<&[ValueId]> {
        match self.get(id) {
            Value::Tuple(items) | Value::List(items) => Some(items),
            _ => None,
        }
    }

    /// The entries of a dictionary.
    pub fn entries(&self, id: ValueId) -> Option<&[(ValueId, ValueId)]> {
        match self.get(id) {
            Value::Dict(entries) => Some(entries),
            _ => None,
        }
    }

    /// The entry of a dictionary under a text key.
    pub fn entry(&self, dict: ValueId, key: &str) -> Option<ValueId> {
        let entries = self.entries(dict)?;
        let found = entries.iter().rev();
        found.filter(|(name, _)| self.text(*name) == Some(key)).map(|(_, value)| *value).next()
    }

    /// Module and name of a function or class.
    pub fn global(&self, id: ValueId) -> Option<(&str, &str)> {
        match self.get(id) {
            Value::Global { module, name } => Some((self.text(*module)?, self.text(*name)?)),
            _ => None,
        }
    }

    /// Callee and arguments of a recorded call.
    pub fn call(&self, id: ValueId) -> Option<(ValueId, &[ValueId])> {
        match self.get(id) {
            Value::Call { callee, arguments } => {
                Some((*callee, self.sequence(*arguments).unwrap_or(&[])))
            }
            _ => None,
        }
    }

    /// The identifiers of all objects kept outside the pickle.
    pub fn persistent_ids(&self) -> impl Iterator<Item = ValueId> {
        self.values.iter().filter_map(|value| match value {
            Value::Persistent(id) => Some(*id),
            _ => None,
        })
    }

    /// What a value is, in a few words for an error message, for example `a list` or
    /// `an object of posix.system`. Safe to print whatever the file says.
    pub fn describe(&self, id: ValueId) -> String {
        match self.get(id) {
            Value::None => "nothing (None)".to_owned(),
            Value::Bool(_) => "a truth value".to_owned(),
            Value::Int(_) | Value::Float(_) => "a number".to_owned(),
            Value::Text(_) => "a text".to_owned(),
            Value::Bytes(_) => "raw bytes".to_owned(),
            Value::Tuple(_) => "a tuple".to_owned(),
            Value::List(_) => "a list".to_owned(),
            Value::Dict(_) => "a dictionary".to_owned(),
            Value::Global { .. } => format!("the Python object {}", self.dotted_name(id)),
            Value::Persistent(_) => "a bare storage".to_owned(),
            Value::Call { callee, .. } => {
                format!("an object that Python would make by calling {}", self.dotted_name(*callee))
            }
            Value::Opaque => "an object of an unknown kind".to_owned(),
        }
    }

    /// `module.name` of a function or class, shortened and with unprintable characters escaped.
    fn dotted_name(&self, id: ValueId) -> String {
        const LONGEST: usize = 80;
        match self.global(id) {
            Some((module, name)) => {
                let name = module.chars().chain(['.']).chain(name.chars());
                name.take(LONGEST).flat_map(char::escape_debug).collect()
            }
            None => "an unnamed function".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests;
