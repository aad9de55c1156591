//! Checkpoints of common training scripts, which contain a ResNet among other things.

use tunelab_core::model::architecture::Architecture;

use super::network;
use super::networks::loaded;
use super::pth::{Object, dict, save};
use crate::model::weights::{HostTensor, PretrainedWeights, StateDict, TensorValues, load};
use tunelab_core::model::sources::Naming;
use tunelab_core::model::unsupported::{OtherNetwork, UnsupportedFile};
use tunelab_core::model::weights_error::{UnreadHead, WeightsError};

/// Small, so that the tests are quick.
const ARCHITECTURE: Architecture = Architecture::ResNet10Quarter;

fn plain() -> StateDict {
    network(ARCHITECTURE, 3)
}

/// The network under other names; `None` leaves a tensor out.
fn renamed(rename: impl Fn(&str) -> Option<String>) -> StateDict {
    let tensors = plain().tensors.into_iter();
    let tensors = tensors.filter_map(|(name, tensor)| Some((rename(&name)?, tensor))).collect();
    StateDict { tensors, ..StateDict::default() }
}

fn prefixed(prefix: &str) -> StateDict {
    renamed(|name| Some(format!("{prefix}{name}")))
}

/// With another value in the first convolution, which distinguishes it from the plain network.
fn marked(mut state: StateDict, value: f32) -> StateDict {
    for (name, tensor) in &mut state.tensors {
        if let (true, TensorValues::Float(values)) =
            (name.ends_with("conv1.weight"), &mut tensor.data)
        {
            values[0] = value;
        }
    }
    state
}

fn mark(weights: &PretrainedWeights) -> f32 {
    weights.backbone.tensors["conv1.weight"].as_floats().unwrap()[0]
}

fn floats(shape: &[usize]) -> HostTensor {
    HostTensor::float(shape, vec![0.5; shape.iter().product()])
}

fn with(mut state: StateDict, extra: &[(&str, &[usize])]) -> StateDict {
    state.tensors.extend(extra.iter().map(|(name, shape)| ((*name).to_owned(), floats(shape))));
    state
}

fn object(state: &StateDict) -> Object {
    let tensor = |(name, tensor): (&String, &HostTensor)| {
        let values = tensor.as_floats().unwrap().to_vec();
        (name.clone(), Object::Tensor(tensor.shape.clone(), values))
    };
    Object::Dict(state.tensors.iter().map(tensor).collect())
}

fn tensor(shape: &[usize]) -> Object {
    Object::Tensor(shape.to_vec(), vec![0.5; shape.iter().product()])
}

fn from_pth(object: &Object) -> Result<PretrainedWeights, WeightsError> {
    load(&save(object))
}

/// Checks that the backbone of a file is the plain network's.
fn assert_backbone(state: &StateDict) -> PretrainedWeights {
    let weights = loaded(state).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(weights.backbone, loaded(&plain()).unwrap().backbone);
    weights
}

fn message(state: &StateDict) -> String {
    loaded(state).unwrap_err().to_string()
}

#[test]
fn training_state_is_ignored() {
    let mut swa = prefixed("module.");
    swa.tensors.insert("n_averaged".into(), HostTensor::integer([], vec![9]));
    let mut lightning = with(prefixed("model."), &[("criterion.weight", &[3])]);
    lightning.tensors.insert("val_accuracy.tp".into(), HostTensor::integer([3], vec![1; 3]));
    for (state, prefix, unused) in [
        (plain(), "", 0),
        (prefixed("module."), "module.", 0),
        (swa, "module.", 1),
        (lightning, "model.", 2),
        (with(plain(), &[("criterion.pos_weight", &[])]), "", 1),
        (
            with(prefixed("model._orig_mod."), &[("margin.weight", &[3, 128])]),
            "model._orig_mod.",
            1,
        ),
    ] {
        let weights = assert_backbone(&state);
        assert_eq!(weights.head.as_ref().unwrap().classes(), 3, "{prefix}");
        assert_eq!((weights.prefix.as_str(), weights.unused), (prefix, unused));
    }
}

