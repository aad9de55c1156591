//! A network that learns: batches in, gradients gathered, weights moved.

use burn::optim::{GradientsAccumulator, GradientsParams};
use burn::tensor::Tensor;

use super::dropout::keep_mask;
use super::gradients;
use super::input::Input;
use super::objective::Objective;
use super::optimizer::Optimizer;
use super::targets::Targets;
use super::task_weighting::TaskWeighting;
use crate::error::ComputeError;
use crate::model::folded::FoldedBackbone;
use crate::model::params::{blend, read, set_trainable};
use crate::model::resnet::ResNet;
use tunelab_core::model::part::Part;
use tunelab_core::model::trainable::{NormMode, Trainable};

/// A network and all that moves its weights.
pub struct Learner {
    /// On the device with autodiff.
    pub network: ResNet,
    pub optimizer: Optimizer,
    pub weighting: TaskWeighting,
    pub objective: Objective,
    trainable: Trainable,
    /// What runs before the trained parts; none where the stem is trained.
    frozen: Option<FoldedBackbone>,
    /// Share of the features left out before the head.
    dropout: f64,
    clip_norm: Option<f64>,
    /// A moving average of the weights, where one is kept.
    pub average: Option<ResNet>,
    accumulator: GradientsAccumulator<ResNet>,
}

/// A piece of a batch.
pub struct Piece<'a> {
    pub input: Input,
    pub targets: Targets,
    /// Of the whole batch: [`Targets::totals`].
    pub totals: &'a [f64],
    /// Images of the whole batch.
    pub images: usize,
    /// The logits of a teacher for the same images, `[N, outputs]`.
    pub teacher: Option<Tensor<2>>,
    /// The seed and step that name the draw of what is dropped, and the piece's first image.
    pub draw: Draw,
}

/// Names what is random in a step.
#[derive(Debug, Clone, Copy)]
pub struct Draw {
    pub seed: u64,
    pub step: u64,
    pub first_image: usize,
}

/// What a piece of a batch told.
pub struct PieceOutcome {
    /// Its part of the batch's loss, as optimized.
    pub loss: f64,
    /// Its part of each task's own loss.
    pub task_losses: Vec<f64>,
    /// `[N, outputs]`, row-major.
    pub logits: Vec<f32>,
}

impl Learner {
    /// A learner that trains nothing yet; see [`Learner::train`].
    pub fn new(
        network: ResNet,
        optimizer: Optimizer,
        objective: Objective,
        weighting: TaskWeighting,
        dropout: f64,
        clip_norm: Option<f64>,
    ) -> Self {
        Self {
            network,
            optimizer,
            weighting,
            objective,
            trainable: Trainable::from(Part::Head),
            frozen: None,
            dropout,
            clip_norm,
            average: None,
            accumulator: GradientsAccumulator::new(),
        }
    }

    /// Trains these parameters from now on, their norms in this mode.
    pub fn train(&mut self, trainable: Trainable, mode: NormMode) {
        self.trainable = trainable;
        self.network = set_trainable(self.network.clone(), trainable);
        self.network.set_norm_mode(trainable, mode);
        let first = trainable.first();
        self.frozen = (first > Part::Stem).then(|| FoldedBackbone::before(&self.network, first));
    }

    /// What is trained.
    pub fn trainable(&self) -> Trainable {
        self.trainable
    }

    /// What runs before the trained parts, if anything does.
    pub fn frozen(&self) -> Option<&FoldedBackbone> {
        self.frozen.as_ref()
    }

    /// What the trained parts are given for images `[N, 3, H, W]`.
    pub fn input(&self, images: Tensor<4>) -> Input {
        match &self.frozen {
            Some(frozen) if self.trainable.first() == Part::Head => {
                Input::Features(frozen.features(images))
            }
            Some(frozen) => Input::Maps(frozen.activations(images)),
            None => Input::Maps(images),
        }
    }

    /// Runs a piece forward and backward, and gathers its gradients.
    ///
    /// # Errors
    /// The device failed.
    pub async fn gather(&mut self, piece: Piece<'_>) -> Result<PieceOutcome, ComputeError> {
        let Piece { input, targets, totals, images, teacher, draw } = piece;
        let mut features = input.features(&mut self.network, self.trainable.first());
        let device = features.device();
        if self.dropout > 0.0 {
            features = features.clone() * keep_mask(&features, self.dropout, draw, &device);
        }
        let logits = self.network.fc.forward(features);
        let [n, outputs] = logits.dims();
        let teacher = teacher.as_ref().map(|teacher| (teacher, images));
        let losses = self.objective.losses(logits.clone(), &targets, totals, teacher);
        let loss = self.weighting.total(losses.clone(), &device);
        let gradients = GradientsParams::from_grads(loss.backward(), &self.network);
        self.accumulator.accumulate(&self.network, gradients);

        // One read for all: each costs a round trip to the device.
        let logits = logits.reshape([n * outputs]);
        let values = read(Tensor::cat(vec![logits, losses], 0).without_autodiff()).await?;
        let (logits, losses) = values.split_at(n * outputs);
        let task_losses: Vec<f64> = losses.iter().map(|loss| f64::from(*loss)).collect();
        Ok(PieceOutcome {
            loss: self.weighting.total_of(&task_losses),
            task_losses,
            logits: logits.to_vec(),
        })
    }

    /// The gradients gathered since the last step.
    pub fn take_gradients(&mut self) -> GradientsParams {
        let gradients = self.accumulator.grads();
        match self.clip_norm {
            Some(max_norm) => gradients::clip(&self.network, gradients, max_norm),
            None => gradients,
        }
    }

    /// Moves the weights by the gathered gradients; `learning_rate` gives a parameter's rate by name.
    pub fn step(&mut self, learning_rate: impl Fn(&str) -> f64) {
        let gradients = self.take_gradients();
        self.network = self.optimizer.step(self.network.clone(), gradients, learning_rate);
    }

    /// Moves the average towards the weights, of which it keeps `keep`.
    pub fn follow(&mut self, keep: f64) {
        let average = self.average.take().unwrap_or_else(|| self.network.clone());
        self.average = Some(blend(average, &self.network, keep));
    }
}
