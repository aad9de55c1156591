use crate::train::form::*;
use tunelab_core::train::config::TaskWeights;
use tunelab_core::train::schedule::Schedule;
use tunelab_core::train::strategy::Strategy;

const TASK: Task = Task {
    pictures: 640,
    classes: 8,
    columns: ColumnKinds { classes: 1, labels: 0, numbers: 0 },
    validation: 0,
    advised: Advice(Recipe::Full),
};

fn written(numbers: &[(Number, &str)]) -> Form {
    let numbers = numbers.iter().map(|(number, text)| (*number, (*text).to_string()));
    Form { numbers: numbers.collect(), ..Form::default() }
}

#[test]
fn an_untouched_form_is_the_recommendation() {
    let draft = Form::default().draft(&TASK);
    assert_eq!((draft.train_examples, draft.validation_examples), (512, 128));
    let recommended = TrainConfig::recommended(Recipe::Full, InputSize::default(), 512);
    assert_eq!(draft.request.config, recommended);
    assert_eq!(draft.request.validation_share, 0.2);
    assert!(draft.errors.is_empty() && !Form::default().is_touched());
}

#[test]
fn a_validation_part_leaves_all_other_pictures_to_train_on() {
    let draft = Form::default().draft(&Task { validation: 100, ..TASK });
    assert_eq!((draft.train_examples, draft.validation_examples), (640, 100));
}

#[test]
fn a_limit_of_pictures_a_class_counts_in_both_parts() {
    let limited = |text| written(&[(Number::PerClass, text)]);
    let draft = limited("10").draft(&TASK);
    assert_eq!((draft.train_examples, draft.validation_examples), (80, 80));
    assert_eq!(draft.request.per_class, Some(10));
    let recommended = TrainConfig::recommended(Recipe::Full, InputSize::default(), 80);
    assert_eq!(draft.request.config, recommended);
    assert_eq!(Number::PerClass.read(&draft.request).as_deref(), Some("10"));

    let draft = limited("1000").draft(&TASK);
    assert_eq!((draft.train_examples, draft.validation_examples), (512, 128));
    for (text, errors) in [("all", 0), ("All ", 0), ("0", 1), ("few", 1), ("-1", 1)] {
        let draft = limited(text).draft(&TASK);
        assert_eq!((draft.errors.len(), draft.request.per_class), (errors, None), "{text}");
        assert_eq!(Number::PerClass.read(&draft.request).as_deref(), Some("all"));
    }
}

#[test]
fn untouched_choices_follow_the_strategy_and_touched_ones_stay() {
    let mut form = written(&[(Number::BatchSize, "24")]);
    let full = form.draft(&TASK).request.config;
    form.retrain = Retrain::LastLayer;
    let probe = form.draft(&TASK).request.config;
    let recommended = TrainConfig::recommended(Recipe::Probe, InputSize::default(), 512);
    assert_eq!((full.batch_size, probe.batch_size), (24, 24));
    assert_eq!(probe.epochs, recommended.epochs);
    assert_ne!(full.epochs, probe.epochs);
    assert_eq!(probe.optimizer.rule, UpdateRule::AdamW);

    assert!(form.is_touched());
    form.reset();
    assert!(!form.is_touched());
    assert_eq!(form.retrain, Retrain::LastLayer);
    assert_eq!(form.draft(&TASK).request.config, recommended);
}

#[test]
fn advice_is_taken_until_the_user_chooses() {
    let task = Task { advised: Advice(Recipe::Probe), ..TASK };
    let mut form = Form::default();
    assert_eq!(form.draft(&task).request.config.strategy, Strategy::Probe);
    form.retrain = Retrain::Everything;
    assert_eq!(form.draft(&task).request.config.strategy, Strategy::Full);
}

#[test]
fn a_way_out_of_sight_takes_the_place_of_those_in_sight() {
    let form = Form { recipe: Some(Recipe::L2Sp), ..Form::default() };
    let draft = form.draft(&TASK);
    assert_eq!(draft.recipe, Recipe::L2Sp);
    assert!(draft.request.config.optimizer.pull > 0.0 && form.is_touched());
}

