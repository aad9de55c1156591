//! What each way to fine-tune does to the network on real photographs: which weights move, how far,
//! and what is gained.

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use burn::tensor::Device;
use pollster::block_on;
use tunelab::data::cifar::{default_class_names, parse_batch};
use tunelab::data::decode::decode;
use tunelab::data::{Augmentation, Dataset, Example, InputSize, Picture, Preprocessing};
use tunelab::error::ComputeError;
use tunelab::eval::Report;
use tunelab::eval::evaluator::Evaluation;
use tunelab::model::names::{is_bias, is_norm, is_running_statistic};
use tunelab::model::params::{assign, collect};
use tunelab::model::weights::{HostTensor, StateDict, load, parse};
use tunelab::model::{FoldedResNet, Part, ResNet};
use tunelab::train::cache::Spill;
use tunelab::train::config::{Averaging, Caching, Sampling, Warmup};
use tunelab::train::schedule::Schedule;
use tunelab::train::{
    Checkpoint, Event, OptimizerConfig, Recipe, Session, StageCount, Strategy, TrainConfig,
};

type Tensors = BTreeMap<String, HostTensor>;

fn device() -> Device {
    Device::flex()
}

fn pretrained() -> ResNet {
    ResNet::from_pretrained(&load(&common::bundled_weights()).unwrap(), &device()).unwrap()
}

/// CIFAR-10's photographs in their own size: `train` and `validation` of each class.
fn cifar(train: usize, validation: usize) -> Option<(Dataset, Dataset)> {
    let part = |path: &str, per_class: usize| {
        let records = parse_batch(&fs::read(common::shared(path)?).unwrap(), path).unwrap();
        let preprocessing = Preprocessing::with_size(InputSize::MIN);
        let mut counts = [0; 10];
        let mut dataset = Dataset::of_classes(default_class_names());
        for (index, record) in records.into_iter().enumerate() {
            if counts[record.label] < per_class {
                counts[record.label] += 1;
                let picture = Arc::new(Picture::new(record.image, &preprocessing, true));
                dataset.examples.push(Example::of_class(index.to_string(), record.label, picture));
            }
        }
        Some(dataset)
    };
    Some((part("data/cifar10-5k-train.bin", train)?, part("data/cifar10-2k-test.bin", validation)?))
}

fn config(recipe: Recipe) -> TrainConfig {
    TrainConfig {
        epochs: 1,
        batch_size: 10,
        ..TrainConfig::recommended(recipe, InputSize::MIN, 200)
    }
}

fn session(config: TrainConfig, (train, validation): &(Dataset, Dataset)) -> Session {
    Session::new(config, pretrained(), train.clone(), validation.clone(), &device()).unwrap()
}

/// Runs until an event of this kind, which it gives back.
fn until(session: &mut Session, wanted: impl Fn(&Event) -> bool) -> Event {
    loop {
        let event = block_on(session.next()).unwrap().expect("the run ended before");
        if wanted(&event) {
            return event;
        }
    }
}

fn is_step(event: &Event) -> bool {
    matches!(event, Event::Step { .. })
}

fn is_epoch(event: &Event) -> bool {
    matches!(event, Event::Epoch { .. })
}

/// The rest of the run.
fn run(session: &mut Session) -> Vec<Event> {
    std::iter::from_fn(|| block_on(session.next()).unwrap()).collect()
}

fn losses(events: &[Event]) -> Vec<f64> {
    let loss = |event: &Event| match event {
        Event::Step { loss, .. } => Some(*loss),
        _ => None,
    };
    events.iter().filter_map(loss).collect()
}

fn report(event: &Event) -> Option<&Report> {
    match event {
        Event::Epoch { validation, .. } => Some(validation),
        _ => None,
    }
}

fn reports(events: &[Event]) -> Vec<&Report> {
    events.iter().filter_map(report).collect()
}

/// What a checkpoint keeps under this prefix: `network/` is what is trained, `average/` its average.
fn kept(session: &Session, prefix: &str) -> Tensors {
    let checkpoint = parse(&block_on(session.checkpoint()).unwrap()).unwrap();
    let strip = |(name, tensor): (String, HostTensor)| {
        name.strip_prefix(prefix).map(|name| (name.to_string(), tensor))
    };
    checkpoint.tensors.into_iter().filter_map(strip).collect()
}

