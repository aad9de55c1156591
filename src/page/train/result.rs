//! What a run brought, and what that means.

use leptos::prelude::*;

use crate::state::State;
use crate::train::run_display::RunDisplay;
use tunelab_presentation::plot::format::percent;
use tunelab_presentation::train::run_log::{Measure, Phase, RunLog};
use tunelab_presentation::train::verdict::{UNCHECKED, against_chance, open_gap, overfitting};

/// The best validation accuracy so far, and its meaning once the run has ended.
#[component]
pub fn RunResult() -> impl IntoView {
    let (state, display) = (expect_context::<State>(), expect_context::<RunDisplay>());
    let accuracy = Memo::new(move |_| display.run(best).map(|(top1, _)| top1));
    let epoch = move || {
        display.run(|run| {
            let (_, epoch) = best(run)?;
            let measure = run.measure.name();
            Some(if matches!(run.phase, Phase::Finished | Phase::Stopped) {
                format!("validation {measure}, reached in epoch {epoch}; that network is kept")
            } else {
                format!("best validation {measure} so far, in epoch {epoch}")
            })
        })
    };
    let ended = move || !display.active.get() && state.outcome.with(Option::is_some);
    let sorts = move || display.run(|run| run.measure == Measure::Accuracy);
    let words = move || {
        let best = display.run(best).filter(|_| sorts());
        best.map(|(top1, _)| against_chance(top1, display.run(|run| run.classes.len())))
    };
    // While it trains, as soon as the gap opens; at the end, where the kept network has one.
    let warning = Memo::new(move |_| {
        // Only sorting is measured in training too.
        let active = display.active.get();
        if !sorts() {
            return None;
        }
        display.run(|run| if active { open_gap(run) } else { run.best() }.and_then(overfitting))
    });
    let unchecked =
        move || ended() && accuracy.get().is_none() && display.phase.get() == Phase::Finished;
    view! {
        <Show when=unchecked>
            <p>
                {UNCHECKED} " " <a href="#try">"Try it on a picture"</a>
            </p>
        </Show>
        <Show when=move || accuracy.get().is_some()>
            <div class="train-result">
                <p class="train-score">
                    <strong data-testid="validation-accuracy">
                        {move || accuracy.get().map(percent)}
                    </strong>
                    <span class="hint">{epoch}</span>
                </p>
                <div role="status">
                    <Show when=move || warning.with(Option::is_some)>
                        <p class="notice warn" data-testid="gap">
                            {move || warning.get()}
                        </p>
                    </Show>
                </div>
                <Show when=ended>
                    <p>{words}</p>
                    <p>
                        <a class="button" href="#try">
                            "Try it on a picture"
                        </a>
                    </p>
                </Show>
            </div>
        </Show>
    }
}

/// The best validation accuracy, and its epoch.
fn best(run: &RunLog) -> Option<(f64, u32)> {
    match (run.ending, run.best()) {
        (Some(ending), _) => Some((ending.top1, ending.best_epoch)),
        (None, Some(figures)) => Some((figures.validation_top1, figures.epoch)),
        (None, None) => None,
    }
}
