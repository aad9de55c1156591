//! `tunelab train`.

use std::path::Path;
use std::time::Duration;

use serde_json::{Map, json};

use super::args::TrainArgs;
use super::error::CliError;
use super::output::Output;
use super::report::{summary, summary_json};
use super::run_folder::{FinishedReport, RunConfig, RunFolder};
use super::runner::Runner;
use super::source::{Loaded, warn_of_few};
use super::spill;
use tunelab_core::train::event::Event;
use tunelab_engine::data::transform::Preprocessing;
use tunelab_engine::device;
use tunelab_engine::train::checkpoint::Checkpoint;
use tunelab_engine::train::control::{Control, RunState};
use tunelab_engine::train::session::Session;
use tunelab_engine::trained_model::ModelInfo;

/// Starts or resumes a training run.
pub async fn run(args: TrainArgs, output: Output) -> Result<(), CliError> {
    let (mut session, mut folder, preprocessing) = match (&args.out, args.resume) {
        (Some(path), true) => {
            if let Some(finished) = RunFolder::finished(path) {
                print_results(output, &finished, path, false);
                return Ok(());
            }
            resume(path, output).await?
        }
        _ => start(&args, output).await?,
    };
    session.limit_cache(spill::MEMORY, Some(spill::source(output)));
    stop_on_interrupt(session.control(), output);
    let mut runner = Runner {
        output,
        checkpoint_every: Duration::from_secs_f64(args.checkpoint_every.clamp(0.0, 1e9)),
        info: ModelInfo::new(session.tasks(), preprocessing),
        bar: None,
        epochs: Vec::new(),
    };
    let last = runner.run(&mut session, &mut folder).await;
    if session.has_trained() {
        // After a failure too: these are the weights of the best epoch, or the last finite ones.
        runner.save_model(&session, &folder).await?;
    }
    if let Some(Event::Done { report, seconds, best_epoch, stopped, .. }) = last? {
        let finished = FinishedReport::new(session.tasks(), report, best_epoch, seconds);
        folder.save_report(&finished)?;
        if !stopped {
            folder.delete_checkpoint()?;
        }
        print_results(output, &finished, folder.path(), stopped);
    }
    Ok(())
}

/// Prints the results of a run and the path of its folder.
fn print_results(output: Output, finished: &FinishedReport, folder: &Path, stopped: bool) {
    let texts = output.texts;
    let folder = folder.display().to_string();
    let FinishedReport { tasks, details, seconds, best_epoch, .. } = finished;
    let mut done = Map::from_iter([("event".to_owned(), json!("done"))]);
    if let Some(report) = details {
        done.extend(summary_json(tasks, report));
    }
    done.insert("seconds".to_owned(), json!(seconds));
    done.insert("best_epoch".to_owned(), json!(best_epoch));
    done.insert("stopped".to_owned(), json!(stopped));
    done.insert("out".to_owned(), json!(folder));
    output.event(done);
    output.line(match details {
        None => texts.run_not_validated().to_owned(),
        Some(report) => texts.cli_result(*best_epoch, &summary(texts, tasks, report)),
    });
    output.line(texts.cli_trained(&texts.duration(*seconds), &folder));
    if stopped {
        output.line(texts.cli_stopped("train", &folder));
    }
}

/// Stops the run after the current step at the first Ctrl-C, and exits at the second.
pub fn stop_on_interrupt(control: Control, output: Output) {
    let texts = output.texts;
    let handler = move || {
        if control.requested() == RunState::Stopped {
            std::process::exit(130);
        }
        eprintln!("{}", texts.cli_stopping());
        control.stop();
    };
    if let Err(error) = ctrlc::set_handler(handler) {
        output.warn(&texts.cli_no_interrupt_handler(&error.to_string()));
    }
}

async fn start(
    args: &TrainArgs,
    output: Output,
) -> Result<(Session, RunFolder, Preprocessing), CliError> {
    let loaded = match &args.config {
        Some(path) => {
            let RunConfig { source, train } = RunFolder::config_file(path)?;
            Loaded::from_config(source, train, output)?
        }
        None => Loaded::from_args(&args.source, &args.options, output)?,
    };
    let config = RunConfig { source: loaded.source, train: loaded.config };
    let device = device::open(config.source.device).await?;
    let network = loaded.pretrained.network(&device)?;
    let (train, validation) = (loaded.train, loaded.validation);
    warn_of_few(&train, output);
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
        Loaded::from_config(source, config, output)?;
    let device = device::open(source.device).await?;
    let session = match RunFolder::checkpoint(path)? {
        Some(bytes) => {
            let checkpoint = Checkpoint::parse(&bytes)?;
            Session::resume(&checkpoint, train, validation, &device)?
        }
        // The run was killed before its first checkpoint.
        None => Session::new(config, pretrained.network(&device)?, train, validation, &device)?,
    };
    let position = session.position();
    let folder = RunFolder::reopen(path, position.step, position.epoch)?;
    Ok((session, folder, preprocessing))
}
