//! Finds the image that each cell of a column names.
//!
//! Tables seldom have the exact paths of the files: they have paths of another computer, only file names, or no
//! extensions. So names are compared by increasingly loose [`MatchRule`]s. All rows of a table follow the same convention,
//! so the strictest rule is used that finds at least half as many images as the loosest one; additional matches of
//! looser rules are other files with similar names.

use std::collections::HashMap;

use unicode_normalization::UnicodeNormalization;

use super::path_form::{NameForm, common_components, ends_with, file_name, normalize_path};
use crate::data::listed_file::{ListedFile, is_system_file};

/// A rule for comparing names, ordered from the strictest to the loosest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct MatchRule {
    pub form: NameForm,
    pub scope: PathScope,
}

/// How much of two paths has to agree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum PathScope {
    /// The whole path from the chosen folder or from the folder of the table.
    Full,
    /// One path ends with the other.
    Suffix,
    /// The file names.
    FileName,
}

const FORMS: [NameForm; 4] =
    [NameForm::Exact, NameForm::WithoutExtension, NameForm::AnyCase, NameForm::WithoutZeros];
const SCOPES: [PathScope; 3] = [PathScope::Full, PathScope::Suffix, PathScope::FileName];

/// The images among some files, by their names.
pub(super) struct ImageIndex {
    /// For each form, the images by their file names.
    by_name: [HashMap<String, Vec<ImagePath>>; FORMS.len()],
    /// The other files by their paths.
    others: HashMap<String, usize>,
    /// The folder of the table with a `/` at the end, or an empty text.
    folder: String,
    /// The path of the first image.
    example: String,
}

#[derive(Clone)]
struct ImagePath {
    /// Index into the list of files.
    index: usize,
    path: String,
}

/// The image that each cell of a column names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct ColumnMatches {
    /// The index of a file for each row.
    pub files: Vec<Option<usize>>,
    /// The rule by which each file was found.
    pub rules: Vec<Option<MatchRule>>,
    /// The rule that the column follows.
    pub rule: Option<MatchRule>,
    /// The number of different names with an image.
    pub matched_names: usize,
    /// The number of different names.
    pub distinct_names: usize,
    /// Rows that may name either of two files: the row and the files.
    pub ambiguous: Vec<(usize, usize, usize)>,
    /// Rows that name the same file in different ways: the earlier and the later one.
    pub conflicts: Vec<(usize, usize)>,
}

/// The outcome of looking for one name.
enum Search {
    None,
    One(usize),
    Several(usize, usize),
}

/// What was found for a row, with the indices of rows and files.
enum Match {
    Found { row: usize, file: usize },
    Ambiguous { row: usize, first: usize, second: usize },
    Conflict { first: usize, second: usize },
}

impl ImageIndex {
    /// The images among `files`, for a table at the path `table`. System files are ignored unless `is_named`,
    /// which says whether the table names exactly this path.
    pub fn new(files: &[ListedFile], table: &str, is_named: impl Fn(&str) -> bool) -> Self {
        let mut by_name: [HashMap<String, Vec<ImagePath>>; FORMS.len()] = Default::default();
        let (mut others, mut example) = (HashMap::new(), String::new());
        let is_wanted = |file: &ListedFile| {
            file.path != table && (!is_system_file(&file.path) || is_named(&file.path))
        };
        for (index, file) in files.iter().enumerate().filter(|(_, file)| is_wanted(file)) {
            let path: String = file.path.nfc().collect();
            if !file.is_image() {
                others.insert(path, index);
                continue;
            }
            if example.is_empty() {
                example.clone_from(&path);
            }
            for (names, form) in by_name.iter_mut().zip(FORMS) {
                let path = form.of(&path, true).into_owned();
                let name = file_name(&path).to_owned();
                names.entry(name).or_default().push(ImagePath { index, path });
            }
        }
        let folder = table.rfind('/').map_or("", |end| &table[..=end]).nfc().collect();
        Self { by_name, others, folder, example }
    }

    /// Whether there are no images.
    pub fn is_empty(&self) -> bool {
        self.example.is_empty()
    }

