//! Estimates of the remaining time from the duration of the work so far.

use tunelab_l10n::Texts;

/// Minimum decay of the moving average of a [`Pace`].
const LEAST_DECAY: f64 = 0.85;
/// Measurements that are shorter than this many seconds count less: several may arrive at the same time.
const FULL_WEIGHT_SECONDS: f64 = 2.0;

/// Steps before the remaining time is estimated. The first one is never measured: it compiles and allocates what
/// the others reuse.
const STEPS_BEFORE_ESTIMATE: u32 = 3;

/// The time to validate an image, as a fraction of the time to train on it: without gradients and augmentation.
const VALIDATION_COST: f64 = 0.25;

/// An average speed is unreliable before this many seconds.
const SECONDS_BEFORE_ESTIMATE: f64 = 1.0;

/// Seconds per unit of work: a moving average.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Pace {
    seconds: f64,
    units: f64,
    count: u32,
}

impl Pace {
    /// Adds a measurement.
    pub fn add(&mut self, seconds: f64, units: f64) {
        let decay = LEAST_DECAY.max(1.0 - seconds / FULL_WEIGHT_SECONDS);
        self.seconds = decay * self.seconds + seconds;
        self.units = decay * self.units + units;
        self.count += 1;
    }

    /// `None` before the first measurement.
    pub fn seconds_per_unit(&self) -> Option<f64> {
        (self.units > 0.0).then(|| self.seconds / self.units)
    }
}

/// The remaining work of a run.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct RemainingWork {
    /// Images whose features are not cached yet.
    pub features: usize,
    pub steps: u64,
    /// Validations, the current one in part.
    pub validations: f64,
    /// Images of one validation.
    pub validation_images: usize,
    /// Whether the run uses cached features, and so takes hardly any time once they are there.
    pub has_cached_features: bool,
}

/// Measures the work of a run by the clock, without pauses.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct TimeEstimate {
    /// When the latest work ended; `None` before the start and in a pause.
    latest: Option<f64>,
    step: Pace,
    image: Pace,
    feature: Pace,
    validation: Pace,
    /// Seconds of the current validation so far.
    validating: f64,
}

impl TimeEstimate {
    /// Starts the clock at `now` (seconds), also after a pause.
    pub fn start(&mut self, now: f64) {
        self.latest = Some(now);
    }

    /// Stops the clock.
    pub fn pause(&mut self) {
        self.latest = None;
    }

    /// When the latest work ended.
    pub fn latest(&self) -> Option<f64> {
        self.latest
    }

    /// The features of `images` more images were cached.
    pub fn features(&mut self, images: usize, now: f64) {
        if let Some(seconds) = self.lap(now)
            && images > 0
        {
            self.feature.add(seconds, images as f64);
        }
    }

    /// A step on `images` images ended.
    pub fn step(&mut self, images: usize, now: f64) {
        match self.lap(now) {
            Some(seconds) if self.step.count > 0 => {
                self.step.add(seconds, 1.0);
                self.image.add(seconds, images.max(1) as f64);
            }
            // The first step is counted, but not measured.
            _ => self.step.count = self.step.count.max(1),
        }
    }

    /// A part of a validation ended.
    pub fn validating(&mut self, now: f64) {
        self.validating += self.lap(now).unwrap_or(0.0);
    }

    /// A validation ended.
    pub fn validated(&mut self, now: f64) {
        self.validating(now);
        self.validation.add(std::mem::take(&mut self.validating), 1.0);
    }

    /// The current speed, in training images per second.
    pub fn images_per_second(&self) -> Option<f64> {
        let pace = self.image.seconds_per_unit().or_else(|| self.feature.seconds_per_unit())?;
        (pace > 0.0).then(|| 1.0 / pace)
    }

    /// Seconds that the remaining work takes; `None` while too little was measured.
    pub fn seconds_left(&self, remaining: &RemainingWork) -> Option<f64> {
        let features = match remaining.features {
            0 => 0.0,
            images => images as f64 * self.feature.seconds_per_unit()?,
        };
        if remaining.has_cached_features && remaining.features > 0 {
            return Some(features);
        }
        if remaining.steps > 0 && self.step.count <= STEPS_BEFORE_ESTIMATE {
            return None;
        }
        let steps = remaining.steps as f64 * self.step.seconds_per_unit().unwrap_or(0.0);
        let validation = self.validation.seconds_per_unit().or_else(|| {
            let image = VALIDATION_COST * self.image.seconds_per_unit()?;
            Some(remaining.validation_images as f64 * image)
        });
        Some(features + steps + remaining.validations * validation.unwrap_or(0.0))
    }

