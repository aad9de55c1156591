//! Numbers, times, sizes and lists as the language writes them.

use crate::{Count, Language, Texts};

/// Keeps a number and its unit on one line.
const NO_BREAK: &str = "\u{a0}";

/// The most names that a sentence lists.
const LISTED_NAMES: usize = 5;

const KILOBYTE: f64 = 1e3;
const MEGABYTE: f64 = 1e6;
const GIGABYTE: f64 = 1e9;

impl Texts {
    /// A whole number with its thousands apart, such as `12,345`.
    #[must_use]
    pub fn count(self, number: impl Into<Count>) -> String {
        grouped(&number.into().0.to_string())
    }

    /// A large number to three digits in the units the language counts in, such as `11.2 million` or
    /// `1120 万`.
    #[must_use]
    pub fn large_count(self, number: impl Into<Count>) -> String {
        let number = number.into();
        let (large, huge) = match self.language() {
            Language::English => (1e6, 1e9),
            Language::SimplifiedChinese => (1e4, 1e8),
        };
        let rounded = three_digits(number.0 as f64);
        let in_units = |unit: f64| trimmed(&significant(rounded / unit));
        unbroken(&match rounded {
            rounded if rounded >= huge => self.format_huge(&in_units(huge)),
            rounded if rounded >= large => self.format_large(&in_units(large)),
            _ => self.count(number),
        })
    }

    /// A number with so many decimals, such as `1,234.50`.
    #[must_use]
    pub fn decimal(self, number: f64, decimals: usize) -> String {
        if number.is_finite() { grouped(&format!("{number:.decimals$}")) } else { infinite(number) }
    }

    /// A measured number of any size, with three digits or so: `0.0123`, `56.8`, `12,346`.
    #[must_use]
    pub fn significant(self, number: f64) -> String {
        if number.is_finite() { grouped(&significant(number)) } else { infinite(number) }
    }

    /// A number of any size: a whole number as it is, another as [`significant`](Self::significant) does.
    #[must_use]
    pub fn number(self, number: f64) -> String {
        if number == number.trunc() && number.abs() < 1e15 {
            self.decimal(number, 0)
        } else {
            self.significant(number)
        }
    }

    /// A setting such as a learning rate, with three significant digits: `0.00075`, `2.5e-6`.
    #[must_use]
    pub fn rate(self, rate: f64) -> String {
        match rate {
            0.0 => "0".into(),
            rate if !(1e-4..1e6).contains(&rate.abs()) => format!("{rate:.1e}"),
            rate => trimmed(&significant(rate)),
        }
    }

    /// A share of 0 to 1, such as `97.5%`. It is only 0% or 100% where it is nothing or all.
    #[must_use]
    pub fn percent(self, share: f64) -> String {
        if !share.is_finite() {
            return infinite(share);
        }
        let tenths = (1000.0 * share).round();
        let tenths = match share {
            share if share < 1.0 && tenths >= 1000.0 => 999.0,
            share if share > 0.0 && tenths <= 0.0 => 1.0,
            _ => tenths,
        };
        let decimals = if tenths % 10.0 == 0.0 { 0 } else { 1 };
        format!("{:.decimals$}%", tenths / 10.0)
    }

    /// A probability of 0 to 1 in whole percent, such as `98%`, `<1%` or `>99%`.
    #[must_use]
    pub fn probability(self, share: f64) -> String {
        match share {
            share if share < 0.005 => "<1%".into(),
            share if (0.995..1.0).contains(&share) => ">99%".into(),
            share if share.is_finite() => format!("{:.0}%", 100.0 * share),
            share => infinite(share),
        }
    }

    /// A length in bytes, such as `22.6 MB`.
    #[must_use]
    pub fn file_size(self, bytes: u64) -> String {
        let in_bytes = bytes as f64;
        unbroken(&match bytes {
            ..1_000 => self.format_bytes(bytes),
            1_000..1_000_000 => format!("{:.0} KB", (in_bytes / KILOBYTE).min(999.0)),
            1_000_000..1_000_000_000 => format!("{:.1} MB", (in_bytes / MEGABYTE).min(999.9)),
            _ => format!("{:.1} GB", in_bytes / GIGABYTE),
        })
    }

