//! The messages between the page and the worker.
//!
//! A message is a header, which is one of the two enums, and attachments: files, and buffers of pixels or
//! weights, which are transferred, not copied. `crates/wire` puts them into the browser's messages.
//!
//! - [`Command`]: from the page to the worker. [`Reply`]: from the worker to the page.
//! - [`CollectionSummary`]: the images. [`DeviceStatus`]: the devices. [`WorkerError`]: why a command failed.

mod command;
mod device;
mod error;
mod images;
mod reply;

use serde::{Deserialize, Serialize};

pub use command::{Command, FrameSize};
pub use device::{DeviceReason, DeviceStatus, GpuStatus};
pub use error::{DownloadProblem, ProtocolError, WorkerError};
pub use images::{ClassSummary, CollectionSummary, ImageCaption, Removal, TableSummary};
pub use reply::{
    ComparisonResult, Mistake, ModelStatus, ModelSummary, Reply, StudentProgress, TrainResult,
};

/// The version of the messages, raised with every change. The page and the worker refuse messages of another
/// version: one of the two is then an old copy, and reloading the page helps.
pub const VERSION: u32 = 7;

/// A class. The id is never used again, and unlike a label it stays when other classes are removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ClassId(pub u32);

/// An image. The id is never used again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ImageId(pub u32);

/// The part of the app that a message belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    Images,
    Model,
    Device,
    Train,
    Try,
    LearningRate,
    Search,
    Distillation,
}

impl Subject {
    /// Whether [`Reply::Ended`] follows each command about it. Other commands have replies of their own.
    pub fn ends(self) -> bool {
        matches!(self, Self::LearningRate | Self::Search | Self::Distillation)
    }
}
