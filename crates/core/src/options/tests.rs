//! Tests of resolving choices: defaults, errors, and the engine's types.

use super::choices::Choices;
use super::context::{Context, TaskCounts};
use super::error::Problem;
use super::table::{OPTIONS, TrainConfig, TrainOption};
use super::value::Kind;
use super::values::{Augmentation, RegressionLoss, Strategy};
use super::weights::TaskWeights;
use crate::data::augmentation::{CropAugmentation, Mix};
use crate::data::input::InputSize;
use crate::model::part::Part;
use tunelab_l10n::{Language, Texts};

/// 500 images of 10 classes, a fifth of which is split off.
const IMAGES: Context = Context {
    images: 500,
    has_validation: false,
    classes: 10,
    tasks: TaskCounts { class: 1, labels: 0, number: 0 },
    advised: Some(Strategy::Full),
    from_scratch: false,
    has_teacher: false,
};

fn choices(options: &[(&str, &str)]) -> Choices {
    options.iter().fold(Choices::default(), |choices, (key, text)| choices.with(key, text))
}

/// The configuration of valid choices that have an effect.
fn config(options: &[(&str, &str)]) -> TrainConfig {
    let resolved = choices(options).resolve(&IMAGES);
    assert!(resolved.errors.is_empty() && resolved.unused.is_empty(), "{resolved:?}");
    resolved.config
}

/// The keys of the invalid choices.
fn invalid(options: &[(&str, &str)], context: &Context) -> Vec<String> {
    let resolved = choices(options).resolve(context);
    assert_eq!(resolved.config.validate(context), Ok(()), "invalid choices are replaced");
    resolved.errors.iter().map(|error| error.key.to_string()).collect()
}

#[test]
fn keys_are_unique_and_optional_values_have_a_text_for_none() {
    for (index, option) in OPTIONS.iter().enumerate() {
        assert!(OPTIONS[..index].iter().all(|other| other.key != option.key), "{}", option.key);
        assert_eq!(option.none.is_some(), is_optional(option), "{}", option.key);
    }
}

/// The keys of every option and of its values.
fn keys() -> impl Iterator<Item = (&'static str, Option<&'static str>)> {
    OPTIONS.iter().flat_map(|option| {
        let choices = match option.kind {
            Kind::Choice(choices) | Kind::Weights(choices) => choices,
            Kind::Number | Kind::WholeNumber | Kind::Switch => &[],
        };
        let choices = choices.iter().map(|choice| (option.key, Some(*choice)));
        std::iter::once((option.key, None)).chain(choices)
    })
}

#[test]
fn every_option_and_choice_has_a_label_and_help() {
    for texts in Language::ALL.map(Texts::new) {
        for (key, choice) in keys() {
            let (has_label, help) = match choice {
                None => (texts.label_of_option(key) != key, texts.help_of_option(key)),
                Some(choice) => (
                    texts.label_of_choice(key, choice) != choice,
                    texts.help_of_choice(key, choice),
                ),
            };
            let language = texts.language();
            assert!(has_label && help.is_some(), "{language:?}: {key} {choice:?}");
        }
    }
}

#[test]
fn every_text_belongs_to_an_option() {
    // The page offers the default strategy as a choice.
    let automatic = ("strategy".to_owned(), Some("auto".to_owned()));
    let with_hyphens = |(key, choice): (&str, Option<&str>)| {
        (key.replace('_', "-"), choice.map(|choice| choice.replace('_', "-")))
    };
    let known: Vec<_> = keys().map(with_hyphens).chain([automatic]).collect();
    let unknown: Vec<_> =
        Texts::options().filter(|text| !known.contains(&with_hyphens(*text))).collect();
    assert_eq!(unknown, []);
}

/// Whether the value of an option is an `Option`.
fn is_optional(option: &TrainOption) -> bool {
    let mut config = config(&[]);
    (option.clear)(&mut config);
    (option.read)(&config).is_none()
}