    /// A time that is only known roughly, such as `about 2 min`.
    #[must_use]
    pub fn about(self, seconds: f64) -> String {
        let minutes = (seconds / 60.0).round() as u64;
        let rounded = match seconds {
            seconds if seconds < 5.0 => return self.format_few_seconds().into(),
            seconds if seconds < 57.5 => ((seconds / 5.0).round() * 5.0) as u64,
            _ if minutes < 60 => 60 * minutes.max(1),
            // To ten minutes, then to hours: more would only pretend to know.
            _ if minutes < 600 => 60 * ((minutes + 5) / 10 * 10),
            _ => 3600 * ((minutes + 30) / 60),
        };
        self.format_about(&self.duration(rounded as f64))
    }

    /// How long something took, to the second: `2 min 5 s`, `1 h 3 min`.
    #[must_use]
    pub fn duration(self, seconds: f64) -> String {
        // From an hour on, to the minute.
        let whole =
            if seconds < 3600.0 { seconds.round() } else { (seconds / 60.0).round() * 60.0 };
        let seconds = whole.max(0.0) as u64;
        let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
        let units = [
            (hours > 0).then(|| self.format_hours(&self.count(hours))),
            (minutes > 0).then(|| self.format_minutes(&self.count(minutes))),
            (seconds > 0 || hours + minutes == 0)
                .then(|| self.format_seconds(&self.count(seconds))),
        ];
        unbroken(&units.into_iter().flatten().collect::<Vec<_>>().join(" "))
    }

    /// A short measured time, such as `12 ms` or `1.4 s`.
    #[must_use]
    pub fn measured(self, seconds: f64) -> String {
        unbroken(&match seconds {
            seconds if seconds < 0.001 => self.format_milliseconds("<1"),
            seconds if seconds < 0.9995 => {
                self.format_milliseconds(&format!("{:.0}", 1000.0 * seconds))
            }
            seconds => self.format_seconds(&self.decimal(seconds, 1)),
        })
    }

    /// A speed in images per second, such as `53 images/s`.
    #[must_use]
    pub fn speed(self, images_per_second: f64) -> String {
        let decimals = if images_per_second < 9.95 { 1 } else { 0 };
        unbroken(&self.format_speed(&self.decimal(images_per_second, decimals)))
    }

    /// The size of an image in pixels, such as `64 × 64 px`.
    #[must_use]
    pub fn image_size(self, width: impl Into<Count>, height: impl Into<Count>) -> String {
        let [width, height] = [width.into(), height.into()].map(|side| side.0.to_string());
        unbroken(&self.format_image_size(&width, &height))
    }

    /// A name in quotation marks.
    #[must_use]
    pub fn quoted(self, name: &str) -> String {
        self.format_quoted(name)
    }

    /// All of some items, such as `a, b and c`.
    #[must_use]
    pub fn all_of(self, items: &[impl AsRef<str>]) -> String {
        self.list(items, Self::format_list_and)
    }

    /// Any of some items, such as `a, b or c`.
    #[must_use]
    pub fn any_of(self, items: &[impl AsRef<str>]) -> String {
        self.list(items, Self::format_list_or)
    }

    /// The first of some items, such as `a, b and 3 more`.
    #[must_use]
    pub fn some_of(self, items: &[impl AsRef<str>], shown: usize) -> String {
        let hidden = items.len().saturating_sub(shown);
        match items.get(..shown) {
            Some(first @ [_, ..]) if hidden > 0 => {
                let first: Vec<&str> = first.iter().map(AsRef::as_ref).collect();
                let first = first.join(self.format_list_separator());
                self.format_list_more(&self.before_word(first), hidden)
            }
            _ => self.all_of(items),
        }
    }

    /// Several sentences, one after the other.
    #[must_use]
    pub fn sentences(self, sentences: &[impl AsRef<str>]) -> String {
        let sentences: Vec<&str> = sentences.iter().map(AsRef::as_ref).collect();
        sentences.join(self.format_sentence_separator())
    }

    /// The first of some names, each in quotation marks, such as `“a”, “b” and 3 more`.
    #[must_use]
    pub fn quoted_list(self, names: &[impl AsRef<str>]) -> String {
        let quoted: Vec<String> = names.iter().map(|name| self.quoted(name.as_ref())).collect();
        self.some_of(&quoted, LISTED_NAMES)
    }

    fn list(self, items: &[impl AsRef<str>], join: fn(Self, &str, &str) -> String) -> String {
        let items: Vec<&str> = items.iter().map(AsRef::as_ref).collect();
        match &items[..] {
            [] => String::new(),
            [only] => only.to_string(),
            [first @ .., last] => {
                let first = first.join(self.format_list_separator());
                let space = if self.needs_space(last.chars().next()) { " " } else { "" };
                join(self, &self.before_word(first), &format!("{space}{last}"))
            }
        }
    }

