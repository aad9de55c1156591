//! Training batches: the order of the images, their augmentation and mixing, their targets, and the activation
//! cache.

use std::ops::Range;

use burn::tensor::Device;

use crate::data::batch::Batch;
use crate::data::dataset::Dataset;
use crate::data::mix::draw;
use crate::model::folded::FoldedBackbone;
use crate::train::activation_cache::{ActivationCache, Activations, RowStore, SpillStorage};
use crate::train::sampler::{balanced, shuffled};
use crate::train::targets::{TargetEncoder, Targets};
use tunelab_core::data::augmentation::{AugmentationConfig, Mix};
use tunelab_core::data::input::InputSize;
use tunelab_core::device::ComputeError;
use tunelab_core::model::architecture::Architecture;
use tunelab_core::model::part::Part;
use tunelab_core::options::table::TrainConfig;
use tunelab_core::rng::{Purpose, stream};
use tunelab_core::train::plan::SegmentImages;

/// Creates storage for the activations that do not fit in memory.
pub type SpillSource = Box<dyn FnMut() -> Result<Box<dyn SpillStorage>, ComputeError>>;

/// The training images of a run.
pub struct DataLoader {
    pub dataset: Dataset,
    encoder: TargetEncoder,
    augmentation: AugmentationConfig,
    mix: Mix,
    balanced_sampling: bool,
    seed: u64,
    /// The order of the images in this epoch.
    order: Vec<usize>,
    cached: Option<CachedActivations>,
    /// Why the cache was dropped, until the session reports it.
    pub cache_problem: Option<ComputeError>,
    /// Maximum bytes of activations in memory.
    budget: u64,
    spill: Option<SpillSource>,
}

/// Cached activations of the training and the validation images.
struct CachedActivations {
    train: ActivationCache,
    /// `None` if it would take more than half of the budget.
    validation: Option<ActivationCache>,
    /// Whether the training images are not augmented.
    plain: bool,
}

impl DataLoader {
    /// The loader of a run, at its first epoch.
    pub fn new(dataset: Dataset, encoder: TargetEncoder, config: &TrainConfig) -> Self {
        let mut loader = Self {
            dataset,
            encoder,
            augmentation: config.augmentation_config(),
            mix: config.mix(),
            balanced_sampling: config.balanced_sampling,
            seed: config.seed,
            order: Vec::new(),
            cached: None,
            cache_problem: None,
            budget: u64::MAX,
            spill: None,
        };
        loader.begin_epoch(0);
        loader
    }

    /// Limits the activation cache to `bytes` of memory; `spill` creates storage for more.
    pub fn limit_cache(&mut self, bytes: u64, spill: Option<SpillSource>) {
        self.budget = bytes;
        self.spill = spill;
    }

    /// Shuffles the images for an epoch.
    pub fn begin_epoch(&mut self, epoch: u32) {
        self.order = if self.balanced_sampling {
            let strata = self.dataset.strata();
            balanced(&strata, self.dataset.classes().len() + 1, self.seed, epoch)
        } else {
            shuffled(self.dataset.len(), self.seed, epoch)
        };
    }

    /// Dataset indices of the images at these positions in the order of the epoch.
    pub fn indices(&self, positions: Range<usize>) -> Vec<usize> {
        self.order[positions].to_vec()
    }

    /// The images at `indices` as augmented in epoch `epoch`.
    pub fn augmented(&self, indices: &[usize], epoch: u32) -> Batch {
        Batch::augmented(&self.dataset, indices, &self.augmentation, self.seed, epoch)
    }

    /// The images at `indices` in step `step`, augmented and mixed as configured, with their targets.
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

    /// The targets of the images at `indices`.
    pub fn targets(&self, indices: &[usize]) -> Targets {
        let examples = &self.dataset.examples;
        self.encoder.encode(indices.iter().map(|&index| &examples[index].targets[..]))
    }

