//! The configuration as the engine's types.

use super::choices::Choices;
use super::context::Context;
use super::spec::Group;
use super::table::{OPTIONS, TrainConfig, scale_by_batch};
use super::values::{Augmentation, Crop, Strategy, UpdateRule};
use crate::data::augmentation::{
    AugmentationConfig, ColorJitter, CropAugmentation, Mix, Policy, RandomErasing,
};
use crate::data::input::InputSize;
use crate::model::part::Part;
use crate::model::trainable::{NormMode, ParameterKind, Trainable};
use crate::train::distillation::Distillation;
use crate::train::loss::LossConfig;
use crate::train::optimizer::{Averaging, OptimizerConfig};
use crate::train::schedule::ScheduleConfig;

impl TrainConfig {
    /// The defaults of a strategy for a classification with `images` training images and separate validation images.
    pub fn recommended(strategy: Strategy, size: InputSize, images: usize) -> Self {
        let choices = Choices::default().with("strategy", strategy).with("size", size.get());
        let context = Context { images, has_validation: true, ..Context::default() };
        choices.resolve(&context).config
    }

    /// The defaults without a dataset.
    pub fn default_config() -> Self {
        Choices::default().resolve(&Context::default()).config
    }

    /// Sets the augmentation preset, with all its parameters.
    pub fn set_augmentation(&mut self, preset: Augmentation) {
        self.augmentation = preset;
        let parameters = OPTIONS.iter().filter(|option| option.group == Group::Augmentation);
        for option in parameters.filter(|option| option.key != "augmentation") {
            (option.set_default)(self, &Context::default());
        }
    }

    /// Training images, without those split off for validation ([`Context::train_images`]).
    pub fn train_images(&self, context: &Context) -> usize {
        context.train_images(self.validation_share, self.per_class)
    }

    /// Whether the strategy trains.
    pub fn trains(&self) -> bool {
        self.strategy != Strategy::FewShot
    }

    /// Whether the whole backbone stays frozen.
    pub fn trains_only_head(&self) -> bool {
        matches!(self.strategy, Strategy::FewShot | Strategy::Probe)
    }

    /// The trainable parameters in the last segment of the run.
    pub fn trainable(&self) -> Trainable {
        match self.strategy {
            Strategy::FewShot | Strategy::Probe => Trainable::from(Part::Head),
            Strategy::LastK => Trainable::from(Part::STAGES[4 - self.last_k.clamp(1, 4) as usize]),
            Strategy::NormOnly => Trainable::only(ParameterKind::Norms),
            Strategy::BiasOnly => Trainable::only(ParameterKind::Biases),
            Strategy::Full
            | Strategy::ProbeThenFull
            | Strategy::Gradual
            | Strategy::Discriminative
            | Strategy::L2Sp
            | Strategy::Surgical
            | Strategy::Adaptive => Trainable::from(Part::Stem),
        }
    }

    /// Epochs that train only the head, before [`TrainConfig::epochs`].
    pub fn head_epochs(&self) -> u32 {
        match self.strategy {
            Strategy::ProbeThenFull | Strategy::Surgical => self.probe_epochs,
            _ => 0,
        }
    }

    /// Whether batch norm in the trained parts uses batch statistics.
    pub fn normalizes_by_batch(&self) -> bool {
        !self.freeze_norm && self.trainable().first() < Part::Head
    }

    /// The batch norm mode of the trained parts.
    pub fn norm_mode(&self) -> NormMode {
        if self.freeze_norm { NormMode::Frozen } else { NormMode::BatchStatistics }
    }

    pub fn optimizer_config(&self) -> OptimizerConfig {
        OptimizerConfig {
            rule: self.optimizer,
            momentum: self.momentum,
            nesterov: self.nesterov,
            weight_decay: self.weight_decay,
            decay_bias_and_norm: self.decay_bias_and_norm,
            l1: self.l1,
            l2_sp: self.l2_sp,
        }
    }

