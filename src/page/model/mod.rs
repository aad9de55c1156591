//! Step 2: the pretrained network. [`facts`]: what is known of it, and of others.

mod others;
mod schematic;
mod step;

pub use step::ModelStep;
