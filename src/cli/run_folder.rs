//! What a run leaves on disk.
//!
//! - `config.json`: everything that was chosen.
//! - `metrics.jsonl`: an event a line, every step and every epoch.
//! - `model.safetensors`: the best network so far, with its class names.
//! - `report.json`, `confusion.csv`: the best epoch's figures.
//! - `checkpoint.safetensors`: there while the run is unfinished, for `--resume`.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::error::{CliError, read, write};
use super::output::tagged;
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

/// Everything that was chosen for a run; enough to start it again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RunConfig {
    #[serde(flatten)]
    pub source: SourceConfig,
    pub train: TrainConfig,
}

/// A finished run's figures.
#[derive(Debug, Serialize, Deserialize)]
pub struct FinishedReport {
    /// Names of the classes, where pictures are sorted into some.
    pub classes: Vec<String>,
    pub best_epoch: u32,
    pub seconds: f64,
    /// What is predicted.
    pub tasks: Vec<Task>,
    /// The figures of each task, whole; none where there was nothing to validate on.
    pub details: Option<EvaluationResults>,
    /// The same as [`report_json`] tells them.
    #[serde(flatten)]
    pub figures: Map<String, Value>,
}

impl FinishedReport {
    /// The figures of a run of these tasks.
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
            figures: report.as_ref().map(|report| report_json(tasks, report)).unwrap_or_default(),
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
    /// A folder for a new run: `wanted`, or the next free one under `runs`. A finished run there is
    /// replaced; an unfinished one is not.
    pub fn create(wanted: Option<&Path>, config: &RunConfig) -> Result<Self, CliError> {
        let path = match wanted {
            Some(path) => path.to_path_buf(),
            None => next_free(Path::new("runs")),
        };
        if path.join(CHECKPOINT).exists() {
            let shown = path.display();
            return Err(CliError::Usage(format!(
                "{shown} holds an unfinished run; go on with `--resume --out {shown}`, or choose another folder"
            )));
        }
        fs::create_dir_all(&path).map_err(|error| CliError::Write { path: path.clone(), error })?;
        for stale in [MODEL, REPORT, CONFUSION] {
            remove(&path.join(stale))?;
        }
        write(&path.join(CONFIG), json(config))?;
        let metrics = create(&path.join(METRICS))?;
        Ok(Self { path, metrics })
    }

    /// What was chosen for the run in `path`.
    pub fn config(path: &Path) -> Result<RunConfig, CliError> {
        let file = path.join(CONFIG);
        if !file.exists() {
            let shown = path.display();
            return Err(CliError::Usage(format!("there is no run to resume in {shown}")));
        }
        serde_json::from_slice(&read(&file)?).map_err(|error| {
            CliError::Usage(format!("{} is damaged ({error}); start the run anew", file.display()))
        })
    }

    /// What was chosen for a run, from its `config.json` or from a search's `best.json`.
    pub fn config_file(path: &Path) -> Result<RunConfig, CliError> {
        serde_json::from_slice(&read(path)?).map_err(|error| {
            let shown = path.display();
            CliError::Usage(format!("{shown} does not say how to train ({error})"))
        })
    }

    /// The figures of the run in `path`, if it is finished.
    pub fn finished(path: &Path) -> Option<FinishedReport> {
        if path.join(CHECKPOINT).exists() {
            return None;
        }
        serde_json::from_slice(&fs::read(path.join(REPORT)).ok()?).ok()
    }

    /// The bytes of the newest checkpoint in `path`, if there is one.
    pub fn checkpoint(path: &Path) -> Result<Option<Vec<u8>>, CliError> {
        let file = path.join(CHECKPOINT);
        if file.exists() { read(&file).map(Some) } else { Ok(None) }
    }

    /// The folder of a run that goes on after `step` steps and `epoch` epochs. Metrics that the killed
    /// run wrote after its checkpoint are dropped; they will be written again.
    pub fn reopen(path: &Path, step: u64, epoch: u32) -> Result<Self, CliError> {
        let file = path.join(METRICS);
        let mut kept = String::new();
        if let Ok(metrics) = File::open(&file) {
            // A line cut off by the kill ends the reading; everything after the checkpoint goes anyway.
            for line in BufReader::new(metrics).lines().map_while(Result::ok) {
                let Ok(metric) = serde_json::from_str::<Metric>(&line) else { break };
                let before = match metric {
                    Metric::Step { step: at } => at <= step,
                    Metric::Epoch { epoch: at } => at <= epoch,
                };
                if before {
                    kept.push_str(&line);
                    kept.push('\n');
                }
            }
        }
        let mut metrics = create(&file)?;
        metrics
            .write_all(kept.as_bytes())
            .map_err(|error| CliError::Write { path: file, error })?;
        Ok(Self { path: path.to_path_buf(), metrics })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Adds an event to the metrics, if it is a step or an epoch.
    pub fn record(&mut self, tasks: &[Task], event: &Event) -> Result<(), CliError> {
        if matches!(event, Event::Step { .. } | Event::Epoch { .. }) {
            let mut line = tagged(tasks, event).to_string();
            line.push('\n');
            self.metrics
                .write_all(line.as_bytes())
                .map_err(|error| CliError::Write { path: self.path.join(METRICS), error })?;
        }
        Ok(())
    }

    /// Keeps the best network so far.
    pub fn save_model(&self, bytes: &[u8]) -> Result<(), CliError> {
        replace(&self.path.join(MODEL), bytes)
    }

    /// Where the best network is kept.
    pub fn model_path(&self) -> PathBuf {
        self.path.join(MODEL)
    }

    /// Keeps the run as it stands, for `--resume`.
    pub fn save_checkpoint(&self, bytes: &[u8]) -> Result<(), CliError> {
        replace(&self.path.join(CHECKPOINT), bytes)
    }

    /// Drops the checkpoint of a run that is over.
    pub fn drop_checkpoint(&self) -> Result<(), CliError> {
        remove(&self.path.join(CHECKPOINT))
    }

    /// Writes the figures of a run that is over.
    pub fn save_report(&self, report: &FinishedReport) -> Result<(), CliError> {
        if let Some(classes) = report.details.as_ref().and_then(EvaluationResults::classification) {
            let csv = confusion_csv(&report.classes, &classes.confusion);
            write(&self.path.join(CONFUSION), csv)?;
        }
        write(&self.path.join(REPORT), json(report))
    }
}

/// What [`RunFolder::reopen`] needs to know of a metric.
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
    File::create(path).map_err(|error| CliError::Write { path: path.to_path_buf(), error })
}

fn remove(path: &Path) -> Result<(), CliError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(CliError::Write { path: path.to_path_buf(), error })
        }
        _ => Ok(()),
    }
}

/// Writes a file so that a kill leaves either the old content or the new.
pub fn replace(path: &Path, bytes: &[u8]) -> Result<(), CliError> {
    let part = path.with_extension("part");
    write(&part, bytes)?;
    fs::rename(&part, path).map_err(|error| CliError::Write { path: path.to_path_buf(), error })
}
