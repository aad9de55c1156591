//! Batch normalization (Ioffe and Szegedy, 2015) with PyTorch's conventions: the biased variance normalizes a batch, and
//! the gradient passes through its statistics.

use crate::epilogue::{Epilogue, load_some, store_some};
use crate::math::sqrt_f64;
use crate::memory::Memory;
use crate::simd::{InstructionSet, Kernel, Vector};
use crate::threads::Threads;

/// Numbers that a task of an elementwise pass processes.
const NUMBERS_PER_TASK: usize = 1 << 14;

/// Where the numbers of a norm are, one per channel each, in numbers from the start of the memory.
#[derive(Debug, Clone, Copy)]
pub struct Norm {
    pub channels: usize,
    /// The mean that is subtracted: of the batch, or the running one.
    pub mean: usize,
    /// The biased variance of the batch, or the running one.
    pub variance: usize,
    pub inverse_deviation: usize,
    /// The trained scale.
    pub weight: usize,
    /// The trained shift.
    pub bias: usize,
    /// `weight * inverse_deviation`.
    pub scale: usize,
    /// In the backward pass, the factor of `output - mean` in the gradient of the norm's input.
    pub slope: usize,
    /// In the backward pass, the constant of that gradient.
    pub offset: usize,
}

impl Norm {
    /// Numbers per channel.
    pub const NUMBERS: usize = 8;

    /// A norm whose numbers start at `place`.
    pub fn at(place: usize, channels: usize) -> Self {
        let part = |index: usize| place + index * channels;
        Self {
            channels,
            mean: part(0),
            variance: part(1),
            inverse_deviation: part(2),
            weight: part(3),
            bias: part(4),
            scale: part(5),
            slope: part(6),
            offset: part(7),
        }
    }

    /// The numbers of `place`, one per channel.
    ///
    /// # Safety
    /// No task of a loop writes them.
    unsafe fn numbers<'a>(&self, memory: Memory<'a>, place: usize) -> &'a mut [f32] {
        unsafe { memory.slice_mut(place, self.channels) }
    }

    /// Sets mean and variance from the sums of [`Epilogue::Statistics`] over `count` values per channel, whose shift is
    /// `shift`. `sums` has [`Epilogue::SUMS`] × channels numbers per chunk.
    pub fn set_statistics(
        &self,
        memory: Memory<'_>,
        shift: &[f32],
        sums: usize,
        chunks: usize,
        count: usize,
    ) {
        for channel in 0..self.channels {
            // SAFETY: nothing runs beside.
            let [sum, squares] =
                unsafe { [0, 1].map(|index| self.total(memory, sums, chunks, index, channel)) };
            let difference = sum / count as f64;
            let variance = (squares / count as f64 - difference * difference).max(0.0);
            unsafe {
                self.numbers(memory, self.mean)[channel] =
                    (f64::from(shift[channel]) + difference) as f32;
                // `max` drops NaN.
                let variance = if squares.is_nan() { f64::NAN } else { variance };
                self.numbers(memory, self.variance)[channel] = variance as f32;
            }
        }
    }

    /// Sets the inverse deviation and the scale from the variance and the weight.
    pub fn prepare(&self, memory: Memory<'_>, epsilon: f64) {
        // SAFETY: nothing runs beside.
        unsafe {
            for channel in 0..self.channels {
                let variance = f64::from(self.numbers(memory, self.variance)[channel]);
                let inverse = 1.0 / sqrt_f64(variance + epsilon);
                self.numbers(memory, self.inverse_deviation)[channel] = inverse as f32;
                let weight = f64::from(self.numbers(memory, self.weight)[channel]);
                self.numbers(memory, self.scale)[channel] = (weight * inverse) as f32;
            }
        }
    }

    /// Sets slope and offset from the sums of [`Epilogue::Gradient`] over `count` values per channel, of which number
    /// `index` belongs to this norm. Stores the gradients of weight and bias, which are these sums.
    #[allow(clippy::too_many_arguments)]
    pub fn set_gradient(
        &self,
        memory: Memory<'_>,
        sums: usize,
        chunks: usize,
        index: usize,
        count: usize,
        weight_gradient: &mut [f32],
        bias_gradient: &mut [f32],
    ) {
        for channel in 0..self.channels {
            // SAFETY: nothing runs beside.
            unsafe {
                let [gradient, product] =
                    [0, index].map(|index| self.total(memory, sums, chunks, index, channel));
                bias_gradient[channel] = gradient as f32;
                weight_gradient[channel] = product as f32;
                let scale = f64::from(self.numbers(memory, self.scale)[channel]);
                let inverse = f64::from(self.numbers(memory, self.inverse_deviation)[channel]);
                let count = count as f64;
                self.numbers(memory, self.slope)[channel] =
                    (-scale * inverse * product / count) as f32;
                self.numbers(memory, self.offset)[channel] = (-scale * gradient / count) as f32;
            }
        }
    }

    /// The normalized value of what is at `place`, for `lanes` channels from `channel` on.
    ///
    /// # Safety
    /// The places are valid, and the processor has the instructions of `V`.
    #[inline(always)]
    pub unsafe fn apply<V: Vector>(
        &self,
        memory: *const f32,
        place: usize,
        channel: usize,
        lanes: usize,
    ) -> V {
        unsafe {
            let value = load_some::<V>(memory.add(place), lanes);
            let mean = load_some::<V>(memory.add(self.mean + channel), lanes);
            let scale = load_some::<V>(memory.add(self.scale + channel), lanes);
            value.sub(mean).mul_add(scale, load_some(memory.add(self.bias + channel), lanes))
        }
    }

    /// Sum number `index` of a channel, over all chunks.
    unsafe fn total(
        &self,
        memory: Memory<'_>,
        sums: usize,
        chunks: usize,
        index: usize,
        channel: usize,
    ) -> f64 {
        let place =
            |chunk: usize| sums + (chunk * Epilogue::SUMS + index) * self.channels + channel;
        (0..chunks).map(|chunk| f64::from(unsafe { *memory.at(place(chunk), 1) })).sum()
    }
}

