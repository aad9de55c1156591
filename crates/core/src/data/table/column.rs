//! What one column of a label table predicts.

use std::collections::{BTreeMap, BTreeSet};

use super::TableError;
use super::heading::{Heading, Kind};
use crate::data::task::{Target, Task, TaskKind};

/// Most classes or labels of a column: more are a sign of free text.
const MOST_CLASSES: usize = 1000;
/// Whole numbers of which there are no more than this are few.
const FEW_NUMBERS: usize = 20;

/// So many classes, each of one picture, are free text.
const FREE_TEXT: usize = 10;

/// The cells below a heading.
pub(super) struct Column<'a> {
    pub heading: &'a Heading,
    /// Line and trimmed text of each row's cell.
    pub cells: Vec<(usize, &'a str)>,
    /// Whether numbers may be written with a comma for the decimal point.
    pub decimal_comma: bool,
}

/// What a column says.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct ReadColumn {
    pub task: Task,
    /// One a row.
    pub targets: Vec<Target>,
    /// Where it holds few whole numbers, and nothing says whether these are numbers or classes.
    pub whole: Option<WholeNumbers>,
    /// A word that stands for nothing known, and how often, where it might be a class.
    pub unknown: Option<(String, usize)>,
}

/// The whole numbers of a column that might be numbers or classes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct WholeNumbers {
    pub as_classes: bool,
    pub lowest: i64,
    pub highest: i64,
}

