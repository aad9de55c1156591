//! From what `--model` says to a network's weights: the bundled file, a file of the user's, or a known
//! source, downloaded once.

use std::path::{Path, PathBuf};

use burn::tensor::Device;

use super::download::Downloader;
use super::error::{CliError, read};
use super::output::Output;
use tunelab_core::data::input::InputSize;
use tunelab_core::model::sources::{SOURCES, Source, find};
use tunelab_engine::data::transform::Normalization;
use tunelab_engine::model::resnet::ResNet;
use tunelab_engine::model::weights::{PretrainedWeights, load};
use tunelab_engine::trained_model::TrainedModel;

/// The id of the source that comes with the program.
const BUNDLED_ID: &str = "tiny-imagenet";
static BUNDLED: &[u8] = include_bytes!(concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/www/models/resnet18-tiny-imagenet-f16.safetensors"
));

/// Pretrained weights, and how their network expects its input.
pub struct Pretrained {
    /// As the user may name it again.
    pub name: String,
    pub weights: PretrainedWeights,
    pub normalization: Normalization,
}

impl Pretrained {
    /// The weights that `choice` names; the bundled ones for `None`.
    pub fn choose(choice: Option<&str>, output: Output) -> Result<Self, CliError> {
        let choice = choice.unwrap_or(BUNDLED_ID);
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
            let known: Vec<&str> = SOURCES.iter().map(|source| source.id).collect();
            return Err(CliError::Usage(format!(
                "there is no file {}; give a .safetensors or .pth file, or one of {}",
                path.display(),
                known.join(", ")
            )));
        }
        let weights = load_weights(&read(path)?, path)?;
        let trained_here = TrainedModel::info_of(&weights);
        let normalization =
            trained_here.map_or(Normalization::IMAGENET, |info| info.preprocessing.normalization);
        let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
        Ok(Self { name: absolute.display().to_string(), weights, normalization })
    }

    /// The network on `device`.
    pub fn network(&self, device: &Device) -> Result<ResNet, CliError> {
        Ok(ResNet::from_pretrained(&self.weights, device)?)
    }
}

/// An input size from a number of pixels.
pub fn input_size(side: u32) -> Result<InputSize, CliError> {
    Ok(InputSize::new(side)?)
}

fn load_weights(bytes: &[u8], path: &Path) -> Result<PretrainedWeights, CliError> {
    load(bytes).map_err(|error| CliError::Weights { path: path.to_path_buf(), error })
}

fn fetch(source: &Source, url: &str, output: Output) -> Result<PathBuf, CliError> {
    let bar = output.bytes_bar(source.bytes, &format!("Downloading {}", source.title));
    let path = Downloader::new()?.fetch(source, url, &bar);
    bar.finish_and_clear();
    Ok(path?)
}
