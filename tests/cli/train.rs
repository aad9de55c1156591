//! The interface of the command line: lines of JSON, exit codes, the run folder, resuming after a kill.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::Value;
use tempfile::{TempDir, tempdir};

use crate::common::{bundled_weights, skip};
use crate::inputs::sample_image;
use crate::program::{self, Outcome, assert_rejected, command, tunelab};

/// Records in the format of CIFAR-10, `each` per class; each class has a color with a little noise.
fn cifar(each: u8) -> Vec<u8> {
    let mut bytes = Vec::new();
    for index in 0..each {
        for label in 0..10u8 {
            bytes.push(label);
            for channel in 0..3u8 {
                let level = 25 * ((label + 3 * channel) % 10);
                bytes.extend((0..1024u32).map(|pixel| level + (pixel as u8 ^ index) % 16));
            }
        }
    }
    bytes
}

/// A folder with a small CIFAR-10 batch in it.
fn small_data() -> (TempDir, String) {
    let folder = tempdir().unwrap();
    let path = folder.path().join("data.bin");
    fs::write(&path, cifar(4)).unwrap();
    let path = path.to_str().unwrap().to_string();
    (folder, path)
}

fn train(data: &str, out: &Path, more: &[&str]) -> Outcome {
    let out = out.to_str().unwrap();
    let mut arguments =
        vec!["train", "--data", data, "--out", out, "--json", "--size", "32", "--seed", "3"];
    arguments.extend(more);
    tunelab(&arguments)
}

/// The losses of steps and epochs, in the order of the metrics file.
fn metrics(out: &Path) -> Vec<(String, u64, f64)> {
    let text = fs::read_to_string(out.join("metrics.jsonl")).unwrap();
    let parse = |line: &str| {
        let value: Value = serde_json::from_str(line).unwrap();
        let event = value["event"].as_str().unwrap().to_string();
        let (at, loss) = match event.as_str() {
            "step" => (&value["step"], &value["loss"]),
            _ => (&value["epoch"], &value["validation"]["loss"]),
        };
        (event, at.as_u64().unwrap(), loss.as_f64().unwrap())
    };
    text.lines().map(parse).collect()
}

