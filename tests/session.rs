//! A training session: what it changes and what it leaves, that it repeats, stops, resumes.

mod common;

use std::collections::BTreeSet;

use burn::tensor::Device;
use pollster::block_on;
use serde_json::Value;
use tunelab_core::data::augmentation::Augmentation;
use tunelab_core::data::augmentation::Mix;
use tunelab_core::data::input::InputSize;
use tunelab_core::data::task::{Target, Task};
use tunelab_core::model::choices::HeadInit;
use tunelab_core::model::parameter_name::is_running_statistic;
use tunelab_core::model::part::Part;
use tunelab_core::train::config::TrainConfig;
use tunelab_core::train::config::{Averaging, Caching, TaskWeights, Warmup};
use tunelab_core::train::error::CheckpointError;
use tunelab_core::train::event::Event;
use tunelab_core::train::recipe::Recipe;
use tunelab_core::train::schedule::Schedule;
use tunelab_core::train::strategy::{StageCount, Strategy};
use tunelab_core::train::update_rule::OptimizerConfig;
use tunelab_engine::data::dataset::Dataset;
use tunelab_engine::data::sample::sample_dataset;
use tunelab_engine::data::transform::Preprocessing;
use tunelab_engine::error::ComputeError;
use tunelab_engine::eval::evaluator::Evaluation;
use tunelab_engine::export::trained_model::ModelInfo;
use tunelab_engine::export::trained_model::TrainedModel;
use tunelab_engine::model::folded::FoldedResNet;
use tunelab_engine::model::params::collect;
use tunelab_engine::model::resnet::ResNet;
use tunelab_engine::model::weights::{FloatFormat, StateDict, load, parse};
use tunelab_engine::train::cache::Spill;
use tunelab_engine::train::checkpoint::Checkpoint;
use tunelab_engine::train::control::Wish;
use tunelab_engine::train::error::TrainError;
use tunelab_engine::train::session::Session;

fn device() -> Device {
    Device::flex()
}

fn preprocessing() -> Preprocessing {
    Preprocessing::with_size(InputSize::MIN)
}

fn pretrained() -> ResNet {
    ResNet::from_pretrained(&load(&common::bundled_weights()).unwrap(), &device()).unwrap()
}

/// A small task: 8 classes, 4 pictures each to learn from, 2 to validate on.
fn data() -> (Dataset, Dataset) {
    sample_dataset(4, 2, 7, &preprocessing())
}

fn config(recipe: Recipe) -> TrainConfig {
    TrainConfig { epochs: 2, batch_size: 8, ..TrainConfig::recommended(recipe, InputSize::MIN, 32) }
}

fn session(config: TrainConfig) -> Session {
    let (train, validation) = data();
    Session::new(config, pretrained(), train, validation, &device()).unwrap()
}

fn run(session: &mut Session) -> Vec<Event> {
    let mut events = Vec::new();
    while let Some(event) = block_on(session.next()).unwrap() {
        events.push(event);
    }
    events
}

/// The steps' and epochs' figures to the bit, without what depends on the clock.
fn figures(events: &[Event]) -> Vec<(u64, u64)> {
    let figure = |event: &Event| match event {
        Event::Step { step, loss, .. } => Some((*step, loss.to_bits())),
        Event::Epoch { epoch, validation, train_loss, .. } => {
            Some((u64::from(*epoch), validation.loss.to_bits() ^ train_loss.to_bits()))
        }
        _ => None,
    };
    events.iter().filter_map(figure).collect()
}

fn state(network: &ResNet) -> StateDict {
    block_on(collect(network)).unwrap()
}

/// The parts of the network in which a tensor differs.
fn changed_parts(before: &StateDict, after: &StateDict) -> BTreeSet<Part> {
    let changed = |name: &&String| before.tensors[*name] != after.tensors[*name];
    before.tensors.keys().filter(changed).map(|name| Part::of_parameter(name)).collect()
}

/// Runs until the first step is done.
fn one_step(session: &mut Session) {
    while session.position().step == 0 {
        block_on(session.next()).unwrap();
    }
}

