//! Winograd's minimal filtering for 3 × 3 convolutions with stride 1: F(4 × 4, 3 × 3) of "Fast Algorithms for
//! Convolutional Neural Networks" (Lavin and Gray, 2016).
//!
//! The output is divided into tiles of 4 × 4 pixels. The 6 × 6 input pixels of a tile are transformed to 36 components; a
//! component of the output is a product of the input's with the weights'. So a pixel takes 36 / 16 products per weight
//! matrix instead of up to 9. Sums and products of the transforms work on whole vectors of channels, as the images and
//! channels of a pixel are beside one another.
//!
//! A number that is not finite makes its whole tile so.

pub mod convolution;
pub mod transform;
pub mod weight_gradient;

use alloc::vec::Vec;
use core::ops::Range;

use crate::geometry::{Convolution, Shape};
use crate::simd::InstructionSet;

/// Height and width of a tile of the output.
pub const TILE: usize = 4;
/// Height and width of a tile of the input.
pub const INPUT_TILE: usize = 6;
/// Components of a tile.
pub const COMPONENTS: usize = INPUT_TILE * INPUT_TILE;

/// Numbers of transformed tiles that are in memory at the same time: little enough for the cache that cores share.
const GROUP_NUMBERS: usize = 1 << 21;
/// Images of a tile that a task transforms.
pub const IMAGES_PER_TASK: usize = 8;
/// Bytes that a core moves between the shared cache and its own per cycle.
const BYTES_PER_CYCLE: u64 = 8;

/// Numbers from one component to the next if each has so many numbers. One cache line more, as components that are a
/// multiple of a page apart would take turns in the same few lines of the cache.
pub(crate) const fn component_stride(numbers: usize) -> usize {
    const LINE: usize = 16;
    numbers + LINE
}

/// The tiles of a convolution.
#[derive(Debug, Clone)]
pub struct Tiles {
    /// Of the input and of the output, which differ only in their channels.
    pub height: usize,
    pub width: usize,
    pub batch: usize,
    pub channels_in: usize,
    pub channels_out: usize,
    /// Images whose tiles are in memory at the same time.
    pub group: usize,
}

/// A tile of some images, which a task transforms.
#[derive(Debug, Clone, Copy)]
pub struct TileOfImages {
    /// The first pixel of the output.
    pub y: usize,
    pub x: usize,
    /// The first image.
    pub image: usize,
    pub images: usize,
    /// The row of the first image among the rows of the group.
    pub row: usize,
}

impl Tiles {
    /// The tiles of `convolution` for images of shape `input`, if Winograd's algorithm applies.
    pub fn new(convolution: &Convolution, input: Shape, batch: usize) -> Option<Self> {
        let applies =
            *convolution == Convolution { kernel: 3, stride: 1, padding: 1, ..*convolution };
        let Shape { height, width, .. } = input;
        let Convolution { channels_in, channels_out, .. } = *convolution;
        let tiles = height.div_ceil(TILE) * width.div_ceil(TILE);
        let per_image = tiles * COMPONENTS * (channels_in + channels_out);
        let most = (GROUP_NUMBERS / per_image).clamp(1, batch.max(1));
        let groups = batch.div_ceil(most).max(1);
        let group = batch.div_ceil(groups);
        applies.then_some(Self { height, width, batch, channels_in, channels_out, group })
    }

    /// The same tiles with input and output exchanged: those of the input gradient.
    pub fn reversed(&self) -> Self {
        Self { channels_in: self.channels_out, channels_out: self.channels_in, ..self.clone() }
    }

    /// Whether it is faster than products of the pixels. `with_weights` says whether the weights are transformed each
    /// time.
    pub fn is_worthwhile(&self, instructions: InstructionSet, with_weights: bool) -> bool {
        // Larger than the addresses of a browser.
        let [height, width, batch, channels_in, channels_out, tiles] = [
            self.height,
            self.width,
            self.batch,
            self.channels_in,
            self.channels_out,
            self.tiles(),
        ]
        .map(|count| count as u64);
        let components = COMPONENTS as u64;
        // Multiplications and additions per cycle.
        let rate = (2 * instructions.panel() / instructions.columns()) as u64;
        let along = |length: u64| 3 * length - 2;
        let weights = channels_in * channels_out;
        let direct = along(height) * along(width) * batch * weights / rate;
        let rows = tiles * batch;
        let products = rows * components * weights / rate;
        let transformed = rows * components * (channels_in + channels_out);
        let weights = if with_weights { components * weights } else { 0 };
        // All are written once and read once.
        let moved = 2 * size_of::<f32>() as u64 * (transformed + weights) / BYTES_PER_CYCLE;
        products + moved < direct
    }

    /// Tiles per image.
    pub fn tiles(&self) -> usize {
        self.height.div_ceil(TILE) * self.width.div_ceil(TILE)
    }

    /// The images of each group.
    pub fn groups(&self) -> impl Iterator<Item = Range<usize>> {
        let Self { batch, group, .. } = *self;
        (0..batch).step_by(group).map(move |first| first..(first + group).min(batch))
    }

    /// The tasks that transform the tiles of these images. A group of them ends with the same tile.
    pub fn tasks(&self, images: &Range<usize>) -> Vec<TileOfImages> {
        let across = self.width.div_ceil(TILE);
        let mut tasks = Vec::new();
        for tile in 0..self.tiles() {
            for image in images.clone().step_by(IMAGES_PER_TASK) {
                tasks.push(TileOfImages {
                    y: tile / across * TILE,
                    x: tile % across * TILE,
                    image,
                    images: IMAGES_PER_TASK.min(images.end - image),
                    row: tile * images.len() + image - images.start,
                });
            }
        }
        tasks
    }

    /// The number of all groups' tasks.
    pub fn task_count(&self) -> usize {
        self.groups().map(|images| self.tiles() * images.len().div_ceil(IMAGES_PER_TASK)).sum()
    }

    /// Rows of a group.
    fn rows(&self) -> usize {
        self.tiles() * self.group
    }

    /// Numbers of the transformed input of a group.
    pub fn input_len(&self) -> usize {
        COMPONENTS * component_stride(self.rows() * self.channels_in)
    }

    /// Numbers of the transformed output of a group, with columns padded to whole panels.
    pub fn output_len(&self, panel: usize) -> usize {
        COMPONENTS * component_stride(self.rows() * self.channels_out.next_multiple_of(panel))
    }

    /// Numbers of the transformed weights.
    pub fn weights_len(&self, panel: usize) -> usize {
        COMPONENTS * component_stride(self.channels_in * self.channels_out.next_multiple_of(panel))
    }
}
