//! The training plan: the segments of a run, each with its trainable parameters, optimizer and learning rate.
//!
//! A plan depends only on the options, so a resumed run has the same plan.

use std::ops::Range;

use super::optimizer::OptimizerConfig;
use super::schedule::{LearningRate, ScheduleConfig};
use crate::data::augmentation::{AugmentationConfig, Mix};
use crate::model::part::Part;
use crate::model::trainable::Trainable;
use crate::options::table::TrainConfig;
use crate::options::values::{Schedule, Strategy};

/// Consecutive epochs with the same trainable parameters.
#[derive(Debug, Clone, PartialEq)]
pub struct Segment {
    /// Counted from 0, over the whole run.
    pub epochs: Range<u32>,
    pub trainable: Trainable,
    pub optimizer: OptimizerConfig,
    pub rate: LearningRate,
    /// The step of the run that is step 0 of `rate`.
    pub first_step: u64,
    pub images: SegmentImages,
    /// Whether the segment begins by measuring gradient norms, which set the trainable parts and their rates.
    pub surgical: bool,
}

/// The images that a segment trains on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SegmentImages {
    /// Without augmentation; the activations of the frozen parts are cached.
    CachedPlain,
    /// This many augmented views of each image; the activations of the frozen parts are cached.
    CachedViews(u32),
    /// Augmented differently in every epoch, without a cache.
    Augmented,
}

/// All segments of a run, in order.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    pub segments: Vec<Segment>,
    pub steps_per_epoch: u64,
}

impl Plan {
    /// The plan of a run with these options.
    pub fn new(config: &TrainConfig, steps_per_epoch: u64) -> Self {
        let probe_epochs = config.head_epochs();
        let mut segments = Vec::new();
        if probe_epochs > 0 {
            segments.push(probe(config, probe_epochs, steps_per_epoch));
        }
        let whole = Segment {
            epochs: probe_epochs..probe_epochs + config.epochs,
            trainable: config.trainable(),
            optimizer: config.optimizer_config(),
            rate: LearningRate {
                peak: config.learning_rate,
                schedule: config.schedule_config(),
                warmup_steps: config.warmup_steps(steps_per_epoch),
                steps_per_epoch,
                total_steps: steps_per_epoch * u64::from(config.epochs),
            },
            first_step: steps_per_epoch * u64::from(probe_epochs),
            images: SegmentImages::Augmented,
            surgical: config.strategy == Strategy::Surgical,
        };
        match config.strategy {
            // A single pass, whatever the other options.
            Strategy::FewShot => {
                let images = SegmentImages::CachedPlain;
                let segments = vec![Segment { epochs: 0..1, images, ..whole }];
                return Self { segments, steps_per_epoch };
            }
            Strategy::Gradual => {
                segments.extend(gradual_unfreezing(&whole, config.unfreeze_epochs));
            }
            Strategy::Adaptive => {
                segments.extend(measured_after(&whole, config.adaptive_epochs));
            }
            _ => segments.push(whole),
        }
        for segment in &mut segments[usize::from(probe_epochs > 0)..] {
            segment.images = segment_images(config, segment);
        }
        Self { segments, steps_per_epoch }
    }

    /// Epochs of the run.
    pub fn epochs(&self) -> u32 {
        self.segments.last().map_or(0, |last| last.epochs.end)
    }

    /// Optimizer steps of the run.
    pub fn total_steps(&self) -> u64 {
        self.steps_per_epoch * u64::from(self.epochs())
    }

    /// Index of the segment of `epoch` (counted from 0); the last segment for epochs after the run.
    pub fn index_at(&self, epoch: u32) -> usize {
        let index = self.segments.iter().position(|segment| epoch < segment.epochs.end);
        index.unwrap_or(self.segments.len() - 1)
    }

    /// The first epoch of the last segment, counted from 0. Early stopping, EMA and SWA start here.
    pub fn last_segment_start(&self) -> u32 {
        self.segments.last().map_or(0, |last| last.epochs.start)
    }
}

