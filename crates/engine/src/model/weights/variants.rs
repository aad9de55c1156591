//! Names the relatives of a ResNet that compute something else with tensors of the same names.

use std::collections::BTreeMap;

use tunelab_core::model::architecture::Architecture;

use super::state_dict::HostTensor;

/// Parts of names that only a relative has.
const MARKS: [(&str, &str); 26] = [
    (".se.", "an SE-ResNet"),
    (".se_module.", "an SE-ResNet"),
    (".se1.", "an SE-ResNet"),
    (".selayer.", "an SE-ResNet"),
    (".eca.", "an ECA-ResNet"),
    (".cbam.", "a ResNet with attention (CBAM)"),
    (".ca.", "a ResNet with attention (CBAM)"),
    (".sa.", "a ResNet with attention (CBAM)"),
    (".attn.", "a ResNet with attention"),
    (".attention.", "a ResNet with attention"),
    (".filt", "an anti-aliased ResNet (BlurPool)"),
    (".convs.", "a Res2Net"),
    (".radix", "a ResNeSt"),
    (".conv2.fc1.", "a ResNeSt"),
    (".IN.", "an IBN-Net"),
    (".conv2.fc.", "a selective-kernel ResNet (SKNet)"),
    (".prelu.", "a ResNet for faces (IResNet)"),
    (".conv2_offset.", "a ResNet with deformable convolutions"),
    (".conv2.conv_offset.", "a ResNet with deformable convolutions"),
    ("embedder.embedder.0.", "a ResNet-D, whose stem has three convolutions"),
    ("layer0.conv2.", "a ResNet-D, whose stem has three convolutions"),
    ("layer0.3.", "a ResNet-D, whose stem has three convolutions"),
    (".gn1.", "a ResNet with group normalization"),
    ("conv1.0.", "a ResNet-D, whose stem has three convolutions"),
    ("stem.0.", "a ResNet-D, whose stem has three convolutions"),
    ("_quantizer.", "a quantized ResNet"),
];

/// Numbers of blocks in each stage, whether they are bottlenecks, and the network.
const DEPTHS: [([usize; 4], bool, &str); 5] = [
    ([1, 1, 1, 1], false, "a ResNet-10"),
    ([1, 1, 1, 1], true, "a ResNet-14"),
    ([2, 2, 2, 2], true, "a ResNet-26"),
    ([3, 4, 23, 3], true, "a ResNet-101"),
    ([3, 8, 36, 3], true, "a ResNet-152"),
];

/// The relative whose tensors these are, under torchvision's names, if it is a known one.
pub(super) fn relative(tensors: &BTreeMap<String, HostTensor>) -> Option<&'static str> {
    let shape = |name: &str| tensors.get(name).map(|tensor| tensor.shape.as_slice());
    let has = |mark: &str| tensors.keys().any(|name| name.contains(mark));

    // The stem tells these apart from the others, whatever attention they have.
    match shape("conv1.weight") {
        Some([_, _, _, _, _]) => return Some("a ResNet for videos (3D)"),
        Some([_, channels, 7, 7]) if *channels != 3 => {
            return Some("a ResNet for pictures of other than 3 channels");
        }
        _ => {}
    }
    if let Some((_, network)) = MARKS.iter().find(|(mark, _)| has(mark)) {
        return Some(network);
    }
    // timm's and Gluon's ResNet-D average before the projection, which so is the second layer.
    if shape("layer2.0.downsample.1.weight").is_some_and(|shape| shape.len() == 4) {
        return Some("a ResNet-D, which averages in its shortcuts");
    }
    match shape("conv1.weight") {
        Some([32, 3, 3, 3]) if tensors.contains_key("conv2.weight") => {
            return Some("CLIP's ResNet or another with three convolutions in its stem");
        }
        Some([_, 3, 3, 3]) => {
            return Some(
                "a ResNet for small pictures, as of CIFAR, whose first convolution is 3x3",
            );
        }
        _ => {}
    }
    if has(".shortcut.") {
        return Some("a ResNet with other shortcuts");
    }
    if tensors.contains_key("conv1.bias") && !tensors.contains_key("bn1.weight") {
        return Some("a ResNet whose norms are folded into its convolutions");
    }
    if tensors.contains_key("bn1.weight") && !has(".running_mean") {
        return Some("a ResNet without the running statistics of batch normalization");
    }
    let bottleneck = (1..=4).any(|stage| has(&format!("layer{stage}.0.conv3.weight")));
    let inner = shape("layer1.0.conv2.weight").and_then(|shape| shape.first());
    let own = Architecture::ResNet50.widths()[0];
    if bottleneck && inner.is_some_and(|width| *width > own) {
        return Some("a ResNeXt or a wide ResNet");
    }
    // Narrow basic blocks are students, in any depth.
    let is_wide = inner.is_some_and(|width| *width == own);
    let depths = [1, 2, 3, 4].map(|stage| depth(tensors, stage));
    let known = DEPTHS.iter().find(|(known, deep, _)| (*known, *deep) == (depths, bottleneck));
    known.filter(|_| is_wide).map(|(.., network)| *network)
}

/// Number of blocks in a stage, by the highest one.
fn depth(tensors: &BTreeMap<String, HostTensor>, stage: usize) -> usize {
    let prefix = format!("layer{stage}.");
    let blocks = tensors.range(prefix.clone()..).map_while(|(name, _)| {
        name.strip_prefix(&prefix)?.split('.').next()?.parse::<usize>().ok()
    });
    blocks.max().map_or(0, |highest| highest.saturating_add(1))
}
