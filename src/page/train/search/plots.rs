//! The two drawings of what a search has come to, to be read by eye, pointer, keyboard or ear.

use leptos::ev::{KeyboardEvent, PointerEvent};
use leptos::html::Div;
use leptos::prelude::*;

use crate::plot::drawing::width_of;
use crate::train::search::context::SearchContext;
use crate::train::search::parallel_view::Lines;
use crate::train::search::scatter_view::Marks;
use tunelab_core::options::TrainOption;
use tunelab_core::search::range::Range;
use tunelab_l10n::Texts;
use tunelab_presentation::train::search::form::values_of;
use tunelab_presentation::train::search::parallel::{Parallel, Placing};
use tunelab_presentation::train::search::scale::Frame;
use tunelab_presentation::train::search::scatter::{Scatter, shape};
use tunelab_presentation::train::search::words::read_out;

/// With less room than this, in px, the axes of all choices lie below each other.
const UPRIGHT: f64 = 560.0;

/// What is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Scatter,
    Parallel,
}

impl Kind {
    const ALL: [Kind; 2] = [Kind::Scatter, Kind::Parallel];

    fn name(self) -> &'static str {
        match self {
            Kind::Scatter => "By learning rate",
            Kind::Parallel => "All choices",
        }
    }

    fn hint(self) -> &'static str {
        match self {
            Kind::Scatter => {
                "Each mark is a try: the higher, the better; the larger, the longer it was trained."
            }
            Kind::Parallel => {
                "Each line is a try, through all its choices to its score: the stronger its colour, the better."
            }
        }
    }
}

/// The drawings, one at a time, and what is shown where the pointer or the arrow keys are.
#[component]
pub fn Plots() -> impl IntoView {
    let context = expect_context::<SearchContext>();
    let kind = RwSignal::new(Kind::Scatter);
    let is_scatter = Memo::new(move |_| kind.get() == Kind::Scatter);
    let area = NodeRef::<Div>::new();
    let width = width_of(area);
    let place = Memo::new(move |_| placing(kind.get(), width.get()));
    let height = Memo::new(move |_| height(kind.get(), place.get().lying));
    let scatter = Memo::new(move |_| {
        let frame = place.get().frame;
        context.tries.with(|tries| {
            context.begun(|begun| {
                Scatter::new(tries, begun.rates.iter().copied(), begun.search.rungs().len(), &frame)
            })
        })
    });
    let parallel = Memo::new(move |_| {
        context.tries.with(|tries| {
            context.begun(|begun| Parallel::new(tries, &begun.search, begun.rates.iter().copied()))
        })
    });
    // The place in the ranking of what is looked at.
    let selected = Memo::new(move |_| {
        let trial = context.selected.get()?;
        context.tries.with(|tries| tries.iter().position(|tried| tried.trial == trial))
    });
    let select = move |place: usize| {
        let trial = context.tries.with_untracked(|tries| tries.get(place).map(|tried| tried.trial));
        context.selected.set(trial);
    };
    let on_pointer = move |event: PointerEvent| {
        let Some(area) = area.get() else { return };
        let bounds = area.get_bounding_client_rect();
        let x = f64::from(event.client_x()) - bounds.left();
        let y = f64::from(event.client_y()) - bounds.top();
        let found = match kind.get_untracked() {
            Kind::Scatter => scatter.with_untracked(|all| all.as_ref()?.nearest(x, y)),
            Kind::Parallel => {
                parallel.with_untracked(|all| all.as_ref()?.nearest(&place.get_untracked(), x, y))
            }
        };
        match found {
            Some(place) => select(place),
            None => context.selected.set(None),
        }
    };
    let on_key = move |event: KeyboardEvent| {
        let last = context.tries.with_untracked(Vec::len).saturating_sub(1);
        let now = selected.get_untracked();
        let to = match (event.key().as_str(), now) {
            ("ArrowRight" | "ArrowUp", None) | ("ArrowLeft" | "ArrowDown" | "Home", None) => 0,
            ("ArrowRight" | "ArrowUp", Some(now)) => (now + 1).min(last),
            ("ArrowLeft" | "ArrowDown", Some(now)) => now.saturating_sub(1),
            ("Home", _) => 0,
            ("End", _) => last,
            _ => return,
        };
        event.prevent_default();
        select(to);
    };
    let words = move || {
        let place = selected.get();
        context.tries.with(|tries| place.map(|place| read_out(tries, place)))
    };
    view! {
        <figure class="plot search-plot">
            <fieldset class="search-kinds" aria-label="What is drawn">
                {Kind::ALL.map(|one| kind_radio(one, kind)).collect_view()}
            </fieldset>
            <div
                class="search-area"
                node_ref=area
                role="slider"
                tabindex="0"
                aria-label=move || format!("Tries from the best to the worst, {}", kind.get().name().to_lowercase())
                aria-valuemin="1"
                aria-valuemax=move || context.tries.with(Vec::len).to_string()
                aria-valuenow=move || (selected.get().unwrap_or(0) + 1).to_string()
                aria-valuetext=move || {
                    let place = selected.get().unwrap_or(0);
                    context.tries.with(|tries| read_out(tries, place))
                }
                on:pointermove=on_pointer
                on:pointerdown=on_pointer
                on:pointerleave=move |event: PointerEvent| {
                    // A finger that is lifted leaves what it pointed at.
                    if event.pointer_type() == "mouse" {
                        context.selected.set(None);
                    }
                }
                on:blur=move |_| context.selected.set(None)
                on:keydown=on_key
            >
                <svg
                    aria-hidden="true"
                    focusable="false"
                    class="plot-svg"
                    width=move || width.get()
                    height=move || height.get()
                >
                    <Show
                        when=move || is_scatter.get()
                        fallback=move || view! { <Lines parallel place selected /> }
                    >
                        <Marks scatter place selected />
                    </Show>
                </svg>
            </div>
            <p class="plot-words hint" data-testid="search-words">
                {move || words().unwrap_or_else(|| kind.get().hint().into())}
            </p>
            <Show when=move || is_scatter.get()>
                <Legend />
            </Show>
        </figure>
    }
}

