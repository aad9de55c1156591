//! Forward pass and input gradient.

use core::mem::MaybeUninit;

use super::transform::{self, square};
use super::{COMPONENTS, IMAGES_PER_TASK, INPUT_TILE, TILE, TileOfImages, Tiles, component_stride};
use crate::epilogue::{COLUMNS, Epilogue, Rows, Sums, load_some, store_some};
use crate::gemm::{Operand, Product, Tap};
use crate::memory::Memory;
use crate::simd::{InstructionSet, Kernel, Vector};
use crate::threads::Threads;

/// Transforms packed weights ([`crate::pack`]) for [`WinogradPass`]. Places are in numbers from the start of the memory.
pub struct WeightTransform<'a> {
    pub tiles: &'a Tiles,
    /// The packed weights.
    pub packed: usize,
    /// Whether they are those of the input gradient, whose kernel is rotated by half a turn.
    pub rotated: bool,
    /// Where the transformed weights are stored: for each component and panel, a row per input channel.
    pub transformed: usize,
}

impl WeightTransform<'_> {
    /// # Safety
    /// All places are within `memory`, and what is written overlaps nothing else.
    pub unsafe fn run(
        &self,
        instructions: InstructionSet,
        memory: Memory<'_>,
        threads: &dyn Threads,
    ) {
        /// Input channels of a task.
        const CHANNELS: usize = 16;
        let panels = self.tiles.channels_out.div_ceil(instructions.panel());
        let parts = self.tiles.channels_in.div_ceil(CHANNELS);
        threads.run(panels * parts, &|task| {
            let (panel, part) = (task / parts, task % parts);
            let first = part * CHANNELS;
            let last = (first + CHANNELS).min(self.tiles.channels_in);
            for channel in first..last {
                instructions.run(WeightTransformTask {
                    pass: self,
                    memory,
                    panels,
                    panel,
                    channel,
                });
            }
        });
    }
}

struct WeightTransformTask<'a> {
    pass: &'a WeightTransform<'a>,
    memory: Memory<'a>,
    panels: usize,
    panel: usize,
    channel: usize,
}

impl Kernel for WeightTransformTask<'_> {
    #[inline(always)]
    unsafe fn run<V: Vector>(self) {
        let WeightTransform { tiles, packed, rotated, transformed } = self.pass;
        let width = V::LANES * V::COLUMNS;
        let channels = tiles.channels_in;
        unsafe {
            let memory = self.memory.at(0, 0);
            for column in (0..width).step_by(V::LANES) {
                let mut kernel = [[V::splat(0.0); 3]; 3];
                for tap in 0..9 {
                    let row = (self.panel * 9 + tap) * channels + self.channel;
                    let target = if *rotated { 8 - tap } else { tap };
                    kernel[target / 3][target % 3] =
                        V::load(memory.add(packed + row * width + column));
                }
                let result = square!(transform::weights, kernel, 3, 6);
                let stride = component_stride(self.panels * channels * width);
                let place = (self.panel * channels + self.channel) * width + column;
                for (component, value) in result.iter().flatten().enumerate() {
                    value.store(memory.add(transformed + component * stride + place));
                }
            }
        }
    }
}

/// A 3 × 3 convolution with stride 1, or its input gradient. Places are in numbers from the start of the memory.
pub struct WinogradPass<'a> {
    pub tiles: &'a Tiles,
    pub source: usize,
    /// See [`WeightTransform`].
    pub weights: usize,
    pub destination: usize,
    pub epilogue: Epilogue,
    /// Where the epilogue's sums are stored: for each of [`Tiles::task_count`] chunks, [`Epilogue::SUMS`] × channels. Not
    /// for [`Epilogue::Activation`].
    pub sums: Option<usize>,
    /// Room for [`Tiles::input_len`] numbers.
    pub transformed_input: usize,
    /// Room for [`Tiles::output_len`] numbers.
    pub transformed_output: usize,
}

