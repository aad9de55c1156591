//! The features of photographs, from their files, and how long the backbone alone takes.

use std::path::Path;
use std::time::Instant;
use std::{env, fs};

use burn::tensor::{Device, Tensor};
use rayon::prelude::*;
use tunelab_core::device::Kernels;
use tunelab_core::model::part::Part;
use tunelab_engine::data::cached_image::{CachedImage, read_image_file};
use tunelab_engine::data::transform::Preprocessing;
use tunelab_engine::model::folded::FoldedBackbone;

use crate::cases::Network;

const BATCH: usize = 50;
/// How often every photograph is read.
const TIMES: usize = 10;

/// Prints the seconds of decoding and resizing, of the backbone, and of both.
pub fn run() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/photos");
    let Ok(entries) = fs::read_dir(&folder) else {
        println!("SKIPPED: there are no photographs in {}", folder.display());
        return;
    };
    let files: Vec<Vec<u8>> = entries
        .filter_map(|entry| fs::read(entry.ok()?.path()).ok())
        .filter(|bytes| read_image_file(bytes).is_ok())
        .collect();
    let preprocessing = Preprocessing::default();
    let backbone = FoldedBackbone::before(&Network::new(Kernels::Fast).0, Part::Head);
    let pixels = preprocessing.size.area() * 3;
    let decode = |files: &[Vec<u8>]| -> Vec<f32> {
        let mut images = vec![0.0; files.len() * pixels];
        images.par_chunks_mut(pixels).zip(files).for_each(|(out, file)| {
            let (image, _) = read_image_file(file).expect("it was read before");
            CachedImage::new(image, &preprocessing, false).normalized_into(out);
        });
        images
    };
    let side = preprocessing.size.get() as usize;
    let features = |images: Vec<f32>| {
        let count = images.len() / pixels;
        let images = Tensor::<1>::from_floats(images.as_slice(), &Device::flex());
        drop(backbone.features(images.reshape([count, 3, side, side])).into_data());
    };
    let prepared: Vec<Vec<f32>> = files.chunks(BATCH).map(decode).collect();
    let time = |work: &dyn Fn()| {
        let started = Instant::now();
        (0..TIMES).for_each(|_| work());
        started.elapsed().as_secs_f64()
    };
    let decoding = time(&|| files.chunks(BATCH).for_each(|files| drop(decode(files))));
    let backbone = time(&|| prepared.iter().cloned().for_each(features));
    let both = time(&|| files.chunks(BATCH).for_each(|files| features(decode(files))));
    println!("{} photographs at {side} px, batch {BATCH}, seconds:", files.len() * TIMES);
    println!("- decoded and resized: {decoding:.2}");
    println!("- backbone: {backbone:.2}");
    println!("- both: {both:.2}, {:.2} times the backbone's", both / backbone);
}
