//! Step 4: predictions in order of probability, and the camera's frames and errors. The model's mistakes are in
//! [`crate::results`].

use tunelab_l10n::{Localize, Texts};

/// A class or label and its probability.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RankedClass {
    /// Its index.
    pub class: usize,
    /// 0 to 1.
    pub probability: f64,
}

/// Classes by descending probability. Equally probable classes keep their order.
pub fn by_probability(probabilities: &[f64]) -> Vec<RankedClass> {
    let mut ranked: Vec<RankedClass> = probabilities
        .iter()
        .enumerate()
        .map(|(class, &probability)| RankedClass { class, probability })
        .collect();
    ranked.sort_by(|a, b| b.probability.total_cmp(&a.probability));
    ranked
}

/// The largest shorter side of a camera frame that is sent to the worker, in px.
const SHORTER_SIDE: u32 = 256;

/// The size in px of the frame to predict: the camera's, scaled down where its shorter side is too large.
pub fn frame_size(width: u32, height: u32) -> (u32, u32) {
    let shorter = width.min(height).max(1);
    if shorter <= SHORTER_SIDE {
        return (width, height);
    }
    let scale = f64::from(SHORTER_SIDE) / f64::from(shorter);
    let scaled = |side: u32| (f64::from(side) * scale).round() as u32;
    (scaled(width), scaled(height))
}

/// Why there is no camera.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CameraError {
    /// The user or the browser's settings forbid it.
    Denied,
    Missing,
    /// It does not respond, probably because another program uses it.
    Busy,
    /// The browser gives this page no camera.
    Unsupported,
}

impl CameraError {
    /// The error by the name of the browser's `DOMException`.
    pub fn from_name(name: &str) -> Self {
        match name {
            "NotAllowedError" | "SecurityError" => Self::Denied,
            "NotFoundError" | "OverconstrainedError" => Self::Missing,
            "NotReadableError" | "AbortError" => Self::Busy,
            _ => Self::Unsupported,
        }
    }
}

impl Localize for CameraError {
    fn localize(&self, texts: Texts) -> String {
        let text = match self {
            Self::Denied => texts.try_camera_denied(),
            Self::Missing => texts.try_camera_missing(),
            Self::Busy => texts.try_camera_busy(),
            Self::Unsupported => texts.try_camera_unsupported(),
        };
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_probable_class_comes_first() {
        let order = |probabilities: &[f64]| -> Vec<usize> {
            by_probability(probabilities).iter().map(|ranked| ranked.class).collect()
        };
        assert_eq!(order(&[0.1, 0.6, 0.1, 0.2]), [1, 3, 0, 2]);
        assert_eq!(order(&[0.5, 0.5]), [0, 1]);
        assert!(order(&[]).is_empty());
    }

    #[test]
    fn frames_keep_their_aspect_ratio() {
        assert_eq!(frame_size(1280, 720), (455, 256));
        assert_eq!(frame_size(480, 640), (256, 341));
        assert_eq!(frame_size(200, 150), (200, 150));
    }

    #[test]
    fn browser_errors_are_recognized_by_name() {
        for (name, error) in [
            ("NotAllowedError", CameraError::Denied),
            ("NotFoundError", CameraError::Missing),
            ("NotReadableError", CameraError::Busy),
            ("TypeError", CameraError::Unsupported),
            ("", CameraError::Unsupported),
        ] {
            assert_eq!(CameraError::from_name(name), error, "{name}");
        }
    }
}
