//! What each way to fine-tune does to the network on real photographs: which weights move, how far,
//! and what is gained.

mod common;
#[path = "common/photographs.rs"]
mod photographs;

use std::collections::BTreeSet;
use std::fs;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use pollster::block_on;
use tunelab_core::data::augmentation::Augmentation;
use tunelab_core::data::input::InputSize;
use tunelab_core::model::parameter_name::{is_bias, is_norm, is_running_statistic};
use tunelab_core::model::part::Part;
use tunelab_core::train::config::TrainConfig;
use tunelab_core::train::config::{Caching, Sampling, Warmup};
use tunelab_core::train::event::Event;
use tunelab_core::train::recipe::Recipe;
use tunelab_core::train::schedule::Schedule;
use tunelab_core::train::strategy::{StageCount, Strategy};
use tunelab_core::train::update_rule::OptimizerConfig;
use tunelab_engine::data::cached_image::CachedImage;
use tunelab_engine::data::dataset::{Dataset, Example};
use tunelab_engine::data::decode::decode;
use tunelab_engine::data::transform::Preprocessing;
use tunelab_engine::error::ComputeError;
use tunelab_engine::model::params::{assign, collect};
use tunelab_engine::model::resnet::ResNet;
use tunelab_engine::model::weights::HostTensor;
use tunelab_engine::train::cache::Spill;
use tunelab_engine::train::session::Session;

use photographs::*;

fn length(tensor: &HostTensor) -> f64 {
    let values = tensor.as_floats().unwrap().iter();
    values.map(|value| f64::from(*value).powi(2)).sum::<f64>().sqrt()
}

#[test]
fn norm_only_and_bias_only_leave_all_other_weights() {
    let Some(data) = cifar(2, 1) else { return };
    let norms = |name: &str| is_norm(name) || !in_backbone(name);
    let biases = |name: &str| is_bias(name) || is_running_statistic(name) || !in_backbone(name);
    let cases: [(Recipe, Names); 2] = [(Recipe::NormOnly, norms), (Recipe::BiasOnly, biases)];
    for (recipe, expected) in cases {
        let mut session = session(config(recipe), &data);
        let before = trained(&session);
        until(&mut session, is_epoch);
        let expected = before.keys().filter(|name| expected(name)).cloned().collect();
        assert_eq!(changed(&before, &trained(&session)), expected, "{recipe}");
    }
}

