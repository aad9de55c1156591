//! Which picture the cells of a column name.
//!
//! A table seldom names the files just as they lie: its paths are those of another computer, or only the
//! files' names, or have no extension. So names are compared in ever looser ways, the [`Tier`]s. All
//! rows of a table are written in one way, so the strictest one is taken that finds at least half of what the
//! loosest finds; what only a looser one would find are other files that happen to have similar names.

use std::borrow::Cow;
use std::collections::HashMap;

use unicode_normalization::UnicodeNormalization;

use crate::data::folder::{ListedFile, is_clutter, is_picture};

/// Extensions of files that a picture may have been made from, in lower case.
const SOURCES: [&str; 10] =
    ["tif", "tiff", "heic", "heif", "avif", "jxl", "jp2", "dcm", "svg", "raw"];

/// A way to compare names, the strictest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Tier {
    pub spelling: Spelling,
    pub relation: Relation,
}

/// What of a name is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Spelling {
    All,
    NoExtension,
    /// Without the extension, and in lower case.
    AnyCase,
    /// The same, without zeros at the front: `7` for `0007`, as spreadsheets make it.
    NoZeros,
}

/// How one name is found in another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Relation {
    /// It is the path from the chosen folder or from the table's.
    Exact,
    /// One of them ends with the other.
    Tail,
    /// They end with the same name.
    Name,
}

const SPELLINGS: [Spelling; 4] =
    [Spelling::All, Spelling::NoExtension, Spelling::AnyCase, Spelling::NoZeros];
const RELATIONS: [Relation; 3] = [Relation::Exact, Relation::Tail, Relation::Name];

/// The pictures among some files, by their names.
pub(super) struct Pictures {
    /// For each spelling, the pictures by the last part of their paths.
    by_name: [HashMap<String, Vec<Picture>>; SPELLINGS.len()],
    /// The other files by their paths.
    others: HashMap<String, usize>,
    /// The folder of the table, with a `/` at the end, or nothing.
    folder: String,
    /// The path of the first picture.
    example: String,
}

#[derive(Clone)]
struct Picture {
    /// Among the files.
    index: usize,
    path: String,
}

/// Which picture each cell of a column names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Fit {
    /// The index of a file for each row.
    pub files: Vec<Option<usize>>,
    /// How it was found.
    pub tiers: Vec<Option<Tier>>,
    /// The way that is taken.
    pub tier: Option<Tier>,
    /// Different names for which there are pictures.
    pub found: usize,
    /// Different names.
    pub names: usize,
    /// Rows that may name either of two files.
    pub unclear: Vec<(usize, usize, usize)>,
    /// Rows of the same file by different names: the earlier one and the later one.
    pub clashes: Vec<(usize, usize)>,
}

enum Search {
    None,
    One(usize),
    Several(usize, usize),
}

impl Pictures {
    /// Those among `files`, for a table whose path among them is `table`. What systems leave behind does not
    /// count, unless the table names just that path.
    pub fn new(files: &[ListedFile], table: &str, is_named: impl Fn(&str) -> bool) -> Self {
        let mut by_name: [HashMap<String, Vec<Picture>>; SPELLINGS.len()] = Default::default();
        let (mut others, mut example) = (HashMap::new(), String::new());
        let is_wanted = |file: &ListedFile| {
            file.path != table && (!is_clutter(&file.path) || is_named(&file.path))
        };
        for (index, file) in files.iter().enumerate().filter(|(_, file)| is_wanted(file)) {
            let path: String = file.path.nfc().collect();
            if !file.is_picture() {
                others.insert(path, index);
                continue;
            }
            if example.is_empty() {
                example.clone_from(&path);
            }
            for (names, spelling) in by_name.iter_mut().zip(SPELLINGS) {
                let path = spelling.of(&path, true).into_owned();
                let name = last_part(&path).to_owned();
                names.entry(name).or_default().push(Picture { index, path });
            }
        }
        let folder = table.rfind('/').map_or("", |end| &table[..=end]).nfc().collect();
        Self { by_name, others, folder, example }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.example.is_empty()
    }

    /// The path of one of them.
    pub fn example(&self) -> &str {
        &self.example
    }