#[test]
fn regularizers_are_switched_on_with_numbers_of_their_own() {
    let form = Form {
        mix: Some(MixKind::CutMix),
        averaging: Some(AveragingKind::Exponential),
        stops_early: Some(true),
        focal: Some(true),
        caches: Some(true),
        ..written(&[(Number::Patience, "3"), (Number::Decay, "1.5"), (Number::AverageStart, "0.3")])
    };
    let draft = form.draft(&TASK);
    let config = &draft.request.config;
    assert_eq!(config.mix, MixKind::CutMix.mix());
    assert_eq!(config.patience, Some(3));
    assert_eq!(config.class_loss, ClassLoss::Focal { gamma: 2.0 });
    assert_eq!(config.caching, Caching::Views(4));
    // Out of its range; and of a choice that was not made, which does not count.
    assert_eq!(draft.errors.keys().collect::<Vec<_>>(), [&Number::Decay]);
    assert_eq!(Number::AverageStart.read(&draft.request), None);
}

#[test]
fn choices_are_judged_for_what_a_table_has() {
    let columns = ColumnKinds { classes: 0, labels: 1, numbers: 2 };
    let task = Task { classes: 0, columns, ..TASK };
    let kinds: Vec<usize> = task.tasks().iter().map(|task| task.kind.outputs()).collect();
    assert_eq!(kinds, [0, 1, 1]);
    let form = Form {
        recipe: Some(Recipe::FewShot),
        task_weights: Some(TaskWeightsKind::Learned),
        ..written(&[(Number::Delta, "0"), (Number::LabelSmoothing, "0.1")])
    };
    let draft = form.draft(&task);
    // Without classes there are no means to take.
    assert_eq!(draft.recipe, Recipe::Full);
    assert_eq!(form.draft(&TASK).recipe, Recipe::FewShot);
    assert_eq!(draft.request.config.task_weights, TaskWeights::Learned);
    assert_eq!(draft.errors.keys().collect::<Vec<_>>(), [&Number::Delta]);
    assert_eq!(draft.request.config.label_smoothing, 0.1);
    assert_eq!(draft.request.config.validate(&task.tasks()), Ok(()));

    let squared = Form { squares: Some(true), ..written(&[(Number::Delta, "0.5")]) };
    let draft = squared.draft(&task);
    assert_eq!(draft.request.config.number_loss, NumberLoss::MeanSquared);
    assert!(draft.errors.is_empty() && Number::Delta.read(&draft.request).is_none());
}

