//! Step 2: details of the pretrained model, and the available models.

use crate::progress::time_estimate::with_remaining_time;
use tunelab_core::model::sources::{SOURCES, Source, bundled};
use tunelab_core::protocol::ModelSummary;
use tunelab_l10n::Texts;

/// The name of an architecture by its id.
pub fn architecture(id: &str) -> &str {
    match id {
        "resnet18" => "ResNet18",
        "resnet34" => "ResNet34",
        "resnet50" => "ResNet50",
        other => other,
    }
}

/// A model's title: that of a known source, the name of a file, or a sentence about the included model. `source` is
/// the id of the source; `None` for a file.
pub fn title(source: Option<&str>, title: &str, texts: Texts) -> String {
    if source == Some(bundled().id) { texts.model_included().to_owned() } else { title.to_owned() }
}

/// The details of a model, as pairs of a label and a value.
pub fn details(model: &ModelSummary, texts: Texts) -> Vec<(&'static str, String)> {
    let dataset = match (&model.dataset, model.classes) {
        (Some(dataset), 0) => Some(dataset.clone()),
        (Some(dataset), classes) => Some(texts.model_dataset_classes(classes, dataset)),
        (None, 0) => None,
        (None, classes) => Some(texts.model_classes(classes)),
    };
    let accuracy = model.top1_percent.map(|percent| texts.percent(f64::from(percent) / 100.0));
    [
        (texts.model_architecture(), Some(architecture(&model.architecture).to_owned())),
        (texts.model_parameters(), Some(texts.large_count(model.parameters))),
        (texts.model_dataset(), dataset),
        (texts.model_accuracy(), accuracy),
        (texts.model_input_size(), model.input_size.map(|side| texts.image_size(side, side))),
        (texts.model_file_size(), Some(texts.file_size(model.bytes))),
        (texts.model_license(), model.license.clone()),
    ]
    .into_iter()
    .filter_map(|(label, value)| Some((label, value?)))
    .collect()
}

/// A model to choose, in a line.
pub fn offer(source: &Source, texts: Texts) -> String {
    let input = texts.image_size(source.input_size, source.input_size);
    let accuracy = texts.percent(f64::from(source.top1_percent) / 100.0);
    let size = texts.file_size(source.bytes);
    match source.license {
        Some(license) => {
            texts.model_offer_with_license(source.dataset, &input, &accuracy, &size, license)
        }
        None => texts.model_offer(source.dataset, &input, &accuracy, &size),
    }
}

/// The progress of loading a model after `seconds`, with the remaining time where it can be estimated. `total`
/// is 0 where unknown. For `source` see [`title`].
pub fn loading_progress(
    source: Option<&str>,
    title: &str,
    received: u64,
    total: u64,
    seconds: f64,
    texts: Texts,
) -> String {
    let title = self::title(source, title, texts);
    let progress = match (received, total) {
        (0, _) => texts.model_loading(&title),
        (_, 0) => texts.model_loading_size(&title, &texts.file_size(received)),
        _ => texts.model_loading_of(&title, &texts.file_size(received), &texts.file_size(total)),
    };
    with_remaining_time(progress, received as f64, total as f64, seconds, texts)
}

/// The only other site that the app may fetch from, by the Content-Security-Policy of index.html.
const FETCHED_FROM: &str = "https://huggingface.co/";

/// Models that the app downloads itself.
pub fn downloads() -> impl Iterator<Item = &'static Source> {
    SOURCES.iter().filter(|source| can_fetch(source))
}

/// Models that are downloaded by hand, with their addresses.
pub fn manual_downloads() -> impl Iterator<Item = (&'static Source, &'static str)> {
    SOURCES
        .iter()
        .filter(|source| !can_fetch(source))
        .filter_map(|source| Some((source, source.url?)))
}

/// Whether the source with an id is downloaded from another site, so that loading it can be cancelled.
pub fn is_download(id: &str) -> bool {
    downloads().any(|source| source.id == id)
}

fn can_fetch(source: &Source) -> bool {
    source.url.is_some_and(|url| url.starts_with(FETCHED_FROM))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ENGLISH: Texts = Texts::ENGLISH;

    fn included() -> ModelSummary {
        ModelSummary {
            source: Some(bundled().id.into()),
            title: bundled().title.into(),
            architecture: "resnet18".into(),
            bytes: 22_588_568,
            parameters: 11_176_512,
            dataset: Some("Tiny-ImageNet".into()),
            classes: 200,
            top1_percent: Some(48.0),
            license: None,
            input_size: Some(64),
            trained_classes: None,
        }
    }

    #[test]
    fn details_contain_only_what_is_known() {
        let values = |model: &ModelSummary| -> Vec<String> {
            let values = details(model, ENGLISH).into_iter();
            values.map(|(_, value)| value.replace('\u{a0}', " ")).collect()
        };
        let expected = [
            "ResNet18",
            "11.2 million",
            "Tiny-ImageNet, 200 classes",
            "48%",
            "64 × 64 px",
            "22.6 MB",
        ];
        assert_eq!(values(&included()), expected);
        let unknown = ModelSummary {
            dataset: None,
            classes: 0,
            top1_percent: None,
            input_size: None,
            ..included()
        };
        assert_eq!(values(&unknown).len(), 3);
    }

    #[test]
    fn offers_describe_models() {
        let source = SOURCES.iter().find(|source| source.id == "torchvision-resnet18").unwrap();
        assert_eq!(
            offer(source, ENGLISH).replace('\u{a0}', " "),
            "ImageNet-1k, 224 × 224 px, 69.8% top-1 accuracy, 46.8 MB, BSD-3-Clause"
        );
    }

    #[test]
    fn remaining_time_is_estimated_after_a_second() {
        let progress = |received, total, seconds| {
            loading_progress(None, "x", received, total, seconds, ENGLISH).replace('\u{a0}', " ")
        };
        assert_eq!(progress(0, 0, 9.0), "Loading x");
        assert_eq!(progress(500, 0, 9.0), "Loading x: 500 bytes");
        assert_eq!(progress(1_500_000, 3_000_000, 0.1), "Loading x: 1.5 MB of 3.0 MB");
        assert_eq!(
            progress(1_000_000, 5_000_000, 5.0),
            "Loading x: 1.0 MB of 5.0 MB, about 20 s left"
        );
    }

    #[test]
    fn a_file_with_the_title_of_a_source_is_a_file() {
        let (id, title) = (bundled().id, bundled().title);
        let progress = |source| loading_progress(source, title, 0, 0, 0.0, ENGLISH);
        assert!(progress(Some(id)).ends_with("(included)"));
        assert_eq!(progress(None), format!("Loading {title}"));
    }

    #[test]
    fn every_model_is_available_in_one_way() {
        let all = 1 + downloads().count() + manual_downloads().count();
        assert_eq!(all, SOURCES.len());
        assert!(downloads().count() > 0 && manual_downloads().count() > 0);
        assert!(downloads().all(|source| is_download(source.id)));
        assert!(!is_download(bundled().id));
    }
}
