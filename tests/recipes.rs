//! Losses, schedules and averages against values computed by PyTorch
//! (`tests/fixtures/make_recipes_fixture.py`), and two recipes step by step on the real network.

mod common;

use std::fs;
use std::sync::OnceLock;

use burn::tensor::{Device, Tensor, TensorData};
use pollster::block_on;
use serde_json::Value;
use tunelab_core::data::task::{Target, Task, TaskKind};
use tunelab_core::model::choices::NormMode;
use tunelab_core::model::parameter_name::is_running_statistic;
use tunelab_core::model::part::Part;
use tunelab_core::model::trainable::Trainable;
use tunelab_core::train::class_weights::ClassWeights;
use tunelab_core::train::config::{Distillation, TaskWeights};
use tunelab_core::train::loss_kind::{ClassLoss, NumberLoss};
use tunelab_core::train::schedule::{Plateau, Schedule};
use tunelab_core::train::update_rule::{OptimizerConfig, UpdateRule};
use tunelab_engine::data::augmentation::Mixture;
use tunelab_engine::model::head::Head;
use tunelab_engine::model::params::values;
use tunelab_engine::model::resnet::ResNet;
use tunelab_engine::model::weights::{StateDict, load, parse};
use tunelab_engine::train::input::Input;
use tunelab_engine::train::learner::{Draw, Learner, Piece};
use tunelab_engine::train::objective::Objective;
use tunelab_engine::train::optimizer::Optimizer;
use tunelab_engine::train::targets::{TargetEncoder, Targets};
use tunelab_engine::train::task_weighting::TaskWeighting;

fn fixture() -> Value {
    serde_json::from_str(include_str!("fixtures/recipes.json")).unwrap()
}

fn floats(value: &Value) -> Vec<f64> {
    match value {
        Value::Array(values) => values.iter().flat_map(floats).collect(),
        number => vec![number.as_f64().unwrap()],
    }
}

fn labels(value: &Value) -> Vec<Target> {
    floats(value).into_iter().map(|label| Target::Class(label as usize)).collect()
}

fn assert_close(what: &str, found: &[f64], expected: &[f64], tolerance: f64) {
    assert_eq!(found.len(), expected.len(), "{what}");
    for (found, expected) in found.iter().zip(expected) {
        let off = (found - expected).abs() / expected.abs().max(1.0);
        assert!(off <= tolerance, "{what}: {found}, not {expected}");
    }
}

fn five_classes() -> Vec<Task> {
    vec![Task::only((0..5).map(|class| class.to_string()).collect())]
}

fn encoder(tasks: &[Task], weights: &ClassWeights, smoothing: f64) -> TargetEncoder {
    let counts: Vec<Vec<usize>> = tasks.iter().map(|task| vec![1; task.kind.outputs()]).collect();
    TargetEncoder::new(tasks, weights, &counts, smoothing)
}

fn encode(encoder: &TargetEncoder, targets: &[Target]) -> Targets {
    encoder.encode(targets.iter().map(std::slice::from_ref))
}

/// What the values are computed on, and how near they have to be.
fn devices() -> &'static [(Device, f64)] {
    static DEVICES: OnceLock<Vec<(Device, f64)>> = OnceLock::new();
    DEVICES.get_or_init(|| {
        let mut devices = vec![(Device::flex(), 2e-6)];
        devices.extend(common::wgpu().map(|device| (device, 2e-5)));
        devices
    })
}

/// An objective's case: outputs `[N, outputs]`, and what they should be.
struct Case<'a> {
    objective: Objective,
    outputs: Vec<f64>,
    targets: Targets,
    /// Logits of the same shape.
    teacher: Option<Vec<f64>>,
    expected: &'a Value,
}

