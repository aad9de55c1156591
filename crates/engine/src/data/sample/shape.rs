//! The shapes of the eight classes, as signed distances and textures.

use std::f64::consts::{PI, TAU};

use rand::RngExt;

use tunelab_core::rng::StreamRng;

/// A class of the sample dataset, in label order (sorted by name).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u64)]
pub enum SampleClass {
    Checkerboard = 0,
    Cross = 1,
    Disc = 2,
    Ring = 3,
    Spiral = 4,
    Star = 5,
    Stripes = 6,
    Triangle = 7,
}

impl SampleClass {
    pub const ALL: [Self; 8] = [
        Self::Checkerboard,
        Self::Cross,
        Self::Disc,
        Self::Ring,
        Self::Spiral,
        Self::Star,
        Self::Stripes,
        Self::Triangle,
    ];

    /// The name of the class.
    pub fn name(self) -> &'static str {
        match self {
            Self::Checkerboard => "checkerboard",
            Self::Cross => "cross",
            Self::Disc => "disc",
            Self::Ring => "ring",
            Self::Spiral => "spiral",
            Self::Star => "star",
            Self::Stripes => "stripes",
            Self::Triangle => "triangle",
        }
    }
}

/// A shape with random proportions, centered at 0 and not rotated.
pub(super) struct Shape {
    class: SampleClass,
    /// Radius of the circumscribed circle, in px.
    radius: f64,
    /// Thickness of arms, bands and texture cells, in px.
    thickness: f64,
    /// Amplitude and phase of the waves of the outline, for the textured classes.
    waves: [(f64, f64); 3],
}

impl Shape {
    pub(super) fn random(class: SampleClass, radius: f64, rng: &mut StreamRng) -> Self {
        let thickness = radius
            * match class {
                SampleClass::Cross => rng.random_range(0.22..0.34),
                SampleClass::Ring => rng.random_range(0.20..0.38),
                SampleClass::Spiral => rng.random_range(0.11..0.15),
                SampleClass::Star => rng.random_range(0.42..0.55),
                SampleClass::Checkerboard => rng.random_range(0.30..0.45),
                SampleClass::Stripes => rng.random_range(0.20..0.32),
                SampleClass::Disc | SampleClass::Triangle => 0.0,
            };
        let waves =
            std::array::from_fn(|_| (rng.random_range(0.02..0.09), rng.random_range(0.0..TAU)));
        Self { class, radius, thickness, waves }
    }

    /// The signed distance of (`x`, `y`) from the outline in px, positive outside.
    pub(super) fn distance(&self, x: f64, y: f64) -> f64 {
        let r = x.hypot(y);
        match self.class {
            SampleClass::Disc => r - self.radius,
            SampleClass::Ring => {
                let half = self.thickness / 2.0;
                (r - (self.radius - half)).abs() - half
            }
            SampleClass::Cross => {
                let (long, short) = (x.abs().max(y.abs()), x.abs().min(y.abs()));
                (long - self.radius).max(short - self.thickness / 2.0)
            }
            SampleClass::Triangle => polygon(x, y, 3, self.radius, self.radius / 2.0),
            SampleClass::Star => polygon(x, y, 5, self.radius, self.thickness),
            SampleClass::Spiral => self.spiral(x, y, r),
            SampleClass::Checkerboard | SampleClass::Stripes => self.blob(x, y, r),
        }
    }

    /// An Archimedean spiral of about two and a half turns.
    fn spiral(&self, x: f64, y: f64, r: f64) -> f64 {
        let pitch = self.thickness * 2.6;
        let half = self.thickness / 2.0;
        let turn = y.atan2(x) / TAU;
        // The arm with the nearest radius at this angle.
        let arms = (r / pitch - turn).round().max(0.0);
        let arm = (arms + turn) * pitch;
        ((r - arm).abs() - half).max(r - self.radius)
    }

