//! Step 4: trying the trained network. What it gets wrong is in [`super::results`].

pub mod camera_words;
pub mod ranking;
