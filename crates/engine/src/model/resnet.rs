//! The trainable network.

use burn::module::Module;
use burn::nn::PaddingConfig2d;
use burn::nn::conv::Conv2d;
use burn::nn::pool::{MaxPool2d, MaxPool2dConfig};
use burn::tensor::activation::relu;
use burn::tensor::{Device, Tensor};

use super::block::{Block, conv2d};
use super::head::Head;
use super::norm::BatchNorm2d;
use crate::kernels;
use tunelab_core::device::Kernels;
use tunelab_core::model::architecture::Architecture;
use tunelab_core::model::part::Part;
use tunelab_core::model::trainable::{NormMode, Trainable};

/// A ResNet (He et al., 2015) with torchvision's structure. The path of a parameter in this struct is its name in
/// torchvision's state dict.
#[derive(Module, Debug)]
pub struct ResNet {
    pub conv1: Conv2d,
    pub bn1: BatchNorm2d,
    pub layer1: Vec<Block>,
    pub layer2: Vec<Block>,
    pub layer3: Vec<Block>,
    pub layer4: Vec<Block>,
    /// The head.
    pub fc: Head,
    #[module(skip)]
    pub architecture: Architecture,
    /// What computes the network.
    #[module(skip)]
    pub kernels: Kernels,
}

impl ResNet {
    /// A network of zeros with this head, for [`super::parameters::load_state_dict`] to fill.
    pub fn empty(architecture: Architecture, head: Head, device: &Device) -> Self {
        let kind = architecture.block();
        let stem_width = architecture.stem_width();
        let mut channels_in = stem_width;
        let mut stage = |index: usize| {
            let width = architecture.widths()[index];
            (0..architecture.depths()[index])
                .map(|block| {
                    let stride = if block == 0 { Architecture::STRIDES[index] } else { 1 };
                    let block = Block::new(kind, channels_in, width, stride, device);
                    channels_in = width * kind.expansion();
                    block
                })
                .collect()
        };
        Self {
            conv1: conv2d(3, stem_width, 7, 2, device),
            bn1: BatchNorm2d::identity(stem_width, device),
            layer1: stage(0),
            layer2: stage(1),
            layer3: stage(2),
            layer4: stage(3),
            fc: head,
            architecture,
            kernels: kernels::of(device),
        }
    }

    /// The whole network: images `[N, 3, H, W]` to logits `[N, classes]`.
    pub fn forward(&mut self, images: Tensor<4>) -> Tensor<2> {
        self.forward_from(Part::Stem, images)
    }

    /// The network from `first` on, given the activations before it. For [`Part::Head`], whose input has two
    /// dimensions, use `fc`.
    pub fn forward_from(&mut self, first: Part, input: Tensor<4>) -> Tensor<2> {
        let features = self.features_from(first, input);
        self.fc.forward(features)
    }

    /// The backbone from `first` on, given the activations before it, to the pooled features `[N, features]`.
    pub fn features_from(&mut self, first: Part, input: Tensor<4>) -> Tensor<2> {
        let mut x = input;
        if first == Part::Stem {
            x = max_pool().forward(relu(self.bn1.forward(self.conv1.forward(x))));
        }
        for part in Part::STAGES.into_iter().filter(|part| *part >= first) {
            for block in self.stage_mut(part) {
                x = block.forward(x);
            }
        }
        global_average(x)
    }

    /// Sets the mode of the batch norms in the trained parts, and freezes all others.
    pub fn set_norm_mode(&mut self, trainable: Trainable, mode: NormMode) {
        self.for_each_norm(|part, norm| {
            norm.mode = if trainable.trains(part) { mode } else { NormMode::Frozen };
        });
    }

    /// Sets the momentum of all batch norms.
    pub fn set_norm_momentum(&mut self, momentum: f64) {
        self.for_each_norm(|_, norm| norm.momentum = momentum);
    }

    fn for_each_norm(&mut self, mut set: impl FnMut(Part, &mut BatchNorm2d)) {
        set(Part::Stem, &mut self.bn1);
        for part in Part::STAGES {
            for norm in self.stage_mut(part).iter_mut().flat_map(Block::norms_mut) {
                set(part, norm);
            }
        }
    }

    /// The blocks of a stage; empty for the stem and the head.
    pub fn stage(&self, part: Part) -> &[Block] {
        match part {
            Part::Layer1 => &self.layer1,
            Part::Layer2 => &self.layer2,
            Part::Layer3 => &self.layer3,
            Part::Layer4 => &self.layer4,
            Part::Stem | Part::Head => &[],
        }
    }

    fn stage_mut(&mut self, part: Part) -> &mut [Block] {
        match part {
            Part::Layer1 => &mut self.layer1,
            Part::Layer2 => &mut self.layer2,
            Part::Layer3 => &mut self.layer3,
            Part::Layer4 => &mut self.layer4,
            Part::Stem | Part::Head => &mut [],
        }
    }
}

/// The max pooling of the stem: 3×3, stride 2, padding 1.
pub(super) fn max_pool() -> MaxPool2d {
    MaxPool2dConfig::new([3, 3])
        .with_strides([2, 2])
        .with_padding(PaddingConfig2d::Explicit(1, 1, 1, 1))
        .init()
}

/// Global average pooling: `[N, C, H, W]` to `[N, C]`.
pub(super) fn global_average(x: Tensor<4>) -> Tensor<2> {
    let [n, c, h, w] = x.dims();
    x.reshape([n, c, h * w]).mean_dim(2).reshape([n, c])
}
