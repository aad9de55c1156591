//! Charts, and numbers in words, for the steps that show results.

pub mod curve;
pub mod format;
pub mod geometry;
pub mod ticks;

#[cfg(feature = "page")]
mod line_chart;
#[cfg(feature = "page")]
pub mod pace;
#[cfg(feature = "page")]
pub mod width;

#[cfg(feature = "page")]
pub use line_chart::LineChart;