    /// The path of one of the images.
    pub fn example(&self) -> &str {
        &self.example
    }

    /// The file that is not an image at a path from the chosen folder or from the folder of the table.
    pub fn other_file(&self, cell: &str) -> Option<usize> {
        let path = normalize_path(cell);
        let in_folder = self.others.get(&format!("{}{path}", self.folder));
        in_folder.or_else(|| self.others.get(&path)).copied()
    }

    /// Finds the image that each cell names.
    pub fn find(&self, cells: &[String]) -> ColumnMatches {
        let keys: Vec<String> = cells.iter().map(|cell| normalize_path(cell)).collect();
        let mut rows: HashMap<&str, usize> = HashMap::new();
        // The first row of each name that is still without a file, in order.
        let mut open: Vec<usize> = Vec::new();
        for (row, key) in keys.iter().enumerate().filter(|(_, key)| !key.is_empty()) {
            rows.entry(key).or_insert_with(|| {
                open.push(row);
                row
            });
        }
        let distinct_names = open.len();
        let mut owners: HashMap<usize, (usize, MatchRule)> = HashMap::new();
        let mut matches: Vec<(MatchRule, Match)> = Vec::new();
        let mut ambiguous: HashMap<usize, (MatchRule, Match)> = HashMap::new();
        for (names, form) in self.by_name.iter().zip(FORMS) {
            for scope in SCOPES {
                let rule = MatchRule { form, scope };
                open.retain(|&row| {
                    let found = match self.search(names, &keys[row], rule) {
                        Search::None => return true,
                        // They belong to rows that match them by a stricter rule.
                        Search::Several(first, second)
                            if is_owned(&owners, first, rule)
                                && is_owned(&owners, second, rule) =>
                        {
                            return true;
                        }
                        // In another form, more of the path may agree.
                        Search::Several(first, second) => {
                            let found = Match::Ambiguous { row, first, second };
                            ambiguous.entry(row).or_insert((rule, found));
                            return true;
                        }
                        Search::One(file) => match owners.get(&file) {
                            None => {
                                owners.insert(file, (row, rule));
                                Match::Found { row, file }
                            }
                            Some((other, same)) if *same == rule => {
                                Match::Conflict { first: row.min(*other), second: row.max(*other) }
                            }
                            // It belongs to a row that matches it by a stricter rule.
                            Some(_) => return true,
                        },
                    };
                    matches.push((rule, found));
                    false
                });
            }
        }
        matches.extend(open.iter().filter_map(|row| ambiguous.remove(row)));
        let count = |rule: MatchRule| matches.iter().filter(|(by, _)| *by <= rule).count();
        let mut rules = FORMS
            .iter()
            .flat_map(|&form| SCOPES.iter().map(move |&scope| MatchRule { form, scope }));
        let finds_half = |rule: &MatchRule| count(*rule) * 2 >= matches.len();
        let Some(rule) = rules.find(finds_half).filter(|_| !matches.is_empty()) else {
            let (files, rules) = (vec![None; cells.len()], vec![None; cells.len()]);
            return ColumnMatches { files, rules, distinct_names, ..ColumnMatches::default() };
        };
        // The same path with another extension or in another case is the same image.
        let is_accepted = |by: MatchRule, found: &Match| {
            let is_similar = by.scope <= rule.scope && by.form < NameForm::WithoutZeros;
            by <= rule || (is_similar && matches!(found, Match::Found { .. }))
        };
        let mut result =
            ColumnMatches { rule: Some(rule), distinct_names, ..ColumnMatches::default() };
        let mut of_first: HashMap<usize, (usize, MatchRule)> = HashMap::new();
        for (by, found) in matches.into_iter().filter(|(by, found)| is_accepted(*by, found)) {
            result.matched_names += 1;
            match found {
                Match::Found { row, file } => drop(of_first.insert(row, (file, by))),
                Match::Ambiguous { row, first, second } => {
                    result.ambiguous.push((row, first, second));
                }
                Match::Conflict { first, second } => result.conflicts.push((first, second)),
            }
        }
        for key in &keys {
            let found = rows.get(key.as_str()).and_then(|row| of_first.get(row));
            result.files.push(found.map(|(file, _)| *file));
            result.rules.push(found.map(|(_, rule)| *rule));
        }
        result
    }

