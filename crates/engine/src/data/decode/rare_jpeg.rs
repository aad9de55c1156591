//! JPEGs with rare features, which the common decoder reads wrongly, often without an error. Another decoder reads
//! them, or they are rejected.

use image::ColorType;
use jpeg_decoder::{ColorTransform, Decoder, Error, PixelFormat};

use tunelab_core::data::file_kind::ImageFormat;
use tunelab_core::data::image_file::{DecodeError, JpegFeature};

use super::error::one_line;
use super::jpeg_segments::{PROGRESSIVE_FRAME, START_OF_SCAN, Segment, Segments, is_frame};
use super::raster::{MAX_DECODER_BYTES, Raster, check_size};

/// Which decoder reads a JPEG.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum JpegSupport {
    /// The common decoder.
    Common,
    /// The decoder for rare features, [`decode`].
    Rare,
    /// None.
    Unsupported(JpegFeature),
}

impl JpegSupport {
    /// Finds the decoder for a file.
    pub fn of(file: &[u8]) -> Self {
        Frame::of(file).map_or(Self::Common, |frame| frame.support())
    }
}

/// A color component with its sampling factors.
struct Component {
    id: u8,
    horizontal: u8,
    vertical: u8,
}

/// How an image is coded, from the frame header and the scans.
struct Frame {
    marker: u8,
    bits: u8,
    has_height: bool,
    components: Vec<Component>,
    /// The number of components of each scan.
    scans: Vec<usize>,
}

impl Frame {
    /// Reads the frame of a file; `None` without a complete header.
    fn of(file: &[u8]) -> Option<Self> {
        let mut segments = Segments::new(file);
        let frame = segments.find(|segment| is_frame(segment.marker))?;
        let (&[bits, high, low, _, _, count], components) = frame.payload.split_first_chunk()?;
        let components = components.get(..3 * usize::from(count))?.as_chunks().0.iter();
        let component = |&[id, factors, _]: &[u8; 3]| Component {
            id,
            horizontal: factors >> 4,
            vertical: factors & 15,
        };
        let scans = segments.filter(|segment| segment.marker == START_OF_SCAN);
        Some(Self {
            marker: frame.marker,
            bits,
            has_height: high > 0 || low > 0,
            components: components.map(component).collect(),
            scans: scans
                .filter_map(|scan| scan.payload.first().copied())
                .map(usize::from)
                .collect(),
        })
    }

    fn support(&self) -> JpegSupport {
        match self.marker {
            0xC9..=0xCF => return JpegSupport::Unsupported(JpegFeature::ArithmeticCoding),
            0xC3 => return JpegSupport::Unsupported(JpegFeature::Lossless),
            0xC5..=0xC7 => return JpegSupport::Unsupported(JpegFeature::Hierarchical),
            _ => {}
        }
        if let bits @ 9..=16 = self.bits {
            return JpegSupport::Unsupported(JpegFeature::BitDepth(bits));
        }
        if !self.has_height {
            return JpegSupport::Unsupported(JpegFeature::HeightAtEnd);
        }
        let directions = [|c: &Component| c.horizontal, |c: &Component| c.vertical]
            .map(|factor| self.components.iter().map(factor).collect::<Vec<u8>>());
        if directions.iter().flatten().any(|factor| !(1..=4).contains(factor)) {
            return JpegSupport::Common;
        }
        let mut has_between = false;
        let mut is_rare = false;
        for factors in directions {
            let most = factors.iter().copied().max().unwrap_or(1);
            if factors.iter().any(|factor| most % factor != 0) {
                return JpegSupport::Unsupported(JpegFeature::SamplingFactors);
            }
            has_between |= factors.iter().any(|&factor| factor != 1 && factor != most);
            // The common decoder assumes that the first component has the highest resolution.
            is_rare |= most == 3 || factors.first() != Some(&most);
        }
        // Neither decoder counts the blocks of a component of medium resolution correctly if it has a scan of
        // its own.
        if has_between && self.scans.contains(&1) {
            return JpegSupport::Unsupported(JpegFeature::SamplingFactors);
        }
        let is_progressive = self.marker == PROGRESSIVE_FRAME;
        let is_split = self.scans.first().is_some_and(|&first| first < self.components.len());
        if is_rare || has_between || (is_split && !is_progressive) {
            JpegSupport::Rare
        } else {
            JpegSupport::Common
        }
    }

