//! The ResNet architectures: depths, widths, and the name and shape of every tensor.
//!
//! They follow He et al., "Deep Residual Learning for Image Recognition" (2015), as implemented in
//! `torchvision.models.resnet`: names, order and the rule for the shortcut projection (`downsample`) are
//! torchvision's, so its state dicts can be used unchanged. Bottleneck blocks have their stride in the 3x3
//! convolution ("v1.5").

use std::fmt;

use serde::{Deserialize, Serialize};

use super::part::Part;
use crate::data::input::InputSize;

/// Channels of the input image.
const IMAGE_CHANNELS: usize = 3;
/// Kernel size of the first convolution.
const STEM_KERNEL: usize = 7;

/// A ResNet architecture. Those with fewer than 64 channels in the stem are students for distillation, without
/// pretrained weights.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Architecture {
    /// Two basic blocks in each stage, an eighth as wide as ResNet18; 64 features.
    ResNet18Eighth,
    /// One basic block in each stage, a quarter as wide as ResNet18; 128 features.
    ResNet10Quarter,
    /// Two basic blocks in each stage; 512 features.
    ResNet18,
    /// 3, 4, 6 and 3 basic blocks; 512 features.
    ResNet34,
    /// 3, 4, 6 and 3 bottleneck blocks; 2048 features.
    ResNet50,
}

/// The residual block of an architecture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BlockKind {
    /// Two 3x3 convolutions.
    Basic,
    /// 1x1, 3x3 and 1x1 convolutions; the last has four times as many channels.
    Bottleneck,
}

/// The role of a tensor of the backbone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TensorRole {
    /// Convolution kernel, `[out channels, in channels, height, width]`.
    Conv,
    /// Scale of a batch normalization, `[channels]`.
    NormWeight,
    /// Shift of a batch normalization, `[channels]`.
    NormBias,
    /// Running mean of a batch normalization, `[channels]`; not trained by gradients.
    RunningMean,
    /// Running variance of a batch normalization, `[channels]`; not trained by gradients.
    RunningVar,
}

/// Name, shape and role of one tensor of a backbone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TensorSpec {
    /// torchvision's name, for example `layer1.0.conv1.weight`.
    pub name: String,
    /// Outermost dimension first.
    pub shape: Vec<usize>,
    pub role: TensorRole,
}

impl BlockKind {
    /// Output channels of a block divided by its inner width: 1 or 4.
    pub fn expansion(self) -> usize {
        match self {
            Self::Basic => 1,
            Self::Bottleneck => 4,
        }
    }
}

impl Architecture {
    /// Every architecture, smallest first.
    pub const ALL: [Self; 5] = [
        Self::ResNet18Eighth,
        Self::ResNet10Quarter,
        Self::ResNet18,
        Self::ResNet34,
        Self::ResNet50,
    ];

    /// Small students for distillation.
    pub const STUDENTS: [Self; 2] = [Self::ResNet10Quarter, Self::ResNet18Eighth];

    /// Stride of the first block of each stage.
    pub const STRIDES: [usize; 4] = [1, 2, 2, 2];

