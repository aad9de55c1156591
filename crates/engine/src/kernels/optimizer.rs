//! Updates of parameters with the kernels.

use burn::backend::Flex;
use burn::tensor::{Tensor, TensorData};
use tunelab_kernels::optimizer::{Numbers, Update};

use super::network::{contiguous, numbers};

/// The tensors of an update, all `[n]` and on the processor.
pub struct Tensors {
    pub value: Tensor<1>,
    pub gradient: Tensor<1>,
    /// The value that the decay pulls to, if not 0.
    pub start: Option<Tensor<1>>,
    /// Momentum, or Adam's first moment; zeros at first.
    pub first: Tensor<1>,
    /// Adam's second moment; zeros at first.
    pub second: Option<Tensor<1>>,
}

/// The new value of a parameter, and its new moments.
pub fn update(update: &Update, tensors: Tensors) -> (Tensor<1>, Tensor<1>, Option<Tensor<1>>) {
    let device = tensors.value.device();
    let (value, gradient) = (contiguous(tensors.value), contiguous(tensors.gradient));
    let start = tensors.start.map(contiguous);
    // Updated in place: nobody else has them.
    let (mut first, mut second) = (contiguous(tensors.first), tensors.second.map(contiguous));
    let mut updated = vec![0.0; numbers(&value).len()];
    update.run(
        super::instructions(),
        Numbers {
            values: numbers(&value),
            gradients: numbers(&gradient),
            start: start.as_ref().map(numbers),
            first: first.storage_mut(),
            second: second.as_mut().map(|second| second.storage_mut()),
            updated: &mut updated,
        },
        super::threads(),
    );
    let count = updated.len();
    let updated = Tensor::from_data(TensorData::new(updated, [count]), &device);
    let tensor = |primitive| Tensor::from_primitive::<Flex>(primitive);
    (updated, tensor(first), second.map(tensor))
}
