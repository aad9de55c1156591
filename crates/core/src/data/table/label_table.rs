//! A parsed table: the headers and the cells of its columns.

use super::column_header::ColumnHeader;
use super::error::TableError;
use super::path_form::file_name;
use super::text_encoding::decode;
use crate::data::csv::{self, Record};
use crate::data::listed_file::has_image_extension;

/// The columns of a table, not yet interpreted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LabelTable {
    pub(super) columns: Vec<TableColumn>,
    /// The line in which each row begins, counted from 1.
    pub(super) lines: Vec<usize>,
    /// The line of the header.
    pub(super) header_line: usize,
}

/// A column of a [`LabelTable`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct TableColumn {
    pub header: ColumnHeader,
    /// One per row, without surrounding spaces.
    pub cells: Vec<String>,
    /// Whether numbers may have a decimal comma.
    pub decimal_comma: bool,
}

impl LabelTable {
    /// Reads a table. Spaces around values, empty rows and comments that begin with `#` are ignored.
    ///
    /// # Errors
    /// When it is not Unicode text, its quotes do not match, it has no header, only one column or no rows, or a
    /// row has too few or too many cells.
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
        // R writes no header above the names of its rows.
        let is_from_r = records.iter().all(|record| record.cells.len() == names.len() + 1)
            && records
                .iter()
                .any(|record| record.cells.last().is_some_and(|cell| !cell.is_empty()))
            && is_counter(records.iter().filter_map(|record| record.cells.first()));
        if is_from_r {
            names.insert(0, String::new());
        }
        // Spreadsheets often write empty columns after the last used one.
        let last_used = |cells: &[String]| cells.iter().rposition(|cell| !cell.is_empty());
        let width = last_used(&names).map_or(0, |last| last + 1);
        names.truncate(width);
        records.retain(|record| !(is_comment(record) && record.cells.len() != width));
        if width < 2 {
            return Err(TableError::NoTask);
        }
        if records.is_empty() {
            return Err(TableError::NoRows);
        }
        for Record { line, cells } in &records {
            let (line, found, expected) = (*line, cells.len(), width);
            if let Some(missing) = names.get(found) {
                let column = ColumnHeader::parse(missing).name;
                return Err(TableError::TooFewCells { line, found, expected, column });
            }
            if last_used(cells).is_some_and(|last| last >= width) {
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
            let header = ColumnHeader::parse(unquoted(name).unwrap_or(name));
            let decimal_comma = match csv.delimiter {
                ';' => true,
                // A comma may also separate thousands here.
                '\t' => !cells.iter().any(|cell| has_thousands(cell)),
                _ => false,
            };
            TableColumn { header, cells, decimal_comma }
        };
        let columns = names.iter().zip(columns).map(column).collect();
        Ok(Self { columns, lines, header_line: line })
    }

    /// The cells of each column. Those of one column name the images.
    pub fn cells(&self) -> impl Iterator<Item = &[String]> {
        self.columns.iter().map(|column| column.cells.as_slice())
    }
}

impl TableColumn {
    /// Whether the column numbers the rows from 0 or from 1.
    pub fn is_counter(&self) -> bool {
        is_counter(self.cells.iter())
    }

    pub fn is_empty(&self) -> bool {
        self.cells.iter().all(String::is_empty)
    }
}

/// Removes the header and the comments before it from the records, and returns the header.
fn take_header(records: &mut Vec<Record>) -> Result<Record, TableError> {
    let comments = records.iter().take_while(|record| is_comment(record)).count();
    let names_an_image =
        |record: &Record| record.cells.iter().any(|cell| has_image_extension(cell));
    let is_commented =
        match (comments.checked_sub(1).map(|last| &records[last]), records.get(comments)) {
            // `# file,class` above rows, or above nothing.
            (Some(last), Some(first)) => {
                last.cells.len() == first.cells.len() && names_an_image(first)
            }
            (last, None) => last.is_some(),
            (None, Some(_)) => false,
        };
    let place = comments - usize::from(is_commented);
    if place >= records.len() {
        return Err(TableError::Empty);
    }
    let mut header = records.drain(..=place).next_back().ok_or(TableError::Empty)?;
    if is_commented && let Some(first) = header.cells.first_mut() {
        *first = first.trim_start_matches(['#', ' ']).to_owned();
    }
    match header.cells.iter().find(|cell| has_image_extension(file_name(cell))) {
        Some(file) => Err(TableError::NoHeader { line: header.line, file: file.clone() }),
        None => Ok(header),
    }
}

fn is_comment(record: &Record) -> bool {
    record.cells.first().is_some_and(|cell| cell.starts_with('#'))
}

/// Whether cells are 0, 1, 2, ... or 1, 2, 3, ...
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

/// The text in single quotes, which some scripts write instead of double ones.
fn unquoted(cell: &str) -> Option<&str> {
    cell.strip_prefix('\'')?.strip_suffix('\'').map(str::trim)
}

/// The cells without single quotes, if all of them have some.
fn without_single_quotes(cells: Vec<String>) -> Vec<String> {
    let inner: Option<Vec<&str>> =
        cells.iter().map(|cell| if cell.is_empty() { Some("") } else { unquoted(cell) }).collect();
    match inner {
        Some(inner) => inner.into_iter().map(str::to_owned).collect(),
        None => cells,
    }
}

/// Whether a comma in a number may separate thousands: `1,234`.
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
        let table = LabelTable::parse(text.as_bytes()).unwrap();
        table.columns.into_iter().map(|column| (column.header.name, column.cells)).collect()
    }

    fn column(name: &str, cells: &[&str]) -> (String, Vec<String>) {
        (name.to_owned(), cells.iter().map(|cell| (*cell).to_owned()).collect())
    }

    #[test]
    fn leftovers_of_spreadsheets_and_scripts_are_ignored() {
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
    fn row_names_of_r_need_no_header() {
        let of_r = "\"file\",\"n\"\n\"1\",\"a.jpg\",5\n\"2\",\"b.jpg\",6\n";
        let expected = [
            column("", &["1", "2"]),
            column("file", &["a.jpg", "b.jpg"]),
            column("n", &["5", "6"]),
        ];
        assert_eq!(columns(of_r), expected);
        let broken = "file,n\na.jpg,1,x\nb.jpg,2,y";
        let error = TableError::TooManyCells { line: 2, found: 3, expected: 2 };
        assert_eq!(LabelTable::parse(broken.as_bytes()), Err(error));
    }

    #[test]
    fn a_table_with_tabs_may_have_decimal_commas() {
        for (text, expected) in [
            ("f;n\na;1,500", true),
            ("f\tn\na\t1,5", true),
            ("f\tn\na\t0,500", true),
            ("f\tn\na\t1,500", false),
            ("f,n\na,1.5", false),
        ] {
            let table = LabelTable::parse(text.as_bytes()).unwrap();
            assert_eq!(table.columns[1].decimal_comma, expected, "{text:?}");
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
