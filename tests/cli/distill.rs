//! Distillation of a network trained on the sample images.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use serde_json::Value;
use tempfile::{TempDir, tempdir};

use crate::common::bundled_weights;
use crate::inputs::sample_image;
use crate::program::{Outcome, assert_rejected, number, tunelab};

/// Training and validation images of the sample dataset.
const TRAIN: u64 = 480;
const VALIDATION: f64 = 160.0;

/// A teacher, trained once for all tests: about 90% accuracy at 32 px. Its file, and its accuracy.
fn teacher() -> (&'static Path, f64) {
    static TEACHER: OnceLock<(TempDir, PathBuf, f64)> = OnceLock::new();
    let (_, path, top1) = TEACHER.get_or_init(|| {
        let folder = tempdir().unwrap();
        let out = folder.path().to_str().unwrap();
        let outcome = tunelab(&["train", "--json", "--epochs", "3", "--size", "32", "--out", out]);
        let top1 = number(&outcome.done()["top1"]);
        println!("teacher: {top1:.3}");
        assert!(top1 > 0.8, "{top1}");
        let path = folder.path().join("model.safetensors");
        (folder, path, top1)
    });
    (path, *top1)
}

fn distill(out: &Path, more: &[&str]) -> Outcome {
    let teacher = teacher().0.to_str().unwrap();
    let arguments = ["distill", "--json", "--teacher", teacher, "--out", out.to_str().unwrap()];
    tunelab(&[&arguments[..], more].concat())
}

/// Checks the table: its names, the speeds, and the sizes of the students. Returns the scores.
fn scores(out: &Path, outcome: &Outcome, names: &[&str]) -> Vec<f64> {
    assert_eq!(outcome.code, Some(0), "{}", outcome.errors);
    let table: Value =
        serde_json::from_slice(&fs::read(out.join("distillation.json")).unwrap()).unwrap();
    assert_eq!(outcome.done()["table"], table);
    assert_eq!(outcome.done()["stopped"], false);
    let lines = table.as_array().unwrap();
    assert_eq!(lines.iter().map(|line| &line["name"]).collect::<Vec<_>>(), names);
    assert!((number(&lines[0]["score"]) - teacher().1).abs() < 1e-9, "{table}");
    for line in &lines[1..] {
        assert!(number(&line["bytes"]) < 1e6, "{table}");
        // Measured: six to fifteen times as fast.
        let faster = number(&line["images_per_second"]) / number(&lines[0]["images_per_second"]);
        assert!(faster > 1.5, "{table}");
    }
    println!("{table}");
    lines.iter().map(|line| number(&line["score"])).collect()
}

/// Checks that the student's file has the score of the table, up to float16 rounding.
fn assert_usable(out: &Path, score: f64, architecture: &str) {
    let file = out.join("student.safetensors");
    assert!(fs::metadata(&file).unwrap().len() < 1_000_000);
    let file = file.to_str().unwrap();
    let info = tunelab(&["info", file, "--json"]);
    assert_eq!(info.events[0]["architecture"], architecture);
    let evaluated = tunelab(&["evaluate", "--model", file, "--data", "sample", "--json"]);
    let off = number(&evaluated.done()["top1"]) - score;
    assert!(off.abs() <= 3.0 / VALIDATION, "{off}");
    let predicted = tunelab(&[
        "predict",
        "--model",
        file,
        "--json",
        &sample_image(&out.join("image.png"), 3, 3),
    ]);
    let classes = predicted.named("prediction")[0]["classes"].as_array().unwrap();
    assert_eq!(classes.len(), 8);
}

fn examples(outcome: &Outcome, name: &str) -> u64 {
    let started = outcome.named("started");
    let of_name = started.iter().find(|event| event["name"] == name).unwrap();
    of_name["train_examples"].as_u64().unwrap()
}

/// Only 40 of 480 images are labeled: too few for the student alone, but the teacher labels all images.
#[test]
fn a_teacher_helps_most_with_few_labeled_images() {
    let folder = tempdir().unwrap();
    let out = folder.path().join("out");
    let outcome = distill(&out, &["--per-class", "5", "--epochs", "20"]);
    let names = ["teacher", "student alone", "student taught"];
    let scores = scores(&out, &outcome, &names);
    assert_eq!(examples(&outcome, "student alone"), 8 * 5);
    assert_eq!(examples(&outcome, "student taught"), TRAIN);
    assert_eq!(outcome.named("epoch").len(), 2 * 20);
    // Measured: 0.18 without the teacher, 0.54 with it.
    assert!(scores[2] > scores[1] + 0.2, "{scores:?}");
    assert_usable(&out, scores[2], "resnet10quarter");
}

#[test]
fn the_other_student_learns_from_unlabeled_images_too() {
    let folder = tempdir().unwrap();
    let out = folder.path().join("out");
    let more = folder.path().join("more");
    for index in 0..20 {
        let folder = if index % 2 == 0 { more.clone() } else { more.join("deeper") };
        sample_image(&folder.join(format!("{index}.png")), index % 8, 1000 + index as u64);
    }
    fs::write(more.join("broken.png"), "text").unwrap();
    fs::write(more.join("notes.txt"), "text").unwrap();
    let more = more.to_str().unwrap();
    let common = ["--student", "resnet18eighth", "--epochs", "2", "--unlabeled", more];
    let outcome = distill(&out, &common);
    let names = ["teacher", "student alone", "student taught"];
    let with_comparison = scores(&out, &outcome, &names);
    let skipped = outcome.named("skipped");
    assert_eq!(skipped.len(), 1, "{skipped:?}");
    assert_eq!(skipped[0]["file"], "broken.png");
    assert_eq!(examples(&outcome, "student alone"), TRAIN);
    assert_eq!(examples(&outcome, "student taught"), TRAIN + 20);
    assert_usable(&out, with_comparison[2], "resnet18eighth");

    let outcome = distill(&out, &[&common[..], &["--no-comparison"]].concat());
    let without = scores(&out, &outcome, &["teacher", "student taught"]);
    assert_eq!(without[1], with_comparison[2], "the same seed gives the same student");
}

#[test]
fn errors_are_reported_before_training() {
    let folder = tempdir().unwrap();
    let out = folder.path().join("out");
    let bundled = folder.path().join("bundled.safetensors");
    fs::write(&bundled, bundled_weights()).unwrap();
    let folder_name = out.to_str().unwrap();
    let untrained =
        ["distill", "--json", "--teacher", bundled.to_str().unwrap(), "--out", folder_name];
    let cases = [
        (tunelab(&untrained), "tunelab did not train this model"),
        (distill(&out, &["--temperature", "0"]), "--temperature: 0 is too small"),
        (
            distill(&out, &["--distillation-weight", "1.5"]),
            "--distillation-weight: 1.5 is out of range",
        ),
        (distill(&out, &["--epochs", "0"]), "--epochs: 0 is out of range"),
        // The flag's earlier spelling.
        (
            distill(&out, &["--unlabelled", "/no/such/folder"]),
            "/no/such/folder: The file could not be read",
        ),
    ];
    for (outcome, expected) in cases {
        assert_rejected(&outcome, expected);
        assert!(outcome.events.is_empty(), "{:?}", outcome.events);
    }
    assert!(!out.exists(), "invalid input creates no folder");
}
