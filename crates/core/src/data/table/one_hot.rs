//! One-hot columns: one column per class, of which exactly one is 1 in each row.

use super::task_column::TaskColumn;
use crate::data::task::{Target, Task};

/// With fewer rows, columns may look one-hot by chance.
const MIN_ROWS: usize = 4;
/// Names for the task, in order of preference.
const TASK_NAMES: [&str; 3] = ["class", "label", "kind"];

/// One-hot columns and their task.
pub(super) struct OneHot {
    /// Indices of the columns, ascending.
    pub places: Vec<usize>,
    pub task: Task,
    pub targets: Vec<Target>,
}

impl OneHot {
    /// Finds all columns that are only set or not set, if exactly one of them is set in each row.
    pub fn find(columns: &[TaskColumn<'_>]) -> Option<Self> {
        let flags =
            columns.iter().enumerate().map(|(place, column)| Some((place, column.flags()?)));
        let mut flags: Vec<(usize, Vec<bool>)> = flags.flatten().collect();
        let name = |place: usize| columns[place].header.name.as_str();
        flags.sort_by(|(a, _), (b, _)| name(*a).cmp(name(*b)));
        let rows = flags.first().map_or(0, |(_, first)| first.len());
        if flags.len() < 2 || rows < MIN_ROWS {
            return None;
        }
        let class_of = |row: usize| {
            let mut set = flags.iter().enumerate().filter(|(_, (_, flags))| flags[row]);
            let (class, _) = set.next()?;
            set.next().is_none().then_some(Target::Class(class))
        };
        let targets: Vec<Target> = (0..rows).map(class_of).collect::<Option<_>>()?;
        let is_free = |name: &&&str| columns.iter().all(|column| column.header.name != **name);
        let task = TASK_NAMES.iter().find(is_free)?;
        let classes = flags.iter().map(|(place, _)| name(*place).to_owned()).collect();
        let mut places: Vec<usize> = flags.into_iter().map(|(place, _)| place).collect();
        places.sort_unstable();
        Some(Self { places, task: Task::class(*task, classes), targets })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::table::column_header::ColumnHeader;

    fn find(columns: &[(&str, [&'static str; 4])]) -> Option<OneHot> {
        let headers: Vec<ColumnHeader> =
            columns.iter().map(|(name, _)| ColumnHeader::parse(name)).collect();
        let columns = columns.iter().zip(&headers).map(|((_, cells), header)| {
            let cells = cells.iter().enumerate().map(|(row, cell)| (row + 2, *cell)).collect();
            TaskColumn { header, cells, decimal_comma: false }
        });
        OneHot::find(&columns.collect::<Vec<_>>())
    }

    #[test]
    fn columns_with_one_set_in_each_row_are_one_task() {
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
        let with_kind = ("cat:number", ["0", "1", "1", "0"]);
        assert!(find(&[dog, cat, both]).is_none() && find(&[dog, neither]).is_none());
        assert!(find(&[dog, unknown]).is_none() && find(&[dog, with_kind]).is_none());
        assert!(find(&[dog]).is_none() && find(&[]).is_none());
        let taken = find(&[("class", cat.1), dog]).unwrap();
        assert_eq!(taken.task.name, "label");
    }
}
