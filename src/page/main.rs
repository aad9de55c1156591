//! The page. Each of its four steps has a folder: [`pictures`], [`model`], [`train`], [`try_it`], which ends
//! with the [`results`] of the trained network.
//!
//! Data flows one way: components send commands by [`engine`], the worker's replies change [`state`],
//! components show it. [`recovery`] gives a new worker what the last one had. [`plot`] and [`parts`] are
//! what several steps show. What needs no browser is compiled for native tests too.

pub mod app;
pub mod engine;
mod engine_notice;
mod language;
pub mod model;
pub mod parts;
pub mod pictures;
pub mod plot;
pub mod recovery;
pub mod results;
pub mod state;
mod steps;
pub mod train;
pub mod try_it;

fn main() {
    app::mount();
}
