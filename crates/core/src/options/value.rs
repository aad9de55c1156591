//! The types that an option may have, as text.

use super::error::Problem;
use super::range::plain;

/// What kind of value an option has.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Kind {
    Number,
    WholeNumber,
    Switch,
    /// One of these keys.
    Choice(&'static [&'static str]),
    /// One of these words, or numbers with commas between them.
    Weights(&'static [&'static str]),
}

/// A type that an option may have: how it is written as text, and read from it.
pub trait OptionValue: Sized {
    const KIND: Kind;

    /// `None` where there is no value.
    fn text(&self) -> Option<String>;

    /// # Errors
    /// The text is no such value.
    fn parse(text: &str) -> Result<Self, Problem>;

    /// No value, where the type has that.
    fn none() -> Option<Self> {
        None
    }

    /// The numbers that a range limits.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_they_can_be_read() {
        let shown =
            [(0.0005, "0.0005"), (0.0, "0"), (1e-7, "1e-7"), (0.1 + 0.2, "0.3"), (2.5e7, "2.5e7")];
        for (value, text) in shown {
            assert_eq!(value.text().unwrap(), text);
            assert_eq!(f64::parse(text).unwrap(), if value == 0.1 + 0.2 { 0.3 } else { value });
        }
    }

    #[test]
    fn text_that_is_no_value_is_refused() {
        for text in ["", "a lot", "inf", "NaN", "1,5"] {
            assert!(f64::parse(text).is_err(), "{text}");
        }
        assert!(u32::parse("1.5").is_err() && u32::parse("-1").is_err());
        assert!(bool::parse("yes").is_err());
        assert_eq!(<Vec<f64>>::parse(" 2 , 0.5").unwrap(), [2.0, 0.5]);
    }
}