    /// A circle whose radius varies by three waves.
    fn blob(&self, x: f64, y: f64, r: f64) -> f64 {
        let angle = y.atan2(x);
        let wave: f64 = self
            .waves
            .iter()
            .zip([2.0, 3.0, 5.0])
            .map(|((amplitude, phase), times)| amplitude * (times * angle + phase).cos())
            .sum();
        r - self.radius * (0.88 + wave)
    }

    /// The fraction of the second color at (`x`, `y`), 0 to 1.
    pub(super) fn texture(&self, x: f64, y: f64) -> f64 {
        let wave = |v: f64| self.thickness / PI * (v * PI / self.thickness).sin();
        match self.class {
            SampleClass::Stripes => coverage(wave(x)),
            SampleClass::Checkerboard => {
                let (a, b) = (coverage(wave(x)), coverage(wave(y)));
                a * b + (1.0 - a) * (1.0 - b)
            }
            _ => 0.0,
        }
    }
}

/// The fraction of a pixel inside an edge at the signed distance `distance` in px.
pub(super) fn coverage(distance: f64) -> f64 {
    (0.5 - distance).clamp(0.0, 1.0)
}

/// The signed distance from a star polygon with `points` tips at radius `outer` and the corners between them at
/// radius `inner`, by symmetry computed for one edge.
fn polygon(x: f64, y: f64, points: u32, outer: f64, inner: f64) -> f64 {
    let sector = PI / f64::from(points);
    let angle = (y.atan2(x).rem_euclid(2.0 * sector) - sector).abs();
    // In this frame, the tip is at the angle `sector` and the inner corner on the x axis.
    let r = x.hypot(y);
    let (px, py) = (r * angle.cos(), r * angle.sin());
    let (tip_x, tip_y) = (outer * sector.cos(), outer * sector.sin());
    let (edge_x, edge_y) = (tip_x - inner, tip_y);
    let along = ((px - inner) * edge_x + py * edge_y) / (edge_x * edge_x + edge_y * edge_y);
    let along = along.clamp(0.0, 1.0);
    let distance = (px - inner - along * edge_x).hypot(py - along * edge_y);
    let outside = (px - inner) * edge_y - py * edge_x;
    distance.copysign(outside)
}

#[cfg(test)]
mod tests {
    use super::*;
    use tunelab_core::rng::{Purpose, stream};

    #[test]
    fn names_are_sorted_and_labels_follow() {
        let names = SampleClass::ALL.map(SampleClass::name);
        assert!(names.is_sorted());
        for (label, class) in SampleClass::ALL.into_iter().enumerate() {
            assert_eq!(class as usize, label);
        }
    }

    #[test]
    fn polygon_distances_are_signed_and_exact() {
        // A triangle centered at 0: the inner radius is the distance to its sides.
        assert!((polygon(0.0, 0.0, 3, 10.0, 5.0) + 5.0).abs() < 1e-9);
        // On the axis of symmetry, 10 px from the side.
        let far = (PI / 3.0).sin_cos();
        assert!((polygon(15.0 * far.1, 15.0 * far.0, 3, 10.0, 5.0) - 10.0).abs() < 1e-9);
        // Beyond the tip at angle 0.
        assert!((polygon(14.0, 0.0, 3, 10.0, 5.0) - 4.0).abs() < 1e-9);
        assert!(polygon(9.9, 0.0, 5, 10.0, 4.0) < 0.0);
    }

    #[test]
    fn every_shape_is_inside_its_circle() {
        for class in SampleClass::ALL {
            let mut rng = stream(1, Purpose::Sample, 0, 0);
            let shape = Shape::random(class, 30.0, &mut rng);
            let mut inside = 0;
            for y in -45..=45 {
                for x in -45..=45 {
                    let (x, y) = (f64::from(x), f64::from(y));
                    if shape.distance(x, y) < 0.0 {
                        inside += 1;
                        assert!(x.hypot(y) < 36.0, "{class:?} reaches ({x}, {y})");
                    }
                }
            }
            assert!(inside > 300, "{class:?} has {inside} px");
        }
    }
}
