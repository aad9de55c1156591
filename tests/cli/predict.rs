//! Images to classify: folders, unusual names and shapes.

use image::ImageFormat;
use tempfile::{TempDir, tempdir};

use crate::inputs::{case, encoded, few_shot_model, predict, write};
use crate::program::{Outcome, command};

/// A small model, and its folder.
fn model() -> (TempDir, String) {
    let folder = tempdir().unwrap();
    for (name, seeds) in [("cat", 0..4), ("dog", 4..8)] {
        for seed in seeds {
            let path = folder.path().join(format!("data/{name}/{seed}.png"));
            write(&path, &encoded(seed, ImageFormat::Png));
        }
    }
    few_shot_model(&folder.path().join("data"))
}

fn files(outcome: &Outcome, event: &str) -> Vec<String> {
    let named = outcome.named(event).into_iter();
    named.map(|event| event["file"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn the_images_of_a_folder_are_classified() {
    let (_folder, model) = model();
    let given = tempdir().unwrap();
    let root = given.path();
    write(&root.join("b.png"), &encoded(1, ImageFormat::Png));
    write(&root.join("a/without-extension"), &encoded(2, ImageFormat::Jpeg));
    write(&root.join("a/._b.png"), b"\0\x05\x16\x07");
    write(&root.join("notes.txt"), b"not an image");
    write(&root.join("c.heic"), b"\0\0\0\x18ftypheic\0\0\0\0heicmif1");
    let outcome = predict(&model, &[root]);
    assert_eq!(outcome.code, Some(0), "{}", outcome.errors);
    let path = |name: &str| root.join(name).display().to_string();
    assert_eq!(files(&outcome, "prediction"), [path("a/without-extension"), path("b.png")]);
    assert_eq!(files(&outcome, "skipped"), [path("c.heic")]);
    assert_eq!(
        (outcome.done()["images"].as_u64(), outcome.done()["skipped"].as_u64()),
        (Some(2), Some(1))
    );

    let empty = tempdir().unwrap();
    let outcome = predict(&model, &[empty.path()]);
    assert_eq!(outcome.code, Some(2));
    assert!(outcome.errors.contains("There are no images"), "{}", outcome.errors);
}

#[test]
fn unusual_names_and_shapes_are_classified() {
    let (_folder, model) = model();
    let Some(case) = case("22-predict-names-and-folders") else { return };
    let folder = case.path().join("p");
    let outcome = predict(&model, &[&folder]);
    assert_eq!(outcome.code, Some(0), "{}", outcome.errors);
    let zero = folder.join("zero.jpg").display().to_string();
    assert_eq!(files(&outcome, "skipped"), [zero]);
    let predicted = files(&outcome, "prediction");
    assert_eq!(predicted.len(), 8, "{predicted:?}");
    assert!(predicted.iter().any(|file| file.ends_with("new\nline.png")));

    // The plain output has one line per image too.
    let arguments = ["predict", "--model", &model, folder.to_str().unwrap()];
    let output = command(&arguments).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stdout).lines().count(), 8);
}