#[test]
fn whole_numbers_that_are_out_of_range_are_told_from_other_text() {
    let problem =
        |key: &str, text: &str| choices(&[(key, text)]).resolve(&IMAGES).errors.remove(0).problem;
    for (key, text) in [
        ("epochs", "-1"),
        ("epochs", "10001"),
        ("epochs", "99999999999999999999"),
        ("seed", "-1"),
        ("batch_size", "-7"),
    ] {
        assert!(matches!(problem(key, text), Problem::OutOfRange { .. }), "{key} {text}");
    }
    for text in ["1.5", "-", "three", "1e3"] {
        assert!(matches!(problem("epochs", text), Problem::NotAWholeNumber(_)), "{text}");
    }
}

#[test]
fn a_stored_configuration_may_lack_newer_options() {
    let config = config(&[("epochs", "3"), ("label_smoothing", "0.2")]);
    let mut stored = serde_json::to_value(&config).unwrap();
    stored.as_object_mut().unwrap().remove("temperature").unwrap();
    assert_eq!(serde_json::from_value::<TrainConfig>(stored).unwrap(), config);
}

#[test]
fn every_default_round_trips_as_text() {
    for strategy in Strategy::ALL {
        let config = config(&[("strategy", strategy.key())]);
        for option in OPTIONS {
            let mut again = config.clone();
            let text = option.text(&config);
            assert_eq!(option.set(&mut again, &text), Ok(()), "{} = {text}", option.key);
            assert_eq!(option.text(&again), text, "{}", option.key);
        }
    }
}

#[test]
fn a_configuration_is_a_flat_object_of_its_options() {
    let json = serde_json::to_value(config(&[])).unwrap();
    let keys: Vec<&String> = json.as_object().unwrap().keys().collect();
    assert_eq!(keys, OPTIONS.iter().map(|option| option.key).collect::<Vec<_>>());
    assert_eq!((&json["strategy"], &json["size"]), (&"full".into(), &64.into()));
    assert_eq!(serde_json::from_value::<TrainConfig>(json).unwrap(), config(&[]));
}

#[test]
fn defaults_depend_on_the_images() {
    let of = |strategy, images| TrainConfig::recommended(strategy, InputSize::default(), images);
    for (images, full, adaptive, patience) in [(800, 13, 20, 10), (5000, 8, 12, 6)] {
        assert_eq!(
            (of(Strategy::Full, images).epochs, of(Strategy::Full, images).patience),
            (full, None)
        );
        let long = of(Strategy::Adaptive, images);
        assert_eq!((long.epochs, long.patience), (adaptive, Some(patience)));
    }
    for (images, batch) in [(10, 32), (800, 32), (1650, 64), (50_000, 64)] {
        assert_eq!(of(Strategy::Full, images).batch_size, batch, "{images} images");
    }
    let of_size = |strategy, size| {
        let size = InputSize::new(size).expect("a valid size");
        TrainConfig::recommended(strategy, size, 5000).batch_size
    };
    for (size, batch) in [(32, 64), (128, 64), (160, 32), (224, 16)] {
        assert_eq!(of_size(Strategy::Full, size), batch, "{size} px");
        assert_eq!(of_size(Strategy::Probe, size), 64, "{size} px");
    }
    let few = |images, classes| {
        let context = Context { images, classes, has_validation: true, ..Context::default() };
        Choices::default().resolve(&context).config.strategy
    };
    assert_eq!((few(49, 10), few(50, 10)), (Strategy::ProbeThenFull, Strategy::Adaptive));
    // Without classes, the number of images decides.
    assert_eq!(few(5, 0), Strategy::Adaptive);
}

#[test]
fn defaults_depend_on_other_choices() {
    let default = config(&[]);
    assert_eq!((default.learning_rate, default.weight_decay), (0.02 * 0.5f64.sqrt(), 5e-4));
    let batch = config(&[("batch_size", "8")]);
    assert_eq!(batch.learning_rate, 0.5 * default.learning_rate);
    let adam = config(&[("optimizer", "adamw")]);
    assert!((adam.learning_rate - default.learning_rate / 25.0).abs() < 1e-12);
    assert_eq!(adam.weight_decay, 0.01);
    let probe = config(&[("strategy", "probe"), ("optimizer", "sgd"), ("batch_size", "64")]);
    assert_eq!((probe.learning_rate, probe.weight_decay), (0.1, 5e-4));
    let adaptive = config(&[("strategy", "adaptive"), ("epochs", "6")]);
    assert_eq!(adaptive.patience, Some(3));
    let step = config(&[("schedule", "step"), ("epochs", "6")]);
    assert_eq!((step.step_epochs, step.decay_factor), (2, 0.1));
    assert_eq!(config(&[("schedule", "exponential")]).decay_factor, 0.9);
    let given = config(&[("strategy", "adaptive"), ("epochs", "6"), ("patience", "4")]);
    assert_eq!(given.patience, Some(4));
    assert_eq!(config(&[("strategy", "adaptive"), ("patience", "off")]).patience, None);
    // Fewer training images get more epochs.
    assert!(config(&[("per_class", "5")]).epochs > default.epochs);
    assert_eq!(config(&[("strategy", "discriminative")]).layer_decay, 0.5);
    assert_eq!(config(&[("strategy", "l2-sp")]).l2_sp, 0.01);
}

