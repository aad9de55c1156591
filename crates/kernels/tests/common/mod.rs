//! Random numbers and comparisons for the tests of this crate.

#![allow(dead_code, reason = "each test program uses some of it")]

use rand::{RngExt, SeedableRng};
use tunelab_kernels::geometry::Shape;
use tunelab_kernels::layout::to_nchw;
use tunelab_kernels::memory::Memory;
use tunelab_kernels::threads::Serial;

/// Reproducible random numbers.
pub struct Random(rand::rngs::ChaCha8Rng);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(rand::rngs::ChaCha8Rng::seed_from_u64(seed))
    }

    /// `count` numbers between -1 and 1.
    pub fn numbers(&mut self, count: usize) -> Vec<f32> {
        (0..count).map(|_| self.0.random::<f32>() * 2.0 - 1.0).collect()
    }
}

/// Whether all numbers are equal but for the rounding of float32 sums.
pub fn close(found: &[f32], expected: &[f64]) -> bool {
    error(found, expected) < 2e-6
}

/// The largest difference, relative to the largest number if that is above 1.
pub fn error(found: &[f32], expected: &[f64]) -> f64 {
    assert_eq!(found.len(), expected.len());
    let scale = expected.iter().map(|value| value.abs()).fold(1.0, f64::max);
    let pairs = found.iter().zip(expected);
    let differences = pairs.map(|(found, expected)| (f64::from(*found) - expected).abs() / scale);
    // `max` drops NaN.
    let larger = |most: f64, difference: f64| match most.is_nan() || difference <= most {
        true => most,
        false => difference,
    };
    differences.fold(0.0, larger)
}

/// An activation of the memory as `[N, C, H, W]`.
pub fn images_of_batch(memory: Memory<'_>, place: usize, shape: Shape, batch: usize) -> Vec<f32> {
    let mut values = vec![0.0; shape.pixels() * shape.channels * batch];
    to_nchw(memory, place, shape, batch, &mut values, &Serial);
    values
}
