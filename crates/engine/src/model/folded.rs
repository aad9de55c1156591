//! The network for inference: without autodiff, and with each batch norm folded into the preceding convolution.
//!
//! Frozen parts of a network in training use it too. A frozen batch norm is `scale · x + shift` per channel: the scale
//! multiplies the weights of the convolution, and the shift becomes its bias.

use burn::nn::conv::Conv2d;
use burn::tensor::Tensor;
use burn::tensor::activation::relu;
use burn::tensor::module::conv2d;
use burn::tensor::ops::ConvOptions;

use super::block::Block;
use super::norm::BatchNorm2d;
use super::resnet::{ResNet, global_average, max_pool};
use crate::kernels::inference::InferenceKernels;
use tunelab_core::device::Kernels;
use tunelab_core::model::part::Part;

/// A convolution with the following batch norm folded in.
#[derive(Debug, Clone)]
struct FoldedConv {
    /// `[channels_out, channels_in, kernel, kernel]`.
    weight: Tensor<4>,
    /// `[channels_out]`.
    bias: Tensor<1>,
    stride: [usize; 2],
    padding: [usize; 2],
}

impl FoldedConv {
    fn new(conv: &Conv2d, norm: &BatchNorm2d) -> Self {
        let (scale, shift) = norm.scale_and_shift();
        let (scale, shift) = (scale.without_autodiff(), shift.without_autodiff());
        let channels = scale.dims()[0];
        let [_, _, kernel_height, kernel_width] = conv.weight.dims();
        Self {
            weight: conv.weight.val().without_autodiff() * scale.reshape([channels, 1, 1, 1]),
            bias: shift,
            stride: conv.stride,
            padding: [kernel_height / 2, kernel_width / 2],
        }
    }

    fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        let options = ConvOptions::new(self.stride, self.padding, [1, 1], 1);
        conv2d(x, self.weight.clone(), Some(self.bias.clone()), options)
    }
}

#[derive(Debug, Clone)]
struct FoldedBlock {
    /// With a ReLU between them.
    convs: Vec<FoldedConv>,
    downsample: Option<FoldedConv>,
}

impl FoldedBlock {
    fn new(block: &Block) -> Self {
        let mut convs = vec![
            FoldedConv::new(&block.conv1, &block.bn1),
            FoldedConv::new(&block.conv2, &block.bn2),
        ];
        if let (Some(conv), Some(norm)) = (&block.conv3, &block.bn3) {
            convs.push(FoldedConv::new(conv, norm));
        }
        let downsample = block.downsample.as_ref();
        Self { convs, downsample: downsample.map(|(conv, norm)| FoldedConv::new(conv, norm)) }
    }

    fn forward(&self, input: Tensor<4>) -> Tensor<4> {
        let mut x = input.clone();
        for (index, conv) in self.convs.iter().enumerate() {
            x = conv.forward(if index > 0 { relu(x) } else { x });
        }
        let shortcut = match &self.downsample {
            Some(conv) => conv.forward(input),
            None => input,
        };
        relu(x + shortcut)
    }
}

/// Consecutive parts of the backbone, without autodiff.
#[derive(Debug, Clone)]
pub struct FoldedBackbone(Layers);

/// What computes them.
#[derive(Debug, Clone)]
#[allow(clippy::large_enum_variant, reason = "there are few of them")]
enum Layers {
    Kernels(InferenceKernels),
    Burn { stem: Option<FoldedConv>, blocks: Vec<FoldedBlock> },
}

impl FoldedBackbone {
    /// The parts before `end`, which are frozen if training starts at `end`. The whole backbone if `end` is
    /// [`Part::Head`].
    pub fn before(network: &ResNet, end: Part) -> Self {
        Self::between(network, Part::Stem, end)
    }

    /// The parts from `first` up to the one before `end`.
    pub fn between(network: &ResNet, first: Part, end: Part) -> Self {
        if network.kernels == Kernels::Fast {
            return Self(Layers::Kernels(InferenceKernels::new(network, first, end)));
        }
        let stages = Part::STAGES.into_iter().filter(|part| *part >= first && *part < end);
        let stem = first == Part::Stem && end > Part::Stem;
        Self(Layers::Burn {
            stem: stem.then(|| FoldedConv::new(&network.conv1, &network.bn1)),
            blocks: stages.flat_map(|part| network.stage(part)).map(FoldedBlock::new).collect(),
        })
    }

    /// Images `[N, 3, H, W]`, or the activations before the first part, to the activations `[N, C, H', W']` after the
    /// last part.
    pub fn activations(&self, input: Tensor<4>) -> Tensor<4> {
        match &self.0 {
            Layers::Kernels(kernels) => kernels.activations(input),
            Layers::Burn { stem, blocks } => {
                let x = match stem {
                    Some(stem) => max_pool().forward(relu(stem.forward(input))),
                    None => input,
                };
                blocks.iter().fold(x, |x, block| block.forward(x))
            }
        }
    }

    /// Images, or the activations before the first part, to the pooled features `[N, C]`, the input of the head.
    pub fn features(&self, input: Tensor<4>) -> Tensor<2> {
        match &self.0 {
            Layers::Kernels(kernels) => kernels.features(input),
            Layers::Burn { .. } => global_average(self.activations(input)),
        }
    }
}

/// A network for inference, normalized by its running statistics.
#[derive(Debug, Clone)]
pub struct FoldedResNet {
    backbone: FoldedBackbone,
    /// `[classes, features]`.
    weight: Tensor<2>,
    /// `[classes]`.
    bias: Tensor<1>,
}

impl FoldedResNet {
    /// Folds the whole network.
    pub fn new(network: &ResNet) -> Self {
        Self::after(network, Part::Stem)
    }

    /// Folds the parts from `first` on. Their input is the activations before `first`.
    pub fn after(network: &ResNet, first: Part) -> Self {
        Self {
            backbone: FoldedBackbone::between(network, first, Part::Head),
            weight: network.fc.weight.val().without_autodiff(),
            bias: network.fc.bias.val().without_autodiff(),
        }
    }

    /// Images `[N, 3, H, W]`, or the activations before its first part, to logits `[N, classes]`.
    pub fn logits(&self, input: Tensor<4>) -> Tensor<2> {
        self.classify(self.backbone.features(input))
    }

    /// The number of outputs.
    pub fn outputs(&self) -> usize {
        self.bias.dims()[0]
    }

    /// Features `[N, features]` to logits `[N, classes]`.
    pub fn classify(&self, features: Tensor<2>) -> Tensor<2> {
        features.matmul(self.weight.clone().transpose()) + self.bias.clone().unsqueeze::<2>()
    }
}