/// A wrong number stands in no one's way once its field is gone, whatever hid it, and does not come back.
#[test]
fn wrong_numbers_go_with_their_fields() {
    let of = |classes, labels, numbers| Task {
        columns: ColumnKinds { classes, labels, numbers },
        classes: 2 * classes,
        ..TASK
    };
    let all = of(1, 1, 1);
    let form = Form {
        focal: Some(true),
        task_weights: Some(TaskWeightsKind::Given),
        augmentation: Some(AugmentKind::Custom),
        ..written(&[
            (Number::ValidationShare, "9"),
            (Number::Epochs, "none"),
            (Number::LabelSmoothing, "7"),
            (Number::Gamma, "-1"),
            (Number::Delta, "0"),
            (Number::TaskWeights, "1"),
            (Number::Flip, "3"),
        ])
    };
    let wrong: BTreeSet<Number> = form.draft(&all).errors.into_keys().collect();
    assert_eq!(wrong.len(), form.numbers.len());
    assert!(!form.clone().forget_hidden(&wrong, &all), "all have fields");

    type Change = fn(&mut Form);
    let nothing: Change = |_| {};
    use Number::{Delta, Epochs, Flip, Gamma, LabelSmoothing, TaskWeights, ValidationShare};
    let changes: [(Task, Change, &[Number]); 7] = [
        (of(0, 0, 2), nothing, &[ValidationShare, Epochs, Delta, TaskWeights, Flip]),
        (of(0, 1, 0), nothing, &[ValidationShare, Epochs, LabelSmoothing, Flip]),
        (of(1, 0, 0), nothing, &[ValidationShare, Epochs, LabelSmoothing, Gamma, Flip]),
        (
            Task { validation: 9, ..all },
            nothing,
            &[Epochs, LabelSmoothing, Gamma, Delta, TaskWeights, Flip],
        ),
        (
            all,
            |form| form.squares = Some(true),
            &[ValidationShare, Epochs, LabelSmoothing, Gamma, TaskWeights, Flip],
        ),
        (
            all,
            |form| (form.focal, form.task_weights) = (Some(false), None),
            &[ValidationShare, Epochs, LabelSmoothing, Delta, Flip],
        ),
        (
            all,
            |form| form.augmentation = Some(AugmentKind::None),
            &[ValidationShare, Epochs, LabelSmoothing, Gamma, Delta, TaskWeights],
        ),
    ];
    for (task, change, left) in changes {
        let mut form = form.clone();
        change(&mut form);
        let errors: Vec<Number> = form.draft(&task).errors.into_keys().collect();
        assert_eq!(errors, left, "what is hidden blocks nothing");
        assert!(form.forget_hidden(&wrong, &task));
        assert_eq!(form.numbers.keys().copied().collect::<Vec<_>>(), left);
        assert!(!form.forget_hidden(&wrong, &task), "once is enough");
    }
    // A right number stays where its field comes back.
    let mut right = written(&[(Number::Delta, "0.5")]);
    assert!(!right.forget_hidden(&BTreeSet::new(), &of(1, 0, 0)));
    assert_eq!(right.numbers.len(), 1);
}

#[test]
fn the_weights_of_columns_are_one_a_column() {
    let columns = ColumnKinds { classes: 1, labels: 0, numbers: 1 };
    let task = Task { columns, ..TASK };
    let given = |text| Form {
        task_weights: Some(TaskWeightsKind::Given),
        ..written(&[(Number::TaskWeights, text)])
    };
    let draft = given(" 2 , 0.5").draft(&task);
    assert_eq!(draft.request.config.task_weights, TaskWeights::Given(vec![2.0, 0.5]));
    assert_eq!(Number::TaskWeights.read(&draft.request).as_deref(), Some("2, 0.5"));
    for wrong in ["", "1", "1, 2, 3", "0, 0", "1, -1", "1, a lot"] {
        let draft = given(wrong).draft(&task);
        assert_eq!(draft.request.config.task_weights, TaskWeights::Given(vec![1.0; 2]), "{wrong}");
        assert_eq!(draft.errors.keys().collect::<Vec<_>>(), [&Number::TaskWeights], "{wrong}");
    }
    // Pictures with one column have nothing to weigh, and no field in which to mend it.
    let draft = given("2, 0.5").draft(&TASK);
    assert_eq!(draft.request.config.task_weights, TaskWeights::Equal);
    assert!(draft.errors.is_empty());
}

#[test]
fn what_is_recommended_follows_epochs_and_batch() {
    let task = Task { advised: Advice(Recipe::Adaptive), ..TASK };
    let usual = Form::default().draft(&task).request.config;
    let batch = (4 * usual.batch_size).to_string();
    let form = written(&[(Number::Epochs, "6"), (Number::BatchSize, &batch)]);
    let config = form.draft(&task).request.config;
    assert_eq!((usual.patience, config.patience), (Some(usual.epochs.div_ceil(2)), Some(3)));
    assert_eq!(config.learning_rate, 2.0 * usual.learning_rate);
    let form = Form { schedule: Some(ScheduleKind::Step), stops_early: Some(true), ..form };
    let config = form.draft(&task).request.config;
    assert_eq!(config.schedule, Schedule::Step { epochs: 2, factor: 0.1 });
    assert_eq!(config.patience, Some(5));
    // What is written counts.
    let mut form = form;
    form.numbers.insert(Number::Patience, "4".into());
    form.numbers.insert(Number::LearningRate, "0.5".into());
    let config = form.draft(&task).request.config;
    assert_eq!((config.patience, config.learning_rate), (Some(4), 0.5));
}

