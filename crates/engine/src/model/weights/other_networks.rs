//! Recognizes networks that are not supported, by the names and shapes of their tensors.

use std::collections::BTreeMap;

use tunelab_core::model::architecture::Architecture;
use tunelab_core::model::unsupported::OtherNetwork;

use super::role::is_self_supervised;
use super::state_dict::HostTensor;

/// How many tensors of an unknown network are named.
const LISTED: usize = 3;

/// Other networks, by a part of a tensor's name, with a dot before it.
const OTHER_NETWORKS: [(&str, OtherNetwork); 34] = [
    ("cls_token", named("Vision Transformer")),
    ("attn.qkv", named("Vision Transformer")),
    ("attention.attention.query", named("Vision Transformer")),
    ("self_attention.in_proj_weight", named("Vision Transformer")),
    ("visual.transformer.", named("Vision Transformer")),
    ("relative_position_bias_table", named("Swin Transformer")),
    ("model.diffusion_model.", OtherNetwork::ImageGenerator),
    ("lora_", named("LoRA")),
    ("self_attn.", OtherNetwork::LanguageModel),
    ("denseblock1", named("DenseNet")),
    ("stage4.0.branches", named("HRNet")),
    ("Mixed_5b", named("Inception")),
    ("mixed5b", named("Inception")),
    ("conv_stem", named("EfficientNet, MobileNet")),
    ("_conv_stem", named("EfficientNet")),
    ("features.1.0.block", named("EfficientNet")),
    ("features.1.conv.0", named("MobileNet")),
    ("features.0.0.weight", named("MobileNet, EfficientNet, ConvNeXt")),
    ("dwconv", named("ConvNeXt")),
    ("conv_dw.weight", named("ConvNeXt")),
    ("stage2.0.branch", named("ShuffleNet")),
    (".model.22.", named("YOLO")),
    ("model.0.conv.weight", named("YOLO")),
    ("res2.0.conv1.norm", named("Detectron2 ResNet")),
    ("res2.0.conv1.weight", named("Detectron2 ResNet")),
    ("body.0.res_layer", named("IResNet")),
    ("block1.unit", named("ResNetV2 (BiT)")),
    ("stages.0.blocks.0.conv1", named("ResNetV2")),
    (".s1.b1.", named("RegNet")),
    ("trunk_output.block1", named("RegNet")),
    ("features.0.weight", named("VGG, AlexNet, SqueezeNet")),
    (".stages.0.0.", named("ResNet with stages in a list")),
    ("double_conv", named("U-Net")),
    (".inc.", named("U-Net")),
];

/// Variants of ResNet that compute something else with tensors of the same names, by a part of another tensor's name.
const VARIANTS: [(&str, OtherNetwork); 26] = [
    (".se.", named("SE-ResNet")),
    (".se_module.", named("SE-ResNet")),
    (".se1.", named("SE-ResNet")),
    (".selayer.", named("SE-ResNet")),
    (".eca.", named("ECA-ResNet")),
    (".cbam.", named("CBAM-ResNet")),
    (".ca.", named("CBAM-ResNet")),
    (".sa.", named("CBAM-ResNet")),
    (".attn.", named("Attention ResNet")),
    (".attention.", named("Attention ResNet")),
    (".filt", named("BlurPool ResNet")),
    (".convs.", named("Res2Net")),
    (".radix", named("ResNeSt")),
    (".conv2.fc1.", named("ResNeSt")),
    (".IN.", named("IBN-Net")),
    (".conv2.fc.", named("SKNet")),
    (".prelu.", named("IResNet")),
    (".conv2_offset.", named("ResNet-DCN")),
    (".conv2.conv_offset.", named("ResNet-DCN")),
    ("embedder.embedder.0.", named("ResNet-D")),
    ("layer0.conv2.", named("ResNet-D")),
    ("layer0.3.", named("ResNet-D")),
    (".gn1.", named("ResNet-GN")),
    ("conv1.0.", named("ResNet-D")),
    ("stem.0.", named("ResNet-D")),
    ("_quantizer.", OtherNetwork::Quantized),
];

/// ResNets of other depths: the number of blocks in each stage, whether they are bottlenecks, and the name.
const DEPTHS: [([usize; 4], bool, &str); 5] = [
    ([1, 1, 1, 1], false, "ResNet10"),
    ([1, 1, 1, 1], true, "ResNet14"),
    ([2, 2, 2, 2], true, "ResNet26"),
    ([3, 4, 23, 3], true, "ResNet101"),
    ([3, 8, 36, 3], true, "ResNet152"),
];

