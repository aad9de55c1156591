//! Reads numbers that users type.

use tunelab_core::options::{Choices, Kind, TrainOption};

/// A number as text, with its decimal comma, as in many languages, as a decimal point.
fn with_decimal_point(text: &str) -> String {
    text.replacen(',', ".", 1)
}

/// Choices of users, with decimal commas as decimal points.
pub fn with_decimal_points(choices: &Choices) -> Choices {
    let mut readable = choices.clone();
    for (key, text) in choices.iter() {
        if TrainOption::find(key).is_some_and(|option| option.kind == Kind::Number) {
            readable.set(key, with_decimal_point(text));
        }
    }
    readable
}

/// Parses a finite number. A comma is a decimal point.
pub fn parse_decimal(text: &str) -> Option<f64> {
    let number: f64 = with_decimal_point(text.trim()).parse().ok()?;
    number.is_finite().then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_may_have_a_comma() {
        for (text, expected) in [
            ("0.5", 0.5),
            (" 0,25 ", 0.25),
            ("1e-4", 1e-4),
            ("2E3", 2000.0),
            ("-3", -3.0),
            ("+5", 5.0),
            (" .5", 0.5),
            ("5.", 5.0),
            ("1e-999", 0.0),
        ] {
            assert_eq!(parse_decimal(text), Some(expected), "{text:?}");
        }
        for text in [
            "",
            " ",
            ".",
            "e",
            "-",
            "1e",
            "1.2.3",
            "1 000",
            "1_000",
            "0x10",
            "half",
            "5 %",
            "inf",
            "-Infinity",
            "NaN",
            "1e999",
        ] {
            assert_eq!(parse_decimal(text), None, "{text:?}");
        }
    }
}
