//! The choices of step 3: the recommendation, and what the user made of it.

pub mod kinds;
pub mod number;
mod number_text;

use std::collections::{BTreeMap, BTreeSet};

use kinds::{
    AugmentKind, AveragingKind, CropKind, MixKind, OptimizerKind, ScheduleKind, TaskWeightsKind,
};
use number::Number;

use tunelab_core::data::augmentation::{Augmentation, CropAugmentation};
use tunelab_core::data::input::{CropFraction, Fit, InputSize};
use tunelab_core::model::choices::HeadInit;
use tunelab_core::protocol::{Collection, ColumnKinds, TrainRequest};
use tunelab_core::train::class_weights::ClassWeights;
use tunelab_core::train::config::TrainConfig;
use tunelab_core::train::config::{Caching, Sampling};
use tunelab_core::train::loss_kind::{ClassLoss, NumberLoss};
use tunelab_core::train::recipe::Recipe;
use tunelab_core::train::strategy::StageCount;
use tunelab_core::train::update_rule::UpdateRule;
use tunelab_engine::data;

/// The sizes of the network's input that are offered.
pub const IMAGE_SIZES: [u32; 6] = [32, 64, 96, 128, 160, 224];

/// How much of the network is retrained.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Retrain {
    /// What suits the pictures and the device.
    #[default]
    Automatic,
    LastLayer,
    LastPart,
    Everything,
}

/// What the choices are made for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Task {
    /// Without those of a validation part.
    pub pictures: usize,
    /// Classes of the first thing that is predicted; 0 where it has none.
    pub classes: usize,
    /// What is predicted.
    pub columns: ColumnKinds,
    /// Pictures of the validation part; 0 where there is none.
    pub validation: usize,
    /// What [`Retrain::Automatic`] does.
    pub advised: Advice,
}

/// What is best for the pictures and the device.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Advice(pub Recipe);

impl Default for Advice {
    fn default() -> Self {
        Self(Recipe::Full)
    }
}

impl Task {
    /// What the engine is asked to predict, as far as it matters for judging choices: of which kinds.
    pub fn tasks(&self) -> Vec<data::task::Task> {
        let names = || vec![String::new(); self.classes];
        let ColumnKinds { classes, labels, numbers } = self.columns;
        let mut tasks = vec![data::task::Task::only(names()); classes];
        tasks.resize_with(classes + labels, || data::task::Task::labels("", names()));
        tasks.resize_with(classes + labels + numbers, || data::task::Task::number(""));
        tasks
    }

    /// Whether pictures are sorted into classes, and nothing else is predicted.
    pub fn only_sorts(&self) -> bool {
        self.columns == ColumnKinds::default()
    }

    /// Whether the pictures bring a validation part.
    pub fn has_validation(&self) -> bool {
        self.validation > 0
    }
}

impl From<&Collection> for Task {
    fn from(collection: &Collection) -> Self {
        let table = collection.table.as_ref();
        Self {
            pictures: collection.pictures(),
            classes: table.map_or(collection.classes.len(), |table| table.classes),
            columns: table.map(|table| table.columns).unwrap_or_default(),
            validation: table.map_or_else(
                || collection.classes.iter().map(|class| class.validation).sum(),
                |table| table.validation,
            ),
            advised: Advice::default(),
        }
    }
}

/// What the user chose. What is `None`, or missing, follows the recommendation, also when that changes.
#[derive(Debug, Clone, PartialEq)]
pub struct Form {
    pub retrain: Retrain,
    /// A way that is not among those in plain sight, in place of `retrain`.
    pub recipe: Option<Recipe>,
    /// Stages of the last part, 1 to 4.
    pub stages: u8,
    /// One of [`IMAGE_SIZES`].
    pub size: u32,
    pub optimizer: Option<OptimizerKind>,
    pub decay_bias_and_norm: Option<bool>,
    pub schedule: Option<ScheduleKind>,
    pub balanced_classes: Option<bool>,
    pub clip: Option<bool>,
    pub freeze_norm: Option<bool>,
    pub augmentation: Option<AugmentKind>,
    /// Of a custom augmentation.
    pub crop: Option<CropKind>,
    pub crop_mirrors: Option<bool>,
    pub jitter: Option<bool>,
    pub erasing: Option<bool>,
    pub head_init: Option<HeadInit>,
    pub mix: Option<MixKind>,
    pub averaging: Option<AveragingKind>,
    /// Whether the run ends when it no longer gets better.
    pub stops_early: Option<bool>,
    pub focal: Option<bool>,
    /// Whether a number's error is squared, however large.
    pub squares: Option<bool>,
    /// How much each of several columns counts.
    pub task_weights: Option<TaskWeightsKind>,
    pub balanced_sampling: Option<bool>,
    pub caches: Option<bool>,
    pub fit: Option<Fit>,
    /// As written, so that a number can be wrong while it is being written.
    pub numbers: BTreeMap<Number, String>,
}

