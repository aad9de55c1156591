//! The form of step 3: the options that the user has set, and the resolved configuration.

use std::collections::BTreeSet;

use crate::input::with_decimal_points;
use tunelab_core::options::context::{Context, TaskCounts};
use tunelab_core::options::values::Strategy;
use tunelab_core::options::{Choices, OptionError, Resolved, TrainConfig, TrainOption};
use tunelab_core::protocol::CollectionSummary;

/// The strategies that have a card, beside the automatic one. The others are in the Advanced panel.
pub const STRATEGY_CARDS: [Strategy; 3] = [Strategy::Probe, Strategy::LastK, Strategy::Full];

/// The input sizes that the page offers, in pixels.
pub const IMAGE_SIZES: [u32; 6] = [32, 64, 96, 128, 160, 224];

/// The properties of the images on which options depend.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Dataset {
    pub context: Context,
    /// Images of the validation part that the dataset comes with; 0 if it has none.
    pub validation: usize,
}

impl Dataset {
    /// Equal weights, written out: one for each class or task.
    pub fn equal_weights(&self, key: &str) -> String {
        let Context { classes, tasks, .. } = self.context;
        let count = if key == "task_weights" { tasks.total() } else { classes };
        vec!["1"; count].join(", ")
    }
}

impl From<&CollectionSummary> for Dataset {
    fn from(collection: &CollectionSummary) -> Self {
        let table = collection.table.as_ref();
        let validation = table.map_or_else(
            || collection.classes.iter().map(|class| class.validation).sum(),
            |table| table.validation,
        );
        let context = Context {
            images: collection.images(),
            has_validation: validation > 0,
            classes: table.map_or(collection.classes.len(), |table| table.classes),
            tasks: table.map_or_else(TaskCounts::default, |table| table.tasks),
            ..Context::default()
        };
        Self { context, validation }
    }
}

/// The options that the user has set, as text. The others follow their defaults; the automatic strategy is one that is
/// not set. An invalid text stays until its field is hidden.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Form {
    pub choices: Choices,
}

/// A form, resolved for a dataset.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    /// Invalid values are replaced by their defaults.
    pub config: TrainConfig,
    pub errors: Vec<OptionError>,
    /// Images to train on, without those held out for validation.
    pub train_images: usize,
    pub validation_images: usize,
}

impl Draft {
    /// The error of an option, if its value is invalid.
    pub fn error(&self, key: &str) -> Option<&OptionError> {
        self.errors.iter().find(|error| error.key == key)
    }

    /// The keys of the options with invalid values.
    pub fn invalid_options(&self) -> impl Iterator<Item = &'static str> {
        self.errors
            .iter()
            .filter_map(|error| TrainOption::find(&error.key))
            .map(|option| option.key)
    }
}

impl Form {
    /// The strategy that is set: `None` for the automatic one.
    pub fn strategy(&self) -> Option<Strategy> {
        let text = self.choices.get("strategy")?;
        Strategy::ALL.iter().copied().find(|strategy| strategy.key() == text)
    }

    /// A run without training on the same images: each class is the mean of its features.
    pub fn few_shot(&self) -> Self {
        let mut choices = self.choices.clone();
        choices.retain(|key| matches!(key, "size" | "fit"));
        Self { choices: choices.with("strategy", Strategy::FewShot) }
    }

    /// Sets an option to one of several values. Choosing the default resets the option.
    pub fn choose(&mut self, option: &TrainOption, text: &str, dataset: &Dataset) {
        if self.default_text(option, dataset) == text {
            self.choices.remove(option.key);
        } else {
            self.choices.set(option.key, text);
        }
    }

    /// The value of an option if it were not set.
    pub fn default_text(&self, option: &TrainOption, dataset: &Dataset) -> String {
        let mut form = self.clone();
        form.choices.remove(option.key);
        option.text(&form.draft(dataset).config)
    }

    /// Resets all options except the input size and a strategy that has a card.
    pub fn reset(&mut self) {
        let has_card = self.strategy().is_some_and(|strategy| STRATEGY_CARDS.contains(&strategy));
        self.choices.retain(|key| match key {
            "size" => true,
            "strategy" | "last_k" => has_card,
            _ => false,
        });
    }

    /// Whether [`Self::reset`] would change anything.
    pub fn is_customized(&self) -> bool {
        let mut reset = self.clone();
        reset.reset();
        *self != reset
    }

    /// The form, resolved for a dataset.
    pub fn draft(&self, dataset: &Dataset) -> Draft {
        let Dataset { context, validation } = dataset;
        let Resolved { config, errors, .. } = with_decimal_points(&self.choices).resolve(context);
        let train_images = config.train_images(context);
        let held_out = context.images - context.train_images(config.validation_share, None);
        let limit = config
            .per_class
            .map_or(usize::MAX, |count| (count as usize).saturating_mul(context.classes.max(1)));
        let validation_images = (validation + held_out).min(limit);
        Draft { config, errors, train_images, validation_images }
    }

    /// Resets the `invalid` options whose fields are hidden, where nobody can correct them. Returns whether there were
    /// any.
    pub fn forget_hidden(&mut self, invalid: &BTreeSet<&'static str>, dataset: &Dataset) -> bool {
        let config = self.draft(dataset).config;
        let is_hidden = |key: &&str| {
            TrainOption::find(key).is_some_and(|option| !option.applies(&config, &dataset.context))
        };
        let hidden: Vec<&str> = invalid.iter().copied().filter(is_hidden).collect();
        let before = self.choices.clone();
        self.choices.retain(|key| !hidden.contains(&key));
        self.choices != before
    }
}

#[cfg(test)]
mod tests;
