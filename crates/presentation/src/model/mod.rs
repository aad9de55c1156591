//! Step 2: the pretrained network. [`facts`]: what is known of it, and of others.

pub mod facts;
