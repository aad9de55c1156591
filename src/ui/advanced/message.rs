//! What crosses between the page and the program of its further parts, both in one browser tab.
//!
//! Beside these, the page passes on what the worker says, and hands the worker the commands that this
//! program has packed: see `ui/link`.

use serde::{Deserialize, Serialize};

use crate::ui::train::form::{Form, Task};

/// What the page tells.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum ToAdvanced {
    /// What is chosen, and what for.
    Sheet { form: Form, task: Task },
    /// Whether the worker can take no errand: it has a run of the page's under way, or is not there.
    Engaged(bool),
    /// The worker broke down: nothing it had is there any more.
    WorkerLost,
}

/// What the page is told.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum FromAdvanced {
    /// What the user chose.
    Form(Form),
    /// What this program has the worker do, in words such as `Learning rates are being tried`; none when
    /// it has ended.
    Busy(Option<String>),
}
