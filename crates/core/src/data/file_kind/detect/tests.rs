use proptest::prelude::*;
use tunelab_l10n::{Language, Texts};

use super::*;

fn ftyp(brands: &str) -> Vec<u8> {
    let (own, others) = brands.split_at(4);
    let size = (16 + others.len() as u32).to_be_bytes();
    [&size, b"ftyp".as_slice(), own.as_bytes(), &[0; 4], others.as_bytes(), &[7; 40]].concat()
}

fn zip(first: &str) -> Vec<u8> {
    let name = first.as_bytes();
    let length = (name.len() as u16).to_le_bytes();
    [b"PK\x03\x04", [0; 22].as_slice(), &length, &[0; 2], name, &[7; 40]].concat()
}

#[test]
fn iso_media_are_recognized_by_their_brands() {
    let cases = [
        ("heic", FileKind::OtherImage(OtherImageFormat::Heic)),
        ("heicmif1heic", FileKind::OtherImage(OtherImageFormat::Heic)),
        ("mif1mif1heic", FileKind::OtherImage(OtherImageFormat::Heic)),
        ("mif1", FileKind::OtherImage(OtherImageFormat::Heic)),
        ("mif1mif1avifmiaf", FileKind::OtherImage(OtherImageFormat::Avif)),
        ("avifmif1miaf", FileKind::OtherImage(OtherImageFormat::Avif)),
        ("msf1avis", FileKind::OtherImage(OtherImageFormat::Avif)),
        ("crx isom", FileKind::OtherImage(OtherImageFormat::Raw)),
        ("isomiso2avc1mp41", FileKind::Video),
        ("qt  qt  ", FileKind::Video),
        ("M4A mp42isom", FileKind::Audio),
    ];
    for (brands, kind) in cases {
        assert_eq!(FileKind::of(&ftyp(brands)), kind, "{brands}");
    }
}

#[test]
fn binary_files_are_recognized_by_their_first_bytes() {
    let tar = [[b'a'; 257].as_slice(), b"ustar\0", &[0; 249]].concat();
    let dicom = [[0; 128].as_slice(), b"DICM"].concat();
    let bmp = b"BM\x46\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0";
    let icon = b"\0\0\x01\0\x01\0\x10\x10\0\0\x01\0\x20\0";
    let cases: [(&[u8], FileKind); 30] = [
        (b"\x89PNG\r\n\x1A\n\0\0\0\rIHDR", FileKind::Image(ImageFormat::Png)),
        (b"\x89PNG\n\x1A\n", FileKind::Image(ImageFormat::Png)),
        (b"\x89PNG\r\n\x1A\n\0\0\0\x04CgBI", FileKind::OtherImage(OtherImageFormat::ApplePng)),
        (b"\xFF\xD8\xFF\xE1", FileKind::Image(ImageFormat::Jpeg)),
        (b"RIFF\x10\0\0\0WEBPVP8 ", FileKind::Image(ImageFormat::WebP)),
        (b"RIFF\x10\0\0\0AVI LIST", FileKind::Video),
        (b"GIF89a", FileKind::Image(ImageFormat::Gif)),
        (bmp, FileKind::Image(ImageFormat::Bmp)),
        (icon, FileKind::OtherImage(OtherImageFormat::Ico)),
        (b"II*\0\x08\0\0\0", FileKind::OtherImage(OtherImageFormat::Tiff)),
        (b"II*\0\x10\0\0\0CR\x02\0", FileKind::OtherImage(OtherImageFormat::Raw)),
        (b"\xFF\x0A\xFA\x1F", FileKind::OtherImage(OtherImageFormat::JpegXl)),
        (b"\0\0\0\x0CJXL \r\n\x87\n", FileKind::OtherImage(OtherImageFormat::JpegXl)),
        (b"\0\0\0\x0CjP  \r\n\x87\n", FileKind::OtherImage(OtherImageFormat::Jpeg2000)),
        (b"\xFF\x4F\xFF\x51\0\x2F", FileKind::OtherImage(OtherImageFormat::Jpeg2000)),
        (b"P6 32 32 255 ", FileKind::OtherImage(OtherImageFormat::Pnm)),
        (&dicom, FileKind::OtherImage(OtherImageFormat::Dicom)),
        (&zip("cat/1.jpg"), FileKind::Zip),
        (&zip("[Content_Types].xml"), FileKind::Office),
        (&zip("archive/data.pkl"), FileKind::PyTorch),
        (&tar, FileKind::Tar),
        (b"BZh91AY&SY\0", FileKind::Bzip2),
        (b"\x80\x02}q\0", FileKind::Pickle),
        (b"\x40\0\0\0\0\0\0\0{\"fc.weight\"", FileKind::Safetensors),
        (b"SQLite format 3\0\x10\0", FileKind::Sqlite),
        (b"\0\0\x08\x03\0\0\xEA\x60", FileKind::Idx),
        (b"\0\x05\x16\x07\0\x02\0\0", FileKind::AppleDouble),
        (&[0; 600], FileKind::Zeros),
        (b"", FileKind::Empty),
        (&[0, 1, 2, 3, 4], FileKind::Unknown),
    ];
    for (bytes, kind) in cases {
        assert_eq!(FileKind::of(bytes), kind, "{}", bytes.escape_ascii());
    }
}

