use proptest::prelude::*;

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
fn boxes_are_told_by_their_brands() {
    let cases = [
        ("heic", Kind::OtherPicture(OtherFormat::Heic)),
        ("heicmif1heic", Kind::OtherPicture(OtherFormat::Heic)),
        ("mif1mif1heic", Kind::OtherPicture(OtherFormat::Heic)),
        ("mif1", Kind::OtherPicture(OtherFormat::Heic)),
        ("mif1mif1avifmiaf", Kind::OtherPicture(OtherFormat::Avif)),
        ("avifmif1miaf", Kind::OtherPicture(OtherFormat::Avif)),
        ("msf1avis", Kind::OtherPicture(OtherFormat::Avif)),
        ("crx isom", Kind::OtherPicture(OtherFormat::Raw)),
        ("isomiso2avc1mp41", Kind::Video),
        ("qt  qt  ", Kind::Video),
        ("M4A mp42isom", Kind::Audio),
    ];
    for (brands, kind) in cases {
        assert_eq!(Kind::of(&ftyp(brands)), kind, "{brands}");
    }
}

#[test]
fn binary_files_are_told_by_their_first_bytes() {
    let tar = [[b'a'; 257].as_slice(), b"ustar\0", &[0; 249]].concat();
    let dicom = [[0; 128].as_slice(), b"DICM"].concat();
    let bmp = b"BM\x46\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0";
    let icon = b"\0\0\x01\0\x01\0\x10\x10\0\0\x01\0\x20\0";
    let cases: [(&[u8], Kind); 30] = [
        (b"\x89PNG\r\n\x1A\n\0\0\0\rIHDR", Kind::Picture(Format::Png)),
        (b"\x89PNG\n\x1A\n", Kind::Picture(Format::Png)),
        (b"\x89PNG\r\n\x1A\n\0\0\0\x04CgBI", Kind::OtherPicture(OtherFormat::ApplePng)),
        (b"\xFF\xD8\xFF\xE1", Kind::Picture(Format::Jpeg)),
        (b"RIFF\x10\0\0\0WEBPVP8 ", Kind::Picture(Format::WebP)),
        (b"RIFF\x10\0\0\0AVI LIST", Kind::Video),
        (b"GIF89a", Kind::Picture(Format::Gif)),
        (bmp, Kind::Picture(Format::Bmp)),
        (icon, Kind::OtherPicture(OtherFormat::Ico)),
        (b"II*\0\x08\0\0\0", Kind::OtherPicture(OtherFormat::Tiff)),
        (b"II*\0\x10\0\0\0CR\x02\0", Kind::OtherPicture(OtherFormat::Raw)),
        (b"\xFF\x0A\xFA\x1F", Kind::OtherPicture(OtherFormat::JpegXl)),
        (b"\0\0\0\x0CJXL \r\n\x87\n", Kind::OtherPicture(OtherFormat::JpegXl)),
        (b"\0\0\0\x0CjP  \r\n\x87\n", Kind::OtherPicture(OtherFormat::Jpeg2000)),
        (b"\xFF\x4F\xFF\x51\0\x2F", Kind::OtherPicture(OtherFormat::Jpeg2000)),
        (b"P6 32 32 255 ", Kind::OtherPicture(OtherFormat::Pnm)),
        (&dicom, Kind::OtherPicture(OtherFormat::Dicom)),
        (&zip("cat/1.jpg"), Kind::Zip),
        (&zip("[Content_Types].xml"), Kind::Office),
        (&zip("archive/data.pkl"), Kind::PyTorch),
        (&tar, Kind::Tar),
        (b"BZh91AY&SY\0", Kind::Bzip2),
        (b"\x80\x02}q\0", Kind::Pickle),
        (b"\x40\0\0\0\0\0\0\0{\"fc.weight\"", Kind::Safetensors),
        (b"SQLite format 3\0\x10\0", Kind::Sqlite),
        (b"\0\0\x08\x03\0\0\xEA\x60", Kind::Idx),
        (b"\0\x05\x16\x07\0\x02\0\0", Kind::AppleDouble),
        (&[0; 600], Kind::Zeros),
        (b"", Kind::Empty),
        (&[0, 1, 2, 3, 4], Kind::Unknown),
    ];
    for (bytes, kind) in cases {
        assert_eq!(Kind::of(bytes), kind, "{}", bytes.escape_ascii());
    }
}

#[test]
fn texts_are_told_apart() {
    let cases: [(&[u8], Kind); 20] = [
        (b"<html>404 Not Found</html>\n", Kind::Html),
        (b"\xEF\xBB\xBF\r\n<!DOCTYPE HTML PUBLIC \"-//IETF//DTD\">", Kind::Html),
        (b"<?xml version=\"1.0\"?><!DOCTYPE html><html>", Kind::Html),
        (b"<title>Moved</title>", Kind::Html),
        (b"<?xml version=\"1.0\"?><Error><Code>AccessDenied</Code>", Kind::Xml),
        (b"<?xml version=\"1.0\"?><!-- x --><svg>", Kind::OtherPicture(OtherFormat::Svg)),
        (b"<svg xmlns=\"http://www.w3.org/2000/svg\">", Kind::OtherPicture(OtherFormat::Svg)),
        (b"{\"error\": \"not found\"}", Kind::Json),
        (b"[\n  {\"file\": 1}]", Kind::Json),
        (b"{braces} are no JSON", Kind::Text),
        (b"path,label\na.jpg,cat\n", Kind::Text),
        (b"BMW,car\nBMW,car\nBMW,car\n", Kind::Text),
        (b"P1,P2\n1,2\n", Kind::Text),
        (b"ID3,label\n1,2\n", Kind::Text),
        (b"id1,wide,label\n", Kind::Text),
        (b"caf\xE9;M\xFCller;1\n", Kind::Text),
        (b"\xFF\xFEp\0a\0t\0h\0,\0", Kind::Text),
        ("猫の写真".as_bytes(), Kind::Text),
        (&"猫の写真".as_bytes()[..7], Kind::Text),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:4d\n", Kind::LfsPointer),
    ];
    for (bytes, kind) in cases {
        assert_eq!(Kind::of(bytes), kind, "{}", bytes.escape_ascii());
    }
}

proptest! {
    #[test]
    fn any_bytes_have_a_kind(bytes in proptest::collection::vec(any::<u8>(), 0..80)) {
        prop_assert!(!Kind::of(&bytes).name().is_empty());
        for &(place, magic, kind) in MAGIC {
            let file = [&vec![b' '; place], magic, &bytes].concat();
            if place == 0 && !kind.is_picture() {
                prop_assert!(!Kind::of(&file).is_picture(), "{kind}");
            }
        }
    }
}
