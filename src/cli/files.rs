//! Lists the files of a folder, reads them and recognizes their kinds.

use std::ffi::OsStr;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use walkdir::WalkDir;

use tunelab_core::data::file_kind::{FileKind, PROBE_BYTES};
use tunelab_core::data::listed_file::{ListedFile, is_system_file, needs_probe};
use tunelab_core::data::skipped::{SkipReason, SkippedFile};
use tunelab_core::data::warning::DataWarning;

/// The files in a folder and its subfolders.
pub struct Listing {
    /// The files, sorted by their paths relative to the folder, with `/` as the separator.
    pub files: Vec<ListedFile>,
    /// The location of each file.
    pub locations: Vec<PathBuf>,
    /// Folders without files, also in their subfolders.
    pub empty_folders: Vec<String>,
    /// Files and folders that could not be read.
    pub skipped: Vec<SkippedFile>,
    pub warnings: Vec<DataWarning>,
}

impl Listing {
    /// Lists a folder, and recognizes the files whose extensions do not determine their kinds. Symbolic links are
    /// followed, except circular ones.
    ///
    /// # Errors
    /// The folder itself cannot be read.
    pub fn of(root: &Path) -> Result<Self, SkipReason> {
        let (mut found, mut folders, mut skipped, mut not_utf8) =
            (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for entry in WalkDir::new(root).follow_links(true).min_depth(1).sort_by_file_name() {
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) if error.depth() == 0 => {
                    return Err(error.into_io_error().map_or(SkipReason::CircularLink, unreadable));
                }
                Err(error) => {
                    let name =
                        error.path().map_or_else(String::new, |path| relative_name(root, path).0);
                    if !is_system_file(&name) {
                        let reason = why_unreadable(&error);
                        skipped.push(SkippedFile { name, reason });
                    }
                    continue;
                }
            };
            let (name, is_utf8) = relative_name(root, entry.path());
            if !is_utf8 {
                not_utf8.push(name.clone());
            }
            if entry.file_type().is_dir() {
                folders.push(name);
            } else if entry.file_type().is_file() {
                found.push((name, entry.into_path()));
            } else if !is_system_file(&name) {
                skipped.push(SkippedFile { name, reason: SkipReason::NotAFile });
            }
        }
        found.sort();
        let empty_folders = without_files(folders, &found);
        let listed = |(name, location): (String, PathBuf)| {
            let kind = if needs_probe(&name) { kind_of(&location).ok() } else { None };
            (ListedFile { path: name, kind }, location)
        };
        let (files, locations) = found.into_par_iter().map(listed).unzip();
        not_utf8.retain(|name| !is_system_file(name));
        let warning =
            (!not_utf8.is_empty()).then_some(DataWarning::NamesNotUtf8 { names: not_utf8 });
        let warnings = warning.into_iter().collect();
        Ok(Self { files, locations, empty_folders, skipped, warnings })
    }

    /// The names and locations of the images, and the images that cannot be decoded.
    pub fn into_images(self) -> (Vec<(String, PathBuf)>, Vec<SkippedFile>) {
        let (mut images, mut skipped) = (Vec::new(), self.skipped);
        for (ListedFile { path, kind }, location) in self.files.into_iter().zip(self.locations) {
            match kind {
                _ if is_system_file(&path) => {}
                Some(kind) if kind.is_image() && !kind.is_decodable() => {
                    skipped
                        .push(SkippedFile { name: path, reason: SkipReason::of_kind(Some(kind)) });
                }
                Some(kind) if !kind.is_decodable() => {}
                _ => images.push((path, location)),
            }
        }
        (images, skipped)
    }

    /// The relative paths of the files.
    pub fn paths(&self) -> Vec<String> {
        self.files.iter().map(|file| file.path.clone()).collect()
    }
}

/// The folders without files, also in their subfolders.
fn without_files(folders: Vec<String>, files: &[(String, PathBuf)]) -> Vec<String> {
    let has_files = |folder: &String| {
        let start = format!("{folder}/");
        let next = files.partition_point(|(name, _)| *name < start);
        files.get(next).is_some_and(|(name, _)| name.starts_with(&start))
    };
    folders.into_iter().filter(|folder| !has_files(folder)).collect()
}

/// The kind of a file by its first bytes.
pub fn kind_of(file: &Path) -> Result<FileKind, SkipReason> {
    check_file(file)?;
    let mut start = Vec::with_capacity(PROBE_BYTES);
    File::open(file)
        .and_then(|file| file.take(PROBE_BYTES as u64).read_to_end(&mut start))
        .map_err(unreadable)?;
    Ok(FileKind::of(&start))
}

/// Reads a whole file.
pub fn read_file(file: &Path) -> Result<Vec<u8>, SkipReason> {
    check_file(file)?;
    std::fs::read(file).map_err(unreadable)
}

/// Checks that this is a regular file: reading a pipe or a device may never end.
fn check_file(file: &Path) -> Result<(), SkipReason> {
    let metadata = std::fs::metadata(file).map_err(unreadable)?;
    if metadata.is_file() { Ok(()) } else { Err(SkipReason::NotAFile) }
}

