//! Renders an image: colors, background, shape and shadow.

use std::f64::consts::{PI, TAU};

use rand::RngExt;

use super::shape::{SampleClass, Shape, coverage};
use crate::data::image::RgbImage;
use tunelab_core::rng::StreamRng;

type Color = [f64; 3];

/// The smallest difference in luma (0..=1) between shape and background.
const MIN_CONTRAST: f64 = 0.22;

/// Renders a shape of random position, size, angle and colors on a random background.
pub(super) fn render(class: SampleClass, side: u32, rng: &mut StreamRng) -> RgbImage {
    let length = f64::from(side);
    let radius = length * rng.random_range(0.24..0.40);
    let reach = length / 2.0 - radius * 0.9;
    let center_x = length / 2.0 + reach * rng.random_range(-1.0..1.0);
    let center_y = length / 2.0 + reach * rng.random_range(-1.0..1.0);
    let (sin, cos) = rng.random_range(0.0..TAU).sin_cos();
    let shape = Shape::random(class, radius, rng);

    let (back, front) = contrasting_colors(rng);
    let second = second_color(front, back, rng);
    let background = Background::random(back, rng);
    let light = rng.random_range(0.0..0.25);
    let shadow = rng.random_range(0.0..0.35);
    let shadow_blur = radius * 0.15;
    let grain = rng.random_range(0.0..0.035);

    RgbImage::from_fn(side, side, |px, py| {
        let (px, py) = (f64::from(px) + 0.5, f64::from(py) + 0.5);
        let distance_at = |px: f64, py: f64| {
            let (dx, dy) = (px - center_x, py - center_y);
            let (x, y) = (dx * cos + dy * sin, dy * cos - dx * sin);
            (shape.distance(x, y), x, y)
        };

        let mut color = background.color(px / length, py / length);
        let (below, ..) = distance_at(px - radius * 0.08, py - radius * 0.12);
        let darkness = shadow * coverage(below / (2.0 * shadow_blur));
        color = color.map(|c| c * (1.0 - darkness));

        let (distance, x, y) = distance_at(px, py);
        let lit = 1.0 + light * (center_y - py) / radius;
        let fill = mix(front, second, shape.texture(x, y)).map(|c| c * lit);
        color = mix(color, fill, coverage(distance));

        let noise = grain * rng.random_range(-1.0..1.0);
        color.map(|c| ((c + noise).clamp(0.0, 1.0) * 255.0).round() as u8)
    })
}

enum Background {
    Plain(Color),
    /// From one color to another along a direction.
    Gradient {
        from: Color,
        to: Color,
        direction: (f64, f64),
    },
    /// Smooth noise on a grid between two colors.
    Clouds {
        dark: Color,
        bright: Color,
        grid: Box<[[f64; CELLS + 1]; CELLS + 1]>,
    },
}

const CELLS: usize = 7;

impl Background {
    fn random(color: Color, rng: &mut StreamRng) -> Self {
        let shade = rng.random_range(0.05..0.12);
        let (dark, bright) = (color.map(|c| c - shade), color.map(|c| c + shade));
        match rng.random_range(0..3) {
            0 => Self::Plain(color),
            1 => {
                let (sin, cos) = rng.random_range(0.0..TAU).sin_cos();
                Self::Gradient { from: dark, to: bright, direction: (cos, sin) }
            }
            _ => {
                let grid = std::array::from_fn(|_| std::array::from_fn(|_| rng.random()));
                Self::Clouds { dark, bright, grid: Box::new(grid) }
            }
        }
    }

    /// The color at (`x`, `y`), each 0..=1.
    fn color(&self, x: f64, y: f64) -> Color {
        match self {
            Self::Plain(color) => *color,
            Self::Gradient { from, to, direction } => {
                let along = (x - 0.5) * direction.0 + (y - 0.5) * direction.1;
                mix(*from, *to, (along / std::f64::consts::SQRT_2 + 0.5).clamp(0.0, 1.0))
            }
            Self::Clouds { dark, bright, grid } => {
                let cell = |v: f64| {
                    let v = v * CELLS as f64;
                    let index = (v as usize).min(CELLS - 1);
                    // A cosine smooths the edges of the bilinear cells.
                    (index, 0.5 - 0.5 * (PI * (v - index as f64)).cos())
                };
                let ((column, u), (row, v)) = (cell(x), cell(y));
                let blend = |a: f64, b: f64, t: f64| a + (b - a) * t;
                let top = blend(grid[row][column], grid[row][column + 1], u);
                let bottom = blend(grid[row + 1][column], grid[row + 1][column + 1], u);
                mix(*dark, *bright, blend(top, bottom, v))
            }
        }
    }
}

fn mix(a: Color, b: Color, part: f64) -> Color {
    std::array::from_fn(|i| a[i] + (b[i] - a[i]) * part)
}

fn luma([r, g, b]: Color) -> f64 {
    0.299 * r + 0.587 * g + 0.114 * b
}

/// Random colors for background and shape, one clearly lighter than the other.
fn contrasting_colors(rng: &mut StreamRng) -> (Color, Color) {
    loop {
        let (back, front) = (random_color(rng), random_color(rng));
        if (luma(back) - luma(front)).abs() > MIN_CONTRAST {
            return (back, front);
        }
    }
}

/// A second color for the texture that contrasts with the first one and the background. If none is found, it is
/// a lighter or darker version of the first color.
fn second_color(front: Color, back: Color, rng: &mut StreamRng) -> Color {
    for _ in 0..50 {
        let color = random_color(rng);
        let differs = |other: Color| (luma(color) - luma(other)).abs() > MIN_CONTRAST;
        if differs(front) && differs(back) {
            return color;
        }
    }
    if luma(front) > 0.5 { front.map(|c| c * 0.4) } else { front.map(|c| 0.6 + c * 0.4) }
}

/// A color of random hue and medium saturation and value.
fn random_color(rng: &mut StreamRng) -> Color {
    let hue = rng.random_range(0.0..6.0);
    let saturation = rng.random_range(0.25..0.85);
    let value = rng.random_range(0.25..0.97);
    hsv(hue, saturation, value)
}

/// RGB of HSV. `hue` is in sixths of the color circle from red, the others are 0..=1.
fn hsv(hue: f64, saturation: f64, value: f64) -> Color {
    [5.0, 3.0, 1.0].map(|offset: f64| {
        let k = (offset + hue).rem_euclid(6.0);
        value * (1.0 - saturation * k.min(4.0 - k).clamp(0.0, 1.0))
    })
}
