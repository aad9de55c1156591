//! Random draws shared by several augmentations.

use rand::RngExt;
use tunelab_core::rng::StreamRng;

/// How often a random rectangle is drawn before giving up, as in torchvision.
pub(super) const RECTANGLE_TRIES: usize = 10;

/// A uniform draw from `low..high`.
pub(super) fn uniform(rng: &mut StreamRng, (low, high): (f64, f64)) -> f64 {
    low + (high - low) * rng.random::<f64>()
}

/// A draw from `low..high` whose logarithm is uniform.
pub(super) fn log_uniform(rng: &mut StreamRng, (low, high): (f64, f64)) -> f64 {
    uniform(rng, (low.ln(), high.ln())).exp()
}

/// The sides of a random rectangle with a fraction `scale` of `area`, rounded to px. The first divided by the
/// second is in the range `ratio`.
pub(super) fn rectangle_sides(
    area: f64,
    scale: (f64, f64),
    ratio: (f64, f64),
    rng: &mut StreamRng,
) -> (f64, f64) {
    let area = area * uniform(rng, scale);
    let ratio = log_uniform(rng, ratio);
    ((area * ratio).sqrt().round_ties_even(), (area / ratio).sqrt().round_ties_even())
}
