//! Metadata and errors of image files.

use serde::{Deserialize, Serialize};
use tunelab_l10n::{Localize, Texts, display_in_english};

use super::file_kind::{FileKind, ImageFormat};

/// Metadata of an image file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImageFileInfo {
    /// Whether the file is truncated or damaged, so that only a part of the image could be decoded.
    pub is_incomplete: bool,
    /// A 64-bit hash of the file's bytes, to find identical files.
    pub digest: u64,
}

/// Why an image file could not be decoded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum DecodeError {
    /// An image in an unsupported format.
    UnsupportedFormat(FileKind),
    /// A file of another kind, such as a saved error page.
    NotAnImage(FileKind),
    /// The size in px exceeds the limits.
    TooLarge { width: u32, height: u32 },
    /// The size is within the limits, but decoding would need too much memory.
    OutOfMemory { format: ImageFormat },
    /// The file ends before half of the image.
    EndsEarly { format: ImageFormat },
    /// A JPEG with a feature that no available decoder supports.
    UnsupportedJpeg(JpegFeature),
    /// A truncated JPEG that needs the decoder for rare features, which reads only complete files.
    IncompleteRareJpeg,
    /// Damaged or unusual data; `problem` is the decoder's message.
    Damaged { format: ImageFormat, problem: String },
}

/// A feature of the JPEG standard that no available decoder supports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum JpegFeature {
    ArithmeticCoding,
    /// More than 8 bits per sample.
    BitDepth(u8),
    Lossless,
    Hierarchical,
    /// The height is only given at the end of the file.
    HeightAtEnd,
    /// Sampling factors of the color components that do not divide each other.
    SamplingFactors,
}

impl DecodeError {
    /// Whether the file exceeds a limit, but may be valid.
    pub fn is_limit(&self) -> bool {
        matches!(self, Self::TooLarge { .. } | Self::OutOfMemory { .. })
    }
}

impl Localize for DecodeError {
    fn localize(&self, texts: Texts) -> String {
        match self {
            Self::UnsupportedFormat(kind) => {
                texts.error_decode_unsupported(&kind.describe(texts), kind.remedy(texts))
            }
            Self::NotAnImage(kind) => {
                texts.error_decode_not_an_image(&kind.describe(texts), kind.remedy(texts))
            }
            Self::TooLarge { width, height } => {
                texts.error_decode_too_large(&texts.image_size(*width, *height))
            }
            Self::OutOfMemory { format } => texts.error_decode_out_of_memory(format.name()),
            Self::EndsEarly { format } => texts.error_decode_ends_early(format.name()),
            Self::UnsupportedJpeg(feature) => {
                texts.error_decode_unsupported_jpeg(&feature.localize(texts))
            }
            Self::IncompleteRareJpeg => texts.error_decode_incomplete_rare_jpeg().into(),
            Self::Damaged { format, problem } => texts.error_decode_damaged(format.name(), problem),
        }
    }
}

impl Localize for JpegFeature {
    fn localize(&self, texts: Texts) -> String {
        match self {
            Self::ArithmeticCoding => texts.error_decode_jpeg_arithmetic_coding().into(),
            Self::BitDepth(bits) => texts.error_decode_jpeg_bit_depth(*bits),
            Self::Lossless => texts.error_decode_jpeg_lossless().into(),
            Self::Hierarchical => texts.error_decode_jpeg_hierarchical().into(),
            Self::HeightAtEnd => texts.error_decode_jpeg_height_at_end().into(),
            Self::SamplingFactors => texts.error_decode_jpeg_sampling_factors().into(),
        }
    }
}

display_in_english!(DecodeError);
