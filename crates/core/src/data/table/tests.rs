use proptest::prelude::*;

use super::*;
use crate::data::csv::CsvError;
use crate::data::image_file::ImageFileInfo;
use crate::data::listed_file::ListedFile;
use crate::data::skipped::{ReadResults, SkipReason};
use crate::data::task::{Target, Task, check_targets, validate_tasks};
use crate::data::warning::{DataWarning, IgnoreReason};

fn plan_of(bytes: &[u8], files: &[&str]) -> Result<TablePlan, TableError> {
    let file = |path: &&str| ListedFile { path: (*path).to_owned(), kind: None };
    let files: Vec<ListedFile> = files.iter().map(file).collect();
    LabelTable::parse(bytes)?.plan(&files, "labels.csv")
}

fn plan(text: &str, files: &[&str]) -> TablePlan {
    plan_of(text.as_bytes(), files).unwrap()
}

/// The error for a table of the images `a.jpg`, `b.jpg`, `c.jpg`, `d.jpg`.
fn error(text: &str) -> TableError {
    plan_of(text.as_bytes(), &["a.jpg", "b.jpg", "c.jpg", "d.jpg"]).unwrap_err()
}

/// The plan for a table of the same images.
fn abcd(text: &str) -> TablePlan {
    plan(text, &["a.jpg", "b.jpg", "c.jpg", "d.jpg"])
}

fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| name.to_string()).collect()
}

fn paths(images: &[LabeledImage]) -> Vec<&str> {
    images.iter().map(|image| image.path.as_str()).collect()
}

/// The targets of the first task.
fn targets(plan: &TablePlan) -> Vec<Target> {
    plan.train.iter().map(|image| image.targets[0].clone()).collect()
}

#[test]
fn a_table_of_three_tasks_is_read() {
    let table = plan(
        "file,age,breed,tags\n\
         1.jpg,3.5,pug,indoor|puppy\n\
         img/2.jpg,,husky,\n\
         .\\img\\3.jpg, 1 ,,\"puppy\"\n\
         ,,,\n",
        &["img/3.jpg", "1.jpg", "img/2.jpg"],
    );
    let tasks = [
        Task::number("age"),
        Task::class("breed", names(&["husky", "pug"])),
        Task::labels("tags", names(&["indoor", "puppy"])),
    ];
    assert_eq!(table.tasks, tasks);
    use Target::{Class, Labels, Missing, Number};
    let image = |index, path: &str, targets: [Target; 3]| LabeledImage {
        index,
        path: path.into(),
        targets: targets.into(),
    };
    let images = [
        image(1, "1.jpg", [Number(3.5), Class(1), Labels(vec![true, true])]),
        image(2, "img/2.jpg", [Missing, Class(0), Labels(vec![false, false])]),
        image(0, "img/3.jpg", [Number(1.0), Missing, Labels(vec![false, true])]),
    ];
    assert_eq!(table.train, images);
    assert_eq!((table.validation, table.warnings.len(), table.skipped.len()), (None, 0, 0));
}

#[test]
fn tables_of_spreadsheets_are_read() {
    let table = plan(
        "\u{feff}Datei;Alter;Rasse;;\r\na.jpg;1,5;Mops;;\r\nb.jpg;2;Husky;;\r\n;;;;\r\n",
        &["a.jpg", "b.jpg"],
    );
    assert_eq!(table.tasks[0], Task::number("Alter"));
    assert_eq!(table.train[0].targets, [Target::Number(1.5), Target::Class(1)]);
    assert_eq!(table.train.len(), 2);
}

/// The column of the files may have any position and any name.
#[test]
fn the_column_of_the_files_is_found_by_its_cells() {
    for text in [
        "file,label\na.jpg,x\nb.jpg,y",
        "label,image\nx,a.jpg\ny,b.jpg",
        ",path,label\n0,a.jpg,x\n1,b.jpg,y",
        "Unnamed: 0,path,label\n17,a.jpg,x\n4,b.jpg,y",
        "nr,label,what\n1,x,a.jpg\n2,y,b.jpg",
        "label,file,file_name\nx,a,a.jpg\ny,b,b.jpg",
        ",label\na.jpg,x\nb.jpg,y",
        "id,label\na,x\nb,y",
    ] {
        let table = abcd(text);
        assert_eq!(table.tasks.len(), 1, "{text:?}");
        assert_eq!(table.tasks[0].kind, Task::class("", names(&["x", "y"])).kind, "{text:?}");
        assert_eq!(paths(&table.train), ["a.jpg", "b.jpg"], "{text:?}");
        assert_eq!(targets(&table), [Target::Class(0), Target::Class(1)], "{text:?}");
    }
    // Row numbers may be the names of the images, if no other column is.
    let numbered = plan("id,label\n0,x\n1,y", &["0.png", "1.png"]);
    assert_eq!(paths(&numbered.train), ["0.png", "1.png"]);
    let elsewhere = plan_of(b",file,label\n0,x.png,x\n1,y.png,y", &["1.png", "2.png"]);
    assert!(matches!(elsewhere, Err(TableError::OtherImages { .. })), "{elsewhere:?}");
}

