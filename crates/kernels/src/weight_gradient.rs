//! The gradient of a convolution's weights: a product of output gradients and inputs over all samples.

use core::mem::MaybeUninit;

use crate::convolution::tiles;
use crate::epilogue::{COLUMNS, store_some};
use crate::gemm::Outer;
use crate::geometry::{Convolution, WeightGeometry};
use crate::memory::Memory;
use crate::simd::{InstructionSet, Kernel, Vector};
use crate::threads::Threads;

/// The most taps of a kernel.
pub(crate) const TAPS: usize = 9;

/// Room for the sums of a task: for each tap, the rows of a tile of [`Outer`]. Vectors of up to 16 taps are read.
pub(crate) struct TapTiles(MaybeUninit<[f32; 16 * 14 * COLUMNS]>);

impl TapTiles {
    pub(crate) const fn new() -> Self {
        Self(MaybeUninit::uninit())
    }

    /// Numbers per tap.
    #[inline(always)]
    pub(crate) const fn stride<V: Vector>() -> usize {
        V::ROWS * V::COLUMNS * V::LANES
    }

    /// The sums of `taps` taps, set to zero, and of those that are read beyond them.
    #[inline(always)]
    pub(crate) fn zeros<V: Vector>(&mut self, taps: usize) -> &mut [f32] {
        let len = taps.max(V::LANES) * Self::stride::<V>();
        assert!(len <= size_of_val(self) / size_of::<f32>());
        let start = self.0.as_mut_ptr().cast::<f32>();
        // SAFETY: there is room for so many numbers, and they are initialized.
        unsafe {
            start.write_bytes(0, len);
            core::slice::from_raw_parts_mut(start, len)
        }
    }
}

/// A weight gradient. Places are in numbers from the start of the memory.
pub struct WeightGradient<'a> {
    pub convolution: &'a Convolution,
    pub geometry: &'a WeightGeometry,
    /// The gradient of the convolution's output.
    pub output_gradient: usize,
    /// The convolution's input.
    pub input: usize,
    /// Whether the input is [`crate::layout::Images`], and a tap a row of the kernel.
    pub of_images: bool,
}

impl WeightGradient<'_> {
    /// Stores the gradient in all of `gradient`, in PyTorch's layout, `[channels_out, channels_in, kernel, kernel]`.
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
        assert_eq!(gradient.len(), self.convolution.weights(), "the convolution's weights");
        assert!(self.geometry.taps <= TAPS, "kernels are at most 3 wide, or 9 rows high");
        let blocks = self.convolution.channels_out.div_ceil(instructions.rows());
        let panels = self.geometry.depth.div_ceil(instructions.panel());
        threads.run(blocks * panels, &|task| {
            let (block, panel) = (task / panels, task % panels);
            instructions.run(WeightTask { pass: self, memory, gradient, panel, block });
        });
    }
}

struct WeightTask<'a> {
    pass: &'a WeightGradient<'a>,
    memory: Memory<'a>,
    gradient: Memory<'a>,
    panel: usize,
    block: usize,
}

impl Kernel for WeightTask<'_> {
    #[inline(always)]
    unsafe fn run<V: Vector>(self) {
        let WeightGradient { convolution, geometry, output_gradient, input, .. } = self.pass;
        let width = V::LANES * V::COLUMNS;
        let Some((output, rows)) = tiles(convolution.channels_out, V::ROWS).nth(self.block) else {
            return;
        };
        let column = self.panel * width;
        let columns = width.min(geometry.depth - column);
        let (mut room, stride) = (TapTiles::new(), TapTiles::stride::<V>());
        let tile = room.zeros::<V>(geometry.taps);
        unsafe {
            for chunk in &geometry.chunks {
                for (tap, pairs) in chunk.iter().enumerate() {
                    let outer = Outer {
                        pairs: &geometry.pairs[pairs.clone()],
                        left: self.memory.at(output_gradient + output, 0),
                        left_stride: geometry.left_stride,
                        right: self.memory.at(input + column, 0),
                        right_stride: geometry.right_stride,
                        out: tile.as_mut_ptr().add(tap * stride),
                    };
                    V::outer_tile(&outer, rows);
                }
            }
        }
        let Convolution { channels_in, kernel, .. } = **convolution;
        let per_output = channels_in * kernel * kernel;
        for row in 0..rows {
            let start = (output + row) * per_output;
            if self.pass.of_images {
                for index in 0..columns {
                    let (x, channel) =
                        ((column + index) / channels_in, (column + index) % channels_in);
                    for tap in 0..geometry.taps {
                        let value = tile[tap * stride + row * width + index];
                        let place = start + (channel * kernel + tap) * kernel + x;
                        // SAFETY: each task writes weights of its own.
                        unsafe { *self.gradient.at(place, 1) = value };
                    }
                }
            } else {
                let taps = geometry.taps;
                // SAFETY: each task writes weights of its own, and the row is within the tile.
                unsafe {
                    let to = self.gradient.at(start + column * taps, columns * taps);
                    interleave::<V>(tile, row * width, [taps, columns], to);
                }
            }
        }
    }
}

/// Stores numbers of some taps and channels, which come tap by tap, channel by channel. Those of the first tap start at
/// `first`.
///
/// # Safety
/// All of them can be stored at `to`, and the processor has the instructions of `V`.
#[inline(always)]
pub(crate) unsafe fn interleave<V: Vector>(
    tile: &[f32],
    first: usize,
    [taps, channels]: [usize; 2],
    to: *mut f32,
) {
    let stride = TapTiles::stride::<V>();
    let mut block = [0.0; 16 * 16];
    for channel in (0..channels).step_by(V::LANES) {
        let mut tap = 0;
        while tap + 1 < taps && channel + V::LANES <= channels {
            let count = V::LANES.min(taps - tap);
            // SAFETY: a tile has room for the taps that are read in vain.
            unsafe {
                let from = tile.as_ptr().add(tap * stride + first + channel);
                V::transpose(from, stride, block.as_mut_ptr());
                for index in 0..V::LANES {
                    let at = (channel + index) * taps + tap;
                    let value = V::load(block.as_ptr().add(index * V::LANES));
                    // What is stored too much is overwritten by the next channel.
                    let fits = at + V::LANES <= taps * channels;
                    let room = if fits { V::LANES } else { count };
                    store_some(value, to.add(at), room);
                }
            }
            tap += V::LANES;
        }
        for tap in tap..taps {
            for channel in channel..channels.min(channel + V::LANES) {
                let value = tile[tap * stride + first + channel];
                // SAFETY: it is one of these taps and channels.
                unsafe { *to.add(channel * taps + tap) = value };
            }
        }
    }
}
