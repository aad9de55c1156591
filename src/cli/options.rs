//! The options of the table as flags.

use clap::builder::NonEmptyStringValueParser;
use clap::{Arg, ArgMatches, Args, Command, Error, FromArgMatches};
use tunelab_core::options::{
    Choices, Context, Group, Kind, OPTIONS, Resolved, TrainConfig, TrainOption,
};
use tunelab_l10n::Texts;

use super::error::CliError;
use super::output::Output;

/// The training options on the command line.
#[derive(Debug, Clone, Default)]
pub struct OptionArgs(Choices);

/// The distillation options on the command line.
#[derive(Debug, Clone, Default)]
pub struct DistillationArgs(Choices);

/// The training options that students have too.
const OF_STUDENT: [&str; 3] = ["epochs", "per_class", "seed"];

/// The options of preprocessing and splitting.
const OF_LOADING: [&str; 6] =
    ["size", "fit", "crop_fraction", "per_class", "validation_share", "seed"];

impl OptionArgs {
    fn options() -> impl Iterator<Item = &'static TrainOption> {
        OPTIONS.iter().filter(|option| option.group != Group::Distillation)
    }

    /// The options with a value.
    pub fn choices(&self) -> &Choices {
        &self.0
    }

    /// The configuration before the data are loaded: only the options of preprocessing and splitting are final.
    ///
    /// # Errors
    /// An option has an invalid value.
    pub fn before_loading(&self) -> Result<TrainConfig, CliError> {
        let mut choices = self.0.clone();
        choices.retain(|key| OF_LOADING.contains(&key));
        accepted(choices.resolve(&Context::default())).map(|(config, _)| config)
    }

    /// The configuration for the loaded data. Prints a warning for each option without effect.
    ///
    /// # Errors
    /// An option has an invalid value.
    pub fn resolve(&self, context: &Context, output: Output) -> Result<TrainConfig, CliError> {
        let (mut config, unused) = accepted(self.0.resolve(context))?;
        // The images are split already.
        config.validation_share = self.before_loading()?.validation_share;
        for key in unused.into_iter().filter(|key| *key != "validation_share") {
            output.warn(&output.texts.cli_option_unused(&key.replace('_', "-")));
        }
        Ok(config)
    }
}

/// The configuration, and the keys of the options without effect.
///
/// # Errors
/// An option has an invalid value.
pub fn accepted(resolved: Resolved) -> Result<(TrainConfig, Vec<&'static str>), CliError> {
    match resolved.errors.into_iter().next() {
        Some(error) => Err(CliError::Option(error)),
        None => Ok((resolved.config, resolved.unused)),
    }
}

impl DistillationArgs {
    fn options() -> impl Iterator<Item = &'static TrainOption> {
        let belongs = |option: &&TrainOption| {
            option.group == Group::Distillation || OF_STUDENT.contains(&option.key)
        };
        OPTIONS.iter().filter(belongs)
    }

    /// The options with a value.
    pub fn choices(&self) -> &Choices {
        &self.0
    }
}

fn flag(option: &'static TrainOption) -> Arg {
    let texts = Texts::ENGLISH;
    let mut help =
        texts.help_of_option(option.key).unwrap_or_default().trim_end_matches('.').to_owned();
    if let Some(range) = option.range {
        help += &format!(" [{range}]");
    }
    if let Some(none) = option.none {
        help += &format!(" [or {none}]");
    }
    let arg = Arg::new(option.key)
        .long(option.flag())
        .allow_negative_numbers(true)
        .value_parser(NonEmptyStringValueParser::new())
        .help_heading(option.group.label(texts));
    match option.kind {
        Kind::Switch => arg
            .value_name("BOOL")
            .num_args(0..=1)
            .require_equals(true)
            .default_missing_value("true")
            .help(help),
        Kind::Choice(values) => {
            let value = |key: &&str| {
                let help = texts.help_of_choice(option.key, key).unwrap_or_default();
                format!("\n- {key}: {}", help.trim_end_matches('.'))
            };
            let values: String = values.iter().map(value).collect();
            arg.value_name("NAME").help(help.clone()).long_help(format!("{help}:{values}"))
        }
        Kind::Number | Kind::WholeNumber => arg.value_name("N").help(help),
        Kind::Weights(words) => arg
            .value_name("WEIGHTS")
            .help(format!("{help} [{}, or numbers such as 1,0.5]", words.join(", "))),
    }
}

fn read(matches: &ArgMatches, options: impl Iterator<Item = &'static TrainOption>) -> Choices {
    let mut choices = Choices::default();
    for option in options {
        if let Some(text) = matches.get_one::<String>(option.key) {
            choices.set(option.key, text);
        }
    }
    choices
}

macro_rules! flags {
    ($type:ident) => {
        impl Args for $type {
            fn augment_args(command: Command) -> Command {
                command.args($type::options().map(flag))
            }

            fn augment_args_for_update(command: Command) -> Command {
                Self::augment_args(command)
            }
        }

        impl FromArgMatches for $type {
            fn from_arg_matches(matches: &ArgMatches) -> Result<Self, Error> {
                Ok(Self(read(matches, $type::options())))
            }

            fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
                *self = Self::from_arg_matches(matches)?;
                Ok(())
            }
        }
    };
}
flags!(OptionArgs);
flags!(DistillationArgs);

#[cfg(test)]
mod tests {
    use clap::Parser;
    use tunelab_core::options::values::Strategy;

    use super::*;

    const OUTPUT: Output = Output { texts: Texts::ENGLISH, is_json: true };

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        options: OptionArgs,
    }

    fn resolve(words: &[&str]) -> Result<TrainConfig, CliError> {
        let line = Line::parse_from([&["tunelab"], words].concat());
        let context = Context { images: 500, has_validation: true, ..Context::default() };
        line.options.resolve(&context, OUTPUT)
    }

    #[test]
    fn flags_are_the_options_of_the_table() {
        let config = resolve(&[
            "--strategy",
            "last-k",
            "--last-k=2",
            "--label-smoothing",
            "0.2",
            "--freeze-norm",
            "--nesterov=false",
            "--validation-share",
            "0.3",
        ]);
        let config = config.unwrap();
        assert_eq!((config.strategy, config.last_k), (Strategy::LastK, 2));
        assert_eq!((config.label_smoothing, config.validation_share), (0.2, 0.3));
        assert!(config.freeze_norm && !config.nesterov);
        assert_eq!(resolve(&["--strategy", "auto"]).unwrap(), resolve(&[]).unwrap());
        assert!(resolve(&["--strategy", "lp-ft"]).is_ok());
    }

    #[test]
    fn a_wrong_value_names_its_flag() {
        let error = resolve(&["--label-smoothing", "-1"]).unwrap_err();
        assert!(error.to_string().starts_with("--label-smoothing: -1 is out of range."), "{error}");
        assert!(resolve(&["--optimizer", "fast"]).unwrap_err().to_string().contains("adamw"));
    }
}
