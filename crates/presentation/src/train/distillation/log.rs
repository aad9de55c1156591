//! The state of a distillation: its progress, and the comparison of the models.

use crate::progress::time_estimate::Pace;
use tunelab_core::protocol::{ComparisonResult, StudentProgress};
use tunelab_core::train::distillation::{ComparedModel, TEACHER_VIEWS};
use tunelab_l10n::Texts;

/// The state of a distillation.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct DistillationLog {
    /// The results of the measured models.
    pub results: Vec<ComparisonResult>,
    /// Images that were prepared, and all of them.
    preparing: Option<(usize, usize)>,
    /// The current or the last student.
    student: Option<StudentProgress>,
    /// Whether a student is also trained without the teacher.
    compare: bool,
    /// Unlabeled images, which only the student with the teacher is trained on.
    unlabeled: usize,
    /// Of a student for an image, validation included, without the teacher.
    pace: Pace,
}

impl DistillationLog {
    /// A distillation that begins. `compare`: whether a student is trained without the teacher too. `unlabeled`: the
    /// number of unlabeled images.
    pub fn begin(compare: bool, unlabeled: usize) -> Self {
        Self { compare, unlabeled, ..Self::default() }
    }

    /// Images are being prepared; `done` of `total` so far.
    pub fn preparing(&mut self, done: usize, total: usize) {
        self.preparing = Some((done, total));
    }

    /// Applies the progress of a student.
    pub fn apply(&mut self, student: StudentProgress) {
        let is_new_epoch = self
            .student
            .as_ref()
            .is_none_or(|before| before.model != student.model || before.epoch < student.epoch);
        if is_new_epoch && student.epoch > 0 {
            let teacher = match student.epoch {
                ..=TEACHER_VIEWS => self.teacher_seconds(student.model, student.examples),
                _ => 0.0,
            };
            self.pace.add((student.seconds - teacher).max(0.0), student.examples.max(1) as f64);
        }
        self.student = Some(student);
    }

    /// The result of a model that was measured.
    pub fn result(&self, model: ComparedModel) -> Option<&ComparisonResult> {
        self.results.iter().find(|result| result.model == model)
    }

    /// Seconds in which the teacher predicts each image once; 0 for a student without teacher.
    fn teacher_seconds(&self, student: ComparedModel, images: usize) -> f64 {
        let teacher = self.result(ComparedModel::Teacher);
        let speed = teacher.map(|teacher| teacher.images_per_second).filter(|speed| *speed > 0.0);
        match (student, speed) {
            (ComparedModel::Distilled, Some(speed)) => images as f64 / speed,
            _ => 0.0,
        }
    }

    /// Seconds to the end; `None` while too little is known.
    pub fn seconds_left(&self) -> Option<f64> {
        let student = self.student.as_ref()?;
        let pace = self.pace.seconds_per_unit()?;
        let seconds = |model: ComparedModel, images: usize, done: f64| {
            let epochs = f64::from(student.epochs) - done;
            let with_teacher = f64::from(TEACHER_VIEWS.min(student.epochs)) - done;
            epochs.max(0.0) * pace * images as f64
                + with_teacher.max(0.0) * self.teacher_seconds(model, images)
        };
        let done = f64::from(student.epoch) + student.share;
        let current = seconds(student.model, student.examples, done);
        let next = match student.model {
            ComparedModel::Baseline => {
                seconds(ComparedModel::Distilled, student.examples + self.unlabeled, 0.0)
            }
            _ => 0.0,
        };
        Some(current + next)
    }

    /// The progress of all students, 0 to 1; `None` before the first.
    pub fn progress(&self) -> Option<f64> {
        let student = self.student.as_ref()?;
        let done = (f64::from(student.epoch) + student.share) / f64::from(student.epochs.max(1));
        Some(match (self.compare, student.model) {
            (true, ComparedModel::Baseline) => done / 2.0,
            (true, _) => 0.5 + done / 2.0,
            (false, _) => done,
        })
    }

    /// The current phase.
    pub fn phase(&self, texts: Texts) -> &'static str {
        match self.student.as_ref().map(|student| student.model) {
            Some(ComparedModel::Baseline) => texts.distill_training_without_teacher(),
            Some(_) => texts.distill_training_with_teacher(),
            None => texts.run_phase_preparing(),
        }
    }

    /// The progress as text.
    pub fn detail(&self, texts: Texts) -> String {
        let Some(student) = &self.student else {
            return match self.preparing {
                Some((done, total)) if total > 0 => texts.run_images_of(total, done),
                _ => String::new(),
            };
        };
        let epoch = (student.epoch + 1).min(student.epochs);
        let progress = match student.score {
            Some(score) => {
                let score = self.score(score, texts);
                texts.distill_epoch_with_score(epoch, student.epochs, &score)
            }
            None => texts.distill_epoch(epoch, student.epochs),
        };
        match self.seconds_left() {
            Some(seconds) => texts.app_progress_with_time(&progress, &texts.about(seconds)),
            None => progress,
        }
    }

    /// A score with its name.
    fn score(&self, score: f64, texts: Texts) -> String {
        match self.results.iter().any(|result| result.is_accuracy) {
            true => texts.results_accuracy(&texts.percent(score)),
            false => texts.results_score(&texts.decimal(score, 2)),
        }
    }

    /// The comparison of the models; `None` before the student with the teacher was measured.
    pub fn verdict(&self, texts: Texts) -> Option<String> {
        let (teacher, student) =
            (self.result(ComparedModel::Teacher)?, self.result(ComparedModel::Distilled)?);
        let comparison = texts.distill_verdict(
            &ratio(teacher.bytes as f64, student.bytes as f64, texts),
            &ratio(student.images_per_second, teacher.images_per_second, texts),
            &self.score(student.score, texts),
            &self.score(teacher.score, texts),
        );
        let alone = self
            .result(ComparedModel::Baseline)
            .map(|alone| texts.distill_verdict_alone(&self.score(alone.score, texts)));
        Some(texts.sentences(&[Some(comparison), alone].into_iter().flatten().collect::<Vec<_>>()))
    }
}

