//! The confusion matrix: the most frequent confusions, and the classes to show.

use std::cmp::Reverse;

use tunelab_core::metrics::confusion::ConfusionMatrix;
use tunelab_l10n::Texts;

/// Images of a class that were predicted as another class.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Confusion {
    pub label: usize,
    pub predicted: usize,
    pub count: u64,
}

/// All confusions, the most frequent first.
pub fn confusions(matrix: &ConfusionMatrix) -> Vec<Confusion> {
    let mut found = Vec::new();
    for (label, row) in matrix.counts().iter().enumerate() {
        for (predicted, &count) in row.iter().enumerate() {
            if label != predicted && count > 0 {
                found.push(Confusion { label, predicted, count });
            }
        }
    }
    found.sort_by_key(|confusion| Reverse(confusion.count));
    found
}

/// A sentence about the most frequent confusion.
pub fn summary(matrix: &ConfusionMatrix, classes: &[String], texts: Texts) -> String {
    let name = |class: usize| classes.get(class).map_or("?", String::as_str);
    match confusions(matrix).first() {
        None if matrix.total() == 0 => texts.results_confusion_empty().to_owned(),
        None => texts.results_confusion_perfect().to_owned(),
        Some(&Confusion { label, predicted, count }) => {
            texts.results_most_confused(count, name(label), name(predicted))
        }
    }
}

/// The classes to show in a table of at most `room` classes: all if they fit, otherwise the most confused ones, in
/// their order.
pub fn shown_classes(matrix: &ConfusionMatrix, room: usize) -> Vec<usize> {
    let classes = matrix.counts().len();
    if classes <= room {
        return (0..classes).collect();
    }
    let mut confused = vec![0; classes];
    for Confusion { label, predicted, count } in confusions(matrix) {
        confused[label] += count;
        confused[predicted] += count;
    }
    let mut shown: Vec<usize> = (0..classes).collect();
    shown.sort_by_key(|&class| Reverse(confused[class]));
    shown.truncate(room);
    shown.sort_unstable();
    shown
}

/// The fraction of a class's images with a prediction, 0 to 1.
pub fn row_share(matrix: &ConfusionMatrix, label: usize, predicted: usize) -> f64 {
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

    fn summarize(matrix: &ConfusionMatrix) -> String {
        summary(matrix, &["dog", "cat", "horse"].map(String::from), Texts::ENGLISH)
    }

    #[test]
    fn the_most_frequent_confusion_is_named() {
        let matrix = matrix(&[(0, 0, 30), (0, 1, 12), (1, 0, 3), (2, 2, 9)], 3);
        assert_eq!(summarize(&matrix), "Most often confused: “dog” predicted as “cat”, 12 times.");
        assert!((row_share(&matrix, 0, 1) - 12.0 / 42.0).abs() < 1e-12);
    }

    #[test]
    fn no_confusion_and_no_images_have_sentences() {
        let perfect = matrix(&[(0, 0, 3), (1, 1, 3)], 3);
        assert_eq!(summarize(&perfect), Texts::ENGLISH.results_confusion_perfect());
        let empty = ConfusionMatrix::new(3);
        assert_eq!(summarize(&empty), Texts::ENGLISH.results_confusion_empty());
        assert_eq!(row_share(&perfect, 2, 2), 0.0);
    }

    #[test]
    fn the_most_confused_classes_are_shown() {
        let matrix = matrix(&[(0, 0, 5), (3, 1, 4), (2, 4, 1)], 5);
        assert_eq!(shown_classes(&matrix, 5), [0, 1, 2, 3, 4]);
        assert_eq!(shown_classes(&matrix, 2), [1, 3]);
    }
}
