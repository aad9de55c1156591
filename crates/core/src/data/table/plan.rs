//! Which files are the pictures that a table describes, and what it says of each.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::TableError;
use super::column::{Column, ReadColumn};
use super::matching::{Pictures, Spelling, normalize};
use super::one_hot::OneHot;
use super::roles::Roles;
use super::sheet::Sheet;
use crate::data::folder::{ListedFile, PartName, is_clutter, is_picture, similar_classes, why_not};
use crate::data::image_file::{FilePlace, PictureFacts, notices_of, retain_read};
use crate::data::notice::Skipped;
use crate::data::notice::{LeftOut, Notice};
use crate::data::task::{Target, Task, TaskKind};

/// Files that are left out are listed up to this number; more are only counted.
const LISTED: usize = 20;

/// A picture that a row describes.
#[derive(Debug, Clone, PartialEq)]
pub struct DescribedPicture {
    /// Index into the list of files given.
    pub index: usize,
    /// The path as given.
    pub path: String,
    /// One a task, in the tasks' order.
    pub targets: Vec<Target>,
}

/// What is to be predicted, and what is known of each picture.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct TablePlan {
    pub tasks: Vec<Task>,
    /// In the order of the rows.
    pub train: Vec<DescribedPicture>,
    /// The same for the validation part, where the table says which that is.
    pub validation: Option<Vec<DescribedPicture>>,
    /// Rows without a usable file, and files that could not be read.
    pub skipped: Vec<Skipped>,
    /// What else should be known of the table.
    pub notices: Vec<Notice>,
    /// Other files than these and the table.
    pub unused: Vec<Skipped>,
}

impl Sheet {
    /// Finds the picture of each row among `files`, where the table is at the path `table`, and reads what the
    /// table says of it. Classes and labels are sorted by code points. Number tasks are not standardized yet.
    ///
    /// # Errors
    /// It is not certain which column names the pictures, or which picture a row names; no picture or two
    /// unlike rows of one; a number is none; a column has a single class and is the only one, or has more than
    /// 1000 classes or labels. The message says in which line and column.
    pub fn plan(&self, files: &[ListedFile], table: &str) -> Result<TablePlan, TableError> {
        let named: OnceCell<HashSet<String>> = OnceCell::new();
        let is_named = |path: &str| {
            let cells = || self.cells().flatten().map(|cell| normalize(cell)).collect();
            named.get_or_init(cells).contains(path)
        };
        let pictures = Pictures::new(files, table, is_named);
        let roles = Roles::of(self, &pictures)?;
        let mut notices = left_out_notices(roles.left_out.clone());
        let (rows, repeated) = self.rows(&roles, files)?;
        notices.extend(repeated);

        let read = self.read_columns(&roles, &rows, &mut notices)?;
        let mut plan = TablePlan { notices, ..TablePlan::default() };
        let mut targets: Vec<_> = Vec::new();
        for ReadColumn { task, targets: column, .. } in read {
            plan.tasks.push(task);
            targets.push(column.into_iter());
        }
        let mut parts: BTreeMap<PartName, Vec<DescribedPicture>> = BTreeMap::new();
        let mut missing = Vec::new();
        for &row in &rows {
            let of_row: Vec<Target> = targets.iter_mut().filter_map(Iterator::next).collect();
            let cell = &self.columns[roles.file].cells[row];
            let Some(index) = roles.fit.files[row] else {
                let reason = match pictures.other(cell).and_then(|other| files.get(other)) {
                    Some(other) => why_not(other.kind),
                    None => "the table names it, but there is no such picture".to_owned(),
                };
                missing.push(Skipped { name: normalize(cell), reason });
                continue;
            };
            let part = roles.part.as_ref().map_or(PartName::Train, |(_, parts)| parts[row]);
            let path = files.get(index).map(|file| file.path.clone()).unwrap_or_default();
            let described = DescribedPicture { index, path, targets: of_row };
            parts.entry(part).or_default().push(described);
        }
        plan.notices.extend(self.other_names(&roles, files));
        match missing.first() {
            Some(Skipped { name, .. }) if missing.len() > LISTED => {
                plan.notices.push(Notice::RowsWithoutPicture {
                    count: missing.len(),
                    rows: rows.len(),
                    example: name.clone(),
                });
            }
            _ => plan.skipped = missing,
        }
        plan.take_parts(parts, roles.part.map(|(place, _)| &self.columns[place].heading.name))?;
        let used: BTreeSet<usize> = roles.fit.files.iter().flatten().copied().collect();
        let unused = files.iter().enumerate().filter(|(index, file)| {
            !used.contains(index) && file.path != table && !is_clutter(&file.path)
        });
        let reason = |file: &ListedFile| match file.is_picture() {
            true => "the table has no row for it".to_owned(),
            false => why_not(file.kind),
        };
        let skip = |file: &ListedFile| Skipped { name: file.path.clone(), reason: reason(file) };
        plan.unused = unused.map(|(_, file)| skip(file)).collect();
        Ok(plan)
    }

