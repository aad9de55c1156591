//! Image files: incomplete and rotated ones, extreme shapes, and other files with the extension of an image.

use std::fs;

use flate2::Crc;
use image::ImageFormat;
use serde_json::Value;
use tempfile::{TempDir, tempdir};

use crate::inputs::{case, encoded, few_shot_model, image, predict, train_on, write};
use crate::program::Outcome;

const PROGRESSIVE: &[u8] = include_bytes!("../fixtures/decode/cut_progressive.jpg");

/// A folder of two classes with four intact images each.
fn two_classes() -> TempDir {
    let folder = tempdir().unwrap();
    for (class, first) in [("cat", 0), ("dog", 100)] {
        for n in 0..4 {
            let file = encoded(first + n, ImageFormat::Png);
            write(&folder.path().join(format!("{class}/{n}.png")), &file);
        }
    }
    folder
}

/// The number of images that a run used.
fn used(outcome: &Outcome) -> u64 {
    assert_eq!(outcome.code, Some(0), "{}", outcome.errors);
    let started = outcome.named("started")[0];
    ["train_examples", "validation_examples"]
        .map(|part| started[part].as_u64().unwrap())
        .iter()
        .sum()
}

/// The reason for which a file was skipped.
fn reason(outcome: &Outcome, name: &str) -> String {
    let skipped = outcome.named("skipped");
    let skipped = skipped.iter().find(|event| event["file"].as_str().unwrap().ends_with(name));
    let reason = skipped.unwrap_or_else(|| panic!("{name} was not skipped"))["reason"].as_str();
    reason.unwrap().to_owned()
}

/// A model of two classes, and its folder.
fn model() -> (TempDir, String) {
    few_shot_model(two_classes().path())
}

#[test]
fn incomplete_images_are_used_as_far_as_possible() {
    let folder = two_classes();
    let add = |name: &str, file: &[u8]| write(&folder.path().join(name), file);
    let png = encoded(9, ImageFormat::Png);
    add("cat/no_end.png", &png[..png.len() - 12]);
    add("cat/most.png", &png[..png.len() * 3 / 4]);
    add("cat/little.png", &png[..png.len() / 4]);
    for percent in [40, 60, 80, 99] {
        let cut = &PROGRESSIVE[..PROGRESSIVE.len() * percent / 100];
        add(&format!("dog/progressive{percent}.jpg"), cut);
    }
    // Cut inside a table between two scans.
    let table = PROGRESSIVE.windows(2).rposition(|marker| marker == [0xFF, 0xC4]).unwrap();
    add("dog/table.jpg", &PROGRESSIVE[..table + 5]);

    let outcome = train_on(folder.path());
    assert_eq!(used(&outcome), 8 + 2 + 5);
    let little = reason(&outcome, "cat/little.png");
    assert_eq!(
        little,
        "The PNG image ends before half of it can be read. Copy or download the file again."
    );
}

#[test]
fn files_are_reported_by_their_kind() {
    let folder = two_classes();
    let files: [(&str, &[u8], &str); 5] = [
        ("cat/IMG_1.jpg", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "a HEIC image"),
        ("cat/page.jpg", b"<!DOCTYPE html><html>404</html>", "a web page"),
        ("cat/all.png", b"PK\x03\x04\x14\0\0\0\0\0", "a zip archive"),
        (
            "dog/lfs.png",
            b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n",
            "“git lfs pull”",
        ),
        (
            "dog/broken.jpg",
            b"\xFF\xD8\xFF\xE0\0\x01\n\n\x07\xFF\xC0\0\x02\xFF\xD9",
            "JPEG image is damaged",
        ),
    ];
    for (name, file, _) in files {
        write(&folder.path().join(name), file);
    }
    let outcome = train_on(folder.path());
    assert_eq!(used(&outcome), 8);
    for (name, _, kind) in files {
        let reason = reason(&outcome, name);
        assert!(reason.contains(kind), "{name}: {reason}");
        assert!(!reason.contains(|c: char| c.is_control() || c == '"'), "{name}: {reason}");
    }
}

