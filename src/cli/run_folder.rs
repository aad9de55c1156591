//! The files of a training run.
//!
//! - `config.json`: its data, model and options.
//! - `metrics.jsonl`: one event per line, for every step and every epoch.
//! - `model.safetensors`: the best model so far, with its class names.
//! - `report.json`, `confusion.csv`: the metrics of the best epoch.
//! - `checkpoint.safetensors`: for `--resume`; deleted when the run finishes.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::error::{CliError, FileError, read, write};
use super::output::event_json;
use super::report::report_json;
use super::source::SourceConfig;
use tunelab_core::data::task::{Task, first_classes};
use tunelab_core::metrics::confusion::ConfusionMatrix;
use tunelab_core::metrics::evaluation::EvaluationResults;
use tunelab_core::options::TrainConfig;
use tunelab_core::train::event::Event;

const CONFIG: &str = "config.json";
const METRICS: &str = "metrics.jsonl";
const MODEL: &str = "model.safetensors";
const REPORT: &str = "report.json";
const CONFUSION: &str = "confusion.csv";
const CHECKPOINT: &str = "checkpoint.safetensors";

/// The configuration of a run, from which it can be repeated.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RunConfig {
    #[serde(flatten)]
    pub source: SourceConfig,
    pub train: TrainConfig,
}

/// The results of a finished run.
#[derive(Debug, Serialize, Deserialize)]
pub struct FinishedReport {
    /// The class names, if the first task is classification.
    pub classes: Vec<String>,
    pub best_epoch: u32,
    pub seconds: f64,
    pub tasks: Vec<Task>,
    /// All metrics, unless there were no validation images.
    pub details: Option<EvaluationResults>,
    /// The metrics as in [`report_json`].
    #[serde(flatten)]
    pub metrics: Map<String, Value>,
}

impl FinishedReport {
    /// The results of a run of these tasks.
    pub fn new(
        tasks: &[Task],
        report: Option<EvaluationResults>,
        best_epoch: u32,
        seconds: f64,
    ) -> Self {
        Self {
            classes: first_classes(tasks).to_vec(),
            best_epoch,
            seconds,
            tasks: tasks.to_vec(),
            metrics: report.as_ref().map(|report| report_json(tasks, report)).unwrap_or_default(),
            details: report,
        }
    }
}

/// The folder of a run.
pub struct RunFolder {
    path: PathBuf,
    metrics: File,
}

impl RunFolder {
    /// Creates the folder of a new run: `path`, or the first unused one in `runs`. A finished run there is
    /// replaced.
    ///
    /// # Errors
    /// The folder contains an unfinished run, or cannot be written.
    pub fn create(path: Option<&Path>, config: &RunConfig) -> Result<Self, CliError> {
        let path = path.map_or_else(|| next_free(Path::new("runs")), Path::to_path_buf);
        if path.join(CHECKPOINT).exists() {
            return Err(CliError::UnfinishedRun(path));
        }
        fs::create_dir_all(&path).map_err(CliError::writing(&path))?;
        for stale in [MODEL, REPORT, CONFUSION] {
            remove(&path.join(stale))?;
        }
        write(&path.join(CONFIG), json(config))?;
        let metrics = create(&path.join(METRICS))?;
        Ok(Self { path, metrics })
    }

    /// The configuration of the run in `path`.
    pub fn config(path: &Path) -> Result<RunConfig, CliError> {
        let file = path.join(CONFIG);
        if file.exists() { Self::config_file(&file) } else { Err(CliError::NoRun(path.into())) }
    }

    /// The configuration in the `config.json` of a run or the `best.json` of a search.
    pub fn config_file(path: &Path) -> Result<RunConfig, CliError> {
        serde_json::from_slice(&read(path)?).map_err(FileError::Config).map_err(CliError::at(path))
    }

    /// The results of the run in `path`, if it is finished.
    pub fn finished(path: &Path) -> Option<FinishedReport> {
        if path.join(CHECKPOINT).exists() {
            return None;
        }
        serde_json::from_slice(&fs::read(path.join(REPORT)).ok()?).ok()
    }

    /// The checkpoint in `path`, if there is one.
    pub fn checkpoint(path: &Path) -> Result<Option<Vec<u8>>, CliError> {
        let file = path.join(CHECKPOINT);
        if file.exists() { read(&file).map(Some) } else { Ok(None) }
    }

