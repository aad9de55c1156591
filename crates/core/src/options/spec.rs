//! The specification of an option.

use tunelab_l10n::Texts;

use super::error::{OptionError, Problem};
use super::range::Range;
use super::value::Kind;

/// An option of a configuration of type `C`, whose default depends on a context of type `X`.
pub struct OptionSpec<C, X> {
    /// The name of its field in the configuration and in `config.json`, and its key in the texts, such as
    /// `label_smoothing`.
    pub key: &'static str,
    pub group: Group,
    pub kind: Kind,
    /// The valid range of a number.
    pub range: Option<Range>,
    /// The text of an absent value, such as `off`, if the option is optional.
    pub none: Option<&'static str>,
    /// The default search range; `None` if a search does not vary the option by default.
    pub search: Option<SearchRange>,
    pub(super) applies: fn(&C, &X) -> bool,
    pub(super) set_default: fn(&mut C, &X),
    pub(super) read: fn(&C) -> Option<String>,
    pub(super) write: fn(&mut C, &str) -> Result<(), Problem>,
    pub(super) clear: fn(&mut C),
    pub(super) numbers: fn(&C) -> Vec<f64>,
}

/// A group of options that are shown together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// Shown without opening the Advanced panel.
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

/// The default search range of an option.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum SearchRange {
    /// Values of an enum.
    Values(&'static [&'static str]),
    /// A log-uniform number.
    Log { low: f64, high: f64 },
    /// A log-uniform factor on the default, which depends on other options.
    LogFactor { low: f64, high: f64 },
}

impl<C: Clone, X> OptionSpec<C, X> {
    /// The command-line flag, without leading dashes.
    pub fn flag(&self) -> String {
        self.key.replace('_', "-")
    }

    /// Whether the option has an effect in this configuration.
    pub fn applies(&self, config: &C, context: &X) -> bool {
        (self.applies)(config, context)
    }

    /// The value as text.
    pub fn text(&self, config: &C) -> String {
        (self.read)(config).unwrap_or_else(|| self.none.unwrap_or_default().to_owned())
    }

    /// Sets the value from text.
    ///
    /// # Errors
    /// The text is invalid or out of range. The value is unchanged.
    pub fn set(&self, config: &mut C, text: &str) -> Result<(), OptionError> {
        let text = text.trim();
        if self.none.is_some_and(|none| none.eq_ignore_ascii_case(text)) {
            (self.clear)(config);
            return Ok(());
        }
        let before = config.clone();
        (self.write)(config, text)
            .map_err(|problem| self.whole_number_out_of_range(text).unwrap_or(problem))
            .and_then(|()| self.check(config))
            .inspect_err(|_| *config = before)
            .map_err(|problem| OptionError { key: self.key.into(), problem })
    }

    /// The problem of a whole number that its type cannot hold, such as a negative one.
    fn whole_number_out_of_range(&self, text: &str) -> Option<Problem> {
        let digits = text.strip_prefix('-').unwrap_or(text);
        let is_whole = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        let found = text.parse().ok().filter(|_| self.kind == Kind::WholeNumber && is_whole)?;
        let range = self.range.unwrap_or(Range::from(0.0).to(u64::MAX as f64));
        Some(Problem::OutOfRange { found, range })
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