impl WinogradPass<'_> {
    /// Computes the convolution.
    ///
    /// # Safety
    /// All places are within `memory`, with a tile's width to spare, and what is written overlaps nothing else.
    pub unsafe fn run(
        &self,
        instructions: InstructionSet,
        memory: Memory<'_>,
        threads: &dyn Threads,
    ) {
        let panels = self.tiles.channels_out.div_ceil(instructions.panel());
        let mut chunk = 0;
        for images in self.tiles.groups() {
            let rows = self.tiles.tiles() * images.len();
            let tasks = self.tiles.tasks(&images);
            let input = TransformInput {
                tiles: self.tiles,
                channels: self.tiles.channels_in,
                source: self.source,
                transformed: self.transformed_input,
                rows,
            };
            threads.run(tasks.len(), &|task| {
                instructions.run(TransformInputTask { pass: &input, memory, tile: tasks[task] });
            });
            threads.run(COMPONENTS * panels, &|task| {
                instructions.run(ComponentTask { pass: self, memory, rows, panels, task });
            });
            threads.run(tasks.len() * panels, &|task| {
                let (panel, index) = (task / tasks.len(), task % tasks.len());
                let (tile, chunk) = (tasks[index], chunk + index);
                instructions.run(OutputTask {
                    pass: self,
                    memory,
                    rows,
                    panels,
                    panel,
                    tile,
                    chunk,
                });
            });
            chunk += tasks.len();
        }
    }
}

/// The transform of the input of some images: for each component, a row of channels per tile and image.
pub(super) struct TransformInput<'a> {
    pub tiles: &'a Tiles,
    pub channels: usize,
    pub source: usize,
    pub transformed: usize,
    /// Rows per component.
    pub rows: usize,
}

pub(super) struct TransformInputTask<'a> {
    pub pass: &'a TransformInput<'a>,
    pub memory: Memory<'a>,
    pub tile: TileOfImages,
}

impl Kernel for TransformInputTask<'_> {
    #[inline(always)]
    unsafe fn run<V: Vector>(self) {
        let TransformInput { tiles, channels, source, transformed, rows } = self.pass;
        let tile = self.tile;
        // Where the pixels of the tile are; `None` in the padding.
        let mut pixels = [[None; INPUT_TILE]; INPUT_TILE];
        for (row, pixels) in pixels.iter_mut().enumerate() {
            for (column, pixel) in pixels.iter_mut().enumerate() {
                let (y, x) = ((tile.y + row).wrapping_sub(1), (tile.x + column).wrapping_sub(1));
                if y < tiles.height && x < tiles.width {
                    *pixel = Some(source + (y * tiles.width + x) * tiles.batch * channels);
                }
            }
        }
        unsafe {
            let memory = self.memory.at(0, 0);
            let stride = component_stride(rows * channels);
            for index in 0..tile.images {
                let mut channel = 0;
                while channel < *channels {
                    let lanes = V::LANES.min(channels - channel);
                    let at = (tile.image + index) * channels + channel;
                    let mut square = [[V::splat(0.0); INPUT_TILE]; INPUT_TILE];
                    for row in 0..INPUT_TILE {
                        for column in 0..INPUT_TILE {
                            if let Some(pixel) = pixels[row][column] {
                                square[row][column] = load_some(memory.add(pixel + at), lanes);
                            }
                        }
                    }
                    let result = square!(transform::input, square, 6, 6);
                    for (component, value) in result.iter().flatten().enumerate() {
                        let place = component * stride + (tile.row + index) * channels + channel;
                        store_some(*value, memory.add(transformed + place), lanes);
                    }
                    channel += V::LANES;
                }
            }
        }
    }
}

/// The product of a component, for a panel of columns.
struct ComponentTask<'a> {
    pass: &'a WinogradPass<'a>,
    memory: Memory<'a>,
    rows: usize,
    panels: usize,
    task: usize,
}

