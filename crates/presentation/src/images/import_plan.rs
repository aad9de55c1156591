//! How dropped, pasted or chosen files are imported.

use tunelab_core::data::cifar::is_cifar;
use tunelab_core::data::listed_file::is_system_file;

/// Where files were dropped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DropTarget {
    /// The card of a class.
    Class,
    /// Anywhere else on the page.
    Page,
}

/// What to do with the files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ImportPlan {
    /// The worker detects what the files are: class folders, images of one more class, a table, CIFAR.
    Detect,
    /// The files at these indices are added to the class they were dropped on.
    AddToClass(Vec<usize>),
    /// The file at this index is a pretrained model.
    Model(usize),
    /// There are no files, or only files of the operating system.
    NoFiles,
}

impl ImportPlan {
    /// The plan for files by their paths, which are relative to what was dropped and separated by `/`.
    pub fn new(paths: &[String], target: DropTarget) -> Self {
        let files: Vec<usize> =
            (0..paths.len()).filter(|&index| !is_system_file(&paths[index])).collect();
        match files[..] {
            [] => Self::NoFiles,
            _ if is_cifar(paths) => Self::Detect,
            [file] if is_model(&paths[file]) => Self::Model(file),
            _ if target == DropTarget::Class => Self::AddToClass(files),
            _ => Self::Detect,
        }
    }
}

/// Whether a file has the name of a weights file.
fn is_model(path: &str) -> bool {
    let path = path.to_ascii_lowercase();
    [".safetensors", ".pth", ".pt", ".ckpt", ".pth.tar"].iter().any(|ending| path.ends_with(ending))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(target: DropTarget, paths: &[&str]) -> ImportPlan {
        let paths: Vec<String> = paths.iter().map(ToString::to_string).collect();
        ImportPlan::new(&paths, target)
    }

    #[test]
    fn the_worker_detects_what_is_dropped_on_the_page() {
        for paths in [
            &["pets/cat/1.jpg", "pets/dog/1.jpg"][..],
            &["1.jpg", "2.png"],
            &["1.jpg", "labels.csv"],
            &["letter.txt"],
            &["images.zip"],
        ] {
            assert_eq!(plan(DropTarget::Page, paths), ImportPlan::Detect, "{paths:?}");
        }
    }

    #[test]
    fn cifar_files_are_detected_wherever_they_are_dropped() {
        for target in [DropTarget::Page, DropTarget::Class] {
            assert_eq!(plan(target, &["cifar-10-binary.tar.gz"]), ImportPlan::Detect);
            assert_eq!(plan(target, &["x/data_batch_1.BIN", "x/readme.html"]), ImportPlan::Detect);
        }
    }

    #[test]
    fn files_dropped_on_a_class_are_added_to_it() {
        let paths = ["1.jpg", "more/2.jpg", "Thumbs.db"];
        assert_eq!(plan(DropTarget::Class, &paths), ImportPlan::AddToClass(vec![0, 1]));
        assert_eq!(
            plan(DropTarget::Class, &["1.jpg", "a.csv"]),
            ImportPlan::AddToClass(vec![0, 1])
        );
    }

    #[test]
    fn a_weights_file_is_a_model() {
        assert_eq!(plan(DropTarget::Page, &[".DS_Store", "a.safetensors"]), ImportPlan::Model(1));
        for name in ["resnet18.PTH", "epoch=3-step=40.ckpt", "model_best.pth.tar"] {
            assert_eq!(plan(DropTarget::Class, &[name]), ImportPlan::Model(0));
        }
    }

    #[test]
    fn files_of_the_operating_system_do_not_count() {
        assert_eq!(plan(DropTarget::Page, &[]), ImportPlan::NoFiles);
        assert_eq!(
            plan(DropTarget::Class, &["x/.git/config", "__MACOSX/a.png"]),
            ImportPlan::NoFiles
        );
    }
}
