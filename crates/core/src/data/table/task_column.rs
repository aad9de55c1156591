//! The task of one column of a label table.

use std::collections::{BTreeMap, BTreeSet};

use super::column_header::{ColumnHeader, ColumnKind};
use super::error::TableError;
use crate::data::task::{Target, Task, TaskKind};

/// Maximum number of classes or labels of a column: more indicate free text.
const MOST_CLASSES: usize = 1000;
/// Maximum number of distinct integers that may be classes.
const FEW_NUMBERS: usize = 20;

/// Minimum number of classes with one image each that indicates free text.
const FREE_TEXT: usize = 10;

/// The cells of a column.
pub(super) struct TaskColumn<'a> {
    pub header: &'a ColumnHeader,
    /// The line and the trimmed text of the cell of each row.
    pub cells: Vec<(usize, &'a str)>,
    /// Whether numbers may have a decimal comma.
    pub decimal_comma: bool,
}

/// The task of a column and its targets.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct ParsedColumn {
    pub task: Task,
    /// One per row.
    pub targets: Vec<Target>,
    /// The range of few whole numbers which may be numbers or classes.
    pub whole_numbers: Option<WholeNumbers>,
    /// A word that was read as a missing value but may be a class, and how often it occurs.
    pub missing_value_word: Option<(String, usize)>,
}

/// The whole numbers of a column that may be numbers or classes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct WholeNumbers {
    pub as_classes: bool,
    pub lowest: i64,
    pub highest: i64,
}

