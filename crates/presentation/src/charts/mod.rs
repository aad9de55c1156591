//! Charts without a browser: scales, axes, marks, and how keyboards and screen readers read them.
//!
//! - [`axis`]: scales, ticks and number formats. [`layout`]: from values to px. [`marks`]: SVG paths.
//!   [`reading_order`]: the arrow keys.
//! - [`line_chart`], [`scatter_plot`], [`parallel_coordinates`]: the charts. [`smoothed_series`]: a series that
//!   grows with every step.

pub mod axis;
pub mod layout;
pub mod line_chart;
pub mod marks;
pub mod parallel_coordinates;
pub mod reading_order;
pub mod scatter_plot;
pub mod smoothed_series;