#[test]
fn a_new_head_changes_nothing_else() {
    let before = state(&pretrained());
    for init in [HeadInit::Normal, HeadInit::KaimingUniform] {
        let session = session(TrainConfig { head_init: init, ..config(Recipe::Full) });
        let after = state(session.best_network());
        for (name, tensor) in before.tensors.iter().filter(|(name, _)| !name.starts_with("fc.")) {
            assert_eq!(tensor, &after.tensors[name], "{name}");
        }
        let weight = &after.tensors["fc.weight"];
        assert_eq!(weight.shape, [8, 512]);
        let values = weight.as_floats().unwrap();
        let deviation = (values.iter().map(|v| f64::from(*v).powi(2)).sum::<f64>()
            / values.len() as f64)
            .sqrt();
        let bias = after.tensors["fc.bias"].as_floats().unwrap();
        match init {
            HeadInit::Normal => {
                assert!((deviation - 0.01).abs() < 5e-4, "{deviation}");
                assert!(bias.iter().all(|bias| *bias == 0.0));
            }
            // Uniform in ±1/√512 has the deviation 1/√(3·512).
            HeadInit::KaimingUniform => {
                assert!((deviation - 1.0 / (3.0f64 * 512.0).sqrt()).abs() < 1e-3, "{deviation}");
                assert!(bias.iter().all(|bias| bias.abs() <= 1.0 / 512f32.sqrt()));
            }
        }
    }
}

#[test]
fn each_strategy_changes_its_parts_and_no_other() {
    let last = |k| Recipe::LastK { stages: StageCount::try_from(k).unwrap() };
    let cases = [
        (Recipe::Probe, Part::Head),
        (last(1), Part::Layer4),
        (last(3), Part::Layer2),
        (Recipe::Full, Part::Stem),
    ];
    for (recipe, first) in cases {
        let mut session = session(config(recipe));
        let before = state(session.best_network());
        // The second step is the first whose weights before it are known to be good.
        one_step(&mut session);
        block_on(session.next()).unwrap();
        let after = state(session.best_network());
        let all = [Part::Stem, Part::Layer1, Part::Layer2, Part::Layer3, Part::Layer4, Part::Head];
        let expected: BTreeSet<Part> = all.into_iter().filter(|part| *part >= first).collect();
        assert_eq!(changed_parts(&before, &after), expected, "{recipe}");
        let trained = |name: &&String| Part::of_parameter(name) >= first;
        for name in before.tensors.keys().filter(trained) {
            assert_ne!(before.tensors[name], after.tensors[name], "{recipe} left {name}");
        }
    }
}

#[test]
fn frozen_norm_keeps_its_statistics() {
    let mut session = session(TrainConfig { freeze_norm: true, ..config(Recipe::Full) });
    let before = state(session.best_network());
    one_step(&mut session);
    block_on(session.next()).unwrap();
    let after = state(session.best_network());
    for name in before.tensors.keys() {
        let same = before.tensors[name] == after.tensors[name];
        assert_eq!(same, is_running_statistic(name), "{name}");
    }
}

#[test]
fn the_same_seed_gives_the_same_run_to_the_bit() {
    let run_with = |seed| figures(&run(&mut session(TrainConfig { seed, ..config(Recipe::Full) })));
    let first = run_with(1);
    assert_eq!(first.len(), 2 * 4 + 2);
    assert_eq!(first, run_with(1));
    assert_ne!(first, run_with(2));
}

