//! Reads comma-separated values (RFC 4180) of spreadsheets and scripts.
//!
//! This module exists for its error messages: every record has the number of its first line, also after CRLF and blank
//! lines, and an unclosed quote is an error instead of a cell up to the end of the file.

use std::iter::Peekable;
use std::str::Chars;

use serde::{Deserialize, Serialize};
use tunelab_l10n::{Localize, Texts, display_in_english};

/// The delimiters between two cells. Of equally frequent ones, the first is used.
const DELIMITERS: [char; 3] = [',', ';', '\t'];

/// Why text is not comma-separated values. Lines are counted from 1.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum CsvError {
    /// A quote is opened in this line and never closed.
    UnclosedQuote { line: usize },
    /// There is text between a closing quote and the next delimiter.
    TextAfterQuote { line: usize },
}

impl Localize for CsvError {
    fn localize(&self, texts: Texts) -> String {
        match self {
            Self::UnclosedQuote { line } => texts.error_csv_unclosed_quote(*line),
            Self::TextAfterQuote { line } => texts.error_csv_text_after_quote(*line),
        }
    }
}

display_in_english!(CsvError);

/// The cells of one record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// The line it begins in, counted from 1.
    pub line: usize,
    /// At least one cell. Spaces around unquoted text are kept.
    pub cells: Vec<String>,
}

/// The records of a text, the header among them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Csv {
    /// A comma, a semicolon or a tab.
    pub delimiter: char,
    pub records: Vec<Record>,
}

/// Reads all records of `text`.
///
/// The delimiter is given by a first line `sep=;`, as Excel writes it, or else it is the one of comma,
/// semicolon and tab that is most frequent in the first record. Records that begin with `#` are skipped for
/// this, since they may be comments. A byte order mark and blank lines are ignored. Lines end with LF, CRLF
/// or CR; within quotes each becomes LF. Spaces around a quoted cell are ignored, and a quote in the middle
/// of an unquoted cell is an ordinary character.
///
/// # Errors
/// A quote is never closed, or is followed by text.
pub fn read(text: &str) -> Result<Csv, CsvError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let (declared, line, text) = match declared_delimiter(text) {
        Some((delimiter, rest)) => (Some(delimiter), 2, rest),
        None => (None, 1, text),
    };
    let delimiter = declared.unwrap_or_else(|| most_frequent_delimiter(text));
    let mut reader = Reader { rest: text.chars().peekable(), line, delimiter };
    let mut records = Vec::new();
    while reader.rest.peek().is_some() {
        let record = reader.record()?;
        let is_blank = matches!(record.cells.as_slice(), [cell] if cell.trim().is_empty());
        if !is_blank {
            records.push(record);
        }
    }
    Ok(Csv { delimiter, records })
}

/// The delimiter in a first line `sep=;` or `"sep=;"`, and the text after that line.
fn declared_delimiter(text: &str) -> Option<(char, &str)> {
    let end = text.find(['\r', '\n'])?;
    let (line, rest) = text.split_at(end);
    let line = line.trim_matches([' ', '"']);
    let (key, value) = line.split_at_checked("sep=".len())?;
    let delimiter = value.chars().next().filter(|value| DELIMITERS.contains(value))?;
    let rest = rest.strip_prefix("\r\n").unwrap_or_else(|| &rest[1..]);
    key.eq_ignore_ascii_case("sep=").then_some((delimiter, rest))
}

/// The most frequent delimiter in the first record, outside quotes.
fn most_frequent_delimiter(text: &str) -> char {
    let is_record = |line: &&str| !matches!(line.trim_start().chars().next(), None | Some('#'));
    let lines = text.split(['\r', '\n']);
    let comments: usize =
        lines.take_while(|line| !is_record(line)).map(|line| line.len() + 1).sum();
    // If all lines begin with `#`, the first may be a header.
    let text = text.get(comments..).filter(|rest| !rest.is_empty()).unwrap_or(text);
    let mut counts = [0; DELIMITERS.len()];
    let mut quoted = false;
    for c in text.trim_start_matches([' ', '\r', '\n']).chars() {
        match c {
            '"' => quoted = !quoted,
            '\r' | '\n' if !quoted => break,
            _ if !quoted => {
                for (count, _) in counts.iter_mut().zip(DELIMITERS).filter(|(_, one)| *one == c) {
                    *count += 1;
                }
            }
            _ => {}
        }
    }
    let mut best = 0;
    for candidate in 1..counts.len() {
        if counts[candidate] > counts[best] {
            best = candidate;
        }
    }
    DELIMITERS[best]
}

/// The remaining text, and the line it begins in.
struct Reader<'a> {
    rest: Peekable<Chars<'a>>,
    line: usize,
    delimiter: char,
}

