//! The data and the pretrained weights of a run.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::args::{Cifar100LabelsArg, DeviceArg, SourceArgs};
use super::dataset::{self, DataOptions, SAMPLE};
use super::error::CliError;
use super::options::OptionArgs;
use super::output::Output;
use super::pretrained::Pretrained;
use tunelab_core::data::cifar::Cifar100Labels;
use tunelab_core::data::input::CropFraction;
use tunelab_core::data::warning::DataWarning;
use tunelab_core::device::ComputeDevice;
use tunelab_core::options::context::FEW;
use tunelab_core::options::{Context, TrainConfig};
use tunelab_engine::data::dataset::{Dataset, Example, Splits};
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

/// The data, the pretrained weights and the device of a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SourceConfig {
    /// The id of pretrained weights, or the absolute path of a weights file.
    pub model: String,
    /// An absolute path, or `sample`.
    pub data: String,
    pub validation: Option<String>,
    pub device: ComputeDevice,
    /// The labels of CIFAR-100 to use.
    #[serde(default)]
    pub cifar100_labels: Cifar100Labels,
}

/// The loaded data and pretrained weights of a run.
pub struct Loaded {
    pub source: SourceConfig,
    pub config: TrainConfig,
    pub preprocessing: Preprocessing,
    pub train: Dataset,
    pub validation: Dataset,
    pub pretrained: Pretrained,
}

impl Loaded {
    /// Loads what the command line selects. The defaults of the configuration depend on the data.
    pub fn from_args(
        args: &SourceArgs,
        options: &OptionArgs,
        output: Output,
    ) -> Result<Self, CliError> {
        let pretrained = Pretrained::choose(args.model.as_deref(), output)?;
        let source = SourceConfig {
            model: pretrained.name.clone(),
            data: absolute(&args.data),
            validation: args.val.as_deref().map(absolute),
            device: args.device.into(),
            cifar100_labels: args.cifar100_labels.into(),
        };
        let mut loaded = Self::load(source, options.before_loading()?, pretrained, output)?;
        let train = &loaded.train;
        loaded.config = options.resolve(&Context::of(&train.tasks, train.len()), output)?;
        Ok(loaded)
    }

    /// Loads what a configuration selects.
    pub fn from_config(
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
        let splits = dataset::load(&source.data, &preprocessing, options, output)?;
        let share = config.validation_share;
        let (mut train, validation) =
            split(splits, source.validation.as_deref(), share, &preprocessing, options, output)?;
        if let Some(count) = config.per_class {
            train = train.at_most_per_class(count as usize, config.seed);
        }
        let (train, validation) = standardized(train, validation);
        Ok(Self { source, config, preprocessing, train, validation, pretrained })
    }
}

/// Prints a warning if some classes have few training images.
pub fn warn_of_few(train: &Dataset, output: Output) {
    let counts = train.classes().iter().zip(train.class_counts());
    let few = counts.filter(|(_, count)| *count < FEW).map(|(class, _)| class);
    let few: Vec<&String> = few.collect();
    if !few.is_empty() {
        let texts = output.texts;
        output.warn(&texts.cli_few_images(few.len(), &texts.quoted_list(&few), FEW));
    }
}

/// The training and the validation set. `validation` is the path of other validation images than those of the data.
pub fn split(
    splits: Splits,
    validation: Option<&str>,
    validation_share: f64,
    preprocessing: &Preprocessing,
    options: DataOptions,
    output: Output,
) -> Result<(Dataset, Dataset), CliError> {
    let Some(path) = validation else { return Ok(splits.split(validation_share, options.seed)) };
    let given = dataset::load(path, preprocessing, options, output)?;
    let validation = given.validation.unwrap_or(given.train);
    let validation =
        validation.map_targets(&splits.train.tasks).map_err(CliError::at(path.as_ref()))?;
    if let Some(warning) = same_in_both(&splits.train, &validation) {
        output.data_warning(&warning);
    }
    Ok((splits.train, validation))
}

/// A warning if some images are in both sets, with the same pixels.
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

/// The absolute path, which does not depend on the current folder.
pub fn absolute(path: &str) -> String {
    match std::path::absolute(path) {
        Ok(absolute) if path != SAMPLE => absolute.display().to_string(),
        _ => path.to_string(),
    }
}
