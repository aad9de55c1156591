//! Shared helpers of the engine's and the command line's tests.

use std::fmt::Display;
use std::io::Write;
use std::path::{Path, PathBuf};

/// The path of real data below `shared/`, or `None` with a visible message where it is absent.
pub fn shared(path: &str) -> Option<PathBuf> {
    let full = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared").join(path);
    if full.exists() {
        Some(full)
    } else {
        skip(format_args!("this test needs shared/{path}, which is not on this machine"));
        None
    }
}

/// Reports that a test is skipped, directly to standard error, because the test harness hides the output of passing tests.
pub fn skip(reason: impl Display) {
    let _ = writeln!(std::io::stderr(), "SKIPPED: {reason}");
}

/// The included weights file.
pub fn bundled_weights() -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("www/models/resnet18-tiny-imagenet-f16.safetensors");
    std::fs::read(path).expect("the included weights are part of the repository")
}