    /// The items before a word such as `和`.
    fn before_word(self, mut items: String) -> String {
        if self.needs_space(items.chars().last()) {
            items.push(' ');
        }
        items
    }

    /// Whether a space separates the end of an item from a Chinese word. English has its spaces in the texts.
    fn needs_space(self, end: Option<char>) -> bool {
        self.language() == Language::SimplifiedChinese
            && end.is_some_and(|end| end.is_ascii_alphanumeric())
    }
}

/// Sets the thousands of a number's whole part apart.
fn grouped(number: &str) -> String {
    let (sign, digits) = number.strip_prefix('-').map_or(("", number), |digits| ("-", digits));
    let (whole, fraction) = digits.split_at(digits.find('.').unwrap_or(digits.len()));
    let mut text = String::from(sign);
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text + fraction
}

/// Three digits or so, with zeros at the end.
fn significant(number: f64) -> String {
    let digits = if number == 0.0 { 0 } else { number.abs().log10().floor() as i32 };
    format!("{number:.*}", (2 - digits).clamp(0, 9) as usize)
}

/// Rounded to three digits.
fn three_digits(number: f64) -> f64 {
    if number == 0.0 {
        return number;
    }
    let unit = 10_f64.powi(number.abs().log10().floor() as i32 - 2);
    (number / unit).round() * unit
}

/// Without the zeros at the end of a fraction.
fn trimmed(number: &str) -> String {
    let end = if number.contains('.') { &['0'][..] } else { &[] };
    number.trim_end_matches(end).trim_end_matches('.').into()
}

fn infinite(number: f64) -> String {
    match number {
        f64::INFINITY => "∞".into(),
        f64::NEG_INFINITY => "-∞".into(),
        _ => "NaN".into(),
    }
}

