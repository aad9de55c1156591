//! `tunelab search`.

use std::path::Path;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::args::{MethodArg, SearchArgs};
use super::error::{CliError, read};
use super::output::{Output, percent};
use super::pretrained::Pretrained;
use super::run_folder::{RunConfig, json as pretty, replace};
use super::source::{Loaded, SourceConfig};
use super::spill;
use super::train::stop_on_interrupt;
use tunelab_core::search::method::Method;
use tunelab_core::search::space::{Candidate, SearchSpace};
use tunelab_core::search::state::{Job, Search};
use tunelab_core::search::trial::RunResult;
use tunelab_core::train::config::TrainConfig;
use tunelab_core::train::event::Event;
use tunelab_core::train::recipe::Recipe;
use tunelab_engine::data::dataset::Dataset;
use tunelab_engine::device;
use tunelab_engine::search::try_out;
use tunelab_engine::train::control::Control;
use tunelab_engine::train::control::Wish;
use tunelab_engine::train::session::Session;

/// The state of the search, written before the first run and after every run.
const STATE: &str = "search.json";
/// The best run's choices and what it learned from, for `tunelab train --config`.
const BEST: &str = "best.json";

#[derive(Serialize, Deserialize)]
struct State {
    source: SourceConfig,
    search: Search,
}

/// Searches, or goes on with a search.
pub async fn run(args: SearchArgs) -> Result<(), CliError> {
    let output = Output::new(args.output.json);
    let state_path = args.out.join(STATE);
    let (mut state, train, validation, pretrained) = if args.resume {
        let state: State = serde_json::from_slice(&read(&state_path)?).map_err(|error| {
            let shown = state_path.display();
            CliError::Usage(format!("{shown} is damaged ({error}); search anew"))
        })?;
        let (train, validation) = state.source.datasets(state.search.seed(), output)?;
        let pretrained = state.source.pretrained(output)?;
        (state, train, validation, pretrained)
    } else {
        if state_path.exists() {
            let shown = args.out.display();
            return Err(CliError::Usage(format!(
                "{shown} holds a search already; go on with `--resume --out {shown}`, or choose another folder"
            )));
        }
        begin(&args, output)?
    };
    std::fs::create_dir_all(&args.out)
        .map_err(|error| CliError::Write { path: args.out.clone(), error })?;
    // Also before the first run, so that a search that is killed in it can go on.
    replace(&state_path, pretty(&state).as_bytes())?;
    let device = device::open(state.source.device).await?;
    let network = pretrained.network(&device)?;
    let control = Control::default();
    stop_on_interrupt(control.clone());
    let (_, total) = state.search.progress();
    let bar = output.bar(total, "Searching");
    let mut stopped = false;
    while let Some(job) = state.search.next() {
        let choices = choices_of(&state, &job.candidate, job.epochs, train.len());
        let (network, train, validation) = (network.clone(), train.clone(), validation.clone());
        let mut session = Session::new(choices, network, train, validation, &device)?;
        session.limit_cache(spill::MEMORY, Some(spill::source()));
        let goes_on = async |_: &Event| Ok(control.wish() != Wish::Stop);
        let Some(result) = try_out(session, goes_on).await? else {
            stopped = true;
            break;
        };
        // The job was the search's own, so its report is expected.
        let _ = state.search.report(job.trial, job.rung, result.clone());
        // Before it is told: what was told is not run again.
        replace(&state_path, pretty(&state).as_bytes())?;
        bar.suspend(|| tell(output, &job, &result));
        let (done, total) = state.search.progress();
        bar.set_length(total);
        bar.set_position(done);
    }
    bar.finish_and_clear();
    finish(&state, &args.out, train.len(), stopped, output)
}

fn begin(
    args: &SearchArgs,
    output: Output,
) -> Result<(State, Dataset, Dataset, Pretrained), CliError> {
    let Loaded { source, train, validation, pretrained } =
        SourceConfig::load(&args.source, output)?;
    let size = source.preprocessing.size;
    let usual = TrainConfig::recommended(Recipe::Full, size, train.len());
    let method = match args.method {
        MethodArg::Grid => Method::Grid { points: 3 },
        MethodArg::Random => Method::Random { trials: args.trials },
        MethodArg::Halving => Method::halving(args.trials),
    };
    let epochs = args.epochs.unwrap_or(usual.epochs);
    let search = Search::new(SearchSpace::default(), method, epochs, args.source.seed)
        .map_err(|error| CliError::Usage(error.to_string()))?;
    Ok((State { source, search }, train, validation, pretrained))
}

/// The choices of a candidate's run of `epochs`.
fn choices_of(state: &State, candidate: &Candidate, epochs: u32, examples: usize) -> TrainConfig {
    let size = state.source.preprocessing.size;
    let epochs = (epochs, state.search.epochs());
    candidate.choices(size, examples, epochs, state.search.seed())
}

fn tell(output: Output, job: &Job, result: &RunResult) {
    let Job { trial, candidate, epochs, rung } = job;
    let outcome = result.outcome();
    let failure = result.failure();
    output.event(&json!({
        "event": "trial",
        "trial": trial,
        "rung": rung,
        "epochs": epochs,
        "candidate": candidate,
        "score": outcome.map(|outcome| outcome.score),
        "loss": outcome.map(|outcome| outcome.loss),
        "seconds": outcome.map(|outcome| outcome.seconds),
        "failure": failure,
    }));
    let result = match result {
        RunResult::Finished(outcome) => percent(outcome.score),
        RunResult::Failed { .. } => "failed".into(),
    };
    if let Some(reason) = failure {
        log::warn!("trial {}: {reason}", trial + 1);
    }
    output.line(format!(
        "Trial {:>2}, {epochs:>2} epochs: {result:>7}  {}, learning rate x {:.2}, weight decay {:.0e}, augmentation {}",
        trial + 1,
        candidate.recipe,
        candidate.learning_rate,
        candidate.weight_decay,
        word(&candidate.augmentation),
    ));
}

/// The word that stands for a choice in files.
fn word(choice: &impl Serialize) -> String {
    match serde_json::to_value(choice) {
        Ok(Value::String(word)) => word,
        _ => String::new(),
    }
}

fn finish(
    state: &State,
    out: &Path,
    examples: usize,
    stopped: bool,
    output: Output,
) -> Result<(), CliError> {
    let best = state.search.best();
    if let Some((trial, _)) = best {
        let candidate = &state.search.trials()[trial].candidate;
        let choices = choices_of(state, candidate, state.search.epochs(), examples);
        let best = RunConfig { source: state.source.clone(), train: choices };
        replace(&out.join(BEST), pretty(&best).as_bytes())?;
    }
    let shown = out.display();
    output.event(&json!({
        "event": "done",
        "trial": best.map(|(trial, _)| trial),
        "score": best.map(|(_, outcome)| outcome.score),
        "stopped": stopped,
        "out": shown.to_string(),
    }));
    output.line(match best {
        Some((trial, outcome)) => format!(
            "Best: trial {} with {}. Train with `tunelab train --config {shown}/{BEST}`.",
            trial + 1,
            percent(outcome.score)
        ),
        None => "No run was finished.".into(),
    });
    if stopped {
        output.line(format!("Stopped early; go on with `tunelab search --resume --out {shown}`."));
    }
    Ok(())
}
