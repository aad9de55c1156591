//! How long a run still takes, from how long its steps took.

/// How much of the estimate each new duration leaves, at least.
const KEEP: f64 = 0.85;
/// Shorter ones leave more, by their part of so many seconds: many come at once, with one time between them.
const MEMORY: f64 = 2.0;

/// Steps to be seen before anything is said. The first is never counted: it prepares what the others
/// find ready.
const STEPS_TO_KNOW: u32 = 3;

/// Validating an image takes about this part of training on it: no gradients, and no augmentation.
const VALIDATION_PART: f64 = 0.25;

/// Seconds that a unit of work takes, in a mean that forgets the past slowly.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
struct Mean {
    seconds: f64,
    units: f64,
    count: u32,
}

impl Mean {
    fn add(&mut self, seconds: f64, units: f64) {
        let keep = KEEP.max(1.0 - seconds / MEMORY);
        self.seconds = keep * self.seconds + seconds;
        self.units = keep * self.units + units;
        self.count += 1;
    }

    fn get(&self) -> Option<f64> {
        (self.units > 0.0).then(|| self.seconds / self.units)
    }
}

/// Takes the time of a run's work, by the wall clock, pauses left out.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Stopwatch {
    /// When the latest work ended; none before the first, and after a pause.
    tick: Option<f64>,
    step: Mean,
    image: Mean,
    feature: Mean,
    validation: Mean,
    /// Work done on the validation under way.
    validating: f64,
}

/// What is still to do.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Remaining {
    /// Images the frozen network is still to see.
    pub features: usize,
    pub steps: u64,
    /// Whole validations, and the share of one; all take about as long.
    pub validations: f64,
    /// Images of one validation.
    pub validation_images: usize,
    /// Whether validation works on kept features, and takes no time to speak of.
    pub kept_features: bool,
}

impl Stopwatch {
    /// The clock runs from `now` (seconds), at the start and after a pause.
    pub fn start(&mut self, now: f64) {
        self.tick = Some(now);
    }

    /// When the latest work ended.
    pub fn latest(&self) -> Option<f64> {
        self.tick
    }

    /// The clock stands.
    pub fn pause(&mut self) {
        self.tick = None;
    }

    /// The frozen network has seen `images` more.
    pub fn features(&mut self, images: usize, now: f64) {
        if let Some(seconds) = self.lap(now)
            && images > 0
        {
            self.feature.add(seconds, images as f64);
        }
    }

    /// A step on `images` images is done.
    pub fn step(&mut self, images: usize, now: f64) {
        let lap = self.lap(now);
        // The count goes up for the step that is not counted too.
        match lap {
            Some(seconds) if self.step.count > 0 => {
                self.step.add(seconds, 1.0);
                self.image.add(seconds, images.max(1) as f64);
            }
            _ => self.step.count = self.step.count.max(1),
        }
    }

    /// A part of a validation is done.
    pub fn validating(&mut self, now: f64) {
        self.validating += self.lap(now).unwrap_or(0.0);
    }

    /// A validation is done.
    pub fn validated(&mut self, now: f64) {
        self.validating(now);
        self.validation.add(std::mem::take(&mut self.validating), 1.0);
    }

    /// Training images per second, as it is now.
    pub fn images_per_second(&self) -> Option<f64> {
        let seconds = self.image.get().or_else(|| self.feature.get())?;
        (seconds > 0.0).then(|| 1.0 / seconds)
    }

    /// Seconds to the end; none while that cannot be known.
    pub fn left(&self, remaining: &Remaining) -> Option<f64> {
        let features = match remaining.features {
            0 => 0.0,
            images => images as f64 * self.feature.get()?,
        };
        if remaining.kept_features && remaining.features > 0 {
            // Training on kept features takes a moment only.
            return Some(features);
        }
        if remaining.steps > 0 && self.step.count <= STEPS_TO_KNOW {
            return None;
        }
        let steps = match remaining.steps {
            0 => 0.0,
            steps => steps as f64 * self.step.get().unwrap_or(0.0),
        };
        let validation = self.validation.get().or_else(|| {
            Some(VALIDATION_PART * remaining.validation_images as f64 * self.image.get()?)
        });
        Some(features + steps + remaining.validations * validation.unwrap_or(0.0))
    }

    /// Time since the latest work.
    fn lap(&mut self, now: f64) -> Option<f64> {
        let before = self.tick.replace(now)?;
        Some((now - before).max(0.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(found: Option<f64>, expected: f64) {
        let near = found.is_some_and(|found| (found - expected).abs() < 0.01 * expected);
        assert!(near, "{found:?}, not {expected}");
    }

    #[test]
    fn nothing_is_known_at_the_very_beginning() {
        let mut watch = Stopwatch::default();
        let remaining = Remaining { steps: 100, validations: 2.0, ..Remaining::default() };
        assert_eq!(watch.left(&remaining), None);
        watch.start(0.0);
        for step in 1..=3 {
            watch.step(16, f64::from(step));
            assert_eq!(watch.left(&remaining), None, "after {step} steps");
        }
        watch.step(16, 4.0);
        close(watch.left(&remaining), 100.0);
    }

    #[test]
    fn the_slow_first_step_does_not_count() {
        let mut watch = Stopwatch::default();
        watch.start(0.0);
        watch.step(16, 60.0);
        for step in 1..=5 {
            watch.step(16, 60.0 + f64::from(step));
        }
        close(watch.left(&Remaining { steps: 10, ..Remaining::default() }), 10.0);
        close(watch.images_per_second(), 16.0);
    }

    #[test]
    fn validations_are_guessed_first_and_measured_later() {
        let mut watch = Stopwatch::default();
        watch.start(0.0);
        for step in 1..=10 {
            watch.step(10, f64::from(step));
        }
        let remaining =
            Remaining { steps: 10, validations: 2.0, validation_images: 40, ..Default::default() };
        close(watch.left(&remaining), 10.0 + 2.0 * 0.25 * 40.0 * 0.1);
        watch.validating(12.0);
        watch.validated(15.0);
        close(watch.left(&remaining), 10.0 + 2.0 * 5.0);
    }

    #[test]
    fn a_pause_is_not_work() {
        let mut watch = Stopwatch::default();
        watch.start(0.0);
        for step in 1..=4 {
            watch.step(10, f64::from(step));
        }
        watch.pause();
        watch.start(1000.0);
        watch.step(10, 1001.0);
        close(watch.left(&Remaining { steps: 10, ..Remaining::default() }), 10.0);
    }

    #[test]
    fn features_are_most_of_a_probe() {
        let mut watch = Stopwatch::default();
        let remaining =
            |features| Remaining { features, kept_features: true, steps: 40, ..Default::default() };
        watch.start(0.0);
        assert_eq!(watch.left(&remaining(100)), None);
        watch.features(50, 5.0);
        close(watch.left(&remaining(50)), 5.0);
        close(watch.images_per_second(), 10.0);
    }
}
