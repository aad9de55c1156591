//! What a network gets right and wrong.
//!
//! - [`confusion`]: predictions counted against labels. [`average_precision`], [`regression`]: labels
//!   and numbers against what is true. [`report`]: the figures that follow.
//! - [`guess`], [`prediction`]: what is predicted of one image.

pub mod average_precision;
pub mod confusion;
pub mod guess;
pub mod prediction;
pub mod regression;
pub mod report;