#[test]
fn buffers_of_synchronized_norms_are_ignored() {
    let state = with(
        plain(),
        &[
            ("layer1.0.bn1._tmp_running_mean", &[16]),
            ("layer1.0.bn1._tmp_running_var", &[16]),
            ("layer1.0.bn1._running_iter", &[1]),
        ],
    );
    assert_eq!(assert_backbone(&state).head.unwrap().classes(), 3);
}

#[test]
fn a_head_may_follow_a_dropout_or_have_another_prefix() {
    let head = |root: &'static str, backbone: &'static str| {
        renamed(move |name| {
            let head = name.strip_prefix("fc.").map(|part| format!("{root}{part}"));
            Some(head.unwrap_or_else(|| format!("{backbone}{name}")))
        })
    };
    for (root, backbone) in [
        ("fc.1.", ""),
        ("head.fc.", ""),
        ("linear.", ""),
        ("last_linear.", "module."),
        ("classifier.1.", "backbone."),
        ("model.head.", "model.backbone."),
        ("module.classifier.", "module.encoder."),
        ("2.", "0."),
    ] {
        let weights = assert_backbone(&head(root, backbone));
        assert_eq!(weights.head, loaded(&plain()).unwrap().head, "{root} {backbone}");
    }
}

#[test]
fn an_unusable_head_does_not_prevent_reading_the_backbone() {
    let headless = || renamed(|name| (!name.starts_with("fc.")).then(|| name.to_owned()));
    let reason = |state: &StateDict| {
        let weights = assert_backbone(state);
        assert_eq!(weights.head, None);
        weights.unread_head.unwrap().to_string()
    };
    let mlp = with(
        headless(),
        &[("fc.0.weight", &[64, 128]), ("fc.0.bias", &[64]), ("fc.2.weight", &[3, 64])],
    );
    assert_eq!(
        reason(&mlp),
        "The layers after the backbone (“fc.0.bias”, “fc.0.weight” and “fc.2.weight”) are not a single linear layer."
    );
    let normed = with(headless(), &[("fc.0.running_mean", &[128]), ("fc.1.weight", &[3, 128])]);
    assert!(reason(&normed).contains("not a single linear layer"));
    let two = with(plain(), &[("classifier.weight", &[2, 3])]);
    assert!(reason(&two).contains("not a single linear layer"));
    let convolution = with(headless(), &[("fc.weight", &[3, 128, 1, 1]), ("fc.bias", &[3])]);
    assert!(reason(&convolution).contains("not a single linear layer"));
    let narrow = with(headless(), &[("fc.weight", &[3, 64])]);
    assert!(reason(&narrow).contains("[3, 64] instead of one row of 128 values"));
    let mut damaged = plain();
    damaged.tensors.insert("fc.bias".into(), HostTensor::float([3], vec![f32::NAN; 3]));
    assert!(reason(&damaged).contains("infinite or not a number"));
    assert_eq!(assert_backbone(&headless()).unread_head, None);
}