impl Default for Form {
    fn default() -> Self {
        Self {
            retrain: Retrain::default(),
            recipe: None,
            stages: 1,
            size: InputSize::default().get(),
            optimizer: None,
            decay_bias_and_norm: None,
            schedule: None,
            balanced_classes: None,
            clip: None,
            freeze_norm: None,
            augmentation: None,
            crop: None,
            crop_mirrors: None,
            jitter: None,
            erasing: None,
            head_init: None,
            mix: None,
            averaging: None,
            stops_early: None,
            focal: None,
            squares: None,
            task_weights: None,
            balanced_sampling: None,
            caches: None,
            fit: None,
            numbers: BTreeMap::new(),
        }
    }
}

/// A form filled in: what would be run, and what is wrong with it.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    pub recipe: Recipe,
    /// Wrong numbers are replaced by the recommended ones.
    pub request: TrainRequest,
    pub errors: BTreeMap<Number, String>,
    /// Training images, the validation part taken off.
    pub train_examples: usize,
    pub validation_examples: usize,
}

/// Share of the pictures kept for validation where they bring no validation part.
const VALIDATION_SHARE: f64 = 0.2;

impl Form {
    fn recipe(&self, task: &Task) -> Recipe {
        let of_retrain = match self.retrain {
            Retrain::Automatic => task.advised.0,
            Retrain::LastLayer => Recipe::Probe,
            Retrain::Everything => Recipe::Full,
            Retrain::LastPart => match StageCount::try_from(self.stages) {
                Ok(stages) => Recipe::LastK { stages },
                Err(_) => Recipe::Full,
            },
        };
        // Means of classes are not there where anything else is predicted.
        let possible = |recipe: &Recipe| *recipe != Recipe::FewShot || task.only_sorts();
        self.recipe.filter(possible).unwrap_or(of_retrain)
    }

    /// The pictures of each class that are used at most, where that is a number.
    pub fn per_class(&self) -> Option<usize> {
        self.numbers.get(&Number::PerClass)?.trim().parse().ok().filter(|count| *count > 0)
    }

    /// Back to the recommendation; how much to retrain and the image size stay.
    pub fn reset(&mut self) {
        *self =
            Self { retrain: self.retrain, stages: self.stages, size: self.size, ..Self::default() };
    }

    /// Whether anything differs from the recommendation.
    pub fn is_touched(&self) -> bool {
        let mut untouched = self.clone();
        untouched.reset();
        *self != untouched
    }

    /// The form filled in for a task.
    pub fn draft(&self, task: &Task) -> Draft {
        let share = if task.has_validation() { 0.0 } else { VALIDATION_SHARE };
        let per_class = self.per_class();
        // What is not sorted is limited as one class.
        let most = per_class.map_or(usize::MAX, |count| count.saturating_mul(task.classes.max(1)));
        let all = |share: f64| task.pictures - (task.pictures as f64 * share).round() as usize;
        let examples = |share: f64| all(share).min(most);
        let size = InputSize::new(self.size).unwrap_or_default();
        let recipe = self.recipe(task);
        let config = TrainConfig::recommended(recipe, size, examples(share));
        let mut request = TrainRequest {
            config,
            size,
            fit: self.fit.unwrap_or_default(),
            crop_fraction: CropFraction::default(),
            validation_share: VALIDATION_SHARE,
            per_class,
        };
        // A kind's usual numbers follow these; whether they are right is told below.
        for number in [Number::Epochs, Number::BatchSize] {
            let _ = self.write(number, &mut request, task);
        }
        self.choose_kinds(&mut request, task);
        let mut errors = BTreeMap::new();
        // In the order of `Number`: a number is judged by those before it.
        for &number in self.numbers.keys() {
            if let Err(error) = self.write(number, &mut request, task) {
                errors.insert(number, error);
            }
        }
        let share = if task.has_validation() { 0.0 } else { request.validation_share };
        let train_examples = examples(share);
        let validation_examples = (task.validation + task.pictures - all(share)).min(most);
        Draft { recipe, request, errors, train_examples, validation_examples }
    }

    /// Puts a number into a request where it was written and is right.
    fn write(&self, number: Number, request: &mut TrainRequest, task: &Task) -> Result<(), String> {
        let Some(text) = self.numbers.get(&number).filter(|_| self.shows(number, task)) else {
            return Ok(());
        };
        let before = request.clone();
        // The upper end of a range first: what is below it is judged by it.
        if let Some(end) = number.upper_end()
            && let Some(text) = self.numbers.get(&end)
        {
            let _ = end.put(text, request);
        }
        number.write(text, request, task).inspect_err(|_| *request = before)
    }