#[test]
fn the_second_column_of_images_is_ignored_or_rejected() {
    let files = ["img/1.png", "img/2.png", "mask/1.png", "mask/2.png"];
    let rows = "img/1.png,mask/1.png,x\nimg/2.png,mask/2.png,y";
    let table = plan(&format!("image,mask,label\n{rows}"), &files);
    assert_eq!(paths(&table.train), ["img/1.png", "img/2.png"]);
    let ignored =
        DataWarning::IgnoredColumns { columns: names(&["mask"]), reason: IgnoreReason::ImageName };
    assert_eq!(table.warnings, [ignored]);
    let ambiguous = plan_of(format!("left,right,label\n{rows}").as_bytes(), &files).unwrap_err();
    let (first, second) = ("left".to_owned(), "right".to_owned());
    assert_eq!(ambiguous, TableError::TwoFileColumns { first, second });
}

#[test]
fn constant_and_empty_columns_are_ignored() {
    let table = abcd(
        "file,id,uuid,notes,source,label,,\n\
         a.jpg,1,f3,,web,x,,\nb.jpg,2,a9,NaN,web,y,,\nc.jpg,3,b0,,web,y,,\n",
    );
    assert_eq!(table.tasks, [Task::class("label", names(&["x", "y"]))]);
    let ignored =
        |columns: &[&str], reason| DataWarning::IgnoredColumns { columns: names(columns), reason };
    assert_eq!(
        table.warnings,
        [
            ignored(&["id"], IgnoreReason::RowNumber),
            ignored(&["uuid"], IgnoreReason::Identifier),
            ignored(&["notes"], IgnoreReason::Empty),
            ignored(&["source"], IgnoreReason::Constant),
        ]
    );
    // A column with a kind in its header is learned.
    let with_kind = abcd("file,id:number,label\na.jpg,1,x\nb.jpg,2,y\n");
    assert_eq!(with_kind.tasks[0], Task::number("id"));
}

#[test]
fn a_column_may_assign_images_to_splits() {
    let table = abcd("file,Split,n\na.jpg,train,0.5\nb.jpg,Val,1.5\nc.jpg,test,2.5\nd.jpg,,3.5");
    assert_eq!(table.tasks, [Task::number("n")]);
    assert_eq!(paths(&table.train), ["a.jpg", "d.jpg"]);
    assert_eq!(paths(table.validation.as_deref().unwrap()), ["b.jpg"]);
    let column = "Split".to_owned();
    let expected = DataWarning::SplitColumn { column, train: 2, validation: 1, unused: 1 };
    assert_eq!(table.warnings, [expected]);

    let tested = abcd("file,set,n\na.jpg,training,0.5\nb.jpg,test,1.5");
    assert_eq!(paths(tested.validation.as_deref().unwrap()), ["b.jpg"]);
    let flagged = abcd("file,is_valid,n\na.jpg,False,0.5\nb.jpg,True,1.5");
    assert_eq!(paths(flagged.validation.as_deref().unwrap()), ["b.jpg"]);
    // An ordinary class.
    let other = abcd("file,set,n\na.jpg,old,0.5\nb.jpg,new,1.5");
    assert_eq!((other.tasks.len(), other.validation), (2, None));
    let same = abcd("file,split,n\na.jpg,test,0.5\nb.jpg,test,1.5");
    assert_eq!((same.tasks.len(), same.validation.is_none(), same.train.len()), (1, true, 2));
}

