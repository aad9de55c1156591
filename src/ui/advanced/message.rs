//! What crosses between the page and the program of its options, both in one browser tab.

use serde::{Deserialize, Serialize};

use crate::train::rate_finder::RateCurve;
use crate::ui::train::form::{Form, Task};

/// What the page tells.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum ToAdvanced {
    /// What is chosen, and what for.
    Sheet { form: Form, task: Task },
    /// The learning rates that were tried.
    Rates(Rates),
}

/// What the page is told.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum FromAdvanced {
    /// What the user chose.
    Form(Form),
    /// The user wants learning rates to be tried.
    FindRate,
    /// The user wants that to end.
    StopFinding,
}

/// A try of learning rates.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Rates {
    pub curve: RateCurve,
    /// Whether it is under way.
    pub under_way: bool,
}
