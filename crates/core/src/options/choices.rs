//! The options that a user has set, and their resolution into a configuration.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::context::Context;
use super::error::{OptionError, Problem};
use super::table::{OPTIONS, TrainConfig, TrainOption};

/// The text that resets an option to its default, and the key of that choice in the texts.
pub const AUTO: &str = "auto";

/// The options that a user has set, as text by key. The others have their defaults, which may depend on these.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Choices(BTreeMap<String, String>);

/// A resolved configuration, and the problems of the choices.
#[derive(Debug, Clone, PartialEq)]
pub struct Resolved {
    /// Valid: invalid choices are replaced by their defaults.
    pub config: TrainConfig,
    pub errors: Vec<OptionError>,
    /// Keys of choices that have no effect in this configuration.
    pub unused: Vec<&'static str>,
}

impl Choices {
    /// The same choices with an option set.
    pub fn with(mut self, key: &str, text: impl ToString) -> Self {
        self.set(key, text);
        self
    }

    /// Sets an option; `auto` resets it.
    pub fn set(&mut self, key: &str, text: impl ToString) {
        let text = text.to_string();
        if text.trim().eq_ignore_ascii_case(AUTO) {
            self.0.remove(key);
        } else {
            self.0.insert(key.to_owned(), text);
        }
    }

    /// Resets an option. Returns whether it was set.
    pub fn remove(&mut self, key: &str) -> bool {
        self.0.remove(key).is_some()
    }

    /// The text of an option, if it is set.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key).map(String::as_str)
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The keys and texts of the options that are set.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(key, text)| (key.as_str(), text.as_str()))
    }

    /// Resets the options whose keys `keep` rejects.
    pub fn retain(&mut self, mut keep: impl FnMut(&str) -> bool) {
        self.0.retain(|key, _| keep(key));
    }

    /// Resolves the choices into a configuration. Options that are not set get their defaults, in the order of the
    /// table, so that a default may depend on the options before it.
    pub fn resolve(&self, context: &Context) -> Resolved {
        let mut accepted = self.clone();
        let mut errors = Vec::new();
        loop {
            let (config, invalid_texts, unused) = accepted.fill(context);
            let invalid = config.validate(context).err();
            let mut changed = false;
            for mut error in invalid_texts.into_iter().chain(invalid) {
                // If the minimum is a default, the maximum is the invalid choice.
                if let Problem::AboveMaximum { max_key, .. } = &error.problem
                    && accepted.get(&error.key).is_none()
                {
                    error.key = max_key.clone();
                }
                changed |= accepted.remove(&error.key);
                errors.push(error);
            }
            // Each iteration resets at least one choice, so this terminates.
            if !changed {
                return Resolved { config, errors, unused };
            }
        }
    }

    fn fill(&self, context: &Context) -> (TrainConfig, Vec<OptionError>, Vec<&'static str>) {
        let mut config = TrainConfig::unset();
        let (mut errors, mut unused) = (Vec::new(), Vec::new());
        for option in OPTIONS {
            (option.set_default)(&mut config, context);
            let Some(text) = self.get(option.key) else { continue };
            if !option.applies(&config, context) {
                unused.push(option.key);
            } else if let Err(error) = option.set(&mut config, text) {
                errors.push(error);
            }
        }
        (config, errors, unused)
    }
}

impl TrainConfig {
    /// Checks every option.
    ///
    /// # Errors
    /// The first option that is out of range or conflicts with another.
    pub fn validate(&self, context: &Context) -> Result<(), OptionError> {
        let check = |option: &'static TrainOption| {
            option.check(self).map_err(|problem| OptionError { key: option.key.into(), problem })
        };
        OPTIONS.iter().try_for_each(check)?;
        super::table::check_together(self, context)
    }
}

impl Default for TrainConfig {
    /// The defaults for an unknown dataset. An option that a stored configuration lacks, because it is older than the
    /// option, has this value.
    fn default() -> Self {
        Choices::default().resolve(&Context::default()).config
    }
}
