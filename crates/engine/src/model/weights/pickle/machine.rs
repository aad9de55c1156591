//! The stack machine of pickles: its state, and the operations of its instructions.

use std::collections::HashMap;

use super::cursor::{Cursor, text_or_bytes};
use super::{MAX_STEPS, Pickle, PickleError, Value, ValueId};

/// Runs the program at the start of `bytes` up to its `STOP`.
pub(super) fn run(bytes: &[u8]) -> Result<(Pickle<'_>, usize), PickleError> {
    let mut machine = Machine {
        cursor: Cursor::new(bytes),
        values: Vec::new(),
        stack: Vec::new(),
        marks: Vec::new(),
        memo: HashMap::new(),
        steps: 0,
        offset: 0,
    };
    let root = loop {
        if let Some(root) = machine.step()? {
            break root;
        }
    };
    let length = machine.cursor.position();
    let values = machine.values;
    Ok((Pickle { values, root }, length))
}

pub(super) struct Machine<'a> {
    pub(super) cursor: Cursor<'a>,
    values: Vec<Value<'a>>,
    pub(super) stack: Vec<ValueId>,
    /// The heights of the stack where a `MARK` was set.
    pub(super) marks: Vec<usize>,
    pub(super) memo: HashMap<u64, ValueId>,
    /// Work done so far, in values, stack operations and copied items.
    steps: usize,
    /// The position of the current opcode.
    pub(super) offset: usize,
}

impl<'a> Machine<'a> {
    pub(super) fn malformed(&self) -> PickleError {
        PickleError::Malformed { offset: self.offset }
    }

    pub(super) fn spend(&mut self, steps: usize) -> Result<(), PickleError> {
        self.steps = self.steps.saturating_add(steps);
        if self.steps > MAX_STEPS {
            return Err(PickleError::TooLarge { limit: MAX_STEPS });
        }
        Ok(())
    }

    /// Adds a value to the arena.
    pub(super) fn add(&mut self, value: Value<'a>) -> Result<ValueId, PickleError> {
        let id = u32::try_from(self.values.len())
            .map_err(|_| PickleError::TooLarge { limit: MAX_STEPS })?;
        self.values.push(value);
        Ok(ValueId(id))
    }

    pub(super) fn push(&mut self, value: Value<'a>) -> Result<(), PickleError> {
        let id = self.add(value)?;
        self.stack.push(id);
        Ok(())
    }

    pub(super) fn push_valid(&mut self, value: Option<Value<'a>>) -> Result<(), PickleError> {
        self.push(value.ok_or_else(|| self.malformed())?)
    }

    pub(super) fn push_text_or_bytes(&mut self, width: usize) -> Result<(), PickleError> {
        let bytes = self.cursor.counted(width)?;
        self.push(text_or_bytes(bytes))
    }

    pub(super) fn push_bytes(&mut self, width: usize) -> Result<(), PickleError> {
        let bytes = self.cursor.counted(width)?;
        self.push(Value::Bytes(bytes))
    }

    /// The height of the stack below which nothing may be popped.
    fn floor(&self) -> usize {
        self.marks.last().copied().unwrap_or(0)
    }

    pub(super) fn top(&self) -> Result<ValueId, PickleError> {
        let above = self.stack.get(self.floor()..).unwrap_or(&[]);
        above.last().copied().ok_or_else(|| self.malformed())
    }

    pub(super) fn pop(&mut self) -> Result<ValueId, PickleError> {
        let top = self.top()?;
        self.stack.pop();
        Ok(top)
    }

    /// `POP` removes a mark when nothing lies above it.
    pub(super) fn pop_or_mark(&mut self) -> Result<(), PickleError> {
        if self.top().is_ok() {
            self.stack.pop();
            return Ok(());
        }
        match self.marks.pop() {
            Some(_) => Ok(()),
            None => Err(self.malformed()),
        }
    }

    pub(super) fn pop_to_mark(&mut self) -> Result<Vec<ValueId>, PickleError> {
        let mark = self.marks.pop().ok_or_else(|| self.malformed())?;
        Ok(self.stack.split_off(mark.min(self.stack.len())))
    }

