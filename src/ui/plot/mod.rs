//! Charts, and numbers in words, for the steps that show results.

pub mod curve;
pub mod format;
pub mod geometry;
pub mod ticks;

#[cfg(feature = "web")]
mod line_chart;
#[cfg(feature = "web")]
pub mod pace;

#[cfg(feature = "web")]
pub use line_chart::LineChart;
