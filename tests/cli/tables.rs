//! Label tables as written by spreadsheets, scripts and competitions.

use std::fs;
use std::path::Path;

use image::ImageFormat;
use serde_json::Value;
use tempfile::{TempDir, tempdir};

use crate::inputs::{case, encoded, train_on, train_with, warnings, write};
use crate::program::{Outcome, assert_rejected, tunelab};

/// Folders with six images each: `img/cat/p0.png` to `img/dog/p5.png`.
const CLASSES: [&str; 2] = ["cat", "dog"];

/// A folder with these images.
fn pets() -> TempDir {
    let folder = tempdir().unwrap();
    for (class, name) in CLASSES.iter().enumerate() {
        for number in 0..6 {
            let image = encoded(8 * class as u8 + number, ImageFormat::Png);
            write(&folder.path().join(format!("img/{name}/p{number}.png")), &image);
        }
    }
    folder
}

/// A row for each image.
fn rows(row: impl Fn(usize, &str, usize) -> String) -> String {
    let row = &row;
    let all = CLASSES.iter().enumerate().flat_map(move |(class, name)| {
        (0..6).map(move |number| row(6 * class + number, name, number))
    });
    all.collect::<Vec<_>>().join("\n") + "\n"
}

/// Trains on a table next to the images of [`pets`].
fn train_on_text(name: &str, text: impl AsRef<[u8]>) -> Outcome {
    let folder = pets();
    write(&folder.path().join(name), text.as_ref());
    train_on(&folder.path().join(name))
}

/// All twelve images are used as cats and dogs, and no file is skipped.
fn assert_cats_and_dogs(outcome: &Outcome, words: &str) {
    assert_eq!(outcome.code, Some(0), "{words}: {}", outcome.errors);
    let started = outcome.named("started")[0];
    assert_eq!(started["classes"], serde_json::json!(CLASSES), "{words}");
    let count = |field: &str| started[field].as_u64().unwrap();
    assert_eq!(count("train_examples") + count("validation_examples"), 12, "{words}");
    assert_eq!(outcome.named("skipped").len(), 0, "{words}: {}", outcome.errors);
}

/// The kind of the only task, and its classes or labels.
fn task(outcome: &Outcome) -> (String, Vec<String>) {
    assert_eq!(outcome.code, Some(0), "{}", outcome.errors);
    let started = outcome.named("started")[0];
    let names = |names: &Value| -> Vec<String> {
        names.as_array().unwrap().iter().map(|name| name.as_str().unwrap().to_owned()).collect()
    };
    if started["classes"].is_array() {
        return ("class".to_owned(), names(&started["classes"]));
    }
    let tasks = started["tasks"].as_array().unwrap();
    assert_eq!(tasks.len(), 1, "{started}");
    let (kind, what) = tasks[0]["kind"].as_object().unwrap().iter().next().unwrap();
    (kind.clone(), if kind == "labels" { names(&what["labels"]) } else { Vec::new() })
}

#[test]
fn tables_of_excel_and_scripts_are_read() {
    let Some(folder) = case("16-csv-of-excel-and-scripts") else { return };
    for table in [
        "absolute.csv",
        "excel_de.csv",
        "dot_slash.csv",
        "upper.CSV",
        "parent.csv",
        "tabs.tsv",
        "index_first.csv",
        "label_first.csv",
        "no_extension.csv",
        "utf16.csv",
        "dupe_row.csv",
    ] {
        let outcome = train_on(&folder.path().join(table));
        assert_cats_and_dogs(&outcome, table);
        assert_eq!(
            warnings(&outcome).contains("1 row of the table is repeated"),
            table == "dupe_row.csv"
        );
    }
    let latin1 = train_on(&folder.path().join("latin1.csv"));
    assert_rejected(&latin1, "Line 2 contains a character that is not UTF-8. Save");
}

#[test]
fn paths_of_other_computers_are_matched() {
    for prefix in [
        "img/",
        "/content/drive/My Drive/pets/img/",
        "C:\\Users\\me\\pets\\img\\",
        "..\\other\\img\\",
        "./",
        "https://example.org/pets/img/",
        "IMG/",
    ] {
        let separator = if prefix.contains('\\') { '\\' } else { '/' };
        let rows = rows(|_, class, n| format!("{prefix}{class}{separator}p{n}.png,{class}"));
        assert_cats_and_dogs(&train_on_text("t.csv", format!("file,label\n{rows}")), prefix);
    }
}

