//! A table as it is written: its columns' headings, and below each the cells of its rows.

use super::heading::Heading;
use super::text::decode;
use super::{TableError, matching};
use crate::data::csv::{self, Record};
use crate::data::folder::is_picture;

/// The cells of a table of which it is not known yet what they mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    pub(super) columns: Vec<SheetColumn>,
    /// The line in which each row begins.
    pub(super) lines: Vec<usize>,
    /// The line of the headings.
    pub(super) header_line: usize,
}

/// A column of a [`Sheet`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SheetColumn {
    pub heading: Heading,
    /// One a row, without spaces around.
    pub cells: Vec<String>,
    /// Whether numbers may be written with a comma for the decimal point.
    pub decimal_comma: bool,
}

impl Sheet {
    /// Reads a table. Spaces around values and rows without any value do not count, and neither do lines that
    /// begin with `#`.
    ///
    /// # Errors
    /// It is no Unicode text, or its quotes do not pair; it has no header, nothing but one column, or no rows;
    /// a row has too few or too many cells.
    pub fn parse(bytes: &[u8]) -> Result<Self, TableError> {
        let csv = csv::read(&decode(bytes)?)?;
        let mut records = csv.records;
        for cell in records.iter_mut().flat_map(|record| &mut record.cells) {
            *cell = cell.trim().to_owned();
        }
        records.retain(|record| record.cells.iter().any(|cell| !cell.is_empty()));
        let header = take_header(&mut records)?;
        let line = header.line;
        let mut names = header.cells;
        // R writes no name above the names of its rows.
        let is_r = records.iter().all(|record| record.cells.len() == names.len() + 1)
            && records
                .iter()
                .any(|record| record.cells.last().is_some_and(|cell| !cell.is_empty()))
            && is_counter(records.iter().filter_map(|record| record.cells.first()));
        if is_r {
            names.insert(0, String::new());
        }
        // Spreadsheets like to write empty columns after the last used one.
        let used = |cells: &[String]| cells.iter().rposition(|cell| !cell.is_empty());
        let width = used(&names).map_or(0, |last| last + 1);
        names.truncate(width);
        records.retain(|record| !(is_remark(record) && record.cells.len() != width));
        if width < 2 {
            return Err(TableError::NoTask);
        }
        if records.is_empty() {
            return Err(TableError::NoRows);
        }
        for Record { line, cells } in &records {
            let (line, found, expected) = (*line, cells.len(), width);
            if let Some(missing) = names.get(found) {
                let column = Heading::parse(missing).name;
                return Err(TableError::TooFewCells { line, found, expected, column });
            }
            if used(cells).is_some_and(|last| last >= width) {
                return Err(TableError::TooManyCells { line, found, expected });
            }
        }
        let lines = records.iter().map(|record| record.line).collect();
        let mut columns: Vec<Vec<String>> = vec![Vec::with_capacity(records.len()); width];
        for record in records {
            columns.iter_mut().zip(record.cells).for_each(|(column, cell)| column.push(cell));
        }
        let column = |(name, cells): (&String, Vec<String>)| {
            let cells = without_single_quotes(cells);
            let heading = Heading::parse(unquoted(name).unwrap_or(name));
            let decimal_comma = match csv.delimiter {
                ';' => true,
                // Here a comma may also part thousands.
                '\t' => !cells.iter().any(|cell| has_thousands(cell)),
                _ => false,
            };
            SheetColumn { heading, cells, decimal_comma }
        };
        let columns = names.iter().zip(columns).map(column).collect();
        Ok(Self { columns, lines, header_line: line })
    }

    /// The cells of each column, among which those of one name the pictures.
    pub fn cells(&self) -> impl Iterator<Item = &[String]> {
        self.columns.iter().map(|column| column.cells.as_slice())
    }
}

impl SheetColumn {
    /// Whether the column numbers its rows, from 0 or from 1 on.
    pub fn is_counter(&self) -> bool {
        is_counter(self.cells.iter())
    }

    pub fn is_empty(&self) -> bool {
        self.cells.iter().all(String::is_empty)
    }
}

/// Takes the header off the records, and the remarks before it.
fn take_header(records: &mut Vec<Record>) -> Result<Record, TableError> {
    let remarks = records.iter().take_while(|record| is_remark(record)).count();
    let names_a_picture = |record: &Record| record.cells.iter().any(|cell| is_picture(cell));
    let is_header = match (remarks.checked_sub(1).map(|last| &records[last]), records.get(remarks))
    {
        // `# file,class` above rows, or above nothing.
        (Some(last), Some(first)) => {
            last.cells.len() == first.cells.len() && names_a_picture(first)
        }
        (last, None) => last.is_some(),
        (None, Some(_)) => false,
    };
    let place = remarks - usize::from(is_header);
    if place >= records.len() {
        return Err(TableError::Empty);
    }
    let mut header = records.drain(..=place).next_back().ok_or(TableError::Empty)?;
    if is_header && let Some(first) = header.cells.first_mut() {
        *first = first.trim_start_matches(['#', ' ']).to_owned();
    }
    match header.cells.iter().find(|cell| is_picture(matching::last_part(cell))) {
        Some(file) => Err(TableError::NoHeader { line: header.line, file: file.clone() }),
        None => Ok(header),
    }
}

