//! The images that a table describes, and their targets.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::column_roles::ColumnRoles;
use super::error::TableError;
use super::image_matching::ImageIndex;
use super::label_table::LabelTable;
use super::one_hot::OneHot;
use super::path_form::{NameForm, normalize_path};
use super::task_column::{ParsedColumn, TaskColumn};
use crate::data::listed_file::{ListedFile, has_image_extension, is_system_file};
use crate::data::skipped::{SkipReason, SkippedFile};
use crate::data::split_name::SplitName;
use crate::data::task::{Target, Task, TaskKind};
use crate::data::warning::{DataWarning, IgnoreReason};

/// Maximum number of skipped files that are listed; if there are more, they are only counted.
const MAX_LISTED: usize = 20;

/// An image and its targets.
#[derive(Debug, Clone, PartialEq)]
pub struct LabeledImage {
    /// Index into the list of files.
    pub index: usize,
    /// The path as listed.
    pub path: String,
    /// One per task, in the order of the tasks.
    pub targets: Vec<Target>,
}

/// The tasks, and the targets of each image.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct TablePlan {
    pub tasks: Vec<Task>,
    /// In the order of the rows.
    pub train: Vec<LabeledImage>,
    /// The same for the validation split, if the table assigns images to splits.
    pub validation: Option<Vec<LabeledImage>>,
    /// Rows without a usable file, and files that could not be read.
    pub skipped: Vec<SkippedFile>,
    pub warnings: Vec<DataWarning>,
    /// Files besides the table that have no row.
    pub unused: Vec<SkippedFile>,
}

impl LabelTable {
    /// Finds the image of each row among `files` and reads its targets. The table is at the path `table`.
    /// Classes and labels are sorted by code points. Numbers are not standardized yet.
    ///
    /// # Errors
    /// When it is ambiguous which column names the images or which image a row names, an image has no row or two
    /// different rows, a number is invalid, the only task has a single class, or a column has more than 1000
    /// classes or labels. The error gives line and column.
    pub fn plan(&self, files: &[ListedFile], table: &str) -> Result<TablePlan, TableError> {
        let named: OnceCell<HashSet<String>> = OnceCell::new();
        let is_named = |path: &str| {
            let cells = || self.cells().flatten().map(|cell| normalize_path(cell)).collect();
            named.get_or_init(cells).contains(path)
        };
        let images = ImageIndex::new(files, table, is_named);
        let roles = ColumnRoles::detect(self, &images)?;
        let mut warnings = DataWarning::ignored_columns(roles.ignored.clone());
        let (rows, repeated) = self.distinct_rows(&roles, files)?;
        warnings.extend(repeated);

        let parsed = self.parse_tasks(&roles, &rows, &mut warnings)?;
        let mut plan = TablePlan { warnings, ..TablePlan::default() };
        let mut targets: Vec<_> = Vec::new();
        for ParsedColumn { task, targets: column, .. } in parsed {
            plan.tasks.push(task);
            targets.push(column.into_iter());
        }
        let mut splits: BTreeMap<SplitName, Vec<LabeledImage>> = BTreeMap::new();
        let mut missing = Vec::new();
        for &row in &rows {
            let targets: Vec<Target> = targets.iter_mut().filter_map(Iterator::next).collect();
            let cell = &self.columns[roles.file].cells[row];
            let Some(index) = roles.matches.files[row] else {
                let reason = match images.other_file(cell).and_then(|other| files.get(other)) {
                    Some(other) => SkipReason::of_kind(other.kind),
                    None => SkipReason::NotFound,
                };
                missing.push(SkippedFile { name: normalize_path(cell), reason });
                continue;
            };
            let split = roles.split.as_ref().map_or(SplitName::Train, |(_, splits)| splits[row]);
            let path = path_of(files, index);
            splits.entry(split).or_default().push(LabeledImage { index, path, targets });
        }
        plan.warnings.extend(self.other_names(&roles, files));
        match missing.first() {
            Some(SkippedFile { name, .. }) if missing.len() > MAX_LISTED => {
                plan.warnings.push(DataWarning::RowsWithoutImage {
                    count: missing.len(),
                    rows: rows.len(),
                    example: name.clone(),
                });
            }
            _ => plan.skipped = missing,
        }
        plan.set_splits(splits, roles.split.map(|(place, _)| &self.columns[place].header.name));
        let used: BTreeSet<usize> = roles.matches.files.iter().flatten().copied().collect();
        let unused = files.iter().enumerate().filter(|(index, file)| {
            !used.contains(index) && file.path != table && !is_system_file(&file.path)
        });
        let skip = |file: &ListedFile| SkippedFile {
            name: file.path.clone(),
            reason: match file.is_image() {
                true => SkipReason::NotInTable,
                false => SkipReason::of_kind(file.kind),
            },
        };
        plan.unused = unused.map(|(_, file)| skip(file)).collect();
        Ok(plan)
    }