/// Killed after each step in turn: the checkpoint continues to the same losses, to the bit.
#[test]
fn a_resumed_run_goes_on_as_if_uninterrupted() {
    let cases: [(&str, TrainConfig); 7] = [
        ("full", config(Recipe::Full)),
        ("probe", config(Recipe::Probe)),
        (
            "a probe, then everything, with averaging, dropout and mixing",
            TrainConfig {
                strategy: Strategy::ProbeThenFull { probe_epochs: 1 },
                averaging: Averaging::Exponential { decay: 0.9 },
                dropout: 0.3,
                mix: Mix::MixUp { alpha: 0.4 },
                ..config(Recipe::Full)
            },
        ),
        (
            "gradual, held near the pretrained weights",
            TrainConfig {
                optimizer: OptimizerConfig { pull: 0.1, ..config(Recipe::Full).optimizer },
                averaging: Averaging::Stochastic { start: 0.0 },
                ..config(Recipe::Gradual)
            },
        ),
        (
            "surgical, on a plateau",
            TrainConfig {
                strategy: Strategy::Surgical { probe_epochs: 1 },
                schedule: Schedule::Plateau { factor: 0.5, patience: 0 },
                epochs: 1,
                ..config(Recipe::Surgical)
            },
        ),
        (
            "adaptive",
            TrainConfig {
                strategy: Strategy::Adaptive { first_epochs: 1 },
                ..config(Recipe::Adaptive)
            },
        ),
        (
            "the last stage, on kept activations",
            TrainConfig {
                caching: Caching::Views(1),
                ..config(Recipe::LastK { stages: StageCount::ONE })
            },
        ),
    ];
    for (name, config) in cases {
        let config = TrainConfig { accumulation: 2, ..config };
        let whole = figures(&run(&mut session(config.clone())));
        for killed_after in [1, 3, 4, 6] {
            let mut killed = session(config.clone());
            let mut seen = Vec::new();
            while killed.position().step < killed_after || !killed.can_be_resumed() {
                seen.push(block_on(killed.next()).unwrap().unwrap());
            }
            let bytes = block_on(killed.checkpoint()).unwrap();
            drop(killed);

            let checkpoint = Checkpoint::parse(&bytes).unwrap();
            assert_eq!(checkpoint.position().step, killed_after);
            let (train, validation) = data();
            let mut resumed = Session::resume(&checkpoint, train, validation, &device()).unwrap();
            let mut figures_of_both = figures(&seen);
            figures_of_both.extend(figures(&run(&mut resumed)));
            assert_eq!(figures_of_both, whole, "{name}, killed after {killed_after}");
        }
    }
}

#[test]
fn a_checkpoint_does_not_continue_on_other_data() {
    let session = session(config(Recipe::Probe));
    let bytes = block_on(session.checkpoint()).unwrap();
    let checkpoint = Checkpoint::parse(&bytes).unwrap();
    let (train, validation) = sample_dataset(3, 2, 7, &preprocessing());
    let resumed = Session::resume(&checkpoint, train, validation, &device());
    assert!(matches!(resumed, Err(CheckpointError::OtherTrainingImages)));
    assert!(Checkpoint::parse(&bytes[..bytes.len() - 1]).is_err());
    assert!(matches!(
        Checkpoint::parse(&common::bundled_weights()),
        Err(CheckpointError::NotACheckpoint)
    ));
}

/// A batch in pieces gives the gradients of the whole: the same losses where norms are frozen.
#[test]
fn accumulation_adds_up_to_the_whole_batch() {
    let losses = |accumulation| -> Vec<f64> {
        let config = TrainConfig { accumulation, freeze_norm: true, ..config(Recipe::Full) };
        run(&mut session(config))
            .into_iter()
            .filter_map(
                |event| if let Event::Step { loss, .. } = event { Some(loss) } else { None },
            )
            .collect()
    };
    let (whole, pieces) = (losses(1), losses(3));
    for (whole, pieces) in whole.iter().zip(&pieces) {
        assert!((whole - pieces).abs() < 1e-3 * whole, "{whole} and {pieces}");
    }
}

#[test]
fn a_tight_clip_shortens_the_step() {
    let moved = |clip_norm| {
        let mut session = session(TrainConfig { clip_norm, ..config(Recipe::Full) });
        let before = state(session.best_network());
        one_step(&mut session);
        block_on(session.next()).unwrap();
        let after = state(session.best_network());
        let difference = |name: &&str| {
            let values = |state: &StateDict| state.tensors[*name].as_floats().unwrap().to_vec();
            let pairs = values(&before).into_iter().zip(values(&after));
            pairs.map(|(a, b)| f64::from(a - b).powi(2)).sum::<f64>().sqrt()
        };
        ["fc.weight"].iter().map(difference).sum::<f64>()
    };
    let (free, clipped) = (moved(None), moved(Some(1e-2)));
    assert!(clipped > 0.0 && clipped < free / 10.0, "{clipped} of {free}");
}