    /// The color space, by the rules of libjpeg.
    fn colors(&self, file: &[u8]) -> ColorTransform {
        let (mut has_jfif, mut adobe) = (false, None);
        for Segment { marker, payload } in
            Segments::new(file).take_while(|segment| segment.marker != START_OF_SCAN)
        {
            has_jfif |= marker == 0xE0 && payload.starts_with(b"JFIF\0");
            if marker == 0xEE && payload.starts_with(b"Adobe") {
                adobe = payload.get(11).copied();
            }
        }
        let ids: Vec<u8> = self.components.iter().map(|component| component.id).collect();
        match (ids.as_slice(), adobe) {
            ([_], _) => ColorTransform::Grayscale,
            ([_, _, _, _], Some(2)) => ColorTransform::YCCK,
            ([_, _, _, _], _) => ColorTransform::CMYK,
            (_, Some(0)) if !has_jfif => ColorTransform::RGB,
            (b"RGB", None) if !has_jfif => ColorTransform::RGB,
            _ => ColorTransform::YCbCr,
        }
    }
}

/// Decodes a complete JPEG with rare features.
pub(super) fn decode(file: &[u8]) -> Result<Raster, DecodeError> {
    let format = ImageFormat::Jpeg;
    let mut decoder = Decoder::new(file);
    decoder.read_info().map_err(damaged)?;
    let frame = Frame::of(file).zip(decoder.info());
    let (frame, info) = frame.ok_or_else(|| damaged(Error::Format("no frame".to_owned())))?;
    check_size(u32::from(info.width), u32::from(info.height), format)?;
    let (width, height) = (usize::from(info.width), usize::from(info.height));
    // Samples and pixels, and for progressive images the coefficients of all scans.
    let bytes_per_sample = if frame.marker == PROGRESSIVE_FRAME { 4 } else { 2 };
    if (width * height * frame.components.len() * bytes_per_sample) as u64 > MAX_DECODER_BYTES {
        return Err(DecodeError::OutOfMemory { format });
    }
    decoder.set_color_transform(frame.colors(file));
    let bytes = decoder.decode().map_err(damaged)?;
    let (color, bytes) = match info.pixel_format {
        PixelFormat::L8 => (ColorType::L8, bytes),
        PixelFormat::L16 => (ColorType::L16, bytes),
        PixelFormat::RGB24 => (ColorType::Rgb8, bytes),
        PixelFormat::CMYK32 => {
            (ColorType::Rgb8, bytes.as_chunks().0.iter().flat_map(rgb_of_cmyk).collect())
        }
    };
    Ok(Raster { width, height, color, bytes })
}

/// RGB of CMYK inks on white paper.
fn rgb_of_cmyk(&[cyan, magenta, yellow, black]: &[u8; 4]) -> [u8; 3] {
    let light = |ink: u8| u32::from(255 - ink);
    [cyan, magenta, yellow].map(|ink| ((light(ink) * light(black) + 127) / 255) as u8)
}

