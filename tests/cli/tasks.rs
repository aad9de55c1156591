//! Photographs of hand signs with a label table: a class, a number and labels, learned together or separately.

use std::fs;
use std::path::Path;

use serde_json::Value;
use tempfile::{TempDir, tempdir};

use crate::common::shared;
use crate::program::{Outcome, assert_rejected, kill_after, number, tunelab};

/// The header gives the kinds, because a digit would otherwise be a number.
const ALL: &str = "file,digit:class,value:number,tags:labels";

/// A photograph: its path from the folder of the tables, and its digit.
struct Sign {
    file: String,
    digit: usize,
}

impl Sign {
    fn tags(&self) -> String {
        let digit = self.digit;
        let tags = [("odd", digit % 2 == 1), ("prime", is_prime(digit)), ("small", digit < 5)];
        let there: Vec<&str> = tags.iter().filter(|tag| tag.1).map(|tag| tag.0).collect();
        there.join("|")
    }

    fn all(&self) -> String {
        format!("{0},{1},{1},{2}", self.file, self.digit, self.tags())
    }
}

fn is_prime(digit: usize) -> bool {
    [2, 3, 5, 7].contains(&digit)
}

/// A folder with photographs and tables.
struct Signs {
    folder: TempDir,
    train: Vec<Sign>,
    validation: Vec<Sign>,
}

impl Signs {
    /// 20 training and 8 validation photographs per digit; `None` without the shared data.
    fn new() -> Option<Self> {
        let data = shared("data/sign-digits")?;
        let folder = tempdir().unwrap();
        let part = |name: &str, count: usize| {
            let mut signs = Vec::new();
            for digit in 0..10 {
                let class = format!("{name}/{digit}");
                fs::create_dir_all(folder.path().join(&class)).unwrap();
                let entries = fs::read_dir(data.join(&class)).unwrap();
                let mut files: Vec<String> = entries
                    .map(|entry| entry.unwrap().file_name().into_string().unwrap())
                    .collect();
                files.sort();
                // Photographs of one hand have consecutive numbers; these are of many hands.
                for file in files.iter().step_by(files.len() / count).take(count) {
                    let file = format!("{class}/{file}");
                    fs::copy(data.join(&file), folder.path().join(&file)).unwrap();
                    signs.push(Sign { file, digit });
                }
            }
            signs
        };
        let (train, validation) = (part("train", 20), part("val", 8));
        Some(Self { folder, train, validation })
    }

    /// Writes a table next to the photographs, and returns its path.
    fn table(&self, name: &str, header: &str, rows: impl Iterator<Item = String>) -> String {
        let path = self.folder.path().join(name);
        let lines: Vec<String> = std::iter::once(header.to_string()).chain(rows).collect();
        fs::write(&path, lines.join("\n") + "\n").unwrap();
        path.to_str().unwrap().to_string()
    }

    /// The tables of both splits, with a row for each photograph.
    fn tables(&self, header: &str, row: impl Fn(&Sign) -> String) -> (String, String) {
        let table = |name, signs: &[Sign]| self.table(name, header, signs.iter().map(&row));
        (table("train.csv", &self.train), table("val.csv", &self.validation))
    }
}

fn arguments<'a>(train: &'a str, validation: &'a str, out: &'a str) -> Vec<&'a str> {
    let data = ["--data", train, "--val", validation, "--out", out];
    [&["train", "--json", "--size", "64"], &data[..]].concat()
}

/// Trains a linear probe, which takes a few seconds.
fn probe(train: &str, validation: &str, out: &Path, more: &[&str]) -> Outcome {
    let arguments = arguments(train, validation, out.to_str().unwrap());
    tunelab(&[&arguments[..], &["--strategy", "probe"], more].concat())
}

/// Accuracy of the digit, R² of its value, and mean average precision of its tags.
fn scores(done: &Value) -> [f64; 3] {
    let tasks = &done["tasks"];
    let names: Vec<&String> = tasks.as_object().unwrap().keys().collect();
    assert_eq!(names, ["digit", "value", "tags"]);
    [
        number(&tasks["digit"]["top1"]),
        number(&tasks["value"]["errors"]["r_squared"]),
        number(&tasks["tags"]["mean_average_precision"]),
    ]
}

