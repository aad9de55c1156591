//! Recognizes files without readable weights, by their contents.

use std::borrow::Cow;

use image::ImageFormat;
use tunelab_core::model::unsupported::UnsupportedFile;

use super::pickle::Pickle;

/// How many bytes are searched for text.
const TEXT_LENGTH: usize = 4096;
/// How many characters of a text are shown.
const SHOWN_LENGTH: usize = 60;

/// The beginnings of binary files of other programs, and their formats.
const OTHER_FORMATS: [(&[u8], &str); 9] = [
    (b"\x89HDF", "HDF5 (Keras, MATLAB)"),
    (b"MATLAB", "MATLAB"),
    (b"GGUF", "GGUF"),
    (b"\x93NUMPY", "NumPy"),
    (b"\x12\x01\0\0\0\0\0\0", "MXNet"),
    (b"\0\0\0\0\x02\0\0\0", "Darknet (YOLO)"),
    (b"%PDF", "PDF"),
    (b"\x7fELF", "ELF (Linux)"),
    (b"MZ", "EXE (Windows)"),
];

/// The beginnings of compressed files and archives, and their formats.
const COMPRESSED: [(&[u8], &str); 6] = [
    (b"\x1f\x8b", "gzip"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ\0", "xz"),
    (b"\x28\xb5\x2f\xfd", "Zstandard"),
    (b"7z\xbc\xaf\x27\x1c", "7-Zip"),
    (b"Rar!", "RAR"),
];

/// The ends of entry names in zip archives of other programs, and their formats.
const OTHER_ARCHIVES: [(&str, &str); 5] = [
    ("model.weights.h5", "Keras"),
    (".h5", "HDF5 (Keras)"),
    ("saved_model.pb", "TensorFlow"),
    (".npy", "NumPy (.npz)"),
    ("[content_types].xml", "Office"),
];

/// Identifies a file in an unsupported format.
pub(super) fn identify(bytes: &[u8]) -> UnsupportedFile {
    if bytes.is_empty() {
        return UnsupportedFile::Empty;
    }
    if let Some(found) = tar(bytes).or_else(|| pickle(bytes)).or_else(|| text(bytes)) {
        return found;
    }
    let begins = |(start, _): &&(&[u8], &str)| bytes.starts_with(start);
    if let Some((_, format)) = OTHER_FORMATS.iter().find(begins) {
        return UnsupportedFile::OtherFormat(Cow::Borrowed(format));
    }
    if let Some((_, format)) = COMPRESSED.iter().find(begins) {
        return UnsupportedFile::Compressed(Cow::Borrowed(format));
    }
    if bytes.iter().take(TEXT_LENGTH).all(|&byte| byte == 0) {
        return UnsupportedFile::Zeros;
    }
    if let Some(format) = other_network_format(bytes) {
        return UnsupportedFile::OtherFormat(Cow::Borrowed(format));
    }
    match image_format(bytes) {
        Some(format) => UnsupportedFile::Image(Cow::Borrowed(format)),
        None => UnsupportedFile::Unknown,
    }
}

/// Identifies a zip archive that `torch.save` did not write, by the names of its entries.
pub(super) fn identify_archive(names: &[String]) -> UnsupportedFile {
    let names: Vec<String> = names.iter().map(|name| name.to_ascii_lowercase()).collect();
    let has = |end: &str| names.iter().any(|name| name.ends_with(end));
    let is_image = |name: &String| ImageFormat::from_path(name.as_str()).is_ok();
    if let Some((_, format)) = OTHER_ARCHIVES.iter().find(|(end, _)| has(end)) {
        UnsupportedFile::OtherFormat(Cow::Borrowed(format))
    } else if has("models/model.json") || has("archive_format") {
        UnsupportedFile::TorchExport
    } else if has(".safetensors") || has(".pth") {
        UnsupportedFile::Compressed(Cow::Borrowed("zip"))
    } else if names.iter().any(is_image) {
        UnsupportedFile::ZipOfImages
    } else {
        UnsupportedFile::ZipWithoutWeights
    }
}

fn tar(bytes: &[u8]) -> Option<UnsupportedFile> {
    /// Where the magic number of a tar archive is.
    const MAGIC_OFFSET: usize = 257;
    bytes.get(MAGIC_OFFSET..).filter(|rest| rest.starts_with(b"ustar"))?;
    let is_pytorch = ["sys_info", "pickle", "storages", "tensors"]
        .iter()
        .any(|name| bytes.starts_with(name.as_bytes()) || bytes.starts_with(b"./"));
    Some(match is_pytorch {
        true => UnsupportedFile::OldPyTorch,
        false => UnsupportedFile::Compressed(Cow::Borrowed("tar")),
    })
}

fn pickle(bytes: &[u8]) -> Option<UnsupportedFile> {
    let (pickle, _) = Pickle::read(bytes).ok()?;
    Some(UnsupportedFile::Pickle { found: pickle.describe(pickle.root()) })
}

/// What a text is: a web page, an error message of a server, a Git LFS pointer and the like.
fn text(bytes: &[u8]) -> Option<UnsupportedFile> {
    let start = bytes.get(..TEXT_LENGTH).unwrap_or(bytes);
    let has_tag = start.trim_ascii_start().starts_with(b"<");
    let start = match std::str::from_utf8(start) {
        Ok(text) => Cow::Borrowed(text),
        // The last character may be cut off, and a web page may be in another encoding.
        Err(error) if has_tag || error.error_len().is_none() => String::from_utf8_lossy(start),
        Err(_) => return None,
    };
    let start = start.trim_start_matches('\u{feff}').trim();
    let is_text = |c: char| !c.is_control() || c.is_ascii_whitespace();
    if start.is_empty() || !start.chars().all(is_text) {
        return None;
    }
    let lower = start.to_ascii_lowercase();
    let html = ["<!doctype html", "<html", "<head", "<body", "<script", "<title"];
    Some(if lower.starts_with("version https://git-lfs") {
        UnsupportedFile::GitLfsPointer
    } else if lower.starts_with('<') && html.iter().any(|tag| lower.contains(tag)) {
        UnsupportedFile::WebPage
    } else if lower.contains("\"weight_map\"") {
        UnsupportedFile::ShardIndex
    } else if lower.contains("\"model_type\"") || lower.contains("\"architectures\"") {
        UnsupportedFile::ModelConfig
    } else if lower.starts_with("<svg") || lower.contains("<svg ") {
        UnsupportedFile::Image(Cow::Borrowed("SVG"))
    } else {
        let words: Vec<&str> = start.split_whitespace().collect();
        UnsupportedFile::Text { start: words.join(" ").chars().take(SHOWN_LENGTH).collect() }
    })
}

/// The format of another program's network that has no fixed beginning.
fn other_network_format(bytes: &[u8]) -> Option<&'static str> {
    /// The end of a LevelDB table, in which TensorFlow keeps its index.
    const TABLE_END: &[u8] = b"\x57\xfb\x80\x8b\x24\x75\x47\xdb";
    if bytes.ends_with(TABLE_END) {
        return Some("TensorFlow checkpoint index");
    }
    match bytes.get(4..8) {
        Some(b"TFL3") => return Some("TensorFlow Lite"),
        Some(b"ET12" | b"ET13") => return Some("ExecuTorch"),
        _ => {}
    }
    // Protocol buffers begin with the number of their first field.
    match bytes {
        [0x08, 1, 0x12, ..] => Some("TensorFlow"),
        [0x08, 3..=30, 0x12, _, producer, ..] if producer.is_ascii_alphanumeric() => Some("ONNX"),
        [0x08, 3..=30, 0x3a | 0x42, ..] => Some("ONNX"),
        [0x08, 1..=30, 0x12, ..] => Some("Core ML, ONNX, TensorFlow"),
        [0x0a, _, 0x0a, _, name, ..] if name.is_ascii_alphanumeric() => Some("TensorFlow, Caffe"),
        _ => None,
    }
}

