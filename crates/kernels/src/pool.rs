//! The pooling layers: maximum after the first convolution, average before the head.

use crate::epilogue::{COLUMNS, Epilogue, NormInput, Rows, Sums, load_some, store_some};
use crate::geometry::Shape;
use crate::memory::Memory;
use crate::norm::Norm;
use crate::simd::{InstructionSet, Kernel, Vector};
use crate::threads::Threads;

/// Height and width of the window of the maximum.
const WINDOW: usize = 3;
const STRIDE: usize = 2;
const PADDING: usize = 1;

/// The shape after the maximum pooling.
pub fn pooled(shape: Shape) -> Shape {
    let side = |side: usize| (side + 2 * PADDING - WINDOW) / STRIDE + 1;
    Shape { height: side(shape.height), width: side(shape.width), channels: shape.channels }
}

/// The source coordinates of a pooled coordinate, with their place in the window.
fn sources(pooled: usize, length: usize) -> impl Iterator<Item = (usize, usize)> {
    (0..WINDOW).filter_map(move |index| {
        let source = (pooled * STRIDE + index).checked_sub(PADDING)?;
        (source < length).then_some((index, source))
    })
}

/// The pooled coordinates to whose windows a coordinate belongs, with its place in the window.
fn windows(coordinate: usize, length: usize) -> impl Iterator<Item = (usize, usize)> {
    (0..WINDOW).filter_map(move |index| {
        let scaled = (coordinate + PADDING).checked_sub(index)?;
        let pooled = scaled / STRIDE;
        (scaled % STRIDE == 0 && pooled < length).then_some((index, pooled))
    })
}

/// `destination = relu(max(normalized(source)))` over windows of 3 × 3 with stride 2 and padding 1.
pub struct MaxPool {
    pub source: usize,
    /// The shape of the source.
    pub shape: Shape,
    pub batch: usize,
    /// `None` if the source is normalized already.
    pub norm: Option<Norm>,
    pub destination: usize,
    /// Where the place of each maximum in its window is stored, for the backward pass.
    pub places: Option<usize>,
}

impl MaxPool {
    /// # Safety
    /// All places are within `memory`, and what is written overlaps nothing else.
    pub unsafe fn run(
        &self,
        instructions: InstructionSet,
        memory: Memory<'_>,
        threads: &dyn Threads,
    ) {
        threads.run(pooled(self.shape).pixels(), &|pixel| {
            instructions.run(MaxPoolTask { pass: self, memory, pixel });
        });
    }
}

struct MaxPoolTask<'a> {
    pass: &'a MaxPool,
    memory: Memory<'a>,
    /// Of the result.
    pixel: usize,
}

impl Kernel for MaxPoolTask<'_> {
    #[inline(always)]
    unsafe fn run<V: Vector>(self) {
        let MaxPool { source, shape, batch, norm, destination, places } = self.pass;
        let result = pooled(*shape);
        let (y, x) = (self.pixel / result.width, self.pixel % result.width);
        let mut taps = [(0.0, 0); WINDOW * WINDOW];
        let mut count = 0;
        for (row, source_y) in sources(y, shape.height) {
            for (column, source_x) in sources(x, shape.width) {
                let pixel = source_y * shape.width + source_x;
                taps[count] =
                    ((row * WINDOW + column) as f32, source + pixel * batch * shape.channels);
                count += 1;
            }
        }
        let to = self.pixel * batch * shape.channels;
        unsafe {
            let memory = self.memory.at(0, 0);
            for image in 0..*batch {
                let mut channel = 0;
                while channel < shape.channels {
                    let lanes = V::LANES.min(shape.channels - channel);
                    let at = image * shape.channels + channel;
                    let (mut best, mut place) = (V::splat(f32::NEG_INFINITY), V::splat(-1.0));
                    for &(index, source) in &taps[..count] {
                        let value = match norm {
                            Some(norm) => norm.apply::<V>(memory, source + at, channel, lanes),
                            None => load_some::<V>(memory.add(source + at), lanes),
                        };
                        place = V::where_better(value, best, V::splat(index), place);
                        best = V::where_better(value, best, value, best);
                    }
                    store_some(best.relu(), memory.add(destination + to + at), lanes);
                    if let Some(places) = places {
                        store_some(place, memory.add(places + to + at), lanes);
                    }
                    channel += V::LANES;
                }
            }
        }
    }
}

/// The gradient of the normalized source of a [`MaxPool`]. Sums up what the norm's gradients need.
pub struct MaxPoolGradient {
    /// The gradient of the pooled activation, 0 where that is not positive.
    pub gradient: usize,
    /// The shape of the source.
    pub shape: Shape,
    pub batch: usize,
    pub places: usize,
    pub norm: NormInput,
    pub destination: usize,
    /// Where the sums of each chunk are stored, as those of [`Epilogue::Gradient`].
    pub sums: usize,
}

impl MaxPoolGradient {
    /// The number of chunks: one per line.
    pub fn chunks(&self) -> usize {
        self.shape.height
    }

