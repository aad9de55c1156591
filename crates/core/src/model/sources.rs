//! The known sources of pretrained weights: URLs, checksums and preprocessing.

use serde::{Deserialize, Serialize};
use tunelab_l10n::{Localize, Texts, display_in_english};

use super::architecture::Architecture;

/// ImageNet's channel means, for RGB in `[0, 1]`.
pub const IMAGENET_MEAN: [f32; 3] = [0.485, 0.456, 0.406];
/// ImageNet's channel standard deviations, for RGB in `[0, 1]`.
pub const IMAGENET_STD: [f32; 3] = [0.229, 0.224, 0.225];

/// The naming scheme of the tensors in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Naming {
    /// That of torchvision and timm: `layer1.0.conv1.weight`.
    Torchvision,
    /// That of Hugging Face transformers: `resnet.encoder.stages.0.layers.0.layer.0.convolution.weight`.
    Transformers,
    /// That of NVIDIA's examples: `layers.0.0.conv1.weight`.
    Nvidia,
    /// The numbers of `nn.Sequential`: `4.0.conv1.weight`.
    Sequential,
}

/// A file of pretrained weights.
#[derive(Debug, Clone, PartialEq)]
pub struct Source {
    /// The identifier on the command line and in messages.
    pub id: &'static str,
    /// The proper name, the same in every language.
    pub title: &'static str,
    /// `None` for the included file.
    pub url: Option<&'static str>,
    /// The name of the file in the cache, unique among the sources.
    pub file_name: &'static str,
    /// The size of the file.
    pub bytes: u64,
    /// The SHA-256 of the file, in lowercase hexadecimal.
    pub sha256: &'static str,
    pub architecture: Architecture,
    pub naming: Naming,
    /// Channel means of the standardization, for RGB in `[0, 1]`.
    pub mean: [f32; 3],
    /// Channel standard deviations of the standardization, for RGB in `[0, 1]`.
    pub std: [f32; 3],
    /// Side length of the square input at which `top1_percent` was measured, in pixels.
    pub input_size: u32,
    /// Side length of the center crop divided by the shorter side of the image, in `(0, 1]`.
    pub crop_fraction: f32,
    /// The training dataset.
    pub dataset: &'static str,
    /// Number of classes of the head.
    pub classes: usize,
    /// Top-1 accuracy on the validation split of the dataset, in percent.
    pub top1_percent: f32,
    /// SPDX identifier of the license of the weights; `None` for the license of the program.
    pub license: Option<&'static str>,
}

/// The SHA-256 of a file does not match.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct ChecksumError {
    pub found: String,
    pub expected: &'static str,
}

impl Localize for ChecksumError {
    fn localize(&self, texts: Texts) -> String {
        texts.error_checksum_mismatch(&self.found, self.expected)
    }
}

display_in_english!(ChecksumError);

impl Source {
    /// Compares the SHA-256 of a file, in hex, with the recorded one.
    ///
    /// # Errors
    /// They differ: the file is damaged or a different one.
    pub fn check_sha256(&self, found: &str) -> Result<(), ChecksumError> {
        if found.eq_ignore_ascii_case(self.sha256) {
            return Ok(());
        }
        Err(ChecksumError { found: found.to_owned(), expected: self.sha256 })
    }
}

/// The source with this id.
pub fn find(id: &str) -> Option<&'static Source> {
    SOURCES.iter().find(|source| source.id == id)
}

/// The source that is included in the program.
pub fn bundled() -> &'static Source {
    &SOURCES[0]
}

