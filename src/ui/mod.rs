//! The page. Each of its four steps has a folder: [`pictures`], [`model`], [`train`], [`try_it`].
//!
//! Data flows one way: components send commands by [`engine`], the worker's replies change [`state`],
//! components show it. [`recovery`] gives a new worker what the last one had. [`plot`] and [`parts`] are
//! what several steps draw with. What needs no browser is compiled for native tests too.

#[cfg(feature = "web")]
pub mod app;
#[cfg(feature = "web")]
pub mod engine;
#[cfg(feature = "web")]
mod engine_notice;
pub mod model;
#[cfg(feature = "web")]
pub mod parts;
pub mod pictures;
pub mod plot;
#[cfg(feature = "web")]
pub mod recovery;
#[cfg(feature = "web")]
pub mod state;
#[cfg(feature = "web")]
mod steps;
pub mod train;
pub mod try_it;
