//! Every number among the choices: where it is, what it is called, and whether it is right.

use std::str::FromStr;

use crate::plot::format::{parse_decimal, sentence};
use crate::train::form::Task;
use tunelab_core::data::augmentation::CropAugmentation;
use tunelab_core::data::augmentation::Mix;
use tunelab_core::data::input::CropFraction;
use tunelab_core::protocol::TrainRequest;
use tunelab_core::train::config::{Averaging, Caching, TaskWeights, Warmup};
use tunelab_core::train::loss_kind::{ClassLoss, NumberLoss};
use tunelab_core::train::schedule::Schedule;

/// A number among the choices, in the order in which they are judged: one that limits another comes
/// before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Number {
    PerClass,
    ValidationShare,
    Epochs,
    BatchSize,
    Accumulation,
    LearningRate,
    Momentum,
    WeightDecay,
    StepEpochs,
    StepFactor,
    ExponentialFactor,
    Rise,
    PlateauFactor,
    PlateauPatience,
    Warmup,
    LayerDecay,
    LabelSmoothing,
    ClipNorm,
    L1,
    Pull,
    Dropout,
    MixAlpha,
    Decay,
    AverageStart,
    Patience,
    Gamma,
    Delta,
    TaskWeights,
    Views,
    Seed,
    CropFraction,
    Flip,
    Padding,
    ResizedLowest,
    ResizedHighest,
    RatioLowest,
    RatioHighest,
    Brightness,
    Contrast,
    Saturation,
    Hue,
    ErasingProbability,
    ErasingLowest,
    ErasingHighest,
    ErasingRatioLowest,
    ErasingRatioHighest,
}

/// What is written for no limit.
const ALL: &str = "all";

