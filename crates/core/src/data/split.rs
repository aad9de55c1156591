//! Stratified random splits and subsets of a dataset.

use std::collections::BTreeMap;

use rand::seq::SliceRandom;

use crate::rng::{Purpose, stream};

/// The indices of the training and validation splits, in ascending order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Split {
    pub train: Vec<usize>,
    pub validation: Vec<usize>,
}

/// Minor counters of the random streams of [`Purpose::Split`].
const SPLIT: u64 = 0;
const SUBSET: u64 = 1;

/// Draws about `validation_fraction` (0..=1) of each class for validation.
///
/// A class with two or more examples has at least one in each split; a single example is used for training. A fraction
/// of 0 (or less, or NaN) gives an empty validation split. The split is identical on every machine.
pub fn stratified_split(labels: &[usize], validation_fraction: f64, seed: u64) -> Split {
    let mut split = Split { train: Vec::new(), validation: Vec::new() };
    for (label, mut indices) in by_class(labels) {
        let count = indices.len();
        let taken = if validation_fraction > 0.0 && count > 1 {
            ((count as f64 * validation_fraction).round() as usize).clamp(1, count - 1)
        } else {
            0
        };
        indices.shuffle(&mut stream(seed, Purpose::Split, label as u64, SPLIT));
        let (validation, train) = indices.split_at(taken);
        split.validation.extend_from_slice(validation);
        split.train.extend_from_slice(train);
    }
    split.train.sort_unstable();
    split.validation.sort_unstable();
    split
}

/// The indices of `n` random examples of each class (or all of a smaller class), in ascending order. A larger `n` with
/// the same seed only adds examples.
pub fn subset_per_class(labels: &[usize], n: usize, seed: u64) -> Vec<usize> {
    let mut chosen = Vec::new();
    for (label, mut indices) in by_class(labels) {
        indices.shuffle(&mut stream(seed, Purpose::Split, label as u64, SUBSET));
        chosen.extend(indices.into_iter().take(n));
    }
    chosen.sort_unstable();
    chosen
}

fn by_class(labels: &[usize]) -> BTreeMap<usize, Vec<usize>> {
    let mut classes: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (index, &label) in labels.iter().enumerate() {
        classes.entry(label).or_default().push(index);
    }
    classes
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn splits_have_the_fraction_of_each_class() {
        let labels: Vec<usize> = (0..100).map(|i| usize::from(i >= 80)).collect();
        let split = stratified_split(&labels, 0.2, 1);
        let of = |split: &[usize], class| split.iter().filter(|&&i| labels[i] == class).count();
        assert_eq!((of(&split.validation, 0), of(&split.validation, 1)), (16, 4));
        assert_eq!((of(&split.train, 0), of(&split.train, 1)), (64, 16));
        assert_eq!(split, stratified_split(&labels, 0.2, 1));
        assert_ne!(split, stratified_split(&labels, 0.2, 2));
    }

    #[test]
    fn without_a_fraction_there_is_no_validation_split() {
        for fraction in [0.0, -1.0, f64::NAN] {
            let split = stratified_split(&[0, 0, 1, 1], fraction, 3);
            assert_eq!((split.train.len(), split.validation.len()), (4, 0));
        }
    }

    #[test]
    fn larger_subsets_contain_smaller_ones() {
        let labels: Vec<usize> = (0..60).map(|i| i % 3).collect();
        let (small, large) = (subset_per_class(&labels, 5, 9), subset_per_class(&labels, 8, 9));
        assert_eq!((small.len(), large.len()), (15, 24));
        assert!(small.iter().all(|index| large.contains(index)));
        assert_ne!(small, subset_per_class(&labels, 5, 10));
        assert_eq!(subset_per_class(&labels, 1000, 9), (0..60).collect::<Vec<_>>());
    }

    proptest! {
        #[test]
        fn every_class_is_in_both_splits_and_nothing_is_lost(
            labels in proptest::collection::vec(0usize..6, 0..80), fraction in 0.0f64..=1.0, seed: u64,
        ) {
            let split = stratified_split(&labels, fraction, seed);
            let mut all = [split.train.clone(), split.validation.clone()].concat();
            all.sort_unstable();
            prop_assert_eq!(all, (0..labels.len()).collect::<Vec<_>>());
            for (label, indices) in by_class(&labels) {
                let has = |split: &[usize]| split.iter().any(|&i| labels[i] == label);
                prop_assert!(has(&split.train));
                if indices.len() > 1 && fraction > 0.0 {
                    prop_assert!(has(&split.validation));
                }
            }
        }
    }
}
