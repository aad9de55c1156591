//! The layouts of weights that the products read.
//!
//! Weights come as PyTorch stores them, `[channels_out, channels_in, kernel, kernel]`. A packed matrix has panels of as
//! many columns as a tile; in each panel, for each tap, a row per number that is multiplied. Missing columns are zero.

use crate::geometry::Convolution;
use crate::memory::Memory;
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
    pub fn pack(
        self,
        convolution: &Convolution,
        weights: &[f32],
        scale: Option<&[f32]>,
        packed: Memory<'_>,
        start: usize,
        panel: usize,
        threads: &dyn Threads,
    ) {
        assert_eq!(weights.len(), convolution.weights(), "the weights of the convolution");
        let rows = self.rows(convolution);
        threads.run(self.panels(convolution, panel), &|index| {
            // SAFETY: each task writes a panel of its own.
            let packed = unsafe { packed.slice_mut(start + index * rows * panel, rows * panel) };
            let first = index * panel;
            let count = panel.min(self.columns(convolution) - first);
            if count < panel {
                packed.fill(0.0);
            }
            let scale_of = |output: usize| scale.map_or(1.0, |scale| scale[output]);
            match self {
                Self::Forward => {
                    forward_panel(convolution, weights, scale_of, first, count, packed, panel);
                }
                Self::InputGradient => {
                    gradient_panel(convolution, weights, scale_of, first, count, packed, panel);
                }
                Self::Images => {
                    images_panel(convolution, weights, scale_of, first, count, packed, panel);
                }
            }
        });
    }
}

fn forward_panel(
    convolution: &Convolution,
    weights: &[f32],
    scale: impl Fn(usize) -> f32,
    first: usize,
    count: usize,
    packed: &mut [f32],
    panel: usize,
) {
    let taps = convolution.kernel * convolution.kernel;
    let per_output = convolution.channels_in * taps;
    let weights = &weights[first * per_output..(first + count) * per_output];
    // Blocks of channels, so that a cache line of the packed weights is completed before it is evicted.
    const BLOCK: usize = 8;
    for start in (0..convolution.channels_in).step_by(BLOCK) {
        let end = (start + BLOCK).min(convolution.channels_in);
        for (column, weights) in weights.chunks_exact(per_output).enumerate() {
            let scale = scale(first + column);
            for channel in start..end {
                for (tap, weight) in weights[channel * taps..][..taps].iter().enumerate() {
                    packed[(tap * convolution.channels_in + channel) * panel + column] =
                        weight * scale;
                }
            }
        }
    }
}

fn gradient_panel(
    convolution: &Convolution,
    weights: &[f32],
    scale: impl Fn(usize) -> f32,
    first: usize,
    count: usize,
    packed: &mut [f32],
    panel: usize,
) {
    let taps = convolution.kernel * convolution.kernel;
    for output in 0..convolution.channels_out {
        let scale = scale(output);
        let start = (output * convolution.channels_in + first) * taps;
        let weights = &weights[start..start + count * taps];
        for tap in 0..taps {
            let row = &mut packed[(tap * convolution.channels_out + output) * panel..][..count];
            for (column, packed) in row.iter_mut().enumerate() {
                *packed = weights[column * taps + tap] * scale;
            }
        }
    }
}

fn images_panel(
    convolution: &Convolution,
    weights: &[f32],
    scale: impl Fn(usize) -> f32,
    first: usize,
    count: usize,
    packed: &mut [f32],
    panel: usize,
) {
    let Convolution { channels_in, kernel, .. } = *convolution;
    for column in 0..count {
        let scale = scale(first + column);
        for channel in 0..channels_in {
            for row in 0..kernel {
                for tap_column in 0..kernel {
                    let source = (((first + column) * channels_in + channel) * kernel + row)
                        * kernel
                        + tap_column;
                    let target = (row * kernel + tap_column) * channels_in + channel;
                    packed[target * panel + column] = weights[source] * scale;
                }
            }
        }
    }
}