/// Images elsewhere on this computer are used if the table names them.
#[test]
fn images_may_be_outside_the_folder_of_the_table() {
    let (folder, elsewhere) = (pets(), tempdir().unwrap());
    let root = folder.path().to_str().unwrap();
    let rows_of = |root: &str| rows(|_, class, n| format!("{root}/img/{class}/p{n}.png,{class}"));
    let table = elsewhere.path().join("t.csv");
    write(&table, format!("path,label\n{}", rows_of(root)).as_bytes());
    assert_cats_and_dogs(&train_on(&table), "absolute");

    let beside = folder.path().join("meta/t.csv");
    write(&beside, format!("path,label\n{}", rows_of("..")).as_bytes());
    assert_cats_and_dogs(&train_on(&beside), "beside");

    let nowhere = elsewhere.path().join("nowhere.csv");
    write(&nowhere, format!("path,label\n{}", rows_of("/nowhere")).as_bytes());
    assert_rejected(&train_on(&nowhere), "There are no images with the table");
}

#[test]
fn file_names_may_be_in_any_column_and_without_extension() {
    for (header, row) in [
        (
            "LABEL,Image",
            (|_, class, n| format!("{class},img/{class}/p{n}.png"))
                as fn(usize, &str, usize) -> String,
        ),
        ("label,image_id", |_, class, n| format!("{class},{class}/p{n}")),
        ("Unnamed: 0,filepath,category", |i, class, n| format!("{i},img/{class}/p{n}.png,{class}")),
        ("id,Target,img", |i, class, n| format!("{},{class},{class}/p{n}.jpg", i + 1)),
        ("'img','kind'", |_, class, n| format!("'img/{class}/p{n}.png','{class}'")),
        ("\"path\",\"class\"", |i, class, n| {
            format!("\"{}\",\"{class}/p{n}.png\",\"{class}\"", i + 1)
        }),
    ] {
        let outcome = train_on_text("t.csv", format!("{header}\n{}", rows(row)));
        assert_cats_and_dogs(&outcome, header);
    }
}

/// Excel and pandas turn names such as `0007` into numbers.
#[test]
fn numeric_names_may_have_lost_leading_zeros() {
    let folder = tempdir().unwrap();
    let mut table = "Id,Label\n".to_owned();
    for number in 0..12_u8 {
        let class = CLASSES[usize::from(number % 2)];
        write(
            &folder.path().join(format!("all/{number:05}.png")),
            &encoded(number, ImageFormat::Png),
        );
        table += &format!("{number},{class}\n");
    }
    write(&folder.path().join("t.csv"), table.as_bytes());
    let outcome = train_on(&folder.path().join("t.csv"));
    assert_cats_and_dogs(&outcome, "zeros");
    assert!(
        warnings(&outcome).contains("“0” was matched with “all/00000.png”"),
        "{}",
        warnings(&outcome)
    );
}

#[test]
fn leftovers_of_spreadsheets_are_ignored() {
    let row = |_: usize, class: &str, n: usize| format!(" img/{class}/p{n}.png ; {class} ;;");
    let rows = rows(row);
    for (name, start) in [
        ("t.csv", "sep=;\r\nfile;label;;\r\n"),
        ("t.txt", "\u{feff}\"file\";\"label\";;\n"),
        ("t.csv", "# labeled in May; by hand\n#\nfile;label\n"),
        ("t.csv", "# file;label;;\n"),
    ] {
        let text = format!("{start}{rows};;;\n;;;\n");
        assert_cats_and_dogs(&train_on_text(name, text), start);
    }
    let excel = format!("file\tlabel\r\n{}", rows.replace(" ; ", "\t").replace(" ;;", "\r"));
    let mut utf16 = vec![0xFE, 0xFF];
    utf16.extend(excel.encode_utf16().flat_map(u16::to_be_bytes));
    assert_cats_and_dogs(&train_on_text("t.csv", utf16), "UTF-16");
    let workbook = train_on_text("t.csv", b"PK\x03\x04\x14\x00\x06\x00\x08\x00\xff\xff\xff\xff");
    assert_rejected(&workbook, "not a table. Save it as CSV in UTF-8");
}

