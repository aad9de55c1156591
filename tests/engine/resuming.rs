//! Runs that are killed and resumed from a checkpoint.

use pollster::block_on;
use tunelab_core::data::input::InputSize;
use tunelab_core::options::TrainConfig;
use tunelab_core::options::values::{Schedule, Strategy};
use tunelab_core::train::error::CheckpointError;
use tunelab_engine::data::sample::sample_dataset;
use tunelab_engine::data::transform::Preprocessing;
use tunelab_engine::train::checkpoint::Checkpoint;
use tunelab_engine::train::session::Session;

use crate::common::bundled_weights;
use crate::runs::*;

/// Killed after various steps, a resumed run has bit-identical losses.
#[test]
fn a_resumed_run_continues_as_if_uninterrupted() {
    let cases: [(&str, TrainConfig); 7] = [
        ("full", sample_config(Strategy::Full)),
        ("probe", sample_config(Strategy::Probe)),
        (
            "probe-then-full, with EMA, dropout and MixUp",
            TrainConfig {
                strategy: Strategy::ProbeThenFull,
                probe_epochs: 1,
                ema_decay: Some(0.9),
                dropout: 0.3,
                mixup_alpha: 0.4,
                ..sample_config(Strategy::Full)
            },
        ),
        (
            "gradual, with L2-SP and SWA",
            TrainConfig { l2_sp: 0.1, swa_start: Some(0.0), ..sample_config(Strategy::Gradual) },
        ),
        (
            "surgical, with the plateau schedule",
            TrainConfig {
                probe_epochs: 1,
                schedule: Schedule::Plateau,
                decay_factor: 0.5,
                plateau_patience: 0,
                epochs: 1,
                ..sample_config(Strategy::Surgical)
            },
        ),
        ("adaptive", sample_config(Strategy::Adaptive)),
        (
            "the last stage, with cached activations",
            TrainConfig { cache_views: 1, ..sample_config(Strategy::LastK) },
        ),
    ];
    for (name, config) in cases {
        let config = TrainConfig { gradient_accumulation: 2, ..config };
        let whole = loss_bits(&run(&mut sample_session(config.clone())));
        for killed_after in [1, 3, 4, 6] {
            let mut killed = sample_session(config.clone());
            let mut seen = Vec::new();
            while killed.position().step < killed_after || !killed.can_be_resumed() {
                seen.push(block_on(killed.next()).unwrap().unwrap());
            }
            let bytes = block_on(killed.checkpoint()).unwrap();
            drop(killed);

            let checkpoint = Checkpoint::parse(&bytes).unwrap();
            assert_eq!(checkpoint.position().step, killed_after);
            let mut resumed = resume(&checkpoint, &sample());
            let both = [loss_bits(&seen), loss_bits(&run(&mut resumed))].concat();
            assert_eq!(both, whole, "{name}, killed after {killed_after}");
        }
    }
}

#[test]
fn a_checkpoint_is_rejected_for_other_images() {
    let session = sample_session(sample_config(Strategy::Probe));
    let bytes = block_on(session.checkpoint()).unwrap();
    let checkpoint = Checkpoint::parse(&bytes).unwrap();
    let preprocessing = Preprocessing::with_size(InputSize::MIN);
    let (train, validation) = sample_dataset(3, 2, 7, &preprocessing);
    let resumed = Session::resume(&checkpoint, train, validation, &device());
    assert!(matches!(resumed, Err(CheckpointError::OtherTrainingImages)));
    assert!(Checkpoint::parse(&bytes[..bytes.len() - 1]).is_err());
    assert!(matches!(Checkpoint::parse(&bundled_weights()), Err(CheckpointError::NotACheckpoint)));
}

/// The validation predictions of the best epoch are consistent with its metrics, and are restored from a checkpoint.
#[test]
fn validation_predictions_are_those_of_the_best_epoch() {
    let mut first = sample_session(sample_config(Strategy::Probe));
    run(&mut first);
    let best = first.best().unwrap();
    let (_, validation) = sample();
    assert_eq!(best.class_predictions.len(), validation.len());
    let pairs = best.class_predictions.iter().zip(validation.strata());
    let right = pairs
        .filter(|(prediction, label)| prediction.as_ref().unwrap().predicted == *label)
        .count();
    assert!((right as f64 / validation.len() as f64 - best.report.score()).abs() < 1e-12);
    let mean =
        best.class_predictions.iter().flatten().map(|prediction| prediction.loss).sum::<f64>()
            / validation.len() as f64;
    assert!((mean - best.report.loss).abs() < 1e-12);
    // The most probable of eight classes has a probability of at least an eighth.
    assert!(
        best.class_predictions
            .iter()
            .flatten()
            .all(|prediction| (0.125..=1.0).contains(&prediction.confidence))
    );

    let class_predictions = best.class_predictions.clone();
    let mut second = sample_session(sample_config(Strategy::Probe));
    until(&mut second, is_epoch);
    let after_one = second.best().unwrap().class_predictions.clone();
    let mut resumed = resume(&checkpoint(&second), &sample());
    assert_eq!(resumed.best().unwrap().class_predictions, after_one);
    run(&mut resumed);
    assert_eq!(resumed.best().unwrap().class_predictions, class_predictions);
}