#[test]
fn auto_resets_an_option() {
    let mut chosen = choices(&[("learning_rate", "1"), ("strategy", "probe")]);
    chosen.set("learning_rate", " Auto ");
    assert_eq!((chosen.get("learning_rate"), chosen.get("strategy")), (None, Some("probe")));
    assert!(chosen.remove("strategy") && chosen.is_empty());
}

#[test]
fn invalid_choices_are_reported_and_replaced() {
    let options = [
        ("epochs", "three"),
        ("learning_rate", "-1"),
        ("label_smoothing", "1,5"),
        ("crop_fraction", "2"),
        ("validation_share", "1"),
        ("horizontal_flip", "7"),
        ("optimizer", "fast"),
        ("batch_size", "24"),
    ];
    let resolved = choices(&options).resolve(&IMAGES);
    let mut keys = invalid(&options, &IMAGES);
    keys.sort_unstable();
    let expected = [
        "crop_fraction",
        "epochs",
        "horizontal_flip",
        "label_smoothing",
        "learning_rate",
        "optimizer",
        "validation_share",
    ];
    assert_eq!(keys, expected);
    assert_eq!(resolved.config, config(&[("batch_size", "24")]));
    let of = |key| &resolved.errors.iter().find(|error| error.key == key).unwrap().problem;
    assert!(matches!(of("learning_rate"), Problem::OutOfRange { found: -1.0, .. }));
    assert_eq!(*of("epochs"), Problem::NotAWholeNumber("three".into()));
}

#[test]
fn choices_are_checked_against_each_other() {
    assert_eq!(invalid(&[("epochs", "3"), ("warmup_epochs", "5")], &IMAGES), ["warmup_epochs"]);
    assert_eq!(invalid(&[("epochs", "9"), ("warmup_epochs", "5")], &IMAGES), [""; 0]);
    assert_eq!(invalid(&[("mixup_alpha", "1"), ("cutmix_alpha", "1")], &IMAGES), ["cutmix_alpha"]);
    assert_eq!(invalid(&[("ema_decay", "0.9"), ("swa_start", "0.5")], &IMAGES), ["swa_start"]);
    let ratios = |min, max| [("crop", "resized"), ("crop_ratio_min", min), ("crop_ratio_max", max)];
    assert_eq!(invalid(&ratios("1.5", "2"), &IMAGES), [""; 0]);
    assert_eq!(invalid(&ratios("3", "2"), &IMAGES), ["crop_ratio_min"]);
    // A maximum alone can be invalid too.
    assert_eq!(
        invalid(&[("crop", "resized"), ("crop_ratio_max", "0.1")], &IMAGES),
        ["crop_ratio_max"]
    );
}

#[test]
fn a_batch_of_one_image_is_valid_without_batch_statistics() {
    let one = ("batch_size", "1");
    assert_eq!(invalid(&[one], &IMAGES), ["batch_size"]);
    assert_eq!(invalid(&[one, ("strategy", "bias-only")], &IMAGES), ["batch_size"]);
    assert_eq!(config(&[one, ("freeze_norm", "true")]).batch_size, 1);
    assert_eq!(config(&[one, ("strategy", "probe")]).batch_size, 1);
}

