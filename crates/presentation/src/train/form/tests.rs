use super::*;
use tunelab_core::data::input::InputSize;
use tunelab_core::options::values::{Augmentation, Crop, Schedule, UpdateRule};
use tunelab_core::options::weights::TaskWeights;

const TASKS: TaskCounts = TaskCounts { class: 1, labels: 0, number: 0 };

fn dataset() -> Dataset {
    let context = Context {
        images: 640,
        classes: 8,
        tasks: TASKS,
        advised: Some(Strategy::Full),
        ..Context::default()
    };
    Dataset { context, validation: 0 }
}

fn with_validation(validation: usize) -> Dataset {
    let context = Context { has_validation: true, ..dataset().context };
    Dataset { context, validation }
}

fn of_tasks(class: usize, labels: usize, number: usize) -> Dataset {
    let tasks = TaskCounts { class, labels, number };
    Dataset { context: Context { tasks, classes: 2 * class, ..dataset().context }, validation: 0 }
}

fn form(choices: &[(&str, &str)]) -> Form {
    let mut form = Form::default();
    choices.iter().for_each(|(key, text)| form.choices.set(key, text));
    form
}

fn config(choices: &[(&str, &str)]) -> TrainConfig {
    form(choices).draft(&dataset()).config
}

fn wrong(draft: &Draft) -> Vec<&str> {
    draft.invalid_options().collect()
}

#[test]
fn an_untouched_form_has_the_recommended_options() {
    let draft = Form::default().draft(&dataset());
    assert_eq!((draft.train_images, draft.validation_images), (512, 128));
    let recommended = TrainConfig::recommended(Strategy::Full, InputSize::default(), 512);
    assert_eq!(draft.config, recommended);
    assert!(draft.errors.is_empty() && !Form::default().is_customized());
}

#[test]
fn with_a_validation_split_all_images_are_training_images() {
    let draft = Form::default().draft(&with_validation(100));
    assert_eq!((draft.train_images, draft.validation_images), (640, 100));
}

#[test]
fn a_limit_of_images_per_class_applies_to_both_splits() {
    let draft = form(&[("per_class", "10")]).draft(&dataset());
    assert_eq!((draft.train_images, draft.validation_images), (80, 80));
    assert_eq!(draft.config.per_class, Some(10));
    let recommended = TrainConfig::recommended(Strategy::Full, InputSize::default(), 80);
    assert_eq!(draft.config.epochs, recommended.epochs);

    let draft = form(&[("per_class", "1000")]).draft(&dataset());
    assert_eq!((draft.train_images, draft.validation_images), (512, 128));
    for (text, errors) in [("all", 0), ("All ", 0), ("0", 1), ("few", 1), ("-1", 1)] {
        let draft = form(&[("per_class", text)]).draft(&dataset());
        assert_eq!((draft.errors.len(), draft.config.per_class), (errors, None), "{text}");
    }
}

#[test]
fn options_follow_the_strategy_unless_they_are_set() {
    let mut form = form(&[("batch_size", "24"), ("size", "96")]);
    let full = form.draft(&dataset()).config;
    form.choices.set("strategy", "probe");
    let probe = form.draft(&dataset()).config;
    assert_eq!((full.batch_size, probe.batch_size), (24, 24));
    assert_eq!((full.optimizer, probe.optimizer), (UpdateRule::Sgd, UpdateRule::AdamW));
    assert_ne!(full.epochs, probe.epochs);

    assert!(form.is_customized());
    form.reset();
    assert!(!form.is_customized());
    assert_eq!(form, self::form(&[("strategy", "probe"), ("size", "96")]));
}

#[test]
fn the_advised_strategy_is_used_until_another_is_chosen() {
    let context = Context { advised: Some(Strategy::Probe), ..dataset().context };
    let dataset = Dataset { context, validation: 0 };
    let mut form = Form::default();
    assert_eq!((form.strategy(), form.draft(&dataset).config.strategy), (None, Strategy::Probe));
    form.choices.set("strategy", "full");
    assert_eq!(form.draft(&dataset).config.strategy, Strategy::Full);
}

#[test]
fn a_strategy_without_a_card_is_reset_with_the_other_options() {
    let mut form = form(&[("strategy", "l2-sp"), ("last_k", "3")]);
    assert!(form.draft(&dataset()).config.l2_sp > 0.0 && form.is_customized());
    form.reset();
    assert_eq!(form, Form::default());
}