#[test]
fn kinds_of_text_are_distinguished() {
    let cases: [(&[u8], FileKind); 20] = [
        (b"<html>404 Not Found</html>\n", FileKind::Html),
        (b"\xEF\xBB\xBF\r\n<!DOCTYPE HTML PUBLIC \"-//IETF//DTD\">", FileKind::Html),
        (b"<?xml version=\"1.0\"?><!DOCTYPE html><html>", FileKind::Html),
        (b"<title>Moved</title>", FileKind::Html),
        (b"<?xml version=\"1.0\"?><Error><Code>AccessDenied</Code>", FileKind::Xml),
        (b"<?xml version=\"1.0\"?><!-- x --><svg>", FileKind::OtherImage(OtherImageFormat::Svg)),
        (
            b"<svg xmlns=\"http://www.w3.org/2000/svg\">",
            FileKind::OtherImage(OtherImageFormat::Svg),
        ),
        (b"{\"error\": \"not found\"}", FileKind::Json),
        (b"[\n  {\"file\": 1}]", FileKind::Json),
        (b"{braces} are no JSON", FileKind::Text),
        (b"path,label\na.jpg,cat\n", FileKind::Text),
        (b"BMW,car\nBMW,car\nBMW,car\n", FileKind::Text),
        (b"P1,P2\n1,2\n", FileKind::Text),
        (b"ID3,label\n1,2\n", FileKind::Text),
        (b"id1,wide,label\n", FileKind::Text),
        (b"caf\xE9;M\xFCller;1\n", FileKind::Text),
        (b"\xFF\xFEp\0a\0t\0h\0,\0", FileKind::Text),
        ("猫の写真".as_bytes(), FileKind::Text),
        (&"猫の写真".as_bytes()[..7], FileKind::Text),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:4d\n", FileKind::LfsPointer),
    ];
    for (bytes, kind) in cases {
        assert_eq!(FileKind::of(bytes), kind, "{}", bytes.escape_ascii());
    }
}

proptest! {
    #[test]
    fn any_bytes_have_a_kind(bytes in proptest::collection::vec(any::<u8>(), 0..80)) {
        let kind = FileKind::of(&bytes);
        for texts in [Language::English, Language::SimplifiedChinese].map(Texts::new) {
            prop_assert!(!kind.describe(texts).is_empty() && !kind.remedy(texts).is_empty());
        }
        for &(offset, magic, kind) in MAGIC {
            let file = [&vec![b' '; offset], magic, &bytes].concat();
            if offset == 0 && !kind.is_image() {
                prop_assert!(!FileKind::of(&file).is_image(), "{kind:?}");
            }
        }
    }
}
