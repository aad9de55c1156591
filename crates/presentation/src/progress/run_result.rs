//! The result of a run as text: its score, an interpretation, and announcements for screen readers.

use crate::progress::run_log::{EpochMetrics, Phase, RunLog, ScoreKind};
use tunelab_core::protocol::WorkerError;
use tunelab_core::train::overfitting::{self, EpochAccuracy};
use tunelab_l10n::{Localize, Texts};

/// An accuracy of at most this multiple of chance level is no better than chance.
const CHANCE_FACTOR: f64 = 1.15;
/// Chance-corrected accuracy, (accuracy - chance) / (1 - chance), below which a model is unreliable.
const MIN_RELIABLE: f64 = 0.25;

/// Interprets a validation accuracy (0 to 1) relative to chance level, 1 / `classes`.
pub fn against_chance(accuracy: f64, classes: usize, texts: Texts) -> String {
    let classes = classes.max(1);
    let chance = 1.0 / classes as f64;
    let guessing = texts.percent(chance);
    let tenths = (10.0 * accuracy).round() as u64;
    let recognized = match tenths {
        10.. if accuracy >= 1.0 => texts.run_recognizes_all(classes, &guessing),
        10.. => texts.run_recognizes_nearly_all(classes, &guessing),
        0 => texts.run_recognizes_few(classes, &guessing),
        tenths => texts.run_recognizes_tenths(classes, tenths, &guessing),
    };
    let verdict = match accuracy {
        accuracy if accuracy <= CHANCE_FACTOR * chance => Some(texts.run_no_better_than_chance()),
        accuracy if accuracy < chance + MIN_RELIABLE * (1.0 - chance) => {
            Some(texts.run_unreliable())
        }
        _ => None,
    };
    match verdict {
        Some(verdict) => texts.sentences(&[recognized.as_str(), verdict]),
        None => recognized,
    }
}

/// A warning if the training accuracy of an epoch is well above its validation accuracy.
pub fn overfitting_warning(epoch: &EpochMetrics, texts: Texts) -> Option<String> {
    accuracy(epoch).has_large_gap().then(|| {
        texts.run_overfitting(
            &texts.percent(epoch.train_accuracy),
            &texts.percent(epoch.validation_score),
        )
    })
}

/// The latest epoch, if the network overfits.
pub fn overfitting_epoch(log: &RunLog) -> Option<&EpochMetrics> {
    let epochs: Vec<EpochAccuracy> = log.epochs.iter().map(accuracy).collect();
    overfitting::overfitting_epoch(&epochs).and(log.epochs.last())
}

fn accuracy(metrics: &EpochMetrics) -> EpochAccuracy {
    EpochAccuracy {
        train: metrics.train_accuracy,
        validation: metrics.validation_score,
        validation_loss: metrics.validation_loss,
    }
}

/// Label of the best score: "so far" during a run, that of the saved model afterwards.
pub fn best_score_label(kind: ScoreKind, epoch: u32, has_ended: bool, texts: Texts) -> String {
    match (kind, has_ended) {
        (ScoreKind::Accuracy, false) => texts.run_best_accuracy(epoch),
        (ScoreKind::Accuracy, true) => texts.run_kept_accuracy(epoch),
        (ScoreKind::MeanAveragePrecision, false) => texts.run_best_map(epoch),
        (ScoreKind::MeanAveragePrecision, true) => texts.run_kept_map(epoch),
        (ScoreKind::RSquared, false) => texts.run_best_r2(epoch),
        (ScoreKind::RSquared, true) => texts.run_kept_r2(epoch),
        (ScoreKind::Mean, false) => texts.run_best_score(epoch),
        (ScoreKind::Mean, true) => texts.run_kept_score(epoch),
    }
}

/// What screen readers announce of a run.
#[derive(Debug, Clone, PartialEq)]
pub enum Announcement {
    /// A phase has begun.
    Phase(Phase),
    /// An epoch has ended, with this validation score.
    Epoch { epoch: u32, epochs: u32, kind: ScoreKind, score: f64 },
    /// The run has ended. `score` is the best one; `None` without validation.
    End { kind: ScoreKind, score: Option<f64> },
    /// The run was interrupted, and continues by itself.
    Interruption(WorkerError),
}

impl Announcement {
    /// The end of the latest epoch.
    pub fn of_epoch(log: &RunLog) -> Option<Self> {
        let EpochMetrics { epoch, validation_score: score, .. } = *log.epochs.last()?;
        Some(Self::Epoch { epoch, epochs: log.total_epochs, kind: log.score_kind, score })
    }

    /// The end of a run.
    pub fn of_end(log: &RunLog) -> Self {
        Self::End { kind: log.score_kind, score: log.final_score.map(|best| best.score) }
    }
}

