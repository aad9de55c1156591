//! Datasets in one piece: the built-in sample, and CIFAR-10 and CIFAR-100 from the site or from files.

use std::sync::Arc;

use tunelab_core::data::cifar::{Cifar100Labels, SITE_FILES, is_archive, is_cifar_file, is_needed};
use tunelab_core::data::task::{Target, Task, TaskKind};
use tunelab_core::protocol::{ClassId, DownloadProblem, Reply, WorkerError};
use tunelab_engine::data::cifar::{CifarCollector, CifarData, read_archive};
use tunelab_engine::data::collection::{DataSplit, ImageSource, LabeledFile};
use tunelab_engine::data::sample::{
    FIRST_VALIDATION, SampleClass, TRAIN_PER_CLASS, VALIDATION_PER_CLASS, render,
};
use web_sys::File;

use super::download::{base_url, fetch};
use super::files::{Progress, read_bytes};
use super::images::Images;
use super::messages::post;

/// Replaces all images by the built-in sample.
pub async fn use_sample(images: &Images) {
    let splits = [
        (DataSplit::Train, "train", 0, TRAIN_PER_CLASS),
        (DataSplit::Validation, "val", FIRST_VALIDATION, VALIDATION_PER_CLASS),
    ];
    let total = SampleClass::ALL.len() * (TRAIN_PER_CLASS + VALIDATION_PER_CLASS);
    let mut progress = Progress::of_import(total);
    let mut rendered = Vec::with_capacity(total);
    for class in SampleClass::ALL {
        for (split, folder, first, count) in splits {
            for number in 0..count as u64 {
                let name = format!("{folder}/{}/{number}", class.name());
                rendered.push((class, split, name, render(class, first + number, 0)));
                progress.advance().await;
            }
        }
    }
    images.replace(|collection| {
        let classes = SampleClass::ALL.map(|class| collection.add_class(class.name()));
        for (class, split, name, image) in rendered {
            let source = ImageSource::Pixels(Arc::new(image));
            collection.add_image(classes[class as usize], name, split, source, None);
        }
    });
}

/// Replaces all images by the CIFAR-10 data of the site.
///
/// # Errors
/// The site has none, the download fails, or the file is damaged. The images are unchanged then.
pub async fn fetch_cifar(images: &Images) -> Result<(), WorkerError> {
    for path in SITE_FILES {
        let url = format!("{}{path}", base_url());
        let report = |received: u64, total: u64| {
            post(&Reply::Importing { done: received as usize, total: total as usize });
            true
        };
        let bytes = match fetch(&url, None, report).await {
            Err(WorkerError::Download { problem: DownloadProblem::Status(404), .. }) => continue,
            bytes => bytes?,
        };
        let data = if is_archive(path) {
            read(path, &bytes)?
        } else {
            let mut collector = CifarCollector::default();
            collector.add(path, &bytes)?;
            collector.finish()?
        };
        replace(images, data, Cifar100Labels::default());
        return Ok(());
    }
    Err(WorkerError::CifarNotOffered)
}

/// Replaces all images by those of CIFAR files: batches, or else an archive.
///
/// # Errors
/// The files are damaged or incomplete. The images are unchanged then.
pub async fn import_cifar(
    images: &Images,
    paths: &[String],
    files: &[&File],
    labels: Cifar100Labels,
) -> Result<(), WorkerError> {
    let bytes_of = async |path: &String, file: &File| {
        let bytes = read_bytes(file).await;
        bytes.map_err(|reason| WorkerError::File { file: path.clone(), reason })
    };
    let mut progress = Progress::of_import(files.len());
    let mut collector = CifarCollector::default();
    let mut batches = 0;
    for (path, file) in paths.iter().zip(files).filter(|(path, _)| is_needed(path)) {
        collector.add(path, &bytes_of(path, file).await?)?;
        batches += usize::from(is_cifar_file(path));
        progress.advance().await;
    }
    let archive = paths.iter().zip(files).find(|(path, _)| is_archive(path));
    let data = match archive {
        Some((path, file)) if batches == 0 => read(path, &bytes_of(path, file).await?)?,
        _ => collector.finish()?,
    };
    replace(images, data, labels);
    Ok(())
}

fn read(path: &str, bytes: &[u8]) -> Result<CifarData, WorkerError> {
    read_archive(bytes).map_err(|error| WorkerError::CifarArchive { file: path.to_owned(), error })
}

fn replace(images: &Images, data: CifarData, labels: Cifar100Labels) {
    let tasks = data.tasks(labels);
    let splits = [(DataSplit::Train, "train", data.train)]
        .into_iter()
        .chain(data.test.map(|test| (DataSplit::Validation, "test", test)));
    let mut labeled = Vec::new();
    for (split, batch, records) in splits {
        for (index, record) in records.into_iter().enumerate() {
            labeled.push(LabeledFile {
                name: format!("{batch} #{index}"),
                split,
                targets: record.targets(labels),
                source: ImageSource::Pixels(Arc::new(record.image)),
                cached: None,
            });
        }
    }
    images.replace(|collection| match &tasks[..] {
        [Task { kind: TaskKind::Class { classes }, .. }] => {
            let classes: Vec<ClassId> =
                classes.iter().map(|name| collection.add_class(name)).collect();
            for LabeledFile { name, split, source, targets, .. } in labeled {
                if let [Target::Class(label)] = targets[..]
                    && let Some(&class) = classes.get(label)
                {
                    collection.add_image(class, name, split, source, None);
                }
            }
        }
        _ => collection.use_table(tasks, labeled),
    });
}
