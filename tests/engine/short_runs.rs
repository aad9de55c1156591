//! A short run of every strategy, loss, regularizer and schedule, on generated images. Their losses are compared
//! between devices: natively (`wgpu_parity.rs`) and in a browser (`tests/browser/parity`).

use burn::tensor::Device;
use tunelab_core::data::input::InputSize;
use tunelab_core::data::task::{Target, Task};
use tunelab_core::options::TrainConfig;
use tunelab_core::options::values::{Augmentation, RegressionLoss, Schedule, Strategy};
use tunelab_core::options::weights::{ClassWeights, TaskWeights};
use tunelab_core::train::error::TrainError;
use tunelab_core::train::event::Event;
use tunelab_engine::data::dataset::Dataset;
use tunelab_engine::data::sample::sample_dataset;
use tunelab_engine::data::standardize::standardized;
use tunelab_engine::data::transform::Preprocessing;
use tunelab_engine::model::head::Head;
use tunelab_engine::model::resnet::ResNet;
use tunelab_engine::model::weights::load;
use tunelab_engine::train::session::Session;

/// A run of a few steps.
pub struct ShortRun {
    pub name: String,
    config: TrainConfig,
    /// Whether it has three tasks (a class, labels and a number) instead of a classification alone.
    several_tasks: bool,
}

/// How a run differs from the others.
type Change = fn(&mut TrainConfig);

/// Every strategy, loss, regularizer and schedule at least once.
pub fn all() -> Vec<ShortRun> {
    let config = |strategy| {
        let recommended = TrainConfig::recommended(strategy, InputSize::MIN, 16);
        TrainConfig { epochs: 2, probe_epochs: 1, batch_size: 8, ..recommended }
    };
    let mut runs: Vec<ShortRun> = Strategy::ALL
        .iter()
        .map(|strategy| {
            let config = config(*strategy);
            ShortRun { name: strategy.key().to_owned(), config, several_tasks: false }
        })
        .collect();
    let of_class: [(&str, Change); 13] = [
        ("focal loss", |config| config.focal_gamma = 2.0),
        ("MixUp", |config| config.mixup_alpha = 0.4),
        ("CutMix", |config| config.cutmix_alpha = 1.0),
        ("dropout", |config| config.dropout = 0.3),
        ("L1", |config| config.l1 = 1e-4),
        ("EMA", |config| config.ema_decay = Some(0.9)),
        ("SWA", |config| config.swa_start = Some(0.0)),
        ("TrivialAugment", |config| config.set_augmentation(Augmentation::TrivialAugment)),
        ("cached activations", |config| config.cache_views = 1),
        ("layer-wise learning rate decay", |config| config.layer_decay = 0.5),
        ("plateau", |config| {
            config.schedule = Schedule::Plateau;
            config.plateau_patience = 0;
        }),
        ("balanced, weighted, clipped, accumulated", |config| {
            config.balanced_sampling = true;
            config.class_weights = ClassWeights::Balanced;
            config.clip_norm = Some(0.5);
            config.gradient_accumulation = 2;
        }),
        ("distillation", |config| config.distillation_weight = 0.7),
    ];
    let of_several: [(&str, Change); 2] = [
        ("several tasks, Huber loss, learned weights", |config| {
            config.task_weights = TaskWeights::Learned;
        }),
        ("several tasks, squared error, given weights", |config| {
            config.regression_loss = RegressionLoss::Mse;
            config.task_weights = TaskWeights::Given(vec![1.0, 2.0, 0.5]);
        }),
    ];
    let of_class = of_class.map(|(name, change)| (name, change, false));
    let of_several = of_several.map(|(name, change)| (name, change, true));
    for (name, change, several_tasks) in of_class.into_iter().chain(of_several) {
        let mut config = config(Strategy::LastK);
        change(&mut config);
        runs.push(ShortRun { name: name.to_owned(), config, several_tasks });
    }
    runs
}

impl ShortRun {
    /// The training and validation losses of a run, in order.
    ///
    /// # Errors
    /// The run failed.
    pub async fn losses(&self, weights: &[u8], device: &Device) -> Result<Vec<f64>, TrainError> {
        let network = || {
            let pretrained = load(weights).expect("good weights");
            ResNet::from_pretrained(&pretrained, device).expect("they fit")
        };
        let (train, validation) = self.images();
        let mut session = Session::new(self.config.clone(), network(), train, validation, device)?;
        if self.config.distillation().is_some() {
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

    /// Two training images and one validation image for each of eight classes.
    fn images(&self) -> (Dataset, Dataset) {
        let (train, validation) =
            sample_dataset(2, 1, 0, &Preprocessing::with_size(InputSize::MIN));
        if !self.several_tasks {
            return (train, validation);
        }
        let described = |mut dataset: Dataset| {
            let class = dataset.tasks.remove(0);
            let labels = ["even".to_owned(), "high".to_owned()];
            dataset.tasks = vec![class, Task::labels("what", labels.into()), Task::number("place")];
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