    /// Looks for the images that match `key` by a rule. Of several, those whose paths have the most
    /// components in common with it count.
    fn search(
        &self,
        names: &HashMap<String, Vec<ImagePath>>,
        key: &str,
        rule: MatchRule,
    ) -> Search {
        let key = rule.form.of(key, false);
        let candidates = names.get(file_name(&key)).map_or(&[][..], Vec::as_slice);
        let folder = rule.form.of(&self.folder, false);
        let from_table =
            |image: &ImagePath| image.path.strip_prefix(&*folder).is_some_and(|rest| rest == key);
        let fits = |image: &ImagePath| match rule.scope {
            PathScope::Full => image.path == *key || from_table(image),
            PathScope::Suffix => {
                ends_with(&image.path, &key)
                    || ends_with(&key, &image.path)
                    || image.path.strip_prefix(&*folder).is_some_and(|rest| ends_with(&key, rest))
            }
            PathScope::FileName => true,
        };
        let mut best: Option<(usize, usize)> = None;
        let mut other = None;
        for image in candidates.iter().filter(|image| fits(image)) {
            // A path from the folder of the table is preferred to the same path from the chosen folder.
            let is_preferred = rule.scope == PathScope::Full && from_table(image);
            let common = 2 * common_components(&image.path, &key) + usize::from(is_preferred);
            match best {
                Some((most, _)) if common < most => {}
                Some((most, file)) if common == most => other = Some((file, image.index)),
                _ => {
                    best = Some((common, image.index));
                    other = None;
                }
            }
        }
        match (best, other) {
            (None, _) => Search::None,
            (Some((_, file)), None) => Search::One(file),
            (Some(_), Some((first, second))) => Search::Several(first, second),
        }
    }
}

