//! Average precision: how well scores rank the examples with a label above those without.

/// Average precision of one label, 0 to 1, as in scikit-learn's `average_precision_score`: the sum over
/// descending thresholds of the precision times the gain in recall, without interpolation. Examples with
/// equal scores share a threshold. NaN is the lowest score.
///
/// `scores` (any scale, higher for more likely) and `present` (whether the example has the label) have one
/// value per example. `None` if no example has the label, where scikit-learn returns 0.
///
/// # Panics
/// If the lengths differ.
pub fn average_precision(scores: &[f64], present: &[bool]) -> Option<f64> {
    assert_eq!(scores.len(), present.len(), "one score per example");
    let positives = present.iter().filter(|present| **present).count();
    if positives == 0 {
        return None;
    }
    let score = |example: usize| {
        let score = scores[example];
        if score.is_nan() { f64::NEG_INFINITY } else { score }
    };
    let mut descending: Vec<usize> = (0..scores.len()).collect();
    descending.sort_by(|&a, &b| score(b).total_cmp(&score(a)));
    let (mut retrieved, mut hits, mut sum) = (0, 0, 0.0);
    for tied in descending.chunk_by(|&a, &b| score(a) == score(b)) {
        let new_hits = tied.iter().filter(|&&example| present[example]).count();
        retrieved += tied.len();
        hits += new_hits;
        sum += new_hits as f64 * hits as f64 / retrieved as f64;
    }
    Some(sum / positives as f64)
}

/// mAP: the mean of the labels' average precisions, over the labels that have one. `None` if none has.
pub fn mean_average_precision(average_precisions: &[Option<f64>]) -> Option<f64> {
    let known = average_precisions.iter().flatten();
    let count = known.clone().count();
    (count > 0).then(|| known.sum::<f64>() / count as f64)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn assert_average(scores: &[f64], present: &[u8], expected: f64) {
        let present: Vec<bool> = present.iter().map(|&present| present == 1).collect();
        let found = average_precision(scores, &present).unwrap();
        assert!((found - expected).abs() < 1e-12, "{scores:?}: {found}, not {expected}");
    }

    /// The first example is from scikit-learn's documentation (0.83...); all are computed by hand.
    #[test]
    fn average_precision_matches_scikit_learn() {
        // Thresholds 0.8 (1 of 1) and 0.35 (2 of 3).
        assert_average(&[0.1, 0.4, 0.35, 0.8], &[0, 0, 1, 1], (1.0 + 2.0 / 3.0) / 2.0);
        assert_average(&[3.0, 2.0, 1.0], &[1, 1, 0], 1.0);
        assert_average(&[3.0, 2.0, 1.0], &[0, 0, 1], 1.0 / 3.0);
        // Thresholds 2 (1 of 1), -1 (3 of 4, two at the same threshold), -5 (4 of 6).
        let scores = [-1.0, 2.0, -1.0, -5.0, -1.0, -5.0];
        assert_average(&scores, &[1, 1, 0, 1, 1, 0], (1.0 + 2.0 * 0.75 + 4.0 / 6.0) / 4.0);
    }

    #[test]
    fn equal_scores_give_the_fraction_of_positives_in_any_order() {
        for present in [[1, 0, 0, 0], [0, 0, 0, 1]] {
            assert_average(&[0.5; 4], &present, 0.25);
        }
        assert_average(&[0.0, -0.0], &[0, 1], 0.5);
    }

    #[test]
    fn nan_ranks_last() {
        assert_average(&[f64::NAN, 1.0, -f64::NAN], &[1, 1, 0], (1.0 + 2.0 / 3.0) / 2.0);
    }

    #[test]
    fn labels_without_examples_are_ignored() {
        assert_eq!(average_precision(&[0.3, 0.4], &[false, false]), None);
        assert_eq!(average_precision(&[], &[]), None);
        assert_eq!(mean_average_precision(&[Some(0.5), None, Some(1.0)]), Some(0.75));
        assert_eq!(mean_average_precision(&[None]), None);
    }

    proptest! {
        /// An equivalent definition: the mean over the positives of the precision at their scores.
        #[test]
        fn it_is_the_mean_precision_at_the_positives(
            examples in prop::collection::vec((0..6u8, any::<bool>()), 1..30),
        ) {
            let scores: Vec<f64> = examples.iter().map(|(score, _)| f64::from(*score)).collect();
            let present: Vec<bool> = examples.iter().map(|(_, present)| *present).collect();
            let precision = |&(threshold, _): &(u8, bool)| {
                let passed: Vec<_> = examples.iter().filter(|(score, _)| *score >= threshold).collect();
                let correct = passed.iter().filter(|(_, present)| *present).count();
                correct as f64 / passed.len() as f64
            };
            let at_positives: Vec<f64> =
                examples.iter().filter(|(_, present)| *present).map(precision).collect();
            match average_precision(&scores, &present) {
                Some(found) => {
                    let expected = at_positives.iter().sum::<f64>() / at_positives.len() as f64;
                    prop_assert!((found - expected).abs() < 1e-12);
                }
                None => prop_assert!(at_positives.is_empty()),
            }
        }
    }
}