#[test]
fn gradual_unfreezing_reaches_one_part_more_each_epoch() {
    let Some(data) = cifar(2, 1) else { return };
    let mut session = session(TrainConfig { epochs: 7, ..config(Recipe::Gradual) }, &data);
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
fn what_comes_after_a_probe_starts_from_its_head() {
    let Some(data) = cifar(20, 1) else { return };
    let probe_epochs = 20;
    let strategy = Strategy::ProbeThenFull { probe_epochs };
    let mut session = session(TrainConfig { strategy, ..config(Recipe::ProbeThenFull) }, &data);
    let fresh = trained(&session);
    until(&mut session, |event| matches!(event, Event::Epoch { epoch: 20, .. }));
    let probed = trained(&session);
    assert_eq!(parts(&changed(&fresh, &probed)), BTreeSet::from([Part::Head]));
    let lengths = [&fresh, &probed].map(|tensors| length(&tensors["fc.weight"]));
    let Event::Step { epoch, loss, .. } = until(&mut session, is_step) else { unreachable!() };
    assert_eq!(epoch, probe_epochs + 1);
    assert_eq!(parts(&changed(&probed, &trained(&session))).len(), 6);
    println!("head's length {lengths:.2?}, loss of the first full step {loss:.3}");
    // Found: 4.3 times as long, and 1.08. A fresh head's loss is ln(10) = 2.3.
    assert!(lengths[1] > 3.0 * lengths[0], "{lengths:?}");
    assert!(loss < 1.6, "{loss}");
}

/// The same function at thirty times `part`'s convolutions: the norm after each takes the factor out
/// again. The data pull at such weights 900 times less, relative to their length.
fn with_long_weights(part: Part) -> ResNet {
    let mut state = block_on(collect(&pretrained())).unwrap();
    let in_part = |(name, _): &(&String, &mut HostTensor)| Part::of_parameter(name) == part;
    for (name, tensor) in state.tensors.iter_mut().filter(in_part) {
        let factor = match name {
            name if name.ends_with("running_mean") => 30.0,
            name if name.ends_with("running_var") => 900.0,
            name if is_norm(name) => 1.0,
            _ => 30.0,
        };
        let values = tensor.as_floats().unwrap().iter().map(|value| value * factor).collect();
        *tensor = HostTensor::float(tensor.shape.clone(), values);
    }
    assign(pretrained(), &state).unwrap()
}

#[test]
fn surgery_trains_the_parts_that_are_pulled_at_and_leaves_the_others() {
    let Some((train, validation)) = cifar(10, 1) else { return };
    let rates_and_parts = |network: ResNet| {
        let strategy = Strategy::Surgical { probe_epochs: 5 };
        let config = TrainConfig { strategy, ..config(Recipe::Surgical) };
        let data = (train.clone(), validation.clone());
        let mut session = Session::new(config, network, data.0, data.1, &device()).unwrap();
        let told = until(&mut session, |event| matches!(event, Event::PartRates { .. }));
        let Event::PartRates { rates } = told else { unreachable!() };
        let before = trained(&session);
        until(&mut session, is_epoch);
        (rates, parts(&changed(&before, &trained(&session))))
    };
    let all: BTreeSet<Part> = Part::ALL.into_iter().collect();
    let (rates, moved) = rates_and_parts(pretrained());
    println!("part rates {rates:.3?}");
    // Photographs of another kind pull at each part about alike.
    assert!(rates.iter().all(|rate| (0.2..=2.0).contains(rate)), "{rates:?}");
    assert!((rates[..5].iter().sum::<f64>() / 5.0 - 1.0).abs() < 1e-6, "{rates:?}");
    assert_eq!(moved, all);

    let (rates, moved) = rates_and_parts(with_long_weights(Part::Layer2));
    println!("part rates where one part is not pulled at {rates:.3?}");
    let still = Part::ALL.into_iter().zip(rates).filter(|(_, rate)| *rate == 0.0);
    assert_eq!(still.map(|(part, _)| part).collect::<Vec<_>>(), [Part::Layer2]);
    assert_eq!(moved, &all - &BTreeSet::from([Part::Layer2]));
}

/// What does not fit into memory in one piece must not be examined in one.
#[test]
fn an_examination_takes_its_batches_in_the_pieces_of_a_step() {
    let Some(data) = cifar(4, 1) else { return };
    let rates = |accumulation, freeze_norm| {
        let strategy = Strategy::Surgical { probe_epochs: 1 };
        let config =
            TrainConfig { strategy, accumulation, freeze_norm, ..config(Recipe::Surgical) };
        let mut session = session(config, &data);
        let told = until(&mut session, |event| matches!(event, Event::PartRates { .. }));
        let Event::PartRates { rates } = told else { unreachable!() };
        rates
    };
    let apart = |freeze_norm| {
        let (whole, pieces) = (rates(1, freeze_norm), rates(2, freeze_norm));
        whole.iter().zip(pieces).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max)
    };
    // The pieces add up, but for the norms, which see what is in a piece.
    let (frozen, learning) = (apart(true), apart(false));
    assert!(frozen < 1e-3 && learning > 1e-2, "{frozen} and {learning}");
}

