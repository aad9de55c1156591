//! What a batch's outputs should be, as numbers.

use std::ops::Range;

use crate::data::mix::Mixture;
use tunelab_core::data::task::{Target, Task, TaskKind, output_ranges, outputs};
use tunelab_core::train::loss::ClassWeights;

/// How the targets of one task become numbers.
#[derive(Debug, Clone, PartialEq)]
struct Encoding {
    kind: TaskKind,
    /// The task's outputs.
    range: Range<usize>,
    /// One a class; none for a task of another kind.
    class_weights: Vec<f64>,
}

/// How a dataset's targets become numbers: class weights resolved, smoothing fixed.
#[derive(Debug, Clone, PartialEq)]
pub struct TargetEncoder {
    encodings: Vec<Encoding>,
    outputs: usize,
    /// Share of the target spread evenly over all classes (Szegedy et al., 2015); 0 to 1.
    label_smoothing: f64,
}

impl TargetEncoder {
    /// An encoder for these tasks. `class_counts` says how many training examples the classes of each
    /// task have.
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

    /// The targets of a batch, whose examples have `targets`, one a task.
    pub fn encode<'a>(&self, targets: impl ExactSizeIterator<Item = &'a [Target]>) -> Targets {
        let images = targets.len();
        let tasks = self.encodings.len();
        let mut values = vec![0.0; images * self.outputs];
        let mut counts = vec![0.0; images * tasks];
        for (image, targets) in targets.enumerate() {
            for ((task, encoding), target) in self.encodings.iter().enumerate().zip(targets) {
                let start = image * self.outputs;
                let row = start + encoding.range.start..start + encoding.range.end;
                counts[image * tasks + task] = self.fill(encoding, target, &mut values[row]) as f32;
            }
        }
        Targets { images, outputs: self.outputs, tasks, values, counts }
    }

    /// Mixes targets as their pictures are mixed. What is known of one of two pictures stays what it is,
    /// and counts for that picture's share.
    pub fn mix(&self, targets: &mut Targets, mixture: &Mixture) {
        let Targets { outputs, tasks, .. } = *targets;
        let unmixed = targets.clone();
        mixture.mix_rows(&mut targets.values);
        mixture.mix_rows(&mut targets.counts);
        for (task, encoding) in self.encodings.iter().enumerate() {
            // Those of classes are shares times what they count for, which add up.
            if let TaskKind::Class { .. } = encoding.kind {
                continue;
            }
            for (image, &partner) in mixture.partners.iter().enumerate() {
                let known = |image: usize| unmixed.counts[image * tasks + task] > 0.0;
                let from = match (known(image), known(partner)) {
                    (true, false) => image,
                    (false, true) => partner,
                    _ => continue,
                };
                let place = |image: usize| {
                    let start = image * outputs;
                    start + encoding.range.start..start + encoding.range.end
                };
                targets.values[place(image)].copy_from_slice(&unmixed.values[place(from)]);
            }
        }
    }

    /// Writes one target of one image, and returns what the image counts for in the task's loss.
    fn fill(&self, encoding: &Encoding, target: &Target, row: &mut [f32]) -> f64 {
        match (&encoding.kind, target) {
            (TaskKind::Class { .. }, Target::Class(label)) => {
                let spread = self.label_smoothing / row.len() as f64;
                for (class, value) in row.iter_mut().enumerate() {
                    let hit = if class == *label { 1.0 - self.label_smoothing } else { 0.0 };
                    *value = (encoding.class_weights[class] * (hit + spread)) as f32;
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
    /// What each output should be, `[N, outputs]`: for a class, its share times the class's weight.
    pub values: Vec<f32>,
    /// What each image counts for in each task's mean, `[N, tasks]`; 0 where nothing is known of it.
    pub counts: Vec<f32>,
}

impl Targets {
    /// What the images count for together, a number a task.
    pub fn totals(&self) -> Vec<f64> {
        let of_task = |task| self.counts.iter().skip(task).step_by(self.tasks);
        (0..self.tasks).map(|task| of_task(task).map(|count| f64::from(*count)).sum()).collect()
    }

    /// The targets of the images in `range`.
    pub fn slice(&self, range: Range<usize>) -> Self {
        let rows =
            |values: &[f32], width: usize| values[range.start * width..range.end * width].to_vec();
        Self {
            images: range.len(),
            values: rows(&self.values, self.outputs),
            counts: rows(&self.counts, self.tasks),
            ..*self
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_known_of_one_of_two_mixed_pictures_stays_what_it_is() {
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
        let of_two = mixed(&known, &other);
        assert_eq!(of_two.values, [0.25, 0.75, 1.0, 0.25, 5.0]);
        assert_eq!(of_two.counts, [1.0; 3]);
        let half_known = mixed(&known, &missing);
        // A class's share is what it counts for; the other targets count for less, unchanged.
        assert_eq!(half_known.values, [0.0, 0.75, 1.0, 0.0, 6.0]);
        assert_eq!(half_known.counts, [0.75; 3]);
        let half_unknown = mixed(&missing, &known);
        assert_eq!(half_unknown.values, [0.0, 0.25, 1.0, 0.0, 6.0]);
        assert_eq!(half_unknown.counts, [0.25; 3]);
    }
}
