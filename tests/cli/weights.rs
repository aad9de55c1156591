//! Weights files: ResNet18 checkpoints of common training scripts, and unsupported files.

use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use image::ImageFormat;
use serde_json::Value;
use tempfile::tempdir;
use tunelab_engine::model::weights::{FloatFormat, HostTensor, StateDict, parse, serialize};

use crate::common::bundled_weights;
use crate::inputs::encoded;
use crate::program::{Outcome, tunelab};
use crate::pth::{Object, dict, save};

static BUNDLED: LazyLock<StateDict> = LazyLock::new(|| {
    let mut state = parse(&bundled_weights()).unwrap();
    state.metadata.clear();
    state
});

/// The included network with other names; `None` leaves a tensor out.
fn renamed(rename: impl Fn(&str) -> Option<String>) -> StateDict {
    let tensors = BUNDLED.tensors.iter();
    let tensors = tensors.filter_map(|(name, tensor)| Some((rename(name)?, tensor.clone())));
    StateDict { tensors: tensors.collect(), ..StateDict::default() }
}

fn prefixed(prefix: &str) -> StateDict {
    renamed(|name| Some(format!("{prefix}{name}")))
}

fn safetensors(state: &StateDict) -> Vec<u8> {
    serialize(state, FloatFormat::F16).unwrap()
}

/// The dictionary that PyTorch would save.
fn object(state: &StateDict) -> Object {
    let entry = |(name, tensor): (&String, &HostTensor)| {
        let values = tensor.as_floats()?.to_vec();
        Some((name.clone(), Object::Tensor(tensor.shape.clone(), values)))
    };
    Object::Dict(state.tensors.iter().filter_map(entry).collect())
}

fn zeros(shape: &[usize]) -> HostTensor {
    HostTensor::float(shape, vec![0.0; shape.iter().product()])
}

fn with(mut state: StateDict, extra: &[(&str, &[usize])]) -> StateDict {
    state.tensors.extend(extra.iter().map(|(name, shape)| ((*name).to_owned(), zeros(shape))));
    state
}

/// Numbers instead of names, as `nn.Sequential(*resnet.children())` gives them, without a head.
fn numbered(prefix: &str) -> StateDict {
    let modules = ["conv1", "bn1", "", "", "layer1", "layer2", "layer3", "layer4"];
    renamed(|name| {
        let (module, rest) = name.split_once('.')?;
        let at = modules.iter().position(|known| *known == module)?;
        Some(format!("{prefix}{at}.{rest}"))
    })
}

/// A head of two layers.
fn mlp_head() -> StateDict {
    let backbone = renamed(|name| (!name.starts_with("fc.")).then(|| name.to_owned()));
    with(backbone, &[("fc.0.weight", &[64, 512]), ("fc.0.bias", &[64]), ("fc.2.weight", &[5, 64])])
}

fn info_of(bytes: &[u8]) -> Outcome {
    let folder = tempdir().unwrap();
    let path = folder.path().join("weights");
    fs::write(&path, bytes).unwrap();
    tunelab(&["info", path.to_str().unwrap(), "--json"])
}

/// The output of `info` for a file that must be a ResNet18.
fn read(bytes: &[u8]) -> Value {
    let outcome = info_of(bytes);
    outcome.done();
    let info = outcome.named("info")[0].clone();
    assert_eq!(info["architecture"], "resnet18");
    info
}

/// The message about a file that must be rejected.
fn refused(bytes: &[u8]) -> String {
    let outcome = info_of(bytes);
    assert_eq!(outcome.code, Some(2), "{}", outcome.errors);
    assert_eq!(outcome.errors.trim_end().lines().count(), 1, "{}", outcome.errors);
    outcome.errors
}

fn train(path: &Path) -> Outcome {
    let out = tempdir().unwrap();
    let (path, out) = (path.to_str().unwrap(), out.path().to_str().unwrap());
    let recipe = ["--strategy", "probe", "--epochs", "1", "--size", "32", "--json"];
    tunelab(&[&["train", "--data", "sample", "--model", path, "--out", out], &recipe[..]].concat())
}

#[test]
fn checkpoints_of_ordinary_scripts_are_read() {
    let mut averaged = prefixed("module.");
    averaged.tensors.insert("n_averaged".into(), HostTensor::integer([], vec![9]));
    let dropout = renamed(|name| Some(name.replace("fc.", "fc.1.")));
    let lightning = with(prefixed("model."), &[("criterion.weight", &[200])]);
    for (state, prefix, unused) in [
        (prefixed("module."), "module.", 0),
        (averaged, "module.", 1),
        (dropout, "", 0),
        (lightning, "model.", 1),
    ] {
        let info = read(&safetensors(&state));
        assert_eq!(info["head_classes"], 200, "{info}");
        assert_eq!(info["prefix"], prefix);
        assert_eq!(info["unused_tensors"], unused);
    }
    for key in ["weights", "net", "student", "model_state_dict", "anything"] {
        let saved = dict([("epoch", Object::Int(4)), (key, object(&BUNDLED))]);
        let info = read(&save(&saved));
        assert_eq!((&info["head_classes"], &info["format"]), (&200.into(), &"pth-archive".into()));
        assert_eq!(info["prefix"], format!("{key}."));
    }
    let both = dict([("model", object(&BUNDLED)), ("model_ema", object(&prefixed("module.")))]);
    assert_eq!(read(&save(&both))["prefix"], "model_ema.module.");
}