impl TaskColumn<'_> {
    /// Reads the task, and a target for each row.
    pub fn parse(&self) -> Result<ParsedColumn, TableError> {
        let name = self.header.name.as_str();
        if self.values().next().is_none() {
            return Err(TableError::NoValues { column: name.to_owned() });
        }
        let (kind, whole_numbers) = self.kind();
        let (task, targets) = match kind {
            ColumnKind::Number => (Task::number(name), self.numbers()?),
            ColumnKind::Class => self.classes(whole_numbers.is_some())?,
            ColumnKind::Labels => {
                let labels = self.names(self.values().flat_map(split_labels).map(str::to_owned))?;
                if labels.is_empty() {
                    return Err(TableError::NoValues { column: name.to_owned() });
                }
                let target = |cell: &str| {
                    let mut present = vec![false; labels.len()];
                    let cell = if self.is_missing(cell) { "" } else { cell };
                    for label in split_labels(cell).filter_map(|label| index_of(&labels, label)) {
                        present[label] = true;
                    }
                    Target::Labels(present)
                };
                let targets = self.cells.iter().map(|(_, cell)| target(cell)).collect();
                (Task::labels(name, labels), targets)
            }
        };
        let is_class = kind == ColumnKind::Class;
        let missing_value_word = if is_class { self.missing_value_word() } else { None };
        Ok(ParsedColumn { task, targets, whole_numbers, missing_value_word })
    }

    /// Whether each row is set, if the column holds only 0 and 1, or `False` and `True`, and the header does
    /// not give its kind.
    pub fn flags(&self) -> Option<Vec<bool>> {
        let flag = |&(_, cell): &(usize, &str)| match cell {
            "True" | "true" | "TRUE" => Some(true),
            "False" | "false" | "FALSE" => Some(false),
            _ => match self.whole_number(cell)? {
                0 => Some(false),
                1 => Some(true),
                _ => None,
            },
        };
        self.header.kind.is_none().then(|| self.cells.iter().map(flag).collect())?
    }

    /// Whether every image has a class of its own, as with addresses, captions and dates.
    pub fn is_free_text(&self, parsed: &ParsedColumn) -> bool {
        let classes = match &parsed.task.kind {
            TaskKind::Class { classes } => classes.len(),
            _ => return false,
        };
        self.header.kind.is_none() && classes >= FREE_TEXT && classes == self.values().count()
    }

    fn classes(&self, are_whole: bool) -> Result<(Task, Vec<Target>), TableError> {
        // If a number is missing, pandas writes the others as 1.0 and 2.0.
        let drops_zeros = are_whole && !self.values().any(has_leading_zero);
        let name_of = |cell: &str| match self.whole_number(cell) {
            Some(number) if drops_zeros => number.to_string(),
            _ => cell.to_owned(),
        };
        let classes = self.names(self.values().map(name_of))?;
        if let [class] = classes.as_slice() {
            let (column, class) = (self.header.name.clone(), class.clone());
            return Err(TableError::OneClass { column, class });
        }
        let target = |cell: &str| match self.is_missing(cell) {
            true => Target::Missing,
            false => index_of(&classes, &name_of(cell)).map_or(Target::Missing, Target::Class),
        };
        let targets = self.cells.iter().map(|(_, cell)| target(cell)).collect();
        Ok((Task::class(&self.header.name, classes), targets))
    }

    /// The cells that have a value.
    fn values(&self) -> impl Iterator<Item = &str> + Clone {
        self.cells.iter().map(|(_, cell)| *cell).filter(|cell| !self.is_missing(cell))
    }

    /// Whether a cell stands for a missing value. Most of these words may be classes or labels where the
    /// header gives that kind.
    fn is_missing(&self, cell: &str) -> bool {
        let has_names = matches!(self.header.kind, Some(ColumnKind::Class | ColumnKind::Labels));
        match cell {
            "" | "nan" | "NaN" | "<NA>" | "#N/A" | "NaT" => true,
            "NAN" | "NA" | "N/A" | "n/a" | "null" | "NULL" | "Null" | "None" | "-" | "?" => {
                !has_names
            }
            _ => false,
        }
    }

    /// The most frequent word that was read as a missing value although it may be a class.
    fn missing_value_word(&self) -> Option<(String, usize)> {
        let mut words: BTreeMap<&str, usize> = BTreeMap::new();
        let missing = self.cells.iter().map(|(_, cell)| *cell).filter(|cell| self.is_missing(cell));
        let is_word = |cell: &&str| cell.chars().any(char::is_alphabetic);
        for word in missing.filter(is_word).filter(|word| !word.eq_ignore_ascii_case("nan")) {
            *words.entry(word).or_default() += 1;
        }
        let most = words.into_iter().max_by_key(|(_, count)| *count);
        most.map(|(word, count)| (word.to_owned(), count))
    }

    /// The kind that the header gives or else the values suggest, and the whole numbers that may be of
    /// another kind.
    fn kind(&self) -> (ColumnKind, Option<WholeNumbers>) {
        if let Some(kind) = self.header.kind {
            return (kind, None);
        }
        if self.values().any(|value| value.contains('|')) {
            return (ColumnKind::Labels, None);
        }
        let (mut numbers, mut values) = (0, 0);
        for value in self.values() {
            values += 1;
            numbers += usize::from(self.number(value).is_some());
        }
        // A few mistyped numbers should not turn all the others into classes: as a column of numbers, the
        // mistyped ones are errors.
        if numbers * 10 < values * 9 {
            return (ColumnKind::Class, None);
        }
        let whole: Option<BTreeSet<i64>> =
            self.values().map(|cell| self.whole_number(cell)).collect();
        let Some(whole) = whole else { return (ColumnKind::Number, None) };
        let (Some(&lowest), Some(&highest)) = (whole.first(), whole.last()) else {
            return (ColumnKind::Number, None);
        };
        // `007` is a code, not a number.
        let as_classes = self.are_classes(&whole) || self.values().any(has_leading_zero);
        let is_doubtful =
            as_classes || (2..=FEW_NUMBERS).contains(&whole.len()) && values >= 2 * whole.len();
        let whole_numbers = is_doubtful.then_some(WholeNumbers { as_classes, lowest, highest });
        (if as_classes { ColumnKind::Class } else { ColumnKind::Number }, whole_numbers)
    }

    /// Whether whole numbers are classes: 0 and 1 are. Others are if the header suggests it and they are few
    /// or consecutive from 0 or 1.
    fn are_classes(&self, numbers: &BTreeSet<i64>) -> bool {
        let are_consecutive = numbers.first().is_some_and(|first| (0..=1).contains(first))
            && numbers.last().zip(numbers.first()).is_some_and(|(last, first)| {
                usize::try_from(last - first).is_ok_and(|span| span + 1 == numbers.len())
            });
        let is_flag = numbers.len() == 2 && numbers.iter().eq(&[0, 1]);
        let are_few =
            numbers.len() <= FEW_NUMBERS || (are_consecutive && numbers.len() <= MOST_CLASSES);
        is_flag || (self.header.is_class() && are_few)
    }

    fn numbers(&self) -> Result<Vec<Target>, TableError> {
        let mut values = self.values();
        if self.header.kind.is_none()
            && let Some(first) = values.next()
            && values.clone().count() > 0
            && values.all(|value| value == first)
        {
            let (column, class) = (self.header.name.clone(), first.to_owned());
            return Err(TableError::OneClass { column, class });
        }
        let target = |&(line, cell): &(usize, &str)| {
            if self.is_missing(cell) {
                return Ok(Target::Missing);
            }
            self.number(cell).map(Target::Number).ok_or_else(|| TableError::NotANumber {
                line,
                column: self.header.name.clone(),
                cell: cell.to_owned(),
            })
        };
        self.cells.iter().map(target).collect()
    }

    /// The finite number in a cell; `None` for `inf`, `nan` and the like.
    fn number(&self, cell: &str) -> Option<f64> {
        let is_number = |c: char| c.is_ascii_digit() || matches!(c, '.' | '+' | '-' | 'e' | 'E');
        let parse = |cell: &str| {
            let number = cell.chars().all(is_number).then(|| cell.parse::<f64>().ok());
            number.flatten().filter(|number| number.is_finite())
        };
        if self.decimal_comma { parse(&cell.replacen(',', ".", 1)) } else { parse(cell) }
    }

    /// The whole number in a cell, also written as `1.0`.
    fn whole_number(&self, cell: &str) -> Option<i64> {
        let number = self.number(cell)?;
        (number.fract() == 0.0 && number.abs() < 1e15).then_some(number as i64)
    }

    /// The different `names`, sorted by code points like class folders ("10" before "2").
    fn names(&self, names: impl Iterator<Item = String>) -> Result<Vec<String>, TableError> {
        let names: BTreeSet<String> = names.collect();
        if names.len() > MOST_CLASSES {
            return Err(TableError::TooManyClasses {
                column: self.header.name.clone(),
                found: names.len(),
                most: MOST_CLASSES,
            });
        }
        Ok(names.into_iter().collect())
    }
}