#[test]
fn one_hot_columns_are_one_task() {
    let table = abcd("image,healthy,rust,age\na,1,0,3\nb,0,1,4\nc,0.0,1.0,5\nd,1,0,6\n");
    let tasks = [Task::class("class", names(&["healthy", "rust"])), Task::number("age")];
    assert_eq!(table.tasks, tasks);
    assert_eq!(targets(&table), [0, 1, 1, 0].map(Target::Class));
    let columns = names(&["healthy", "rust"]);
    assert_eq!(table.warnings, [DataWarning::OneHot { columns, task: "class".into() }]);
}

#[test]
fn few_whole_numbers_cause_a_warning() {
    let table = abcd("file,happy,stars\na.jpg,1,5\nb.jpg,0,3\nc.jpg,1,3\nd.jpg,0,5");
    assert_eq!(table.tasks[1], Task::number("stars"));
    let expected = |column: &str, lowest, highest, as_classes| {
        let columns = names(&[column]);
        DataWarning::WholeNumbers { columns, lowest, highest, as_classes }
    };
    assert_eq!(table.warnings, [expected("stars", 3, 5, false), expected("happy", 0, 1, true)]);
    let words = table.warnings[1].to_string();
    assert!(words.contains("from 0 to 1") && words.contains("“happy:number”"), "{words}");
    let words = table.warnings[0].to_string();
    assert!(words.contains("from 3 to 5") && words.contains("“stars:class”"), "{words}");
}

#[test]
fn repeated_rows_count_once() {
    let table = abcd(",file,n\n0,a.jpg,0.5\n1,b.jpg,1.5\n2,./a.jpg,0.5\n");
    assert_eq!(paths(&table.train), ["a.jpg", "b.jpg"]);
    assert_eq!(table.warnings, [DataWarning::RepeatedRows { count: 1, line: 4, first: 2 }]);
}

#[test]
fn rows_without_an_image_and_images_without_a_row_are_reported() {
    let files = ["a.jpg", "notes.txt", "labels.csv", "z.jpg", ".DS_Store", "b.jpg"];
    let mut table = plan("file,n\na.jpg,0.5\nx/no.jpg,1\nb.jpg,2\nnotes.txt,3", &files);
    table.report_unused();
    let skipped: Vec<&str> = table.skipped.iter().map(|file| file.name.as_str()).collect();
    assert_eq!(skipped, ["x/no.jpg", "notes.txt", "notes.txt", "z.jpg"]);
    assert_eq!(table.skipped[1].reason, SkipReason::NotAnImage { kind: None });

    // Many of them are only counted.
    let rows: String = (0..50).map(|row| format!("{row}.jpg,{row}.5\n")).collect();
    let others: Vec<String> = (20..100).map(|other| format!("{other}.jpg")).collect();
    let others: Vec<&str> = others.iter().map(String::as_str).collect();
    let mut table = plan(&format!("file,n\n{rows}"), &others);
    assert_eq!((table.train.len(), table.skipped.len()), (30, 20));
    table.report_unused();
    assert_eq!(table.skipped.len(), 20);
    let example = "50.jpg".to_owned();
    assert_eq!(table.warnings, [DataWarning::FilesWithoutRow { count: 50, example }]);
    let table = plan(&format!("file,n\n{rows}"), &others[10..]);
    let example = "0.jpg".to_owned();
    assert_eq!(table.warnings, [DataWarning::RowsWithoutImage { count: 30, rows: 50, example }]);
}

#[test]
fn images_with_other_names_cause_a_warning() {
    let table = plan("file,n\nA.png,0.5\nB.png,1.5", &["a.jpg", "b.jpg"]);
    let example = ("A.png".to_owned(), "a.jpg".to_owned());
    assert_eq!(table.warnings, [DataWarning::MatchedByOtherName { count: 2, example }]);
    assert_eq!(abcd("file,n\na,0.5\nb,1.5").warnings, []);
}

fn unreadable() -> SkipReason {
    SkipReason::Unreadable { problem: "broken".to_owned() }
}

fn read_all_but(table: &TablePlan, bad: &[&str]) -> ReadResults {
    let read = |image: &LabeledImage| {
        let info = ImageFileInfo { is_incomplete: false, digest: image.index as u64 };
        let is_bad = bad.contains(&image.path.as_str());
        (image.index, if is_bad { Err(unreadable()) } else { Ok(info) })
    };
    table.images().map(read).collect()
}

