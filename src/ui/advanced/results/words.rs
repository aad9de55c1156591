//! The figures of labels and numbers, in words.

use crate::ui::plot::format::percent;
use tunelab_core::metrics::regression::{RegressionReport, amount};
use tunelab_core::metrics::report::LabelsReport;

/// How well labels are found.
pub fn of_labels(report: &LabelsReport) -> String {
    format!(
        "The mean average precision (mAP) is {}. Where each label is said to be there from a probability of one half on, F1 is {:.2}.",
        percent(report.mean_average_precision),
        report.f1
    )
}

/// How close numbers are.
pub fn of_numbers(errors: &RegressionReport) -> String {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_are_told_in_the_numbers_unit() {
        let words = |predicted: &[f64]| {
            let report = RegressionReport::new(predicted, &[1.0, 2.0, 3.0]);
            of_numbers(&report).replace('\u{a0}', " ")
        };
        assert_eq!(
            words(&[1.0, 2.0, 4.0]),
            "The numbers are off by 0.333 on average (MAE). Of the differences between the pictures, 50 % are explained (R² 0.50)."
        );
        assert!(
            words(&[3.0, 2.0, 1.0]).contains("no better than always saying their mean (R² -3.00)")
        );
        let one = RegressionReport::new(&[1.0], &[3.0]);
        assert!(of_numbers(&one).ends_with("too few of them to say more."));
    }

    #[test]
    fn labels_are_told_by_their_precision() {
        let report = LabelsReport::new(&[1.0, -1.0], &[true, false], 1);
        let words = of_labels(&report).replace('\u{a0}', " ");
        assert!(words.starts_with("The mean average precision (mAP) is 100 %."), "{words}");
        assert!(words.ends_with("F1 is 1.00."), "{words}");
    }
}
