//! The residual block, basic or bottleneck.

use burn::module::Module;
use burn::nn::PaddingConfig2d;
use burn::nn::conv::{Conv2d, Conv2dConfig};
use burn::tensor::activation::relu;
use burn::tensor::{Device, Tensor};

use super::norm::BatchNorm2d;
use tunelab_core::model::architecture::BlockKind;

/// A residual block (He et al., 2015) with torchvision's field names.
///
/// Basic: two 3×3 convolutions, the first with the stride of the block. Bottleneck: a 1×1 convolution, a 3×3 convolution
/// with the stride (torchvision's variant, "v1.5") and a 1×1 convolution to four times the width.
#[derive(Module, Debug)]
pub struct Block {
    pub conv1: Conv2d,
    pub bn1: BatchNorm2d,
    pub conv2: Conv2d,
    pub bn2: BatchNorm2d,
    /// Only in a bottleneck block.
    pub conv3: Option<Conv2d>,
    /// Only in a bottleneck block.
    pub bn3: Option<BatchNorm2d>,
    /// The projection of the shortcut, if the block changes the shape of its input: a strided 1×1 convolution and batch
    /// norm.
    pub downsample: Option<(Conv2d, BatchNorm2d)>,
}

impl Block {
    /// A block from `channels_in` channels to `width` × the expansion of `kind`.
    pub fn new(
        kind: BlockKind,
        channels_in: usize,
        width: usize,
        stride: usize,
        device: &Device,
    ) -> Self {
        let channels_out = width * kind.expansion();
        let norm = |channels| BatchNorm2d::identity(channels, device);
        let conv = |from, to, kernel, stride| conv2d(from, to, kernel, stride, device);
        let (conv1, conv2, conv3) = match kind {
            BlockKind::Basic => {
                (conv(channels_in, width, 3, stride), conv(width, width, 3, 1), None)
            }
            BlockKind::Bottleneck => (
                conv(channels_in, width, 1, 1),
                conv(width, width, 3, stride),
                Some(conv(width, channels_out, 1, 1)),
            ),
        };
        let reshapes = stride != 1 || channels_in != channels_out;
        Self {
            conv1,
            bn1: norm(width),
            conv2,
            bn2: norm(width),
            bn3: conv3.as_ref().map(|_| norm(channels_out)),
            conv3,
            downsample: reshapes
                .then(|| (conv(channels_in, channels_out, 1, stride), norm(channels_out))),
        }
    }

    /// `[N, channels_in, H, W]` to `[N, channels_out, H / stride, W / stride]`.
    pub fn forward(&mut self, input: Tensor<4>) -> Tensor<4> {
        let mut x = relu(self.bn1.forward(self.conv1.forward(input.clone())));
        x = self.bn2.forward(self.conv2.forward(x));
        if let (Some(conv3), Some(bn3)) = (&self.conv3, &mut self.bn3) {
            x = bn3.forward(conv3.forward(relu(x)));
        }
        let shortcut = match &mut self.downsample {
            Some((conv, norm)) => norm.forward(conv.forward(input)),
            None => input,
        };
        relu(x + shortcut)
    }

    /// The batch norm layers, in the order of the forward pass.
    pub fn norms_mut(&mut self) -> impl Iterator<Item = &mut BatchNorm2d> {
        [&mut self.bn1, &mut self.bn2]
            .into_iter()
            .chain(&mut self.bn3)
            .chain(self.downsample.as_mut().map(|(_, norm)| norm))
    }
}

/// A square convolution without bias, padded so that stride 1 keeps the size. The weights are zero until pretrained ones
/// replace them.
pub fn conv2d(
    channels_in: usize,
    channels_out: usize,
    kernel: usize,
    stride: usize,
    device: &Device,
) -> Conv2d {
    let padding = kernel / 2;
    Conv2dConfig::new([channels_in, channels_out], [kernel, kernel])
        .with_stride([stride, stride])
        .with_padding(PaddingConfig2d::Explicit(padding, padding, padding, padding))
        .with_bias(false)
        .with_initializer(burn::nn::Initializer::Zeros)
        .init(device)
}