/// What is added to a normalized activation before ReLU.
#[derive(Debug, Clone, Copy)]
pub enum Shortcut {
    None,
    /// An activation.
    Identity(usize),
    /// Another convolution's output, to be normalized.
    Normalized(usize, Norm),
}

/// `destination = relu(normalized(source) + shortcut)`.
pub struct Normalize {
    pub source: usize,
    pub norm: Norm,
    pub shortcut: Shortcut,
    pub destination: usize,
    /// Rows of channels.
    pub rows: usize,
}

impl Normalize {
    /// # Safety
    /// All places are within `memory`, and what is written overlaps nothing else.
    pub unsafe fn run(
        &self,
        instructions: InstructionSet,
        memory: Memory<'_>,
        threads: &dyn Threads,
    ) {
        for_rows(self.rows, self.norm.channels, threads, |first, count| {
            instructions.run(NormalizeTask { pass: self, memory, first, count });
        });
    }
}

struct NormalizeTask<'a> {
    pass: &'a Normalize,
    memory: Memory<'a>,
    first: usize,
    count: usize,
}

impl Kernel for NormalizeTask<'_> {
    #[inline(always)]
    unsafe fn run<V: Vector>(self) {
        let Normalize { source, norm, shortcut, destination, .. } = self.pass;
        unsafe {
            let memory = self.memory.at(0, 0);
            for row in self.first..self.first + self.count {
                let mut channel = 0;
                while channel < norm.channels {
                    let lanes = V::LANES.min(norm.channels - channel);
                    let at = row * norm.channels + channel;
                    let mut value = norm.apply::<V>(memory, source + at, channel, lanes);
                    match shortcut {
                        Shortcut::None => {}
                        Shortcut::Identity(place) => {
                            value = value.add(load_some(memory.add(place + at), lanes));
                        }
                        Shortcut::Normalized(place, norm) => {
                            value = value.add(norm.apply(memory, place + at, channel, lanes));
                        }
                    }
                    store_some(value.relu(), memory.add(destination + at), lanes);
                    channel += V::LANES;
                }
            }
        }
    }
}

/// The gradient of a norm's input, which replaces the input: `scale * gradient + slope * (input - mean) + offset`.
pub struct NormInputGradient {
    pub gradient: usize,
    /// The convolution's output, which is replaced by its gradient.
    pub output: usize,
    pub norm: Norm,
    /// Whether the norm used the statistics of the batch, which depend on its input. Otherwise slope and offset are 0.
    pub of_batch: bool,
    /// Rows of channels.
    pub rows: usize,
}

impl NormInputGradient {
    /// # Safety
    /// All places are within `memory`, and what is written overlaps nothing else.
    pub unsafe fn run(
        &self,
        instructions: InstructionSet,
        memory: Memory<'_>,
        threads: &dyn Threads,
    ) {
        for_rows(self.rows, self.norm.channels, threads, |first, count| {
            instructions.run(NormInputGradientTask { pass: self, memory, first, count });
        });
    }
}

struct NormInputGradientTask<'a> {
    pass: &'a NormInputGradient,
    memory: Memory<'a>,
    first: usize,
    count: usize,
}

impl Kernel for NormInputGradientTask<'_> {
    #[inline(always)]
    unsafe fn run<V: Vector>(self) {
        let NormInputGradient { gradient, output, norm, of_batch, .. } = self.pass;
        unsafe {
            let memory = self.memory.at(0, 0);
            for row in self.first..self.first + self.count {
                let mut channel = 0;
                while channel < norm.channels {
                    let lanes = V::LANES.min(norm.channels - channel);
                    let at = row * norm.channels + channel;
                    let scale = load_some::<V>(memory.add(norm.scale + channel), lanes);
                    let mut value = load_some::<V>(memory.add(gradient + at), lanes).mul(scale);
                    let to = memory.add(output + at);
                    if *of_batch {
                        let mean = load_some::<V>(memory.add(norm.mean + channel), lanes);
                        let slope = load_some::<V>(memory.add(norm.slope + channel), lanes);
                        let offset = load_some::<V>(memory.add(norm.offset + channel), lanes);
                        value =
                            load_some::<V>(to, lanes).sub(mean).mul_add(slope, value.add(offset));
                    }
                    store_some(value, to, lanes);
                    channel += V::LANES;
                }
            }
        }
    }
}

/// Divides `rows` rows of `channels` numbers into tasks, which get their first row and their number of rows.
fn for_rows(
    rows: usize,
    channels: usize,
    threads: &dyn Threads,
    task: impl Fn(usize, usize) + Sync,
) {
    let per_task = (NUMBERS_PER_TASK / channels).max(1);
    threads.run(rows.div_ceil(per_task), &|index| {
        let first = index * per_task;
        task(first, per_task.min(rows - first));
    });
}
