//! Several columns that are one: a column for each class, with a 1 in just one of them.

use super::column::Column;
use crate::data::task::{Target, Task};

/// Rows from which on this is no chance.
const ENOUGH_ROWS: usize = 4;
/// What the column may be called.
const NAMES: [&str; 3] = ["class", "label", "kind"];

/// The places of the columns that are one, and the task that they are together.
pub(super) struct OneHot {
    pub places: Vec<usize>,
    pub task: Task,
    pub targets: Vec<Target>,
}

impl OneHot {
    /// Finds all those among `columns` that say only yes or no, if just one of them says yes in each row.
    pub fn find(columns: &[Column<'_>]) -> Option<Self> {
        let flags =
            columns.iter().enumerate().map(|(place, column)| Some((place, column.flags()?)));
        let mut flags: Vec<(usize, Vec<bool>)> = flags.flatten().collect();
        let name = |place: usize| columns[place].heading.name.as_str();
        flags.sort_by(|(a, _), (b, _)| name(*a).cmp(name(*b)));
        let rows = flags.first().map_or(0, |(_, first)| first.len());
        if flags.len() < 2 || rows < ENOUGH_ROWS {
            return None;
        }
        let class_of = |row: usize| {
            let mut said = flags.iter().enumerate().filter(|(_, (_, flags))| flags[row]);
            let (class, _) = said.next()?;
            said.next().is_none().then_some(Target::Class(class))
        };
        let targets: Vec<Target> = (0..rows).map(class_of).collect::<Option<_>>()?;
        let is_free = |name: &&&str| columns.iter().all(|column| column.heading.name != **name);
        let task = NAMES.iter().find(is_free)?;
        let classes = flags.iter().map(|(place, _)| name(*place).to_owned()).collect();
        let mut places: Vec<usize> = flags.into_iter().map(|(place, _)| place).collect();
        places.sort_unstable();
        Some(Self { places, task: Task::class(*task, classes), targets })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::table::heading::Heading;

    fn find(columns: &[(&str, [&'static str; 4])]) -> Option<OneHot> {
        let headings: Vec<Heading> = columns.iter().map(|(name, _)| Heading::parse(name)).collect();
        let columns = columns.iter().zip(&headings).map(|((_, cells), heading)| {
            let cells = cells.iter().enumerate().map(|(row, cell)| (row + 2, *cell)).collect();
            Column { heading, cells, decimal_comma: false }
        });
        OneHot::find(&columns.collect::<Vec<_>>())
    }

    #[test]
    fn columns_of_one_yes_a_row_are_one() {
        let age = ("age", ["3", "1", "4", "1"]);
        let (dog, cat) = (("dog", ["1", "0", "0", "1.0"]), ("cat", ["0", "1.0", "1", "0"]));
        let found = find(&[dog, age, cat]).unwrap();
        assert_eq!(found.places, [0, 2]);
        assert_eq!(found.task, Task::class("class", vec!["cat".into(), "dog".into()]));
        let classes = [1, 0, 0, 1].map(Target::Class);
        assert_eq!(found.targets, classes);

        let both = ("wet", ["True", "False", "False", "True"]);
        let neither = ("cat", ["0", "0", "1", "0"]);
        let unknown = ("cat", ["0", "", "1", "0"]);
        let said = ("cat:number", ["0", "1", "1", "0"]);
        assert!(find(&[dog, cat, both]).is_none() && find(&[dog, neither]).is_none());
        assert!(find(&[dog, unknown]).is_none() && find(&[dog, said]).is_none());
        assert!(find(&[dog]).is_none() && find(&[]).is_none());
        let taken = find(&[("class", cat.1), dog]).unwrap();
        assert_eq!(taken.task.name, "label");
    }
}
