//! Checkpoints, from which a run resumes exactly.
//!
//! A checkpoint is a safetensors file: the network under `network/`, that of the best epoch under `best/`, averaged
//! weights under `average/`, the optimizer state under `optimizer/`, the pretrained weights of L2-SP under
//! `pretrained/`, and the rest as JSON in the metadata. Random number generators have no state, because every draw
//! depends only on the seed and the position ([`tunelab_core::rng`]).

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::optimizer::Optimizer;
use super::part_rates::PartRates;
use super::progress::{BestEpoch, EpochTotals, Position};
use super::session::Session;
use crate::data::dataset::Dataset;
use crate::model::head::Head;
use crate::model::parameters::{load_state_dict, state_dict};
use crate::model::resnet::ResNet;
use crate::model::weights::{self, CHECKPOINT_KEY, FloatFormat, StateDict};
use burn::tensor::Device;
use tunelab_core::metrics::evaluation::EvaluationResults;
use tunelab_core::metrics::prediction::ClassPrediction;
use tunelab_core::model::architecture::Architecture;
use tunelab_core::options::table::TrainConfig;
use tunelab_core::options::values::HeadInit;
use tunelab_core::train::error::CheckpointError;
use tunelab_core::train::schedule::Plateau;

const VERSION: u32 = 7;

/// The state of a run without its tensors.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Header {
    version: u32,
    architecture: Architecture,
    config: TrainConfig,
    position: Position,
    totals: EpochTotals,
    plateau: Plateau,
    part_rates: Option<PartRates>,
    log_variances: Vec<f64>,
    best: Option<BestHeader>,
    train_fingerprint: String,
    validation_fingerprint: String,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct BestHeader {
    epoch: u32,
    report: EvaluationResults,
    class_predictions: Vec<Option<ClassPrediction>>,
    predicted_numbers: Vec<Vec<(f64, f64)>>,
}

/// A parsed checkpoint.
#[derive(Debug, Clone)]
pub struct Checkpoint {
    header: Header,
    tensors: StateDict,
}

impl Checkpoint {
    /// Parses the bytes of a checkpoint.
    ///
    /// # Errors
    /// The bytes are damaged, not a checkpoint, or a checkpoint of another format version.
    pub fn parse(bytes: &[u8]) -> Result<Self, CheckpointError> {
        let tensors = weights::parse(bytes)?;
        let header = tensors.metadata.get(CHECKPOINT_KEY).ok_or(CheckpointError::NotACheckpoint)?;
        let version: VersionOnly =
            serde_json::from_str(header).map_err(|_| CheckpointError::NotACheckpoint)?;
        if version.version != VERSION {
            return Err(CheckpointError::Version { found: version.version, supported: VERSION });
        }
        let header = serde_json::from_str(header).map_err(|_| CheckpointError::NotACheckpoint)?;
        Ok(Self { header, tensors })
    }

    /// The options of the run.
    pub fn config(&self) -> &TrainConfig {
        &self.header.config
    }

    /// The position at which the run continues.
    pub fn position(&self) -> Position {
        self.header.position
    }

    fn network(&self, prefix: &str, device: &Device) -> Result<ResNet, CheckpointError> {
        let architecture = self.header.architecture;
        let values = strip(&self.tensors, prefix);
        let backbone = architecture.tensor_specs().into_iter().map(|spec| spec.name);
        let mut names = backbone.chain(["fc.weight".to_string(), "fc.bias".to_string()]);
        if !names.all(|name| values.tensors.contains_key(&name)) {
            return Err(CheckpointError::NotACheckpoint);
        }
        let features = architecture.feature_width();
        let outputs = values.tensors["fc.bias"].data.len();
        let head = Head::init(HeadInit::Normal, outputs, features, 0, device);
        let empty = ResNet::empty(architecture, head, device);
        Ok(load_state_dict(empty, &values)?)
    }
}

#[derive(Deserialize)]
struct VersionOnly {
    version: u32,
}

