//! What is compared, and one run of it.

use cpu_time::ProcessTime;
use tunelab_core::data::augmentation::Augmentation;
use tunelab_core::data::augmentation::Mix;
use tunelab_core::data::input::InputSize;
use tunelab_core::train::config::Averaging;
use tunelab_core::train::config::TrainConfig;
use tunelab_core::train::recipe::Recipe;
use tunelab_core::train::strategy::StageCount;
use tunelab_engine::data::dataset::Dataset;
use tunelab_engine::eval::evaluator::Evaluation;
use tunelab_engine::model::folded::FoldedResNet;
use tunelab_engine::model::resnet::ResNet;
use tunelab_engine::model::weights::load;
use tunelab_engine::train::session::Session;

use crate::data::{Parts, TaskName};
use crate::device::DeviceName;
use crate::table::RunResult;

/// A way to fine-tune, under a name.
pub struct Contestant {
    pub name: String,
    pub choose: Box<dyn Fn(&Dataset) -> TrainConfig>,
}

fn of_recipe(name: &str, recipe: Recipe) -> Contestant {
    let choose =
        move |train: &Dataset| TrainConfig::recommended(recipe, InputSize::default(), train.len());
    Contestant { name: name.into(), choose: Box::new(choose) }
}

/// The choice that is made for the user.
pub const AUTOMATIC: &str = "auto";

/// Every recipe, and the choice among them that is made for the user.
pub fn strategies() -> Vec<Contestant> {
    let fixed = Recipe::ALL.into_iter().filter(|recipe| *recipe != Recipe::Adaptive);
    let mut all: Vec<Contestant> =
        fixed.map(|recipe| of_recipe(&recipe.to_string(), recipe)).collect();
    let two = Recipe::LastK { stages: StageCount::TWO };
    all.insert(3, of_recipe(&two.to_string(), two));
    let choose = |train: &Dataset| {
        let recipe = Recipe::automatic(train.len(), train.classes().len());
        TrainConfig::recommended(recipe, InputSize::default(), train.len())
    };
    all.push(Contestant { name: AUTOMATIC.into(), choose: Box::new(choose) });
    all
}

/// Full fine-tuning without any regularizer, with each one of them, and as it is recommended, with some.
pub fn regularizers() -> Vec<Contestant> {
    let with = |name: &str, change: fn(&mut TrainConfig)| {
        let choose = move |train: &Dataset| {
            let size = InputSize::default();
            let mut config = TrainConfig::recommended(Recipe::Full, size, train.len());
            config.optimizer.weight_decay = 0.0;
            config.label_smoothing = 0.0;
            config.augmentation = Augmentation::none();
            change(&mut config);
            config
        };
        Contestant { name: name.into(), choose: Box::new(choose) }
    };
    vec![
        with("none", |_| {}),
        with("weight decay 5e-4", |config| config.optimizer.weight_decay = 5e-4),
        with("L1 1e-5", |config| config.optimizer.l1 = 1e-5),
        with("pull 0.01 (L2-SP)", |config| config.optimizer.pull = 0.01),
        with("dropout 0.3", |config| config.dropout = 0.3),
        with("label smoothing 0.1", |config| config.label_smoothing = 0.1),
        with("MixUp 0.2", |config| config.mix = Mix::MixUp { alpha: 0.2 }),
        with("CutMix 1", |config| config.mix = Mix::CutMix { alpha: 1.0 }),
        with("light augmentation", |config| {
            config.augmentation = Augmentation::light(InputSize::default());
        }),
        with("strong augmentation", |config| {
            config.augmentation = Augmentation::strong(InputSize::default());
        }),
        with("automatic augmentation", |config| {
            config.augmentation = Augmentation::automatic(InputSize::default());
        }),
        with("early stopping, patience 3", |config| config.patience = Some(3)),
        with("EMA 0.99", |config| config.averaging = Averaging::Exponential { decay: 0.99 }),
        with("SWA from half on", |config| {
            config.averaging = Averaging::Stochastic { start: 0.5 };
        }),
        of_recipe(&Recipe::Full.to_string(), Recipe::Full),
    ]
}

/// Trains and measures.
pub fn run(
    contestant: &Contestant,
    task: TaskName,
    parts: &Parts,
    seed: u64,
    device_name: DeviceName,
) -> RunResult {
    let device = device_name.open();
    let weights = include_bytes!("../../www/models/resnet18-tiny-imagenet-f16.safetensors");
    let network = ResNet::from_pretrained(&load(weights).expect("good weights"), &device);
    let config = TrainConfig { seed, ..(contestant.choose)(&parts.train) };
    let started = ProcessTime::now();
    let (train, validation) = (parts.train.clone(), parts.validation.clone());
    let mut session = Session::new(config, network.expect("they fit"), train, validation, &device)
        .expect("the choices are in range");
    let mut epochs = 0;
    while let Some(event) = pollster::block_on(session.next()).expect("it trains") {
        if let tunelab_core::train::event::Event::Epoch { epoch, .. } = event {
            epochs = epoch;
        }
    }
    let core_seconds = started.elapsed().as_secs_f64();
    let network = FoldedResNet::new(session.best_network());
    let mut evaluation = Evaluation::new(&parts.test.tasks);
    while evaluation.done() < parts.test.len() {
        pollster::block_on(evaluation.advance(&network, &parts.test, &device)).expect("it runs");
    }
    RunResult {
        name: contestant.name.clone(),
        task,
        seed,
        device: device_name,
        accuracy: evaluation.report().score(),
        best_epoch: session.best().map_or(0, |best| best.epoch),
        epochs,
        core_seconds,
    }
}
