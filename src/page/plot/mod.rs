//! Charts, and numbers in words, for the steps that show results.

pub mod drawing;
mod line_chart;

pub use line_chart::LineChart;