fn damaged(error: Error) -> DecodeError {
    match error {
        Error::Io(_) => DecodeError::IncompleteRareJpeg,
        error => DecodeError::Damaged {
            format: ImageFormat::Jpeg,
            problem: one_line(&error.to_string()),
        },
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::{decode, decode_file};
    use super::*;

    #[derive(serde::Deserialize)]
    struct Fixtures {
        read: Vec<Read>,
        refused: Vec<Refused>,
    }

    #[derive(serde::Deserialize)]
    struct Read {
        name: String,
        file: String,
        width: u32,
        rgb: String,
    }

    #[derive(serde::Deserialize)]
    struct Refused {
        kind: String,
        file: String,
    }

    fn bytes(hex: &str) -> Vec<u8> {
        let digit = |byte: &u8| char::from(*byte).to_digit(16).unwrap() as u8;
        hex.as_bytes().chunks(2).map(|pair| digit(&pair[0]) * 16 + digit(&pair[1])).collect()
    }

    fn fixtures() -> Fixtures {
        serde_json::from_str(include_str!("../../../../../tests/fixtures/decode/rare_jpegs.json"))
            .unwrap()
    }

    fn rare_files() -> Vec<(String, Vec<u8>)> {
        fixtures().read.into_iter().map(|case| (case.name, bytes(&case.file))).collect()
    }

    fn common_file() -> Vec<u8> {
        include_bytes!("../../../../../tests/fixtures/decode/subsampled.jpg").to_vec()
    }

    /// The offset of the frame marker.
    fn frame_at(file: &[u8]) -> usize {
        file.windows(2).position(|pair| pair[0] == 0xFF && is_frame(pair[1])).unwrap()
    }

    #[test]
    fn rare_jpegs_decode_as_in_pillow() {
        let cases = fixtures().read;
        assert_eq!(cases.len(), 12);
        for Read { name, file, width, rgb } in cases {
            let file = bytes(&file);
            assert_eq!(JpegSupport::of(&file), JpegSupport::Rare, "{name}");
            let decoded = decode_file(&file).unwrap_or_else(|error| panic!("{name}: {error}"));
            assert!(!decoded.is_incomplete, "{name}");
            assert_eq!(decoded.image.width(), width, "{name}");
            let expected = bytes(&rgb);
            assert_eq!(decoded.image.pixels().len(), expected.len(), "{name}");
            let pairs = decoded.image.pixels().iter().zip(&expected);
            let most = pairs.map(|(a, b)| a.abs_diff(*b)).max().unwrap();
            assert!(most <= 4, "{name}: {most}");
        }
    }

    #[test]
    fn common_jpegs_need_the_common_decoder() {
        let progressive = include_bytes!("../../../../../tests/fixtures/decode/progressive.jpg");
        let cmyk = include_bytes!("../../../../../tests/fixtures/decode/cmyk.jpg");
        for file in [&common_file()[..], progressive, cmyk] {
            assert_eq!(JpegSupport::of(file), JpegSupport::Common);
        }
    }

    #[test]
    fn unsupported_features_are_reported() {
        let mut cases = Vec::new();
        for case in fixtures().refused {
            let feature = match case.kind.as_str() {
                "arithmetic coding" => JpegFeature::ArithmeticCoding,
                _ => JpegFeature::SamplingFactors,
            };
            cases.push((bytes(&case.file), feature));
        }
        let common = common_file();
        let at = frame_at(&common);
        let patches: [(usize, &[u8], JpegFeature); 6] = [
            (1, &[0xC3], JpegFeature::Lossless),
            (1, &[0xC5], JpegFeature::Hierarchical),
            (1, &[0xCA], JpegFeature::ArithmeticCoding),
            (4, &[12], JpegFeature::BitDepth(12)),
            (5, &[0, 0], JpegFeature::HeightAtEnd),
            (14, &[0x31], JpegFeature::SamplingFactors),
        ];
        for (place, patch, feature) in patches {
            let mut file = common.clone();
            file[at + place..at + place + patch.len()].copy_from_slice(patch);
            cases.push((file, feature));
        }
        for (file, feature) in cases {
            assert_eq!(decode(&file).unwrap_err(), DecodeError::UnsupportedJpeg(feature));
        }
    }

    #[test]
    fn a_height_after_the_scan_is_found() {
        let common = common_file();
        let whole = decode(&common).unwrap();
        let end = common.len() - 2;
        let height = (whole.height() as u16).to_be_bytes();
        let mut file =
            [&common[..end], &[0xFF, 0xDC, 0, 4, height[0], height[1]], &common[end..]].concat();
        let at = frame_at(&file);
        for in_front in [height, [0, 0]] {
            file[at + 5..at + 7].copy_from_slice(&in_front);
            let decoded = decode_file(&file).unwrap();
            assert_eq!((&decoded.image, decoded.is_incomplete), (&whole, false), "{in_front:?}");
        }
    }

    #[test]
    fn incomplete_rare_jpegs_are_rejected() {
        for (name, file) in rare_files() {
            let scan = file.windows(2).position(|pair| pair == [0xFF, START_OF_SCAN]).unwrap();
            for end in scan + 20..file.len() {
                let error = decode(&file[..end]).unwrap_err();
                assert!(matches!(error, DecodeError::IncompleteRareJpeg), "{name}, {end}: {error}");
            }
        }
    }

    #[test]
    fn huge_rare_jpegs_are_rejected() {
        for (name, mut file) in rare_files() {
            let at = frame_at(&file);
            file[at + 5..at + 9].fill(0xFF);
            let error = decode(&file).unwrap_err();
            assert!(matches!(error, DecodeError::TooLarge { width: 65535, .. }), "{name}: {error}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(256))]

        #[test]
        fn damaged_rare_jpegs_do_not_panic(
            which in any::<prop::sample::Index>(),
            edits in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..5),
        ) {
            let mut file = which.get(&rare_files()).1.clone();
            for (place, value) in edits {
                let place = place.index(file.len());
                file[place] = value;
            }
            if let Err(error) = decode(&file) {
                let message = error.to_string();
                prop_assert!(!message.contains(|c: char| c.is_control() || c == '"'), "{message}");
            }
        }
    }
}
