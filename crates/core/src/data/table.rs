//! Reads a label table: which pictures have which class, labels and numbers.
//!
//! ```text
//! file,breed,age,tags
//! img/1.jpg,pug,3.5,indoor|puppy
//! img/2.jpg,husky,,
//! ```
//!
//! The first line names the columns. One column names the pictures' files: the one whose cells do so, however
//! it is called and wherever it stands ([`roles`]); how a name is looked for says [`matching`]. Columns that
//! number the rows, say nothing or name the pictures once more are left out; one that says `train` and `val`
//! divides the pictures. Each other column is a task, and what it holds decides the task's kind:
//!
//! | values | kind | empty cell |
//! | --- | --- | --- |
//! | any of them with a `|` | labels, separated by it | none of the labels |
//! | 0 and 1; few whole numbers below a name such as `label` | a class | unknown |
//! | other numbers | a number | unknown |
//! | anything else | a class | unknown |
//!
//! The kind can be written after the name instead: `tags:labels`, `age:number`, `digit:class`. Where it is in
//! doubt whether whole numbers are numbers or classes, a notice tells how they are taken. Where at least nine
//! in ten values are numbers, the others are errors. Numbers have a decimal point; in a table whose delimiter
//! is a semicolon or a tab, a decimal comma will do. Words such as `NaN` say that nothing is known.

mod column;
mod error;
pub mod find;
mod heading;
mod matching;
mod one_hot;
mod plan;
mod roles;
mod sheet;
pub mod summary;
#[cfg(test)]
mod tests;
mod text;

pub use error::TableError;
pub use matching::normalize;
pub use plan::{DescribedPicture, TablePlan};
pub use sheet::Sheet;
