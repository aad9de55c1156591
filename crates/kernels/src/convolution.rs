//! Convolutions and their input gradients, as products of each pixel's images with the weights of each tap.

use core::mem::MaybeUninit;

use crate::epilogue::{Epilogue, Rows, Sums};
use crate::gemm::{Operand, Product, TILE};
use crate::geometry::ProductGeometry;
use crate::memory::Memory;
use crate::simd::{InstructionSet, Kernel, Vector};
use crate::threads::Threads;

/// The input and the packed weights of a product. Places are in numbers from the start of the memory.
#[derive(Debug, Clone, Copy)]
pub struct Factors {
    pub source: usize,
    /// Numbers per row of the input.
    pub depth: usize,
    /// Packed weights; see [`crate::pack`].
    pub weights: usize,
    /// Rows of weights per panel, over all taps.
    pub rows: usize,
}

/// A product over all pixels: the output of a convolution, or the input gradient of one or two.
pub struct ProductPass<'a> {
    pub geometry: &'a ProductGeometry,
    pub factors: &'a [Factors],
    /// Channels of the result.
    pub channels: usize,
    /// Where the result is stored.
    pub destination: usize,
    pub epilogue: Epilogue,
    /// Where the epilogue's sums are stored: for each chunk, [`Epilogue::SUMS`] × channels. Not for
    /// [`Epilogue::Activation`].
    pub sums: Option<usize>,
}

impl ProductPass<'_> {
    /// Computes the product.
    ///
    /// # Safety
    /// All places are within `memory`, with a tile's width to spare, and what is written overlaps nothing else.
    pub unsafe fn run(
        &self,
        instructions: InstructionSet,
        memory: Memory<'_>,
        threads: &dyn Threads,
    ) {
        let chunks = self.geometry.chunks.len();
        let panels = self.channels.div_ceil(instructions.panel());
        threads.run(chunks * panels, &|task| {
            // The weights of a panel stay in the cache for all chunks.
            let (panel, chunk) = (task / chunks, task % chunks);
            instructions.run(ProductTask { pass: self, memory, panel, chunk });
        });
    }
}

struct ProductTask<'a> {
    pass: &'a ProductPass<'a>,
    memory: Memory<'a>,
    panel: usize,
    chunk: usize,
}

impl Kernel for ProductTask<'_> {
    #[inline(always)]
    unsafe fn run<V: Vector>(self) {
        let ProductPass { geometry, factors, channels, destination, epilogue, sums: sums_at } =
            self.pass;
        let width = V::LANES * V::COLUMNS;
        let channel = self.panel * width;
        let count = width.min(channels - channel);
        unsafe {
            let memory = self.memory.at(0, 0);
            let mut operands =
                [Operand { source: memory, row_stride: 0, weights: memory, depth: 0 }; 2];
            for (index, factors) in factors.iter().enumerate() {
                operands[index] = Operand {
                    source: memory.add(factors.source),
                    row_stride: geometry.source_strides[index],
                    weights: memory.add(factors.weights + self.panel * factors.rows * width),
                    depth: factors.depth,
                };
            }
            let mut sums = Sums::default();
            let mut tile = MaybeUninit::<[f32; TILE]>::uninit();
            let tile = tile.as_mut_ptr().cast::<f32>();
            for run in &geometry.runs[geometry.chunks[self.chunk].clone()] {
                let taps = &geometry.taps[run.taps.clone()];
                for (row, rows) in tiles(run.rows, V::ROWS) {
                    let product = Product { taps, operands: &operands, row, out: tile };
                    V::product_tile(&product, rows);
                    let rows = Rows {
                        values: tile,
                        values_stride: width,
                        count: rows,
                        memory,
                        destination: *destination,
                        at: run.destination + row * geometry.destination_stride + channel,
                        stride: geometry.destination_stride,
                    };
                    epilogue.apply::<V>(&rows, channel, count, &mut sums);
                }
            }
            if let Some(place) = *sums_at {
                sums.store(self.memory, [place, self.chunk], *channels, [channel, count]);
            }
        }
    }
}

/// Divides `rows` into tiles of nearly the same size, at most `most`: the first row and the rows of each.
#[inline(always)]
pub fn tiles(rows: usize, most: usize) -> impl Iterator<Item = (usize, usize)> {
    let tiles = rows.div_ceil(most);
    let (size, larger) = (rows / tiles.max(1), rows % tiles.max(1));
    (0..tiles).map(move |tile| (tile * size + tile.min(larger), size + usize::from(tile < larger)))
}
