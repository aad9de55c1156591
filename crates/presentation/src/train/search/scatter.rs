//! The trials by learning rate and score: where they are, and what they look like.

use crate::train::search::scale::{Frame, LogScale, ScoreScale};
use crate::train::search::tries::Try;

/// Ticks along the score.
const ROWS: usize = 5;
/// Room that a tick of the learning rate takes, in px.
const COLUMN: f64 = 56.0;
/// As near as a pointer has to be, in px.
const REACH: f64 = 28.0;

/// The drawing.
#[derive(Debug, Clone, PartialEq)]
pub struct Scatter {
    pub x_ticks: Vec<(f64, String)>,
    pub y_ticks: Vec<(f64, String)>,
    /// In the order of the trials.
    pub marks: Vec<Mark>,
}

/// A trial's mark, in px.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Mark {
    pub x: f64,
    /// At the bottom where the trial failed.
    pub y: f64,
    /// The larger, the longer it was trained.
    pub radius: f64,
}

impl Scatter {
    /// Of `tries`, with room for all `rates`, where runs have `rungs` lengths.
    pub fn new(
        tries: &[Try],
        rates: impl Iterator<Item = f64> + Clone,
        rungs: usize,
        frame: &Frame,
    ) -> Self {
        let rates = LogScale::of(rates);
        let scores = ScoreScale::of(tries.iter().filter_map(|tried| tried.score));
        let columns = ((frame.right - frame.left) / COLUMN) as usize;
        let mark = |tried: &Try| Mark {
            x: frame.x(rates.share(tried.config.learning_rate)),
            y: frame.y(tried.score.map_or(0.0, |score| scores.share(score))),
            radius: 4.5 + 4.5 * (tried.rung + 1) as f64 / rungs.max(1) as f64,
        };
        let place = |ticks: Vec<(f64, String)>, place: &dyn Fn(f64) -> f64| {
            ticks.into_iter().map(|(share, text)| (place(share), text)).collect()
        };
        Self {
            x_ticks: place(rates.ticks(columns), &|share| frame.x(share)),
            y_ticks: place(scores.ticks(ROWS), &|share| frame.y(share)),
            marks: tries.iter().map(mark).collect(),
        }
    }

    /// The mark at a place, or near it.
    pub fn nearest(&self, x: f64, y: f64) -> Option<usize> {
        let distances = self.marks.iter().map(|mark| (mark.x - x).hypot(mark.y - y));
        let (index, distance) = distances.enumerate().min_by(|a, b| a.1.total_cmp(&b.1))?;
        (distance <= REACH).then_some(index)
    }
}

/// An SVG path of one of ten shapes that differ without their colours, about as large as a circle.
pub fn shape(kind: usize, x: f64, y: f64, radius: f64) -> String {
    let r = radius;
    match kind {
        0 => {
            let half = |sweep: f64| format!("a{r:.1} {r:.1} 0 1 0 {sweep:.1} 0");
            format!("M{:.1} {y:.1}{}{}z", x - r, half(2.0 * r), half(-2.0 * r))
        }
        1 => polygon(x, y, &[1.25 * r], 4, 0.125),
        2 => polygon(x, y, &[1.35 * r], 3, 0.0),
        3 => polygon(x, y, &[1.3 * r], 4, 0.0),
        4 => polygon(x, y, &[1.35 * r], 3, 0.5),
        5 => polygon(x, y, &[1.4 * r, 0.55 * r], 10, 0.0),
        6 => polygon(x, y, &[1.1 * r], 6, 0.0),
        7 => polygon(x, y, &[1.4 * r, 0.45 * r], 8, 0.0),
        8 => polygon(x, y, &[1.4 * r, 0.6 * r], 6, 0.0),
        _ => polygon(x, y, &[1.2 * r], 5, 0.5),
    }
}

/// A cross: no result.
pub fn cross(x: f64, y: f64, radius: f64) -> String {
    let [left, right, top, bottom] = [x - radius, x + radius, y - radius, y + radius];
    format!("M{left:.1} {top:.1}L{right:.1} {bottom:.1}M{left:.1} {bottom:.1}L{right:.1} {top:.1}")
}

/// Corners around a middle, at the radii in turn, beginning `turn` (of a whole one) from the top.
fn polygon(x: f64, y: f64, radii: &[f64], corners: usize, turn: f64) -> String {
    let corner = |index: usize| {
        let angle = std::f64::consts::TAU * (index as f64 / corners as f64 + turn);
        let radius = radii[index % radii.len()];
        let go = if index == 0 { 'M' } else { 'L' };
        format!("{go}{:.1} {:.1}", x + radius * angle.sin(), y - radius * angle.cos())
    };
    (0..corners).map(corner).collect::<String>() + "z"
}

#[cfg(test)]
mod tests {
    use super::*;
    use tunelab_core::options::TrainConfig;

    const FRAME: Frame = Frame { left: 40.0, right: 340.0, top: 10.0, bottom: 210.0 };

    fn tried(learning_rate: f64, rung: usize, score: Option<f64>) -> Try {
        Try {
            trial: 0,
            config: TrainConfig { learning_rate, ..TrainConfig::default_config() },
            rung,
            score,
            failure: None,
        }
    }

    #[test]
    fn every_trial_has_a_mark_within_the_frame() {
        let tries = [
            tried(0.001, 1, Some(0.9)),
            tried(0.1, 0, Some(0.5)),
            tried(0.01, 0, Some(0.7)),
            tried(0.02, 0, None),
        ];
        let rates = [0.0005, 0.001, 0.1, 0.01, 0.02, 0.2];
        let scatter = Scatter::new(&tries, rates.into_iter(), 2, &FRAME);
        let [best, worst, middle, failed] = scatter.marks[..] else { panic!("not four marks") };
        for mark in &scatter.marks {
            assert!((FRAME.left..=FRAME.right).contains(&mark.x), "{mark:?}");
            assert!((FRAME.top..=FRAME.bottom).contains(&mark.y), "{mark:?}");
        }
        assert!(best.y < middle.y && middle.y < worst.y && worst.y < failed.y);
        assert!(best.x < middle.x && middle.x < failed.x && failed.x < worst.x);
        assert_eq!((failed.y, best.radius > worst.radius), (FRAME.bottom, true));
        for (index, mark) in scatter.marks.iter().enumerate() {
            assert_eq!(scatter.nearest(mark.x + 2.0, mark.y - 2.0), Some(index));
        }
        assert_eq!(scatter.nearest(FRAME.left, FRAME.top + 90.0), None);
    }

    #[test]
    fn every_way_has_a_shape_of_its_own_around_its_place() {
        let mut shapes: Vec<String> = (0..10).map(|kind| shape(kind, 50.0, 50.0, 6.0)).collect();
        shapes.push(cross(50.0, 50.0, 6.0));
        assert!(shapes.iter().all(|shape| shape.starts_with('M')));
        shapes.sort_unstable();
        shapes.dedup();
        assert_eq!(shapes.len(), 11);
        assert_eq!(shape(3, 50.0, 50.0, 10.0), "M50.0 37.0L63.0 50.0L50.0 63.0L37.0 50.0z");
    }
}
