//! Pieces that several steps show.

mod drop_zone;
mod file_button;
mod pixel_canvas;
mod problem_notice;
mod progress_bar;

pub use drop_zone::{DropZone, has_files};
pub use file_button::FileButton;
pub use pixel_canvas::PixelCanvas;
pub use problem_notice::ProblemNotice;
pub use progress_bar::ProgressBar;