const fn named(name: &'static str) -> OtherNetwork {
    OtherNetwork::named(name)
}

/// The known network, other than a ResNet, that tensors of these names belong to.
pub(super) fn known_network<'a>(
    names: impl Iterator<Item = &'a str> + Clone,
) -> Option<OtherNetwork> {
    let dotted = names.map(|name| format!(".{name}"));
    let has = |mark: &str| dotted.clone().any(|name| name.contains(mark));
    OTHER_NETWORKS.iter().find(|(mark, _)| has(mark)).map(|(_, network)| network.clone())
}

/// The network, other than a ResNet, that tensors of these names belong to.
pub(super) fn other_network<'a>(names: impl Iterator<Item = &'a str> + Clone) -> OtherNetwork {
    if let Some(network) = known_network(names.clone()) {
        return network;
    }
    if is_self_supervised(names.clone()) {
        return OtherNetwork::SelfSupervised;
    }
    let tensors: Vec<String> = names.take(LISTED).map(str::to_owned).collect();
    match tensors.is_empty() {
        true => OtherNetwork::NoTensors,
        false => OtherNetwork::Unknown { tensors },
    }
}

/// The variant of ResNet that the tensors belong to, by torchvision's names, if it is not supported.
pub(super) fn unsupported_variant(tensors: &BTreeMap<String, HostTensor>) -> Option<OtherNetwork> {
    let shape = |name: &str| tensors.get(name).map(|tensor| tensor.shape.as_slice());
    let has = |mark: &str| tensors.keys().any(|name| name.contains(mark));

    // Checked first, because these may have attention too.
    match shape("conv1.weight") {
        Some([_, _, _, _, _]) => return Some(named("3D ResNet")),
        Some([_, channels, 7, 7]) if *channels != 3 => {
            return Some(OtherNetwork::OtherChannels);
        }
        _ => {}
    }
    if let Some((_, network)) = VARIANTS.iter().find(|(mark, _)| has(mark)) {
        return Some(network.clone());
    }
    // The ResNet-D of timm and Gluon has average pooling before the projection, which is then the second layer.
    if shape("layer2.0.downsample.1.weight").is_some_and(|shape| shape.len() == 4) {
        return Some(named("ResNet-D"));
    }
    match shape("conv1.weight") {
        Some([32, 3, 3, 3]) if tensors.contains_key("conv2.weight") => {
            return Some(named("CLIP ResNet"));
        }
        Some([_, 3, 3, 3]) => {
            return Some(OtherNetwork::SmallStem);
        }
        _ => {}
    }
    if has(".shortcut.") {
        return Some(OtherNetwork::OtherShortcuts);
    }
    if tensors.contains_key("conv1.bias") && !tensors.contains_key("bn1.weight") {
        return Some(OtherNetwork::FoldedNorms);
    }
    if tensors.contains_key("bn1.weight") && !has(".running_mean") {
        return Some(OtherNetwork::NoRunningStatistics);
    }
    let bottleneck = (1..=4).any(|stage| has(&format!("layer{stage}.0.conv3.weight")));
    let width = shape("layer1.0.conv2.weight").and_then(|shape| shape.first());
    let usual = Architecture::ResNet50.widths()[0];
    if bottleneck && width.is_some_and(|width| *width > usual) {
        return Some(named("ResNeXt, Wide ResNet"));
    }
    // Narrower networks are student models of any depth.
    let is_usual = width.is_some_and(|width| *width == usual);
    let depths = [1, 2, 3, 4].map(|stage| depth(tensors, stage));
    let known = DEPTHS.iter().find(|(known, deep, _)| (*known, *deep) == (depths, bottleneck));
    known.filter(|_| is_usual).map(|(.., network)| named(network))
}

/// The number of blocks in a stage, by the highest block number.
fn depth(tensors: &BTreeMap<String, HostTensor>, stage: usize) -> usize {
    let prefix = format!("layer{stage}.");
    let blocks = tensors.range(prefix.clone()..).map_while(|(name, _)| {
        name.strip_prefix(&prefix)?.split('.').next()?.parse::<usize>().ok()
    });
    blocks.max().map_or(0, |highest| highest.saturating_add(1))
}
