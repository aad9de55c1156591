//! The enums of options.

use serde::{Deserialize, Serialize};

use super::error::Problem;
use super::value::{Kind, OptionValue};
use crate::data::augmentation::AugmentationConfig;
use crate::data::input::InputSize;

/// Defines an enum whose variants have keys in `config.json`, on the command line, and in the texts.
macro_rules! choice {
    (
        $(#[doc = $doc:literal])+
        $name:ident {
            $($(#[doc = $help:literal])+ $variant:ident = $key:literal $(| $alias:literal)*,)+
        }
    ) => {
        $(#[doc = $doc])+
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $name {
            $($(#[doc = $help])+ #[serde(rename = $key $(, alias = $alias)*)] $variant,)+
        }

        impl $name {
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The name in `config.json`, on the command line, and in the texts.
            pub const fn key(self) -> &'static str {
                match self {
                    $(Self::$variant => $key),+
                }
            }
        }

        impl OptionValue for $name {
            const KIND: Kind = Kind::Choice(&[$($key),+]);

            fn text(&self) -> Option<String> {
                Some(self.key().to_owned())
            }

            fn parse(text: &str) -> Result<Self, Problem> {
                match text {
                    $($key $(| $alias)* => Ok(Self::$variant),)+
                    _ => Err(Problem::NotAChoice {
                        found: text.to_owned(),
                        allowed: vec![$($key.into()),+],
                    }),
                }
            }
        }

        impl Default for $name {
            /// The first variant.
            fn default() -> Self {
                Self::ALL[0]
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.key())
            }
        }
    };
}

choice! {
    /// Which parts of the pretrained network a run trains, and in which order.
    Strategy {
        /// No training: nearest class mean of the features (Mensink et al., 2013; Wang et al., 2019)
        FewShot = "few-shot",
        /// Linear probe: only the new head, on cached features
        Probe = "probe",
        /// The head and the last stages of residual blocks
        LastK = "last-k",
        /// Full fine-tuning: the whole network
        Full = "full",
        /// LP-FT: a linear probe, then the whole network (Kumar et al., 2022)
        ProbeThenFull = "probe-then-full" | "lp-ft",
        /// Gradual unfreezing: one more part at a time, from the head to the stem (Howard and Ruder, 2018)
        Gradual = "gradual",
        /// Discriminative fine-tuning: lower learning rates for earlier parts (Howard and Ruder, 2018)
        Discriminative = "discriminative",
        /// The head, and the scale and shift of every batch norm (Frankle et al., 2020)
        NormOnly = "norm-only",
        /// BitFit: the head, and every bias (Ben Zaken et al., 2021)
        BiasOnly = "bias-only",
        /// L2-SP: the whole network, decaying towards its pretrained weights (Li et al., 2018)
        L2Sp = "l2-sp",
        /// Surgical fine-tuning: a linear probe, then learning rates by relative gradient norm (Lee et al., 2023)
        Surgical = "surgical",
        /// The whole network; after some epochs, parts with small relative gradients are slowed down or frozen
        Adaptive = "adaptive",
    }
}

choice! {
    /// The optimizer's update rule.
    UpdateRule {
        /// Stochastic gradient descent with momentum; weight decay is added to the gradient
        Sgd = "sgd",
        /// Adam (Kingma and Ba, 2014); weight decay is added to the gradient
        Adam = "adam",
        /// Adam with decoupled weight decay (Loshchilov and Hutter, 2017)
        AdamW = "adamw",
    }
}

choice! {
    /// The learning-rate schedule.
    Schedule {
        /// Cosine annealing from the peak to zero (Loshchilov and Hutter, 2016)
        Cosine = "cosine",
        /// One-cycle policy: up from a 25th of the peak, then down to nearly zero (Smith, 2018)
        OneCycle = "one-cycle",
        /// Multiplied by the decay factor when the validation loss stops falling
        Plateau = "plateau",
        /// Multiplied by the decay factor every few epochs
        Step = "step",
        /// Multiplied by the decay factor every epoch
        Exponential = "exponential",
        /// Constant at the peak
        Constant = "constant",
    }
}

choice! {
    /// The initialization of the new head.
    HeadInit {
        /// Weights from N(0, 0.01²) and zero bias, for nearly uniform initial probabilities
        Normal = "normal",
        /// PyTorch's default for a linear layer: uniform in ±1/√features
        KaimingUniform = "kaiming",
    }
}

choice! {
    /// The loss of regression, on standardized targets.
    RegressionLoss {
        /// Huber loss: quadratic up to delta, linear beyond, which reduces the effect of outliers (Huber, 1964)
        Huber = "huber",
        /// Mean squared error
        Mse = "mse",
    }
}

choice! {
    /// How images are made square.
    Fit {
        /// Resizes the shorter side and crops the center
        Crop = "crop" | "center_crop",
        /// Resizes both sides, which changes the aspect ratio
        Squash = "squash",
    }
}

choice! {
    /// The augmentation preset.
    Augmentation {
        /// No augmentation
        None = "none",
        /// Horizontal flips and small shifts
        Light = "light",
        /// Random resized crops, flips, color jitter and random erasing
        Strong = "strong",
        /// TrivialAugment: light, plus one random operation of random magnitude (Müller and Hutter, 2021)
        TrivialAugment = "trivial-augment",
        /// RandAugment: light, plus two random operations of fixed magnitude (Cubuk et al., 2019)
        RandAugment = "rand-augment",
    }
}

choice! {
    /// The random crop of the training images.
    Crop {
        /// No random crop
        None = "none",
        /// Pads all sides, then crops to the input size at a random position
        Pad = "pad",
        /// Random resized crop: a crop of random area and aspect ratio, resized to the input size
        Resized = "resized",
    }
}

impl Augmentation {
    /// The parameters of the preset for an input size.
    pub fn preset(self, size: InputSize) -> AugmentationConfig {
        match self {
            Self::None => AugmentationConfig::none(),
            Self::Light => AugmentationConfig::light(size),
            Self::Strong => AugmentationConfig::strong(),
            Self::TrivialAugment => AugmentationConfig::trivial_augment(size),
            Self::RandAugment => AugmentationConfig::rand_augment(size),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_variant_is_parsed_from_its_key_and_its_aliases() {
        for strategy in Strategy::ALL {
            assert_eq!(Strategy::parse(strategy.key()), Ok(*strategy));
            let json = serde_json::to_string(strategy).unwrap();
            assert_eq!(json, format!("{:?}", strategy.key()));
        }
        assert_eq!(Strategy::parse("lp-ft"), Ok(Strategy::ProbeThenFull));
        let error = Schedule::parse("fast").unwrap_err().to_string();
        assert!(error.contains("cosine, one-cycle"), "{error}");
    }
}