impl Session {
    /// The bytes of a checkpoint of the current state. Valid only while [`Session::can_be_resumed`].
    ///
    /// # Errors
    /// Reading tensors from the device failed.
    pub async fn checkpoint(&self) -> Result<Vec<u8>, CheckpointError> {
        let mut all = StateDict::default();
        add(&mut all, "network/", state_dict(&self.learner.network).await?);
        if let Some(best) = &self.best {
            add(&mut all, "best/", state_dict(&best.network).await?);
        }
        if let Some(average) = &self.learner.average {
            add(&mut all, "average/", state_dict(average).await?);
        }
        add(&mut all, "optimizer/", self.learner.optimizer.save().await?);
        add(&mut all, "pretrained/", self.learner.optimizer.save_pretrained().await?);
        let best = self.best.as_ref();
        let header = Header {
            version: VERSION,
            architecture: self.learner.network.architecture,
            config: self.config.clone(),
            position: self.position,
            totals: self.totals,
            plateau: self.plateau,
            part_rates: self.part_rates,
            log_variances: self.learner.weighting.log_variances(),
            best: best.map(|best| BestHeader {
                epoch: best.epoch,
                report: best.report.clone(),
                class_predictions: best.class_predictions.clone(),
                predicted_numbers: best.predicted_numbers.clone(),
            }),
            train_fingerprint: fingerprint(&self.data_loader.dataset),
            validation_fingerprint: fingerprint(&self.validation),
        };
        let header = serde_json::to_string(&header).map_err(|_| CheckpointError::NotACheckpoint)?;
        all.metadata.insert(CHECKPOINT_KEY.into(), header);
        Ok(weights::serialize(&all, FloatFormat::F32)?)
    }

    /// Continues a run on the same datasets. On the CPU, the result is bit-identical to that of an uninterrupted run.
    ///
    /// # Errors
    /// The datasets are not those of the run, or the checkpoint is inconsistent.
    pub fn resume(
        checkpoint: &Checkpoint,
        train: Dataset,
        validation: Dataset,
        device: &Device,
    ) -> Result<Self, CheckpointError> {
        let header = &checkpoint.header;
        if fingerprint(&train) != header.train_fingerprint {
            return Err(CheckpointError::OtherTrainingImages);
        }
        if fingerprint(&validation) != header.validation_fingerprint {
            return Err(CheckpointError::OtherValidationImages);
        }
        let autodiff = device.clone().autodiff();
        let network = checkpoint.network("network/", &autodiff)?;
        let state = strip(&checkpoint.tensors, "optimizer/");
        if !state_matches(&state, &strip(&checkpoint.tensors, "network/")) {
            return Err(CheckpointError::NotACheckpoint);
        }
        let pretrained = strip(&checkpoint.tensors, "pretrained/");
        let best = match &header.best {
            Some(BestHeader { epoch, report, class_predictions, predicted_numbers }) => {
                Some(BestEpoch {
                    epoch: *epoch,
                    report: report.clone(),
                    class_predictions: class_predictions.clone(),
                    predicted_numbers: predicted_numbers.clone(),
                    network: checkpoint.network("best/", &autodiff)?,
                })
            }
            None => None,
        };
        let config = header.config.clone();
        let optimizer = Optimizer::new(config.optimizer_config());
        let mut session = Self::assemble(config, network, optimizer, train, validation, device)?;
        if !session.can_reach(header.position) {
            return Err(CheckpointError::NotACheckpoint);
        }
        let rule = session.optimizer_at(header.position.epoch);
        session.learner.optimizer = Optimizer::restore(rule, &state, &pretrained, device);
        if checkpoint.tensors.tensors.keys().any(|name| name.starts_with("average/")) {
            session.learner.average = Some(checkpoint.network("average/", device)?);
        }
        session.learner.weighting.restore(&header.log_variances);
        session.plateau = header.plateau;
        session.part_rates = header.part_rates;
        session.move_to(header.position, header.totals, best);
        Ok(session)
    }
}

/// Whether an optimizer state has the shapes of this network's parameters.
fn state_matches(state: &StateDict, network: &StateDict) -> bool {
    state.tensors.iter().all(|(key, tensor)| match key.rsplit_once('/') {
        Some((_, "steps")) => true,
        Some((name, _)) => {
            let parameter = network.tensors.get(name);
            parameter.is_some_and(|parameter| parameter.data.len() == tensor.data.len())
        }
        None => false,
    })
}

/// SHA-256 of a dataset's tasks and of the names and targets of its images, in hexadecimal.
fn fingerprint(dataset: &Dataset) -> String {
    let mut hash = Sha256::new();
    let mut add = |text: &str| {
        hash.update((text.len() as u64).to_le_bytes());
        hash.update(text);
    };
    // Plain data: serialization cannot fail.
    add(&serde_json::to_string(&dataset.tasks).unwrap_or_default());
    for example in &dataset.examples {
        add(&example.name);
        add(&serde_json::to_string(&example.targets).unwrap_or_default());
    }
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Adds the tensors of `part`, with `prefix` before their names.
fn add(all: &mut StateDict, prefix: &str, part: StateDict) {
    let named = part.tensors.into_iter().map(|(name, tensor)| (format!("{prefix}{name}"), tensor));
    all.tensors.extend(named);
}

/// The tensors whose names start with `prefix`, without it.
fn strip(all: &StateDict, prefix: &str) -> StateDict {
    let named = all.tensors.iter().filter_map(|(name, tensor)| {
        Some((name.strip_prefix(prefix)?.to_string(), tensor.clone()))
    });
    StateDict { tensors: named.collect(), ..StateDict::default() }
}
