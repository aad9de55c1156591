//! One option, at run time.

use tunelab_l10n::Texts;

use super::error::{OptionError, Problem};
use super::range::Range;
use super::value::Kind;

/// One option of a configuration of type `C`; its default follows from a context of type `X`.
pub struct OptionSpec<C, X> {
    /// Such as `label_smoothing`: its field in the configuration, and its key in `config.json` and in the texts.
    pub key: &'static str,
    pub group: Group,
    pub kind: Kind,
    /// Of a number.
    pub range: Option<Range>,
    /// The word for no value, such as `off`, where the option may have none.
    pub none: Option<&'static str>,
    /// What a search tries where nothing else is said; `None` where the option is not searched.
    pub search: Option<SearchRange>,
    pub(super) applies: fn(&C, &X) -> bool,
    pub(super) set_default: fn(&mut C, &X),
    pub(super) read: fn(&C) -> Option<String>,
    pub(super) write: fn(&mut C, &str) -> Result<(), Problem>,
    pub(super) clear: fn(&mut C),
    pub(super) numbers: fn(&C) -> Vec<f64>,
}

/// Which options are shown together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// In plain sight.
    Basic,
    Optimization,
    LearningRate,
    Regularization,
    Loss,
    Augmentation,
    Data,
    Distillation,
}

impl Group {
    pub const ALL: [Self; 8] = [
        Self::Basic,
        Self::Optimization,
        Self::LearningRate,
        Self::Regularization,
        Self::Loss,
        Self::Augmentation,
        Self::Data,
        Self::Distillation,
    ];

    /// The heading above its options.
    pub fn label(self, texts: Texts) -> &'static str {
        match self {
            Self::Basic => texts.train_group_strategy(),
            Self::Optimization => texts.train_group_optimization(),
            Self::LearningRate => texts.train_group_learning_rate(),
            Self::Regularization => texts.train_group_regularization(),
            Self::Loss => texts.train_group_loss(),
            Self::Augmentation => texts.train_group_augmentation(),
            Self::Data => texts.train_group_data(),
            Self::Distillation => texts.train_group_distillation(),
        }
    }
}

/// What a search tries of an option.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum SearchRange {
    /// Some of the values of a choice.
    Values(&'static [&'static str]),
    /// A number whose logarithm is uniform between two bounds.
    Log { low: f64, high: f64 },
    /// The same, as a factor on the default, which depends on other options.
    LogFactor { low: f64, high: f64 },
}

impl<C: Clone, X> OptionSpec<C, X> {
    /// The command line's flag, without its dashes.
    pub fn flag(&self) -> String {
        self.key.replace('_', "-")
    }

    /// Whether the option has an effect in this configuration.
    pub fn applies(&self, config: &C, context: &X) -> bool {
        (self.applies)(config, context)
    }

    /// The value as text; the word for none where it has none.
    pub fn text(&self, config: &C) -> String {
        (self.read)(config).unwrap_or_else(|| self.none.unwrap_or_default().to_owned())
    }

    /// Sets the value from text.
    ///
    /// # Errors
    /// The text is no value of this option's kind, or out of its range; the value stays then.
    pub fn set(&self, config: &mut C, text: &str) -> Result<(), OptionError> {
        let text = text.trim();
        if self.none.is_some_and(|none| none.eq_ignore_ascii_case(text)) {
            (self.clear)(config);
            return Ok(());
        }
        let before = config.clone();
        (self.write)(config, text)
            .and_then(|()| self.check(config))
            .inspect_err(|_| *config = before)
            .map_err(|problem| OptionError { key: self.key.into(), problem })
    }

    /// Checks the value against the option's range.
    pub(super) fn check(&self, config: &C) -> Result<(), Problem> {
        let Some(range) = self.range else { return Ok(()) };
        match (self.numbers)(config).into_iter().find(|number| !range.contains(*number)) {
            Some(found) => Err(Problem::OutOfRange { found, range }),
            None => Ok(()),
        }
    }
}
