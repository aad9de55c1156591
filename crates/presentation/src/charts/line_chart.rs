//! Line charts.

use crate::charts::axis::{Axis, Format};
use crate::charts::layout::{Frame, Plane};
use crate::charts::reading_order::ReadingOrder;
use tunelab_l10n::Texts;

/// A line chart.
#[derive(Debug, Clone, PartialEq)]
pub struct LineChart {
    pub x: Axis,
    pub y: Axis,
    pub series: Vec<Series>,
    /// A value of y to compare with, and its name.
    pub reference: Option<(f64, String)>,
    /// A value of x that stands out.
    pub marked_x: Option<f64>,
}

/// One line.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    pub name: String,
    pub style: SeriesStyle,
    /// In the order of x.
    pub points: Vec<(f64, f64)>,
    /// The range of the values under a smoothed line: x, lowest and highest value.
    pub ranges: Vec<(f64, f64, f64)>,
}

/// The style of a line; lines differ without their colors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SeriesStyle {
    Training,
    Validation,
}

impl LineChart {
    /// The chart's scales in a frame.
    pub fn plane(&self, frame: Frame) -> Plane {
        Plane { frame, x: self.x.scale, y: self.y.scale }
    }

    /// Along epochs, the arrow keys read whole epochs and both ends; otherwise, every point.
    pub fn reading_order(&self) -> ReadingOrder {
        let points = || self.series.iter().flat_map(|series| &series.points).map(|&(x, _)| x);
        let stops = match self.x.format {
            Format::Epoch => {
                let first = points().fold(f64::INFINITY, f64::min);
                let last = points().fold(f64::NEG_INFINITY, f64::max);
                let epochs = (first.ceil() as i64..=last.floor() as i64).map(|epoch| epoch as f64);
                let ends = [first, last].into_iter().filter(|end| end.is_finite());
                if first <= last { ends.chain(epochs).collect() } else { Vec::new() }
            }
            _ => points().collect(),
        };
        ReadingOrder::along_axis(stops)
    }

    /// The values at `x` as text.
    pub fn reading(&self, x: f64, texts: Texts) -> String {
        let value = |series: &Series| {
            let (_, y) = nearest_point(&series.points, x)?;
            Some(texts.chart_series_value(&series.name, &self.y.text(y, texts)))
        };
        let values: Vec<String> = self.series.iter().filter_map(value).collect();
        let values = values.join(texts.format_list_separator());
        texts.chart_reading(&self.x.name, &self.x.text(x, texts), &values)
    }
}

/// The point with the nearest x. The points are in the order of x.
fn nearest_point(points: &[(f64, f64)], x: f64) -> Option<(f64, f64)> {
    let after = points.partition_point(|point| point.0 < x);
    let around = [after.checked_sub(1).and_then(|index| points.get(index)), points.get(after)];
    let distance = |point: &(f64, f64)| (point.0 - x).abs();
    around.into_iter().flatten().copied().min_by(|a, b| distance(a).total_cmp(&distance(b)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::charts::axis::Scale;

    fn chart(format: Format, points: [Vec<(f64, f64)>; 2]) -> LineChart {
        let [training, validation] = points;
        let series = |name: &str, style, points| Series {
            name: name.into(),
            style,
            points,
            ranges: Vec::new(),
        };
        LineChart {
            x: Axis::new("Epoch", Scale::from_zero(10.0), format),
            y: Axis::new("Loss", Scale::from_zero(2.3), Format::Decimal),
            series: vec![
                series("training", SeriesStyle::Training, training),
                series("validation", SeriesStyle::Validation, validation),
            ],
            reference: None,
            marked_x: None,
        }
    }

    fn points() -> [Vec<(f64, f64)>; 2] {
        [vec![(0.5, 2.3), (1.0, 1.5), (1.5, 1.25)], vec![(1.0, 1.75)]]
    }

    #[test]
    fn a_chart_is_read_at_every_position() {
        let chart = chart(Format::Epoch, points());
        let reading = |x| chart.reading(x, Texts::ENGLISH);
        assert_eq!(reading(1.0), "Epoch 1: training 1.500, validation 1.750");
        assert_eq!(reading(9.0), "Epoch 9: training 1.250, validation 1.750");
        assert_eq!(reading(0.6), "Epoch 0.6: training 2.300, validation 1.750");
    }

    #[test]
    fn the_keyboard_reads_whole_epochs_or_every_point() {
        let epochs = chart(Format::Epoch, points()).reading_order();
        assert_eq!(epochs, ReadingOrder::along_axis(vec![0.5, 1.0, 1.5]));
        let [training, _] = points();
        let rates = chart(Format::Rate, [training, vec![(0.7, 1.0)]]).reading_order();
        assert_eq!(rates, ReadingOrder::along_axis(vec![0.5, 0.7, 1.0, 1.5]));
    }

    #[test]
    fn an_empty_chart_has_nothing_to_read() {
        let chart = chart(Format::Epoch, [Vec::new(), Vec::new()]);
        assert_eq!(chart.reading_order().range(), None);
    }
}
