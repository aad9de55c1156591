//! Label tables: the class, labels and numbers of each image.
//!
//! ```text
//! file,breed,age,tags
//! img/1.jpg,pug,3.5,indoor|puppy
//! img/2.jpg,husky,,
//! ```
//!
//! The first line is the header. The column of file names is recognized by its cells, whatever its name and position
//! ([`column_roles`]); [`image_matching`] finds the file of a cell. Row numbers, empty columns and further columns of
//! file names are ignored; a column of `train` and `val` assigns the images to splits. Every other column is a task,
//! whose kind depends on its values:
//!
//! | values | kind | empty cell |
//! | --- | --- | --- |
//! | any with a `|` | labels, separated by it | none of the labels |
//! | 0 and 1; few whole numbers in a column with a name such as `label` | a class | unknown |
//! | other numbers | a number | unknown |
//! | anything else | a class | unknown |
//!
//! The kind can be given after the name instead: `tags:labels`, `age:number`, `digit:class`. A warning says how
//! whole numbers were read if they may be either numbers or classes. If at least nine in ten values are
//! numbers, the others are errors. Numbers have a decimal point; in a table whose delimiter is a semicolon or
//! a tab, a decimal comma is allowed. Words such as `NaN` stand for unknown values.

mod after_reading;
mod column_header;
mod column_roles;
pub(super) mod error;
mod image_matching;
mod label_table;
mod one_hot;
mod path_form;
mod plan;
pub mod summary;
mod task_column;
#[cfg(test)]
mod tests;
mod text_encoding;

pub use error::TableError;
pub use label_table::LabelTable;
pub use path_form::normalize_path;
pub use plan::{LabeledImage, TablePlan};

use super::listed_file::is_system_file;

/// Extensions of tables, in lowercase.
const TABLE_EXTENSIONS: [&str; 2] = ["csv", "tsv"];

/// Whether a file is a table, by its extension.
pub fn is_table(path: &str) -> bool {
    path.rsplit_once('.').is_some_and(|(_, extension)| {
        TABLE_EXTENSIONS.iter().any(|known| extension.eq_ignore_ascii_case(known))
    })
}

/// The index of the only table among `paths`; `None` without one. System files are ignored.
///
/// # Errors
/// There are several tables.
pub fn find_table(paths: &[String]) -> Result<Option<usize>, TableError> {
    let is_candidate = |&index: &usize| is_table(&paths[index]) && !is_system_file(&paths[index]);
    let tables: Vec<usize> = (0..paths.len()).filter(is_candidate).collect();
    match tables[..] {
        [] => Ok(None),
        [table] => Ok(Some(table)),
        _ => {
            let tables = tables.iter().map(|&index| paths[index].clone()).collect();
            Err(TableError::SeveralTables { tables })
        }
    }
}
