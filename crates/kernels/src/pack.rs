//! The layouts of weights that the products read.
//!
//! Weights come as PyTorch stores them, `[channels_out, channels_in, kernel, kernel]`. A packed matrix has panels of as
//! many columns as a tile; in each panel, for each tap, a row per number that is multiplied. Missing columns are zero.

use crate::geometry::Convolution;
use core::ops::Range;

use crate::memory::Memory;
use crate::simd::{InstructionSet, Kernel, Vector};
use crate::threads::Threads;

/// How the weights of a convolution are packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Packing {
    /// Columns are output channels; a row per input channel.
    Forward,
    /// Columns are input channels; a row per output channel.
    InputGradient,
    /// As `Forward`, of a convolution whose taps are the rows of its kernel: a row per kernel column and channel.
    Images,
}

impl Packing {
    /// Columns, before they are padded to whole panels.
    fn columns(self, convolution: &Convolution) -> usize {
        match self {
            Self::Forward | Self::Images => convolution.channels_out,
            Self::InputGradient => convolution.channels_in,
        }
    }

    /// Rows per tap: numbers that a row of the input has.
    pub fn depth(self, convolution: &Convolution) -> usize {
        match self {
            Self::Forward => convolution.channels_in,
            Self::InputGradient => convolution.channels_out,
            Self::Images => convolution.channels_in * convolution.kernel,
        }
    }

    /// The number of panels.
    pub fn panels(self, convolution: &Convolution, panel: usize) -> usize {
        self.columns(convolution).div_ceil(panel)
    }

    /// Rows per panel, over all taps.
    pub fn rows(self, convolution: &Convolution) -> usize {
        convolution.weights() / self.columns(convolution)
    }

    /// Numbers of the packed weights.
    pub fn len(self, convolution: &Convolution, panel: usize) -> usize {
        self.panels(convolution, panel) * self.rows(convolution) * panel
    }

    /// Packs `weights` to `packed`, from its number `start` on. Multiplies each output channel by its number in
    /// `scale`, if any.
    #[allow(clippy::too_many_arguments)]
    pub fn pack(
        self,
        convolution: &Convolution,
        weights: &[f32],
        scale: Option<&[f32]>,
        packed: Memory<'_>,
        start: usize,
        instructions: InstructionSet,
        threads: &dyn Threads,
    ) {
        assert_eq!(weights.len(), convolution.weights(), "the weights of the convolution");
        assert!(scale.is_none_or(|scale| scale.len() == convolution.channels_out));
        let panel = instructions.panel();
        // Tasks are parts of panels, as small batches have few panels for many weights.
        let parts = match self {
            Self::InputGradient => convolution.channels_out.div_ceil(OUTPUTS_PER_TASK),
            Self::Forward | Self::Images => 1,
        };
        threads.run(self.panels(convolution, panel) * parts, &|task| {
            let (index, part) = (task / parts, task % parts);
            let first = index * panel;
            let panel = Panel {
                convolution,
                weights,
                scale,
                packed,
                start: start + index * self.rows(convolution) * panel,
                first,
                count: panel.min(self.columns(convolution) - first),
            };
            match self {
                Self::Forward => instructions.run(ForwardPanel(panel)),
                Self::InputGradient => {
                    let first = part * OUTPUTS_PER_TASK;
                    let last = (first + OUTPUTS_PER_TASK).min(convolution.channels_out);
                    instructions.run(InputGradientPanel { panel, outputs: first..last });
                }
                Self::Images => panel.pack_images(instructions.panel()),
            }
        });
    }
}

/// Output channels that a task packs for the input gradient.
const OUTPUTS_PER_TASK: usize = 64;

/// A panel to pack.
struct Panel<'a> {
    convolution: &'a Convolution,
    weights: &'a [f32],
    scale: Option<&'a [f32]>,
    packed: Memory<'a>,
    /// Where the panel starts.
    start: usize,
    /// Its first column.
    first: usize,
    /// Its columns, without padding.
    count: usize,
}

