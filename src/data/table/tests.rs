use proptest::prelude::*;

use super::*;
use crate::data::csv::CsvError;
use crate::data::task::{check_targets, validate_tasks};

fn table(text: &str) -> LabelTable {
    LabelTable::parse(text.as_bytes()).unwrap()
}

fn error(text: &str) -> TableError {
    LabelTable::parse(text.as_bytes()).unwrap_err()
}

fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| name.to_string()).collect()
}

#[test]
fn a_table_of_three_tasks_is_read() {
    let table = table(
        "file,age,breed,tags\n\
         1.jpg,3.5,pug,indoor|puppy\n\
         img/2.jpg,,husky,\n\
         .\\img\\3.jpg, 1 ,,\"puppy\"\n\
         ,,,\n",
    );
    let tasks = [
        Task::number("age"),
        Task::class("breed", names(&["husky", "pug"])),
        Task::labels("tags", names(&["indoor", "puppy"])),
    ];
    assert_eq!(table.tasks(), tasks);
    use Target::{Class, Labels, Missing, Number};
    let row = |file: &str, targets: [Target; 3]| Row { file: file.into(), targets: targets.into() };
    let rows = [
        row("1.jpg", [Number(3.5), Class(1), Labels(vec![true, true])]),
        row("img/2.jpg", [Missing, Class(0), Labels(vec![false, false])]),
        row("img/3.jpg", [Number(1.0), Missing, Labels(vec![false, true])]),
    ];
    assert_eq!(table.rows(), rows);
}

#[test]
fn spreadsheets_write_tables_too() {
    let table =
        table("\u{feff}Datei;Alter;Rasse;;\r\na.jpg;1,5;Mops;;\r\nb.jpg;2;Husky;;\r\n;;;;\r\n");
    assert_eq!(table.tasks()[0], Task::number("Alter"));
    assert_eq!(table.rows()[0].targets, [Target::Number(1.5), Target::Class(1)]);
    assert_eq!(table.rows().len(), 2);
}

#[test]
fn a_picture_is_found_in_whatever_folder_unless_several_have_its_name() {
    let table =
        table("file,n\n1.jpg,1\na/1.jpg,2\nb\\c\\2.jpg,3\n/data/3.jpg,4\nx/4.jpg,5\ny/4.jpg,6");
    for (file, number) in [
        ("1.jpg", Some(1.0)),
        ("./a/1.jpg", Some(2.0)),
        ("photos\\a\\1.jpg", Some(2.0)),
        ("z/1.jpg", Some(1.0)),
        ("2.jpg", Some(3.0)),
        ("other/2.jpg", Some(3.0)),
        ("3.jpg", Some(4.0)),
        ("y/4.jpg", Some(6.0)),
        ("4.jpg", None),
        ("z/4.jpg", None),
        ("5.jpg", None),
        ("", None),
    ] {
        let found = table.get(file).map(|row| row.targets[0].clone());
        assert_eq!(found, number.map(Target::Number), "{file:?}");
    }
}

#[test]
fn mistakes_are_named_with_line_and_column() {
    let column = |name: &str| name.to_owned();
    for (text, expected) in [
        ("", TableError::Empty),
        ("\n ,, \n", TableError::Empty),
        ("a.JPG,cat\nb.jpg,dog", TableError::NoHeader { line: 1, file: "a.JPG".into() }),
        ("file\na.jpg", TableError::NoTask),
        ("file,,\na.jpg,,", TableError::NoTask),
        ("file,n\n\n", TableError::NoRows),
        ("file,,n\na.jpg,1,2", TableError::NoName { line: 1, position: 2 }),
        ("file,:class\na.jpg,1", TableError::NoName { line: 1, position: 2 }),
        ("file,n,n:class\na.jpg,1,2", TableError::SameName { line: 1, column: column("n") }),
        (
            "file,n,m\na.jpg,1,2\n\nb.jpg,1",
            TableError::TooFewCells { line: 4, found: 2, expected: 3, column: column("m") },
        ),
        ("file,n\r\na,b.jpg,2", TableError::TooManyCells { line: 2, found: 3, expected: 2 }),
        ("file,n\na,1\n./,2", TableError::NoFile { line: 3, column: column("file") }),
        (
            "picture,n\nx/a,1\nb,2\n./x\\a,2",
            TableError::SameFile {
                line: 4,
                column: column("picture"),
                file: "x/a".into(),
                first: 2,
            },
        ),
        (
            "file,n:number\na,1\nb,two",
            TableError::NotANumber { line: 3, column: column("n"), cell: "two".into() },
        ),
        ("file,n,m\na,1,\nb,2,", TableError::NoValues { column: column("m") }),
        ("file,n\na,x\nb,x", TableError::OneClass { column: column("n"), class: "x".into() }),
        ("file,n\na,\"x\nb,y", TableError::Csv(CsvError::OpenQuote { line: 2 })),
    ] {
        assert_eq!(error(text), expected, "{text:?}");
    }
    let utf16 = LabelTable::parse(b"\xff\xfef\0i\0l\0e\0,\0n\0");
    assert_eq!(utf16, Err(TableError::NotText));
}

