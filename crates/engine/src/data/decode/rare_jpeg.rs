//! JPEGs that the usual decoder gets wrong, often without a word: another decoder reads them, or they are
//! refused by name.

use std::fmt::{self, Display};

use image::ColorType;
use jpeg_decoder::{ColorTransform, Decoder, Error, PixelFormat};

use super::jpeg::{START_OF_SCAN, Segment, Segments};
use super::{DecodeError, MAX_DECODER_BYTES, Raster, check_size, one_line};
use tunelab_core::data::file_kind::Format;

/// What no decoder here reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unreadable {
    ArithmeticCoding,
    Bits(u8),
    Lossless,
    Hierarchical,
    HeightAtEnd,
    /// The resolutions of the colours do not go together.
    Resolutions,
}

impl Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ArithmeticCoding => f.write_str("uses arithmetic coding"),
            Self::Bits(bits) => write!(f, "has {bits} bits a colour"),
            Self::Lossless => f.write_str("is lossless"),
            Self::Hierarchical => f.write_str("is hierarchical"),
            Self::HeightAtEnd => f.write_str("tells its height only at its end"),
            Self::Resolutions => f.write_str("has colours of unusual resolutions"),
        }
    }
}

/// Which decoder reads a JPEG.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Usual,
    Rare,
    Unreadable(Unreadable),
}

impl Kind {
    pub fn of(file: &[u8]) -> Self {
        Frame::of(file).map_or(Self::Usual, |frame| frame.kind())
    }
}

/// Whether a marker starts a frame, of whatever process.
pub fn is_frame(marker: u8) -> bool {
    matches!(marker, 0xC0..=0xCF) && !matches!(marker, 0xC4 | 0xC8 | 0xCC)
}

/// A colour, and how many samples it has beside and below each other where others may have fewer.
struct Component {
    id: u8,
    across: u8,
    down: u8,
}

/// What the header and the scans tell of how the picture is coded.
struct Frame {
    marker: u8,
    bits: u8,
    has_height: bool,
    components: Vec<Component>,
    /// How many components each scan has.
    scans: Vec<usize>,
}

