//! A distillation as the page has seen it: how far it is, and what came of it.

use crate::plot::format::{about, counted, percent};
use tunelab_core::protocol::{ComparisonResult, StudentProgress};
use tunelab_core::train::distillation::{ComparedModel, TEACHER_VIEWS};

/// How much of the estimate each epoch leaves.
const KEEP: f64 = 0.7;

/// A distillation as far as it was seen.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct DistillationLog {
    /// Those that were measured.
    pub results: Vec<ComparisonResult>,
    /// Pictures brought to the network's size, and to be.
    preparing: Option<(usize, usize)>,
    /// The student under way, or the last one.
    student: Option<StudentProgress>,
    /// Whether there is a student without the teacher.
    compares: bool,
    /// Pictures without a class, which only the taught one sees.
    extra: usize,
    /// Seconds that the student itself needs for a picture, validation included.
    per_picture: Option<f64>,
}

impl DistillationLog {
    /// A distillation that begins.
    pub fn begin(compares: bool, extra: usize) -> Self {
        Self { compares, extra, ..Self::default() }
    }

    /// Pictures are being prepared.
    pub fn preparing(&mut self, done: usize, total: usize) {
        self.preparing = Some((done, total));
    }

    /// Takes note of how far a student is.
    pub fn follow(&mut self, student: StudentProgress) {
        let ended = self
            .student
            .as_ref()
            .is_none_or(|before| before.model != student.model || before.epoch < student.epoch);
        if ended && student.epoch > 0 {
            let asking = match self.asking(student.model, student.examples) {
                Some(seconds) if student.epoch <= TEACHER_VIEWS => seconds,
                _ => 0.0,
            };
            let own = (student.seconds - asking).max(0.0) / student.examples.max(1) as f64;
            let before = self.per_picture.unwrap_or(own);
            self.per_picture = Some(KEEP * before + (1.0 - KEEP) * own);
        }
        self.student = Some(student);
    }

    /// What one of them is worth, once it is known.
    pub fn result(&self, contestant: ComparedModel) -> Option<&ComparisonResult> {
        self.results.iter().find(|result| result.model == contestant)
    }

    /// Seconds that asking the teacher about each picture once takes.
    fn asking(&self, contestant: ComparedModel, examples: usize) -> Option<f64> {
        let teacher = self.result(ComparedModel::Teacher)?;
        let asks = contestant == ComparedModel::Distilled && teacher.images_per_second > 0.0;
        asks.then(|| examples as f64 / teacher.images_per_second)
    }

    /// Seconds to the end; none while that cannot be known.
    pub fn time_left(&self) -> Option<f64> {
        let student = self.student.as_ref()?;
        let per_picture = self.per_picture?;
        let of = |contestant: ComparedModel, examples: usize, done: f64| {
            let epochs = f64::from(student.epochs);
            let asked = (f64::from(TEACHER_VIEWS.min(student.epochs)) - done).max(0.0);
            let asking = self.asking(contestant, examples).unwrap_or(0.0);
            (epochs - done).max(0.0) * per_picture * examples as f64 + asked * asking
        };
        let done = f64::from(student.epoch) + student.share;
        let now = of(student.model, student.examples, done);
        let later = match student.model {
            ComparedModel::Baseline => {
                of(ComparedModel::Distilled, student.examples + self.extra, 0.0)
            }
            _ => 0.0,
        };
        Some(now + later)
    }

    /// How much is done, 0 to 1; none before the first student.
    pub fn progress(&self) -> Option<f64> {
        let student = self.student.as_ref()?;
        let done = (f64::from(student.epoch) + student.share) / f64::from(student.epochs.max(1));
        Some(match (self.compares, student.model) {
            (true, ComparedModel::Baseline) => done / 2.0,
            (true, _) => 0.5 + done / 2.0,
            (false, _) => done,
        })
    }

    /// What is being done.
    pub fn stage(&self) -> &'static str {
        match self.student.as_ref().map(|student| student.model) {
            Some(ComparedModel::Baseline) => "The small network learns alone, to compare.",
            Some(_) => "The small network learns from the large one.",
            None => "Getting ready.",
        }
    }

    /// How far that is.
    pub fn detail(&self) -> String {
        let Some(student) = &self.student else {
            return match self.preparing {
                Some((done, total)) if total > 0 => {
                    format!("{done} of {} prepared", counted(total, "picture", "pictures"))
                }
                _ => String::new(),
            };
        };
        let epoch = (student.epoch + 1).min(student.epochs);
        let mut words = format!("Epoch {epoch} of {}", student.epochs);
        if let Some(score) = student.score {
            words += &format!(", {} so far", self.score(score));
        }
        match self.time_left() {
            Some(seconds) => words + &format!(", {} left", about(seconds)),
            None => words + ", finding out how long it takes",
        }
    }

    /// A score as it is told.
    pub fn score(&self, score: f64) -> String {
        match self.results.iter().any(|result| result.is_accuracy) {
            true => format!("{} right", percent(score)),
            false => format!("score {score:.2}"),
        }
    }

    /// What came of it, once a student was taught.
    pub fn verdict(&self) -> Option<String> {
        let (teacher, taught) =
            (self.result(ComparedModel::Teacher)?, self.result(ComparedModel::Distilled)?);
        let smaller = times(teacher.bytes as f64, taught.bytes as f64);
        let faster = times(taught.images_per_second, teacher.images_per_second);
        let mut words = format!(
            "The small network’s file is {smaller} smaller, and it answers {faster} faster: {}, the large one {}.",
            self.score(taught.score),
            self.score(teacher.score)
        );
        if let Some(alone) = self.result(ComparedModel::Baseline) {
            words += &format!(" Alone it got {}.", self.score(alone.score));
        }
        Some(words)
    }
}