/// Linear probing: trains only the head, on cached features of unaugmented images.
fn probe(config: &TrainConfig, epochs: u32, steps_per_epoch: u64) -> Segment {
    let (optimizer, peak) = config.head_optimizer();
    Segment {
        epochs: 0..epochs,
        trainable: Trainable::from(Part::Head),
        optimizer,
        rate: LearningRate {
            peak,
            schedule: ScheduleConfig { schedule: Schedule::Cosine, ..config.schedule_config() },
            warmup_steps: 0,
            steps_per_epoch,
            total_steps: steps_per_epoch * u64::from(epochs),
        },
        first_step: 0,
        images: SegmentImages::CachedPlain,
        surgical: false,
    }
}

/// Gradual unfreezing: one more part, from the head to the stem, every `epochs_per_part` epochs; all parts in the
/// remaining epochs. The learning-rate schedule continues across the segments.
fn gradual_unfreezing(whole: &Segment, epochs_per_part: u32) -> Vec<Segment> {
    let Range { start, end } = whole.epochs;
    let mut segments = Vec::new();
    for (index, part) in Part::ALL.into_iter().rev().enumerate() {
        let first = start + epochs_per_part.saturating_mul(index as u32);
        if first >= end {
            break;
        }
        let last = if part == Part::Stem { end } else { (first + epochs_per_part).min(end) };
        segments.push(Segment {
            epochs: first..last,
            trainable: Trainable::from(part),
            ..whole.clone()
        });
    }
    segments
}

/// Two segments; the second, after `first_epochs`, begins by measuring gradient norms. The learning-rate schedule
/// continues across both.
fn measured_after(whole: &Segment, first_epochs: u32) -> Vec<Segment> {
    let Range { start, end } = whole.epochs;
    let middle = start.saturating_add(first_epochs).min(end);
    let mut segments = vec![Segment { epochs: start..middle, ..whole.clone() }];
    if middle < end {
        segments.push(Segment { epochs: middle..end, surgical: true, ..whole.clone() });
    }
    segments
}

