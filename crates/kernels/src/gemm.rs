//! Tiles of matrix products, held in registers from the first to the last addition.

use crate::simd::Vector;

/// The most numbers of a tile, over all instruction sets.
pub const TILE: usize = 14 * 32;

/// A product of a row of the input with a matrix of weights.
#[derive(Debug, Clone, Copy)]
pub struct Tap {
    /// Where the rows of the input start, in numbers from [`Operand::source`].
    pub source: u32,
    /// Where the weights start, in numbers from [`Operand::weights`].
    pub weights: u32,
    /// Index of the operand.
    pub operand: u32,
}

/// Input and weights of some of the taps.
#[derive(Debug, Clone, Copy)]
pub struct Operand {
    pub source: *const f32,
    /// Numbers from one row of the input to the next.
    pub row_stride: usize,
    /// Weights of the columns of the tile: for each tap, `depth` rows as wide as a tile.
    pub weights: *const f32,
    /// Numbers per row of the input.
    pub depth: usize,
}

/// `out[r][c]` = sum over taps and k < depth of `source[r][k] * weights[k][c]`: a tile of a convolution's output or input
/// gradient.
pub struct Product<'a> {
    pub taps: &'a [Tap],
    pub operands: &'a [Operand],
    /// The first row of the tile.
    pub row: usize,
    /// Rows as wide as a tile.
    pub out: *mut f32,
}

impl Product<'_> {
    /// Computes the tile.
    ///
    /// # Safety
    /// All pointers are valid for what is read and written, and the processor has the instructions of `V`.
    #[inline(always)]
    pub unsafe fn tile<V: Vector, const ROWS: usize, const COLUMNS: usize>(&self) {
        unsafe {
            let mut sums = [[V::splat(0.0); COLUMNS]; ROWS];
            for tap in self.taps {
                let operand = &self.operands[tap.operand as usize];
                let stride = operand.row_stride;
                let source = operand.source.add(tap.source as usize + self.row * stride);
                let mut weights = operand.weights.add(tap.weights as usize);
                for index in 0..operand.depth {
                    let mut columns = [V::splat(0.0); COLUMNS];
                    for column in 0..COLUMNS {
                        columns[column] = V::load(weights.add(column * V::LANES));
                    }
                    for row in 0..ROWS {
                        let value = V::splat(*source.add(row * stride + index));
                        for column in 0..COLUMNS {
                            sums[row][column] = value.mul_add(columns[column], sums[row][column]);
                        }
                    }
                    weights = weights.add(COLUMNS * V::LANES);
                }
            }
            let mut out = self.out;
            for sum in sums.iter().flatten() {
                sum.store(out);
                out = out.add(V::LANES);
            }
        }
    }
}

/// Samples that belong together: the output gradient and the input at the same tap, for several images or pixels.
#[derive(Debug, Clone, Copy)]
pub struct Pair {
    /// Where the first sample starts, in numbers from [`Outer::left`].
    pub left: u32,
    /// Where the first sample starts, in numbers from [`Outer::right`].
    pub right: u32,
    /// The number of samples.
    pub samples: u32,
}

/// `out[r][c]` += sum over samples of `left[sample][r] * right[sample][c]`: a tile of a weight gradient.
pub struct Outer<'a> {
    pub pairs: &'a [Pair],
    pub left: *const f32,
    /// Numbers from one sample to the next.
    pub left_stride: usize,
    pub right: *const f32,
    /// Numbers from one sample to the next.
    pub right_stride: usize,
    /// Rows as wide as a tile.
    pub out: *mut f32,
}

impl Outer<'_> {
    /// Adds to the tile.
    ///
    /// # Safety
    /// All pointers are valid for what is read and written (`right` for the width of a tile per sample), and the
    /// processor has the instructions of `V`.
    #[inline(always)]
    pub unsafe fn tile<V: Vector, const ROWS: usize, const COLUMNS: usize>(&self) {
        unsafe {
            let mut sums = [[V::splat(0.0); COLUMNS]; ROWS];
            for pair in self.pairs {
                let mut left = self.left.add(pair.left as usize);
                let mut right = self.right.add(pair.right as usize);
                for _ in 0..pair.samples {
                    let mut columns = [V::splat(0.0); COLUMNS];
                    for column in 0..COLUMNS {
                        columns[column] = V::load(right.add(column * V::LANES));
                    }
                    for row in 0..ROWS {
                        let value = V::splat(*left.add(row));
                        for column in 0..COLUMNS {
                            sums[row][column] = value.mul_add(columns[column], sums[row][column]);
                        }
                    }
                    left = left.wrapping_add(self.left_stride);
                    right = right.wrapping_add(self.right_stride);
                }
            }
            let mut out = self.out;
            for sum in sums.iter().flatten() {
                V::load(out).add(*sum).store(out);
                out = out.add(V::LANES);
            }
        }
    }
}
