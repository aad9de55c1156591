//! Computes with the engine on WebGPU in a page, so that `webgpu-parity.test.mjs` can compare its numbers with
//! PyTorch's and the CPU's. Its methods return JSON.

#[path = "../../engine/short_runs.rs"]
mod short_runs;

use burn::optim::GradientsParams;
use burn::tensor::{Device, Tensor, TensorData};
use js_sys::{Date, Function};
use serde_json::{Value, json};
use tunelab_core::device::ComputeDevice;
use tunelab_core::device::ComputeError;
use tunelab_core::model::part::Part;
use tunelab_core::model::trainable::{NormMode, Trainable};
use tunelab_core::options::values::UpdateRule;
use tunelab_core::train::optimizer::OptimizerConfig;
use tunelab_engine::device::open;
use tunelab_engine::model::folded::{FoldedBackbone, FoldedResNet};
use tunelab_engine::model::head::Head;
use tunelab_engine::model::parameters::{read, set_trainable};
use tunelab_engine::model::resnet::ResNet;
use tunelab_engine::model::weights::{StateDict, load, parse};
use tunelab_engine::train::objective::cross_entropy;
use tunelab_engine::train::optimizer::Optimizer;
use wasm_bindgen::JsValue;
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
    }
}

/// The fixture on a device.
#[wasm_bindgen]
pub struct Parity {
    device: Device,
    weights: Vec<u8>,
    tensors: StateDict,
    figures: Value,
}

type JsResult<T> = Result<T, String>;

fn text(error: impl std::fmt::Display) -> String {
    error.to_string()
}

#[wasm_bindgen]
impl Parity {
    /// Opens `device` (`cpu` or `wgpu`) for a weights file and the fixture's two files.
    pub async fn open(
        device: String,
        weights: Vec<u8>,
        tensors: Vec<u8>,
        figures: String,
    ) -> JsResult<Parity> {
        let device = if device == "wgpu" { ComputeDevice::Wgpu } else { ComputeDevice::Cpu };
        Ok(Self {
            device: open(device).await.map_err(text)?,
            weights,
            tensors: parse(&tensors).map_err(text)?,
            figures: serde_json::from_str(&figures).map_err(text)?,
        })
    }

    /// The largest differences of features and logits.
    pub async fn forward(&self) -> JsResult<String> {
        let pretrained = load(&self.weights).map_err(text)?;
        let network = ResNet::from_pretrained(&pretrained, &self.device).map_err(text)?;
        let input = self.input();
        let features = FoldedBackbone::before(&network, Part::Head).features(input.clone());
        let features = read(features).await.map_err(text)?;
        let logits = read(FoldedResNet::new(&network).logits(input)).await.map_err(text)?;
        Ok(json!({
            "features": largest_difference(&features, self.values("features_pretrained")),
            "logits": largest_difference(&logits, self.values("logits_pretrained")),
        })
        .to_string())
    }

    /// The losses of ten optimizer steps on one batch, beside PyTorch's.
    pub async fn trajectory(&self, name: String) -> JsResult<String> {
        let nesterov = name.contains("nesterov");
        let (rule, weight_decay, learning_rate) = match name.split(' ').next() {
            Some("sgd") if nesterov => (UpdateRule::Sgd, 5e-4, 0.01),
            Some("sgd") => (UpdateRule::Sgd, 0.0, 0.01),
            Some("adam") => (UpdateRule::Adam, 0.0, 1e-4),
            _ => (UpdateRule::AdamW, 0.01, 1e-4),
        };
        let mode =
            if name.contains("BN frozen") { NormMode::Frozen } else { NormMode::BatchStatistics };
        let mut network = self.network(mode)?;
        let config = OptimizerConfig {
            rule,
            nesterov,
            weight_decay,
            decay_bias_and_norm: true,
            ..OptimizerConfig::default()
        };
        let mut optimizer = Optimizer::new(config);
        let mut losses = Vec::new();
        for _ in 0..10 {
            let loss;
            (network, loss) =
                self.step(network, &mut optimizer, learning_rate, self.input()).await?;
            losses.push(loss);
        }
        let expected = &self.figures["trajectory_10_steps_same_batch"][&name];
        Ok(json!({ "losses": losses, "expected": expected }).to_string())
    }

    /// The names of the short runs.
    #[wasm_bindgen(js_name = shortRuns)]
    pub fn short_runs(&self) -> Vec<String> {
        short_runs::all().into_iter().map(|run| run.name).collect()
    }

    /// The losses of the short run at `index` of [`short_runs`](Self::short_runs), here and on the CPU.
    #[wasm_bindgen(js_name = shortRun)]
    pub async fn short_run(&self, index: usize) -> JsResult<String> {
        let all = short_runs::all();
        let run = all.get(index).ok_or("there are not so many short runs")?;
        let found = run.losses(&self.weights, &self.device).await.map_err(text)?;
        let processor = open(ComputeDevice::Cpu).await.map_err(text)?;
        let expected = run.losses(&self.weights, &processor).await.map_err(text)?;
        Ok(json!({ "losses": found, "expected": expected }).to_string())
    }

