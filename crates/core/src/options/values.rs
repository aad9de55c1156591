//! The choices among a few values.

use serde::{Deserialize, Serialize};

use super::error::Problem;
use super::value::{Kind, OptionValue};

/// Defines an enum whose variants have keys: in `config.json`, on the command line, and in the texts.
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

            /// Its name in `config.json`, on the command line, and in the texts.
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
            /// The first.
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
        /// No training: each class is the mean of its images' features, an answer at once (Mensink et al., 2013)
        FewShot = "few-shot",
        /// Linear probe: only the new head, on features computed once
        Probe = "probe",
        /// The head and the last stages of residual blocks
        LastK = "last-k",
        /// Full fine-tuning: the whole network
        Full = "full",
        /// LP-FT: the head first, then the whole network (Kumar et al., 2022)
        ProbeThenFull = "probe-then-full" | "lp-ft",
        /// Gradual unfreezing: one more part at a time, from the head to the input (Howard and Ruder, 2018)
        Gradual = "gradual",
        /// The whole network, with a lower learning rate the closer a part is to the input
        Discriminative = "discriminative",
        /// The head, and the scale and shift of every batch norm (Frankle et al., 2020)
        NormOnly = "norm-only",
        /// BitFit: the head, and every bias (Ben Zaken et al., 2021)
        BiasOnly = "bias-only",
        /// The whole network, held near its pretrained weights (Li et al., 2018)
        L2Sp = "l2-sp",
        /// Surgical fine-tuning: the head first, then each part at a rate from its gradients (Lee et al., 2023)
        Surgical = "surgical",
        /// The whole network; parts whose gradients are small are slowed down or frozen after some epochs
        Adaptive = "adaptive",
    }
}

choice! {
    /// The rule that turns gradients into updates.
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
    /// How the learning rate moves over a run, between its peak and (nearly) zero.
    Schedule {
        /// Half a cosine from the peak to zero (Loshchilov and Hutter, 2016)
        Cosine = "cosine",
        /// One-cycle policy: up from a 25th of the peak, then down to nearly zero (Smith, 2018)
        OneCycle = "one-cycle",
        /// Multiplied by the decay factor when the validation loss stops falling
        Plateau = "plateau",
        /// Multiplied by the decay factor every few epochs
        Step = "step",
        /// Multiplied by the decay factor every epoch
        Exponential = "exponential",
        /// The peak throughout
        Constant = "constant",
    }
}

choice! {
    /// How the weights of a new head are drawn.
    HeadInit {
        /// Weights from N(0, 0.01²) and zero bias, so that every class is about as likely at the start
        Normal = "normal",
        /// PyTorch's default for a linear layer: uniform in ±1/√features
        KaimingUniform = "kaiming",
    }
}

choice! {
    /// The loss of numbers (regression), in standard deviations of the training images' numbers.
    RegressionLoss {
        /// Squared up to delta, linear beyond it, so that outliers count less (Huber, 1964)
        Huber = "huber",
        /// Mean squared error
        Mse = "mse",
    }
}

choice! {
    /// How an image that is not square becomes one.
    Fit {
        /// The shorter side is resized, the center of the longer side is kept
        Crop = "crop" | "center_crop",
        /// Both sides are resized to the square, whatever the aspect ratio
        Squash = "squash",
    }
}

choice! {
    /// Random changes of the training images.
    Augmentation {
        /// No augmentation
        None = "none",
        /// Horizontal flips and small shifts
        Light = "light",
        /// Random resized crops, flips, color jitter and random erasing
        Strong = "strong",
        /// TrivialAugment: light, plus one random operation of any strength (Müller and Hutter, 2021)
        TrivialAugment = "trivial-augment",
        /// RandAugment: light, plus two random operations of medium strength (Cubuk et al., 2019)
        RandAugment = "rand-augment",
    }
}

choice! {
    /// How training images are cropped at random.
    Crop {
        /// No random crop
        None = "none",
        /// Padded on all sides, then cut back to size at a random place
        Pad = "pad",
        /// A random part of the image, resized to the input
        Resized = "resized",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_choice_is_found_by_its_key_and_its_aliases() {
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
