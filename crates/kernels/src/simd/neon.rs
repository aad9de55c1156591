//! 4 lanes and 32 registers: 64-bit ARM, all of which have NEON.

use core::arch::aarch64::*;

use super::{Vector, with_rows};
use crate::gemm::{Outer, Product};

/// 4 numbers.
#[derive(Clone, Copy)]
pub struct Neon(float32x4_t);

impl Vector for Neon {
    const LANES: usize = 4;
    const COLUMNS: usize = 4;
    const ROWS: usize = 6;

    #[inline(always)]
    unsafe fn load(from: *const f32) -> Self {
        Self(unsafe { vld1q_f32(from) })
    }
    #[inline(always)]
    unsafe fn store(self, to: *mut f32) {
        unsafe { vst1q_f32(to, self.0) }
    }
    #[inline(always)]
    unsafe fn splat(value: f32) -> Self {
        Self(unsafe { vdupq_n_f32(value) })
    }
    #[inline(always)]
    unsafe fn add(self, other: Self) -> Self {
        Self(unsafe { vaddq_f32(self.0, other.0) })
    }
    #[inline(always)]
    unsafe fn sub(self, other: Self) -> Self {
        Self(unsafe { vsubq_f32(self.0, other.0) })
    }
    #[inline(always)]
    unsafe fn mul(self, other: Self) -> Self {
        Self(unsafe { vmulq_f32(self.0, other.0) })
    }
    #[inline(always)]
    unsafe fn div(self, other: Self) -> Self {
        Self(unsafe { vdivq_f32(self.0, other.0) })
    }
    #[inline(always)]
    unsafe fn sqrt(self) -> Self {
        Self(unsafe { vsqrtq_f32(self.0) })
    }
    #[inline(always)]
    unsafe fn mul_add(self, factor: Self, addend: Self) -> Self {
        Self(unsafe { vfmaq_f32(addend.0, self.0, factor.0) })
    }
    #[inline(always)]
    unsafe fn relu(self) -> Self {
        Self(unsafe { vmaxq_f32(self.0, vdupq_n_f32(0.0)) })
    }
    #[inline(always)]
    unsafe fn where_positive(self, gate: Self) -> Self {
        unsafe {
            let positive = vcgtzq_f32(gate.0);
            Self(vreinterpretq_f32_u32(vandq_u32(vreinterpretq_u32_f32(self.0), positive)))
        }
    }
    #[inline(always)]
    unsafe fn where_equal(self, a: Self, b: Self) -> Self {
        unsafe {
            let equal = vceqq_f32(a.0, b.0);
            Self(vreinterpretq_f32_u32(vandq_u32(vreinterpretq_u32_f32(self.0), equal)))
        }
    }
    #[inline(always)]
    unsafe fn where_better(candidate: Self, best: Self, new: Self, old: Self) -> Self {
        unsafe {
            let ordered = vceqq_f32(best.0, best.0);
            let better = vbicq_u32(ordered, vcleq_f32(candidate.0, best.0));
            Self(vbslq_f32(better, new.0, old.0))
        }
    }
    #[inline(always)]
    unsafe fn transpose(from: *const f32, stride: usize, to: *mut f32) {
        unsafe {
            let [a, b, c, d] = [0, 1, 2, 3].map(|row| vld1q_f32(from.add(row * stride)));
            let pairs = |a, b| {
                (vreinterpretq_f64_f32(vzip1q_f32(a, b)), vreinterpretq_f64_f32(vzip2q_f32(a, b)))
            };
            let ((low, high), (low_too, high_too)) = (pairs(a, b), pairs(c, d));
            vst1q_f32(to, vreinterpretq_f32_f64(vzip1q_f64(low, low_too)));
            vst1q_f32(to.add(4), vreinterpretq_f32_f64(vzip2q_f64(low, low_too)));
            vst1q_f32(to.add(8), vreinterpretq_f32_f64(vzip1q_f64(high, high_too)));
            vst1q_f32(to.add(12), vreinterpretq_f32_f64(vzip2q_f64(high, high_too)));
        }
    }
    #[inline(always)]
    unsafe fn product_tile(product: &Product, rows: usize) {
        with_rows!(rows, product, tile, Self, 4, [1 2 3 4 5 6])
    }
    #[inline(always)]
    unsafe fn outer_tile(outer: &Outer, rows: usize) {
        with_rows!(rows, outer, tile, Self, 4, [1 2 3 4 5 6])
    }
}