#[test]
fn classes_without_images_are_removed() {
    let text = "file,breed,age\na.jpg,pug,1.5\nno.jpg,corgi,2\nb.jpg,husky,3\nc.jpg,akita,4";
    let table = abcd(text);
    let read = read_all_but(&table, &["c.jpg"]);
    let table = table.after_reading(&read).unwrap();
    assert_eq!(table.tasks[0], Task::class("breed", names(&["husky", "pug"])));
    assert_eq!(targets(&table), [Target::Class(1), Target::Class(0)]);
    let (column, classes) = ("breed".to_owned(), names(&["akita", "corgi"]));
    assert_eq!(table.warnings, [DataWarning::ClassesWithoutImages { column, classes }]);
    assert_eq!(table.skipped.len(), 2);

    // With one class left, the column is ignored if there are others.
    let table = abcd(text);
    let read = read_all_but(&table, &["b.jpg", "c.jpg"]);
    let table = table.after_reading(&read).unwrap();
    assert_eq!(table.tasks, [Task::number("age")]);
    assert_eq!(table.train[0].targets, [Target::Number(1.5)]);
    let table = abcd("file,breed\na.jpg,pug\nb.jpg,husky");
    let read = read_all_but(&table, &["b.jpg"]);
    let (column, class) = ("breed".to_owned(), "pug".to_owned());
    assert_eq!(table.after_reading(&read), Err(TableError::OneClass { column, class }));
    let table = abcd("file,breed\na.jpg,pug\nb.jpg,husky");
    let read = read_all_but(&table, &["a.jpg", "b.jpg"]);
    let none = TableError::NoneReadable { images: 2, reason: Some(unreadable().into()) };
    assert_eq!(table.after_reading(&read), Err(none));

    let table = abcd("file,split,breed\na.jpg,train,pug\nb.jpg,train,husky\nc.jpg,val,corgi");
    let read = read_all_but(&table, &[]);
    let (column, classes) = ("breed".to_owned(), names(&["corgi"]));
    assert_eq!(table.after_reading(&read), Err(TableError::OnlyInValidation { column, classes }));
}

#[test]
fn errors_have_line_and_column() {
    let column = |name: &str| name.to_owned();
    for (text, expected) in [
        ("", TableError::Empty),
        ("\n ,, \n", TableError::Empty),
        ("x.JPG,cat\nb.jpg,dog", TableError::NoHeader { line: 1, file: "x.JPG".into() }),
        ("cat,img/x.png\ndog,b.jpg", TableError::NoHeader { line: 1, file: "img/x.png".into() }),
        ("a,cat\nb,dog\nc,cat", TableError::NoHeader { line: 1, file: "a".into() }),
        ("file\na.jpg", TableError::NoTask),
        ("file,,\na.jpg,,", TableError::NoTask),
        (",file\n0,a.jpg\n1,b.jpg", TableError::NoTask),
        ("file,n\n\n", TableError::NoRows),
        ("file,,n\na.jpg,1.5,2", TableError::NoName { line: 1, position: 2 }),
        ("file,:class\na.jpg,1", TableError::NoName { line: 1, position: 2 }),
        ("file,n,n:class\na.jpg,1,2", TableError::SameName { line: 1, column: column("n") }),
        (
            "file,n,m\na.jpg,1,2\n\nb.jpg,1",
            TableError::TooFewCells { line: 4, found: 2, expected: 3, column: column("m") },
        ),
        ("file,n\r\na,b.jpg,2", TableError::TooManyCells { line: 2, found: 3, expected: 2 }),
        ("file,n\na,1\n./,2", TableError::NoFile { line: 3, column: column("file") }),
        (
            "picture,n\na,1\nb,2\n./a,2",
            TableError::SameFile { line: 4, column: column("picture"), file: "a".into(), first: 2 },
        ),
        (
            "file,n\nx/a.jpg,1\nb.jpg,2\ny/a.jpg,3",
            TableError::SameImage {
                line: 4,
                file: "y/a.jpg".into(),
                first: 2,
                other: "x/a.jpg".into(),
                image: "a.jpg".into(),
            },
        ),
        (
            "file,n:number\na,1\nb,two",
            TableError::NotANumber { line: 3, column: column("n"), cell: "two".into() },
        ),
        ("file,m\na,\nb,NaN", TableError::NoValues { column: column("m") }),
        ("file,n\na,x\nb,x", TableError::OneClass { column: column("n"), class: "x".into() }),
        ("file,n\na,\"x\nb,y", TableError::Csv(CsvError::UnclosedQuote { line: 2 })),
        (
            "n,file\n0.5,x.jpg\n1,y.jpg",
            TableError::OtherImages {
                column: column("file"),
                file: "x.jpg".into(),
                image: "a.jpg".into(),
            },
        ),
    ] {
        assert_eq!(error(text), expected, "{text:?}");
    }
    assert_eq!(plan_of(b"file,n\na,1", &["labels.csv"]), Err(TableError::NoImages));
    let ambiguous = plan_of(b"file,n\na.jpg,1\nb.jpg,2", &["x/a.jpg", "y/a.jpg", "x/b.jpg"]);
    let expected = TableError::AmbiguousFile {
        line: 2,
        column: column("file"),
        file: "a.jpg".into(),
        first: "x/a.jpg".into(),
        second: "y/a.jpg".into(),
    };
    assert_eq!(ambiguous, Err(expected));
}