fn image_format(bytes: &[u8]) -> Option<&'static str> {
    if bytes.get(4..8) == Some(b"ftyp") {
        return Some("HEIC, AVIF, MP4");
    }
    match image::guess_format(bytes).ok()? {
        ImageFormat::Jpeg => Some("JPEG"),
        ImageFormat::Png => Some("PNG"),
        ImageFormat::Gif => Some("GIF"),
        ImageFormat::WebP => Some("WebP"),
        ImageFormat::Bmp => Some("BMP"),
        ImageFormat::Tiff => Some("TIFF"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn other(format: &'static str) -> UnsupportedFile {
        UnsupportedFile::OtherFormat(Cow::Borrowed(format))
    }

    fn compressed(format: &'static str) -> UnsupportedFile {
        UnsupportedFile::Compressed(Cow::Borrowed(format))
    }

    fn image(format: &'static str) -> UnsupportedFile {
        UnsupportedFile::Image(Cow::Borrowed(format))
    }

    fn text(start: &str) -> UnsupportedFile {
        UnsupportedFile::Text { start: start.to_owned() }
    }

    #[test]
    fn texts_are_identified() {
        use UnsupportedFile::{GitLfsPointer, ModelConfig, ShardIndex, WebPage};
        for (bytes, expected) in [
            ("<!DOCTYPE html><html>Not found", WebPage),
            ("\u{feff}\r\n  <!doctype HTML>\n<html lang=\"en\">", WebPage),
            ("<!-- saved -->\n<html>", WebPage),
            ("<?xml version=\"1.0\"?>\n<html xmlns=\"http://www.w3.org/1999/xhtml\">", WebPage),
            ("version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 4\n", GitLfsPointer),
            ("<Error>\n<Code>NoSuchKey</Code>", text("<Error> <Code>NoSuchKey</Code>")),
            ("{\"error\":\n \"not found\"}", text("{\"error\": \"not found\"}")),
            ("{\"metadata\": {}, \"weight_map\": {\"a\": \"b\"}}", ShardIndex),
            ("{\"architectures\": [\"ResNet\"]}", ModelConfig),
            ("Entry not found", text("Entry not found")),
            ("<svg xmlns=\"http://www.w3.org/2000/svg\"/>", image("SVG")),
        ] {
            assert_eq!(identify(bytes.as_bytes()), expected);
        }
        let cut = [b"a".repeat(TEXT_LENGTH - 1), "é".as_bytes().to_vec(), b"b".to_vec()].concat();
        assert_eq!(identify(&cut), text(&"a".repeat(SHOWN_LENGTH)));
        assert_eq!(identify(b"<html><title>Acc\xe8s refus\xe9</title>"), WebPage);
    }

    #[test]
    fn files_of_other_programs_are_identified() {
        for (bytes, expected) in [
            (&b""[..], UnsupportedFile::Empty),
            (b"\x89HDF\r\n\x1a\n\0\0", other("HDF5 (Keras, MATLAB)")),
            (b"GGUF\x03\0\0\0", other("GGUF")),
            (b"\x08\x07\x12\x07pytorch\x1a\x051.2.0:", other("ONNX")),
            (b"\x08\x01\x12\xf0\x80\x10\x0a", other("TensorFlow")),
            (b"\x08\x04\x12\x90\x01\x0a\x05", other("Core ML, ONNX, TensorFlow")),
            (b"\x0a\x2c\x0a\x05input\x12", other("TensorFlow, Caffe")),
            (b"\x1c\0\0\0TFL3\0\0", other("TensorFlow Lite")),
            (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", image("PNG")),
            (b"\xff\xd8\xff\xe0\0\x10JFIF\0", image("JPEG")),
            (b"\0\0\0\x18ftypheic\0\0\0\0", image("HEIC, AVIF, MP4")),
            (b"\0\0\0\0\0\0\0\0\0\0\0\0", UnsupportedFile::Zeros),
            (b"\x1f\x8b\x08\0", compressed("gzip")),
            (b"\xc3\x28\x01\x99", UnsupportedFile::Unknown),
        ] {
            assert_eq!(identify(bytes), expected);
        }
        let mut tar = vec![0; 1024];
        tar[257..262].copy_from_slice(b"ustar");
        assert_eq!(identify(&tar), compressed("tar"));
        tar[..8].copy_from_slice(b"sys_info");
        assert_eq!(identify(&tar), UnsupportedFile::OldPyTorch);
    }

    #[test]
    fn zip_archives_are_identified_by_their_entries() {
        for (names, expected) in [
            (&["cats/1.JPG", "dogs/2.jpeg"][..], UnsupportedFile::ZipOfImages),
            (&["config.json", "model.weights.h5"], other("Keras")),
            (&["arr_0.npy"], other("NumPy (.npz)")),
            (&["run/best.pth"], compressed("zip")),
            (&["models/model.json"], UnsupportedFile::TorchExport),
            (&["notes.txt"], UnsupportedFile::ZipWithoutWeights),
        ] {
            let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
            assert_eq!(identify_archive(&names), expected);
        }
    }
}
