//! Conversions between PyTorch's layout of activations, `[N, C, H, W]`, and this crate's, `[H, W, N, C]`.

use crate::geometry::{Convolution, Shape};
use crate::memory::Memory;
use crate::threads::Threads;

/// Pixels that a task converts at a time.
const PIXELS: usize = 16;

/// Converts `[N, C, H, W]` to `[H, W, N, C]`, from number `start` of `to` on.
pub fn from_nchw(
    from: &[f32],
    shape: Shape,
    batch: usize,
    to: Memory<'_>,
    start: usize,
    threads: &dyn Threads,
) {
    let (channels, pixels) = (shape.channels, shape.pixels());
    assert_eq!(from.len(), batch * channels * pixels, "a batch of activations");
    threads.run(pixels.div_ceil(PIXELS), &|task| {
        let first = task * PIXELS;
        let count = PIXELS.min(pixels - first);
        let row = batch * channels;
        // SAFETY: each task writes pixels of its own.
        let to = unsafe { to.slice_mut(start + first * row, count * row) };
        for (plane, from) in from.chunks_exact(pixels).enumerate() {
            for (pixel, value) in from[first..first + count].iter().enumerate() {
                to[pixel * row + plane] = *value;
            }
        }
    });
}

/// Converts `[H, W, N, C]`, from number `start` of `from` on, to `[N, C, H, W]`.
pub fn to_nchw(
    from: Memory<'_>,
    start: usize,
    shape: Shape,
    batch: usize,
    to: &mut [f32],
    threads: &dyn Threads,
) {
    let (channels, pixels) = (shape.channels, shape.pixels());
    assert_eq!(to.len(), batch * channels * pixels, "a batch of activations");
    let to = Memory::new(to);
    let planes = batch * channels;
    threads.run(planes.div_ceil(PIXELS), &|task| {
        let first = task * PIXELS;
        let count = PIXELS.min(planes - first);
        // SAFETY: each task writes planes of its own, and no task writes what is read.
        let to = unsafe { to.slice_mut(first * pixels, count * pixels) };
        for pixel in 0..pixels {
            let values = unsafe { from.slice(start + pixel * planes + first, count) };
            for (plane, value) in values.iter().enumerate() {
                to[plane * pixels + pixel] = *value;
            }
        }
    });
}

/// The input of the first convolution, `[N, H, W + padding, C]`: a row of its kernel is a run of numbers, as the padding
/// on the left and on the right is stored.
#[derive(Debug, Clone, Copy)]
pub struct Images {
    shape: Shape,
    batch: usize,
    padding: usize,
}

impl Images {
    /// For images of shape `input`.
    pub fn new(convolution: &Convolution, input: Shape, batch: usize) -> Self {
        Self { shape: input, batch, padding: convolution.padding }
    }

    fn row_len(&self) -> usize {
        (self.shape.width + 2 * self.padding) * self.shape.channels
    }

    /// Where row `y` of an image starts.
    pub fn row(&self, image: usize, y: usize) -> usize {
        (image * self.shape.height + y) * self.row_len()
    }

    /// Numbers in all.
    pub fn numbers(&self) -> usize {
        self.batch * self.shape.height * self.row_len()
    }

    /// Converts `[N, C, H, W]`, to `to` from its number `start` on.
    pub fn fill_from_nchw(
        &self,
        from: &[f32],
        to: Memory<'_>,
        start: usize,
        threads: &dyn Threads,
    ) {
        let Shape { height, width, channels } = self.shape;
        assert_eq!(from.len(), self.batch * channels * height * width, "a batch of images");
        threads.run(self.batch, &|image| {
            let len = height * self.row_len();
            // SAFETY: each task writes an image of its own.
            let to = unsafe { to.slice_mut(start + image * len, len) };
            let edge = self.padding * channels;
            for (y, row) in to.chunks_exact_mut(self.row_len()).enumerate() {
                row[..edge].fill(0.0);
                row[edge + width * channels..].fill(0.0);
                for channel in 0..channels {
                    let from =
                        &from[((image * channels + channel) * height + y) * width..][..width];
                    for (pixel, value) in row[edge..].chunks_exact_mut(channels).zip(from) {
                        pixel[channel] = *value;
                    }
                }
            }
        });
    }
}