#[test]
fn pause_resume_and_stop_happen_between_steps() {
    let mut session = session(TrainConfig { epochs: 50, ..config(Recipe::Full) });
    let control = session.control();
    one_step(&mut session);
    control.pause();
    assert_eq!(block_on(session.next()).unwrap(), Some(Event::Paused));
    let step = session.position().step;
    let resumer = std::thread::spawn({
        let control = control.clone();
        move || {
            std::thread::sleep(std::time::Duration::from_millis(50));
            control.resume();
        }
    });
    assert_eq!(block_on(session.next()).unwrap(), Some(Event::Resumed));
    resumer.join().unwrap();
    assert_eq!(session.position().step, step);
    block_on(session.next()).unwrap();

    control.stop();
    assert_eq!(control.wish(), Wish::Stop);
    let rest = run(&mut session);
    // No epoch was finished, so the weights are validated before the end.
    assert!(rest.iter().any(|event| matches!(event, Event::Epoch { .. })));
    assert!(matches!(rest.last(), Some(Event::Done { stopped: true, .. })));
    assert_eq!(session.position().step, step + 1);
}

#[test]
fn a_run_stopped_before_its_first_step_says_so() {
    let mut session = session(config(Recipe::Full));
    session.control().stop();
    assert!(matches!(block_on(session.next()), Err(TrainError::NothingTrained)));
    assert_eq!(block_on(session.next()).unwrap(), None);
}

#[test]
fn an_infinite_loss_stops_the_run_with_good_weights() {
    let config = TrainConfig {
        learning_rate: 1e30,
        warmup: Warmup::Epochs(0.0),
        freeze_norm: true,
        ..config(Recipe::Full)
    };
    let mut session = session(config);
    let error = loop {
        match block_on(session.next()) {
            Ok(event) => assert!(event.is_some(), "the run ended well"),
            Err(error) => break error,
        }
    };
    assert!(matches!(error, TrainError::NonFinite { .. }), "{error}");
    assert!(error.to_string().contains("lower learning rate"));
    for (name, tensor) in state(session.best_network()).tensors {
        let finite = tensor.as_floats().unwrap().iter().all(|value| value.is_finite());
        assert!(finite, "{name}");
    }
    assert_eq!(block_on(session.next()).unwrap(), None);
}

/// The only step of the first epoch has a loss, but leaves weights that have none.
#[test]
fn weights_without_a_finite_validation_are_no_best_epoch() {
    let config = TrainConfig {
        batch_size: 32,
        learning_rate: 1e30,
        warmup: Warmup::Epochs(0.0),
        freeze_norm: true,
        ..config(Recipe::Full)
    };
    let mut session = session(config);
    one_step(&mut session);
    let error = loop {
        match block_on(session.next()) {
            Ok(event) => assert!(!matches!(event, None | Some(Event::Epoch { .. })), "{event:?}"),
            Err(error) => break error,
        }
    };
    // The rate that was chosen, not the one it has fallen to.
    assert!(
        matches!(error, TrainError::NonFinite { step: 1, learning_rate: 1e30, .. }),
        "{error:?}"
    );
    assert!(session.best().is_none());
    for (name, tensor) in state(session.best_network()).tensors {
        let finite = tensor.as_floats().unwrap().iter().all(|value| value.is_finite());
        assert!(finite, "{name}");
    }
}

/// Pictures of which nothing is known are not wrong answers.
#[test]
fn training_accuracy_is_that_of_the_pictures_whose_class_is_known() {
    let (mut train, validation) = data();
    for example in train.examples.iter_mut().step_by(2) {
        example.targets = vec![Target::Missing];
    }
    let config = TrainConfig { epochs: 30, ..config(Recipe::Probe) };
    let mut session = Session::new(config, pretrained(), train, validation, &device()).unwrap();
    let mut accuracies = run(&mut session).into_iter().filter_map(|event| match event {
        Event::Epoch { train_top1, .. } => Some(train_top1),
        _ => None,
    });
    let last = accuracies.next_back().unwrap();
    assert!(last > 0.9, "16 pictures are learned by heart, but {last} are right");
}

/// Space beside memory that takes bytes and does not give them back, or takes none.
struct Broken {
    takes: bool,
}