    /// The rows of different pictures, and what is to be said of those that are there again.
    fn rows(
        &self,
        roles: &Roles,
        files: &[ListedFile],
    ) -> Result<(Vec<usize>, Option<Notice>), TableError> {
        let names = &self.columns[roles.file];
        let column = || names.heading.name.clone();
        let path =
            |index: usize| files.get(index).map(|file| file.path.clone()).unwrap_or_default();
        if let Some(&(row, first, second)) = roles.fit.unclear.first() {
            let (line, file) = (self.lines[row], names.cells[row].clone());
            let (first, second) = (path(first), path(second));
            return Err(TableError::UnclearFile { line, column: column(), file, first, second });
        }
        if let Some(&(first, row)) = roles.fit.clashes.first() {
            let picture = roles.fit.files[first].or(roles.fit.files[row]).map(path);
            return Err(TableError::SamePicture {
                line: self.lines[row],
                file: names.cells[row].clone(),
                first: self.lines[first],
                other: names.cells[first].clone(),
                picture: picture.unwrap_or_default(),
            });
        }
        let mut first_rows: HashMap<String, usize> = HashMap::new();
        let (mut rows, mut again) = (Vec::new(), Vec::new());
        for (row, cell) in names.cells.iter().enumerate() {
            let (line, file) = (self.lines[row], normalize(cell));
            if file.is_empty() {
                return Err(TableError::NoFile { line, column: column() });
            }
            let Some(&first) = first_rows.get(&file) else {
                first_rows.insert(file, row);
                rows.push(row);
                continue;
            };
            let said = roles.tasks.iter().chain(roles.part.as_ref().map(|(place, _)| place));
            let mut said = said.map(|&place| &self.columns[place].cells);
            if !said.all(|cells| cells[row] == cells[first]) {
                let first = self.lines[first];
                return Err(TableError::SameFile { line, column: column(), file, first });
            }
            again.push((line, self.lines[first]));
        }
        let notice = again.first().map(|&(line, first)| Notice::RepeatedRows {
            count: again.len(),
            line,
            first,
        });
        Ok((rows, notice))
    }

    /// What the columns to learn say of `rows`, without those that say nothing.
    fn read_columns(
        &self,
        roles: &Roles,
        rows: &[usize],
        notices: &mut Vec<Notice>,
    ) -> Result<Vec<ReadColumn>, TableError> {
        let column = |&place: &usize| {
            let column = &self.columns[place];
            let cell = |&row: &usize| (self.lines[row], column.cells[row].as_str());
            Column {
                heading: &column.heading,
                cells: rows.iter().map(cell).collect(),
                decimal_comma: column.decimal_comma,
            }
        };
        let mut columns: Vec<Column<'_>> = roles.tasks.iter().map(column).collect();
        let mut merged = OneHot::find(&columns).map(|OneHot { places, task, targets }| {
            let names: Vec<String> =
                places.iter().map(|&place| columns[place].heading.name.clone()).collect();
            notices.push(Notice::OneHot { columns: names, task: task.name.clone() });
            for &place in places.iter().skip(1).rev() {
                columns.remove(place);
            }
            let read = ReadColumn { task, targets, whole: None, unknown: None };
            (places.first().copied().unwrap_or_default(), read)
        });
        let (mut all, mut left_out, mut first_error) = (Vec::new(), Vec::new(), None);
        for (place, column) in columns.iter().enumerate() {
            if let Some((_, read)) = merged.take_if(|(at, _)| *at == place) {
                all.push(read);
                continue;
            }
            match column.read() {
                Ok(read) if columns.len() > 1 && column.is_free_text(&read) => {
                    left_out.push((column.heading.name.clone(), LeftOut::TellsRowsApart));
                }
                Ok(read) => all.push(read),
                Err(error @ (TableError::NoValues { .. } | TableError::OneClass { .. })) => {
                    let is_empty = matches!(error, TableError::NoValues { .. });
                    let reason = if is_empty { LeftOut::Empty } else { LeftOut::OneValue };
                    left_out.push((column.heading.name.clone(), reason));
                    first_error.get_or_insert(error);
                }
                Err(error) => return Err(error),
            }
        }
        if let Some(error) = first_error.filter(|_| all.is_empty()) {
            return Err(error);
        }
        notices.extend(left_out_notices(left_out));
        notices.extend(whole_numbers(&all));
        notices.extend(all.iter().filter_map(|read| match &read.task.kind {
            TaskKind::Class { classes } => similar_classes(classes),
            _ => None,
        }));
        let unknown = all.iter().filter_map(|read| {
            let (word, count) = read.unknown.clone()?;
            Some(Notice::UnknownWord { column: read.task.name.clone(), word, count })
        });
        notices.extend(unknown);
        Ok(all)
    }