    /// The rows of different images, and a warning about rows that repeat an earlier one.
    fn distinct_rows(
        &self,
        roles: &ColumnRoles,
        files: &[ListedFile],
    ) -> Result<(Vec<usize>, Option<DataWarning>), TableError> {
        let names = &self.columns[roles.file];
        let column = || names.header.name.clone();
        if let Some(&(row, first, second)) = roles.matches.ambiguous.first() {
            let (line, file) = (self.lines[row], names.cells[row].clone());
            let (first, second) = (path_of(files, first), path_of(files, second));
            return Err(TableError::AmbiguousFile { line, column: column(), file, first, second });
        }
        if let Some(&(first, row)) = roles.matches.conflicts.first() {
            let image = roles.matches.files[first].or(roles.matches.files[row]);
            return Err(TableError::SameImage {
                line: self.lines[row],
                file: names.cells[row].clone(),
                first: self.lines[first],
                other: names.cells[first].clone(),
                image: image.map(|index| path_of(files, index)).unwrap_or_default(),
            });
        }
        let mut first_rows: HashMap<String, usize> = HashMap::new();
        let (mut rows, mut repeated) = (Vec::new(), Vec::new());
        for (row, cell) in names.cells.iter().enumerate() {
            let (line, file) = (self.lines[row], normalize_path(cell));
            if file.is_empty() {
                return Err(TableError::NoFile { line, column: column() });
            }
            let Some(&first) = first_rows.get(&file) else {
                first_rows.insert(file, row);
                rows.push(row);
                continue;
            };
            let used = roles.tasks.iter().chain(roles.split.as_ref().map(|(place, _)| place));
            let mut used = used.map(|&place| &self.columns[place].cells);
            if !used.all(|cells| cells[row] == cells[first]) {
                let first = self.lines[first];
                return Err(TableError::SameFile { line, column: column(), file, first });
            }
            repeated.push((line, self.lines[first]));
        }
        let warning = repeated.first().map(|&(line, first)| DataWarning::RepeatedRows {
            count: repeated.len(),
            line,
            first,
        });
        Ok((rows, warning))
    }

    /// The tasks and their targets for `rows`, without columns that have nothing to learn.
    fn parse_tasks(
        &self,
        roles: &ColumnRoles,
        rows: &[usize],
        warnings: &mut Vec<DataWarning>,
    ) -> Result<Vec<ParsedColumn>, TableError> {
        let column = |&place: &usize| {
            let column = &self.columns[place];
            let cell = |&row: &usize| (self.lines[row], column.cells[row].as_str());
            TaskColumn {
                header: &column.header,
                cells: rows.iter().map(cell).collect(),
                decimal_comma: column.decimal_comma,
            }
        };
        let mut columns: Vec<TaskColumn<'_>> = roles.tasks.iter().map(column).collect();
        let mut one_hot = OneHot::find(&columns).map(|OneHot { places, task, targets }| {
            let names: Vec<String> =
                places.iter().map(|&place| columns[place].header.name.clone()).collect();
            warnings.push(DataWarning::OneHot { columns: names, task: task.name.clone() });
            for &place in places.iter().skip(1).rev() {
                columns.remove(place);
            }
            let parsed =
                ParsedColumn { task, targets, whole_numbers: None, missing_value_word: None };
            (places.first().copied().unwrap_or_default(), parsed)
        });
        let (mut all, mut ignored, mut first_error) = (Vec::new(), Vec::new(), None);
        for (place, column) in columns.iter().enumerate() {
            if let Some((_, parsed)) = one_hot.take_if(|(at, _)| *at == place) {
                all.push(parsed);
                continue;
            }
            match column.parse() {
                Ok(parsed) if columns.len() > 1 && column.is_free_text(&parsed) => {
                    ignored.push((column.header.name.clone(), IgnoreReason::Identifier));
                }
                Ok(parsed) => all.push(parsed),
                Err(error @ (TableError::NoValues { .. } | TableError::OneClass { .. })) => {
                    let is_empty = matches!(error, TableError::NoValues { .. });
                    let reason =
                        if is_empty { IgnoreReason::Empty } else { IgnoreReason::Constant };
                    ignored.push((column.header.name.clone(), reason));
                    first_error.get_or_insert(error);
                }
                Err(error) => return Err(error),
            }
        }
        if let Some(error) = first_error.filter(|_| all.is_empty()) {
            return Err(error);
        }
        warnings.extend(DataWarning::ignored_columns(ignored));
        warnings.extend(whole_number_warnings(&all));
        warnings.extend(all.iter().filter_map(|parsed| match &parsed.task.kind {
            TaskKind::Class { classes } => DataWarning::similar_classes(classes),
            _ => None,
        }));
        warnings.extend(all.iter().filter_map(|parsed| {
            let (word, count) = parsed.missing_value_word.clone()?;
            let column = parsed.task.name.clone();
            Some(DataWarning::MissingValueWord { column, word, count })
        }));
        Ok(all)
    }

