//! From words on the command line to the choices of a run.

use super::args::{
    AugmentArg, ChoiceArgs, HeadInitArg, OptimizerArg, RecipeArgs, ScheduleArg, StrategyArg,
    TaskWeightsArg,
};
use super::error::CliError;
use tunelab_core::data::augmentation::Augmentation;
use tunelab_core::data::input::InputSize;
use tunelab_core::data::augmentation::Mix;
use tunelab_core::model::choices::HeadInit;
use tunelab_core::train::class_weights::ClassWeights;
use tunelab_core::train::config::TrainConfig;
use tunelab_core::train::config::{Averaging, Caching, Sampling, TaskWeights, Warmup};
use tunelab_core::train::loss_kind::{ClassLoss, NumberLoss};
use tunelab_core::train::recipe::Recipe;
use tunelab_core::train::schedule::Schedule;
use tunelab_core::train::strategy::StageCount;
use tunelab_core::train::update_rule::UpdateRule;
use tunelab_engine::data::dataset::Dataset;

/// Everything that was chosen, or is recommended for what was.
pub fn choices(
    args: &ChoiceArgs,
    size: InputSize,
    seed: u64,
    train: &Dataset,
) -> Result<TrainConfig, CliError> {
    let recipe = match args.strategy {
        StrategyArg::Auto => Recipe::automatic(train.len(), train.classes().len()),
        StrategyArg::FewShot => Recipe::FewShot,
        StrategyArg::Probe => Recipe::Probe,
        StrategyArg::LastK => {
            Recipe::LastK { stages: StageCount::try_from(args.k).map_err(CliError::Usage)? }
        }
        StrategyArg::Full => Recipe::Full,
        StrategyArg::ProbeThenFull => Recipe::ProbeThenFull,
        StrategyArg::Gradual => Recipe::Gradual,
        StrategyArg::Discriminative => Recipe::Discriminative,
        StrategyArg::NormOnly => Recipe::NormOnly,
        StrategyArg::BiasOnly => Recipe::BiasOnly,
        StrategyArg::L2Sp => Recipe::L2Sp,
        StrategyArg::Surgical => Recipe::Surgical,
    };
    let mut config = TrainConfig::recommended(recipe, size, train.len());
    config.seed = seed;
    if let Some(batch_size) = args.batch_size {
        // The recommended rate is for the recommended batch.
        config.set_batch_size(batch_size);
    }
    if let Some(epochs) = args.epochs {
        config.set_epochs(epochs);
    }
    set_optimizer(&mut config, &args.recipe);
    set_schedule(&mut config, &args.recipe);
    set_loss(&mut config, &args.recipe);
    set_regularization(&mut config, &args.recipe);
    set_pictures(&mut config, &args.recipe, size);
    let init = args.recipe.head_init.map(|init| match init {
        HeadInitArg::Normal => HeadInit::Normal,
        HeadInitArg::Kaiming => HeadInit::KaimingUniform,
    });
    set(&mut config.head_init, init);
    Ok(config)
}

fn set_optimizer(config: &mut TrainConfig, recipe: &RecipeArgs) {
    let momentum = recipe.momentum.unwrap_or(0.9);
    let rule = recipe.optimizer.map(|optimizer| match optimizer {
        OptimizerArg::Sgd => UpdateRule::Sgd { momentum, nesterov: true },
        OptimizerArg::Adam => UpdateRule::Adam,
        OptimizerArg::Adamw => UpdateRule::AdamW,
    });
    if let Some(rule) = rule {
        config.set_rule(rule);
    }
    if let (UpdateRule::Sgd { momentum, .. }, Some(given)) =
        (&mut config.optimizer.rule, recipe.momentum)
    {
        *momentum = given;
    }
    set(&mut config.learning_rate, recipe.learning_rate);
    set(&mut config.layer_decay, recipe.layer_decay);
    set(&mut config.optimizer.weight_decay, recipe.weight_decay);
    config.optimizer.decay_bias_and_norm |= recipe.decay_bias_and_norm;
    set(&mut config.optimizer.l1, recipe.l1);
    set(&mut config.optimizer.pull, recipe.pull);
    config.clip_norm = recipe.clip_norm.or(config.clip_norm);
    set(&mut config.accumulation, recipe.accumulate);
    config.freeze_norm |= recipe.freeze_norm;
}

