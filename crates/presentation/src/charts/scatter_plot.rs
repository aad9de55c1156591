//! Scatter plots.

use crate::charts::axis::Axis;
use crate::charts::layout::{Frame, Plane, nearest};
use crate::charts::marks;
use crate::charts::reading_order::ReadingOrder;

/// The distance in px within which a pointer selects a mark.
const REACH: f64 = 28.0;
/// The radius of the cross in place of a missing value, in px.
const CROSS: f64 = 5.0;

/// A scatter plot.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ScatterPlot {
    pub x: Axis,
    pub y: Axis,
    /// In the order in which they are read. Earlier ones are drawn above later ones.
    pub marks: Vec<Mark>,
    /// The name of the first mark, beside it.
    pub first_name: Option<String>,
    /// Whether a line shows where x and y are equal.
    pub has_diagonal: bool,
}

/// A point with its symbol.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Mark {
    /// Identifies the mark.
    pub key: usize,
    pub x: f64,
    /// `None` is drawn as a cross at the bottom.
    pub y: Option<f64>,
    /// In px.
    pub radius: f64,
    /// One of [`marks::SYMBOLS`].
    pub symbol: usize,
}

impl ScatterPlot {
    /// The chart's scales in a frame.
    pub fn plane(&self, frame: Frame) -> Plane {
        Plane { frame, x: self.x.scale, y: self.y.scale }
    }

    /// The marks are read one by one.
    pub fn reading_order(&self) -> ReadingOrder {
        ReadingOrder::by_rank(self.marks.len())
    }

    /// The index of the mark at a place in px, or near it.
    pub fn nearest(&self, plane: &Plane, (x, y): (f64, f64)) -> Option<usize> {
        let places = self.marks.iter().map(|mark| mark.place(plane));
        nearest(places.map(|(mark_x, mark_y)| (mark_x - x).hypot(mark_y - y)), REACH)
    }
}

impl Mark {
    /// In px.
    pub fn place(&self, plane: &Plane) -> (f64, f64) {
        match self.y {
            Some(y) => plane.point((self.x, y)),
            None => (plane.frame.x(plane.x.position(self.x)), plane.frame.bottom),
        }
    }

    /// As an SVG path.
    pub fn path(&self, plane: &Plane) -> String {
        match self.y {
            Some(_) => marks::symbol(self.symbol, self.place(plane), self.radius),
            None => marks::cross(self.place(plane), CROSS),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::charts::axis::{Format, Scale};

    const FRAME: Frame = Frame { left: 40.0, right: 340.0, top: 10.0, bottom: 210.0 };

    fn plot(points: &[(f64, Option<f64>)]) -> ScatterPlot {
        let mark = |(key, &(x, y))| Mark { key, x, y, radius: 6.0, symbol: key };
        ScatterPlot {
            x: Axis::new("x", Scale::log(points.iter().map(|point| point.0)), Format::Rate),
            y: Axis::new("y", Scale::scores([0.5, 0.9]), Format::Percent),
            marks: points.iter().enumerate().map(mark).collect(),
            first_name: None,
            has_diagonal: false,
        }
    }

    #[test]
    fn every_mark_is_within_the_frame_and_found_there() {
        let plot = plot(&[(0.001, Some(0.9)), (0.1, Some(0.5)), (0.01, Some(0.7)), (0.02, None)]);
        let plane = plot.plane(FRAME);
        let places: Vec<(f64, f64)> = plot.marks.iter().map(|mark| mark.place(&plane)).collect();
        for (index, &(x, y)) in places.iter().enumerate() {
            assert!((FRAME.left..=FRAME.right).contains(&x), "{x}");
            assert!((FRAME.top..=FRAME.bottom).contains(&y), "{y}");
            assert_eq!(plot.nearest(&plane, (x + 2.0, y - 2.0)), Some(index));
        }
        let [best, worst, middle, failed] = places[..] else { panic!("not four marks") };
        assert!(best.1 < middle.1 && middle.1 < worst.1 && worst.1 < failed.1);
        assert!(best.0 < middle.0 && middle.0 < failed.0 && failed.0 < worst.0);
        assert_eq!(failed.1, FRAME.bottom);
        assert_eq!(plot.nearest(&plane, (FRAME.left, FRAME.top + 90.0)), None);
    }

    #[test]
    fn a_missing_value_is_a_cross() {
        let plot = plot(&[(0.01, Some(0.7)), (0.01, None)]);
        let plane = plot.plane(FRAME);
        let [mark, failed] = plot.marks[..] else { panic!("not two marks") };
        assert!(mark.path(&plane).ends_with('z'));
        assert_eq!(failed.path(&plane), marks::cross(failed.place(&plane), CROSS));
    }
}
