//! Components that several steps share.

mod fields;
mod files;
mod panels;
mod pixel_canvas;

pub use fields::{CheckField, NumberInput, RadioCard, SelectField};
pub use files::{DropZone, FileButton, SaveError, SaveProblem, has_files, save};
pub use panels::{
    CollapsiblePanel, ProblemNotice, ProgressBar, focus, focus_in_place, is_double_click, leave,
};
pub use pixel_canvas::PixelCanvas;
