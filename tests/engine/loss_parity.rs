//! Losses with their gradients, and the plateau schedule, against values computed by PyTorch.

use std::sync::OnceLock;

use burn::tensor::{Device, Tensor, TensorData};
use serde_json::Value;
use tunelab_core::data::task::{Target, Task, TaskKind};
use tunelab_core::options::values::{RegressionLoss, Schedule};
use tunelab_core::options::weights::{ClassWeights, TaskWeights};
use tunelab_core::train::distillation::Distillation;
use tunelab_core::train::loss::LossConfig;
use tunelab_core::train::schedule::{Plateau, ScheduleConfig};
use tunelab_engine::data::mix::Mixture;
use tunelab_engine::train::objective::Objective;
use tunelab_engine::train::targets::{TargetEncoder, Targets};
use tunelab_engine::train::task_weighting::TaskWeighting;

use crate::gpu::wgpu;
use crate::pytorch::{assert_close, floats, training_fixture};

fn labels(value: &Value) -> Vec<Target> {
    floats(value).into_iter().map(|label| Target::Class(label as usize)).collect()
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

/// The devices, each with its tolerance.
fn devices() -> &'static [(Device, f64)] {
    static DEVICES: OnceLock<Vec<(Device, f64)>> = OnceLock::new();
    DEVICES.get_or_init(|| {
        let mut devices = vec![(Device::flex(), 2e-6)];
        devices.extend(wgpu().map(|device| (device, 2e-5)));
        devices
    })
}

/// A case of an objective: outputs `[N, outputs]` and targets.
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
        let weight_sums = self.targets.weight_sums();
        let loss =
            self.objective.losses(logits.clone(), &self.targets, &weight_sums, teacher).sum();
        let gradient = logits.grad(&loss.backward()).unwrap();
        let host = |values: Vec<f32>| values.into_iter().map(f64::from).collect::<Vec<_>>();
        let loss = host(loss.without_autodiff().try_into_vec_as::<f32>().unwrap())[0];
        (loss, host(gradient.try_into_vec_as::<f32>().unwrap()))
    }
}

fn class_objective(focal_gamma: f64) -> Objective {
    Objective::new(&five_classes(), LossConfig { focal_gamma, ..LossConfig::default() })
}

#[test]
fn mixup() {
    let fixture = &training_fixture()["mixup"];
    let both = [labels(&fixture["labels"]), labels(&fixture["partner_labels"])].concat();
    let share = fixture["lambda"].as_f64().unwrap();
    // The partners' targets are in the second half.
    let mixture = Mixture::blend(share, (0..8).map(|row| (row + 4) % 8).collect());
    for case in fixture["cases"].as_array().unwrap() {
        let weights = match &case["class_weights"] {
            Value::Null => ClassWeights::Equal,
            weights => ClassWeights::Given(floats(weights)),
        };
        let smoothing = case["label_smoothing"].as_f64().unwrap();
        let encoder = encoder(&five_classes(), &weights, smoothing);
        let mut targets = encode(&encoder, &both);
        encoder.mix(&mut targets, &mixture);
        let case = Case {
            objective: class_objective(0.0),
            outputs: floats(&fixture["logits"]),
            targets: targets.slice(0..4),
            teacher: None,
            expected: case,
        };
        case.check(&format!("smoothing {smoothing}, {weights:?}"));
    }
}

#[test]
fn focal_loss() {
    let fixture = &training_fixture()["focal"];
    let encoder = encoder(&five_classes(), &ClassWeights::Equal, 0.0);
    for case in fixture["cases"].as_array().unwrap() {
        let gamma = case["gamma"].as_f64().unwrap();
        let case = Case {
            objective: class_objective(gamma),
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
    let fixture = &training_fixture()["distillation"];
    let encoder = encoder(&five_classes(), &ClassWeights::Equal, 0.0);
    for case in fixture["cases"].as_array().unwrap() {
        let temperature = case["temperature"].as_f64().unwrap();
        let weight = case["alpha"].as_f64().unwrap();
        let case = Case {
            objective: class_objective(0.0)
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
fn binary_cross_entropy() {
    let fixture = &training_fixture()["binary"];
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
            objective: Objective::new(&tasks, LossConfig::default()),
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
            objective: Objective::new(&tasks, loss),
            outputs: floats(&fixture["predictions"]),
            targets: encode(&encoder(&tasks, &ClassWeights::Equal, 0.0), &known),
            teacher: None,
            expected: case,
        };
        case.check(what);
    };
    let fixture = training_fixture();
    let huber = &fixture["huber"];
    for case in huber["cases"].as_array().unwrap() {
        let delta = case["delta"].as_f64().unwrap();
        let loss = LossConfig { huber_delta: delta, ..LossConfig::default() };
        check_with(&format!("delta {delta}"), huber, case, loss);
    }
    let loss = LossConfig { regression_loss: RegressionLoss::Mse, ..LossConfig::default() };
    check_with("mean squared", &fixture["mse"], &fixture["mse"], loss);
}

#[test]
fn uncertainty_weighting() {
    let fixture = &training_fixture()["uncertainty"];
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
    let total = weighting.total_f64(&losses) + weighting.penalty();
    assert_close("loss", &[total], &floats(&fixture["loss"]), 1e-6);
    assert_close("weights", &weighting.weights(), &floats(&fixture["gradient_losses"]), 1e-6);
    let before = weighting.log_variances();
    let told: Vec<Option<f64>> = losses.iter().copied().map(Some).collect();
    weighting.step(&told, 1.0);
    let moved: Vec<f64> = before
        .iter()
        .zip(weighting.log_variances())
        .map(|(before, after)| before - after)
        .collect();
    let expected: Vec<f64> =
        floats(&fixture["gradient_log_variances"]).iter().map(|slope| 0.02 * slope).collect();
    assert_close("step", &moved, &expected, 1e-6);
}

#[test]
fn plateau_schedule() {
    let fixture = &training_fixture()["plateau"];
    let schedule = ScheduleConfig {
        decay_factor: fixture["factor"].as_f64().unwrap(),
        plateau_patience: fixture["patience"].as_u64().unwrap() as u32,
        ..ScheduleConfig::new(Schedule::Plateau)
    };
    let mut plateau = Plateau::default();
    let rates: Vec<f64> = floats(&fixture["losses"])
        .into_iter()
        .map(|loss| {
            plateau.step(&schedule, loss);
            fixture["initial"].as_f64().unwrap() * plateau.scale
        })
        .collect();
    assert_close("rates", &rates, &floats(&fixture["learning_rates"]), 1e-9);
    assert!(rates.last().unwrap() < &0.02, "{rates:?}");
}
