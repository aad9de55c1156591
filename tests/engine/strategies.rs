//! The effect of each strategy on the network, with real photographs: which weights change, and by how much.

use std::collections::BTreeSet;

use pollster::block_on;
use tunelab_core::model::part::Part;
use tunelab_core::model::trainable::{is_bias, is_norm, is_running_statistic};
use tunelab_core::options::TrainConfig;
use tunelab_core::options::values::{Schedule, Strategy};
use tunelab_core::train::event::Event;
use tunelab_engine::model::parameters::load_state_dict;
use tunelab_engine::model::resnet::ResNet;
use tunelab_engine::model::weights::{HostTensor, StateDict};

use crate::photographs::{cifar, config};
use crate::runs::*;

/// Selects parameters by name.
type Names = fn(&str) -> bool;

fn length(tensor: &HostTensor) -> f64 {
    let values = tensor.as_floats().unwrap().iter();
    values.map(|value| f64::from(*value).powi(2)).sum::<f64>().sqrt()
}

#[test]
fn norm_only_and_bias_only_change_no_other_weights() {
    let Some(data) = cifar(2, 1) else { return };
    let norms = |name: &str| is_norm(name) || !in_backbone(name);
    let biases = |name: &str| is_bias(name) || is_running_statistic(name) || !in_backbone(name);
    let cases: [(Strategy, Names); 2] = [(Strategy::NormOnly, norms), (Strategy::BiasOnly, biases)];
    for (strategy, expected) in cases {
        let mut session = session(config(strategy), &data);
        let before = trained(&session);
        until(&mut session, is_epoch);
        let expected = before.keys().filter(|name| expected(name)).cloned().collect();
        assert_eq!(changed(&before, &trained(&session)), expected, "{strategy}");
    }
}

#[test]
fn gradual_unfreezing_trains_one_more_part_each_epoch() {
    let Some(data) = cifar(2, 1) else { return };
    let mut session = session(TrainConfig { epochs: 7, ..config(Strategy::Gradual) }, &data);
    let mut before = trained(&session);
    for epoch in 0..7 {
        until(&mut session, is_epoch);
        let after = trained(&session);
        let first = 5usize.saturating_sub(epoch);
        let expected: BTreeSet<Part> = Part::ALL[first..].iter().copied().collect();
        assert_eq!(parts(&changed(&before, &after)), expected, "epoch {}", epoch + 1);
        before = after;
    }
}

#[test]
fn full_fine_tuning_after_a_probe_starts_from_its_head() {
    let Some(data) = cifar(20, 1) else { return };
    let probe_epochs = 20;
    let config = TrainConfig { probe_epochs, ..config(Strategy::ProbeThenFull) };
    let mut session = session(config, &data);
    let fresh = trained(&session);
    until(&mut session, |event| matches!(event, Event::Epoch { epoch: 20, .. }));
    let probed = trained(&session);
    assert_eq!(parts(&changed(&fresh, &probed)), BTreeSet::from([Part::Head]));
    let lengths = [&fresh, &probed].map(|tensors| length(&tensors["fc.weight"]));
    let Event::Step { epoch, loss, .. } = until(&mut session, is_step) else { unreachable!() };
    assert_eq!(epoch, probe_epochs + 1);
    assert_eq!(parts(&changed(&probed, &trained(&session))).len(), 6);
    println!("head's length {lengths:.2?}, loss of the first full step {loss:.3}");
    // Measured: 4.3 times as long, and 1.08. The loss of a new head is ln(10) = 2.3.
    assert!(lengths[1] > 3.0 * lengths[0], "{lengths:?}");
    assert!(loss < 1.6, "{loss}");
}