#[test]
fn backbones_without_a_usable_head_are_read() {
    let moco = with(prefixed("module.encoder_q."), &[("module.queue", &[4, 8])]);
    let momentum = prefixed("module.encoder_k.").tensors;
    let moco = StateDict {
        tensors: moco.tensors.into_iter().chain(momentum).collect(),
        ..StateDict::default()
    };
    let detector =
        renamed(|name| (!name.starts_with("fc.")).then(|| format!("backbone.body.{name}")));
    let detector = with(detector, &[("rpn.head.cls_logits.weight", &[3, 256, 1, 1])]);
    for (state, naming, prefix) in [
        (mlp_head(), "torchvision", ""),
        (numbered(""), "sequential", ""),
        (with(numbered("0."), &[("1.8.weight", &[3, 512])]), "sequential", "0."),
        (moco, "torchvision", "module.encoder_q."),
        (detector, "torchvision", "backbone.body."),
    ] {
        let info = read(&safetensors(&state));
        let fastai = prefix == "0.";
        assert_eq!(info["head_classes"].is_null(), !fastai, "{info}");
        assert_eq!((&info["naming"], &info["prefix"]), (&naming.into(), &prefix.into()));
    }
}

#[test]
fn a_backbone_with_an_mlp_head_is_trained_and_does_not_predict() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("mlp.safetensors");
    fs::write(&path, safetensors(&mlp_head())).unwrap();
    train(&path).done();

    let image = folder.path().join("image.png");
    fs::write(&image, encoded(1, ImageFormat::Png)).unwrap();
    let (path, image) = (path.to_str().unwrap(), image.to_str().unwrap());
    let outcome = tunelab(&["predict", "--model", path, image, "--json"]);
    assert_eq!(outcome.code, Some(2));
    assert!(outcome.errors.contains("no usable classification head"), "{}", outcome.errors);
}

#[test]
fn a_numbered_network_computes_the_same_as_the_named_one() {
    let learned = |state: &StateDict, name: &str| {
        let folder = tempdir().unwrap();
        let path = folder.path().join(name);
        fs::write(&path, save(&dict([("model", object(state))]))).unwrap();
        let outcome = train(&path);
        outcome.done();
        let epoch = outcome.named("epoch")[0];
        (epoch["train_loss"].clone(), epoch["validation"].clone())
    };
    assert_eq!(learned(&numbered("0."), "numbered.pth"), learned(&BUNDLED, "named.pth"));
}

#[test]
fn relatives_and_other_networks_are_refused_by_name() {
    for (extra, shape, expected) in [
        ("layer1.0.se.fc.0.weight", &[4, 64][..], "another network: SE-ResNet"),
        ("layer2.0.conv2.0.filt", &[128, 1, 3, 3], "BlurPool ResNet"),
        ("conv1.weight", &[64, 3, 3, 3], "small images such as CIFAR"),
        ("layer1.0.bn3.weight", &[64], "“layer1.0.bn3.weight”"),
    ] {
        let message = refused(&safetensors(&with(BUNDLED.clone(), &[(extra, shape)])));
        assert!(message.contains(expected), "{message}");
    }
    let mut swin = StateDict::default();
    let name = "layers.0.blocks.0.attn.relative_position_bias_table";
    swin.tensors.insert(name.into(), zeros(&[1]));
    assert!(refused(&safetensors(&swin)).contains("Swin Transformer"));
    let whole = Object::Instance("torchvision.models.resnet", "ResNet");
    assert!(refused(&save(&whole)).contains("state_dict()"));
}

#[test]
fn files_without_weights_are_identified() {
    let zip = |names: &[&str]| {
        let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        for name in names {
            zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        }
        zip.finish().unwrap().into_inner()
    };
    let whole = safetensors(&BUNDLED);
    for (bytes, expected) in [
        (b"<!DOCTYPE html>\n<html>Sign in</html>".to_vec(), "a web page"),
        (
            b"<?xml version=\"1.0\"?>\n<Error><Code>AccessDenied</Code></Error>".to_vec(),
            "a text that begins with “<?xml",
        ),
        (b"{\"error\":\n\"Repository not found\"}".to_vec(), "a text that begins with “{"),
        (b"Entry not found".to_vec(), "a text that begins with “Entry not found”"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n".to_vec(), "Git LFS"),
        (b"\x89HDF\r\n\x1a\n\0\0\0\0".to_vec(), "HDF5 (Keras, MATLAB)"),
        (b"\x08\x07\x12\x07pytorch\x1a\x032.0".to_vec(), "another program: ONNX"),
        (b"GGUF\x03\0\0\0".to_vec(), "GGUF"),
        (encoded(1, ImageFormat::Png), "an image (PNG)"),
        (zip(&["cat/1.jpg"]), "a zip archive of images"),
        (zip(&["notes.txt"]), "a zip archive that torch.save did not write"),
        (zip(&["net/data.pkl", "net/constants.pkl"]), "a TorchScript program"),
        (Vec::new(), "The file is empty."),
        (whole[..whole.len() / 2].to_vec(), "The safetensors file is damaged."),
    ] {
        let message = refused(&bytes);
        assert!(message.contains(expected), "{message}");
    }
}
