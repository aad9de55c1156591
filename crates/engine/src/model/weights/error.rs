//! What can go wrong while reading a weights file.

use tunelab_core::model::architecture::Architecture;

use super::pickle::PickleError;
use super::validate::Problem;

/// A weights file could not be used.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum WeightsError {
    /// The bytes are none of the formats read here.
    #[error("this is not a weights file: {found}; {remedy}")]
    UnknownFormat {
        /// What the bytes look like.
        found: String,
        /// What to do.
        remedy: &'static str,
    },

    /// A safetensors file contradicts its own format.
    #[error("the safetensors file is damaged ({reason}); download or export it again")]
    Safetensors {
        /// What is wrong.
        reason: String,
    },

    /// A PyTorch file contradicts its own format.
    #[error("the PyTorch file is damaged ({reason}); download or export it again")]
    Pth {
        /// What is wrong.
        reason: String,
    },

    /// The pickle inside a PyTorch file could not be read.
    #[error("the PyTorch file cannot be read: {0}")]
    Pickle(#[from] PickleError),

    /// A known format that is not read here.
    #[error("{what} cannot be read; {remedy}")]
    Unsupported {
        /// The format.
        what: &'static str,
        /// What to do instead.
        remedy: &'static str,
    },

    /// The file holds, or claims to hold, more than any supported network needs.
    #[error("the file is too large for a ResNet: {what}")]
    TooLarge {
        /// What is too large, and the limit.
        what: String,
    },

    /// One tensor could not be read or written.
    #[error("tensor `{name}` cannot be used: {reason}")]
    Tensor {
        /// Its name in the file.
        name: String,
        /// Why.
        reason: String,
    },

    /// The file is readable but holds no dictionary of tensors.
    #[error(
        "the file holds no tensors by name but {found}; save the model's `state_dict()` and use that file"
    )]
    NoTensors {
        /// What it holds instead.
        found: String,
    },

    /// The tensors belong to another kind of network.
    #[error(
        "these weights belong to {found}, not to a network this program can train; \
         choose the weights of a ResNet-18, ResNet-34 or ResNet-50"
    )]
    WrongNetwork {
        /// The kind of network, with its article.
        found: String,
    },

    /// The file holds several backbones.
    #[error(
        "the file holds more than one ResNet, {}; save only the one to use",
        quoted(.prefixes)
    )]
    SeveralBackbones {
        /// The common prefixes of their tensors' names.
        prefixes: Vec<String>,
    },

    /// Two tensors mean the same parameter.
    #[error("two tensors in the file both stand for `{name}`; remove one of them")]
    DuplicateName {
        /// torchvision's name of the parameter.
        name: String,
    },

    /// A file that this program wrote lacks its head.
    #[error(
        "the head `fc.weight` is missing from this file, which this program wrote; export it again"
    )]
    HeadMissing,

    /// The tensors are nearly those of an architecture, but not quite.
    #[error("these weights do not fit {architecture}: {}", summary(*.count, .first))]
    Mismatch {
        /// The closest architecture.
        architecture: Architecture,
        /// Number of problems found.
        count: usize,
        /// The first three of them.
        first: Vec<Problem>,
    },
}

fn quoted(names: &[String]) -> String {
    let place = |name: &String| match name.as_str() {
        "" => "one at its top".to_owned(),
        name => format!("one under `{name}`"),
    };
    let places: Vec<_> = names.iter().map(place).collect();
    places.join(" and ")
}

fn summary(count: usize, first: &[Problem]) -> String {
    let listed: Vec<_> = first.iter().map(Problem::to_string).collect();
    let listed = listed.join("; ");
    match count - first.len().min(count) {
        0 => listed,
        more => format!("{listed}; and {more} more problems"),
    }
}