fn is_remark(record: &Record) -> bool {
    record.cells.first().is_some_and(|cell| cell.starts_with('#'))
}

/// Whether these are 0, 1, 2, ... or 1, 2, 3, ...
fn is_counter<'a>(cells: impl Iterator<Item = &'a String>) -> bool {
    let mut first = None;
    let mut cells = cells.enumerate().peekable();
    cells.peek().is_some()
        && cells.all(|(row, cell)| match cell.parse::<usize>() {
            Ok(number) if number >= row => {
                let offset = number - row;
                offset == *first.get_or_insert(offset) && offset <= 1
            }
            _ => false,
        })
}

/// The text within single quotes, which scripts write for double ones.
fn unquoted(cell: &str) -> Option<&str> {
    cell.strip_prefix('\'')?.strip_suffix('\'').map(str::trim)
}

/// The cells without their single quotes, where all have some.
fn without_single_quotes(cells: Vec<String>) -> Vec<String> {
    let inner: Option<Vec<&str>> =
        cells.iter().map(|cell| if cell.is_empty() { Some("") } else { unquoted(cell) }).collect();
    match inner {
        Some(inner) => inner.into_iter().map(str::to_owned).collect(),
        None => cells,
    }
}

/// Whether a comma in a number may part thousands: `1,234`.
fn has_thousands(cell: &str) -> bool {
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let mut parts = cell.trim_start_matches(['-', '+']).split(',');
    let first = parts.next().unwrap_or_default();
    let mut groups = parts.peekable();
    digits(first)
        && first.len() <= 3
        && first != "0"
        && groups.peek().is_some()
        && groups.all(|group| group.len() == 3 && digits(group))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns(text: &str) -> Vec<(String, Vec<String>)> {
        let sheet = Sheet::parse(text.as_bytes()).unwrap();
        sheet.columns.into_iter().map(|column| (column.heading.name, column.cells)).collect()
    }

    fn column(name: &str, cells: &[&str]) -> (String, Vec<String>) {
        (name.to_owned(), cells.iter().map(|cell| (*cell).to_owned()).collect())
    }

    #[test]
    fn what_spreadsheets_and_scripts_leave_is_passed_over() {
        let expected = [column("file", &["a.jpg", "b.jpg"]), column("n", &["1", "2"])];
        for text in [
            "file,n\na.jpg,1\nb.jpg,2\n",
            "file;n;;\r\n;;;\r\na.jpg; 1 ;;\r\nb.jpg;2;;\r\n;;;\r\n",
            "sep=;\nfile;n\na.jpg;1\nb.jpg;2",
            "# made by a tool, in May\n#\nfile,n\na.jpg,1\n# the next, is blurred, sadly\nb.jpg,2\n",
            "# file,n\na.jpg,1\nb.jpg,2\n",
            "'file','n'\n'a.jpg',1\n'b.jpg',2\n",
            "\"file\"\t\"n\"\n\"a.jpg\"\t1\nb.jpg\t2\n",
            "file;n\na.jpg;1;\nb.jpg;2;\n",
        ] {
            assert_eq!(columns(text), expected, "{text:?}");
        }
        assert_eq!(columns("file,n\n#1.jpg,1")[0].1, ["#1.jpg"]);
    }

    #[test]
    fn rows_may_have_names_that_the_header_lacks() {
        let of_r = "\"file\",\"n\"\n\"1\",\"a.jpg\",5\n\"2\",\"b.jpg\",6\n";
        let expected = [
            column("", &["1", "2"]),
            column("file", &["a.jpg", "b.jpg"]),
            column("n", &["5", "6"]),
        ];
        assert_eq!(columns(of_r), expected);
        let broken = "file,n\na.jpg,1,x\nb.jpg,2,y";
        let error = TableError::TooManyCells { line: 2, found: 3, expected: 2 };
        assert_eq!(Sheet::parse(broken.as_bytes()), Err(error));
    }

    #[test]
    fn a_tab_may_stand_beside_a_decimal_comma() {
        for (text, expected) in [
            ("f;n\na;1,500", true),
            ("f\tn\na\t1,5", true),
            ("f\tn\na\t0,500", true),
            ("f\tn\na\t1,500", false),
            ("f,n\na,1.5", false),
        ] {
            let sheet = Sheet::parse(text.as_bytes()).unwrap();
            assert_eq!(sheet.columns[1].decimal_comma, expected, "{text:?}");
        }
    }

    #[test]
    fn counters_begin_at_0_or_1() {
        let is = |cells: &[&str]| is_counter(column("", cells).1.iter());
        assert!(is(&["0", "1", "2"]) && is(&["1", "2"]) && is(&["0"]));
        assert!(!is(&["2", "3"]) && !is(&["0", "2"]) && !is(&["1", "0"]) && !is(&["a"]));
        assert!(!is(&[]) && !is(&["0", "1", ""]));
    }
}
