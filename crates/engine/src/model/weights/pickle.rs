//! Reads Python pickles without executing anything.
//!
//! A pickle is a program for a stack machine, and unpickling it in Python may call any function. Here the machine only
//! builds a description: functions and classes are names, and a call is a name with its arguments ([`Value::Call`]).
//! Nothing is looked up, imported or run.
//!
//! All values are in one arena and refer to each other by [`ValueId`], so that building, copying and dropping deeply
//! nested or cyclic pickles never recurses. Time and memory are limited by [`MAX_STEPS`] and the length of the input.
//!
//! The opcodes are those of CPython's `pickletools` (protocols 0 to 5). Out-of-band buffers, the extension registry and
//! integers of more than 128 bits are not supported; PyTorch does not write them.

mod cursor;
mod machine;
mod opcodes;

use std::borrow::Cow;

use tunelab_core::model::weights_error::PickleError;

/// The most values, stack operations and copied items of one pickle.
pub const MAX_STEPS: usize = 4_000_000;

/// Identifies a value of a [`Pickle`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ValueId(u32);

/// A value in a pickle.
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
    /// A dictionary or `collections.OrderedDict`. The last entry of a repeated key counts.
    Dict(Vec<(ValueId, ValueId)>),
    /// A function or class, by name only.
    Global {
        /// Text: the module.
        module: ValueId,
        /// Text: the name within the module.
        name: ValueId,
    },
    /// An object outside the pickle, by its identifier.
    Persistent(ValueId),
    /// An object made by calling a function or class. The call is recorded, not carried out.
    Call {
        /// The function or class.
        callee: ValueId,
        /// The tuple of arguments.
        arguments: ValueId,
    },
    /// A value that is not needed here, such as a set.
    Opaque,
}

/// A pickle as values in an arena.
#[derive(Debug, Clone, PartialEq)]
pub struct Pickle<'a> {
    values: Vec<Value<'a>>,
    root: ValueId,
}

impl<'a> Pickle<'a> {
    /// Reads the pickle at the start of `bytes`, and returns it with its length in bytes.
    ///
    /// # Errors
    /// The pickle is truncated, malformed or too large.
    pub fn read(bytes: &'a [u8]) -> Result<(Self, usize), PickleError> {
        machine::run(bytes)
    }

    /// The value that unpickling returns.
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

    /// The identifiers of all objects outside the pickle.
    pub fn persistent_ids(&self) -> impl Iterator<Item = ValueId> {
        self.values.iter().filter_map(|value| match value {
            Value::Persistent(id) => Some(*id),
            _ => None,
        })
    }

    /// The type of a value in Python's notation, for example `list`, or `posix.system(…)` for a call. Safe to print,
    /// whatever the file contains.
    pub fn describe(&self, id: ValueId) -> String {
        let name = match self.get(id) {
            Value::None => "None",
            Value::Bool(_) => "bool",
            Value::Int(_) => "int",
            Value::Float(_) => "float",
            Value::Text(_) => "str",
            Value::Bytes(_) => "bytes",
            Value::Tuple(_) => "tuple",
            Value::List(_) => "list",
            Value::Dict(_) => "dict",
            Value::Persistent(_) => "storage",
            Value::Opaque => "object",
            Value::Global { .. } => return self.dotted_name(id),
            Value::Call { callee, .. } => return format!("{}(…)", self.dotted_name(*callee)),
        };
        name.to_owned()
    }

    /// `module.name` of a function or class, shortened and with unprintable characters escaped.
    fn dotted_name(&self, id: ValueId) -> String {
        const LONGEST: usize = 80;
        match self.global(id) {
            Some((module, name)) => {
                let name = module.chars().chain(['.']).chain(name.chars());
                name.take(LONGEST).flat_map(char::escape_debug).collect()
            }
            None => "object".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests;
