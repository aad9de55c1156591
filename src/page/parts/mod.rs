//! Pieces that several steps show.

mod bars;
mod fields;
mod files;
mod focus;
mod folded_panel;
mod pixel_canvas;
mod status;

pub use bars::{Bar, Bars};
pub use fields::{CheckField, NumberInput, RadioCard, SelectField};
pub use files::{DropZone, FileButton, has_files, save};
pub use focus::{focus_in_place, leave};
pub use folded_panel::FoldedPanel;
pub use pixel_canvas::PixelCanvas;
pub use status::{ProblemNotice, ProgressBar};