/// Messages fit in one line, whatever the table contains.
#[test]
fn warnings_and_errors_are_sentences_on_one_line() {
    let table =
        abcd("file,split,n,t\na.jpg,train,1,NA\nb.jpg,val,2,x\nc.jpg,test,1,y\na.jpg,train,1,NA");
    assert_eq!(table.warnings.len(), 3, "{:?}", table.warnings);
    for words in table.warnings.iter().map(ToString::to_string) {
        assert!(!words.contains('\n') && words.ends_with('.'), "{words}");
    }
    for text in ["", "file,n", "a.jpg,b", "file,n\nz,1"] {
        let words = error(text).to_string();
        assert!(!words.contains('\n') && words.ends_with('.'), "{words}");
    }
}

/// The text of a table with its tasks and targets.
#[derive(Debug, Clone)]
struct Written {
    text: String,
    tasks: Vec<Task>,
    targets: Vec<Vec<Target>>,
}

/// The header of a column, its task, and its cells with their targets.
type Column = (String, Task, Vec<(String, Target)>);

/// Any column of `rows` rows, with each of its classes or labels at least once and at least two different
/// numbers.
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
            _ if row > 1 && (*missing || !number.is_finite()) => (String::new(), Target::Missing),
            _ => {
                let number = if row > 1 { f64::from(*number) } else { row as f64 + 0.5 };
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
        for (header, task, cells) in columns {
            lines[0].push(header);
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
    fn tables_round_trip(written in any_table()) {
        let files: Vec<String> = (0..written.targets.len()).map(|row| format!("{row}.jpg")).collect();
        let files: Vec<&str> = files.iter().map(String::as_str).collect();
        let table = plan(&written.text, &files);
        prop_assert_eq!(table.tasks, written.tasks);
        for (row, targets) in written.targets.iter().enumerate() {
            prop_assert_eq!(&table.train[row].path, files[row]);
            prop_assert_eq!(&table.train[row].targets, targets);
        }
        prop_assert_eq!(table.train.len(), written.targets.len());
    }

    #[test]
    fn any_bytes_are_read_or_rejected(bytes: Vec<u8>) {
        let _ = LabelTable::parse(&bytes);
    }

    #[test]
    fn any_text_is_read_or_rejected(
        text in r#"(file|a|b|#)?,n(:class|:labels|:number)?(,split)?[\n\r]([ab/\\.]{0,3},[0-9|x,;" \n\r\t.-]{0,8}(,train|,val)?\n){0,8}"#,
    ) {
        let files = ["a.png", "b.png", "a/b.png", "b/a.jpg"];
        if let Ok(table) = plan_of(text.as_bytes(), &files) {
            prop_assert_eq!(validate_tasks(&table.tasks), Ok(()));
            for image in table.images() {
                prop_assert_eq!(check_targets(&table.tasks, &image.targets), Ok(()));
                prop_assert_eq!(&image.path, files[image.index]);
            }
            let read = read_all_but(&table, &[]);
            if let Ok(table) = table.after_reading(&read) {
                prop_assert_eq!(validate_tasks(&table.tasks), Ok(()));
                for image in table.images() {
                    prop_assert_eq!(check_targets(&table.tasks, &image.targets), Ok(()));
                }
            }
        }
    }
}

#[test]
fn one_table_is_found_and_several_are_rejected() {
    assert_eq!(find_table(&names(&["a/1.jpg", "a/.labels.csv"])), Ok(None));
    assert_eq!(find_table(&names(&["a/1.jpg", "a/Labels.CSV"])), Ok(Some(1)));
    let tables = names(&["train.tsv", "val.csv"]);
    assert_eq!(find_table(&tables), Err(TableError::SeveralTables { tables }));
}