#[test]
fn numbered_layers_are_read() {
    let numbered = |stem: [&'static str; 2], first: usize, prefix: &'static str| {
        renamed(move |name| {
            let (module, rest) = name.split_once('.')?;
            let module = match module {
                "conv1" => stem[0].to_owned(),
                "bn1" => stem[1].to_owned(),
                "fc" => return None,
                stage => {
                    let stage: usize = stage.strip_prefix("layer")?.parse().ok()?;
                    (stage + first - 1).to_string()
                }
            };
            Some(format!("{prefix}{module}.{rest}"))
        })
    };
    for (stem, first, prefix) in [
        (["0", "1"], 4, ""),
        (["0", "1"], 4, "0."),
        (["0", "1"], 4, "module.backbone."),
        (["0.0", "0.1"], 1, ""),
        (["0.0", "0.1"], 1, "embedding_layer."),
    ] {
        let state = numbered(stem, first, prefix);
        let weights = assert_backbone(&state);
        assert_eq!((weights.naming, weights.head), (Naming::Sequential, None));
        assert_eq!(weights.prefix, prefix);
    }

    // fastai: its head is an MLP behind a pooling, in the second layer.
    let fastai = with(
        numbered(["0", "1"], 4, "0."),
        &[("1.2.weight", &[256]), ("1.4.weight", &[512, 256]), ("1.8.weight", &[3, 512])],
    );
    assert!(matches!(assert_backbone(&fastai).unread_head, Some(UnreadHead::Layers { .. })));
    // A pooling, a flattening and a linear layer behind the stages.
    let linear = with(numbered(["0", "1"], 4, ""), &[("10.weight", &[3, 128]), ("10.bias", &[3])]);
    assert_eq!(assert_backbone(&linear).head.unwrap().classes(), 3);

    // Without the pooling, and with a norm of the input.
    for (stem, first) in [(["0", "1"], 3), (["1", "2"], 5), (["0", "1"], 2)] {
        let error = loaded(&numbered(stem, first, ""));
        assert_eq!(error, Err(OtherNetwork::ReorderedLayers.into()));
    }
    let blurred = with(numbered(["0", "1"], 4, ""), &[("3.filt", &[64, 1, 3, 3])]);
    assert!(message(&blurred).contains("BlurPool"), "{}", message(&blurred));
}

#[test]
fn separate_stems_and_lists_of_stages_are_read() {
    let stem = renamed(|name| {
        let name = name.replace("fc.", "head.fc.");
        Some(match name.split_once('.')? {
            ("conv1", rest) => format!("encoder.layer0.0.{rest}"),
            ("bn1", rest) => format!("encoder.layer0.1.{rest}"),
            _ => format!("encoder.{name}"),
        })
    });
    assert_eq!(assert_backbone(&stem).head.unwrap().classes(), 3);
    let listed = renamed(|name| {
        let stage = name.strip_prefix("layer").and_then(|rest| rest.split_once('.'));
        Some(match stage {
            Some((stage, rest)) => format!("layers.{}.{rest}", stage.parse::<usize>().ok()? - 1),
            None => name.to_owned(),
        })
    });
    let weights = assert_backbone(&listed);
    assert_eq!(weights.naming, Naming::Nvidia);
    assert_eq!(weights.head.unwrap().classes(), 3);
}

/// Two networks in one file; that of `first` is the plain one.
fn both(first: &str, second: &str) -> StateDict {
    let mut state = prefixed(first);
    state.tensors.extend(marked(prefixed(second), 7.0).tensors);
    state
}

#[test]
fn the_preferred_of_several_networks_is_read() {
    for (wanted, other) in [
        ("model_ema.", "model."),
        ("ema_model.", "online_model."),
        ("best_model.", "model."),
        ("module.encoder_q.", "module.encoder_k."),
        ("base_encoder.", "momentum_encoder."),
        ("online_encoder.net.", "target_encoder.net."),
        ("online_net.0.", "target_net.0."),
        ("backbone.", "backbone_momentum."),
        ("student.", "teacher."),
        ("generator.encoder.", "loss_resnet.impl."),
    ] {
        let weights = assert_backbone(&both(wanted, other));
        assert_eq!(weights.prefix, wanted);
    }
    // Self-distillation.
    let dino = both("teacher.backbone.", "student.backbone.");
    let dino = with(dino, &[("teacher.head.last_layer.weight_v", &[8, 4])]);
    assert_eq!(assert_backbone(&dino).prefix, "teacher.backbone.");
    // An average of the parameters lacks the running statistics.
    let mut averaged = both("model.", "ema.");
    averaged.tensors.retain(|name, _| !(name.starts_with("ema.") && name.contains("running")));
    assert_eq!(assert_backbone(&averaged).prefix, "model.");

    let twins = message(&both("left.", "right."));
    assert!(twins.contains("one at “left.” and one at “right.”"), "{twins}");
    // One network, found under two names.
    let mut shared = prefixed("learner.net.");
    shared.tensors.extend(prefixed("learner.online_encoder.net.").tensors);
    assert_eq!(assert_backbone(&shared).prefix, "learner.net.");
}

#[test]
fn self_supervised_checkpoints_are_read_without_a_head() {
    let projection = |prefix: &'static str, extra: &[(&str, &[usize])]| {
        assert_backbone(&with(prefixed(prefix), extra)).unread_head.unwrap()
    };
    let queue: &[(&str, &[usize])] = &[("module.queue", &[3, 8])];
    assert_eq!(
        projection("module.encoder_q.", queue),
        UnreadHead::Projection { name: "module.encoder_q.fc.weight".into() }
    );
    projection("encoder.", &[("predictor.0.weight", &[8, 8])]);
    projection("module.", &[("module.prototypes.weight", &[8, 8])]);

    // A classifier beside the projection is one.
    let solo = renamed(|name| {
        Some(match name.strip_prefix("fc.") {
            Some(part) => format!("classifier.{part}"),
            None => format!("backbone.{name}"),
        })
    });
    let solo = with(solo, &[("projector.0.weight", &[8, 128]), ("projector.0.bias", &[8])]);
    assert_eq!(assert_backbone(&solo).head.unwrap().classes(), 3);
    // No ResNet, but no unknown network either.
    let mut other = StateDict::default();
    other.tensors.insert("online_encoder.mlp.weight".into(), floats(&[2, 2]));
    assert_eq!(loaded(&other), Err(OtherNetwork::SelfSupervised.into()));
}

