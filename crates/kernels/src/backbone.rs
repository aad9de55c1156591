//! The backbone of a ResNet: its convolutions, norms and shortcuts, without the head.

mod inference;
mod scratch;
mod training;

pub use inference::{FoldedWeights, Inference};
pub use training::{Training, UnitGradients};

use alloc::vec::Vec;
use core::fmt;

use crate::geometry::{Convolution, Shape};
use crate::pool::pooled;

/// Added to the variance before the square root, as in PyTorch.
pub const EPSILON: f64 = 1e-5;

/// Which statistics a norm uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NormStatistics {
    /// Those of the batch.
    Batch,
    /// The running ones.
    Running,
}

/// A convolution and the norm that follows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unit {
    pub convolution: Convolution,
    pub statistics: NormStatistics,
    /// Whether the gradient of the convolution's weights is wanted.
    pub trains_weights: bool,
    /// Whether the gradients of the norm's weight and bias are wanted.
    pub trains_norm: bool,
}

impl Unit {
    fn trains(&self) -> bool {
        self.trains_weights || self.trains_norm
    }
}

/// A residual block: units with a ReLU after each, and after the shortcut is added to the last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    pub units: Vec<Unit>,
    /// The projection of the shortcut.
    pub downsample: Option<Unit>,
}

impl Block {
    /// Its units, with the projection last.
    fn all_units(&self) -> impl Iterator<Item = &Unit> {
        self.units.iter().chain(&self.downsample)
    }
}

/// Consecutive parts of a backbone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Backbone {
    /// The first convolution, followed by the maximum pooling; its input is images.
    pub stem: Option<Unit>,
    pub blocks: Vec<Block>,
}

impl Backbone {
    /// All units, in the order of their parameters: the stem; for each block, its units, then its projection.
    pub fn units(&self) -> impl Iterator<Item = &Unit> {
        self.stem.iter().chain(self.blocks.iter().flat_map(Block::all_units))
    }

    /// Whether the activations of a batch can be addressed: each with 32 bits, as the plans of products do, and all of
    /// them in one block of memory.
    fn can_address(&self, input: Shape, batch: usize) -> bool {
        let numbers = |shape: Shape| {
            [shape.height, shape.width, shape.channels, batch]
                .into_iter()
                .fold(1_u64, |product, factor| product.saturating_mul(factor as u64))
        };
        let (mut shape, mut total) = (input, numbers(input));
        let mut largest = total;
        let mut add = |shape: Shape| {
            largest = largest.max(numbers(shape));
            total = total.saturating_add(numbers(shape));
        };
        if let Some(unit) = &self.stem {
            shape = shape.after(&unit.convolution);
            add(shape);
            shape = pooled(shape);
        }
        for unit in self.blocks.iter().flat_map(|block| &block.units) {
            shape = shape.after(&unit.convolution);
            add(shape);
        }
        largest <= u64::from(u32::MAX) && total <= (isize::MAX / 8) as u64
    }

    /// The shape of the output for input of this shape.
    pub fn output(&self, input: Shape) -> Shape {
        let stem = self.stem.iter();
        let input = stem.fold(input, |shape, unit| pooled(shape.after(&unit.convolution)));
        let units = self.blocks.iter().flat_map(|block| &block.units);
        units.fold(input, |shape, unit| shape.after(&unit.convolution))
    }
}

/// The parameters of a unit, as PyTorch stores them.
#[derive(Debug, Clone, Copy)]
pub struct UnitParameters<'a> {
    /// `[channels_out, channels_in, kernel, kernel]`
    pub weights: &'a [f32],
    /// The norm's scale, `[channels_out]`.
    pub norm_weight: &'a [f32],
    /// The norm's shift, `[channels_out]`.
    pub norm_bias: &'a [f32],
    /// `[channels_out]`
    pub running_mean: &'a [f32],
    /// `[channels_out]`
    pub running_variance: &'a [f32],
}

/// A batch does not fit in the memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooLarge;

impl fmt::Display for TooLarge {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(TOO_LARGE)
    }
}

impl core::error::Error for TooLarge {}

/// What [`TooLarge`] says, also as the message of a panic.
const TOO_LARGE: &str =
    "the batch does not fit in the memory: choose a smaller batch size or image size";

/// The numbers of a batch of activations.
///
/// # Panics
/// They do not fit in the address space.
fn numbers(shape: Shape, batch: usize) -> usize {
    let numbers = shape.pixels().checked_mul(shape.channels);
    numbers.and_then(|numbers| numbers.checked_mul(batch)).expect(TOO_LARGE)
}

/// Divides memory into buffers.
#[derive(Debug, Default)]
pub struct Places {
    len: usize,
}

impl Places {
    /// Vectors are read across the end of a buffer, up to the width of a tile.
    const SPARE: usize = 32;
    /// Numbers of a cache line.
    const LINE: usize = 16;

    /// Adds a buffer. Returns its place.
    ///
    /// # Panics
    /// It does not fit in the address space.
    fn add(&mut self, numbers: usize) -> usize {
        let place = self.len;
        let padded = numbers.checked_add(Self::SPARE + Self::LINE).map(|most| most / Self::LINE);
        let end = padded.and_then(|lines| place.checked_add(lines * Self::LINE));
        self.len = end.expect(TOO_LARGE);
        place
    }
}