    /// Opens the folder of a run that resumes after `step` steps and `epoch` epochs. Removes later metrics, which
    /// the run will write again.
    pub fn reopen(path: &Path, step: u64, epoch: u32) -> Result<Self, CliError> {
        let file = path.join(METRICS);
        let mut earlier = String::new();
        if let Ok(metrics) = File::open(&file) {
            // The last line is incomplete if the run was killed.
            for line in BufReader::new(metrics).lines().map_while(Result::ok) {
                let Ok(metric) = serde_json::from_str::<Metric>(&line) else { break };
                let before = match metric {
                    Metric::Step { step: at } => at <= step,
                    Metric::Epoch { epoch: at } => at <= epoch,
                };
                if before {
                    earlier.push_str(&line);
                    earlier.push('\n');
                }
            }
        }
        let mut metrics = create(&file)?;
        metrics.write_all(earlier.as_bytes()).map_err(CliError::writing(&file))?;
        Ok(Self { path: path.to_path_buf(), metrics })
    }

    /// The path of the folder.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Appends an event to the metrics, if it is a step or an epoch.
    pub fn record(&mut self, tasks: &[Task], event: &Event) -> Result<(), CliError> {
        if matches!(event, Event::Step { .. } | Event::Epoch { .. }) {
            let mut line = event_json(tasks, event).to_string();
            line.push('\n');
            let path = self.path.join(METRICS);
            self.metrics.write_all(line.as_bytes()).map_err(CliError::writing(&path))?;
        }
        Ok(())
    }

    /// Saves the best model so far.
    pub fn save_model(&self, bytes: &[u8]) -> Result<(), CliError> {
        replace(&self.path.join(MODEL), bytes)
    }

    /// The path of the best model.
    pub fn model_path(&self) -> PathBuf {
        self.path.join(MODEL)
    }

    /// Saves a checkpoint, for `--resume`.
    pub fn save_checkpoint(&self, bytes: &[u8]) -> Result<(), CliError> {
        replace(&self.path.join(CHECKPOINT), bytes)
    }

    /// Deletes the checkpoint of a finished run.
    pub fn delete_checkpoint(&self) -> Result<(), CliError> {
        remove(&self.path.join(CHECKPOINT))
    }

    /// Saves the results of a finished run.
    pub fn save_report(&self, report: &FinishedReport) -> Result<(), CliError> {
        if let Some(classes) = report.details.as_ref().and_then(EvaluationResults::classification) {
            let csv = confusion_csv(&report.classes, &classes.confusion);
            write(&self.path.join(CONFUSION), csv)?;
        }
        write(&self.path.join(REPORT), json(report))
    }
}

/// The fields of an event that [`RunFolder::reopen`] uses.
#[derive(Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
enum Metric {
    Step { step: u64 },
    Epoch { epoch: u32 },
}

fn confusion_csv(classes: &[String], confusion: &ConfusionMatrix) -> String {
    let quoted = |name: &String| format!("\"{}\"", name.replace('"', "\"\""));
    let header: Vec<String> = classes.iter().map(quoted).collect();
    let mut csv = format!("\"label \\ prediction\",{}\n", header.join(","));
    for (name, row) in classes.iter().zip(confusion.counts()) {
        let counts: Vec<String> = row.iter().map(u64::to_string).collect();
        csv.push_str(&format!("{},{}\n", quoted(name), counts.join(",")));
    }
    csv
}

/// Pretty JSON of plain data, whose serialization cannot fail.
pub fn json(value: &impl Serialize) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default() + "\n"
}

fn next_free(parent: &Path) -> PathBuf {
    (1..)
        .map(|number| parent.join(number.to_string()))
        .find(|path| !path.exists())
        .unwrap_or_else(|| parent.to_path_buf())
}

fn create(path: &Path) -> Result<File, CliError> {
    File::create(path).map_err(CliError::writing(path))
}

fn remove(path: &Path) -> Result<(), CliError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(CliError::writing(path)(error))
        }
        _ => Ok(()),
    }
}

/// Replaces a file atomically.
pub fn replace(path: &Path, bytes: &[u8]) -> Result<(), CliError> {
    let part = path.with_extension("part");
    write(&part, bytes)?;
    fs::rename(&part, path).map_err(CliError::writing(path))
}