    /// Seconds since the latest work.
    fn lap(&mut self, now: f64) -> Option<f64> {
        let latest = self.latest.replace(now)?;
        Some((now - latest).max(0.0))
    }
}

/// The remaining time as text.
pub fn time_left(seconds: Option<f64>, texts: Texts) -> String {
    match seconds {
        Some(seconds) => texts.run_time_left(&texts.about(seconds)),
        None => texts.run_estimating().to_owned(),
    }
}

/// A text about the progress of a transfer, with the remaining time if the average speed since its start, `seconds`
/// ago, is reliable.
pub fn with_remaining_time(
    progress: String,
    done: f64,
    total: f64,
    seconds: f64,
    texts: Texts,
) -> String {
    if done <= 0.0 || total <= done || seconds < SECONDS_BEFORE_ESTIMATE {
        return progress;
    }
    let remaining = seconds * (total - done) / done;
    texts.app_progress_with_time(&progress, &texts.about(remaining))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn assert_close(found: Option<f64>, expected: f64) {
        let is_close = found.is_some_and(|found| (found - expected).abs() < 0.01 * expected);
        assert!(is_close, "{found:?}, not {expected}");
    }

    /// After this many steps of a second, on 10 images each.
    fn after_steps(steps: u32) -> TimeEstimate {
        let mut estimate = TimeEstimate::default();
        estimate.start(0.0);
        (1..=steps).for_each(|step| estimate.step(10, f64::from(step)));
        estimate
    }

    #[test]
    fn the_first_steps_give_no_estimate() {
        let remaining = RemainingWork { steps: 100, validations: 2.0, ..RemainingWork::default() };
        for steps in 0..=3 {
            assert_eq!(after_steps(steps).seconds_left(&remaining), None, "after {steps} steps");
        }
        assert_close(after_steps(4).seconds_left(&remaining), 100.0);
    }

    #[test]
    fn the_slow_first_step_does_not_count() {
        let mut estimate = TimeEstimate::default();
        estimate.start(0.0);
        (0..=5).for_each(|step| estimate.step(16, 60.0 + f64::from(step)));
        let remaining = RemainingWork { steps: 10, ..RemainingWork::default() };
        assert_close(estimate.seconds_left(&remaining), 10.0);
        assert_close(estimate.images_per_second(), 16.0);
    }

    #[test]
    fn validations_are_estimated_first_and_measured_later() {
        let mut estimate = after_steps(10);
        let remaining = RemainingWork {
            steps: 10,
            validations: 2.0,
            validation_images: 40,
            ..RemainingWork::default()
        };
        assert_close(estimate.seconds_left(&remaining), 10.0 + 2.0 * 0.25 * 40.0 * 0.1);
        estimate.validating(12.0);
        estimate.validated(15.0);
        assert_close(estimate.seconds_left(&remaining), 10.0 + 2.0 * 5.0);
    }

    #[test]
    fn pauses_are_not_measured() {
        let mut estimate = after_steps(4);
        estimate.pause();
        estimate.start(1000.0);
        estimate.step(10, 1001.0);
        let remaining = RemainingWork { steps: 10, ..RemainingWork::default() };
        assert_close(estimate.seconds_left(&remaining), 10.0);
    }

    #[test]
    fn features_are_most_of_a_linear_probe() {
        let mut estimate = TimeEstimate::default();
        let remaining = |features| RemainingWork {
            features,
            has_cached_features: true,
            steps: 40,
            ..RemainingWork::default()
        };
        estimate.start(0.0);
        assert_eq!(estimate.seconds_left(&remaining(100)), None);
        estimate.features(50, 5.0);
        assert_close(estimate.seconds_left(&remaining(50)), 5.0);
        assert_close(estimate.images_per_second(), 10.0);
    }

    #[test]
    fn a_remaining_time_is_text() {
        let text = |seconds| time_left(seconds, Texts::ENGLISH).replace('\u{a0}', " ");
        assert_eq!(text(Some(20.0)), "about 20 s left");
        assert_eq!(text(None), "Estimating the remaining time");
    }
}
