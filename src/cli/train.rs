//! `tunelab train`.

use std::path::Path;
use std::time::Duration;

use serde_json::{Map, json};

use super::args::TrainArgs;
use super::error::CliError;
use super::host::Host;
use super::output::{Output, percent};
use super::report::{headline, summary_json};
use super::run_folder::{FinishedReport, RunConfig, RunFolder};
use super::source::{Loaded, warn_of_few};
use super::spill;
use tunelab_core::train::event::Event;
use tunelab_engine::data::transform::Preprocessing;
use tunelab_engine::device;
use tunelab_engine::train::checkpoint::Checkpoint;
use tunelab_engine::train::control::Control;
use tunelab_engine::train::control::RunState;
use tunelab_engine::train::session::Session;
use tunelab_engine::trained_model::ModelInfo;

/// Starts or resumes a run and sees it through.
pub async fn run(args: TrainArgs) -> Result<(), CliError> {
    let output = Output::new(args.output.json);
    let (mut session, mut folder, preprocessing) = match (&args.out, args.resume) {
        (Some(path), true) => {
            if let Some(finished) = RunFolder::finished(path) {
                announce_done(output, &finished, path, false);
                return Ok(());
            }
            resume(path, output).await?
        }
        _ => start(&args, output).await?,
    };
    session.limit_cache(spill::MEMORY, Some(spill::source()));
    stop_on_interrupt(session.control());
    let mut host = Host {
        output,
        checkpoint_every: Duration::from_secs_f64(args.checkpoint_every.clamp(0.0, 1e9)),
        info: ModelInfo::new(session.tasks(), preprocessing),
        bar: None,
        epochs: Vec::new(),
    };
    let last = host.drive(&mut session, &mut folder).await;
    if session.has_trained() {
        // Also after a failure: these are the best epoch's weights, or the last good ones.
        host.save_model(&session, &folder).await?;
    }
    if let Some(Event::Done { report, seconds, best_epoch, stopped, .. }) = last? {
        let finished = FinishedReport::new(session.tasks(), report, best_epoch, seconds);
        folder.save_report(&finished)?;
        if !stopped {
            folder.drop_checkpoint()?;
        }
        announce_done(output, &finished, folder.path(), stopped);
    }
    Ok(())
}

/// Prints a run's last line.
fn announce_done(output: Output, finished: &FinishedReport, folder: &Path, stopped: bool) {
    let FinishedReport { tasks, details, seconds, best_epoch, .. } = finished;
    let mut done = Map::from_iter([("event".to_owned(), json!("done"))]);
    if let Some(report) = details {
        done.extend(summary_json(tasks, report));
    }
    done.insert("seconds".to_owned(), json!(seconds));
    done.insert("best_epoch".to_owned(), json!(best_epoch));
    done.insert("stopped".to_owned(), json!(stopped));
    done.insert("out".to_owned(), json!(folder.display().to_string()));
    output.event(&done);
    let result = match details {
        None => "No images were left to validate on, so nobody knows how good it is".to_owned(),
        Some(report) => match report.classification() {
            Some(report) if tasks.len() == 1 => {
                format!("{} of the validation images are classified right", percent(report.top1))
            }
            _ => format!("On the validation images: {}", headline(tasks, report)),
        },
    };
    output.line(format!(
        "{result} (epoch {best_epoch}, {seconds:.0} s). Results are in {}.",
        folder.display()
    ));
    if stopped {
        output.line(format!("Stopped early; go on with `--resume --out {}`.", folder.display()));
    }
}

/// The first Ctrl-C stops the run after its step, with all that it has; the second ends the program.
pub fn stop_on_interrupt(control: Control) {
    let handler = move || {
        if control.requested() == RunState::Stopped {
            std::process::exit(130);
        }
        eprintln!("Stopping after this step; press Ctrl-C again to end at once.");
        control.stop();
    };
    if let Err(error) = ctrlc::set_handler(handler) {
        log::warn!("Ctrl-C will end the run at once: {error}");
    }
}

async fn start(
    args: &TrainArgs,
    output: Output,
) -> Result<(Session, RunFolder, Preprocessing), CliError> {
    let loaded = match &args.config {
        Some(path) => {
            let RunConfig { source, train } = RunFolder::config_file(path)?;
            Loaded::again(source, train, output)?
        }
        None => Loaded::from_args(&args.source, &args.options, output)?,
    };
    let config = RunConfig { source: loaded.source, train: loaded.config };
    let device = device::open(config.source.device).await?;
    let network = loaded.pretrained.network(&device)?;
    let (train, validation) = (loaded.train, loaded.validation);
    warn_of_few(&train);
    let session = Session::new(config.train.clone(), network, train, validation, &device)?;
    let folder = RunFolder::create(args.out.as_deref(), &config)?;
    Ok((session, folder, loaded.preprocessing))
}

async fn resume(
    path: &Path,
    output: Output,
) -> Result<(Session, RunFolder, Preprocessing), CliError> {
    let RunConfig { source, train: config } = RunFolder::config(path)?;
    let Loaded { source, config, preprocessing, train, validation, pretrained } =
        Loaded::again(source, config, output)?;
    let device = device::open(source.device).await?;
    let session = match RunFolder::checkpoint(path)? {
        Some(bytes) => {
            let checkpoint = Checkpoint::parse(&bytes)?;
            Session::resume(&checkpoint, train, validation, &device)?
        }
        // Killed before its first checkpoint: the same run from its beginning.
        None => Session::new(config, pretrained.network(&device)?, train, validation, &device)?,
    };
    let position = session.position();
    let folder = RunFolder::reopen(path, position.step, position.epoch)?;
    Ok((session, folder, preprocessing))
}
