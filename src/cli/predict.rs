//! `tunelab predict`.

use std::path::PathBuf;
use std::time::Instant;

use serde_json::{Map, Value, json};
use tunelab_l10n::Texts;

use super::args::PredictArgs;
use super::error::CliError;
use super::evaluate::{load_model, preprocessing};
use super::files::{Listing, name_of};
use super::images::read_image;
use super::output::{Output, one_line};
use super::report::of_tasks;
use tunelab_core::data::skipped::SkippedFile;
use tunelab_core::data::task::{Task, TaskKind};
use tunelab_core::data::warning::DataWarning;
use tunelab_core::metrics::prediction::{LABEL_THRESHOLD, Prediction};
use tunelab_engine::data::cached_image::CachedImage;
use tunelab_engine::device;
use tunelab_engine::eval::predict::predict;
use tunelab_engine::model::folded::FoldedResNet;

/// Predicts the tasks of images and prints one line per image. Images that cannot be read are skipped.
pub async fn run(args: PredictArgs, output: Output) -> Result<(), CliError> {
    let started = Instant::now();
    let device = device::open(args.device.into()).await?;
    let model = load_model(&args.model, &device)?;
    let preprocessing = preprocessing(&model, args.size)?;
    let tasks = model.tasks();
    let network = FoldedResNet::new(&model.network);

    let (files, unusable) = files(&args.images);
    let (mut images, mut skipped) = (0, unusable.len());
    let mut incomplete = Vec::new();
    unusable.iter().for_each(|file| output.skipped(file));
    for (name, path) in files {
        match read_image(&path) {
            Ok((image, info)) => {
                if info.is_incomplete {
                    incomplete.push(name.clone());
                }
                let image = CachedImage::new(image, &preprocessing, false);
                let predictions = predict(&network, &tasks, image, &device).await?;
                print(output, &name, &tasks, &predictions, args.top);
                images += 1;
            }
            Err(reason) => {
                output.skipped(&SkippedFile { name, reason });
                skipped += 1;
            }
        }
    }
    let warning = DataWarning::incomplete_images(&incomplete);
    warning.iter().for_each(|warning| output.data_warning(warning));
    match (images, skipped) {
        (0, 0) => return Err(CliError::NoImages),
        (0, _) => return Err(CliError::NoReadableImages),
        _ => {}
    }
    output.event(json!({
        "event": "done",
        "images": images,
        "skipped": skipped,
        "seconds": started.elapsed().as_secs_f64(),
    }));
    Ok(())
}

/// The given images and those in the given folders, with their names; and the files that cannot be used.
fn files(given: &[PathBuf]) -> (Vec<(String, PathBuf)>, Vec<SkippedFile>) {
    let (mut files, mut skipped) = (Vec::new(), Vec::new());
    for path in given {
        let name = name_of(path);
        if !path.is_dir() {
            files.push((name, path.clone()));
            continue;
        }
        let listing = match Listing::of(path) {
            Ok(listing) => listing,
            Err(reason) => {
                skipped.push(SkippedFile { name, reason });
                continue;
            }
        };
        let inside = |file: String| format!("{}/{file}", name.trim_end_matches('/'));
        let (images, unusable) = listing.into_images();
        files.extend(images.into_iter().map(|(file, location)| (inside(file), location)));
        let unusable = unusable.into_iter();
        skipped.extend(
            unusable.map(|SkippedFile { name, reason }| SkippedFile { name: inside(name), reason }),
        );
    }
    (files, skipped)
}

/// Prints the predictions of all tasks for an image.
fn print(output: Output, file: &str, tasks: &[Task], predictions: &[Prediction], top: usize) {
    let texts = output.texts;
    let described = tasks
        .iter()
        .zip(predictions)
        .map(|(task, prediction)| describe(texts, &task.kind, prediction, top));
    let (fields, values): (Vec<_>, Vec<_>) = described.unzip();
    let mut event = Map::from_iter([
        ("event".to_owned(), json!("prediction")),
        ("file".to_owned(), json!(file)),
    ]);
    if let [Value::Object(only)] = &fields[..] {
        event.extend(only.clone());
    } else {
        let named: Map<_, _> = tasks.iter().map(|task| task.name.clone()).zip(fields).collect();
        event.insert("tasks".to_owned(), named.into());
    }
    output.event(event);
    let prediction = of_tasks(texts, tasks, values.into_iter());
    output.line(one_line(&texts.cli_prediction(file, &prediction)));
}

/// A prediction as JSON and as text.
fn describe(texts: Texts, kind: &TaskKind, prediction: &Prediction, top: usize) -> (Value, String) {
    let list = |ranked: &[(&str, f64)]| {
        ranked
            .iter()
            .map(|(name, probability)| texts.try_top_class(name, &texts.probability(*probability)))
            .collect::<Vec<_>>()
            .join(texts.format_list_separator())
    };
    match (kind, prediction) {
        (TaskKind::Class { classes }, Prediction::Class(probabilities)) => {
            let ranked = rank(classes, probabilities);
            let entry = |(class, probability): &(&str, f64)| json!({ "class": class, "probability": probability });
            let best = ranked.first().copied().unwrap_or_default();
            let value = json!({
                "class": best.0,
                "probability": best.1,
                "classes": ranked.iter().map(entry).collect::<Vec<_>>(),
            });
            (value, list(&ranked[..ranked.len().min(top.max(1))]))
        }
        (TaskKind::Labels { labels }, Prediction::Labels(probabilities)) => {
            let ranked = rank(labels, probabilities);
            let predicted =
                ranked.partition_point(|(_, probability)| *probability >= LABEL_THRESHOLD);
            let predicted = &ranked[..predicted];
            let entry = |(label, probability): &(&str, f64)| json!({ "label": label, "probability": probability });
            let value = json!({
                "labels": predicted.iter().map(|(label, _)| *label).collect::<Vec<_>>(),
                "probabilities": ranked.iter().map(entry).collect::<Vec<_>>(),
            });
            let text = match predicted {
                [] => texts.data_targets_no_labels().to_owned(),
                _ => list(predicted),
            };
            (value, text)
        }
        (_, Prediction::Number(number)) => {
            (json!({ "number": number }), texts.significant(*number))
        }
        _ => (json!({}), String::new()),
    }
}

/// The names with their probabilities, most likely first.
fn rank<'a>(names: &'a [String], probabilities: &[f64]) -> Vec<(&'a str, f64)> {
    let named = names.iter().map(String::as_str).zip(probabilities.iter().copied());
    let mut ranked: Vec<_> = named.collect();
    ranked.sort_by(|a, b| b.1.total_cmp(&a.1));
    ranked
}
