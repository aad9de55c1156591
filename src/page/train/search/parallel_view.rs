//! The trials as lines through all their choices.

use leptos::prelude::*;

use crate::train::search::context::SearchContext;
use tunelab_presentation::train::search::parallel::{Axis, Parallel, Placing};

/// The axes and the lines; the best one stands out.
#[component]
pub fn Lines(
    parallel: Memo<Option<Parallel>>,
    place: Memo<Placing>,
    selected: Memo<Option<usize>>,
) -> impl IntoView {
    let context = expect_context::<SearchContext>();
    let axes = move || {
        let place = place.get();
        parallel.with(|parallel| {
            let axes = parallel.as_ref()?.axes.iter().enumerate();
            Some(axes.map(|(number, axis)| axis_view(number, axis, &place)).collect_view())
        })
    };
    let lines = move || {
        let place = place.get();
        parallel.with(|parallel| {
            let lines = &parallel.as_ref()?.lines;
            context.tries.with(|tries| {
                // The best is drawn last, above all others.
                let all = tries.iter().zip(lines).enumerate().rev();
                let line = all.map(|(index, (tried, line))| {
                    let is_best = index == 0 && tried.score.is_some();
                    view! {
                        <path
                            class="search-line"
                            class:failed=tried.score.is_none()
                            class:best=is_best
                            data-testid="search-try"
                            data-trial=tried.trial
                            data-band=line.band
                            d=place.path(line)
                        />
                    }
                });
                Some(line.collect_view())
            })
        })
    };
    let looked_at = move || {
        let index = selected.get()?;
        let line = parallel.with(|parallel| parallel.as_ref()?.lines.get(index).copied())?;
        Some(view! { <path class="search-line selected" d=place.get().path(&line) /> })
    };
    view! {
        {lines}
        {looked_at}
        {axes}
    }
}

fn axis_view(number: usize, axis: &Axis, place: &Placing) -> impl IntoView + use<> {
    let (start, end) = (place.point(number, 0.0), place.point(number, 1.0));
    let lying = place.lying;
    let (x, y, anchor) = match lying {
        true => (start.0, start.1 - 9.0, "start"),
        false => (end.0, end.1 - 16.0, "middle"),
    };
    // Many names side by side take turns in two rows.
    let rows = if lying && axis.ticks.len() > 4 { 2 } else { 1 };
    let tick = |(index, (share, text)): (usize, &(f64, String))| {
        let (x, y) = place.point(number, *share);
        let (text_x, text_y, anchor) = match (lying, number) {
            (true, _) => (x, y + 15.0 + 12.0 * (index % rows) as f64, "middle"),
            (false, 0) => (x - 8.0, y + 4.0, "end"),
            (false, _) => (x + 8.0, y + 4.0, "start"),
        };
        view! {
            <circle class="search-tick" cx=x cy=y r="2" />
            <text class="plot-tick search-label" x=text_x y=text_y text-anchor=anchor>
                {text.clone()}
            </text>
        }
    };
    view! {
        <line class="search-axis" x1=start.0 y1=start.1 x2=end.0 y2=end.1 />
        {axis.ticks.iter().enumerate().map(tick).collect_view()}
        <text class="search-name search-label" x=x y=y text-anchor=anchor>
            {axis.name}
        </text>
    }
}
