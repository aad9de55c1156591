//! Numbers that users write, and messages of the engine.

/// The finite number in `text`. A comma is read as a decimal point, as much of the world writes it.
pub fn parse_decimal(text: &str) -> Option<f64> {
    let number: f64 = text.trim().replace(',', ".").parse().ok()?;
    number.is_finite().then_some(number)
}

/// A message as a sentence. A file name at its start stays as it is.
pub fn sentence(message: &str) -> String {
    let message = message.trim();
    let mut letters = message.chars();
    let Some(first) = letters.next() else { return String::new() };
    let end = if message.ends_with(['.', '?', '…', ':']) { "" } else { "." };
    let is_name = message.split(' ').next().is_some_and(|word| word.contains(['.', '_', '/']));
    if is_name && message.contains(' ') {
        return format!("{message}{end}");
    }
    format!("{}{}{end}", first.to_ascii_uppercase(), letters.as_str())
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

    #[test]
    fn messages_become_sentences() {
        assert_eq!(sentence("the file is empty"), "The file is empty.");
        assert_eq!(sentence("Done."), "Done.");
        assert_eq!(sentence("sea_3.jpg is no picture"), "sea_3.jpg is no picture.");
        assert_eq!(sentence(" "), "");
    }
}
