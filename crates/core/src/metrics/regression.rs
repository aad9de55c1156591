//! Regression metrics.

use serde::{Deserialize, Serialize};

/// The errors of predicted numbers.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct RegressionErrors {
    /// Mean absolute error (MAE), in the unit of the numbers; 0 without numbers.
    pub mean_absolute_error: f64,
    /// Root mean squared error (RMSE), in the unit of the numbers; 0 without numbers.
    pub root_mean_squared_error: f64,
    /// R², the fraction of variance explained: 1 at best, 0 for predicting the mean, without a lower bound. As in
    /// scikit-learn's `r2_score`, if all true numbers are equal it is 1 for exact predictions, else 0. `None` for
    /// fewer than two numbers.
    pub r_squared: Option<f64>,
}

impl RegressionErrors {
    /// The errors of finite predictions, one per true number.
    ///
    /// # Panics
    /// If the lengths differ.
    pub fn new(predictions: &[f64], targets: &[f64]) -> Self {
        assert_eq!(predictions.len(), targets.len(), "one prediction per number");
        let count = targets.len().max(1) as f64;
        let errors =
            || predictions.iter().zip(targets).map(|(predicted, target)| predicted - target);
        let absolute: f64 = errors().map(f64::abs).sum();
        let squared: f64 = errors().map(|error| error * error).sum();
        Self {
            mean_absolute_error: absolute / count,
            root_mean_squared_error: (squared / count).sqrt(),
            r_squared: (targets.len() > 1).then(|| r_squared(squared, targets)),
        }
    }
}

/// R² from the sum of the squared errors.
fn r_squared(squared_errors: f64, targets: &[f64]) -> f64 {
    // Relative to the first number, so that rounding cannot make equal numbers differ from their mean.
    let first = targets.first().copied().unwrap_or(0.0);
    let offset = targets.iter().map(|target| target - first).sum::<f64>() / targets.len() as f64;
    let spread: f64 =
        targets.iter().map(|target| (target - first - offset) * (target - first - offset)).sum();
    if spread > 0.0 {
        1.0 - squared_errors / spread
    } else if squared_errors > 0.0 {
        0.0
    } else {
        1.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn assert_close(found: f64, expected: f64) {
        assert!((found - expected).abs() < 1e-12, "{found}, not {expected}");
    }

    /// R² is the example of scikit-learn's documentation of `r2_score` (0.948...). By hand: the errors
    /// are -0.5, 0.5, 0 and 1, the mean of the true numbers is 2.875, their sum of squares 29.1875.
    #[test]
    fn errors_match_scikit_learn() {
        let report = RegressionErrors::new(&[2.5, 0.0, 2.0, 8.0], &[3.0, -0.5, 2.0, 7.0]);
        assert_close(report.mean_absolute_error, 2.0 / 4.0);
        assert_close(report.root_mean_squared_error, (1.5_f64 / 4.0).sqrt());
        assert_close(report.r_squared.unwrap(), 1.0 - 1.5 / 29.1875);
        assert_close(report.r_squared.unwrap(), 0.948_608_137_044_967_9);
    }

    /// Two more examples of that documentation.
    #[test]
    fn predicting_the_mean_explains_nothing_and_worse_is_negative() {
        let of = |predictions: &[f64]| {
            RegressionErrors::new(predictions, &[1.0, 2.0, 3.0]).r_squared.unwrap()
        };
        assert_eq!((of(&[1.0, 2.0, 3.0]), of(&[2.0; 3]), of(&[3.0, 2.0, 1.0])), (1.0, 0.0, -3.0));
    }

    #[test]
    fn errors_of_equal_or_few_numbers_are_finite() {
        let constant = [0.1; 3];
        assert_eq!(RegressionErrors::new(&constant, &constant).r_squared, Some(1.0));
        assert_eq!(RegressionErrors::new(&[0.1, 0.1, 0.2], &constant).r_squared, Some(0.0));
        assert_eq!(RegressionErrors::new(&[1.0], &[3.0]).r_squared, None);
        let nothing = RegressionErrors::new(&[], &[]);
        assert_eq!((nothing.mean_absolute_error, nothing.root_mean_squared_error), (0.0, 0.0));
    }
}
