//! The table of options.
//!
//! `CONTRIBUTING.md` says how to add an option. An entry has, in this order, its documentation, key, type, and
//!
//! - `group`: where it is shown;
//! - `range`: the valid range of a number;
//! - `none`: the text of an absent value, if the type is an `Option`;
//! - `default`: a function of the options above it and the context;
//! - `applies`: whether it has an effect; always by default;
//! - `search`: the range that every search covers, unless it is told otherwise. `Log` cannot contain 0.
//!
//! An entry comes after those that its `default` and `applies` depend on.

use serde::{Deserialize, Serialize};

use super::context::Context;
use super::error::{OptionError, Problem};
use super::range::Range;
use super::spec::{Group, OptionSpec, SearchRange};
use super::value::{OptionValue, SIZES};
use super::values::{
    Augmentation, Crop, Fit, HeadInit, RegressionLoss, Schedule, Strategy, UpdateRule,
};
use super::weights::{ClassWeights, TaskWeights};
use crate::data::augmentation::{AugmentationConfig, CropAugmentation, Policy};
use crate::data::input::{CropFraction, InputSize};

/// An entry of the table.
pub type TrainOption = OptionSpec<TrainConfig, Context>;

impl TrainOption {
    /// The entry with this key.
    pub fn find(key: &str) -> Option<&'static Self> {
        OPTIONS.iter().find(|option| option.key == key)
    }
}

/// More epochs than any run needs, but few enough to plan and to draw.
const EPOCHS: Range = Range::from(1.0).to(10_000.0);

