//! The charts of a run.

use crate::plot::format::percent;
use crate::plot::geometry::{Chart, Kind, Series, Unit};
use crate::train::run_log::{EpochFigures, Measure, RunLog};

/// The loss: in training step by step and smoothed, in validation after every epoch.
pub fn loss(log: &RunLog) -> Chart {
    let pieces = log.loss.pieces();
    let training = Series {
        kind: Kind::Training,
        points: pieces.iter().map(|piece| (piece.to, piece.smooth)).collect(),
        ranges: pieces.iter().map(|piece| (piece.to, piece.lowest, piece.highest)).collect(),
    };
    let validation = by_epoch(log, Kind::Validation, |figures| figures.validation_loss);
    Chart {
        epochs: f64::from(log.planned_epochs),
        unit: Unit::Number,
        series: vec![training, validation],
        reference: None,
    }
}

/// The accuracy, in training and in validation, after every epoch, and what guessing would get; another
/// measure only in validation.
pub fn accuracy(log: &RunLog) -> Chart {
    let sorts = log.measure == Measure::Accuracy;
    let chance = (sorts && !log.classes.is_empty()).then(|| 1.0 / log.classes.len() as f64);
    // Worse than saying the mean is at the bottom too.
    let mut series =
        vec![by_epoch(log, Kind::Validation, |figures| figures.validation_top1.max(0.0))];
    if sorts {
        series.insert(0, by_epoch(log, Kind::Training, |figures| figures.train_top1));
    }
    Chart {
        epochs: f64::from(log.planned_epochs),
        unit: Unit::Share,
        series,
        reference: chance.map(|chance| (chance, "guessing")),
    }
}

fn by_epoch(log: &RunLog, kind: Kind, value: impl Fn(&EpochFigures) -> f64) -> Series {
    let points = log.epochs.iter().map(|figures| (f64::from(figures.epoch), value(figures)));
    Series { kind, points: points.collect(), ranges: Vec::new() }
}

/// What the loss chart shows, for those who do not see it.
pub fn loss_summary(log: &RunLog) -> String {
    let pieces = log.loss.pieces();
    let (Some(first), Some(last)) = (pieces.first(), pieces.last()) else {
        return "No steps yet.".into();
    };
    let validation = match log.epochs.last() {
        Some(figures) => format!(
            " Validation loss after epoch {}: {:.3}.",
            figures.epoch, figures.validation_loss
        ),
        None => String::new(),
    };
    let way = if last.smooth < first.smooth { "fell" } else { "went" };
    format!("Training loss {way} from {:.3} to {:.3}.{validation}", first.smooth, last.smooth)
}

/// What the accuracy chart shows, for those who do not see it.
pub fn accuracy_summary(log: &RunLog) -> String {
    let Some(last) = log.epochs.last() else {
        return "No epoch is finished yet.".into();
    };
    let measure = log.measure.name();
    let best = log.best().map_or(String::new(), |best| {
        format!(
            " Best validation {measure}: {} in epoch {}.",
            percent(best.validation_top1),
            best.epoch
        )
    });
    let training = match log.measure {
        Measure::Accuracy => format!("training accuracy {}, ", percent(last.train_top1)),
        _ => String::new(),
    };
    format!(
        "After epoch {}: {training}validation {measure} {}.{best}",
        last.epoch,
        percent(last.validation_top1)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn log() -> RunLog {
        let mut log = RunLog::default();
        log.classes = vec!["sea".into(), "sand".into()];
        log.planned_epochs = 3;
        log.loss.push(0.5, 1.0);
        log.loss.push(1.0, 0.5);
        log.epochs.push(EpochFigures {
            epoch: 1,
            train_top1: 0.6,
            validation_loss: 0.7,
            validation_top1: 0.75,
            best: true,
        });
        log
    }

    #[test]
    fn charts_show_what_the_run_brought() {
        let loss = loss(&log());
        assert_eq!(loss.series[0].points.len(), 2);
        assert_eq!(loss.series[1].points, [(1.0, 0.7)]);
        let accuracy = accuracy(&log());
        assert_eq!(accuracy.series[0].points, [(1.0, 0.6)]);
        assert_eq!(accuracy.reference, Some((0.5, "guessing")));
        assert!(super::loss(&RunLog::default()).is_empty());
    }

    #[test]
    fn what_is_not_sorted_is_only_measured_in_validation() {
        let mut log = log();
        log.measure = Measure::Explained;
        log.epochs[0].validation_top1 = -0.5;
        let chart = accuracy(&log);
        assert_eq!((chart.series.len(), chart.reference), (1, None));
        assert_eq!(chart.series[0].points, [(1.0, 0.0)]);
        let words = accuracy_summary(&log).replace('\u{a0}', " ");
        assert!(
            words.starts_with("After epoch 1: validation share explained (R²) -50 %."),
            "{words}"
        );
    }

    #[test]
    fn charts_are_told_in_words() {
        assert!(loss_summary(&log()).starts_with("Training loss fell from 1.000 to 0."));
        let words = accuracy_summary(&log()).replace('\u{a0}', " ");
        assert!(words.ends_with("Best validation accuracy: 75 % in epoch 1."), "{words}");
        assert_eq!(loss_summary(&RunLog::default()), "No steps yet.");
    }
}
