//! CIFAR-10 and CIFAR-100, from the site or from files.

use std::sync::Arc;

use web_sys::File;

use super::host::Host;
use super::models::{base_url, fetch};
use super::picture_files::{Progress, bytes_of};
use super::port::post;
use tunelab_core::data::cifar::{Cifar100Labels, is_archive, is_cifar_file, is_needed};
use tunelab_core::data::task::{Target, Task, TaskKind};
use tunelab_core::protocol::{ClassId, Reply};
use tunelab_engine::data::cifar::{CifarCollector, CifarData, read_archive};
use tunelab_engine::data::collection::{Described, Origin, Part};

/// What the site's owner may have put beside the app, see `www/data/README.md`.
const SERVED: [&str; 2] = ["data/cifar10.bin", "data/cifar-10-binary.tar.gz"];

/// CIFAR-10 from the site itself.
///
/// # Errors
/// A message for the user; the pictures are as they were then.
pub async fn fetch_cifar(host: &Host) -> Result<(), String> {
    for path in SERVED {
        let url = format!("{}{path}", base_url());
        let report = |received: u64, total: u64| {
            post(&Reply::Importing { done: received as usize, total: total as usize });
            true
        };
        if let Ok(bytes) = fetch(&url, None, report).await {
            let data = match is_archive(path) {
                true => {
                    read_archive(bytes.as_slice()).map_err(|error| format!("{path}: {error}"))?
                }
                false => {
                    let mut collector = CifarCollector::default();
                    collector.add(path, &bytes).map_err(|error| error.to_string())?;
                    collector.finish().map_err(|error| error.to_string())?
                }
            };
            use_cifar(host, data, Cifar100Labels::default());
            return Ok(());
        }
    }
    Err("this site does not offer CIFAR-10; download cifar-10-binary.tar.gz and drop it here"
        .into())
}

pub async fn add_cifar_files(
    host: &Host,
    paths: &[String],
    files: &[&File],
    labels: Cifar100Labels,
) -> Result<(), String> {
    let mut progress = Progress::of_import(files.len());
    let mut collector = CifarCollector::default();
    let mut batches = 0;
    for (path, file) in paths.iter().zip(files).filter(|(path, _)| is_needed(path)) {
        let bytes = bytes_of(file).await.map_err(|reason| format!("`{path}`: {reason}"))?;
        collector.add(path, &bytes).map_err(|error| error.to_string())?;
        batches += usize::from(is_cifar_file(path));
        progress.one_done().await;
    }
    let archive = paths.iter().zip(files).find(|(path, _)| is_archive(path));
    let data = match archive {
        Some((path, file)) if batches == 0 => {
            let bytes = bytes_of(file).await.map_err(|reason| format!("`{path}`: {reason}"))?;
            read_archive(bytes.as_slice()).map_err(|error| format!("`{path}`: {error}"))?
        }
        _ => collector.finish().map_err(|error| error.to_string())?,
    };
    use_cifar(host, data, labels);
    Ok(())
}

/// Replaces all pictures by those of CIFAR-10 or CIFAR-100.
fn use_cifar(host: &Host, data: CifarData, labels: Cifar100Labels) {
    let tasks = data.tasks(labels);
    let parts = [(Part::Train, "train", data.train)]
        .into_iter()
        .chain(data.test.map(|test| (Part::Validation, "test", test)));
    let mut entries = Vec::new();
    for (part, batch, records) in parts {
        for (index, record) in records.into_iter().enumerate() {
            entries.push(Described {
                name: format!("{batch} #{index}"),
                part,
                targets: record.targets(labels),
                origin: Origin::Pixels(Arc::new(record.image)),
                picture: None,
            });
        }
    }
    host.replace_pictures(|pictures| match &tasks[..] {
        [Task { kind: TaskKind::Class { classes }, .. }] => {
            let ids: Vec<ClassId> = classes.iter().map(|name| pictures.add_class(name)).collect();
            for Described { name, part, origin, targets, .. } in entries {
                if let [Target::Class(label)] = targets[..]
                    && let Some(&class) = ids.get(label)
                {
                    pictures.add_picture(class, name, part, origin, None);
                }
            }
        }
        _ => pictures.use_table(tasks, entries),
    });
}
