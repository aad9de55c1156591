//! The messages between the page and the worker.
//!
//! A message has a header, which is one of the two enums, and attachments: files, and buffers of pixels or weights,
//! which are transferred without copying. `crates/wire` encodes them as browser messages.
//!
//! - [`Command`]: from the page to the worker. [`Reply`]: from the worker to the page.
//! - [`CollectionSummary`]: the images. [`DeviceStatus`]: the devices. [`WorkerError`]: errors of commands.

mod command;
mod device;
mod error;
mod images;
mod reply;

use serde::{Deserialize, Serialize};

pub use command::{Command, FrameSize};
pub use device::{DeviceReason, DeviceStatus, GpuStatus, ThreadStatus};
pub use error::{DownloadProblem, ProtocolError, WorkerError};
pub use images::{ClassSummary, CollectionSummary, ImageCaption, Removal, TableSummary};
pub use reply::{
    ComparisonResult, Mistake, ModelStatus, ModelSummary, Reply, StudentProgress, TrainResult,
};

/// The version of the messages; increment it with every change. The page and the worker reject messages of another
/// version: one of the two is then outdated, and reloading the page helps.
pub const VERSION: u32 = 8;

/// Identifies a class. Ids are never reused, and unlike class indices they do not change when other classes are removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ClassId(pub u32);

/// Identifies an image. Ids are never reused.
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
    /// Whether the worker replies to its commands with [`Reply::Ended`] at the end. Other commands have specific
    /// replies.
    pub fn sends_ended(self) -> bool {
        matches!(self, Self::LearningRate | Self::Search | Self::Distillation)
    }
}
