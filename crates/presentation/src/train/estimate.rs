//! Estimates the duration of a run from the measured speed.

use crate::train::form::{Dataset, Draft, Form};
use tunelab_core::data::input::InputSize;
use tunelab_core::device::ComputeDevice;
use tunelab_core::options::context::Context;
use tunelab_core::options::values::Strategy;
use tunelab_core::protocol::DeviceStatus;

/// The input size at which the engine measures speeds.
pub const MEASURED_SIZE: InputSize = InputSize::DEFAULT;

/// The forward pass as a fraction of a training step of the whole network; the backward pass is the rest.
const FORWARD: f64 = 1.0 / 3.0;

/// Each stage as a fraction of the work of the whole network; they differ little. The stem is the rest.
const STAGE: f64 = 0.23;

/// Maximum seconds of an advised first run.
const PATIENCE: f64 = 120.0;

/// Minimum seconds of a run for which a shorter one is offered.
const LONG: f64 = 600.0;

/// Training images per second with the device in use, training the whole network at [`MEASURED_SIZE`].
pub fn measured_speed(status: &DeviceStatus) -> Option<f64> {
    let speed = match status.device {
        ComputeDevice::Cpu => status.cpu_speed,
        ComputeDevice::Wgpu => status.gpu_speed,
    };
    speed.filter(|speed| *speed > 0.0 && speed.is_finite())
}

/// Seconds that a run takes at a measured speed.
pub fn seconds(draft: &Draft, measured_speed: f64) -> f64 {
    let config = &draft.config;
    let per_image = config.size.area() as f64 / MEASURED_SIZE.area() as f64 / measured_speed;
    let training = draft.train_images as f64;
    let all = training + draft.validation_images as f64;
    let validation = FORWARD * draft.validation_images as f64;
    let epochs = f64::from(config.epochs);
    let full = epochs * (training + validation);
    let images = match config.strategy {
        // One forward pass over each image; the rest takes almost no time.
        Strategy::Probe | Strategy::FewShot => FORWARD * all,
        Strategy::ProbeThenFull | Strategy::Surgical => FORWARD * all + full,
        Strategy::LastK => {
            let trained = STAGE * f64::from(config.last_k);
            epochs * (training * (FORWARD + (1.0 - FORWARD) * trained) + validation)
        }
        Strategy::Full
        | Strategy::Adaptive
        | Strategy::Gradual
        | Strategy::Discriminative
        | Strategy::NormOnly
        | Strategy::BiasOnly
        | Strategy::L2Sp => full,
    };
    images * per_image
}

/// The automatic strategy: the one that suits the number of images if a first result does not take long, else a
/// linear probe.
pub fn advise(form: &Form, dataset: &Dataset, measured_speed: Option<f64>) -> Strategy {
    let context = Context { advised: None, ..dataset.context };
    let dataset = Dataset { context, ..*dataset };
    let suited = context.strategy(form.draft(&dataset).train_images);
    let mut trial = form.clone();
    trial.choices.set("strategy", suited);
    match measured_speed {
        Some(speed) if seconds(&trial.draft(&dataset), speed) <= PATIENCE => suited,
        _ => Strategy::Probe,
    }
}

/// Images per class that a shorter run is offered with.
const LIMITS: [u32; 10] = [1000, 500, 300, 200, 150, 100, 70, 50, 30, 20];

