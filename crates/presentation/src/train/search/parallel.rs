//! The trials as lines through all their choices to their score (parallel coordinates).

use crate::train::search::scale::{Frame, LogScale, ScoreScale};
use crate::train::search::tries::Try;
use tunelab_core::search::range::Range;
use tunelab_core::search::state::Search;
use tunelab_l10n::Texts;

/// As near as a pointer has to be to a line, in px.
const REACH: f64 = 16.0;
/// Bands of the scores, the best being the last.
pub const BANDS: usize = 5;
/// Axes: way, learning rate, weight decay, augmentation, score.
pub const AXES: usize = 5;

/// An axis, with its ticks at shares of its length.
#[derive(Debug, Clone, PartialEq)]
pub struct Axis {
    pub name: &'static str,
    pub ticks: Vec<(f64, String)>,
}

/// A trial's line.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Line {
    /// Where it crosses the axes, as shares of their length; one that failed does not reach the last.
    pub values: [Option<f64>; AXES],
    /// Which of [`BANDS`] its score is in.
    pub band: usize,
}

/// The drawing, not yet placed.
#[derive(Debug, Clone, PartialEq)]
pub struct Parallel {
    pub axes: [Axis; AXES],
    /// In the order of the trials.
    pub lines: Vec<Line>,
}

impl Parallel {
    /// Of the trials of a search, with room for all `rates`.
    pub fn new(tries: &[Try], search: &Search, rates: impl Iterator<Item = f64> + Clone) -> Self {
        let rates = LogScale::of(rates);
        let decays =
            search.trials().iter().filter_map(|trial| trial.candidate.number("weight_decay"));
        let decays = LogScale::of(decays);
        let scores = ScoreScale::of(tries.iter().filter_map(|tried| tried.score));
        let space = search.space();
        let values = |key: &str| match space.0.get(key) {
            Some(Range::Values(values)) => values.clone(),
            _ => Vec::new(),
        };
        let (strategies, levels) = (values("strategy"), values("augmentation"));
        let of_all =
            |found: Option<usize>, all: usize| (found.unwrap_or(0) as f64 + 0.5) / all as f64;
        let place = |all: &[String], value: &str| {
            of_all(all.iter().position(|other| other == value), all.len())
        };
        let line = |tried: &Try| Line {
            values: [
                Some(place(&strategies, tried.config.strategy.key())),
                Some(rates.share(tried.config.learning_rate)),
                Some(decays.share(tried.config.weight_decay)),
                Some(place(&levels, tried.config.augmentation.key())),
                tried.score.map(|score| scores.share(score)),
            ],
            band: tried
                .score
                .map_or(0, |score| ((scores.share(score) * BANDS as f64) as usize).min(BANDS - 1)),
        };
        let named = |key: &'static str, all: &[String]| -> Vec<(f64, String)> {
            let label = |value: &String| {
                Texts::ENGLISH
                    .label_of_choice(key, value)
                    .map_or_else(|| value.clone(), str::to_owned)
            };
            all.iter().map(|value| (place(all, value), label(value))).collect()
        };
        let (ways, variations) = (named("strategy", &strategies), named("augmentation", &levels));
        let axis = |name, ticks| Axis { name, ticks };
        Self {
            axes: [
                axis("Way", ways),
                axis("Learning rate", rates.ticks(4)),
                axis("Weight decay", decays.ticks(4)),
                axis("Variation", variations),
                axis("Score", scores.ticks(4)),
            ],
            lines: tries.iter().map(line).collect(),
        }
    }

    /// The line at a place, or near it.
    pub fn nearest(&self, placing: &Placing, x: f64, y: f64) -> Option<usize> {
        let distances = self.lines.iter().map(|line| {
            let points = placing.points(line);
            let legs = points.windows(2).map(|leg| distance((x, y), leg[0], leg[1]));
            legs.fold(f64::INFINITY, f64::min)
        });
        let (index, distance) = distances.enumerate().min_by(|a, b| a.1.total_cmp(&b.1))?;
        (distance <= REACH).then_some(index)
    }
}

/// How the axes lie: side by side and upright, or, where there is little room, lying below each other.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Placing {
    pub frame: Frame,
    pub lying: bool,
}

impl Placing {
    /// A share of an axis, in px.
    pub fn point(&self, axis: usize, share: f64) -> (f64, f64) {
        let across = axis as f64 / (AXES - 1) as f64;
        if self.lying {
            (self.frame.x(share), self.frame.y(1.0 - across))
        } else {
            (self.frame.x(across), self.frame.y(share))
        }
    }

    /// Where a line crosses the axes, in px.
    pub fn points(&self, line: &Line) -> Vec<(f64, f64)> {
        let crossings = line.values.iter().enumerate();
        crossings.filter_map(|(axis, share)| Some(self.point(axis, (*share)?))).collect()
    }

