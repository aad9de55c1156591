//! The page. Each of its four steps has a folder: [`pictures`], [`model`], [`train`], [`try_it`].
//!
//! [`advanced`], what not everybody needs, is a program of its own that the page loads when it is asked for
//! a part of it; `link` is the line to it.
//!
//! Data flows one way: components send commands by [`engine`], the worker's replies change [`state`],
//! components show it. [`recovery`] gives a new worker what the last one had. [`plot`] and [`parts`] are
//! what several steps draw with. What needs no browser is compiled for native tests too.

pub mod advanced;
#[cfg(feature = "page")]
pub mod app;
#[cfg(feature = "page")]
pub mod engine;
#[cfg(feature = "page")]
mod engine_notice;
#[cfg(feature = "page")]
mod link;
pub mod model;
pub mod number;
#[cfg(feature = "page")]
pub mod parts;
pub mod pictures;
pub mod plot;
#[cfg(feature = "page")]
pub mod recovery;
#[cfg(feature = "page")]
pub mod state;
#[cfg(feature = "page")]
mod steps;
pub mod train;
pub mod try_it;