fn kind_radio(one: Kind, kind: RwSignal<Kind>) -> impl IntoView {
    view! {
        <label class="search-check">
            <input
                type="radio"
                name="search-kind"
                prop:checked=move || kind.get() == one
                on:change=move |_| kind.set(one)
            />
            {one.name()}
        </label>
    }
}

fn height(kind: Kind, lying: bool) -> f64 {
    if kind == Kind::Parallel && lying { 400.0 } else { 290.0 }
}

fn placing(kind: Kind, width: f64) -> Placing {
    let lying = kind == Kind::Parallel && width < UPRIGHT;
    let height = height(kind, lying);
    let frame = match (kind, lying) {
        (Kind::Scatter, _) => {
            Frame { left: 56.0, right: width - 16.0, top: 16.0, bottom: height - 46.0 }
        }
        (Kind::Parallel, false) => {
            Frame { left: 84.0, right: width - 64.0, top: 34.0, bottom: height - 14.0 }
        }
        (Kind::Parallel, true) => {
            Frame { left: 16.0, right: width - 24.0, top: 30.0, bottom: height - 40.0 }
        }
    };
    Placing { frame: Frame { right: frame.right.max(frame.left + 80.0), ..frame }, lying }
}

/// Which of the shapes and colours a strategy has.
pub fn look_of(strategy: &str) -> usize {
    let all = TrainOption::find("strategy").map(values_of).unwrap_or_default();
    all.iter().position(|other| *other == strategy).unwrap_or(0)
}

/// Which mark is which way.
#[component]
fn Legend() -> impl IntoView {
    let context = expect_context::<SearchContext>();
    let ways_tried = Memo::new(move |_| {
        context.log(|log| {
            let space = log.begun.as_ref()?.search.space();
            match space.0.get("strategy")? {
                Range::Values(values) => Some(values.clone()),
                Range::Log { .. } => None,
            }
        })
    });
    let entry = |way: String| {
        let look = look_of(&way);
        let label = Texts::ENGLISH.label_of_choice("strategy", &way).map(str::to_owned);
        view! {
            <li>
                <svg aria-hidden="true" focusable="false" width="18" height="18">
                    <path class="search-mark" data-way=look % 5 d=shape(look, 9.0, 9.0, 5.5) />
                </svg>
                {label.unwrap_or(way)}
            </li>
        }
    };
    view! {
        <ul class="search-legend">
            {move || ways_tried.get().unwrap_or_default().into_iter().map(entry).collect_view()}
        </ul>
    }
}