/// How many times as much, such as `8 times`.
fn times(more: f64, less: f64) -> String {
    let times = more / less.max(f64::MIN_POSITIVE);
    match times < 10.0 {
        true => format!("{times:.1} times"),
        false => format!("{times:.0} times"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(
        contestant: ComparedModel,
        bytes: u64,
        images_per_second: f64,
        score: f64,
    ) -> ComparisonResult {
        ComparisonResult { model: contestant, bytes, images_per_second, score, is_accuracy: true }
    }

    fn student(contestant: ComparedModel, epoch: u32, share: f64, seconds: f64) -> StudentProgress {
        let score = (epoch > 0).then_some(0.5);
        StudentProgress { model: contestant, examples: 100, epoch, epochs: 20, share, seconds, score }
    }

    fn begun(compares: bool) -> DistillationLog {
        let mut log = DistillationLog::begin(compares, 50);
        // Two seconds for a hundred pictures.
        log.results.push(line(ComparedModel::Teacher, 22_000_000, 50.0, 0.95));
        log
    }

    fn close(found: Option<f64>, expected: f64) {
        let near = found.is_some_and(|found| (found - expected).abs() < 1e-6);
        assert!(near, "{found:?}, not {expected}");
    }

    #[test]
    fn the_time_left_counts_what_the_teacher_is_asked() {
        let mut log = begun(true);
        assert_eq!((log.time_left(), log.progress()), (None, None));
        log.follow(student(ComparedModel::Baseline, 0, 0.5, 0.0));
        assert_eq!(log.time_left(), None);
        log.follow(student(ComparedModel::Baseline, 1, 0.0, 1.0));
        // 19 epochs of a second; then 20 of 1.5, and the teacher asked 8 times about 150 pictures.
        close(log.time_left(), 19.0 + 30.0 + 8.0 * 3.0);
        close(log.progress(), 0.025);
        log.follow(student(ComparedModel::Baseline, 1, 0.5, 1.0));
        close(log.time_left(), 18.5 + 30.0 + 24.0);
    }

    #[test]
    fn what_asking_takes_is_not_taken_for_the_students_own() {
        let mut log = begun(false);
        log.follow(student(ComparedModel::Distilled, 1, 0.0, 3.0));
        close(log.time_left(), 19.0 + 7.0 * 2.0);
        for epoch in 2..=8 {
            log.follow(student(ComparedModel::Distilled, epoch, 0.0, 3.0));
        }
        close(log.time_left(), 12.0);
        log.follow(student(ComparedModel::Distilled, 9, 0.0, 1.0));
        close(log.time_left(), 11.0);
        close(log.progress(), 0.45);
    }

    #[test]
    fn what_goes_on_is_told_in_words() {
        let plain = |log: &DistillationLog| log.detail().replace('\u{a0}', " ");
        let mut log = DistillationLog::begin(true, 0);
        assert_eq!((log.stage(), plain(&log)), ("Getting ready.", String::new()));
        log.preparing(3, 40);
        assert_eq!(plain(&log), "3 of 40 pictures prepared");
        log.results.push(line(ComparedModel::Teacher, 22_000_000, 50.0, 0.95));
        log.follow(student(ComparedModel::Baseline, 0, 0.0, 0.0));
        assert!(log.stage().contains("alone"));
        assert_eq!(plain(&log), "Epoch 1 of 20, finding out how long it takes");
        log.follow(student(ComparedModel::Distilled, 20, 0.0, 1.0));
        assert_eq!(plain(&log), "Epoch 20 of 20, 50 % right so far, a few seconds left");
    }

    #[test]
    fn the_verdict_compares_all_that_are_there() {
        let mut log = begun(true);
        assert_eq!(log.verdict(), None);
        log.results.push(line(ComparedModel::Distilled, 600_000, 450.0, 0.9));
        let words = log.verdict().unwrap().replace('\u{a0}', " ");
        assert_eq!(
            words,
            "The small network’s file is 37 times smaller, and it answers 9.0 times faster: 90 % right, the large one 95 % right."
        );
        log.results.push(line(ComparedModel::Baseline, 600_000, 450.0, 0.8));
        assert!(log.verdict().unwrap().contains("Alone it got"));
    }
}
