//! The gradient of the weights.

use super::convolution::{TransformInput, TransformInputTask};
use super::transform::{self, square};
use super::{COMPONENTS, INPUT_TILE, TILE, TileOfImages, Tiles, component_stride};
use crate::convolution::tiles as divide;
use crate::epilogue::{load_some, store_some};
use crate::gemm::{Outer, Pair};
use crate::memory::Memory;
use crate::simd::{InstructionSet, Kernel, Vector};
use crate::threads::Threads;
use crate::weight_gradient::{TAPS, TapTiles, interleave};

/// The gradient of the weights of a 3 × 3 convolution with stride 1. Places are in numbers from the start of the memory.
pub struct WinogradWeightGradient<'a> {
    pub tiles: &'a Tiles,
    /// The gradient of the convolution's output.
    pub output_gradient: usize,
    /// The convolution's input.
    pub input: usize,
    /// Room for [`Tiles::input_len`] numbers.
    pub transformed_input: usize,
    /// Room for [`Tiles::output_len`] numbers.
    pub transformed_gradient: usize,
    /// Room for components × output channels × input channels, the latter padded to whole panels.
    pub components: usize,
}

impl WinogradWeightGradient<'_> {
    /// Numbers of [`WinogradWeightGradient::components`].
    pub fn components_len(tiles: &Tiles, panel: usize) -> usize {
        COMPONENTS
            * component_stride(tiles.channels_out * tiles.channels_in.next_multiple_of(panel))
    }

    /// Stores the gradient in all of `gradient`, in PyTorch's layout, `[channels_out, channels_in, 3, 3]`.
    ///
    /// # Safety
    /// All places are within `memory`, with a tile's width to spare.
    pub unsafe fn run(
        &self,
        instructions: InstructionSet,
        memory: Memory<'_>,
        gradient: Memory<'_>,
        threads: &dyn Threads,
    ) {
        let tiles = self.tiles;
        assert_eq!(gradient.len(), tiles.channels_out * tiles.channels_in * TAPS, "the weights");
        let blocks = tiles.channels_out.div_ceil(instructions.rows());
        let panels = tiles.channels_in.div_ceil(instructions.panel());
        for (index, images) in tiles.groups().enumerate() {
            let rows = tiles.tiles() * images.len();
            let tasks = tiles.tasks(&images);
            let input = TransformInput {
                tiles,
                channels: tiles.channels_in,
                source: self.input,
                transformed: self.transformed_input,
                rows,
            };
            threads.run(tasks.len(), &|task| {
                let tile = tasks[task];
                instructions.run(TransformInputTask { pass: &input, memory, tile });
                instructions.run(TransformGradientTask { pass: self, memory, rows, tile });
            });
            let is_first = index == 0;
            threads.run(COMPONENTS * panels, &|task| {
                instructions.run(ComponentTask {
                    pass: self,
                    memory,
                    rows,
                    panels,
                    task,
                    is_first,
                });
            });
        }
        threads.run(blocks * panels, &|task| {
            let (panel, block) = (task / blocks, task % blocks);
            instructions.run(ResultTask { pass: self, memory, gradient, panels, panel, block });
        });
    }
}

/// The transform of the output's gradient of a tile.
struct TransformGradientTask<'a> {
    pass: &'a WinogradWeightGradient<'a>,
    memory: Memory<'a>,
    rows: usize,
    tile: TileOfImages,
}

impl Kernel for TransformGradientTask<'_> {
    #[inline(always)]
    unsafe fn run<V: Vector>(self) {
        let WinogradWeightGradient { tiles, output_gradient, transformed_gradient, .. } = self.pass;
        let (tile, channels) = (self.tile, tiles.channels_out);
        unsafe {
            let memory = self.memory.at(0, 0);
            let stride = component_stride(self.rows * channels);
            for index in 0..tile.images {
                let mut channel = 0;
                while channel < channels {
                    let lanes = V::LANES.min(channels - channel);
                    let mut square = [[V::splat(0.0); TILE]; TILE];
                    for row in 0..TILE {
                        for column in 0..TILE {
                            let (y, x) = (tile.y + row, tile.x + column);
                            if y < tiles.height && x < tiles.width {
                                let pixel =
                                    (y * tiles.width + x) * tiles.batch + tile.image + index;
                                let at = output_gradient + pixel * channels + channel;
                                square[row][column] = load_some(memory.add(at), lanes);
                            }
                        }
                    }
                    let result = square!(transform::output_gradient, square, 4, 6);
                    for (component, value) in result.iter().flatten().enumerate() {
                        let place = component * stride + (tile.row + index) * channels;
                        let to = memory.add(transformed_gradient + place + channel);
                        store_some(*value, to, lanes);
                    }
                    channel += V::LANES;
                }
            }
        }
    }
}

