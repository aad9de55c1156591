//! The pictures as the page knows them.

use serde::{Deserialize, Serialize};

use crate::data::table::summary::ColumnSummary;
use crate::options::context::TaskCounts;
use crate::protocol::{ClassId, PictureId};

/// The pictures as the page shows them.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Collection {
    /// None where a table describes the pictures.
    pub classes: Vec<ClassSummary>,
    /// Whether the pictures brought a validation part of their own.
    pub has_validation: bool,
    /// Where a table describes the pictures.
    pub table: Option<TableSummary>,
    /// What was removed last and can be brought back.
    pub removal: Option<Removal>,
}

/// What was removed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Removal {
    Class {
        name: String,
        pictures: usize,
    },
    Picture {
        name: String,
    },
    /// Everything.
    All {
        pictures: usize,
    },
    /// Everything, for others.
    Replaced {
        pictures: usize,
    },
}

/// Pictures that a table describes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TableSummary {
    /// Pictures to train on (and, without a validation part, to validate on).
    pub pictures: usize,
    /// Pictures of the validation part.
    pub validation: usize,
    pub tasks: TaskCounts,
    /// Classes of the first column; 0 where it does not sort into some.
    pub classes: usize,
    /// By this the pictures are shown, as those of a class are.
    pub class: ClassId,
    /// What each column says, in their order.
    pub summaries: Vec<ColumnSummary>,
}

/// One class of a [`Collection`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClassSummary {
    pub id: ClassId,
    pub name: String,
    /// Pictures to train on (and, without a validation part, to validate on).
    pub pictures: usize,
    /// Pictures of the validation part.
    pub validation: usize,
}

impl Collection {
    /// All pictures that are not of a validation part.
    pub fn pictures(&self) -> usize {
        let described = self.table.as_ref().map_or(0, |table| table.pictures);
        described + self.classes.iter().map(|class| class.pictures).sum::<usize>()
    }
}

/// A picture's name, and what is known of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Caption {
    pub picture: PictureId,
    pub name: String,
    /// What a table says of it, in words.
    pub labels: String,
}
