//! Lines and marks as SVG paths, from points in px.

use std::fmt::Write;

type Point = (f64, f64);

/// A line through points.
pub fn line(points: impl IntoIterator<Item = Point>) -> String {
    let mut path = String::new();
    for (index, (x, y)) in points.into_iter().enumerate() {
        // Writing to a string does not fail.
        let _ = write!(path, "{}{x:.1} {y:.1}", if index == 0 { 'M' } else { 'L' });
    }
    path
}

/// A small circle at each point.
pub fn dots(points: impl IntoIterator<Item = Point>, radius: f64) -> String {
    points.into_iter().map(|(x, y)| circle(x, y, radius)).collect()
}

/// How many symbols look different without their colors.
pub const SYMBOLS: usize = 10;

/// One of [`SYMBOLS`] closed shapes, all about as large as a circle of this radius.
pub fn symbol(index: usize, (x, y): Point, radius: f64) -> String {
    let r = radius;
    match index % SYMBOLS {
        0 => circle(x, y, r),
        1 => polygon(x, y, &[1.25 * r], 4, 0.125),
        2 => polygon(x, y, &[1.35 * r], 3, 0.0),
        3 => polygon(x, y, &[1.3 * r], 4, 0.0),
        4 => polygon(x, y, &[1.35 * r], 3, 0.5),
        5 => polygon(x, y, &[1.4 * r, 0.55 * r], 10, 0.0),
        6 => polygon(x, y, &[1.1 * r], 6, 0.0),
        7 => polygon(x, y, &[1.4 * r, 0.45 * r], 8, 0.0),
        8 => polygon(x, y, &[1.4 * r, 0.6 * r], 6, 0.0),
        _ => polygon(x, y, &[1.2 * r], 5, 0.5),
    }
}

/// A cross: no value.
pub fn cross((x, y): Point, radius: f64) -> String {
    let [left, right, top, bottom] = [x - radius, x + radius, y - radius, y + radius];
    line([(left, top), (right, bottom)]) + &line([(left, bottom), (right, top)])
}

fn circle(x: f64, y: f64, radius: f64) -> String {
    let half = |across: f64| format!("a{radius:.1} {radius:.1} 0 1 0 {across:.1} 0");
    format!("M{:.1} {y:.1}{}{}z", x - radius, half(2.0 * radius), half(-2.0 * radius))
}

/// Corners around a center, at the radii in turn, starting `turn` (of a whole turn) from the top.
fn polygon(x: f64, y: f64, radii: &[f64], corners: usize, turn: f64) -> String {
    let corner = |index: usize| {
        let angle = std::f64::consts::TAU * (index as f64 / corners as f64 + turn);
        let radius = radii[index % radii.len()];
        (x + radius * angle.sin(), y - radius * angle.cos())
    };
    line((0..corners).map(corner)) + "z"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_go_through_every_point() {
        assert_eq!(line([(40.0, 110.0), (140.0, 10.0)]), "M40.0 110.0L140.0 10.0");
        assert_eq!(line([]), "");
        let circle = "M87.0 110.0a3.0 3.0 0 1 0 6.0 0a3.0 3.0 0 1 0 -6.0 0z";
        assert_eq!(dots([(90.0, 110.0)], 3.0), circle);
    }

    #[test]
    fn every_symbol_is_different_and_around_its_place() {
        let place = (50.0, 50.0);
        let mut shapes: Vec<String> = (0..SYMBOLS).map(|index| symbol(index, place, 6.0)).collect();
        shapes.push(cross(place, 6.0));
        assert!(shapes.iter().all(|shape| shape.starts_with('M')));
        shapes.sort_unstable();
        shapes.dedup();
        assert_eq!(shapes.len(), SYMBOLS + 1);
        assert_eq!(symbol(3, place, 10.0), "M50.0 37.0L63.0 50.0L50.0 63.0L37.0 50.0z");
    }
}