/// Whether a number has a zero before its other digits, like the code `007`.
fn has_leading_zero(cell: &str) -> bool {
    let mut digits = cell.trim_start_matches(['-', '+']).bytes();
    digits.next() == Some(b'0') && digits.next().is_some_and(|next| next.is_ascii_digit())
}

/// The labels of a cell such as `puppy|indoor`, without surrounding spaces and empty labels.
fn split_labels(cell: &str) -> impl Iterator<Item = &str> {
    cell.split('|').map(str::trim).filter(|label| !label.is_empty())
}

/// The index of `name` in sorted `names`.
fn index_of(names: &[String], name: &str) -> Option<usize> {
    names.binary_search_by(|other| other.as_str().cmp(name)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::task::TaskKind;

    fn parse_all(header: &str, cells: &[&'static str]) -> Result<ParsedColumn, TableError> {
        let cells = cells.iter().enumerate().map(|(row, cell)| (row + 2, *cell)).collect();
        TaskColumn { header: &ColumnHeader::parse(header), cells, decimal_comma: false }.parse()
    }

    fn parse(header: &str, cells: &[&'static str]) -> Result<(Task, Vec<Target>), TableError> {
        parse_all(header, cells).map(|parsed| (parsed.task, parsed.targets))
    }

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| name.to_string()).collect()
    }

    #[test]
    fn names_are_classes_in_sorted_order() {
        let (task, targets) = parse("breed", &["pug", "", "Husky", "pug", "2"]).unwrap();
        assert_eq!(task, Task::class("breed", names(&["2", "Husky", "pug"])));
        use Target::{Class, Missing};
        assert_eq!(targets, [Class(2), Missing, Class(1), Class(2), Class(0)]);
    }

    #[test]
    fn a_bar_separates_labels_and_an_empty_cell_has_none() {
        let expected = Task::labels("tags", names(&["b", "c"]));
        let (task, targets) = parse("tags", &["c | b", "b", "", "|c||c", "|"]).unwrap();
        assert_eq!(task, expected);
        let present = [[true, true], [true, false], [false, false], [false, true], [false, false]];
        assert_eq!(targets, present.map(|labels| Target::Labels(labels.to_vec())));
        let (task, targets) = parse("tags:labels", &["b", "", "c"]).unwrap();
        assert_eq!((task, &targets[1]), (expected, &Target::Labels(vec![false, false])));
        let (_, targets) = parse("tags", &["c|b", "nan"]).unwrap();
        assert_eq!(targets[1], Target::Labels(vec![false, false]));
    }

    #[test]
    fn numbers_are_a_number_unless_the_header_gives_another_kind() {
        let cells = ["1", "0", "", "10", "+1e0"];
        let (task, targets) = parse("digit", &cells).unwrap();
        assert_eq!(task, Task::number("digit"));
        use Target::{Missing, Number};
        assert_eq!(targets, [Number(1.0), Number(0.0), Missing, Number(10.0), Number(1.0)]);
        let (task, _) = parse("digit:class", &cells[..4]).unwrap();
        assert_eq!(task.kind, TaskKind::Class { classes: names(&["0", "1", "10"]) });
        let (task, _) = parse("digit:labels", &cells[..4]).unwrap();
        assert_eq!(task.kind, TaskKind::Labels { labels: names(&["0", "1", "10"]) });
    }

    #[test]
    fn whole_numbers_are_classes_or_numbers() {
        let of = |header, cells: &[&'static str]| {
            let parsed = parse_all(header, cells).unwrap();
            let is_class = matches!(parsed.task.kind, TaskKind::Class { .. });
            let range = parsed.whole_numbers.map(|whole| (whole.lowest, whole.highest));
            assert!(parsed.whole_numbers.is_none_or(|whole| whole.as_classes == is_class));
            (is_class, range)
        };
        let flags = ["0", "1", "0", "1", ""];
        assert_eq!(of("happy", &flags), (true, Some((0, 1))));
        assert_eq!(of("happy:number", &flags), (false, None));
        assert_eq!(of("happy:class", &flags), (true, None));
        // As pandas writes them where some are unknown.
        let (task, targets) = parse("Label", &["1.0", "", "0.0", "2.0"]).unwrap();
        assert_eq!(task, Task::class("Label", names(&["0", "1", "2"])));
        assert_eq!(targets[..2], [Target::Class(1), Target::Missing]);

        // Codes, not numbers.
        assert_eq!(of("code", &["001", "010", "001"]), (true, Some((1, 10))));
        let stars = ["1", "5", "3", "1", "5", "3"];
        assert_eq!(of("stars", &stars), (false, Some((1, 5))));
        assert_eq!(of("label", &stars), (true, Some((1, 5))));
        assert_eq!(of("label:number", &stars), (false, None));
        // Values that hardly repeat are measured or counted.
        assert_eq!(of("age", &["1", "2", "3", "4", "5"]), (false, None));
        assert_eq!(of("label", &["0.5", "1", "0.5", "1"]), (false, None));
        let texts: Vec<&'static str> =
            (0..60).map(|i| &*Box::leak((i / 2).to_string().into_boxed_str())).collect();
        assert_eq!(of("label", &texts), (true, Some((0, 29))));
        assert_eq!(of("age", &texts), (false, None));
        assert_eq!(of("target", &texts[8..]), (false, None), "neither few nor from 0 on");
        // Codes keep their zeros.
        let (task, _) = parse("class", &["007", "010", "007"]).unwrap();
        assert_eq!(task, Task::class("class", names(&["007", "010"])));
    }

    #[test]
    fn errors_of_numbers_have_a_line() {
        for cell in ["young", "inf", "1e999", "0x10", "1,5", "1 000", "e"] {
            let error = parse("age:number", &["1", cell]).unwrap_err();
            let column = "age".to_owned();
            let expected = TableError::NotANumber { line: 3, column, cell: cell.to_owned() };
            assert_eq!(error, expected);
        }
        // Without a kind in the header, one among many is a mistake, and one among few makes them names.
        let mistyped = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "l0"];
        let error = parse("age", &mistyped).unwrap_err();
        assert!(matches!(error, TableError::NotANumber { line: 11, .. }), "{error:?}");
        assert!(parse("age:class", &mistyped).is_ok());
        assert!(matches!(parse("age", &mistyped[5..]).unwrap().0.kind, TaskKind::Class { .. }));
    }

    #[test]
    fn words_for_missing_values_are_not_values() {
        for word in ["nan", "NaN", "NA", "N/A", "null", "None", "-", "?", "<NA>", "#N/A"] {
            let (task, targets) = parse("age", &["1.5", word, "2"]).unwrap();
            assert_eq!((task, &targets[1]), (Task::number("age"), &Target::Missing), "{word}");
            let (task, targets) = parse("breed", &["pug", word, "husky"]).unwrap();
            assert_eq!(task, Task::class("breed", names(&["husky", "pug"])), "{word}");
            assert_eq!(targets[1], Target::Missing, "{word}");
        }
        // Such a word may be a class, and is one if the header says so.
        let continents = ["NA", "EU", "AS", "NA"];
        let parsed = parse_all("continent", &continents).unwrap();
        assert_eq!(parsed.missing_value_word, Some(("NA".to_owned(), 2)));
        let parsed = parse_all("continent:class", &continents).unwrap();
        assert_eq!((parsed.missing_value_word, &parsed.targets[0]), (None, &Target::Class(2)));
        let parsed = parse_all("defect", &["none", "dent", ""]).unwrap();
        assert_eq!(parsed.missing_value_word, None);
    }

    #[test]
    fn a_decimal_comma_is_parsed_if_allowed() {
        let header = ColumnHeader::parse("age");
        let cells = vec![(2, "1,5"), (3, "-2"), (4, "1,2,3")];
        let mut column = TaskColumn { header: &header, cells, decimal_comma: true };
        assert_eq!(column.number("1,5"), Some(1.5));
        assert!(matches!(column.kind(), (ColumnKind::Class, None)));
        column.cells.pop();
        let targets = column.parse().unwrap().targets;
        assert_eq!(targets, [Target::Number(1.5), Target::Number(-2.0)]);
    }

    #[test]
    fn constant_and_empty_columns_are_rejected() {
        let column = || "c".to_owned();
        let none = TableError::NoValues { column: column() };
        for (header, cell) in [("c", ""), ("c:labels", ""), ("c", "|"), ("c:number", "")] {
            assert_eq!(parse(header, &[cell, cell]), Err(none.clone()), "{header} {cell:?}");
        }
        let one = TableError::OneClass { column: column(), class: "a".to_owned() };
        assert_eq!(parse("c", &["a", "", "a"]), Err(one));
        assert!(parse("c:labels", &["a", "", "a"]).is_ok());

        let texts: Vec<&'static str> =
            (0..1001).map(|i| &*Box::leak(format!("text {i}").into_boxed_str())).collect();
        assert!(parse("c", &texts[..1000]).is_ok());
        let many = TableError::TooManyClasses { column: column(), found: 1001, most: 1000 };
        assert_eq!(parse("c", &texts), Err(many.clone()));
        assert_eq!(parse("c:labels", &texts), Err(many));
    }
}
