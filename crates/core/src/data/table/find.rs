//! Which of many files is a table.

use super::TableError;
use crate::data::folder::is_clutter;

/// Extensions of tables, in lower case.
const EXTENSIONS: [&str; 2] = ["csv", "tsv"];

/// Whether a file is a table by its name.
pub fn is_table(path: &str) -> bool {
    path.rsplit_once('.').is_some_and(|(_, extension)| {
        EXTENSIONS.iter().any(|known| extension.eq_ignore_ascii_case(known))
    })
}

/// The only table among `paths`, by its index; `None` where there is none. Hidden files do not count.
///
/// # Errors
/// There are several.
pub fn only_table(paths: &[String]) -> Result<Option<usize>, TableError> {
    let is_one = |&index: &usize| is_table(&paths[index]) && !is_clutter(&paths[index]);
    let tables: Vec<usize> = (0..paths.len()).filter(is_one).collect();
    match tables[..] {
        [] => Ok(None),
        [table] => Ok(Some(table)),
        _ => {
            let tables = tables.iter().map(|&index| paths[index].clone()).collect();
            Err(TableError::SeveralTables { tables })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(paths: &[&str]) -> Vec<String> {
        paths.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn one_table_is_found_and_several_are_refused() {
        assert_eq!(only_table(&paths(&["a/1.jpg", "a/.labels.csv"])), Ok(None));
        assert_eq!(only_table(&paths(&["a/1.jpg", "a/Labels.CSV"])), Ok(Some(1)));
        let error = only_table(&paths(&["train.tsv", "val.csv"])).unwrap_err().to_string();
        assert!(error.contains("`train.tsv`, `val.csv`"), "{error}");
    }
}
