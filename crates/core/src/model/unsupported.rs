//! Files without weights of a supported network.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use tunelab_l10n::{Localize, Texts, display_in_english};

/// A file without readable weights. Names of formats are not translated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum UnsupportedFile {
    Empty,
    /// The file begins with zeros only, as after an interrupted download.
    Zeros,
    /// The format of another program.
    OtherFormat(Cow<'static, str>),
    /// A compressed file or an archive, which may contain weights.
    Compressed(Cow<'static, str>),
    /// An image or a video.
    Image(Cow<'static, str>),
    ZipOfImages,
    /// A zip archive that `torch.save` did not write.
    ZipWithoutWeights,
    /// A program of `torch.export`.
    TorchExport,
    /// A program of `torch.jit.save`.
    TorchScript,
    /// The tar archive of PyTorch before 0.1.10.
    OldPyTorch,
    /// A PyTorch file with a compression that `torch.save` never uses.
    Compression,
    /// The checkpoint of an unfinished run of this program.
    RunCheckpoint,
    /// A pickle that `torch.save` did not write; `found` is its content in Python's notation.
    Pickle {
        found: String,
    },
    GitLfsPointer,
    WebPage,
    /// The index of weights that are sharded over several files.
    ShardIndex,
    /// The configuration of a model.
    ModelConfig,
    /// Any other text; `start` is its beginning.
    Text {
        start: String,
    },
    Unknown,
}

/// A network that is not supported. Names of networks are not translated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum OtherNetwork {
    Named(Cow<'static, str>),
    /// An unknown network with tensors of these names.
    Unknown {
        tensors: Vec<String>,
    },
    NoTensors,
    LanguageModel,
    ImageGenerator,
    /// A self-supervised network that is not a ResNet.
    SelfSupervised,
    /// A ResNet whose layers are numbered in another order than torchvision's.
    ReorderedLayers,
    /// A ResNet for images with a number of channels other than 3.
    OtherChannels,
    /// A ResNet for small images, such as CIFAR's, whose first convolution is 3x3.
    SmallStem,
    /// A ResNet with different shortcuts.
    OtherShortcuts,
    /// A ResNet whose batch norms are folded into its convolutions.
    FoldedNorms,
    /// A ResNet without running statistics of batch norm.
    NoRunningStatistics,
    /// A quantized ResNet.
    Quantized,
}

impl OtherNetwork {
    /// The network with this name, such as `DenseNet`.
    pub const fn named(name: &'static str) -> Self {
        Self::Named(Cow::Borrowed(name))
    }
}

impl Localize for UnsupportedFile {
    fn localize(&self, texts: Texts) -> String {
        let fixed = match self {
            Self::OtherFormat(format) => return texts.error_weights_file_other_format(format),
            Self::Compressed(format) => return texts.error_weights_file_compressed(format),
            Self::Image(format) => return texts.error_weights_file_image(format),
            Self::Pickle { found } => return texts.error_weights_file_pickle(found),
            Self::Text { start } => return texts.error_weights_file_text(start),
            Self::Empty => texts.error_weights_file_empty(),
            Self::Zeros => texts.error_weights_file_zeros(),
            Self::ZipOfImages => texts.error_weights_file_zip_of_images(),
            Self::ZipWithoutWeights => texts.error_weights_file_zip_without_weights(),
            Self::TorchExport => texts.error_weights_file_torch_export(),
            Self::TorchScript => texts.error_weights_file_torchscript(),
            Self::OldPyTorch => texts.error_weights_file_old_pytorch(),
            Self::Compression => texts.error_weights_file_compression(),
            Self::RunCheckpoint => texts.error_weights_file_run_checkpoint(),
            Self::GitLfsPointer => texts.error_weights_file_git_lfs_pointer(),
            Self::WebPage => texts.error_weights_file_web_page(),
            Self::ShardIndex => texts.error_weights_file_shard_index(),
            Self::ModelConfig => texts.error_weights_file_model_config(),
            Self::Unknown => texts.error_weights_file_unknown(),
        };
        fixed.to_owned()
    }
}

impl Localize for OtherNetwork {
    fn localize(&self, texts: Texts) -> String {
        let fixed = match self {
            Self::Named(name) => return texts.error_weights_network_named(name),
            Self::Unknown { tensors } => {
                return texts.error_weights_network_unknown(&texts.quoted_list(tensors));
            }
            Self::NoTensors => texts.error_weights_network_no_tensors(),
            Self::LanguageModel => texts.error_weights_network_language_model(),
            Self::ImageGenerator => texts.error_weights_network_image_generator(),
            Self::SelfSupervised => texts.error_weights_network_self_supervised(),
            Self::ReorderedLayers => texts.error_weights_network_reordered_layers(),
            Self::OtherChannels => texts.error_weights_network_other_channels(),
            Self::SmallStem => texts.error_weights_network_small_stem(),
            Self::OtherShortcuts => texts.error_weights_network_other_shortcuts(),
            Self::FoldedNorms => texts.error_weights_network_folded_norms(),
            Self::NoRunningStatistics => texts.error_weights_network_no_running_statistics(),
            Self::Quantized => texts.error_weights_network_quantized(),
        };
        fixed.to_owned()
    }
}

display_in_english!(UnsupportedFile, OtherNetwork);
