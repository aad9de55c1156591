//! The kind of a file, by its first bytes instead of its name.
//!
//! Users have photos that a phone renamed, web pages saved as `.jpg`, and archives without an extension. Messages say
//! what a file is and what to do with it.

mod detect;

use serde::{Deserialize, Serialize};
use tunelab_l10n::Texts;

/// Number of leading bytes that [`FileKind::of`] examines.
pub const PROBE_BYTES: usize = 512;

/// A kind of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum FileKind {
    /// An image that can be decoded.
    Image(ImageFormat),
    /// An image of a known format that cannot be decoded.
    OtherImage(OtherImageFormat),
    Video,
    Audio,
    Zip,
    Gzip,
    Tar,
    SevenZip,
    Rar,
    Bzip2,
    Xz,
    Zstd,
    Pdf,
    Html,
    Xml,
    Json,
    /// Other text, such as a CSV table.
    Text,
    /// A document of an office suite such as Word or Excel, in the old or the new format.
    Office,
    Parquet,
    Sqlite,
    /// A NumPy array, `.npy`.
    Numpy,
    /// A Python pickle of protocol 2 or later.
    Pickle,
    /// The zip archive of `torch.save`, with a pickle and its tensors.
    PyTorch,
    Safetensors,
    Hdf5,
    /// The array format of MNIST.
    Idx,
    /// The placeholder of Git LFS for a file that was not downloaded.
    LfsPointer,
    /// Metadata that macOS writes next to a file, in a file whose name begins with `._`.
    AppleDouble,
    /// A shortcut of Windows, `.lnk`.
    Shortcut,
    Empty,
    /// Only zeros, as after a failed copy.
    Zeros,
    Unknown,
}

/// An image format that can be decoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ImageFormat {
    Png,
    Jpeg,
    WebP,
    Gif,
    Bmp,
}

/// A known image format that cannot be decoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum OtherImageFormat {
    Heic,
    Avif,
    Tiff,
    /// Raw sensor data of a camera, if it can be distinguished from TIFF.
    Raw,
    Ico,
    JpegXl,
    Jpeg2000,
    Svg,
    Photoshop,
    Gimp,
    Qoi,
    Pnm,
    Dicom,
    /// A PNG in Apple's variant (CgBI), extracted from an iOS app.
    ApplePng,
}

impl ImageFormat {
    /// The name of the format, which is not translated.
    pub fn name(self) -> &'static str {
        match self {
            Self::Png => "PNG",
            Self::Jpeg => "JPEG",
            Self::WebP => "WebP",
            Self::Gif => "GIF",
            Self::Bmp => "BMP",
        }
    }
}

impl FileKind {
    /// Whether it is an image of a format that can be decoded.
    pub fn is_decodable(self) -> bool {
        matches!(self, Self::Image(_))
    }

    /// Whether it is an image, of a format that can be decoded or not.
    pub fn is_image(self) -> bool {
        matches!(self, Self::Image(_) | Self::OtherImage(_))
    }

    /// Whether it is an archive to unpack, or a compressed file.
    pub fn is_archive(self) -> bool {
        use FileKind::{Bzip2, Gzip, Rar, SevenZip, Tar, Xz, Zip, Zstd};
        matches!(self, Zip | Gzip | Tar | SevenZip | Rar | Bzip2 | Xz | Zstd)
    }