/// Measured: 0.89, 0.73 and 0.92, with any seed. Chance: 0.1, 0 and 0.46.
fn assert_learned(scores: [f64; 3]) {
    println!("accuracy, R², mean average precision: {scores:.3?}");
    let least = [0.8, 0.6, 0.87];
    let learned = scores.iter().zip(least).all(|(found, least)| *found > least);
    assert!(learned, "{scores:?} is not above {least:?}");
}

fn assert_near(found: [f64; 3], expected: [f64; 3], tolerance: f64) {
    let off = found.iter().zip(expected).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
    assert!(off <= tolerance, "{found:?} is not {expected:?}");
}

#[track_caller]
fn assert_rejected_with(outcome: &Outcome, expected: &[&str]) {
    for expected in expected {
        assert_rejected(outcome, expected);
    }
}

#[test]
fn a_class_a_number_and_labels_are_learned_at_once() {
    let Some(signs) = Signs::new() else { return };
    let (train, validation) = signs.tables(ALL, Sign::all);
    let out = tempdir().unwrap();
    let outcome = probe(&train, &validation, out.path(), &[]);
    assert_eq!(outcome.code, Some(0), "{}", outcome.errors);
    let started = outcome.named("started")[0];
    assert_eq!(
        (&started["train_examples"], &started["validation_examples"]),
        (&200.into(), &80.into())
    );
    let kinds = started["tasks"].as_array().unwrap();
    assert_eq!(kinds[0]["kind"]["class"]["classes"][9], "9");
    // The digits are equally frequent: mean 4.5, variance (10² - 1) / 12.
    let scale = &kinds[1]["kind"]["number"];
    assert!((number(&scale["mean"]) - 4.5).abs() < 1e-9, "{scale}");
    assert!((number(&scale["deviation"]) - (99.0f64 / 12.0).sqrt()).abs() < 1e-9, "{scale}");
    assert_eq!(kinds[2]["kind"]["labels"]["labels"], serde_json::json!(["odd", "prime", "small"]));

    let done = outcome.done();
    let learned = scores(done);
    assert_learned(learned);
    let mean = learned.iter().sum::<f64>() / 3.0;
    assert!((number(&done["score"]) - mean).abs() < 1e-9, "{done}");
    let best = |event: &&&Value| event["epoch"] == done["best_epoch"];
    let epochs = outcome.named("epoch");
    let best = epochs.iter().find(best).unwrap();
    assert_eq!(best["validation"]["tasks"], done["tasks"]);
    let report = fs::read(out.path().join("report.json")).unwrap();
    let report: Value = serde_json::from_slice(&report).unwrap();
    assert_eq!(report["details"]["tasks"].as_array().unwrap().len(), 3);

    // The saved network has the same scores, also on a table with another order of columns.
    let model = out.path().join("model.safetensors");
    let model = model.to_str().unwrap();
    let reordered = signs.table(
        "reordered.csv",
        "image,tags:labels,value,digit:class",
        signs
            .validation
            .iter()
            .map(|sign| format!("{},{},{}.0,{}", sign.file, sign.tags(), sign.digit, sign.digit)),
    );
    for table in [&validation, &reordered] {
        let evaluated = tunelab(&["evaluate", "--model", model, "--data", table, "--json"]);
        assert_near(scores(evaluated.done()), learned, 2e-3);
        let off = number(&evaluated.done()["loss"]) / number(&done["loss"]) - 1.0;
        assert!(off.abs() < 1e-3, "{off}");
    }
    let lacking = signs.table(
        "lacking.csv",
        "file,digit:class,value",
        signs.validation.iter().map(|sign| format!("{0},{1},{1}", sign.file, sign.digit)),
    );
    let evaluated = tunelab(&["evaluate", "--model", model, "--data", &lacking, "--json"]);
    assert_rejected_with(&evaluated, &["lacking.csv", "“tags”", "Add a column"]);

    assert_answers(&signs, model);
}

