//! Reads numbers that users type.

use tunelab_core::options::{Choices, Kind, TrainOption};

/// A number as text, in ASCII: full-width characters of Chinese input methods are replaced, and a decimal comma, as
/// in many languages, by a decimal point.
fn with_decimal_point(text: &str) -> String {
    let ascii = |c: char| match c {
        '０'..='９' | '，' | '．' | '－' | '＋' => {
            char::from_u32(c as u32 - '！' as u32 + '!' as u32).unwrap_or(c)
        }
        '。' => '.',
        c => c,
    };
    text.chars().map(ascii).collect::<String>().replacen(',', ".", 1)
}

/// Choices of users, with decimal commas as decimal points.
pub fn with_decimal_points(choices: &Choices) -> Choices {
    let mut readable = choices.clone();
    for (key, text) in choices.iter() {
        let is_number =
            |option: &TrainOption| matches!(option.kind, Kind::Number | Kind::WholeNumber);
        if TrainOption::find(key).is_some_and(is_number) {
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
            ("０．５", 0.5),
            ("－１２，５", -12.5),
            ("1。5", 1.5),
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
