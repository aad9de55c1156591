//! Parallel coordinates: an axis for each variable, and a line through its values for each observation.

use crate::charts::axis::Axis;
use crate::charts::layout::{Frame, nearest, segment_distance};
use crate::charts::marks;
use crate::charts::reading_order::ReadingOrder;

/// The distance in px within which a pointer selects a line.
const REACH: f64 = 16.0;
/// Lines are colored by the part of the last axis where they end; the last band is the highest.
pub const BANDS: usize = 5;

/// The chart, not yet placed.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ParallelCoordinates {
    /// At least two; the last is that of the result.
    pub axes: Vec<Axis>,
    /// In the order in which they are read. Earlier ones are drawn above later ones.
    pub lines: Vec<Line>,
}

/// An observation.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// Identifies the line.
    pub key: usize,
    /// Where it crosses the axes: positions of 0 to 1. `None` where it has no value.
    pub positions: Vec<Option<f64>>,
}

impl Line {
    /// A line through a value of each axis.
    pub fn new(key: usize, axes: &[Axis], values: &[Option<f64>]) -> Self {
        let position = |(axis, value): (&Axis, &Option<f64>)| Some(axis.scale.position((*value)?));
        Self { key, positions: axes.iter().zip(values).map(position).collect() }
    }

    /// The position on the last axis.
    pub fn result(&self) -> Option<f64> {
        *self.positions.last()?
    }

    /// Which of [`BANDS`] the result is in.
    pub fn band(&self) -> usize {
        self.result().map_or(0, |position| ((position * BANDS as f64) as usize).min(BANDS - 1))
    }
}

impl ParallelCoordinates {
    /// The lines are read one by one.
    pub fn reading_order(&self) -> ReadingOrder {
        ReadingOrder::by_rank(self.lines.len())
    }

    /// The index of the line at a place in px, or near it.
    pub fn nearest(&self, placement: &Placement, place: (f64, f64)) -> Option<usize> {
        let distance = |line: &Line| {
            let points = placement.points(line);
            let segments = points.windows(2).map(|ends| segment_distance(place, ends[0], ends[1]));
            segments.fold(f64::INFINITY, f64::min)
        };
        nearest(self.lines.iter().map(distance), REACH)
    }
}

/// Where the axes are: vertical and side by side or, in a narrow drawing, horizontal and below each other.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Placement {
    pub frame: Frame,
    pub is_horizontal: bool,
    /// The number of axes.
    pub axes: usize,
}

impl Placement {
    /// A position on an axis, in px.
    pub fn point(&self, axis: usize, position: f64) -> (f64, f64) {
        let across = axis as f64 / self.axes.saturating_sub(1).max(1) as f64;
        if self.is_horizontal {
            (self.frame.x(position), self.frame.y(1.0 - across))
        } else {
            (self.frame.x(across), self.frame.y(position))
        }
    }

    /// Where a line crosses the axes, in px.
    fn points(&self, line: &Line) -> Vec<(f64, f64)> {
        let crossings = line.positions.iter().enumerate();
        crossings.filter_map(|(axis, position)| Some(self.point(axis, (*position)?))).collect()
    }

    /// A line as an SVG path.
    pub fn path(&self, line: &Line) -> String {
        marks::line(self.points(line))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::charts::axis::{Format, Scale};

    const FRAME: Frame = Frame { left: 40.0, right: 440.0, top: 20.0, bottom: 220.0 };

    fn chart() -> ParallelCoordinates {
        let axes = vec![
            Axis::categorical("Strategy", vec!["probe".into(), "full".into()]),
            Axis::new("Learning rate", Scale::log([0.001, 0.1]), Format::Rate),
            Axis::new("Score", Scale::scores([0.5, 0.9]), Format::Percent),
        ];
        let rows = [(0.0, 0.001, Some(0.9)), (1.0, 0.1, Some(0.5)), (1.0, 0.01, None)];
        let line = |(key, &(strategy, rate, score)): (usize, &(f64, f64, Option<f64>))| {
            Line::new(key, &axes, &[Some(strategy), Some(rate), score])
        };
        let lines = rows.iter().enumerate().map(line).collect();
        ParallelCoordinates { axes, lines }
    }

    fn placement(is_horizontal: bool) -> Placement {
        Placement { frame: FRAME, is_horizontal, axes: 3 }
    }

    #[test]
    fn lines_cross_the_axes_where_they_have_a_value() {
        let chart = chart();
        for is_horizontal in [false, true] {
            let placement = placement(is_horizontal);
            for (line, crossings) in chart.lines.iter().zip([3, 3, 2]) {
                let points = placement.points(line);
                assert_eq!(points.len(), crossings);
                assert_eq!(placement.path(line).matches(['M', 'L']).count(), crossings);
                for (x, y) in points {
                    assert!((FRAME.left..=FRAME.right).contains(&x));
                    assert!((FRAME.top..=FRAME.bottom).contains(&y));
                }
            }
        }
        let bands: Vec<usize> = chart.lines.iter().map(Line::band).collect();
        assert_eq!(bands, [4, 0, 0]);
        assert_eq!(chart.lines[2].result(), None);
    }

    #[test]
    fn axes_are_side_by_side_or_below_each_other() {
        let vertical = placement(false);
        assert_eq!(
            (vertical.point(0, 0.0), vertical.point(2, 1.0)),
            ((40.0, 220.0), (440.0, 20.0))
        );
        let horizontal = placement(true);
        assert_eq!(
            (horizontal.point(0, 0.0), horizontal.point(2, 1.0)),
            ((40.0, 20.0), (440.0, 220.0))
        );
    }

    #[test]
    fn a_line_is_found_near_its_place() {
        let (chart, placement) = (chart(), placement(false));
        for (index, line) in chart.lines.iter().enumerate() {
            let place = placement.point(1, line.positions[1].unwrap());
            assert_eq!(chart.nearest(&placement, place), Some(index));
        }
        assert_eq!(chart.nearest(&placement, (40.0, 400.0)), None);
    }
}
