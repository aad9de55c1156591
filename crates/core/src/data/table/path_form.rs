//! Normalized forms of file names in tables.

use std::borrow::Cow;

use crate::data::listed_file::has_image_extension;

/// Extensions of image formats that cannot be decoded, in lower case: the image may be a converted file.
const OTHER_EXTENSIONS: [&str; 10] =
    ["tif", "tiff", "heic", "heif", "avif", "jxl", "jp2", "dcm", "svg", "raw"];

/// The form in which names are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum NameForm {
    Exact,
    WithoutExtension,
    /// Without the extension and in lower case.
    AnyCase,
    /// The same without leading zeros: `7` for `0007`, as spreadsheets write it.
    WithoutZeros,
}

impl NameForm {
    /// A path in this form. `is_file` is whether it is the path of a file instead of a cell.
    pub fn of(self, path: &str, is_file: bool) -> Cow<'_, str> {
        let bare = || without_extension(path, is_file);
        match self {
            Self::Exact => path.into(),
            Self::WithoutExtension => bare().into(),
            Self::AnyCase => bare().to_lowercase().into(),
            Self::WithoutZeros => {
                let lower = bare().to_lowercase();
                let components: Vec<&str> = lower.split('/').map(without_zeros).collect();
                components.join("/").into()
            }
        }
    }
}

/// A number without leading zeros; any other name unchanged.
fn without_zeros(name: &str) -> &str {
    match name.trim_start_matches('0') {
        "" if !name.is_empty() => &name[name.len() - 1..],
        rest if name.bytes().all(|byte| byte.is_ascii_digit()) => rest,
        _ => name,
    }
}

/// A path without the extension of an image, or without any extension if it is the path of a file.
fn without_extension(path: &str, is_file: bool) -> &str {
    let Some((stem, extension)) = path.rsplit_once('.') else { return path };
    let is_image =
        has_image_extension(path) || OTHER_EXTENSIONS.contains(&extension.to_lowercase().as_str());
    if stem.is_empty() || stem.ends_with('/') || extension.contains('/') {
        path
    } else if is_image || (is_file && extension.len() <= 5) {
        stem
    } else {
        path
    }
}

/// A path with `/` between its components, without empty ones and `.`, and with `..` resolved. What leads out
/// of the folder is removed.
pub fn normalize_path(cell: &str) -> String {
    let mut components: Vec<&str> = Vec::new();
    for component in cell.split(['/', '\\']) {
        match component.trim() {
            "" | "." => {}
            ".." => drop(components.pop()),
            component => components.push(component),
        }
    }
    components.join("/")
}

/// The last component of a path, also of one with backslashes.
pub(super) fn file_name(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}

/// Whether a path ends with all components of another.
pub(super) fn ends_with(path: &str, end: &str) -> bool {
    path.strip_suffix(end).is_some_and(|rest| rest.is_empty() || rest.ends_with('/'))
}

/// The number of components that two paths have in common at their ends.
pub(super) fn common_components(a: &str, b: &str) -> usize {
    a.rsplit('/').zip(b.rsplit('/')).take_while(|(a, b)| a == b).count()
}
