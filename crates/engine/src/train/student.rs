//! The run of a small student network, alone or taught by a teacher.

use burn::tensor::Device;
use tunelab_core::data::input::InputSize;
use tunelab_core::options::context::TaskCounts;
use tunelab_core::train::distillation::Student;

use super::error::TrainError;
use super::session::Session;
use crate::data::dataset::Dataset;
use crate::model::resnet::ResNet;

/// The student's run on the training and the validation part, whose images have a side of `size` px. Without
/// a teacher it learns from the fully labelled images.
///
/// # Errors
/// As [`Session::new`].
pub fn session(
    student: &Student,
    size: InputSize,
    teacher: Option<&ResNet>,
    (train, validation): (&Dataset, &Dataset),
    device: &Device,
) -> Result<Session, TrainError> {
    let train = match teacher {
        Some(_) => train.clone(),
        None => train.labelled(),
    };
    let config = student.config(size, train.len(), TaskCounts::of(&train.tasks), teacher.is_some());
    let network = ResNet::random(student.architecture, config.seed, device)?;
    let session = Session::new(config, network, train, validation.clone(), device)?;
    Ok(match teacher {
        Some(teacher) => session.with_teacher(teacher),
        None => session,
    })
}
