//! What a confusion matrix says.

use std::cmp::Reverse;

use crate::plot::format::counted;
use tunelab_core::metrics::confusion::ConfusionMatrix;

/// A class taken for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mixup {
    pub label: usize,
    pub predicted: usize,
    pub count: u64,
}

/// Every mix-up, the most frequent first.
pub fn mixups(matrix: &ConfusionMatrix) -> Vec<Mixup> {
    let mut found = Vec::new();
    for (label, row) in matrix.counts().iter().enumerate() {
        for (predicted, &count) in row.iter().enumerate() {
            if label != predicted && count > 0 {
                found.push(Mixup { label, predicted, count });
            }
        }
    }
    found.sort_by_key(|mixup| Reverse(mixup.count));
    found
}

/// The most frequent mix-up in a sentence.
pub fn sentence(matrix: &ConfusionMatrix, classes: &[String]) -> String {
    let name = |class: usize| classes.get(class).map_or("?", String::as_str);
    match mixups(matrix).first() {
        None if matrix.total() == 0 => "There was nothing to check with.".into(),
        None => "No picture was taken for another class.".into(),
        Some(Mixup { label, predicted, count }) => format!(
            "Most often confused: {} taken for {} ({}).",
            name(*label),
            name(*predicted),
            counted(*count as usize, "time", "times")
        ),
    }
}

/// The classes to show where there is room for `room` only: those that are mixed up most, in their
/// order. All where they fit.
pub fn shown(matrix: &ConfusionMatrix, room: usize) -> Vec<usize> {
    let classes = matrix.counts().len();
    if classes <= room {
        return (0..classes).collect();
    }
    let mut wrong = vec![0; classes];
    for Mixup { label, predicted, count } in mixups(matrix) {
        wrong[label] += count;
        wrong[predicted] += count;
    }
    let mut shown: Vec<usize> = (0..classes).collect();
    shown.sort_by_key(|&class| Reverse(wrong[class]));
    shown.truncate(room);
    shown.sort_unstable();
    shown
}

/// A count's share of its row, 0 to 1.
pub fn share(matrix: &ConfusionMatrix, label: usize, predicted: usize) -> f64 {
    let row = &matrix.counts()[label];
    row[predicted] as f64 / row.iter().sum::<u64>().max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matrix(counts: &[(usize, usize, u64)], classes: usize) -> ConfusionMatrix {
        let mut matrix = ConfusionMatrix::new(classes);
        for &(label, predicted, count) in counts {
            for _ in 0..count {
                matrix.add(label, predicted);
            }
        }
        matrix
    }

    fn names() -> Vec<String> {
        ["dog", "cat", "horse"].map(String::from).to_vec()
    }

    #[test]
    fn the_most_frequent_mixup_is_told() {
        let matrix = matrix(&[(0, 0, 30), (0, 1, 12), (1, 0, 3), (2, 2, 9)], 3);
        let words = sentence(&matrix, &names()).replace('\u{a0}', " ");
        assert_eq!(words, "Most often confused: dog taken for cat (12 times).");
        assert!((share(&matrix, 0, 1) - 12.0 / 42.0).abs() < 1e-12);
    }

    #[test]
    fn no_mixup_is_told_too() {
        let perfect = matrix(&[(0, 0, 3), (1, 1, 3)], 3);
        assert_eq!(sentence(&perfect, &names()), "No picture was taken for another class.");
        assert_eq!(
            sentence(&ConfusionMatrix::new(3), &names()),
            "There was nothing to check with."
        );
        assert_eq!(share(&perfect, 2, 2), 0.0);
    }

    #[test]
    fn little_room_goes_to_the_most_mixed_up() {
        let matrix = matrix(&[(0, 0, 5), (3, 1, 4), (2, 4, 1)], 5);
        assert_eq!(shown(&matrix, 5), [0, 1, 2, 3, 4]);
        assert_eq!(shown(&matrix, 2), [1, 3]);
    }
}