impl Spill for Broken {
    fn write_at(&mut self, _: u64, _: &[u8]) -> Result<(), ComputeError> {
        if self.takes { Ok(()) } else { Err(ComputeError::Spill("no room".into())) }
    }

    fn read_at(&mut self, _: u64, _: &mut [u8]) -> Result<(), ComputeError> {
        Err(ComputeError::Spill("gone".into()))
    }
}

/// A full disk makes a run slower, and nothing else.
#[test]
fn a_run_goes_on_without_the_activations_that_cannot_be_kept() {
    let last_stage = |caching| {
        let augmentation = Augmentation::none();
        let recipe = Recipe::LastK { stages: StageCount::ONE };
        session(TrainConfig { caching, augmentation, ..config(recipe) })
    };
    let whole = figures(&run(&mut last_stage(Caching::Off)));
    for takes in [false, true] {
        let mut session = last_stage(Caching::Views(1));
        session.limit_cache(1000, Some(Box::new(move || Ok(Box::new(Broken { takes })))));
        assert_eq!(figures(&run(&mut session)), whole, "takes {takes}");
    }
}

/// A step that tells nothing of a column leaves its learned weight alone.
#[test]
fn a_learned_weight_moves_only_when_something_is_known_of_its_column() {
    let moves = |known: usize| {
        let (mut train, mut validation) = data();
        for part in [&mut train, &mut validation] {
            part.tasks.push(Task::class("half", vec!["even".into(), "odd".into()]));
            for (index, example) in part.examples.iter_mut().enumerate() {
                let target = match index < known {
                    true => Target::Class(index % 2),
                    false => Target::Missing,
                };
                example.targets.push(target);
            }
        }
        let config =
            TrainConfig { epochs: 1, task_weights: TaskWeights::Learned, ..config(Recipe::Full) };
        let mut session = Session::new(config, pretrained(), train, validation, &device()).unwrap();
        let mut log_variances = vec![0.0];
        while let Some(event) = block_on(session.next()).unwrap() {
            if matches!(event, Event::Step { .. }) {
                let checkpoint = parse(&block_on(session.checkpoint()).unwrap()).unwrap();
                let header: Value =
                    serde_json::from_str(&checkpoint.metadata["tunelab-checkpoint"]).unwrap();
                log_variances.push(header["log_variances"][1].as_f64().unwrap());
            }
        }
        log_variances.windows(2).filter(|pair| pair[0] != pair[1]).count()
    };
    // Of the four batches, one or two hold the two examples known.
    assert_eq!(moves(32), 4);
    assert!((1..=2).contains(&moves(2)));
}

#[test]
fn the_best_epoch_is_kept_and_survives_the_file() {
    let mut session = session(TrainConfig { epochs: 3, ..config(Recipe::Probe) });
    let events = run(&mut session);
    let Some(Event::Done { report: Some(report), best_epoch, .. }) = events.last() else {
        panic!("no end")
    };
    let highest = events.iter().filter_map(|event| match event {
        Event::Epoch { validation, .. } => Some(validation.score()),
        _ => None,
    });
    assert_eq!(report.score(), highest.fold(0.0, f64::max));
    assert!((1..=3).contains(best_epoch));

    let info = ModelInfo::new(session.tasks(), preprocessing());
    let network = session.best_network();
    let bytes = block_on(TrainedModel::to_bytes(network, &info, FloatFormat::F32)).unwrap();
    let model = TrainedModel::from_bytes(&bytes, &device()).unwrap();
    assert_eq!(model.info.as_ref(), Some(&info));
    assert_eq!(state(&model.network), state(network));
}