impl Case<'_> {
    /// Compares loss and gradient with those expected, on every device.
    fn check(&self, what: &str) {
        for (device, tolerance) in devices() {
            let (loss, gradient) = self.loss_and_gradient(device);
            let what = format!("{what} on {device:?}");
            let expected = |name: &str| floats(&self.expected[name]);
            assert_close(&format!("{what}, loss"), &[loss], &expected("loss"), *tolerance);
            assert_close(
                &format!("{what}, gradient"),
                &gradient,
                &expected("gradient"),
                *tolerance,
            );
        }
    }

    fn loss_and_gradient(&self, device: &Device) -> (f64, Vec<f64>) {
        let shape = [self.targets.images, self.targets.outputs];
        let tensor = |values: &[f64], device: &Device| {
            let data = TensorData::new(values.to_vec(), shape).convert::<f32>();
            Tensor::<2>::from_data(data, device)
        };
        let logits = tensor(&self.outputs, &device.clone().autodiff()).require_grad();
        let teacher = self.teacher.as_ref().map(|teacher| tensor(teacher, device));
        let teacher = teacher.as_ref().map(|teacher| (teacher, self.targets.images));
        let totals = self.targets.totals();
        let loss = self.objective.losses(logits.clone(), &self.targets, &totals, teacher).sum();
        let gradient = logits.grad(&loss.backward()).unwrap();
        let host = |values: Vec<f32>| values.into_iter().map(f64::from).collect::<Vec<_>>();
        let loss = host(loss.without_autodiff().try_into_vec_as::<f32>().unwrap())[0];
        (loss, host(gradient.try_into_vec_as::<f32>().unwrap()))
    }
}

fn class_objective(loss: ClassLoss) -> Objective {
    Objective::new(&five_classes(), loss, NumberLoss::default())
}

#[test]
fn mixup() {
    let fixture = &fixture()["mixup"];
    let both = [labels(&fixture["labels"]), labels(&fixture["partner_labels"])].concat();
    let share = fixture["lambda"].as_f64().unwrap();
    // The partners' targets are in the second half.
    let mixture = Mixture::blend(share, (0..8).map(|row| (row + 4) % 8).collect());
    for case in fixture["cases"].as_array().unwrap() {
        let weights = match &case["class_weights"] {
            Value::Null => ClassWeights::Equal,
            weights => ClassWeights::Given { weights: floats(weights) },
        };
        let smoothing = case["label_smoothing"].as_f64().unwrap();
        let encoder = encoder(&five_classes(), &weights, smoothing);
        let mut targets = encode(&encoder, &both);
        encoder.mix(&mut targets, &mixture);
        let case = Case {
            objective: class_objective(ClassLoss::CrossEntropy),
            outputs: floats(&fixture["logits"]),
            targets: targets.slice(0..4),
            teacher: None,
            expected: case,
        };
        case.check(&format!("smoothing {smoothing}, {weights:?}"));
    }
}

#[test]
fn focal() {
    let fixture = &fixture()["focal"];
    let encoder = encoder(&five_classes(), &ClassWeights::Equal, 0.0);
    for case in fixture["cases"].as_array().unwrap() {
        let gamma = case["gamma"].as_f64().unwrap();
        let case = Case {
            objective: class_objective(ClassLoss::Focal { gamma }),
            outputs: floats(&fixture["logits"]),
            targets: encode(&encoder, &labels(&fixture["labels"])),
            teacher: None,
            expected: case,
        };
        case.check(&format!("gamma {gamma}"));
    }
}

#[test]
fn distillation() {
    let fixture = &fixture()["distillation"];
    let encoder = encoder(&five_classes(), &ClassWeights::Equal, 0.0);
    for case in fixture["cases"].as_array().unwrap() {
        let temperature = case["temperature"].as_f64().unwrap();
        let weight = case["alpha"].as_f64().unwrap();
        let case = Case {
            objective: class_objective(ClassLoss::CrossEntropy)
                .with_distillation(Some(Distillation { temperature, weight })),
            outputs: floats(&fixture["student"]),
            targets: encode(&encoder, &labels(&fixture["labels"])),
            teacher: Some(floats(&fixture["teacher"])),
            expected: case,
        };
        case.check(&format!("temperature {temperature}, weight {weight}"));
    }
}

#[test]
fn binary() {
    let fixture = &fixture()["binary"];
    let tasks = [Task::labels("tags", vec!["a".into(), "b".into(), "c".into()])];
    let truth = floats(&fixture["targets"]);
    let rows = truth.chunks_exact(3).map(|row| row.iter().map(|value| *value == 1.0).collect());
    let known: Vec<Target> = rows.map(Target::Labels).collect();
    for case in fixture["cases"].as_array().unwrap() {
        let mask = floats(&case["mask"]);
        let targets: Vec<Target> = known
            .iter()
            .zip(mask.chunks_exact(3))
            .map(|(target, mask)| match mask.iter().all(|entry| *entry == 1.0) {
                true => target.clone(),
                false => Target::Missing,
            })
            .collect();
        let case = Case {
            objective: Objective::new(&tasks, ClassLoss::default(), NumberLoss::default()),
            outputs: floats(&fixture["logits"]),
            targets: encode(&encoder(&tasks, &ClassWeights::Equal, 0.0), &targets),
            teacher: None,
            expected: case,
        };
        case.check(&format!("mask {mask:?}"));
    }
}