    /// Tells of pictures that are called otherwise than in the table, but for a missing extension.
    fn other_names(&self, roles: &Roles, files: &[ListedFile]) -> Option<Notice> {
        let cells = &self.columns[roles.file].cells;
        let mut others = Vec::new();
        for ((cell, index), tier) in cells.iter().zip(&roles.fit.files).zip(&roles.fit.tiers) {
            let (Some(index), Some(tier)) = (index, tier) else { continue };
            let Some(file) = files.get(*index) else { continue };
            let has_extension = is_picture(&normalize(cell));
            let is_other = match tier.spelling {
                Spelling::All => false,
                Spelling::NoExtension => has_extension,
                Spelling::AnyCase | Spelling::NoZeros => true,
            };
            if is_other {
                others.push((cell.clone(), file.path.clone()));
            }
        }
        let example = others.first()?.clone();
        Some(Notice::FoundByOtherName { count: others.len(), example })
    }
}

impl TablePlan {
    /// All pictures, training before validation.
    pub fn pictures(&self) -> impl Iterator<Item = &DescribedPicture> {
        self.train.iter().chain(self.validation.iter().flatten())
    }

    /// Divides the pictures as the column `column` says. What is to test on validates, if nothing else does.
    fn take_parts(
        &mut self,
        mut parts: BTreeMap<PartName, Vec<DescribedPicture>>,
        column: Option<&String>,
    ) -> Result<(), TableError> {
        self.train = parts.remove(&PartName::Train).unwrap_or_default();
        let Some(column) = column else { return Ok(()) };
        let test = parts.remove(&PartName::Test).unwrap_or_default();
        let validation = parts.remove(&PartName::Validation).unwrap_or_default();
        let (validation, unused) = match validation.is_empty() {
            true => (test, 0),
            false => (validation, test.len()),
        };
        self.notices.push(Notice::PartColumn {
            column: column.clone(),
            train: self.train.len(),
            validation: validation.len(),
            unused,
        });
        // Where the pictures of only one part are there, they are all there is.
        match (self.train.is_empty(), validation.is_empty()) {
            (true, _) => self.train = validation,
            (false, true) => {}
            (false, false) => self.validation = Some(validation),
        }
        Ok(())
    }

    /// The plan once its pictures were read, with what came of each by its index: leaves out those that could
    /// not be read, for the reason given, and the classes of which there is no picture.
    ///
    /// # Errors
    /// When no picture or only one class is left, or only validation pictures of a class.
    pub fn after_reading(
        mut self,
        read: &BTreeMap<usize, Result<PictureFacts, String>>,
    ) -> Result<Self, TableError> {
        let pictures = self.train.len();
        let mut failed = Vec::new();
        for part in std::iter::once(&mut self.train).chain(&mut self.validation) {
            failed.extend(retain_read(part, |picture| (picture.index, &picture.path), read));
        }
        if self.train.is_empty() {
            let reason = failed.into_iter().next().map(|file| file.reason).unwrap_or_default();
            return Err(TableError::NoneReadable { pictures, reason });
        }
        self.validation = self.validation.filter(|validation| !validation.is_empty());
        self.skipped.append(&mut failed);
        self.drop_classes_without_pictures()?;

        let train = self.train.iter().map(|picture| (picture, false));
        let validation = self.validation.iter().flatten().map(|picture| (picture, true));
        let places: Vec<FilePlace<'_>> = train
            .chain(validation)
            .filter_map(|(DescribedPicture { index, path, targets }, validates)| {
                let facts = *read.get(index)?.as_ref().ok()?;
                let label = match targets.first() {
                    Some(Target::Class(class)) => *class,
                    _ => 0,
                };
                Some(FilePlace { name: path, facts, label, validates })
            })
            .collect();
        let notices = notices_of(&places);
        self.notices.extend(notices);
        Ok(self)
    }

