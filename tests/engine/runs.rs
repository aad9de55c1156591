//! Helpers that run training sessions and compare networks.

use std::collections::{BTreeMap, BTreeSet};

use burn::tensor::Device;
use pollster::block_on;
use tunelab_core::data::input::InputSize;
use tunelab_core::metrics::evaluation::EvaluationResults;
use tunelab_core::model::part::Part;
use tunelab_core::model::trainable::is_running_statistic;
use tunelab_core::options::TrainConfig;
use tunelab_core::options::values::Strategy;
use tunelab_core::train::event::Event;
use tunelab_engine::data::dataset::Dataset;
use tunelab_engine::data::sample::sample_dataset;
use tunelab_engine::data::transform::Preprocessing;
use tunelab_engine::eval::evaluator::Evaluator;
use tunelab_engine::model::folded::FoldedResNet;
use tunelab_engine::model::parameters::{load_state_dict, state_dict};
use tunelab_engine::model::resnet::ResNet;
use tunelab_engine::model::weights::{HostTensor, StateDict, load, parse};
use tunelab_engine::train::checkpoint::Checkpoint;
use tunelab_engine::train::session::Session;

use crate::common::bundled_weights;

pub type Tensors = BTreeMap<String, HostTensor>;

/// Training and validation images.
pub type Splits = (Dataset, Dataset);

pub fn device() -> Device {
    Device::flex()
}

pub fn pretrained() -> ResNet {
    ResNet::from_pretrained(&load(&bundled_weights()).unwrap(), &device()).unwrap()
}

/// Sample images of 8 classes, with 4 training and 2 validation images per class.
pub fn sample() -> Splits {
    sample_dataset(4, 2, 7, &Preprocessing::with_size(InputSize::MIN))
}

/// Two epochs of four steps, for [`sample`].
pub fn sample_config(strategy: Strategy) -> TrainConfig {
    let recommended = TrainConfig::recommended(strategy, InputSize::MIN, 32);
    TrainConfig { epochs: 2, batch_size: 8, ..recommended }
}

/// A run on [`sample`].
pub fn sample_session(config: TrainConfig) -> Session {
    session(config, &sample())
}

pub fn session(config: TrainConfig, splits: &Splits) -> Session {
    session_of(pretrained(), config, splits)
}

/// A run that begins with this network.
pub fn session_of(network: ResNet, config: TrainConfig, splits: &Splits) -> Session {
    let (train, validation) = splits.clone();
    Session::new(config, network, train, validation, &device()).unwrap()
}

/// A checkpoint of the current state.
pub fn checkpoint(session: &Session) -> Checkpoint {
    Checkpoint::parse(&block_on(session.checkpoint()).unwrap()).unwrap()
}

/// The run continued from a checkpoint.
pub fn resume(checkpoint: &Checkpoint, splits: &Splits) -> Session {
    let (train, validation) = splits.clone();
    Session::resume(checkpoint, train, validation, &device()).unwrap()
}

/// Every tensor of the network.
pub fn state(network: &ResNet) -> Tensors {
    block_on(state_dict(network)).unwrap().tensors
}

/// Runs until a wanted event, and returns it.
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

fn report(event: &Event) -> Option<&EvaluationResults> {
    match event {
        Event::Epoch { validation, .. } => Some(validation),
        _ => None,
    }
}

pub fn reports(events: &[Event]) -> Vec<&EvaluationResults> {
    events.iter().filter_map(report).collect()
}

/// The tensors in a checkpoint with this prefix: `network/` for the trained network, `average/` for its average.
pub fn saved(session: &Session, prefix: &str) -> Tensors {
    let checkpoint = parse(&block_on(session.checkpoint()).unwrap()).unwrap();
    let strip = |(name, tensor): (String, HostTensor)| {
        name.strip_prefix(prefix).map(|name| (name.to_string(), tensor))
    };
    checkpoint.tensors.into_iter().filter_map(strip).collect()
}

pub fn trained(session: &Session) -> Tensors {
    saved(session, "network/")
}

/// Names of the tensors that differ.
pub fn changed(before: &Tensors, after: &Tensors) -> BTreeSet<String> {
    before.keys().filter(|name| before[*name] != after[*name]).cloned().collect()
}

pub fn parts(names: &BTreeSet<String>) -> BTreeSet<Part> {
    names.iter().map(|name| Part::of_parameter(name)).collect()
}

/// L2 norm of the difference of the wanted weights, without running statistics.
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

/// Evaluates the session's network with these tensors.
pub fn evaluate(session: &Session, tensors: Tensors, dataset: &Dataset) -> EvaluationResults {
    let values = StateDict { tensors, ..StateDict::default() };
    let network =
        FoldedResNet::new(&load_state_dict(session.best_network().clone(), &values).unwrap());
    let mut evaluation = Evaluator::new(&dataset.tasks);
    while evaluation.done() < dataset.len() {
        block_on(evaluation.advance(&network, dataset, &device())).unwrap();
    }
    evaluation.results()
}

/// The bits of the losses of all steps and epochs.
pub fn loss_bits(events: &[Event]) -> Vec<(u64, u64)> {
    let bits = |event: &Event| match event {
        Event::Step { step, loss, .. } => Some((*step, loss.to_bits())),
        Event::Epoch { epoch, validation, train_loss, .. } => {
            Some((u64::from(*epoch), validation.loss.to_bits() ^ train_loss.to_bits()))
        }
        _ => None,
    };
    events.iter().filter_map(bits).collect()
}
