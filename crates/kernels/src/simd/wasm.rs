//! 4 lanes: WebAssembly with SIMD, and with relaxed SIMD, which multiplies and adds in one instruction.

use core::arch::wasm32::*;

use super::{Kernel, Vector, with_rows};
use crate::gemm::{Outer, Product};

/// 4 numbers.
#[derive(Clone, Copy)]
pub struct Wasm<const RELAXED: bool>(v128);

/// # Safety
/// The browser has relaxed SIMD.
#[target_feature(enable = "relaxed-simd")]
pub unsafe fn run_relaxed<K: Kernel>(kernel: K) {
    unsafe { kernel.run::<Wasm<true>>() }
}

impl<const RELAXED: bool> Vector for Wasm<RELAXED> {
    const LANES: usize = 4;
    const COLUMNS: usize = 2;
    // More rows would make V8 spill registers, which halves the speed: it needs one for each product.
    const ROWS: usize = 4;

    #[inline(always)]
    unsafe fn load(from: *const f32) -> Self {
        Self(unsafe { v128_load(from.cast()) })
    }
    #[inline(always)]
    unsafe fn store(self, to: *mut f32) {
        unsafe { v128_store(to.cast(), self.0) }
    }
    #[inline(always)]
    unsafe fn splat(value: f32) -> Self {
        Self(f32x4_splat(value))
    }
    #[inline(always)]
    unsafe fn add(self, other: Self) -> Self {
        Self(f32x4_add(self.0, other.0))
    }
    #[inline(always)]
    unsafe fn sub(self, other: Self) -> Self {
        Self(f32x4_sub(self.0, other.0))
    }
    #[inline(always)]
    unsafe fn mul(self, other: Self) -> Self {
        Self(f32x4_mul(self.0, other.0))
    }
    #[inline(always)]
    unsafe fn div(self, other: Self) -> Self {
        Self(f32x4_div(self.0, other.0))
    }
    #[inline(always)]
    unsafe fn sqrt(self) -> Self {
        Self(f32x4_sqrt(self.0))
    }
    #[inline(always)]
    unsafe fn mul_add(self, factor: Self, addend: Self) -> Self {
        if RELAXED {
            Self(f32x4_relaxed_madd(self.0, factor.0, addend.0))
        } else {
            Self(f32x4_add(f32x4_mul(self.0, factor.0), addend.0))
        }
    }
    #[inline(always)]
    unsafe fn relu(self) -> Self {
        // The first operand is returned if one is NaN.
        Self(f32x4_pmax(self.0, f32x4_splat(0.0)))
    }
    #[inline(always)]
    unsafe fn where_positive(self, gate: Self) -> Self {
        Self(v128_and(self.0, f32x4_gt(gate.0, f32x4_splat(0.0))))
    }
    #[inline(always)]
    unsafe fn where_equal(self, a: Self, b: Self) -> Self {
        Self(v128_and(self.0, f32x4_eq(a.0, b.0)))
    }
    #[inline(always)]
    unsafe fn where_better(candidate: Self, best: Self, new: Self, old: Self) -> Self {
        let better = v128_andnot(f32x4_eq(best.0, best.0), f32x4_le(candidate.0, best.0));
        Self(v128_bitselect(new.0, old.0, better))
    }
    #[inline(always)]
    unsafe fn transpose(from: *const f32, stride: usize, to: *mut f32) {
        unsafe {
            let [a, b, c, d] = [0, 1, 2, 3].map(|row| v128_load(from.add(row * stride).cast()));
            let (low, high) =
                (i32x4_shuffle::<0, 4, 1, 5>(a, b), i32x4_shuffle::<2, 6, 3, 7>(a, b));
            let low_too = i32x4_shuffle::<0, 4, 1, 5>(c, d);
            let high_too = i32x4_shuffle::<2, 6, 3, 7>(c, d);
            v128_store(to.cast(), i32x4_shuffle::<0, 1, 4, 5>(low, low_too));
            v128_store(to.add(4).cast(), i32x4_shuffle::<2, 3, 6, 7>(low, low_too));
            v128_store(to.add(8).cast(), i32x4_shuffle::<0, 1, 4, 5>(high, high_too));
            v128_store(to.add(12).cast(), i32x4_shuffle::<2, 3, 6, 7>(high, high_too));
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
