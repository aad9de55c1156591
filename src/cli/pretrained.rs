//! Loads the pretrained weights that `--model` selects: the included weights, a file, or a download.

use std::path::{Path, PathBuf};

use burn::tensor::Device;

use super::download::Downloader;
use super::error::{CliError, FileError, read};
use super::output::Output;
use tunelab_core::model::sources::{Source, bundled, find};
use tunelab_engine::data::transform::Normalization;
use tunelab_engine::model::resnet::ResNet;
use tunelab_engine::model::weights::{PretrainedWeights, load};
use tunelab_engine::trained_model::TrainedModel;

static BUNDLED: &[u8] = include_bytes!(concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/www/models/resnet18-tiny-imagenet-f16.safetensors"
));

/// Pretrained weights and the normalization of their inputs.
pub struct Pretrained {
    /// The value of `--model` that selects them: an id or an absolute path.
    pub name: String,
    pub weights: PretrainedWeights,
    pub normalization: Normalization,
}

impl Pretrained {
    /// Loads the weights that `choice` selects, or the included weights.
    pub fn choose(choice: Option<&str>, output: Output) -> Result<Self, CliError> {
        let Some(choice) = choice else { return Self::of_source(bundled(), output) };
        match find(choice) {
            Some(source) => Self::of_source(source, output),
            None => Self::of_file(Path::new(choice)),
        }
    }

    fn of_source(source: &Source, output: Output) -> Result<Self, CliError> {
        let weights = match source.url {
            None => load_weights(BUNDLED, Path::new(source.file_name))?,
            Some(url) => {
                let path = fetch(source, url, output)?;
                load_weights(&read(&path)?, &path)?
            }
        };
        let normalization = Normalization { mean: source.mean, std: source.std };
        Ok(Self { name: source.id.to_string(), weights, normalization })
    }

    fn of_file(path: &Path) -> Result<Self, CliError> {
        if !path.exists() {
            return Err(CliError::at(path)(FileError::NoWeights));
        }
        let weights = load_weights(&read(path)?, path)?;
        let info = TrainedModel::info_of(&weights);
        let normalization =
            info.map_or(Normalization::IMAGENET, |info| info.preprocessing.normalization);
        let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
        Ok(Self { name: absolute.display().to_string(), weights, normalization })
    }

    /// The network on `device`.
    pub fn network(&self, device: &Device) -> Result<ResNet, CliError> {
        Ok(ResNet::from_pretrained(&self.weights, device)?)
    }
}

fn load_weights(bytes: &[u8], path: &Path) -> Result<PretrainedWeights, CliError> {
    load(bytes).map_err(CliError::at(path))
}

fn fetch(source: &Source, url: &str, output: Output) -> Result<PathBuf, CliError> {
    let bar = output.bytes_bar(source.bytes, &output.texts.cli_downloading(source.title));
    let path = Downloader::new(output)?.fetch(source, url, &bar);
    bar.finish_and_clear();
    Ok(path?)
}
