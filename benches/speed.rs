//! Images per second on the CPU for inference, feature extraction, head training and full training steps, at 32, 64 and
//! 224 px, compared with PyTorch if it is installed.
//!
//! `cargo bench` prints a table. Each case runs for a few seconds after a warm-up. The two programs alternate size by
//! size, so that drifts of the machine's speed affect both.

use std::process::Command;
use std::time::{Duration, Instant};

use burn::tensor::{Device, Distribution, Tensor};
use serde_json::Value;
use tunelab_core::model::part::Part;
use tunelab_core::model::trainable::{NormMode, Trainable};
use tunelab_core::options::values::{HeadInit, UpdateRule};
use tunelab_core::train::optimizer::OptimizerConfig;
use tunelab_engine::model::folded::{FoldedBackbone, FoldedResNet};
use tunelab_engine::model::head::Head;
use tunelab_engine::model::parameters::set_trainable;
use tunelab_engine::model::resnet::ResNet;
use tunelab_engine::model::weights::load;
use tunelab_engine::train::activation_cache::Activations;
use tunelab_engine::train::backpropagation::Backpropagation;
use tunelab_engine::train::objective::cross_entropy;
use tunelab_engine::train::optimizer::Optimizer;

const CASES: [&str; 4] = ["inference", "features", "head", "full"];
const CLASSES: usize = 10;
/// Input size in px, and batch size.
const SIZES: [(usize, usize); 5] = [(32, 64), (64, 64), (64, 8), (64, 16), (224, 8)];

fn main() {
    let seconds = std::env::var("BENCH_SECONDS").ok().and_then(|text| text.parse().ok());
    let duration = Duration::from_secs_f64(seconds.unwrap_or(4.0));
    println!("Images per second on the CPU, {} threads.", rayon::current_num_threads());
    println!("| px | batch | case | tunelab | PyTorch | ratio |");
    println!("| ---: | ---: | --- | ---: | ---: | ---: |");
    let only = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<usize>().ok());
    let (only_size, only_batch) = (only("BENCH_SIZE"), only("BENCH_BATCH"));
    for (size, batch) in SIZES {
        if only_size.is_some_and(|only| only != size)
            || only_batch.is_some_and(|only| only != batch)
        {
            continue;
        }
        let theirs = pytorch(size, batch, duration);
        let only = std::env::var("BENCH_CASE").ok();
        let is_wanted = |case: &str| only.as_deref().is_none_or(|only| only == case);
        let ours =
            CASES.map(|case| if is_wanted(case) { ours(case, size, batch, duration) } else { 0.0 });
        for (case, rate) in CASES.iter().zip(ours) {
            let (reference, ratio) = match theirs.iter().find(|(name, _)| name == case) {
                Some((_, theirs)) => (format!("{theirs:.0}"), format!("{:.2}", rate / theirs)),
                None => ("not installed".into(), "".into()),
            };
            println!("| {size} | {batch} | {case} | {rate:.0} | {reference} | {ratio} |");
        }
    }
}

fn ours(case: &str, size: usize, batch: usize, duration: Duration) -> f64 {
    let device = Device::flex();
    let weights = include_bytes!("../www/models/resnet18-tiny-imagenet-f16.safetensors");
    let weights = load(weights).expect("the included weights are good");
    let network = ResNet::from_pretrained(&weights, &device).expect("they fit");
    let normal = Distribution::Normal(0.0, 1.0);
    let images = Tensor::<4>::random([batch, 3, size, size], normal, &device);
    let labels: Vec<usize> = (0..batch).map(|index| index % CLASSES).collect();
    let smoothing = if case == "full" { 0.1 } else { 0.0 };
    match case {
        "inference" => {
            let network = FoldedResNet::new(&network);
            rate(batch, duration, || drop(network.logits(images.clone()).into_data()))
        }
        "features" => {
            let backbone = FoldedBackbone::before(&network, Part::Head);
            rate(batch, duration, || drop(backbone.features(images.clone()).into_data()))
        }
        _ => {
            let (first, rule) = match case {
                "head" => (Part::Head, UpdateRule::AdamW),
                _ => (Part::Stem, UpdateRule::Sgd),
            };
            let features = Tensor::<2>::random([batch, 512], normal, &device);
            let mut network = network;
            network.fc = Head::init(HeadInit::Normal, CLASSES, 512, 0, &device);
            let trainable = Trainable::from(first);
            let mut network = set_trainable(network, trainable);
            network.set_norm_mode(trainable, NormMode::BatchStatistics);
            let config = OptimizerConfig {
                rule,
                weight_decay: 5e-4,
                decay_bias_and_norm: true,
                ..OptimizerConfig::default()
            };
            let mut optimizer = Optimizer::new(config);
            let mut backpropagation = Backpropagation::default();
            rate(batch, duration, || {
                let input = match first {
                    Part::Head => Activations::Features(features.clone()),
                    _ => Activations::Maps(images.clone()),
                };
                let features = backpropagation.features(&mut network, first, input);
                let logits = network.fc.forward(features.values.clone());
                let loss = cross_entropy(logits, &labels, smoothing);
                let gradients = backpropagation.gradients(&network, &features, &loss);
                network = optimizer.step(network.clone(), gradients, |_| 0.01);
            })
        }
    }
}

fn rate(images: usize, duration: Duration, mut step: impl FnMut()) -> f64 {
    step();
    let (started, mut count) = (Instant::now(), 0);
    while started.elapsed() < duration {
        step();
        count += images;
    }
    count as f64 / started.elapsed().as_secs_f64()
}

/// PyTorch's images per second by case; empty if it is not installed.
fn pytorch(size: usize, batch: usize, duration: Duration) -> Vec<(String, f64)> {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/pytorch_speed.py");
    let arguments = [size.to_string(), batch.to_string(), duration.as_secs_f64().to_string()];
    let Ok(output) = Command::new("python3").arg(script).args(arguments).output() else {
        return Vec::new();
    };
    let text = String::from_utf8_lossy(&output.stdout);
    let parse = |line: &str| {
        let value: Value = serde_json::from_str(line).ok()?;
        Some((value["case"].as_str()?.to_string(), value["rate"].as_f64()?))
    };
    text.lines().filter_map(parse).collect()
}