#[test]
fn choosing_the_default_resets_the_option() {
    let schedule = TrainOption::find("schedule").unwrap();
    let mut form = Form::default();
    form.choose(schedule, "step", &dataset());
    assert_eq!(form.draft(&dataset()).config.schedule, Schedule::Step);
    assert_eq!(form.default_text(schedule, &dataset()), "cosine");
    form.choose(schedule, "cosine", &dataset());
    assert_eq!(form, Form::default());
}

#[test]
fn invalid_values_have_an_error_each_and_are_replaced() {
    let form = form(&[
        ("epochs", "three"),
        ("learning_rate", "-1"),
        ("label_smoothing", "1,5"),
        ("batch_size", "32"),
        ("crop_fraction", "2"),
        ("validation_share", "1"),
        ("horizontal_flip", "7"),
    ]);
    let draft = form.draft(&dataset());
    assert_eq!(
        BTreeSet::from_iter(wrong(&draft)),
        BTreeSet::from([
            "crop_fraction",
            "epochs",
            "horizontal_flip",
            "label_smoothing",
            "learning_rate",
            "validation_share",
        ])
    );
    let recommended = Form::default().draft(&dataset()).config;
    assert_eq!((draft.config.epochs, draft.config.batch_size), (recommended.epochs, 32));
    let scale = (32.0 / f64::from(recommended.batch_size)).sqrt();
    assert_eq!(draft.config.learning_rate, recommended.learning_rate * scale);
    assert_eq!(draft.config.validate(&dataset().context), Ok(()));
}

#[test]
fn numbers_may_have_a_decimal_comma() {
    let draft = form(&[("dropout", "0,5"), ("learning_rate", "1e-2")]).draft(&dataset());
    assert!(draft.errors.is_empty());
    assert_eq!((draft.config.dropout, draft.config.learning_rate), (0.5, 0.01));
}

#[test]
fn few_shot_needs_classes() {
    let form = form(&[("strategy", "few-shot")]);
    assert_eq!(form.draft(&dataset()).config.strategy, Strategy::FewShot);
    let draft = form.draft(&of_tasks(0, 1, 2));
    assert_eq!((wrong(&draft), draft.config.strategy), (vec!["strategy"], Strategy::Full));
}

/// An invalid value has no effect once its field is hidden, and does not return with the field.
#[test]
fn invalid_values_of_hidden_fields_are_reset() {
    let all = of_tasks(1, 1, 1);
    let form = form(&[
        ("crop", "resized"),
        ("crop_scale_min", "3"),
        ("epochs", "none"),
        ("focal_gamma", "-1"),
        ("huber_delta", "0"),
        ("label_smoothing", "7"),
        ("task_weights", "1"),
        ("validation_share", "9"),
    ]);
    let invalid = form.draft(&all).invalid_options().collect::<BTreeSet<_>>();
    assert_eq!(invalid.len(), 7);
    assert!(!form.clone().forget_hidden(&invalid, &all), "all have fields");

    type Change = fn(&mut Form);
    let nothing: Change = |_| {};
    let with_validation =
        Dataset { context: Context { has_validation: true, ..all.context }, validation: 9 };
    let changes: [(Dataset, Change, &[&str]); 7] = [
        (of_tasks(0, 0, 2), nothing, &["focal_gamma", "label_smoothing"]),
        (of_tasks(0, 1, 0), nothing, &["focal_gamma", "huber_delta", "task_weights"]),
        (of_tasks(1, 0, 0), nothing, &["huber_delta", "task_weights"]),
        (with_validation, nothing, &["validation_share"]),
        (all, |form| form.choices.set("regression_loss", "mse"), &["huber_delta"]),
        (all, |form| form.choices.set("crop", "pad"), &["crop_scale_min"]),
        (
            all,
            |form| form.choices.set("strategy", "few-shot"),
            // Few-shot does not apply to these tasks, so that nothing is hidden.
            &[],
        ),
    ];
    for (dataset, change, hidden) in changes {
        let mut form = form.clone();
        change(&mut form);
        let draft = form.draft(&dataset);
        assert!(
            draft.invalid_options().all(|key| !hidden.contains(&key)),
            "{hidden:?} block nothing"
        );
        assert_eq!(form.forget_hidden(&invalid, &dataset), !hidden.is_empty());
        let left = invalid.iter().filter(|key| form.choices.get(key).is_some());
        assert_eq!(left.count(), invalid.len() - hidden.len());
        assert!(!form.forget_hidden(&invalid, &dataset), "once is enough");
    }
    // A valid value stays where its field comes back.
    let mut valid = self::form(&[("huber_delta", "0.5")]);
    assert!(!valid.forget_hidden(&BTreeSet::new(), &of_tasks(1, 0, 0)));
    assert_eq!(valid.choices.get("huber_delta"), Some("0.5"));
}

