//! A network as the kernels see it: its units, and views of its parameters.

use burn::backend::Flex;
use burn::backend::flex::FlexTensor;
use burn::module::Param;
use burn::nn::conv::Conv2d;
use burn::tensor::Tensor;
use tunelab_core::model::part::Part;
use tunelab_core::model::trainable::NormMode;
use tunelab_kernels::backbone::{Backbone, Block, NormStatistics, Unit, UnitParameters};
use tunelab_kernels::geometry::Convolution;

use crate::model::block;
use crate::model::norm::BatchNorm2d;
use crate::model::resnet::ResNet;

/// A convolution of a network and the norm that follows it.
pub struct Layer<'a> {
    pub conv: &'a Conv2d,
    pub norm: &'a BatchNorm2d,
}

impl Layer<'_> {
    fn unit(&self) -> Unit {
        let [channels_out, channels_in, kernel, _] = self.conv.weight.dims();
        let [stride, _] = self.conv.stride;
        Unit {
            convolution: Convolution {
                channels_in,
                channels_out,
                kernel,
                stride,
                padding: kernel / 2,
            },
            statistics: match self.norm.mode {
                NormMode::BatchStatistics => NormStatistics::Batch,
                NormMode::Frozen => NormStatistics::Running,
            },
            trains_weights: self.conv.weight.is_require_grad(),
            trains_norm: self.norm.weight.is_require_grad() || self.norm.bias.is_require_grad(),
        }
    }
}

/// The layers of a block, with the projection last.
fn block_layers(block: &block::Block) -> impl Iterator<Item = Layer<'_>> {
    let third = block.conv3.as_ref().zip(block.bn3.as_ref());
    let projection = block.downsample.as_ref().map(|(conv, norm)| (conv, norm));
    [(&block.conv1, &block.bn1), (&block.conv2, &block.bn2)]
        .into_iter()
        .chain(third)
        .chain(projection)
        .map(|(conv, norm)| Layer { conv, norm })
}

/// The layers of the parts from `first` up to the one before `end`, in the order of the kernels' units.
pub fn layers(network: &ResNet, first: Part, end: Part) -> impl Iterator<Item = Layer<'_>> {
    let stem = (first == Part::Stem && end > Part::Stem)
        .then_some(Layer { conv: &network.conv1, norm: &network.bn1 });
    stem.into_iter().chain(blocks(network, first, end).flat_map(block_layers))
}

/// The norms of [`layers`], to be changed.
pub fn norms_mut(network: &mut ResNet, first: Part, end: Part) -> Vec<&mut BatchNorm2d> {
    let ResNet { bn1, layer1, layer2, layer3, layer4, .. } = network;
    let stages = [layer1, layer2, layer3, layer4].into_iter().zip(Part::STAGES);
    let within = stages.filter(|(_, part)| *part >= first && *part < end);
    let blocks = within.flat_map(|(blocks, _)| blocks.iter_mut());
    let stem = (first == Part::Stem && end > Part::Stem).then_some(bn1);
    stem.into_iter().chain(blocks.flat_map(block::Block::norms_mut)).collect()
}

fn blocks(network: &ResNet, first: Part, end: Part) -> impl Iterator<Item = &block::Block> {
    let stages = Part::STAGES.into_iter().filter(move |part| *part >= first && *part < end);
    stages.flat_map(|part| network.stage(part))
}

/// The structure of the parts from `first` up to the one before `end`.
pub fn backbone(network: &ResNet, first: Part, end: Part) -> Backbone {
    let stem = (first == Part::Stem && end > Part::Stem)
        .then(|| Layer { conv: &network.conv1, norm: &network.bn1 }.unit());
    let block = |block: &block::Block| {
        let mut units: Vec<Unit> = block_layers(block).map(|layer| layer.unit()).collect();
        let downsample = block.downsample.as_ref().and_then(|_| units.pop());
        Block { units, downsample }
    };
    Backbone { stem, blocks: blocks(network, first, end).map(block).collect() }
}

/// The values of a network's parameters, shared with it.
pub struct Parameters(Vec<[FlexTensor; 5]>);

impl Parameters {
    /// Those of [`layers`]. All must be on the processor.
    pub fn of(network: &ResNet, first: Part, end: Part) -> Self {
        let values = |layer: Layer<'_>| {
            let BatchNorm2d { weight, bias, running_mean, running_var, .. } = layer.norm;
            [
                primitive(&layer.conv.weight),
                primitive(weight),
                primitive(bias),
                primitive(running_mean),
                primitive(running_var),
            ]
        };
        Self(layers(network, first, end).map(values).collect())
    }

    /// Views of them.
    pub fn views(&self) -> Vec<UnitParameters<'_>> {
        self.0.iter().map(view).collect()
    }
}

fn view(tensors: &[FlexTensor; 5]) -> UnitParameters<'_> {
    let [weights, norm_weight, norm_bias, running_mean, running_variance] =
        tensors.each_ref().map(numbers);
    UnitParameters { weights, norm_weight, norm_bias, running_mean, running_variance }
}

/// The value of a parameter.
fn primitive<const D: usize>(parameter: &Param<Tensor<D>>) -> FlexTensor {
    contiguous(parameter.val())
}

/// The values of a tensor on the processor, one after another.
pub fn contiguous<const D: usize>(tensor: Tensor<D>) -> FlexTensor {
    let tensor = tensor.without_autodiff().try_into_primitive::<Flex>();
    tensor.expect("the tensor is on the processor").to_contiguous()
}

/// The numbers of a contiguous tensor.
pub fn numbers(tensor: &FlexTensor) -> &[f32] {
    tensor.as_slice().expect("the tensor is contiguous")
}
