//! Numbers as they are written by people.

/// The number that `text` says, finite; a comma is a decimal point to half of the world.
pub fn parse(text: &str) -> Option<f64> {
    let text = text.trim().replace(',', ".");
    let is_number = |c: char| c.is_ascii_digit() || matches!(c, '.' | '+' | '-' | 'e' | 'E');
    if text.is_empty() || !text.chars().all(is_number) {
        return None;
    }
    convert(&text).filter(|value| value.is_finite())
}

/// The browser knows how; the standard library's tables for it would add 10 KB to the page.
#[cfg(feature = "page")]
fn convert(text: &str) -> Option<f64> {
    Some(wasm_bindgen::JsValue::from_str(text).unchecked_into_f64())
}

#[cfg(not(feature = "page"))]
fn convert(text: &str) -> Option<f64> {
    text.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_people_write_them() {
        for (text, expected) in [
            ("0.5", Some(0.5)),
            (" 0,25 ", Some(0.25)),
            ("1e-4", Some(1e-4)),
            ("-3", Some(-3.0)),
            (".5", Some(0.5)),
            ("", None),
            ("e", None),
            ("1.2.3", None),
            ("inf", None),
            ("NaN", None),
            ("0x10", None),
            ("1e999", None),
            ("half", None),
        ] {
            assert_eq!(parse(text), expected, "{text:?}");
        }
    }
}