#[test]
fn a_run_writes_its_folder_and_a_usable_model() {
    let (_data_folder, data) = small_data();
    let out = tempdir().unwrap();
    let more = [
        "--val",
        &data,
        "--strategy",
        "last-k",
        "--last-k",
        "1",
        "--epochs",
        "2",
        "--batch-size",
        "8",
    ];
    let outcome = train(&data, out.path(), &more);
    assert_eq!(outcome.code, Some(0), "{}", outcome.errors);
    let done = outcome.done();
    for metric in ["top1", "loss", "macro_f1", "seconds"] {
        assert!(done[metric].is_f64(), "{metric} in {done}");
    }
    assert_eq!(outcome.named("step").len(), 2 * 5);
    assert_eq!(outcome.named("epoch").len(), 2);
    for file in
        ["config.json", "metrics.jsonl", "model.safetensors", "report.json", "confusion.csv"]
    {
        assert!(out.path().join(file).is_file(), "{file}");
    }
    assert!(!out.path().join("checkpoint.safetensors").exists());
    assert_eq!(metrics(out.path()).len(), 2 * 5 + 2);

    let model = out.path().join("model.safetensors");
    let model = model.to_str().unwrap();
    let evaluated = tunelab(&["evaluate", "--model", model, "--data", &data, "--json"]);
    let off = evaluated.done()["loss"].as_f64().unwrap() - done["loss"].as_f64().unwrap();
    assert!(off.abs() < 1e-5, "{off}");
    assert_eq!(evaluated.done()["top1"], done["top1"]);

    let info = tunelab(&["info", model, "--json"]);
    assert_eq!(info.events[0]["architecture"], "resnet18");
    assert_eq!(info.events[0]["classes"][0], "airplane");
    assert_eq!(info.events[0]["head_classes"], 10);

    let image = sample_image(&out.path().join("image.png"), 0, 0);
    let text = out.path().join("text.jpg");
    fs::write(&text, "no image").unwrap();
    let text = text.to_str().unwrap();
    let predicted = tunelab(&["predict", "--model", model, text, &image, "--json"]);
    assert_eq!(predicted.code, Some(0), "{}", predicted.errors);
    let prediction = predicted.named("prediction")[0];
    let sum: f64 = prediction["classes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|class| class["probability"].as_f64().unwrap())
        .sum();
    assert!((sum - 1.0).abs() < 1e-6);
    assert_eq!(predicted.named("skipped")[0]["file"], text);
    assert_eq!((&predicted.done()["images"], &predicted.done()["skipped"]), (&1.into(), &1.into()));
}

/// Kills a run after `steps` steps have been printed.
fn kill_after(steps: usize, data: &str, out: &Path, more: &[&str]) {
    let out = out.to_str().unwrap();
    let mut arguments =
        vec!["train", "--data", data, "--out", out, "--json", "--size", "32", "--seed", "3"];
    arguments.extend(more);
    program::kill_after("step", steps, &arguments);
}

#[test]
fn a_killed_run_resumes_to_the_same_losses() {
    let (_data_folder, data) = small_data();
    let recipe = ["--strategy", "full", "--epochs", "3", "--batch-size", "8"];
    let whole = tempdir().unwrap();
    train(&data, whole.path(), &recipe).done();
    let expected = metrics(whole.path());

    // With a checkpoint after every step, and with none before the kill.
    for (steps, every) in [(5, "0"), (9, "0"), (3, "1000")] {
        let out = tempdir().unwrap();
        let mut more = recipe.to_vec();
        more.extend(["--checkpoint-every", every]);
        kill_after(steps, &data, out.path(), &more);
        let folder = out.path().to_str().unwrap();
        if every == "0" {
            let again = train(&data, out.path(), &recipe);
            assert_rejected(&again, "unfinished run");
        }
        let resumed = tunelab(&["train", "--resume", "--out", folder, "--json"]);
        assert_eq!(resumed.code, Some(0), "{}", resumed.errors);
        assert_eq!(metrics(out.path()), expected, "killed after {steps}");
        // Resuming a finished run prints its results again.
        let again = tunelab(&["train", "--resume", "--out", folder, "--json"]);
        assert_eq!(again.done()["top1"], resumed.done()["top1"]);
    }
}

/// Ctrl-C stops a run, which saves its model and metrics and can be resumed.
#[cfg(unix)]
#[test]
fn an_interrupted_run_ends_cleanly_and_resumes() {
    let (_data_folder, data) = small_data();
    let recipe = ["--strategy", "full", "--epochs", "3", "--batch-size", "8"];
    let whole = tempdir().unwrap();
    train(&data, whole.path(), &recipe).done();

    let out = tempdir().unwrap();
    let folder = out.path().to_str().unwrap();
    let start =
        ["train", "--data", &data, "--out", folder, "--json", "--size", "32", "--seed", "3"];
    let mut child =
        command(&start).args(recipe).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
    assert!(lines.any(|line| line.contains("\"event\":\"step\"")));
    let interrupted = Command::new("kill").args(["-INT", &child.id().to_string()]).status();
    assert!(interrupted.unwrap().success());
    let last: Value = serde_json::from_str(&lines.last().unwrap()).unwrap();
    let ended = child.wait_with_output().unwrap();
    assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr));
    assert_eq!((&last["event"], &last["stopped"]), (&"done".into(), &true.into()));
    assert!(out.path().join("model.safetensors").is_file());

    let resumed = tunelab(&["train", "--resume", "--out", folder, "--json"]);
    assert_eq!(resumed.code, Some(0), "{}", resumed.errors);
    assert_eq!(resumed.done()["stopped"], false);
    assert_eq!(metrics(out.path()), metrics(whole.path()));
}