    /// The file, no picture, at a path from the chosen folder or from the table's.
    pub fn other(&self, cell: &str) -> Option<usize> {
        let path = normalize(cell);
        let in_folder = self.others.get(&format!("{}{path}", self.folder));
        in_folder.or_else(|| self.others.get(&path)).copied()
    }

    /// Finds the picture of each cell.
    pub fn fit(&self, cells: &[String]) -> Fit {
        let keys: Vec<String> = cells.iter().map(|cell| normalize(cell)).collect();
        let mut rows: HashMap<&str, usize> = HashMap::new();
        // The first row of each name, in order.
        let mut open: Vec<usize> = Vec::new();
        for (row, key) in keys.iter().enumerate().filter(|(_, key)| !key.is_empty()) {
            rows.entry(key).or_insert_with(|| {
                open.push(row);
                row
            });
        }
        let names = open.len();
        let mut owners: HashMap<usize, (usize, Tier)> = HashMap::new();
        let mut matches: Vec<(Tier, Match)> = Vec::new();
        let mut unclear: HashMap<usize, (Tier, Match)> = HashMap::new();
        for (names, spelling) in self.by_name.iter().zip(SPELLINGS) {
            for relation in RELATIONS {
                let tier = Tier { spelling, relation };
                open.retain(|&row| {
                    let found = match self.search(names, &keys[row], tier) {
                        Search::None => return true,
                        // They are the pictures of rows that name them better.
                        Search::Several(a, b)
                            if is_owned(&owners, a, tier) && is_owned(&owners, b, tier) =>
                        {
                            return true;
                        }
                        // In another spelling, more of the path may be the same.
                        Search::Several(a, b) => {
                            unclear.entry(row).or_insert((tier, Match::Unclear(row, a, b)));
                            return true;
                        }
                        Search::One(file) => match owners.get(&file) {
                            None => {
                                owners.insert(file, (row, tier));
                                Match::Found(row, file)
                            }
                            Some((other, same)) if *same == tier => Match::Clash(*other, row),
                            // It is the picture of a row that names it better.
                            Some(_) => return true,
                        },
                    };
                    matches.push((tier, found));
                    false
                });
            }
        }
        matches.extend(open.iter().filter_map(|row| unclear.remove(row)));
        let reached = |tier: Tier| matches.iter().filter(|(of, _)| *of <= tier).count();
        let tiers = SPELLINGS.iter().flat_map(|&spelling| {
            RELATIONS.iter().map(move |&relation| Tier { spelling, relation })
        });
        let enough = |tier: &Tier| reached(*tier) * 2 >= matches.len();
        let Some(tier) = tiers.into_iter().find(enough).filter(|_| !matches.is_empty()) else {
            let none = vec![None; cells.len()];
            let tiers = vec![None; cells.len()];
            return Fit { files: none, tiers, names, ..Fit::default() };
        };
        // The same path with another extension or in another case is the same picture.
        let is_taken = |of: Tier, found: &Match| {
            let is_alike = of.relation <= tier.relation && of.spelling < Spelling::NoZeros;
            of <= tier || (is_alike && matches!(found, Match::Found(..)))
        };
        let mut fit = Fit { tier: Some(tier), names, ..Fit::default() };
        let mut of_first: HashMap<usize, (usize, Tier)> = HashMap::new();
        for (of, found) in matches.into_iter().filter(|(of, found)| is_taken(*of, found)) {
            fit.found += 1;
            match found {
                Match::Found(row, file) => drop(of_first.insert(row, (file, of))),
                Match::Unclear(row, a, b) => fit.unclear.push((row, a, b)),
                Match::Clash(a, b) => fit.clashes.push((a.min(b), a.max(b))),
            }
        }
        for key in &keys {
            let found = rows.get(key.as_str()).and_then(|row| of_first.get(row));
            fit.files.push(found.map(|(file, _)| *file));
            fit.tiers.push(found.map(|(_, tier)| *tier));
        }
        fit
    }

