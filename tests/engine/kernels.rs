//! The processor's own kernels against burn's operations: features, gradients and running statistics of whole networks.

use std::collections::BTreeMap;

use burn::tensor::{Device, Distribution, Tensor};
use tunelab_core::device::{ComputeError, Kernels};
use tunelab_core::model::architecture::Architecture;
use tunelab_core::model::part::Part;
use tunelab_core::model::trainable::{NormMode, ParameterKind, Trainable};
use tunelab_core::options::values::UpdateRule;
use tunelab_core::train::optimizer::OptimizerConfig;
use tunelab_engine::model::folded::FoldedBackbone;
use tunelab_engine::model::parameters::{self, set_trainable, state_dict};
use tunelab_engine::model::resnet::ResNet;
use tunelab_engine::model::weights::{HostTensor, StateDict};
use tunelab_engine::train::activation_cache::Activations;
use tunelab_engine::train::backpropagation::Backpropagation;
use tunelab_engine::train::gradients::by_name;
use tunelab_engine::train::optimizer::Optimizer;

/// A random network whose norms have other statistics and parameters than the identity.
fn network(architecture: Architecture) -> ResNet {
    let device = Device::flex();
    let mut network = ResNet::random(architecture, 3, &device).expect("it fits");
    network.kernels = Kernels::Reference;
    network.set_norm_mode(Trainable::from(Part::Stem), NormMode::BatchStatistics);
    network.set_norm_momentum(0.5);
    let images = Tensor::random([4, 3, 48, 48], Distribution::Normal(0.3, 1.2), &device);
    network.forward(images);
    network
}

fn relative_difference(found: Vec<f32>, expected: Vec<f32>) -> f64 {
    assert_eq!(found.len(), expected.len());
    let square = |value: f64| value * value;
    let pairs = found.iter().zip(&expected);
    let distance: f64 = pairs.map(|(a, b)| square(f64::from(*a) - f64::from(*b))).sum();
    let length: f64 = expected.iter().map(|value| square(f64::from(*value))).sum();
    (distance / length.max(1e-30)).sqrt()
}

fn values<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.without_autodiff().into_data().try_into_vec().expect("they are f32")
}

/// The results of a step.
struct Step {
    features: Vec<f32>,
    gradients: BTreeMap<String, Vec<f32>>,
    state: StateDict,
}

/// A step of `network` on `input`, the activations before the first part that `trainable` trains.
fn step(
    network: &ResNet,
    kernels: Kernels,
    trainable: Trainable,
    mode: NormMode,
    input: Tensor<4>,
) -> Step {
    let mut network = set_trainable(network.clone(), trainable);
    network.kernels = kernels;
    network.set_norm_mode(trainable, mode);
    let mut backpropagation = Backpropagation::default();
    let input = Activations::Maps(input);
    let features =
        backpropagation.features(&mut network, trainable.first(), input).expect("enough memory");
    // A loss whose gradient differs from number to number.
    let loss = (features.values.clone() - 0.1).powf_scalar(2.0).mean();
    let gradients = backpropagation.gradients(&network, &features, &loss);
    let gradients = by_name(&network, gradients).into_iter();
    Step {
        features: values(features.values),
        gradients: gradients.map(|(name, gradient)| (name, values(gradient))).collect(),
        state: pollster::block_on(state_dict(&network)).expect("the processor does not fail"),
    }
}

impl Step {
    /// The largest relative difference of features and running statistics, and of gradients.
    fn difference(&self, expected: &Self) -> [f64; 2] {
        let names: Vec<_> = expected.gradients.keys().collect();
        assert_eq!(names, self.gradients.keys().collect::<Vec<_>>());
        assert!(!names.is_empty());
        let gradients = expected.gradients.iter().map(|(name, gradient)| {
            relative_difference(self.gradients[name].clone(), gradient.clone())
        });
        let floats =
            |step: &Self, name: &str| step.state.tensors[name].as_floats().unwrap().to_vec();
        let names = expected.state.tensors.keys();
        let state =
            names.map(|name| relative_difference(floats(self, name), floats(expected, name)));
        let features = relative_difference(self.features.clone(), expected.features.clone());
        [state.fold(features, f64::max), gradients.fold(0.0, f64::max)]
    }
}

/// Compares a step with both kernels. Rounding changes the sign of few activations, but then their whole gradient. So
/// the gradients may differ by as much as burn's do if the input is changed by about a rounding error.
fn compare(network: &ResNet, trainable: Trainable, mode: NormMode, dims: [usize; 4]) {
    let device = Device::flex();
    let input = Tensor::<4>::random(dims, Distribution::Normal(0.2, 1.0), &device);
    let noise = Tensor::<4>::random(dims, Distribution::Normal(1.0, 1e-6), &device);
    let step = |kernels, input| step(network, kernels, trainable, mode, input);
    let expected = step(Kernels::Reference, input.clone());
    let disturbed = step(Kernels::Reference, input.clone() * noise);
    let found = step(Kernels::Fast, input);
    let (found, disturbed) = (found.difference(&expected), disturbed.difference(&expected));
    // Not every disturbance changes a sign, and one sign in the last stage makes a difference of 1e-2.
    for ((found, disturbed), least) in found.into_iter().zip(disturbed).zip([2e-5, 3e-2]) {
        let tolerance = least + 5.0 * disturbed;
        assert!(tolerance < 0.5, "{disturbed:e}");
        assert!(found < tolerance, "{mode:?}, {dims:?}: {found:e}, disturbed {disturbed:e}");
    }
}

