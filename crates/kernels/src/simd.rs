//! Vectors of f32, and the choice of instructions at run time.
//!
//! A pass implements [`Kernel`] once, generic over [`Vector`]. [`InstructionSet::run`] compiles it for every set of
//! instructions that this program supports, and calls the version for the chosen one.

#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod avx512;
#[cfg(target_arch = "aarch64")]
mod neon;
mod portable;
#[cfg(target_arch = "wasm32")]
mod wasm;

#[cfg(target_arch = "wasm32")]
use core::sync::atomic::{AtomicBool, Ordering};

use crate::gemm::{Outer, Product};

/// A vector of f32.
///
/// # Safety
/// All functions need the instructions of the implementing type, so they are only called through
/// [`InstructionSet::run`]. Pointers must be valid for [`Vector::LANES`] numbers.
#[allow(clippy::missing_safety_doc, reason = "the trait's applies to all functions")]
pub trait Vector: Copy {
    /// Numbers per vector.
    const LANES: usize;
    /// Vectors per row of a tile of [`Product`] and [`Outer`].
    const COLUMNS: usize;
    /// Most rows per tile. Rows × columns accumulators, one row of columns and one broadcast number fit in registers.
    const ROWS: usize;

    unsafe fn load(from: *const f32) -> Self;
    unsafe fn store(self, to: *mut f32);
    unsafe fn splat(value: f32) -> Self;
    unsafe fn add(self, other: Self) -> Self;
    unsafe fn sub(self, other: Self) -> Self;
    unsafe fn mul(self, other: Self) -> Self;
    unsafe fn div(self, other: Self) -> Self;
    unsafe fn sqrt(self) -> Self;
    /// `self * factor + addend`, fused where the processor can.
    unsafe fn mul_add(self, factor: Self, addend: Self) -> Self;
    /// 0 where `self` is negative, else `self`; NaN stays NaN.
    unsafe fn relu(self) -> Self;
    /// `self` where `gate` is positive, else 0.
    unsafe fn where_positive(self, gate: Self) -> Self;
    /// `self` where `a` equals `b`, else 0.
    unsafe fn where_equal(self, a: Self, b: Self) -> Self;
    /// `new` where `candidate` is greater than `best` or NaN, and `best` is not NaN; else `old`.
    unsafe fn where_better(candidate: Self, best: Self, new: Self, old: Self) -> Self;

    /// Transposes a block of [`Vector::LANES`] rows and columns to consecutive vectors at `to`. The rows of `from` are
    /// `stride` apart.
    unsafe fn transpose(from: *const f32, stride: usize, to: *mut f32);

    /// [`Product::tile`] for `rows` rows, at most [`Vector::ROWS`].
    unsafe fn product_tile(product: &Product, rows: usize);
    /// [`Outer::tile`] for `rows` rows, at most [`Vector::ROWS`].
    unsafe fn outer_tile(outer: &Outer, rows: usize);
}

/// Calls `$tile::<$vector, R, $columns>` for a number of rows that is only known at run time.
macro_rules! with_rows {
    ($rows:expr, $argument:expr, $tile:ident, $vector:ty, $columns:literal, [$($count:literal)*]) => {
        match $rows {
            $($count => unsafe { $argument.$tile::<$vector, $count, $columns>() },)*
            _ => unreachable!("a tile has at most {} rows", <$vector>::ROWS),
        }
    };
}
use with_rows;

/// Work that is compiled for every set of instructions.
pub trait Kernel {
    /// # Safety
    /// The processor has the instructions of `V`. Implementations are `#[inline(always)]`, so that they are compiled
    /// with these instructions.
    unsafe fn run<V: Vector>(self);
}

/// A set of SIMD instructions that this processor has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InstructionSet(Set);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Set {
    Portable,
    #[cfg(target_arch = "x86_64")]
    Avx2,
    #[cfg(target_arch = "x86_64")]
    Avx512,
    #[cfg(target_arch = "aarch64")]
    Neon,
    #[cfg(target_arch = "wasm32")]
    Wasm,
    #[cfg(target_arch = "wasm32")]
    RelaxedWasm,
}

/// Whether the browser has relaxed SIMD, which a program cannot find out.
#[cfg(target_arch = "wasm32")]
static HAS_RELAXED_SIMD: AtomicBool = AtomicBool::new(false);

