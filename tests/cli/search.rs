//! Hyperparameter search on a few sample images.

use std::fs;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::tempdir;

use crate::inputs::sample_image;
use crate::program::{Outcome, assert_rejected, command, kill_after, number, tunelab};

/// 48 images of 32 px: one or two seconds per run. The seed also selects the images.
const DATA: [&str; 6] = ["--data", "sample", "--per-class", "6", "--size", "32"];
const SEED: [&str; 2] = ["--seed", "5"];
const RANDOM: [&str; 6] = ["--method", "random", "--trials", "3", "--epochs", "1"];
const HALVING: [&str; 6] = ["--method", "halving", "--trials", "4", "--epochs", "3"];

fn arguments<'a>(out: &'a str, method: &[&'a str]) -> Vec<&'a str> {
    [&["search", "--json", "--out", out], &DATA[..], &SEED, method].concat()
}

fn json(path: &Path) -> Value {
    let bytes = fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_slice(&bytes).unwrap()
}

/// Removes durations.
fn without_seconds(value: &Value) -> Value {
    match value {
        Value::Object(fields) => {
            let fields = fields.iter().filter(|(name, _)| *name != "seconds");
            fields.map(|(name, value)| (name.clone(), without_seconds(value))).collect()
        }
        Value::Array(values) => values.iter().map(without_seconds).collect(),
        other => other.clone(),
    }
}

/// The value of a numeric option of a trial.
fn candidate(trial: &Value, key: &str) -> f64 {
    let text = trial["candidate"][key].as_str();
    text.and_then(|text| text.parse().ok()).unwrap_or_else(|| panic!("no {key} in {trial}"))
}

/// Trial and rung of each run, in order.
fn runs(outcome: &Outcome) -> Vec<(u64, u64)> {
    let place =
        |event: &&Value| (event["trial"].as_u64().unwrap(), event["rung"].as_u64().unwrap());
    outcome.named("trial").iter().map(place).collect()
}

#[test]
fn training_with_the_best_choices_of_a_random_search_reproduces_its_score() {
    let folder = tempdir().unwrap();
    let out = folder.path().to_str().unwrap();
    let outcome = tunelab(&arguments(out, &RANDOM));
    assert_eq!(outcome.code, Some(0), "{}", outcome.errors);
    assert_eq!(runs(&outcome), [(0, 0), (1, 0), (2, 0)]);
    let trials = outcome.named("trial");
    for trial in &trials {
        assert!((0.1..=10.0).contains(&candidate(trial, "learning_rate")), "{trial}");
        assert!((1e-5..=1e-2).contains(&candidate(trial, "weight_decay")), "{trial}");
        assert!((0.0..=1.0).contains(&number(&trial["score"])), "{trial}");
        assert_eq!(trial["epochs"], 1);
    }
    let done = outcome.done();
    let rank = |trial: &Value| (number(&trial["score"]), -number(&trial["loss"]));
    let best = &trials[done["trial"].as_u64().unwrap() as usize];
    assert!(trials.iter().all(|trial| rank(trial) <= rank(best)), "{done}");
    assert_eq!((&done["score"], &done["stopped"]), (&best["score"], &false.into()));

    let state = json(&folder.path().join("search.json"));
    assert_eq!(state["search"]["seed"], 5);
    let saved: Vec<&Value> = state["search"]["trials"].as_array().unwrap().iter().collect();
    for (saved, trial) in saved.iter().zip(&trials) {
        assert_eq!(saved["candidate"], trial["candidate"]);
        assert_eq!(saved["runs"][0]["result"]["finished"]["score"], trial["score"]);
    }
    let again = tunelab(&arguments(out, &RANDOM));
    assert_eq!(again.code, Some(2), "{}", again.errors);
    assert!(again.errors.contains("contains a search already"), "{}", again.errors);

    // The choices include the data, so the run is bit-identical to that of the search.
    let choices = folder.path().join("best.json");
    let choices = choices.to_str().unwrap();
    let run = tempdir().unwrap();
    let run_out = run.path().to_str().unwrap();
    let train = ["train", "--json", "--config", choices, "--out", run_out];
    let train = [&train[..], &["--checkpoint-every", "0"]].concat();
    let trained = tunelab(&train);
    assert_eq!(trained.code, Some(0), "{}", trained.errors);
    let expected = (&best["score"], &best["loss"]);
    assert_eq!((&trained.done()["top1"], &trained.done()["loss"]), expected);
    let config = json(Path::new(choices));
    assert_eq!(json(&run.path().join("config.json")), config);
    assert_eq!(number(&config["train"]["weight_decay"]), candidate(best, "weight_decay"));

    // So is one that is killed and resumed.
    kill_after("step", 2, &train);
    let resumed = tunelab(&["train", "--json", "--resume", "--out", run_out]);
    assert_eq!(resumed.code, Some(0), "{}", resumed.errors);
    assert_eq!((&resumed.done()["top1"], &resumed.done()["loss"]), expected);
    // Options in the file cannot be overridden.
    let other = tunelab(&[&train[..], &["--size", "64"]].concat());
    assert_eq!(other.code, Some(2), "{}", other.errors);
}

#[test]
fn halving_trains_better_trials_longer_and_resumes_after_a_kill() {
    let whole = tempdir().unwrap();
    let outcome = tunelab(&arguments(whole.path().to_str().unwrap(), &HALVING));
    assert_eq!(outcome.code, Some(0), "{}", outcome.errors);
    // The best of the first three trials is promoted immediately; the fourth only if it is better.
    let trials = outcome.named("trial");
    let best_of = |trials: &[&Value]| {
        let best = trials.iter().max_by(|a, b| rank_of(a).total_cmp(&rank_of(b)));
        (*best.unwrap()).clone()
    };
    let of_three = best_of(&trials[..3]);
    let mut expected =
        vec![(0, 0), (1, 0), (2, 0), (of_three["trial"].as_u64().unwrap(), 1), (3, 0)];
    if rank_of(trials[4]) > rank_of(&of_three) {
        expected.push((3, 1));
    }
    assert_eq!(runs(&outcome), expected);
    let (longest, short): (Vec<&Value>, Vec<&Value>) =
        trials.iter().partition(|trial| trial["rung"] == 1);
    assert!(longest.iter().all(|trial| trial["epochs"] == 3));
    assert!(short.iter().all(|trial| trial["epochs"] == 1));
    // The best trial is one of those trained longest, whatever the scores of shorter runs.
    let best = best_of(&longest);
    assert_eq!(outcome.done()["trial"], best["trial"]);
    assert_eq!(outcome.done()["score"], best["score"]);

    let killed = tempdir().unwrap();
    let out = killed.path().to_str().unwrap();
    kill_after("trial", 1, &arguments(out, &HALVING));
    let first_run =
        |folder: &Path| json(&folder.join("search.json"))["search"]["trials"][0]["runs"][0].clone();
    let before = first_run(killed.path());
    assert!(!before.is_null(), "a printed run is saved");
    assert!(!killed.path().join("best.json").exists());
    let resumed = tunelab(&["search", "--json", "--resume", "--out", out]);
    assert_eq!(resumed.code, Some(0), "{}", resumed.errors);
    assert_eq!(runs(&resumed), runs(&outcome)[1..]);
    // Including the seconds of the first run, which was not repeated.
    assert_eq!(first_run(killed.path()), before);
    let state = |folder: &Path| without_seconds(&json(&folder.join("search.json")));
    assert_eq!(state(killed.path()), state(whole.path()));
    let best = |folder: &Path| json(&folder.join("best.json"));
    assert_eq!(best(killed.path()), best(whole.path()));

    // Resuming a finished search prints its result again.
    let again = tunelab(&["search", "--json", "--resume", "--out", out]);
    assert_eq!(again.events.len(), 1, "{:?}", again.events);
    assert_eq!(without_seconds(again.done()), without_seconds(resumed.done()));
}

#[test]
fn training_with_the_best_choices_splits_the_images_as_the_search_did() {
    let folder = tempdir().unwrap();
    let data = folder.path().join("images");
    for (class, name) in ["x", "y"].into_iter().enumerate() {
        for index in 0..6 {
            sample_image(&data.join(format!("{name}/{index}.png")), class, index);
        }
    }
    let out = folder.path().join("search").to_str().unwrap().to_owned();
    let data = ["--data", data.to_str().unwrap(), "--validation-share", "0.5", "--size", "32"];
    let method = ["--method", "random", "--trials", "1", "--epochs", "1"];
    let search = ["search", "--json", "--out", &out];
    tunelab(&[&search[..], &data, &method].concat()).done();
    let choices = format!("{out}/best.json");
    let run = folder.path().join("run").to_str().unwrap().to_owned();
    let trained = tunelab(&["train", "--json", "--config", &choices, "--out", &run]);
    trained.done();
    assert_eq!(trained.named("started")[0]["validation_examples"], 6);
}

/// The ranking criterion of successive halving: the score, and the loss as a tie-breaker.
fn rank_of(trial: &Value) -> f64 {
    number(&trial["score"]) - 1e-6 * number(&trial["loss"])
}

#[test]
fn a_search_killed_in_its_first_run_resumes() {
    let folder = tempdir().unwrap();
    let out = folder.path().to_str().unwrap();
    let method = ["--method", "random", "--trials", "1", "--epochs", "1"];
    let mut child = command(&arguments(out, &method))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let started = Instant::now();
    while !folder.path().join("search.json").exists() {
        assert!(started.elapsed() < Duration::from_secs(60), "no state is saved");
        std::thread::sleep(Duration::from_millis(5));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    let resumed = tunelab(&["search", "--json", "--resume", "--out", out]);
    assert_eq!(resumed.code, Some(0), "{}", resumed.errors);
    assert_eq!(runs(&resumed), [(0, 0)]);
}

#[test]
fn invalid_searches_exit_with_2() {
    let folder = tempdir().unwrap();
    let out = folder.path().join("out");
    let out = out.to_str().unwrap();
    let search = |more: &[&str]| tunelab(&arguments(out, more));
    let choices = folder.path().join("choices.json");
    fs::write(&choices, "{\"epochs\": 3}").unwrap();
    let choices = choices.to_str().unwrap();
    let train = ["train", "--json", "--config", choices, "--out", out];
    let cases = [
        (search(&["--method", "random", "--trials", "0"]), "A search cannot have 0 trials."),
        (search(&["--epochs", "0"]), "--epochs: 0 is out of range"),
        (tunelab(&["search", "--json", "--resume", "--out", out]), "search.json"),
        (tunelab(&train), "This is not a valid configuration"),
    ];
    for (outcome, expected) in cases {
        assert_rejected(&outcome, expected);
    }
    assert!(!Path::new(out).exists(), "invalid input creates no folder");
}