    /// Milliseconds of each of `steps` training steps on `batch` images of `side` px, and the last loss.
    /// After each step it calls `after_step`, where there is one, with the step's number, from 1.
    pub async fn steps(
        &self,
        batch: usize,
        side: usize,
        steps: usize,
        after_step: Option<Function>,
    ) -> JsResult<String> {
        let mut network = self.network(NormMode::BatchStatistics)?;
        let config = OptimizerConfig { weight_decay: 5e-4, ..OptimizerConfig::default() };
        let mut optimizer = Optimizer::new(config);
        let (mut times, mut last) = (Vec::new(), 0.0);
        for step in 1..=steps {
            let started = Date::now();
            let input = self.images(batch, side);
            (network, last) = self.step(network, &mut optimizer, 1e-3, input).await?;
            times.push(Date::now() - started);
            if let Some(after_step) = &after_step {
                let called = after_step.call1(&JsValue::NULL, &JsValue::from(step));
                called.map_err(|error| format!("{error:?}"))?;
            }
        }
        Ok(json!({ "milliseconds": times, "loss": last }).to_string())
    }

    /// Gives back the memory that nothing uses any more, as the worker does after a run.
    pub fn release(&self) {
        self.device.memory_cleanup();
    }

    /// Milliseconds of each of `passes` forward passes on `batch` images of `side` px.
    pub async fn passes(&self, batch: usize, side: usize, passes: usize) -> JsResult<String> {
        let pretrained = load(&self.weights).map_err(text)?;
        let network = ResNet::from_pretrained(&pretrained, &self.device).map_err(text)?;
        let network = FoldedResNet::new(&network);
        let mut times = Vec::new();
        for _ in 0..passes {
            let started = Date::now();
            read(network.logits(self.images(batch, side))).await.map_err(text)?;
            times.push(Date::now() - started);
        }
        Ok(json!({ "milliseconds": times }).to_string())
    }
}

impl Parity {
    fn values(&self, name: &str) -> &[f32] {
        self.tensors.tensors.get(name).and_then(|tensor| tensor.as_floats()).unwrap_or(&[])
    }

    fn input(&self) -> Tensor<4> {
        let data = TensorData::new(self.values("input").to_vec(), [8, 3, 64, 64]);
        Tensor::from_data(data, &self.device)
    }

    /// Images of any size, made from the fixture's pixels.
    fn images(&self, batch: usize, side: usize) -> Tensor<4> {
        let pixels = self.values("input").iter().copied().cycle().take(batch * 3 * side * side);
        let data = TensorData::new(pixels.collect::<Vec<f32>>(), [batch, 3, side, side]);
        Tensor::from_data(data, &self.device)
    }

    fn labels(&self, count: usize) -> Vec<usize> {
        let labels = self.figures["labels"].as_array().into_iter().flatten();
        let labels: Vec<usize> = labels.map(|label| label.as_u64().unwrap_or(0) as usize).collect();
        labels.into_iter().cycle().take(count).collect()
    }

    fn network(&self, mode: NormMode) -> JsResult<ResNet> {
        let device = self.device.clone().autodiff();
        let pretrained = load(&self.weights).map_err(text)?;
        let mut network = ResNet::from_pretrained(&pretrained, &device).map_err(text)?;
        let (weight, bias) = (self.values("head.weight"), self.values("head.bias"));
        network.fc = Head::from_values(weight.to_vec(), bias.to_vec(), 512, &device);
        let everything = Trainable::from(Part::Stem);
        let mut network = set_trainable(network, everything);
        network.set_norm_mode(everything, mode);
        Ok(network)
    }

    async fn step(
        &self,
        mut network: ResNet,
        optimizer: &mut Optimizer,
        learning_rate: f64,
        input: Tensor<4>,
    ) -> JsResult<(ResNet, f64)> {
        let count = input.dims()[0];
        let logits = network.forward(input.autodiff());
        let loss = cross_entropy(logits, &self.labels(count), 0.0);
        let gradients = GradientsParams::from_grads(loss.backward(), &network);
        let network = optimizer.step(network, gradients, |_| learning_rate);
        let value =
            read(loss.without_autodiff()).await.map_err(|error: ComputeError| text(error))?;
        Ok((network, f64::from(value.first().copied().unwrap_or(f32::NAN))))
    }
}

fn largest_difference(found: &[f32], expected: &[f32]) -> Option<f32> {
    let differences = found.iter().zip(expected).map(|(a, b)| (a - b).abs());
    (found.len() == expected.len() && found.iter().all(|value| value.is_finite()))
        .then(|| differences.fold(0.0, f32::max))
}
