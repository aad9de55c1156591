//! What is known of a network, in words, and which others can be had.

use crate::plot::format::{about, count};
use tunelab_core::model::sources::{SOURCES, Source};
use tunelab_core::protocol::ModelSummary;

const MEGABYTE: f64 = 1e6;
/// What is told of a time before is only a guess.
const TELLING_SECONDS: f64 = 1.0;

/// A file's length, such as `22.6 MB`.
pub fn file_size(bytes: u64) -> String {
    match bytes {
        ..1_000 => format!("{bytes} bytes"),
        1_000..1_000_000 => format!("{:.0} KB", bytes as f64 / 1e3),
        _ => format!("{:.1} MB", bytes as f64 / MEGABYTE),
    }
}

/// How an architecture is written.
pub fn architecture(id: &str) -> &str {
    match id {
        "resnet18" => "ResNet-18",
        "resnet34" => "ResNet-34",
        "resnet50" => "ResNet-50",
        other => other,
    }
}

/// Labels and values of what is known.
pub fn facts(model: &ModelSummary) -> Vec<(&'static str, String)> {
    let parameters = format!("{:.1} million", model.parameters as f64 / 1e6);
    let trained_on = match (&model.dataset, model.classes) {
        (Some(dataset), 0) => Some(dataset.clone()),
        (Some(dataset), classes) => Some(format!("{dataset}, {} classes", count(classes))),
        (None, 0) => None,
        (None, classes) => Some(format!("{} classes", count(classes))),
    };
    let right = model.top1_percent.map(|percent| format!("{percent:.1} % right there"));
    let size = model.input_size.map(|side| format!("{side} x {side} px"));
    [
        ("Kind", Some(architecture(&model.architecture).to_string())),
        ("Numbers in it", Some(parameters)),
        ("Trained on", trained_on),
        ("How well", right),
        ("Made for pictures of", size),
        ("File", Some(file_size(model.bytes))),
        ("Licence", model.licence.clone()),
    ]
    .into_iter()
    .filter_map(|(label, value)| Some((label, value?)))
    .collect()
}

/// How far loading is, with an estimate of what is left after a second.
pub fn progress(title: &str, received: u64, total: u64, seconds: f64) -> String {
    if received == 0 {
        return format!("Loading {title}");
    }
    if total == 0 {
        return format!("Loading {title}: {}", file_size(received));
    }
    let so_far = format!("Loading {title}: {} of {}", file_size(received), file_size(total));
    if total <= received || seconds < TELLING_SECONDS {
        return so_far;
    }
    format!("{so_far}, {} left", about(seconds * (total - received) as f64 / received as f64))
}

/// The only site, besides its own, that the app may fetch from: its policy names it.
const FETCHED_FROM: &str = "https://huggingface.co/";

/// Networks that the app downloads itself.
pub fn downloads() -> impl Iterator<Item = &'static Source> {
    SOURCES.iter().filter(|source| may_fetch(source))
}

/// Networks that are downloaded by hand, with their addresses.
pub fn by_hand() -> impl Iterator<Item = (&'static Source, &'static str)> {
    SOURCES
        .iter()
        .filter(|source| !may_fetch(source))
        .filter_map(|source| Some((source, source.url?)))
}

/// Whether a network of that title is on its way from another site, and so can be cancelled.
pub fn is_download(title: &str) -> bool {
    downloads().any(|source| source.title == title)
}

fn may_fetch(source: &Source) -> bool {
    source.url.is_some_and(|url| url.starts_with(FETCHED_FROM))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn built_in() -> ModelSummary {
        ModelSummary {
            source: Some("tiny-imagenet".into()),
            title: "ResNet-18 trained on Tiny-ImageNet".into(),
            architecture: "resnet18".into(),
            bytes: 22_588_568,
            parameters: 11_176_512,
            dataset: Some("Tiny-ImageNet".into()),
            classes: 200,
            top1_percent: Some(48.0),
            licence: None,
            input_size: Some(64),
            trained_classes: None,
        }
    }

    #[test]
    fn only_what_is_known_is_told() {
        let values: Vec<String> = facts(&built_in()).into_iter().map(|(_, value)| value).collect();
        let expected = [
            "ResNet-18",
            "11.2 million",
            "Tiny-ImageNet, 200 classes",
            "48.0 % right there",
            "64 x 64 px",
            "22.6 MB",
        ];
        assert_eq!(values, expected);
        let unknown = ModelSummary {
            dataset: None,
            classes: 0,
            top1_percent: None,
            input_size: None,
            ..built_in()
        };
        assert_eq!(facts(&unknown).len(), 3);
    }

    #[test]
    fn progress_is_estimated_after_a_second() {
        let plain = |text: String| text.replace('\u{a0}', " ");
        assert_eq!(progress("x", 0, 0, 9.0), "Loading x");
        assert_eq!(progress("x", 500, 0, 9.0), "Loading x: 500 bytes");
        assert_eq!(progress("x", 1_500_000, 3_000_000, 0.1), "Loading x: 1.5 MB of 3.0 MB");
        assert_eq!(
            plain(progress("x", 1_000_000, 5_000_000, 5.0)),
            "Loading x: 1.0 MB of 5.0 MB, about 20 s left"
        );
        assert_eq!(file_size(12_345), "12 KB");
    }

    #[test]
    fn every_network_is_had_in_one_way() {
        let all = 1 + downloads().count() + by_hand().count();
        assert_eq!(all, SOURCES.len());
        assert!(downloads().count() > 0 && by_hand().count() > 0);
        assert!(is_download(downloads().next().map_or("", |source| source.title)));
        assert!(!is_download(SOURCES[0].title));
    }
}
