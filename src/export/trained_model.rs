//! A trained network as a safetensors file: torchvision's parameter names, so that PyTorch's
//! `load_state_dict` takes it, and in the metadata what torchvision's names do not say.

use burn::tensor::Device;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::data::transform::Preprocessing;
use crate::error::ComputeError;
use crate::model::ResNet;
use crate::model::params::collect;
use crate::model::weights::{
    FloatFormat, PretrainedWeights, WeightsError, load, serialize, to_torchvision,
};

/// The metadata entry that this program reads back.
const METADATA_KEY: &str = "tunelab";

/// A model file cannot be used.
#[derive(Debug, Error)]
pub enum ModelError {
    #[error(transparent)]
    Weights(#[from] WeightsError),
    #[error(transparent)]
    Compute(#[from] ComputeError),
    #[error("the file has no classification head, so it cannot tell classes apart; train it first")]
    NoHead,
    #[error("the file names {named} classes, but its head tells {classes} apart; export it again")]
    ClassNames { named: usize, classes: usize },
}

/// What the weights alone do not say.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ModelInfo {
    /// Names of the classes, in the order of the logits.
    pub classes: Vec<String>,
    /// How a picture becomes the network's input.
    pub preprocessing: Preprocessing,
}

/// A network with a head, ready to classify pictures.
#[derive(Debug, Clone)]
pub struct TrainedModel {
    pub network: ResNet,
    /// There where this program made the file.
    pub info: Option<ModelInfo>,
}

impl TrainedModel {
    /// The bytes of a safetensors file: the weights under torchvision's names, in `format`, and the
    /// model's info in the metadata.
    ///
    /// # Errors
    /// The device failed to hand the weights over.
    pub async fn to_bytes(
        network: &ResNet,
        info: &ModelInfo,
        format: FloatFormat,
    ) -> Result<Vec<u8>, ModelError> {
        let values = collect(network).await?;
        let mut state = to_torchvision(network.architecture, values, None)?;
        // JSON of strings and numbers; nothing in it can fail to serialize.
        let described = serde_json::to_string(info).unwrap_or_default();
        state.metadata.insert(METADATA_KEY.into(), described);
        state.metadata.insert("format".into(), "pt".into());
        state.metadata.insert("arch".into(), network.architecture.to_string());
        state.metadata.insert("num_classes".into(), info.classes.len().to_string());
        Ok(serialize(&state, format)?)
    }

    /// Reads a model file: one of [`TrainedModel::to_bytes`], or any weights with a head.
    ///
    /// # Errors
    /// The file is damaged, or of another kind of network, or has no head.
    pub fn from_bytes(bytes: &[u8], device: &Device) -> Result<Self, ModelError> {
        let pretrained = load(bytes)?;
        if pretrained.head.is_none() {
            return Err(ModelError::NoHead);
        }
        let info = Self::info_of(&pretrained);
        let network = ResNet::from_pretrained(&pretrained, device)?;
        let classes = network.fc.classes();
        match &info {
            Some(info) if info.classes.len() != classes => {
                Err(ModelError::ClassNames { named: info.classes.len(), classes })
            }
            _ => Ok(Self { network, info }),
        }
    }

    /// What this program wrote beside the weights, if it made them.
    pub fn info_of(weights: &PretrainedWeights) -> Option<ModelInfo> {
        serde_json::from_str(weights.metadata.get(METADATA_KEY)?).ok()
    }
}