/// Checks that each photograph has a prediction for each task, and that most are correct.
fn assert_answers(signs: &Signs, model: &str) {
    let path = |sign: &Sign| signs.folder.path().join(&sign.file).to_str().unwrap().to_string();
    let files: Vec<String> = signs.validation.iter().map(path).collect();
    let mut arguments = vec!["predict", "--model", model, "--json"];
    arguments.extend(files.iter().map(String::as_str));
    let predicted = tunelab(&arguments);
    let predictions = predicted.named("prediction");
    assert_eq!(predictions.len(), signs.validation.len(), "{}", predicted.errors);
    let mut right = [0; 3];
    for ((sign, file), prediction) in signs.validation.iter().zip(&files).zip(predictions) {
        assert_eq!(&prediction["file"], file);
        let tasks = &prediction["tasks"];
        let classes = tasks["digit"]["classes"].as_array().unwrap();
        let sum: f64 = classes.iter().map(|class| number(&class["probability"])).sum();
        assert!(classes.len() == 10 && (sum - 1.0).abs() < 1e-6, "{tasks}");
        assert_eq!(classes[0]["class"], tasks["digit"]["class"]);
        right[0] +=
            usize::from(tasks["digit"]["class"].as_str() == Some(&sign.digit.to_string()[..]));
        let off = number(&tasks["value"]["number"]) - sign.digit as f64;
        right[1] += usize::from(off.abs() < 2.0);
        let tags = tasks["tags"]["probabilities"].as_array().unwrap();
        assert_eq!(tags.len(), 3);
        let likely: Vec<&Value> = tags
            .iter()
            .filter(|tag| number(&tag["probability"]) >= 0.5)
            .map(|tag| &tag["label"])
            .collect();
        assert_eq!(tasks["tags"]["labels"], serde_json::json!(likely));
        let is_prime_said = likely.iter().any(|tag| **tag == "prime");
        right[2] += usize::from(is_prime_said == is_prime(sign.digit));
    }
    println!("right of 80: digit, value within 2, prime: {right:?}");
    // Measured: 71, 64 and 66 correct. Chance: about 8, 40 and 48.
    assert!(right[0] >= 60 && right[1] >= 54 && right[2] >= 56, "{right:?}");
}

#[test]
fn weights_of_the_columns_may_be_learned_or_given() {
    let Some(signs) = Signs::new() else { return };
    let (train, validation) = signs.tables(ALL, Sign::all);
    let out = tempdir().unwrap();
    let with = |weights: &str| {
        let outcome = probe(&train, &validation, out.path(), &["--task-weights", weights]);
        assert_eq!(outcome.code, Some(0), "{}", outcome.errors);
        let losses: Vec<f64> =
            outcome.named("step").iter().map(|step| number(&step["loss"])).collect();
        (scores(outcome.done()), losses)
    };
    let (equal, losses) = with("equal");
    let (learned, other_losses) = with("learned");
    assert_learned(learned);
    assert_near(learned, equal, 0.06);
    // The variances are learned, so the weighted sum changes. The loss of a number has a factor of one half from the
    // start.
    assert!(other_losses[0] < losses[0], "{} and {}", other_losses[0], losses[0]);
    assert!(other_losses.last().unwrap() < &0.0, "{:?}", other_losses.last());

    // Tasks with a weight of 0 are not learned; the others are.
    let (given, _) = with("1,0,1");
    assert_near([given[0], equal[1], given[2]], equal, 0.06);
    assert!(given[1] < 0.1, "{given:?}");

    let wrong = probe(&train, &validation, out.path(), &["--task-weights", "1,1"]);
    assert_rejected_with(&wrong, &["--task-weights: Enter 3 numbers of 0 or more"]);
    let wrong = probe(&train, &validation, out.path(), &["--task-weights", "much"]);
    assert_rejected_with(&wrong, &["learned"]);
}

