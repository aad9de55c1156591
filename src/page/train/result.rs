//! The result of a run, and its interpretation.

use leptos::prelude::*;

use crate::language::{text, use_texts};
use crate::state::State;
use crate::steps::Step;
use crate::train::run_display::RunDisplay;
use tunelab_l10n::Texts;
use tunelab_presentation::progress::run_log::{Phase, RunLog, ScoreKind};
use tunelab_presentation::progress::run_result::{
    against_chance, best_score_label, overfitting_epoch, overfitting_warning,
};

/// The best validation score so far, and its interpretation after the run.
#[component]
pub fn RunResult() -> impl IntoView {
    let (state, display) = (expect_context::<State>(), expect_context::<RunDisplay>());
    let texts = use_texts();
    let score = Memo::new(move |_| display.run(best).map(|(score, _)| score));
    let score_text = move || score.get().map(|score| texts.get().percent(score));
    let label = move || {
        display.run(|run| {
            let (_, epoch) = best(run)?;
            let has_ended = matches!(run.phase, Phase::Finished | Phase::Stopped);
            Some(best_score_label(run.score_kind, epoch, has_ended, texts.get()))
        })
    };
    let has_ended = move || !display.active.get() && state.outcome.with(Option::is_some);
    let is_accuracy = move || display.run(|run| run.score_kind == ScoreKind::Accuracy);
    let meaning = move || {
        let accuracy = score.get().filter(|_| is_accuracy())?;
        let classes = display.run(|run| run.classes.len());
        Some(against_chance(accuracy, classes, texts.get()))
    };
    // During the run, as soon as it overfits; afterwards, if the saved model has a large gap.
    let warning = Memo::new(move |_| {
        let active = display.active.get();
        // Other scores are not measured on the training images.
        if !is_accuracy() {
            return None;
        }
        display.run(|run| {
            let epoch = if active { overfitting_epoch(run) } else { run.best() };
            overfitting_warning(epoch?, texts.get())
        })
    });
    let is_not_validated =
        move || has_ended() && score.get().is_none() && display.phase.get() == Phase::Finished;
    view! {
        <Show when=is_not_validated>
            <p>
                {text(Texts::run_not_validated)} " " <a href=Step::Try.href()>{text(Texts::run_try)}</a>
            </p>
        </Show>
        <Show when=move || score.get().is_some()>
            <div class="train-result">
                <p class="train-score">
                    <strong data-testid="validation-accuracy">{score_text}</strong>
                    <span class="hint">{label}</span>
                </p>
                <div role="status">
                    <Show when=move || warning.with(Option::is_some)>
                        <p class="notice warn" data-testid="gap">
                            {move || warning.get()}
                        </p>
                    </Show>
                </div>
                <Show when=has_ended>
                    <p>{meaning}</p>
                    <p>
                        <a class="button" href=Step::Try.href()>
                            {text(Texts::run_try)}
                        </a>
                    </p>
                </Show>
            </div>
        </Show>
    }
}

/// The best validation score, and its epoch.
fn best(run: &RunLog) -> Option<(f64, u32)> {
    match (run.final_score, run.best()) {
        (Some(best), _) => Some((best.score, best.epoch)),
        (None, Some(best)) => Some((best.validation_score, best.epoch)),
        (None, None) => None,
    }
}
