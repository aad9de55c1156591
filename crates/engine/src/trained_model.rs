//! The file of a trained model: safetensors with torchvision's parameter names, which PyTorch can load, and metadata with
//! classes and preprocessing.

use burn::tensor::Device;
use serde::{Deserialize, Serialize};
use tunelab_core::data::task::{Task, TaskKind, outputs};
use tunelab_core::model::weights_error::ModelError;

use crate::data::transform::Preprocessing;
use crate::model::parameters::state_dict;
use crate::model::resnet::ResNet;
use crate::model::weights::{
    FloatFormat, MODEL_KEY, PretrainedWeights, load, serialize, to_torchvision,
};

/// The metadata that predictions need besides the weights.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ModelInfo {
    /// The class names of the first task, in the order of the logits. Empty if there are several tasks or another kind.
    pub classes: Vec<String>,
    /// All tasks. Empty if the only one is a classification.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    tasks: Vec<Task>,
    /// The preprocessing of images.
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

    /// All tasks, in the order of the outputs.
    pub fn tasks(&self) -> Vec<Task> {
        match &self.tasks[..] {
            [] => vec![Task::only(self.classes.clone())],
            tasks => tasks.to_vec(),
        }
    }
}

/// A network with a head, ready for predictions.
#[derive(Debug, Clone)]
pub struct TrainedModel {
    pub network: ResNet,
    /// `None` if another program wrote the file.
    pub info: Option<ModelInfo>,
}

impl TrainedModel {
    /// The bytes of a safetensors file with the weights in `format`.
    ///
    /// # Errors
    /// The device failed.
    pub async fn to_bytes(
        network: &ResNet,
        info: &ModelInfo,
        format: FloatFormat,
    ) -> Result<Vec<u8>, ModelError> {
        let values = state_dict(network).await?;
        let mut state = to_torchvision(network.architecture, values, None)?;
        // Strings and numbers only, which cannot fail to serialize.
        let described = serde_json::to_string(info).unwrap_or_default();
        state.metadata.insert(MODEL_KEY.into(), described);
        state.metadata.insert("format".into(), "pt".into());
        state.metadata.insert("arch".into(), network.architecture.to_string());
        state.metadata.insert("num_classes".into(), network.fc.outputs().to_string());
        Ok(serialize(&state, format)?)
    }

    /// Reads a model file: one of [`TrainedModel::to_bytes`], or other weights with a head.
    ///
    /// # Errors
    /// The file cannot be used, or has no head.
    pub fn from_bytes(bytes: &[u8], device: &Device) -> Result<Self, ModelError> {
        let pretrained = load(bytes)?;
        if pretrained.head.is_none() {
            return Err(ModelError::NoHead(pretrained.unread_head));
        }
        let info = Self::info_of(&pretrained);
        let network = ResNet::from_pretrained(&pretrained, device)?;
        let found = network.fc.outputs();
        match info.as_ref().map(|info| outputs(&info.tasks())) {
            Some(named) if named != found => Err(ModelError::OutputNames { named, outputs: found }),
            _ => Ok(Self { network, info }),
        }
    }

    /// The tasks of its info, or classes with numbers as names.
    pub fn tasks(&self) -> Vec<Task> {
        match &self.info {
            Some(info) => info.tasks(),
            None => {
                let numbers = 0..self.network.fc.outputs();
                vec![Task::only(numbers.map(|class| class.to_string()).collect())]
            }
        }
    }

    /// The info in the file, if this program wrote it.
    pub fn info_of(weights: &PretrainedWeights) -> Option<ModelInfo> {
        serde_json::from_str(weights.metadata.get(MODEL_KEY)?).ok()
    }
}
