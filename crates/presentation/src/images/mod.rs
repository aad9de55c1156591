//! Step 1: images in classes, or described by a table.
//!
//! - [`advice`]: advice before training. [`import_plan`]: how dropped or chosen files are imported.
//! - [`summary`]: counts, import progress and columns of a table as text.

pub mod advice;
pub mod import_plan;
pub mod summary;
