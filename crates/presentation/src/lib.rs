//! The view models of the page, computed without a browser. Each of its four steps has a module: [`images`], [`model`],
//! [`train`] and [`try_it`], which ends with the [`results`] of the trained model. They share [`charts`] and
//! [`progress`].

pub mod charts;
pub mod images;
pub mod input;
pub mod model;
pub mod progress;
pub mod results;
pub mod train;
pub mod try_it;
