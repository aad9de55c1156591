//! Scales, axes and their ticks.

use tunelab_l10n::Texts;

/// Maps values to positions along an axis.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Scale {
    /// Equal differences have equal lengths.
    Linear { low: f64, high: f64 },
    /// Equal ratios have equal lengths. Both ends are above 0.
    Log { low: f64, high: f64 },
    /// Categories by their index, each in the middle of a band of the same length.
    Categorical { count: usize },
}

impl Scale {
    /// A linear scale from 0 to a round number that is not below `highest`; to 1 without values.
    pub fn from_zero(highest: f64) -> Self {
        /// About how many ticks such a scale has.
        const TICKS: f64 = 4.0;
        if !(highest > 0.0 && highest.is_finite()) {
            return Self::Linear { low: 0.0, high: 1.0 };
        }
        let step = round_step(highest / TICKS);
        Self::Linear { low: 0.0, high: (highest / step - 1e-9).ceil() * step }
    }

    /// A linear scale of all finite `values`; `None` unless two of them differ.
    pub fn linear(values: impl IntoIterator<Item = f64>) -> Option<Self> {
        let (low, high) = range(values)?;
        (low < high).then_some(Self::Linear { low, high })
    }

    /// A logarithmic scale with room for all positive `values`, and a margin.
    pub fn log(values: impl IntoIterator<Item = f64>) -> Self {
        let positive = values.into_iter().filter(|value| *value > 0.0);
        let (low, high) = range(positive).unwrap_or((0.1, 1.0));
        // In powers of ten.
        let margin = 10_f64.powf((0.05 * (high / low).log10()).max(0.1));
        Self::Log { low: low / margin, high: high * margin }
    }

    /// A linear scale with room for all `scores`, which are at most 1, and a margin.
    pub fn scores(scores: impl IntoIterator<Item = f64>) -> Self {
        let Some((low, high)) = range(scores) else {
            return Self::Linear { low: 0.0, high: 1.0 };
        };
        let margin = (0.1 * (high - low)).max(0.02);
        // Only R² can be negative.
        let least = if low < 0.0 { low - margin } else { 0.0 };
        Self::Linear { low: (low - margin).max(least), high: (high + margin).min(1.0) }
    }

    /// The position of a value: 0 at the start of the axis, 1 at its end.
    pub fn position(self, value: f64) -> f64 {
        match self {
            Self::Linear { low, high } => (value - low) / (high - low).max(f64::MIN_POSITIVE),
            Self::Log { low, .. } if value <= low => 0.0,
            Self::Log { low, high } => (value / low).ln() / (high / low).ln(),
            Self::Categorical { count } => (value + 0.5) / count.max(1) as f64,
        }
    }

    /// The value at a position.
    pub fn value_at(self, position: f64) -> f64 {
        match self {
            Self::Linear { low, high } => low + position * (high - low),
            Self::Log { low, high } => low * (high / low).powf(position),
            Self::Categorical { count } => position * count as f64 - 0.5,
        }
    }

    /// The values with ticks: round numbers, about `wanted` of them on a linear and at most as many on a
    /// logarithmic scale; all categories.
    pub fn ticks(self, wanted: usize) -> Vec<f64> {
        match self {
            Self::Linear { low, high } => linear_ticks(low, high, wanted),
            Self::Log { low, high } => log_ticks(low, high, wanted),
            Self::Categorical { count } => (0..count).map(|index| index as f64).collect(),
        }
    }
}

/// The number format of an axis.
#[derive(Debug, Clone, PartialEq)]
pub enum Format {
    /// With three decimals.
    Decimal,
    /// A number of any size.
    Number,
    /// A fraction from 0 to 1, as a percentage.
    Percent,
    /// A learning rate or another setting.
    Rate,
    /// Epochs, with ticks at whole ones only.
    Epoch,
    /// The names of categories, by the index.
    Category(Vec<String>),
}

/// An axis of a chart.
#[derive(Debug, Clone, PartialEq)]
pub struct Axis {
    pub name: String,
    pub scale: Scale,
    pub format: Format,
}

impl Default for Axis {
    fn default() -> Self {
        Self::new("", Scale::Linear { low: 0.0, high: 1.0 }, Format::Number)
    }
}

/// A labeled position of an axis, from 0 at its start to 1 at its end.
#[derive(Debug, Clone, PartialEq)]
pub struct Tick {
    pub position: f64,
    pub label: String,
}

impl Axis {
    pub fn new(name: &str, scale: Scale, format: Format) -> Self {
        Self { name: name.to_owned(), scale, format }
    }