#[test]
fn a_single_picture_is_a_batch_where_the_norms_are_frozen() {
    let form = written(&[(Number::BatchSize, "1")]);
    let draft = form.draft(&TASK);
    assert_eq!(draft.errors.keys().collect::<Vec<_>>(), [&Number::BatchSize]);
    assert!(draft.request.config.batch_size > 1);
    let draft = Form { freeze_norm: Some(true), ..form }.draft(&TASK);
    assert!(draft.errors.is_empty());
    assert_eq!(draft.request.config.batch_size, 1);
}

#[test]
fn the_last_part_has_one_to_four_stages() {
    let form = Form { retrain: Retrain::LastPart, stages: 3, ..Form::default() };
    assert_eq!(form.draft(&TASK).request.config.strategy.to_string(), "last-3");
}

#[test]
fn wrong_numbers_are_told_in_their_place_and_replaced() {
    let form = written(&[
        (Number::Epochs, "three"),
        (Number::LearningRate, "-1"),
        (Number::LabelSmoothing, "1,5"),
        (Number::BatchSize, "32"),
        (Number::CropFraction, "2"),
        (Number::ValidationShare, "1"),
        (Number::Flip, "7"),
    ]);
    let form = Form { augmentation: Some(AugmentKind::Custom), ..form };
    let draft = form.draft(&TASK);
    let wrong: Vec<Number> = draft.errors.keys().copied().collect();
    assert_eq!(
        wrong,
        [
            Number::ValidationShare,
            Number::Epochs,
            Number::LearningRate,
            Number::LabelSmoothing,
            Number::CropFraction,
            Number::Flip,
        ]
    );
    assert_eq!(draft.errors[&Number::Epochs], "Write a whole number, such as 8.");
    assert_eq!(draft.errors[&Number::LearningRate], "The learning rate must be above 0, not -1.");
    assert_eq!(draft.request.config.batch_size, 32);
    assert_eq!(draft.request.config.validate(&TASK.tasks()), Ok(()));
    let recommended = Form::default().draft(&TASK).request.config;
    // Of the recommended rate, for the batch that was right.
    let scale = (32.0 / recommended.batch_size as f64).sqrt();
    assert_eq!(draft.request.config.learning_rate, recommended.learning_rate * scale);
}

#[test]
fn numbers_without_a_field_do_not_count() {
    let form = written(&[(Number::ValidationShare, "7"), (Number::Flip, "0.9")]);
    let with_validation = Task { validation: 100, ..TASK };
    let untouched = Form { augmentation: Some(AugmentKind::None), ..Form::default() };
    let form = Form { augmentation: Some(AugmentKind::None), ..form };
    let draft = form.draft(&with_validation);
    assert!(draft.errors.is_empty());
    assert_eq!(draft.request, untouched.draft(&with_validation).request);
}

#[test]
fn both_ends_of_a_range_can_be_moved_past_where_one_was() {
    let custom = |numbers: &[(Number, &str)]| Form {
        augmentation: Some(AugmentKind::Custom),
        crop: Some(CropKind::Resized),
        ..written(numbers)
    };
    let form = custom(&[(Number::RatioLowest, "1.5"), (Number::RatioHighest, "2")]);
    let draft = form.draft(&TASK);
    assert!(draft.errors.is_empty(), "{:?}", draft.errors);
    let CropAugmentation::RandomResized { ratio, .. } = draft.request.config.augmentation.crop
    else {
        panic!("not the crop that was chosen");
    };
    assert_eq!(ratio, (1.5, 2.0));

    let crossed = custom(&[(Number::RatioLowest, "3"), (Number::RatioHighest, "2")]);
    assert!(crossed.draft(&TASK).errors.contains_key(&Number::RatioLowest));
}

#[test]
fn a_number_is_judged_by_those_that_limit_it() {
    let draft = written(&[(Number::Epochs, "3"), (Number::Warmup, "5")]).draft(&TASK);
    assert_eq!(draft.request.config.epochs, 3);
    assert_eq!(draft.errors.keys().collect::<Vec<_>>(), [&Number::Warmup]);
    let draft = written(&[(Number::Epochs, "9"), (Number::Warmup, "5")]).draft(&TASK);
    assert!(draft.errors.is_empty());
}

