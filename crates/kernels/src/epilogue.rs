//! What is done with a tile of a product while it is in the cache.

use core::marker::PhantomData;

use crate::memory::Memory;
use crate::simd::Vector;

/// A normalized activation whose gradient is computed, for the gradients of its norm. Places are in numbers from the
/// start of the memory.
#[derive(Debug, Clone, Copy)]
pub struct NormInput {
    /// The convolution's output, in the layout of the gradient.
    pub output: usize,
    /// Mean per channel.
    pub mean: usize,
    /// 1 / standard deviation per channel.
    pub inverse_deviation: usize,
}

/// What is done with the tiles of a product. Places are in numbers from the start of the memory.
#[derive(Debug, Clone, Copy)]
pub enum Epilogue {
    /// Stores them. Sums up their differences from `shift` (per channel), and the squares of these.
    Statistics { shift: usize },
    /// Adds a bias (per channel) and a residual, applies ReLU, and stores them: inference.
    Activation { bias: usize, residual: Option<usize>, relu: bool },
    /// Adds `addend`, sets the gradient to zero where the activation `gate` is not positive, and stores it. Sums up the
    /// gradient, and its products with the normalized inputs of `norms`.
    Gradient { addend: Option<usize>, gate: Option<usize>, norms: [Option<NormInput>; 2] },
}

/// The most columns of a tile.
pub const COLUMNS: usize = 32;

/// Sums over rows, for each column of a tile.
#[derive(Debug, Clone, Copy)]
pub struct Sums(pub [[f32; COLUMNS]; Epilogue::SUMS]);

impl Default for Sums {
    fn default() -> Self {
        Self([[0.0; COLUMNS]; Epilogue::SUMS])
    }
}

impl Sums {
    /// Stores those of the first `count` columns, from `channel` on, as number `chunk` of the chunks at `place`.
    ///
    /// # Safety
    /// As of [`Memory::at`].
    #[inline(always)]
    pub unsafe fn store(
        &self,
        memory: Memory<'_>,
        [place, chunk]: [usize; 2],
        channels: usize,
        [channel, count]: [usize; 2],
    ) {
        let place = place + chunk * Epilogue::SUMS * channels + channel;
        for (index, sums) in self.0.iter().enumerate() {
            let to = unsafe { memory.slice_mut(place + index * channels, count) };
            to.copy_from_slice(&sums[..count]);
        }
    }
}

/// Rows of values, and where they are stored.
#[derive(Debug, Clone, Copy)]
pub struct Rows {
    pub values: *const f32,
    /// Numbers from one row of values to the next.
    pub values_stride: usize,
    pub count: usize,
    /// The start of the memory that all places refer to.
    pub memory: *mut f32,
    /// The start of the activation to store.
    pub destination: usize,
    /// Where the first row is, in numbers from the start of the activation.
    pub at: usize,
    /// Numbers from one row of the activation to the next.
    pub stride: usize,
}

impl Epilogue {
    /// The most sums per channel.
    pub const SUMS: usize = 3;

    /// Processes rows that begin at channel `channel` and have `count` channels, at most [`COLUMNS`].
    ///
    /// # Safety
    /// All pointers and places are valid for what is read and written, and the processor has the instructions of `V`.
    #[inline(always)]
    pub unsafe fn apply<V: Vector>(
        &self,
        rows: &Rows,
        channel: usize,
        count: usize,
        sums: &mut Sums,
    ) {
        let mut first = 0;
        while first < count {
            let columns = Columns::<V> {
                rows: *rows,
                first,
                channel: channel + first,
                lanes: V::LANES.min(count - first),
                vector: PhantomData,
            };
            unsafe {
                match self {
                    Self::Statistics { shift } => columns.statistics(*shift, sums),
                    Self::Activation { bias, residual, relu } => {
                        columns.activation(*bias, *residual, *relu);
                    }
                    Self::Gradient { addend, gate, norms } => {
                        columns.gradient(*addend, *gate, norms, sums);
                    }
                }
            }
            first += V::LANES;
        }
    }
}

/// A vector of columns of some rows, of which `lanes` are used.
struct Columns<V> {
    rows: Rows,
    /// The first column.
    first: usize,
    /// Its channel.
    channel: usize,
    lanes: usize,
    vector: PhantomData<V>,
}

