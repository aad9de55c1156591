//! Charts, and numbers in words, for the steps that show results.

pub mod curve;
pub mod format;
pub mod geometry;
pub mod ticks;
