//! What a file is that holds no weights, by its content, and what its owner should do.

use std::borrow::Cow;

use image::ImageFormat;

use super::error::WeightsError;
use super::pickle::Pickle;

/// What to do with weights of other programs.
const USE_PYTORCH: &str = "use a .safetensors file or a PyTorch .pth file";
const UNPACK: &str = "unpack it and use the .safetensors or .pth file inside";
const DOWNLOAD_AGAIN: &str = "choose the weights file itself, or download it again";
const NOT_HERE: &str = "use pictures as training data, and here a .safetensors or .pth file";

/// How many bytes are looked at for text.
const TEXT_SPAN: usize = 4096;
/// How many characters of a text are shown.
const QUOTED: usize = 60;

/// Beginnings of files that are no text, what they are, and what to do.
const BEGINNINGS: [(&[u8], &str, &str); 15] = [
    (b"\x89HDF", "an HDF5 file, as Keras and MATLAB write them", USE_PYTORCH),
    (b"MATLAB", "a MATLAB file", USE_PYTORCH),
    (b"GGUF", "a GGUF language model", USE_PYTORCH),
    (b"\x93NUMPY", "a NumPy array", USE_PYTORCH),
    (b"\x12\x01\0\0\0\0\0\0", "an MXNet file", USE_PYTORCH),
    (b"\0\0\0\0\x02\0\0\0", "a file of Darknet (YOLO) weights", USE_PYTORCH),
    (b"\x1f\x8b", "compressed with gzip", UNPACK),
    (b"BZh", "compressed with bzip2", UNPACK),
    (b"\xfd7zXZ\0", "compressed with xz", UNPACK),
    (b"\x28\xb5\x2f\xfd", "compressed with Zstandard", UNPACK),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive", UNPACK),
    (b"Rar!", "a RAR archive", UNPACK),
    (b"%PDF", "a PDF document", USE_PYTORCH),
    (b"\x7fELF", "a program for Linux", USE_PYTORCH),
    (b"MZ", "a program for Windows", USE_PYTORCH),
];

/// Names inside zip archives of other programs, what such an archive is, and what to do.
const ARCHIVES: [(&str, &str, &str); 9] = [
    ("model.weights.h5", "a Keras model", USE_PYTORCH),
    (".h5", "a zip archive with a Keras (HDF5) file", USE_PYTORCH),
    ("saved_model.pb", "a TensorFlow model in a zip archive", USE_PYTORCH),
    (".npy", "a NumPy archive (.npz)", USE_PYTORCH),
    ("models/model.json", "a program of torch.export", "save the model's state_dict() instead"),
    ("archive_format", "a program of torch.export", "save the model's state_dict() instead"),
    ("[content_types].xml", "an office document", USE_PYTORCH),
    (".safetensors", "a zip archive with a weights file in it", UNPACK),
    (".pth", "a zip archive with a weights file in it", UNPACK),
];

/// What a file that is none of the supported ones is.
pub(super) fn identify(bytes: &[u8]) -> WeightsError {
    if bytes.is_empty() {
        return other("it is empty", DOWNLOAD_AGAIN);
    }
    if let Some(error) = tar(bytes).or_else(|| pickle(bytes)).or_else(|| text(bytes)) {
        return error;
    }
    if let Some((_, what, remedy)) = BEGINNINGS.iter().find(|(start, ..)| bytes.starts_with(start))
    {
        return other(format!("it is {what}"), remedy);
    }
    if bytes.iter().take(TEXT_SPAN).all(|&byte| byte == 0) {
        return other("it begins with zeros only, so the download was cut off", DOWNLOAD_AGAIN);
    }
    if let Some(what) = other_network(bytes) {
        return other(format!("it is {what}"), USE_PYTORCH);
    }
    if let Some(format) = picture(bytes) {
        return other(format!("it is a picture ({format})"), NOT_HERE);
    }
    other("its content is of no known format", USE_PYTORCH)
}

/// What a zip archive is that `torch.save` did not write, by the names in it.
pub(super) fn identify_archive(names: &[String]) -> WeightsError {
    let names: Vec<String> = names.iter().map(|name| name.to_ascii_lowercase()).collect();
    let has = |part: &str| names.iter().any(|name| name.ends_with(part));
    if let Some((_, what, remedy)) = ARCHIVES.iter().find(|(part, ..)| has(part)) {
        return other(format!("it is {what}"), remedy);
    }
    let is_picture = |name: &&String| ImageFormat::from_path(name.as_str()).is_ok();
    if names.iter().any(|name| is_picture(&name)) {
        return other(
            "it is a zip archive of pictures",
            "unpack it and use its folder as training data, and here a .safetensors or .pth file",
        );
    }
    other("it is a zip archive without a PyTorch file's data.pkl", USE_PYTORCH)
}