#[test]
fn cifar10_is_read_as_a_folder_and_as_the_official_archive() {
    let folder = tempdir().unwrap();
    let batches = folder.path().join("cifar-10-batches-bin");
    fs::create_dir(&batches).unwrap();
    let names = "a\nb\nc\nd\ne\nf\ng\nh\ni\nj\n";
    let mut files = vec![("batches.meta.txt".to_string(), names.as_bytes().to_vec())];
    files.extend((1..=5).map(|number| (format!("data_batch_{number}.bin"), cifar(1))));
    files.push(("test_batch.bin".to_string(), cifar(2)));
    let archive = folder.path().join("cifar-10-binary.tar.gz");
    let encoder = GzEncoder::new(fs::File::create(&archive).unwrap(), Compression::fast());
    let mut tar = tar::Builder::new(encoder);
    for (name, bytes) in &files {
        fs::write(batches.join(name), bytes).unwrap();
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        header.set_cksum();
        let path = format!("cifar-10-batches-bin/{name}");
        tar.append_data(&mut header, path, bytes.as_slice()).unwrap();
    }
    tar.into_inner().unwrap().finish().unwrap();

    for data in [folder.path(), &batches, &archive] {
        let out = tempdir().unwrap();
        let data = data.to_str().unwrap();
        let outcome = train(data, out.path(), &["--strategy", "probe", "--epochs", "1"]);
        assert_eq!(outcome.code, Some(0), "{}", outcome.errors);
        let started = outcome.named("started")[0];
        assert_eq!(started["train_examples"], 50);
        assert_eq!(started["validation_examples"], 20);
        assert_eq!(started["classes"][9], "j");
    }
}

#[test]
fn invalid_arguments_exit_with_2_and_one_sentence() {
    let folder = tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_string();
    let out = folder.path().join("out");
    assert_rejected(
        &train("/no/such/data", &out, &[]),
        "/no/such/data: The file could not be read",
    );
    fs::create_dir(path("empty")).unwrap();
    assert_rejected(&train(&path("empty"), &out, &[]), "no images");
    fs::create_dir_all(path("one/cats")).unwrap();
    fs::write(path("one/cats/a.png"), "").unwrap();
    assert_rejected(&train(&path("one"), &out, &[]), "one class folder");
    fs::write(path("short.bin"), [0; 100]).unwrap();
    assert_rejected(&train(&path("short.bin"), &out, &[]), "short.bin");
    fs::write(path("no.tar.gz"), "text").unwrap();
    assert_rejected(&train(&path("no.tar.gz"), &out, &[]), "tar.gz");

    let sample = |more: &[&str]| train("sample", &out, more);
    assert_rejected(
        &sample(&["--model", "/no/such/weights"]),
        "/no/such/weights: There is no such file.",
    );
    let weights = bundled_weights();
    fs::write(path("cut.safetensors"), &weights[..weights.len() / 2]).unwrap();
    assert_rejected(&sample(&["--model", &path("cut.safetensors")]), "damaged");
    fs::write(path("text.pth"), "not weights").unwrap();
    assert_rejected(
        &sample(&["--model", &path("text.pth")]),
        "The file is a text that begins with “not weights”.",
    );
    let size = train("sample", &out, &["--strategy", "last-k", "--last-k", "5"]);
    assert_rejected(&size, "--last-k: 5 is out of range. Enter a number from 1 to 4.");
    assert_rejected(
        &sample(&["--epochs", "0"]),
        "--epochs: 0 is out of range. Enter a number from 1 to 10000.",
    );
    let negative = sample(&["--learning-rate", "-1"]);
    assert_rejected(&negative, "--learning-rate: -1 is too small. Enter a number above 0.");
    let resume = tunelab(&["train", "--resume", "--out", &path("nothing"), "--json"]);
    assert_rejected(&resume, "contains no run to resume");
    let size = tunelab(&["train", "--size", "16", "--out", &path("out"), "--json"]);
    assert_rejected(&size, "--size: 16 is out of range. Enter a number from 32 to 224.");
    let evaluate = ["evaluate", "--model", &path("text.pth"), "--data", "sample", "--json"];
    assert_rejected(&tunelab(&evaluate), "The file is a text that begins with “not weights”.");
    assert!(!out.exists(), "invalid input creates no run folder");
}

#[test]
fn an_unreadable_image_is_reported_and_skipped() {
    let folder = two_classes(5);
    fs::write(folder.path().join("x/broken.jpg"), "text").unwrap();
    let out = tempdir().unwrap();
    let data = folder.path().to_str().unwrap();
    let outcome = train(data, out.path(), &["--strategy", "probe", "--epochs", "1"]);
    assert_eq!(outcome.code, Some(0), "{}", outcome.errors);
    assert_eq!(outcome.named("skipped")[0]["file"], "x/broken.jpg");
    assert_eq!(outcome.named("started")[0]["train_examples"], 8);
    assert_eq!(outcome.named("started")[0]["validation_examples"], 2);
}