    /// A warning about images whose names differ from the table by more than a missing extension.
    fn other_names(&self, roles: &ColumnRoles, files: &[ListedFile]) -> Option<DataWarning> {
        let cells = &self.columns[roles.file].cells;
        let mut others = Vec::new();
        for ((cell, index), rule) in
            cells.iter().zip(&roles.matches.files).zip(&roles.matches.rules)
        {
            let (Some(index), Some(rule)) = (index, rule) else { continue };
            let is_other = match rule.form {
                NameForm::Exact => false,
                NameForm::WithoutExtension => has_image_extension(&normalize_path(cell)),
                NameForm::AnyCase | NameForm::WithoutZeros => true,
            };
            if is_other {
                others.push((cell.clone(), path_of(files, *index)));
            }
        }
        let example = others.first()?.clone();
        Some(DataWarning::MatchedByOtherName { count: others.len(), example })
    }
}

impl TablePlan {
    /// All images, training before validation.
    pub fn images(&self) -> impl Iterator<Item = &LabeledImage> {
        self.train.iter().chain(self.validation.iter().flatten())
    }

    /// Sets the splits that the column `column` gives. The test split is used for validation if there is no
    /// validation split.
    fn set_splits(
        &mut self,
        mut splits: BTreeMap<SplitName, Vec<LabeledImage>>,
        column: Option<&String>,
    ) {
        self.train = splits.remove(&SplitName::Train).unwrap_or_default();
        let Some(column) = column else { return };
        let test = splits.remove(&SplitName::Test).unwrap_or_default();
        let validation = splits.remove(&SplitName::Validation).unwrap_or_default();
        let (validation, unused) = match validation.is_empty() {
            true => (test, 0),
            false => (validation, test.len()),
        };
        self.warnings.push(DataWarning::SplitColumn {
            column: column.clone(),
            train: self.train.len(),
            validation: validation.len(),
            unused,
        });
        // If only the images of one split were found, they are all there is.
        match (self.train.is_empty(), validation.is_empty()) {
            (true, _) => self.train = validation,
            (false, true) => {}
            (false, false) => self.validation = Some(validation),
        }
    }

    /// Reports the files that have no row: each of a few, or else their number.
    pub fn report_unused(&mut self) {
        match self.unused.first() {
            Some(SkippedFile { name, .. }) if self.unused.len() > MAX_LISTED => {
                let (count, example) = (self.unused.len(), name.clone());
                self.warnings.push(DataWarning::FilesWithoutRow { count, example });
            }
            _ => self.skipped.append(&mut self.unused),
        }
    }
}

fn path_of(files: &[ListedFile], index: usize) -> String {
    files.get(index).map(|file| file.path.clone()).unwrap_or_default()
}

/// Warnings about how whole numbers were read, one for all columns with the same range.
fn whole_number_warnings(columns: &[ParsedColumn]) -> Vec<DataWarning> {
    let mut by_range: BTreeMap<(bool, i64, i64), Vec<String>> = BTreeMap::new();
    for ParsedColumn { task, whole_numbers, .. } in columns {
        if let Some(numbers) = whole_numbers {
            let key = (numbers.as_classes, numbers.lowest, numbers.highest);
            by_range.entry(key).or_default().push(task.name.clone());
        }
    }
    let warning = |((as_classes, lowest, highest), columns)| DataWarning::WholeNumbers {
        columns,
        lowest,
        highest,
        as_classes,
    };
    by_range.into_iter().map(warning).collect()
}
