//! `tunelab info`.

use serde_json::json;
use tunelab_l10n::Localize;

use super::args::InfoArgs;
use super::error::{CliError, read};
use super::output::Output;
use tunelab_core::data::task::{Task, TaskKind};
use tunelab_core::model::weights_error::UnreadHead;
use tunelab_engine::model::weights::load;
use tunelab_engine::trained_model::TrainedModel;

/// Describes a weights file.
pub fn run(args: &InfoArgs, output: Output) -> Result<(), CliError> {
    let texts = output.texts;
    let bytes = read(&args.file)?;
    let weights = load(&bytes).map_err(CliError::at(&args.file))?;
    let info = TrainedModel::info_of(&weights);
    let head = weights.head.as_ref().map(|head| head.classes());
    let backbone: usize = weights.backbone.tensors.values().map(|tensor| tensor.data.len()).sum();
    let parameters = backbone
        + weights.head.as_ref().map_or(0, |head| head.weight.data.len() + head.bias.data.len());
    let file = args.file.display().to_string();
    output.event(json!({
        "event": "info",
        "file": file,
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
    output.line(texts.cli_weights(
        &file,
        &weights.architecture.to_string(),
        &texts.large_count(parameters),
        &texts.file_size(bytes.len() as u64),
    ));
    output.line(match (head, &weights.unread_head) {
        (Some(classes), _) => texts.cli_head(classes),
        (None, None) => texts.cli_no_head().into(),
        (None, Some(reason)) => texts.cli_unread_head(&reason.localize(texts)),
    });
    if !weights.prefix.is_empty() {
        output.line(texts.cli_tensor_prefix(&weights.prefix));
    }
    if weights.unused > 0 {
        output.line(texts.cli_unused_tensors(weights.unused));
    }
    if let Some(info) = info {
        for Task { name, kind } in info.tasks() {
            let values = match kind {
                TaskKind::Class { classes } => texts.all_of(&classes),
                TaskKind::Labels { labels } => texts.all_of(&labels),
                TaskKind::Number { .. } => texts.cli_number().into(),
            };
            output.line(texts.data_targets_of_task(&name, &values));
        }
        let side = info.preprocessing.size.get();
        output.line(texts.cli_input_size(&texts.image_size(side, side)));
    }
    for (key, value) in weights.metadata.iter().filter(|(key, _)| *key != "tunelab") {
        output.line(format!("{key}: {value}"));
    }
    output.event(json!({ "event": "done" }));
    Ok(())
}