/// From one picture a class there is an answer, of which nothing is claimed.
#[test]
fn class_means_of_one_picture_a_class_need_no_validation() {
    let (train, nothing) = sample_dataset(1, 0, 7, &preprocessing());
    let few_shot = |train: &Dataset| {
        let (config, validation) = (config(Recipe::FewShot), nothing.clone());
        Session::new(config, pretrained(), train.clone(), validation, &device())
    };
    let mut session = few_shot(&train).unwrap();
    let before = state(session.best_network());
    let events = run(&mut session);
    let epochs = events.iter().filter(|event| matches!(event, Event::Epoch { .. })).count();
    assert_eq!(epochs, 0, "nothing was validated");
    let Some(Event::Done { report: None, best_epoch: 1, stopped: false, early: false, .. }) =
        events.last()
    else {
        panic!("{:?}", events.last())
    };
    assert!(session.has_trained() && session.best().is_none());
    let after = state(session.best_network());
    assert_eq!(changed_parts(&before, &after), BTreeSet::from([Part::Head]));
    // Each class is told from the others at least by its own picture.
    let network = FoldedResNet::new(session.best_network());
    let mut evaluation = Evaluation::new(&train.tasks);
    block_on(evaluation.advance(&network, &train, &device())).unwrap();
    assert_eq!(evaluation.report().score(), 1.0);

    // Stopped when the means are there, and continued from then: the same network.
    let mut stopped = few_shot(&train).unwrap();
    while !stopped.has_trained() {
        block_on(stopped.next()).unwrap();
    }
    let checkpoint = Checkpoint::parse(&block_on(stopped.checkpoint()).unwrap()).unwrap();
    stopped.control().stop();
    let rest = run(&mut stopped);
    assert!(matches!(rest[..], [Event::Done { report: None, stopped: true, .. }]), "{rest:?}");
    assert_eq!(state(stopped.best_network()), after);
    let mut resumed =
        Session::resume(&checkpoint, train.clone(), nothing.clone(), &device()).unwrap();
    assert!(matches!(run(&mut resumed).last(), Some(Event::Done { report: None, .. })));
    assert_eq!(state(resumed.best_network()), after);

    // What trains has to know which epoch is the best.
    let trained = Session::new(config(Recipe::Probe), pretrained(), train, nothing, &device());
    assert!(matches!(trained, Err(TrainError::NothingToValidate)));
}

/// What the best epoch made of each validation image adds up to its report, and outlives a checkpoint.
#[test]
fn guesses_are_those_of_the_best_epoch() {
    let mut first = session(config(Recipe::Probe));
    run(&mut first);
    let best = first.best().unwrap();
    let (_, validation) = data();
    assert_eq!(best.guesses.len(), validation.len());
    let pairs = best.guesses.iter().zip(validation.strata());
    let right = pairs.filter(|(guess, label)| guess.as_ref().unwrap().predicted == *label).count();
    assert!((right as f64 / validation.len() as f64 - best.report.score()).abs() < 1e-12);
    let mean = best.guesses.iter().flatten().map(|guess| guess.loss).sum::<f64>()
        / validation.len() as f64;
    assert!((mean - best.report.loss).abs() < 1e-12);
    // The likeliest of eight classes has at least an eighth.
    assert!(best.guesses.iter().flatten().all(|guess| (0.125..=1.0).contains(&guess.confidence)));

    let guesses = best.guesses.clone();
    let mut second = session(config(Recipe::Probe));
    while !matches!(block_on(second.next()).unwrap(), Some(Event::Epoch { .. })) {}
    let after_one = second.best().unwrap().guesses.clone();
    let checkpoint = Checkpoint::parse(&block_on(second.checkpoint()).unwrap()).unwrap();
    let (train, validation) = data();
    let mut resumed = Session::resume(&checkpoint, train, validation, &device()).unwrap();
    assert_eq!(resumed.best().unwrap().guesses, after_one);
    run(&mut resumed);
    assert_eq!(resumed.best().unwrap().guesses, guesses);
}

/// What the page shows of the next batch is the batch: changed by augmentation, the same each time.
#[test]
fn a_preview_shows_the_next_batch() {
    let mut session = session(config(Recipe::Full));
    block_on(session.next()).unwrap();
    assert!(session.is_training());
    let normalization = preprocessing().normalization;
    let (shown, classes) = session.preview(3);
    let pictures = shown.to_images(&normalization);
    assert_eq!((classes.len(), pictures.len()), (3, 3));
    assert_eq!(session.preview(100).1.len(), 8);
    assert_eq!(session.preview(3).0.to_images(&normalization), pictures);
    let mut next = session;
    block_on(next.next()).unwrap();
    assert_ne!(next.preview(3).0.to_images(&normalization), pictures);
}
