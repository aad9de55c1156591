//! What each column of a table is for: it names the pictures, says which part of the data a row is of, is
//! something to learn, or neither.

use std::collections::HashSet;

use super::TableError;
use super::matching::{Fit, Pictures, Tier, last_part};
use super::sheet::{Sheet, SheetColumn};
use crate::data::folder::{PartName, is_picture, part_name};
use crate::data::notice::LeftOut;

/// What the columns of a sheet are for, by their places in it.
pub(super) struct Roles {
    /// It names the pictures.
    pub file: usize,
    /// Which picture each row names.
    pub fit: Fit,
    /// It says which part of the data each row is of.
    pub part: Option<(usize, Vec<PartName>)>,
    /// Each is something to learn.
    pub tasks: Vec<usize>,
    /// Named columns that are not used, and why.
    pub left_out: Vec<(String, LeftOut)>,
}

impl Roles {
    /// Finds out what the columns are for.
    ///
    /// # Errors
    /// No column names any of the pictures, or one of two does just as well; the header is a row; nothing is
    /// left to learn, or it has no name.
    pub fn of(sheet: &Sheet, pictures: &Pictures) -> Result<Self, TableError> {
        let columns = &sheet.columns;
        let (file, fit, same) = file_column(sheet, pictures)?;
        // `p0,cat` above other rows: the name of the column is that of a picture.
        let heading = &columns[file].heading;
        if !heading.means_file() && pictures.fit(std::slice::from_ref(&heading.name)).found > 0 {
            let file = heading.name.clone();
            return Err(TableError::NoHeader { line: sheet.header_line, file });
        }
        let mut roles = Self { file, fit, part: None, tasks: Vec::new(), left_out: Vec::new() };
        for (place, column) in columns.iter().enumerate().filter(|(place, _)| *place != file) {
            let heading = &column.heading;
            let reason = if column.is_empty() {
                LeftOut::Empty
            } else if same.contains(&place) {
                LeftOut::NamesPictures
            } else if heading.kind.is_some() {
                roles.tasks.push(place);
                continue;
            } else if column.is_counter() && (place < file || heading.means_id()) {
                LeftOut::NumbersRows
            } else if heading.is_unnamed() && numbers_differ(column) && place < file {
                // Of some rows of a larger table, or shuffled.
                LeftOut::NumbersRows
            } else if heading.means_id() && !heading.is_unnamed() && all_differ(column) {
                LeftOut::TellsRowsApart
            } else if let Some(parts) = parts_of(column).filter(|_| roles.part.is_none()) {
                roles.part = Some((place, parts));
                continue;
            } else {
                roles.tasks.push(place);
                continue;
            };
            if !heading.is_unnamed() {
                roles.left_out.push((heading.name.clone(), reason));
            }
        }
        let line = sheet.header_line;
        if let Some(place) = roles.tasks.iter().find(|&&task| columns[task].heading.name.is_empty())
        {
            return Err(TableError::NoName { line, position: place + 1 });
        }
        let mut names = HashSet::new();
        for &task in &roles.tasks {
            let name = columns[task].heading.name.as_str();
            if !names.insert(name) {
                return Err(TableError::SameName { line, column: name.to_owned() });
            }
        }
        match (roles.tasks.is_empty(), roles.left_out.first()) {
            (false, _) => Ok(roles),
            (true, Some((column, LeftOut::Empty))) => {
                Err(TableError::NoValues { column: column.clone() })
            }
            (true, _) => Err(TableError::NoTask),
        }
    }
}

