//! What becomes of files that were dropped or chosen.

use crate::data::cifar::is_cifar;
use crate::data::folder::{FolderError, is_clutter, plan as plan_folder};
use crate::data::table::pictures::is_table;

/// Where files were dropped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// On a class's card.
    Class,
    /// Anywhere else on the page.
    Page,
}

/// What to do with them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DropPlan {
    /// All files become the collection, class folder by class folder or by a table, in place of what was
    /// there.
    Replace,
    /// The files at these indices are added to the class they were dropped on.
    AddToClass(Vec<usize>),
    /// The files at these indices become a class of their own. An empty name gets a free one.
    NewClass { name: String, files: Vec<usize> },
    /// The file at this index is a pretrained network.
    Network(usize),
    /// There is nothing but hidden files.
    Nothing,
}

/// Makes a plan from the files' paths, relative to what was dropped and separated by `/`.
pub fn plan(paths: &[String], place: Place) -> DropPlan {
    let files: Vec<usize> = (0..paths.len()).filter(|&index| !is_clutter(&paths[index])).collect();
    if files.is_empty() {
        return DropPlan::Nothing;
    }
    if is_cifar(paths) {
        return DropPlan::Replace;
    }
    if let [file] = files[..]
        && is_network(&paths[file])
    {
        return DropPlan::Network(file);
    }
    if place == Place::Class {
        return DropPlan::AddToClass(files);
    }
    if files.iter().any(|&file| is_table(&paths[file])) {
        return DropPlan::Replace;
    }
    match plan_folder(paths) {
        Err(FolderError::OneClass { class }) => DropPlan::NewClass { name: class, files },
        Err(FolderError::NoClasses { .. }) => {
            let name = folder_of_all(paths, &files).unwrap_or_default();
            DropPlan::NewClass { name, files }
        }
        // What else is wrong with a folder, the engine says.
        Ok(_) | Err(_) => DropPlan::Replace,
    }
}

/// The innermost folder that holds all of the files.
fn folder_of_all(paths: &[String], files: &[usize]) -> Option<String> {
    let mut folders = files.iter().map(|&index| paths[index].rsplit_once('/').map(|(at, _)| at));
    let first = folders.next()??;
    folders
        .all(|folder| folder == Some(first))
        .then(|| first.rsplit('/').next().unwrap_or(first).to_string())
}

/// Weights files, by the names that training scripts give them.
fn is_network(path: &str) -> bool {
    let path = path.to_ascii_lowercase();
    [".safetensors", ".pth", ".pt", ".ckpt", ".pth.tar"].iter().any(|ending| path.ends_with(ending))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on(place: Place, paths: &[&str]) -> DropPlan {
        let paths: Vec<String> = paths.iter().map(ToString::to_string).collect();
        plan(&paths, place)
    }

    fn new_class(name: &str, files: &[usize]) -> DropPlan {
        DropPlan::NewClass { name: name.into(), files: files.to_vec() }
    }

    #[test]
    fn class_folders_replace_what_is_there() {
        let folders = ["pets/cat/1.jpg", "pets/dog/1.jpg"];
        assert_eq!(on(Place::Page, &folders), DropPlan::Replace);
        assert_eq!(on(Place::Page, &["cat/1.jpg", "dog/1.jpg"]), DropPlan::Replace);
        let split = ["a/train/x/1.png", "a/train/y/1.png", "a/val/x/2.png"];
        assert_eq!(on(Place::Page, &split), DropPlan::Replace);
    }

    #[test]
    fn cifar_files_replace_wherever_they_are_dropped() {
        for place in [Place::Page, Place::Class] {
            assert_eq!(on(place, &["cifar-10-binary.tar.gz"]), DropPlan::Replace);
            assert_eq!(on(place, &["x/data_batch_1.BIN", "x/readme.html"]), DropPlan::Replace);
        }
        let photos = ["cat/1.jpg", "cat/labels.bin"];
        assert_eq!(on(Place::Page, &photos), new_class("cat", &[0, 1]));
    }

    #[test]
    fn one_folder_of_pictures_is_a_class() {
        let cats = ["cat/1.jpg", "cat/.DS_Store", "cat/2.jpg"];
        assert_eq!(on(Place::Page, &cats), new_class("cat", &[0, 2]));
        assert_eq!(on(Place::Page, &["1.jpg", "2.png"]), new_class("", &[0, 1]));
    }

    #[test]
    fn a_table_replaces_what_is_there() {
        assert_eq!(on(Place::Page, &["1.jpg", "labels.csv"]), DropPlan::Replace);
        assert_eq!(on(Place::Page, &["pets/1.jpg", "pets/labels.TSV"]), DropPlan::Replace);
        let hidden = ["pets/1.jpg", "pets/.labels.csv"];
        assert_eq!(on(Place::Page, &hidden), new_class("pets", &[0]));
        assert_eq!(on(Place::Class, &["1.jpg", "a.csv"]), DropPlan::AddToClass(vec![0, 1]));
    }

    #[test]
    fn what_is_dropped_on_a_class_goes_into_it() {
        let paths = ["1.jpg", "more/2.jpg", "Thumbs.db"];
        assert_eq!(on(Place::Class, &paths), DropPlan::AddToClass(vec![0, 1]));
    }

    #[test]
    fn what_cannot_be_used_is_left_to_the_engine_to_explain() {
        assert_eq!(on(Place::Page, &["letter.txt"]), DropPlan::Replace);
        assert_eq!(on(Place::Page, &["letters/letter.txt"]), DropPlan::Replace);
        assert_eq!(on(Place::Page, &["a/val/x/1.png", "a/val/y/1.png"]), DropPlan::Replace);
    }

    #[test]
    fn a_weights_file_is_a_network() {
        assert_eq!(on(Place::Page, &[".DS_Store", "a.safetensors"]), DropPlan::Network(1));
        for name in ["resnet18.PTH", "epoch=3-step=40.ckpt", "model_best.pth.tar"] {
            assert_eq!(on(Place::Class, &[name]), DropPlan::Network(0));
        }
    }

    #[test]
    fn hidden_files_are_nothing() {
        assert_eq!(on(Place::Page, &[]), DropPlan::Nothing);
        assert_eq!(on(Place::Class, &["x/.git/config", "__MACOSX/a.png"]), DropPlan::Nothing);
    }
}