#[test]
fn backbones_of_detection_and_segmentation_models_are_read() {
    for (prefix, others) in [
        ("backbone.body.", &["backbone.fpn.inner_blocks.0.weight", "rpn.head.conv.weight"][..]),
        ("backbone.0.body.", &["transformer.encoder.layers.0.self_attn.in_proj_weight"]),
        ("encoder.", &["decoder.blocks.0.conv1.0.weight", "segmentation_head.0.weight"]),
        ("", &["layer5.conv2d_list.0.weight", "decoder.conv1.weight", "upsample.conv.weight"]),
        ("trunk._feature_blocks.", &["heads.0.clf.0.weight"]),
    ] {
        let state = renamed(|name| (!name.starts_with("fc.")).then(|| format!("{prefix}{name}")));
        let others: Vec<(&str, &[usize])> =
            others.iter().map(|name| (*name, &[8, 8, 1, 1][..])).collect();
        let weights = assert_backbone(&with(state, &others));
        assert_eq!((weights.head, weights.unused), (None, others.len()), "{prefix}");
    }
}

#[test]
fn a_defective_backbone_is_refused_in_any_model() {
    let around = || with(prefixed("encoder."), &[("decoder.conv1.weight", &[8, 8])]);
    let mut missing = around();
    missing.tensors.remove("encoder.layer3.0.bn2.bias");
    assert!(message(&missing).contains("“layer3.0.bn2.bias” of shape [64] is missing"));
    let mut integers = around();
    let quantized = HostTensor::integer([16], vec![1; 16]);
    integers.tensors.insert("encoder.bn1.weight".into(), quantized);
    assert!(message(&integers).contains("integers"));
    let extra = with(around(), &[("encoder.layer1.0.bn4.weight", &[16])]);
    assert!(message(&extra).contains("“layer1.0.bn4.weight” of shape [16] is not part"));
}