    /// A line as an SVG path.
    pub fn path(&self, line: &Line) -> String {
        let points = self.points(line).into_iter().enumerate();
        let go = |(index, (x, y)): (usize, (f64, f64))| {
            format!("{}{x:.1} {y:.1}", if index == 0 { 'M' } else { 'L' })
        };
        points.map(go).collect()
    }
}

/// From a point to the straight line between two others.
fn distance((x, y): (f64, f64), from: (f64, f64), to: (f64, f64)) -> f64 {
    let (along_x, along_y) = (to.0 - from.0, to.1 - from.1);
    let length = (along_x * along_x + along_y * along_y).max(f64::MIN_POSITIVE);
    let share = (((x - from.0) * along_x + (y - from.1) * along_y) / length).clamp(0.0, 1.0);
    (from.0 + share * along_x - x).hypot(from.1 + share * along_y - y)
}

#[cfg(test)]
mod tests {
    use super::super::setting::tests::{finished, setting};
    use super::super::tries::tries;
    use super::*;
    use tunelab_core::search::method::Method;
    use tunelab_core::search::space::SearchSpace;
    use tunelab_core::search::trial::RunResult;

    const FRAME: Frame = Frame { left: 40.0, right: 440.0, top: 20.0, bottom: 220.0 };

    fn parallel() -> Parallel {
        let method = Method::Random { trials: 6 };
        let mut search = Search::new(SearchSpace::default(), method, 4, 2).unwrap();
        for (trial, score) in [0.5, 0.9, 0.7, 0.6, 0.65].into_iter().enumerate() {
            search.report(trial, 0, finished(score, 1.0)).unwrap();
        }
        search.report(5, 0, RunResult::Failed { reason: "infinite".into() }).unwrap();
        let tries = tries(&search, &setting());
        Parallel::new(&tries, &search, tries.iter().map(|tried| tried.config.learning_rate))
    }

    #[test]
    fn every_trial_has_a_line_through_all_axes_unless_it_failed() {
        let parallel = parallel();
        assert_eq!(parallel.lines.len(), 6);
        for lying in [false, true] {
            let placing = Placing { frame: FRAME, lying };
            for (index, line) in parallel.lines.iter().enumerate() {
                let points = placing.points(line);
                assert_eq!(points.len(), if index == 5 { AXES - 1 } else { AXES });
                assert_eq!(placing.path(line).matches(['M', 'L']).count(), points.len());
                for (x, y) in points {
                    assert!((FRAME.left..=FRAME.right).contains(&x));
                    assert!((FRAME.top..=FRAME.bottom).contains(&y));
                }
            }
        }
        let bands: Vec<usize> = parallel.lines.iter().map(|line| line.band).collect();
        assert!(bands.is_sorted_by(|a, b| a >= b), "{bands:?}");
        assert!(bands[0] > bands[4]);
    }

    #[test]
    fn axes_say_what_is_on_them() {
        let axes = parallel().axes;
        let texts = |axis: usize| -> Vec<String> {
            axes[axis].ticks.iter().map(|(_, text)| text.clone()).collect()
        };
        assert_eq!(texts(0).len(), 4);
        assert_eq!(texts(3).len(), 4);
        assert!(axes.iter().all(|axis| axis.ticks.is_sorted_by(|a, b| a.0 < b.0)));
    }

    #[test]
    fn axes_stand_side_by_side_or_lie_below_each_other() {
        let upright = Placing { frame: FRAME, lying: false };
        assert_eq!((upright.point(0, 0.0), upright.point(4, 1.0)), ((40.0, 220.0), (440.0, 20.0)));
        let lying = Placing { frame: FRAME, lying: true };
        assert_eq!((lying.point(0, 0.0), lying.point(4, 1.0)), ((40.0, 20.0), (440.0, 220.0)));
    }

    #[test]
    fn a_line_is_found_where_it_is_and_nothing_where_none_is() {
        let parallel = parallel();
        let placing = Placing { frame: FRAME, lying: false };
        for (index, line) in parallel.lines.iter().enumerate() {
            // On the axis of the learning rate, where no two meet.
            let (x, y) = placing.point(1, line.values[1].unwrap());
            assert_eq!(parallel.nearest(&placing, x, y), Some(index));
        }
        assert_eq!(parallel.nearest(&placing, 40.0, 400.0), None);
        assert_eq!(distance((5.0, 3.0), (0.0, 0.0), (10.0, 0.0)), 3.0);
        assert_eq!(distance((13.0, 4.0), (0.0, 0.0), (10.0, 0.0)), 5.0);
    }
}
