//! The files of a dataset, and the meaning of their names.

use super::file_kind::FileKind;

/// Extensions of images that can be decoded, in lower case.
const IMAGE_EXTENSIONS: [&str; 9] =
    ["jpg", "jpeg", "jpe", "jfif", "pjpeg", "png", "webp", "gif", "bmp"];

/// Files and folders that operating systems, file managers and network drives create, in lower case.
const SYSTEM_FILES: [&str; 22] = [
    "__macosx",
    "@eadir",
    "@recycle",
    "@recently-snapshot",
    "@synoresource",
    "#recycle",
    "#snapshot",
    "$recycle.bin",
    "recycler",
    "system volume information",
    "lost+found",
    "found.000",
    "node_modules",
    "network trash folder",
    "temporary items",
    "__pycache__",
    "thumbs.db",
    "ehthumbs.db",
    "ehthumbs_vista.db",
    "desktop.ini",
    "picasa.ini",
    "icon\r",
];

/// A file in the chosen folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedFile {
    /// Relative to the chosen folder, separated by `/`.
    pub path: String,
    /// The kind by content; `None` if the name is enough ([`needs_probe`]).
    pub kind: Option<FileKind>,
}

impl ListedFile {
    /// Whether it is an image, in a supported format or not.
    pub fn is_image(&self) -> bool {
        self.kind.map_or_else(|| has_image_extension(&self.path), FileKind::is_image)
    }

    /// Whether it is an image in a supported format.
    pub fn is_decodable(&self) -> bool {
        self.kind.map_or_else(|| has_image_extension(&self.path), FileKind::is_decodable)
    }
}

/// Whether the content of a file must be examined to know if it is an image.
pub fn needs_probe(path: &str) -> bool {
    !has_image_extension(path) && !is_system_file(path)
}

/// Whether a file has the extension of an image that can be decoded.
pub fn has_image_extension(path: &str) -> bool {
    file_name(path).rsplit_once('.').is_some_and(|(stem, extension)| {
        !stem.is_empty()
            && IMAGE_EXTENSIONS.iter().any(|known| extension.eq_ignore_ascii_case(known))
    })
}

/// Whether a file is hidden, was created by an operating system or a file manager, or is in such a folder.
pub fn is_system_file(path: &str) -> bool {
    path.split('/').any(|name| {
        // A path may begin with the current folder.
        (name.starts_with('.') && !matches!(name, "." | ".."))
            || name.starts_with("~$")
            || name.ends_with(":Zone.Identifier")
            || SYSTEM_FILES.contains(&name.to_lowercase().as_str())
    })
}

/// The last component of a path.
pub fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn system_files_are_recognized() {
        for path in [
            "cat/.DS_Store",
            "cat/._p0.png",
            "__MACOSX/cat/p.png",
            "cat/@eaDir/p.jpg/SYNOPHOTO_THUMB_M.jpg",
            "$RECYCLE.BIN/S-1/p.png",
            "System Volume Information/x",
            "cat/Desktop.ini",
            "cat/Icon\r",
            "cat/ehthumbs.db",
            "cat/~$notes.docx",
            "cat/.ipynb_checkpoints/p-checkpoint.png",
        ] {
            assert!(is_system_file(path), "{path:?}");
        }
        for path in ["cat/icon.png", "./cat/p.png", "../cat/p.png", "recycled/p.png", "cat/~p.png"]
        {
            assert!(!is_system_file(path), "{path:?}");
        }
    }

    #[test]
    fn image_extensions_are_recognized() {
        for path in ["a.jfif", "x/b.PJPEG", "c.Jpg", "d.jpg.jpg"] {
            assert!(has_image_extension(path), "{path}");
        }
        for path in ["a", "jpg", ".jpg", "x.jpg/readme", "a.jpg ", "b.heic"] {
            assert!(!has_image_extension(path), "{path}");
        }
    }
}