/// Says that the browser has relaxed SIMD.
///
/// # Safety
/// It has.
#[cfg(target_arch = "wasm32")]
pub unsafe fn use_relaxed_simd() {
    HAS_RELAXED_SIMD.store(true, Ordering::Relaxed);
}

impl Set {
    /// From the slowest to the fastest.
    const ALL: &[Self] = &[
        Self::Portable,
        #[cfg(target_arch = "x86_64")]
        Self::Avx2,
        #[cfg(target_arch = "x86_64")]
        Self::Avx512,
        #[cfg(target_arch = "aarch64")]
        Self::Neon,
        #[cfg(target_arch = "wasm32")]
        Self::Wasm,
        #[cfg(target_arch = "wasm32")]
        Self::RelaxedWasm,
    ];

    fn is_available(self) -> bool {
        match self {
            #[cfg(target_arch = "x86_64")]
            Self::Avx2 => {
                std::arch::is_x86_feature_detected!("avx2")
                    && std::arch::is_x86_feature_detected!("fma")
            }
            #[cfg(target_arch = "x86_64")]
            Self::Avx512 => std::arch::is_x86_feature_detected!("avx512f"),
            #[cfg(target_arch = "wasm32")]
            Self::RelaxedWasm => HAS_RELAXED_SIMD.load(Ordering::Relaxed),
            _ => true,
        }
    }
}

impl InstructionSet {
    /// The fastest set that this processor has.
    pub fn detect() -> Self {
        Self::available().last().unwrap_or(Self(Set::Portable))
    }

    /// All sets that this processor has, from the slowest to the fastest.
    pub fn available() -> impl Iterator<Item = Self> {
        Set::ALL.iter().copied().filter(|set| set.is_available()).map(Self)
    }

    /// The set's name in lower case, such as `avx2`.
    pub fn name(self) -> &'static str {
        match self.0 {
            Set::Portable => "portable",
            #[cfg(target_arch = "x86_64")]
            Set::Avx2 => "avx2",
            #[cfg(target_arch = "x86_64")]
            Set::Avx512 => "avx512",
            #[cfg(target_arch = "aarch64")]
            Set::Neon => "neon",
            #[cfg(target_arch = "wasm32")]
            Set::Wasm => "wasm",
            #[cfg(target_arch = "wasm32")]
            Set::RelaxedWasm => "relaxed-wasm",
        }
    }

    /// Numbers per row of a tile, to which packed weights are padded.
    pub fn panel(self) -> usize {
        struct Panel<'a>(&'a mut usize);
        impl Kernel for Panel<'_> {
            #[inline(always)]
            unsafe fn run<V: Vector>(self) {
                *self.0 = V::LANES * V::COLUMNS;
            }
        }
        let mut panel = 0;
        self.run(Panel(&mut panel));
        panel
    }

    /// Vectors per row of a tile.
    pub fn columns(self) -> usize {
        struct Columns<'a>(&'a mut usize);
        impl Kernel for Columns<'_> {
            #[inline(always)]
            unsafe fn run<V: Vector>(self) {
                *self.0 = V::COLUMNS;
            }
        }
        let mut columns = 0;
        self.run(Columns(&mut columns));
        columns
    }

    /// The most rows of a tile.
    pub fn rows(self) -> usize {
        struct Rows<'a>(&'a mut usize);
        impl Kernel for Rows<'_> {
            #[inline(always)]
            unsafe fn run<V: Vector>(self) {
                *self.0 = V::ROWS;
            }
        }
        let mut rows = 0;
        self.run(Rows(&mut rows));
        rows
    }

    /// Runs `kernel` with these instructions.
    #[inline]
    pub fn run<K: Kernel>(self, kernel: K) {
        // SAFETY: the processor has the instructions of every value of this type.
        match self.0 {
            Set::Portable => unsafe { kernel.run::<portable::Portable>() },
            #[cfg(target_arch = "x86_64")]
            Set::Avx2 => unsafe { avx2::run(kernel) },
            #[cfg(target_arch = "x86_64")]
            Set::Avx512 => unsafe { avx512::run(kernel) },
            #[cfg(target_arch = "aarch64")]
            Set::Neon => unsafe { kernel.run::<neon::Neon>() },
            #[cfg(target_arch = "wasm32")]
            Set::Wasm => unsafe { kernel.run::<wasm::Wasm<false>>() },
            #[cfg(target_arch = "wasm32")]
            Set::RelaxedWasm => unsafe { wasm::run_relaxed(kernel) },
        }
    }
}