    /// Whether the page has a field for this number now, if it plays a part in the draft.
    pub fn shows(&self, number: Number, task: &Task) -> bool {
        let ColumnKinds { classes, labels, numbers } = task.columns;
        match number {
            Number::ValidationShare => !task.has_validation(),
            Number::LabelSmoothing => classes + labels > 0,
            Number::Gamma => classes > 0,
            Number::Delta => numbers > 0,
            Number::TaskWeights => classes + labels + numbers > 1,
            _ if number >= Number::Flip => self.augmentation == Some(AugmentKind::Custom),
            _ => true,
        }
    }

    /// Forgets those of the numbers `wrong` that have no field any more: nobody could mend them, and they would
    /// be wrong again once their fields come back. Whether there were any.
    pub fn forget_hidden(&mut self, wrong: &BTreeSet<Number>, task: &Task) -> bool {
        let request = self.draft(task).request;
        let is_hidden =
            |number: Number| !self.shows(number, task) || number.read(&request).is_none();
        let hidden: Vec<Number> =
            wrong.iter().copied().filter(|&number| is_hidden(number)).collect();
        let before = self.numbers.len();
        self.numbers.retain(|number, _| !hidden.contains(number));
        self.numbers.len() < before
    }

    /// Everything that is not a number, with the numbers that suit it.
    fn choose_kinds(&self, request: &mut TrainRequest, task: &Task) {
        let config = &mut request.config;
        if let Some(kind) = self.optimizer {
            config.set_rule(kind.rule());
        }
        if let Some(decay) = self.decay_bias_and_norm {
            config.optimizer.decay_bias_and_norm = decay;
        }
        if let Some(kind) = self.schedule {
            config.schedule = kind.schedule(config.epochs);
        }
        if let Some(balanced) = self.balanced_classes {
            config.class_weights =
                if balanced { ClassWeights::Balanced } else { ClassWeights::Equal };
        }
        if let Some(clip) = self.clip {
            config.clip_norm = clip.then_some(1.0);
        }
        if let Some(freeze) = self.freeze_norm {
            config.freeze_norm = freeze;
        }
        if let Some(init) = self.head_init {
            config.head_init = init;
        }
        if let Some(kind) = self.mix {
            config.mix = kind.mix();
        }
        if let Some(kind) = self.averaging {
            config.averaging = kind.averaging();
        }
        if let Some(stops) = self.stops_early {
            config.patience = stops.then_some(5);
        }
        if let Some(focal) = self.focal {
            config.class_loss =
                if focal { ClassLoss::Focal { gamma: 2.0 } } else { ClassLoss::CrossEntropy };
        }
        if let Some(squares) = self.squares {
            config.number_loss =
                if squares { NumberLoss::MeanSquared } else { NumberLoss::default() };
        }
        let columns = task.tasks().len();
        if let Some(kind) = self.task_weights.filter(|_| columns > 1) {
            config.task_weights = kind.weights(columns);
        }
        if let Some(balanced) = self.balanced_sampling {
            config.sampling = if balanced { Sampling::Balanced } else { Sampling::Shuffled };
        }
        if let Some(caches) = self.caches {
            config.caching = if caches { Caching::Views(4) } else { Caching::Off };
        }
        if let Some(kind) = self.augmentation {
            config.augmentation = match kind {
                AugmentKind::None => Augmentation::none(),
                AugmentKind::Light => Augmentation::light(request.size),
                AugmentKind::Strong => Augmentation::strong(request.size),
                AugmentKind::Automatic => Augmentation::automatic(request.size),
                AugmentKind::Rand => Augmentation::rand(request.size),
                AugmentKind::Custom => self.custom_augmentation(request.size),
            };
        }
    }

    /// Light augmentation, with what was switched on or off since.
    fn custom_augmentation(&self, size: InputSize) -> Augmentation {
        let (light, strong) = (Augmentation::light(size), Augmentation::strong(size));
        let mut crop = match self.crop {
            Some(CropKind::None) => CropAugmentation::None,
            Some(CropKind::Resized) => strong.crop,
            Some(CropKind::Shifted) | None => light.crop,
        };
        if let (CropAugmentation::PadAndCrop { reflect, .. }, Some(mirrors)) =
            (&mut crop, self.crop_mirrors)
        {
            *reflect = mirrors;
        }
        Augmentation {
            horizontal_flip: light.horizontal_flip,
            crop,
            policy: light.policy,
            color_jitter: strong.color_jitter.filter(|_| self.jitter == Some(true)),
            random_erasing: strong.random_erasing.filter(|_| self.erasing == Some(true)),
        }
    }
}

/// Whether a rule has a momentum of its own choosing.
fn momentum(rule: &mut UpdateRule) -> Option<&mut f64> {
    match rule {
        UpdateRule::Sgd { momentum, .. } => Some(momentum),
        UpdateRule::Adam | UpdateRule::AdamW => None,
    }
}

#[cfg(test)]
mod tests;