    fn search(&self, names: &HashMap<String, Vec<Picture>>, key: &str, tier: Tier) -> Search {
        let key = tier.spelling.of(key, false);
        let candidates = names.get(last_part(&key)).map_or(&[][..], Vec::as_slice);
        let folder = tier.spelling.of(&self.folder, false);
        let is_beside =
            |picture: &Picture| picture.path.strip_prefix(&*folder).is_some_and(|rest| rest == key);
        let fits = |picture: &Picture| match tier.relation {
            Relation::Exact => picture.path == *key || is_beside(picture),
            Relation::Tail => {
                ends_with(&picture.path, &key)
                    || ends_with(&key, &picture.path)
                    || picture.path.strip_prefix(&*folder).is_some_and(|rest| ends_with(&key, rest))
            }
            Relation::Name => true,
        };
        let mut best: Option<(usize, usize)> = None;
        let mut other = None;
        for picture in candidates.iter().filter(|picture| fits(picture)) {
            // A path from the table's folder is what is meant, should there be one from the chosen folder too.
            let is_meant = tier.relation == Relation::Exact && is_beside(picture);
            let common = 2 * common_parts(&picture.path, &key) + usize::from(is_meant);
            match best {
                Some((most, _)) if common < most => {}
                Some((most, file)) if common == most => other = Some((file, picture.index)),
                _ => {
                    best = Some((common, picture.index));
                    other = None;
                }
            }
        }
        match (best, other) {
            (None, _) => Search::None,
            (Some((_, file)), None) => Search::One(file),
            (Some(_), Some((a, b))) => Search::Several(a, b),
        }
    }
}

/// Whether a picture is that of a row that was found in a stricter way.
fn is_owned(owners: &HashMap<usize, (usize, Tier)>, file: usize, tier: Tier) -> bool {
    owners.get(&file).is_some_and(|(_, of)| *of < tier)
}

enum Match {
    Found(usize, usize),
    Unclear(usize, usize, usize),
    Clash(usize, usize),
}

impl Spelling {
    fn of(self, path: &str, is_file: bool) -> Cow<'_, str> {
        let bare = || without_extension(path, is_file);
        match self {
            Self::All => path.into(),
            Self::NoExtension => bare().into(),
            Self::AnyCase => bare().to_lowercase().into(),
            Self::NoZeros => {
                let lower = bare().to_lowercase();
                let parts: Vec<&str> = lower.split('/').map(without_zeros).collect();
                parts.join("/").into()
            }
        }
    }
}

/// A number without zeros at the front; another name as it is.
fn without_zeros(part: &str) -> &str {
    match part.trim_start_matches('0') {
        "" if !part.is_empty() => &part[part.len() - 1..],
        rest if part.bytes().all(|byte| byte.is_ascii_digit()) => rest,
        _ => part,
    }
}

/// A name without the extension of a picture; of a file, any extension.
fn without_extension(path: &str, is_file: bool) -> &str {
    let Some((stem, extension)) = path.rsplit_once('.') else { return path };
    let is_source = SOURCES.contains(&extension.to_lowercase().as_str());
    if stem.is_empty() || stem.ends_with('/') || extension.contains('/') {
        path
    } else if is_picture(path) || is_source || (is_file && extension.len() <= 5) {
        stem
    } else {
        path
    }
}

