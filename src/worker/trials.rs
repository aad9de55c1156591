//! The trained network at work: on the user's pictures, on its own mistakes, and as a file.

use std::rc::Rc;

use burn::tensor::Device;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::Blob;
use web_time::Instant;

use super::host::Host;
use super::picture_files::decode_file;
use super::port::{post, post_with};
use tunelab_core::metrics::prediction::ClassPrediction;
use tunelab_core::metrics::evaluation::EvaluationResults;
use tunelab_core::model::architecture::Architecture;
use tunelab_core::protocol::{FrameSize, Mistake, Outcome, Reply};
use tunelab_engine::data::cached_image::CachedImage;
use tunelab_engine::data::collection::{THUMBNAIL_SIDE, thumbnail};
use tunelab_engine::data::dataset::Dataset;
use tunelab_engine::data::image::RgbImage;
use tunelab_engine::eval::predict::predict as answers_of;
use tunelab_engine::export::trained_model::ModelInfo;
use tunelab_engine::export::trained_model::{ModelError, TrainedModel};
use tunelab_engine::model::folded::FoldedResNet;
use tunelab_engine::model::weights::{FloatFormat, parse, serialize};
use tunelab_wire::{buffer, bytes};

/// A trained network, ready to classify. It computes on the processor: one picture takes some
/// milliseconds there, and it outlives a lost GPU.
pub struct Classifier {
    network: FoldedResNet,
    architecture: Architecture,
    info: ModelInfo,
    /// The network as a safetensors file in float32.
    file: Vec<u8>,
    /// None where it came from a file.
    validated: Option<Validated>,
    run: FinishedRun,
}

/// The validation pictures, and what a network made of them.
pub struct Validated {
    pub pictures: Dataset,
    /// Of the first task, one a picture.
    pub class_predictions: Vec<Option<ClassPrediction>>,
    /// Predicted and true numbers, a list a task.
    pub predicted_numbers: Vec<Vec<(f64, f64)>>,
}

impl Classifier {
    /// A classifier from the bytes of a model file that this program made.
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

    /// With what it made of the validation pictures.
    pub fn validated_on(self, validated: Validated) -> Self {
        Self { validated: Some(validated), ..self }
    }

    /// As the run that made it left it.
    pub fn of_run(self, run: FinishedRun) -> Self {
        Self { run, ..self }
    }

    /// What it predicts, and how a picture becomes its input.
    pub fn info(&self) -> &ModelInfo {
        &self.info
    }

    /// The network as a safetensors file in float32.
    pub fn file(&self) -> &[u8] {
        &self.file
    }

    /// The same in float16.
    ///
    /// # Errors
    /// None but those of a defect.
    pub fn half_precision(&self) -> Result<Vec<u8>, String> {
        let state = parse(&self.file).map_err(|error| error.to_string())?;
        serialize(&state, FloatFormat::F16).map_err(|error| error.to_string())
    }

    /// What its file is called.
    pub fn file_name(&self) -> String {
        let architecture = self.architecture;
        match self.info.classes.len() {
            0 => format!("tunelab-{architecture}.safetensors"),
            classes => format!("tunelab-{architecture}-{classes}-classes.safetensors"),
        }
    }
}

impl Host {
    /// Makes a trained network the one that is tried, and tells the page.
    pub fn show_outcome(&self, classifier: Classifier) {
        self.contestants.borrow_mut().clear();
        self.show(Rc::new(classifier));
    }

    /// The same with one that was compared with others.
    pub fn show(&self, classifier: Rc<Classifier>) {
        let tasks = classifier.info.tasks();
        let FinishedRun { report, best_epoch } = classifier.run.clone();
        self.classifier.replace(Some(classifier));
        post(&Reply::Trained(Outcome { tasks, report, best_epoch }));
    }

    /// The network that is tried.
    ///
    /// # Errors
    /// There is none yet.
    pub fn classifier(&self) -> Result<Rc<Classifier>, String> {
        self.classifier.borrow().clone().ok_or_else(|| "train a network first".to_string())
    }
}

/// What is known of the run that made a classifier; nothing of one from a file.
#[derive(Clone, Default)]
pub struct FinishedRun {
    pub report: Option<EvaluationResults>,
    /// Counted from 1.
    pub best_epoch: u32,
}

/// Classifies a picture file or a camera frame.
///
/// # Errors
/// A message for the user.
pub async fn predict(
    host: &Host,
    request: u32,
    frame: Option<FrameSize>,
    attached: Option<&JsValue>,
) -> Result<(), String> {
    let classifier = host.classifier()?;
    let started = Instant::now();
    let image = match frame {
        Some(frame) => frame_image(frame, &bytes(attached))?,
        None => {
            let file =
                attached.and_then(|file| file.dyn_ref::<Blob>()).ok_or("there is no file")?;
            decode_file(file).await?
        }
    };
    let picture = CachedImage::new(image, &classifier.info.preprocessing, false);
    let tasks = classifier.info.tasks();
    let answers = answers_of(&classifier.network, &tasks, picture, &Device::flex()).await;
    let answers = answers.map_err(|error| error.to_string())?;
    let seconds = started.elapsed().as_secs_f64();
    post(&Reply::Prediction { request, answers, seconds });
    Ok(())
}

fn frame_image(FrameSize { width, height }: FrameSize, rgba: &[u8]) -> Result<RgbImage, String> {
    let pixels: Vec<u8> =
        rgba.as_chunks::<4>().0.iter().flat_map(|&[r, g, b, _]| [r, g, b]).collect();
    RgbImage::new(width, height, pixels).map_err(|error| error.to_string())
}

/// Shows the validation pictures whose true class got the least probability, of those taken for
/// another, and predicted beside true numbers.
///
/// # Errors
/// A message for the user.
pub fn find_mistakes(host: &Host, count: usize) -> Result<(), String> {
    let classifier = host.classifier()?;
    let Some(Validated { pictures, class_predictions, predicted_numbers }) = &classifier.validated else {
        post_with(&Reply::Mistakes { mistakes: Vec::new(), side: THUMBNAIL_SIDE }, &[buffer(&[])]);
        return Ok(());
    };
    post(&Reply::PredictedNumbers(predicted_numbers.clone()));
    let pairs = pictures.examples.iter().zip(class_predictions);
    let mut wrong: Vec<_> = pairs
        .filter_map(|(example, prediction)| Some((example, example.class()?, prediction.as_ref()?)))
        .filter(|(_, label, prediction)| *label != prediction.predicted)
        .collect();
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
    Ok(())
}

/// Hands over the trained network as a file.
///
/// # Errors
/// A message for the user.
pub fn export(host: &Host, half_precision: bool) -> Result<(), String> {
    let classifier = host.classifier()?;
    let file_name = classifier.file_name();
    let file = if half_precision {
        buffer(&classifier.half_precision()?)
    } else {
        buffer(&classifier.file)
    };
    post_with(&Reply::Exported { file_name }, &[file]);
    Ok(())
}
