//! What one column of a label table predicts.

use std::collections::BTreeSet;

use super::TableError;
use crate::data::task::{Target, Task};

/// Most classes or labels of a column: more are a sign of free text.
const MOST_CLASSES: usize = 1000;

/// What a task column's name says.
pub(super) struct Heading {
    pub name: String,
    kind: Option<Kind>,
}

#[derive(Clone, Copy)]
enum Kind {
    Class,
    Labels,
    Number,
}

impl Heading {
    /// Splits a kind off the name: `breed:class`, `tags:labels`, `age:number`. Any other text after a
    /// colon is part of the name.
    pub fn parse(cell: &str) -> Self {
        let cell = cell.trim();
        let (name, kind) = match cell.rsplit_once(':') {
            Some((name, suffix)) => (name, Kind::parse(suffix)),
            None => (cell, None),
        };
        let name = if kind.is_some() { name.trim() } else { cell };
        Self { name: name.to_owned(), kind }
    }
}

impl Kind {
    fn parse(text: &str) -> Option<Self> {
        let is = |name: &str| text.trim().eq_ignore_ascii_case(name);
        if is("class") {
            Some(Self::Class)
        } else if is("labels") {
            Some(Self::Labels)
        } else if is("number") {
            Some(Self::Number)
        } else {
            None
        }
    }
}

/// The cells below a heading.
pub(super) struct Column<'a> {
    pub heading: Heading,
    /// Line and trimmed text of each row's cell.
    pub cells: Vec<(usize, &'a str)>,
    /// Whether numbers may be written with a comma for the decimal point.
    pub decimal_comma: bool,
}

impl Column<'_> {
    /// The task, and a target for each row.
    pub fn read(&self) -> Result<(Task, Vec<Target>), TableError> {
        let name = self.heading.name.as_str();
        if self.values().next().is_none() {
            return Err(TableError::NoValues { column: name.to_owned() });
        }
        match self.kind() {
            Kind::Number => Ok((Task::number(name), self.numbers()?)),
            Kind::Class => {
                let classes = self.names(self.values())?;
                if let [class] = classes.as_slice() {
                    let (column, class) = (name.to_owned(), class.clone());
                    return Err(TableError::OneClass { column, class });
                }
                let target = |cell| index_of(&classes, cell).map_or(Target::Missing, Target::Class);
                let targets = self.cells.iter().map(|(_, cell)| target(cell)).collect();
                Ok((Task::class(name, classes), targets))
            }
            Kind::Labels => {
                let labels = self.names(self.values().flat_map(split_labels))?;
                if labels.is_empty() {
                    return Err(TableError::NoValues { column: name.to_owned() });
                }
                let target = |cell| {
                    let mut present = vec![false; labels.len()];
                    for label in split_labels(cell).filter_map(|label| index_of(&labels, label)) {
                        present[label] = true;
                    }
                    Target::Labels(present)
                };
                let targets = self.cells.iter().map(|(_, cell)| target(cell)).collect();
                Ok((Task::labels(name, labels), targets))
            }
        }
    }

    /// The cells that are not empty.
    fn values(&self) -> impl Iterator<Item = &str> {
        self.cells.iter().map(|(_, cell)| *cell).filter(|cell| !cell.is_empty())
    }

    /// What the heading says, or else the values look like.
    fn kind(&self) -> Kind {
        if let Some(kind) = self.heading.kind {
            return kind;
        }
        if self.values().any(|value| value.contains('|')) {
            return Kind::Labels;
        }
        let (mut numbers, mut values) = (0, 0);
        for value in self.values() {
            values += 1;
            numbers += usize::from(self.number(value).is_some());
        }
        // A number mistyped here and there should not make all the others names of classes: taken for
        // numbers, the column gives an error that shows it.
        if numbers * 10 >= values * 9 { Kind::Number } else { Kind::Class }
    }

    fn numbers(&self) -> Result<Vec<Target>, TableError> {
        let target = |&(line, cell): &(usize, &str)| {
            if cell.is_empty() {
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

    /// All different `names`, sorted by code points, as folders of classes are ("10" before "2").
    fn names<'a>(&self, names: impl Iterator<Item = &'a str>) -> Result<Vec<String>, TableError> {
        let names: BTreeSet<&str> = names.collect();
        if names.len() > MOST_CLASSES {
            return Err(TableError::TooManyClasses {
                column: self.heading.name.clone(),
                found: names.len(),
                most: MOST_CLASSES,
            });
        }
        Ok(names.into_iter().map(str::to_owned).collect())
    }
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

    fn read(heading: &str, cells: &[&'static str]) -> Result<(Task, Vec<Target>), TableError> {
        let cells = cells.iter().enumerate().map(|(row, cell)| (row + 2, *cell)).collect();
        Column { heading: Heading::parse(heading), cells, decimal_comma: false }.read()
    }

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| name.to_string()).collect()
    }

    #[test]
    fn a_heading_may_say_the_kind() {
        for (text, name, kind) in [
            ("age", "age", None),
            (" age : Number ", "age", Some("number")),
            ("shot:at:class", "shot:at", Some("class")),
            ("tags:labels", "tags", Some("labels")),
            ("time:hours", "time:hours", None),
            (":class", "", Some("class")),
        ] {
            let heading = Heading::parse(text);
            let found = heading.kind.map(|kind| match kind {
                Kind::Class => "class",
                Kind::Labels => "labels",
                Kind::Number => "number",
            });
            assert_eq!((heading.name.as_str(), found), (name, kind), "{text:?}");
        }
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
    fn what_is_not_a_number_is_named_with_its_line() {
        for cell in ["young", "nan", "inf", "1e999", "0x10", "1,5", "1 000", "-", "e"] {
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
    fn a_decimal_comma_is_read_where_it_may_be() {
        let heading = Heading::parse("age");
        let cells = vec![(2, "1,5"), (3, "-2"), (4, "1,2,3")];
        let mut column = Column { heading, cells, decimal_comma: true };
        assert_eq!(column.number("1,5"), Some(1.5));
        assert!(matches!(column.kind(), Kind::Class));
        column.cells.pop();
        assert_eq!(column.read().unwrap().1, [Target::Number(1.5), Target::Number(-2.0)]);
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
