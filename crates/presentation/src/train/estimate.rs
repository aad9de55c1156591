//! Estimates the duration of a run from the measured speed.

use crate::train::form::{Dataset, Draft, Form};
use tunelab_core::data::input::InputSize;
use tunelab_core::device::{ComputeDevice, Speed};
use tunelab_core::model::part::Part;
use tunelab_core::model::trainable::ParameterKind;
use tunelab_core::options::context::Context;
use tunelab_core::options::values::Strategy;
use tunelab_core::protocol::DeviceStatus;
use tunelab_core::train::plan::{Plan, Segment, SegmentImages};

/// The input size at which the engine measures speeds.
pub const MEASURED_SIZE: InputSize = InputSize::DEFAULT;

/// The share of each part in the work per image, from the stem to the head, at 64 px.
const WORK: [f64; Part::ALL.len()] = [0.12, 0.25, 0.21, 0.21, 0.21, 0.0];

/// The share of each part in the parameters of a ResNet18.
const PARAMETERS: [f64; Part::ALL.len()] = [0.0, 0.02, 0.05, 0.18, 0.75, 0.0];

/// A training step without gradients of the convolutions' weights, as a fraction of one with them.
const WITHOUT_WEIGHTS: f64 = 0.65;

/// Maximum seconds of an advised first run.
const PATIENCE: f64 = 120.0;

/// Minimum seconds of a run for which a shorter one is offered.
const LONG: f64 = 600.0;

/// The measured speed of the device in use.
pub fn measured_speed(status: &DeviceStatus) -> Option<Speed> {
    let speed = match status.device {
        ComputeDevice::Cpu => status.cpu_speed,
        ComputeDevice::Wgpu => status.gpu_speed,
    };
    speed.filter(|speed| speed.images_per_second() > 0.0 && speed.images_per_second().is_finite())
}

/// Seconds that a run takes at a measured speed, if it does not stop early.
pub fn seconds(draft: &Draft, speed: Speed) -> f64 {
    let config = &draft.config;
    let steps = draft.train_images.div_ceil(config.batch_size.max(1) as usize);
    let plan = Plan::new(config, steps as u64);
    plan.segments.iter().map(|segment| segment_seconds(draft, segment, steps, speed)).sum()
}

fn segment_seconds(draft: &Draft, segment: &Segment, steps: usize, speed: Speed) -> f64 {
    let config = &draft.config;
    let area = config.size.area() as f64 / MEASURED_SIZE.area() as f64;
    let (train, validation) = (draft.train_images as f64, draft.validation_images as f64);
    let epochs = segment.epochs.len() as f64;
    let first = segment.trainable.first();
    let share = |shares: [f64; Part::ALL.len()]| -> f64 {
        let parts = Part::ALL.into_iter().zip(shares);
        parts.filter(|(part, _)| *part >= first).map(|(_, share)| share).sum()
    };
    let trained = share(WORK);
    let kind = match segment.trainable.kind() {
        ParameterKind::All => 1.0,
        ParameterKind::Norms | ParameterKind::Biases => WITHOUT_WEIGHTS,
    };
    let frozen_pass = area * speed.inference * (1.0 - trained);
    let training = train * area * speed.training * trained * kind;
    let inference = validation * area * speed.inference * trained;
    let updates = steps as f64 * speed.step * share(PARAMETERS) * kind;
    // Passes through the frozen parts over all images.
    let [train_passes, validation_passes] = match segment.images {
        SegmentImages::Augmented => [epochs; 2],
        SegmentImages::CachedPlain => [1.0; 2],
        SegmentImages::CachedViews(views) => [f64::from(views), 1.0],
    };
    epochs * (training + inference + updates + speed.folding)
        + frozen_pass * (train_passes * train + validation_passes * validation)
}

