//! What a run's figures mean, in words.

use crate::plot::format::{counted, percent};
use crate::train::run_log::{EpochFigures, Measure, RunLog};
use tunelab_core::train::gap;
use tunelab_core::train::gap::EpochGap;

/// From this gap between training and validation accuracy on, learning by heart is worth a word.
const LARGE_GAP: f64 = 0.12;

/// Of a network that was checked with no picture.
pub const UNCHECKED: &str =
    "No pictures were left to check it with, so nobody knows yet how often it is right.";

/// What a validation accuracy means against guessing.
pub fn against_chance(top1: f64, classes: usize) -> String {
    let classes = classes.max(1);
    let chance = 1.0 / classes as f64;
    let guessing = format!(
        "guessing among {} would get {}",
        counted(classes, "class", "classes"),
        percent(chance)
    );
    let of_ten = (10.0 * top1).round();
    let share = match of_ten {
        10.0 if top1 < 1.0 => "nearly all".to_string(),
        10.0 => "all".into(),
        of_ten if of_ten < 1.0 => "fewer than 1 in 10".into(),
        of_ten => format!("about {of_ten:.0} in 10"),
    };
    let verdict = match top1 {
        top1 if top1 <= 1.15 * chance => {
            " That is no better than chance: more or clearer pictures, or retraining more of the network, may help."
        }
        top1 if top1 < chance + 0.25 * (1.0 - chance) => {
            " That is above chance, but not reliable yet."
        }
        _ => "",
    };
    format!("It recognizes {share} of the pictures it was not trained on; {guessing}.{verdict}")
}

/// A word on learning by heart, where the kept epoch shows it.
pub fn overfitting(best: &EpochFigures) -> Option<String> {
    let gap = best.train_top1 - best.validation_top1;
    (gap >= LARGE_GAP).then(|| {
        format!(
            "On the pictures it was trained on it gets {} right, on others {}: it partly learns them by heart. More pictures help most; under “Advanced”, stronger augmentation, mixed pictures or dropout can help too.",
            percent(best.train_top1),
            percent(best.validation_top1)
        )
    })
}

/// The newest epoch, where training and validation have come apart and stay so.
pub fn open_gap(log: &RunLog) -> Option<&EpochFigures> {
    let gap = |figures: &EpochFigures| EpochGap {
        train: figures.train_top1,
        validation: figures.validation_top1,
        validation_loss: figures.validation_loss,
    };
    let gaps: Vec<EpochGap> = log.epochs.iter().map(gap).collect();
    gap::open_gap(&gaps).and(log.epochs.last())
}

/// What is said aloud at the end of an epoch.
pub fn epoch_news(log: &RunLog) -> Option<String> {
    let figures = log.epochs.last()?;
    let done = format!("Epoch {} of {} done", figures.epoch, log.planned_epochs);
    let share = percent(figures.validation_top1);
    Some(match log.measure {
        Measure::Accuracy => format!("{done}: {share} of the validation pictures recognized."),
        measure => format!("{done}: {} {share}.", measure.name()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figures(train_top1: f64, validation_top1: f64) -> EpochFigures {
        EpochFigures { epoch: 3, train_top1, validation_loss: 0.4, validation_top1, best: true }
    }

    #[test]
    fn an_accuracy_is_held_against_chance() {
        let words = |top1, classes| against_chance(top1, classes).replace('\u{a0}', " ");
        assert_eq!(
            words(0.975, 8),
            "It recognizes nearly all of the pictures it was not trained on; guessing among 8 classes would get 12.5 %."
        );
        assert!(words(1.0, 8).starts_with("It recognizes all of"));
        assert!(words(0.52, 2).contains("no better than chance"));
        assert!(words(0.02, 100).contains("fewer than 1 in 10"));
        assert!(words(0.3, 10).contains("not reliable yet"));
        assert!(!words(0.7, 10).contains("chance"));
    }

    #[test]
    fn a_large_gap_is_explained() {
        assert_eq!(overfitting(&figures(0.95, 0.9)), None);
        assert_eq!(overfitting(&figures(0.7, 0.9)), None);
        let words = overfitting(&figures(0.99, 0.7)).unwrap().replace('\u{a0}', " ");
        assert!(words.contains("99 %") && words.contains("70 %") && words.contains("by heart"));
    }

    #[test]
    fn an_epoch_is_news() {
        let mut log = RunLog::default();
        log.planned_epochs = 12;
        assert_eq!(epoch_news(&log), None);
        log.epochs.push(figures(0.9, 0.875));
        let words = epoch_news(&log).unwrap().replace('\u{a0}', " ");
        assert_eq!(words, "Epoch 3 of 12 done: 87.5 % of the validation pictures recognized.");
        log.measure = Measure::Score;
        let words = epoch_news(&log).unwrap().replace('\u{a0}', " ");
        assert_eq!(words, "Epoch 3 of 12 done: score 87.5 %.");
    }
}
