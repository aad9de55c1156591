//! Errors of weights files and model files.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use tunelab_l10n::{Localize, Texts, display_in_english};

use super::architecture::Architecture;
use super::unsupported::{OtherNetwork, UnsupportedFile};
use crate::device::ComputeError;

/// A model file cannot be used.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, thiserror::Error)]
pub enum ModelError {
    Weights(#[from] WeightsError),
    Compute(#[from] ComputeError),
    /// There is no head, or it cannot be used.
    NoHead(Option<UnreadHead>),
    /// The number of output names in the file is not that of the head's outputs.
    OutputNames {
        named: usize,
        outputs: usize,
    },
}

/// The weights of a file cannot be read or do not match a supported network.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, thiserror::Error)]
pub enum WeightsError {
    /// The file is in another format, or of a kind that cannot be read.
    Unsupported(#[from] UnsupportedFile),
    /// The file violates its format.
    Damaged { format: WeightsFormat, damage: Damage },
    /// The pickle in a PyTorch file cannot be read.
    Pickle(#[from] PickleError),
    /// The file has, or claims to have, more data than any supported network needs.
    TooLarge(SizeLimit),
    /// One tensor cannot be read or written.
    Tensor { name: String, problem: TensorProblem },
    /// The file has no dictionary of tensors; `found` is its content in Python's notation.
    NoTensors { found: String },
    /// The tensors belong to another network.
    OtherNetwork(#[from] OtherNetwork),
    /// The file has several backbones, with these prefixes of tensor names.
    SeveralBackbones { first: String, second: String },
    /// Two different tensors map to the parameter with this torchvision name.
    DuplicateName { name: String },
    /// A file from this program has no head.
    HeadMissing,
    /// Some tensors differ from those of the closest architecture.
    Mismatch {
        architecture: Architecture,
        /// The number of differences.
        count: usize,
        /// The first few of them.
        first: Vec<TensorMismatch>,
    },
}

/// The file format of weights.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WeightsFormat {
    Safetensors,
    /// The zip archive of `torch.save` since PyTorch 1.6.
    PthArchive,
    /// The stream of `torch.save` before PyTorch 1.6.
    PthLegacy,
}

impl WeightsFormat {
    /// The displayed name.
    fn name(self) -> &'static str {
        match self {
            Self::Safetensors => "safetensors",
            Self::PthArchive | Self::PthLegacy => "PyTorch",
        }
    }
}

/// How a file violates its format.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Damage {
    /// The file ends prematurely.
    Truncated,
    /// The length or checksum of an archive entry does not match.
    Entry { name: String },
    /// An archive entry is missing.
    MissingEntry { name: Cow<'static, str> },
    /// Any other damage; `problem` is the message of the parser.
    Invalid { problem: Cow<'static, str> },
}

/// The pickle in a PyTorch file cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum PickleError {
    /// The pickle ends prematurely.
    Truncated,
    /// An unknown or unsupported opcode; `offset` is in bytes from the start of the pickle.
    UnknownOpcode { opcode: u8, offset: usize },
    /// The opcode at this byte offset needs a value that is not on the stack.
    Malformed { offset: usize },
    /// The pickle needs more than this many values and stack operations.
    TooLarge { limit: usize },
}

/// The limit that a file exceeds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum SizeLimit {
    /// The total number of values of all tensors.
    Values(usize),
    /// The number of tensors.
    Tensors(usize),
    /// The uncompressed size of compressed entries.
    UnpackedBytes(u64),
}

/// Why one tensor cannot be read or written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum TensorProblem {
    /// The value is not a tensor; `found` is the value in Python's notation.
    NotATensor { found: String },
    /// The element type is not supported.
    ElementType { found: String },
    /// Some or all of its values are not in the file.
    MissingValues,
    /// Its metadata is malformed.
    Malformed,
    /// An unsigned integer does not fit into 64 bits with a sign.
    IntegerTooLarge,
    /// A value is too large for float16.
    TooLargeForFloat16,
}

/// How a tensor differs from that of the network. Shapes list the outermost dimension first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum TensorMismatch {
    /// The tensor is missing.
    Missing {
        name: String,
        expected: Vec<usize>,
    },
    /// The network has no such tensor.
    Unexpected {
        name: String,
        found: Vec<usize>,
    },
    Shape {
        name: String,
        expected: Vec<usize>,
        found: Vec<usize>,
    },
    /// The head does not have this number of input features, or has no outputs.
    HeadShape {
        name: String,
        features: usize,
        found: Vec<usize>,
    },
    /// The tensor has integers instead of floats.
    Integers {
        name: String,
    },
    /// `count` values are NaN or infinite.
    NotFinite {
        name: String,
        count: usize,
    },
    /// A variance is negative.
    NegativeVariance {
        name: String,
    },
}

/// Why the layers after the backbone cannot be used as its head.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum UnreadHead {
    /// Several layers, or a layer that is not linear; `names` are their tensors.
    Layers { names: Vec<String> },
    /// The projection head of self-supervised training, which has no classes.
    Projection { name: String },
    /// A linear layer with a wrong shape.
    Mismatch(TensorMismatch),
}

