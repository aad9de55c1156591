//! What a chart shows, and where that is on the screen.

use std::fmt::Write;

use crate::plot::format::percent;
use crate::plot::ticks::{round_end, tick_label, ticks, whole_ticks};

/// What a chart shows. Both axes begin at 0.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Chart {
    /// The end of the x axis, in epochs.
    pub epochs: f64,
    pub unit: Unit,
    pub series: Vec<Series>,
    /// A value to compare with, and its name.
    pub reference: Option<(f64, &'static str)>,
}

/// What the values are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Unit {
    /// A number of 0 or more.
    #[default]
    Number,
    /// 0 to 1, shown in percent.
    Share,
}

/// One line of a chart.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    pub kind: Kind,
    /// In the order of x.
    pub points: Vec<(f64, f64)>,
    /// What the line smoothes: x, lowest and highest value there.
    pub ranges: Vec<(f64, f64, f64)>,
}

/// Whose line it is. Each looks different without its colour: a plain line, and a broken one with
/// round points.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Training,
    Validation,
}

impl Kind {
    /// What the line is called.
    pub fn name(self) -> &'static str {
        match self {
            Self::Training => "training",
            Self::Validation => "validation",
        }
    }
}

impl Chart {
    /// Whether there is anything to see.
    pub fn is_empty(&self) -> bool {
        self.series.iter().all(|series| series.points.is_empty())
    }

    /// The end of the y axis: all of a share, otherwise enough for every line. What a line smoothes
    /// may be cut off.
    pub fn y_end(&self) -> f64 {
        match self.unit {
            Unit::Share => 1.0,
            Unit::Number => {
                let values = self.series.iter().flat_map(|series| &series.points);
                let highest = values.map(|&(_, y)| y).filter(|y| y.is_finite()).fold(0.0, f64::max);
                round_end(highest, 4)
            }
        }
    }

    /// Places and texts along the x axis.
    pub fn x_ticks(&self, wanted: usize) -> Vec<(f64, String)> {
        whole_ticks(0.0, self.epochs, wanted).into_iter().map(|x| (x, format!("{x:.0}"))).collect()
    }

    /// Places and texts along the y axis.
    pub fn y_ticks(&self) -> Vec<(f64, String)> {
        let values = ticks(0.0, self.y_end(), 5);
        let text = |&value: &f64| match self.unit {
            Unit::Number => tick_label(value, &values),
            Unit::Share => percent(value),
        };
        values.iter().map(|value| (*value, text(value))).collect()
    }

    /// What the lines say at `x`, in words.
    pub fn read_out(&self, x: f64) -> String {
        let values: Vec<String> = self
            .series
            .iter()
            .filter_map(|series| {
                let (_, y) = nearest(&series.points, x)?;
                Some(format!("{} {}", series.kind.name(), self.value(y)))
            })
            .collect();
        format!("Epoch {}: {}", place(x), values.join(", "))
    }

    /// A value in words.
    pub fn value(&self, value: f64) -> String {
        match self.unit {
            Unit::Number => format!("{value:.3}"),
            Unit::Share => percent(value),
        }
    }

    /// Where something can be read: the first and the last x of all lines.
    pub fn extent(&self) -> Option<(f64, f64)> {
        let firsts = self.series.iter().filter_map(|series| series.points.first());
        let lasts = self.series.iter().filter_map(|series| series.points.last());
        let first = firsts.map(|&(x, _)| x).min_by(f64::total_cmp)?;
        let last = lasts.map(|&(x, _)| x).max_by(f64::total_cmp)?;
        Some((first, last))
    }
}

/// An epoch's number, with a decimal where it is none's end.
fn place(x: f64) -> String {
    if (x - x.round()).abs() < 0.005 { format!("{x:.0}") } else { format!("{x:.1}") }
}

/// The point nearest to `x`.
pub fn nearest(points: &[(f64, f64)], x: f64) -> Option<(f64, f64)> {
    let after = points.partition_point(|point| point.0 < x);
    let around = [after.checked_sub(1).and_then(|index| points.get(index)), points.get(after)];
    around.into_iter().flatten().copied().min_by(|a, b| {
        let distance = |point: &(f64, f64)| (point.0 - x).abs();
        distance(a).total_cmp(&distance(b))
    })
}

/// The part of the screen, in px, in which the lines are drawn, and its scales.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Plane {
    pub left: f64,
    pub right: f64,
    pub top: f64,
    pub bottom: f64,
    pub x_end: f64,
    pub y_end: f64,
}

impl Plane {
    /// From a value to px.
    pub fn x(&self, value: f64) -> f64 {
        self.left + (self.right - self.left) * value / self.x_end.max(f64::MIN_POSITIVE)
    }

    /// From a value to px.
    pub fn y(&self, value: f64) -> f64 {
        self.bottom - (self.bottom - self.top) * value / self.y_end.max(f64::MIN_POSITIVE)
    }

