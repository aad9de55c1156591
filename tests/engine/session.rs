//! Training sessions: the effects of a step, reproducibility, control, and the end of a run.

use std::collections::BTreeSet;

use pollster::block_on;
use serde_json::Value;
use tunelab_core::data::input::InputSize;
use tunelab_core::data::task::{Target, Task};
use tunelab_core::model::part::Part;
use tunelab_core::model::trainable::is_running_statistic;
use tunelab_core::options::TrainConfig;
use tunelab_core::options::values::{HeadInit, Strategy};
use tunelab_core::options::weights::TaskWeights;
use tunelab_core::train::error::TrainError;
use tunelab_core::train::event::Event;
use tunelab_engine::data::transform::Preprocessing;
use tunelab_engine::model::weights::{FloatFormat, parse};
use tunelab_engine::train::control::RunState;
use tunelab_engine::train::session::Session;
use tunelab_engine::trained_model::{ModelInfo, TrainedModel};

use crate::runs::*;

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
        let session =
            sample_session(TrainConfig { head_init: init, ..sample_config(Strategy::Full) });
        let after = state(session.best_network());
        for (name, tensor) in before.iter().filter(|(name, _)| !name.starts_with("fc.")) {
            assert_eq!(tensor, &after[name], "{name}");
        }
        let weight = &after["fc.weight"];
        assert_eq!(weight.shape, [8, 512]);
        let values = weight.as_floats().unwrap();
        let deviation = (values.iter().map(|v| f64::from(*v).powi(2)).sum::<f64>()
            / values.len() as f64)
            .sqrt();
        let bias = after["fc.bias"].as_floats().unwrap();
        match init {
            HeadInit::Normal => {
                assert!((deviation - 0.01).abs() < 5e-4, "{deviation}");
                assert!(bias.iter().all(|bias| *bias == 0.0));
            }
            // The uniform distribution in ±1/√512 has a standard deviation of 1/√(3·512).
            HeadInit::KaimingUniform => {
                assert!((deviation - 1.0 / (3.0f64 * 512.0).sqrt()).abs() < 1e-3, "{deviation}");
                assert!(bias.iter().all(|bias| bias.abs() <= 1.0 / 512f32.sqrt()));
            }
        }
    }
}

#[test]
fn each_strategy_changes_its_parts_and_no_other() {
    let last = |last_k| TrainConfig { last_k, ..sample_config(Strategy::LastK) };
    let cases = [
        (sample_config(Strategy::Probe), Part::Head),
        (last(1), Part::Layer4),
        (last(3), Part::Layer2),
        (sample_config(Strategy::Full), Part::Stem),
    ];
    for (config, first) in cases {
        let name = config.strategy.key();
        let mut session = sample_session(config);
        let before = state(session.best_network());
        // Only the second step shows that the weights after the first have a finite loss.
        one_step(&mut session);
        block_on(session.next()).unwrap();
        let after = state(session.best_network());
        let all = [Part::Stem, Part::Layer1, Part::Layer2, Part::Layer3, Part::Layer4, Part::Head];
        let expected: BTreeSet<Part> = all.into_iter().filter(|part| *part >= first).collect();
        assert_eq!(parts(&changed(&before, &after)), expected, "{name}");
        let trained = |name: &&String| Part::of_parameter(name) >= first;
        for tensor in before.keys().filter(trained) {
            assert_ne!(before[tensor], after[tensor], "{name} left {tensor}");
        }
    }
}

#[test]
fn frozen_norm_does_not_update_its_statistics() {
    let mut session =
        sample_session(TrainConfig { freeze_norm: true, ..sample_config(Strategy::Full) });
    let before = state(session.best_network());
    one_step(&mut session);
    block_on(session.next()).unwrap();
    let after = state(session.best_network());
    for name in before.keys() {
        let same = before[name] == after[name];
        assert_eq!(same, is_running_statistic(name), "{name}");
    }
}

#[test]
fn runs_with_the_same_seed_are_bit_identical() {
    let run_with = |seed| {
        loss_bits(&run(&mut sample_session(TrainConfig { seed, ..sample_config(Strategy::Full) })))
    };
    let first = run_with(1);
    assert_eq!(first.len(), 2 * 4 + 2);
    assert_eq!(first, run_with(1));
    assert_ne!(first, run_with(2));
}

/// With frozen norms, the gradients of microbatches add up to those of the batch, so the losses are the same.
#[test]
fn accumulation_adds_up_to_the_whole_batch() {
    let losses = |gradient_accumulation| {
        let base = sample_config(Strategy::Full);
        let config = TrainConfig { gradient_accumulation, freeze_norm: true, ..base };
        losses(&run(&mut sample_session(config)))
    };
    let (whole, pieces) = (losses(1), losses(3));
    for (whole, pieces) in whole.iter().zip(&pieces) {
        assert!((whole - pieces).abs() < 1e-3 * whole, "{whole} and {pieces}");
    }
}

#[test]
fn gradient_clipping_shortens_the_step() {
    let moved = |clip_norm| {
        let mut session =
            sample_session(TrainConfig { clip_norm, ..sample_config(Strategy::Full) });
        let before = state(session.best_network());
        one_step(&mut session);
        block_on(session.next()).unwrap();
        let after = state(session.best_network());
        distance(&before, &after, |name| name == "fc.weight")
    };
    let (free, clipped) = (moved(None), moved(Some(1e-2)));
    assert!(clipped > 0.0 && clipped < free / 10.0, "{clipped} of {free}");
}

