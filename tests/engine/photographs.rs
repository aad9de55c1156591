//! Real photographs from `shared/data`.

use std::fs;
use std::sync::Arc;

use tunelab_core::data::input::InputSize;
use tunelab_core::options::values::Strategy;
use tunelab_core::options::{Choices, Context, TrainConfig};
use tunelab_engine::data::cached_image::CachedImage;
use tunelab_engine::data::cifar::parse_batch;
use tunelab_engine::data::dataset::{Dataset, Example};
use tunelab_engine::data::decode::decode;
use tunelab_engine::data::transform::Preprocessing;

use crate::common::shared;
use crate::runs::Splits;

/// CIFAR-10 images at their original size, with `train` and `validation` images per class.
pub fn cifar(train: usize, validation: usize) -> Option<Splits> {
    let part = |path: &str, per_class: usize| {
        let records = parse_batch(&fs::read(shared(path)?).unwrap(), path).unwrap().records;
        let preprocessing = Preprocessing::with_size(InputSize::MIN);
        let mut counts = [0; 10];
        let mut dataset = Dataset::of_classes((0..10).map(|class| class.to_string()).collect());
        for (index, record) in records.into_iter().enumerate() {
            if counts[record.label] < per_class {
                counts[record.label] += 1;
                let image = Arc::new(CachedImage::new(record.image, &preprocessing, true));
                dataset.examples.push(Example::of_class(index.to_string(), record.label, image));
            }
        }
        Some(dataset)
    };
    Some((part("data/cifar10-5k-train.bin", train)?, part("data/cifar10-2k-test.bin", validation)?))
}

/// One epoch of up to 20 steps.
pub fn config(strategy: Strategy) -> TrainConfig {
    let choices = Choices::default()
        .with("strategy", strategy)
        .with("size", InputSize::MIN.get())
        .with("batch_size", 10);
    let context = Context { images: 200, has_validation: true, ..Context::default() };
    TrainConfig { epochs: 1, ..choices.resolve(&context).config }
}

/// Hand signs at 64 px; `picked` selects the photographs of each digit by their index.
pub fn signs(part: &str, picked: impl Fn(usize) -> bool) -> Option<Dataset> {
    let folder = shared(&format!("data/sign-digits/{part}"))?;
    let preprocessing = Preprocessing::with_size(InputSize::new(64).unwrap());
    let mut dataset = Dataset::of_classes((0..10).map(|digit| digit.to_string()).collect());
    for digit in 0..10 {
        let entries = fs::read_dir(folder.join(digit.to_string())).unwrap();
        let mut files: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
        files.sort();
        for (_, file) in files.iter().enumerate().filter(|(number, _)| picked(*number)) {
            let image = decode(&fs::read(file).unwrap()).unwrap();
            let image = Arc::new(CachedImage::new(image, &preprocessing, true));
            let name = file.display().to_string();
            dataset.examples.push(Example::of_class(name, digit, image));
        }
    }
    Some(dataset)
}
