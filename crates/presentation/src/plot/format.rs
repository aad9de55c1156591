//! Numbers as people read and write them.

use tunelab_core::metrics::regression::amount;

/// Keeps a number and its unit on one line.
const NO_BREAK: char = '\u{a0}';

/// A share of 0 to 1 as an accuracy, such as `97.5 %`. All and nothing are only said where they are.
pub fn percent(share: f64) -> String {
    let tenths = (1000.0 * share).round();
    let tenths = match share {
        share if share < 1.0 && tenths >= 1000.0 => 999.0,
        share if share > 0.0 && tenths <= 0.0 => 1.0,
        _ => tenths,
    };
    if tenths % 10.0 == 0.0 {
        format!("{:.0}{NO_BREAK}%", tenths / 10.0)
    } else {
        format!("{:.1}{NO_BREAK}%", tenths / 10.0)
    }
}

/// A probability of 0 to 1 in whole percent, such as `98 %`.
pub fn probability(share: f64) -> String {
    match share {
        share if share < 0.005 => format!("<{NO_BREAK}1{NO_BREAK}%"),
        share if (0.995..1.0).contains(&share) => format!(">{NO_BREAK}99{NO_BREAK}%"),
        share => format!("{:.0}{NO_BREAK}%", 100.0 * share),
    }
}

/// A whole number with its thousands apart, such as `12,345`.
pub fn count(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A number of things, such as `1 picture` or `12 pictures`.
pub fn counted(number: usize, one: &str, many: &str) -> String {
    format!("{}{NO_BREAK}{}", count(number), if number == 1 { one } else { many })
}

/// A time that is only known roughly, such as `about 2 min`.
pub fn about(seconds: f64) -> String {
    let minutes = (seconds / 60.0).round() as u64;
    match seconds {
        seconds if seconds < 5.0 => "a few seconds".into(),
        seconds if seconds < 57.5 => {
            format!("about {:.0}{NO_BREAK}s", (seconds / 5.0).round() * 5.0)
        }
        _ if minutes < 60 => format!("about {}{NO_BREAK}min", minutes.max(1)),
        _ if minutes < 600 => {
            // To ten minutes: more would only pretend to know.
            let minutes = (minutes + 5) / 10 * 10;
            match minutes % 60 {
                0 => format!("about {}{NO_BREAK}h", minutes / 60),
                rest => format!("about {}{NO_BREAK}h {rest}{NO_BREAK}min", minutes / 60),
            }
        }
        _ => format!("about {}{NO_BREAK}h", (minutes + 30) / 60),
    }
}

/// A measured time, such as `12.3 ms` or `1.4 s`.
pub fn measured(seconds: f64) -> String {
    if seconds < 0.001 {
        format!("<{NO_BREAK}1{NO_BREAK}ms")
    } else if seconds < 1.0 {
        format!("{:.0}{NO_BREAK}ms", 1000.0 * seconds)
    } else {
        format!("{seconds:.1}{NO_BREAK}s")
    }
}

/// A speed in images per second, such as `53 images/s`.
pub fn speed(images_per_second: f64) -> String {
    if images_per_second < 9.95 {
        format!("{images_per_second:.1}{NO_BREAK}images/s")
    } else {
        format!("{}{NO_BREAK}images/s", count(images_per_second.round() as usize))
    }
}

/// A learning rate, with as many digits as it needs.
pub fn rate(rate: f64) -> String {
    match rate {
        0.0 => "0".into(),
        rate if rate < 1e-4 => format!("{rate:.1e}"),
        rate => {
            let decimals = (2.0 - rate.log10().floor()).clamp(0.0, 7.0) as usize;
            let text = format!("{rate:.decimals$}");
            text.trim_end_matches('0').trim_end_matches('.').to_string()
        }
    }
}

/// A figure of any size: a whole number as it is, another with three digits or so.
pub fn figure(number: f64) -> String {
    match number {
        number if number == number.trunc() && number.abs() < 1e7 => number.to_string(),
        number => amount(number),
    }
}

/// The finite number that `text` says. A comma is taken for a decimal point, as much of the world writes it.
pub fn parse_decimal(text: &str) -> Option<f64> {
    let number: f64 = text.trim().replace(',', ".").parse().ok()?;
    number.is_finite().then_some(number)
}

/// Somebody's words as a sentence. A file's name that begins it stays as it is.
pub fn sentence(words: &str) -> String {
    let words = words.trim();
    let mut letters = words.chars();
    let Some(first) = letters.next() else { return String::new() };
    let end = if words.ends_with(['.', '?', '…', ':']) { "" } else { "." };
    let is_name = words.split(' ').next().is_some_and(|word| word.contains(['.', '_', '/']));
    if is_name && words.contains(' ') {
        return format!("{words}{end}");
    }
    format!("{}{}{end}", first.to_ascii_uppercase(), letters.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(text: String) -> String {
        text.replace(NO_BREAK, " ")
    }

    #[test]
    fn percents_do_not_claim_all_or_nothing() {
        for (share, expected) in [
            (0.975, "97.5 %"),
            (1.0, "100 %"),
            (0.9999, "99.9 %"),
            (0.0001, "0.1 %"),
            (0.0, "0 %"),
            (0.5, "50 %"),
        ] {
            assert_eq!(plain(percent(share)), expected);
        }
        for (share, expected) in
            [(0.98, "98 %"), (0.999, "> 99 %"), (0.001, "< 1 %"), (1.0, "100 %")]
        {
            assert_eq!(plain(probability(share)), expected);
        }
    }

    #[test]
    fn thousands_are_apart() {
        assert_eq!(count(7), "7");
        assert_eq!(count(1_234), "1,234");
        assert_eq!(count(11_200_000), "11,200,000");
        assert_eq!(plain(counted(1, "picture", "pictures")), "1 picture");
        assert_eq!(plain(counted(2_000, "picture", "pictures")), "2,000 pictures");
    }

    #[test]
    fn times_are_as_rough_as_they_are_known() {
        for (seconds, expected) in [
            (2.0, "a few seconds"),
            (33.0, "about 35 s"),
            (58.0, "about 1 min"),
            (130.0, "about 2 min"),
            (3540.0, "about 59 min"),
            (3600.0, "about 1 h"),
            (5000.0, "about 1 h 20 min"),
            (90_000.0, "about 25 h"),
        ] {
            assert_eq!(plain(about(seconds)), expected, "{seconds}");
        }
        assert_eq!(plain(measured(0.0123)), "12 ms");
        assert_eq!(plain(measured(1.44)), "1.4 s");
        assert_eq!(plain(speed(4.25)), "4.2 images/s");
        assert_eq!(plain(speed(1234.4)), "1,234 images/s");
    }

    #[test]
    fn rates_have_the_digits_they_need() {
        for (value, expected) in
            [(0.02, "0.02"), (0.01, "0.01"), (0.00075, "0.00075"), (2.5e-6, "2.5e-6"), (0.0, "0")]
        {
            assert_eq!(rate(value), expected);
        }
    }

    #[test]
    fn numbers_are_read_as_people_write_them() {
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
    fn words_become_sentences() {
        assert_eq!(sentence("the file is empty"), "The file is empty.");
        assert_eq!(sentence("Done."), "Done.");
        assert_eq!(sentence("sea_3.jpg is no picture"), "sea_3.jpg is no picture.");
        assert_eq!(sentence(" "), "");
    }
}
