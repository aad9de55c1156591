//! A chart of lines along the epochs, to be read by eye, pointer, keyboard or ear.

use leptos::ev::{KeyboardEvent, PointerEvent};
use leptos::html::Div;
use leptos::prelude::*;

use crate::plot::drawing::width_of;
use tunelab_presentation::plot::geometry::{Chart, Kind, Plane, spread};

const HEIGHT: f64 = 220.0;
const TOP: f64 = 12.0;
const BOTTOM: f64 = 30.0;
const LEFT: f64 = 46.0;
/// Room for the names at the lines' ends.
const RIGHT: f64 = 88.0;
/// Between the base lines of two names.
const LINE_HEIGHT: f64 = 15.0;

/// A chart with its title, a sentence under it that says what it shows, and, where the pointer or the
/// arrow keys are, the values there.
#[component]
pub fn LineChart(
    title: Signal<&'static str>,
    /// What is better: more or less.
    better: &'static str,
    chart: Signal<Chart>,
    summary: Signal<String>,
) -> impl IntoView {
    let area = NodeRef::<Div>::new();
    let width = width_of(area);
    let chart = Memo::new(move |_| chart.get());
    let plane = Memo::new(move |_| {
        chart.with(|chart| Plane {
            left: LEFT,
            right: (width.get() - RIGHT).max(LEFT + 40.0),
            top: TOP,
            bottom: HEIGHT - BOTTOM,
            x_end: chart.epochs.max(1.0),
            y_end: chart.y_end(),
        })
    });

    // Where it is read: an x that has values.
    let asked = RwSignal::new(None::<f64>);
    let cursor = Memo::new(move |_| {
        let (first, last) = chart.with(Chart::extent)?;
        asked.get().map(|x| x.clamp(first, last))
    });
    let extent = move || chart.with(Chart::extent);
    let value_text = move || match (cursor.get(), extent()) {
        (Some(x), _) => Some(chart.with(|chart| chart.read_out(x))),
        (None, Some((_, last))) => Some(chart.with(|chart| chart.read_out(last))),
        (None, None) => None,
    };
    let at = move || extent().map(|(_, last)| format!("{:.2}", cursor.get().unwrap_or(last)));
    let on_pointer = move |event: PointerEvent| {
        if let Some(area) = area.get() {
            let x = f64::from(event.client_x()) - area.get_bounding_client_rect().left();
            asked.set(Some(plane.get().value_at(x)));
        }
    };
    let on_key = move |event: KeyboardEvent| {
        let Some((first, last)) = extent() else { return };
        let x = cursor.get().unwrap_or(last);
        let to = match event.key().as_str() {
            "ArrowLeft" | "ArrowDown" => (x - 1.0).ceil(),
            "ArrowRight" | "ArrowUp" => (x + 1.0).floor(),
            "PageDown" => x - 5.0,
            "PageUp" => x + 5.0,
            "Home" => first,
            "End" => last,
            _ => return,
        };
        event.prevent_default();
        asked.set(Some(to));
    };

    view! {
        <figure class="plot">
            <figcaption class="plot-title">
                {move || title.get()} " " <span class="hint">{better}</span>
            </figcaption>
            <div
                class="plot-area"
                node_ref=area
                role=move || if extent().is_some() { "slider" } else { "img" }
                tabindex=move || extent().map(|_| "0")
                aria-label=move || match extent() {
                    Some(_) => format!("{} by epoch", title.get()),
                    None => format!("{}: nothing to show yet", title.get()),
                }
                aria-valuemin=move || extent().map(|(first, _)| format!("{first:.2}"))
                aria-valuemax=move || extent().map(|(_, last)| format!("{last:.2}"))
                aria-valuenow=at
                aria-valuetext=value_text
                on:pointermove=on_pointer
                on:pointerdown=on_pointer
                on:pointerleave=move |_| asked.set(None)
                on:blur=move |_| asked.set(None)
                on:keydown=on_key
            >
                <svg
                    aria-hidden="true"
                    focusable="false"
                    width=move || width.get()
                    height=HEIGHT
                    class="plot-svg"
                >
                    <Axes chart plane />
                    <Lines chart plane />
                    {move || {
                        cursor.get().map(|x| {
                            let x = plane.get().x(x);
                            view! { <line class="plot-cursor" x1=x x2=x y1=TOP y2=HEIGHT - BOTTOM /> }
                        })
                    }}
                </svg>
            </div>
            <p class="plot-words hint">
                {move || match cursor.get() {
                    Some(x) => chart.with(|chart| chart.read_out(x)),
                    None => summary.get(),
                }}
            </p>
        </figure>
    }
}

