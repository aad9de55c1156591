//! Step 2: the pretrained model.

mod diagram;
mod others;
mod step;

pub use step::ModelStep;