/// The automatic strategy: of the one that suits the number of images and smaller ones, the first whose result does not
/// take long. Without a measured speed, a linear probe.
pub fn advise(form: &Form, dataset: &Dataset, measured_speed: Option<Speed>) -> Strategy {
    let context = Context { advised: None, ..dataset.context };
    let dataset = Dataset { context, ..*dataset };
    let suited = context.strategy(form.draft(&dataset).train_images);
    let is_short = |strategy: &Strategy| {
        let mut trial = form.clone();
        trial.choices.set("strategy", strategy);
        let seconds = measured_speed.map(|speed| seconds(&trial.draft(&dataset), speed));
        seconds.is_some_and(|seconds| seconds <= PATIENCE)
    };
    [suited, Strategy::Full, Strategy::LastK].into_iter().find(is_short).unwrap_or(Strategy::Probe)
}

/// Images per class that a shorter run is offered with.
const LIMITS: [u32; 10] = [1000, 500, 300, 200, 150, 100, 70, 50, 30, 20];

/// If a run takes long, a limit of images per class for a shorter run, and its seconds.
pub fn shorter(form: &Form, dataset: &Dataset, speed: Speed) -> Option<(u32, f64)> {
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
        seconds(&form(choices).draft(&dataset(1000, 4, 0)), Speed::typical(100.0))
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
    fn a_slow_device_begins_with_a_smaller_strategy() {
        let dataset = dataset(480, 8, 160);
        let advised =
            |speed: Option<f64>| advise(&Form::default(), &dataset, speed.map(Speed::typical));
        assert_eq!(advised(Some(15.0)), Strategy::Probe);
        assert_eq!(advised(Some(50.0)), Strategy::LastK);
        assert_eq!(advised(Some(70.0)), Strategy::Full);
        assert_eq!(advised(Some(500.0)), Strategy::Adaptive);
        assert_eq!(advised(None), Strategy::Probe);
    }

    #[test]
    fn a_long_run_can_be_made_a_short_one() {
        // CIFAR-10 on a slow CPU.
        let dataset = dataset(50_000, 10, 10_000);
        let full = form(&[("strategy", "full")]);
        let speed = Speed::typical(50.0);
        let before = seconds(&full.draft(&dataset), speed);
        assert!(before > 3600.0, "{before}");
        let (limit, after) = shorter(&full, &dataset, speed).unwrap();
        assert!((20..=100).contains(&limit) && after <= PATIENCE, "{limit}: {after}");
        let limited = form(&[("strategy", "full"), ("per_class", &limit.to_string())]);
        assert_eq!(seconds(&limited.draft(&dataset), speed), after);
        assert_eq!(shorter(&limited, &dataset, speed), None);
        // Nothing is offered if the run is short, or if it cannot be short.
        assert_eq!(shorter(&full, &dataset, Speed::typical(50_000.0)), None);
        assert_eq!(shorter(&full, &dataset, Speed::typical(0.05)), None);
    }

    #[test]
    fn without_classes_the_limit_is_that_of_all_images() {
        let tasks = TaskCounts { class: 0, labels: 0, number: 1 };
        let context = Context { images: 2000, tasks, ..Context::default() };
        let dataset = Dataset { context, validation: 0 };
        let (limit, after) =
            shorter(&form(&[("strategy", "full")]), &dataset, Speed::typical(20.0)).unwrap();
        assert!(after > 1.0, "{limit}: {after}");
        let draft = form(&[("strategy", "full"), ("per_class", "100")]).draft(&dataset);
        assert_eq!((draft.train_images, draft.validation_images), (100, 100));
    }

    #[test]
    fn advice_counts_only_training_images() {
        // 4 images per class to train on, 1 to validate on.
        let dataset = dataset(50, 10, 0);
        assert_eq!(
            advise(&Form::default(), &dataset, Some(Speed::typical(1e6))),
            Strategy::ProbeThenFull
        );
        let all = Context { advised: None, ..dataset.context }.strategy(50);
        assert_eq!(all, Strategy::Adaptive);
    }

    #[test]
    fn twice_the_size_is_up_to_four_times_the_work() {
        let ratio = seconds_of(&[("size", "128")]) / seconds_of(&[]);
        assert!((3.0..4.0).contains(&ratio), "updates take as long: {ratio}");
    }
}
