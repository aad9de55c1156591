//! 4 lanes without intrinsics: processors that lack the better instructions, which are rare.

use super::{Vector, with_rows};
use crate::gemm::{Outer, Product};

/// 4 numbers.
#[derive(Clone, Copy)]
pub struct Portable([f32; 4]);

impl Portable {
    #[inline(always)]
    fn zip(self, other: Self, operation: impl Fn(f32, f32) -> f32) -> Self {
        Self(core::array::from_fn(|lane| operation(self.0[lane], other.0[lane])))
    }
}

impl Vector for Portable {
    const LANES: usize = 4;
    const COLUMNS: usize = 2;
    const ROWS: usize = 4;

    #[inline(always)]
    unsafe fn load(from: *const f32) -> Self {
        Self(unsafe { from.cast::<[f32; 4]>().read_unaligned() })
    }
    #[inline(always)]
    unsafe fn store(self, to: *mut f32) {
        unsafe { to.cast::<[f32; 4]>().write_unaligned(self.0) }
    }
    #[inline(always)]
    unsafe fn splat(value: f32) -> Self {
        Self([value; 4])
    }
    #[inline(always)]
    unsafe fn add(self, other: Self) -> Self {
        self.zip(other, |a, b| a + b)
    }
    #[inline(always)]
    unsafe fn sub(self, other: Self) -> Self {
        self.zip(other, |a, b| a - b)
    }
    #[inline(always)]
    unsafe fn mul(self, other: Self) -> Self {
        self.zip(other, |a, b| a * b)
    }
    #[inline(always)]
    unsafe fn div(self, other: Self) -> Self {
        self.zip(other, |a, b| a / b)
    }
    #[inline(always)]
    unsafe fn sqrt(self) -> Self {
        Self(self.0.map(crate::math::sqrt))
    }
    #[inline(always)]
    unsafe fn mul_add(self, factor: Self, addend: Self) -> Self {
        Self(core::array::from_fn(|lane| self.0[lane] * factor.0[lane] + addend.0[lane]))
    }
    #[inline(always)]
    unsafe fn relu(self) -> Self {
        Self(self.0.map(|value| if value < 0.0 { 0.0 } else { value }))
    }
    #[inline(always)]
    unsafe fn where_positive(self, gate: Self) -> Self {
        self.zip(gate, |value, gate| if gate > 0.0 { value } else { 0.0 })
    }
    #[inline(always)]
    unsafe fn where_equal(self, a: Self, b: Self) -> Self {
        Self(core::array::from_fn(|lane| if a.0[lane] == b.0[lane] { self.0[lane] } else { 0.0 }))
    }
    #[inline(always)]
    unsafe fn where_better(candidate: Self, best: Self, new: Self, old: Self) -> Self {
        Self(core::array::from_fn(|lane| {
            let (candidate, best) = (candidate.0[lane], best.0[lane]);
            let better = !best.is_nan() && (candidate > best || candidate.is_nan());
            if better { new.0[lane] } else { old.0[lane] }
        }))
    }
    #[inline(always)]
    unsafe fn transpose(from: *const f32, stride: usize, to: *mut f32) {
        for row in 0..4 {
            for column in 0..4 {
                unsafe { *to.add(column * 4 + row) = *from.add(row * stride + column) };
            }
        }
    }
    #[inline(always)]
    unsafe fn product_tile(product: &Product, rows: usize) {
        with_rows!(rows, product, tile, Self, 2, [1 2 3 4])
    }
    #[inline(always)]
    unsafe fn outer_tile(outer: &Outer, rows: usize) {
        with_rows!(rows, outer, tile, Self, 2, [1 2 3 4])
    }
}
