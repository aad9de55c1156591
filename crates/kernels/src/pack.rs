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
        let width = instructions.panel();
        let panels = self.panels(convolution, width);
        let panel = |index: usize| Panel {
            convolution,
            weights,
            scale,
            packed,
            start: start + index * self.rows(convolution) * width,
            first: index * width,
            count: width.min(self.columns(convolution) - index * width),
        };
        match self {
            Self::Forward => {
                threads.run(panels, &|task| instructions.run(ForwardPanel(panel(task))));
            }
            Self::Images => threads.run(panels, &|task| panel(task).pack_images(width)),
            Self::InputGradient => {
                assert!(
                    scale.is_none(),
                    "only folded weights are scaled, and these have no gradient"
                );
                let outputs = convolution.channels_out;
                threads.run(outputs.div_ceil(OUTPUTS_PER_TASK), &|task| {
                    let first = task * OUTPUTS_PER_TASK;
                    let outputs = first..(first + OUTPUTS_PER_TASK).min(outputs);
                    instructions.run(InputGradientRows {
                        convolution,
                        weights,
                        packed,
                        start,
                        outputs,
                    });
                });
            }
        }
    }
}

/// Output channels that a task packs for the input gradient.
const OUTPUTS_PER_TASK: usize = 16;
/// Output channels whose rows of a panel are written together: those of a cache line.
const OUTPUTS_AT_ONCE: usize = 2;

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

/// The most numbers of a vector.
const MOST_LANES: usize = 16;
/// The most numbers of a block that is transposed.
const BLOCK: usize = MOST_LANES * MOST_LANES;

struct ForwardPanel<'a>(Panel<'a>);

impl Kernel for ForwardPanel<'_> {
    #[inline(always)]
    unsafe fn run<V: Vector>(self) {
        let panel = self.0;
        let Convolution { channels_in, kernel, .. } = *panel.convolution;
        let (taps, width) = (kernel * kernel, V::LANES * V::COLUMNS);
        let per_output = channels_in * taps;
        // The row of the next number of an output channel.
        let (mut tap, mut channel) = (0, 0);
        let mut next_row = || {
            let row = tap * channels_in + channel;
            tap += 1;
            if tap == taps {
                (tap, channel) = (0, channel + 1);
            }
            row
        };
        let whole = match panel.count == width {
            true => per_output / V::LANES * V::LANES,
            false => 0,
        };
        let mut block = [0.0; BLOCK];
        for first in (0..whole).step_by(V::LANES) {
            let mut rows = [0; MOST_LANES];
            for row in &mut rows[..V::LANES] {
                *row = next_row();
            }
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
                        value.store(panel.row(rows[number], column, width));
                    }
                }
            }
        }
        for number in whole..per_output {
            let row = next_row();
            for column in 0..width {
                let output = panel.first + column;
                let value = match column < panel.count {
                    true => panel.weights[output * per_output + number] * panel.scale_of(output),
                    false => 0.0,
                };
                // SAFETY: a task has a whole panel.
                unsafe { panel.put(row, column, width, value) };
            }
        }
    }
}

/// The rows of some output channels in all panels of the input gradient.
struct InputGradientRows<'a> {
    convolution: &'a Convolution,
    weights: &'a [f32],
    packed: Memory<'a>,
    /// Where the first panel starts.
    start: usize,
    outputs: Range<usize>,
}

impl Kernel for InputGradientRows<'_> {
    #[inline(always)]
    unsafe fn run<V: Vector>(self) {
        let Convolution { channels_in, channels_out, kernel, .. } = *self.convolution;
        let (taps, width) = (kernel * kernel, V::LANES * V::COLUMNS);
        let columns = channels_in.next_multiple_of(width);
        let mut block = [0.0; BLOCK];
        // The weights of an output channel are read in their order, and so ahead of time.
        for first in self.outputs.clone().step_by(OUTPUTS_AT_ONCE) {
            for column in (0..columns).step_by(V::LANES) {
                let lanes = V::LANES.min(channels_in.saturating_sub(column));
                let panel = self.start + column / width * taps * channels_out * width;
                for output in first..(first + OUTPUTS_AT_ONCE).min(self.outputs.end) {
                    let from = (output * channels_in + column) * taps;
                    // Where a tap's number of the first of these columns belongs.
                    let row =
                        |tap: usize| panel + (tap * channels_out + output) * width + column % width;
                    let mut done = 0;
                    while done < taps {
                        // The last block has some of the taps before, as its rows would end beyond the weights.
                        let tap = done.min(taps.saturating_sub(V::LANES));
                        let count = V::LANES.min(taps - tap);
                        let end = from + tap + (V::LANES - 1) * taps + V::LANES;
                        if lanes < V::LANES || end > self.weights.len() {
                            break;
                        }
                        // SAFETY: the block is within the weights, and a task has the rows of its output channels.
                        unsafe {
                            let from = self.weights.as_ptr().add(from + tap);
                            V::transpose(from, taps, block.as_mut_ptr());
                            for index in done - tap..count {
                                let value = V::load(block.as_ptr().add(index * V::LANES));
                                value.store(self.packed.at(row(tap + index), V::LANES));
                            }
                        }
                        done = tap + count;
                    }
                    for tap in done..taps {
                        for lane in 0..V::LANES {
                            let value = match lane < lanes {
                                true => self.weights[from + lane * taps + tap],
                                false => 0.0,
                            };
                            // SAFETY: a task has the rows of its output channels.
                            unsafe { *self.packed.at(row(tap) + lane, 1) = value };
                        }
                    }
                }
            }
        }
    }
}
