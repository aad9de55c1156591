//! The images of a comparison.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use clap::ValueEnum;
use serde::{Deserialize, Serialize};
use tunelab_core::data::split::{stratified_split, subset_per_class};
use tunelab_engine::data::cached_image::CachedImage;
use tunelab_engine::data::cifar::parse_batch;
use tunelab_engine::data::dataset::{Dataset, Example};
use tunelab_engine::data::decode::decode;
use tunelab_engine::data::sample::{TRAIN_PER_CLASS, sample_dataset};
use tunelab_engine::data::transform::Preprocessing;

/// What is learned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TaskName {
    /// CIFAR-10 at 1 image a class, and 1 to choose the epoch on
    Cifar1,
    /// CIFAR-10 at 2 images a class, and 1 to choose the epoch on
    Cifar2,
    /// CIFAR-10 at 5 images a class
    Cifar5,
    /// CIFAR-10 at 50 images a class
    Cifar50,
    /// The sign digits, 80 photographs a class
    Signs,
    /// CIFAR-10 at 500 images a class
    Cifar500,
    /// The built-in sample images, 60 a class
    Sample,
}

impl TaskName {
    /// Those that are compared where none is named.
    pub const USUAL: [TaskName; 5] =
        [Self::Cifar5, Self::Cifar50, Self::Cifar500, Self::Signs, Self::Sample];
    /// Those of photographs.
    pub const PHOTOGRAPHS: [TaskName; 4] =
        [Self::Cifar5, Self::Cifar50, Self::Cifar500, Self::Signs];

    /// What the table calls it.
    pub fn title(self) -> &'static str {
        match self {
            Self::Cifar1 => "CIFAR-10, 1 a class",
            Self::Cifar2 => "CIFAR-10, 2 a class",
            Self::Cifar5 => "CIFAR-10, 5 a class",
            Self::Cifar50 => "CIFAR-10, 50 a class",
            Self::Cifar500 => "CIFAR-10, 500 a class",
            Self::Signs => "sign digits, 80 a class",
            Self::Sample => "sample images, 60 a class",
        }
    }
}

/// Three parts: to train on, to choose the epoch on, to measure on.
pub struct Parts {
    pub train: Dataset,
    pub validation: Dataset,
    pub test: Dataset,
}

/// Reads the images of a task. The training images are drawn by the seed; which of the others choose
/// and which measure is the same for all.
pub fn load(folder: &Path, task: TaskName, seed: u64) -> Parts {
    let (all, held_out, share) = match task {
        TaskName::Signs => (
            folders(&folder.join("sign-digits/train")),
            folders(&folder.join("sign-digits/val")),
            0.25,
        ),
        TaskName::Sample => {
            let preprocessing = Preprocessing::default();
            let (train, held_out) = sample_dataset(TRAIN_PER_CLASS, 100, seed, &preprocessing);
            (train, held_out, 0.2)
        }
        _ => (
            cifar(&folder.join("cifar10-5k-train.bin")),
            cifar(&folder.join("cifar10-2k-test.bin")),
            0.1,
        ),
    };
    let per_class = match task {
        TaskName::Cifar1 => 1,
        TaskName::Cifar2 => 2,
        TaskName::Cifar5 => 5,
        TaskName::Cifar50 => 50,
        TaskName::Cifar500 => 500,
        TaskName::Signs | TaskName::Sample => usize::MAX,
    };
    let split = stratified_split(&held_out.strata(), share, 0);
    let mut validation = held_out.subset(&split.validation);
    if matches!(task, TaskName::Cifar1 | TaskName::Cifar2) {
        validation = validation.subset(&subset_per_class(&validation.strata(), 1, seed));
    }
    Parts {
        train: all.subset(&subset_per_class(&all.strata(), per_class, seed)),
        validation,
        test: held_out.subset(&split.train),
    }
}

fn cifar(path: &Path) -> Dataset {
    let bytes = fs::read(path).expect("the CIFAR-10 file is there");
    let records = parse_batch(&bytes, "cifar").expect("it is CIFAR-10").records;
    let examples = records.into_iter().enumerate().map(|(index, record)| {
        let image = CachedImage::new(record.image, &Preprocessing::default(), true);
        Example::of_class(format!("#{index}"), record.label, Arc::new(image))
    });
    Dataset {
        examples: examples.collect(),
        ..Dataset::of_classes((0..10).map(|class| class.to_string()).collect())
    }
}

fn folders(root: &Path) -> Dataset {
    let listed = |path: &Path| {
        let entries = fs::read_dir(path).expect("the folder is there");
        let mut paths: Vec<_> = entries.map(|entry| entry.expect("it is read").path()).collect();
        paths.sort();
        paths
    };
    let name = |path: &Path| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let classes = listed(root);
    let names = classes.iter().map(|class| name(class)).collect();
    let mut dataset = Dataset::of_classes(names);
    for (label, class) in classes.iter().enumerate() {
        for file in listed(class) {
            let image = decode(&fs::read(&file).expect("it is read")).expect("it is an image");
            let image = CachedImage::new(image, &Preprocessing::default(), true);
            dataset.examples.push(Example::of_class(name(&file), label, Arc::new(image)));
        }
    }
    dataset
}