fn trained(session: &Session) -> Tensors {
    kept(session, "network/")
}

/// Names of the tensors that differ.
fn changed(before: &Tensors, after: &Tensors) -> BTreeSet<String> {
    before.keys().filter(|name| before[*name] != after[*name]).cloned().collect()
}

fn parts(names: &BTreeSet<String>) -> BTreeSet<Part> {
    names.iter().map(|name| Part::of_parameter(name)).collect()
}

/// Length of the difference of the weights that `wanted` names; statistics do not count.
fn distance(before: &Tensors, after: &Tensors, wanted: impl Fn(&str) -> bool) -> f64 {
    let names = before.keys().filter(|name| wanted(name) && !is_running_statistic(name));
    let square = |name: &String| {
        let values = |tensors: &Tensors| tensors[name].as_floats().unwrap().to_vec();
        let pairs = values(before).into_iter().zip(values(after));
        pairs.map(|(a, b)| (f64::from(a) - f64::from(b)).powi(2)).sum::<f64>()
    };
    names.map(square).sum::<f64>().sqrt()
}

fn in_backbone(name: &str) -> bool {
    Part::of_parameter(name) < Part::Head
}

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
fn l1_makes_more_weights_small() {
    let Some(data) = cifar(4, 1) else { return };
    let small = |l1: f64| {
        let base = config(Recipe::LastK { stages: StageCount::ONE });
        let optimizer = OptimizerConfig { l1, ..base.optimizer };
        let mut session = session(TrainConfig { optimizer, epochs: 3, ..base }, &data);
        for _ in 0..3 {
            until(&mut session, is_epoch);
        }
        let after = trained(&session);
        let weights = after["layer4.1.conv2.weight"].as_floats().unwrap();
        let small = weights.iter().filter(|weight| weight.abs() < 1e-3).count();
        small as f64 / weights.len() as f64
    };
    let shares = [0.0, 1e-2].map(small);
    println!("share of weights below 0.001 without and with L1: {shares:.3?}");
    // Found: 0.25 and 0.69.
    assert!(shares[1] > 1.5 * shares[0], "{shares:?}");
}

#[test]
fn a_moving_average_lags_behind_the_weights_and_is_resumed() {
    let Some(data) = cifar(4, 2) else { return };
    let plain = TrainConfig { epochs: 2, ..config(Recipe::Full) };
    let averaged =
        TrainConfig { averaging: Averaging::Exponential { decay: 0.9 }, ..plain.clone() };
    let mut first = session(averaged.clone(), &data);
    let start = trained(&first);
    until(&mut first, is_epoch);
    let (network, average) = (trained(&first), kept(&first, "average/"));
    let [raw, lagging] = [&network, &average].map(|to| distance(&start, to, in_backbone));
    let apart = distance(&network, &average, in_backbone);
    println!("from the start: weights {raw:.3}, average {lagging:.3}; apart {apart:.3}");
    assert!(apart > 0.05 * raw && lagging < raw, "{apart}, {lagging}, {raw}");
    // It is what is validated and kept.
    let best = block_on(collect(first.best_network())).unwrap();
    assert_eq!(best.tensors, average);

    // The weights themselves do not follow it: the steps are those without it.
    let whole = run(&mut session(averaged.clone(), &data));
    let without = run(&mut session(plain, &data));
    assert_eq!(losses(&whole), losses(&without));
    assert_ne!(reports(&whole)[1].loss, reports(&without)[1].loss);

    // Killed in the middle of an epoch.
    let mut killed = session(averaged, &data);
    for _ in 0..6 {
        until(&mut killed, is_step);
    }
    let checkpoint = Checkpoint::parse(&block_on(killed.checkpoint()).unwrap()).unwrap();
    let (train, validation) = data;
    let mut resumed = Session::resume(&checkpoint, train, validation, &device()).unwrap();
    assert_eq!(reports(&run(&mut resumed)).last().unwrap(), &reports(&whole)[1]);
}