fn other(found: impl Into<String>, remedy: &'static str) -> WeightsError {
    WeightsError::UnknownFormat { found: found.into(), remedy }
}

fn tar(bytes: &[u8]) -> Option<WeightsError> {
    /// Where a tar archive has its mark.
    const MARK: usize = 257;
    bytes.get(MARK..).filter(|rest| rest.starts_with(b"ustar"))?;
    let is_pytorch = ["sys_info", "pickle", "storages", "tensors"]
        .iter()
        .any(|name| bytes.starts_with(name.as_bytes()) || bytes.starts_with(b"./"));
    Some(match is_pytorch {
        true => WeightsError::Unsupported {
            what: "the tar archive of PyTorch before 0.1.10",
            remedy: "load it in PyTorch and save it again with torch.save",
        },
        false => other("it is a tar archive", UNPACK),
    })
}

fn pickle(bytes: &[u8]) -> Option<WeightsError> {
    let (pickle, _) = Pickle::read(bytes).ok()?;
    let held = pickle.describe(pickle.root());
    let found = format!("it is a Python pickle of {held} that torch.save did not write");
    Some(other(found, USE_PYTORCH))
}

/// What a text is: a web page, an error message of a server, a Git LFS pointer and the like.
fn text(bytes: &[u8]) -> Option<WeightsError> {
    let start = bytes.get(..TEXT_SPAN).unwrap_or(bytes);
    let has_tag = start.trim_ascii_start().starts_with(b"<");
    let start = match std::str::from_utf8(start) {
        Ok(text) => Cow::Borrowed(text),
        // The last character may be cut, and a web page may be of another encoding.
        Err(error) if has_tag || error.error_len().is_none() => String::from_utf8_lossy(start),
        Err(_) => return None,
    };
    let start = start.trim_start_matches('\u{feff}').trim();
    let is_text = |c: char| !c.is_control() || c.is_ascii_whitespace();
    if start.is_empty() || !start.chars().all(is_text) {
        return None;
    }
    let lower = start.to_ascii_lowercase();
    let quote: Vec<&str> = start.split_whitespace().collect();
    let quote: String = quote.join(" ").chars().take(QUOTED).collect();
    let html = ["<!doctype html", "<html", "<head", "<body", "<script", "<title"];

    Some(if lower.starts_with("version https://git-lfs") {
        other(
            "it is a Git LFS pointer, which only says where the real file is",
            "get the real file by `git lfs pull` or from the project's web page",
        )
    } else if html.iter().any(|tag| lower.contains(tag)) && lower.starts_with('<') {
        other(
            "it is a web page, so the download went wrong",
            "open the page in a browser and download the file itself",
        )
    } else if lower.contains("\"weight_map\"") {
        other(
            "it is the index of weights that are split over several files",
            "save the model's state_dict() to one file",
        )
    } else if lower.contains("\"model_type\"") || lower.contains("\"architectures\"") {
        other("it is a model's configuration", "use the .safetensors file from the same place")
    } else if lower.starts_with("<svg") || lower.contains("<svg ") {
        other("it is a picture (SVG)", NOT_HERE)
    } else if is_json(&lower) {
        other(format!("it is a JSON text (`{quote}`)"), DOWNLOAD_AGAIN)
    } else if lower.starts_with("<?xml") || lower.starts_with('<') {
        other(format!("it is an XML text (`{quote}`)"), DOWNLOAD_AGAIN)
    } else {
        other(format!("it is plain text (`{quote}`)"), DOWNLOAD_AGAIN)
    })
}

/// Whether a text begins as JSON does; one of INI or TOML may begin with a bracket too.
fn is_json(text: &str) -> bool {
    let after =
        |bracket| text.strip_prefix(bracket).and_then(|rest| rest.trim_start().chars().next());
    after('{').is_some_and(|next| "\"}".contains(next))
        || after('[').is_some_and(|next| "\"{[]-0123456789".contains(next))
}

/// Networks of other programs, whose files have no fixed beginning.
fn other_network(bytes: &[u8]) -> Option<&'static str> {
    /// The end of a table of LevelDB, which TensorFlow's index is.
    const TABLE_END: &[u8] = b"\x57\xfb\x80\x8b\x24\x75\x47\xdb";
    if bytes.ends_with(TABLE_END) {
        return Some("the index of a TensorFlow checkpoint");
    }
    match bytes.get(4..8) {
        Some(b"TFL3") => return Some("a TensorFlow Lite model"),
        Some(b"ET12" | b"ET13") => return Some("an ExecuTorch program"),
        _ => {}
    }
    // Protocol buffers begin with the number of their first field.
    match bytes {
        [0x08, 1, 0x12, ..] => Some("a TensorFlow model"),
        [0x08, 3..=30, 0x12, _, producer, ..] if producer.is_ascii_alphanumeric() => {
            Some("an ONNX model")
        }
        [0x08, 3..=30, 0x3a | 0x42, ..] => Some("an ONNX model"),
        [0x08, 1..=30, 0x12, ..] => Some("a Core ML, ONNX or TensorFlow model"),
        [0x0a, _, 0x0a, _, name, ..] if name.is_ascii_alphanumeric() => {
            Some("a TensorFlow graph or a Caffe model")
        }
        _ => None,
    }
}

