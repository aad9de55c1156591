//! What is measured: inference, features, and training steps of the head and of the whole network.

use std::time::{Duration, Instant};

use burn::tensor::{Device, Distribution, Tensor};
use clap::ValueEnum;
use tunelab_core::device::Kernels;
use tunelab_core::model::part::Part;
use tunelab_core::model::trainable::{NormMode, Trainable};
use tunelab_core::options::values::{HeadInit, UpdateRule};
use tunelab_core::train::optimizer::OptimizerConfig;
use tunelab_engine::model::folded::{FoldedBackbone, FoldedResNet};
use tunelab_engine::model::head::Head;
use tunelab_engine::model::parameters::set_trainable;
use tunelab_engine::model::resnet::ResNet;
use tunelab_engine::model::weights::load;
use tunelab_engine::train::activation_cache::Activations;
use tunelab_engine::train::backpropagation::Backpropagation;
use tunelab_engine::train::objective::cross_entropy;
use tunelab_engine::train::optimizer::Optimizer;

/// The included weights.
pub const WEIGHTS: &[u8] =
    include_bytes!("../../www/models/resnet18-tiny-imagenet-f16.safetensors");

const CLASSES: usize = 10;

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Case {
    /// Logits of the folded network.
    Inference,
    /// Features of the folded backbone.
    Features,
    /// Training steps of the head, from features.
    Head,
    /// Training steps of the whole network.
    Full,
}

impl Case {
    pub const ALL: [Self; 4] = [Self::Inference, Self::Features, Self::Head, Self::Full];

    /// As in `pytorch.py`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Inference => "inference",
            Self::Features => "features",
            Self::Head => "head",
            Self::Full => "full",
        }
    }
}

/// The included network on the processor.
pub struct Network(pub ResNet);

impl Network {
    pub fn new(kernels: Kernels) -> Self {
        let weights = load(WEIGHTS).expect("the included weights are good");
        let mut network = ResNet::from_pretrained(&weights, &Device::flex()).expect("they fit");
        network.kernels = kernels;
        Self(network)
    }

    /// Images per second.
    pub fn rate(self, case: Case, size: usize, batch: usize, duration: Duration) -> f64 {
        let mut step = self.step(case, size, batch);
        step();
        let (started, mut count) = (Instant::now(), 0);
        while started.elapsed() < duration {
            step();
            count += batch;
        }
        count as f64 / started.elapsed().as_secs_f64()
    }

    /// A step on random images.
    pub fn step(self, case: Case, size: usize, batch: usize) -> Box<dyn FnMut()> {
        let device = Device::flex();
        let normal = Distribution::Normal(0.0, 1.0);
        let images = Tensor::<4>::random([batch, 3, size, size], normal, &device);
        let (first, rule, smoothing) = match case {
            Case::Inference => {
                let network = FoldedResNet::new(&self.0);
                return Box::new(move || drop(network.logits(images.clone()).into_data()));
            }
            Case::Features => {
                let backbone = FoldedBackbone::before(&self.0, Part::Head);
                return Box::new(move || drop(backbone.features(images.clone()).into_data()));
            }
            Case::Head => (Part::Head, UpdateRule::AdamW, 0.0),
            Case::Full => (Part::Stem, UpdateRule::Sgd, 0.1),
        };
        let labels: Vec<usize> = (0..batch).map(|index| index % CLASSES).collect();
        let features = Tensor::<2>::random([batch, 512], normal, &device);
        let mut network = self.0;
        network.fc = Head::init(HeadInit::Normal, CLASSES, 512, 0, &device);
        let trainable = Trainable::from(first);
        let mut network = set_trainable(network, trainable);
        network.set_norm_mode(trainable, NormMode::BatchStatistics);
        let config = OptimizerConfig {
            rule,
            weight_decay: 5e-4,
            decay_bias_and_norm: true,
            ..OptimizerConfig::default()
        };
        let mut optimizer = Optimizer::new(config);
        let mut backpropagation = Backpropagation::default();
        Box::new(move || {
            let input = match first {
                Part::Head => Activations::Features(features.clone()),
                _ => Activations::Maps(images.clone()),
            };
            let features =
                backpropagation.features(&mut network, first, input).expect("enough memory");
            let logits = network.fc.forward(features.values.clone());
            let loss = cross_entropy(logits, &labels, smoothing);
            let gradients = backpropagation.gradients(&network, &features, &loss);
            network = optimizer.step(network.clone(), gradients, |_| 0.01);
        })
    }
}
