//! The chart of the learning-rate finder.

use crate::charts::axis::{Axis, Format, Scale};
use crate::charts::line_chart::{LineChart, Series, SeriesStyle};
use tunelab_core::train::rate_finder::{HIGHEST, LOWEST, RateCurve};
use tunelab_l10n::Texts;

/// The smoothed loss by learning rate, and the loss of each step. A loss far above the first one is cut off, which keeps the minimum visible.
pub fn loss_by_rate(curve: &RateCurve, suggestion: Option<f64>, texts: Texts) -> LineChart {
    let rates = Scale::Log { low: LOWEST, high: HIGHEST };
    let points = curve.points.iter().map(|point| (point.learning_rate, point.smoothed));
    let points: Vec<(f64, f64)> = points.filter(|(_, loss)| loss.is_finite()).collect();
    let losses = curve.points.iter().map(|point| (point.learning_rate, point.loss, point.loss));
    let low = points.iter().map(|point| point.1).fold(f64::INFINITY, f64::min);
    let first = points.first().map_or(low, |point| point.1);
    let high = (first + (first - low) * 0.5).max(low + 1e-9);
    let series = Series {
        name: texts.rate_finder_loss().to_owned(),
        style: SeriesStyle::Training,
        points,
        ranges: losses.filter(|(_, low, _)| low.is_finite()).collect(),
    };
    LineChart {
        x: Axis::new(texts.run_learning_rate(), rates, Format::Rate),
        y: Axis::new(texts.run_loss(), Scale::Linear { low, high }, Format::Decimal),
        series: vec![series],
        reference: None,
        marked_x: suggestion,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn high_losses_are_cut_off() {
        let mut curve = RateCurve::default();
        for (rate, loss) in [(1e-6, 2.0), (1e-3, 1.0), (1.0, 50.0), (10.0, f64::INFINITY)] {
            curve.push(rate, loss);
        }
        let chart = loss_by_rate(&curve, Some(1e-3), Texts::ENGLISH);
        assert_eq!(chart.series[0].points.len(), 3);
        let Scale::Linear { low, high } = chart.y.scale else { panic!("not linear") };
        assert!(low < 2.0 && (2.0..2.5).contains(&high), "{low} to {high}");
        let reading = chart.reading(1e-6, Texts::ENGLISH);
        assert!(reading.starts_with("Learning rate 1.0e-6: smoothed loss 2.000"), "{reading}");
    }

    #[test]
    fn an_empty_curve_has_nothing_to_read() {
        let chart = loss_by_rate(&RateCurve::default(), None, Texts::ENGLISH);
        assert_eq!(chart.reading_order().range(), None);
    }
}
