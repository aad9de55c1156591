//! One optimizer step.

use burn::optim::{GradientsAccumulator, GradientsParams};
use burn::tensor::Tensor;
use web_time::Instant;

use super::Session;
use crate::eval::evaluator::predicted_class;
use crate::model::params::read;
use crate::train::error::TrainError;
use crate::train::event::Event;
use crate::train::gradients;

impl Session {
    pub(super) async fn train_step(&mut self) -> Result<Event, TrainError> {
        let started = Instant::now();
        let indices = self.order[self.batches.range(self.position.step_in_epoch)].to_vec();
        let labels: Vec<usize> =
            indices.iter().map(|&index| self.train.examples[index].label).collect();
        let denominator = self.loss.denominator(&labels);
        let before = self.network.clone();

        let mut accumulator = GradientsAccumulator::new();
        let (mut loss, mut right) = (0.0, 0);
        let piece_size = indices.len().div_ceil(self.config.accumulation);
        for (piece, labels) in indices.chunks(piece_size).zip(labels.chunks(piece_size)) {
            let logits = self.forward(piece);
            let [n, classes] = logits.dims();
            let piece_loss = self.loss.forward(logits.clone(), labels, denominator);
            let gradients = GradientsParams::from_grads(piece_loss.backward(), &self.network);
            accumulator.accumulate(&self.network, gradients);

            // One read for both: each costs a round trip to the device.
            let read_back = Tensor::cat(vec![logits.reshape([n * classes]), piece_loss], 0);
            let values = read(read_back.without_autodiff()).await?;
            loss += f64::from(values[n * classes]);
            let rows = values[..n * classes].chunks_exact(classes);
            right +=
                rows.zip(labels).filter(|(row, label)| predicted_class(row) == **label).count();
        }

        let learning_rate = self.rate.at(self.position.step);
        if !loss.is_finite() {
            self.network = self.known_good.clone();
            return Err(TrainError::NonFinite {
                step: self.position.step + 1,
                loss,
                learning_rate,
            });
        }
        self.known_good = before;

        let mut gradients = accumulator.grads();
        if let Some(max_norm) = self.config.clip_norm {
            gradients = gradients::clip(&self.network, gradients, max_norm);
        }
        let network = self.network.clone();
        self.network = self.optimizer.step(network, gradients, |_| learning_rate);

        let seconds = started.elapsed().as_secs_f64();
        self.position.step += 1;
        self.position.step_in_epoch += 1;
        self.tally.loss_sum += loss * indices.len() as f64;
        self.tally.images += indices.len();
        self.tally.right += right;
        self.tally.seconds += seconds;
        self.phase = self.phase_at_position();
        Ok(Event::Step {
            epoch: self.position.epoch + 1,
            step: self.position.step,
            total_steps: self.rate.total_steps,
            loss,
            learning_rate,
            images: indices.len(),
            seconds,
        })
    }

    /// The logits of the training images at `indices`, tracked by autodiff.
    fn forward(&mut self, indices: &[usize]) -> Tensor<2> {
        if let Some(features) = &self.features {
            let rows = features.train.rows(indices, &self.device).autodiff();
            return self.network.fc.forward(rows);
        }
        let images = self.batch(indices).into_images(&self.device);
        let input = match &self.frozen {
            Some(frozen) => frozen.activations(images),
            None => images,
        };
        let first = self.config.strategy.first_trainable();
        self.network.forward_from(first, input.autodiff())
    }
}
