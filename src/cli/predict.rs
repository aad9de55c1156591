//! `tunelab predict`.

use std::path::PathBuf;
use std::time::Instant;

use serde_json::{Map, Value, json};

use super::args::PredictArgs;
use super::error::CliError;
use super::evaluate::{load_model, preprocessing};
use super::files::{Listing, name_of};
use super::output::{Output, one_line, percent};
use super::pictures::read_file;
use tunelab_core::data::skipped::{SkipReason, SkippedFile};
use tunelab_core::data::task::{Task, TaskKind};
use tunelab_core::data::warning::DataWarning;
use tunelab_core::metrics::prediction::Prediction;
use tunelab_core::metrics::regression::amount;
use tunelab_engine::data::cached_image::CachedImage;
use tunelab_engine::device;
use tunelab_engine::eval::predict::predict;
use tunelab_engine::model::folded::FoldedResNet;

/// Classifies pictures, one line each. Those that cannot be read are reported and left out.
pub async fn run(args: PredictArgs) -> Result<(), CliError> {
    let started = Instant::now();
    let output = Output::new(args.output.json);
    let device = device::open(args.device.into()).await?;
    let model = load_model(&args.model, &device)?;
    let preprocessing = preprocessing(&model, args.size)?;
    let tasks = model.tasks();
    let network = FoldedResNet::new(&model.network);

    let (files, left_out) = files(&args.images);
    let (mut classified, mut skipped) = (0, left_out.len());
    let mut incomplete = Vec::new();
    left_out.iter().for_each(|file| output.skipped(file));
    for (file, path) in files {
        match read_file(&path) {
            Ok((image, info)) => {
                if info.is_incomplete {
                    incomplete.push(file.clone());
                }
                let image = CachedImage::new(image, &preprocessing, false);
                let answers = predict(&network, &tasks, image, &device).await?;
                print(output, &file, &tasks, &answers, args.top);
                classified += 1;
            }
            Err(reason) => {
                output.skipped(&SkippedFile { name: file, reason });
                skipped += 1;
            }
        }
    }
    DataWarning::incomplete_images(&incomplete).iter().for_each(|one| output.warning(one));
    if classified == 0 {
        return Err(CliError::Usage(match skipped {
            0 => "there are no pictures in what was given".into(),
            _ => "none of the pictures could be read".into(),
        }));
    }
    output.event(&json!({
        "event": "done",
        "images": classified,
        "skipped": skipped,
        "seconds": started.elapsed().as_secs_f64(),
    }));
    Ok(())
}

/// The files to classify with their names: those given, and the pictures below given folders. Also what
/// cannot be used.
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
            Err(error) => {
                skipped.push(SkippedFile {
                    name: name.clone(),
                    reason: SkipReason::Unreadable { problem: error.to_string() },
                });
                continue;
            }
        };
        let inside = |file: String| format!("{}/{file}", name.trim_end_matches('/'));
        let (images, left_out) = listing.into_images();
        files.extend(images.into_iter().map(|(file, place)| (inside(file), place)));
        let left_out = left_out.into_iter();
        skipped.extend(
            left_out.map(|SkippedFile { name, reason }| SkippedFile { name: inside(name), reason }),
        );
    }
    (files, skipped)
}

/// Tells the answers to all tasks about a picture.
fn print(output: Output, file: &str, tasks: &[Task], answers: &[Prediction], top: usize) {
    let mut event = Map::from_iter([
        ("event".to_owned(), json!("prediction")),
        ("file".to_owned(), json!(file)),
    ]);
    let mut shown = Vec::new();
    let only = tasks.len() == 1;
    let mut by_name = Map::new();
    for (task, answer) in tasks.iter().zip(answers) {
        let (fields, words) = describe(&task.kind, answer, top);
        match only {
            true => event.extend(fields),
            false => drop(by_name.insert(task.name.clone(), fields.into())),
        }
        shown.push(if only { words } else { format!("{}: {words}", task.name) });
    }
    if !only {
        event.insert("tasks".to_owned(), by_name.into());
    }
    output.event(&event);
    output.line(format!("{}: {}", one_line(file), shown.join("; ")));
}

/// An answer for machines and for people.
fn describe(kind: &TaskKind, answer: &Prediction, top: usize) -> (Map<String, Value>, String) {
    let fields = |value: Value| value.as_object().cloned().unwrap_or_default();
    match (kind, answer) {
        (TaskKind::Class { classes }, Prediction::Class(probabilities)) => {
            let ranked = rank(classes, probabilities);
            let entry = |(class, probability): &(&str, f64)| json!({ "class": class, "probability": probability });
            let best = ranked.first().copied().unwrap_or_default();
            let words: Vec<String> = ranked
                .iter()
                .take(top.max(1))
                .map(|(class, probability)| format!("{class} {}", percent(*probability)))
                .collect();
            let value = json!({
                "class": best.0,
                "probability": best.1,
                "classes": ranked.iter().map(entry).collect::<Vec<_>>(),
            });
            (fields(value), words.join(", "))
        }
        (TaskKind::Labels { labels }, Prediction::Labels(probabilities)) => {
            let ranked = rank(labels, probabilities);
            let there = || ranked.iter().filter(|(_, probability)| *probability >= 0.5);
            let words: Vec<String> = there()
                .map(|(label, probability)| format!("{label} {}", percent(*probability)))
                .collect();
            let entry = |(label, probability): &(&str, f64)| json!({ "label": label, "probability": probability });
            let value = json!({
                "labels": there().map(|(label, _)| *label).collect::<Vec<_>>(),
                "probabilities": ranked.iter().map(entry).collect::<Vec<_>>(),
            });
            (fields(value), if words.is_empty() { "none".into() } else { words.join(", ") })
        }
        (_, Prediction::Number(number)) => (fields(json!({ "number": number })), amount(*number)),
        _ => (Map::new(), String::new()),
    }
}

/// The names with their probabilities, most likely first.
fn rank<'a>(names: &'a [String], probabilities: &[f64]) -> Vec<(&'a str, f64)> {
    let named = names.iter().map(String::as_str).zip(probabilities.iter().copied());
    let mut ranked: Vec<_> = named.collect();
    ranked.sort_by(|a, b| b.1.total_cmp(&a.1));
    ranked
}
