//! A trained network as a safetensors file: torchvision's parameter names, so that PyTorch's
//! `load_state_dict` takes it, and in the metadata what torchvision's names do not say.

use burn::tensor::Device;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::data::transform::Preprocessing;
use crate::error::ComputeError;
use crate::model::params::collect;
use crate::model::resnet::ResNet;
use crate::model::weights::{
    FloatFormat, MODEL_KEY, PretrainedWeights, UnreadHead, WeightsError, load, serialize,
    to_torchvision,
};
use tunelab_core::data::task::{Task, TaskKind, outputs};

/// A model file cannot be used.
#[derive(Debug, Error)]
pub enum ModelError {
    #[error(transparent)]
    Weights(#[from] WeightsError),
    #[error(transparent)]
    Compute(#[from] ComputeError),
    #[error(
        "the file has no classification head{}, so it cannot tell classes apart; train it first",
        .0.as_ref().map_or_else(String::new, |reason| format!(" ({reason})"))
    )]
    NoHead(Option<UnreadHead>),
    #[error("the file names {named} classes, but its head tells {classes} apart; export it again")]
    ClassNames { named: usize, classes: usize },
}

/// What the weights alone do not say.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ModelInfo {
    /// Names of the first task's classes, in the order of the logits; none where it has none.
    pub classes: Vec<String>,
    /// What is predicted, where that is more than one of some classes; else none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    tasks: Vec<Task>,
    /// How a picture becomes the network's input.
    pub preprocessing: Preprocessing,
}

impl ModelInfo {
    /// The info of a network that predicts `tasks`.
    pub fn new(tasks: &[Task], preprocessing: Preprocessing) -> Self {
        match tasks {
            [Task { kind: TaskKind::Class { classes }, .. }] => {
                Self { classes: classes.clone(), tasks: Vec::new(), preprocessing }
            }
            _ => Self { classes: Vec::new(), tasks: tasks.to_vec(), preprocessing },
        }
    }

    /// What is predicted, in the order of the outputs.
    pub fn tasks(&self) -> Vec<Task> {
        match &self.tasks[..] {
            [] => vec![Task::only(self.classes.clone())],
            tasks => tasks.to_vec(),
        }
    }
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
        state.metadata.insert(MODEL_KEY.into(), described);
        state.metadata.insert("format".into(), "pt".into());
        state.metadata.insert("arch".into(), network.architecture.to_string());
        state.metadata.insert("num_classes".into(), network.fc.outputs().to_string());
        Ok(serialize(&state, format)?)
    }

    /// Reads a model file: one of [`TrainedModel::to_bytes`], or any weights with a head.
    ///
    /// # Errors
    /// The file is damaged, or of another kind of network, or has no head.
    pub fn from_bytes(bytes: &[u8], device: &Device) -> Result<Self, ModelError> {
        let pretrained = load(bytes)?;
        if pretrained.head.is_none() {
            return Err(ModelError::NoHead(pretrained.unread_head));
        }
        let info = Self::info_of(&pretrained);
        let network = ResNet::from_pretrained(&pretrained, device)?;
        let classes = network.fc.outputs();
        let named = info.as_ref().map(|info| outputs(&info.tasks()));
        match named {
            Some(named) if named != classes => Err(ModelError::ClassNames { named, classes }),
            _ => Ok(Self { network, info }),
        }
    }

    /// What it predicts: what its info says, or classes with numbers for names.
    pub fn tasks(&self) -> Vec<Task> {
        match &self.info {
            Some(info) => info.tasks(),
            None => {
                let name = |class| format!("class {class}");
                vec![Task::only((0..self.network.fc.outputs()).map(name).collect())]
            }
        }
    }

    /// What this program wrote beside the weights, if it made them.
    pub fn info_of(weights: &PretrainedWeights) -> Option<ModelInfo> {
        serde_json::from_str(weights.metadata.get(MODEL_KEY)?).ok()
    }
}