/// Checkpoints include the learned task weights.
#[test]
fn a_killed_run_of_several_columns_resumes_to_the_same_losses() {
    let Some(signs) = Signs::new() else { return };
    let (train, validation) = signs.tables(ALL, Sign::all);
    let losses = |out: &Path| -> Vec<Value> {
        let text = fs::read_to_string(out.join("metrics.jsonl")).unwrap();
        let parse = |line: &str| {
            let value: Value = serde_json::from_str(line).unwrap();
            serde_json::json!([value["step"], value["loss"], value["epoch"], value["validation"]])
        };
        text.lines().map(parse).collect()
    };
    let recipe = ["--task-weights", "learned", "--epochs", "4", "--batch-size", "8"];
    let whole = tempdir().unwrap();
    probe(&train, &validation, whole.path(), &recipe).done();
    let killed = tempdir().unwrap();
    let out = killed.path().to_str().unwrap();
    let with_checkpoints = ["--strategy", "probe", "--checkpoint-every", "0"];
    let arguments = arguments(&train, &validation, out);
    kill_after("step", 60, &[&arguments[..], &with_checkpoints, &recipe].concat());
    let resumed = tunelab(&["train", "--resume", "--out", out, "--json"]);
    assert_eq!(resumed.code, Some(0), "{}", resumed.errors);
    assert_eq!(losses(killed.path()), losses(whole.path()));
}

#[test]
fn a_number_alone_is_learned_by_either_loss() {
    let Some(signs) = Signs::new() else { return };
    let row = |sign: &Sign| format!("{},{}", sign.file, sign.digit);
    let (train, validation) = signs.tables("file,value", row);
    let out = tempdir().unwrap();
    let first_loss = |more: &[&str]| {
        let outcome = probe(&train, &validation, out.path(), more);
        let done = outcome.done();
        let errors = &done["tasks"]["value"]["errors"];
        println!("{more:?}: {errors}");
        // Measured: 0.74.
        assert!(number(&errors["r_squared"]) > 0.6, "{more:?}: {errors}");
        assert!(number(&errors["mean_absolute_error"]) < 1.8, "{more:?}: {errors}");
        assert_eq!(number(&done["score"]), number(&errors["r_squared"]));
        assert!(outcome.named("started")[0]["classes"].is_null());
        number(&outcome.named("step")[0]["loss"])
    };
    // The head is almost 0 at first, so the errors are the standardized numbers, most of which are below 1.
    let (huber, wide) =
        (first_loss(&["--huber-delta", "0.5"]), first_loss(&["--huber-delta", "100"]));
    let squared = first_loss(&["--regression-loss", "mse"]);
    assert!((wide - squared / 2.0).abs() < 1e-5 * squared, "{wide} and half of {squared}");
    assert!(huber < 0.95 * wide, "{huber} and {wide}");

    let wrong = probe(&train, &validation, out.path(), &["--huber-delta", "0"]);
    assert_rejected_with(&wrong, &["--huber-delta: 0 is too small. Enter a number above 0."]);
    let arguments = arguments(&train, &validation, out.path().to_str().unwrap());
    let means = tunelab(&[&arguments[..], &["--strategy", "few-shot"]].concat());
    assert_rejected_with(&means, &["--strategy: Few-shot needs images in classes"]);
}

#[test]
fn labels_alone_are_learned() {
    let Some(signs) = Signs::new() else { return };
    let row = |sign: &Sign| format!("{},{}", sign.file, sign.tags());
    let (train, validation) = signs.tables("file,tags", row);
    let out = tempdir().unwrap();
    let outcome = probe(&train, &validation, out.path(), &[]);
    let tags = &outcome.done()["tasks"]["tags"];
    println!("{tags}");
    // Measured: 0.92; chance: 0.46, the mean frequency of the labels.
    assert!(number(&tags["mean_average_precision"]) > 0.87, "{tags}");
    let of_each = tags["average_precision"].as_array().unwrap();
    assert!(of_each.len() == 3 && of_each.iter().all(|label| number(label) > 0.8), "{tags}");
    assert!(number(&tags["f1"]) > 0.7, "{tags}");
}

