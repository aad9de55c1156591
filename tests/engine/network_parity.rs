//! Features, logits, gradients, batch norm and optimizer steps against PyTorch's, from the same weights and the same
//! batch.

use std::collections::BTreeMap;

use burn::module::{Module, ModuleVisitor, Param};
use burn::optim::GradientsParams;
use burn::tensor::{Device, Tensor, TensorData};
use pollster::block_on;
use tunelab_core::model::part::Part;
use tunelab_core::model::trainable::{NormMode, Trainable};
use tunelab_core::options::values::UpdateRule;
use tunelab_core::train::optimizer::OptimizerConfig;
use tunelab_engine::model::folded::{FoldedBackbone, FoldedResNet};
use tunelab_engine::model::norm::BatchNorm2d;
use tunelab_engine::model::parameters::{set_trainable, state_dict};
use tunelab_engine::model::resnet::ResNet;
use tunelab_engine::model::weights::load;
use tunelab_engine::train::objective::cross_entropy;
use tunelab_engine::train::optimizer::Optimizer;

use crate::common::bundled_weights;
use crate::gpu::wgpu;
use crate::pytorch::BatchFixture;

/// The fixture's network, all of it trainable.
fn network(fixture: &BatchFixture, mode: NormMode) -> ResNet {
    let everything = Trainable::from(Part::Stem);
    let mut network = set_trainable(fixture.network(), everything);
    network.set_norm_mode(everything, mode);
    network
}

fn host<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.without_autodiff().try_into_vec_as::<f32>().unwrap()
}

fn largest_difference(found: &[f32], expected: &[f32]) -> f32 {
    assert_eq!(found.len(), expected.len());
    found.iter().zip(expected).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max)
}

fn l2(values: &[f32]) -> f64 {
    values.iter().map(|&value| f64::from(value).powi(2)).sum::<f64>().sqrt()
}

fn relative(found: f64, expected: f64) -> f64 {
    (found - expected).abs() / expected.abs()
}

/// Every gradient of `network` by its parameter's torchvision name.
fn named_gradients(network: &ResNet, gradients: &GradientsParams) -> BTreeMap<String, Vec<f32>> {
    struct Named<'a> {
        path: Vec<String>,
        gradients: &'a GradientsParams,
        found: BTreeMap<String, Vec<f32>>,
    }
    impl ModuleVisitor for Named<'_> {
        fn enter_module(&mut self, name: &str, _: &str) {
            self.path.push(name.to_string());
        }
        fn exit_module(&mut self, _: &str, _: &str) {
            self.path.pop();
        }
        fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
            if let Some(gradient) = self.gradients.get::<D>(param.id) {
                self.found.insert(self.path.join("."), host(gradient));
            }
        }
    }
    let mut visitor = Named { path: Vec::new(), gradients, found: BTreeMap::new() };
    network.visit(&mut visitor);
    visitor.found
}

fn check_forward(fixture: &BatchFixture, device: &Device, tolerance: f32) {
    let network = ResNet::from_pretrained(&load(&bundled_weights()).unwrap(), device).unwrap();
    let input = fixture.input(device);

    let features = host(FoldedBackbone::before(&network, Part::Head).features(input.clone()));
    let difference = largest_difference(&features, fixture.values("features_pretrained"));
    println!("features: largest difference {difference:.2e}");
    assert!(difference < tolerance);

    let logits = host(FoldedResNet::new(&network).logits(input));
    let difference = largest_difference(&logits, fixture.values("logits_pretrained"));
    println!("logits: largest difference {difference:.2e}");
    assert!(difference < tolerance);
}

#[test]
fn features_and_logits_on_the_cpu() {
    let Some(fixture) = BatchFixture::load() else { return };
    check_forward(&fixture, &Device::flex(), 1e-3);
}

/// The same on a GPU.
#[test]
fn features_and_logits_on_wgpu() {
    let Some(fixture) = BatchFixture::load() else { return };
    let Some(device) = wgpu() else { return };
    check_forward(&fixture, &device, 1e-3);
}

/// The folded network is equivalent to the unfolded one in frozen mode.
#[test]
fn folding_changes_nothing() {
    let Some(fixture) = BatchFixture::load() else { return };
    let mut network = network(&fixture, NormMode::Frozen);
    let device = Device::flex();
    let unfolded = host(network.forward(fixture.input(&device).autodiff()));
    let folded = host(FoldedResNet::new(&network).logits(fixture.input(&device)));
    assert!(largest_difference(&unfolded, &folded) < 1e-4);
}

fn check_gradients(mode: NormMode, scalars: &str, whole: &str) {
    let Some(fixture) = BatchFixture::load() else { return };
    let mut network = network(&fixture, mode);
    let labels = fixture.labels();
    let logits = network.forward(fixture.input(&Device::flex()).autodiff());
    let loss = cross_entropy(logits, &labels, 0.0);
    let gradients =
        named_gradients(&network, &GradientsParams::from_grads(loss.backward(), &network));

    let expected = &fixture.scalars[scalars];
    let loss = f64::from(host(loss)[0]);
    let difference = (loss - expected["loss"].as_f64().unwrap()).abs();
    println!("{scalars}: loss {loss:.6}, off by {difference:.1e}");
    assert!(difference < 1e-4);

    let norms = expected["grad_l2"].as_object().unwrap();
    assert_eq!(gradients.len(), norms.len());
    let mut worst = (0.0, "");
    for (name, norm) in norms {
        let off = relative(l2(&gradients[name]), norm.as_f64().unwrap());
        assert!(off < 1e-3, "the gradient of {name} is off by {off:.1e}");
        if off > worst.0 {
            worst = (off, name);
        }
    }
    println!(
        "{scalars}: {} gradient norms, the worst {} off by {:.1e}",
        norms.len(),
        worst.1,
        worst.0
    );

    let mut compared = 0;
    for (name, tensor) in &fixture.tensors.tensors {
        let Some(parameter) = name.strip_prefix(whole) else { continue };
        let expected = tensor.as_floats().unwrap();
        let difference = largest_difference(&gradients[parameter], expected);
        assert!(f64::from(difference) < 1e-3 * l2(expected), "{name}: {difference:.1e}");
        compared += 1;
    }
    assert_eq!(compared, 4);
}