impl Localize for Announcement {
    fn localize(&self, texts: Texts) -> String {
        match self {
            Self::Phase(phase) => phase.name(texts).to_owned(),
            Self::Epoch { epoch, epochs, kind, score } => {
                let score = texts.percent(*score);
                match kind {
                    ScoreKind::Accuracy => texts.run_epoch_accuracy(*epoch, *epochs, &score),
                    ScoreKind::MeanAveragePrecision => texts.run_epoch_map(*epoch, *epochs, &score),
                    ScoreKind::RSquared => texts.run_epoch_r2(*epoch, *epochs, &score),
                    ScoreKind::Mean => texts.run_epoch_score(*epoch, *epochs, &score),
                }
            }
            Self::End { kind, score } => end_of_run(*kind, *score, texts),
            Self::Interruption(reason) => reason.localize(texts),
        }
    }
}

fn end_of_run(kind: ScoreKind, score: Option<f64>, texts: Texts) -> String {
    let Some(score) = score.map(|score| texts.percent(score)) else {
        return texts.run_finished_not_validated().to_owned();
    };
    match kind {
        ScoreKind::Accuracy => texts.run_finished_accuracy(&score),
        ScoreKind::MeanAveragePrecision => texts.run_finished_map(&score),
        ScoreKind::RSquared => texts.run_finished_r2(&score),
        ScoreKind::Mean => texts.run_finished_score(&score),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tunelab_l10n::Language;

    const ENGLISH: Texts = Texts::ENGLISH;

    fn metrics(train_accuracy: f64, validation_score: f64) -> EpochMetrics {
        EpochMetrics {
            epoch: 3,
            train_accuracy,
            validation_loss: 0.4,
            validation_score,
            is_best: true,
        }
    }

    #[test]
    fn an_accuracy_is_compared_with_chance() {
        let verdict = |accuracy, classes| against_chance(accuracy, classes, ENGLISH);
        assert_eq!(
            verdict(0.975, 8),
            "The model recognizes nearly all images it was not trained on. Guessing one of 8 classes would achieve 12.5%."
        );
        assert!(verdict(1.0, 8).starts_with("The model recognizes all images"));
        assert!(verdict(0.52, 2).contains("no better than chance"));
        assert!(verdict(0.02, 100).contains("fewer than 1 in 10"));
        assert!(verdict(0.3, 10).contains("not reliable yet"));
        assert!(verdict(0.7, 10).contains("about 7 in 10"));
        assert!(!verdict(0.7, 10).contains("chance"));
    }

    #[test]
    fn a_large_gap_is_overfitting() {
        assert_eq!(overfitting_warning(&metrics(0.95, 0.9), ENGLISH), None);
        assert_eq!(overfitting_warning(&metrics(0.7, 0.9), ENGLISH), None);
        let warning = overfitting_warning(&metrics(0.99, 0.7), ENGLISH).unwrap();
        assert!(warning.contains("99%") && warning.contains("70%") && warning.contains("overfit"));
    }

    #[test]
    fn the_end_of_an_epoch_is_announced() {
        let mut log = RunLog::default();
        log.total_epochs = 12;
        assert_eq!(Announcement::of_epoch(&log), None);
        log.epochs.push(metrics(0.9, 0.875));
        let announcement = |log: &RunLog| Announcement::of_epoch(log).unwrap().localize(ENGLISH);
        assert_eq!(announcement(&log), "Epoch 3 of 12 finished. Validation accuracy 87.5%.");
        log.score_kind = ScoreKind::Mean;
        assert!(announcement(&log).ends_with("Validation score 87.5%."));
    }

    #[test]
    fn the_end_of_a_run_is_announced() {
        let end = |kind, score| Announcement::End { kind, score }.localize(ENGLISH);
        let accuracy = end(ScoreKind::Accuracy, Some(0.9));
        assert_eq!(accuracy, "Training finished. Best validation accuracy 90%.");
        assert!(end(ScoreKind::Mean, None).contains("no images left"));
        let unscored = Announcement::End { kind: ScoreKind::default(), score: None };
        assert_eq!(Announcement::of_end(&RunLog::default()), unscored);
    }

    #[test]
    fn an_announcement_follows_the_language() {
        for announcement in [
            Announcement::Phase(Phase::Caching),
            Announcement::Epoch { epoch: 3, epochs: 12, kind: ScoreKind::RSquared, score: 0.5 },
            Announcement::End { kind: ScoreKind::Accuracy, score: Some(0.9) },
            Announcement::Interruption(WorkerError::ContinuedOnCpu),
        ] {
            let [english, chinese] =
                Language::ALL.map(|language| announcement.localize(Texts::new(language)));
            assert_ne!(english, chinese);
        }
    }
}
