//! Short runs on CIFAR-10's photographs, and what they did to the network.
#![allow(dead_code, reason = "each test binary uses a part of it")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::sync::Arc;

use burn::tensor::Device;
use pollster::block_on;
use tunelab_core::data::input::InputSize;
use tunelab_core::metrics::report::Report;
use tunelab_core::model::parameter_name::is_running_statistic;
use tunelab_core::model::part::Part;
use tunelab_core::train::config::TrainConfig;
use tunelab_core::train::event::Event;
use tunelab_core::train::recipe::Recipe;
use tunelab_engine::data::cached_image::CachedImage;
use tunelab_engine::data::cifar::{CifarVersion, parse_batch};
use tunelab_engine::data::dataset::{Dataset, Example};
use tunelab_engine::data::transform::Preprocessing;
use tunelab_engine::eval::evaluator::Evaluation;
use tunelab_engine::model::folded::FoldedResNet;
use tunelab_engine::model::params::assign;
use tunelab_engine::model::resnet::ResNet;
use tunelab_engine::model::weights::{HostTensor, StateDict, load, parse};
use tunelab_engine::train::session::Session;

use crate::common;

pub type Tensors = BTreeMap<String, HostTensor>;

pub fn device() -> Device {
    Device::flex()
}

pub fn pretrained() -> ResNet {
    ResNet::from_pretrained(&load(&common::bundled_weights()).unwrap(), &device()).unwrap()
}

/// CIFAR-10's photographs in their own size: `train` and `validation` of each class.
pub fn cifar(train: usize, validation: usize) -> Option<(Dataset, Dataset)> {
    let part = |path: &str, per_class: usize| {
        let records = parse_batch(&fs::read(common::shared(path)?).unwrap(), path).unwrap().records;
        let preprocessing = Preprocessing::with_size(InputSize::MIN);
        let mut counts = [0; 10];
        let mut dataset = Dataset::of_classes(CifarVersion::Cifar10.class_names());
        for (index, record) in records.into_iter().enumerate() {
            if counts[record.label] < per_class {
                counts[record.label] += 1;
                let picture = Arc::new(CachedImage::new(record.image, &preprocessing, true));
                dataset.examples.push(Example::of_class(index.to_string(), record.label, picture));
            }
        }
        Some(dataset)
    };
    Some((part("data/cifar10-5k-train.bin", train)?, part("data/cifar10-2k-test.bin", validation)?))
}

pub fn config(recipe: Recipe) -> TrainConfig {
    TrainConfig {
        epochs: 1,
        batch_size: 10,
        ..TrainConfig::recommended(recipe, InputSize::MIN, 200)
    }
}

pub fn session(config: TrainConfig, (train, validation): &(Dataset, Dataset)) -> Session {
    Session::new(config, pretrained(), train.clone(), validation.clone(), &device()).unwrap()
}

/// Runs until an event of this kind, which it gives back.
pub fn until(session: &mut Session, wanted: impl Fn(&Event) -> bool) -> Event {
    loop {
        let event = block_on(session.next()).unwrap().expect("the run ended before");
        if wanted(&event) {
            return event;
        }
    }
}

pub fn is_step(event: &Event) -> bool {
    matches!(event, Event::Step { .. })
}

pub fn is_epoch(event: &Event) -> bool {
    matches!(event, Event::Epoch { .. })
}

/// The rest of the run.
pub fn run(session: &mut Session) -> Vec<Event> {
    std::iter::from_fn(|| block_on(session.next()).unwrap()).collect()
}

pub fn losses(events: &[Event]) -> Vec<f64> {
    let loss = |event: &Event| match event {
        Event::Step { loss, .. } => Some(*loss),
        _ => None,
    };
    events.iter().filter_map(loss).collect()
}

pub fn report(event: &Event) -> Option<&Report> {
    match event {
        Event::Epoch { validation, .. } => Some(validation),
        _ => None,
    }
}

pub fn reports(events: &[Event]) -> Vec<&Report> {
    events.iter().filter_map(report).collect()
}

/// What a checkpoint keeps under this prefix: `network/` is what is trained, `average/` its average.
pub fn kept(session: &Session, prefix: &str) -> Tensors {
    let checkpoint = parse(&block_on(session.checkpoint()).unwrap()).unwrap();
    let strip = |(name, tensor): (String, HostTensor)| {
        name.strip_prefix(prefix).map(|name| (name.to_string(), tensor))
    };
    checkpoint.tensors.into_iter().filter_map(strip).collect()
}

pub fn trained(session: &Session) -> Tensors {
    kept(session, "network/")
}

/// Names of the tensors that differ.
pub fn changed(before: &Tensors, after: &Tensors) -> BTreeSet<String> {
    before.keys().filter(|name| before[*name] != after[*name]).cloned().collect()
}

pub fn parts(names: &BTreeSet<String>) -> BTreeSet<Part> {
    names.iter().map(|name| Part::of_parameter(name)).collect()
}

/// Length of the difference of the weights that `wanted` names; statistics do not count.
pub fn distance(before: &Tensors, after: &Tensors, wanted: impl Fn(&str) -> bool) -> f64 {
    let names = before.keys().filter(|name| wanted(name) && !is_running_statistic(name));
    let square = |name: &String| {
        let values = |tensors: &Tensors| tensors[name].as_floats().unwrap().to_vec();
        let pairs = values(before).into_iter().zip(values(after));
        pairs.map(|(a, b)| (f64::from(a) - f64::from(b)).powi(2)).sum::<f64>()
    };
    names.map(square).sum::<f64>().sqrt()
}

pub fn in_backbone(name: &str) -> bool {
    Part::of_parameter(name) < Part::Head
}

/// The session's network with these values, on these pictures.
pub fn evaluate(session: &Session, tensors: Tensors, dataset: &Dataset) -> Report {
    let values = StateDict { tensors, ..StateDict::default() };
    let network = FoldedResNet::new(&assign(session.best_network().clone(), &values).unwrap());
    let mut evaluation = Evaluation::new(&dataset.tasks);
    while evaluation.done() < dataset.len() {
        block_on(evaluation.advance(&network, dataset, &device())).unwrap();
    }
    evaluation.report()
}
