//! Classes in the order of their probability.

/// A class and its probability.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rank {
    /// Index of the class.
    pub class: usize,
    /// 0 to 1.
    pub probability: f64,
}

/// The `count` most probable classes, the most probable first; classes as probable as each other keep
/// their order.
pub fn ranked(probabilities: &[f64], count: usize) -> Vec<Rank> {
    let mut ranks: Vec<Rank> = probabilities
        .iter()
        .enumerate()
        .map(|(class, &probability)| Rank { class, probability })
        .collect();
    ranks.sort_by(|a, b| b.probability.total_cmp(&a.probability));
    ranks.truncate(count);
    ranks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_probable_comes_first() {
        let classes: Vec<usize> =
            ranked(&[0.1, 0.6, 0.1, 0.2], 3).iter().map(|rank| rank.class).collect();
        assert_eq!(classes, [1, 3, 0]);
        assert!(ranked(&[], 5).is_empty());
        assert_eq!(ranked(&[0.5, 0.5], 9).len(), 2);
    }
}
