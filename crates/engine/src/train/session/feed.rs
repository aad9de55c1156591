//! What a session's network is fed: the order of the images, their augmentation, their targets, and
//! the activations that are kept of them.

use std::ops::Range;

use burn::tensor::Device;

use super::SpillSource;
use crate::data::batch::Batch;
use crate::data::dataset::Dataset;
use crate::data::mix::draw;
use crate::error::ComputeError;
use crate::model::folded::FoldedBackbone;
use crate::train::cache::{ActivationCache, Store};
use crate::train::input::Input;
use crate::train::order::{balanced, shuffled};
use crate::train::targets::{TargetEncoder, Targets};
use tunelab_core::data::augmentation::AugmentationConfig;
use tunelab_core::data::augmentation::Mix;
use tunelab_core::data::input::InputSize;
use tunelab_core::model::architecture::Architecture;
use tunelab_core::model::part::Part;
use tunelab_core::options::table::TrainConfig;
use tunelab_core::rng::{Purpose, stream};
use tunelab_core::train::plan::Pictures;

/// The training images of a run.
pub struct Feed {
    pub dataset: Dataset,
    encoder: TargetEncoder,
    augmentation: AugmentationConfig,
    mix: Mix,
    balanced_sampling: bool,
    seed: u64,
    /// This epoch's order of the images.
    order: Vec<usize>,
    kept: Option<Kept>,
    /// Bytes of activations that memory has room for.
    budget: u64,
    spill: Option<SpillSource>,
}

/// The kept activations of both parts of the data.
struct Kept {
    train: ActivationCache,
    /// None where they would take much of the room.
    validation: Option<ActivationCache>,
    /// Whether they are of the pictures as they are.
    plain: bool,
}

impl Feed {
    /// The feed of a run with these choices, at its first epoch.
    pub fn new(dataset: Dataset, encoder: TargetEncoder, config: &TrainConfig) -> Self {
        let mut feed = Self {
            dataset,
            encoder,
            augmentation: config.augmentation_config(),
            mix: config.mix(),
            balanced_sampling: config.balanced_sampling,
            seed: config.seed,
            order: Vec::new(),
            kept: None,
            budget: u64::MAX,
            spill: None,
        };
        feed.begin_epoch(0);
        feed
    }

    /// Bounds what is kept in memory.
    pub fn limit(&mut self, bytes: u64, spill: Option<SpillSource>) {
        self.budget = bytes;
        self.spill = spill;
    }

    /// Draws the order of an epoch.
    pub fn begin_epoch(&mut self, epoch: u32) {
        self.order = if self.balanced_sampling {
            let strata = self.dataset.strata();
            balanced(&strata, self.dataset.classes().len() + 1, self.seed, epoch)
        } else {
            shuffled(self.dataset.len(), self.seed, epoch)
        };
    }

    /// The images at some places of the epoch's order.
    pub fn indices(&self, places: Range<usize>) -> Vec<usize> {
        self.order[places].to_vec()
    }

    /// The images at `indices` as epoch `epoch` sees them.
    pub fn augmented(&self, indices: &[usize], epoch: u32) -> Batch {
        Batch::augmented(&self.dataset, indices, &self.augmentation, self.seed, epoch)
    }

    /// The images at `indices` in step `step`: as they are or augmented, and mixed if they are; with
    /// their targets.
    pub fn batch(&self, indices: &[usize], epoch: u32, step: u64) -> (Batch, Targets) {
        let mut batch = self.augmented(indices, epoch);
        let mut targets = self.targets(indices);
        let number = indices.first().map_or(0, |first| *first as u64);
        let mut rng = stream(self.seed, Purpose::Mix, step, number);
        let side = batch.size().get() as usize;
        if let Some(mixture) = draw(self.mix, indices.len(), side, &mut rng) {
            batch.mix(&mixture);
            self.encoder.mix(&mut targets, &mixture);
        }
        (batch, targets)
    }

    /// What is known of the images at `indices`.
    pub fn targets(&self, indices: &[usize]) -> Targets {
        let examples = &self.dataset.examples;
        self.encoder.encode(indices.iter().map(|&index| &examples[index].targets[..]))
    }