impl Column<'_> {
    /// The task, and a target for each row.
    pub fn read(&self) -> Result<ReadColumn, TableError> {
        let name = self.heading.name.as_str();
        if self.values().next().is_none() {
            return Err(TableError::NoValues { column: name.to_owned() });
        }
        let (kind, whole) = self.kind();
        let (task, targets) = match kind {
            Kind::Number => (Task::number(name), self.numbers()?),
            Kind::Class => self.classes(whole.is_some())?,
            Kind::Labels => {
                let labels = self.names(self.values().flat_map(split_labels).map(str::to_owned))?;
                if labels.is_empty() {
                    return Err(TableError::NoValues { column: name.to_owned() });
                }
                let target = |cell: &str| {
                    let mut present = vec![false; labels.len()];
                    let cell = if self.is_unknown(cell) { "" } else { cell };
                    for label in split_labels(cell).filter_map(|label| index_of(&labels, label)) {
                        present[label] = true;
                    }
                    Target::Labels(present)
                };
                let targets = self.cells.iter().map(|(_, cell)| target(cell)).collect();
                (Task::labels(name, labels), targets)
            }
        };
        let unknown = if kind == Kind::Class { self.unknown_word() } else { None };
        Ok(ReadColumn { task, targets, whole, unknown })
    }

    /// Yes or no for each row, where the column says nothing else (by 0 and 1, or `False` and `True`) and is of
    /// no kind by its heading.
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
        self.heading.kind.is_none().then(|| self.cells.iter().map(flag).collect())?
    }

    /// Whether each picture has a class of its own, as with addresses, captions and dates.
    pub fn is_free_text(&self, read: &ReadColumn) -> bool {
        let classes = match &read.task.kind {
            TaskKind::Class { classes } => classes.len(),
            _ => return false,
        };
        self.heading.kind.is_none() && classes >= FREE_TEXT && classes == self.values().count()
    }

    fn classes(&self, are_whole: bool) -> Result<(Task, Vec<Target>), TableError> {
        // Where a number is unknown, pandas writes the others as 1.0 and 2.0.
        let drops_zeros = are_whole && !self.values().any(has_leading_zero);
        let name_of = |cell: &str| match self.whole_number(cell) {
            Some(number) if drops_zeros => number.to_string(),
            _ => cell.to_owned(),
        };
        let classes = self.names(self.values().map(name_of))?;
        if let [class] = classes.as_slice() {
            let (column, class) = (self.heading.name.clone(), class.clone());
            return Err(TableError::OneClass { column, class });
        }
        let target = |cell: &str| match self.is_unknown(cell) {
            true => Target::Missing,
            false => index_of(&classes, &name_of(cell)).map_or(Target::Missing, Target::Class),
        };
        let targets = self.cells.iter().map(|(_, cell)| target(cell)).collect();
        Ok((Task::class(&self.heading.name, classes), targets))
    }

    /// The cells in which something is known.
    fn values(&self) -> impl Iterator<Item = &str> + Clone {
        self.cells.iter().map(|(_, cell)| *cell).filter(|cell| !self.is_unknown(cell))
    }

    /// Whether a cell says that nothing is known. A column that is said to have classes or labels may have
    /// one of most such names.
    fn is_unknown(&self, cell: &str) -> bool {
        let is_said = matches!(self.heading.kind, Some(Kind::Class | Kind::Labels));
        match cell {
            "" | "nan" | "NaN" | "<NA>" | "#N/A" | "NaT" => true,
            "NAN" | "NA" | "N/A" | "n/a" | "null" | "NULL" | "Null" | "None" | "-" | "?" => {
                !is_said
            }
            _ => false,
        }
    }

    /// The word that most often says that nothing is known although it might be a class.
    fn unknown_word(&self) -> Option<(String, usize)> {
        let mut words: BTreeMap<&str, usize> = BTreeMap::new();
        let unknown = self.cells.iter().map(|(_, cell)| *cell).filter(|cell| self.is_unknown(cell));
        let is_word = |cell: &&str| cell.chars().any(char::is_alphabetic);
        for word in unknown.filter(is_word).filter(|word| !word.eq_ignore_ascii_case("nan")) {
            *words.entry(word).or_default() += 1;
        }
        let most = words.into_iter().max_by_key(|(_, count)| *count);
        most.map(|(word, count)| (word.to_owned(), count))
    }

    /// What the heading says, or else the values look like; with the whole numbers, where these might be of
    /// another kind.
    fn kind(&self) -> (Kind, Option<WholeNumbers>) {
        if let Some(kind) = self.heading.kind {
            return (kind, None);
        }
        if self.values().any(|value| value.contains('|')) {
            return (Kind::Labels, None);
        }
        let (mut numbers, mut values) = (0, 0);
        for value in self.values() {
            values += 1;
            numbers += usize::from(self.number(value).is_some());
        }
        // A number mistyped here and there should not make all the others names of classes: taken for
        // numbers, the column gives an error that shows it.
        if numbers * 10 < values * 9 {
            return (Kind::Class, None);
        }
        let whole: Option<BTreeSet<i64>> =
            self.values().map(|cell| self.whole_number(cell)).collect();
        let Some(whole) = whole else { return (Kind::Number, None) };
        let (Some(&lowest), Some(&highest)) = (whole.first(), whole.last()) else {
            return (Kind::Number, None);
        };
        // `007` is a code, not a number.
        let as_classes = self.are_classes(&whole) || self.values().any(has_leading_zero);
        let is_doubtful =
            as_classes || (2..=FEW_NUMBERS).contains(&whole.len()) && values >= 2 * whole.len();
        let told = is_doubtful.then_some(WholeNumbers { as_classes, lowest, highest });
        (if as_classes { Kind::Class } else { Kind::Number }, told)
    }

    /// Whether whole numbers are classes: 0 and 1 are. Others are where the column's name says so, if they are
    /// few or count up from 0 or 1.
    fn are_classes(&self, numbers: &BTreeSet<i64>) -> bool {
        let counts_up = numbers.first().is_some_and(|first| (0..=1).contains(first))
            && numbers.last().zip(numbers.first()).is_some_and(|(last, first)| {
                usize::try_from(last - first).is_ok_and(|span| span + 1 == numbers.len())
            });
        let is_flag = numbers.len() == 2 && numbers.iter().eq(&[0, 1]);
        let are_few = numbers.len() <= FEW_NUMBERS || (counts_up && numbers.len() <= MOST_CLASSES);
        is_flag || (self.heading.means_class() && are_few)
    }

    fn numbers(&self) -> Result<Vec<Target>, TableError> {
        let mut values = self.values();
        if self.heading.kind.is_none()
            && let Some(first) = values.next()
            && values.clone().count() > 0
            && values.all(|value| value == first)
        {
            let (column, class) = (self.heading.name.clone(), first.to_owned());
            return Err(TableError::OneClass { column, class });
        }
        let target = |&(line, cell): &(usize, &str)| {
            if self.is_unknown(cell) {
                return Ok(Target::Missing);
            }
            self.number(cell).map(Target::Number).ok_or_else(|| TableError::NotANumber {
                line,
                column: self.heading.name.clone(),
                cell: cell.to_owned(),
            })
        };
        self.cells.iter().map(target).collect()
    }

    /// The finite number that `cell` says; not `inf`, `nan` or the like.
    fn number(&self, cell: &str) -> Option<f64> {
        let is_number = |c: char| c.is_ascii_digit() || matches!(c, '.' | '+' | '-' | 'e' | 'E');
        let parse = |cell: &str| {
            let number = cell.chars().all(is_number).then(|| cell.parse::<f64>().ok());
            number.flatten().filter(|number| number.is_finite())
        };
        if self.decimal_comma { parse(&cell.replacen(',', ".", 1)) } else { parse(cell) }
    }

    /// The whole number that `cell` says, also as `1.0`.
    fn whole_number(&self, cell: &str) -> Option<i64> {
        let number = self.number(cell)?;
        (number.fract() == 0.0 && number.abs() < 1e15).then_some(number as i64)
    }

    /// All different `names`, sorted by code points, as folders of classes are ("10" before "2").
    fn names(&self, names: impl Iterator<Item = String>) -> Result<Vec<String>, TableError> {
        let names: BTreeSet<String> = names.collect();
        if names.len() > MOST_CLASSES {
            return Err(TableError::TooManyClasses {
                column: self.heading.name.clone(),
                found: names.len(),
                most: MOST_CLASSES,
            });
        }
        Ok(names.into_iter().collect())
    }
}