fn picture(bytes: &[u8]) -> Option<&'static str> {
    if bytes.get(4..8) == Some(b"ftyp") {
        return Some("HEIC or AVIF, or a video");
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

    fn message(bytes: &[u8]) -> String {
        let message = identify(bytes).to_string();
        assert!(!message.contains('\n'), "{message}");
        message
    }

    #[test]
    fn texts_are_named_for_what_they_are() {
        for (text, expected) in [
            ("<!DOCTYPE html><html>Not found", "web page"),
            ("\u{feff}\r\n  <!doctype HTML>\n<html lang=\"en\">", "web page"),
            ("<!-- saved -->\n<html>", "web page"),
            ("<?xml version=\"1.0\"?>\n<html xmlns=\"http://www.w3.org/1999/xhtml\">", "web page"),
            ("version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 4\n", "git lfs pull"),
            ("<?xml version=\"1.0\"?>\n<Error><Code>NoSuchKey</Code>", "an XML text (`<?xml"),
            ("<Error><Code>AccessDenied</Code></Error>", "an XML text"),
            ("{\"error\":\n \"Repository not found\"}", "a JSON text (`{\"error\": \"Repository"),
            ("[1, 2]", "a JSON text"),
            ("[package]\nname = 1", "plain text (`[package] name = 1`)"),
            ("{\"metadata\": {}, \"weight_map\": {\"a\": \"b\"}}", "split over several files"),
            ("{\"architectures\": [\"ResNet\"]}", "a model's configuration"),
            ("Entry not found", "plain text (`Entry not found`)"),
            ("<svg xmlns=\"http://www.w3.org/2000/svg\"/>", "a picture (SVG)"),
        ] {
            assert!(message(text.as_bytes()).contains(expected), "{}", message(text.as_bytes()));
        }
        let cut = [b"a".repeat(TEXT_SPAN - 1), "é".as_bytes().to_vec(), b"b".to_vec()].concat();
        assert!(message(&cut).contains("plain text"));
        assert!(message(b"<html><title>Acc\xe8s refus\xe9</title>").contains("a web page"));
    }

    #[test]
    fn files_of_other_programs_are_named() {
        for (bytes, expected) in [
            (&b""[..], "empty"),
            (b"\x89HDF\r\n\x1a\n\0\0", "Keras"),
            (b"GGUF\x03\0\0\0", "GGUF"),
            (b"\x08\x07\x12\x07pytorch\x1a\x051.2.0:", "an ONNX model"),
            (b"\x08\x01\x12\xf0\x80\x10\x0a", "a TensorFlow model"),
            (b"\x08\x04\x12\x90\x01\x0a\x05", "Core ML"),
            (b"\x0a\x2c\x0a\x05input\x12", "a TensorFlow graph"),
            (b"\x1c\0\0\0TFL3\0\0", "TensorFlow Lite"),
            (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "a picture (PNG)"),
            (b"\xff\xd8\xff\xe0\0\x10JFIF\0", "a picture (JPEG)"),
            (b"\0\0\0\x18ftypheic\0\0\0\0", "HEIC"),
            (b"\0\0\0\0\0\0\0\0\0\0\0\0", "zeros only"),
            (b"\x1f\x8b\x08\0", "gzip; unpack it"),
            (b"\xc3\x28\x01\x99", "no known format"),
        ] {
            assert!(message(bytes).contains(expected), "{}", message(bytes));
        }
        let mut tar = vec![0; 1024];
        tar[257..262].copy_from_slice(b"ustar");
        assert!(message(&tar).contains("it is a tar archive"));
        tar[..8].copy_from_slice(b"sys_info");
        assert!(message(&tar).contains("PyTorch before 0.1.10"));
    }

    #[test]
    fn zip_archives_are_named_by_what_is_in_them() {
        let message = |names: &[&str]| {
            let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
            identify_archive(&names).to_string()
        };
        assert!(message(&["cats/1.JPG", "dogs/2.jpeg"]).contains("a zip archive of pictures"));
        assert!(message(&["config.json", "model.weights.h5"]).contains("a Keras model"));
        assert!(message(&["arr_0.npy"]).contains("NumPy"));
        assert!(message(&["run/best.pth"]).contains("unpack it"));
        assert!(message(&["notes.txt"]).contains("a zip archive without"));
    }
}