impl Kernel for ComponentTask<'_> {
    #[inline(always)]
    unsafe fn run<V: Vector>(self) {
        let WinogradPass { tiles, weights, transformed_input, transformed_output, .. } = self.pass;
        let width = V::LANES * V::COLUMNS;
        let (component, panel) = (self.task / self.panels, self.task % self.panels);
        let (depth, rows) = (tiles.channels_in, self.rows);
        let input = transformed_input + component * component_stride(rows * depth);
        let weights = weights + component * component_stride(self.panels * depth * width);
        let output = transformed_output + component * component_stride(self.panels * rows * width);
        unsafe {
            let memory = self.memory.at(0, 0);
            let operand = Operand {
                source: memory.add(input),
                row_stride: depth,
                weights: memory.add(weights + panel * depth * width),
                depth,
            };
            let taps = [Tap { source: 0, weights: 0, operand: 0 }];
            for (row, count) in crate::convolution::tiles(rows, V::ROWS) {
                let out = memory.add(output + (panel * rows + row) * width);
                let product = Product { taps: &taps, operands: &[operand], row, out };
                V::product_tile(&product, count);
            }
        }
    }
}

/// The transform of a panel of the output of a tile, and the epilogue.
struct OutputTask<'a> {
    pass: &'a WinogradPass<'a>,
    memory: Memory<'a>,
    rows: usize,
    panels: usize,
    panel: usize,
    tile: TileOfImages,
    chunk: usize,
}

impl Kernel for OutputTask<'_> {
    #[inline(always)]
    unsafe fn run<V: Vector>(self) {
        let WinogradPass {
            tiles, destination, epilogue, sums: sums_at, transformed_output, ..
        } = self.pass;
        let (tile, width) = (self.tile, V::LANES * V::COLUMNS);
        let channels = tiles.channels_out;
        let channel = self.panel * width;
        let count = width.min(channels - channel);
        // For each pixel of the tile, the rows of its images.
        let mut values = MaybeUninit::<[f32; TILE * TILE * IMAGES_PER_TASK * COLUMNS]>::uninit();
        let values = values.as_mut_ptr().cast::<f32>();
        unsafe {
            let memory = self.memory.at(0, 0);
            let stride = component_stride(self.panels * self.rows * width);
            for index in 0..tile.images {
                for column in (0..width).step_by(V::LANES) {
                    let mut square = [[V::splat(0.0); INPUT_TILE]; INPUT_TILE];
                    let place = self.panel * self.rows + tile.row + index;
                    let place = place * width + column;
                    for row in 0..INPUT_TILE {
                        for line in 0..INPUT_TILE {
                            let component = row * INPUT_TILE + line;
                            let place = component * stride + place;
                            square[row][line] = V::load(memory.add(transformed_output + place));
                        }
                    }
                    let result = square!(transform::output, square, 6, 4);
                    for (pixel, value) in result.iter().flatten().enumerate() {
                        let place = (pixel * IMAGES_PER_TASK + index) * width;
                        value.store(values.add(place + column));
                    }
                }
            }
            let mut sums = Sums::default();
            for pixel in 0..TILE * TILE {
                let (y, x) = (tile.y + pixel / TILE, tile.x + pixel % TILE);
                if y >= tiles.height || x >= tiles.width {
                    continue;
                }
                let rows = Rows {
                    values: values.add(pixel * IMAGES_PER_TASK * width),
                    values_stride: width,
                    count: tile.images,
                    memory,
                    destination: *destination,
                    at: ((y * tiles.width + x) * tiles.batch + tile.image) * channels + channel,
                    stride: channels,
                };
                epilogue.apply::<V>(&rows, channel, count, &mut sums);
            }
            if let Some(place) = *sums_at {
                sums.store(self.memory, [place, self.chunk], channels, [channel, count]);
            }
        }
    }
}
