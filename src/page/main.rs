//! The page. Each of its four steps has a folder: [`images`], [`model`], [`train`] and [`try_it`], which ends with
//! the [`results`] of the trained model.
//!
//! Data flows one way: components send commands to the [`engine`], whose replies change the [`state`], which the
//! components show. [`recovery`] restores a worker after a failure. [`charts`] and [`parts`] are shared by several
//! steps. All texts come from [`language`]. Code that needs no browser is in the crate `presentation`, with native tests.

mod app;
mod charts;
mod engine;
mod engine_notice;
mod images;
mod language;
mod model;
mod parts;
mod recovery;
mod results;
mod state;
mod steps;
mod train;
mod try_it;

fn main() {
    app::mount();
}
