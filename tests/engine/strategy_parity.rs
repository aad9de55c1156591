//! Strategies step by step on the pretrained network, against PyTorch.

use burn::tensor::{Device, Tensor};
use pollster::block_on;
use tunelab_core::data::task::{Target, Task};
use tunelab_core::model::part::Part;
use tunelab_core::model::trainable::is_running_statistic;
use tunelab_core::model::trainable::{NormMode, Trainable};
use tunelab_core::options::values::UpdateRule;
use tunelab_core::options::weights::{ClassWeights, TaskWeights};
use tunelab_core::train::loss::LossConfig;
use tunelab_core::train::optimizer::OptimizerConfig;
use tunelab_engine::model::parameters::values;
use tunelab_engine::model::resnet::ResNet;
use tunelab_engine::train::learner::{DropoutKey, Learner, Microbatch};
use tunelab_engine::train::objective::Objective;
use tunelab_engine::train::optimizer::Optimizer;
use tunelab_engine::train::targets::TargetEncoder;
use tunelab_engine::train::task_weighting::TaskWeighting;

use crate::pytorch::{BatchFixture, assert_close, floats, training_fixture};

fn tasks() -> [Task; 1] {
    [Task::only(vec![String::new(); 10])]
}

fn learner(batch: &BatchFixture, optimizer: Optimizer) -> Learner {
    let objective = Objective::new(&tasks(), LossConfig::default());
    let weighting = TaskWeighting::new(&TaskWeights::Equal, &tasks());
    Learner::new(batch.network(), optimizer, objective, weighting, 0.0, None)
}

/// The loss of one step on the batch.
fn step(batch: &BatchFixture, learner: &mut Learner, learning_rate: f64) -> f64 {
    let encoder = TargetEncoder::new(&tasks(), &ClassWeights::Equal, &[vec![1; 10]], 0.0);
    let labels: Vec<Target> = batch.labels().into_iter().map(Target::Class).collect();
    let targets = encoder.encode(labels.iter().map(std::slice::from_ref));
    let weight_sums = targets.weight_sums();
    let input = learner.input(batch.input(&Device::flex()));
    let dropout_key = DropoutKey { seed: 0, step: 0, first_image: 0 };
    let batch = Microbatch {
        input,
        targets,
        weight_sums: &weight_sums,
        images: 8,
        teacher: None,
        dropout_key,
    };
    let loss = block_on(learner.accumulate(batch)).unwrap().loss;
    learner.step(|_| learning_rate);
    loss
}

/// L2 norm of the wanted weights, minus those of `start`.
fn length(network: &ResNet, start: Option<&ResNet>, wanted: impl Fn(&str) -> bool) -> f64 {
    let flat = |network| {
        let values = values(network, |name| wanted(name) && !is_running_statistic(name));
        let host = |tensor: Tensor<1>| tensor.try_into_vec_as::<f32>().unwrap();
        values.into_values().flat_map(host).map(f64::from).collect::<Vec<_>>()
    };
    let own = flat(network);
    let start = start.map_or(vec![0.0; own.len()], flat);
    own.iter().zip(start).map(|(a, b)| (a - b) * (a - b)).sum::<f64>().sqrt()
}

fn config(rule: UpdateRule, weight_decay: f64) -> OptimizerConfig {
    OptimizerConfig { rule, weight_decay, ..OptimizerConfig::default() }
}

/// Five steps of the head, then five of the whole network, as in the two segments of a session.
#[test]
fn probe_then_full() {
    let Some(batch) = BatchFixture::load() else { return };
    let fixture = &training_fixture()["lp_ft"];
    let mut learner = learner(&batch, Optimizer::new(config(UpdateRule::AdamW, 0.01)));
    learner.set_trainable(Trainable::from(Part::Head), NormMode::Frozen);
    let mut losses: Vec<f64> = (0..5).map(|_| step(&batch, &mut learner, 0.01)).collect();
    let head = length(&learner.network, None, |name| name == "fc.weight");
    assert_close("head", &[head], &floats(&fixture["head_weight_l2"]), 5e-5);

    learner.optimizer.set_config(config(UpdateRule::Sgd, 5e-4));
    learner.set_trainable(Trainable::from(Part::Stem), NormMode::BatchStatistics);
    losses.extend((0..5).map(|_| step(&batch, &mut learner, 0.01)));
    println!("losses {losses:?}");
    assert_close("losses", &losses, &floats(&fixture["losses"]), 5e-5);
    let all = length(&learner.network, None, |_| true);
    let expected = floats(&fixture["final_weight_l2"])[0];
    assert!((all / expected - 1.0).abs() < 1e-5, "{all}, not {expected}");
}

#[test]
fn l2_sp() {
    let Some(batch) = BatchFixture::load() else { return };
    let fixture = &training_fixture()["l2_sp"];
    let run = |l2_sp: f64, weight_decay: f64| -> (Vec<f64>, Vec<f64>) {
        let config = OptimizerConfig {
            nesterov: false,
            decay_bias_and_norm: true,
            l2_sp,
            ..config(UpdateRule::Sgd, weight_decay)
        };
        let backbone = |name: &str| Part::of_parameter(name) < Part::Head;
        let start = batch.network();
        let mut optimizer = Optimizer::new(config);
        if l2_sp > 0.0 {
            let pretrained = values(&start, |name| backbone(name) && !is_running_statistic(name));
            optimizer = optimizer.with_pretrained(pretrained);
        }
        let mut learner = learner(&batch, optimizer);
        learner.set_trainable(Trainable::from(Part::Stem), NormMode::BatchStatistics);
        let next = |_| {
            let loss = step(&batch, &mut learner, 0.01);
            (loss, length(&learner.network, Some(&start), backbone))
        };
        (0..5).map(next).unzip()
    };
    let number = |key: &str| fixture[key].as_f64().unwrap();
    let (losses, distances) = run(number("alpha"), number("beta"));
    println!("distances {distances:?}");
    assert_close("losses", &losses, &floats(&fixture["losses"]), 5e-5);
    let relative = |found: &[f64], key: &str| {
        let expected = floats(&fixture[key]);
        found.iter().zip(expected).map(|(a, b)| (a / b - 1.0).abs()).fold(0.0, f64::max)
    };
    assert!(relative(&distances, "distance_l2") < 3e-4, "{distances:?}");
    let (losses, distances) = run(0.0, 0.0);
    assert_close("losses without", &losses, &floats(&fixture["losses_without"]), 5e-5);
    assert!(relative(&distances, "distance_l2_without") < 3e-4, "{distances:?}");
}
