//! The figures of labels and numbers, and the answers to every kind of task, in words.

use crate::plot::format::{percent, probability};
use crate::try_it::ranking::ranked;
use tunelab_core::data::task::{Task, TaskKind};
use tunelab_core::metrics::prediction::Prediction;
use tunelab_core::metrics::regression::{RegressionErrors, amount};
use tunelab_core::metrics::evaluation::MultiLabelMetrics;
use tunelab_core::metrics::evaluation::TaskMetrics;

/// How well labels are found.
pub fn of_labels(report: &MultiLabelMetrics) -> String {
    format!(
        "The mean average precision (mAP) is {}. Where each label is said to be there from a probability of one half on, F1 is {:.2}.",
        percent(report.mean_average_precision),
        report.f1
    )
}

/// How close numbers are.
pub fn of_numbers(errors: &RegressionErrors) -> String {
    let off = amount(errors.mean_absolute_error);
    let explained = match errors.r_squared {
        None => "There are too few of them to say more.".to_string(),
        Some(share) if share <= 0.0 => format!(
            "That is no better than always saying their mean (R² {share:.2}): it may be that the pictures do not show it."
        ),
        Some(share) => format!(
            "Of the differences between the pictures, {} are explained (R² {share:.2}).",
            percent(share)
        ),
    };
    format!("The numbers are off by {off} on average (MAE). {explained}")
}

/// An answer in a few words; none where it is not of the task's kind.
pub fn answer(task: &Task, answer: &Prediction) -> Option<String> {
    Some(match (&task.kind, answer) {
        (TaskKind::Class { classes }, Prediction::Class(shares)) => {
            let best = *ranked(shares, 1).first()?;
            format!("{} {}", classes.get(best.class)?, probability(best.probability))
        }
        (TaskKind::Labels { labels }, Prediction::Labels(shares)) => {
            let there = labels.iter().zip(shares).filter(|(_, share)| **share >= 0.5);
            let there: Vec<&str> = there.map(|(label, _)| label.as_str()).collect();
            if there.is_empty() { "none".to_string() } else { there.join(", ") }
        }
        (TaskKind::Number { .. }, Prediction::Number(number)) => amount(*number),
        _ => return None,
    })
}

/// How far such a number usually is from the truth, where that was measured.
pub fn usual_error(report: Option<&TaskMetrics>) -> Option<String> {
    match report {
        Some(TaskMetrics::Number(report)) => {
            let off = amount(report.errors.mean_absolute_error);
            Some(format!("off by {off} on average, as far as was checked"))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tunelab_core::metrics::evaluation::RegressionMetrics;

    #[test]
    fn errors_are_told_in_the_numbers_unit() {
        let words = |predicted: &[f64]| {
            let report = RegressionErrors::new(predicted, &[1.0, 2.0, 3.0]);
            of_numbers(&report).replace('\u{a0}', " ")
        };
        assert_eq!(
            words(&[1.0, 2.0, 4.0]),
            "The numbers are off by 0.333 on average (MAE). Of the differences between the pictures, 50 % are explained (R² 0.50)."
        );
        assert!(
            words(&[3.0, 2.0, 1.0]).contains("no better than always saying their mean (R² -3.00)")
        );
        let one = RegressionErrors::new(&[1.0], &[3.0]);
        assert!(of_numbers(&one).ends_with("too few of them to say more."));
    }

    #[test]
    fn labels_are_told_by_their_precision() {
        let report = MultiLabelMetrics::new(&[1.0, -1.0], &[true, false], 1);
        let words = of_labels(&report).replace('\u{a0}', " ");
        assert!(words.starts_with("The mean average precision (mAP) is 100 %."), "{words}");
        assert!(words.ends_with("F1 is 1.00."), "{words}");
    }

    #[test]
    fn every_kind_of_answer_is_told() {
        let names = || vec!["pug".to_string(), "husky".to_string()];
        let class = answer(&Task::class("breed", names()), &Prediction::Class(vec![0.07, 0.93]));
        assert_eq!(class.unwrap().replace('\u{a0}', " "), "husky 93 %");
        let labels = Task::labels("tags", names());
        let of = |shares: [f64; 2]| answer(&labels, &Prediction::Labels(shares.to_vec())).unwrap();
        assert_eq!((of([0.5, 0.9]), of([0.1, 0.2])), ("pug, husky".into(), "none".into()));
        let age = Task::number("age");
        assert_eq!(answer(&age, &Prediction::Number(3.456)).unwrap(), "3.46");
        assert_eq!(answer(&age, &Prediction::Class(vec![1.0])), None);
    }

    #[test]
    fn the_usual_error_is_that_of_the_check() {
        let report = TaskMetrics::Number(RegressionMetrics::new(&[1.0, 2.0], &[1.5, 2.5], 1.0));
        assert!(usual_error(Some(&report)).unwrap().starts_with("off by 0.500 on average"));
        assert_eq!(usual_error(None), None);
    }
}
