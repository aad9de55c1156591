//! The datasets of a comparison.

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

/// A dataset, and the number of its training images per class.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TaskName {
    /// CIFAR-10 with 1 training image and 1 validation image per class
    Cifar1,
    /// CIFAR-10 with 2 training images and 1 validation image per class
    Cifar2,
    /// CIFAR-10 with 5 training images per class
    Cifar5,
    /// CIFAR-10 with 50 training images per class
    Cifar50,
    /// The sign digits, 80 photographs per class
    Signs,
    /// CIFAR-10 with 500 training images per class
    Cifar500,
    /// The built-in sample images, 60 per class
    Sample,
}

impl TaskName {
    /// The default datasets of a comparison of strategies.
    pub const DEFAULT: [TaskName; 5] =
        [Self::Cifar5, Self::Cifar50, Self::Cifar500, Self::Signs, Self::Sample];
    /// The datasets of photographs.
    pub const PHOTOGRAPHS: [TaskName; 4] =
        [Self::Cifar5, Self::Cifar50, Self::Cifar500, Self::Signs];

    /// The column heading in the table.
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

/// The splits of a dataset. The validation split selects the best epoch.
pub struct Splits {
    pub train: Dataset,
    pub validation: Dataset,
    pub test: Dataset,
}

/// Loads a dataset. The seed selects the training images; the validation and test splits are the same for all seeds.
pub fn load(folder: &Path, task: TaskName, seed: u64) -> Splits {
    let (all, held_out, fraction) = match task {
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
    let split = stratified_split(&held_out.strata(), fraction, 0);
    let mut validation = held_out.subset(&split.validation);
    if matches!(task, TaskName::Cifar1 | TaskName::Cifar2) {
        validation = validation.subset(&subset_per_class(&validation.strata(), 1, seed));
    }
    Splits {
        train: all.subset(&subset_per_class(&all.strata(), per_class, seed)),
        validation,
        test: held_out.subset(&split.train),
    }
}

fn cifar(path: &Path) -> Dataset {
    let bytes = fs::read(path).expect("the CIFAR-10 file exists");
    let records = parse_batch(&bytes, "cifar").expect("a CIFAR-10 batch").records;
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
        let entries = fs::read_dir(path).expect("the folder exists");
        let mut paths: Vec<_> = entries.map(|entry| entry.expect("an entry").path()).collect();
        paths.sort();
        paths
    };
    let name = |path: &Path| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let classes = listed(root);
    let names = classes.iter().map(|class| name(class)).collect();
    let mut dataset = Dataset::of_classes(names);
    for (label, class) in classes.iter().enumerate() {
        for file in listed(class) {
            let image = decode(&fs::read(&file).expect("a readable file")).expect("an image");
            let image = CachedImage::new(image, &Preprocessing::default(), true);
            dataset.examples.push(Example::of_class(name(&file), label, Arc::new(image)));
        }
    }
    dataset
}
