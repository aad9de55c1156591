//! What is learned from, and what learns: enough to load it again.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::args::{Cifar100LabelsArg, DeviceArg, SourceArgs};
use super::error::CliError;
use super::options::OptionArgs;
use super::output::Output;
use super::pictures::{self, DataOptions, Parts, SAMPLE};
use super::pretrained::Pretrained;
use tunelab_core::data::cifar::Cifar100Labels;
use tunelab_core::data::input::CropFraction;
use tunelab_core::data::warning::DataWarning;
use tunelab_core::device::ComputeDevice;
use tunelab_core::options::context::FEW;
use tunelab_core::options::{Context, TrainConfig};
use tunelab_engine::data::dataset::{Dataset, Example};
use tunelab_engine::data::standardize::standardized;
use tunelab_engine::data::transform::Preprocessing;

impl From<DeviceArg> for ComputeDevice {
    fn from(device: DeviceArg) -> Self {
        match device {
            DeviceArg::Cpu => ComputeDevice::Cpu,
            DeviceArg::Wgpu => ComputeDevice::Wgpu,
        }
    }
}

impl From<Cifar100LabelsArg> for Cifar100Labels {
    fn from(labels: Cifar100LabelsArg) -> Self {
        match labels {
            Cifar100LabelsArg::Fine => Cifar100Labels::Fine,
            Cifar100LabelsArg::Coarse => Cifar100Labels::Coarse,
            Cifar100LabelsArg::Both => Cifar100Labels::Both,
        }
    }
}

/// Where images and weights come from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SourceConfig {
    /// A source's id, or the absolute path of a weights file.
    pub model: String,
    /// An absolute path, or `sample`.
    pub data: String,
    pub validation: Option<String>,
    pub device: ComputeDevice,
    /// Which labels of CIFAR-100 are learned.
    #[serde(default)]
    pub cifar100_labels: Cifar100Labels,
}

/// A source, and what it holds.
pub struct Loaded {
    pub source: SourceConfig,
    /// Everything that was chosen, or is recommended for what was loaded.
    pub config: TrainConfig,
    pub preprocessing: Preprocessing,
    pub train: Dataset,
    pub validation: Dataset,
    pub pretrained: Pretrained,
}

impl Loaded {
    /// Loads what the command line names.
    pub fn from_args(
        args: &SourceArgs,
        options: &OptionArgs,
        output: Output,
    ) -> Result<Self, CliError> {
        let source = SourceConfig {
            model: String::new(),
            data: absolute(&args.data),
            validation: args.val.as_deref().map(absolute),
            device: args.device.into(),
            cifar100_labels: args.cifar100_labels.into(),
        };
        let pretrained = Pretrained::choose(args.model.as_deref(), output)?;
        let source = SourceConfig { model: pretrained.name.clone(), ..source };
        let mut loaded = Self::load(source, options.before_loading()?, pretrained, output)?;
        let train = &loaded.train;
        loaded.config = options.resolve(&Context::of(&train.tasks, train.len()))?;
        Ok(loaded)
    }

    /// Loads what a run was started with.
    pub fn again(
        source: SourceConfig,
        config: TrainConfig,
        output: Output,
    ) -> Result<Self, CliError> {
        let pretrained = Pretrained::choose(Some(&source.model), output)?;
        Self::load(source, config, pretrained, output)
    }

    fn load(
        source: SourceConfig,
        config: TrainConfig,
        pretrained: Pretrained,
        output: Output,
    ) -> Result<Self, CliError> {
        let preprocessing = Preprocessing {
            size: config.size,
            fit: config.fit,
            crop_fraction: CropFraction::new(config.crop_fraction)?,
            normalization: pretrained.normalization,
            ..Preprocessing::default()
        };
        let options = DataOptions { seed: config.seed, cifar100: source.cifar100_labels };
        let parts = pictures::load(&source.data, &preprocessing, options, output)?;
        let share = config.validation_share;
        let (mut train, validation) =
            split(parts, source.validation.as_deref(), share, &preprocessing, options, output)?;
        if let Some(count) = config.per_class {
            train = train.at_most_per_class(count as usize, config.seed);
        }
        let (train, validation) = standardized(train, validation);
        Ok(Self { source, config, preprocessing, train, validation, pretrained })
    }
}

/// Says which classes have too few training images to rely on.
pub fn warn_of_few(train: &Dataset) {
    let counts = train.classes().iter().zip(train.class_counts());
    let few: Vec<String> = counts
        .filter(|(_, count)| *count < FEW)
        .map(|(class, count)| format!("{class} ({count})"))
        .collect();
    if !few.is_empty() {
        let shown = few.join(", ");
        log::warn!("these classes have few training images, so results vary by chance: {shown}");
    }
}

/// Both parts, where `validation` names the pictures to validate on, if others than the data's own.
pub fn split(
    parts: Parts,
    validation: Option<&str>,
    validation_share: f64,
    preprocessing: &Preprocessing,
    options: DataOptions,
    output: Output,
) -> Result<(Dataset, Dataset), CliError> {
    let Some(path) = validation else { return Ok(parts.split(validation_share, options.seed)) };
    let given = pictures::load(path, preprocessing, options, output)?;
    // Data with parts of its own validates with its own validation part.
    let validation = given.validation.unwrap_or(given.train);
    let validation = validation
        .map_targets(&parts.train.tasks)
        .map_err(|error| CliError::Relabel { path: path.into(), error })?;
    if let Some(warning) = same_in_both(&parts.train, &validation) {
        output.warning(&warning);
    }
    Ok((parts.train, validation))
}

/// Tells of pictures that are in both parts, by their pixels.
fn same_in_both(train: &Dataset, validation: &Dataset) -> Option<DataWarning> {
    let digest = |example: &Example| {
        let mut hasher = DefaultHasher::new();
        example.image.prepared().pixels().hash(&mut hasher);
        hasher.finish()
    };
    let known: HashMap<u64, &str> =
        train.examples.par_iter().map(|one| (digest(one), one.name.as_str())).collect();
    let same: Vec<(&str, &str)> = validation
        .examples
        .par_iter()
        .filter_map(|example| Some((*known.get(&digest(example))?, example.name.as_str())))
        .collect();
    let (first, second) = same.first()?;
    let example = ((*first).to_owned(), (*second).to_owned());
    Some(DataWarning::SameInBothSplits { count: same.len(), example })
}

/// A path that means the same from every folder.
pub fn absolute(path: &str) -> String {
    match std::path::absolute(path) {
        Ok(absolute) if path != SAMPLE => absolute.display().to_string(),
        _ => path.to_string(),
    }
}