#[test]
fn one_image_of_each_class_is_enough_without_training() {
    let (folder, out) = (two_classes(1), tempdir().unwrap());
    let data = folder.path().to_str().unwrap();
    let outcome = train(data, out.path(), &["--strategy", "few-shot"]);
    assert_eq!(outcome.code, Some(0), "{}", outcome.errors);
    assert!(
        outcome.errors.contains("The classes “x” and “y” have fewer than"),
        "{}",
        outcome.errors
    );
    let started = outcome.named("started")[0];
    assert_eq!(
        (&started["train_examples"], &started["validation_examples"]),
        (&2.into(), &0.into())
    );
    assert!(outcome.named("epoch").is_empty());
    // Nothing was checked, so no metric is reported.
    let done = outcome.done().as_object().unwrap();
    assert!(done["seconds"].is_f64() && !done.contains_key("top1") && !done.contains_key("loss"));
    let report = fs::read_to_string(out.path().join("report.json")).unwrap();
    assert_eq!(serde_json::from_str::<Value>(&report).unwrap()["details"], Value::Null);
    assert!(!out.path().join("checkpoint.safetensors").exists());

    let model = out.path().join("model.safetensors");
    let own = folder.path().join("y/0.png");
    let predict = ["predict", "--json", "--model", model.to_str().unwrap(), own.to_str().unwrap()];
    let predicted = tunelab(&predict);
    let best = &predicted.named("prediction")[0]["classes"][0];
    assert_eq!(best["class"], "y", "{best}");

    // The run is recognized as finished.
    let out_path = out.path().to_str().unwrap();
    let again = tunelab(&["train", "--resume", "--out", out_path, "--json"]);
    assert_eq!(again.done()["best_epoch"], done["best_epoch"]);

    let trained = train(data, &out.path().join("probe"), &["--strategy", "probe"]);
    assert_rejected(&trained, "No images are left for validation");
}

/// Two class folders with `each` sample images.
fn two_classes(each: u64) -> TempDir {
    let folder = tempdir().unwrap();
    for (class, name) in ["x", "y"].into_iter().enumerate() {
        for index in 0..each {
            sample_image(&folder.path().join(format!("{name}/{index}.png")), class, index);
        }
    }
    folder
}

/// PyTorch loads the saved model with `strict=True` and computes the same loss.
#[test]
fn pytorch_loads_the_saved_model() {
    let torch = Command::new("python3").args(["-c", "import torch"]).output();
    if !torch.is_ok_and(|output| output.status.success()) {
        skip("PyTorch is not installed");
        return;
    }
    let (_data_folder, data) = small_data();
    let out = tempdir().unwrap();
    let done = train(&data, out.path(), &["--val", &data, "--strategy", "full", "--epochs", "1"]);
    let script = r#"
import sys
import numpy as np, torch, torch.nn.functional as F
sys.path.insert(0, sys.argv[1])
from pytorch_model import MEAN, STD, ResNet18, read_safetensors
network = ResNet18(10)
network.load_state_dict(read_safetensors(sys.argv[2]), strict=True)
network.eval()
records = np.fromfile(sys.argv[3], np.uint8).reshape(-1, 3073)
images = torch.from_numpy(records[:, 1:].reshape(-1, 3, 32, 32).copy()).float() / 255
with torch.no_grad():
    logits = network((images - MEAN) / STD)
print(F.cross_entropy(logits, torch.from_numpy(records[:, 0].astype(np.int64))).item())
"#;
    let benches = concat!(env!("CARGO_MANIFEST_DIR"), "/benches");
    let model = out.path().join("model.safetensors");
    let output = Command::new("python3")
        .args(["-c", script, benches])
        .arg(model)
        .arg(&data)
        .output()
        .unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    let loss: f64 = String::from_utf8_lossy(&output.stdout).trim().parse().expect(&errors);
    let expected = done.done()["loss"].as_f64().unwrap();
    assert!((loss - expected).abs() < 1e-3 * expected, "{loss} and {expected}");
}