#[test]
fn ambiguous_whole_numbers_cause_a_warning() {
    let with = |header: &str, value: fn(usize, usize) -> String| {
        let rows = rows(|i, class, n| format!("img/{class}/p{n}.png,{}", value(i, n)));
        let outcome = train_on_text("t.csv", format!("file,{header}\n{rows}"));
        let warnings = warnings(&outcome);
        (task(&outcome), warnings)
    };
    let is_dog: fn(usize, usize) -> String = |i, _| (i / 6).to_string();
    let class = |names: &[&str]| {
        ("class".to_owned(), names.iter().map(ToString::to_string).collect::<Vec<_>>())
    };
    let number = ("number".to_owned(), Vec::new());
    let (found, warnings) = with("is_dog", is_dog);
    assert_eq!(found, class(&["0", "1"]));
    assert!(
        warnings
            .contains("“is_dog” contains only whole numbers from 0 to 1 and is learned as classes"),
        "{warnings}"
    );
    assert!(warnings.contains("write “is_dog:number” in the header of the table"), "{warnings}");
    assert_eq!(with("is_dog:number", is_dog), (number.clone(), String::new()));
    assert_eq!(with("is_dog:class", is_dog), (class(&["0", "1"]), String::new()));
    // As pandas writes them.
    assert_eq!(with("Label", |i, _| format!("{}.0", i / 6)).0, class(&["0", "1"]));
    let third: fn(usize, usize) -> String = |_, n| (n % 3 + 1).to_string();
    assert_eq!(with("Class ID", third).0, class(&["1", "2", "3"]));
    let (found, warnings) = with("stars", third);
    assert_eq!(found, number);
    assert!(
        warnings
            .contains("“stars” contains only whole numbers from 1 to 3 and is learned as a number"),
        "{warnings}"
    );
    assert!(warnings.contains("write “stars:class” in the header of the table"), "{warnings}");
    assert_eq!(with("age", |i, n| (7 * i + n).to_string()), (number.clone(), String::new()));
    assert_eq!(with("label", |i, _| format!("{i}.5")), (number, String::new()));
}

/// A column of classes may look like numbers in a table of other images.
#[test]
fn other_tables_are_mapped_to_the_tasks_of_the_model() {
    let folder = pets();
    let table = |name: &str, header: &str, value: fn(usize) -> usize| {
        let rows = rows(|i, class, n| format!("img/{class}/p{n}.png,{}", value(i)));
        let path = folder.path().join(name);
        write(&path, format!("{header}\n{rows}").as_bytes());
        path.to_str().unwrap().to_owned()
    };
    let train = table("train.csv", "file,stars:class", |i| i % 4 + 1);
    let val = table("val.csv", "file,stars", |i| i % 3 + 1);
    let out = tempdir().unwrap();
    let outcome = train_with(Path::new(&train), out.path(), &["--val", &val]);
    assert_eq!(outcome.code, Some(0), "{}", outcome.errors);
    let five = table("five.csv", "file,stars", |i| i % 5 + 1);
    let model = out.path().join("model.safetensors");
    let outcome =
        tunelab(&["evaluate", "--model", model.to_str().unwrap(), "--data", &five, "--json"]);
    assert_eq!(outcome.code, Some(2));
    assert!(outcome.errors.contains("“5” is not in the training data"), "{}", outcome.errors);
}

#[test]
fn one_hot_columns_are_one_task() {
    let rows = rows(|i, class, n| format!("{class}/p{n},{},{}.0", 1 - i / 6, i / 6));
    let outcome = train_on_text("t.csv", format!("image_id,cat,dog\n{rows}"));
    assert_cats_and_dogs(&outcome, "one-hot");
    let warnings = warnings(&outcome);
    assert!(warnings.contains("learned as the classes of one task, “class”"), "{warnings}");
}

#[test]
fn a_column_may_assign_images_to_splits() {
    let part = |n: usize| ["train", "train", "train", "valid", "valid", "test"][n];
    let rows = rows(|_, class, n| format!("img/{class}/p{n}.png,{class},{}", part(n)));
    let outcome = train_on_text("t.csv", format!("file,label,split\n{rows}"));
    assert_eq!(outcome.code, Some(0), "{}", outcome.errors);
    let started = outcome.named("started")[0];
    assert_eq!(started["classes"], serde_json::json!(CLASSES));
    assert_eq!(
        (&started["train_examples"], &started["validation_examples"]),
        (&6.into(), &4.into())
    );
    let warnings = warnings(&outcome);
    let expected =
        "“split” assigns the images to splits: 6 for training, 4 for validation and 2 for testing";
    assert!(warnings.contains(expected), "{warnings}");
}

/// Tables of competitions have additional columns, and rows of images that are elsewhere.
#[test]
fn additional_columns_and_rows_are_ignored() {
    let rows = rows(|i, class, n| format!("{i},a{i}f,img/{class}/p{n}.png,web,,{class}"));
    let more: String =
        (0..30).map(|i| format!("{},b{i},img/cow/p{i}.png,web,,cow\n", i + 12)).collect();
    let text = format!(",uuid,file_name,source,notes,label\n{rows}{more}");
    let outcome = train_on_text("t.csv", text);
    assert_cats_and_dogs(&outcome, "more");
    let warnings = warnings(&outcome);
    for expected in [
        "column “uuid” has a different value in every row, so it is not learned",
        "column “source” has the same value for every image",
        "column “notes” is empty",
        "The images of 30 of the table’s 42 rows were not found, for example “img/cow/p0.png”",
        "column “label” contains a class without images",
    ] {
        assert!(warnings.contains(expected), "no `{expected}`: {warnings}");
    }
}

