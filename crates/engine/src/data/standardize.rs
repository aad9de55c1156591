//! Standardizes regression targets to mean 0 and standard deviation 1.

use crate::data::dataset::Dataset;
use tunelab_core::data::task::{Target, Task, TaskKind};

/// Both splits of a dataset, with numbers standardized by the mean and the deviation of the training split.
pub fn standardized(train: Dataset, validation: Dataset) -> (Dataset, Dataset) {
    let rows: Vec<_> = train.examples.iter().map(|example| &example.targets[..]).collect();
    let mut tasks = train.tasks.clone();
    standardize(&mut tasks, &rows);
    let validation = Dataset { tasks: tasks.clone(), ..validation };
    (Dataset { tasks, ..train }, validation)
}

/// Sets mean and standard deviation of every number task to those of the known numbers in `rows`: the targets
/// of the training examples, one per task.
///
/// The deviation is the population standard deviation (divided by n, as in scikit-learn's `StandardScaler`), or 1 if all
/// numbers are equal. If no number is known, or the mean or the deviation overflows, the mean is 0 and the deviation 1,
/// so that the numbers stay unchanged.
pub fn standardize(tasks: &mut [Task], rows: &[&[Target]]) {
    for (index, task) in tasks.iter_mut().enumerate() {
        if let TaskKind::Number { mean, deviation } = &mut task.kind {
            let numbers: Vec<f64> = rows
                .iter()
                .filter_map(|row| match row.get(index) {
                    Some(Target::Number(number)) => Some(*number),
                    _ => None,
                })
                .collect();
            (*mean, *deviation) = mean_and_deviation(&numbers).unwrap_or((0.0, 1.0));
        }
    }
}

/// Mean and standard deviation; `None` without numbers, or if one of the two is not finite.
fn mean_and_deviation(numbers: &[f64]) -> Option<(f64, f64)> {
    // Relative to the first number, so that rounding cannot make equal numbers differ from their mean.
    let first = *numbers.first()?;
    let count = numbers.len() as f64;
    let offset = numbers.iter().map(|number| number - first).sum::<f64>() / count;
    let square = |number: &f64| (number - first - offset) * (number - first - offset);
    let variance = numbers.iter().map(square).sum::<f64>() / count;
    let (mean, deviation) = (first + offset, variance.sqrt());
    let finite = mean.is_finite() && deviation.is_finite();
    finite.then_some((mean, if deviation > 0.0 { deviation } else { 1.0 }))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn standardized(numbers: &[f64]) -> (f64, f64) {
        let targets: Vec<[Target; 1]> =
            numbers.iter().map(|number| [Target::Number(*number)]).collect();
        let rows: Vec<&[Target]> = targets.iter().map(|row| row.as_slice()).collect();
        let mut tasks = [Task::number("n")];
        standardize(&mut tasks, &rows);
        match tasks[0].kind {
            TaskKind::Number { mean, deviation } => (mean, deviation),
            _ => unreachable!("the task is still a number"),
        }
    }

    /// By hand: the mean of 2 4 4 4 5 5 7 9 is 5, its squared distances sum up to 32, 32 / 8 = 4.
    #[test]
    fn mean_and_deviation_are_the_populations() {
        assert_eq!(standardized(&[2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0]), (5.0, 2.0));
    }

    #[test]
    fn the_deviation_is_never_zero() {
        assert_eq!(standardized(&[0.1; 10]), (0.1, 1.0));
        assert_eq!(standardized(&[7.0]), (7.0, 1.0));
        assert_eq!(standardized(&[]), (0.0, 1.0));
        assert_eq!(standardized(&[1e308, -1e308]), (0.0, 1.0));
    }

    #[test]
    fn unknown_numbers_are_ignored() {
        let classes = vec!["a".to_owned(), "b".to_owned()];
        let mut tasks = [Task::only(classes), Task::number("n")];
        let class = tasks[0].clone();
        let first = [Target::Class(0), Target::Number(10.0)];
        let second = [Target::Class(1), Target::Missing];
        let third = [Target::Missing, Target::Number(14.0)];
        standardize(&mut tasks, &[&first, &second, &third]);
        assert_eq!(tasks[0], class);
        assert_eq!(tasks[1].kind, TaskKind::Number { mean: 12.0, deviation: 2.0 });
    }

    proptest! {
        #[test]
        fn any_finite_numbers_give_a_usable_scale(
            numbers in prop::collection::vec(prop::num::f64::NORMAL | prop::num::f64::ZERO, 0..8),
        ) {
            let (mean, deviation) = standardized(&numbers);
            prop_assert!(mean.is_finite() && deviation.is_finite() && deviation > 0.0);
        }
    }
}
