//! Decodes the text of a table.

use unicode_normalization::UnicodeNormalization;

use super::error::TableError;
use crate::data::file_kind::FileKind;

/// Decodes UTF-8, or UTF-16 with a byte order mark as in Excel's "Unicode text". The text is composed (NFC), so
/// that names that look the same are the same.
///
/// Older encodings such as Windows-1252 and Latin-1 are rejected: a file does not say which one it uses, and the wrong
/// one gives wrong names.
///
/// # Errors
/// The bytes are in another encoding, or not text.
pub(super) fn decode(bytes: &[u8]) -> Result<String, TableError> {
    let text = match bytes {
        [0xFF, 0xFE, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xFE, 0xFF, rest @ ..] => utf16(rest, u16::from_be_bytes),
        _ => match std::str::from_utf8(bytes) {
            Ok(text) => Some(text.to_owned()),
            Err(error) => {
                let before = &bytes[..error.valid_up_to()];
                let line = 1 + before.iter().filter(|&&byte| byte == b'\n').count();
                return Err(match FileKind::of(bytes) {
                    FileKind::Text => TableError::OtherEncoding { line },
                    kind => TableError::not_text(kind),
                });
            }
        },
    };
    match text {
        Some(text) if text.contains('\0') => Err(TableError::NotText),
        Some(text) if text.is_ascii() => Ok(text),
        Some(text) => Ok(text.nfc().collect()),
        None => Err(TableError::NotText),
    }
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Option<String> {
    let (units, rest) = bytes.as_chunks::<2>();
    let units: Vec<u16> = units.iter().map(|&bytes| unit(bytes)).collect();
    String::from_utf16(&units).ok().filter(|_| rest.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::file_kind::ImageFormat;

    #[test]
    fn unicode_is_read_in_any_form() {
        let text = "file,class\ngänse.jpg,g\u{e4}ns";
        let units: Vec<u16> = text.encode_utf16().collect();
        let with = |mark: [u8; 2], bytes: fn(u16) -> [u8; 2]| {
            let units = units.iter().flat_map(|&unit| bytes(unit));
            mark.into_iter().chain(units).collect::<Vec<u8>>()
        };
        let little = with([0xFF, 0xFE], u16::to_le_bytes);
        let big = with([0xFE, 0xFF], u16::to_be_bytes);
        let decomposed = text.replace('ä', "a\u{308}");
        for bytes in [text.as_bytes(), &little, &big, decomposed.as_bytes()] {
            assert_eq!(decode(bytes).as_deref(), Ok(text));
        }
    }

    #[test]
    fn other_encodings_and_files_are_rejected() {
        assert_eq!(decode(b"a,b\nG\xe4nse,1"), Err(TableError::OtherEncoding { line: 2 }));
        let no_mark: Vec<u8> = "a,b".encode_utf16().flat_map(u16::to_le_bytes).collect();
        for bytes in [&no_mark[..], b"\xff\xfea", b"\xff\xfe\x00\xd8"] {
            assert_eq!(decode(bytes), Err(TableError::NotText), "{bytes:?}");
        }
        let image = decode(b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR");
        assert_eq!(image, Err(TableError::OtherKind { kind: FileKind::Image(ImageFormat::Png) }));
    }
}
