//! From a candidate to the choices of a run.

use super::space::{AugmentationLevel, Candidate};
use crate::data::augmentation::Augmentation;
use crate::data::input::InputSize;
use crate::train::config::TrainConfig;
use crate::train::strategy::Strategy;

impl Candidate {
    /// The choices of its run of `epochs` of a search whose longest runs have `all` of them, on
    /// `examples` training images. A recipe that recommends more epochs than another gets more of them
    /// here too, in the same proportion.
    pub fn choices(
        &self,
        size: InputSize,
        examples: usize,
        (epochs, all): (u32, u32),
        seed: u64,
    ) -> TrainConfig {
        let mut config = TrainConfig::recommended(self.recipe, size, examples);
        let share = f64::from(epochs) / f64::from(all.max(1));
        let usual = TrainConfig::recommended(crate::train::recipe::Recipe::Full, size, examples);
        let more = f64::from(config.epochs) / f64::from(usual.epochs);
        config.set_epochs((f64::from(all) * more * share).ceil().max(1.0) as u32);
        config.learning_rate *= self.learning_rate;
        config.optimizer.weight_decay = self.weight_decay;
        config.augmentation = match self.augmentation {
            AugmentationLevel::None => Augmentation::none(),
            AugmentationLevel::Light => Augmentation::light(size),
            AugmentationLevel::Strong => Augmentation::strong(size),
            AugmentationLevel::Automatic => Augmentation::automatic(size),
        };
        if let Strategy::ProbeThenFull { probe_epochs } = &mut config.strategy {
            *probe_epochs = (f64::from(*probe_epochs) * share).ceil().max(1.0) as u32;
        }
        config.seed = seed;
        config
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::train::recipe::Recipe;

    #[test]
    fn short_runs_have_their_share_of_the_recommended_epochs() {
        let candidate = Candidate {
            recipe: Recipe::Probe,
            learning_rate: 0.5,
            weight_decay: 0.001,
            augmentation: AugmentationLevel::Light,
        };
        let size = InputSize::default();
        let recommended = TrainConfig::recommended(Recipe::Probe, size, 5000);
        let whole = candidate.choices(size, 5000, (8, 8), 3);
        assert_eq!((whole.epochs, whole.seed), (recommended.epochs, 3));
        assert_eq!(whole.learning_rate, 0.5 * recommended.learning_rate);
        assert_eq!(whole.optimizer.weight_decay, 0.001);
        assert_eq!(candidate.choices(size, 5000, (1, 8), 3).epochs, 5);
        let full = Candidate { recipe: Recipe::Full, ..candidate };
        assert_eq!(full.choices(size, 5000, (3, 8), 3).epochs, 3);
        let adaptive = Candidate { recipe: Recipe::Adaptive, ..candidate };
        let short = adaptive.choices(size, 5000, (4, 8), 3);
        assert_eq!((short.epochs, short.patience), (6, Some(3)));
        let first = Candidate { recipe: Recipe::ProbeThenFull, ..candidate };
        let short = first.choices(size, 5000, (2, 8), 3);
        assert_eq!(short.strategy, Strategy::ProbeThenFull { probe_epochs: 2 });
    }
}