/// All known sources. The first is [`bundled`].
pub const SOURCES: [Source; 6] = [
    Source {
        id: "tiny-imagenet",
        title: "ResNet18 Tiny-ImageNet",
        url: None,
        file_name: "resnet18-tiny-imagenet-f16.safetensors",
        bytes: 22_588_568,
        sha256: "c1c187a7d18d7832e6b7d9272d1b81da903b52bcae2b2c6402f8c77a54502c65",
        architecture: Architecture::ResNet18,
        naming: Naming::Torchvision,
        mean: IMAGENET_MEAN,
        std: IMAGENET_STD,
        input_size: 64,
        crop_fraction: 1.0,
        dataset: "Tiny-ImageNet",
        classes: 200,
        top1_percent: 48.0,
        license: None,
    },
    Source {
        id: "torchvision-resnet18",
        title: "torchvision ResNet18, IMAGENET1K_V1",
        url: Some("https://download.pytorch.org/models/resnet18-f37072fd.pth"),
        file_name: "resnet18-f37072fd.pth",
        bytes: 46_830_571,
        sha256: "f37072fd47e89c5e827621c5baffa7500819f7896bbacec160b1a16c560e07ec",
        architecture: Architecture::ResNet18,
        naming: Naming::Torchvision,
        mean: IMAGENET_MEAN,
        std: IMAGENET_STD,
        input_size: 224,
        crop_fraction: 0.875,
        dataset: "ImageNet-1k",
        classes: 1000,
        top1_percent: 69.758,
        license: Some("BSD-3-Clause"),
    },
    Source {
        id: "torchvision-resnet34",
        title: "torchvision ResNet34, IMAGENET1K_V1",
        url: Some("https://download.pytorch.org/models/resnet34-b627a593.pth"),
        file_name: "resnet34-b627a593.pth",
        bytes: 87_319_819,
        sha256: "b627a593bcbe140c234610266fe4f8ae95ea42fc881d091c9b6052e6b1d0590f",
        architecture: Architecture::ResNet34,
        naming: Naming::Torchvision,
        mean: IMAGENET_MEAN,
        std: IMAGENET_STD,
        input_size: 224,
        crop_fraction: 0.875,
        dataset: "ImageNet-1k",
        classes: 1000,
        top1_percent: 73.314,
        license: Some("BSD-3-Clause"),
    },
    Source {
        id: "torchvision-resnet50",
        title: "torchvision ResNet50, IMAGENET1K_V1",
        url: Some("https://download.pytorch.org/models/resnet50-0676ba61.pth"),
        file_name: "resnet50-0676ba61.pth",
        bytes: 102_530_333,
        sha256: "0676ba61b6795bbe1773cffd859882e5e297624d384b6993f7c9e683e722fb8a",
        architecture: Architecture::ResNet50,
        naming: Naming::Torchvision,
        mean: IMAGENET_MEAN,
        std: IMAGENET_STD,
        input_size: 224,
        crop_fraction: 0.875,
        dataset: "ImageNet-1k",
        classes: 1000,
        top1_percent: 76.130,
        license: Some("BSD-3-Clause"),
    },
    Source {
        id: "timm-resnet18-a1",
        title: "timm/resnet18.a1_in1k",
        url: Some("https://huggingface.co/timm/resnet18.a1_in1k/resolve/main/model.safetensors"),
        file_name: "timm-resnet18.a1_in1k.safetensors",
        bytes: 46_807_446,
        sha256: "80c49dee3da4822c009c5a7fe591e9223c5a2cfcf95a4067ca4dfb5a7b89c612",
        architecture: Architecture::ResNet18,
        naming: Naming::Torchvision,
        mean: IMAGENET_MEAN,
        std: IMAGENET_STD,
        input_size: 224,
        crop_fraction: 0.95,
        dataset: "ImageNet-1k",
        classes: 1000,
        top1_percent: 71.49,
        license: Some("Apache-2.0"),
    },
    Source {
        id: "microsoft-resnet-18",
        title: "microsoft/resnet-18",
        url: Some("https://huggingface.co/microsoft/resnet-18/resolve/main/model.safetensors"),
        file_name: "microsoft-resnet-18.safetensors",
        bytes: 46_812_324,
        sha256: "1cf00ee468998c23d084361b02cffadabacb5074105564c596b8079f77ecb126",
        architecture: Architecture::ResNet18,
        naming: Naming::Transformers,
        mean: IMAGENET_MEAN,
        std: IMAGENET_STD,
        input_size: 224,
        crop_fraction: 0.875,
        dataset: "ImageNet-1k",
        classes: 1000,
        top1_percent: 69.758,
        license: Some("Apache-2.0"),
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_consistent() {
        for (index, source) in SOURCES.iter().enumerate() {
            let others = || SOURCES.iter().skip(index + 1);
            assert!(others().all(|other| other.id != source.id), "{}", source.id);
            assert!(others().all(|other| other.file_name != source.file_name));
            assert!(source.url.is_none_or(|url| url.starts_with("https://")));
            assert!(source.crop_fraction > 0.0 && source.crop_fraction <= 1.0);
            assert!(source.std.iter().all(|&std| std > 0.0));
            assert_eq!(source.sha256.len(), 64);
            let is_lower_hex = |b: u8| b.is_ascii_hexdigit() && !b.is_ascii_uppercase();
            assert!(source.sha256.bytes().all(is_lower_hex));
            // Tensors in float32 (or float16), plus a small overhead for the container.
            let specs = source.architecture.tensor_specs();
            let backbone: usize = specs.iter().map(|s| s.shape.iter().product::<usize>()).sum();
            let head = (source.architecture.feature_width() + 1) * source.classes;
            let width = if source.url.is_some() { 4 } else { 2 };
            let tensors = ((backbone + head) * width) as u64;
            assert!(source.bytes > tensors, "{}", source.id);
            assert!(source.bytes < tensors + 100_000, "{}", source.id);
            assert_eq!(find(source.id), Some(source));
            assert_eq!(source == bundled(), source.url.is_none(), "{}", source.id);
        }
        assert_eq!(find("nothing"), None);
    }

    #[test]
    fn pytorch_file_names_contain_the_start_of_the_checksum() {
        let from_pytorch = SOURCES
            .iter()
            .filter(|source| source.url.is_some_and(|url| url.contains("pytorch.org")));
        for source in from_pytorch {
            let stem = source.file_name.strip_suffix(".pth").unwrap();
            let (_, start) = stem.rsplit_once('-').unwrap();
            assert!(source.sha256.starts_with(start));
        }
    }

    #[test]
    fn only_the_recorded_checksum_is_accepted() {
        let source = &SOURCES[1];
        assert_eq!(source.check_sha256(&source.sha256.to_ascii_uppercase()), Ok(()));
        let error = source.check_sha256(&source.sha256.replace('f', "0")).unwrap_err();
        assert!(error.to_string().contains(source.sha256), "{error}");
    }
}