    /// The name used in files and on the command line, for example `resnet18`.
    pub fn name(self) -> &'static str {
        match self {
            Self::ResNet18Eighth => "resnet18eighth",
            Self::ResNet10Quarter => "resnet10quarter",
            Self::ResNet18 => "resnet18",
            Self::ResNet34 => "resnet34",
            Self::ResNet50 => "resnet50",
        }
    }

    /// The kind of residual block.
    pub fn block(self) -> BlockKind {
        match self {
            Self::ResNet50 => BlockKind::Bottleneck,
            _ => BlockKind::Basic,
        }
    }

    /// Number of blocks in each of the four stages.
    pub fn depths(self) -> [usize; 4] {
        match self {
            Self::ResNet10Quarter => [1, 1, 1, 1],
            Self::ResNet18 | Self::ResNet18Eighth => [2, 2, 2, 2],
            Self::ResNet34 | Self::ResNet50 => [3, 4, 6, 3],
        }
    }

    /// Output channels of a block divided by its inner width: 1 or 4.
    pub fn expansion(self) -> usize {
        self.block().expansion()
    }

    /// Channels after the stem.
    pub fn stem_width(self) -> usize {
        match self {
            Self::ResNet18Eighth => 8,
            Self::ResNet10Quarter => 16,
            Self::ResNet18 | Self::ResNet34 | Self::ResNet50 => 64,
        }
    }

    /// Inner widths of the four stages, in channels; a stage's output has `width * expansion`.
    pub fn widths(self) -> [usize; 4] {
        [1, 2, 4, 8].map(|factor| factor * self.stem_width())
    }

    /// Length of the pooled feature vector, the head's input: 512 for ResNet18, 2048 for ResNet50.
    pub fn feature_width(self) -> usize {
        self.stem_width() * 8 * self.expansion()
    }

    /// Shape of one image's activations before `part`, for square images with sides of `size`: `[C, H, W]`, or
    /// the pooled features `[C]` before the head.
    pub fn activation_shape(self, part: Part, size: InputSize) -> Vec<usize> {
        let side = size.get() as usize;
        let after_stem = side.div_ceil(2).div_ceil(2);
        let before_stage = |stage: usize| {
            let sides = Self::STRIDES[..stage].iter();
            let side = sides.fold(after_stem, |side, stride| side.div_ceil(*stride));
            let channels = match stage {
                0 => self.stem_width(),
                _ => self.widths()[stage - 1] * self.expansion(),
            };
            vec![channels, side, side]
        };
        match part {
            Part::Stem => vec![IMAGE_CHANNELS, side, side],
            Part::Layer1 => before_stage(0),
            Part::Layer2 => before_stage(1),
            Part::Layer3 => before_stage(2),
            Part::Layer4 => before_stage(3),
            Part::Head => vec![self.feature_width()],
        }
    }

    /// Whether block `index` of a stage has a projection in its shortcut (torchvision's rule), given the stride of
    /// the stage and the block's input and output channels.
    pub fn has_downsample(
        index: usize,
        stride: usize,
        in_channels: usize,
        out_channels: usize,
    ) -> bool {
        index == 0 && (stride != 1 || in_channels != out_channels)
    }

    /// Every tensor of the backbone (all but the head `fc`) in torchvision's order, without the
    /// `num_batches_tracked` counters.
    pub fn tensor_specs(&self) -> Vec<TensorSpec> {
        let mut specs = Vec::new();
        let stem_width = self.stem_width();
        push_conv(&mut specs, "conv1", [stem_width, IMAGE_CHANNELS, STEM_KERNEL, STEM_KERNEL]);
        push_norm(&mut specs, "bn1", stem_width);

        let mut in_channels = stem_width;
        let stages = self.widths().into_iter().zip(Self::STRIDES);
        for (stage, ((width, stride), depth)) in stages.zip(self.depths()).enumerate() {
            let out_channels = width * self.expansion();
            for index in 0..depth {
                let block = format!("layer{}.{index}", stage + 1);
                for (position, kernel) in self.kernels(in_channels, width).into_iter().enumerate() {
                    push_conv(&mut specs, &format!("{block}.conv{}", position + 1), kernel);
                    push_norm(&mut specs, &format!("{block}.bn{}", position + 1), kernel[0]);
                }
                if Self::has_downsample(index, stride, in_channels, out_channels) {
                    push_conv(
                        &mut specs,
                        &format!("{block}.downsample.0"),
                        [out_channels, in_channels, 1, 1],
                    );
                    push_norm(&mut specs, &format!("{block}.downsample.1"), out_channels);
                }
                in_channels = out_channels;
            }
        }
        specs
    }

    /// The number of trainable parameters of the backbone.
    pub fn backbone_parameters(&self) -> usize {
        let statistics = [TensorRole::RunningMean, TensorRole::RunningVar];
        let specs = self.tensor_specs().into_iter();
        let trainable = specs.filter(|spec| !statistics.contains(&spec.role));
        trainable.map(|spec| spec.shape.iter().product::<usize>()).sum()
    }

    /// The kernel shapes of one block, in the order of the forward pass.
    fn kernels(self, in_channels: usize, width: usize) -> Vec<[usize; 4]> {
        match self.block() {
            BlockKind::Basic => vec![[width, in_channels, 3, 3], [width, width, 3, 3]],
            BlockKind::Bottleneck => vec![
                [width, in_channels, 1, 1],
                [width, width, 3, 3],
                [width * self.expansion(), width, 1, 1],
            ],
        }
    }
}