impl<V: Vector> Columns<V> {
    /// The value of row `row`, and where it belongs in an activation.
    #[inline(always)]
    unsafe fn row(&self, row: usize) -> (V, usize) {
        let Rows { values, values_stride, at, stride, .. } = self.rows;
        let value = unsafe { load_some(values.add(row * values_stride + self.first), self.lanes) };
        (value, at + row * stride + self.first)
    }

    /// The numbers of the channels, from those of all channels at `place`.
    #[inline(always)]
    unsafe fn per_channel(&self, place: usize) -> V {
        unsafe { load_some(self.rows.memory.add(place + self.channel), self.lanes) }
    }

    /// What the activation at `place` has at `at`.
    #[inline(always)]
    unsafe fn load(&self, place: usize, at: usize) -> V {
        unsafe { load_some(self.rows.memory.add(place + at), self.lanes) }
    }

    #[inline(always)]
    unsafe fn store(&self, value: V, at: usize) {
        unsafe { store_some(value, self.rows.memory.add(self.rows.destination + at), self.lanes) }
    }

    #[inline(always)]
    unsafe fn statistics(&self, shift: usize, sums: &mut Sums) {
        unsafe {
            let shift = self.per_channel(shift);
            let (mut sum, mut squares) = (V::splat(0.0), V::splat(0.0));
            for row in 0..self.rows.count {
                let (value, at) = self.row(row);
                self.store(value, at);
                let difference = value.sub(shift);
                sum = sum.add(difference);
                squares = difference.mul_add(difference, squares);
            }
            self.add_to(sums, 0, sum);
            self.add_to(sums, 1, squares);
        }
    }

    #[inline(always)]
    unsafe fn activation(&self, bias: usize, residual: Option<usize>, relu: bool) {
        unsafe {
            let bias = self.per_channel(bias);
            for row in 0..self.rows.count {
                let (value, at) = self.row(row);
                let mut value = value.add(bias);
                if let Some(residual) = residual {
                    value = value.add(self.load(residual, at));
                }
                self.store(if relu { value.relu() } else { value }, at);
            }
        }
    }

    #[inline(always)]
    unsafe fn gradient(
        &self,
        addend: Option<usize>,
        gate: Option<usize>,
        norms: &[Option<NormInput>; 2],
        sums: &mut Sums,
    ) {
        unsafe {
            let mut sum = V::splat(0.0);
            for row in 0..self.rows.count {
                let (mut value, at) = self.row(row);
                if let Some(addend) = addend {
                    value = value.add(self.load(addend, at));
                }
                if let Some(gate) = gate {
                    value = value.where_positive(self.load(gate, at));
                }
                self.store(value, at);
                sum = sum.add(value);
            }
            self.add_to(sums, 0, sum);
            for (index, norm) in norms.iter().enumerate() {
                let Some(norm) = norm else { continue };
                let mean = self.per_channel(norm.mean);
                let inverse = self.per_channel(norm.inverse_deviation);
                let mut sum = V::splat(0.0);
                for row in 0..self.rows.count {
                    let at = self.rows.at + row * self.rows.stride + self.first;
                    let value = self.load(self.rows.destination, at);
                    sum = self.load(norm.output, at).sub(mean).mul_add(value, sum);
                }
                self.add_to(sums, 1 + index, sum.mul(inverse));
            }
        }
    }

    #[inline(always)]
    unsafe fn add_to(&self, sums: &mut Sums, index: usize, value: V) {
        unsafe {
            let sum = sums.0[index].as_mut_ptr().add(self.first);
            V::load(sum).add(value).store(sum);
        }
    }
}

/// The first `lanes` numbers; the others are 0.
///
/// # Safety
/// They can be read, and the processor has the instructions of `V`.
#[inline(always)]
pub unsafe fn load_some<V: Vector>(from: *const f32, lanes: usize) -> V {
    unsafe {
        if lanes >= V::LANES {
            return V::load(from);
        }
        let mut numbers = [0.0; 16];
        core::ptr::copy_nonoverlapping(from, numbers.as_mut_ptr(), lanes);
        V::load(numbers.as_ptr())
    }
}

/// Stores the first `lanes` numbers.
///
/// # Safety
/// They can be written, and the processor has the instructions of `V`.
#[inline(always)]
pub unsafe fn store_some<V: Vector>(value: V, to: *mut f32, lanes: usize) {
    unsafe {
        if lanes >= V::LANES {
            return value.store(to);
        }
        let mut numbers = [0.0; 16];
        value.store(numbers.as_mut_ptr());
        core::ptr::copy_nonoverlapping(numbers.as_ptr(), to, lanes);
    }
}
