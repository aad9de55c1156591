//! Errors of the image decoders.

use std::error::Error;
use std::io;

use image::error::UnsupportedErrorKind;
use tunelab_core::data::file_kind::ImageFormat;
use tunelab_core::data::image_file::DecodeError;

/// Maximum number of characters of a decoder's message.
pub(super) const MAX_PROBLEM: usize = 120;

/// The error for one of the `image` crate.
pub(super) fn decode_error(format: ImageFormat, error: image::ImageError) -> DecodeError {
    let cause: &(dyn Error + 'static) = match &error {
        image::ImageError::Limits(_) => return DecodeError::OutOfMemory { format },
        image::ImageError::IoError(error) => error,
        image::ImageError::Decoding(error) => error.source().unwrap_or(error),
        error => error,
    };
    let problem = match &error {
        image::ImageError::Unsupported(error) => match error.kind() {
            UnsupportedErrorKind::GenericFeature(feature) => one_line(&feature),
            _ => one_line(&error.to_string()),
        },
        _ => one_line(&cause.to_string()),
    };
    // Decoders report the end of the file as an I/O error or in the message.
    if is_end_of_input(cause) || problem.to_lowercase().contains("end of file") {
        DecodeError::EndsEarly { format }
    } else {
        DecodeError::Damaged { format, problem }
    }
}

/// Whether an error or one of its causes is the end of the file.
fn is_end_of_input(error: &(dyn Error + 'static)) -> bool {
    error
        .downcast_ref::<io::Error>()
        .is_some_and(|error| error.kind() == io::ErrorKind::UnexpectedEof)
        || error.source().is_some_and(is_end_of_input)
}

/// Formats a decoder's message as part of a sentence: on one line, shortened, without debug output.
pub(super) fn one_line(words: &str) -> String {
    let words = words.trim_matches('"').replace("\\n", " ");
    let words: String = words.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    let plain = match words.split_once(['{', '\\', '"']) {
        Some((start, _)) => start.rsplit_once(':').map_or(start, |(start, _)| start),
        None => words.as_str(),
    };
    let plain = plain.trim_matches(|c: char| c == '.' || c.is_whitespace());
    match plain.char_indices().nth(MAX_PROBLEM) {
        Some((end, _)) => format!("{}...", plain[..end].trim_end()),
        None if plain.is_empty() => "wrong data".to_owned(),
        None => plain.to_owned(),
    }
}