/// The pretrained network with the convolutions of `part` multiplied by 30. Batch norm cancels the factor, so the function
/// is the same, but the relative gradient norm is 900 times smaller.
fn with_long_weights(part: Part) -> ResNet {
    let mut tensors = state(&pretrained());
    let in_part = |(name, _): &(&String, &mut HostTensor)| Part::of_parameter(name) == part;
    for (name, tensor) in tensors.iter_mut().filter(in_part) {
        let factor = match name {
            name if name.ends_with("running_mean") => 30.0,
            name if name.ends_with("running_var") => 900.0,
            name if is_norm(name) => 1.0,
            _ => 30.0,
        };
        let values = tensor.as_floats().unwrap().iter().map(|value| value * factor).collect();
        *tensor = HostTensor::float(tensor.shape.clone(), values);
    }
    load_state_dict(pretrained(), &StateDict { tensors, ..StateDict::default() }).unwrap()
}

#[test]
fn surgical_fine_tuning_freezes_parts_with_small_gradients() {
    let Some(data) = cifar(10, 1) else { return };
    let rates_and_parts = |network: ResNet| {
        let config = TrainConfig { probe_epochs: 5, ..config(Strategy::Surgical) };
        let mut session = session_of(network, config, &data);
        let told = until(&mut session, |event| matches!(event, Event::PartLearningRates { .. }));
        let Event::PartLearningRates { rates } = told else { unreachable!() };
        let before = trained(&session);
        until(&mut session, is_epoch);
        (rates, parts(&changed(&before, &trained(&session))))
    };
    let all: BTreeSet<Part> = Part::ALL.into_iter().collect();
    let (rates, moved) = rates_and_parts(pretrained());
    println!("part rates {rates:.3?}");
    // On these photographs, the parts have similar relative gradient norms.
    assert!(rates.iter().all(|rate| (0.2..=2.0).contains(rate)), "{rates:?}");
    assert!((rates[..5].iter().sum::<f64>() / 5.0 - 1.0).abs() < 1e-6, "{rates:?}");
    assert_eq!(moved, all);

    let (rates, moved) = rates_and_parts(with_long_weights(Part::Layer2));
    println!("part rates where one part is not pulled at {rates:.3?}");
    let still = Part::ALL.into_iter().zip(rates).filter(|(_, rate)| *rate == 0.0);
    assert_eq!(still.map(|(part, _)| part).collect::<Vec<_>>(), [Part::Layer2]);
    assert_eq!(moved, &all - &BTreeSet::from([Part::Layer2]));
}

/// Measuring gradients uses the same microbatches as training.
#[test]
fn surgical_fine_tuning_measures_gradients_by_accumulation() {
    let Some(data) = cifar(4, 1) else { return };
    let rates = |gradient_accumulation, freeze_norm| {
        let config = TrainConfig {
            probe_epochs: 1,
            gradient_accumulation,
            freeze_norm,
            ..config(Strategy::Surgical)
        };
        let mut session = session(config, &data);
        let told = until(&mut session, |event| matches!(event, Event::PartLearningRates { .. }));
        let Event::PartLearningRates { rates } = told else { unreachable!() };
        rates
    };
    let apart = |freeze_norm| {
        let (whole, pieces) = (rates(1, freeze_norm), rates(2, freeze_norm));
        whole.iter().zip(pieces).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max)
    };
    // The microbatches add up, except for batch norm, which sees one microbatch at a time.
    let (frozen, learning) = (apart(true), apart(false));
    assert!(frozen < 1e-3 && learning > 1e-2, "{frozen} and {learning}");
}

