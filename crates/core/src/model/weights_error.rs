//! Why a file of weights, or a model file, cannot be used.

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
    /// There is no head, or one that cannot be used.
    NoHead(Option<UnreadHead>),
    /// The file names another number of outputs than the head has.
    OutputNames {
        named: usize,
        outputs: usize,
    },
}

/// The weights of a file cannot be read or do not fit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, thiserror::Error)]
pub enum WeightsError {
    /// The file is in another format, or of a kind that cannot be read.
    Unsupported(#[from] UnsupportedFile),
    /// The file contradicts its own format.
    Damaged { format: WeightsFormat, damage: Damage },
    /// The pickle in a PyTorch file cannot be read.
    Pickle(#[from] PickleError),
    /// The file holds, or claims to hold, more than any supported network needs.
    TooLarge(SizeLimit),
    /// One tensor cannot be read or written.
    Tensor { name: String, problem: TensorProblem },
    /// The file holds no dictionary of tensors, but something else, in Python's notation.
    NoTensors { found: String },
    /// The tensors are another network's.
    OtherNetwork(#[from] OtherNetwork),
    /// The file holds several backbones, whose tensors' names have these prefixes.
    SeveralBackbones { first: String, second: String },
    /// Two different tensors stand for the parameter with this torchvision name.
    DuplicateName { name: String },
    /// A file that this program wrote lacks its head.
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
    /// The name of the program or format that people know it by.
    fn name(self) -> &'static str {
        match self {
            Self::Safetensors => "safetensors",
            Self::PthArchive | Self::PthLegacy => "PyTorch",
        }
    }
}

/// How a file contradicts its own format.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Damage {
    /// The file ends too early.
    Truncated,
    /// An entry of the archive has another length or checksum than recorded.
    Entry { name: String },
    /// The archive lacks this entry.
    MissingEntry { name: Cow<'static, str> },
    /// Something else, in the words of the library that reads it or of the format.
    Invalid { problem: Cow<'static, str> },
}

/// The pickle in a PyTorch file cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum PickleError {
    /// The bytes end inside the pickle.
    Truncated,
    /// No protocol defines the opcode, or it is not supported. `offset` counts bytes of the pickle.
    UnknownOpcode { opcode: u8, offset: usize },
    /// The instruction at this byte of the pickle needs a value that is not there.
    Malformed { offset: usize },
    /// The pickle needs more than this many values and stack operations.
    TooLarge { limit: usize },
}

/// The limit that a file exceeds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum SizeLimit {
    /// The values of all tensors together.
    Values(usize),
    /// The number of tensors.
    Tensors(usize),
    /// The bytes that compressed entries unpack to.
    UnpackedBytes(u64),
}

/// Why one tensor cannot be read or written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum TensorProblem {
    /// Something else stands in its place, in Python's notation.
    NotATensor { found: String },
    /// The element type is not supported.
    ElementType { found: String },
    /// Its values are not in the file, or it reaches beyond them.
    MissingValues,
    /// Its description has a form that no version of the format defines.
    Malformed,
    /// An unsigned integer does not fit 64 bits with a sign.
    IntegerTooLarge,
    /// A value is too large for float16.
    TooLargeForFloat16,
}

/// How a tensor differs from that of the network. Shapes have their outermost dimension first.
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
    /// The head takes another number of features, or has no outputs.
    HeadShape {
        name: String,
        features: usize,
        found: Vec<usize>,
    },
    /// Integers where floats are needed.
    Integers {
        name: String,
    },
    /// So many values are NaN or infinite.
    NotFinite {
        name: String,
        count: usize,
    },
    /// A variance is below zero.
    NegativeVariance {
        name: String,
    },
}

/// Why the layers after the backbone cannot be used as its head.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum UnreadHead {
    /// They are several layers, or not linear. The names are those of their tensors.
    Layers { names: Vec<String> },
    /// The tensor is from a self-supervised projection head, which knows no classes.
    Projection { name: String },
    /// One linear layer that does not fit.
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