#[test]
fn huber_and_mean_squared() {
    let tasks = [Task::number("age")];
    assert!(matches!(tasks[0].kind, TaskKind::Number { mean: 0.0, deviation: 1.0 }));
    let check_with = |what: &str, fixture: &Value, case: &Value, loss| {
        let known: Vec<Target> =
            floats(&fixture["targets"]).into_iter().map(Target::Number).collect();
        let case = Case {
            objective: Objective::new(&tasks, ClassLoss::default(), loss),
            outputs: floats(&fixture["predictions"]),
            targets: encode(&encoder(&tasks, &ClassWeights::Equal, 0.0), &known),
            teacher: None,
            expected: case,
        };
        case.check(what);
    };
    let fixture = fixture();
    let huber = &fixture["huber"];
    for case in huber["cases"].as_array().unwrap() {
        let delta = case["delta"].as_f64().unwrap();
        check_with(&format!("delta {delta}"), huber, case, NumberLoss::Huber { delta });
    }
    check_with("mean squared", &fixture["mse"], &fixture["mse"], NumberLoss::MeanSquared);
}

#[test]
fn uncertainty() {
    let fixture = &fixture()["uncertainty"];
    let names = || vec!["a".to_string(), "b".to_string()];
    let kinds = fixture["kinds"].as_array().unwrap();
    let tasks: Vec<Task> = kinds
        .iter()
        .enumerate()
        .map(|(index, kind)| match kind.as_str().unwrap() {
            "class" => Task::class(index.to_string(), names()),
            _ => Task::number(index.to_string()),
        })
        .collect();
    let mut weighting = TaskWeighting::new(&TaskWeights::Learned, &tasks);
    weighting.restore(&floats(&fixture["log_variances"]));
    let losses = floats(&fixture["losses"]);
    let total = weighting.total_of(&losses) + weighting.added();
    assert_close("loss", &[total], &floats(&fixture["loss"]), 1e-6);
    assert_close("weights", &weighting.weights(), &floats(&fixture["gradient_losses"]), 1e-6);
    let before = weighting.to_keep();
    let told: Vec<Option<f64>> = losses.iter().copied().map(Some).collect();
    weighting.step(&told, 1.0);
    let moved: Vec<f64> =
        before.iter().zip(weighting.to_keep()).map(|(before, after)| before - after).collect();
    let expected: Vec<f64> =
        floats(&fixture["gradient_log_variances"]).iter().map(|slope| 0.02 * slope).collect();
    assert_close("step", &moved, &expected, 1e-6);
}

#[test]
fn plateau() {
    let fixture = &fixture()["plateau"];
    let schedule = Schedule::Plateau {
        factor: fixture["factor"].as_f64().unwrap(),
        patience: fixture["patience"].as_u64().unwrap() as u32,
    };
    let mut plateau = Plateau::default();
    let rates: Vec<f64> = floats(&fixture["losses"])
        .into_iter()
        .map(|loss| {
            plateau.follow(schedule, loss);
            fixture["initial"].as_f64().unwrap() * plateau.scale
        })
        .collect();
    assert_close("rates", &rates, &floats(&fixture["learning_rates"]), 1e-9);
    assert!(rates.last().unwrap() < &0.02, "{rates:?}");
}

/// The parity fixture's batch and new head, on the pretrained network; none without the shared data.
struct Real {
    tensors: StateDict,
    labels: Vec<Target>,
}

impl Real {
    fn load() -> Option<Self> {
        let tensors = common::shared("fixtures/resnet18_parity.safetensors")?;
        let figures = common::shared("fixtures/resnet18_parity.json")?;
        let figures: Value = serde_json::from_slice(&fs::read(figures).unwrap()).unwrap();
        let tensors = parse(&fs::read(tensors).unwrap()).unwrap();
        Some(Self { tensors, labels: labels(&figures["labels"]) })
    }