    /// Begins to keep the activations before `boundary`, or keeps none, as `pictures` says; nothing
    /// where they do not fit and there is no space beside memory.
    ///
    /// # Errors
    /// The space beside memory cannot be used.
    pub fn keep(
        &mut self,
        pictures: Pictures,
        boundary: Part,
        architecture: Architecture,
        validation: usize,
    ) -> Result<(), ComputeError> {
        self.kept = None;
        let views = match pictures {
            Pictures::Augmented => return Ok(()),
            Pictures::CachedPlain => 1,
            Pictures::CachedViews(views) => views,
        };
        let shape = architecture.activation_shape(boundary, self.size());
        let width: usize = shape.iter().product();
        let rows = self.dataset.len() as u64 * u64::from(views);
        // The validation's are kept in memory, as they are needed all at once: so only where they are few.
        let for_validation = Store::row_bytes(width) * validation as u64;
        let for_validation = Some(for_validation).filter(|bytes| *bytes <= self.budget / 2);
        let bytes = Store::row_bytes(width) * rows + for_validation.unwrap_or(0);
        let spill = match &mut self.spill {
            Some(spill) if bytes > self.budget => Some(spill()?),
            None if bytes > self.budget => {
                log::warn!("{bytes} bytes of activations are too many to keep");
                return Ok(());
            }
            _ => None,
        };
        let budget = self.budget.saturating_sub(for_validation.unwrap_or(0));
        self.kept = Some(Kept {
            train: ActivationCache::new(
                shape.clone(),
                self.dataset.len(),
                views,
                Store::new(width, budget, spill),
            ),
            validation: for_validation.map(|_| {
                ActivationCache::new(shape, validation, 1, Store::new(width, u64::MAX, None))
            }),
            plain: pictures == Pictures::CachedPlain,
        });
        Ok(())
    }

    /// The side of its pictures.
    fn size(&self) -> InputSize {
        let first = self.dataset.examples.first();
        first.map_or(InputSize::default(), |first| first.image.preprocessing().size)
    }

    /// Whether some of the activations to keep are not there yet.
    pub fn must_keep_more(&self) -> bool {
        self.kept.as_ref().is_some_and(|kept| kept.done() < kept.total())
    }

    /// Whether activations of the validation images are kept.
    pub fn keeps_validation(&self) -> bool {
        self.kept.as_ref().is_some_and(|kept| kept.validation.is_some())
    }

    /// Keeps the next activations; how many are kept, and how many there will be.
    ///
    /// # Errors
    /// The device failed, or the space beside memory.
    pub async fn keep_next(
        &mut self,
        frozen: &FoldedBackbone,
        validation: &Dataset,
        device: &Device,
    ) -> Result<(usize, usize), ComputeError> {
        let Self { dataset, augmentation, seed, kept, .. } = self;
        let Some(kept) = kept else { return Ok((0, 0)) };
        if kept.train.done() < kept.train.total() {
            let plain = kept.plain;
            let batch = |indices: &[usize], view: u32| match plain {
                true => Batch::plain(dataset, indices),
                false => Batch::augmented(dataset, indices, augmentation, *seed, view),
            };
            kept.train.advance(frozen, &batch, device).await?;
        } else if let Some(of_validation) = &mut kept.validation {
            let batch = |indices: &[usize], _: u32| Batch::plain(validation, indices);
            of_validation.advance(frozen, &batch, device).await?;
        }
        Ok((kept.done(), kept.total()))
    }

    /// Keeps no activations any more, as the space beside memory failed: that is only slower.
    pub fn keep_none(&mut self, problem: &str) {
        log::warn!("activations are not kept any more: {problem}");
        self.kept = None;
    }

    /// The kept activations of training images for epoch `epoch` of their segment; `None` where none
    /// are kept, or not any more.
    ///
    /// # Errors
    /// The device failed.
    pub fn kept_input(
        &mut self,
        indices: &[usize],
        epoch: u32,
        device: &Device,
    ) -> Result<Option<Input>, ComputeError> {
        let Some(kept) = &mut self.kept else { return Ok(None) };
        match kept.train.input(indices, epoch, device) {
            Err(ComputeError::Spill(problem)) => {
                self.keep_none(&problem);
                Ok(None)
            }
            input => input.map(Some),
        }
    }

    /// The kept activations of the training images as they are, `[N, …]`, row-major; empty where none
    /// are kept.
    ///
    /// # Errors
    /// The space beside memory failed.
    pub fn kept_values(&mut self) -> Result<Vec<f32>, ComputeError> {
        let all: Vec<usize> = (0..self.dataset.len()).collect();
        match &mut self.kept {
            Some(kept) => kept.train.values(&all, 0),
            None => Ok(Vec::new()),
        }
    }

    /// The kept activations of validation images; `None` where none are kept.
    ///
    /// # Errors
    /// The device failed.
    pub fn kept_validation(
        &mut self,
        indices: &[usize],
        device: &Device,
    ) -> Result<Option<Input>, ComputeError> {
        match self.kept.as_mut().and_then(|kept| kept.validation.as_mut()) {
            Some(kept) => kept.input(indices, 0, device).map(Some),
            None => Ok(None),
        }
    }
}

impl Kept {
    fn done(&self) -> usize {
        self.train.done() + self.validation.as_ref().map_or(0, ActivationCache::done)
    }

    fn total(&self) -> usize {
        self.train.total() + self.validation.as_ref().map_or(0, ActivationCache::total)
    }
}