/// The ratio of two numbers as text, such as `8.3`.
fn ratio(more: f64, less: f64, texts: Texts) -> String {
    let ratio = more / less.max(f64::MIN_POSITIVE);
    texts.decimal(ratio, if ratio < 10.0 { 1 } else { 0 })
}

#[cfg(test)]
mod tests {
    use super::*;

    const ENGLISH: Texts = Texts::ENGLISH;

    fn result(
        model: ComparedModel,
        bytes: u64,
        images_per_second: f64,
        score: f64,
    ) -> ComparisonResult {
        ComparisonResult { model, bytes, images_per_second, score, is_accuracy: true }
    }

    fn student(model: ComparedModel, epoch: u32, share: f64, seconds: f64) -> StudentProgress {
        let score = (epoch > 0).then_some(0.5);
        StudentProgress { model, examples: 100, epoch, epochs: 20, share, seconds, score }
    }

    /// The teacher takes two seconds for a hundred images.
    fn begun(compare: bool) -> DistillationLog {
        let mut log = DistillationLog::begin(compare, 50);
        log.results.push(result(ComparedModel::Teacher, 22_000_000, 50.0, 0.95));
        log
    }

    fn assert_close(found: Option<f64>, expected: f64) {
        let is_close = found.is_some_and(|found| (found - expected).abs() < 1e-6);
        assert!(is_close, "{found:?}, not {expected}");
    }

    #[test]
    fn the_estimate_includes_the_predictions_of_the_teacher() {
        let mut log = begun(true);
        assert_eq!((log.seconds_left(), log.progress()), (None, None));
        log.apply(student(ComparedModel::Baseline, 0, 0.5, 0.0));
        assert_eq!(log.seconds_left(), None);
        log.apply(student(ComparedModel::Baseline, 1, 0.0, 1.0));
        // 19 epochs of a second; then 20 of 1.5 seconds, and 8 predictions of 150 images.
        assert_close(log.seconds_left(), 19.0 + 30.0 + 8.0 * 3.0);
        assert_close(log.progress(), 0.025);
        log.apply(student(ComparedModel::Baseline, 1, 0.5, 1.0));
        assert_close(log.seconds_left(), 18.5 + 30.0 + 24.0);
    }

    #[test]
    fn the_time_of_the_teacher_is_not_that_of_the_student() {
        let mut log = begun(false);
        log.apply(student(ComparedModel::Distilled, 1, 0.0, 3.0));
        assert_close(log.seconds_left(), 19.0 + 7.0 * 2.0);
        for epoch in 2..=8 {
            log.apply(student(ComparedModel::Distilled, epoch, 0.0, 3.0));
        }
        assert_close(log.seconds_left(), 12.0);
        log.apply(student(ComparedModel::Distilled, 9, 0.0, 1.0));
        assert_close(log.seconds_left(), 11.0);
        assert_close(log.progress(), 0.45);
    }

    #[test]
    fn the_progress_is_text() {
        let mut log = DistillationLog::begin(true, 0);
        assert_eq!((log.phase(ENGLISH), log.detail(ENGLISH)), ("Preparing images", String::new()));
        log.preparing(3, 40);
        assert_eq!(log.detail(ENGLISH), "3 of 40 images");
        log.results.push(result(ComparedModel::Teacher, 22_000_000, 50.0, 0.95));
        log.apply(student(ComparedModel::Baseline, 0, 0.0, 0.0));
        assert!(log.phase(ENGLISH).contains("without"));
        assert_eq!(log.detail(ENGLISH), "Epoch 1 of 20");
        log.apply(student(ComparedModel::Distilled, 20, 0.0, 1.0));
        assert_eq!(log.detail(ENGLISH), "Epoch 20 of 20, accuracy 50%, a few seconds left");
    }

    #[test]
    fn the_verdict_compares_the_models() {
        let mut log = begun(true);
        assert_eq!(log.verdict(ENGLISH), None);
        log.results.push(result(ComparedModel::Distilled, 600_000, 450.0, 0.9));
        assert_eq!(
            log.verdict(ENGLISH).unwrap(),
            "The file of the small model is 37 times smaller, and it predicts 9.0 times faster. Small model: accuracy 90%. Teacher: accuracy 95%."
        );
        log.results.push(result(ComparedModel::Baseline, 600_000, 450.0, 0.8));
        assert!(
            log.verdict(ENGLISH)
                .unwrap()
                .ends_with("Small model trained without the teacher: accuracy 80%.")
        );
    }
}
