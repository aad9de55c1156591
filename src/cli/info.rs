//! `tunelab info`.

use serde_json::json;

use super::args::InfoArgs;
use super::error::{CliError, read};
use super::output::Output;
use tunelab_core::data::task::{Task, TaskKind};
use tunelab_core::model::weights_error::UnreadHead;
use tunelab_engine::model::weights::load;
use tunelab_engine::trained_model::TrainedModel;

/// Tells what a file of weights holds.
pub fn run(args: &InfoArgs) -> Result<(), CliError> {
    let output = Output::new(args.output.json);
    let bytes = read(&args.file)?;
    let weights =
        load(&bytes).map_err(|error| CliError::Weights { path: args.file.clone(), error })?;
    let info = TrainedModel::info_of(&weights);
    let head = weights.head.as_ref().map(|head| head.classes());
    let backbone: usize = weights.backbone.tensors.values().map(|tensor| tensor.data.len()).sum();
    let parameters = backbone
        + weights.head.as_ref().map_or(0, |head| head.weight.data.len() + head.bias.data.len());
    output.event(&json!({
        "event": "info",
        "file": args.file.display().to_string(),
        "bytes": bytes.len(),
        "format": weights.format,
        "naming": weights.naming,
        "architecture": weights.architecture,
        "parameters": parameters,
        "head_classes": head,
        "unread_head": weights.unread_head.as_ref().map(UnreadHead::to_string),
        "prefix": weights.prefix,
        "unused_tensors": weights.unused,
        "classes": info.as_ref().map(|info| &info.classes),
        "tasks": info.as_ref().map(|info| info.tasks()),
        "preprocessing": info.as_ref().map(|info| info.preprocessing),
        "metadata": weights.metadata,
    }));
    output.line(format!(
        "{}: {}, {:.1} million numbers, {:.1} MB",
        args.file.display(),
        weights.architecture,
        parameters as f64 / 1e6,
        bytes.len() as f64 / 1e6
    ));
    output.line(match (head, &weights.unread_head) {
        (Some(classes), _) => format!("It has a head for {classes} classes."),
        (None, None) => "It has no head; it can be trained, but not used to classify yet.".into(),
        (None, Some(reason)) => format!(
            "It has no head that can be used ({reason}); it can be trained, but not used to classify yet."
        ),
    });
    if !weights.prefix.is_empty() {
        output.line(format!("Its tensors are those under `{}` in the file.", weights.prefix));
    }
    if weights.unused > 0 {
        output.line(format!("{} other tensors are not used.", weights.unused));
    }
    if let Some(info) = info {
        for Task { name, kind } in info.tasks() {
            output.line(match kind {
                TaskKind::Class { classes } => format!("Classes: {}", classes.join(", ")),
                TaskKind::Labels { labels } => format!("Labels ({name}): {}", labels.join(", ")),
                TaskKind::Number { .. } => format!("Number: {name}"),
            });
        }
        output.line(format!("Input: {0} x {0} px", info.preprocessing.size.get()));
    }
    for (key, value) in weights.metadata.iter().filter(|(key, _)| *key != "tunelab") {
        output.line(format!("{key}: {value}"));
    }
    output.event(&json!({ "event": "done" }));
    Ok(())
}
