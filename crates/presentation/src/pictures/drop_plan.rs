//! What becomes of files that were dropped or chosen.

use tunelab_core::data::cifar::is_cifar;
use tunelab_core::data::listed_file::is_system_file;

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
    /// The worker finds out what the files are: class folders, one more class, a table, CIFAR-10.
    Folder,
    /// The files at these indices are added to the class they were dropped on.
    AddToClass(Vec<usize>),
    /// The file at this index is a pretrained network.
    Network(usize),
    /// There is nothing but what systems leave behind.
    Nothing,
}

/// Makes a plan from the files' paths, relative to what was dropped and separated by `/`.
pub fn plan(paths: &[String], place: Place) -> DropPlan {
    let files: Vec<usize> =
        (0..paths.len()).filter(|&index| !is_system_file(&paths[index])).collect();
    match files[..] {
        [] => DropPlan::Nothing,
        _ if is_cifar(paths) => DropPlan::Folder,
        [file] if is_network(&paths[file]) => DropPlan::Network(file),
        _ if place == Place::Class => DropPlan::AddToClass(files),
        _ => DropPlan::Folder,
    }
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

    #[test]
    fn what_is_dropped_on_the_page_is_looked_at_by_the_worker() {
        for paths in [
            &["pets/cat/1.jpg", "pets/dog/1.jpg"][..],
            &["1.jpg", "2.png"],
            &["1.jpg", "labels.csv"],
            &["letter.txt"],
            &["pictures.zip"],
        ] {
            assert_eq!(on(Place::Page, paths), DropPlan::Folder, "{paths:?}");
        }
    }

    #[test]
    fn cifar_files_replace_wherever_they_are_dropped() {
        for place in [Place::Page, Place::Class] {
            assert_eq!(on(place, &["cifar-10-binary.tar.gz"]), DropPlan::Folder);
            assert_eq!(on(place, &["x/data_batch_1.BIN", "x/readme.html"]), DropPlan::Folder);
        }
    }

    #[test]
    fn what_is_dropped_on_a_class_goes_into_it() {
        let paths = ["1.jpg", "more/2.jpg", "Thumbs.db"];
        assert_eq!(on(Place::Class, &paths), DropPlan::AddToClass(vec![0, 1]));
        assert_eq!(on(Place::Class, &["1.jpg", "a.csv"]), DropPlan::AddToClass(vec![0, 1]));
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