#[test]
fn an_adaptive_run_trains_all_parts_and_then_freezes_those_with_small_gradients() {
    let Some(data) = cifar(10, 1) else { return };
    let all: BTreeSet<Part> = Part::ALL.into_iter().collect();
    for still in [None, Some(Part::Layer2)] {
        let network = still.map_or_else(pretrained, with_long_weights);
        let config = TrainConfig { epochs: 3, ..config(Strategy::Adaptive) };
        let mut session = session_of(network, config, &data);
        let before = trained(&session);
        until(&mut session, is_epoch);
        assert_eq!(parts(&changed(&before, &trained(&session))), all);

        let told = until(&mut session, |event| matches!(event, Event::PartLearningRates { .. }));
        let Event::PartLearningRates { rates } = told else { unreachable!() };
        println!("part rates {rates:.3?} where {still:?} is not pulled at");
        let before = trained(&session);
        until(&mut session, is_step);
        let moved = parts(&changed(&before, &trained(&session)));
        match still {
            // As in full fine-tuning.
            None => assert_eq!((rates, moved), ([1.0; 6], all.clone())),
            Some(part) => {
                assert_eq!(rates[part as usize], 0.0);
                assert_eq!(moved, &all - &BTreeSet::from([part]));
            }
        }
    }
}

/// The first step is proportional to the learning rate, because there is no momentum yet, so the ratio of step lengths is
/// that of the learning rates.
#[test]
fn layer_decay_reduces_the_rate_by_the_distance_from_the_head() {
    let Some(data) = cifar(2, 1) else { return };
    let moved = |layer_decay: f64| -> Vec<f64> {
        let config = TrainConfig {
            layer_decay,
            warmup_epochs: Some(0.0),
            ..config(Strategy::Discriminative)
        };
        let mut session = session(config, &data);
        let before = trained(&session);
        until(&mut session, is_step);
        let after = trained(&session);
        let of_part = |part| distance(&before, &after, |name| Part::of_parameter(name) == part);
        Part::ALL.map(of_part).to_vec()
    };
    let (even, decayed) = (moved(1.0), moved(0.5));
    for (part, (even, decayed)) in even.iter().zip(&decayed).enumerate() {
        let expected = 0.5f64.powi(5 - part as i32);
        let ratio = decayed / even;
        assert!((ratio / expected - 1.0).abs() < 0.02, "part {part}: {ratio}, not {expected}");
    }
}

#[test]
fn l2_sp_keeps_the_backbone_near_its_pretrained_weights() {
    let Some(data) = cifar(2, 1) else { return };
    let moved = |l2_sp: f64| {
        let config = TrainConfig {
            l2_sp,
            epochs: 10,
            schedule: Schedule::Constant,
            warmup_epochs: Some(0.0),
            ..config(Strategy::L2Sp)
        };
        let mut session = session(config, &data);
        let before = trained(&session);
        for _ in 0..10 {
            until(&mut session, is_epoch);
        }
        distance(&before, &trained(&session), in_backbone)
    };
    // Far stronger than the default, because there are only twenty steps.
    let distances = [0.0, 1.0, 10.0].map(moved);
    println!("distance from the start without L2-SP, at 1, at 10: {distances:.3?}");
    // Measured: 0.93, 0.72 and 0.20.
    assert!(distances[1] < 0.9 * distances[0], "{distances:?}");
    assert!(distances[2] < 0.6 * distances[0], "{distances:?}");
}

#[test]
fn balanced_sampling_has_each_class_equally_often() {
    let Some((mut train, validation)) = cifar(20, 1) else { return };
    // 2 images of the first class, 20 of each of the others.
    let mut first = 0;
    train.examples.retain(|example| {
        first += usize::from(example.class() == Some(0));
        example.class() != Some(0) || first <= 2
    });
    let data = (train, validation);
    let counts = |balanced_sampling: bool| {
        let config = TrainConfig { balanced_sampling, ..config(Strategy::Probe) };
        let mut session = session(config, &data);
        let mut counts = vec![0usize; 10];
        loop {
            if session.is_training() {
                for class in session.preview(10).1 {
                    counts[class.unwrap()] += 1;
                }
            }
            if is_epoch(&block_on(session.next()).unwrap().unwrap()) {
                return counts;
            }
        }
    };
    assert_eq!(counts(false)[0], 2);
    let balanced = counts(true);
    assert_eq!(balanced.iter().sum::<usize>(), data.0.len());
    assert!(balanced.iter().all(|count| (18..=19).contains(count)), "{balanced:?}");
}