fn set_schedule(config: &mut TrainConfig, recipe: &RecipeArgs) {
    let third = config.epochs.div_ceil(3).max(1);
    let schedule = recipe.schedule.map(|schedule| match schedule {
        ScheduleArg::Constant => Schedule::Constant,
        ScheduleArg::Step => Schedule::Step { epochs: third, factor: 0.1 },
        ScheduleArg::Exponential => Schedule::Exponential { factor: 0.9 },
        ScheduleArg::Cosine => Schedule::Cosine,
        ScheduleArg::OneCycle => Schedule::OneCycle { rise: 0.3 },
        ScheduleArg::Plateau => Schedule::Plateau { factor: 0.1, patience: 2 },
    });
    set(&mut config.schedule, schedule);
    set(&mut config.warmup, recipe.warmup_epochs.map(Warmup::Epochs));
}

fn set_loss(config: &mut TrainConfig, recipe: &RecipeArgs) {
    set(&mut config.class_loss, recipe.focal.map(|gamma| ClassLoss::Focal { gamma }));
    set(&mut config.number_loss, recipe.huber.map(|delta| NumberLoss::Huber { delta }));
    set(&mut config.number_loss, recipe.mean_squared.then_some(NumberLoss::MeanSquared));
    set(&mut config.label_smoothing, recipe.label_smoothing);
    set(&mut config.class_weights, recipe.balance_classes.then_some(ClassWeights::Balanced));
    set(&mut config.sampling, recipe.balanced_sampling.then_some(Sampling::Balanced));
    let weights = recipe.task_weights.as_ref().map(|weights| match weights {
        TaskWeightsArg::Equal => TaskWeights::Equal,
        TaskWeightsArg::Learned => TaskWeights::Learned,
        TaskWeightsArg::Given(weights) => TaskWeights::Given(weights.clone()),
    });
    set(&mut config.task_weights, weights);
}

fn set_regularization(config: &mut TrainConfig, recipe: &RecipeArgs) {
    set(&mut config.dropout, recipe.dropout);
    set(&mut config.averaging, recipe.ema.map(|decay| Averaging::Exponential { decay }));
    set(&mut config.averaging, recipe.swa.map(|start| Averaging::Stochastic { start }));
    config.patience = recipe.patience.or(config.patience);
}

fn set_pictures(config: &mut TrainConfig, recipe: &RecipeArgs, size: InputSize) {
    let augmentation = recipe.augment.map(|augment| match augment {
        AugmentArg::None => Augmentation::none(),
        AugmentArg::Light => Augmentation::light(size),
        AugmentArg::Strong => Augmentation::strong(size),
        AugmentArg::Automatic => Augmentation::automatic(size),
        AugmentArg::Rand => Augmentation::rand(size),
    });
    set(&mut config.augmentation, augmentation);
    set(&mut config.mix, recipe.mixup.map(|alpha| Mix::MixUp { alpha }));
    set(&mut config.mix, recipe.cutmix.map(|alpha| Mix::CutMix { alpha }));
    let caching = recipe.cache_views.map(|views| match views {
        0 => Caching::Off,
        views => Caching::Views(views),
    });
    set(&mut config.caching, caching);
}

fn set<T>(choice: &mut T, given: Option<T>) {
    if let Some(given) = given {
        *choice = given;
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use tunelab_engine::data::sample::sample_dataset;
    use tunelab_engine::data::transform::Preprocessing;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        choices: ChoiceArgs,
    }

    fn chosen(words: &[&str]) -> TrainConfig {
        let (train, _) = sample_dataset(8, 1, 0, &Preprocessing::with_size(InputSize::MIN));
        let line = Line::parse_from([&["tunelab"], words].concat());
        choices(&line.choices, InputSize::MIN, 0, &train).unwrap()
    }

    #[test]
    fn what_is_recommended_follows_what_is_chosen() {
        let usual = chosen(&["--strategy", "auto"]);
        assert_eq!(usual.patience, Some(usual.epochs.div_ceil(2)));
        let short = chosen(&["--strategy", "auto", "--epochs", "4"]);
        assert_eq!((short.epochs, short.patience), (4, Some(2)));
        let patient = chosen(&["--strategy", "auto", "--epochs", "4", "--patience", "3"]);
        assert_eq!(patient.patience, Some(3));

        let batch = (4 * usual.batch_size).to_string();
        let large = chosen(&["--strategy", "auto", "--batch-size", &batch]);
        assert_eq!(large.learning_rate, 2.0 * usual.learning_rate);
        let adam = chosen(&["--strategy", "auto", "--optimizer", "adamw"]);
        assert!(adam.learning_rate < usual.learning_rate / 10.0);
        assert_eq!(adam.optimizer.weight_decay, 0.01);
        let given = ["--optimizer", "adamw", "--learning-rate", "0.5", "--weight-decay", "0"];
        let given = chosen(&[&["--strategy", "auto"], &given[..]].concat());
        assert_eq!((given.learning_rate, given.optimizer.weight_decay), (0.5, 0.0));
    }
}