#[test]
fn unsupported_variants_are_refused_by_name() {
    for (extra, shape, expected) in [
        ("layer1.0.se.fc.0.weight", &[1, 16][..], "SE-ResNet"),
        ("layer2.0.cbam.ChannelGate.mlp.1.weight", &[1, 32], "CBAM-ResNet"),
        ("layer2.0.conv2.0.filt", &[32, 1, 3, 3], "BlurPool ResNet"),
        ("maxpool.1.filt", &[16, 1, 3, 3], "BlurPool ResNet"),
        ("layer1.0.bn1.IN.weight", &[8], "IBN-Net"),
        ("layer1.0.prelu.weight", &[16], "IResNet"),
        ("conv1.0.weight", &[8, 3, 3, 3], "ResNet-D"),
        ("layer0.conv2.weight", &[16, 16, 3, 3], "ResNet-D"),
        ("layer0.3.weight", &[16, 16, 3, 3], "ResNet-D"),
        ("layer1.0.gn1.weight", &[16], "ResNet-GN"),
        ("ca.fc1.weight", &[1, 16, 1, 1], "“ca.fc1.weight”"),
        ("bn2.weight", &[16], "“bn2.weight”"),
    ] {
        let message = message(&with(plain(), &[(extra, shape)]));
        assert!(message.contains(expected), "{extra}: {message}");
    }
    for (stem, expected) in [
        (&[16, 3, 3, 3][..], "small images"),
        (&[16, 1, 7, 7], "do not have 3 channels"),
        (&[16, 3, 7, 7, 7], "3D ResNet"),
    ] {
        let message = message(&with(plain(), &[("conv1.weight", stem)]));
        assert!(message.contains(expected), "{stem:?}: {message}");
    }
    let hrnet = renamed(|name| (!name.contains("layer")).then(|| name.to_owned()));
    let hrnet = with(
        hrnet,
        &[("layer1.0.conv1.weight", &[64, 64, 1, 1]), ("stage4.0.branches.0.0.bn1.bias", &[8])],
    );
    assert!(message(&hrnet).contains("HRNet"));
    let mut normless = plain();
    normless.tensors.retain(|name, _| !name.contains("running"));
    assert!(message(&normless).contains("running statistics of batch norm are missing"));
    let folded = renamed(|name| {
        let name = name.replace("bn1.bias", "conv1.bias");
        (!name.contains("bn") && !name.contains("downsample.1")).then_some(name)
    });
    assert!(message(&folded).contains("folded"));
}

#[test]
fn entries_of_checkpoints_are_found_under_any_key() {
    for key in [
        "weights",
        "model_ema",
        "ema",
        "net",
        "network",
        "student",
        "teacher",
        "state_dict",
        "model_state_dict",
        "ema_state_dict",
        "model",
        "trunk",
    ] {
        let saved = dict([
            ("epoch", Object::Int(3)),
            ("arch", Object::Text("resnet10".into())),
            (key, object(&plain())),
            ("args", Object::Instance("argparse", "Namespace")),
        ]);
        let weights = from_pth(&saved).unwrap_or_else(|error| panic!("{key}: {error}"));
        assert_eq!(weights.backbone, loaded(&plain()).unwrap().backbone, "{key}");
        assert_eq!(weights.head.unwrap().classes(), 3);
        assert_eq!(weights.prefix, format!("{key}."));
    }
    let nested = dict([("classy", dict([("base", dict([("trunk", object(&prefixed("net.")))]))]))]);
    assert_eq!(from_pth(&nested).unwrap().prefix, "classy.base.trunk.net.");
    let listed = Object::List(vec![object(&plain()), Object::Int(5)]);
    assert_eq!(from_pth(&listed).unwrap().prefix, "0.");
    let split = renamed(|name| (!name.starts_with("fc.")).then(|| name.to_owned()));
    let head = Object::Tensor(vec![3, 128], vec![0.5; 3 * 128]);
    let split = dict([("encoder", object(&split)), ("classifier", dict([("weight", head)]))]);
    assert_eq!(from_pth(&split).unwrap().head.unwrap().classes(), 3);
}

