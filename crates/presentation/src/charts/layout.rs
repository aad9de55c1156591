//! Maps values to px.

use crate::charts::axis::Scale;

/// The part of a drawing in which values are shown, in px from the upper left corner.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Frame {
    pub left: f64,
    pub right: f64,
    pub top: f64,
    pub bottom: f64,
}

impl Frame {
    /// A frame in a drawing of this size, with margins `[left, right, top, bottom]` and a minimum width.
    pub fn new(width: f64, height: f64, [left, right, top, bottom]: [f64; 4]) -> Self {
        const LEAST_WIDTH: f64 = 40.0;
        let right = (width - right).max(left + LEAST_WIDTH);
        Self { left, right, top, bottom: height - bottom }
    }

    pub fn width(&self) -> f64 {
        self.right - self.left
    }

    /// The x coordinate in px of a position (0 to 1) on a horizontal axis.
    pub fn x(&self, position: f64) -> f64 {
        self.left + position * self.width()
    }

    /// The y coordinate in px of a position (0 to 1) on a vertical axis.
    pub fn y(&self, position: f64) -> f64 {
        self.bottom - position * (self.bottom - self.top)
    }

    /// The position (0 to 1) on a horizontal axis of an x coordinate in px.
    pub fn position_at(&self, x: f64) -> f64 {
        ((x - self.left) / self.width().max(1.0)).clamp(0.0, 1.0)
    }
}

/// Two scales in a frame.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Plane {
    pub frame: Frame,
    pub x: Scale,
    pub y: Scale,
}

impl Plane {
    /// The point in px of two values.
    pub fn point(&self, (x, y): (f64, f64)) -> (f64, f64) {
        let (frame, y) = (self.frame, self.frame.y(self.y.position(y)));
        // Browsers disagree about large numbers; far outside, the point is cut off anyway.
        (frame.x(self.x.position(x)), y.clamp(frame.top - 1e4, frame.bottom + 1e4))
    }

    /// The value of x at a place in px.
    pub fn x_at(&self, x: f64) -> f64 {
        self.x.value_at(self.frame.position_at(x))
    }
}

/// The index of the smallest of some distances, unless it is above `reach`.
pub fn nearest(distances: impl Iterator<Item = f64>, reach: f64) -> Option<usize> {
    let (index, distance) = distances.enumerate().min_by(|a, b| a.1.total_cmp(&b.1))?;
    (distance <= reach).then_some(index)
}

/// The distance of a point from the line segment between two others.
pub fn segment_distance((x, y): (f64, f64), from: (f64, f64), to: (f64, f64)) -> f64 {
    let (along_x, along_y) = (to.0 - from.0, to.1 - from.1);
    let length = (along_x * along_x + along_y * along_y).max(f64::MIN_POSITIVE);
    let share = (((x - from.0) * along_x + (y - from.1) * along_y) / length).clamp(0.0, 1.0);
    (from.0 + share * along_x - x).hypot(from.1 + share * along_y - y)
}

/// Moves labels at `places` (px) apart to at least `gap`, keeping their order, and within `low` to `high` where
/// they fit.
pub fn spread_labels(places: &[f64], gap: f64, low: f64, high: f64) -> Vec<f64> {
    let mut order: Vec<usize> = (0..places.len()).collect();
    order.sort_by(|&a, &b| places[a].total_cmp(&places[b]));
    let mut spread = places.to_vec();
    let mut least = low;
    for &index in &order {
        spread[index] = spread[index].max(least);
        least = spread[index] + gap;
    }
    let mut most = high;
    for &index in order.iter().rev() {
        spread[index] = spread[index].min(most);
        most = spread[index] - gap;
    }
    spread
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plane_converts_values_to_px_and_back() {
        let plane = Plane {
            frame: Frame::new(150.0, 120.0, [40.0, 10.0, 10.0, 10.0]),
            x: Scale::Linear { low: 0.0, high: 10.0 },
            y: Scale::Linear { low: 0.0, high: 2.0 },
        };
        assert_eq!(plane.point((5.0, 0.0)), (90.0, 110.0));
        assert_eq!(plane.point((0.0, 2.0)), (40.0, 10.0));
        assert_eq!((plane.x_at(90.0), plane.x_at(-7.0)), (5.0, 0.0));
        assert_eq!(plane.point((0.0, 1e300)).1, 10.0 - 1e4);
    }

    #[test]
    fn a_frame_has_a_minimum_width() {
        let frame = Frame::new(50.0, 100.0, [46.0, 88.0, 12.0, 30.0]);
        assert_eq!((frame.left, frame.right, frame.bottom), (46.0, 86.0, 70.0));
    }

    #[test]
    fn the_nearest_is_within_reach() {
        assert_eq!(nearest([3.0, 1.0, 2.0].into_iter(), 1.5), Some(1));
        assert_eq!(nearest([3.0, 2.0].into_iter(), 1.5), None);
        assert_eq!(segment_distance((5.0, 3.0), (0.0, 0.0), (10.0, 0.0)), 3.0);
        assert_eq!(segment_distance((13.0, 4.0), (0.0, 0.0), (10.0, 0.0)), 5.0);
    }

    #[test]
    fn labels_do_not_overlap() {
        assert_eq!(spread_labels(&[50.0, 52.0], 14.0, 0.0, 100.0), [50.0, 64.0]);
        assert_eq!(spread_labels(&[99.0, 98.0], 14.0, 0.0, 100.0), [100.0, 86.0]);
        assert_eq!(spread_labels(&[10.0, 60.0], 14.0, 0.0, 100.0), [10.0, 60.0]);
    }
}