#[test]
fn choices_without_effect_are_reported_and_ignored() {
    let numbers = Context {
        classes: 0,
        has_validation: true,
        tasks: TaskCounts { class: 0, labels: 0, number: 2 },
        ..IMAGES
    };
    let options = [
        ("optimizer", "adamw"),
        ("momentum", "wrong"),
        ("label_smoothing", "7"),
        ("focal_gamma", "2"),
        ("validation_share", "9"),
        ("huber_delta", "0.5"),
        ("task_weights", "learned"),
    ];
    let resolved = choices(&options).resolve(&numbers);
    let mut unused = resolved.unused.clone();
    unused.sort_unstable();
    assert_eq!(unused, ["focal_gamma", "label_smoothing", "momentum", "validation_share"]);
    assert!(resolved.errors.is_empty());
    assert_eq!(resolved.config.huber_delta, 0.5);
    assert_eq!(resolved.config.task_weights, TaskWeights::Learned);
    let squared = choices(&[("regression_loss", "mse"), ("huber_delta", "0.5")]).resolve(&numbers);
    assert_eq!(squared.unused, ["huber_delta"]);
    assert_eq!(squared.config.regression_loss, RegressionLoss::Mse);
    // Few-shot needs classes.
    assert_eq!(invalid(&[("strategy", "few-shot")], &numbers), ["strategy"]);
}

#[test]
fn weights_have_one_number_per_task_or_class() {
    let two = Context { tasks: TaskCounts { class: 1, labels: 0, number: 1 }, ..IMAGES };
    let resolve = |text| choices(&[("task_weights", text)]).resolve(&two);
    assert_eq!(resolve(" 2 , 0.5").config.task_weights, TaskWeights::Given(vec![2.0, 0.5]));
    for text in ["", "1", "1, 2, 3", "0, 0", "1, -1", "1, a lot"] {
        assert_eq!(invalid(&[("task_weights", text)], &two), ["task_weights"], "{text}");
    }
    let few = choices(&[("class_weights", "1, 2")]).resolve(&IMAGES);
    assert_eq!(few.errors[0].problem, Problem::Weights { expected: 10 });
    // Weights of the classes of which column?
    let columns = Context { tasks: TaskCounts { class: 2, labels: 0, number: 0 }, ..IMAGES };
    let weights = ["1"; 10].join(",");
    let several = choices(&[("class_weights", &weights)]).resolve(&columns);
    assert_eq!(several.errors[0].problem, Problem::SeveralClassColumns);
    assert!(choices(&[("class_weights", &weights)]).resolve(&IMAGES).errors.is_empty());
}

#[test]
fn choices_determine_the_engines_configuration() {
    for preset in Augmentation::ALL {
        let found = config(&[("augmentation", preset.key())]).augmentation_config();
        assert_eq!(found, preset.preset(InputSize::default()));
    }
    let custom = config(&[("crop", "resized"), ("crop_scale_min", "0.5"), ("hue", "0.1")]);
    let augmentation = custom.augmentation_config();
    assert_eq!(augmentation.color_jitter.unwrap().hue, 0.1);
    assert!(matches!(augmentation.crop, CropAugmentation::RandomResized { scale: (0.5, 1.0), .. }));
    assert_eq!(config(&[("mixup_alpha", "0.2")]).mix(), Mix::MixUp { alpha: 0.2 });
    let last = config(&[("strategy", "last-k"), ("last_k", "3")]);
    assert_eq!(last.trainable().first(), Part::Layer2);
    assert_eq!(config(&[("strategy", "last-k")]).trainable().first(), Part::Layer4);
    assert_eq!(config(&[("warmup_epochs", "0.5")]).warmup_steps(50), 25);
    assert_eq!(TrainConfig { epochs: 3, ..config(&[]) }.warmup_steps(50), 50);
}

#[test]
fn default_search_ranges_are_valid() {
    use super::spec::SearchRange;
    for option in OPTIONS {
        let Some(search) = option.search else { continue };
        match (option.kind, search) {
            (Kind::Choice(allowed), SearchRange::Values(values)) => {
                assert!(values.iter().all(|value| allowed.contains(value)), "{}", option.key);
            }
            (Kind::Number, SearchRange::Log { low, .. } | SearchRange::LogFactor { low, .. }) => {
                assert!(low > 0.0, "{}", option.key);
            }
            _ => panic!("{} cannot be searched like this", option.key),
        }
    }
}
