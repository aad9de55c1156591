//! Charts as SVG, to be read by eye, pointer, keyboard and screen reader.
//!
//! - [`chart_area`]: the cursor, and the axes. [`line_chart`], [`scatter_plot`], [`parallel_coordinates`], [`bars`]:
//!   the charts. [`redraw`]: how often and in how much room they are drawn.

mod bars;
mod chart_area;
mod line_chart;
mod parallel_coordinates;
mod redraw;
mod scatter_plot;

pub use bars::{Bar, BarTrack, Bars};
pub use chart_area::Cursor;
pub use line_chart::LineChartView;
pub use parallel_coordinates::ParallelCoordinatesView;
pub use redraw::{a_frame_later, paced};
pub use scatter_plot::{COLORS, ScatterPlotView};