#[test]
fn pause_resume_and_stop_happen_between_steps() {
    let mut session = sample_session(TrainConfig { epochs: 50, ..sample_config(Strategy::Full) });
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
    assert_eq!(control.requested(), RunState::Stopped);
    let rest = run(&mut session);
    // No epoch was finished, so the weights are validated before the end.
    assert!(rest.iter().any(|event| matches!(event, Event::Epoch { .. })));
    assert!(matches!(rest.last(), Some(Event::Done { stopped: true, .. })));
    assert_eq!(session.position().step, step + 1);
}

#[test]
fn a_run_stopped_before_its_first_step_is_an_error() {
    let mut session = sample_session(sample_config(Strategy::Full));
    session.control().stop();
    assert!(matches!(block_on(session.next()), Err(TrainError::NothingTrained)));
    assert_eq!(block_on(session.next()).unwrap(), None);
}

#[test]
fn an_infinite_loss_ends_the_run_with_finite_weights() {
    let config = TrainConfig {
        learning_rate: 1e30,
        warmup_epochs: Some(0.0),
        freeze_norm: true,
        ..sample_config(Strategy::Full)
    };
    let mut session = sample_session(config);
    let error = loop {
        match block_on(session.next()) {
            Ok(event) => assert!(event.is_some(), "the run ended well"),
            Err(error) => break error,
        }
    };
    assert!(matches!(error, TrainError::NonFinite { .. }), "{error}");
    for (name, tensor) in state(session.best_network()) {
        let finite = tensor.as_floats().unwrap().iter().all(|value| value.is_finite());
        assert!(finite, "{name}");
    }
    assert_eq!(block_on(session.next()).unwrap(), None);
}

/// The only step of the first epoch has a finite loss, but its weights do not.
#[test]
fn an_epoch_without_a_finite_validation_loss_is_not_the_best() {
    let config = TrainConfig {
        batch_size: 32,
        learning_rate: 1e30,
        warmup_epochs: Some(0.0),
        freeze_norm: true,
        ..sample_config(Strategy::Full)
    };
    let mut session = sample_session(config);
    one_step(&mut session);
    let error = loop {
        match block_on(session.next()) {
            Ok(event) => assert!(!matches!(event, None | Some(Event::Epoch { .. })), "{event:?}"),
            Err(error) => break error,
        }
    };
    // The chosen peak rate, not the current rate of the schedule.
    assert!(
        matches!(error, TrainError::NonFinite { step: 1, learning_rate: 1e30, .. }),
        "{error:?}"
    );
    assert!(session.best().is_none());
    for (name, tensor) in state(session.best_network()) {
        let finite = tensor.as_floats().unwrap().iter().all(|value| value.is_finite());
        assert!(finite, "{name}");
    }
}

#[test]
fn training_accuracy_ignores_unlabeled_images() {
    let (mut train, validation) = sample();
    for example in train.examples.iter_mut().step_by(2) {
        example.targets = vec![Target::Missing];
    }
    let config = TrainConfig { epochs: 30, ..sample_config(Strategy::Probe) };
    let mut session = Session::new(config, pretrained(), train, validation, &device()).unwrap();
    let mut accuracies = run(&mut session).into_iter().filter_map(|event| match event {
        Event::Epoch { train_top1, .. } => Some(train_top1),
        _ => None,
    });
    let last = accuracies.next_back().unwrap();
    assert!(last > 0.9, "16 images are learned by heart, but {last} are right");
}

#[test]
fn a_batch_without_targets_of_a_task_does_not_change_its_learned_weight() {
    let moves = |known: usize| {
        let (mut train, mut validation) = sample();
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
        let config = TrainConfig {
            epochs: 1,
            task_weights: TaskWeights::Learned,
            ..sample_config(Strategy::Full)
        };
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
    // One or two of the four batches contain the two labeled examples.
    assert_eq!(moves(32), 4);
    assert!((1..=2).contains(&moves(2)));
}

#[test]
fn the_best_epoch_round_trips_through_a_model_file() {
    let mut session = sample_session(TrainConfig { epochs: 3, ..sample_config(Strategy::Probe) });
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

    let info = ModelInfo::new(session.tasks(), Preprocessing::with_size(InputSize::MIN));
    let network = session.best_network();
    let bytes = block_on(TrainedModel::to_bytes(network, &info, FloatFormat::F32)).unwrap();
    let model = TrainedModel::from_bytes(&bytes, &device()).unwrap();
    assert_eq!(model.info.as_ref(), Some(&info));
    assert_eq!(state(&model.network), state(network));
}

/// The preview has the augmented images of the next batch, and is reproducible.
#[test]
fn a_preview_shows_the_next_batch() {
    let mut session = sample_session(sample_config(Strategy::Full));
    block_on(session.next()).unwrap();
    assert!(session.is_training());
    let normalization = Preprocessing::default().normalization;
    let (shown, classes) = session.preview(3);
    let images = shown.to_images(&normalization);
    assert_eq!((classes.len(), images.len()), (3, 3));
    assert_eq!(session.preview(100).1.len(), 8);
    assert_eq!(session.preview(3).0.to_images(&normalization), images);
    let mut next = session;
    block_on(next.next()).unwrap();
    assert_ne!(next.preview(3).0.to_images(&normalization), images);
}
