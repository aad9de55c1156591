//! A small copy of the trained network: what it may be, how it learns, and what it is worth.
//!
//! - [`form`]: what is chosen. [`log`]: how far it is, and what came of it.

pub mod form;
pub mod log;