/// A table's tasks and rows, and how they are written.
#[derive(Debug, Clone)]
struct Written {
    text: String,
    tasks: Vec<Task>,
    targets: Vec<Vec<Target>>,
}

/// A column's heading, task, and cells with their targets.
type Column = (String, Task, Vec<(String, Target)>);

/// Any column of `rows` rows; those of classes and labels hold each of theirs at least once.
fn any_column(index: usize, rows: usize) -> impl Strategy<Value = Column> {
    let name = format!("task {index}");
    let cells = prop::collection::vec(any::<(u8, bool, f32)>(), rows);
    (0..3usize, 2..5usize, cells).prop_map(move |(kind, count, draws)| {
        let choices: Vec<String> = (0..count).map(|i| format!("{i}, \"it's\" ; é")).collect();
        let cell = |(row, (draw, missing, number)): (usize, &(u8, bool, f32))| match kind {
            0 if *missing && row >= count => (String::new(), Target::Missing),
            0 => {
                let class = if row < count { row } else { usize::from(*draw) % count };
                (choices[class].clone(), Target::Class(class))
            }
            1 => {
                let present: Vec<bool> =
                    (0..count).map(|label| draw & (1 << label) != 0 || row == label).collect();
                let chosen = choices.iter().zip(&present).filter(|(_, present)| **present);
                let chosen: Vec<&str> = chosen.map(|(choice, _)| choice.as_str()).collect();
                (chosen.join("|"), Target::Labels(present))
            }
            _ if row > 0 && (*missing || !number.is_finite()) => (String::new(), Target::Missing),
            _ => {
                let number = if number.is_finite() { f64::from(*number) } else { 0.0 };
                (number.to_string(), Target::Number(number))
            }
        };
        let cells = draws.iter().enumerate().map(cell).collect();
        match kind {
            0 => (name.clone(), Task::class(&name, choices), cells),
            1 => (format!("{name}:labels"), Task::labels(&name, choices), cells),
            _ => (name.clone(), Task::number(&name), cells),
        }
    })
}

fn any_table() -> impl Strategy<Value = Written> {
    let delimiter = prop::sample::select(vec![",", ";", "\t"]);
    let columns = (1..4usize, 5..9usize).prop_flat_map(|(columns, rows)| {
        (0..columns).map(|index| any_column(index, rows)).collect::<Vec<_>>()
    });
    (columns, delimiter).prop_map(|(columns, delimiter)| {
        let rows = columns[0].2.len();
        let quote = |cell: &str| format!("\"{}\"", cell.replace('"', "\"\""));
        let mut lines = vec![vec!["file".to_owned()]];
        lines.extend((0..rows).map(|row| vec![format!("{row}.jpg")]));
        let mut targets = vec![Vec::new(); rows];
        let mut tasks = Vec::new();
        for (heading, task, cells) in columns {
            lines[0].push(heading);
            tasks.push(task);
            for (row, (cell, target)) in cells.into_iter().enumerate() {
                lines[row + 1].push(quote(&cell));
                targets[row].push(target);
            }
        }
        let text = lines.iter().map(|line| line.join(delimiter) + "\r\n").collect();
        Written { text, tasks, targets }
    })
}

proptest! {
    #[test]
    fn what_was_written_is_read_again(written in any_table()) {
        let table = LabelTable::parse(written.text.as_bytes()).unwrap();
        prop_assert_eq!(table.tasks(), written.tasks);
        for (row, targets) in written.targets.iter().enumerate() {
            let file = format!("{row}.jpg");
            prop_assert_eq!(&table.get(&file).unwrap().targets, targets);
        }
        prop_assert_eq!(table.rows().len(), written.targets.len());
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes: Vec<u8>) {
        let _ = LabelTable::parse(&bytes);
    }

    #[test]
    fn any_text_is_read_or_refused(
        text in r#"(file|a|b)?,n(:class|:labels|:number)?(,m)?[\n\r]([ab/\\.]{0,3},[0-9|x,;" \n\r\t.-]{0,8}\n){0,8}"#,
    ) {
        if let Ok(table) = LabelTable::parse(text.as_bytes()) {
            prop_assert_eq!(validate_tasks(table.tasks()), Ok(()));
            for row in table.rows() {
                prop_assert_eq!(check_targets(table.tasks(), &row.targets), Ok(()));
                prop_assert_eq!(table.get(&row.file), Some(row));
            }
        }
    }
}