/// Missing targets are ignored, even if a whole batch has no target in a column.
#[test]
fn cells_may_be_empty() {
    let Some(signs) = Signs::new() else { return };
    // Every second digit is known, but only a few numbers, so that many batches have none.
    let row = |(index, sign): (usize, &Sign)| {
        let digit = if index % 2 == 0 { sign.digit.to_string() } else { String::new() };
        let value = if index % 8 == 0 { sign.digit.to_string() } else { String::new() };
        format!("{},{digit},{value},{}", sign.file, sign.tags())
    };
    let train = signs.table("train.csv", ALL, signs.train.iter().enumerate().map(row));
    let validation = signs.table("val.csv", ALL, signs.validation.iter().enumerate().map(row));
    let out = tempdir().unwrap();
    for weights in ["equal", "learned"] {
        let outcome = probe(&train, &validation, out.path(), &["--task-weights", weights]);
        assert_eq!(outcome.code, Some(0), "{weights}: {}", outcome.errors);
        let done = outcome.done();
        println!("{weights}: {:.3?}", scores(done));
        let confusion = done["tasks"]["digit"]["confusion"].as_array().unwrap();
        let counted: f64 =
            confusion.iter().flat_map(|row| row.as_array().unwrap()).map(number).sum();
        assert_eq!(counted, 40.0, "every second of 80");
        let [digit, value, tags] = scores(done);
        // Measured: 0.80, 0.63 and 0.92.
        assert!(digit > 0.7 && value > 0.5 && tags > 0.87, "{weights}: {done}");
    }
}

#[test]
fn an_invalid_number_is_reported_with_its_line_and_column() {
    let Some(signs) = Signs::new() else { return };
    let out = tempdir().unwrap();
    let good: Vec<String> = signs.validation.iter().map(Sign::all).collect();
    let with_row = |row: String| {
        let mut rows = good.clone();
        rows[4] = row;
        let table = signs.table("bad.csv", ALL, rows.into_iter());
        probe(&table, &table, &out.path().join("run"), &[])
    };
    let file = &signs.validation[4].file;
    // The header is line 1.
    let outcome = with_row(format!("{file},0,zero,small"));
    assert_rejected_with(&outcome, &["bad.csv", "Line 6", "“value”", "“zero”"]);
    assert_rejected_with(&with_row(format!("{file},0")), &["Line 6", "“value” is missing"]);
    let twice = &signs.validation[0].file;
    assert_rejected_with(&with_row(format!("{twice},0,1,small")), &["Line 6", "as line 2 does"]);
    assert!(!out.path().join("run").exists(), "invalid input creates no run folder");
}

#[test]
fn a_missing_file_is_reported_and_skipped() {
    let Some(signs) = Signs::new() else { return };
    let out = tempdir().unwrap();
    let missing = ["train/0/none.jpg,0,0,small", "elsewhere/none.jpg,1,1,odd|small"];
    let rows = || missing.iter().map(|row| row.to_string());
    let table = signs.table("some.csv", ALL, rows().chain(signs.train.iter().map(Sign::all)));
    // Without a validation split, a fifth of each digit is held out: 4 of 20.
    let folder = out.path().to_str().unwrap();
    let arguments = ["train", "--json", "--strategy", "probe", "--epochs", "1"];
    let outcome = tunelab(&[&arguments[..], &["--data", &table, "--out", folder]].concat());
    assert_eq!(outcome.code, Some(0), "{}", outcome.errors);
    let skipped = outcome.named("skipped");
    let files: Vec<&Value> = skipped.iter().map(|event| &event["file"]).collect();
    assert_eq!(files, ["train/0/none.jpg", "elsewhere/none.jpg"]);
    assert!(skipped.iter().all(|event| !event["reason"].as_str().unwrap().is_empty()));
    assert!(outcome.errors.contains("elsewhere/none.jpg"), "{}", outcome.errors);
    let started = outcome.named("started")[0];
    assert_eq!(
        (&started["train_examples"], &started["validation_examples"]),
        (&160.into(), &40.into())
    );

    let none = signs.table("none.csv", ALL, rows());
    let outcome = probe(&none, &none, &out.path().join("none"), &[]);
    assert_rejected_with(&outcome, &["The table does not name any of the images"]);
}
