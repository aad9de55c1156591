//! Components that several steps share.

mod fields;
mod files;
mod panels;
mod pixel_canvas;

pub use fields::{CheckField, NumberInput, RadioCard, SelectField};
pub use files::{DropZone, FileButton, SaveError, SaveProblem, has_files, save};
pub use panels::{
    CollapsiblePanel, ProblemNotice, ProgressBar, focus, focus_in_place, leave, on_first_click,
};
pub use pixel_canvas::PixelCanvas;