impl Panel<'_> {
    /// Stores `value` in a row and a column of the panel.
    ///
    /// # Safety
    /// No other task has this row of the panel.
    #[inline(always)]
    unsafe fn put(&self, row: usize, column: usize, width: usize, value: f32) {
        unsafe { *self.packed.at(self.start + row * width + column, 1) = value }
    }

    /// The first columns of a row of the panel.
    ///
    /// # Safety
    /// No other task has this row of the panel.
    #[inline(always)]
    unsafe fn row(&self, row: usize, column: usize, width: usize) -> *mut f32 {
        unsafe { self.packed.at(self.start + row * width + column, 0) }
    }

    /// The factor of an output channel.
    #[inline(always)]
    fn scale_of(&self, output: usize) -> f32 {
        self.scale.map_or(1.0, |scale| scale[output])
    }

    fn pack_images(&self, width: usize) {
        let Convolution { channels_in, kernel, .. } = *self.convolution;
        for column in 0..width {
            let output = self.first + column;
            for channel in 0..channels_in {
                for row in 0..kernel {
                    for tap in 0..kernel {
                        let source =
                            ((output * channels_in + channel) * kernel + row) * kernel + tap;
                        let value = match column < self.count {
                            true => self.weights[source] * self.scale_of(output),
                            false => 0.0,
                        };
                        let target = (row * kernel + tap) * channels_in + channel;
                        // SAFETY: a task has a whole panel.
                        unsafe { self.put(target, column, width, value) };
                    }
                }
            }
        }
    }
}

/// The most numbers of a block that is transposed.
const BLOCK: usize = 16 * 16;

struct ForwardPanel<'a>(Panel<'a>);

impl Kernel for ForwardPanel<'_> {
    #[inline(always)]
    unsafe fn run<V: Vector>(self) {
        let panel = self.0;
        let Convolution { channels_in, kernel, .. } = *panel.convolution;
        let (taps, width) = (kernel * kernel, V::LANES * V::COLUMNS);
        let per_output = channels_in * taps;
        // Where a number of an output channel belongs.
        let target = |number: usize| (number % taps) * channels_in + number / taps;
        let whole = match panel.count == width {
            true => per_output / V::LANES * V::LANES,
            false => 0,
        };
        let mut block = [0.0; BLOCK];
        for first in (0..whole).step_by(V::LANES) {
            for column in (0..width).step_by(V::LANES) {
                let output = panel.first + column;
                // SAFETY: a task has a whole panel, and the block is within the weights.
                unsafe {
                    let from = panel.weights.as_ptr().add(output * per_output + first);
                    V::transpose(from, per_output, block.as_mut_ptr());
                    let scale = panel.scale.map(|scale| V::load(scale.as_ptr().add(output)));
                    for number in 0..V::LANES {
                        let mut value = V::load(block.as_ptr().add(number * V::LANES));
                        if let Some(scale) = scale {
                            value = value.mul(scale);
                        }
                        value.store(panel.row(target(first + number), column, width));
                    }
                }
            }
        }
        for column in 0..width {
            let output = panel.first + column;
            for number in whole..per_output {
                let value = match column < panel.count {
                    true => panel.weights[output * per_output + number] * panel.scale_of(output),
                    false => 0.0,
                };
                // SAFETY: a task has a whole panel.
                unsafe { panel.put(target(number), column, width, value) };
            }
        }
    }
}

/// A panel of the input gradient, for some of the output channels.
struct InputGradientPanel<'a> {
    panel: Panel<'a>,
    outputs: Range<usize>,
}

impl Kernel for InputGradientPanel<'_> {
    #[inline(always)]
    unsafe fn run<V: Vector>(self) {
        let panel = self.panel;
        let Convolution { channels_in, channels_out, kernel, .. } = *panel.convolution;
        let (taps, width) = (kernel * kernel, V::LANES * V::COLUMNS);
        let mut block = [0.0; BLOCK];
        for output in self.outputs {
            for column in (0..width).step_by(V::LANES) {
                let from = (output * channels_in + panel.first + column) * taps;
                let lanes = V::LANES.min(panel.count.saturating_sub(column));
                let mut tap = 0;
                // The last row of a block is read beyond its end.
                let fits = |tap: usize| {
                    lanes == V::LANES
                        && from + tap + (V::LANES - 1) * taps + V::LANES <= panel.weights.len()
                };
                while tap + 1 < taps && fits(tap) {
                    // SAFETY: a task has these rows of the panel, and the block is within the weights.
                    unsafe {
                        let from = panel.weights.as_ptr().add(from + tap);
                        V::transpose(from, taps, block.as_mut_ptr());
                        for index in 0..V::LANES.min(taps - tap) {
                            let row = (tap + index) * channels_out + output;
                            let value = V::load(block.as_ptr().add(index * V::LANES));
                            value.store(panel.row(row, column, width));
                        }
                    }
                    tap += V::LANES;
                }
                for tap in tap..taps {
                    for lane in 0..V::LANES {
                        let value = match lane < lanes {
                            true => panel.weights[from + lane * taps + tap],
                            false => 0.0,
                        };
                        // SAFETY: a task has these rows of the panel.
                        unsafe {
                            panel.put(tap * channels_out + output, column + lane, width, value)
                        };
                    }
                }
            }
        }
    }
}
