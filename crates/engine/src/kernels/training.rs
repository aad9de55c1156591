//! Training steps with the kernels.

use burn::module::{Param, ParamId};
use burn::optim::GradientsParams;
use burn::tensor::{Tensor, TensorData};
use tunelab_core::device::ComputeError;
use tunelab_core::model::part::Part;
use tunelab_kernels::backbone::{Backbone, Training};
use tunelab_kernels::buffer::Buffer;
use tunelab_kernels::geometry::Shape;

use super::network::{Parameters, backbone, contiguous, layers, norms_mut, numbers};
use crate::model::norm::BatchNorm2d;
use crate::model::resnet::ResNet;

/// Plans of the latest kinds of steps, and their memory.
#[derive(Default)]
pub struct TrainingKernels {
    plans: Vec<(PlanKey, Training)>,
    memory: Option<Buffer>,
}

#[derive(PartialEq)]
struct PlanKey {
    backbone: Backbone,
    input: [usize; 4],
}

/// Plans to keep: a run has batches of two sizes, the last of an epoch being smaller.
const PLANS: usize = 2;

/// A step between forward and backward pass.
pub struct Step {
    parameters: Parameters,
    first: Part,
}

impl TrainingKernels {
    /// Computes the features `[N, C]` of `input` `[N, C, H, W]`, the activations before `first`, without autodiff, and
    /// updates the running statistics of the norms that use those of the batch.
    ///
    /// # Errors
    /// The batch does not fit in the memory.
    pub fn forward(
        &mut self,
        network: &mut ResNet,
        first: Part,
        input: Tensor<4>,
    ) -> Result<(Tensor<2>, Step), ComputeError> {
        let device = input.device();
        self.reserve(network, first, input.dims())?;
        let parameters = Parameters::of(network, first, Part::Head);
        let input = contiguous(input);
        let (plan, memory) = self.current();
        let channels = network.architecture.feature_width();
        let mut features = vec![0.0; plan.features_len()];
        let images = features.len() / channels;
        plan.forward(memory, &parameters.views(), numbers(&input), &mut features, super::threads());
        let mut norms = norms_mut(network, first, Part::Head);
        for (index, mean, variance, samples) in plan.batch_statistics(memory) {
            let norm = &mut norms[index];
            let statistic = |values: &[f32]| {
                let data = TensorData::new(values.to_vec(), [values.len()]);
                Tensor::from_data(data, &norm.running_mean.device())
            };
            let (mean, variance) = (statistic(mean), statistic(variance));
            norm.update_statistics(mean, variance, samples as f64);
        }
        let features = Tensor::from_data(TensorData::new(features, [images, channels]), &device);
        Ok((features, Step { parameters, first }))
    }

    /// Adds the gradients of the backbone's trained parameters to `gradients`, from that of the features of the last
    /// [`TrainingKernels::forward`].
    pub fn backward(
        &mut self,
        network: &ResNet,
        step: &Step,
        feature_gradient: Tensor<2>,
        gradients: &mut GradientsParams,
    ) {
        let device = feature_gradient.device();
        let feature_gradient = contiguous(feature_gradient);
        let (plan, memory) = self.current();
        let parameters = step.parameters.views();
        let found =
            plan.backward(memory, &parameters, numbers(&feature_gradient), super::threads());
        for (layer, found) in layers(network, step.first, Part::Head).zip(found) {
            let Some(found) = found else { continue };
            let BatchNorm2d { weight, bias, .. } = layer.norm;
            if let Some(values) = found.weights {
                let shape = layer.conv.weight.dims();
                let data = TensorData::new(values, shape);
                gradients.register(layer.conv.weight.id, Tensor::<4>::from_data(data, &device));
            }
            let mut register = |parameter: &Param<Tensor<1>>, values: Vec<f32>| {
                if parameter.is_require_grad() {
                    let data = TensorData::new(values, parameter.dims());
                    let id: ParamId = parameter.id;
                    gradients.register(id, Tensor::<1>::from_data(data, &device));
                }
            };
            register(weight, found.norm_weight);
            register(bias, found.norm_bias);
        }
    }

    /// Plans steps with an input `[N, C, H, W]` of these dimensions, and reserves their memory.
    ///
    /// # Errors
    /// The batch does not fit in the memory.
    pub fn reserve(
        &mut self,
        network: &ResNet,
        first: Part,
        input: [usize; 4],
    ) -> Result<(), ComputeError> {
        let key = PlanKey { backbone: backbone(network, first, Part::Head), input };
        let [batch, channels, height, width] = input;
        let too_large = ComputeError::BatchTooLarge { images: batch };
        let known = self.plans.iter().position(|(found, _)| *found == key);
        let entry = match known {
            Some(index) => self.plans.remove(index),
            None => {
                let shape = Shape { height, width, channels };
                let plan = Training::new(&key.backbone, shape, batch, super::instructions());
                (key, plan.map_err(|_| too_large.clone())?)
            }
        };
        self.plans.insert(0, entry);
        self.plans.truncate(PLANS);
        let needed = self.plans[0].1.memory_len();
        if self.memory.as_ref().is_none_or(|memory| memory.len() < needed) {
            // Frees the old memory first.
            self.memory = None;
            self.memory = Some(Buffer::try_zeros(needed).ok_or(too_large)?);
        }
        Ok(())
    }

    fn current(&mut self) -> (&Training, &mut [f32]) {
        let memory = self.memory.as_deref_mut().unwrap_or_default();
        (&self.plans[0].1, memory)
    }
}