#[test]
fn task_weights_are_one_number_for_each_task() {
    let dataset = of_tasks(1, 0, 1);
    let draft = form(&[("task_weights", " 2 , 0.5")]).draft(&dataset);
    assert_eq!(draft.config.task_weights, TaskWeights::Given(vec![2.0, 0.5]));
    for text in ["", "1", "1, 2, 3", "0, 0", "1, -1", "1, a lot"] {
        let draft = form(&[("task_weights", text)]).draft(&dataset);
        assert_eq!(draft.config.task_weights, TaskWeights::Equal, "{text}");
        assert_eq!(wrong(&draft), ["task_weights"], "{text}");
    }
    // A single task has nothing to weigh, and no field in which to correct it.
    let draft = form(&[("task_weights", "2, 0.5")]).draft(&self::dataset());
    assert!(draft.errors.is_empty());
}

#[test]
fn defaults_depend_on_epochs_and_batch_size() {
    let context = Context { advised: Some(Strategy::Adaptive), ..dataset().context };
    let dataset = Dataset { context, validation: 0 };
    let usual = Form::default().draft(&dataset).config;
    let batch = (4 * usual.batch_size).to_string();
    let mut form = form(&[("epochs", "6"), ("batch_size", &batch), ("schedule", "step")]);
    let config = form.draft(&dataset).config;
    assert_eq!((usual.patience, config.patience), (Some(usual.epochs.div_ceil(2)), Some(3)));
    assert_eq!(config.learning_rate, 2.0 * usual.learning_rate);
    assert_eq!((config.step_epochs, config.decay_factor), (2, 0.1));
    form.choices.set("patience", "4");
    form.choices.set("learning_rate", "0.5");
    let config = form.draft(&dataset).config;
    assert_eq!((config.patience, config.learning_rate), (Some(4), 0.5));
}

#[test]
fn a_batch_of_one_image_needs_frozen_norms() {
    let mut form = form(&[("batch_size", "1")]);
    let draft = form.draft(&dataset());
    assert_eq!(wrong(&draft), ["batch_size"]);
    assert!(draft.config.batch_size > 1);
    form.choices.set("freeze_norm", "true");
    let draft = form.draft(&dataset());
    assert_eq!((wrong(&draft), draft.config.batch_size), (vec![], 1));
}

#[test]
fn both_ends_of_a_range_can_be_moved_past_the_defaults() {
    let of = |min, max| {
        form(&[("crop", "resized"), ("crop_ratio_min", min), ("crop_ratio_max", max)])
            .draft(&dataset())
    };
    let draft = of("1.5", "2");
    assert_eq!((draft.config.crop_ratio_min, draft.config.crop_ratio_max), (1.5, 2.0));
    assert!(draft.errors.is_empty());
    assert_eq!(wrong(&of("3", "2")), ["crop_ratio_min"]);
}

#[test]
fn warmup_is_no_longer_than_the_run() {
    assert_eq!(
        wrong(&form(&[("epochs", "3"), ("warmup_epochs", "5")]).draft(&dataset())),
        ["warmup_epochs"]
    );
    assert!(form(&[("epochs", "9"), ("warmup_epochs", "5")]).draft(&dataset()).errors.is_empty());
}

#[test]
fn options_without_effect_are_not_checked() {
    let draft = form(&[("optimizer", "adamw"), ("schedule", "one-cycle"), ("momentum", "wrong")])
        .draft(&dataset());
    assert!(draft.errors.is_empty());
    for key in ["momentum", "warmup_epochs", "decay_factor"] {
        assert!(!TrainOption::find(key).unwrap().applies(&draft.config, &dataset().context));
    }
}

#[test]
fn the_parameters_of_an_augmentation_adjust_its_preset() {
    let strong = config(&[("augmentation", "strong")]);
    assert!(strong.hue > 0.0 && strong.erasing_probability > 0.0 && strong.crop == Crop::Resized);
    let adjusted = config(&[("hue", "0.2"), ("crop", "resized"), ("crop_scale_min", "0.5")]);
    assert_eq!((adjusted.augmentation, adjusted.hue), (Augmentation::Light, 0.2));
    assert_eq!((adjusted.crop_scale_min, adjusted.erasing_probability), (0.5, 0.0));
}