#[component]
fn Axes(chart: Memo<Chart>, plane: Memo<Plane>) -> impl IntoView {
    let rows = move || {
        let plane = plane.get();
        let row = |(value, text): (f64, String)| {
            let y = plane.y(value);
            view! {
                <line class="plot-grid" x1=plane.left x2=plane.right y1=y y2=y />
                <text class="plot-tick" x=plane.left - 8.0 y=y + 4.0 text-anchor="end">
                    {text}
                </text>
            }
        };
        chart.with(Chart::y_ticks).into_iter().map(row).collect_view()
    };
    let columns = move || {
        let plane = plane.get();
        let wanted = ((plane.right - plane.left) / 44.0) as usize;
        let column = |(value, text): (f64, String)| {
            view! {
                <text class="plot-tick" x=plane.x(value) y=HEIGHT - BOTTOM + 18.0 text-anchor="middle">
                    {text}
                </text>
            }
        };
        chart.with(|chart| chart.x_ticks(wanted)).into_iter().map(column).collect_view()
    };
    view! {
        {rows}
        {columns}
        <text class="plot-tick" x=move || plane.get().right + 14.0 y=HEIGHT - BOTTOM + 18.0>
            "epochs"
        </text>
    }
}

#[component]
fn Lines(chart: Memo<Chart>, plane: Memo<Plane>) -> impl IntoView {
    let reference = move || {
        let plane = plane.get();
        chart.with(|chart| chart.reference).map(|(value, name)| {
            let y = plane.y(value);
            view! {
                <line class="plot-reference" x1=plane.left x2=plane.right y1=y y2=y />
                <text class="plot-tick" x=plane.left + 6.0 y=y - 5.0>
                    {name}
                </text>
            }
        })
    };
    let lines = move || {
        let plane = plane.get();
        chart.with(|chart| {
            let line = |series: &tunelab_presentation::plot::geometry::Series| {
                let class = match series.kind {
                    Kind::Training => "plot-line plot-training",
                    Kind::Validation => "plot-line plot-validation",
                };
                let dots = series.ranges.is_empty().then(|| plane.dots(&series.points, 3.0));
                view! {
                    <path class="plot-range" d=plane.ranges(&series.ranges) />
                    <path class=class d=plane.line(&series.points) />
                    {dots.map(|dots| view! { <path class=format!("{class} plot-dots") d=dots /> })}
                }
            };
            chart.series.iter().map(line).collect_view()
        })
    };
    let names = move || {
        let plane = plane.get();
        chart.with(|chart| {
            let ends: Vec<(Kind, f64, f64)> = chart
                .series
                .iter()
                .filter_map(|series| series.points.last().map(|&(x, y)| (series.kind, x, y)))
                .collect();
            let heights: Vec<f64> =
                ends.iter().map(|&(_, _, y)| plane.y(y).clamp(plane.top, plane.bottom)).collect();
            let heights = spread(&heights, LINE_HEIGHT, plane.top + 4.0, plane.bottom);
            let name = |(&(kind, x, _), y): (&(Kind, f64, f64), f64)| {
                let class = match kind {
                    Kind::Training => "plot-name plot-training",
                    Kind::Validation => "plot-name plot-validation",
                };
                view! {
                    <text class=class x=plane.x(x) + 8.0 y=y + 4.0>
                        {kind.name()}
                    </text>
                }
            };
            ends.iter().zip(heights).map(name).collect_view()
        })
    };
    view! {
        {reference}
        // Spikes beyond the axis stay out of what is above it.
        <svg
            x=0
            y=TOP - 4.0
            width=move || plane.get().right + 4.0
            height=HEIGHT - TOP - BOTTOM + 8.0
            viewBox=move || {
                format!("0 {} {} {}", TOP - 4.0, plane.get().right + 4.0, HEIGHT - TOP - BOTTOM + 8.0)
            }
            class="plot-clip"
        >
            {lines}
        </svg>
        {names}
    }
}
