//! 16 lanes and 32 registers: x86-64 with AVX-512.

use core::arch::x86_64::*;

use super::{Kernel, Vector, with_rows};
use crate::gemm::{Outer, Product};

/// 16 numbers.
#[derive(Clone, Copy)]
pub struct Avx512(__m512);

/// # Safety
/// The processor has AVX-512F.
#[target_feature(enable = "avx512f")]
pub unsafe fn run<K: Kernel>(kernel: K) {
    unsafe { kernel.run::<Avx512>() }
}

impl Vector for Avx512 {
    const LANES: usize = 16;
    const COLUMNS: usize = 2;
    const ROWS: usize = 14;

    #[inline(always)]
    unsafe fn load(from: *const f32) -> Self {
        Self(unsafe { _mm512_loadu_ps(from) })
    }
    #[inline(always)]
    unsafe fn store(self, to: *mut f32) {
        unsafe { _mm512_storeu_ps(to, self.0) }
    }
    #[inline(always)]
    unsafe fn splat(value: f32) -> Self {
        Self(unsafe { _mm512_set1_ps(value) })
    }
    #[inline(always)]
    unsafe fn add(self, other: Self) -> Self {
        Self(unsafe { _mm512_add_ps(self.0, other.0) })
    }
    #[inline(always)]
    unsafe fn sub(self, other: Self) -> Self {
        Self(unsafe { _mm512_sub_ps(self.0, other.0) })
    }
    #[inline(always)]
    unsafe fn mul(self, other: Self) -> Self {
        Self(unsafe { _mm512_mul_ps(self.0, other.0) })
    }
    #[inline(always)]
    unsafe fn div(self, other: Self) -> Self {
        Self(unsafe { _mm512_div_ps(self.0, other.0) })
    }
    #[inline(always)]
    unsafe fn sqrt(self) -> Self {
        Self(unsafe { _mm512_sqrt_ps(self.0) })
    }
    #[inline(always)]
    unsafe fn mul_add(self, factor: Self, addend: Self) -> Self {
        Self(unsafe { _mm512_fmadd_ps(self.0, factor.0, addend.0) })
    }
    #[inline(always)]
    unsafe fn relu(self) -> Self {
        // The second operand is returned if one is NaN.
        Self(unsafe { _mm512_max_ps(_mm512_setzero_ps(), self.0) })
    }
    #[inline(always)]
    unsafe fn where_positive(self, gate: Self) -> Self {
        unsafe {
            let positive = _mm512_cmp_ps_mask::<_CMP_GT_OQ>(gate.0, _mm512_setzero_ps());
            Self(_mm512_maskz_mov_ps(positive, self.0))
        }
    }
    #[inline(always)]
    unsafe fn where_equal(self, a: Self, b: Self) -> Self {
        unsafe {
            let equal = _mm512_cmp_ps_mask::<_CMP_EQ_OQ>(a.0, b.0);
            Self(_mm512_maskz_mov_ps(equal, self.0))
        }
    }
    #[inline(always)]
    unsafe fn where_better(candidate: Self, best: Self, new: Self, old: Self) -> Self {
        unsafe {
            let ordered = _mm512_cmp_ps_mask::<_CMP_ORD_Q>(best.0, best.0);
            let better = _mm512_mask_cmp_ps_mask::<_CMP_NLE_UQ>(ordered, candidate.0, best.0);
            Self(_mm512_mask_mov_ps(old.0, better, new.0))
        }
    }
    #[inline(always)]
    unsafe fn transpose(from: *const f32, stride: usize, to: *mut f32) {
        unsafe {
            let zero = _mm512_setzero_ps();
            let mut rows = [zero; 16];
            for (index, row) in rows.iter_mut().enumerate() {
                *row = _mm512_loadu_ps(from.add(index * stride));
            }
            // Pairs of rows, then fours, within each quarter of the registers.
            let mut fours = [zero; 16];
            for group in 0..4 {
                let [a, b, c, d] = [0, 1, 2, 3].map(|row| rows[4 * group + row]);
                let (low, high) = (_mm512_unpacklo_ps(a, b), _mm512_unpackhi_ps(a, b));
                let (low_too, high_too) = (_mm512_unpacklo_ps(c, d), _mm512_unpackhi_ps(c, d));
                fours[4 * group] = _mm512_shuffle_ps::<0b01_00_01_00>(low, low_too);
                fours[4 * group + 1] = _mm512_shuffle_ps::<0b11_10_11_10>(low, low_too);
                fours[4 * group + 2] = _mm512_shuffle_ps::<0b01_00_01_00>(high, high_too);
                fours[4 * group + 3] = _mm512_shuffle_ps::<0b11_10_11_10>(high, high_too);
            }
            // Then the quarters.
            for column in 0..4 {
                let [a, b, c, d] = [0, 4, 8, 12].map(|group| fours[group + column]);
                let even = _mm512_shuffle_f32x4::<0b10_00_10_00>(a, b);
                let odd = _mm512_shuffle_f32x4::<0b11_01_11_01>(a, b);
                let even_too = _mm512_shuffle_f32x4::<0b10_00_10_00>(c, d);
                let odd_too = _mm512_shuffle_f32x4::<0b11_01_11_01>(c, d);
                let quarters = [
                    _mm512_shuffle_f32x4::<0b10_00_10_00>(even, even_too),
                    _mm512_shuffle_f32x4::<0b10_00_10_00>(odd, odd_too),
                    _mm512_shuffle_f32x4::<0b11_01_11_01>(even, even_too),
                    _mm512_shuffle_f32x4::<0b11_01_11_01>(odd, odd_too),
                ];
                for (quarter, row) in quarters.into_iter().enumerate() {
                    _mm512_storeu_ps(to.add((4 * quarter + column) * 16), row);
                }
            }
        }
    }
    #[inline(always)]
    unsafe fn product_tile(product: &Product, rows: usize) {
        with_rows!(rows, product, tile, Self, 2, [1 2 3 4 5 6 7 8 9 10 11 12 13 14])
    }
    #[inline(always)]
    unsafe fn outer_tile(outer: &Outer, rows: usize) {
        with_rows!(rows, outer, tile, Self, 2, [1 2 3 4 5 6 7 8 9 10 11 12 13 14])
    }
}
