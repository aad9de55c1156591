//! Inference with the kernels.

use std::sync::{Arc, Mutex, PoisonError};

use burn::tensor::{Tensor, TensorData};
use tunelab_core::model::part::Part;
use tunelab_kernels::backbone::{Backbone, FoldedWeights, Inference};
use tunelab_kernels::buffer::Buffer;
use tunelab_kernels::geometry::Shape;

use super::network::{Parameters, backbone, contiguous, numbers};
use crate::model::resnet::ResNet;

/// Consecutive parts of a backbone with packed and folded weights. Clones share them.
#[derive(Clone)]
pub struct InferenceKernels {
    backbone: Arc<Backbone>,
    weights: Arc<FoldedWeights>,
    state: Arc<Mutex<State>>,
}

/// Plans of the latest kinds of inputs, and the memory with the weights.
struct State {
    plans: Vec<([usize; 4], Inference)>,
    memory: Buffer,
    /// The weights until they are packed, which the first plan's memory is needed for.
    parameters: Option<Parameters>,
}

/// Plans to keep: the last batch of a dataset is smaller.
const PLANS: usize = 2;

impl std::fmt::Debug for InferenceKernels {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("InferenceKernels").finish_non_exhaustive()
    }
}

impl InferenceKernels {
    /// The parts from `first` up to the one before `end`.
    pub fn new(network: &ResNet, first: Part, end: Part) -> Self {
        let backbone = backbone(network, first, end);
        let weights = FoldedWeights::new(&backbone, super::instructions());
        let parameters = Some(Parameters::of(network, first, end));
        let state = State { plans: Vec::new(), memory: Buffer::zeros(0), parameters };
        Self {
            backbone: Arc::new(backbone),
            weights: Arc::new(weights),
            state: Arc::new(Mutex::new(state)),
        }
    }

    /// The activations `[N, C, H', W']` after the last part for `input` `[N, C, H, W]`.
    pub fn activations(&self, input: Tensor<4>) -> Tensor<4> {
        let (dims, device) = (input.dims(), input.device());
        let input = contiguous(input);
        self.with_plan(dims, |plan, memory| {
            let Shape { height, width, channels } = plan.output();
            let mut values = vec![0.0; dims[0] * channels * height * width];
            plan.activations(memory, numbers(&input), &mut values, super::threads());
            let data = TensorData::new(values, [dims[0], channels, height, width]);
            Tensor::from_data(data, &device)
        })
    }

    /// The pooled features `[N, C]` for `input` `[N, C, H, W]`.
    pub fn features(&self, input: Tensor<4>) -> Tensor<2> {
        let (dims, device) = (input.dims(), input.device());
        let input = contiguous(input);
        self.with_plan(dims, |plan, memory| {
            let channels = plan.output().channels;
            let mut values = vec![0.0; dims[0] * channels];
            plan.features(memory, numbers(&input), &mut values, super::threads());
            Tensor::from_data(TensorData::new(values, [dims[0], channels]), &device)
        })
    }

    /// Runs `with` with the plan for inputs of these dimensions, and its memory.
    fn with_plan<T>(&self, dims: [usize; 4], with: impl FnOnce(&Inference, &mut [f32]) -> T) -> T {
        // A panic leaves the weights as they are.
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let State { plans, memory, parameters } = &mut *state;
        let entry = match plans.iter().position(|(found, _)| *found == dims) {
            Some(index) => plans.remove(index),
            None => {
                let [batch, channels, height, width] = dims;
                let shape = Shape { height, width, channels };
                (dims, Inference::new(&self.backbone, &self.weights, shape, batch))
            }
        };
        plans.insert(0, entry);
        plans.truncate(PLANS);
        let plan = &plans[0].1;
        if memory.len() < plan.memory_len() {
            let mut larger = Buffer::zeros(plan.memory_len());
            let packed = self.weights.memory_len().min(memory.len());
            larger[..packed].copy_from_slice(&memory[..packed]);
            *memory = larger;
        }
        if let Some(parameters) = parameters.take() {
            self.weights.pack(memory, &parameters.views(), super::threads());
        }
        with(plan, memory)
    }
}