impl Reader<'_> {
    /// Reads the cells up to the end of a line or of the text.
    fn record(&mut self) -> Result<Record, CsvError> {
        let mut record = Record { line: self.line, cells: Vec::new() };
        loop {
            let (cell, end) = self.cell()?;
            record.cells.push(cell);
            if end != Some(self.delimiter) {
                return Ok(record);
            }
        }
    }

    /// Reads one cell. Also returns what ended it: a delimiter, a line end, or the end of the text (`None`).
    fn cell(&mut self) -> Result<(String, Option<char>), CsvError> {
        let mut text = String::new();
        let mut closed = false;
        while let Some(c) = self.next() {
            if c == self.delimiter || c == '\n' {
                return Ok((text, Some(c)));
            } else if closed {
                if !c.is_whitespace() {
                    return Err(CsvError::TextAfterQuote { line: self.line });
                }
            } else if c == '"' && text.trim().is_empty() {
                text = self.quoted()?;
                closed = true;
            } else {
                text.push(c);
            }
        }
        Ok((text, None))
    }

    /// Reads up to the closing quote, which is consumed too.
    fn quoted(&mut self) -> Result<String, CsvError> {
        let opened = self.line;
        let mut text = String::new();
        while let Some(c) = self.next() {
            if c == '"' && self.rest.next_if_eq(&'"').is_none() {
                return Ok(text);
            }
            text.push(c);
        }
        Err(CsvError::UnclosedQuote { line: opened })
    }

    /// Reads the next character; LF for every kind of line end.
    fn next(&mut self) -> Option<char> {
        let mut c = self.rest.next()?;
        if c == '\r' {
            self.rest.next_if_eq(&'\n');
            c = '\n';
        }
        self.line += usize::from(c == '\n');
        Some(c)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn cells(text: &str) -> Vec<Vec<String>> {
        read(text).unwrap().records.into_iter().map(|record| record.cells).collect()
    }

    #[test]
    fn quoted_cells_may_contain_delimiters_line_ends_and_quotes() {
        let text = "file,note\n\"a,b.png\",\"two\r\nlines\"\nc.png,\"say \"\"hi\"\"\"\n";
        assert_eq!(
            cells(text),
            [vec!["file", "note"], vec!["a,b.png", "two\nlines"], vec!["c.png", "say \"hi\""]]
        );
        assert_eq!(cells("a, \"b,c\" ,d\n"), [["a", "b,c", "d"]], "spaces around quotes");
        assert_eq!(cells("a,5\" disk\n"), [["a", "5\" disk"]], "a quote inside a cell");
    }

    #[test]
    fn every_line_end_ends_a_record_and_the_last_is_optional() {
        let expected = [["a", "b"], ["c", "d"]];
        for text in ["a,b\nc,d", "a,b\r\nc,d\r\n", "a,b\rc,d\r", "\u{feff}a,b\n\n \nc,d\n\n"] {
            assert_eq!(cells(text), expected, "{text:?}");
        }
        assert_eq!(cells(",\n,"), [["", ""], ["", ""]]);
        assert!(cells("").is_empty() && cells("\r\n\n").is_empty());
    }

    #[test]
    fn records_have_their_first_line() {
        for line_end in ["\n", "\r\n", "\r"] {
            let text = "a,b\n\n\"x\ny\",d\n\ne,f".replace('\n', line_end);
            let lines: Vec<usize> =
                read(&text).unwrap().records.iter().map(|record| record.line).collect();
            assert_eq!(lines, [1, 3, 6], "{line_end:?}");
        }
    }

    #[test]
    fn the_delimiter_is_detected_in_the_header() {
        for (text, delimiter) in [
            ("a,b;c\n1;2;3;4", ','),
            ("a;b;\"x,y,z\"", ';'),
            ("a\tb,c\td", '\t'),
            ("\n\na;b\n,,,,", ';'),
            ("alone", ','),
            ("", ','),
            ("# by me, for you\n\n#\na;b", ';'),
            ("#a;b", ';'),
        ] {
            assert_eq!(read(text).unwrap().delimiter, delimiter, "{text:?}");
        }
    }

    #[test]
    fn the_first_line_may_declare_the_delimiter() {
        for text in ["sep=;\na;b,c\n", "\u{feff}SEP=;\r\na;b,c", "\"sep=;\"\ra;b,c"] {
            let csv = read(text).unwrap();
            assert_eq!(csv.delimiter, ';', "{text:?}");
            assert_eq!(csv.records, [Record { line: 2, cells: vec!["a".into(), "b,c".into()] }]);
        }
        assert_eq!(read("sep=\t\na\tb").unwrap().delimiter, '\t');
        for text in ["sep=x,b\n1,2", "sep=;", "separator\n1", "sé=\n1"] {
            assert_eq!(read(text).unwrap().records[0].line, 1, "{text:?}");
        }
    }

    #[test]
    fn invalid_quotes_are_errors_with_their_line() {
        let open = read("a,b\r\nc,\"d\r\ne,f\r\n");
        assert_eq!(open, Err(CsvError::UnclosedQuote { line: 2 }));
        assert_eq!(read("a,b\n\"c\"d,e"), Err(CsvError::TextAfterQuote { line: 2 }));
        assert_eq!(read("a,b\n\"\" \"c\",e"), Err(CsvError::TextAfterQuote { line: 2 }));
    }

    fn quote(cell: &str) -> String {
        format!("\"{}\"", cell.replace('"', "\"\""))
    }

    proptest! {
        #[test]
        fn any_text_is_parsed_or_rejected(text in "(?s)[a,;\"\\r\\n\\t ]{0,40}|.{0,40}") {
            if let Ok(csv) = read(&text) {
                prop_assert!(csv.records.iter().all(|record| !record.cells.is_empty()));
            }
        }

        #[test]
        fn cells_round_trip(
            rows in prop::collection::vec(prop::array::uniform3("(?s)[a,;\"\\n\\t |é]{0,6}"), 0..6),
            delimiter in prop::sample::select(DELIMITERS.to_vec()),
            line_end in prop::sample::select(vec!["\n", "\r\n", "\r"]),
        ) {
            let mut text = ["a", "b", "c"].join(&delimiter.to_string()) + line_end;
            for row in &rows {
                let quoted = row.each_ref().map(|cell| quote(cell));
                text += &(quoted.join(&delimiter.to_string()) + line_end);
            }
            let csv = read(&text).unwrap();
            prop_assert_eq!(csv.delimiter, delimiter);
            let found: Vec<_> = csv.records.into_iter().skip(1).map(|record| record.cells).collect();
            prop_assert_eq!(found, rows.iter().map(|row| row.to_vec()).collect::<Vec<_>>());
        }
    }
}