    pub(super) fn tuple_of(&mut self, count: usize) -> Result<(), PickleError> {
        let available = self.stack.len() - self.floor().min(self.stack.len());
        if available < count {
            return Err(self.malformed());
        }
        let items = self.stack.split_off(self.stack.len() - count);
        self.push(Value::Tuple(items))
    }

    /// Appends to the list on top. The items of any other object are ignored.
    pub(super) fn append(&mut self, items: Vec<ValueId>) -> Result<(), PickleError> {
        let target = self.top()?;
        if let Some(Value::List(list)) = self.values.get_mut(target.0 as usize) {
            list.extend(items);
        }
        Ok(())
    }

    /// Inserts alternating keys and values into the dictionary on top. Those of any other object are ignored.
    pub(super) fn insert(&mut self, items: &[ValueId]) -> Result<(), PickleError> {
        let target = self.top()?;
        let (pairs, rest) = items.as_chunks::<2>();
        if !rest.is_empty() {
            return Err(self.malformed());
        }
        if let Some(Value::Dict(entries)) = self.values.get_mut(target.0 as usize) {
            entries.extend(pairs.iter().map(|&[key, value]| (key, value)));
        }
        Ok(())
    }

    pub(super) fn memo_index(&self, value: Option<Value<'a>>) -> Result<u64, PickleError> {
        match value {
            Some(Value::Int(index)) => u64::try_from(index).map_err(|_| self.malformed()),
            _ => Err(self.malformed()),
        }
    }

    pub(super) fn memoize(&mut self, index: u64) -> Result<(), PickleError> {
        let top = self.top()?;
        self.memo.insert(index, top);
        Ok(())
    }

    pub(super) fn recall(&mut self, index: u64) -> Result<(), PickleError> {
        let id = self.memo.get(&index).copied();
        let id = id.ok_or_else(|| self.malformed())?;
        self.stack.push(id);
        Ok(())
    }

    /// A function or class named by the next two lines.
    pub(super) fn global_operand(&mut self) -> Result<ValueId, PickleError> {
        let module = text_or_bytes(self.cursor.line()?);
        let name = text_or_bytes(self.cursor.line()?);
        let module = self.add(module)?;
        let name = self.add(name)?;
        self.add(Value::Global { module, name })
    }

    /// Records a call. That of `collections.OrderedDict` becomes a dictionary.
    pub(super) fn call(&mut self, callee: ValueId, arguments: ValueId) -> Result<(), PickleError> {
        if !self.is_ordered_dict(callee) {
            return self.push(Value::Call { callee, arguments });
        }
        let entries = self.ordered_dict_entries(arguments)?;
        self.push(Value::Dict(entries))
    }

    fn value(&self, id: ValueId) -> &Value<'a> {
        self.values.get(id.0 as usize).unwrap_or(&Value::Opaque)
    }

    fn is_text(&self, id: ValueId, expected: &str) -> bool {
        matches!(self.value(id), Value::Text(text) if text == expected)
    }

    fn is_ordered_dict(&self, callee: ValueId) -> bool {
        match self.value(callee) {
            Value::Global { module, name } => {
                self.is_text(*module, "collections") && self.is_text(*name, "OrderedDict")
            }
            _ => false,
        }
    }

    /// The entries of `OrderedDict(pairs)`, as in protocols 0 and 1.
    fn ordered_dict_entries(
        &mut self,
        arguments: ValueId,
    ) -> Result<Vec<(ValueId, ValueId)>, PickleError> {
        let items = |id: ValueId| match self.value(id) {
            Value::Tuple(items) | Value::List(items) => Some(items.as_slice()),
            _ => None,
        };
        let pairs = items(arguments)
            .and_then(|arguments| arguments.first())
            .and_then(|first| items(*first))
            .unwrap_or(&[]);
        let mut entries = Vec::new();
        for pair in pairs.iter().take(MAX_STEPS - self.steps.min(MAX_STEPS)) {
            match items(*pair) {
                Some(&[key, value]) => entries.push((key, value)),
                _ => return Err(self.malformed()),
            }
        }
        let copied = pairs.len();
        self.spend(copied)?;
        Ok(entries)
    }
}
