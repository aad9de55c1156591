//! The trials as marks by learning rate and score.

use leptos::prelude::*;

use crate::train::search::context::SearchContext;
use crate::train::search::plots::look_of;
use tunelab_presentation::train::search::parallel::Placing;
use tunelab_presentation::train::search::scale::Frame;
use tunelab_presentation::train::search::scatter::{Mark, Scatter, cross, shape};
use tunelab_presentation::train::search::tries::Try;

/// The axes and the marks; the best one is named.
#[component]
pub fn Marks(
    scatter: Memo<Option<Scatter>>,
    place: Memo<Placing>,
    selected: Memo<Option<usize>>,
) -> impl IntoView {
    let context = expect_context::<SearchContext>();
    let axes = move || {
        let frame = place.get().frame;
        scatter.with(|scatter| scatter.as_ref().map(|scatter| axes(scatter, &frame)))
    };
    let marks = move || {
        scatter.with(|scatter| {
            let marks = &scatter.as_ref()?.marks;
            context.tries.with(|tries| {
                // The best is drawn last, above all others.
                let all = tries.iter().zip(marks).rev();
                Some(all.map(|(tried, at)| mark(tried, at)).collect_view())
            })
        })
    };
    let best = move || {
        scatter.with(|scatter| {
            let mark = scatter.as_ref()?.marks.first().copied()?;
            context.tries.with(|tries| tries.first()?.score)?;
            Some(named(&mark, &place.get().frame))
        })
    };
    let ring = move || {
        let index = selected.get()?;
        let mark = scatter.with(|scatter| scatter.as_ref()?.marks.get(index).copied())?;
        Some(view! { <circle class="search-ring" cx=mark.x cy=mark.y r=mark.radius + 6.0 /> })
    };
    view! {
        {axes}
        {marks}
        {best}
        {ring}
    }
}

fn axes(scatter: &Scatter, frame: &Frame) -> impl IntoView + use<> {
    let Frame { left, right, bottom, .. } = *frame;
    let row = |(y, text): &(f64, String)| {
        view! {
            <line class="plot-grid" x1=left x2=right y1=*y y2=*y />
            <text class="plot-tick" x=left - 8.0 y=y + 4.0 text-anchor="end">
                {text.clone()}
            </text>
        }
    };
    let column = |(x, text): &(f64, String)| {
        view! {
            <line class="plot-grid" x1=*x x2=*x y1=bottom y2=bottom + 5.0 />
            <text class="plot-tick" x=*x y=bottom + 19.0 text-anchor="middle">
                {text.clone()}
            </text>
        }
    };
    view! {
        {scatter.y_ticks.iter().map(row).collect_view()}
        <line class="search-axis" x1=left x2=right y1=bottom y2=bottom />
        {scatter.x_ticks.iter().map(column).collect_view()}
        <text class="plot-tick" x=(left + right) / 2.0 y=bottom + 38.0 text-anchor="middle">
            "learning rate"
        </text>
    }
}

fn mark(tried: &Try, at: &Mark) -> impl IntoView + use<> {
    let look = look_of(tried.config.strategy.key());
    let failed = tried.score.is_none();
    let path = if failed { cross(at.x, at.y, 5.0) } else { shape(look, at.x, at.y, at.radius) };
    view! {
        <path
            class="search-mark"
            class:failed=failed
            data-testid="search-try"
            data-trial=tried.trial
            data-way=look % 5
            d=path
        />
    }
}

fn named(mark: &Mark, frame: &Frame) -> impl IntoView + use<> {
    let is_right = mark.x > (frame.left + frame.right) / 2.0;
    let (x, anchor) = match is_right {
        true => (mark.x - mark.radius - 9.0, "end"),
        false => (mark.x + mark.radius + 9.0, "start"),
    };
    view! {
        <circle class="search-best" cx=mark.x cy=mark.y r=mark.radius + 4.5 />
        <text class="search-name" x=x y=mark.y + 4.0 text-anchor=anchor>
            "best"
        </text>
    }
}
