//! The files below a folder, as a tree.

use std::collections::BTreeSet;

use super::names::lies_beside;

/// A file, or an empty folder, and the parts of its path below the folders that were descended into.
#[derive(Clone)]
pub(super) struct Entry<'a> {
    pub index: usize,
    pub path: &'a str,
    pub parts: Vec<&'a str>,
}

impl<'a> Entry<'a> {
    /// The topmost folder it is in, if any.
    pub fn folder(&self) -> Option<&'a str> {
        match self.parts.as_slice() {
            [folder, _, ..] => Some(folder),
            _ => None,
        }
    }

    /// Whether there is a folder in its topmost folder.
    pub fn is_nested(&self) -> bool {
        self.parts.len() > 2
    }
}

/// Files below one folder.
#[derive(Clone)]
pub(super) struct Tree<'a> {
    pub pictures: Vec<Entry<'a>>,
    /// What is no picture.
    pub others: Vec<Entry<'a>>,
}

impl<'a> Tree<'a> {
    /// Goes into the only folder with pictures for as long as there are folders in it, so never into the
    /// last folder there is: with a single class its folder is kept, so that it can be named, also where it
    /// has some of its pictures in a folder of their own. Stops at a folder for which `stops` says so.
    /// Returns the loose pictures that were passed.
    pub fn descend(&mut self, stops: impl Fn(&str) -> bool) -> Vec<Entry<'a>> {
        let mut passed = Vec::new();
        let mut before = None;
        while let Some(folder) = self.only_folder()
            && !stops(folder)
            && self.pictures.iter().any(Entry::is_nested)
        {
            before = Some((self.clone(), passed.len()));
            let (inside, loose) =
                self.pictures.drain(..).partition(|entry| entry.folder() == Some(folder));
            passed.extend::<Vec<_>>(loose);
            self.pictures = inside;
            self.others.retain(|entry| entry.folder() == Some(folder));
            for entry in self.pictures.iter_mut().chain(&mut self.others) {
                entry.parts.remove(0);
            }
        }
        let is_class = self.only_folder().is_some()
            && self.pictures.iter().any(|entry| entry.folder().is_none());
        if let Some((tree, count)) = before.filter(|_| is_class) {
            *self = tree;
            passed.truncate(count);
        }
        passed
    }

    /// The only one of the topmost folders that has pictures; what lies beside a dataset by its name does not
    /// count, where the dataset has folders.
    fn only_folder(&self) -> Option<&'a str> {
        let mut folders = folders(&self.pictures);
        let nested = self.pictures.iter().filter(|entry| entry.is_nested());
        if let Some(dataset) = nested.filter_map(Entry::folder).find(|one| !lies_beside(one)) {
            folders.retain(|folder| *folder == dataset || !lies_beside(folder));
        }
        folders.first().copied().filter(|_| folders.len() == 1)
    }

    /// What lies in one of the topmost folders.
    pub fn inside(&self, folder: &str) -> Self {
        let inside = |entries: &[Entry<'a>]| {
            let inside = entries.iter().filter(|entry| entry.folder() == Some(folder));
            let below = |entry: &Entry<'a>| Entry { parts: entry.parts[1..].to_vec(), ..*entry };
            inside.map(below).collect()
        };
        Self { pictures: inside(&self.pictures), others: inside(&self.others) }
    }
}

/// The topmost folders of some files, in order.
pub(super) fn folders<'a>(entries: &[Entry<'a>]) -> BTreeSet<&'a str> {
    entries.iter().filter_map(Entry::folder).collect()
}

/// The names in a path.
pub(super) fn parts(path: &str) -> Vec<&str> {
    path.split('/').filter(|part| !matches!(*part, "" | ".")).collect()
}