    /// Leaves out classes of which there is no picture, and columns that then say the same of all, or nothing.
    fn drop_classes_without_pictures(&mut self) -> Result<(), TableError> {
        let mut constant = Vec::new();
        for (place, task) in self.tasks.iter_mut().enumerate() {
            let is_known = |picture: &DescribedPicture| {
                picture.targets.get(place).is_some_and(|target| *target != Target::Missing)
            };
            if !self.train.iter().any(is_known) {
                constant.push((place, task.name.clone(), None));
                continue;
            }
            let TaskKind::Class { classes } = &mut task.kind else { continue };
            let of = |pictures: &[DescribedPicture]| -> BTreeSet<usize> {
                let class = |picture: &DescribedPicture| match picture.targets.get(place) {
                    Some(Target::Class(class)) => Some(*class),
                    _ => None,
                };
                pictures.iter().filter_map(class).collect()
            };
            let trained = of(&self.train);
            let validated = of(self.validation.as_deref().unwrap_or_default());
            let named = |wanted: &dyn Fn(usize) -> bool| -> Vec<String> {
                let classes = classes.iter().enumerate().filter(|(class, _)| wanted(*class));
                classes.map(|(_, name)| name.clone()).collect()
            };
            let only = named(&|class| validated.contains(&class) && !trained.contains(&class));
            let column = task.name.clone();
            if !only.is_empty() {
                return Err(TableError::OnlyValidates { column, classes: only });
            }
            let unused = named(&|class| !trained.contains(&class));
            if unused.is_empty() {
                continue;
            }
            let kept = named(&|class| trained.contains(&class));
            let place_of = |class: usize| trained.iter().position(|&kept| kept == class);
            for picture in self.train.iter_mut().chain(self.validation.iter_mut().flatten()) {
                if let Some(Target::Class(class)) = picture.targets.get_mut(place)
                    && let Some(new) = place_of(*class)
                {
                    *class = new;
                }
            }
            if kept.len() < 2 {
                constant.push((place, column.clone(), kept.first().cloned()));
            }
            *classes = kept;
            self.notices.push(Notice::ClassesWithoutPictures { column, classes: unused });
        }
        if let (true, Some((_, column, class))) =
            (constant.len() == self.tasks.len(), constant.first().cloned())
        {
            return Err(match class {
                Some(class) => TableError::OneClass { column, class },
                None => TableError::NoValues { column },
            });
        }
        for (place, ..) in constant.iter().rev() {
            self.tasks.remove(*place);
            for picture in self.train.iter_mut().chain(self.validation.iter_mut().flatten()) {
                picture.targets.remove(*place);
            }
        }
        let constant = constant.into_iter().map(|(_, column, class)| {
            (column, if class.is_some() { LeftOut::OneValue } else { LeftOut::Empty })
        });
        self.notices.extend(left_out_notices(constant.collect()));
        Ok(())
    }

    /// Tells of the files that are not used: of each where they are few.
    pub fn tell_of_unused(&mut self) {
        match self.unused.first() {
            Some(Skipped { name, .. }) if self.unused.len() > LISTED => {
                let (count, example) = (self.unused.len(), name.clone());
                self.notices.push(Notice::FilesWithoutRow { count, example });
            }
            _ => self.skipped.append(&mut self.unused),
        }
    }
}

/// A notice for each reason why columns are left out.
fn left_out_notices(left_out: Vec<(String, LeftOut)>) -> Vec<Notice> {
    let mut reasons: BTreeMap<LeftOut, Vec<String>> = BTreeMap::new();
    for (column, reason) in left_out {
        reasons.entry(reason).or_default().push(column);
    }
    let notice = |(reason, columns)| Notice::ColumnsLeftOut { columns, reason };
    reasons.into_iter().map(notice).collect()
}

/// Tells how whole numbers are taken; once for all columns that are alike.
fn whole_numbers(columns: &[ReadColumn]) -> Vec<Notice> {
    let mut alike: BTreeMap<(bool, i64, i64), Vec<String>> = BTreeMap::new();
    for ReadColumn { task, whole, .. } in columns {
        if let Some(whole) = whole {
            let key = (whole.as_classes, whole.lowest, whole.highest);
            alike.entry(key).or_default().push(task.name.clone());
        }
    }
    let notice = |((as_classes, lowest, highest), columns)| Notice::WholeNumbers {
        columns,
        lowest,
        highest,
        as_classes,
    };
    alike.into_iter().map(notice).collect()
}