/// The mean over the last epochs, computed here from the weights after each of them.
#[test]
fn stochastic_averaging_validates_the_mean_of_the_epochs() {
    let Some(data) = cifar(3, 2) else { return };
    let plain = TrainConfig {
        epochs: 4,
        schedule: Schedule::Constant,
        freeze_norm: true,
        ..config(Recipe::Full)
    };
    let mut raw = session(plain.clone(), &data);
    let mut sum: Option<Tensors> = None;
    for epoch in 1..=4 {
        until(&mut raw, is_epoch);
        if epoch > 2 {
            let network = trained(&raw);
            sum = Some(match sum {
                None => network,
                Some(sum) => mean(&sum, &network),
            });
        }
    }
    let averaging = Averaging::Stochastic { start: 0.5 };
    let events = run(&mut session(TrainConfig { averaging, ..plain }, &data));
    let validated = reports(&events)[3].clone();

    let network = assign(
        raw.best_network().clone(),
        &StateDict { tensors: sum.unwrap(), ..StateDict::default() },
    );
    let network = FoldedResNet::new(&network.unwrap());
    let mut evaluation = Evaluation::new(&data.1.tasks);
    while evaluation.done() < data.1.len() {
        block_on(evaluation.advance(&network, &data.1, &device())).unwrap();
    }
    let expected = evaluation.report();
    let off = validated.loss / expected.loss - 1.0;
    assert!(off.abs() < 1e-4, "{} and {}", validated.loss, expected.loss);
    let last = reports(&run(&mut raw)).last().map(|report| report.loss);
    assert!(last.is_none(), "all epochs were seen");
}

fn mean(a: &Tensors, b: &Tensors) -> Tensors {
    let half = |(name, a): (&String, &HostTensor)| {
        let pairs = a.as_floats().unwrap().iter().zip(b[name].as_floats().unwrap());
        let values = pairs.map(|(a, b)| (a + b) / 2.0).collect();
        (name.clone(), HostTensor::float(a.shape.clone(), values))
    };
    a.iter().map(half).collect()
}

/// Killed while the mean's norms are measured, and while it is validated: the mean is of the same
/// epochs, each counted once.
#[test]
fn stochastic_averaging_is_resumed_to_the_same_mean() {
    let Some((train, validation)) = cifar(3, 7) else { return };
    let data = (train, validation);
    let averaging = Averaging::Stochastic { start: 0.0 };
    let config = TrainConfig { epochs: 2, averaging, ..config(Recipe::Full) };
    let whole = run(&mut session(config.clone(), &data));
    let expected = reports(&whole)[1];
    let measured = |event: &Event| matches!(event, Event::Recalibrating { done: 2, .. });
    let validated = |event: &Event| matches!(event, Event::Validating { epoch: 2, .. });
    let places: [(&str, Wanted); 2] = [("measured", measured), ("validated", validated)];
    for (name, place) in places {
        let mut killed = session(config.clone(), &data);
        until(&mut killed, place);
        assert!(killed.can_be_resumed());
        let checkpoint = Checkpoint::parse(&block_on(killed.checkpoint()).unwrap()).unwrap();
        let (train, validation) = data.clone();
        let mut resumed = Session::resume(&checkpoint, train, validation, &device()).unwrap();
        assert_eq!(reports(&run(&mut resumed)), [expected], "{name}");
    }
}

#[test]
fn patience_ends_a_run_that_gets_no_better() {
    let Some(data) = cifar(10, 5) else { return };
    let with = |patience: Option<u32>| {
        let config = TrainConfig { epochs: 60, patience, ..config(Recipe::Probe) };
        run(&mut session(config, &data))
    };
    let events = with(Some(3));
    let Some(Event::Done { best_epoch, stopped, early, .. }) = events.last() else {
        panic!("no end")
    };
    let epochs = reports(&events).len() as u32;
    println!("best epoch {best_epoch}, ended after {epochs}");
    assert!(*early && !*stopped);
    assert_eq!(epochs, best_epoch + 3);
    let events = with(None);
    assert_eq!(reports(&events).len(), 60);
    assert!(matches!(events.last(), Some(Event::Done { early: false, stopped: false, .. })));
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
            let picture = Arc::new(Picture::new(image, &preprocessing, true));
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
/// Tells which events.
type Wanted = fn(&Event) -> bool;

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
                Box::new(make) as tunelab::train::session::SpillSource
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
