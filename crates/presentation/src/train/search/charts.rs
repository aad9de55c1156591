//! The charts of a search.

use crate::charts::axis::{Axis, Format, Scale};
use crate::charts::parallel_coordinates::{Line, ParallelCoordinates};
use crate::charts::scatter_plot::{Mark, ScatterPlot};
use crate::train::search::form::{searched_options, values_of};
use crate::train::search::log::StartedSearch;
use crate::train::search::trials::RankedTrial;
use tunelab_core::options::{TrainConfig, TrainOption};
use tunelab_core::search::range::Range;
use tunelab_l10n::Texts;

/// The score of each trial by its learning rate. Marks are larger the longer a trial was trained, and their
/// symbols show the strategy.
pub fn score_by_rate(started: &StartedSearch, texts: Texts) -> ScatterPlot {
    let rungs = started.search.rungs().len().max(1);
    let mark = |trial: &RankedTrial| Mark {
        key: trial.trial,
        x: trial.config.learning_rate,
        y: trial.score,
        radius: 4.5 + 4.5 * (trial.rung + 1) as f64 / rungs as f64,
        symbol: strategy_symbol(trial.config.strategy.key()),
    };
    let rates = started.configs.iter().map(|config| config.learning_rate);
    let has_best = started.trials.first().is_some_and(|best| best.score.is_some());
    ScatterPlot {
        x: Axis::new(texts.run_learning_rate(), Scale::log(rates), Format::Rate),
        y: score_axis(started, texts),
        marks: started.trials.iter().map(mark).collect(),
        first_name: has_best.then(|| texts.search_best().to_owned()),
        has_diagonal: false,
    }
}

/// The searched options of each trial, and its score.
pub fn all_options(started: &StartedSearch, texts: Texts) -> ParallelCoordinates {
    let space = &started.search.space().0;
    let options: Vec<(&TrainOption, &Range)> = searched_options()
        .filter_map(|(option, _)| Some((option, space.get(option.key)?)))
        .collect();
    let mut axes: Vec<Axis> = options
        .iter()
        .map(|&(option, range)| option_axis(option, range, &started.configs, texts))
        .collect();
    axes.push(score_axis(started, texts));
    let line = |trial: &RankedTrial| {
        let options = options.iter();
        let mut values: Vec<Option<f64>> =
            options.map(|(option, range)| value(option, range, &trial.config)).collect();
        values.push(trial.score);
        Line::new(trial.trial, &axes, &values)
    };
    ParallelCoordinates { lines: started.trials.iter().map(line).collect(), axes }
}

/// The strategies of a search, with their symbols.
pub fn legend(started: &StartedSearch, texts: Texts) -> Vec<(usize, String)> {
    match started.search.space().0.get("strategy") {
        Some(Range::Values(strategies)) => strategies
            .iter()
            .map(|strategy| {
                let label = texts.label_of_choice("strategy", strategy);
                (strategy_symbol(strategy), label.to_owned())
            })
            .collect(),
        _ => Vec::new(),
    }
}

/// The symbol of a strategy.
fn strategy_symbol(strategy: &str) -> usize {
    let all = TrainOption::find("strategy").map(values_of).unwrap_or_default();
    all.iter().position(|other| *other == strategy).unwrap_or(0)
}

fn score_axis(started: &StartedSearch, texts: Texts) -> Axis {
    let scores = started.trials.iter().filter_map(|trial| trial.score);
    Axis::new(texts.run_score_heading(), Scale::scores(scores), Format::Percent)
}

/// The axis of an option, with room for `configs`.
fn option_axis(option: &TrainOption, range: &Range, configs: &[TrainConfig], texts: Texts) -> Axis {
    let name = texts.label_of_option(option.key);
    match range {
        Range::Values(values) => {
            let label = |value: &String| {
                let label = texts.label_of_choice(option.key, value);
                // Without an explanation in parentheses, for which there is no room.
                label.split(['(', '（']).next().unwrap_or(label).trim_end().to_owned()
            };
            Axis::categorical(name, values.iter().map(label).collect())
        }
        Range::Log { .. } => {
            let values = configs.iter().filter_map(|config| value(option, range, config));
            Axis::new(name, Scale::log(values), Format::Rate)
        }
    }
}

/// An option's number, or the index of its value.
fn value(option: &TrainOption, range: &Range, config: &TrainConfig) -> Option<f64> {
    let text = option.text(config);
    match range {
        Range::Values(values) => Some(values.iter().position(|value| *value == text)? as f64),
        Range::Log { .. } => text.parse().ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::log::SearchLog;
    use super::super::setting::tests::{finished, setting};
    use super::*;
    use tunelab_core::search::method::Method;
    use tunelab_core::search::space::SearchSpace;
    use tunelab_core::search::state::Search;
    use tunelab_core::search::trial::{RunResult, TrialFailure};

    /// A search whose last trial failed.
    fn started() -> StartedSearch {
        let mut log = SearchLog::default();
        let method = Method::Random { trials: 6 };
        log.start(Search::new(SearchSpace::default(), method, 4, 2).unwrap(), setting());
        for (trial, score) in [0.5, 0.9, 0.7, 0.6, 0.65].into_iter().enumerate() {
            log.end_run(trial, 0, finished(score, 1.0));
        }
        log.end_run(5, 0, RunResult::Failed(TrialFailure::NotFinite));
        *log.started.unwrap()
    }

    #[test]
    fn every_trial_has_a_mark_and_a_line_in_the_order_of_the_ranking() {
        let started = started();
        let scatter = score_by_rate(&started, Texts::ENGLISH);
        let parallel = all_options(&started, Texts::ENGLISH);
        let trials: Vec<usize> = started.trials.iter().map(|trial| trial.trial).collect();
        assert_eq!(scatter.marks.iter().map(|mark| mark.key).collect::<Vec<_>>(), trials);
        assert_eq!(parallel.lines.iter().map(|line| line.key).collect::<Vec<_>>(), trials);
        assert_eq!(scatter.first_name.as_deref(), Some(Texts::ENGLISH.search_best()));
        for line in &parallel.lines {
            let (result, options) = line.positions.split_last().unwrap();
            assert_eq!(result.is_none(), line.key == 5);
            for position in options {
                assert!(position.is_some_and(|position| (0.0..=1.0).contains(&position)));
            }
        }
        let bands: Vec<usize> = parallel.lines.iter().map(Line::band).collect();
        assert!(bands.is_sorted_by(|a, b| a >= b) && bands[0] > bands[4], "{bands:?}");
    }

    #[test]
    fn axes_are_the_searched_options_and_the_score() {
        let axes = all_options(&started(), Texts::ENGLISH).axes;
        let names: Vec<&str> = axes.iter().map(|axis| axis.name.as_str()).collect();
        let expected = ["Strategy", "Learning rate", "Weight decay", "Augmentation", "Score"];
        assert_eq!(names, expected);
        let ticks = |axis: usize| axes[axis].ticks(4, Texts::ENGLISH);
        assert_eq!((ticks(0).len(), ticks(3).len()), (4, 4));
        assert!((0..5).all(|axis| ticks(axis).is_sorted_by(|a, b| a.position < b.position)));
    }

    #[test]
    fn strategies_have_distinct_symbols() {
        let legend = legend(&started(), Texts::ENGLISH);
        assert_eq!(legend.len(), 4);
        let all = TrainOption::find("strategy").map(values_of).unwrap();
        let mut symbols: Vec<usize> = all.iter().map(|value| strategy_symbol(value)).collect();
        symbols.dedup();
        assert_eq!(symbols.len(), all.len());
    }
}