    fn values(&self, name: &str) -> Vec<f32> {
        self.tensors.tensors[name].as_floats().unwrap().to_vec()
    }

    fn network(&self) -> ResNet {
        let device = Device::flex().autodiff();
        let weights = load(&common::bundled_weights()).unwrap();
        let mut network = ResNet::from_pretrained(&weights, &device).unwrap();
        let (weight, bias) = (self.values("head.weight"), self.values("head.bias"));
        network.fc = Head::from_values(weight, bias, 512, &device);
        network
    }

    fn learner(&self, optimizer: Optimizer) -> Learner {
        let tasks = [Task::only(vec![String::new(); 10])];
        let objective = Objective::new(&tasks, ClassLoss::default(), NumberLoss::default());
        let weighting = TaskWeighting::new(&TaskWeights::Equal, &tasks);
        Learner::new(self.network(), optimizer, objective, weighting, 0.0, None)
    }

    /// The loss of one step on the batch.
    fn step(&self, learner: &mut Learner, rate: f64) -> f64 {
        let tasks = [Task::only(vec![String::new(); 10])];
        let targets = encode(&encoder(&tasks, &ClassWeights::Equal, 0.0), &self.labels);
        let totals = targets.totals();
        let data = TensorData::new(self.values("input"), [8, 3, 64, 64]);
        let input: Input = learner.input(Tensor::from_data(data, &Device::flex()));
        let draw = Draw { seed: 0, step: 0, first_image: 0 };
        let piece = Piece { input, targets, totals: &totals, images: 8, teacher: None, draw };
        let loss = block_on(learner.gather(piece)).unwrap().loss;
        learner.step(|_| rate);
        loss
    }
}

/// Length of the weights that `wanted` names, less those of `start`.
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
    OptimizerConfig { rule, weight_decay, decay_bias_and_norm: false, l1: 0.0, pull: 0.0 }
}

/// Five steps of the head alone, then five of everything, as a session's two segments take them.
#[test]
fn a_probe_then_everything() {
    let Some(real) = Real::load() else { return };
    let fixture = &fixture()["lp_ft"];
    let mut learner = real.learner(Optimizer::new(config(UpdateRule::AdamW, 0.01)));
    learner.train(Trainable::from(Part::Head), NormMode::Frozen);
    let mut losses: Vec<f64> = (0..5).map(|_| real.step(&mut learner, 0.01)).collect();
    let head = length(&learner.network, None, |name| name == "fc.weight");
    assert_close("head", &[head], &floats(&fixture["head_weight_l2"]), 5e-5);

    let nesterov = UpdateRule::Sgd { momentum: 0.9, nesterov: true };
    learner.optimizer.set_config(config(nesterov, 5e-4));
    learner.train(Trainable::from(Part::Stem), NormMode::BatchStatistics);
    losses.extend((0..5).map(|_| real.step(&mut learner, 0.01)));
    println!("losses {losses:?}");
    assert_close("losses", &losses, &floats(&fixture["losses"]), 5e-5);
    let all = length(&learner.network, None, |_| true);
    let expected = floats(&fixture["final_weight_l2"])[0];
    assert!((all / expected - 1.0).abs() < 1e-5, "{all}, not {expected}");
}

#[test]
fn a_pull_towards_the_pretrained_weights() {
    let Some(real) = Real::load() else { return };
    let fixture = &fixture()["l2_sp"];
    let run = |pull: f64, weight_decay: f64| -> (Vec<f64>, Vec<f64>) {
        let sgd = UpdateRule::Sgd { momentum: 0.9, nesterov: false };
        let config =
            OptimizerConfig { pull, decay_bias_and_norm: true, ..config(sgd, weight_decay) };
        let backbone = |name: &str| Part::of_parameter(name) < Part::Head;
        let start = real.network();
        let mut optimizer = Optimizer::new(config);
        if pull > 0.0 {
            let anchor = values(&start, |name| backbone(name) && !is_running_statistic(name));
            optimizer = optimizer.with_anchor(anchor);
        }
        let mut learner = real.learner(optimizer);
        learner.train(Trainable::from(Part::Stem), NormMode::BatchStatistics);
        let step = |_| {
            let loss = real.step(&mut learner, 0.01);
            (loss, length(&learner.network, Some(&start), backbone))
        };
        (0..5).map(step).unzip()
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