fn segment_images(config: &TrainConfig, segment: &Segment) -> SegmentImages {
    let epochs = segment.epochs.len() as u32;
    let frozen = segment.trainable.first() > Part::Stem;
    let augmented = config.augmentation_config() != AugmentationConfig::none();
    if config.strategy == Strategy::FewShot {
        // Nothing is trained; the class means are computed from cached features.
        return SegmentImages::CachedPlain;
    }
    match config.cache_views {
        // Mixed images differ in every step, and a teacher needs the images themselves.
        views
            if views > 0
                && frozen
                && config.mix() == Mix::None
                && config.distillation().is_none()
                && !segment.surgical =>
        {
            // A cache pays off only if a view is used more than once.
            match augmented {
                false if epochs > 1 || segment.trainable.first() == Part::Head => {
                    SegmentImages::CachedPlain
                }
                true if epochs > views => SegmentImages::CachedViews(views),
                _ => SegmentImages::Augmented,
            }
        }
        _ => SegmentImages::Augmented,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::input::InputSize;
    use crate::options::values::Augmentation;

    fn config(strategy: Strategy) -> TrainConfig {
        let base = TrainConfig::recommended(Strategy::Full, InputSize::default(), 500);
        TrainConfig { strategy, epochs: 10, ..base }
    }

    fn epochs(plan: &Plan) -> Vec<(Range<u32>, Part)> {
        let segments = plan.segments.iter();
        segments.map(|segment| (segment.epochs.clone(), segment.trainable.first())).collect()
    }

    #[test]
    fn probe_epochs_precede_the_epochs_of_the_run() {
        let plan =
            Plan::new(&TrainConfig { probe_epochs: 4, ..config(Strategy::ProbeThenFull) }, 7);
        assert_eq!(epochs(&plan), [(0..4, Part::Head), (4..14, Part::Stem)]);
        assert_eq!((plan.epochs(), plan.total_steps()), (14, 98));
        assert_eq!(plan.segments[1].first_step, 28);
        assert_eq!(plan.segments[1].rate.total_steps, 70);
        assert_eq!((plan.index_at(3), plan.index_at(4), plan.index_at(14)), (0, 1, 1));
        assert_eq!(plan.last_segment_start(), 4);
    }

    #[test]
    fn gradual_unfreezing_ends_with_all_parts() {
        let plan = Plan::new(&config(Strategy::Gradual), 7);
        assert_eq!(
            epochs(&plan),
            [
                (0..1, Part::Head),
                (1..2, Part::Layer4),
                (2..3, Part::Layer3),
                (3..4, Part::Layer2),
                (4..5, Part::Layer1),
                (5..10, Part::Stem)
            ]
        );
        assert!(plan.segments.iter().all(|segment| segment.rate == plan.segments[0].rate));
        let short = Plan::new(&TrainConfig { unfreeze_epochs: 4, ..config(Strategy::Gradual) }, 7);
        assert_eq!(
            epochs(&short),
            [(0..4, Part::Head), (4..8, Part::Layer4), (8..10, Part::Layer3)]
        );
    }

    #[test]
    fn an_adaptive_run_measures_gradients_once_and_its_schedule_continues() {
        let plan = Plan::new(&TrainConfig { adaptive_epochs: 2, ..config(Strategy::Adaptive) }, 7);
        assert_eq!(epochs(&plan), [(0..2, Part::Stem), (2..10, Part::Stem)]);
        assert!(!plan.segments[0].surgical && plan.segments[1].surgical);
        assert_eq!(plan.segments[0].rate, plan.segments[1].rate);
        assert_eq!((plan.epochs(), plan.segments[1].first_step), (10, 0));
        let short =
            Plan::new(&TrainConfig { adaptive_epochs: 10, ..config(Strategy::Adaptive) }, 7);
        assert_eq!(epochs(&short), [(0..10, Part::Stem)]);
    }

    #[test]
    fn class_means_take_one_pass_over_unaugmented_images() {
        let base = config(Strategy::FewShot);
        let config = TrainConfig { cache_views: 0, mixup_alpha: 1.0, ..base };
        let plan = Plan::new(&config, 7);
        assert_eq!(epochs(&plan), [(0..1, Part::Head)]);
        assert_eq!(plan.segments[0].images, SegmentImages::CachedPlain);
    }

    #[test]
    fn activations_are_cached_if_they_are_reused() {
        let images = |strategy, change: fn(&mut TrainConfig)| {
            let mut config = config(strategy);
            config.cache_views = 4;
            change(&mut config);
            Plan::new(&config, 7).segments.last().unwrap().images
        };
        let last = Strategy::LastK;
        assert_eq!(images(last, |_| {}), SegmentImages::CachedViews(4));
        let plain: fn(&mut TrainConfig) = |config| config.set_augmentation(Augmentation::None);
        assert_eq!(images(last, plain), SegmentImages::CachedPlain);
        assert_eq!(images(Strategy::Full, plain), SegmentImages::Augmented);
        assert_eq!(images(last, |config| config.epochs = 4), SegmentImages::Augmented);
        assert_eq!(images(last, |config| config.cache_views = 0), SegmentImages::Augmented);
        let mixed: fn(&mut TrainConfig) = |config| config.mixup_alpha = 0.2;
        assert_eq!(images(last, mixed), SegmentImages::Augmented);
        let uncached: fn(&mut TrainConfig) = |config| config.cache_views = 0;
        assert_eq!(images(Strategy::FewShot, uncached), SegmentImages::CachedPlain);
        let distilled: fn(&mut TrainConfig) = |config| config.distillation_weight = 0.9;
        assert_eq!(images(last, distilled), SegmentImages::Augmented);
        let gradual = images(Strategy::Gradual, plain);
        assert_eq!(gradual, SegmentImages::Augmented);
    }
}