    /// The optimizer of the probe epochs, and its peak learning rate.
    pub fn head_optimizer(&self) -> (OptimizerConfig, f64) {
        let optimizer = OptimizerConfig {
            rule: UpdateRule::AdamW,
            weight_decay: 0.01,
            ..OptimizerConfig::default()
        };
        (optimizer, scale_by_batch(0.01, self.batch_size))
    }

    pub fn schedule_config(&self) -> ScheduleConfig {
        ScheduleConfig {
            schedule: self.schedule,
            step_epochs: self.step_epochs,
            decay_factor: self.decay_factor,
            plateau_patience: self.plateau_patience,
            one_cycle_rise: self.one_cycle_rise,
        }
    }

    /// Warmup steps. By default one epoch, at least 20 steps, and at most a third of the run.
    pub fn warmup_steps(&self, steps_per_epoch: u64) -> u64 {
        match self.warmup_epochs {
            None => {
                let total = steps_per_epoch * u64::from(self.epochs);
                steps_per_epoch.max(20).min(total / 3)
            }
            Some(epochs) => (epochs * steps_per_epoch as f64).round() as u64,
        }
    }

    pub fn averaging(&self) -> Averaging {
        match (self.ema_decay, self.swa_start) {
            (Some(decay), _) => Averaging::Exponential { decay },
            (None, Some(start)) => Averaging::Stochastic { start },
            (None, None) => Averaging::None,
        }
    }

    pub fn mix(&self) -> Mix {
        match (self.mixup_alpha, self.cutmix_alpha) {
            (alpha, _) if alpha > 0.0 => Mix::MixUp { alpha },
            (_, alpha) if alpha > 0.0 => Mix::CutMix { alpha },
            _ => Mix::None,
        }
    }

    pub fn loss_config(&self) -> LossConfig {
        LossConfig {
            focal_gamma: self.focal_gamma,
            regression_loss: self.regression_loss,
            huber_delta: self.huber_delta,
        }
    }

    pub fn distillation(&self) -> Option<Distillation> {
        (self.distillation_weight > 0.0).then_some(Distillation {
            temperature: self.temperature,
            weight: self.distillation_weight,
        })
    }

    pub fn augmentation_config(&self) -> AugmentationConfig {
        let crop = match self.crop {
            Crop::None => CropAugmentation::None,
            Crop::Pad => CropAugmentation::PadAndCrop {
                padding: self.crop_padding,
                reflect: self.crop_reflect,
            },
            Crop::Resized => CropAugmentation::RandomResized {
                scale: (self.crop_scale_min, self.crop_scale_max),
                ratio: (self.crop_ratio_min, self.crop_ratio_max),
            },
        };
        let policy = match self.augmentation {
            Augmentation::TrivialAugment => Some(Policy::TrivialAugmentWide),
            Augmentation::RandAugment => Some(Policy::RandAugment {
                ops: self.rand_augment_operations as u8,
                magnitude: self.rand_augment_magnitude as u8,
            }),
            Augmentation::None | Augmentation::Light | Augmentation::Strong => None,
        };
        let jitter = ColorJitter {
            brightness: self.brightness,
            contrast: self.contrast,
            saturation: self.saturation,
            hue: self.hue,
        };
        let jitters = [jitter.brightness, jitter.contrast, jitter.saturation, jitter.hue];
        let erasing = RandomErasing {
            probability: self.erasing_probability,
            scale: (self.erasing_scale_min, self.erasing_scale_max),
            ratio: (self.erasing_ratio_min, self.erasing_ratio_max),
        };
        AugmentationConfig {
            horizontal_flip: self.horizontal_flip,
            crop,
            policy,
            color_jitter: jitters.iter().any(|strength| *strength > 0.0).then_some(jitter),
            random_erasing: (erasing.probability > 0.0).then_some(erasing),
        }
    }
}