/// A component of the gradient, for a panel of input channels.
struct ComponentTask<'a> {
    pass: &'a WinogradWeightGradient<'a>,
    memory: Memory<'a>,
    rows: usize,
    panels: usize,
    task: usize,
    is_first: bool,
}

impl Kernel for ComponentTask<'_> {
    #[inline(always)]
    unsafe fn run<V: Vector>(self) {
        let WinogradWeightGradient {
            tiles,
            transformed_input,
            transformed_gradient,
            components,
            ..
        } = self.pass;
        let width = V::LANES * V::COLUMNS;
        let (component, panel) = (self.task / self.panels, self.task % self.panels);
        let pairs = [Pair { left: 0, right: 0, samples: self.rows as u32 }];
        unsafe {
            let memory = self.memory.at(0, 0);
            let left = component * component_stride(self.rows * tiles.channels_out);
            let right = component * component_stride(self.rows * tiles.channels_in);
            let sums = component * component_stride(self.panels * tiles.channels_out * width);
            for (output, rows) in divide(tiles.channels_out, V::ROWS) {
                let place = (panel * tiles.channels_out + output) * width;
                let place = components + sums + place;
                if self.is_first {
                    self.memory.slice_mut(place, rows * width).fill(0.0);
                }
                let outer = Outer {
                    pairs: &pairs,
                    left: memory.add(transformed_gradient + left + output),
                    left_stride: tiles.channels_out,
                    right: memory.add(transformed_input + right + panel * width),
                    right_stride: tiles.channels_in,
                    out: memory.add(place),
                };
                V::outer_tile(&outer, rows);
            }
        }
    }
}

/// The transform of the components to the gradient, for some output channels and a panel of input channels.
struct ResultTask<'a> {
    pass: &'a WinogradWeightGradient<'a>,
    memory: Memory<'a>,
    gradient: Memory<'a>,
    panels: usize,
    panel: usize,
    block: usize,
}

impl Kernel for ResultTask<'_> {
    #[inline(always)]
    unsafe fn run<V: Vector>(self) {
        let WinogradWeightGradient { tiles, components, .. } = self.pass;
        let width = V::LANES * V::COLUMNS;
        let Some((output, rows)) = divide(tiles.channels_out, V::ROWS).nth(self.block) else {
            return;
        };
        let channel = self.panel * width;
        let channels = width.min(tiles.channels_in - channel);
        let component_stride = component_stride(self.panels * tiles.channels_out * width);
        let (mut room, stride) = (TapTiles::new(), TapTiles::stride::<V>());
        let tile = room.zeros::<V>(TAPS);
        unsafe {
            let memory = self.memory.at(0, 0);
            for row in 0..rows {
                for column in (0..width).step_by(V::LANES) {
                    let mut square = [[V::splat(0.0); INPUT_TILE]; INPUT_TILE];
                    let place = self.panel * tiles.channels_out + output + row;
                    for component in 0..COMPONENTS {
                        let place = component * component_stride + place * width + column;
                        square[component / INPUT_TILE][component % INPUT_TILE] =
                            V::load(memory.add(components + place));
                    }
                    let kernel = square!(transform::weight_gradient, square, 6, 3);
                    for tap in 0..TAPS {
                        let to = tap * stride + row * width + column;
                        kernel[tap / 3][tap % 3].store(tile.as_mut_ptr().add(to));
                    }
                }
                let start = ((output + row) * tiles.channels_in + channel) * TAPS;
                let to = self.gradient.at(start, channels * TAPS);
                interleave::<V>(tile, row * width, [TAPS, channels], to);
            }
        }
    }
}
