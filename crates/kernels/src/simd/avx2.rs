//! 8 lanes and 16 registers: x86-64 with AVX2 and FMA.

use core::arch::x86_64::*;

use super::{Kernel, Vector, with_rows};
use crate::gemm::{Outer, Product};

/// 8 numbers.
#[derive(Clone, Copy)]
pub struct Avx2(__m256);

/// # Safety
/// The processor has AVX2 and FMA.
#[target_feature(enable = "avx2,fma")]
pub unsafe fn run<K: Kernel>(kernel: K) {
    unsafe { kernel.run::<Avx2>() }
}

impl Vector for Avx2 {
    const LANES: usize = 8;
    const COLUMNS: usize = 2;
    const ROWS: usize = 6;

    #[inline(always)]
    unsafe fn load(from: *const f32) -> Self {
        Self(unsafe { _mm256_loadu_ps(from) })
    }
    #[inline(always)]
    unsafe fn store(self, to: *mut f32) {
        unsafe { _mm256_storeu_ps(to, self.0) }
    }
    #[inline(always)]
    unsafe fn splat(value: f32) -> Self {
        Self(unsafe { _mm256_set1_ps(value) })
    }
    #[inline(always)]
    unsafe fn add(self, other: Self) -> Self {
        Self(unsafe { _mm256_add_ps(self.0, other.0) })
    }
    #[inline(always)]
    unsafe fn sub(self, other: Self) -> Self {
        Self(unsafe { _mm256_sub_ps(self.0, other.0) })
    }
    #[inline(always)]
    unsafe fn mul(self, other: Self) -> Self {
        Self(unsafe { _mm256_mul_ps(self.0, other.0) })
    }
    #[inline(always)]
    unsafe fn div(self, other: Self) -> Self {
        Self(unsafe { _mm256_div_ps(self.0, other.0) })
    }
    #[inline(always)]
    unsafe fn sqrt(self) -> Self {
        Self(unsafe { _mm256_sqrt_ps(self.0) })
    }
    #[inline(always)]
    unsafe fn mul_add(self, factor: Self, addend: Self) -> Self {
        Self(unsafe { _mm256_fmadd_ps(self.0, factor.0, addend.0) })
    }
    #[inline(always)]
    unsafe fn relu(self) -> Self {
        // The second operand is returned if one is NaN.
        Self(unsafe { _mm256_max_ps(_mm256_setzero_ps(), self.0) })
    }
    #[inline(always)]
    unsafe fn where_positive(self, gate: Self) -> Self {
        unsafe {
            let positive = _mm256_cmp_ps::<_CMP_GT_OQ>(gate.0, _mm256_setzero_ps());
            Self(_mm256_and_ps(positive, self.0))
        }
    }
    #[inline(always)]
    unsafe fn where_equal(self, a: Self, b: Self) -> Self {
        unsafe {
            let equal = _mm256_cmp_ps::<_CMP_EQ_OQ>(a.0, b.0);
            Self(_mm256_and_ps(equal, self.0))
        }
    }
    #[inline(always)]
    unsafe fn where_better(candidate: Self, best: Self, new: Self, old: Self) -> Self {
        unsafe {
            let ordered = _mm256_cmp_ps::<_CMP_ORD_Q>(best.0, best.0);
            let better = _mm256_cmp_ps::<_CMP_NLE_UQ>(candidate.0, best.0);
            Self(_mm256_blendv_ps(old.0, new.0, _mm256_and_ps(ordered, better)))
        }
    }
    #[inline(always)]
    unsafe fn transpose(from: *const f32, stride: usize, to: *mut f32) {
        unsafe {
            let zero = _mm256_setzero_ps();
            let mut rows = [zero; 8];
            for (index, row) in rows.iter_mut().enumerate() {
                *row = _mm256_loadu_ps(from.add(index * stride));
            }
            // Pairs of rows, then fours, within each half of the registers.
            let mut fours = [zero; 8];
            for group in 0..2 {
                let [a, b, c, d] = [0, 1, 2, 3].map(|row| rows[4 * group + row]);
                let (low, high) = (_mm256_unpacklo_ps(a, b), _mm256_unpackhi_ps(a, b));
                let (low_too, high_too) = (_mm256_unpacklo_ps(c, d), _mm256_unpackhi_ps(c, d));
                fours[4 * group] = _mm256_shuffle_ps::<0b01_00_01_00>(low, low_too);
                fours[4 * group + 1] = _mm256_shuffle_ps::<0b11_10_11_10>(low, low_too);
                fours[4 * group + 2] = _mm256_shuffle_ps::<0b01_00_01_00>(high, high_too);
                fours[4 * group + 3] = _mm256_shuffle_ps::<0b11_10_11_10>(high, high_too);
            }
            // Then the halves.
            for column in 0..4 {
                let (a, b) = (fours[column], fours[4 + column]);
                _mm256_storeu_ps(to.add(column * 8), _mm256_permute2f128_ps::<0x20>(a, b));
                _mm256_storeu_ps(to.add((4 + column) * 8), _mm256_permute2f128_ps::<0x31>(a, b));
            }
        }
    }
    #[inline(always)]
    unsafe fn product_tile(product: &Product, rows: usize) {
        with_rows!(rows, product, tile, Self, 2, [1 2 3 4 5 6])
    }
    #[inline(always)]
    unsafe fn outer_tile(outer: &Outer, rows: usize) {
        with_rows!(rows, outer, tile, Self, 2, [1 2 3 4 5 6])
    }
}
