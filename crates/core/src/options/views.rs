//! What follows from the configuration for the images and the network. `train/views.rs` has the rest.

use super::choices::Choices;
use super::context::Context;
use super::spec::Group;
use super::table::{OPTIONS, TrainConfig};
use super::values::{Augmentation, Crop, Strategy};
use crate::data::augmentation::{
    AugmentationConfig, ColorJitter, CropAugmentation, Mix, Policy, RandomErasing,
};
use crate::data::input::InputSize;
use crate::model::part::Part;
use crate::model::trainable::{NormMode, ParameterKind, Trainable};

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

    pub fn mix(&self) -> Mix {
        match (self.mixup_alpha, self.cutmix_alpha) {
            (alpha, _) if alpha > 0.0 => Mix::MixUp { alpha },
            (_, alpha) if alpha > 0.0 => Mix::CutMix { alpha },
            _ => Mix::None,
        }
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
