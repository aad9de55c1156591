//! Square roots, which `core` lacks.

/// The square root.
#[cfg(not(target_arch = "wasm32"))]
pub fn sqrt(value: f32) -> f32 {
    value.sqrt()
}

/// The square root.
#[cfg(target_arch = "wasm32")]
pub fn sqrt(value: f32) -> f32 {
    use core::arch::wasm32::{f32x4_extract_lane, f32x4_splat, f32x4_sqrt};
    f32x4_extract_lane::<0>(f32x4_sqrt(f32x4_splat(value)))
}

/// The square root.
#[cfg(not(target_arch = "wasm32"))]
pub fn sqrt_f64(value: f64) -> f64 {
    value.sqrt()
}

/// The square root.
#[cfg(target_arch = "wasm32")]
pub fn sqrt_f64(value: f64) -> f64 {
    use core::arch::wasm32::{f64x2_extract_lane, f64x2_splat, f64x2_sqrt};
    f64x2_extract_lane::<0>(f64x2_sqrt(f64x2_splat(value)))
}
