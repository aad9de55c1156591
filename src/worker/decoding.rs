//! Reads image files: in decoders, which are workers beside this one (`www/decoders.js`), or in this worker where there
//! are none.

use std::collections::VecDeque;

use js_sys::{Array, Promise, Uint8Array};
use serde::{Deserialize, Serialize};
use tunelab_core::data::image_file::ImageFileInfo;
use tunelab_core::data::skipped::SkipReason;
use tunelab_engine::data::cached_image::{CachedImage, read_image_file};
use tunelab_engine::data::image::RgbImage;
use tunelab_engine::data::transform::Preprocessing;
use tunelab_wire::{buffer, bytes, pack, unpack};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen_futures::JsFuture;
use web_sys::File;

use super::files::read_bytes;

#[wasm_bindgen(raw_module = "./decoders.js")]
unsafe extern "C" {
    #[wasm_bindgen(js_name = filesInFlight)]
    fn files_in_flight() -> usize;
    #[wasm_bindgen(js_name = decodeFile)]
    fn decode_file(file: &File, request: &JsValue) -> Promise;
}

/// A read image, for one preprocessing.
pub type ReadImage = Result<(CachedImage, ImageFileInfo), SkipReason>;

/// What a decoder answers, with the pixels of the source and of the prepared image attached.
#[derive(Serialize, Deserialize)]
struct Decoded {
    info: ImageFileInfo,
    /// Width and height of the source and of the prepared image, if they are cached.
    sizes: [Option<[u32; 2]>; 2],
}

/// Reads image files, several at a time, and hands over the results in the order of the files.
pub struct ImageReader<'a> {
    files: Box<dyn Iterator<Item = File> + 'a>,
    preprocessing: Preprocessing,
    reading: VecDeque<(File, JsFuture)>,
}

impl<'a> ImageReader<'a> {
    pub fn new(files: impl Iterator<Item = File> + 'a, preprocessing: &Preprocessing) -> Self {
        let preprocessing = *preprocessing;
        Self { files: Box::new(files), preprocessing, reading: VecDeque::new() }
    }

    /// The next file and its image. `None` after the last one.
    pub async fn next(&mut self) -> Option<(File, ReadImage)> {
        while self.reading.len() < files_in_flight().max(1) {
            let Some(file) = self.files.next() else { break };
            let request = pack(&self.preprocessing, &[]).map(|envelope| envelope.message);
            let answer = decode_file(&file, &request.unwrap_or_default());
            self.reading.push_back((file, answer.into()));
        }
        let (file, answer) = self.reading.pop_front()?;
        let image = match answer.await {
            Ok(answer) if answer.is_undefined() => read_here(&file, &self.preprocessing).await,
            Ok(answer) => from_answer(&answer, &self.preprocessing),
            Err(_) => Err(SkipReason::DecoderCrashed),
        };
        Some((file, image))
    }
}

/// Reads a file in this worker.
async fn read_here(file: &File, preprocessing: &Preprocessing) -> ReadImage {
    decode(&read_bytes(file).await?, preprocessing)
}

fn decode(bytes: &[u8], preprocessing: &Preprocessing) -> ReadImage {
    let (image, info) = read_image_file(bytes)?;
    Ok((CachedImage::new(image, preprocessing, true), info))
}

/// Called in a decoder (`www/decoder.js`): decodes the bytes of a file, which are missing if the browser could not read
/// it. Returns the answer, and what is transferred with it.
#[wasm_bindgen]
pub fn decode_image(file: Option<Uint8Array>, request: &JsValue) -> Result<Array, JsValue> {
    let failed = |error| JsValue::from(format!("{error}"));
    let (preprocessing, _) = unpack::<Preprocessing>(request).map_err(failed)?;
    let read = match file {
        Some(file) => decode(&file.to_vec(), &preprocessing),
        None => Err(SkipReason::BrowserCannotRead),
    };
    let mut pixels = Vec::new();
    let answer = read.map(|(image, info)| {
        let sizes = image.images().map(|image| {
            let image = image?;
            pixels.push(buffer(image.pixels()));
            Some([image.width(), image.height()])
        });
        Decoded { info, sizes }
    });
    let envelope = pack(&answer, &pixels).map_err(failed)?;
    Ok(Array::of2(&envelope.message, &envelope.transfer))
}

fn from_answer(answer: &JsValue, preprocessing: &Preprocessing) -> ReadImage {
    let malformed = || SkipReason::BrowserCannotRead;
    let (answer, pixels) =
        unpack::<Result<Decoded, SkipReason>>(answer).map_err(|_| malformed())?;
    let Decoded { info, sizes } = answer?;
    let mut pixels = pixels.iter();
    let images = sizes.map(|size| {
        let [width, height] = size?;
        RgbImage::new(width, height, bytes(pixels.next())).ok()
    });
    let image = CachedImage::from_images(images, preprocessing).ok_or_else(malformed)?;
    Ok((image, info))
}
