//! What several integration tests need.
#![allow(dead_code, reason = "each test binary uses a part of it")]

use std::path::{Path, PathBuf};

/// The folder with real data, or `None` with a visible message where it is absent.
pub fn shared(path: &str) -> Option<PathBuf> {
    let full = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared").join(path);
    if full.exists() {
        Some(full)
    } else {
        eprintln!("SKIPPED: this test needs shared/{path}, which is not on this machine");
        None
    }
}

/// The weights file that comes with the program.
pub fn bundled_weights() -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("www/models/resnet18-tiny-imagenet-f16.safetensors");
    std::fs::read(path).expect("the bundled weights are part of the repository")
}