#[test]
fn an_adaptive_run_begins_with_everything_and_then_leaves_what_is_not_pulled_at() {
    let Some((train, validation)) = cifar(10, 1) else { return };
    let all: BTreeSet<Part> = Part::ALL.into_iter().collect();
    for still in [None, Some(Part::Layer2)] {
        let network = still.map_or_else(pretrained, with_long_weights);
        let config = TrainConfig { epochs: 3, ..config(Recipe::Adaptive) };
        let data = (train.clone(), validation.clone());
        let mut session = Session::new(config, network, data.0, data.1, &device()).unwrap();
        let before = trained(&session);
        until(&mut session, is_epoch);
        assert_eq!(parts(&changed(&before, &trained(&session))), all);

        let told = until(&mut session, |event| matches!(event, Event::PartRates { .. }));
        let Event::PartRates { rates } = told else { unreachable!() };
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

/// The first step without momentum's past is the gradient's, so the ratio to the step at one rate is
/// the rate's.
#[test]
fn layer_decay_slows_a_part_by_its_distance_from_the_head() {
    let Some(data) = cifar(2, 1) else { return };
    let moved = |layer_decay: f64| -> Vec<f64> {
        let warmup = Warmup::Epochs(0.0);
        let config = TrainConfig { layer_decay, warmup, ..config(Recipe::Discriminative) };
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
fn a_pull_keeps_the_backbone_near_its_start() {
    let Some(data) = cifar(2, 1) else { return };
    let moved = |pull: f64| {
        let base = config(Recipe::L2Sp);
        let config = TrainConfig {
            optimizer: OptimizerConfig { pull, ..base.optimizer },
            epochs: 10,
            schedule: Schedule::Constant,
            warmup: Warmup::Epochs(0.0),
            ..base
        };
        let mut session = session(config, &data);
        let before = trained(&session);
        for _ in 0..10 {
            until(&mut session, is_epoch);
        }
        distance(&before, &trained(&session), in_backbone)
    };
    // Far stronger than recommended, as there are but twenty steps.
    let distances = [0.0, 1.0, 10.0].map(moved);
    println!("distance from the start without a pull, at 1, at 10: {distances:.3?}");
    // Found: 0.93, 0.72 and 0.20.
    assert!(distances[1] < 0.9 * distances[0], "{distances:?}");
    assert!(distances[2] < 0.6 * distances[0], "{distances:?}");
}

#[test]
fn balanced_sampling_shows_each_class_as_often() {
    let Some((mut train, validation)) = cifar(20, 1) else { return };
    // 2 pictures of the first class, 20 of each other.
    let mut first = 0;
    train.examples.retain(|example| {
        first += usize::from(example.class() == Some(0));
        example.class() != Some(0) || first <= 2
    });
    let data = (train, validation);
    let counts = |sampling: Sampling| {
        let mut session = session(TrainConfig { sampling, ..config(Recipe::Probe) }, &data);
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
    assert_eq!(counts(Sampling::Shuffled)[0], 2);
    let balanced = counts(Sampling::Balanced);
    assert_eq!(balanced.iter().sum::<usize>(), data.0.len());
    assert!(balanced.iter().all(|count| (18..=19).contains(count)), "{balanced:?}");
}

/// Hand signs at 64 px: those photographs of each digit that are `picked` by their place.
fn signs(part: &str, picked: impl Fn(usize) -> bool) -> Option<Dataset> {
    let folder = common::shared(&format!("data/sign-digits/{part}"))?;
    let preprocessing = Preprocessing::with_size(InputSize::new(64).unwrap());
    let mut dataset = Dataset::of_classes((0..10).map(|digit| digit.to_string()).collect());
    for digit in 0..10 {
        let entries = fs::read_dir(folder.join(digit.to_string())).unwrap();
        let mut files: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
        files.sort();
        for (_, file) in files.iter().enumerate().filter(|(number, _)| picked(*number)) {
            let image = decode(&fs::read(file).unwrap()).unwrap();
            let picture = Arc::new(CachedImage::new(image, &preprocessing, true));
            let name = file.display().to_string();
            dataset.examples.push(Example::of_class(name, digit, picture));
        }
    }
    Some(dataset)
}

/// One photograph of each digit, and an answer without training that is far better than a guess.
#[test]
fn one_picture_a_class_beats_chance_in_one_pass() {
    let Some(validation) = signs("val", |number| number % 4 == 0) else { return };
    let mut sum = 0.0;
    for picked in [0, 20, 40, 60] {
        let Some(train) = signs("train", |number| number == picked) else { return };
        assert_eq!((train.len(), validation.len()), (10, 100));
        let data = (train, validation.clone());
        let size = InputSize::new(64).unwrap();
        let config = TrainConfig::recommended(Recipe::FewShot, size, 10);
        let answer = |config: TrainConfig| {
            let mut session = session(config, &data);
            let events = run(&mut session);
            assert!(losses(&events).is_empty(), "there is no step");
            let mut passes = events.iter().filter_map(|event| match event {
                Event::Features { done, total } => Some((*done, *total)),
                _ => None,
            });
            assert_eq!(passes.next_back(), Some((110, 110)));
            let before = block_on(collect(&pretrained())).unwrap().tensors;
            let after = block_on(collect(session.best_network())).unwrap().tensors;
            assert!(
                before.iter().all(|(name, tensor)| !in_backbone(name) || &after[name] == tensor)
            );
            let top1 = events.iter().find_map(|event| match event {
                Event::Epoch { train_top1, .. } => Some(*train_top1),
                _ => None,
            });
            assert_eq!(top1, Some(1.0), "each picture is nearest to the mean of itself");
            reports(&events)[0].clone()
        };
        let report = answer(config.clone());
        let top1 = report.score();
        println!("from photograph {picked} of each digit: {top1:.2}");
        assert!(top1 > 0.2, "{top1}");
        sum += top1;
        if picked == 0 {
            // Choices about training change nothing about it.
            let augmentation = Augmentation::light(size);
            let other = TrainConfig { augmentation, caching: Caching::Off, ..config };
            assert_eq!(answer(other), report);
        }
    }
    // Found: 0.43, from 0.31 to 0.61; a guess would be right in 0.1.
    assert!(sum / 4.0 > 0.35, "{}", sum / 4.0);
}

/// Tells which parameters, by their names.
type Names = fn(&str) -> bool;

/// Space beside memory, in memory.
#[derive(Clone, Default)]
struct Bytes {
    bytes: Arc<Mutex<Vec<u8>>>,
    reads: Arc<AtomicUsize>,
}

impl Spill for Bytes {
    fn write_at(&mut self, offset: u64, written: &[u8]) -> Result<(), ComputeError> {
        let mut bytes = self.bytes.lock().unwrap();
        let end = offset as usize + written.len();
        let len = bytes.len().max(end);
        bytes.resize(len, 0);
        bytes[offset as usize..end].copy_from_slice(written);
        Ok(())
    }

    fn read_at(&mut self, offset: u64, read: &mut [u8]) -> Result<(), ComputeError> {
        let bytes = self.bytes.lock().unwrap();
        read.copy_from_slice(&bytes[offset as usize..offset as usize + read.len()]);
        self.reads.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }
}

#[test]
fn kept_activations_give_the_same_losses_faster() {
    let Some(train) = signs("train", |place| place % 8 == 0) else { return };
    let Some(validation) = signs("val", |place| place % 20 == 0) else { return };
    let data = (train, validation);
    assert_eq!((data.0.len(), data.1.len()), (100, 20));
    let config = TrainConfig {
        epochs: 3,
        batch_size: 50,
        augmentation: Augmentation::none(),
        ..config(Recipe::LastK { stages: StageCount::ONE })
    };
    let with = |caching: Caching, limit: Option<(u64, Option<Bytes>)>| {
        let mut session = session(TrainConfig { caching, ..config.clone() }, &data);
        if let Some((limit, spill)) = limit {
            let source = spill.map(|spill| {
                let make = move || Ok(Box::new(spill.clone()) as Box<dyn Spill>);
                Box::new(make) as tunelab_engine::train::session::SpillSource
            });
            session.limit_cache(limit, source);
        }
        let events = run(&mut session);
        let speed = |event: &Event| match event {
            Event::Epoch { epoch, images_per_second, .. } if *epoch > 1 => Some(*images_per_second),
            _ => None,
        };
        let fastest = events.iter().filter_map(speed).fold(0.0, f64::max);
        (losses(&events), fastest)
    };
    let (plain, slow) = with(Caching::Off, None);
    let (cached, fast) = with(Caching::Views(1), None);
    let off = plain.iter().zip(&cached).map(|(a, b)| (a / b - 1.0).abs()).fold(0.0, f64::max);
    println!("losses differ by {off:.1e} at most; {slow:.0} and {fast:.0} images a second");
    // Found for the last stage, alone on the machine: 62 and 79 images a second, too near to each other
    // to be told apart beside other tests. For the head alone they are not.
    assert_eq!((plain.len(), cached.len()), (6, 6));
    assert!(off < 1e-2, "{plain:?} and {cached:?}");
    let head = |caching: Caching| {
        let probe = TrainConfig {
            epochs: 3,
            augmentation: Augmentation::none(),
            caching,
            ..self::config(Recipe::Probe)
        };
        let events = run(&mut session(probe, &data));
        let speed = |event: &Event| match event {
            Event::Epoch { images_per_second, .. } => Some(*images_per_second),
            _ => None,
        };
        events.iter().filter_map(speed).fold(0.0, f64::max)
    };
    let (slow, fast) = (head(Caching::Off), head(Caching::Views(1)));
    println!("the head alone: {slow:.0} and {fast:.0} images a second");
    assert!(fast > 5.0 * slow, "{fast} and {slow} images a second");

    // Activations of 4 × 4 × 256 numbers of 2 bytes: there is room for 30 of 100, beside those of 20
    // validation images.
    let bytes = 4 * 4 * 256 * 2;
    let spill = Bytes::default();
    let (spilled, _) = with(Caching::Views(1), Some((50 * bytes, Some(spill.clone()))));
    assert_eq!(spilled, cached);
    assert_eq!(spill.bytes.lock().unwrap().len() as u64, 70 * bytes);
    assert_eq!(spill.reads.load(Ordering::Relaxed), 3 * 70);
    // Without space beside memory, they are computed anew in each step.
    let (uncached, _) = with(Caching::Views(1), Some((50 * bytes, None)));
    assert_eq!(uncached, plain);
}
