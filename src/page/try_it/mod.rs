//! Step 4: trying the trained model on images, and downloading it. Its mistakes are in [`crate::results`].

mod camera;
mod download;
mod image_input;
mod predictions;
mod predictor;
mod step;

pub use step::TryStep;
