//! Step 1: pictures in classes.
//!
//! - [`advice`]: what the pictures lack. [`drop_plan`]: what files that were dropped become. [`words`]:
//!   counts and progress in words. [`table_text`]: what a table says of them.
//! - `intake` does with files what the plan says; `entries` reads dropped folders.

pub mod advice;
pub mod drop_plan;
pub mod table_text;
pub mod words;
