//! What is known of a contest of students: how far it is, and what came of it.

use crate::ui::plot::format::{about, counted, percent};
use tunelab_core::protocol::{Compared, Lesson};
use tunelab_core::train::student::{Contestant, TAUGHT_VIEWS};

/// How much of the estimate each epoch leaves.
const KEEP: f64 = 0.7;

/// A contest as far as it was seen.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Ledger {
    /// Those that were measured.
    pub lines: Vec<Compared>,
    /// Pictures brought to the network's size, and to be.
    preparing: Option<(usize, usize)>,
    /// The lesson under way, or the last one.
    lesson: Option<Lesson>,
    /// Whether there is a lesson without the teacher.
    compares: bool,
    /// Pictures without a class, which only the taught one sees.
    extra: usize,
    /// Seconds that the student itself needs for a picture, validation included.
    per_picture: Option<f64>,
}

impl Ledger {
    /// A contest that begins.
    pub fn begin(compares: bool, extra: usize) -> Self {
        Self { compares, extra, ..Self::default() }
    }

    /// Pictures are being prepared.
    pub fn prepare(&mut self, done: usize, total: usize) {
        self.preparing = Some((done, total));
    }

    /// Takes note of how far a lesson is.
    pub fn follow(&mut self, lesson: Lesson) {
        let ended = self.lesson.as_ref().is_none_or(|before| {
            before.contestant != lesson.contestant || before.epoch < lesson.epoch
        });
        if ended && lesson.epoch > 0 {
            let asking = match self.asking(lesson.contestant, lesson.examples) {
                Some(seconds) if lesson.epoch <= TAUGHT_VIEWS => seconds,
                _ => 0.0,
            };
            let own = (lesson.seconds - asking).max(0.0) / lesson.examples.max(1) as f64;
            let before = self.per_picture.unwrap_or(own);
            self.per_picture = Some(KEEP * before + (1.0 - KEEP) * own);
        }
        self.lesson = Some(lesson);
    }

    /// One of them was measured.
    pub fn enter(&mut self, line: Compared) {
        self.lines.push(line);
    }

    /// What one of them is worth, once it is known.
    pub fn line(&self, contestant: Contestant) -> Option<&Compared> {
        self.lines.iter().find(|line| line.contestant == contestant)
    }

    /// Seconds that asking the teacher about each picture once takes.
    fn asking(&self, contestant: Contestant, examples: usize) -> Option<f64> {
        let teacher = self.line(Contestant::Teacher)?;
        let asks = contestant == Contestant::Taught && teacher.images_per_second > 0.0;
        asks.then(|| examples as f64 / teacher.images_per_second)
    }

    /// Seconds to the end; none while that cannot be known.
    pub fn time_left(&self) -> Option<f64> {
        let lesson = self.lesson.as_ref()?;
        let per_picture = self.per_picture?;
        let of = |contestant: Contestant, examples: usize, done: f64| {
            let epochs = f64::from(lesson.epochs);
            let asked = (f64::from(TAUGHT_VIEWS.min(lesson.epochs)) - done).max(0.0);
            let asking = self.asking(contestant, examples).unwrap_or(0.0);
            (epochs - done).max(0.0) * per_picture * examples as f64 + asked * asking
        };
        let done = f64::from(lesson.epoch) + lesson.share;
        let now = of(lesson.contestant, lesson.examples, done);
        let later = match lesson.contestant {
            Contestant::Alone => of(Contestant::Taught, lesson.examples + self.extra, 0.0),
            _ => 0.0,
        };
        Some(now + later)
    }

    /// How much is done, 0 to 1; none before the first lesson.
    pub fn progress(&self) -> Option<f64> {
        let lesson = self.lesson.as_ref()?;
        let done = (f64::from(lesson.epoch) + lesson.share) / f64::from(lesson.epochs.max(1));
        Some(match (self.compares, lesson.contestant) {
            (true, Contestant::Alone) => done / 2.0,
            (true, _) => 0.5 + done / 2.0,
            (false, _) => done,
        })
    }

