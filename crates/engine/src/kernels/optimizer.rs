//! Updates of parameters with the kernels.

use burn::backend::Flex;
use burn::tensor::Tensor;
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
    let value = contiguous(tensors.value);
    let start = tensors.start.map(contiguous);
    // Updated in place: nobody else has them. The gradient becomes the new value.
    let mut gradient = contiguous(tensors.gradient);
    let (mut first, mut second) = (contiguous(tensors.first), tensors.second.map(contiguous));
    update.run(
        super::instructions(),
        Numbers {
            values: numbers(&value),
            gradients: gradient.storage_mut(),
            start: start.as_ref().map(numbers),
            first: first.storage_mut(),
            second: second.as_mut().map(|second| second.storage_mut()),
        },
        super::threads(),
    );
    let tensor = |primitive| Tensor::from_primitive::<Flex>(primitive);
    (tensor(gradient), tensor(first), second.map(tensor))
}
