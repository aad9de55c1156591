//! Encodes the targets of a batch as tensors of target values and sample weights.

use std::ops::Range;

use crate::data::mix::Mixture;
use tunelab_core::data::task::{Target, Task, TaskKind, output_ranges, outputs};
use tunelab_core::options::weights::ClassWeights;

/// The encoding of the targets of one task.
#[derive(Debug, Clone, PartialEq)]
struct Encoding {
    kind: TaskKind,
    /// The task's outputs.
    range: Range<usize>,
    /// One per class; empty for other kinds of tasks.
    class_weights: Vec<f64>,
}

/// Encodes targets with class weights and label smoothing.
#[derive(Debug, Clone, PartialEq)]
pub struct TargetEncoder {
    encodings: Vec<Encoding>,
    outputs: usize,
    /// Probability mass spread evenly over all classes (Szegedy et al., 2016); 0 to 1.
    label_smoothing: f64,
}

impl TargetEncoder {
    /// An encoder for these tasks. `class_counts` has, for each task, the number of training examples of each class.
    pub fn new(
        tasks: &[Task],
        class_weights: &ClassWeights,
        class_counts: &[Vec<usize>],
        label_smoothing: f64,
    ) -> Self {
        let ranges = output_ranges(tasks);
        let outputs = outputs(tasks);
        let encodings =
            tasks.iter().zip(ranges).zip(class_counts).map(|((task, range), counts)| {
                let class_weights = match task.kind {
                    TaskKind::Class { .. } => class_weights.resolve(counts),
                    TaskKind::Labels { .. } | TaskKind::Number { .. } => Vec::new(),
                };
                Encoding { kind: task.kind.clone(), range, class_weights }
            });
        Self { encodings: encodings.collect(), outputs, label_smoothing }
    }

    /// Encodes the targets of a batch: for each example, one target per task.
    pub fn encode<'a>(&self, targets: impl ExactSizeIterator<Item = &'a [Target]>) -> Targets {
        let images = targets.len();
        let tasks = self.encodings.len();
        let mut values = vec![0.0; images * self.outputs];
        let mut weights = vec![0.0; images * tasks];
        for (image, targets) in targets.enumerate() {
            for ((task, encoding), target) in self.encodings.iter().enumerate().zip(targets) {
                let start = image * self.outputs;
                let row = start + encoding.range.start..start + encoding.range.end;
                let weight = self.fill(encoding, target, &mut values[row]);
                weights[image * tasks + task] = weight as f32;
            }
        }
        Targets { images, outputs: self.outputs, tasks, values, weights }
    }

    /// Mixes targets like their images. If only one of two mixed images has a target, that target is used unchanged,
    /// with the image's mixing coefficient as its weight.
    pub fn mix(&self, targets: &mut Targets, mixture: &Mixture) {
        let Targets { outputs, tasks, .. } = *targets;
        let unmixed = targets.clone();
        mixture.mix_rows(&mut targets.values);
        mixture.mix_rows(&mut targets.weights);
        for (task, encoding) in self.encodings.iter().enumerate() {
            // Class targets already contain the weight, so their mixture is correct.
            if let TaskKind::Class { .. } = encoding.kind {
                continue;
            }
            for (image, &partner) in mixture.partners.iter().enumerate() {
                let known = |image: usize| unmixed.weights[image * tasks + task] > 0.0;
                let source = match (known(image), known(partner)) {
                    (true, false) => image,
                    (false, true) => partner,
                    _ => continue,
                };
                let row = |image: usize| {
                    let start = image * outputs;
                    start + encoding.range.start..start + encoding.range.end
                };
                targets.values[row(image)].copy_from_slice(&unmixed.values[row(source)]);
            }
        }
    }

    /// Writes one target of one image into its row, and returns the sample weight.
    fn fill(&self, encoding: &Encoding, target: &Target, row: &mut [f32]) -> f64 {
        match (&encoding.kind, target) {
            (TaskKind::Class { .. }, Target::Class(label)) => {
                let uniform = self.label_smoothing / row.len() as f64;
                for (class, value) in row.iter_mut().enumerate() {
                    let one_hot = if class == *label { 1.0 - self.label_smoothing } else { 0.0 };
                    *value = (encoding.class_weights[class] * (one_hot + uniform)) as f32;
                }
                encoding.class_weights[*label]
            }
            (TaskKind::Labels { .. }, Target::Labels(labels)) => {
                let low = self.label_smoothing / 2.0;
                for (value, label) in row.iter_mut().zip(labels) {
                    *value = if *label { 1.0 - low } else { low } as f32;
                }
                1.0
            }
            (TaskKind::Number { mean, deviation }, Target::Number(number)) => {
                row[0] = ((number - mean) / deviation) as f32;
                1.0
            }
            _ => 0.0,
        }
    }
}

/// The targets of a batch of N images.
#[derive(Debug, Clone, PartialEq)]
pub struct Targets {
    pub images: usize,
    pub outputs: usize,
    pub tasks: usize,
    /// The target of each output, `[N, outputs]`, row-major: of a class, its smoothed probability times its weight.
    pub values: Vec<f32>,
    /// The sample weight of each image in each task's mean loss, `[N, tasks]`, row-major; 0 for a missing target.
    pub weights: Vec<f32>,
}

impl Targets {
    /// The sum of the sample weights of each task, `[tasks]`.
    pub fn weight_sums(&self) -> Vec<f64> {
        let of_task = |task| self.weights.iter().skip(task).step_by(self.tasks);
        (0..self.tasks).map(|task| of_task(task).map(|weight| f64::from(*weight)).sum()).collect()
    }

    /// The targets of the images in `range`.
    pub fn slice(&self, range: Range<usize>) -> Self {
        let rows =
            |values: &[f32], width: usize| values[range.start * width..range.end * width].to_vec();
        Self {
            images: range.len(),
            values: rows(&self.values, self.outputs),
            weights: rows(&self.weights, self.tasks),
            ..*self
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_mixed_with_a_missing_one_is_unchanged() {
        let tasks = [
            Task::only(vec!["a".into(), "b".into()]),
            Task::labels("tags", vec!["x".into(), "y".into()]),
            Task::number("age"),
        ];
        let counts = vec![vec![1; 2]; 3];
        let encoder = TargetEncoder::new(&tasks, &ClassWeights::Equal, &counts, 0.0);
        let known = [Target::Class(1), Target::Labels(vec![true, false]), Target::Number(6.0)];
        let other = [Target::Class(0), Target::Labels(vec![true, true]), Target::Number(2.0)];
        let missing = [Target::Missing, Target::Missing, Target::Missing];
        let mixed = |first: &[Target], second: &[Target]| {
            let mut targets = encoder.encode([first, second].into_iter());
            encoder.mix(&mut targets, &Mixture::blend(0.75, vec![1, 0]));
            targets.slice(0..1)
        };
        let both_known = mixed(&known, &other);
        assert_eq!(both_known.values, [0.25, 0.75, 1.0, 0.25, 5.0]);
        assert_eq!(both_known.weights, [1.0; 3]);
        let first_known = mixed(&known, &missing);
        // Class targets contain the weight; the other targets do not.
        assert_eq!(first_known.values, [0.0, 0.75, 1.0, 0.0, 6.0]);
        assert_eq!(first_known.weights, [0.75; 3]);
        let second_known = mixed(&missing, &known);
        assert_eq!(second_known.values, [0.0, 0.25, 1.0, 0.0, 6.0]);
        assert_eq!(second_known.weights, [0.25; 3]);
    }
}
