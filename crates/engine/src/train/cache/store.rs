//! Rows of float16 numbers, in memory up to a budget and beyond it elsewhere.

use half::f16;

use crate::error::ComputeError;

/// The host's space for what memory has no room for: a file, or the browser's private file system.
pub trait Spill {
    /// Writes bytes at an offset, growing as needed.
    ///
    /// # Errors
    /// There is no room, or it broke.
    fn write_at(&mut self, offset: u64, bytes: &[u8]) -> Result<(), ComputeError>;

    /// Reads as many bytes as fit from an offset where all of them were written.
    ///
    /// # Errors
    /// It broke.
    fn read_at(&mut self, offset: u64, bytes: &mut [u8]) -> Result<(), ComputeError>;
}

/// Rows of the same length.
pub struct Store {
    width: usize,
    len: usize,
    /// Rows that are kept in memory; the rest is spilled.
    in_memory: usize,
    memory: Vec<f16>,
    spill: Option<Box<dyn Spill>>,
}

impl Store {
    /// Room for rows of `width` numbers: `budget` bytes in memory, and more in `spill`.
    pub fn new(width: usize, budget: u64, spill: Option<Box<dyn Spill>>) -> Self {
        let in_memory = match spill {
            Some(_) => (budget / Self::row_bytes(width)).try_into().unwrap_or(usize::MAX),
            None => usize::MAX,
        };
        Self { width, len: 0, in_memory, memory: Vec::new(), spill }
    }

    /// What a row takes.
    pub fn row_bytes(width: usize) -> u64 {
        (width * size_of::<f16>()) as u64
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Adds a row. Numbers beyond float16's range become its largest.
    ///
    /// # Errors
    /// The spill failed.
    pub fn push(&mut self, row: &[f32]) -> Result<(), ComputeError> {
        let bound = f16::MAX.to_f32();
        let halves = row.iter().map(|value| f16::from_f32(value.clamp(-bound, bound)));
        match &mut self.spill {
            Some(spill) if self.len >= self.in_memory => {
                let bytes: Vec<u8> = halves.flat_map(f16::to_le_bytes).collect();
                let place = (self.len - self.in_memory) as u64;
                spill.write_at(place * bytes.len() as u64, &bytes)?;
            }
            _ => self.memory.extend(halves),
        }
        self.len += 1;
        Ok(())
    }

    /// Appends row `index` to `out`.
    ///
    /// # Errors
    /// The spill failed.
    ///
    /// # Panics
    /// When there is no such row.
    pub fn read(&mut self, index: usize, out: &mut Vec<f32>) -> Result<(), ComputeError> {
        assert!(index < self.len, "row {index} of {}", self.len);
        match &mut self.spill {
            Some(spill) if index >= self.in_memory => {
                let mut bytes = vec![0; self.width * size_of::<f16>()];
                let place = (index - self.in_memory) as u64;
                spill.read_at(place * bytes.len() as u64, &mut bytes)?;
                let halves =
                    bytes.chunks_exact(2).map(|pair| f16::from_le_bytes([pair[0], pair[1]]));
                out.extend(halves.map(f16::to_f32));
            }
            _ => {
                let row = &self.memory[index * self.width..(index + 1) * self.width];
                out.extend(row.iter().map(|half| half.to_f32()));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Default)]
    struct Bytes(Vec<u8>);

    impl Spill for Bytes {
        fn write_at(&mut self, offset: u64, bytes: &[u8]) -> Result<(), ComputeError> {
            let end = offset as usize + bytes.len();
            self.0.resize(self.0.len().max(end), 0);
            self.0[offset as usize..end].copy_from_slice(bytes);
            Ok(())
        }

        fn read_at(&mut self, offset: u64, bytes: &mut [u8]) -> Result<(), ComputeError> {
            let start = offset as usize;
            let stored = self.0.get(start..start + bytes.len());
            bytes.copy_from_slice(stored.ok_or(ComputeError::Spill("too short".into()))?);
            Ok(())
        }
    }

    #[test]
    fn rows_come_back_from_memory_and_from_the_spill() {
        let spill: Box<dyn Spill> = Box::<Bytes>::default();
        // Room for two rows of three numbers in memory.
        let mut store = Store::new(3, 13, Some(spill));
        let rows: Vec<[f32; 3]> = (0..5).map(|row| [row as f32, 0.5, 1e9]).collect();
        for row in &rows {
            store.push(row).unwrap();
        }
        assert_eq!(store.memory.len(), 6);
        for index in [4, 0, 2, 1, 3] {
            let mut out = Vec::new();
            store.read(index, &mut out).unwrap();
            assert_eq!(out, [index as f32, 0.5, f16::MAX.to_f32()]);
        }
    }
}