#[test]
fn steps_of_whole_networks_equal_burns() {
    for architecture in
        [Architecture::ResNet18, Architecture::ResNet50, Architecture::ResNet10Quarter]
    {
        let network = network(architecture);
        for (batch, size) in [(4, 64), (5, 40), (9, 33)] {
            let all = Trainable::from(Part::Stem);
            let dims = [batch, 3, size, size];
            compare(&network, all, NormMode::BatchStatistics, dims);
            // Statistics of a single image are too few for a stable gradient.
            compare(&network, all, NormMode::Frozen, [1, 3, size, size]);
        }
    }
}

#[test]
fn steps_of_some_parameters_equal_burns() {
    let network = network(Architecture::ResNet18);
    let images = [6, 3, 64, 64];
    for kind in [ParameterKind::Norms, ParameterKind::Biases] {
        compare(&network, Trainable::only(kind), NormMode::BatchStatistics, images);
    }
    compare(&network, Trainable::from(Part::Layer4), NormMode::BatchStatistics, [6, 256, 4, 4]);
    compare(&network, Trainable::from(Part::Layer2), NormMode::Frozen, [3, 64, 16, 16]);
    let gaps = Trainable::parts(|part| matches!(part, Part::Layer1 | Part::Layer3));
    compare(&network, gaps, NormMode::BatchStatistics, [6, 64, 16, 16]);
}

#[test]
fn inference_equals_burns() {
    let device = Device::flex();
    for architecture in Architecture::ALL {
        let reference = network(architecture);
        let mut fast = reference.clone();
        fast.kernels = Kernels::Fast;
        for (batch, size) in [(1, 64), (3, 50), (17, 33)] {
            let images =
                Tensor::<4>::random([batch, 3, size, size], Distribution::Default, &device);
            let compare = |first: Part, end: Part, input: &Tensor<4>| {
                let of = |network| FoldedBackbone::between(network, first, end);
                let expected = of(&reference).activations(input.clone());
                let found = of(&fast).activations(input.clone());
                assert_eq!(found.dims(), expected.dims());
                let difference = relative_difference(values(found), values(expected.clone()));
                assert!(difference < 1e-5, "{architecture} to {end:?}: {difference:e}");
                expected
            };
            let middle = compare(Part::Stem, Part::Layer3, &images);
            compare(Part::Layer3, Part::Head, &middle);
            let features = |network| {
                values(FoldedBackbone::before(network, Part::Head).features(images.clone()))
            };
            assert!(relative_difference(features(&fast), features(&reference)) < 1e-5);
        }
    }
}

/// Updates of both kernels, over some steps.
#[test]
fn updates_equal_burns() {
    let rules = [UpdateRule::Sgd, UpdateRule::Adam, UpdateRule::AdamW];
    for (rule, nesterov, l1, l2_sp) in rules
        .into_iter()
        .flat_map(|rule| [(rule, false, 0.0, 0.0), (rule, true, 1e-3, 0.0), (rule, true, 0.0, 0.1)])
    {
        let config = OptimizerConfig {
            rule,
            nesterov,
            l1,
            l2_sp,
            weight_decay: 1e-2,
            ..OptimizerConfig::default()
        };
        let start = network(Architecture::ResNet10Quarter);
        let trained = |kernels: Kernels| {
            let mut network = set_trainable(start.clone(), Trainable::from(Part::Stem));
            let mut optimizer = Optimizer::new(config);
            if l2_sp > 0.0 {
                let pretrained = parameters::values(&start, |name| name.ends_with("weight"));
                optimizer = optimizer.with_pretrained(pretrained);
            }
            let mut backpropagation = Backpropagation::default();
            for step in 0..3 {
                let images = Tensor::<4>::full([2, 3, 32, 32], 0.1 * step as f32, &Device::flex());
                network.kernels = Kernels::Reference;
                let input = Activations::Maps(images);
                let features = backpropagation
                    .features(&mut network, Part::Stem, input)
                    .expect("enough memory");
                let loss = network.fc.forward(features.values.clone()).powf_scalar(2.0).mean();
                let gradients = backpropagation.gradients(&network, &features, &loss);
                network.kernels = kernels;
                network = optimizer.step(network, gradients, |_| 1e-2);
            }
            let state = pollster::block_on(optimizer.save()).expect("the processor does not fail");
            (pollster::block_on(state_dict(&network)).unwrap(), state)
        };
        let (expected, found) = (trained(Kernels::Reference), trained(Kernels::Fast));
        for (expected, found) in [(expected.0, found.0), (expected.1, found.1)] {
            assert_eq!(expected.tensors.len(), found.tensors.len());
            for (name, tensor) in &expected.tensors {
                let floats = |tensor: &HostTensor| tensor.as_floats().map(<[f32]>::to_vec);
                let Some(expected) = floats(tensor) else { continue };
                let found = floats(&found.tensors[name]).expect("the same kind");
                let difference = relative_difference(found, expected);
                // Adam makes as much of a gradient that is all rounding as of any other.
                let tolerance = if rule == UpdateRule::Sgd { 1e-5 } else { 5e-3 };
                assert!(difference < tolerance, "{config:?}, {name}: {difference:e}");
            }
        }
    }
}

#[test]
fn a_batch_that_does_not_fit_in_the_memory_is_an_error() {
    let mut network = network(Architecture::ResNet18);
    network.kernels = Kernels::Fast;
    let mut backpropagation = Backpropagation::default();
    // Too many numbers for any memory, and for the products' 32-bit offsets.
    for images in [usize::MAX / 4, 10_000_000] {
        let reserved = backpropagation.reserve(&network, Part::Stem, [images, 3, 224, 224]);
        assert_eq!(reserved, Err(ComputeError::BatchTooLarge { images }));
    }
    assert_eq!(backpropagation.reserve(&network, Part::Stem, [2, 3, 32, 32]), Ok(()));
}
