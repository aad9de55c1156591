//! Which of many files are the pictures that a table describes.

use super::{LabelTable, TableError};
use crate::data::dataset::Skipped;
use crate::data::folder::{is_clutter, is_picture};
use crate::order::sort_by;

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

/// Pictures with their rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pairs {
    /// Of each pair the index among the paths and that of the row, in the order of the rows.
    pub pictures: Vec<(usize, usize)>,
    /// Files without a row, rows without a file.
    pub skipped: Vec<Skipped>,
}

impl LabelTable {
    /// Finds the row of each picture among `paths`, which are relative to the folder that was chosen and
    /// separated by `/`. Where several files could be a row's, it is the one in the fewest folders.
    ///
    /// # Errors
    /// There are no pictures, or none that has a row.
    pub fn pair(&self, paths: &[String]) -> Result<Pairs, TableError> {
        let mut files: Vec<usize> = (0..paths.len())
            .filter(|&index| !is_clutter(&paths[index]) && !is_table(&paths[index]))
            .collect();
        let folders = |index: usize| paths[index].matches('/').count();
        sort_by(&mut files, |&a, &b| (folders(a), &paths[a]).cmp(&(folders(b), &paths[b])));
        if !files.iter().any(|&index| is_picture(&paths[index])) {
            return Err(TableError::NoPictures);
        }
        let mut found: Vec<Option<usize>> = vec![None; self.rows.len()];
        let mut skipped = Vec::new();
        for index in files {
            let path = &paths[index];
            let reason = match self.position(path) {
                _ if !is_picture(path) => "it is not a picture by its name".to_owned(),
                None => "the table has no row for it".to_owned(),
                Some(row) => match found[row] {
                    None => {
                        found[row] = Some(index);
                        continue;
                    }
                    Some(other) => format!("its row in the table is that of `{}`", paths[other]),
                },
            };
            skipped.push(Skipped { name: path.clone(), reason });
        }
        let mut pictures = Vec::new();
        for (row, found) in found.into_iter().enumerate() {
            match found {
                Some(index) => pictures.push((index, row)),
                None => skipped.push(Skipped {
                    name: self.rows[row].file.clone(),
                    reason: "the table names it, but there is no such picture".to_owned(),
                }),
            }
        }
        if pictures.is_empty() {
            let file = self.rows.first().map(|row| row.file.clone()).unwrap_or_default();
            return Err(TableError::OtherPictures { file });
        }
        Ok(Pairs { pictures, skipped })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(paths: &[&str]) -> Vec<String> {
        paths.iter().map(ToString::to_string).collect()
    }

    fn table(text: &str) -> LabelTable {
        LabelTable::parse(text.as_bytes()).unwrap()
    }

    #[test]
    fn one_table_is_found_and_several_are_refused() {
        assert_eq!(only_table(&paths(&["a/1.jpg", "a/.labels.csv"])), Ok(None));
        assert_eq!(only_table(&paths(&["a/1.jpg", "a/Labels.CSV"])), Ok(Some(1)));
        let error = only_table(&paths(&["train.tsv", "val.csv"])).unwrap_err().to_string();
        assert!(error.contains("`train.tsv`, `val.csv`"), "{error}");
    }

    #[test]
    fn pictures_are_in_the_order_of_their_rows() {
        let table = table("file,age\nimg/2.jpg,2\n1.jpg,1\n3.jpg,3\n");
        let files = paths(&[
            "pets/1.jpg",
            "pets/img/2.jpg",
            "pets/labels.csv",
            "pets/notes.txt",
            "pets/img/9.jpg",
            "pets/.hidden.jpg",
        ]);
        let pairs = table.pair(&files).unwrap();
        assert_eq!(pairs.pictures, [(1, 0), (0, 1)]);
        let skipped: Vec<&str> = pairs.skipped.iter().map(|file| file.name.as_str()).collect();
        assert_eq!(skipped, ["pets/notes.txt", "pets/img/9.jpg", "3.jpg"]);
    }

    #[test]
    fn a_row_has_one_picture_that_of_the_fewest_folders() {
        let table = table("file,age\n1.jpg,1\n2.jpg,2\n");
        let files = paths(&["pets/small/1.jpg", "pets/1.jpg", "pets/2.jpg"]);
        let pairs = table.pair(&files).unwrap();
        assert_eq!(pairs.pictures, [(1, 0), (2, 1)]);
        assert_eq!(pairs.skipped[0].name, "pets/small/1.jpg");
        assert!(pairs.skipped[0].reason.contains("`pets/1.jpg`"));
    }

    #[test]
    fn a_table_of_other_pictures_is_refused() {
        let table = table("file,age\nx.jpg,1\n");
        assert_eq!(table.pair(&paths(&["labels.csv"])), Err(TableError::NoPictures));
        let error = table.pair(&paths(&["labels.csv", "1.jpg"])).unwrap_err();
        assert_eq!(error, TableError::OtherPictures { file: "x.jpg".into() });
    }
}
