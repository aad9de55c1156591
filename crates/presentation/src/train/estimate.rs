//! How long a run would take, from the speed that was measured.

use crate::train::form::number::Number;
use crate::train::form::{Advice, Draft, Form, Task};
use tunelab_core::device::ComputeDevice;
use tunelab_core::protocol::DeviceStatus;
use tunelab_core::train::recipe::Recipe;
use tunelab_core::train::strategy::Strategy;

/// The input size at which speeds are measured, in px.
const MEASURED_SIZE: f64 = 64.0;

/// Of the work on an image in training the whole network, the part that is looking at it; the rest is
/// gradients.
const FORWARD: f64 = 1.0 / 3.0;

/// The stages' part in the work of the whole network; they differ little. The stem has the rest.
const STAGE: f64 = 0.23;

/// Seconds that a first run may take.
const PATIENCE: f64 = 120.0;

/// From so many seconds on, a shorter run is offered.
const LONG: f64 = 600.0;

/// Training images per second with the device in use, training the whole network at 64 px.
pub fn measured_speed(status: &DeviceStatus) -> Option<f64> {
    let speed = match status.device {
        ComputeDevice::Cpu => status.cpu_speed,
        ComputeDevice::Wgpu => status.gpu_speed,
    };
    speed.filter(|speed| *speed > 0.0 && speed.is_finite())
}

/// Seconds that a run takes at a measured speed.
pub fn seconds(draft: &Draft, measured_speed: f64) -> f64 {
    let config = &draft.request.config;
    let size = f64::from(draft.request.size.get());
    let per_image = (size / MEASURED_SIZE).powi(2) / measured_speed;
    let training = draft.train_examples as f64;
    let all = training + draft.validation_examples as f64;
    let validation = FORWARD * draft.validation_examples as f64;
    let epochs = f64::from(config.epochs);
    let everything = epochs * (training + validation);
    let images = match config.strategy {
        // Every picture is looked at once; the rest takes a moment.
        Strategy::Probe | Strategy::ClassMeans => FORWARD * all,
        Strategy::ProbeThenFull { .. } | Strategy::Surgical { .. } => FORWARD * all + everything,
        Strategy::LastK { stages } => {
            let trained = STAGE * f64::from(u8::from(stages));
            epochs * (training * (FORWARD + (1.0 - FORWARD) * trained) + validation)
        }
        Strategy::Full
        | Strategy::Adaptive { .. }
        | Strategy::Gradual { .. }
        | Strategy::NormOnly
        | Strategy::BiasOnly => everything,
    };
    images * per_image
}

/// What is best: what suits the number of pictures, where a first result does not take long to come;
/// else only the last layer.
pub fn advice(form: &Form, task: &Task, measured_speed: Option<f64>) -> Advice {
    let suited = Recipe::automatic(form.draft(task).train_examples, task.classes);
    let trial = Form { recipe: Some(suited), ..form.clone() };
    match measured_speed {
        Some(speed) if seconds(&trial.draft(task), speed) <= PATIENCE => Advice(suited),
        _ => Advice(Recipe::Probe),
    }
}

/// Pictures a class that a run is said to be quick with.
const LIMITS: [usize; 10] = [1000, 500, 300, 200, 150, 100, 70, 50, 30, 20];

/// Where a run of these choices takes long: how many pictures a class it may have to be done soon, and
/// how many seconds it takes then.
pub fn shorter(form: &Form, task: &Task, speed: f64) -> Option<(usize, f64)> {
    if seconds(&form.draft(task), speed) <= LONG {
        return None;
    }
    LIMITS.into_iter().find_map(|limit| {
        let mut trial = form.clone();
        trial.numbers.insert(Number::PerClass, limit.to_string());
        let task = Task { advised: advice(&trial, task, Some(speed)), ..*task };
        let seconds = seconds(&trial.draft(&task), speed);
        (seconds <= PATIENCE).then_some((limit, seconds))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::train::form::Retrain;
    use tunelab_core::protocol::ColumnKinds;

    fn seconds_of(form: &Form) -> f64 {
        let task = Task { pictures: 1000, classes: 4, ..Task::default() };
        seconds(&form.draft(&task), 100.0)
    }

    #[test]
    fn more_work_takes_longer() {
        let of = |retrain, stages| seconds_of(&Form { retrain, stages, ..Form::default() });
        let all = of(Retrain::Everything, 1);
        // 12 epochs of 800 images and 200 looked at.
        assert!((90.0..130.0).contains(&all), "{all}");
        assert!(of(Retrain::LastPart, 4) < all);
        assert!(of(Retrain::LastPart, 1) < of(Retrain::LastPart, 2));
        assert!(of(Retrain::LastLayer, 1) < 5.0);
    }

    #[test]
    fn a_slow_device_begins_with_the_last_layer() {
        let task = Task { pictures: 480, classes: 8, validation: 160, ..Task::default() };
        let advised = |speed| advice(&Form::default(), &task, speed).0;
        assert_eq!(advised(Some(18.0)), Recipe::Probe);
        assert_eq!(advised(Some(500.0)), Recipe::automatic(480, 8));
        assert_eq!(advised(None), Recipe::Probe);
    }

    #[test]
    fn a_long_run_can_be_made_a_short_one() {
        // CIFAR-10 on a slow processor.
        let task = Task { pictures: 50_000, classes: 10, validation: 10_000, ..Task::default() };
        let everything = Form { retrain: Retrain::Everything, ..Form::default() };
        let before = seconds(&everything.draft(&task), 50.0);
        assert!(before > 3600.0, "{before}");
        let (limit, after) = shorter(&everything, &task, 50.0).unwrap();
        assert!((20..=100).contains(&limit) && after <= PATIENCE, "{limit}: {after}");
        let mut limited = everything.clone();
        limited.numbers.insert(Number::PerClass, limit.to_string());
        assert_eq!(seconds(&limited.draft(&task), 50.0), after);
        assert_eq!(shorter(&limited, &task, 50.0), None);
        // What is short stays as it is; what cannot be short is not promised.
        assert_eq!(shorter(&everything, &task, 50_000.0), None);
        assert_eq!(shorter(&everything, &task, 0.05), None);
    }

    #[test]
    fn a_limit_of_what_is_not_sorted_is_one_of_all() {
        let columns = ColumnKinds { classes: 0, labels: 0, numbers: 1 };
        let task = Task { pictures: 2000, classes: 0, columns, ..Task::default() };
        let everything = Form { retrain: Retrain::Everything, ..Form::default() };
        let (limit, after) = shorter(&everything, &task, 20.0).unwrap();
        assert!(after > 1.0, "{limit}: {after}");
        let mut limited = everything.clone();
        limited.numbers.insert(Number::PerClass, "100".into());
        let draft = limited.draft(&task);
        assert_eq!((draft.train_examples, draft.validation_examples), (100, 100));
    }

    #[test]
    fn what_is_kept_to_check_with_does_not_count_as_learned_from() {
        // 4 a class to learn from, 1 to check with.
        let task = Task { pictures: 50, classes: 10, ..Task::default() };
        let advised = advice(&Form::default(), &task, Some(1e6)).0;
        assert_eq!(advised, Recipe::automatic(40, 10));
        assert_ne!(advised, Recipe::automatic(50, 10));
    }

    #[test]
    fn twice_the_size_is_four_times_the_work() {
        let small = seconds_of(&Form::default());
        let large = seconds_of(&Form { size: 128, ..Form::default() });
        assert!((large / small - 4.0).abs() < 1e-9);
    }
}