#[test]
fn words_for_missing_values_are_recognized() {
    let rows = rows(|i, class, n| {
        let (label, age) =
            if n == 5 { ("NA", "NaN") } else { (class, if i % 2 == 0 { "1.5" } else { "2" }) };
        format!("img/{class}/p{n}.png,{label},{age}")
    });
    let outcome = train_on_text("t.csv", format!("file,label,age\n{rows}"));
    assert_eq!(outcome.code, Some(0), "{}", outcome.errors);
    let tasks = &outcome.named("started")[0]["tasks"];
    assert_eq!(tasks[0]["kind"]["class"]["classes"], serde_json::json!(CLASSES));
    assert!(tasks[1]["kind"]["number"].is_object(), "{tasks}");
    let warnings = warnings(&outcome);
    assert!(
        warnings.contains("contains “NA” 2 times, which is read as a missing value"),
        "{warnings}"
    );
}

#[test]
fn ambiguous_tables_are_refused_on_one_line() {
    let of = |header: &str, row: fn(usize, &str, usize) -> String| {
        train_on_text("t.csv", format!("{header}\n{}", rows(row)))
    };
    let ambiguous = of("file,label", |_, class, n| format!("p{n}.png,{class}"));
    assert_rejected(
        &ambiguous,
        "Line 2: “p0.png” may mean the image “img/cat/p0.png” or “img/dog/p0.png”",
    );
    let others = of("file,label", |_, class, n| format!("x/{n}.png,{class}"));
    assert_rejected(
        &others,
        "The table does not name any of the images: its column “file” names “x/0.png”",
    );
    let both = of("a,b,label", |i, class, n| {
        let other = CLASSES[1 - i / 6];
        format!("img/{class}/p{n}.png,img/{other}/p{n}.png,{class}")
    });
    assert_rejected(&both, "The columns “a” and “b” both name images, but different ones");
    let twice =
        rows(|_, class, n| format!("img/{class}/p{n}.png,{class}")) + "img/cat/p0.png,dog\n";
    let twice = train_on_text("t.csv", format!("file,label\n{twice}"));
    assert_rejected(
        &twice,
        "Line 14: the column “file” names “img/cat/p0.png”, as line 2 does, but the other values differ",
    );
    let bare = rows(|_, class, n| format!("img/{class}/p{n}.png,{class}"));
    assert_rejected(
        &train_on_text("t.csv", bare),
        "the table begins with an image, “img/cat/p0.png”",
    );
    assert_rejected(
        &of("n,file", |i, class, n| format!("{i},img/{class}/p{n}.png")),
        "no column to predict",
    );
}

/// Images without an extension are recognized by content.
#[test]
fn a_table_may_name_files_without_extension() {
    let folder = pets();
    let mut table = "file,label\n".to_owned();
    for class in CLASSES {
        for number in 0..6 {
            let file = folder.path().join(format!("img/{class}/p{number}"));
            fs::rename(file.with_extension("png"), &file).unwrap();
            table += &format!("img/{class}/p{number},{class}\n");
        }
    }
    write(&folder.path().join("img/notes"), b"This is not an image.\n");
    let path = folder.path().join("t.csv");
    write(&path, table.as_bytes());
    assert_cats_and_dogs(&train_on(&path), "without extension");
    write(&path, format!("{table}img/notes,cat\n").as_bytes());
    let outcome = train_on(&path);
    let skipped = outcome.named("skipped");
    assert_eq!(skipped.len(), 1, "{}", outcome.errors);
    assert_eq!(skipped[0]["file"], "img/notes");
    assert!(skipped[0]["reason"].as_str().unwrap().contains("not an image"), "{}", skipped[0]);
}

/// The folder may be given instead of the table.
#[test]
fn a_folder_with_a_table_and_unsorted_images_is_a_table() {
    let folder = pets();
    let all = folder.path().join("images");
    fs::create_dir(&all).unwrap();
    let mut table = "image,label\n".to_owned();
    for class in CLASSES {
        for number in 0..6 {
            let from = folder.path().join(format!("img/{class}/p{number}.png"));
            fs::rename(from, all.join(format!("{class}{number}.png"))).unwrap();
            table += &format!("{class}{number},{class}\n");
        }
    }
    fs::remove_dir_all(folder.path().join("img")).unwrap();
    write(&folder.path().join("meta/labels.csv"), table.as_bytes());
    assert_cats_and_dogs(&train_on(folder.path()), "folder");
    let alone = train_on(Path::new(&folder.path().join("meta/labels.csv")));
    assert_rejected(&alone, "There are no images with the table");
}