    /// An axis of categories.
    pub fn categorical(name: &str, categories: Vec<String>) -> Self {
        let scale = Scale::Categorical { count: categories.len() };
        Self::new(name, scale, Format::Category(categories))
    }

    /// A value as text.
    pub fn text(&self, value: f64, texts: Texts) -> String {
        match &self.format {
            Format::Decimal => texts.decimal(value, 3),
            Format::Number => texts.number(value),
            Format::Percent => texts.percent(value),
            Format::Rate => texts.rate(value),
            // A decimal between the ends of two epochs.
            Format::Epoch => {
                texts.decimal(value, if (value - value.round()).abs() < 0.005 { 0 } else { 1 })
            }
            Format::Category(names) => names.get(value as usize).cloned().unwrap_or_default(),
        }
    }

    /// The ticks, about `wanted` where the scale allows.
    pub fn ticks(&self, wanted: usize, texts: Texts) -> Vec<Tick> {
        let mut values = self.scale.ticks(wanted);
        if let (Format::Epoch, Scale::Linear { low, high }) = (&self.format, self.scale)
            && values.iter().any(|value| (value - value.round()).abs() > 1e-9)
        {
            values = (low.ceil() as i64..=high.floor() as i64).map(|epoch| epoch as f64).collect();
        }
        // The decimals that tell neighbors apart.
        let step = values.get(1).map_or(1.0, |second| second - values[0]);
        let decimals = (-step.log10() - 1e-9).ceil().clamp(0.0, 6.0) as usize;
        let label = |value: f64| match self.format {
            Format::Decimal | Format::Number => texts.decimal(value, decimals),
            Format::Rate => texts.rate(value).replace(".0e", "e"),
            _ => self.text(value, texts),
        };
        let tick = |value: f64| Tick { position: self.scale.position(value), label: label(value) };
        values.into_iter().map(tick).collect()
    }
}

/// The lowest and the highest finite value.
fn range(values: impl IntoIterator<Item = f64>) -> Option<(f64, f64)> {
    let finite = values.into_iter().filter(|value| value.is_finite());
    finite.fold(None, |range, value| match range {
        None => Some((value, value)),
        Some((low, high)) => Some((value.min(low), value.max(high))),
    })
}

/// Multiples of 1, 2 or 5 times a power of ten, about `wanted` of them.
fn linear_ticks(low: f64, high: f64, wanted: usize) -> Vec<f64> {
    let span = high - low;
    if !(span > 0.0 && span.is_finite()) {
        return Vec::new();
    }
    let step = round_step(span / wanted.max(1) as f64);
    // A tolerance, so that rounding does not lose the last one.
    let first = (low / step - 1e-9).ceil();
    let last = (high / step + 1e-9).floor();
    (0..=(last - first).max(0.0) as usize).map(|index| (first + index as f64) * step).collect()
}

/// Powers of ten, and 2 and 5 times them where there is room.
fn log_ticks(low: f64, high: f64, most: usize) -> Vec<f64> {
    let multiples = |factors: &[f64]| -> Vec<f64> {
        let powers = low.log10().floor() as i32..=high.log10().ceil() as i32;
        let all =
            powers.flat_map(|power| factors.iter().map(move |factor| factor * 10_f64.powi(power)));
        // A tolerance, as above.
        all.filter(|value| (low * (1.0 - 1e-9)..=high * (1.0 + 1e-9)).contains(value)).collect()
    };
    let fine = multiples(&[1.0, 2.0, 5.0]);
    let values = if fine.len() <= most { fine } else { multiples(&[1.0]) };
    let step = values.len().div_ceil(most.max(1)).max(1);
    values.into_iter().step_by(step).collect()
}

