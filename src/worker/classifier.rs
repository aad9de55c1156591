//! The trained model: predicts, shows its mistakes, and is exported.

use burn::tensor::Device;
use tunelab_core::metrics::evaluation::EvaluationResults;
use tunelab_core::metrics::prediction::ClassPrediction;
use tunelab_core::model::architecture::Architecture;
use tunelab_core::model::weights_error::ModelError;
use tunelab_core::protocol::{FrameSize, Mistake, Reply, TrainResult, WorkerError};
use tunelab_engine::data::cached_image::CachedImage;
use tunelab_engine::data::collection::{THUMBNAIL_SIDE, thumbnail};
use tunelab_engine::data::dataset::Dataset;
use tunelab_engine::data::decode::decode;
use tunelab_engine::data::image::RgbImage;
use tunelab_engine::eval::predict::predict;
use tunelab_engine::model::folded::FoldedResNet;
use tunelab_engine::model::weights::{FloatFormat, parse, serialize};
use tunelab_engine::trained_model::{ModelInfo, TrainedModel};
use tunelab_wire::{buffer, bytes};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::Blob;
use web_time::Instant;

use super::files::read_bytes;
use super::messages::{post, post_with};

/// A trained model, ready to predict. It runs on the CPU, where an image takes some milliseconds, so that it
/// survives the loss of a GPU.
pub struct Classifier {
    network: FoldedResNet,
    architecture: Architecture,
    info: ModelInfo,
    /// The model as a safetensors file in float32.
    file: Vec<u8>,
    /// `None` for a model from a file.
    validated: Option<Validated>,
    run: FinishedRun,
}

/// The validation images, and a model's predictions for them.
pub struct Validated {
    pub images: Dataset,
    /// For the first task, one per image.
    pub class_predictions: Vec<Option<ClassPrediction>>,
    /// Predicted and true numbers, one list per task.
    pub predicted_numbers: Vec<Vec<(f64, f64)>>,
}

/// The run that trained a model; empty for a model from a file.
#[derive(Clone, Default)]
pub struct FinishedRun {
    pub report: Option<EvaluationResults>,
    /// Counted from 1.
    pub best_epoch: u32,
}

impl Classifier {
    /// Reads a model file of this program.
    ///
    /// # Errors
    /// It is another file.
    pub fn from_file(file: Vec<u8>) -> Result<Self, ModelError> {
        let model = TrainedModel::from_bytes(&file, &Device::flex())?;
        let info = model.info.ok_or(ModelError::NoHead(None))?;
        let architecture = model.network.architecture;
        let network = FoldedResNet::new(&model.network);
        Ok(Self { network, architecture, info, file, validated: None, run: FinishedRun::default() })
    }

    /// Adds the predictions for the validation images.
    pub fn validated_on(self, validated: Validated) -> Self {
        Self { validated: Some(validated), ..self }
    }

    /// Adds the run that trained it.
    pub fn of_run(self, run: FinishedRun) -> Self {
        Self { run, ..self }
    }

    /// Its classes and its preprocessing.
    pub fn info(&self) -> &ModelInfo {
        &self.info
    }

    /// The model as a safetensors file in float32.
    pub fn file(&self) -> &[u8] {
        &self.file
    }

    /// The model as a safetensors file in float16.
    ///
    /// # Errors
    /// The file in float32 is damaged, which should not happen.
    pub fn half_precision(&self) -> Result<Vec<u8>, WorkerError> {
        let half = parse(&self.file).and_then(|state| serialize(&state, FloatFormat::F16));
        Ok(half?)
    }

    /// The name of its file.
    pub fn file_name(&self) -> String {
        let architecture = self.architecture;
        match self.info.classes.len() {
            0 => format!("tunelab-{architecture}.safetensors"),
            classes => format!("tunelab-{architecture}-{classes}-classes.safetensors"),
        }
    }

    /// The result of its run.
    pub fn result(&self) -> TrainResult {
        let FinishedRun { report, best_epoch } = self.run.clone();
        TrainResult { tasks: self.info.tasks(), report, best_epoch }
    }

    /// Predicts for an image file, or for a camera frame.
    ///
    /// # Errors
    /// There is no image, or it cannot be decoded; or the CPU fails.
    pub async fn predict(
        &self,
        request: u32,
        frame: Option<FrameSize>,
        attachment: Option<&JsValue>,
    ) -> Result<(), WorkerError> {
        let started = Instant::now();
        let image = match frame {
            Some(frame) => frame_image(frame, &bytes(attachment))?,
            None => {
                let file = attachment.and_then(|file| file.dyn_ref::<Blob>());
                decode(&read_bytes(file.ok_or(WorkerError::NoFile)?).await?)?
            }
        };
        let image = CachedImage::new(image, &self.info.preprocessing, false);
        let tasks = self.info.tasks();
        let answers = predict(&self.network, &tasks, image, &Device::flex()).await?;
        let seconds = started.elapsed().as_secs_f64();
        post(&Reply::Prediction { request, answers, seconds });
        Ok(())
    }

    /// Sends the page the misclassified validation images whose true class got the lowest probability, and the
    /// predicted with the true numbers.
    pub fn post_mistakes(&self, count: usize) {
        let mut wrong = Vec::new();
        if let Some(Validated { images, class_predictions, predicted_numbers }) = &self.validated {
            post(&Reply::PredictedNumbers(predicted_numbers.clone()));
            let guessed = images.examples.iter().zip(class_predictions);
            let labeled = guessed.filter_map(|(example, prediction)| {
                Some((example, example.class()?, prediction.as_ref()?))
            });
            wrong.extend(labeled.filter(|(_, label, prediction)| *label != prediction.predicted));
        }
        wrong.sort_by(|(.., a), (.., b)| b.loss.total_cmp(&a.loss));
        wrong.truncate(count);
        let pixels: Vec<u8> =
            wrong.iter().flat_map(|(example, ..)| thumbnail(&example.image)).collect();
        let mistakes = wrong.iter().map(|(example, label, prediction)| Mistake {
            name: example.name.clone(),
            label: *label,
            predicted: prediction.predicted,
            confidence: prediction.confidence,
        });
        let reply = Reply::Mistakes { mistakes: mistakes.collect(), side: THUMBNAIL_SIDE };
        post_with(&reply, &[buffer(&pixels)]);
    }

    /// Sends the page the model as a file.
    ///
    /// # Errors
    /// As [`Self::half_precision`].
    pub fn export(&self, half_precision: bool) -> Result<(), WorkerError> {
        let file = match half_precision {
            true => buffer(&self.half_precision()?),
            false => buffer(&self.file),
        };
        post_with(&Reply::Exported { file_name: self.file_name() }, &[file]);
        Ok(())
    }
}

/// An image from the pixels of a camera frame, `[height, width, 4]` in RGBA.
fn frame_image(
    FrameSize { width, height }: FrameSize,
    rgba: &[u8],
) -> Result<RgbImage, WorkerError> {
    let pixels = rgba.as_chunks::<4>().0.iter().flat_map(|&[r, g, b, _]| [r, g, b]).collect();
    // Only a page of another version sends a frame without its pixels.
    RgbImage::new(width, height, pixels).map_err(|_| WorkerError::NoFile)
}