impl Localize for ModelError {
    fn localize(&self, texts: Texts) -> String {
        match self {
            Self::Weights(error) => error.localize(texts),
            Self::Compute(error) => error.localize(texts),
            Self::NoHead(None) => texts.error_model_no_head().into(),
            Self::NoHead(Some(reason)) => texts.error_model_unread_head(&reason.localize(texts)),
            Self::OutputNames { named, outputs } => {
                texts.error_model_output_names(*named, *outputs)
            }
        }
    }
}

impl Localize for WeightsError {
    fn localize(&self, texts: Texts) -> String {
        match self {
            Self::Unsupported(file) => file.localize(texts),
            Self::Damaged { format, damage } => {
                texts.error_weights_damaged(format.name(), &damage.localize(texts))
            }
            Self::Pickle(error) => error.localize(texts),
            Self::TooLarge(limit) => match *limit {
                SizeLimit::Values(limit) => texts.error_weights_too_many_values(limit),
                SizeLimit::Tensors(limit) => texts.error_weights_too_many_tensors(limit),
                SizeLimit::UnpackedBytes(limit) => {
                    texts.error_weights_unpacked_too_large(&texts.file_size(limit))
                }
            },
            Self::Tensor { name, problem } => match problem {
                TensorProblem::NotATensor { found } => {
                    texts.error_weights_not_a_tensor(name, found)
                }
                TensorProblem::ElementType { found } => {
                    texts.error_weights_element_type(name, found)
                }
                TensorProblem::MissingValues => texts.error_weights_missing_values(name),
                TensorProblem::Malformed => texts.error_weights_malformed_tensor(name),
                TensorProblem::IntegerTooLarge => texts.error_weights_integer_too_large(name),
                TensorProblem::TooLargeForFloat16 => {
                    texts.error_weights_too_large_for_float16(name)
                }
            },
            Self::NoTensors { found } => texts.error_weights_no_tensors(found),
            Self::OtherNetwork(network) => network.localize(texts),
            Self::SeveralBackbones { first, second } => {
                let [first, second] = [first, second].map(|prefix| match prefix.as_str() {
                    "" => texts.error_weights_top_level().to_owned(),
                    prefix => texts.quoted(prefix),
                });
                texts.error_weights_several_backbones(&first, &second)
            }
            Self::DuplicateName { name } => texts.error_weights_duplicate_name(name),
            Self::HeadMissing => texts.error_weights_head_missing().into(),
            Self::Mismatch { architecture, count, first } => {
                let mut sentences = vec![texts.error_weights_mismatch(architecture.name())];
                sentences.extend(first.iter().map(|mismatch| mismatch.localize(texts)));
                let more = count.saturating_sub(first.len());
                sentences.extend((more > 0).then(|| texts.error_weights_more_mismatches(more)));
                texts.sentences(&sentences)
            }
        }
    }
}

impl Localize for Damage {
    fn localize(&self, texts: Texts) -> String {
        match self {
            Self::Truncated => texts.error_weights_truncated().into(),
            Self::Entry { name } => texts.error_weights_damaged_entry(name),
            Self::MissingEntry { name } => texts.error_weights_missing_entry(name),
            Self::Invalid { problem } => texts.error_weights_invalid(problem),
        }
    }
}

impl Localize for PickleError {
    fn localize(&self, texts: Texts) -> String {
        match self {
            Self::Truncated => texts.error_weights_pickle_truncated().into(),
            Self::UnknownOpcode { opcode, offset } => {
                texts.error_weights_pickle_opcode(&format!("{opcode:#04x}"), *offset)
            }
            Self::Malformed { offset } => texts.error_weights_pickle_malformed(*offset),
            Self::TooLarge { limit } => texts.error_weights_pickle_too_large(*limit),
        }
    }
}

impl Localize for TensorMismatch {
    fn localize(&self, texts: Texts) -> String {
        let shape = |shape: &[usize]| format!("{shape:?}");
        match self {
            Self::Missing { name, expected } => {
                texts.error_weights_missing_tensor(name, &shape(expected))
            }
            Self::Unexpected { name, found } => {
                texts.error_weights_unexpected_tensor(name, &shape(found))
            }
            Self::Shape { name, expected, found } => {
                texts.error_weights_other_shape(name, &shape(found), &shape(expected))
            }
            Self::HeadShape { name, features, found } => {
                texts.error_weights_head_shape(name, &shape(found), *features)
            }
            Self::Integers { name } => texts.error_weights_integers(name),
            Self::NotFinite { name, count } => texts.error_weights_not_finite(*count, name),
            Self::NegativeVariance { name } => texts.error_weights_negative_variance(name),
        }
    }
}

impl Localize for UnreadHead {
    fn localize(&self, texts: Texts) -> String {
        match self {
            Self::Layers { names } => texts.error_weights_head_layers(&texts.quoted_list(names)),
            Self::Projection { name } => texts.error_weights_head_projection(name),
            Self::Mismatch(mismatch) => mismatch.localize(texts),
        }
    }
}

display_in_english!(ModelError, WeightsError, PickleError, UnreadHead);