/// The smallest of 1, 2 and 5 times a power of ten that is not below `rough`.
fn round_step(rough: f64) -> f64 {
    let power = 10_f64.powi(rough.log10().floor() as i32);
    let factor = [1.0, 2.0, 5.0].into_iter().find(|factor| factor * power >= rough * (1.0 - 1e-9));
    factor.unwrap_or(10.0) * power
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(axis: &Axis, wanted: usize) -> Vec<String> {
        axis.ticks(wanted, Texts::ENGLISH).into_iter().map(|tick| tick.label).collect()
    }

    fn linear(low: f64, high: f64, format: Format) -> Axis {
        Axis::new("x", Scale::Linear { low, high }, format)
    }

    fn log(values: &[f64]) -> Axis {
        Axis::new("x", Scale::log(values.iter().copied()), Format::Rate)
    }

    #[test]
    fn values_and_positions_are_inverse() {
        let scales = [
            Scale::Linear { low: 2.0, high: 10.0 },
            Scale::Log { low: 1e-6, high: 10.0 },
            Scale::Categorical { count: 4 },
        ];
        for scale in scales {
            for position in [0.125, 0.5, 0.875] {
                let back = scale.position(scale.value_at(position));
                assert!((back - position).abs() < 1e-9, "{scale:?}");
            }
        }
        assert_eq!(Scale::Categorical { count: 4 }.position(1.0), 0.375);
    }

    #[test]
    fn linear_ticks_are_round_and_have_enough_decimals() {
        assert_eq!(
            labels(&linear(0.0, 1.0, Format::Decimal), 5),
            ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]
        );
        assert_eq!(labels(&linear(0.0, 8.0, Format::Decimal), 4), ["0", "2", "4", "6", "8"]);
        assert_eq!(labels(&linear(0.0, 2.4, Format::Number), 4), ["0", "1", "2"]);
        assert_eq!(labels(&linear(0.0, 1.0, Format::Percent), 2), ["0%", "50%", "100%"]);
        assert!(labels(&linear(3.0, 3.0, Format::Number), 4).is_empty());
        assert!(labels(&linear(0.0, f64::NAN, Format::Number), 4).is_empty());
    }

    #[test]
    fn epochs_have_ticks_at_whole_numbers() {
        assert_eq!(labels(&linear(0.0, 2.0, Format::Epoch), 6), ["0", "1", "2"]);
        assert_eq!(labels(&linear(0.0, 1.0, Format::Epoch), 6), ["0", "1"]);
        assert_eq!(labels(&linear(0.0, 40.0, Format::Epoch), 4), ["0", "10", "20", "30", "40"]);
    }

    #[test]
    fn a_scale_from_zero_ends_with_a_round_number() {
        let end = |highest| Scale::from_zero(highest).value_at(1.0);
        assert_eq!([2.3, 2.0, 0.0, f64::INFINITY].map(end), [3.0, 2.0, 1.0, 1.0]);
    }

    #[test]
    fn a_linear_scale_needs_different_finite_values() {
        assert_eq!(Scale::linear([]), None);
        assert_eq!(Scale::linear([2.0, 2.0, f64::NAN]), None);
        let scale = Scale::linear([f64::NAN, 1.0, 3.0]);
        assert_eq!(scale, Some(Scale::Linear { low: 1.0, high: 3.0 }));
    }

    #[test]
    fn equal_ratios_have_equal_lengths() {
        let axis = log(&[0.001, 0.01, 0.1]);
        let [a, b, c] = [0.001, 0.01, 0.1].map(|value| axis.scale.position(value));
        assert!(a > 0.0 && c < 1.0 && (b - 0.5).abs() < 1e-9 && (c - b - (b - a)).abs() < 1e-9);
        assert_eq!(axis.scale.position(0.0), 0.0);
        assert_eq!(labels(&axis, 4), ["0.001", "0.01", "0.1"]);
    }

    #[test]
    fn short_logarithmic_scales_have_ticks_between_powers_of_ten() {
        assert_eq!(labels(&log(&[0.02, 0.05]), 6), ["0.02", "0.05"]);
        assert_eq!(labels(&log(&[1e-5, 1.0]), 3), ["1e-5", "0.001", "0.1"]);
        assert_eq!(labels(&log(&[0.02]), 6), ["0.02"]);
        assert!(labels(&log(&[]), 6).len() > 1);
    }

    #[test]
    fn the_scale_of_scores_covers_all_scores() {
        let close = Scale::scores([0.95, 0.97]);
        assert!(close.position(0.97) - close.position(0.95) > 0.3);
        let perfect = Scale::scores([1.0, 0.0]);
        assert_eq!((perfect.position(0.0), perfect.position(1.0)), (0.0, 1.0));
        let one = Scale::scores([0.5]);
        assert!((one.position(0.5) - 0.5).abs() < 1e-9 && one.ticks(5).len() > 1);
        let none = Scale::scores([]);
        assert_eq!((none.position(0.25), none.ticks(4).len()), (0.25, 3));
    }

    #[test]
    fn categories_are_ticks_with_their_names() {
        let axis = Axis::categorical("x", vec!["a".into(), "b".into()]);
        assert_eq!(labels(&axis, 1), ["a", "b"]);
        assert_eq!(axis.text(1.0, Texts::ENGLISH), "b");
    }
}
