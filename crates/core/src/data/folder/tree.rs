//! The tree of files below a folder.

use std::collections::BTreeSet;

use super::names::is_unrelated;

/// A file or an empty folder.
#[derive(Clone)]
pub(super) struct Entry<'a> {
    /// Index into the list of files.
    pub index: usize,
    /// The path as listed.
    pub path: &'a str,
    /// The components of the path below the folders that were descended into.
    pub components: Vec<&'a str>,
}

impl<'a> Entry<'a> {
    /// The top folder that contains it, if any.
    pub fn folder(&self) -> Option<&'a str> {
        match self.components.as_slice() {
            [folder, _, ..] => Some(folder),
            _ => None,
        }
    }

    /// Whether it is in a folder inside the top folder.
    pub fn is_nested(&self) -> bool {
        self.components.len() > 2
    }
}

/// The files below one folder.
#[derive(Clone)]
pub(super) struct Tree<'a> {
    pub images: Vec<Entry<'a>>,
    /// Files that are not images, and empty folders.
    pub others: Vec<Entry<'a>>,
}

impl<'a> Tree<'a> {
    /// Descends into the only folder with images while it has subfolders, until `stops` is true for a folder. Returns
    /// the loose images on the way.
    ///
    /// Does not descend into the last folder, so that a single class has a name, even if some of its images are in a
    /// subfolder.
    pub fn descend(&mut self, stops: impl Fn(&str) -> bool) -> Vec<Entry<'a>> {
        let mut passed = Vec::new();
        let mut before = None;
        while let Some(folder) = self.only_folder()
            && !stops(folder)
            && self.images.iter().any(Entry::is_nested)
        {
            before = Some((self.clone(), passed.len()));
            let (inside, loose) =
                self.images.drain(..).partition(|entry| entry.folder() == Some(folder));
            passed.extend::<Vec<_>>(loose);
            self.images = inside;
            self.others.retain(|entry| entry.folder() == Some(folder));
            for entry in self.images.iter_mut().chain(&mut self.others) {
                entry.components.remove(0);
            }
        }
        let is_class = self.only_folder().is_some()
            && self.images.iter().any(|entry| entry.folder().is_none());
        if let Some((tree, count)) = before.filter(|_| is_class) {
            *self = tree;
            passed.truncate(count);
        }
        passed
    }

    /// The only top folder with images, except for unrelated folders next to a dataset with folders.
    fn only_folder(&self) -> Option<&'a str> {
        let mut folders = top_folders(&self.images);
        let nested = self.images.iter().filter(|entry| entry.is_nested());
        if let Some(dataset) = nested.filter_map(Entry::folder).find(|one| !is_unrelated(one)) {
            folders.retain(|folder| *folder == dataset || !is_unrelated(folder));
        }
        folders.first().copied().filter(|_| folders.len() == 1)
    }

    /// The contents of one of the top folders.
    pub fn inside(&self, folder: &str) -> Self {
        let inside = |entries: &[Entry<'a>]| {
            let inside = entries.iter().filter(|entry| entry.folder() == Some(folder));
            let below =
                |entry: &Entry<'a>| Entry { components: entry.components[1..].to_vec(), ..*entry };
            inside.map(below).collect()
        };
        Self { images: inside(&self.images), others: inside(&self.others) }
    }
}

/// The top folders of some entries, sorted.
pub(super) fn top_folders<'a>(entries: &[Entry<'a>]) -> BTreeSet<&'a str> {
    entries.iter().filter_map(Entry::folder).collect()
}

/// The components of a path.
pub(super) fn components(path: &str) -> Vec<&str> {
    path.split('/').filter(|component| !matches!(*component, "" | ".")).collect()
}
