//! What the tests of the engine and of the command line share.

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

/// Says that a test is skipped. It writes to standard error itself, as the test harness hides what passing tests
/// print.
pub fn skip(reason: impl Display) {
    let _ = writeln!(std::io::stderr(), "SKIPPED: {reason}");
}

/// The weights file that comes with the program.
pub fn bundled_weights() -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("www/models/resnet18-tiny-imagenet-f16.safetensors");
    std::fs::read(path).expect("the bundled weights are part of the repository")
}
