//! Metrics and predictions as text, and the scatter plot of predicted and true numbers.

use crate::charts::axis::{Axis, Format, Scale};
use crate::charts::scatter_plot::{Mark, ScatterPlot};
use crate::try_it::by_probability;
use tunelab_core::data::task::{Task, TaskKind};
use tunelab_core::metrics::evaluation::{MultiLabelMetrics, TaskMetrics};
use tunelab_core::metrics::prediction::{LABEL_THRESHOLD, Prediction};
use tunelab_core::metrics::regression::RegressionErrors;
use tunelab_l10n::Texts;

/// The metrics of a multi-label task.
pub fn labels_summary(report: &MultiLabelMetrics, texts: Texts) -> String {
    texts.results_labels_summary(
        &texts.percent(report.mean_average_precision),
        &texts.percent(LABEL_THRESHOLD),
        &texts.decimal(report.f1, 2),
    )
}

/// The metrics of predicted numbers.
pub fn regression_summary(errors: &RegressionErrors, texts: Texts) -> String {
    let error = texts.results_mae(&texts.significant(errors.mean_absolute_error));
    let explained = match errors.r_squared {
        None => texts.results_r2_unknown().to_owned(),
        Some(r2) if r2 <= 0.0 => texts.results_r2_useless(&texts.decimal(r2, 2)),
        Some(r2) => texts.results_r2(&texts.percent(r2), &texts.decimal(r2, 2)),
    };
    texts.sentences(&[error, explained])
}

/// A prediction in a few words; `None` if it is not of the task's kind.
pub fn prediction_summary(task: &Task, prediction: &Prediction, texts: Texts) -> Option<String> {
    Some(match (&task.kind, prediction) {
        (TaskKind::Class { classes }, Prediction::Class(probabilities)) => {
            let top = *by_probability(probabilities).first()?;
            texts.try_top_class(classes.get(top.class)?, &texts.probability(top.probability))
        }
        (TaskKind::Labels { labels }, Prediction::Labels(probabilities)) => {
            let predicted: Vec<&str> = labels
                .iter()
                .zip(probabilities)
                .filter(|(_, probability)| **probability >= LABEL_THRESHOLD)
                .map(|(label, _)| label.as_str())
                .collect();
            match predicted[..] {
                [] => texts.data_targets_no_labels().to_owned(),
                _ => predicted.join(texts.format_list_separator()),
            }
        }
        (TaskKind::Number { .. }, Prediction::Number(number)) => texts.significant(*number),
        _ => return None,
    })
}

/// The typical error of a predicted number, if it was measured.
pub fn typical_error(report: Option<&TaskMetrics>, texts: Texts) -> Option<String> {
    match report {
        Some(TaskMetrics::Number(report)) => {
            let error = texts.significant(report.errors.mean_absolute_error);
            Some(texts.results_typical_error(&error))
        }
        _ => None,
    }
}

/// Maximum number of points of a scatter plot; if there are more, an even selection is shown.
const MAX_POINTS: usize = 400;

/// Plots pairs of a predicted and a true number, in the order of the true ones; `None` if there are none, or all
/// numbers are the same.
pub fn predicted_by_true(pairs: &[(f64, f64)], texts: Texts) -> Option<ScatterPlot> {
    let scale = Scale::linear(pairs.iter().flat_map(|&(predicted, truth)| [predicted, truth]))?;
    let axis = |name| Axis::new(name, scale, Format::Number);
    let step = pairs.len().div_ceil(MAX_POINTS).max(1);
    let finite = |&&(predicted, truth): &&(f64, f64)| predicted.is_finite() && truth.is_finite();
    let mut pairs: Vec<(f64, f64)> = pairs.iter().step_by(step).filter(finite).copied().collect();
    pairs.sort_by(|a, b| a.1.total_cmp(&b.1));
    let mark = |(key, (predicted, truth))| Mark {
        key,
        x: truth,
        y: Some(predicted),
        radius: 4.0,
        symbol: 0,
    };
    Some(ScatterPlot {
        x: axis(texts.results_scatter_true()),
        y: axis(texts.results_scatter_predicted()),
        marks: pairs.into_iter().enumerate().map(mark).collect(),
        first_name: None,
        has_diagonal: true,
    })
}

