//! What a user set, and the configuration that follows.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::context::Context;
use super::error::{OptionError, Problem};
use super::table::{OPTIONS, TrainConfig, TrainOption};

/// The word that stands for the default of any option.
const AUTO: &str = "auto";

/// The options that a user set, as text by key. The others keep their defaults, also when these change.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Choices(BTreeMap<String, String>);

/// A configuration, and what was wrong with the choices it follows from.
#[derive(Debug, Clone, PartialEq)]
pub struct Resolved {
    /// Valid: wrong choices are replaced by their defaults.
    pub config: TrainConfig,
    pub errors: Vec<OptionError>,
    /// Keys of choices that have no effect beside the others.
    pub unused: Vec<&'static str>,
}

impl Choices {
    /// The same with an option set.
    pub fn with(mut self, key: &str, text: impl ToString) -> Self {
        self.set(key, text);
        self
    }

    /// Sets an option; `auto` takes it back.
    pub fn set(&mut self, key: &str, text: impl ToString) {
        let text = text.to_string();
        if text.trim().eq_ignore_ascii_case(AUTO) {
            self.0.remove(key);
        } else {
            self.0.insert(key.to_owned(), text);
        }
    }

    /// Takes an option back; whether it was set.
    pub fn remove(&mut self, key: &str) -> bool {
        self.0.remove(key).is_some()
    }

    /// An option as it was written, if it was set.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key).map(String::as_str)
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Keys and texts.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(key, text)| (key.as_str(), text.as_str()))
    }

    /// Takes back the options that `keep` does not want.
    pub fn retain(&mut self, mut keep: impl FnMut(&str) -> bool) {
        self.0.retain(|key, _| keep(key));
    }

    /// The configuration: every option that is not set gets its default, in the order of the table, so that a
    /// default may follow from the options before it.
    pub fn resolve(&self, context: &Context) -> Resolved {
        let mut accepted = self.clone();
        let mut errors = Vec::new();
        loop {
            let (config, wrong, unused) = accepted.fill(context);
            let invalid = config.validate(context).err();
            let mut changed = false;
            for mut error in wrong.into_iter().chain(invalid) {
                // A minimum that nobody chose is not to blame.
                if let Problem::AboveMaximum { max_key, .. } = &error.problem
                    && accepted.get(&error.key).is_none()
                {
                    error.key = max_key.clone();
                }
                changed |= accepted.remove(&error.key);
                errors.push(error);
            }
            // Every turn takes a choice back, so this ends.
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
    /// The first that is out of its range or contradicts another.
    pub fn validate(&self, context: &Context) -> Result<(), OptionError> {
        let check = |option: &'static TrainOption| {
            option.check(self).map_err(|problem| OptionError { key: option.key.into(), problem })
        };
        OPTIONS.iter().try_for_each(check)?;
        super::table::check_together(self, context)
    }
}
