//! Where predicted and true numbers are on a square.

use crate::plot::format::figure;

/// The square's side, in px of its own.
pub const SIDE: f64 = 240.0;
/// Points that are drawn at most; of more, some evenly.
const MOST: usize = 400;

/// Points on a square whose axes have the same ends.
#[derive(Debug, Clone, PartialEq)]
pub struct Scatter {
    /// From the upper left corner: true numbers to the right, predicted ones upwards.
    pub points: Vec<(f64, f64)>,
    /// What both axes begin and end with.
    pub ends: (String, String),
}

impl Scatter {
    /// Of predicted and true numbers; `None` where there are none, or all are the same.
    pub fn of(compared: &[(f64, f64)]) -> Option<Self> {
        let all = || compared.iter().flat_map(|&(predicted, truth)| [predicted, truth]);
        let lowest = all().filter(|number| number.is_finite()).fold(f64::INFINITY, f64::min);
        let highest = all().filter(|number| number.is_finite()).fold(f64::NEG_INFINITY, f64::max);
        if lowest >= highest {
            return None;
        }
        let share = |number: f64| (number - lowest) / (highest - lowest);
        let place = |&(predicted, truth): &(f64, f64)| {
            let (x, y) = (SIDE * share(truth), SIDE * (1.0 - share(predicted)));
            (x.is_finite() && y.is_finite()).then_some((x, y))
        };
        let step = compared.len().div_ceil(MOST).max(1);
        let points = compared.iter().step_by(step).filter_map(place).collect();
        Some(Self { points, ends: (figure(lowest), figure(highest)) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn true_numbers_go_right_and_predicted_ones_up() {
        let scatter = Scatter::of(&[(1.0, 1.0), (1.0, 3.0), (2.0, 1.0)]).unwrap();
        assert_eq!(scatter.points, [(0.0, SIDE), (SIDE, SIDE), (0.0, SIDE / 2.0)]);
        assert_eq!(scatter.ends, ("1".to_string(), "3".to_string()));
    }

    #[test]
    fn many_points_are_thinned_and_none_are_not_drawn() {
        let many: Vec<(f64, f64)> = (0..1000).map(|i| (f64::from(i), 0.5)).collect();
        assert_eq!(Scatter::of(&many).unwrap().points.len(), 334);
        assert_eq!(Scatter::of(&[]), None);
        assert_eq!(Scatter::of(&[(2.0, 2.0)]), None);
        assert_eq!(Scatter::of(&[(f64::NAN, 1.0), (0.0, 2.0)]).unwrap().points.len(), 1);
    }
}