/// Whether a number has a zero before its other digits, as codes such as `007` do.
fn has_leading_zero(cell: &str) -> bool {
    let mut digits = cell.trim_start_matches(['-', '+']).bytes();
    digits.next() == Some(b'0') && digits.next().is_some_and(|next| next.is_ascii_digit())
}

/// The labels of a cell: `puppy|indoor`. Spaces around them and empty ones do not count.
fn split_labels(cell: &str) -> impl Iterator<Item = &str> {
    cell.split('|').map(str::trim).filter(|label| !label.is_empty())
}

/// Where `name` is in sorted `names`.
fn index_of(names: &[String], name: &str) -> Option<usize> {
    names.binary_search_by(|other| other.as_str().cmp(name)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::task::TaskKind;

    fn read_all(heading: &str, cells: &[&'static str]) -> Result<ReadColumn, TableError> {
        let cells = cells.iter().enumerate().map(|(row, cell)| (row + 2, *cell)).collect();
        Column { heading: &Heading::parse(heading), cells, decimal_comma: false }.read()
    }

    fn read(heading: &str, cells: &[&'static str]) -> Result<(Task, Vec<Target>), TableError> {
        read_all(heading, cells).map(|read| (read.task, read.targets))
    }

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| name.to_string()).collect()
    }

    #[test]
    fn names_are_classes_in_sorted_order() {
        let (task, targets) = read("breed", &["pug", "", "Husky", "pug", "2"]).unwrap();
        assert_eq!(task, Task::class("breed", names(&["2", "Husky", "pug"])));
        use Target::{Class, Missing};
        assert_eq!(targets, [Class(2), Missing, Class(1), Class(2), Class(0)]);
    }

    #[test]
    fn a_bar_makes_labels_and_an_empty_cell_is_none_of_them() {
        let expected = Task::labels("tags", names(&["b", "c"]));
        let (task, targets) = read("tags", &["c | b", "b", "", "|c||c", "|"]).unwrap();
        assert_eq!(task, expected);
        let present = [[true, true], [true, false], [false, false], [false, true], [false, false]];
        assert_eq!(targets, present.map(|labels| Target::Labels(labels.to_vec())));
        let (task, targets) = read("tags:labels", &["b", "", "c"]).unwrap();
        assert_eq!((task, &targets[1]), (expected, &Target::Labels(vec![false, false])));
        let (_, targets) = read("tags", &["c|b", "nan"]).unwrap();
        assert_eq!(targets[1], Target::Labels(vec![false, false]));
    }

    #[test]
    fn numbers_are_a_number_unless_the_heading_says_otherwise() {
        let cells = ["1", "0", "", "10", "+1e0"];
        let (task, targets) = read("digit", &cells).unwrap();
        assert_eq!(task, Task::number("digit"));
        use Target::{Missing, Number};
        assert_eq!(targets, [Number(1.0), Number(0.0), Missing, Number(10.0), Number(1.0)]);
        let (task, _) = read("digit:class", &cells[..4]).unwrap();
        assert_eq!(task.kind, TaskKind::Class { classes: names(&["0", "1", "10"]) });
        let (task, _) = read("digit:labels", &cells[..4]).unwrap();
        assert_eq!(task.kind, TaskKind::Labels { labels: names(&["0", "1", "10"]) });
    }

    #[test]
    fn whole_numbers_are_classes_or_numbers_and_that_is_told() {
        let of = |heading, cells: &[&'static str]| {
            let read = read_all(heading, cells).unwrap();
            let is_class = matches!(read.task.kind, TaskKind::Class { .. });
            let range = read.whole.map(|whole| (whole.lowest, whole.highest));
            assert!(read.whole.is_none_or(|whole| whole.as_classes == is_class));
            (is_class, range)
        };
        let flags = ["0", "1", "0", "1", ""];
        assert_eq!(of("happy", &flags), (true, Some((0, 1))));
        assert_eq!(of("happy:number", &flags), (false, None));
        assert_eq!(of("happy:class", &flags), (true, None));
        // As pandas writes them where some are unknown.
        let (task, targets) = read("Label", &["1.0", "", "0.0", "2.0"]).unwrap();
        assert_eq!(task, Task::class("Label", names(&["0", "1", "2"])));
        assert_eq!(targets[..2], [Target::Class(1), Target::Missing]);

        // Codes, not numbers.
        assert_eq!(of("code", &["001", "010", "001"]), (true, Some((1, 10))));
        let stars = ["1", "5", "3", "1", "5", "3"];
        assert_eq!(of("stars", &stars), (false, Some((1, 5))));
        assert_eq!(of("label", &stars), (true, Some((1, 5))));
        assert_eq!(of("label:number", &stars), (false, None));
        // Not again and again the same: these are measured or counted.
        assert_eq!(of("age", &["1", "2", "3", "4", "5"]), (false, None));
        assert_eq!(of("label", &["0.5", "1", "0.5", "1"]), (false, None));
        let texts: Vec<&'static str> =
            (0..60).map(|i| &*Box::leak((i / 2).to_string().into_boxed_str())).collect();
        assert_eq!(of("label", &texts), (true, Some((0, 29))));
        assert_eq!(of("age", &texts), (false, None));
        assert_eq!(of("target", &texts[8..]), (false, None), "neither few nor from 0 on");
        // Codes keep their zeros.
        let (task, _) = read("class", &["007", "010", "007"]).unwrap();
        assert_eq!(task, Task::class("class", names(&["007", "010"])));
    }

    #[test]
    fn what_is_not_a_number_is_named_with_its_line() {
        for cell in ["young", "inf", "1e999", "0x10", "1,5", "1 000", "e"] {
            let error = read("age:number", &["1", cell]).unwrap_err();
            let column = "age".to_owned();
            let expected = TableError::NotANumber { line: 3, column, cell: cell.to_owned() };
            assert_eq!(error, expected);
        }
        // One among many without a kind in the heading is a mistake, a few names among few are names.
        let mistyped = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "l0"];
        let error = read("age", &mistyped).unwrap_err();
        assert!(matches!(error, TableError::NotANumber { line: 11, .. }), "{error:?}");
        assert!(read("age:class", &mistyped).is_ok());
        assert!(matches!(read("age", &mistyped[5..]).unwrap().0.kind, TaskKind::Class { .. }));
    }

    #[test]
    fn words_for_unknown_are_no_values() {
        for word in ["nan", "NaN", "NA", "N/A", "null", "None", "-", "?", "<NA>", "#N/A"] {
            let (task, targets) = read("age", &["1.5", word, "2"]).unwrap();
            assert_eq!((task, &targets[1]), (Task::number("age"), &Target::Missing), "{word}");
            let (task, targets) = read("breed", &["pug", word, "husky"]).unwrap();
            assert_eq!(task, Task::class("breed", names(&["husky", "pug"])), "{word}");
            assert_eq!(targets[1], Target::Missing, "{word}");
        }
        // These may be classes, so it is told, and a heading makes them some.
        let continents = ["NA", "EU", "AS", "NA"];
        let read = read_all("continent", &continents).unwrap();
        assert_eq!(read.unknown, Some(("NA".to_owned(), 2)));
        let read = read_all("continent:class", &continents).unwrap();
        assert_eq!((read.unknown, read.targets[0].clone()), (None, Target::Class(2)));
        assert_eq!(read_all("defect", &["none", "dent", ""]).unwrap().unknown, None);
    }

    #[test]
    fn a_decimal_comma_is_read_where_it_may_be() {
        let heading = Heading::parse("age");
        let cells = vec![(2, "1,5"), (3, "-2"), (4, "1,2,3")];
        let mut column = Column { heading: &heading, cells, decimal_comma: true };
        assert_eq!(column.number("1,5"), Some(1.5));
        assert!(matches!(column.kind(), (Kind::Class, None)));
        column.cells.pop();
        let targets = column.read().unwrap().targets;
        assert_eq!(targets, [Target::Number(1.5), Target::Number(-2.0)]);
    }

    #[test]
    fn columns_nothing_can_be_learned_from_are_refused() {
        let column = || "c".to_owned();
        let none = TableError::NoValues { column: column() };
        for (heading, cell) in [("c", ""), ("c:labels", ""), ("c", "|"), ("c:number", "")] {
            assert_eq!(read(heading, &[cell, cell]), Err(none.clone()), "{heading} {cell:?}");
        }
        let one = TableError::OneClass { column: column(), class: "a".to_owned() };
        assert_eq!(read("c", &["a", "", "a"]), Err(one));
        assert!(read("c:labels", &["a", "", "a"]).is_ok());

        let texts: Vec<&'static str> =
            (0..1001).map(|i| &*Box::leak(format!("text {i}").into_boxed_str())).collect();
        assert!(read("c", &texts[..1000]).is_ok());
        let many = TableError::TooManyClasses { column: column(), found: 1001, most: 1000 };
        assert_eq!(read("c", &texts), Err(many.clone()));
        assert_eq!(read("c:labels", &texts), Err(many));
    }
}
