//! What ways to fine-tune are called.

use tunelab_core::train::recipe::Recipe;

/// Ways that are not in plain sight.
pub const FURTHER: [(Recipe, &str); 8] = [
    (Recipe::ProbeThenFull, "The last layer first, then everything (LP-FT)"),
    (Recipe::Surgical, "Where the pictures pull the hardest (surgical)"),
    (Recipe::Gradual, "One part more every epoch (gradual unfreezing)"),
    (Recipe::Discriminative, "Everything, early parts slower (discriminative rates)"),
    (Recipe::L2Sp, "Everything, held near the pretrained weights (L2-SP)"),
    (Recipe::NormOnly, "Only the batch norms and the last layer"),
    (Recipe::BiasOnly, "Only the biases and the last layer"),
    (Recipe::FewShot, "No training: the mean of each class (few-shot)"),
];

/// A way's name.
pub fn name(recipe: Recipe) -> &'static str {
    match recipe {
        Recipe::Probe => "Only the last layer",
        Recipe::LastK { .. } => "The last part",
        Recipe::Full => "Everything",
        Recipe::Adaptive => "As the pictures need it, until it no longer gets better (adaptive)",
        _ => FURTHER.iter().find(|(other, _)| *other == recipe).map_or("", |(_, name)| *name),
    }
}

/// A way's name where there is little room.
pub fn short_name(recipe: Recipe) -> &'static str {
    match recipe {
        Recipe::FewShot => "Few-shot",
        Recipe::Probe => "Last layer",
        Recipe::LastK { .. } => "Last part",
        Recipe::Full => "Everything",
        Recipe::ProbeThenFull => "LP-FT",
        Recipe::Gradual => "Gradual",
        Recipe::Discriminative => "Early slower",
        Recipe::NormOnly => "Norms",
        Recipe::BiasOnly => "Biases",
        Recipe::L2Sp => "L2-SP",
        Recipe::Surgical => "Surgical",
        Recipe::Adaptive => "Adaptive",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_has_names_of_its_own() {
        for of in [name, short_name] {
            let mut names = Recipe::ALL.map(of).to_vec();
            assert!(names.iter().all(|name| !name.is_empty()));
            names.sort_unstable();
            names.dedup();
            assert_eq!(names.len(), Recipe::ALL.len());
        }
    }
}