/// A path with `/` between its parts, without `.` and empty ones, and without what leads out of the folder.
pub fn normalize(cell: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in cell.split(['/', '\\']) {
        match part.trim() {
            "" | "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    parts.join("/")
}

pub(super) fn last_part(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}

/// Whether a path ends with another, part by part.
fn ends_with(path: &str, end: &str) -> bool {
    path.strip_suffix(end).is_some_and(|rest| rest.is_empty() || rest.ends_with('/'))
}

/// How many parts two paths have in common at their ends.
fn common_parts(a: &str, b: &str) -> usize {
    a.rsplit('/').zip(b.rsplit('/')).take_while(|(a, b)| a == b).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(paths: &[&str]) -> Vec<ListedFile> {
        paths.iter().map(|path| ListedFile { path: (*path).to_owned(), kind: None }).collect()
    }

    fn fit_beside(table: &str, paths: &[&str], cells: &[&str]) -> Fit {
        let cells: Vec<String> = cells.iter().map(|cell| (*cell).to_owned()).collect();
        Pictures::new(&files(paths), table, |_| false).fit(&cells)
    }

    fn fit(paths: &[&str], cells: &[&str]) -> Fit {
        fit_beside("labels.csv", paths, cells)
    }

    const PETS: [&str; 4] = ["img/cat/1.png", "img/cat/2.png", "img/dog/1.png", "img/dog/2.png"];

    #[test]
    fn names_are_found_in_many_spellings() {
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
            let fit = fit(&PETS, &cells);
            assert_eq!(fit.files, [Some(0), Some(3)], "{cells:?}");
            assert!(fit.unclear.is_empty() && fit.clashes.is_empty(), "{cells:?}");
        }
    }

    #[test]
    fn a_path_from_the_tables_folder_is_meant() {
        let paths = ["pets/1.jpg", "pets/small/1.jpg", "1.jpg"];
        let in_pets = fit_beside("pets/labels.csv", &paths, &["1.jpg", "small/1.jpg"]);
        assert_eq!(in_pets.files, [Some(0), Some(1)]);
        let beside = fit_beside("pets/meta/labels.csv", &["pets/img/a.jpg"], &["img/a.jpg"]);
        assert_eq!(beside.files, [Some(0)]);
        let absolute = fit_beside("pets/labels.csv", &["pets/img/a.jpg"], &["/x/img/a.jpg"]);
        assert_eq!(absolute.files, [Some(0)]);
    }

    #[test]
    fn names_of_several_files_are_unclear() {
        let found = fit(&PETS, &["1.png", "2.png"]);
        assert_eq!((found.unclear.as_slice(), found.found), (&[(0, 0, 2), (1, 1, 3)][..], 2));
        assert_eq!(fit(&["a.jpg", "a.png"], &["a"]).unclear, [(0, 0, 1)]);
        // Of the two, only one is written like that.
        assert_eq!(fit(&["a.jpg", "A.jpg"], &["A.png"]).files, [Some(1)]);
    }

    #[test]
    fn rows_of_one_file_clash_unless_they_are_written_alike() {
        let both = fit(&["1.jpg"], &["x/1.jpg", "y/1.jpg"]);
        assert_eq!(both.clashes, [(0, 1)]);
        let same = fit(&["1.jpg"], &["1.jpg", "./1.jpg"]);
        assert_eq!((same.files.as_slice(), same.clashes.len()), (&[Some(0), Some(0)][..], 0));
    }

    /// What is written in one way is not guessed in another: dog/3.png is not there.
    #[test]
    fn similar_names_are_not_taken_for_missing_files() {
        let paths: Vec<String> = (0..20).map(|number| format!("cat/{number}.png")).collect();
        let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
        let cells: Vec<&str> = paths[..19].iter().copied().chain(["dog/19.png"]).collect();
        let found = fit(&paths, &cells);
        assert_eq!((found.files[18], found.files[19], found.found), (Some(18), None, 19));
        // The dogs are not there, and the hens not in the table.
        let paths = ["cat/1.png", "cat/2.png", "hen/1.png", "hen/2.png"];
        let found = fit(&paths, &["cat/1.png", "cat/2.png", "dog/1.png", "dog/2.png"]);
        assert_eq!(found.files, [Some(0), Some(1), None, None]);
        assert!(found.unclear.is_empty());
    }

    #[test]
    fn some_rows_may_lack_the_extension() {
        let found = fit(&PETS, &["img/cat/1.png", "img/cat/2", "img/dog/1.png", "img/dog/2.PNG"]);
        assert_eq!(found.files, [Some(0), Some(1), Some(2), Some(3)]);
    }

    #[test]
    fn what_is_no_name_finds_nothing() {
        let fit = fit(&PETS, &["", "/", "cat", "3.png", "..", "0.5", "a.b.c"]);
        assert_eq!((fit.found, fit.tier, fit.files.len()), (0, None, 7));
    }

    #[test]
    fn accents_may_be_composed_or_not() {
        assert_eq!(fit(&["cafe\u{301}.jpg"], &["caf\u{e9}.jpg"]).files, [Some(0)]);
    }

    #[test]
    fn files_that_are_no_pictures_are_told() {
        let files = files(&["pets/notes.txt", "pets/a.jpg"]);
        let pictures = Pictures::new(&files, "pets/labels.csv", |_| false);
        assert_eq!(pictures.other("notes.txt"), Some(0));
        assert_eq!(pictures.other("./pets/notes.txt"), Some(0));
        assert_eq!(pictures.other("a.jpg"), None);
        assert!(!pictures.is_empty());
    }
}