#[test]
fn gradients_with_batch_statistics() {
    check_gradients(NormMode::BatchStatistics, "train_mode", "train_grad.");
}

#[test]
fn gradients_with_frozen_norm() {
    check_gradients(NormMode::Frozen, "eval_mode", "eval_grad.");
}

#[test]
fn running_means_after_one_batch() {
    let Some(fixture) = BatchFixture::load() else { return };
    let mut network = network(&fixture, NormMode::BatchStatistics);
    let before = block_on(state_dict(&network)).unwrap();
    network.forward(fixture.input(&Device::flex()).autodiff());
    let after = block_on(state_dict(&network)).unwrap();
    let expected = fixture.scalars["train_mode"]["running_mean_l2_after"].as_object().unwrap();
    assert_eq!(expected.len(), 20);
    for (name, norm) in expected {
        let values = after.tensors[name].as_floats().unwrap();
        let off = relative(l2(values), norm.as_f64().unwrap());
        assert!(off < 1e-3, "{name} is off by {off:.1e}");
        assert_ne!(before.tensors[name], after.tensors[name]);
    }
}

/// PyTorch's running variance is unbiased: one step from variance 1 on a known batch.
#[test]
fn running_variance_is_unbiased() {
    let device = Device::flex().autodiff();
    let mut norm = BatchNorm2d::identity(1, &device);
    norm.mode = NormMode::BatchStatistics;
    norm.forward(Tensor::from_data(TensorData::new(vec![1.0f32, 3.0], [2, 1, 1, 1]), &device));
    // The unbiased variance of 1 and 3 is 2 (biased: 1), and the momentum is a tenth.
    assert!((host(norm.running_var.val())[0] - 1.1).abs() < 1e-6);
    assert!((host(norm.running_mean.val())[0] - 0.2).abs() < 1e-6);
}

#[test]
fn label_smoothing() {
    let Some(fixture) = BatchFixture::load() else { return };
    let mut network = network(&fixture, NormMode::Frozen);
    let logits = network.forward(fixture.input(&Device::flex()).autodiff());
    let found = host(cross_entropy(logits, &fixture.labels(), 0.1))[0];
    let key = "cross_entropy_label_smoothing_0.1_pretrained_head10_eval";
    let expected = fixture.scalars[key].as_f64().unwrap();
    assert!((f64::from(found) - expected).abs() < 1e-4);
}

/// Ten optimizer steps on one batch, with every loss within 1 % of PyTorch's.
fn check_trajectory(name: &str, mode: NormMode, config: OptimizerConfig, learning_rate: f64) {
    let Some(fixture) = BatchFixture::load() else { return };
    let expected = fixture.scalars["trajectory_10_steps_same_batch"][name].as_array().unwrap();
    assert_eq!(expected.len(), 10);
    let mut network = network(&fixture, mode);
    let mut optimizer = Optimizer::new(config);
    let labels = fixture.labels();
    for (step, expected) in expected.iter().enumerate() {
        let logits = network.forward(fixture.input(&Device::flex()).autodiff());
        let loss = cross_entropy(logits, &labels, 0.0);
        let gradients = GradientsParams::from_grads(loss.backward(), &network);
        network = optimizer.step(network, gradients, |_| learning_rate);
        let loss = f64::from(host(loss)[0]);
        let off = relative(loss, expected.as_f64().unwrap());
        println!("{name}, step {step}: {loss:.6}, off by {:.4} %", 100.0 * off);
        assert!(off < 0.01);
    }
}

/// PyTorch's optimizers with a single parameter group also decay biases and batch norm.
fn optimizer(rule: UpdateRule, weight_decay: f64) -> OptimizerConfig {
    OptimizerConfig { rule, weight_decay, decay_bias_and_norm: true, ..OptimizerConfig::default() }
}

#[test]
fn trajectory_of_sgd_with_momentum() {
    let config = OptimizerConfig { nesterov: false, ..optimizer(UpdateRule::Sgd, 0.0) };
    let name = "sgd lr=0.01 momentum=0.9 wd=0, BN batch stats";
    check_trajectory(name, NormMode::BatchStatistics, config, 0.01);
}

#[test]
fn trajectory_of_nesterov_with_weight_decay() {
    let name = "sgd lr=0.01 momentum=0.9 nesterov wd=5e-4, BN frozen";
    check_trajectory(name, NormMode::Frozen, optimizer(UpdateRule::Sgd, 5e-4), 0.01);
}

#[test]
fn trajectory_of_adam() {
    let name = "adam lr=1e-4 betas=(0.9,0.999) eps=1e-8, BN batch stats";
    check_trajectory(name, NormMode::BatchStatistics, optimizer(UpdateRule::Adam, 0.0), 1e-4);
}

#[test]
fn trajectory_of_adamw() {
    let name = "adamw lr=1e-4 wd=0.01, BN frozen";
    check_trajectory(name, NormMode::Frozen, optimizer(UpdateRule::AdamW, 0.01), 1e-4);
}