/// Whether a file belongs to a row that matches it by a stricter rule.
fn is_owned(owners: &HashMap<usize, (usize, MatchRule)>, file: usize, rule: MatchRule) -> bool {
    owners.get(&file).is_some_and(|(_, by)| *by < rule)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(paths: &[&str]) -> Vec<ListedFile> {
        paths.iter().map(|path| ListedFile { path: (*path).to_owned(), kind: None }).collect()
    }

    fn find_from(table: &str, paths: &[&str], cells: &[&str]) -> ColumnMatches {
        let cells: Vec<String> = cells.iter().map(|cell| (*cell).to_owned()).collect();
        ImageIndex::new(&files(paths), table, |_| false).find(&cells)
    }

    fn find(paths: &[&str], cells: &[&str]) -> ColumnMatches {
        find_from("labels.csv", paths, cells)
    }

    const PETS: [&str; 4] = ["img/cat/1.png", "img/cat/2.png", "img/dog/1.png", "img/dog/2.png"];

    #[test]
    fn names_are_found_in_many_forms() {
        for cells in [
            ["img/cat/1.png", "img/dog/2.png"],
            ["./img/cat/1.png", ".//img/dog/2.png"],
            [r"img\cat\1.png", r".\img\dog\2.png"],
            ["/home/me/pets/img/cat/1.png", "/home/me/pets/img/dog/2.png"],
            [r"C:\Users\me\img\cat\1.png", r"C:\Users\me\img\dog\2.png"],
            ["../pets/img/cat/1.png", "../pets/img/dog/2.png"],
            ["x/../img/cat/1.png", "x/../img/dog/2.png"],
            ["cat/1.png", "dog/2.png"],
            ["old/cat/1.png", "old/dog/2.png"],
            ["img/cat/1", "img/dog/2"],
            ["cat/1.jpg", "dog/2.tif"],
            ["IMG/CAT/1.PNG", "IMG/DOG/2.PNG"],
            ["cat/001.png", "dog/02"],
        ] {
            let found = find(&PETS, &cells);
            assert_eq!(found.files, [Some(0), Some(3)], "{cells:?}");
            assert!(found.ambiguous.is_empty() && found.conflicts.is_empty(), "{cells:?}");
        }
    }

    #[test]
    fn a_path_from_the_folder_of_the_table_is_preferred() {
        let paths = ["pets/1.jpg", "pets/small/1.jpg", "1.jpg"];
        let in_pets = find_from("pets/labels.csv", &paths, &["1.jpg", "small/1.jpg"]);
        assert_eq!(in_pets.files, [Some(0), Some(1)]);
        let beside = find_from("pets/meta/labels.csv", &["pets/img/a.jpg"], &["img/a.jpg"]);
        assert_eq!(beside.files, [Some(0)]);
        let absolute = find_from("pets/labels.csv", &["pets/img/a.jpg"], &["/x/img/a.jpg"]);
        assert_eq!(absolute.files, [Some(0)]);
    }

    #[test]
    fn names_of_several_files_are_ambiguous() {
        let found = find(&PETS, &["1.png", "2.png"]);
        assert_eq!(found.ambiguous, [(0, 0, 2), (1, 1, 3)]);
        assert_eq!(found.matched_names, 2);
        assert_eq!(find(&["a.jpg", "a.png"], &["a"]).ambiguous, [(0, 0, 1)]);
        // Only one of the two is written like this.
        assert_eq!(find(&["a.jpg", "A.jpg"], &["A.png"]).files, [Some(1)]);
    }

    #[test]
    fn rows_of_one_file_conflict_unless_they_name_it_alike() {
        let both = find(&["1.jpg"], &["x/1.jpg", "y/1.jpg"]);
        assert_eq!(both.conflicts, [(0, 1)]);
        let same = find(&["1.jpg"], &["1.jpg", "./1.jpg"]);
        assert_eq!((same.files.as_slice(), same.conflicts.len()), (&[Some(0), Some(0)][..], 0));
    }

    /// Rows whose files are missing are not matched with similar names.
    #[test]
    fn missing_files_are_not_matched_with_similar_names() {
        let paths: Vec<String> = (0..20).map(|number| format!("cat/{number}.png")).collect();
        let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
        let cells: Vec<&str> = paths[..19].iter().copied().chain(["dog/19.png"]).collect();
        let found = find(&paths, &cells);
        assert_eq!((found.files[18], found.files[19]), (Some(18), None));
        assert_eq!(found.matched_names, 19);
        // The dogs are missing, and the hens are not in the table.
        let paths = ["cat/1.png", "cat/2.png", "hen/1.png", "hen/2.png"];
        let found = find(&paths, &["cat/1.png", "cat/2.png", "dog/1.png", "dog/2.png"]);
        assert_eq!(found.files, [Some(0), Some(1), None, None]);
        assert!(found.ambiguous.is_empty());
    }

    #[test]
    fn some_rows_may_lack_the_extension() {
        let found = find(&PETS, &["img/cat/1.png", "img/cat/2", "img/dog/1.png", "img/dog/2.PNG"]);
        assert_eq!(found.files, [Some(0), Some(1), Some(2), Some(3)]);
    }

    #[test]
    fn cells_that_name_no_file_are_not_matched() {
        let found = find(&PETS, &["", "/", "cat", "3.png", "..", "0.5", "a.b.c"]);
        assert_eq!((found.matched_names, found.rule, found.files.len()), (0, None, 7));
    }

    #[test]
    fn accents_may_be_decomposed() {
        assert_eq!(find(&["cafe\u{301}.jpg"], &["caf\u{e9}.jpg"]).files, [Some(0)]);
    }

    #[test]
    fn files_that_are_not_images_are_found() {
        let files = files(&["pets/notes.txt", "pets/a.jpg"]);
        let images = ImageIndex::new(&files, "pets/labels.csv", |_| false);
        assert_eq!(images.other_file("notes.txt"), Some(0));
        assert_eq!(images.other_file("./pets/notes.txt"), Some(0));
        assert_eq!(images.other_file("a.jpg"), None);
        assert!(!images.is_empty());
    }
}