/// The reason for skipping a file after an error of the operating system.
#[expect(clippy::needless_pass_by_value, reason = "for map_err")]
pub fn unreadable(error: std::io::Error) -> SkipReason {
    SkipReason::Unreadable { problem: error.to_string() }
}

/// A path as text; see [`text_of`].
pub fn name_of(path: &Path) -> String {
    text_of(path.as_os_str()).0
}

fn why_unreadable(error: &walkdir::Error) -> SkipReason {
    match (error.loop_ancestor(), error.io_error()) {
        (Some(_), _) => SkipReason::CircularLink,
        (None, Some(error)) if error.kind() == std::io::ErrorKind::NotFound => {
            SkipReason::BrokenLink
        }
        _ => SkipReason::Unreadable { problem: error.to_string() },
    }
}

/// A path relative to the root as text, with `/` as the separator, and whether its last part is UTF-8.
fn relative_name(root: &Path, path: &Path) -> (String, bool) {
    let relative = path.strip_prefix(root).unwrap_or(path);
    let (names, are_utf8): (Vec<String>, Vec<bool>) = relative.iter().map(text_of).unzip();
    (names.join("/"), are_utf8.last().copied().unwrap_or(true))
}

/// A name as text, and whether it is UTF-8. Invalid bytes are written as `\xNN`, so that names that differ only in
/// them remain different.
#[cfg(unix)]
fn text_of(name: &OsStr) -> (String, bool) {
    use std::os::unix::ffi::OsStrExt;
    let bytes = name.as_bytes();
    if let Ok(name) = std::str::from_utf8(bytes) {
        return (name.to_owned(), true);
    }
    let mut text = String::new();
    for chunk in bytes.utf8_chunks() {
        text.push_str(&chunk.valid().replace('\\', r"\\"));
        chunk.invalid().iter().for_each(|byte| text.push_str(&format!(r"\x{byte:02X}")));
    }
    (text, false)
}

#[cfg(not(unix))]
fn text_of(name: &OsStr) -> (String, bool) {
    (name.to_string_lossy().into_owned(), name.to_str().is_some())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn paths(listing: &Listing) -> Vec<&str> {
        listing.files.iter().map(|file| file.path.as_str()).collect()
    }

    #[test]
    fn files_and_empty_folders_are_listed_in_order() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["b/empty/deep", "a", "c"] {
            fs::create_dir_all(folder.path().join(name)).unwrap();
        }
        fs::write(folder.path().join("a/2.txt"), "text").unwrap();
        fs::write(folder.path().join("a/1.jpg"), "not looked at").unwrap();
        let listing = Listing::of(folder.path()).unwrap();
        assert_eq!(paths(&listing), ["a/1.jpg", "a/2.txt"]);
        assert_eq!(listing.files[0].kind, None);
        assert_eq!(listing.files[1].kind, Some(FileKind::Text));
        assert_eq!(listing.empty_folders, ["b", "b/empty", "b/empty/deep", "c"]);
        assert!(Listing::of(&folder.path().join("nowhere")).is_err());
    }

    #[cfg(unix)]
    #[test]
    fn links_are_followed_but_not_in_circles() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("cat")).unwrap();
        fs::write(folder.path().join("cat/1.jpg"), "x").unwrap();
        let link = |to: &str, name: &str| {
            std::os::unix::fs::symlink(to, folder.path().join(name)).unwrap();
        };
        link("cat", "kitten");
        link("..", "cat/up");
        link("nowhere", "broken.jpg");
        let listing = Listing::of(folder.path()).unwrap();
        assert_eq!(paths(&listing), ["cat/1.jpg", "kitten/1.jpg"]);
        let mut skipped: Vec<(&str, &SkipReason)> =
            listing.skipped.iter().map(|file| (file.name.as_str(), &file.reason)).collect();
        skipped.sort_by_key(|(name, _)| *name);
        assert_eq!(skipped[0], ("broken.jpg", &SkipReason::BrokenLink));
        assert_eq!(skipped[1], ("cat/up", &SkipReason::CircularLink));
    }

    #[cfg(unix)]
    #[test]
    fn names_that_are_not_utf8_stay_different() {
        use std::os::unix::ffi::OsStrExt;
        let folder = tempfile::tempdir().unwrap();
        for name in [&b"caf\xe9"[..], b"caf\xe8", b"tea"] {
            let class = folder.path().join(OsStr::from_bytes(name));
            fs::create_dir(&class).unwrap();
            fs::write(class.join("1.jpg"), "x").unwrap();
        }
        let listing = Listing::of(folder.path()).unwrap();
        assert_eq!(paths(&listing), [r"caf\xE8/1.jpg", r"caf\xE9/1.jpg", "tea/1.jpg"]);
        assert!(matches!(&listing.warnings[..], [DataWarning::NamesNotUtf8 { .. }]));
        assert!(listing.locations.iter().all(|location| location.is_file()));
    }
}
