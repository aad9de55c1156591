//! The types of option values, and their conversion from and to text.

use super::error::Problem;
use super::range::{Range, plain};
use crate::data::input::InputSize;

/// The kind of an option's value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Kind {
    Number,
    WholeNumber,
    Switch,
    /// One of these keys.
    Choice(&'static [&'static str]),
    /// One of these words, or comma-separated numbers.
    Weights(&'static [&'static str]),
}

/// A type of option values.
pub trait OptionValue: Sized {
    const KIND: Kind;

    /// The value as text; `None` for an absent value.
    fn text(&self) -> Option<String>;

    /// Parses a value.
    ///
    /// # Errors
    /// The text is not a value of this type.
    fn parse(text: &str) -> Result<Self, Problem>;

    /// The absent value, if the type is optional.
    fn none() -> Option<Self> {
        None
    }

    /// The numbers to check against the option's range.
    fn numbers(&self) -> Vec<f64> {
        Vec::new()
    }
}

impl OptionValue for f64 {
    const KIND: Kind = Kind::Number;

    fn text(&self) -> Option<String> {
        Some(plain(*self))
    }

    fn parse(text: &str) -> Result<Self, Problem> {
        let number = text.parse().ok().filter(|number: &f64| number.is_finite());
        number.ok_or_else(|| Problem::NotANumber(text.to_owned()))
    }

    fn numbers(&self) -> Vec<f64> {
        vec![*self]
    }
}

macro_rules! whole_number {
    ($($type:ty),*) => {$(
        impl OptionValue for $type {
            const KIND: Kind = Kind::WholeNumber;

            fn text(&self) -> Option<String> {
                Some(self.to_string())
            }

            fn parse(text: &str) -> Result<Self, Problem> {
                text.parse().map_err(|_| Problem::NotAWholeNumber(text.to_owned()))
            }

            fn numbers(&self) -> Vec<f64> {
                vec![*self as f64]
            }
        }
    )*};
}
whole_number!(u32, u64);

impl OptionValue for bool {
    const KIND: Kind = Kind::Switch;

    fn text(&self) -> Option<String> {
        Some(self.to_string())
    }

    fn parse(text: &str) -> Result<Self, Problem> {
        text.parse().map_err(|_| Problem::NotASwitch(text.to_owned()))
    }
}

impl OptionValue for Vec<f64> {
    const KIND: Kind = Kind::Weights(&[]);

    fn text(&self) -> Option<String> {
        let numbers: Vec<String> = self.iter().map(|number| plain(*number)).collect();
        Some(numbers.join(", "))
    }

    fn parse(text: &str) -> Result<Self, Problem> {
        let numbers = text.split(',').map(str::trim).filter(|number| !number.is_empty());
        numbers.map(f64::parse).collect()
    }

    fn numbers(&self) -> Vec<f64> {
        self.clone()
    }
}

impl<T: OptionValue> OptionValue for Option<T> {
    const KIND: Kind = T::KIND;

    fn text(&self) -> Option<String> {
        self.as_ref().and_then(T::text)
    }

    fn parse(text: &str) -> Result<Self, Problem> {
        T::parse(text).map(Some)
    }

    fn none() -> Option<Self> {
        Some(None)
    }

    fn numbers(&self) -> Vec<f64> {
        self.as_ref().map(T::numbers).unwrap_or_default()
    }
}

/// The range of input sizes.
pub(super) const SIZES: Range =
    Range::from(InputSize::MIN.get() as f64).to(InputSize::MAX.get() as f64);

impl OptionValue for InputSize {
    const KIND: Kind = Kind::WholeNumber;

    fn text(&self) -> Option<String> {
        Some(self.get().to_string())
    }

    fn parse(text: &str) -> Result<Self, Problem> {
        let side = u32::parse(text)?;
        let error = |_| Problem::OutOfRange { found: f64::from(side), range: SIZES };
        Self::new(side).map_err(error)
    }

    fn numbers(&self) -> Vec<f64> {
        vec![f64::from(self.get())]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_round_trip_as_text() {
        let shown =
            [(0.0005, "0.0005"), (0.0, "0"), (1e-7, "1e-7"), (0.1 + 0.2, "0.3"), (2.5e7, "2.5e7")];
        for (value, text) in shown {
            assert_eq!(value.text().unwrap(), text);
            assert_eq!(f64::parse(text).unwrap(), if value == 0.1 + 0.2 { 0.3 } else { value });
        }
    }

    #[test]
    fn invalid_text_is_rejected() {
        for text in ["", "a lot", "inf", "NaN", "1,5"] {
            assert!(f64::parse(text).is_err(), "{text}");
        }
        assert!(u32::parse("1.5").is_err() && u32::parse("-1").is_err());
        assert!(bool::parse("yes").is_err());
        assert_eq!(<Vec<f64>>::parse(" 2 , 0.5").unwrap(), [2.0, 0.5]);
    }
}