    /// Starts an empty cache of the activations before `boundary`, if `images` needs one. `validation` is the number
    /// of validation images. Starts none if the activations do not fit in memory and there is no spill storage, or
    /// it cannot be created.
    pub fn start_cache(
        &mut self,
        images: SegmentImages,
        boundary: Part,
        architecture: Architecture,
        validation: usize,
    ) {
        self.cached = None;
        let views = match images {
            SegmentImages::Augmented => return,
            SegmentImages::CachedPlain => 1,
            SegmentImages::CachedViews(views) => views,
        };
        let shape = architecture.activation_shape(boundary, self.size());
        let width: usize = shape.iter().product();
        let rows = self.dataset.len() as u64 * u64::from(views);
        // Every validation reads all validation activations, so they are cached only if they fit in memory.
        let for_validation = RowStore::row_bytes(width) * validation as u64;
        let for_validation = Some(for_validation).filter(|bytes| *bytes <= self.budget / 2);
        let bytes = RowStore::row_bytes(width) * rows + for_validation.unwrap_or(0);
        let spill = match &mut self.spill {
            Some(spill) if bytes > self.budget => match spill() {
                Ok(spill) => Some(spill),
                Err(problem) => return self.drop_cache(problem),
            },
            None if bytes > self.budget => return,
            _ => None,
        };
        let budget = self.budget.saturating_sub(for_validation.unwrap_or(0));
        self.cached = Some(CachedActivations {
            train: ActivationCache::new(
                shape.clone(),
                self.dataset.len(),
                views,
                RowStore::new(width, budget, spill),
            ),
            validation: for_validation.map(|_| {
                ActivationCache::new(shape, validation, 1, RowStore::new(width, u64::MAX, None))
            }),
            plain: images == SegmentImages::CachedPlain,
        });
    }

    /// The input size of the images.
    pub fn size(&self) -> InputSize {
        let first = self.dataset.examples.first();
        first.map_or(InputSize::default(), |first| first.image.preprocessing().size)
    }

    /// Whether the cache is incomplete.
    pub fn is_filling_cache(&self) -> bool {
        self.cached.as_ref().is_some_and(|cached| cached.done() < cached.total())
    }

    /// Whether the activations of the validation images are cached.
    pub fn caches_validation(&self) -> bool {
        self.cached.as_ref().is_some_and(|cached| cached.validation.is_some())
    }

    /// Caches the activations of the next batch. Returns the numbers of cached images and of images to cache.
    ///
    /// # Errors
    /// The device or the spill storage failed.
    pub async fn fill_cache(
        &mut self,
        frozen: &FoldedBackbone,
        validation: &Dataset,
        device: &Device,
    ) -> Result<(usize, usize), ComputeError> {
        let Self { dataset, augmentation, seed, cached, .. } = self;
        let Some(cached) = cached else { return Ok((0, 0)) };
        if cached.train.done() < cached.train.total() {
            let plain = cached.plain;
            let batch = |indices: &[usize], view: u32| match plain {
                true => Batch::plain(dataset, indices),
                false => Batch::augmented(dataset, indices, augmentation, *seed, view),
            };
            cached.train.advance(frozen, &batch, device).await?;
        } else if let Some(cache) = &mut cached.validation {
            let batch = |indices: &[usize], _: u32| Batch::plain(validation, indices);
            cache.advance(frozen, &batch, device).await?;
        }
        Ok((cached.done(), cached.total()))
    }

    /// Drops the cache after its spill storage failed: training continues without it, only slower.
    pub fn drop_cache(&mut self, problem: ComputeError) {
        self.cached = None;
        self.cache_problem = Some(problem);
    }

    /// The cached activations of training images for epoch `epoch` of their segment; `None` without a cache.
    ///
    /// # Errors
    /// The device failed.
    pub fn cached_input(
        &mut self,
        indices: &[usize],
        epoch: u32,
        device: &Device,
    ) -> Result<Option<Activations>, ComputeError> {
        let Some(cached) = &mut self.cached else { return Ok(None) };
        match cached.train.input(indices, epoch, device) {
            Err(problem) if !problem.is_of_device() => {
                self.drop_cache(problem);
                Ok(None)
            }
            input => input.map(Some),
        }
    }

    /// The cached activations of all training images, `[N, …]`, row-major; empty without a cache.
    ///
    /// # Errors
    /// The spill storage failed.
    pub fn cached_values(&mut self) -> Result<Vec<f32>, ComputeError> {
        let all: Vec<usize> = (0..self.dataset.len()).collect();
        match &mut self.cached {
            Some(cached) => cached.train.values(&all, 0),
            None => Ok(Vec::new()),
        }
    }

    /// The cached activations of validation images; `None` without a cache.
    ///
    /// # Errors
    /// The device failed.
    pub fn cached_validation(
        &mut self,
        indices: &[usize],
        device: &Device,
    ) -> Result<Option<Activations>, ComputeError> {
        match self.cached.as_mut().and_then(|cached| cached.validation.as_mut()) {
            Some(cached) => cached.input(indices, 0, device).map(Some),
            None => Ok(None),
        }
    }
}

impl CachedActivations {
    fn done(&self) -> usize {
        self.train.done() + self.validation.as_ref().map_or(0, ActivationCache::done)
    }

    fn total(&self) -> usize {
        self.train.total() + self.validation.as_ref().map_or(0, ActivationCache::total)
    }
}
