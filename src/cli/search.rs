//! `tunelab search`.

use std::path::Path;

use serde::{Deserialize, Serialize};
use serde_json::json;
use tunelab_l10n::{Localize, Texts};

use super::args::{MethodArg, SearchArgs};
use super::error::{CliError, FileError, read};
use super::options::accepted;
use super::output::Output;
use super::run_folder::{RunConfig, json as pretty, replace};
use super::source::{Loaded, SourceConfig};
use super::spill;
use super::train::stop_on_interrupt;
use tunelab_core::options::{Choices, Context, TrainConfig};
use tunelab_core::search::method::Method;
use tunelab_core::search::space::{Candidate, SearchSpace, epochs_of_full_run, is_factor, setting};
use tunelab_core::search::state::{Job, Search};
use tunelab_core::search::trial::RunResult;
use tunelab_core::train::event::Event;
use tunelab_engine::device;
use tunelab_engine::search::train_trial;
use tunelab_engine::train::control::{Control, RunState};
use tunelab_engine::train::session::Session;

/// The state of the search, saved before the first run and after every run.
const STATE: &str = "search.json";
/// The configuration of the best trial, for `tunelab train --config`.
const BEST: &str = "best.json";

#[derive(Serialize, Deserialize)]
struct State {
    source: SourceConfig,
    /// The options that are not searched.
    options: Choices,
    search: Search,
}

/// Starts or resumes a search.
pub async fn run(args: SearchArgs, output: Output) -> Result<(), CliError> {
    let state_path = args.out.join(STATE);
    let (mut state, loaded) = if args.resume {
        let state: State = serde_json::from_slice(&read(&state_path)?)
            .map_err(FileError::SearchState)
            .map_err(CliError::at(&state_path))?;
        let config = accepted(state.options.resolve(&Context::default()))?.0;
        let config = TrainConfig { seed: state.search.seed(), ..config };
        let loaded = Loaded::from_config(state.source.clone(), config, output)?;
        (state, loaded)
    } else {
        if state_path.exists() {
            return Err(CliError::SearchExists(args.out));
        }
        begin(&args, output)?
    };
    let Loaded { train, validation, pretrained, .. } = loaded;
    let context = Context::of(&train.tasks, train.len());
    std::fs::create_dir_all(&args.out).map_err(CliError::writing(&args.out))?;
    // A search that is killed during its first run can be resumed.
    replace(&state_path, pretty(&state).as_bytes())?;
    let device = device::open(state.source.device).await?;
    let network = pretrained.network(&device)?;
    let control = Control::default();
    stop_on_interrupt(control.clone(), output);
    let (_, total) = state.search.progress();
    let bar = output.bar(total, output.texts.cli_searching());
    let mut stopped = false;
    while let Some(job) = state.search.next() {
        let config = config_of(&state, &job.candidate, job.epochs, &context);
        let (network, train, validation) = (network.clone(), train.clone(), validation.clone());
        let mut session = Session::new(config, network, train, validation, &device)?;
        session.limit_cache(spill::MEMORY, Some(spill::source(output)));
        let goes_on = async |event: &Event| {
            if let Event::CacheDropped { problem } = event {
                bar.suspend(|| output.cache_dropped(problem));
            }
            Ok(control.requested() != RunState::Stopped)
        };
        let Some(result) = train_trial(session, goes_on).await? else {
            stopped = true;
            break;
        };
        state.search.report(job.trial, job.rung, result.clone())?;
        // Before the result is printed, so that a printed run is never repeated.
        replace(&state_path, pretty(&state).as_bytes())?;
        bar.suspend(|| print(output, &job, &result));
        let (done, total) = state.search.progress();
        bar.set_length(total);
        bar.set_position(done);
    }
    bar.finish_and_clear();
    finish(&state, &args.out, &context, stopped, output)
}

fn begin(args: &SearchArgs, output: Output) -> Result<(State, Loaded), CliError> {
    let loaded = Loaded::from_args(&args.source, &args.options, output)?;
    let (choices, space) = (args.options.choices(), SearchSpace::default());
    let context = Context::of(&loaded.train.tasks, loaded.train.len());
    let method = match args.method {
        MethodArg::Grid => Method::Grid { points: 3 },
        MethodArg::Random => Method::Random { trials: args.trials },
        MethodArg::Halving => Method::halving(args.trials),
    };
    let options = space.fixed(choices);
    let epochs = epochs_of_full_run(choices, &context);
    let search = Search::new(space, method, epochs, loaded.config.seed)?;
    Ok((State { source: loaded.source.clone(), options, search }, loaded))
}

/// The configuration of a run of a candidate.
fn config_of(state: &State, candidate: &Candidate, epochs: u32, context: &Context) -> TrainConfig {
    let epochs = (epochs, state.search.epochs());
    let config = candidate.config(&state.options, context, epochs, state.search.seed());
    // The images are split already, so the option does not apply to `context`.
    let validation_share = state.options.resolve(&Context::default()).config.validation_share;
    TrainConfig { validation_share, ..config }
}

fn print(output: Output, job: &Job, result: &RunResult) {
    let texts = output.texts;
    let Job { trial, candidate, epochs, rung } = job;
    let outcome = result.outcome();
    output.event(json!({
        "event": "trial",
        "trial": trial,
        "rung": rung,
        "epochs": epochs,
        "candidate": candidate,
        "score": outcome.map(|outcome| outcome.score),
        "loss": outcome.map(|outcome| outcome.loss),
        "seconds": outcome.map(|outcome| outcome.seconds),
        "failure": result.failure().map(ToString::to_string),
    }));
    let settings: Vec<String> =
        candidate.iter().map(|(key, text)| setting_of_candidate(texts, key, text)).collect();
    let settings = settings.join(texts.data_targets_separator());
    match result {
        RunResult::Finished(outcome) => {
            let score = texts.percent(outcome.score);
            output.line(texts.cli_trial(trial + 1, *epochs, &score, &settings));
        }
        RunResult::Failed(failure) => {
            let reason = failure.localize(texts);
            output.warn(&texts.cli_trial_failed(trial + 1, &settings, &reason));
        }
    }
}

/// An option of a candidate and its value, or its factor on the default.
fn setting_of_candidate(texts: Texts, key: &str, text: &str) -> String {
    match text.parse() {
        Ok(factor) if is_factor(key) => {
            texts.cli_setting_multiple(texts.label_of_option(key), &texts.significant(factor))
        }
        _ => setting(texts, key, text),
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
    let texts = output.texts;
    let folder = out.display().to_string();
    output.event(json!({
        "event": "done",
        "trial": best.map(|(trial, _)| trial),
        "score": best.map(|(_, outcome)| outcome.score),
        "stopped": stopped,
        "out": folder,
    }));
    output.line(match best {
        Some((trial, outcome)) => {
            let (score, file) = (texts.percent(outcome.score), format!("{folder}/{BEST}"));
            texts.cli_best_trial(trial + 1, &score, &file)
        }
        None => texts.search_all_failed().into(),
    });
    if stopped {
        output.line(texts.cli_stopped("search", &folder));
    }
    Ok(())
}
