//! Round numbers along an axis.

/// Round numbers from `low` to `high`, about `wanted` of them: multiples of 1, 2 or 5 times a power of
/// ten. Empty where the range is.
pub fn ticks(low: f64, high: f64, wanted: usize) -> Vec<f64> {
    let span = high - low;
    if !(span > 0.0 && span.is_finite()) {
        return Vec::new();
    }
    let step = round_step(span / wanted.max(1) as f64);
    // A little slack, so that rounding does not lose the last one.
    let first = (low / step - 1e-9).ceil();
    let last = (high / step + 1e-9).floor();
    (0..=(last - first).max(0.0) as usize).map(|index| (first + index as f64) * step).collect()
}

/// Round numbers as [`ticks`] gives them, whole ones only: for epochs.
pub fn whole_ticks(low: f64, high: f64, wanted: usize) -> Vec<f64> {
    let all = ticks(low, high, wanted);
    if all.iter().all(|value| (value - value.round()).abs() < 1e-9) {
        return all;
    }
    (low.ceil() as i64..=high.floor() as i64).map(|value| value as f64).collect()
}

/// The round end of an axis from 0 that shows values up to `highest`.
pub fn round_end(highest: f64, wanted: usize) -> f64 {
    if !(highest > 0.0 && highest.is_finite()) {
        return 1.0;
    }
    let step = round_step(highest / wanted.max(1) as f64);
    (highest / step - 1e-9).ceil() * step
}

/// A tick's text, with the decimals that tell it from its neighbours.
pub fn tick_label(value: f64, all: &[f64]) -> String {
    let step = match all {
        [first, second, ..] => second - first,
        _ => 1.0,
    };
    let decimals = (-step.log10() - 1e-9).ceil().clamp(0.0, 6.0) as usize;
    format!("{value:.decimals$}")
}

/// The smallest of 1, 2 and 5 times a power of ten that is not below `rough`.
fn round_step(rough: f64) -> f64 {
    let power = 10f64.powi(rough.log10().floor() as i32);
    let times = [1.0, 2.0, 5.0].into_iter().find(|times| times * power >= rough * (1.0 - 1e-9));
    times.unwrap_or(10.0) * power
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_inside() {
        assert_eq!(ticks(0.0, 1.0, 5), [0.0, 0.2, 0.4, 0.6000000000000001, 0.8, 1.0]);
        assert_eq!(ticks(0.0, 8.0, 4), [0.0, 2.0, 4.0, 6.0, 8.0]);
        assert_eq!(ticks(0.0, 2.4, 4), [0.0, 1.0, 2.0]);
        assert_eq!(ticks(3.0, 3.0, 4), [0.0; 0]);
        assert_eq!(ticks(0.0, f64::NAN, 4), [0.0; 0]);
    }

    #[test]
    fn epochs_are_whole() {
        assert_eq!(whole_ticks(0.0, 2.0, 6), [0.0, 1.0, 2.0]);
        assert_eq!(whole_ticks(0.0, 1.0, 6), [0.0, 1.0]);
        assert_eq!(whole_ticks(0.0, 40.0, 4), [0.0, 10.0, 20.0, 30.0, 40.0]);
    }

    #[test]
    fn labels_have_the_decimals_they_need() {
        let all = ticks(0.0, 1.0, 5);
        let labels: Vec<String> = all.iter().map(|&value| tick_label(value, &all)).collect();
        assert_eq!(labels, ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]);
        assert_eq!(tick_label(20.0, &[0.0, 10.0, 20.0]), "20");
        assert_eq!(tick_label(0.05, &[0.0, 0.05]), "0.05");
    }

    #[test]
    fn the_end_of_an_axis_is_round_and_not_below_the_highest() {
        assert_eq!(round_end(2.3, 4), 3.0);
        assert_eq!(round_end(2.0, 4), 2.0);
        assert_eq!(round_end(0.0, 4), 1.0);
        assert_eq!(round_end(f64::INFINITY, 4), 1.0);
    }
}