impl Frame {
    /// `None` where there is no whole header.
    fn of(file: &[u8]) -> Option<Self> {
        let mut segments = Segments::new(file);
        let frame = segments.find(|segment| is_frame(segment.marker))?;
        let (&[bits, high, low, _, _, count], components) = frame.payload.split_first_chunk()?;
        let components = components.get(..3 * usize::from(count))?.as_chunks().0.iter();
        let component = |&[id, factors, _]: &[u8; 3]| Component {
            id,
            across: factors >> 4,
            down: factors & 15,
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

    fn kind(&self) -> Kind {
        match self.marker {
            0xC9..=0xCF => return Kind::Unreadable(Unreadable::ArithmeticCoding),
            0xC3 => return Kind::Unreadable(Unreadable::Lossless),
            0xC5..=0xC7 => return Kind::Unreadable(Unreadable::Hierarchical),
            _ => {}
        }
        if let bits @ 9..=16 = self.bits {
            return Kind::Unreadable(Unreadable::Bits(bits));
        }
        if !self.has_height {
            return Kind::Unreadable(Unreadable::HeightAtEnd);
        }
        let directions = [|c: &Component| c.across, |c: &Component| c.down]
            .map(|factor| self.components.iter().map(factor).collect::<Vec<u8>>());
        if directions.iter().flatten().any(|factor| !(1..=4).contains(factor)) {
            return Kind::Usual;
        }
        let mut has_between = false;
        let mut is_rare = false;
        for factors in directions {
            let most = factors.iter().copied().max().unwrap_or(1);
            if factors.iter().any(|factor| most % factor != 0) {
                return Kind::Unreadable(Unreadable::Resolutions);
            }
            has_between |= factors.iter().any(|&factor| factor != 1 && factor != most);
            // The usual decoder takes the first component for the finest.
            is_rare |= most == 3 || factors.first() != Some(&most);
        }
        // Neither decoder counts the blocks of a component between the coarsest and the finest rightly
        // where it has a scan of its own.
        if has_between && self.scans.contains(&1) {
            return Kind::Unreadable(Unreadable::Resolutions);
        }
        let is_progressive = self.marker == 0xC2;
        let is_split = self.scans.first().is_some_and(|&first| first < self.components.len());
        if is_rare || has_between || (is_split && !is_progressive) {
            Kind::Rare
        } else {
            Kind::Usual
        }
    }

    /// How colours are coded, by the rules of libjpeg.
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

/// Decodes a JPEG of a rare kind, of which all must be there.
pub fn decode(file: &[u8]) -> Result<Raster, DecodeError> {
    let format = Format::Jpeg;
    let mut decoder = Decoder::new(file);
    decoder.read_info().map_err(damaged)?;
    let frame = Frame::of(file).zip(decoder.info());
    let (frame, info) = frame.ok_or_else(|| damaged(Error::Format("no frame".to_owned())))?;
    check_size(u32::from(info.width), u32::from(info.height), format)?;
    let (width, height) = (usize::from(info.width), usize::from(info.height));
    // Samples, the picture, and with it the coefficients of all scans.
    let bytes_per_sample = if frame.marker == 0xC2 { 4 } else { 2 };
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
            (ColorType::Rgb8, bytes.as_chunks().0.iter().flat_map(without_ink).collect())
        }
    };
    Ok(Raster { width, height, color, bytes })
}

/// RGB of the ink on white paper.
fn without_ink(&[cyan, magenta, yellow, black]: &[u8; 4]) -> [u8; 3] {
    let light = |ink: u8| u32::from(255 - ink);
    [cyan, magenta, yellow].map(|ink| ((light(ink) * light(black) + 127) / 255) as u8)
}

fn damaged(error: Error) -> DecodeError {
    match error {
        Error::Io(_) => DecodeError::IncompleteRareJpeg,
        error => {
            DecodeError::Damaged { format: Format::Jpeg, reason: one_line(&error.to_string()) }
        }
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

    fn usual_file() -> Vec<u8> {
        include_bytes!("../../../../../tests/fixtures/decode/subsampled.jpg").to_vec()
    }

    /// Where the frame's marker is.
    fn frame_at(file: &[u8]) -> usize {
        file.windows(2).position(|pair| pair[0] == 0xFF && is_frame(pair[1])).unwrap()
    }

    #[test]
    fn rare_kinds_look_as_in_pillow() {
        let cases = fixtures().read;
        assert_eq!(cases.len(), 12);
        for Read { name, file, width, rgb } in cases {
            let file = bytes(&file);
            assert_eq!(Kind::of(&file), Kind::Rare, "{name}");
            let decoded = decode_file(&file).unwrap_or_else(|error| panic!("{name}: {error}"));
            assert!(!decoded.is_cut, "{name}");
            assert_eq!(decoded.image.width(), width, "{name}");
            let expected = bytes(&rgb);
            assert_eq!(decoded.image.pixels().len(), expected.len(), "{name}");
            let pairs = decoded.image.pixels().iter().zip(&expected);
            let most = pairs.map(|(a, b)| a.abs_diff(*b)).max().unwrap();
            assert!(most <= 4, "{name}: {most}");
        }
    }

    #[test]
    fn usual_kinds_stay_with_the_usual_decoder() {
        let progressive = include_bytes!("../../../../../tests/fixtures/decode/progressive.jpg");
        let cmyk = include_bytes!("../../../../../tests/fixtures/decode/cmyk.jpg");
        for file in [&usual_file()[..], progressive, cmyk] {
            assert_eq!(Kind::of(file), Kind::Usual);
        }
    }

    #[test]
    fn what_no_decoder_reads_is_named() {
        let refused = fixtures().refused;
        let mut cases: Vec<_> =
            refused.into_iter().map(|case| (bytes(&case.file), case.kind)).collect();
        let usual = usual_file();
        let at = frame_at(&usual);
        let patches: [(usize, &[u8], &str); 6] = [
            (1, &[0xC3], "is lossless"),
            (1, &[0xC5], "is hierarchical"),
            (1, &[0xCA], "uses arithmetic coding"),
            (4, &[12], "has 12 bits a colour"),
            (5, &[0, 0], "tells its height only at its end"),
            (14, &[0x31], "has colours of unusual resolutions"),
        ];
        for (place, patch, kind) in patches {
            let mut file = usual.clone();
            file[at + place..at + place + patch.len()].copy_from_slice(patch);
            cases.push((file, kind.to_owned()));
        }
        for (file, kind) in cases {
            let message = decode(&file).unwrap_err().to_string();
            assert!(message.contains(&kind), "{kind}: {message}");
            assert!(message.ends_with("save it as an ordinary JPEG or PNG"), "{message}");
        }
    }

    #[test]
    fn a_height_behind_the_scan_is_found() {
        let usual = usual_file();
        let whole = decode(&usual).unwrap();
        let end = usual.len() - 2;
        let height = (whole.height() as u16).to_be_bytes();
        let mut file =
            [&usual[..end], &[0xFF, 0xDC, 0, 4, height[0], height[1]], &usual[end..]].concat();
        let at = frame_at(&file);
        for in_front in [height, [0, 0]] {
            file[at + 5..at + 7].copy_from_slice(&in_front);
            let decoded = decode_file(&file).unwrap();
            assert_eq!((&decoded.image, decoded.is_cut), (&whole, false), "{in_front:?}");
        }
    }

    #[test]
    fn a_rare_kind_that_is_cut_is_refused() {
        for (name, file) in rare_files() {
            let scan = file.windows(2).position(|pair| pair == [0xFF, START_OF_SCAN]).unwrap();
            for end in scan + 20..file.len() {
                let error = decode(&file[..end]).unwrap_err();
                assert!(matches!(error, DecodeError::IncompleteRareJpeg), "{name}, {end}: {error}");
            }
        }
    }

    #[test]
    fn bombs_of_rare_kinds_are_refused() {
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
        fn damaged_rare_kinds_do_not_panic(
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
