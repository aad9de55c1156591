//! The training options, each defined once.
//!
//! [`table`] has an entry for each option: its key, type, range, default rule, help, and when it applies. From
//! it follow the fields of [`TrainConfig`] (and so `config.json`), the command line's flags, the Advanced panel,
//! validation, the search space and the table in `docs/options.md`.
//!
//! - [`Choices`]: what a user set, as text. [`Choices::resolve`] fills in the defaults and checks everything.
//! - [`Context`]: what the options are for; default rules look at it.
//! - [`OptionSpec`]: one entry, at run time. [`OptionValue`]: the types an option may have.
//! - [`values`]: the choices among a few. [`views`]: the configuration as the engine's types.

pub mod choices;
pub mod context;
pub mod error;
pub mod range;
pub mod spec;
pub mod table;
pub mod value;
pub mod values;
mod views;

#[cfg(test)]
mod tests;

pub use choices::{Choices, Resolved};
pub use context::{Context, TaskCounts};
pub use error::{OptionError, Problem};
pub use range::Range;
pub use spec::{Group, OptionSpec, SearchRange};
pub use table::{OPTIONS, TrainConfig, TrainOption};
pub use value::{Kind, OptionValue};
