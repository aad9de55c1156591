//! Summaries of the images.

use serde::{Deserialize, Serialize};

use super::{ClassId, ImageId};
use crate::data::table::summary::ColumnSummary;
use crate::data::task::Target;
use crate::options::context::TaskCounts;

/// A summary of all classes and images.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct CollectionSummary {
    /// Empty if a table describes the images.
    pub classes: Vec<ClassSummary>,
    /// Whether the images came with a validation split.
    pub has_validation: bool,
    /// The table that describes the images, if there is one.
    pub table: Option<TableSummary>,
    /// The last removal, which can be undone.
    pub removal: Option<Removal>,
}

/// A removal, which can be undone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Removal {
    Class {
        name: String,
        images: usize,
    },
    Image {
        name: String,
    },
    /// All images.
    All {
        images: usize,
    },
    /// All images, replaced by others.
    Replaced {
        images: usize,
    },
}

/// Images that a table describes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TableSummary {
    /// Images outside the validation split.
    pub images: usize,
    /// Images of the validation split.
    pub validation: usize,
    pub tasks: TaskCounts,
    /// Classes of the first column; 0 if it is not a classification.
    pub classes: usize,
    /// The id for [`LoadThumbnails`](super::Command::LoadThumbnails).
    pub class: ClassId,
    /// One summary per column, in order.
    pub summaries: Vec<ColumnSummary>,
}

/// One class of a [`CollectionSummary`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClassSummary {
    pub id: ClassId,
    pub name: String,
    /// Images outside the validation split.
    pub images: usize,
    /// Images of the validation split.
    pub validation: usize,
}

impl CollectionSummary {
    /// The number of images outside the validation split.
    pub fn images(&self) -> usize {
        let described = self.table.as_ref().map_or(0, |table| table.images);
        described + self.classes.iter().map(|class| class.images).sum::<usize>()
    }
}

/// An image's name and labels.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ImageCaption {
    pub image: ImageId,
    pub name: String,
    /// Its values in a table, one per column.
    pub targets: Vec<Target>,
}