    /// What is being done.
    pub fn stage(&self) -> &'static str {
        match self.lesson.as_ref().map(|lesson| lesson.contestant) {
            Some(Contestant::Alone) => "The small network learns alone, to compare.",
            Some(_) => "The small network learns from the large one.",
            None => "Getting ready.",
        }
    }

    /// How far that is.
    pub fn detail(&self) -> String {
        let Some(lesson) = &self.lesson else {
            return match self.preparing {
                Some((done, total)) if total > 0 => {
                    format!("{done} of {} prepared", counted(total, "picture", "pictures"))
                }
                _ => String::new(),
            };
        };
        let epoch = (lesson.epoch + 1).min(lesson.epochs);
        let mut words = format!("Epoch {epoch} of {}", lesson.epochs);
        if let Some(score) = lesson.score {
            words += &format!(", {} so far", self.score(score));
        }
        match self.time_left() {
            Some(seconds) => words + &format!(", {} left", about(seconds)),
            None => words + ", finding out how long it takes",
        }
    }

    /// A score as it is told.
    pub fn score(&self, score: f64) -> String {
        match self.lines.iter().any(|line| line.is_accuracy) {
            true => format!("{} right", percent(score)),
            false => format!("score {score:.2}"),
        }
    }

    /// What came of it, once a student was taught.
    pub fn verdict(&self) -> Option<String> {
        let (teacher, taught) = (self.line(Contestant::Teacher)?, self.line(Contestant::Taught)?);
        let smaller = times(teacher.bytes as f64, taught.bytes as f64);
        let faster = times(taught.images_per_second, teacher.images_per_second);
        let mut words = format!(
            "The small network’s file is {smaller} smaller, and it answers {faster} faster: {}, the large one {}.",
            self.score(taught.score),
            self.score(teacher.score)
        );
        if let Some(alone) = self.line(Contestant::Alone) {
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

    fn line(contestant: Contestant, bytes: u64, images_per_second: f64, score: f64) -> Compared {
        Compared { contestant, bytes, images_per_second, score, is_accuracy: true }
    }

    fn lesson(contestant: Contestant, epoch: u32, share: f64, seconds: f64) -> Lesson {
        let score = (epoch > 0).then_some(0.5);
        Lesson { contestant, examples: 100, epoch, epochs: 20, share, seconds, score }
    }

    fn begun(compares: bool) -> Ledger {
        let mut ledger = Ledger::begin(compares, 50);
        // Two seconds for a hundred pictures.
        ledger.enter(line(Contestant::Teacher, 22_000_000, 50.0, 0.95));
        ledger
    }

    fn close(found: Option<f64>, expected: f64) {
        let near = found.is_some_and(|found| (found - expected).abs() < 1e-6);
        assert!(near, "{found:?}, not {expected}");
    }

    #[test]
    fn the_time_left_counts_what_the_teacher_is_asked() {
        let mut ledger = begun(true);
        assert_eq!((ledger.time_left(), ledger.progress()), (None, None));
        ledger.follow(lesson(Contestant::Alone, 0, 0.5, 0.0));
        assert_eq!(ledger.time_left(), None);
        ledger.follow(lesson(Contestant::Alone, 1, 0.0, 1.0));
        // 19 epochs of a second; then 20 of 1.5, and the teacher asked 8 times about 150 pictures.
        close(ledger.time_left(), 19.0 + 30.0 + 8.0 * 3.0);
        close(ledger.progress(), 0.025);
        ledger.follow(lesson(Contestant::Alone, 1, 0.5, 1.0));
        close(ledger.time_left(), 18.5 + 30.0 + 24.0);
    }

    #[test]
    fn what_asking_takes_is_not_taken_for_the_students_own() {
        let mut ledger = begun(false);
        ledger.follow(lesson(Contestant::Taught, 1, 0.0, 3.0));
        close(ledger.time_left(), 19.0 + 7.0 * 2.0);
        for epoch in 2..=8 {
            ledger.follow(lesson(Contestant::Taught, epoch, 0.0, 3.0));
        }
        close(ledger.time_left(), 12.0);
        ledger.follow(lesson(Contestant::Taught, 9, 0.0, 1.0));
        close(ledger.time_left(), 11.0);
        close(ledger.progress(), 0.45);
    }

    #[test]
    fn what_goes_on_is_told_in_words() {
        let plain = |ledger: &Ledger| ledger.detail().replace('\u{a0}', " ");
        let mut ledger = Ledger::begin(true, 0);
        assert_eq!((ledger.stage(), plain(&ledger)), ("Getting ready.", String::new()));
        ledger.prepare(3, 40);
        assert_eq!(plain(&ledger), "3 of 40 pictures prepared");
        ledger.enter(line(Contestant::Teacher, 22_000_000, 50.0, 0.95));
        ledger.follow(lesson(Contestant::Alone, 0, 0.0, 0.0));
        assert!(ledger.stage().contains("alone"));
        assert_eq!(plain(&ledger), "Epoch 1 of 20, finding out how long it takes");
        ledger.follow(lesson(Contestant::Taught, 20, 0.0, 1.0));
        assert_eq!(plain(&ledger), "Epoch 20 of 20, 50 % right so far, a few seconds left");
    }

    #[test]
    fn the_verdict_compares_all_that_are_there() {
        let mut ledger = begun(true);
        assert_eq!(ledger.verdict(), None);
        ledger.enter(line(Contestant::Taught, 600_000, 450.0, 0.9));
        let words = ledger.verdict().unwrap().replace('\u{a0}', " ");
        assert_eq!(
            words,
            "The small network’s file is 37 times smaller, and it answers 9.0 times faster: 90 % right, the large one 95 % right."
        );
        ledger.enter(line(Contestant::Alone, 600_000, 450.0, 0.8));
        assert!(ledger.verdict().unwrap().contains("Alone it got"));
    }
}
