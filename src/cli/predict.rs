//! `tunelab predict`.

use std::time::Instant;

use serde_json::json;

use super::args::PredictArgs;
use super::error::CliError;
use super::evaluate::{load_model, preprocessing};
use super::output::{Output, percent};
use crate::data::Picture;
use crate::data::decode::decode;
use crate::device::ComputeDevice;
use crate::eval::predict::probabilities;
use crate::model::FoldedResNet;

/// Classifies pictures, one line each. Those that cannot be read are reported and left out.
pub async fn run(args: PredictArgs) -> Result<(), CliError> {
    let started = Instant::now();
    let output = Output::new(args.output.json);
    let device = ComputeDevice::from(args.device).open().await?;
    let model = load_model(&args.model, &device)?;
    let preprocessing = preprocessing(&model, args.size)?;
    let classes = match &model.info {
        Some(info) => info.classes.clone(),
        None => (0..model.network.fc.classes()).map(|class| format!("class {class}")).collect(),
    };
    let network = FoldedResNet::new(&model.network);

    let (mut classified, mut skipped) = (0, 0);
    for path in &args.images {
        let file = path.display().to_string();
        match std::fs::read(path)
            .map_err(|error| error.to_string())
            .and_then(|bytes| decode(&bytes).map_err(|error| error.to_string()))
        {
            Ok(image) => {
                let picture = Picture::new(image, &preprocessing, false);
                let ranked = rank(&classes, probabilities(&network, picture, &device).await?);
                print(output, &file, &ranked, args.top);
                classified += 1;
            }
            Err(reason) => {
                output.skipped(&file, &reason);
                skipped += 1;
            }
        }
    }
    if classified == 0 {
        return Err(CliError::Usage("none of the pictures could be read".into()));
    }
    output.event(&json!({
        "event": "done",
        "images": classified,
        "skipped": skipped,
        "seconds": started.elapsed().as_secs_f64(),
    }));
    Ok(())
}

/// The classes with their probabilities, most likely first.
fn rank(classes: &[String], probabilities: Vec<f64>) -> Vec<(&str, f64)> {
    let mut ranked: Vec<_> = classes.iter().map(String::as_str).zip(probabilities).collect();
    ranked.sort_by(|a, b| b.1.total_cmp(&a.1));
    ranked
}

fn print(output: Output, file: &str, ranked: &[(&str, f64)], top: usize) {
    let Some((class, probability)) = ranked.first() else { return };
    let entry =
        |(class, probability): &(&str, f64)| json!({ "class": class, "probability": probability });
    output.event(&json!({
        "event": "prediction",
        "file": file,
        "class": class,
        "probability": probability,
        "classes": ranked.iter().map(entry).collect::<Vec<_>>(),
    }));
    let shown: Vec<String> = ranked
        .iter()
        .take(top.max(1))
        .map(|(class, probability)| format!("{class} {}", percent(*probability)))
        .collect();
    output.line(format!("{file}: {}", shown.join(", ")));
}
