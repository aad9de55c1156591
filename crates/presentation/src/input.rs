//! Parses numbers that users type.

/// Parses a finite number. A comma is a decimal point, as in many languages.
pub fn parse_decimal(text: &str) -> Option<f64> {
    let number: f64 = text.trim().replace(',', ".").parse().ok()?;
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