fn unbroken(text: &str) -> String {
    text.replace(' ', NO_BREAK)
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHINESE: Texts = Texts::new(Language::SimplifiedChinese);

    /// Both languages, with ordinary spaces.
    fn both(write: impl Fn(Texts) -> String) -> [String; 2] {
        [Texts::ENGLISH, CHINESE].map(|texts| write(texts).replace(NO_BREAK, " "))
    }

    #[test]
    fn thousands_are_apart() {
        for (number, expected) in [(7, "7"), (1_234, "1,234"), (11_200_000_u32, "11,200,000")] {
            assert_eq!(both(|texts| texts.count(number)), [expected; 2]);
        }
        assert_eq!(both(|texts| texts.decimal(-1234.5, 2)), ["-1,234.50"; 2]);
        assert_eq!(both(|texts| texts.decimal(f64::NAN, 2)), ["NaN"; 2]);
        assert_eq!(both(|texts| texts.decimal(f64::NEG_INFINITY, 2)), ["-∞"; 2]);
    }

    #[test]
    fn large_numbers_are_counted_in_the_languages_units() {
        for (number, expected) in [
            (0, ["0", "0"]),
            (9_999, ["9,999", "1 万"]),
            (8_123, ["8,123", "8,123"]),
            (11_176_512, ["11.2 million", "1120 万"]),
            (25_557_032, ["25.6 million", "2560 万"]),
            (999_950_000, ["1 billion", "10 亿"]),
            (4_110_000_000_u64, ["4.11 billion", "41.1 亿"]),
        ] {
            assert_eq!(both(|texts| texts.large_count(number)), expected, "{number}");
        }
    }

    #[test]
    fn measured_numbers_have_three_digits() {
        for (number, expected) in [
            (0.0, "0.00"),
            (0.01234, "0.0123"),
            (1.234, "1.23"),
            (-56.78, "-56.8"),
            (12345.6, "12,346"),
        ] {
            assert_eq!(both(|texts| texts.significant(number)), [expected; 2]);
        }
        for (number, expected) in [(3.0, "3"), (123_456.0, "123,456"), (0.5, "0.500")] {
            assert_eq!(both(|texts| texts.number(number)), [expected; 2]);
        }
    }

    #[test]
    fn rates_have_the_digits_they_need() {
        for (rate, expected) in [
            (0.02, "0.02"),
            (0.01, "0.01"),
            (0.00075, "0.00075"),
            (2.5e-6, "2.5e-6"),
            (1e300, "1.0e300"),
            (0.0, "0"),
            (100.0, "100"),
        ] {
            assert_eq!(both(|texts| texts.rate(rate)), [expected; 2]);
        }
    }

    #[test]
    fn percents_do_not_claim_all_or_nothing() {
        for (share, expected) in [
            (0.969, "96.9%"),
            (1.0, "100%"),
            (0.9999, "99.9%"),
            (0.0001, "0.1%"),
            (0.0, "0%"),
            (0.5, "50%"),
            (f64::NAN, "NaN"),
        ] {
            assert_eq!(both(|texts| texts.percent(share)), [expected; 2]);
        }
        for (share, expected) in [(0.98, "98%"), (0.999, ">99%"), (0.001, "<1%"), (1.0, "100%")] {
            assert_eq!(both(|texts| texts.probability(share)), [expected; 2]);
        }
    }

    #[test]
    fn sizes_have_their_units() {
        for (bytes, expected) in [
            (1, ["1 byte", "1 字节"]),
            (999, ["999 bytes", "999 字节"]),
            (12_345, ["12 KB", "12 KB"]),
            (999_999, ["999 KB", "999 KB"]),
            (22_588_568, ["22.6 MB", "22.6 MB"]),
            (1_500_000_000, ["1.5 GB", "1.5 GB"]),
        ] {
            assert_eq!(both(|texts| texts.file_size(bytes)), expected);
        }
        assert_eq!(both(|texts| texts.image_size(64_u32, 48_u32)), ["64 × 48 px", "64 × 48 像素"]);
    }

    #[test]
    fn times_are_as_rough_as_they_are_known() {
        for (seconds, expected) in [
            (2.0, ["a few seconds", "几秒"]),
            (33.0, ["about 35 s", "约 35 秒"]),
            (58.0, ["about 1 min", "约 1 分钟"]),
            (130.0, ["about 2 min", "约 2 分钟"]),
            (3540.0, ["about 59 min", "约 59 分钟"]),
            (3600.0, ["about 1 h", "约 1 小时"]),
            (5000.0, ["about 1 h 20 min", "约 1 小时 20 分钟"]),
            (90_000.0, ["about 25 h", "约 25 小时"]),
        ] {
            assert_eq!(both(|texts| texts.about(seconds)), expected, "{seconds}");
        }
        for (seconds, expected) in [
            (0.2, ["0 s", "0 秒"]),
            (125.0, ["2 min 5 s", "2 分钟 5 秒"]),
            (120.0, ["2 min", "2 分钟"]),
            (3599.6, ["1 h", "1 小时"]),
            (3790.0, ["1 h 3 min", "1 小时 3 分钟"]),
        ] {
            assert_eq!(both(|texts| texts.duration(seconds)), expected, "{seconds}");
        }
        for (seconds, expected) in [
            (0.0001, ["<1 ms", "<1 毫秒"]),
            (0.0123, ["12 ms", "12 毫秒"]),
            (0.9999, ["1.0 s", "1.0 秒"]),
            (1.44, ["1.4 s", "1.4 秒"]),
        ] {
            assert_eq!(both(|texts| texts.measured(seconds)), expected, "{seconds}");
        }
        assert_eq!(both(|texts| texts.speed(4.25)), ["4.2 images/s", "4.2 张/秒"]);
        assert_eq!(both(|texts| texts.speed(1234.4)), ["1,234 images/s", "1,234 张/秒"]);
    }

    #[test]
    fn numbers_stay_with_their_units() {
        assert_eq!(Texts::ENGLISH.about(130.0), "about 2\u{a0}min");
    }

    #[test]
    fn lists_are_joined() {
        let items = ["a", "b", "c"];
        assert_eq!(both(|texts| texts.all_of(&items)), ["a, b and c", "a、b 和 c"]);
        assert_eq!(both(|texts| texts.any_of(&items)), ["a, b or c", "a、b 或 c"]);
        assert_eq!(both(|texts| texts.all_of(&items[..1])), ["a"; 2]);
        assert_eq!(both(|texts| texts.all_of(&items[..0])), [""; 2]);
        assert_eq!(both(|texts| texts.some_of(&items, 2)), ["a, b and 1 more", "a、b 及另外 1 个"]);
        assert_eq!(both(|texts| texts.some_of(&items, 3)), ["a, b and c", "a、b 和 c"]);
        assert_eq!(both(|texts| texts.quoted("a")), ["“a”"; 2]);
        assert_eq!(both(|texts| texts.quoted_list(&items)), ["“a”, “b” and “c”", "“a”、“b”和“c”"]);
        assert_eq!(CHINESE.all_of(&["猫", "狗"]), "猫和狗");
        assert_eq!(CHINESE.any_of(&["猫", "b"]), "猫或 b");
        assert_eq!(CHINESE.some_of(&["a", "狗", "c"], 2), "a、狗及另外 1 个");
    }
}
