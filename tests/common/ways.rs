//! Ways to fine-tune as short runs on drawn pictures, whose losses are compared between devices: natively
//! (`tests/wgpu.rs`) and in a browser (`tests/browser/parity.rs`).

use burn::tensor::Device;
use tunelab_core::data::augmentation::Augmentation;
use tunelab_core::data::augmentation::Mix;
use tunelab_core::data::input::InputSize;
use tunelab_core::data::task::{Target, Task};
use tunelab_core::train::class_weights::ClassWeights;
use tunelab_core::train::config::TrainConfig;
use tunelab_core::train::config::{Averaging, Caching, Distillation, Sampling, TaskWeights};
use tunelab_core::train::event::Event;
use tunelab_core::train::loss_kind::{ClassLoss, NumberLoss};
use tunelab_core::train::recipe::Recipe;
use tunelab_core::train::schedule::Schedule;
use tunelab_core::train::strategy::{StageCount, Strategy};
use tunelab_engine::data::dataset::Dataset;
use tunelab_engine::data::sample::sample_dataset;
use tunelab_engine::data::standardize::standardized;
use tunelab_engine::data::transform::Preprocessing;
use tunelab_engine::model::head::Head;
use tunelab_engine::model::resnet::ResNet;
use tunelab_engine::model::weights::load;
use tunelab_engine::train::error::TrainError;
use tunelab_engine::train::session::Session;

/// A way to fine-tune.
pub struct Way {
    pub name: String,
    config: TrainConfig,
    /// Learns classes, labels and a number at once instead of classes alone.
    table: bool,
}

/// What one of the ways has other than its recipe.
type Change = fn(&mut TrainConfig);

/// Every recipe, loss, regularizer, schedule and source of pictures at least once.
pub fn all() -> Vec<Way> {
    let of = |recipe: Recipe| {
        let base = TrainConfig::recommended(recipe, InputSize::MIN, 16);
        let strategy = match base.strategy {
            Strategy::ProbeThenFull { .. } => Strategy::ProbeThenFull { probe_epochs: 1 },
            Strategy::Surgical { .. } => Strategy::Surgical { probe_epochs: 1 },
            other => other,
        };
        TrainConfig { strategy, epochs: 2, batch_size: 8, ..base }
    };
    let way = |name: &str, config| Way { name: name.into(), config, table: false };
    let mut ways: Vec<Way> =
        Recipe::ALL.into_iter().map(|recipe| way(&recipe.to_string(), of(recipe))).collect();
    let last = of(Recipe::LastK { stages: StageCount::ONE });
    let more: [(&str, Change); 13] = [
        ("focal loss", |config| config.class_loss = ClassLoss::Focal { gamma: 2.0 }),
        ("MixUp", |config| config.mix = Mix::MixUp { alpha: 0.4 }),
        ("CutMix", |config| config.mix = Mix::CutMix { alpha: 1.0 }),
        ("dropout", |config| config.dropout = 0.3),
        ("L1", |config| config.optimizer.l1 = 1e-4),
        ("moving average", |config| config.averaging = Averaging::Exponential { decay: 0.9 }),
        ("mean of the epochs", |config| config.averaging = Averaging::Stochastic { start: 0.0 }),
        ("automatic augmentation", |config| {
            config.augmentation = Augmentation::automatic(InputSize::MIN);
        }),
        ("kept activations", |config| config.caching = Caching::Views(1)),
        ("rate by layer", |config| config.layer_decay = 0.5),
        ("plateau", |config| config.schedule = Schedule::Plateau { factor: 0.1, patience: 0 }),
        ("balanced, weighted, clipped, in pieces", |config| {
            config.sampling = Sampling::Balanced;
            config.class_weights = ClassWeights::Balanced;
            config.clip_norm = Some(0.5);
            config.accumulation = 2;
        }),
        ("distillation", |config| {
            config.distillation = Some(Distillation { temperature: 4.0, weight: 0.7 });
        }),
    ];
    for (name, change) in more {
        let mut config = last.clone();
        change(&mut config);
        ways.push(way(name, config));
    }
    for (name, number_loss) in [
        ("several columns, Huber, learned weights", NumberLoss::Huber { delta: 1.0 }),
        ("several columns, squared error", NumberLoss::MeanSquared),
    ] {
        let task_weights = match number_loss {
            NumberLoss::MeanSquared => TaskWeights::Given(vec![1.0, 2.0, 0.5]),
            NumberLoss::Huber { .. } => TaskWeights::Learned,
        };
        let config = TrainConfig { number_loss, task_weights, ..last.clone() };
        ways.push(Way { name: name.into(), config, table: true });
    }
    ways
}

impl Way {
    /// The training and validation losses of a run, in order.
    ///
    /// # Errors
    /// What the run fails by.
    pub async fn losses(&self, weights: &[u8], device: &Device) -> Result<Vec<f64>, TrainError> {
        let network = || {
            let pretrained = load(weights).expect("good weights");
            ResNet::from_pretrained(&pretrained, device).expect("they fit")
        };
        let (train, validation) = self.pictures();
        let mut session = Session::new(self.config.clone(), network(), train, validation, device)?;
        if self.config.distillation.is_some() {
            let mut teacher = network();
            let weight = (0..8 * 512).map(|index| (index as f32).sin() / 10.0).collect();
            teacher.fc = Head::from_values(weight, vec![0.0; 8], 512, device);
            session = session.with_teacher(&teacher);
        }
        let mut losses = Vec::new();
        while let Some(event) = session.next().await? {
            match event {
                Event::Step { loss, .. } => losses.push(loss),
                Event::Epoch { validation, .. } => losses.push(validation.loss),
                Event::Done { report: Some(report), .. } => losses.push(report.loss),
                _ => {}
            }
        }
        Ok(losses)
    }

    /// Two pictures of each of eight classes to train on, one to validate on.
    fn pictures(&self) -> (Dataset, Dataset) {
        let (train, validation) =
            sample_dataset(2, 1, 0, &Preprocessing::with_size(InputSize::MIN));
        if !self.table {
            return (train, validation);
        }
        let described = |mut dataset: Dataset| {
            let figures = dataset.tasks.remove(0);
            let labels = ["even".to_owned(), "high".to_owned()];
            dataset.tasks =
                vec![figures, Task::labels("what", labels.into()), Task::number("place")];
            for example in &mut dataset.examples {
                let class = example.class().unwrap_or_default();
                example.targets.push(Target::Labels(vec![class % 2 == 0, class > 3]));
                example.targets.push(match class {
                    5 => Target::Missing,
                    _ => Target::Number(class as f64),
                });
            }
            dataset
        };
        standardized(described(train), described(validation))
    }
}
