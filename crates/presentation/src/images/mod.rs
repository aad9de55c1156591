//! Step 1: images in classes, or described by a table.
//!
//! - [`advice`]: what to improve before training. [`import_plan`]: what dropped or chosen files become.
//! - [`summary`]: counts, import progress and columns of a table as text.

pub mod advice;
pub mod import_plan;
pub mod summary;