#[test]
fn the_preferred_of_several_entries_is_read() {
    let other = || object(&marked(plain(), 7.0));
    let wanted = marked(plain(), 1.0);
    for (key, other_key) in [
        ("state_dict_ema", "state_dict"),
        ("model_ema", "model"),
        ("ema", "model"),
        ("student", "teacher"),
        ("model", "optimizer"),
    ] {
        let saved = dict([(other_key, other()), (key, object(&wanted)), ("epoch", Object::Int(1))]);
        let weights = from_pth(&saved).unwrap();
        assert_eq!((mark(&weights), weights.prefix), (1.0, format!("{key}.")));
    }
    // mmengine saves the average as the network.
    let mmengine = dict([
        ("state_dict", object(&wanted)),
        ("ema_state_dict", other()),
        ("message_hub", dict([])),
    ]);
    assert_eq!(mark(&from_pth(&mmengine).unwrap()), 1.0);
    // An object instead of the average.
    let object_beside =
        dict([("ema", Object::Instance("models.yolo", "Model")), ("model", object(&wanted))]);
    assert_eq!(mark(&from_pth(&object_beside).unwrap()), 1.0);
    // An auxiliary network is read if there is no other.
    let alone = dict([("target", object(&wanted)), ("stats", dict([("mean", tensor(&[3]))]))]);
    assert_eq!(mark(&from_pth(&alone).unwrap()), 1.0);
    let twins = dict([("a", object(&wanted)), ("b", other())]);
    assert!(matches!(from_pth(&twins), Err(WeightsError::SeveralBackbones { .. })));
}

#[test]
fn unreadable_tensors_matter_only_in_the_network() {
    let strange = || Object::Instance("torchmetrics", "Metric");
    let beside = dict([("model", object(&plain())), ("metrics", dict([("f1.weight", strange())]))]);
    assert!(from_pth(&beside).is_ok());
    let mut tensors = plain().tensors;
    tensors.remove("bn1.weight");
    let Object::Dict(mut entries) = object(&StateDict { tensors, ..StateDict::default() }) else {
        panic!("it is a dictionary");
    };
    entries.push(("bn1.weight".into(), strange()));
    let error = from_pth(&dict([("model", Object::Dict(entries))])).unwrap_err().to_string();
    assert!(error.contains("“bn1.weight”") && error.contains("torchmetrics.Metric"), "{error}");
}

#[test]
fn deep_nesting_and_long_keys_are_ignored() {
    let long = "x".repeat(1000);
    let deep = (0..40).fold(object(&plain()), |inner, _| dict([("a", inner)]));
    for saved in [deep, dict([(&long, object(&plain()))])] {
        assert!(matches!(from_pth(&saved), Err(WeightsError::NoTensors { .. })));
    }
}

#[test]
fn doubles_and_tensors_with_attributes_are_read() {
    let expected = loaded(&plain()).unwrap().backbone;
    for make in [Object::Double, Object::WithAttributes] {
        let tensor = |(name, tensor): (&String, &HostTensor)| {
            (name.clone(), make(tensor.shape.clone(), tensor.as_floats().unwrap().to_vec()))
        };
        let saved = Object::Dict(plain().tensors.iter().map(tensor).collect());
        assert_eq!(from_pth(&saved).unwrap().backbone, expected);
    }
}

#[test]
fn names_with_line_breaks_are_ignored() {
    let state = with(prefixed("model."), &[("model.layer1.0.a\nb", &[1]), ("\n", &[1])]);
    assert_eq!(assert_backbone(&state).unused, 0);
    assert!(from_pth(&dict([("a\nb", object(&plain()))])).is_err());
}

#[test]
fn files_of_this_program_must_be_complete() {
    let own = |mut state: StateDict| {
        state.metadata.insert("tunelab".into(), "{}".into());
        state
    };
    assert_eq!(loaded(&own(plain())).unwrap().head.unwrap().classes(), 3);
    let headless = renamed(|name| (!name.starts_with("fc.")).then(|| name.to_owned()));
    assert_eq!(loaded(&own(headless)), Err(WeightsError::HeadMissing));
    let narrow = with(plain(), &[("fc.weight", &[3, 64])]);
    assert!(message(&own(narrow)).contains("[3, 64]"));
    let extra = with(plain(), &[("criterion.weight", &[3])]);
    assert!(message(&own(extra)).contains("“criterion.weight”"));

    let mut checkpoint = plain();
    checkpoint.metadata.insert("tunelab-checkpoint".into(), "{}".into());
    assert_eq!(loaded(&checkpoint), Err(UnsupportedFile::RunCheckpoint.into()));
}