#[test]
fn numbers_that_play_no_part_are_not_there() {
    let request = Form::default().draft(&TASK).request;
    assert_eq!(Number::Momentum.read(&request).as_deref(), Some("0.9"));
    assert_eq!(Number::StepFactor.read(&request), None);
    assert_eq!(Number::Hue.read(&request), None);

    let form = Form {
        optimizer: Some(OptimizerKind::AdamW),
        schedule: Some(ScheduleKind::OneCycle),
        ..written(&[(Number::Momentum, "wrong"), (Number::Rise, "0.25")])
    };
    let draft = form.draft(&TASK);
    assert!(draft.errors.is_empty(), "{:?}", draft.errors);
    assert_eq!(Number::Momentum.read(&draft.request), None);
    assert_eq!(Number::Warmup.read(&draft.request), None);
    assert_eq!(draft.request.config.schedule, Schedule::OneCycle { rise: 0.25 });
}

#[test]
fn the_rate_suits_the_optimizer() {
    let rate = |optimizer, retrain| {
        let form = Form { optimizer, retrain, ..Form::default() };
        form.draft(&TASK).request.config.learning_rate
    };
    let full = rate(None, Retrain::Everything);
    assert_eq!(rate(Some(OptimizerKind::Momentum), Retrain::Everything), full);
    assert!(rate(Some(OptimizerKind::Adam), Retrain::Everything) < full / 10.0);
    let probe = rate(None, Retrain::LastLayer);
    assert!(rate(Some(OptimizerKind::Nesterov), Retrain::LastLayer) > probe);
}

#[test]
fn a_custom_augmentation_has_what_was_switched_on() {
    let custom = Form { augmentation: Some(AugmentKind::Custom), ..Form::default() };
    let of = |form: &Form| form.draft(&TASK).request.config.augmentation;
    assert_eq!(of(&custom), Augmentation::light(InputSize::default()));
    let more = Form {
        crop: Some(CropKind::Resized),
        jitter: Some(true),
        numbers: [(Number::Hue, "0.1".to_string()), (Number::ResizedLowest, "0.5".to_string())]
            .into(),
        ..custom.clone()
    };
    let augmentation = of(&more);
    assert_eq!(augmentation.color_jitter.map(|jitter| jitter.hue), Some(0.1));
    assert!(matches!(augmentation.crop, CropAugmentation::RandomResized { scale: (0.5, _), .. }));
    assert_eq!(augmentation.random_erasing, None);
    let black = Form { crop_mirrors: Some(false), ..custom };
    assert!(matches!(of(&black).crop, CropAugmentation::PadAndCrop { reflect: false, .. }));
}

#[test]
fn every_kind_is_found_again() {
    for kind in OptimizerKind::ALL {
        assert_eq!(OptimizerKind::of(kind.rule()), kind);
    }
    for kind in ScheduleKind::ALL {
        assert_eq!(ScheduleKind::of(kind.schedule(9)), kind);
    }
    for kind in AugmentKind::ALL {
        let form = Form { augmentation: Some(kind), jitter: Some(true), ..Form::default() };
        let augmentation = form.draft(&TASK).request.config.augmentation;
        assert_eq!(AugmentKind::of(&augmentation, InputSize::default()), kind);
    }
}

#[test]
fn numbers_are_shown_as_they_can_be_written() {
    let mut request = Form::default().draft(&TASK).request;
    for (value, text) in
        [(0.0005, "0.0005"), (0.0, "0"), (1e-7, "1e-7"), (0.1 + 0.2, "0.3"), (2.5e7, "2.5e7")]
    {
        request.config.learning_rate = value;
        assert_eq!(Number::LearningRate.read(&request).as_deref(), Some(text));
        if value > 0.0 {
            assert_eq!(Number::LearningRate.write(text, &mut request, &TASK), Ok(()));
        }
    }
}