/// Where a number is in a request.
enum Place<'a> {
    Decimal(&'a mut f64),
    Count(&'a mut usize),
    Count32(&'a mut u32),
    Count64(&'a mut u64),
    /// None is [`ALL`].
    Limit(&'a mut Option<usize>),
    Crop(&'a mut CropFraction),
    /// One a column.
    Weights(&'a mut Vec<f64>),
}

impl Number {
    /// The number in a request as text; `None` where it plays no part in it.
    pub fn read(self, request: &TrainRequest) -> Option<String> {
        Some(match self.place(&mut request.clone())? {
            Place::Decimal(value) => plain(*value),
            Place::Count(value) => value.to_string(),
            Place::Count32(value) => value.to_string(),
            Place::Count64(value) => value.to_string(),
            Place::Limit(value) => value.map_or(ALL.into(), |value| value.to_string()),
            Place::Crop(value) => plain(value.get()),
            Place::Weights(values) => {
                values.iter().map(|value| plain(*value)).collect::<Vec<_>>().join(", ")
            }
        })
    }

    /// Puts a number as written into a request; nothing where it plays no part in it.
    ///
    /// # Errors
    /// It is no number, or the engine does not take it; in words, for the place it was written.
    pub fn write(self, text: &str, request: &mut TrainRequest, task: &Task) -> Result<(), String> {
        if self.place(request).is_none() {
            return Ok(());
        }
        self.put(text, request)?;
        let share = request.validation_share;
        if self == Self::ValidationShare && !(0.01..=0.9).contains(&share) {
            return Err("The validation share must be from 0.01 to 0.9.".into());
        }
        let config = &request.config;
        config.validate(&task.tasks()).map_err(|error| sentence(&error.to_string()))?;
        config
            .augmentation
            .validate()
            .and_then(|()| config.mix.validate())
            .map_err(|error| sentence(&error.to_string()))
    }

    /// Puts a number as written into a request without judging it.
    ///
    /// # Errors
    /// It is no number; in words.
    pub fn put(self, text: &str, request: &mut TrainRequest) -> Result<(), String> {
        let text = text.trim();
        let config = &mut request.config;
        match self {
            // What is recommended for the rest follows these two.
            Self::Epochs => return whole(text).map(|epochs| config.set_epochs(epochs)),
            Self::BatchSize => return whole(text).map(|images| config.set_batch_size(images)),
            _ => {}
        }
        let Some(place) = self.place(request) else { return Ok(()) };
        match place {
            Place::Decimal(value) => *value = decimal(text)?,
            Place::Count(value) => *value = whole(text)?,
            Place::Count32(value) => *value = whole(text)?,
            Place::Count64(value) => *value = whole(text)?,
            Place::Limit(value) => *value = limit(text)?,
            Place::Crop(value) => {
                *value = CropFraction::new(decimal(text)?)
                    .map_err(|_| "The crop fraction must be from 0.01 to 1.".to_string())?;
            }
            Place::Weights(values) => {
                *values = text.split(',').map(decimal).collect::<Result<_, _>>()?;
            }
        }
        Ok(())
    }

    /// The number that this one may not be above.
    pub fn upper_end(self) -> Option<Self> {
        match self {
            Self::ResizedLowest => Some(Self::ResizedHighest),
            Self::RatioLowest => Some(Self::RatioHighest),
            Self::ErasingLowest => Some(Self::ErasingHighest),
            Self::ErasingRatioLowest => Some(Self::ErasingRatioHighest),
            _ => None,
        }
    }

    fn place(self, request: &mut TrainRequest) -> Option<Place<'_>> {
        let TrainRequest { config, crop_fraction, validation_share, per_class, .. } = request;
        let augmentation = &mut config.augmentation;
        let jitter = augmentation.color_jitter.as_mut();
        let erasing = augmentation.random_erasing.as_mut();
        let decimal = match self {
            Self::PerClass => return Some(Place::Limit(per_class)),
            Self::Epochs => return Some(Place::Count32(&mut config.epochs)),
            Self::BatchSize => return Some(Place::Count(&mut config.batch_size)),
            Self::Accumulation => return Some(Place::Count(&mut config.accumulation)),
            Self::Seed => return Some(Place::Count64(&mut config.seed)),
            Self::CropFraction => return Some(Place::Crop(crop_fraction)),
            Self::StepEpochs => {
                return match &mut config.schedule {
                    Schedule::Step { epochs, .. } => Some(Place::Count32(epochs)),
                    _ => None,
                };
            }
            Self::PlateauPatience => {
                return match &mut config.schedule {
                    Schedule::Plateau { patience, .. } => Some(Place::Count32(patience)),
                    _ => None,
                };
            }
            Self::Patience => return config.patience.as_mut().map(Place::Count32),
            Self::TaskWeights => {
                return match &mut config.task_weights {
                    TaskWeights::Given(weights) => Some(Place::Weights(weights)),
                    TaskWeights::Equal | TaskWeights::Learned => None,
                };
            }
            Self::Views => {
                return match &mut config.caching {
                    Caching::Views(views) => Some(Place::Count32(views)),
                    Caching::Off => None,
                };
            }
            Self::Padding => {
                return match &mut augmentation.crop {
                    CropAugmentation::PadAndCrop { padding, .. } => Some(Place::Count32(padding)),
                    _ => None,
                };
            }
            Self::ValidationShare => Some(validation_share),
            Self::LearningRate => Some(&mut config.learning_rate),
            Self::Momentum => super::momentum(&mut config.optimizer.rule),
            Self::WeightDecay => Some(&mut config.optimizer.weight_decay),
            Self::StepFactor => match &mut config.schedule {
                Schedule::Step { factor, .. } => Some(factor),
                _ => None,
            },
            Self::ExponentialFactor => match &mut config.schedule {
                Schedule::Exponential { factor } => Some(factor),
                _ => None,
            },
            Self::Rise => match &mut config.schedule {
                Schedule::OneCycle { rise } => Some(rise),
                _ => None,
            },
            Self::PlateauFactor => match &mut config.schedule {
                Schedule::Plateau { factor, .. } => Some(factor),
                _ => None,
            },
            Self::LayerDecay => Some(&mut config.layer_decay),
            Self::L1 => Some(&mut config.optimizer.l1),
            Self::Pull => Some(&mut config.optimizer.pull),
            Self::Dropout => Some(&mut config.dropout),
            Self::MixAlpha => match &mut config.mix {
                Mix::MixUp { alpha } | Mix::CutMix { alpha } => Some(alpha),
                Mix::None => None,
            },
            Self::Decay => match &mut config.averaging {
                Averaging::Exponential { decay } => Some(decay),
                _ => None,
            },
            Self::AverageStart => match &mut config.averaging {
                Averaging::Stochastic { start } => Some(start),
                _ => None,
            },
            Self::Gamma => match &mut config.class_loss {
                ClassLoss::Focal { gamma } => Some(gamma),
                ClassLoss::CrossEntropy => None,
            },
            Self::Delta => match &mut config.number_loss {
                NumberLoss::Huber { delta } => Some(delta),
                NumberLoss::MeanSquared => None,
            },
            // One-cycle has a warmup of its own.
            Self::Warmup => match config.schedule {
                Schedule::OneCycle { .. } => None,
                _ => Some(warmup_epochs(&mut config.warmup, config.epochs)),
            },
            Self::LabelSmoothing => Some(&mut config.label_smoothing),
            Self::ClipNorm => config.clip_norm.as_mut(),
            Self::Flip => Some(&mut augmentation.horizontal_flip),
            Self::ResizedLowest => resized(&mut augmentation.crop).map(|(scale, _)| &mut scale.0),
            Self::ResizedHighest => resized(&mut augmentation.crop).map(|(scale, _)| &mut scale.1),
            Self::RatioLowest => resized(&mut augmentation.crop).map(|(_, ratio)| &mut ratio.0),
            Self::RatioHighest => resized(&mut augmentation.crop).map(|(_, ratio)| &mut ratio.1),
            Self::Brightness => jitter.map(|jitter| &mut jitter.brightness),
            Self::Contrast => jitter.map(|jitter| &mut jitter.contrast),
            Self::Saturation => jitter.map(|jitter| &mut jitter.saturation),
            Self::Hue => jitter.map(|jitter| &mut jitter.hue),
            Self::ErasingProbability => erasing.map(|erasing| &mut erasing.probability),
            Self::ErasingLowest => erasing.map(|erasing| &mut erasing.scale.0),
            Self::ErasingHighest => erasing.map(|erasing| &mut erasing.scale.1),
            Self::ErasingRatioLowest => erasing.map(|erasing| &mut erasing.ratio.0),
            Self::ErasingRatioHighest => erasing.map(|erasing| &mut erasing.ratio.1),
        };
        decimal.map(Place::Decimal)
    }
}

/// The epochs of warmup; an automatic one becomes as many as it is in most runs.
fn warmup_epochs(warmup: &mut Warmup, epochs: u32) -> &mut f64 {
    if *warmup == Warmup::Auto {
        *warmup = Warmup::Epochs((f64::from(epochs) / 3.0).min(1.0));
    }
    match warmup {
        Warmup::Epochs(epochs) => epochs,
        Warmup::Auto => unreachable!("it was just changed"),
    }
}

type Range = (f64, f64);

fn resized(crop: &mut CropAugmentation) -> Option<(&mut Range, &mut Range)> {
    match crop {
        CropAugmentation::RandomResized { scale, ratio } => Some((scale, ratio)),
        _ => None,
    }
}

/// Without the noise of computing it.
fn plain(value: f64) -> String {
    if value == 0.0 || (1e-6..1e6).contains(&value.abs()) {
        let text = format!("{value:.7}");
        text.trim_end_matches('0').trim_end_matches('.').to_string()
    } else {
        format!("{value:e}")
    }
}

fn decimal(text: &str) -> Result<f64, String> {
    parse_decimal(text).ok_or_else(|| "Write a number, such as 0.5.".into())
}

fn whole<T: FromStr>(text: &str) -> Result<T, String> {
    T::from_str(text).map_err(|_| "Write a whole number, such as 8.".into())
}

fn limit(text: &str) -> Result<Option<usize>, String> {
    match text.parse() {
        _ if text.eq_ignore_ascii_case(ALL) => Ok(None),
        Ok(0) | Err(_) => Err("Write a whole number above 0, such as 50, or “all”.".into()),
        Ok(count) => Ok(Some(count)),
    }
}
