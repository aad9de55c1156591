//! Pieces that several steps show.

mod drop_zone;
mod effect;
mod file_button;
mod folded_panel;
mod keyed_list;
mod later;
mod leave;
mod notice;
mod panel;
mod pixel_canvas;
mod problem_notice;
mod progress_bar;
mod save;
mod show;

pub use drop_zone::{DropZone, has_files};
pub use effect::effect;
pub use file_button::FileButton;
pub use folded_panel::FoldedPanel;
pub use keyed_list::KeyedList;
pub use later::Later;
pub use leave::{focus_in_place, leave};
pub use notice::Notice;
pub use panel::Panel;
pub use pixel_canvas::PixelCanvas;
pub use problem_notice::ProblemNotice;
pub use progress_bar::ProgressBar;
pub use save::save;
pub use show::Show;
