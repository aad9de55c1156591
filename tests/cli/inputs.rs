//! Small inputs, generated or unpacked from `shared/cases`, and the results of the program for them.

use std::fs;
use std::io::Cursor;
use std::path::Path;

use flate2::read::GzDecoder;
use image::{ColorType, DynamicImage, ImageFormat, Rgb, RgbImage, save_buffer};
use tempfile::{TempDir, tempdir};
use tunelab_engine::data::sample::{SampleClass, render};

use crate::common::shared;
use crate::program::{Outcome, tunelab};

/// The files of one archive of `shared/cases`, such as `09-clutter`, in a folder of their own; `None` with a
/// visible message where the archive is absent.
pub fn case(name: &str) -> Option<TempDir> {
    let archive = shared(&format!("cases/{name}.tar.gz"))?;
    let folder = tempdir().unwrap();
    let file = fs::File::open(archive).unwrap();
    tar::Archive::new(GzDecoder::new(file)).unpack(folder.path()).unwrap();
    Some(folder)
}

/// A small image with a color that depends on `seed`.
pub fn image(seed: u8) -> DynamicImage {
    let color = |x: u32, y: u32| Rgb([seed.wrapping_mul(40), (x * 7) as u8, (y * 7) as u8 ^ seed]);
    RgbImage::from_fn(32, 32, color).into()
}

/// An image file of a format.
pub fn encoded(seed: u8, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    image(seed).write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

/// Writes a file and creates its folders.
pub fn write(path: &Path, bytes: &[u8]) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, bytes).unwrap();
}

/// Writes an image of the sample dataset as a file, and creates its folders: the file's path.
pub fn sample_image(path: &Path, class: usize, index: u64) -> String {
    let image = render(SampleClass::ALL[class], index, 1);
    let (width, height) = (image.width(), image.height());
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    save_buffer(path, image.pixels(), width, height, ColorType::Rgb8).unwrap();
    path.to_str().unwrap().to_owned()
}

/// Trains the head for one epoch on the data at `path`.
pub fn train_on(path: &Path) -> Outcome {
    train_with(path, tempdir().unwrap().path(), &[])
}

/// The same with more options and the results in the folder `out`.
pub fn train_with(path: &Path, out: &Path, more: &[&str]) -> Outcome {
    let (path, out) = (path.to_str().unwrap(), out.to_str().unwrap());
    let recipe = ["--strategy", "probe", "--epochs", "1", "--size", "32", "--json"];
    tunelab(&[&["train", "--data", path, "--out", out], &recipe[..], more].concat())
}

/// A few-shot model of the images at `path`, and its folder.
pub fn few_shot_model(path: &Path) -> (TempDir, String) {
    let out = tempdir().unwrap();
    let (data, folder) = (path.to_str().unwrap(), out.path().to_str().unwrap());
    let few_shot = ["--strategy", "few-shot", "--size", "32", "--json"];
    let outcome = tunelab(&[&["train", "--data", data, "--out", folder], &few_shot[..]].concat());
    assert_eq!(outcome.code, Some(0), "{}", outcome.errors);
    let model = out.path().join("model.safetensors").to_str().unwrap().to_owned();
    (out, model)
}

/// The predictions of a model for images.
pub fn predict(model: &str, paths: &[&Path]) -> Outcome {
    let paths = paths.iter().map(|path| path.to_str().unwrap());
    let arguments = ["predict", "--json", "--model", model, "--"].into_iter().chain(paths);
    tunelab(&arguments.collect::<Vec<_>>())
}

/// All warnings, one per line.
pub fn warnings(outcome: &Outcome) -> String {
    let warnings = outcome.named("warning");
    warnings
        .iter()
        .map(|warning| warning["message"].as_str().unwrap())
        .collect::<Vec<_>>()
        .join("\n")
}
