//! The camera's pictures and problems, without the camera.

/// The shorter side of a frame that is sent, in px, at most.
const SHORTER_SIDE: u32 = 256;

/// The size at which a frame is looked at: the camera's, or smaller.
pub fn frame_size(width: u32, height: u32) -> (u32, u32) {
    let shorter = width.min(height).max(1);
    if shorter <= SHORTER_SIDE {
        return (width, height);
    }
    let scale = f64::from(SHORTER_SIDE) / f64::from(shorter);
    let scaled = |side: u32| (f64::from(side) * scale).round() as u32;
    (scaled(width), scaled(height))
}

/// Why there is no camera, by the name of the browser's error.
pub fn problem(name: &str) -> &'static str {
    match name {
        "NotAllowedError" | "SecurityError" => {
            "The camera may not be used. Allow it for this page in the browser's address bar, then try again."
        }
        "NotFoundError" | "OverconstrainedError" => {
            "No camera was found. Connect one, or choose a picture instead."
        }
        "NotReadableError" | "AbortError" => {
            "The camera does not answer; another program may be using it. Close that, then try again."
        }
        _ => "This browser gives no camera to this page. Choose a picture instead.",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_keep_their_shape() {
        assert_eq!(frame_size(1280, 720), (455, 256));
        assert_eq!(frame_size(480, 640), (256, 341));
        assert_eq!(frame_size(200, 150), (200, 150));
    }

    #[test]
    fn every_problem_says_what_to_do() {
        for name in ["NotAllowedError", "NotFoundError", "NotReadableError", "TypeError"] {
            assert!(problem(name).contains("camera"), "{name}");
        }
    }
}
