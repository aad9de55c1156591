//! The setup of a run: the preprocessed images, the pretrained model and the device.

use std::rc::Rc;

use tunelab_core::data::input::CropFraction;
use tunelab_core::options::TrainConfig;
use tunelab_core::protocol::{Reply, WorkerError};
use tunelab_core::train::error::{CheckpointError, TrainError};
use tunelab_engine::data::dataset::Dataset;
use tunelab_engine::data::resize::Filter;
use tunelab_engine::data::transform::Preprocessing;
use tunelab_engine::model::resnet::ResNet;
use tunelab_engine::train::checkpoint::Checkpoint;
use tunelab_engine::train::session::Session;

use super::devices::ActiveDevice;
use super::messages::post;
use super::state::{PretrainedModel, State};
use super::storage::activation_storage;

/// Maximum bytes of cached activations in memory. The rest is stored in a file.
const CACHE_MEMORY: u64 = 256 << 20;
/// Few-shot runs of at most this many images take a moment on any device, so they wait for no faster one.
const FEW_IMAGES: usize = 100;

/// The setup of a run.
pub struct RunSetup {
    pub preprocessing: Preprocessing,
    pub train: Dataset,
    pub validation: Dataset,
    pub device: ActiveDevice,
    model: Rc<PretrainedModel>,
}

impl RunSetup {
    /// Prepares a run with this configuration. Returns `None` if the user stops it meanwhile.
    ///
    /// # Errors
    /// There is no pretrained model, or there are no images for validation.
    pub async fn prepare(state: &State, config: &TrainConfig) -> Result<Option<Self>, WorkerError> {
        let is_cancelled = || state.run.is_stopping();
        post(&Reply::Preparing { done: 0, total: 0 });
        state.pretrained.wait().await;
        let model = state.pretrained.get().ok_or(WorkerError::NoPretrainedModel)?;
        let preprocessing = Preprocessing {
            size: config.size,
            fit: config.fit,
            crop_fraction: CropFraction::new(config.crop_fraction)?,
            normalization: model.normalization,
            filter: Filter::default(),
        };
        state.images.prepare(&preprocessing, is_cancelled).await;
        if is_cancelled() {
            return Ok(None);
        }
        let (train, validation) = state.images.collection().limited_datasets(
            &preprocessing,
            config.validation_share,
            config.per_class,
            config.seed,
        );
        if config.trains() && validation.is_empty() && !train.is_empty() {
            return Err(WorkerError::NoValidationImages);
        }
        if config.trains() || train.len() > FEW_IMAGES {
            state.devices.wait(is_cancelled).await;
        }
        if is_cancelled() {
            return Ok(None);
        }
        let device = state.devices.active();
        Ok(Some(Self { preprocessing, train, validation, device, model }))
    }

    /// The pretrained network on the device.
    ///
    /// # Errors
    /// The device fails.
    pub fn network(&self) -> Result<ResNet, TrainError> {
        Ok(ResNet::from_pretrained(&self.model.weights, &self.device.device)?)
    }

    /// Starts a run.
    ///
    /// # Errors
    /// As [`Session::new`].
    pub async fn start(&self, config: TrainConfig, network: ResNet) -> Result<Session, TrainError> {
        let (train, validation) = (self.train.clone(), self.validation.clone());
        let session = Session::new(config, network, train, validation, &self.device.device)?;
        Ok(with_storage(session).await)
    }

    /// Continues a run from its checkpoint.
    ///
    /// # Errors
    /// It is damaged, or of a run on other images.
    pub async fn resume(&self, checkpoint: &[u8]) -> Result<Session, CheckpointError> {
        let (train, validation) = (self.train.clone(), self.validation.clone());
        let checkpoint = Checkpoint::parse(checkpoint)?;
        let session = Session::resume(&checkpoint, train, validation, &self.device.device)?;
        Ok(with_storage(session).await)
    }
}

/// The session with storage for cached activations that do not fit into memory.
async fn with_storage(mut session: Session) -> Session {
    if session.caches_activations() {
        session.limit_cache(CACHE_MEMORY, activation_storage().await);
    }
    session
}