impl fmt::Display for Architecture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

fn push_conv(specs: &mut Vec<TensorSpec>, module: &str, shape: [usize; 4]) {
    specs.push(TensorSpec {
        name: format!("{module}.weight"),
        shape: shape.to_vec(),
        role: TensorRole::Conv,
    });
}

fn push_norm(specs: &mut Vec<TensorSpec>, module: &str, channels: usize) {
    for (suffix, role) in [
        ("weight", TensorRole::NormWeight),
        ("bias", TensorRole::NormBias),
        ("running_mean", TensorRole::RunningMean),
        ("running_var", TensorRole::RunningVar),
    ] {
        specs.push(TensorSpec { name: format!("{module}.{suffix}"), shape: vec![channels], role });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameter_counts_match_torchvision() {
        // torchvision's documented totals for 1000 classes, less the head's.
        let head = |features: usize| features * 1000 + 1000;
        assert_eq!(Architecture::ResNet18.backbone_parameters(), 11_689_512 - head(512));
        assert_eq!(Architecture::ResNet34.backbone_parameters(), 21_797_672 - head(512));
        assert_eq!(Architecture::ResNet50.backbone_parameters(), 25_557_032 - head(2048));
    }

    #[test]
    fn names_order_and_shapes_match_torchvision() {
        let specs = Architecture::ResNet18.tensor_specs();
        let names: Vec<_> = specs.iter().map(|spec| spec.name.as_str()).collect();
        assert_eq!(
            names[..7],
            [
                "conv1.weight",
                "bn1.weight",
                "bn1.bias",
                "bn1.running_mean",
                "bn1.running_var",
                "layer1.0.conv1.weight",
                "layer1.0.bn1.weight",
            ]
        );
        assert_eq!(names.last(), Some(&"layer4.1.bn2.running_var"));
        assert_eq!(specs[0].shape, [64, 3, 7, 7]);

        let shape = |architecture: Architecture, name: &str| {
            architecture
                .tensor_specs()
                .into_iter()
                .find(|spec| spec.name == name)
                .map(|spec| spec.shape)
        };
        use Architecture::{ResNet18, ResNet34, ResNet50};
        assert_eq!(shape(ResNet18, "layer1.0.downsample.0.weight"), None);
        assert_eq!(shape(ResNet18, "layer2.0.downsample.0.weight"), Some(vec![128, 64, 1, 1]));
        assert_eq!(shape(ResNet34, "layer3.5.conv2.weight"), Some(vec![256, 256, 3, 3]));
        assert_eq!(shape(ResNet34, "layer3.6.conv2.weight"), None);
        assert_eq!(shape(ResNet50, "layer1.0.downsample.0.weight"), Some(vec![256, 64, 1, 1]));
        assert_eq!(shape(ResNet50, "layer2.0.conv1.weight"), Some(vec![128, 256, 1, 1]));
        assert_eq!(shape(ResNet50, "layer4.2.conv3.weight"), Some(vec![2048, 512, 1, 1]));
        assert_eq!(shape(ResNet50, "layer4.1.downsample.0.weight"), None);
    }

    #[test]
    fn names_round_trip() {
        for architecture in Architecture::ALL {
            let json = serde_json::to_string(&architecture).unwrap();
            assert_eq!(json, format!("\"{architecture}\""));
            assert_eq!(serde_json::from_str::<Architecture>(&json).unwrap(), architecture);
        }
    }

    #[test]
    fn students_are_small() {
        for student in Architecture::STUDENTS {
            let bytes = 2 * (student.backbone_parameters() + 10 * student.feature_width() + 10);
            assert!(bytes < 1_000_000, "{student}: {bytes}");
        }
    }

    #[test]
    fn feature_widths() {
        assert_eq!(Architecture::ResNet18.feature_width(), 512);
        assert_eq!(Architecture::ResNet34.feature_width(), 512);
        assert_eq!(Architecture::ResNet50.feature_width(), 2048);
    }
}
