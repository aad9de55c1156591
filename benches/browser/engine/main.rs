//! Runs the engine in a worker, one batch at a time. `scripts/bench-browser` measures how long each batch takes.

use burn::tensor::{Device, Tensor, TensorData};
use tunelab_core::device::{ComputeDevice, Kernels};
use tunelab_core::model::part::Part;
use tunelab_core::model::trainable::{NormMode, Trainable};
use tunelab_core::train::optimizer::OptimizerConfig;
use tunelab_engine::device::open;
use tunelab_engine::kernels;
use tunelab_engine::model::folded::FoldedResNet;
use tunelab_engine::model::head::Head;
use tunelab_engine::model::parameters::{read, set_trainable};
use tunelab_engine::model::resnet::ResNet;
use tunelab_engine::model::weights::{PretrainedWeights, load};
use tunelab_engine::train::activation_cache::Activations;
use tunelab_engine::train::backpropagation::Backpropagation;
use tunelab_engine::train::objective::cross_entropy;
use tunelab_engine::train::optimizer::Optimizer;
use wasm_bindgen::prelude::wasm_bindgen;

#[cfg(target_arch = "wasm32")]
unsafe extern "C" {
    /// Runs the program's static constructors; made by the linker.
    fn __wasm_call_ctors();
}

fn main() {
    // SAFETY: the linker makes this function in every program; it takes and gives nothing. See src/worker/main.rs for
    // why it is called here.
    #[cfg(target_arch = "wasm32")]
    unsafe {
        __wasm_call_ctors();
        // The app asks the browser; Chromium, which runs this, has it.
        kernels::use_relaxed_simd();
    }
}

type JsResult<T> = Result<T, String>;

fn text(error: impl std::fmt::Display) -> String {
    error.to_string()
}

/// A device and the pretrained weights.
#[wasm_bindgen]
pub struct Engine {
    device: Device,
    pretrained: PretrainedWeights,
}

#[wasm_bindgen]
impl Engine {
    /// Opens `device` and reads a weights file: `cpu`, `reference` for burn's operations on the processor, or `wgpu`.
    pub async fn open(device: String, weights: Vec<u8>) -> JsResult<Engine> {
        if device == "reference" {
            kernels::select(Kernels::Reference);
        }
        let device = if device == "wgpu" { ComputeDevice::Wgpu } else { ComputeDevice::Cpu };
        Ok(Self {
            device: open(device).await.map_err(text)?,
            pretrained: load(&weights).map_err(text)?,
        })
    }

    /// The network for inference.
    pub fn inference(&self) -> JsResult<Inference> {
        let network = ResNet::from_pretrained(&self.pretrained, &self.device).map_err(text)?;
        Ok(Inference { device: self.device.clone(), network: FoldedResNet::new(&network) })
    }

    /// The network with a new head, whose weight is `[classes, 512]`, for training all of it with SGD, a momentum of
    /// 0.9 and batch statistics.
    pub fn training(&self, weight: Vec<f32>, bias: Vec<f32>, rate: f64) -> JsResult<Training> {
        let device = self.device.clone().autodiff();
        let mut network = ResNet::from_pretrained(&self.pretrained, &device).map_err(text)?;
        network.fc = Head::from_values(weight, bias, 512, &device);
        let everything = Trainable::from(Part::Stem);
        let mut network = set_trainable(network, everything);
        network.set_norm_mode(everything, NormMode::BatchStatistics);
        let config = OptimizerConfig { nesterov: false, ..OptimizerConfig::default() };
        Ok(Training {
            device: self.device.clone(),
            network: Some(network),
            optimizer: Optimizer::new(config),
            backpropagation: Backpropagation::default(),
            rate,
        })
    }
}

/// `[batch, 3, side, side]`.
fn images(pixels: Vec<f32>, side: usize, device: &Device) -> Tensor<4> {
    let batch = pixels.len() / (3 * side * side);
    Tensor::from_data(TensorData::new(pixels, [batch, 3, side, side]), device)
}

#[wasm_bindgen]
pub struct Inference {
    device: Device,
    network: FoldedResNet,
}

#[wasm_bindgen]
impl Inference {
    /// The logits of a batch of standardized images of `side` px, `[batch, classes]`.
    pub async fn logits(&self, pixels: Vec<f32>, side: usize) -> JsResult<Vec<f32>> {
        read(self.network.logits(images(pixels, side, &self.device))).await.map_err(text)
    }
}

#[wasm_bindgen]
pub struct Training {
    device: Device,
    /// `None` during a step, and after one that failed.
    network: Option<ResNet>,
    optimizer: Optimizer,
    backpropagation: Backpropagation,
    rate: f64,
}

#[wasm_bindgen]
impl Training {
    /// Trains on a batch of standardized images of `side` px, and returns its loss.
    pub async fn step(
        &mut self,
        pixels: Vec<f32>,
        labels: Vec<usize>,
        side: usize,
    ) -> JsResult<f32> {
        let mut network = self.network.take().ok_or("an earlier step failed")?;
        let input = Activations::Maps(images(pixels, side, &self.device));
        let features =
            self.backpropagation.features(&mut network, Part::Stem, input).map_err(text)?;
        let logits = network.fc.forward(features.values.clone());
        let loss = cross_entropy(logits, &labels, 0.0);
        let gradients = self.backpropagation.gradients(&network, &features, &loss);
        let rate = self.rate;
        self.network = Some(self.optimizer.step(network, gradients, |_| rate));
        let value = read(loss.without_autodiff()).await.map_err(text)?;
        value.first().copied().ok_or_else(|| "no loss".to_string())
    }
}