/// The column that names the pictures, which these are, and the places of others that name some too.
fn file_column(sheet: &Sheet, pictures: &Pictures) -> Result<(usize, Fit, Vec<usize>), TableError> {
    if pictures.is_empty() {
        return Err(TableError::NoPictures);
    }
    let columns = &sheet.columns;
    let fits: Vec<Fit> = columns.iter().map(|column| pictures.fit(&column.cells)).collect();
    let look_like_files: Vec<bool> = columns.iter().map(names_files).collect();
    let may_name = |place: usize| {
        let (column, fit) = (&columns[place], &fits[place]);
        let is_other = column.is_counter()
            && (look_like_files.contains(&true)
                || (column.heading.is_unnamed() && fit.found < fit.names));
        let is_file = look_like_files[place] || column.heading.means_file();
        let rows = column.cells.iter().filter(|cell| !cell.is_empty()).count();
        // The names of classes come again and again.
        fit.found > 0 && !is_other && (is_file || fit.names * 2 >= rows)
    };
    let able: Vec<usize> = (0..columns.len()).filter(|&place| may_name(place)).collect();
    let most = able.iter().map(|&place| fits[place].found).max().unwrap_or(0);
    let able: Vec<usize> =
        able.into_iter().filter(|&place| fits[place].found * 10 >= most * 9).collect();
    let rank = |&place: &usize| -> (Option<Tier>, bool) {
        (fits[place].tier, !columns[place].heading.means_file())
    };
    let Some(best) = able.iter().map(rank).min() else {
        return Err(no_column(sheet, pictures, &look_like_files));
    };
    let best: Vec<usize> = able.iter().copied().filter(|place| rank(place) == best).collect();
    if let [first, others @ ..] = best.as_slice()
        && let Some(other) = others.iter().find(|&&other| fits[other].files != fits[*first].files)
    {
        let name = |place: usize| columns[place].heading.name.clone();
        return Err(TableError::TwoFileColumns { first: name(*first), second: name(*other) });
    }
    let file = best.first().copied().unwrap_or_default();
    let others = able.into_iter().filter(|&place| place != file).collect();
    Ok((file, fits.into_iter().nth(file).unwrap_or_default(), others))
}

/// No column names any picture: says so of the one that should.
fn no_column(sheet: &Sheet, pictures: &Pictures, look_like_files: &[bool]) -> TableError {
    let columns = &sheet.columns;
    let place = look_like_files
        .iter()
        .position(|&looks| looks)
        .or_else(|| columns.iter().position(|column| column.heading.means_file()))
        .or_else(|| columns.iter().position(|column| !column.is_counter()))
        .unwrap_or_default();
    let column = &columns[place];
    let file = column.cells.iter().find(|cell| !cell.is_empty()).cloned().unwrap_or_default();
    let column = column.heading.name.clone();
    TableError::OtherPictures { column, file, picture: pictures.example().to_owned() }
}

/// Whether most cells are files' names by their extensions.
fn names_files(column: &SheetColumn) -> bool {
    let named = column.cells.iter().filter(|cell| is_picture(last_part(cell))).count();
    named * 2 > column.cells.len()
}

fn all_differ(column: &SheetColumn) -> bool {
    let mut seen = HashSet::new();
    column.cells.iter().all(|cell| !cell.is_empty() && seen.insert(cell.as_str()))
}

/// Whether the cells are different whole numbers.
fn numbers_differ(column: &SheetColumn) -> bool {
    column.cells.iter().all(|cell| cell.parse::<u64>().is_ok()) && all_differ(column)
}

/// Which part each row is of, where the column says that and nothing else, and not the same of all. Rows of
/// which it says nothing are to train on.
fn parts_of(column: &SheetColumn) -> Option<Vec<PartName>> {
    let heading = &column.heading;
    let of_cell: fn(&str) -> Option<PartName> = if heading.means_part() {
        |cell| if cell.is_empty() { Some(PartName::Train) } else { part_name(cell) }
    } else if heading.means_validates() {
        |cell| match cell.to_lowercase().as_str() {
            "" | "0" | "0.0" | "false" | "no" => Some(PartName::Train),
            "1" | "1.0" | "true" | "yes" => Some(PartName::Validation),
            _ => None,
        }
    } else {
        return None;
    };
    let parts: Vec<PartName> =
        column.cells.iter().map(|cell| of_cell(cell)).collect::<Option<_>>()?;
    let trains = parts.contains(&PartName::Train);
    (trains && parts.iter().any(|part| *part != PartName::Train)).then_some(parts)
}