/// If a run takes long, a limit of images per class for a shorter run, and its seconds.
pub fn shorter(form: &Form, dataset: &Dataset, speed: f64) -> Option<(u32, f64)> {
    if seconds(&form.draft(dataset), speed) <= LONG {
        return None;
    }
    LIMITS.into_iter().find_map(|limit| {
        let mut trial = form.clone();
        trial.choices.set("per_class", limit);
        let advised = Some(advise(&trial, dataset, Some(speed)));
        let dataset = Dataset { context: Context { advised, ..dataset.context }, ..*dataset };
        let seconds = seconds(&trial.draft(&dataset), speed);
        (seconds <= PATIENCE).then_some((limit, seconds))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use tunelab_core::options::context::TaskCounts;

    /// Images that are trained on, unless some have to be held out.
    fn dataset(images: usize, classes: usize, validation: usize) -> Dataset {
        let has_validation = validation > 0;
        let advised = Some(Strategy::Full);
        let context = Context { images, classes, has_validation, advised, ..Context::default() };
        Dataset { context, validation }
    }

    fn form(choices: &[(&str, &str)]) -> Form {
        let mut form = Form::default();
        choices.iter().for_each(|(key, text)| form.choices.set(key, text));
        form
    }

    fn seconds_of(choices: &[(&str, &str)]) -> f64 {
        seconds(&form(choices).draft(&dataset(1000, 4, 0)), 100.0)
    }

    #[test]
    fn more_work_takes_longer() {
        let full = seconds_of(&[("strategy", "full")]);
        // 12 epochs of 800 training and 200 validation images.
        assert!((90.0..130.0).contains(&full), "{full}");
        let stages = |count| seconds_of(&[("strategy", "last-k"), ("last_k", count)]);
        assert!(stages("1") < stages("2") && stages("4") < full);
        assert!(seconds_of(&[("strategy", "probe")]) < 5.0);
    }

    #[test]
    fn a_slow_device_begins_with_a_linear_probe() {
        let dataset = dataset(480, 8, 160);
        let advised = |speed| advise(&Form::default(), &dataset, speed);
        assert_eq!(advised(Some(18.0)), Strategy::Probe);
        assert_eq!(advised(Some(500.0)), Strategy::Adaptive);
        assert_eq!(advised(None), Strategy::Probe);
    }

    #[test]
    fn a_long_run_can_be_made_a_short_one() {
        // CIFAR-10 on a slow CPU.
        let dataset = dataset(50_000, 10, 10_000);
        let full = form(&[("strategy", "full")]);
        let before = seconds(&full.draft(&dataset), 50.0);
        assert!(before > 3600.0, "{before}");
        let (limit, after) = shorter(&full, &dataset, 50.0).unwrap();
        assert!((20..=100).contains(&limit) && after <= PATIENCE, "{limit}: {after}");
        let limited = form(&[("strategy", "full"), ("per_class", &limit.to_string())]);
        assert_eq!(seconds(&limited.draft(&dataset), 50.0), after);
        assert_eq!(shorter(&limited, &dataset, 50.0), None);
        // Nothing is offered if the run is short, or if it cannot be short.
        assert_eq!(shorter(&full, &dataset, 50_000.0), None);
        assert_eq!(shorter(&full, &dataset, 0.05), None);
    }

    #[test]
    fn without_classes_the_limit_is_that_of_all_images() {
        let tasks = TaskCounts { class: 0, labels: 0, number: 1 };
        let context = Context { images: 2000, tasks, ..Context::default() };
        let dataset = Dataset { context, validation: 0 };
        let (limit, after) = shorter(&form(&[("strategy", "full")]), &dataset, 20.0).unwrap();
        assert!(after > 1.0, "{limit}: {after}");
        let draft = form(&[("strategy", "full"), ("per_class", "100")]).draft(&dataset);
        assert_eq!((draft.train_images, draft.validation_images), (100, 100));
    }

    #[test]
    fn advice_counts_only_training_images() {
        // 4 images per class to train on, 1 to validate on.
        let dataset = dataset(50, 10, 0);
        assert_eq!(advise(&Form::default(), &dataset, Some(1e6)), Strategy::ProbeThenFull);
        let all = Context { advised: None, ..dataset.context }.strategy(50);
        assert_eq!(all, Strategy::Adaptive);
    }

    #[test]
    fn twice_the_size_is_four_times_the_work() {
        let ratio = seconds_of(&[("size", "128")]) / seconds_of(&[]);
        assert!((ratio - 4.0).abs() < 1e-9);
    }
}
