//! Reads image files.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;

use super::error::CliError;
use super::files::{Listing, read_file};
use super::output::Output;
use tunelab_core::data::image_file::ImageFileInfo;
use tunelab_core::data::skipped::{SkipReason, SkippedFile};
use tunelab_core::data::warning::DataWarning;
use tunelab_engine::data::cached_image::{CachedImage, LoadedImages, read_image_file};
use tunelab_engine::data::image::RgbImage;
use tunelab_engine::data::transform::Preprocessing;

/// Reads and preprocesses the images with these indices. The first `train` of them keep their pixels for
/// augmentation.
pub fn read_all(
    locations: &[PathBuf],
    indices: Vec<usize>,
    train: usize,
    preprocessing: &Preprocessing,
    output: Output,
) -> LoadedImages {
    let progress = output.bar(indices.len() as u64, output.texts.run_phase_preparing());
    let read_one = |(number, index): (usize, usize)| {
        let location = locations.get(index).ok_or(SkipReason::NotFound);
        let read = location.and_then(|location| read_image(location));
        progress.inc(1);
        let cached = read
            .map(|(image, info)| (CachedImage::new(image, preprocessing, number < train), info));
        (index, cached)
    };
    let all: Vec<_> = indices.into_par_iter().enumerate().map(read_one).collect();
    progress.finish_and_clear();
    let mut files = LoadedImages::default();
    all.into_iter().for_each(|(index, read)| files.insert(index, read));
    files
}

/// Loads all images of a folder and its subfolders, with their relative paths. Prints warnings and skipped files.
///
/// # Errors
/// The folder cannot be read.
pub fn load_unlabeled(
    root: &Path,
    preprocessing: &Preprocessing,
    output: Output,
) -> Result<Vec<(String, Arc<CachedImage>)>, CliError> {
    let mut listing = Listing::of(root).map_err(CliError::at(root))?;
    let mut warnings = std::mem::take(&mut listing.warnings);
    let (found, skipped) = listing.into_images();
    skipped.iter().for_each(|file| output.skipped(file));
    let (names, locations): (Vec<String>, Vec<PathBuf>) = found.into_iter().unzip();
    let indices = (0..locations.len()).collect();
    let mut read = read_all(&locations, indices, locations.len(), preprocessing, output);
    let (mut images, mut incomplete) = (Vec::new(), Vec::new());
    for (index, name) in names.into_iter().enumerate() {
        match read.results.get(&index) {
            Some(Err(reason)) => {
                output.skipped(&SkippedFile { name: name.clone(), reason: reason.clone() });
            }
            Some(Ok(info)) if info.is_incomplete => incomplete.push(name.clone()),
            _ => {}
        }
        images.extend(read.take(index).map(|image| (name, image)));
    }
    warnings.extend(DataWarning::incomplete_images(&incomplete));
    warnings.iter().for_each(|warning| output.data_warning(warning));
    Ok(images)
}

/// Reads an image file.
///
/// # Errors
/// The file cannot be read or decoded.
pub fn read_image(file: &Path) -> Result<(RgbImage, ImageFileInfo), SkipReason> {
    Ok(read_image_file(&read_file(file)?)?)
}