macro_rules! options {
    ($(
        $(#[doc = $help:literal])+
        $key:ident: $type:ty {
            group: $group:ident,
            $(range: $range:expr,)?
            $(none: $none:literal,)?
            default: $default:expr,
            $(applies: $applies:expr,)?
            $(search: $search:expr,)?
        }
    )+) => {
        /// Every option of a training run.
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
        #[serde(default)]
        pub struct TrainConfig {
            $($(#[doc = $help])+ pub $key: $type,)+
        }

        impl TrainConfig {
            /// Placeholder values, which the defaults replace.
            pub(super) fn unset() -> Self {
                Self { $($key: Default::default(),)+ }
            }
        }

        /// The table, in the order in which defaults are computed.
        pub static OPTIONS: &[TrainOption] = &[$(OptionSpec {
            key: stringify!($key),
            group: Group::$group,
            kind: <$type as OptionValue>::KIND,
            range: first!($(Some($range),)? None),
            none: first!($(Some($none),)? None),
            search: first!($(Some($search),)? None),
            applies: first!($($applies,)? |_, _| true),
            set_default: |config, context| {
                const RULE: fn(&TrainConfig, &Context) -> $type = $default;
                config.$key = RULE(config, context);
            },
            read: |config| config.$key.text(),
            write: |config, text| {
                config.$key = OptionValue::parse(text)?;
                Ok(())
            },
            clear: |config| {
                if let Some(none) = OptionValue::none() {
                    config.$key = none;
                }
            },
            numbers: |config| config.$key.numbers(),
        },)+];
    };
}

macro_rules! first {
    ($first:expr $(, $rest:expr)*) => {
        $first
    };
}

options! {
    /// Use at most this many training images of each class
    per_class: Option<u32> {
        group: Data,
        range: Range::from(1.0),
        none: "all",
        default: |_, _| None,
    }
    /// Fraction of each class's images to split off for validation, if the dataset has no validation images
    validation_share: f64 {
        group: Data,
        range: Range::from(0.01).to(0.9),
        default: |_, _| 0.2,
        applies: |_, context| !context.has_validation,
    }
    /// Side length of the square network input, in pixels
    size: InputSize {
        group: Basic,
        range: SIZES,
        default: |_, _| InputSize::default(),
    }
    /// How to make images square
    fit: Fit {
        group: Data,
        default: |_, _| Fit::Crop,
    }
    /// Side length of the center crop, as a fraction of the shorter side
    crop_fraction: f64 {
        group: Data,
        range: Range::from(CropFraction::MIN.get()).to(CropFraction::FULL.get()),
        default: |_, _| CropFraction::FULL.get(),
    }
    /// Which parts of the network to train, and in which order
    strategy: Strategy {
        group: Basic,
        default: |config, context| context.strategy(config.train_images(context)),
        search: SearchRange::Values(&["probe", "last-k", "full", "probe-then-full"]),
    }
    /// Number of last stages of residual blocks that the strategy last-k trains
    last_k: u32 {
        group: Basic,
        range: Range::from(1.0).to(4.0),
        default: |_, _| 1,
        applies: |config, _| config.strategy == Strategy::LastK,
    }
    /// Passes over the training images
    epochs: u32 {
        group: Basic,
        range: EPOCHS,
        default: |config, context| default_epochs(config.strategy, config.train_images(context), context),
        applies: |config, _| config.trains(),
    }
    /// Epochs that train only the head, before those of the run
    probe_epochs: u32 {
        group: Optimization,
        range: EPOCHS,
        // Enough for useful gradients of the head, but not enough to memorize the training images, which would leave
        // almost no gradient for the backbone.
        default: |_, _| 5,
        applies: |config, _| matches!(config.strategy, Strategy::ProbeThenFull | Strategy::Surgical),
    }
    /// Epochs after which one more part is unfrozen (gradual unfreezing)
    unfreeze_epochs: u32 {
        group: Optimization,
        range: EPOCHS,
        default: |_, _| 1,
        applies: |config, _| config.strategy == Strategy::Gradual,
    }
    /// Epochs after which parts with small gradients are slowed down or frozen
    adaptive_epochs: u32 {
        group: Optimization,
        range: EPOCHS,
        default: |_, _| 1,
        applies: |config, _| config.strategy == Strategy::Adaptive,
    }
    /// Images per optimizer step
    batch_size: u32 {
        group: Optimization,
        range: Range::from(1.0),
        default: |config, context| default_batch_size(config, context),
    }
    /// Microbatches per batch; more need less memory
    gradient_accumulation: u32 {
        group: Optimization,
        range: Range::from(1.0),
        default: |_, _| 1,
        applies: |config, _| config.trains(),
    }
    /// The optimizer
    optimizer: UpdateRule {
        group: Optimization,
        default: |config, _| if config.trains_only_head() { UpdateRule::AdamW } else { UpdateRule::Sgd },
        applies: |config, _| config.trains(),
    }
    /// Momentum of SGD
    momentum: f64 {
        group: Optimization,
        range: Range::from(0.0).below(1.0),
        default: |_, _| 0.9,
        applies: |config, _| config.trains() && config.optimizer == UpdateRule::Sgd,
    }
    /// Use Nesterov momentum (Sutskever et al., 2013)
    nesterov: bool {
        group: Optimization,
        default: |_, _| true,
        applies: |config, _| config.trains() && config.optimizer == UpdateRule::Sgd,
    }
    /// Clip gradients to at most this global norm
    clip_norm: Option<f64> {
        group: Optimization,
        range: Range::above(0.0),
        none: "off",
        default: |_, _| None,
        applies: |config, _| config.trains(),
    }
    /// Freeze batch norm: normalize with the pretrained running statistics
    freeze_norm: bool {
        group: Optimization,
        default: |_, _| false,
        applies: |config, _| config.trains() && !config.trains_only_head(),
    }
    /// Initialization of the new head
    head_init: HeadInit {
        group: Optimization,
        default: |_, _| HeadInit::Normal,
        applies: |config, _| config.trains(),
    }
    /// Random seed: the same seed reproduces a run, bit for bit on the CPU
    seed: u64 {
        group: Optimization,
        default: |_, _| 0,
    }
    /// Peak learning rate
    learning_rate: f64 {
        group: LearningRate,
        range: Range::above(0.0),
        default: default_learning_rate,
        applies: |config, _| config.trains(),
        search: SearchRange::LogFactor { low: 0.1, high: 10.0 },
    }
    /// Learning-rate schedule
    schedule: Schedule {
        group: LearningRate,
        default: |_, _| Schedule::Cosine,
        applies: |config, _| config.trains(),
    }
    /// Epochs after which the step schedule multiplies the learning rate by the decay factor
    step_epochs: u32 {
        group: LearningRate,
        range: EPOCHS,
        default: |config, _| config.epochs.div_ceil(3).max(1),
        applies: |config, _| config.trains() && config.schedule == Schedule::Step,
    }
    /// Decay factor of the schedules step, exponential and plateau
    decay_factor: f64 {
        group: LearningRate,
        range: Range::above(0.0).to(1.0),
        default: |config, _| if config.schedule == Schedule::Exponential { 0.9 } else { 0.1 },
        applies: |config, _| {
            use Schedule::{Exponential, Plateau, Step};
            config.trains() && matches!(config.schedule, Step | Exponential | Plateau)
        },
    }
    /// Epochs without a lower validation loss before the plateau schedule decays the learning rate
    plateau_patience: u32 {
        group: LearningRate,
        default: |_, _| 2,
        applies: |config, _| config.trains() && config.schedule == Schedule::Plateau,
    }
    /// Fraction of the run in which the one-cycle schedule increases the learning rate
    one_cycle_rise: f64 {
        group: LearningRate,
        range: Range::above(0.0).below(1.0),
        default: |_, _| 0.3,
        applies: |config, _| config.trains() && config.schedule == Schedule::OneCycle,
    }
    /// Epochs of linear learning-rate warmup
    warmup_epochs: Option<f64> {
        group: LearningRate,
        range: Range::from(0.0),
        none: "auto",
        default: |_, _| None,
        applies: |config, _| config.trains() && config.schedule != Schedule::OneCycle,
    }
    /// Layer-wise learning-rate decay: the factor from the rate of each part to that of the part before it
    layer_decay: f64 {
        group: LearningRate,
        range: Range::above(0.0).to(1.0),
        default: |config, _| if config.strategy == Strategy::Discriminative { 0.5 } else { 1.0 },
        applies: |config, _| config.trains() && !config.trains_only_head(),
    }
    /// Weight decay; 0 for none
    weight_decay: f64 {
        group: Regularization,
        range: Range::from(0.0),
        default: |config, _| if config.optimizer == UpdateRule::AdamW { 0.01 } else { 5e-4 },
        applies: |config, _| config.trains(),
        search: SearchRange::Log { low: 1e-5, high: 1e-2 },
    }
    /// Apply weight decay also to biases and batch norm
    decay_bias_and_norm: bool {
        group: Regularization,
        default: |_, _| false,
        applies: |config, _| config.trains(),
    }
    /// L1 regularization: coefficient of the L1 penalty; 0 for none
    l1: f64 {
        group: Regularization,
        range: Range::from(0.0),
        default: |_, _| 0.0,
        applies: |config, _| config.trains(),
    }
    /// L2-SP: coefficient of the decay towards the pretrained weights (Li et al., 2018); 0 for none
    l2_sp: f64 {
        group: Regularization,
        range: Range::from(0.0),
        default: |config, _| if config.strategy == Strategy::L2Sp { 0.01 } else { 0.0 },
        applies: |config, _| config.trains() && !config.trains_only_head(),
    }
    /// Dropout probability of the features before the head
    dropout: f64 {
        group: Regularization,
        range: Range::from(0.0).below(1.0),
        default: |_, _| 0.0,
        applies: |config, _| config.trains(),
    }
    /// Label smoothing: probability mass spread evenly over all classes (Szegedy et al., 2016)
    label_smoothing: f64 {
        group: Regularization,
        range: Range::from(0.0).below(1.0),
        default: |config, context| {
            if config.trains_only_head() || context.from_scratch { 0.0 } else { 0.1 }
        },
        applies: |config, context| config.trains() && context.tasks.class + context.tasks.labels > 0,
    }
    /// MixUp: alpha of the Beta distribution that blends pairs of images (Zhang et al., 2017); 0 for none
    mixup_alpha: f64 {
        group: Regularization,
        range: Range::from(0.0).to(10.0),
        default: |_, _| 0.0,
        applies: |config, _| config.trains(),
    }
    /// CutMix: alpha of the Beta distribution for pasting a part of one image into another (Yun et al., 2019); 0 for none
    cutmix_alpha: f64 {
        group: Regularization,
        range: Range::from(0.0).to(10.0),
        default: |_, _| 0.0,
        applies: |config, _| config.trains(),
    }
    /// EMA: decay of the exponential moving average of the weights
    ema_decay: Option<f64> {
        group: Regularization,
        range: Range::above(0.0).below(1.0),
        none: "off",
        default: |_, _| None,
        applies: |config, _| config.trains(),
    }
    /// SWA: fraction of the run after which the weights of each epoch are averaged (Izmailov et al., 2018)
    swa_start: Option<f64> {
        group: Regularization,
        range: Range::from(0.0).below(1.0),
        none: "off",
        default: |_, _| None,
        applies: |config, _| config.trains(),
    }
    /// Early stopping: epochs without better validation results after which the run ends
    patience: Option<u32> {
        group: Regularization,
        range: Range::from(1.0),
        none: "off",
        // Adaptive runs are long and rely on early stopping. The patience is large because the last epochs of a cosine
        // schedule improve the most.
        default: |config, _| (config.strategy == Strategy::Adaptive).then(|| config.epochs.div_ceil(2)),
        applies: |config, _| config.trains(),
    }
    /// Focal loss: gamma, which down-weights easy images (Lin et al., 2017); 0 for cross-entropy
    focal_gamma: f64 {
        group: Loss,
        range: Range::from(0.0).to(5.0),
        default: |_, _| 0.0,
        applies: |config, context| config.trains() && context.tasks.class > 0,
    }
    /// Loss function of regression
    regression_loss: RegressionLoss {
        group: Loss,
        default: |_, _| RegressionLoss::Huber,
        applies: |config, context| config.trains() && context.tasks.number > 0,
    }
    /// Huber loss: delta, in standard deviations of the targets
    huber_delta: f64 {
        group: Loss,
        range: Range::above(0.0),
        default: |_, _| 1.0,
        applies: |config, context| {
            config.trains()
                && context.tasks.number > 0
                && config.regression_loss == RegressionLoss::Huber
        },
    }
    /// Class weights: equal, balanced (inversely proportional to the number of images), or numbers such as 1,0.5
    class_weights: ClassWeights {
        group: Loss,
        default: |_, _| ClassWeights::Equal,
        applies: |config, context| config.trains() && context.tasks.class > 0,
    }
    /// Class-balanced sampling of training images
    balanced_sampling: bool {
        group: Loss,
        default: |_, _| false,
        applies: |config, context| config.trains() && context.classes > 0,
    }
    /// Task weights: equal, learned (Kendall et al., 2018), or numbers such as 1,0.5
    task_weights: TaskWeights {
        group: Loss,
        default: |_, _| TaskWeights::Equal,
        applies: |config, context| config.trains() && context.tasks.total() > 1,
    }
    /// Augmentation preset; the options below adjust it
    augmentation: Augmentation {
        group: Augmentation,
        default: |config, _| {
            if config.trains_only_head() { Augmentation::None } else { Augmentation::Light }
        },
        applies: |config, _| config.trains(),
        search: SearchRange::Values(&["none", "light", "strong", "trivial-augment"]),
    }
    /// Probability of a horizontal flip
    horizontal_flip: f64 {
        group: Augmentation,
        range: Range::from(0.0).to(1.0),
        default: |config, _| preset(config).horizontal_flip,
        applies: |config, _| config.trains(),
    }
    /// Random crop of the training images
    crop: Crop {
        group: Augmentation,
        default: |config, _| match preset(config).crop {
            CropAugmentation::None => Crop::None,
            CropAugmentation::PadAndCrop { .. } => Crop::Pad,
            CropAugmentation::RandomResized { .. } => Crop::Resized,
        },
        applies: |config, _| config.trains(),
    }
    /// Padding before a random crop, in pixels of the input
    crop_padding: u32 {
        group: Augmentation,
        range: Range::from(0.0).to(InputSize::MAX.get() as f64),
        default: |config, _| config.size.get() / 16,
        applies: |config, _| config.trains() && config.crop == Crop::Pad,
    }
    /// Reflection padding instead of black
    crop_reflect: bool {
        group: Augmentation,
        default: |_, _| true,
        applies: |config, _| config.trains() && config.crop == Crop::Pad,
    }
    /// Random resized crop: smallest fraction of the image's area
    crop_scale_min: f64 {
        group: Augmentation,
        range: Range::above(0.0).to(1.0),
        default: |_, _| 0.35,
        applies: |config, _| config.trains() && config.crop == Crop::Resized,
    }
    /// Random resized crop: largest fraction of the image's area
    crop_scale_max: f64 {
        group: Augmentation,
        range: Range::above(0.0).to(1.0),
        default: |_, _| 1.0,
        applies: |config, _| config.trains() && config.crop == Crop::Resized,
    }
    /// Random resized crop: smallest aspect ratio, width / height
    crop_ratio_min: f64 {
        group: Augmentation,
        range: Range::above(0.0),
        default: |_, _| 3.0 / 4.0,
        applies: |config, _| config.trains() && config.crop == Crop::Resized,
    }
    /// Random resized crop: largest aspect ratio, width / height
    crop_ratio_max: f64 {
        group: Augmentation,
        range: Range::above(0.0),
        default: |_, _| 4.0 / 3.0,
        applies: |config, _| config.trains() && config.crop == Crop::Resized,
    }
    /// RandAugment: operations per image
    rand_augment_operations: u32 {
        group: Augmentation,
        range: Range::from(1.0).to(Policy::MAX_OPS as f64),
        default: |_, _| 2,
        applies: |config, _| config.trains() && config.augmentation == Augmentation::RandAugment,
    }
    /// RandAugment: magnitude of the operations
    rand_augment_magnitude: u32 {
        group: Augmentation,
        range: Range::from(0.0).to(Policy::MAX_MAGNITUDE as f64),
        default: |_, _| 9,
        applies: |config, _| config.trains() && config.augmentation == Augmentation::RandAugment,
    }
    /// Color jitter: brightness varies by up to this fraction
    brightness: f64 {
        group: Augmentation,
        range: Range::from(0.0),
        default: |config, _| preset(config).color_jitter.map_or(0.0, |jitter| jitter.brightness),
        applies: |config, _| config.trains(),
    }
    /// Color jitter: contrast varies by up to this fraction
    contrast: f64 {
        group: Augmentation,
        range: Range::from(0.0),
        default: |config, _| preset(config).color_jitter.map_or(0.0, |jitter| jitter.contrast),
        applies: |config, _| config.trains(),
    }
    /// Color jitter: saturation varies by up to this fraction
    saturation: f64 {
        group: Augmentation,
        range: Range::from(0.0),
        default: |config, _| preset(config).color_jitter.map_or(0.0, |jitter| jitter.saturation),
        applies: |config, _| config.trains(),
    }
    /// Color jitter: hue shifts by up to this fraction of the color wheel
    hue: f64 {
        group: Augmentation,
        range: Range::from(0.0).to(0.5),
        default: |config, _| preset(config).color_jitter.map_or(0.0, |jitter| jitter.hue),
        applies: |config, _| config.trains(),
    }
    /// Random erasing: probability that a rectangle is erased (Zhong et al., 2017)
    erasing_probability: f64 {
        group: Augmentation,
        range: Range::from(0.0).to(1.0),
        default: |config, _| preset(config).random_erasing.map_or(0.0, |erasing| erasing.probability),
        applies: |config, _| config.trains(),
    }
    /// Random erasing: smallest fraction of the image's area
    erasing_scale_min: f64 {
        group: Augmentation,
        range: Range::above(0.0).to(1.0),
        default: |_, _| 0.02,
        applies: |config, _| config.trains() && config.erasing_probability > 0.0,
    }
    /// Random erasing: largest fraction of the image's area
    erasing_scale_max: f64 {
        group: Augmentation,
        range: Range::above(0.0).to(1.0),
        default: |_, _| 0.25,
        applies: |config, _| config.trains() && config.erasing_probability > 0.0,
    }
    /// Random erasing: smallest aspect ratio, height / width
    erasing_ratio_min: f64 {
        group: Augmentation,
        range: Range::above(0.0),
        default: |_, _| 0.3,
        applies: |config, _| config.trains() && config.erasing_probability > 0.0,
    }
    /// Random erasing: largest aspect ratio, height / width
    erasing_ratio_max: f64 {
        group: Augmentation,
        range: Range::above(0.0),
        default: |_, _| 3.3,
        applies: |config, _| config.trains() && config.erasing_probability > 0.0,
    }
    /// Activation cache: augmented views per image whose frozen activations are cached; 0 for no cache
    cache_views: u32 {
        group: Data,
        default: |config, _| if config.trains_only_head() { 4 } else { 0 },
        applies: |config, _| config.trains(),
    }
    /// Weight of the distillation loss (Hinton et al., 2015); the loss on the labels has the rest
    distillation_weight: f64 {
        group: Distillation,
        range: Range::from(0.0).to(1.0),
        default: |_, context| if context.has_teacher { 0.9 } else { 0.0 },
        applies: |_, context| context.has_teacher,
    }
    /// Softmax temperature of distillation; higher values give more weight to the teacher's small probabilities
    temperature: f64 {
        group: Distillation,
        range: Range::above(0.0),
        default: |_, _| 4.0,
        applies: |_, context| context.has_teacher,
    }
}

/// Checks the constraints between options.
pub(super) fn check_together(config: &TrainConfig, context: &Context) -> Result<(), OptionError> {
    let fail = |key: &'static str, problem| Err(OptionError { key: key.into(), problem });
    if config.batch_size < 2 && config.normalizes_by_batch() {
        return fail("batch_size", Problem::SingleImage);
    }
    if let Some(found) = config.warmup_epochs
        && found > f64::from(config.epochs)
    {
        return fail("warmup_epochs", Problem::LongerThanRun { found, epochs: config.epochs });
    }
    if config.strategy == Strategy::FewShot && !context.tasks.only_classes() {
        return fail("strategy", Problem::NeedsClasses);
    }
    for (first, second) in [("mixup_alpha", "cutmix_alpha"), ("ema_decay", "swa_start")] {
        let is_on = |key| {
            let option = TrainOption::find(key);
            option.is_some_and(|option| (option.numbers)(config).iter().any(|number| *number > 0.0))
        };
        if is_on(first) && is_on(second) {
            return fail(second, Problem::Excludes { other: first.into() });
        }
    }
    let pairs = [
        ("crop_scale_min", config.crop_scale_min, "crop_scale_max", config.crop_scale_max),
        ("crop_ratio_min", config.crop_ratio_min, "crop_ratio_max", config.crop_ratio_max),
        (
            "erasing_scale_min",
            config.erasing_scale_min,
            "erasing_scale_max",
            config.erasing_scale_max,
        ),
        (
            "erasing_ratio_min",
            config.erasing_ratio_min,
            "erasing_ratio_max",
            config.erasing_ratio_max,
        ),
    ];
    for (key, found, max_key, max) in pairs {
        if found > max {
            return fail(key, Problem::AboveMaximum { found, max, max_key: max_key.into() });
        }
    }
    if let ClassWeights::Given(weights) = &config.class_weights {
        if context.tasks.class > 1 || context.classes == 0 {
            return fail("class_weights", Problem::SeveralClassColumns);
        }
        if !are_weights(weights, context.classes) {
            return fail("class_weights", Problem::Weights { expected: context.classes });
        }
    }
    if let TaskWeights::Given(weights) = &config.task_weights
        && !are_weights(weights, context.tasks.total())
    {
        return fail("task_weights", Problem::Weights { expected: context.tasks.total() });
    }
    Ok(())
}

fn are_weights(weights: &[f64], expected: usize) -> bool {
    weights.len() == expected
        && weights.iter().all(|weight| *weight >= 0.0 && weight.is_finite())
        && weights.iter().any(|weight| *weight > 0.0)
}

/// The augmentation of the chosen preset.
fn preset(config: &TrainConfig) -> AugmentationConfig {
    config.augmentation.preset(config.size)
}

/// 8 epochs for 5000 images, and more for fewer images, up to 30, because the number of steps matters too.
fn default_epochs(strategy: Strategy, images: usize, context: &Context) -> u32 {
    let full =
        (8.0 * (5000.0 / images.max(1) as f64).sqrt().sqrt()).round().clamp(8.0, 30.0) as u32;
    match strategy {
        _ if context.from_scratch => 60,
        Strategy::FewShot => 1,
        Strategy::Probe => 40,
        Strategy::Adaptive => (3 * full).div_ceil(2),
        _ => full,
    }
}

/// 64, or less if that would give fewer than about fifty steps per epoch; at least 32. So runs reach the best accuracy in
/// the least time on the datasets of docs/results.md.
///
/// Training the backbone with large images takes smaller batches, which need no more memory than 64 images of 128 px.
fn default_batch_size(config: &TrainConfig, context: &Context) -> u32 {
    let wanted = (config.train_images(context) as u32 / 50).next_power_of_two().clamp(32, 64);
    let most = 64 * 128 * 128 / config.size.area() as u32;
    match config.trains_only_head() {
        true => wanted,
        false => wanted.min(1 << most.ilog2()),
    }
}

/// Tuned for SGD with batches of 64. Scales with the square root of the batch size (Krizhevsky, 2014); Adam needs lower
/// rates.
fn default_learning_rate(config: &TrainConfig, context: &Context) -> f64 {
    let adam = config.optimizer != UpdateRule::Sgd;
    let rate = match config.strategy {
        _ if config.trains_only_head() => {
            if adam {
                0.01
            } else {
                0.1
            }
        }
        strategy => {
            let sgd = match strategy {
                _ if context.from_scratch => 0.1,
                Strategy::Discriminative => 0.03,
                Strategy::NormOnly | Strategy::BiasOnly => 0.1,
                _ => 0.02,
            };
            if adam { sgd / 25.0 } else { sgd }
        }
    };
    scale_by_batch(rate, config.batch_size)
}

/// Scales a learning rate for batches of 64 to another batch size.
pub(crate) fn scale_by_batch(rate: f64, batch_size: u32) -> f64 {
    rate * (f64::from(batch_size) / 64.0).sqrt()
}
