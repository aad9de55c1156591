//! The charts of a run, and their summaries as text.

use crate::charts::axis::{Axis, Format, Scale};
use crate::charts::line_chart::{LineChart, Series, SeriesStyle};
use crate::progress::run_log::{EpochMetrics, RunLog, ScoreKind};
use tunelab_l10n::Texts;

/// The smoothed training loss of each step, and the validation loss of each epoch.
pub fn loss(log: &RunLog, texts: Texts) -> LineChart {
    let bins = log.loss.bins();
    let training = Series {
        ranges: bins.iter().map(|bin| (bin.to, bin.lowest, bin.highest)).collect(),
        ..series(SeriesStyle::Training, bins.iter().map(|bin| (bin.to, bin.smoothed)), texts)
    };
    let validation = by_epoch(log, SeriesStyle::Validation, |epoch| epoch.validation_loss, texts);
    let series = vec![training, validation];
    let values = series.iter().flat_map(|series| &series.points).map(|&(_, loss)| loss);
    let highest = values.filter(|loss| loss.is_finite()).fold(0.0, f64::max);
    LineChart {
        x: epochs(log, texts),
        y: Axis::new(texts.run_loss(), Scale::from_zero(highest), Format::Decimal),
        series,
        reference: None,
        marked_x: None,
    }
}

/// The validation score of each epoch. If it is the accuracy, also that in training, and what guessing achieves.
pub fn score(log: &RunLog, texts: Texts) -> LineChart {
    let is_accuracy = log.score_kind == ScoreKind::Accuracy;
    let chance = (is_accuracy && !log.classes.is_empty()).then(|| 1.0 / log.classes.len() as f64);
    let training = is_accuracy
        .then(|| by_epoch(log, SeriesStyle::Training, |epoch| epoch.train_accuracy, texts));
    // A negative R² is shown as 0.
    let validation =
        by_epoch(log, SeriesStyle::Validation, |epoch| epoch.validation_score.max(0.0), texts);
    LineChart {
        x: epochs(log, texts),
        y: Axis::new(
            log.score_kind.heading(texts),
            Scale::Linear { low: 0.0, high: 1.0 },
            Format::Percent,
        ),
        series: training.into_iter().chain([validation]).collect(),
        reference: chance.map(|chance| (chance, texts.run_guessing().to_owned())),
        marked_x: None,
    }
}

fn epochs(log: &RunLog, texts: Texts) -> Axis {
    let scale = Scale::Linear { low: 0.0, high: f64::from(log.total_epochs.max(1)) };
    Axis::new(texts.run_epoch(), scale, Format::Epoch)
}

fn by_epoch(
    log: &RunLog,
    style: SeriesStyle,
    value: impl Fn(&EpochMetrics) -> f64,
    texts: Texts,
) -> Series {
    let points = log.epochs.iter().map(|epoch| (f64::from(epoch.epoch), value(epoch)));
    series(style, points, texts)
}

fn series(style: SeriesStyle, points: impl Iterator<Item = (f64, f64)>, texts: Texts) -> Series {
    let name = match style {
        SeriesStyle::Training => texts.run_training(),
        SeriesStyle::Validation => texts.run_validation(),
    };
    Series { name: name.to_owned(), style, points: points.collect(), ranges: Vec::new() }
}

/// A summary of the loss chart.
pub fn loss_summary(log: &RunLog, texts: Texts) -> String {
    let bins = log.loss.bins();
    let (Some(first), Some(last)) = (bins.first(), bins.last()) else {
        return texts.run_no_steps().to_owned();
    };
    let [from, to] = [first, last].map(|bin| texts.decimal(bin.smoothed, 3));
    let training = match last.smoothed < first.smoothed {
        true => texts.run_loss_fell(&from, &to),
        false => texts.run_loss_rose(&from, &to),
    };
    let validation = log.epochs.last().map(|epoch| {
        texts.run_validation_loss(epoch.epoch, &texts.decimal(epoch.validation_loss, 3))
    });
    texts.sentences(&[Some(training), validation].into_iter().flatten().collect::<Vec<_>>())
}

/// A summary of the score chart.
pub fn score_summary(log: &RunLog, texts: Texts) -> String {
    let Some(last) = log.epochs.last() else {
        return texts.run_no_epochs().to_owned();
    };
    let name = log.score_kind.name(texts);
    let validation = texts.percent(last.validation_score);
    let scores = match log.score_kind {
        ScoreKind::Accuracy => {
            texts.run_epoch_accuracies(last.epoch, &texts.percent(last.train_accuracy), &validation)
        }
        _ => texts.run_epoch_validation(last.epoch, name, &validation),
    };
    let best = log.best().map(|best| {
        texts.run_best_validation(name, &texts.percent(best.validation_score), best.epoch)
    });
    texts.sentences(&[Some(scores), best].into_iter().flatten().collect::<Vec<_>>())
}

#[cfg(test)]
mod tests {
    use super::*;

    const ENGLISH: Texts = Texts::ENGLISH;

    fn log() -> RunLog {
        let mut log = RunLog::default();
        log.classes = vec!["sea".into(), "sand".into()];
        log.total_epochs = 3;
        log.epochs.push(EpochMetrics {
            epoch: 1,
            train_accuracy: 0.6,
            validation_loss: 0.7,
            validation_score: 0.75,
            is_best: true,
        });
        log.loss.push(0.5, 1.0);
        log.loss.push(1.0, 0.5);
        log
    }

    #[test]
    fn charts_show_losses_and_accuracies() {
        let loss = loss(&log(), ENGLISH);
        assert_eq!((loss.series[0].points.len(), loss.series[0].ranges.len()), (2, 2));
        assert_eq!(loss.series[1].points, [(1.0, 0.7)]);
        assert_eq!(loss.y.scale, Scale::from_zero(1.0));
        let accuracy = score(&log(), ENGLISH);
        assert_eq!(accuracy.series[0].points, [(1.0, 0.6)]);
        assert_eq!(accuracy.reference, Some((0.5, ENGLISH.run_guessing().to_owned())));
        let empty = super::loss(&RunLog::default(), ENGLISH);
        assert_eq!(empty.reading_order().range(), None);
    }

    #[test]
    fn other_scores_have_only_a_validation_curve() {
        let mut log = log();
        log.score_kind = ScoreKind::RSquared;
        log.epochs[0].validation_score = -0.5;
        let chart = score(&log, ENGLISH);
        assert_eq!((chart.series.len(), chart.reference), (1, None));
        assert_eq!(chart.series[0].points, [(1.0, 0.0)]);
        let summary = score_summary(&log, ENGLISH);
        assert!(summary.starts_with("Epoch 1: R² -50% in validation."), "{summary}");
    }

    #[test]
    fn charts_are_summarized() {
        assert!(
            loss_summary(&log(), ENGLISH).starts_with("The training loss fell from 1.000 to 0.")
        );
        let summary = score_summary(&log(), ENGLISH);
        assert_eq!(
            summary,
            "Epoch 1: accuracy 60% in training and 75% in validation. Best validation accuracy: 75% in epoch 1."
        );
        assert_eq!(loss_summary(&RunLog::default(), ENGLISH), ENGLISH.run_no_steps());
        assert_eq!(score_summary(&RunLog::default(), ENGLISH), ENGLISH.run_no_epochs());
    }
}