/// A point of the plot of predicted and true numbers.
pub fn scatter_reading(mark: &Mark, texts: Texts) -> String {
    let predicted = mark.y.map_or_else(String::new, |predicted| texts.number(predicted));
    texts.results_scatter_point(&texts.number(mark.x), &predicted)
}

#[cfg(test)]
mod tests {
    use super::*;
    use tunelab_core::metrics::evaluation::RegressionMetrics;

    const ENGLISH: Texts = Texts::ENGLISH;

    #[test]
    fn errors_have_the_unit_of_the_numbers() {
        let summary = |predicted: &[f64]| {
            regression_summary(&RegressionErrors::new(predicted, &[1.0, 2.0, 3.0]), ENGLISH)
        };
        assert_eq!(
            summary(&[1.0, 2.0, 4.0]),
            "The mean absolute error (MAE) is 0.333. The model explains 50% of the variance (R² = 0.50)."
        );
        let useless = summary(&[3.0, 2.0, 1.0]);
        assert!(useless.contains("no better than always predicting the mean (R² = -3.00)"));
        let one = RegressionErrors::new(&[1.0], &[3.0]);
        assert!(regression_summary(&one, ENGLISH).ends_with(ENGLISH.results_r2_unknown()));
    }

    #[test]
    fn labels_are_summarized_by_map_and_f1() {
        let report = MultiLabelMetrics::new(&[1.0, -1.0], &[true, false], 1);
        let summary = labels_summary(&report, ENGLISH);
        assert!(summary.starts_with("The mean average precision (mAP) is 100%."), "{summary}");
        assert!(summary.ends_with("F1 score is 1.00."), "{summary}");
    }

    #[test]
    fn every_kind_of_prediction_has_a_summary() {
        let names = || vec!["pug".to_string(), "husky".to_string()];
        let summary =
            |task: &Task, prediction: Prediction| prediction_summary(task, &prediction, ENGLISH);
        let breed = Task::class("breed", names());
        assert_eq!(summary(&breed, Prediction::Class(vec![0.07, 0.93])).unwrap(), "husky 93%");
        let tags = Task::labels("tags", names());
        assert_eq!(summary(&tags, Prediction::Labels(vec![0.5, 0.9])).unwrap(), "pug, husky");
        assert_eq!(summary(&tags, Prediction::Labels(vec![0.1, 0.2])).unwrap(), "none");
        let age = Task::number("age");
        assert_eq!(summary(&age, Prediction::Number(3.456)).unwrap(), "3.46");
        assert_eq!(summary(&age, Prediction::Class(vec![1.0])), None);
    }

    #[test]
    fn the_typical_error_is_measured_in_validation() {
        let report = TaskMetrics::Number(RegressionMetrics::new(&[1.0, 2.0], &[1.5, 2.5], 1.0));
        assert!(typical_error(Some(&report), ENGLISH).unwrap().ends_with("0.500"));
        assert_eq!(typical_error(None, ENGLISH), None);
    }

    #[test]
    fn the_scatter_plot_is_in_the_order_of_the_true_numbers() {
        let plot = predicted_by_true(&[(1.0, 1.0), (1.0, 3.0), (2.0, 1.5)], ENGLISH).unwrap();
        let points: Vec<_> = plot.marks.iter().map(|mark| (mark.x, mark.y)).collect();
        assert_eq!(points, [(1.0, Some(1.0)), (1.5, Some(2.0)), (3.0, Some(1.0))]);
        assert_eq!(plot.x.scale, Scale::Linear { low: 1.0, high: 3.0 });
        assert_eq!(plot.x.scale, plot.y.scale);
        assert_eq!(scatter_reading(&plot.marks[1], ENGLISH), "True value 1.50, predicted 2");
    }

    #[test]
    fn the_scatter_plot_thins_many_points_and_needs_different_numbers() {
        let points = |pairs: &[(f64, f64)]| Some(predicted_by_true(pairs, ENGLISH)?.marks.len());
        let many: Vec<(f64, f64)> = (0..1000).map(|i| (f64::from(i), 0.5)).collect();
        assert_eq!(points(&many), Some(334));
        assert_eq!(points(&[]), None);
        assert_eq!(points(&[(2.0, 2.0)]), None);
        assert_eq!(points(&[(f64::NAN, 1.0), (0.0, 2.0)]), Some(1));
    }
}
