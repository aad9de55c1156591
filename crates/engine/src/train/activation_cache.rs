//! The activation cache: computes the activations of the frozen parts once, so that an epoch computes only the
//! trained parts.
//!
//! Activations are stored as float16, in memory up to a budget, then in a [`SpillStorage`] of the host.

use burn::tensor::{Device, Tensor, TensorData};
use half::f16;

use crate::data::batch::Batch;
use crate::eval::evaluator::EVALUATION_BATCH;
use crate::model::folded::FoldedBackbone;
use crate::model::parameters::read;
use tunelab_core::device::ComputeError;

/// The input of the first trained part; images if that is the stem.
#[derive(Debug, Clone)]
pub enum Activations {
    /// `[N, C, H, W]`
    Maps(Tensor<4>),
    /// Pooled features, the head's input: `[N, features]`.
    Features(Tensor<2>),
}

/// Loads the given view of the images at the given indices.
pub type LoadView<'a> = &'a dyn Fn(&[usize], u32) -> Batch;

/// The activations of every view of every image of a dataset.
pub struct ActivationCache {
    /// Shape of one image's activations: `[C]` before the head, `[C, H, W]` before a stage.
    shape: Vec<usize>,
    images: usize,
    views: u32,
    store: RowStore,
}

impl ActivationCache {
    /// An empty cache for `views` views of `images` images, whose activations have `shape`.
    pub fn new(shape: Vec<usize>, images: usize, views: u32, store: RowStore) -> Self {
        Self { shape, images, views, store }
    }

    /// Images to compute, over all views.
    pub fn total(&self) -> usize {
        self.images * self.views as usize
    }

    /// Images computed so far, over all views.
    pub fn done(&self) -> usize {
        self.store.len()
    }

    /// Computes the activations of the next batch, which `load` provides.
    ///
    /// # Errors
    /// The device or the spill storage failed.
    pub async fn advance(
        &mut self,
        backbone: &FoldedBackbone,
        load: LoadView<'_>,
        device: &Device,
    ) -> Result<(), ComputeError> {
        let (view, start) = (self.done() / self.images, self.done() % self.images);
        let end = (start + EVALUATION_BATCH).min(self.images);
        let indices: Vec<usize> = (start..end).collect();
        let images = load(&indices, view as u32).into_tensor(device);
        let values = if self.shape.len() == 1 {
            read(backbone.features(images)).await?
        } else {
            read(backbone.activations(images)).await?
        };
        for activation in values.chunks_exact(self.shape.iter().product()) {
            self.store.push(activation)?;
        }
        Ok(())
    }

    /// The activations of view `view` (modulo the number of views) of the images at `indices`.
    ///
    /// # Errors
    /// The spill storage failed.
    ///
    /// # Panics
    /// If one of them is not computed yet.
    pub fn input(
        &mut self,
        indices: &[usize],
        view: u32,
        device: &Device,
    ) -> Result<Activations, ComputeError> {
        let values = self.values(indices, view)?;
        let count = indices.len();
        Ok(match self.shape[..] {
            [channels, height, width] => {
                let data = TensorData::new(values, [count, channels, height, width]);
                Activations::Maps(Tensor::from_data(data, device))
            }
            _ => {
                let data = TensorData::new(values, [count, self.shape[0]]);
                Activations::Features(Tensor::from_data(data, device))
            }
        })
    }

    /// The same activations in host memory, row-major.
    ///
    /// # Errors
    /// The spill storage failed.
    ///
    /// # Panics
    /// If one of them is not computed yet.
    pub fn values(&mut self, indices: &[usize], view: u32) -> Result<Vec<f32>, ComputeError> {
        let first = (view % self.views) as usize * self.images;
        let mut values = Vec::with_capacity(indices.len() * self.shape.iter().product::<usize>());
        for index in indices {
            self.store.read(first + index, &mut values)?;
        }
        Ok(values)
    }
}

/// Storage for activations that do not fit in memory: a temporary file, or the browser's origin private file system.
pub trait SpillStorage {
    /// Writes `bytes` at `offset`, growing the storage as needed.
    ///
    /// # Errors
    /// The storage is full or failed.
    fn write_at(&mut self, offset: u64, bytes: &[u8]) -> Result<(), ComputeError>;

    /// Fills `bytes` from `offset`. All of them were written before.
    ///
    /// # Errors
    /// The storage failed.
    fn read_at(&mut self, offset: u64, bytes: &mut [u8]) -> Result<(), ComputeError>;
}

/// Rows of `width` float16 numbers, in memory and in spill storage.
pub struct RowStore {
    width: usize,
    len: usize,
    /// Maximum number of rows in memory; the others are spilled.
    in_memory: usize,
    memory: Vec<f16>,
    spill: Option<Box<dyn SpillStorage>>,
}

impl RowStore {
    /// An empty store with `budget` bytes of memory, and the rest in `spill`. Without `spill`, all rows are in memory.
    pub fn new(width: usize, budget: u64, spill: Option<Box<dyn SpillStorage>>) -> Self {
        let in_memory = match spill {
            Some(_) => (budget / Self::row_bytes(width)).try_into().unwrap_or(usize::MAX),
            None => usize::MAX,
        };
        Self { width, len: 0, in_memory, memory: Vec::new(), spill }
    }

    /// Bytes per row.
    pub fn row_bytes(width: usize) -> u64 {
        (width * size_of::<f16>()) as u64
    }

    /// The number of rows.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Appends a row. Values are clamped to the range of float16.
    ///
    /// # Errors
    /// The spill storage failed.
    pub fn push(&mut self, row: &[f32]) -> Result<(), ComputeError> {
        let bound = f16::MAX.to_f32();
        let halves = row.iter().map(|value| f16::from_f32(value.clamp(-bound, bound)));
        match &mut self.spill {
            Some(spill) if self.len >= self.in_memory => {
                let bytes: Vec<u8> = halves.flat_map(f16::to_le_bytes).collect();
                let row = (self.len - self.in_memory) as u64;
                spill.write_at(row * bytes.len() as u64, &bytes)?;
            }
            _ => self.memory.extend(halves),
        }
        self.len += 1;
        Ok(())
    }

    /// Appends row `index` to `out`.
    ///
    /// # Errors
    /// The spill storage failed.
    ///
    /// # Panics
    /// If there is no such row.
    pub fn read(&mut self, index: usize, out: &mut Vec<f32>) -> Result<(), ComputeError> {
        assert!(index < self.len, "row {index} of {}", self.len);
        match &mut self.spill {
            Some(spill) if index >= self.in_memory => {
                let mut bytes = vec![0; self.width * size_of::<f16>()];
                let row = (index - self.in_memory) as u64;
                spill.read_at(row * bytes.len() as u64, &mut bytes)?;
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

    impl SpillStorage for Bytes {
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
    fn rows_are_read_from_memory_and_from_spill_storage() {
        let spill: Box<dyn SpillStorage> = Box::<Bytes>::default();
        // Two rows of three numbers fit in memory.
        let mut store = RowStore::new(3, 13, Some(spill));
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
