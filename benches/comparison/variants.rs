//! The compared configurations, and running them.

use cpu_time::ProcessTime;
use pollster::block_on;
use tunelab_core::data::input::InputSize;
use tunelab_core::options::values::{Augmentation, Strategy};
use tunelab_core::options::{Choices, Context, TrainConfig};
use tunelab_core::train::event::Event;
use tunelab_engine::data::dataset::Dataset;
use tunelab_engine::eval::evaluator::Evaluator;
use tunelab_engine::model::folded::FoldedResNet;
use tunelab_engine::model::resnet::ResNet;
use tunelab_engine::model::weights::load;
use tunelab_engine::train::session::Session;

use crate::data::{Splits, TaskName};
use crate::device::DeviceName;
use crate::results::RunResult;

/// A named configuration, which may depend on the training images.
pub struct Variant {
    pub name: String,
    pub config: Box<dyn Fn(&Dataset) -> TrainConfig>,
}

fn recommended(strategy: Strategy, train: &Dataset) -> TrainConfig {
    TrainConfig::recommended(strategy, InputSize::default(), train.len())
}

fn of_strategy(strategy: Strategy) -> Variant {
    let config = move |train: &Dataset| recommended(strategy, train);
    let name = match strategy {
        Strategy::LastK => "last-1",
        strategy => strategy.key(),
    };
    Variant { name: name.into(), config: Box::new(config) }
}

/// The name of the default strategy.
pub const DEFAULT: &str = "auto";

/// Every strategy, and the default.
pub fn strategies() -> Vec<Variant> {
    let fixed = Strategy::ALL.iter().filter(|strategy| **strategy != Strategy::Adaptive);
    let mut all: Vec<Variant> = fixed.map(|strategy| of_strategy(*strategy)).collect();
    let last_two =
        |train: &Dataset| TrainConfig { last_k: 2, ..recommended(Strategy::LastK, train) };
    all.insert(3, Variant { name: "last-2".into(), config: Box::new(last_two) });
    let default = |train: &Dataset| {
        Choices::default().resolve(&Context::of(&train.tasks, train.len())).config
    };
    all.push(Variant { name: DEFAULT.into(), config: Box::new(default) });
    all
}

/// Full fine-tuning without regularizers, with each of them, and with the default ones.
pub fn regularizers() -> Vec<Variant> {
    let with = |name: &str, change: fn(&mut TrainConfig)| {
        let config = move |train: &Dataset| {
            let mut config = recommended(Strategy::Full, train);
            config.weight_decay = 0.0;
            config.label_smoothing = 0.0;
            config.set_augmentation(Augmentation::None);
            change(&mut config);
            config
        };
        Variant { name: name.into(), config: Box::new(config) }
    };
    vec![
        with("none", |_| {}),
        with("weight decay 5e-4", |config| config.weight_decay = 5e-4),
        with("L1 1e-5", |config| config.l1 = 1e-5),
        with("L2-SP 0.01", |config| config.l2_sp = 0.01),
        with("dropout 0.3", |config| config.dropout = 0.3),
        with("label smoothing 0.1", |config| config.label_smoothing = 0.1),
        with("MixUp 0.2", |config| config.mixup_alpha = 0.2),
        with("CutMix 1", |config| config.cutmix_alpha = 1.0),
        with("light augmentation", |config| config.set_augmentation(Augmentation::Light)),
        with("strong augmentation", |config| config.set_augmentation(Augmentation::Strong)),
        with("TrivialAugment", |config| config.set_augmentation(Augmentation::TrivialAugment)),
        with("early stopping, patience 3", |config| config.patience = Some(3)),
        with("EMA 0.99", |config| config.ema_decay = Some(0.99)),
        with("SWA from half on", |config| config.swa_start = Some(0.5)),
        of_strategy(Strategy::Full),
    ]
}

/// Full fine-tuning with batches of different sizes. The learning rate follows the size.
pub fn batch_sizes() -> Vec<Variant> {
    let of = |size: u32| {
        let config = move |train: &Dataset| {
            let choices =
                Choices::default().with("strategy", Strategy::Full).with("batch_size", size);
            choices.resolve(&Context::of(&train.tasks, train.len())).config
        };
        Variant { name: format!("batch {size}"), config: Box::new(config) }
    };
    [8, 16, 32, 64].map(of).into()
}

/// Trains and tests a variant.
pub fn run(
    variant: &Variant,
    task: TaskName,
    splits: &Splits,
    seed: u64,
    device_name: DeviceName,
) -> RunResult {
    let device = device_name.open();
    let weights = include_bytes!("../../www/models/resnet18-tiny-imagenet-f16.safetensors");
    let network = ResNet::from_pretrained(&load(weights).expect("good weights"), &device);
    let config = TrainConfig { seed, ..(variant.config)(&splits.train) };
    let started = ProcessTime::now();
    let (train, validation) = (splits.train.clone(), splits.validation.clone());
    let mut session = Session::new(config, network.expect("they fit"), train, validation, &device)
        .expect("the configuration is valid");
    let mut epochs = 0;
    while let Some(event) = block_on(session.next()).expect("it trains") {
        if let Event::Epoch { epoch, .. } = event {
            epochs = epoch;
        }
    }
    let core_seconds = started.elapsed().as_secs_f64();
    let network = FoldedResNet::new(session.best_network());
    let mut evaluation = Evaluator::new(&splits.test.tasks);
    while evaluation.done() < splits.test.len() {
        block_on(evaluation.advance(&network, &splits.test, &device)).expect("it runs");
    }
    RunResult {
        name: variant.name.clone(),
        task,
        seed,
        device: device_name,
        accuracy: evaluation.results().score(),
        best_epoch: session.best().map_or(0, |best| best.epoch),
        epochs,
        core_seconds,
    }
}