    /// The kind as a noun phrase, such as "a HEIC image".
    pub fn describe(self, texts: Texts) -> String {
        let fixed = match self {
            Self::Image(format) => return texts.data_file_kind_image(format.name()),
            Self::OtherImage(format) => return format.describe(texts),
            Self::Zip => return texts.data_file_kind_archive("zip"),
            Self::Gzip => return texts.data_file_kind_archive("gzip"),
            Self::Tar => return texts.data_file_kind_archive("tar"),
            Self::SevenZip => return texts.data_file_kind_archive("7z"),
            Self::Bzip2 => return texts.data_file_kind_archive("bzip2"),
            Self::Zstd => return texts.data_file_kind_archive("Zstandard"),
            Self::Rar => return texts.data_file_kind_archive("RAR"),
            Self::Xz => texts.data_file_kind_xz(),
            Self::Video => texts.data_file_kind_video(),
            Self::Audio => texts.data_file_kind_audio(),
            Self::Pdf => texts.data_file_kind_pdf(),
            Self::Html => texts.data_file_kind_html(),
            Self::Xml => texts.data_file_kind_xml(),
            Self::Json => texts.data_file_kind_json(),
            Self::Text => texts.data_file_kind_text(),
            Self::Office => texts.data_file_kind_office(),
            Self::Parquet => texts.data_file_kind_parquet(),
            Self::Sqlite => texts.data_file_kind_sqlite(),
            Self::Numpy => texts.data_file_kind_numpy(),
            Self::Pickle => texts.data_file_kind_pickle(),
            Self::PyTorch => texts.data_file_kind_pytorch(),
            Self::Safetensors => texts.data_file_kind_safetensors(),
            Self::Hdf5 => texts.data_file_kind_hdf5(),
            Self::Idx => texts.data_file_kind_idx(),
            Self::LfsPointer => texts.data_file_kind_lfs_pointer(),
            Self::AppleDouble => texts.data_file_kind_apple_double(),
            Self::Shortcut => texts.data_file_kind_shortcut(),
            Self::Empty => texts.data_file_kind_empty(),
            Self::Zeros => texts.data_file_kind_zeros(),
            Self::Unknown => texts.data_file_kind_unknown(),
        };
        fixed.to_owned()
    }

    /// What to do with such a file if an image is needed, as a sentence.
    pub fn remedy(self, texts: Texts) -> &'static str {
        match self {
            Self::Image(_) => texts.data_file_remedy_save_again(),
            Self::OtherImage(OtherImageFormat::Heic) => texts.data_file_remedy_save_heic(),
            Self::OtherImage(OtherImageFormat::Svg) => texts.data_file_remedy_export_svg(),
            Self::OtherImage(_) => texts.data_file_remedy_convert(),
            Self::Video => texts.data_file_remedy_save_frames(),
            kind if kind.is_archive() => texts.data_file_remedy_unpack(),
            Self::Pdf | Self::Office => texts.data_file_remedy_save_images(),
            Self::Html | Self::Xml | Self::Json => texts.data_file_remedy_download(),
            Self::Numpy | Self::Pickle | Self::Hdf5 | Self::Parquet | Self::Sqlite | Self::Idx => {
                texts.data_file_remedy_export_images()
            }
            Self::LfsPointer => texts.data_file_remedy_pull(),
            Self::AppleDouble => texts.data_file_remedy_delete(),
            Self::Shortcut => texts.data_file_remedy_copy_original(),
            Self::Empty | Self::Zeros => texts.data_file_remedy_copy_again(),
            _ => texts.data_file_remedy_use_image(),
        }
    }
}

impl OtherImageFormat {
    fn describe(self, texts: Texts) -> String {
        let name = match self {
            Self::Heic => "HEIC",
            Self::Tiff => "TIFF",
            Self::JpegXl => "JPEG XL",
            Self::Jpeg2000 => "JPEG 2000",
            Self::Photoshop => "Photoshop",
            Self::Gimp => "GIMP",
            Self::Qoi => "QOI",
            Self::Pnm => "PNM",
            Self::Dicom => "DICOM",
            Self::Avif => return texts.data_file_kind_avif().to_owned(),
            Self::Raw => return texts.data_file_kind_raw().to_owned(),
            Self::Ico => return texts.data_file_kind_ico().to_owned(),
            Self::Svg => return texts.data_file_kind_svg().to_owned(),
            Self::ApplePng => return texts.data_file_kind_apple_png().to_owned(),
        };
        texts.data_file_kind_image(name)
    }
}
