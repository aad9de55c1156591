//! Cross-entropy with label smoothing and class weights, as PyTorch's `CrossEntropyLoss`.

use burn::tensor::activation::log_softmax;
use burn::tensor::{Device, Tensor, TensorData};

/// The loss of a run: class weights resolved, smoothing fixed.
#[derive(Debug, Clone, PartialEq)]
pub struct CrossEntropy {
    /// Share of the target spread evenly over all classes (Szegedy et al., 2015); 0 to 1.
    pub label_smoothing: f64,
    /// One a class.
    pub class_weights: Vec<f64>,
}

impl CrossEntropy {
    /// Without smoothing or weights: what validation reports.
    pub fn plain(classes: usize) -> Self {
        Self { label_smoothing: 0.0, class_weights: vec![1.0; classes] }
    }

    /// What the labels of a batch sum up to in the loss's denominator. A batch computed in pieces
    /// divides each piece by the whole batch's, so that their losses and gradients add up to its.
    pub fn denominator(&self, labels: &[usize]) -> f64 {
        labels.iter().map(|&label| self.class_weights[label]).sum()
    }

    /// The loss of `logits` `[N, classes]` for `labels` (N class indices), divided by `denominator`;
    /// `[1]`.
    pub fn forward(&self, logits: Tensor<2>, labels: &[usize], denominator: f64) -> Tensor<1> {
        let targets = self.targets(labels, denominator, &logits.device());
        -(log_softmax(logits, 1) * targets).sum()
    }

    /// What each log-probability counts for, `[N, classes]`.
    fn targets(&self, labels: &[usize], denominator: f64, device: &Device) -> Tensor<2> {
        let classes = self.class_weights.len();
        let spread = self.label_smoothing / classes as f64;
        let values: Vec<f32> = labels
            .iter()
            .flat_map(|&label| {
                self.class_weights.iter().enumerate().map(move |(class, weight)| {
                    let hit = if class == label { 1.0 - self.label_smoothing } else { 0.0 };
                    (weight * (hit + spread) / denominator) as f32
                })
            })
            .collect();
        Tensor::from_data(TensorData::new(values, [labels.len(), classes]), device)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn loss(smoothing: f64, weights: [f64; 3]) -> f32 {
        let device = Device::flex();
        let logits = Tensor::<2>::from_floats([[1.0, 2.0, 0.5], [0.1, -1.0, 3.0]], &device);
        let loss = CrossEntropy { label_smoothing: smoothing, class_weights: weights.to_vec() };
        let labels = [0, 2];
        loss.forward(logits, &labels, loss.denominator(&labels)).into_scalar()
    }

    /// Values printed by `torch.nn.functional.cross_entropy` for the same logits and labels.
    #[test]
    fn it_is_pytorchs() {
        let close = |found: f32, expected: f32| {
            assert!((found - expected).abs() < 1e-5, "{found}, not {expected}");
        };
        close(loss(0.0, [1.0; 3]), 0.7675715);
        close(loss(0.1, [1.0; 3]), 0.8742381);
        close(loss(0.0, [1.0, 2.0, 3.0]), 0.4191729);
        close(loss(0.1, [1.0, 2.0, 3.0]), 0.5406795);
    }
}
