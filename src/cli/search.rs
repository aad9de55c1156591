//! `tunelab search`.

use std::path::Path;

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::args::{MethodArg, SearchArgs};
use super::error::{CliError, read};
use super::options::accepted;
use super::output::{Output, percent};
use super::run_folder::{RunConfig, json as pretty, replace};
use super::source::{Loaded, SourceConfig};
use super::spill;
use super::train::stop_on_interrupt;
use tunelab_core::options::{Choices, Context, TrainConfig};
use tunelab_core::search::method::Method;
use tunelab_core::search::space::{Candidate, SearchSpace, is_factor};
use tunelab_core::search::state::{Job, Search};
use tunelab_core::search::trial::RunResult;
use tunelab_core::train::event::Event;
use tunelab_engine::device;
use tunelab_engine::search::train_trial;
use tunelab_engine::train::control::Control;
use tunelab_engine::train::control::RunState;
use tunelab_engine::train::session::Session;

/// The state of the search, written before the first run and after every run.
const STATE: &str = "search.json";
/// The best run's choices and what it learned from, for `tunelab train --config`.
const BEST: &str = "best.json";

#[derive(Serialize, Deserialize)]
struct State {
    source: SourceConfig,
    /// The options that are not searched.
    options: Choices,
    search: Search,
}

/// Searches, or goes on with a search.
pub async fn run(args: SearchArgs) -> Result<(), CliError> {
    let output = Output::new(args.output.json);
    let state_path = args.out.join(STATE);
    let (mut state, loaded) = if args.resume {
        let state: State = serde_json::from_slice(&read(&state_path)?).map_err(|error| {
            let shown = state_path.display();
            CliError::Usage(format!("{shown} is damaged ({error}); search anew"))
        })?;
        let config = accepted(state.options.resolve(&Context::default()))?.0;
        let config = TrainConfig { seed: state.search.seed(), ..config };
        let loaded = Loaded::again(state.source.clone(), config, output)?;
        (state, loaded)
    } else {
        if state_path.exists() {
            let shown = args.out.display();
            return Err(CliError::Usage(format!(
                "{shown} holds a search already; go on with `--resume --out {shown}`, or choose another folder"
            )));
        }
        begin(&args, output)?
    };
    let Loaded { train, validation, pretrained, .. } = loaded;
    let context = Context::of(&train.tasks, train.len());
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
        let config = config_of(&state, &job.candidate, job.epochs, &context);
        let (network, train, validation) = (network.clone(), train.clone(), validation.clone());
        let mut session = Session::new(config, network, train, validation, &device)?;
        session.limit_cache(spill::MEMORY, Some(spill::source()));
        let goes_on = async |_: &Event| Ok(control.requested() != RunState::Stopped);
        let Some(result) = train_trial(session, goes_on).await? else {
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
    finish(&state, &args.out, &context, stopped, output)
}

fn begin(args: &SearchArgs, output: Output) -> Result<(State, Loaded), CliError> {
    let loaded = Loaded::from_args(&args.source, &args.options, output)?;
    let mut options = args.options.choices().clone();
    let space = SearchSpace::default();
    let context = Context::of(&loaded.train.tasks, loaded.train.len());
    let full = options.clone().with("strategy", "full").resolve(&context).config;
    options.retain(|key| key != "epochs" && !space.0.contains_key(key));
    let method = match args.method {
        MethodArg::Grid => Method::Grid { points: 3 },
        MethodArg::Random => Method::Random { trials: args.trials },
        MethodArg::Halving => Method::halving(args.trials),
    };
    let search = Search::new(space, method, full.epochs, loaded.config.seed)
        .map_err(|error| CliError::Usage(error.to_string()))?;
    Ok((State { source: loaded.source.clone(), options, search }, loaded))
}

/// The configuration of a candidate's run of `epochs`.
fn config_of(state: &State, candidate: &Candidate, epochs: u32, context: &Context) -> TrainConfig {
    let epochs = (epochs, state.search.epochs());
    let config = candidate.config(&state.options, context, epochs, state.search.seed());
    // The images are split already, so the share is not among the options that apply to them.
    let validation_share = state.options.resolve(&Context::default()).config.validation_share;
    TrainConfig { validation_share, ..config }
}

fn tell(output: Output, job: &Job, result: &RunResult) {
    let Job { trial, candidate, epochs, rung } = job;
    let outcome = result.outcome();
    let failure = result.failure().map(ToString::to_string);
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
        RunResult::Failed(_) => "failed".into(),
    };
    if let Some(reason) = failure {
        log::warn!("trial {}: {reason}", trial + 1);
    }
    let options: Vec<String> = candidate.iter().map(|(key, text)| setting(key, text)).collect();
    output.line(format!(
        "Trial {:>2}, {epochs:>2} epochs: {result:>7}  {}",
        trial + 1,
        options.join(", ")
    ));
}

/// An option of a candidate, in a few characters.
fn setting(key: &str, text: &str) -> String {
    let label = key.replace('_', " ");
    match text.parse::<f64>() {
        Ok(factor) if is_factor(key) => format!("{label} x {factor:.2}"),
        Ok(number) => format!("{label} {number:.0e}"),
        Err(_) => format!("{label} {text}"),
    }
}

fn finish(
    state: &State,
    out: &Path,
    context: &Context,
    stopped: bool,
    output: Output,
) -> Result<(), CliError> {
    let best = state.search.best();
    if let Some((trial, _)) = best {
        let candidate = &state.search.trials()[trial].candidate;
        let train = config_of(state, candidate, state.search.epochs(), context);
        let best = RunConfig { source: state.source.clone(), train };
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
