//! Step 4: trying the trained network. What it gets wrong is in [`super::results`].

mod answers;
mod camera;
mod choose;
mod download;
mod probabilities;
mod step;
mod trial;

pub use step::TryStep;
