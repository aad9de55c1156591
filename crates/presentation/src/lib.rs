//! What the page shows, computed without a browser. Each of its four steps has a module: [`images`], [`model`],
//! [`train`] and [`try_it`], which ends with the [`results`] of the trained model. [`plot`] has the charts.

pub mod images;
pub mod model;
pub mod plot;
pub mod results;
pub mod train;
pub mod try_it;