#[test]
fn rare_jpegs_are_used_or_reported() {
    let fixtures = include_str!("../fixtures/decode/rare_jpegs.json");
    let fixtures: Value = serde_json::from_str(fixtures).unwrap();
    let folder = two_classes();
    for (part, prefix) in [("read", "cat/read"), ("refused", "dog/refused")] {
        for (n, case) in fixtures[part].as_array().unwrap().iter().enumerate() {
            let hex = case["file"].as_str().unwrap().as_bytes();
            let digit = |byte: u8| char::from(byte).to_digit(16).unwrap() as u8;
            let file = hex.chunks(2).map(|pair| digit(pair[0]) * 16 + digit(pair[1]));
            write(&folder.path().join(format!("{prefix}{n}.jpg")), &file.collect::<Vec<_>>());
        }
    }
    let outcome = train_on(folder.path());
    assert_eq!(used(&outcome), 8 + 12);
    assert_eq!(
        reason(&outcome, "dog/refused0.jpg"),
        "This JPEG image cannot be read. It uses arithmetic coding. Save it as an ordinary JPEG or PNG."
    );
    assert!(reason(&outcome, "dog/refused1.jpg").contains("unusual sampling factors"));
}

/// A PNG that is rotated by 90 degrees, with the orientation after its image data.
fn rotated_png(seed: u8) -> Vec<u8> {
    let mut file = std::io::Cursor::new(Vec::new());
    image(seed).rotate270().write_to(&mut file, ImageFormat::Png).unwrap();
    let file = file.into_inner();
    let named = [
        b"eXIfMM\0*\0\0\0\x08\0\x01\x01\x12\0\x04\0\0\0\x01".as_slice(),
        &[0, 0, 0, 6, 0, 0, 0, 0],
    ];
    let named = named.concat();
    let mut sum = Crc::new();
    sum.update(&named);
    let length = (named.len() as u32 - 4).to_be_bytes();
    let (data, end) = file.split_at(file.len() - 12);
    [data, &length, &named, &sum.sum().to_be_bytes(), end].concat()
}

#[test]
fn rotated_images_are_predicted_like_upright_ones() {
    let (_out, model) = model();
    let files = tempdir().unwrap();
    let [upright, rotated] = ["upright.png", "rotated.png"].map(|name| files.path().join(name));
    for seed in [3, 77, 103] {
        write(&upright, &encoded(seed, ImageFormat::Png));
        write(&rotated, &rotated_png(seed));
        let outcome = predict(&model, &[&upright, &rotated]);
        let answers: Vec<&Value> =
            outcome.named("prediction").iter().map(|event| &event["classes"]).collect();
        assert_eq!(answers.len(), 2, "{}", outcome.errors);
        assert_eq!(answers[0], answers[1], "{seed}");
    }
}

#[test]
fn wrong_extensions_do_not_matter() {
    let Some(folder) = case("08-extensions") else { return };
    let outcome = train_on(&folder.path().join("data"));
    assert!(used(&outcome) >= 21);
    let wrong = ["gif_named.png", "webp_named.jpg", "png_named.jpg"];
    for event in outcome.named("skipped") {
        let file = event["file"].as_str().unwrap();
        assert!(!wrong.iter().any(|name| file.ends_with(name)), "{event}");
    }
}

#[test]
fn unsupported_formats_are_reported_whatever_their_extension() {
    let Some(folder) = case("12-heic-and-others") else { return };
    let outcome = train_on(&folder.path().join("data"));
    assert_eq!(used(&outcome), 12);
    let expected = [
        ("IMG_0002.jpg", "This is a HEIC image, which tunelab cannot read. Save it as JPEG."),
        ("tiff.jpg", "This is a TIFF image"),
        ("avif.jpg", "This is an AVIF image"),
        ("jp2.jpg", "This is a JPEG 2000 image"),
        ("ico.png", "This is an icon (ICO)"),
        ("page.jpg", "This is a web page, not an image. Download the image itself."),
    ];
    for (name, start) in expected {
        let reason = reason(&outcome, name);
        assert!(reason.starts_with(start), "{name}: {reason}");
    }
}

#[test]
fn any_shape_and_name_is_predicted() {
    let Some(folder) = case("22-predict-names-and-folders") else { return };
    let (_out, model) = model();
    let entries = fs::read_dir(folder.path().join("p")).unwrap();
    let files: Vec<_> =
        entries.map(|entry| entry.unwrap().path()).filter(|path| path.is_file()).collect();
    assert!(files.len() > 7);
    let outcome = predict(&model, &files.iter().map(|file| file.as_path()).collect::<Vec<_>>());
    assert_eq!(outcome.code, Some(0), "{}", outcome.errors);
    assert_eq!(outcome.named("prediction").len(), files.len() - 1);
    assert!(reason(&outcome, "zero.jpg").contains("an empty file"));
}
