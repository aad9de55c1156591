//! The instruction set of pickles, protocols 0 to 5; names and meanings are CPython's `pickletools`.

use super::cursor::{decimal, long, quoted, text_or_bytes, unescaped};
use super::machine::Machine;
use super::{PickleError, Value, ValueId};

impl Machine<'_> {
    /// Executes one opcode; returns the result after `STOP`.
    pub(super) fn step(&mut self) -> Result<Option<ValueId>, PickleError> {
        self.offset = self.cursor.position();
        self.spend(1)?;
        match self.cursor.u8()? {
            b'.' => return self.pop().map(Some),

            // PROTO and FRAME: only framing.
            0x80 => drop(self.cursor.take(1)?),
            0x95 => drop(self.cursor.take(8)?),

            b'(' => self.marks.push(self.stack.len()),
            b'0' => self.pop_or_mark()?,
            b'1' => drop(self.pop_to_mark()?),
            b'2' => {
                let top = self.top()?;
                self.stack.push(top);
            }

            b'N' => self.push(Value::None)?,
            0x88 => self.push(Value::Bool(true))?,
            0x89 => self.push(Value::Bool(false))?,
            b'I' => {
                let value = match self.cursor.line()?.trim_ascii() {
                    b"00" => Some(Value::Bool(false)),
                    b"01" => Some(Value::Bool(true)),
                    digits => decimal(digits),
                };
                self.push_valid(value)?;
            }
            b'L' => {
                let value = decimal(self.cursor.line()?);
                self.push_valid(value)?;
            }
            b'J' => {
                let value = self.cursor.i32()?;
                self.push(Value::Int(value.into()))?;
            }
            b'K' => {
                let value = self.cursor.u8()?;
                self.push(Value::Int(value.into()))?;
            }
            b'M' => {
                let value = self.cursor.u16()?;
                self.push(Value::Int(value.into()))?;
            }
            0x8a => {
                let bytes = self.cursor.counted(1)?;
                self.push(long(bytes))?;
            }
            0x8b => {
                let bytes = self.cursor.counted(4)?;
                self.push(long(bytes))?;
            }
            b'F' => {
                let digits = std::str::from_utf8(self.cursor.line()?).ok();
                let value = digits.and_then(|digits| digits.trim().parse().ok());
                self.push_valid(value.map(Value::Float))?;
            }
            b'G' => {
                let value = self.cursor.f64()?;
                self.push(Value::Float(value))?;
            }

            b'S' => {
                let value = quoted(self.cursor.line()?);
                self.push_valid(value)?;
            }
            b'V' => {
                let value = unescaped(self.cursor.line()?);
                self.push_valid(value)?;
            }
            b'T' => self.push_text_or_bytes(4)?,
            b'U' => self.push_text_or_bytes(1)?,
            b'X' => self.push_text_or_bytes(4)?,
            0x8c => self.push_text_or_bytes(1)?,
            0x8d => self.push_text_or_bytes(8)?,
            b'B' => self.push_bytes(4)?,
            b'C' => self.push_bytes(1)?,
            0x8e | 0x96 => self.push_bytes(8)?,

            b')' => self.push(Value::Tuple(Vec::new()))?,
            0x85 => self.tuple_of(1)?,
            0x86 => self.tuple_of(2)?,
            0x87 => self.tuple_of(3)?,
            b't' => {
                let items = self.pop_to_mark()?;
                self.push(Value::Tuple(items))?;
            }
            b']' => self.push(Value::List(Vec::new()))?,
            b'l' => {
                let items = self.pop_to_mark()?;
                self.push(Value::List(items))?;
            }
            b'a' => {
                let item = self.pop()?;
                self.append(vec![item])?;
            }
            b'e' => {
                let items = self.pop_to_mark()?;
                self.append(items)?;
            }
            b'}' => self.push(Value::Dict(Vec::new()))?,
            b'd' => {
                let items = self.pop_to_mark()?;
                self.push(Value::Dict(Vec::new()))?;
                self.insert(&items)?;
            }
            b's' => {
                let value = self.pop()?;
                let key = self.pop()?;
                self.insert(&[key, value])?;
            }
            b'u' => {
                let items = self.pop_to_mark()?;
                self.insert(&items)?;
            }
            0x8f => self.push(Value::Opaque)?,
            0x90 => drop(self.pop_to_mark()?),
            0x91 => {
                self.pop_to_mark()?;
                self.push(Value::Opaque)?;
            }

            b'p' => {
                let index = decimal(self.cursor.line()?);
                let index = self.memo_index(index)?;
                self.memoize(index)?;
            }
            b'q' => {
                let index = self.cursor.u8()?;
                self.memoize(index.into())?;
            }
            b'r' => {
                let index = self.cursor.u32()?;
                self.memoize(index.into())?;
            }
            0x94 => self.memoize(self.memo.len() as u64)?,
            b'g' => {
                let index = decimal(self.cursor.line()?);
                let index = self.memo_index(index)?;
                self.recall(index)?;
            }
            b'h' => {
                let index = self.cursor.u8()?;
                self.recall(index.into())?;
            }
            b'j' => {
                let index = self.cursor.u32()?;
                self.recall(index.into())?;
            }

            b'c' => {
                let global = self.global_operand()?;
                self.stack.push(global);
            }
            0x93 => {
                let name = self.pop()?;
                let module = self.pop()?;
                self.push(Value::Global { module, name })?;
            }
            b'P' => {
                let text = text_or_bytes(self.cursor.line()?);
                self.push(text)?;
                let id = self.pop()?;
                self.push(Value::Persistent(id))?;
            }
            b'Q' => {
                let id = self.pop()?;
                self.push(Value::Persistent(id))?;
            }
            // REDUCE and NEWOBJ: a function or class called with a tuple.
            b'R' | 0x81 => {
                let arguments = self.pop()?;
                let callee = self.pop()?;
                self.call(callee, arguments)?;
            }
            // NEWOBJ_EX: the same with named arguments, which are not needed.
            0x92 => {
                self.pop()?;
                let arguments = self.pop()?;
                let callee = self.pop()?;
                self.call(callee, arguments)?;
            }
            b'i' => {
                let callee = self.global_operand()?;
                let arguments = self.pop_to_mark()?;
                let arguments = self.add(Value::Tuple(arguments))?;
                self.call(callee, arguments)?;
            }
            b'o' => {
                let mut arguments = self.pop_to_mark()?;
                if arguments.is_empty() {
                    return Err(self.malformed());
                }
                let callee = arguments.remove(0);
                let arguments = self.add(Value::Tuple(arguments))?;
                self.call(callee, arguments)?;
            }
            // BUILD: the state of the object below, which has only version numbers for a dictionary of tensors.
            b'b' => {
                self.pop()?;
                self.top()?;
            }

            opcode => {
                return Err(PickleError::UnknownOpcode { opcode, offset: self.offset });
            }
        }
        Ok(None)
    }
}
