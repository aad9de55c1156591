//! The training options, each defined once.
//!
//! [`table`] has an entry for each option: its key, type, range, default, and when it applies. It generates the fields
//! of [`TrainConfig`] (and so `config.json`), the command-line flags, the Advanced panel, validation, the search space
//! and the table in `docs/options.md`.
//!
//! - [`Choices`]: the options that a user has set, as text. [`Choices::resolve`] adds the defaults and checks all values.
//! - [`Context`]: the images, tasks and network, on which defaults depend.
//! - [`OptionSpec`]: an entry at run time. [`OptionValue`]: the types of values.
//! - [`values`]: the enums of options. [`weights`]: of classes and tasks. [`views`]: the configuration as the engine's
//!   types; those of training are in `train/views.rs`.

pub mod choices;
pub mod context;
pub mod error;
pub mod range;
pub mod spec;
pub mod table;
pub mod value;
pub mod values;
mod views;
pub mod weights;

#[cfg(test)]
mod tests;

pub use choices::{AUTO, Choices, Resolved};
pub use context::{Context, TaskCounts};
pub use error::{OptionError, Problem};
pub use range::{Range, rounded};
pub use spec::{Group, OptionSpec, SearchRange};
pub use table::{OPTIONS, TrainConfig, TrainOption};
pub use value::{Kind, OptionValue};