    /// # Safety
    /// All places are within `memory`, and what is written overlaps nothing else.
    pub unsafe fn run(
        &self,
        instructions: InstructionSet,
        memory: Memory<'_>,
        threads: &dyn Threads,
    ) {
        threads.run(self.chunks(), &|line| {
            instructions.run(MaxPoolGradientTask { pass: self, memory, line });
        });
    }
}

struct MaxPoolGradientTask<'a> {
    pass: &'a MaxPoolGradient,
    memory: Memory<'a>,
    line: usize,
}

impl Kernel for MaxPoolGradientTask<'_> {
    #[inline(always)]
    unsafe fn run<V: Vector>(self) {
        let MaxPoolGradient { gradient, shape, batch, places, norm, destination, sums } = self.pass;
        let result = pooled(*shape);
        let row = batch * shape.channels;
        unsafe {
            let memory = self.memory.at(0, 0);
            let mut channel = 0;
            while channel < shape.channels {
                let lanes = V::LANES.min(shape.channels - channel);
                let mean = load_some::<V>(memory.add(norm.mean + channel), lanes);
                let (mut sum, mut product) = (V::splat(0.0), V::splat(0.0));
                for x in 0..shape.width {
                    let mut taps = [(0.0, 0); 4];
                    let mut count = 0;
                    for (tap_row, pooled_y) in windows(self.line, result.height) {
                        for (tap_column, pooled_x) in windows(x, result.width) {
                            let index = (tap_row * WINDOW + tap_column) as f32;
                            taps[count] = (index, (pooled_y * result.width + pooled_x) * row);
                            count += 1;
                        }
                    }
                    let to = (self.line * shape.width + x) * row;
                    for image in 0..*batch {
                        let at = image * shape.channels + channel;
                        let mut value = V::splat(0.0);
                        for (index, pixel) in &taps[..count] {
                            let found = load_some::<V>(memory.add(places + pixel + at), lanes);
                            let part = load_some::<V>(memory.add(gradient + pixel + at), lanes);
                            value = value.add(part.where_equal(found, V::splat(*index)));
                        }
                        store_some(value, memory.add(destination + to + at), lanes);
                        sum = sum.add(value);
                        let output = load_some::<V>(memory.add(norm.output + to + at), lanes);
                        product = output.sub(mean).mul_add(value, product);
                    }
                }
                let inverse = load_some(memory.add(norm.inverse_deviation + channel), lanes);
                let product = product.mul(inverse);
                let to = sums + self.line * Epilogue::SUMS * shape.channels + channel;
                store_some(sum, memory.add(to), lanes);
                store_some(product, memory.add(to + shape.channels), lanes);
                channel += V::LANES;
            }
        }
    }
}

/// Averages over pixels: `[H, W, N, C]` to `[N, C]`.
pub fn average(memory: Memory<'_>, source: usize, shape: Shape, to: &mut [f32]) {
    let pixels = shape.pixels();
    to.fill(0.0);
    for pixel in 0..pixels {
        // SAFETY: nothing runs beside.
        let values = unsafe { memory.slice(source + pixel * to.len(), to.len()) };
        to.iter_mut().zip(values).for_each(|(sum, value)| *sum += value);
    }
    to.iter_mut().for_each(|sum| *sum /= pixels as f32);
}

/// The gradient of the activation that is averaged, with the epilogue of a product's input gradient.
pub struct AverageGradient {
    /// The gradient of the averages, `[N, C]`, divided by the number of pixels.
    pub gradient: usize,
    pub shape: Shape,
    pub batch: usize,
    pub destination: usize,
    pub epilogue: Epilogue,
    /// Where the sums of each chunk are stored. A chunk is a pixel.
    pub sums: usize,
}

impl AverageGradient {
    /// # Safety
    /// All places are within `memory`, and what is written overlaps nothing else.
    pub unsafe fn run(
        &self,
        instructions: InstructionSet,
        memory: Memory<'_>,
        threads: &dyn Threads,
    ) {
        threads.run(self.shape.pixels(), &|pixel| {
            instructions.run(AverageGradientTask { pass: self, memory, pixel });
        });
    }
}

struct AverageGradientTask<'a> {
    pass: &'a AverageGradient,
    memory: Memory<'a>,
    pixel: usize,
}

impl Kernel for AverageGradientTask<'_> {
    #[inline(always)]
    unsafe fn run<V: Vector>(self) {
        let AverageGradient { gradient, shape, batch, destination, epilogue, sums } = self.pass;
        let channels = shape.channels;
        unsafe {
            let memory = self.memory.at(0, 0);
            for channel in (0..channels).step_by(COLUMNS) {
                let count = COLUMNS.min(channels - channel);
                let mut found = Sums::default();
                let rows = Rows {
                    values: memory.add(gradient + channel),
                    values_stride: channels,
                    count: *batch,
                    memory,
                    destination: *destination,
                    at: self.pixel * batch * channels + channel,
                    stride: channels,
                };
                epilogue.apply::<V>(&rows, channel, count, &mut found);
                found.store(self.memory, [*sums, self.pixel], channels, [channel, count]);
            }
        }
    }
}
