//! What crosses between the worker and the page's second program (`ui/advanced`), sealed on its way
//! through the page.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::data::table::summary::ColumnSummary;
use crate::options::choices::Choices;
use crate::options::context::Context;
use crate::options::table::TrainConfig;
use crate::protocol::ClassId;
use crate::search::state::Search;
use crate::search::trial::RunResult;
use crate::train::distillation::{Contestant, Student};
use crate::train::event::Event;
use crate::train::rate_finder::RatePoint;

/// A message that is passed on unread, so that who passes it on need not hold what reads it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sealed(Vec<u8>);

impl Sealed {
    /// Seals a message.
    pub fn of(message: &impl Serialize) -> Self {
        // Everything here is plain data, which can be written.
        Self(postcard::to_allocvec(message).unwrap_or_default())
    }

    /// Reads it.
    ///
    /// # Errors
    /// It is another message.
    pub fn open<T: DeserializeOwned>(&self) -> Result<T, postcard::Error> {
        postcard::from_bytes(&self.0)
    }
}

/// What a table says of the pictures.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TableDetails {
    /// By this the pictures are shown, as those of a class are.
    pub pictures: ClassId,
    /// In their order.
    pub columns: Vec<ColumnSummary>,
}

/// What the second program asks of the worker.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum ExtraCommand {
    /// Tries learning rates in one short run.
    FindRate { config: Box<TrainConfig> },
    /// Begins a search, or goes on with one. Of the request counts what is not searched.
    Search {
        /// The options that are not searched.
        choices: Choices,
        context: Context,
        search: Box<Search>,
    },
    /// Has the network that is tried teach a student, and compares the two. Attached: picture files of
    /// which nothing need be known, to learn from.
    Distill {
        student: Student,
        /// As in [`TrainRequest`].
        validation_share: f64,
        /// As in [`TrainRequest`].
        per_class: Option<usize>,
        /// Whether the student learns without its teacher too, first.
        compare: bool,
    },
    /// Puts one of those that were compared last in the place of the network that is tried.
    TryContestant { contestant: Contestant },
}

/// What the worker tells the second program.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExtraReply {
    /// A learning rate was tried.
    Rate(RatePoint),
    /// What happened in the run of a search's trial since the last time, in order.
    Trying { trial: usize, rung: usize, events: Vec<Event> },
    /// A run of a search's trial ended: what its [`Search`] is to be told.
    Tried { trial: usize, rung: usize, result: RunResult },
    /// Predicted and true numbers of the validation pictures, a list a task: with [`Reply::Mistakes`].
    ///
    /// [`Reply::Mistakes`]: super::Reply::Mistakes
    Numbers(Vec<Vec<(f64, f64)>>),
    /// How far a student's lesson is.
    Lesson(Lesson),
    /// One of those that are compared was measured.
    Compared(Compared),
    /// Attached: the file of the student that was taught, in float16.
    Student { file_name: String },
    /// What was asked for last is over: done, stopped or failed.
    Ended,
}

/// How far a student is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Lesson {
    pub contestant: Contestant,
    /// Pictures it learns from.
    pub examples: usize,
    /// Epochs done, and those there are.
    pub epoch: u32,
    pub epochs: u32,
    /// How much is done of the epoch under way, 0 to 1.
    pub share: f64,
    /// What the last epoch took; 0 before the first has ended.
    pub seconds: f64,
    /// On the validation pictures, after the last epoch; at most 1.
    pub score: Option<f64>,
}

/// What one of those that are compared is worth.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Compared {
    pub contestant: Contestant,
    /// Of the file in float16.
    pub bytes: u64,
    /// On the validation pictures, one batch after another.
    pub images_per_second: f64,
    /// On the validation pictures; at most 1.
    pub score: f64,
    /// Whether the score is the share of right answers.
    pub is_accuracy: bool,
}