    /// From px to the value there.
    pub fn value_at(&self, x: f64) -> f64 {
        let share = (x - self.left) / (self.right - self.left).max(1.0);
        share.clamp(0.0, 1.0) * self.x_end
    }

    /// An SVG path through points.
    pub fn line(&self, points: &[(f64, f64)]) -> String {
        let mut path = String::with_capacity(16 * points.len());
        for (index, &(x, y)) in points.iter().enumerate() {
            self.go(&mut path, if index == 0 { 'M' } else { 'L' }, x, y);
        }
        path
    }

    /// An SVG path through ranges: down and up at each place.
    pub fn ranges(&self, ranges: &[(f64, f64, f64)]) -> String {
        let mut path = String::with_capacity(24 * ranges.len());
        for (index, &(x, lowest, highest)) in ranges.iter().enumerate() {
            self.go(&mut path, if index == 0 { 'M' } else { 'L' }, x, lowest);
            if highest > lowest {
                self.go(&mut path, 'L', x, highest);
            }
        }
        path
    }

    /// An SVG path of small circles at points.
    pub fn dots(&self, points: &[(f64, f64)], radius: f64) -> String {
        let mut path = String::with_capacity(64 * points.len());
        for &(x, y) in points {
            let (x, y, across) = (self.x(x) - radius, self.y(y), 2.0 * radius);
            let half = |sweep: f64| format!("a{radius} {radius} 0 1 0 {sweep} 0");
            let _ = write!(path, "M{x:.1} {y:.1}{}{}", half(across), half(-across));
        }
        path
    }

    fn go(&self, path: &mut String, how: char, x: f64, y: f64) {
        // Far outside, where it is cut off anyway, browsers disagree about large numbers.
        let y = self.y(y).clamp(self.top - 1e4, self.bottom + 1e4);
        // Writing to a string does not fail.
        let _ = write!(path, "{how}{:.1} {y:.1}", self.x(x));
    }
}

/// Moves labels at `places` (px) apart to at least `gap`, keeping their order and within `low` to `high`
/// where they fit.
pub fn spread(places: &[f64], gap: f64, low: f64, high: f64) -> Vec<f64> {
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

    fn plane() -> Plane {
        Plane { left: 40.0, right: 140.0, top: 10.0, bottom: 110.0, x_end: 10.0, y_end: 2.0 }
    }

    fn chart() -> Chart {
        let series = |kind, points| Series { kind, points, ranges: Vec::new() };
        Chart {
            epochs: 10.0,
            unit: Unit::Number,
            series: vec![
                series(Kind::Training, vec![(0.5, 2.3), (1.0, 1.5), (1.5, 1.25)]),
                series(Kind::Validation, vec![(1.0, 1.75)]),
            ],
            reference: None,
        }
    }

    #[test]
    fn scales_turn_back() {
        let plane = plane();
        assert_eq!((plane.x(5.0), plane.y(0.0), plane.y(2.0)), (90.0, 110.0, 10.0));
        assert_eq!(plane.value_at(90.0), 5.0);
        assert_eq!(plane.value_at(-7.0), 0.0);
    }

    #[test]
    fn paths_go_through_every_point() {
        assert_eq!(plane().line(&[(0.0, 0.0), (10.0, 2.0)]), "M40.0 110.0L140.0 10.0");
        let ranges = plane().ranges(&[(0.0, 1.0, 1.0), (5.0, 0.0, 2.0)]);
        assert_eq!(ranges, "M40.0 60.0L90.0 110.0L90.0 10.0");
        assert_eq!(plane().line(&[]), "");
        assert_eq!(plane().dots(&[(5.0, 0.0)], 3.0), "M87.0 110.0a3 3 0 1 0 6 0a3 3 0 1 0 -6 0");
    }

    #[test]
    fn a_chart_can_be_read_anywhere() {
        let chart = chart();
        assert_eq!(chart.extent(), Some((0.5, 1.5)));
        assert_eq!(chart.read_out(1.0), "Epoch 1: training 1.500, validation 1.750");
        assert_eq!(chart.read_out(9.0), "Epoch 9: training 1.250, validation 1.750");
        assert_eq!(chart.read_out(0.6), "Epoch 0.6: training 2.300, validation 1.750");
        assert_eq!(chart.y_end(), 3.0);
        assert_eq!(chart.x_ticks(5).last().map(|tick| tick.1.as_str()), Some("10"));
    }

    #[test]
    fn an_empty_chart_says_so() {
        let chart = Chart { epochs: 3.0, ..Chart::default() };
        assert!(chart.is_empty());
        assert_eq!(chart.extent(), None);
        assert_eq!(chart.y_end(), 1.0);
    }

    #[test]
    fn labels_do_not_cover_each_other() {
        assert_eq!(spread(&[50.0, 52.0], 14.0, 0.0, 100.0), [50.0, 64.0]);
        assert_eq!(spread(&[99.0, 98.0], 14.0, 0.0, 100.0), [100.0, 86.0]);
        assert_eq!(spread(&[10.0, 60.0], 14.0, 0.0, 100.0), [10.0, 60.0]);
    }
}
