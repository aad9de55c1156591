//! The area of a chart: its cursor, which pointers and arrow keys move, the text at the cursor, and its axes.

use leptos::ev::{KeyboardEvent, PointerEvent};
use leptos::html::Div;
use leptos::prelude::*;

use crate::charts::redraw::width_of;
use crate::language::use_texts;
use tunelab_presentation::charts::axis::Tick;
use tunelab_presentation::charts::layout::Frame;
use tunelab_presentation::charts::reading_order::ReadingOrder;

/// The position where a chart is read.
#[derive(Clone, Copy)]
pub struct Cursor {
    pub position: Signal<Option<f64>>,
    pub set: Callback<Option<f64>>,
}

impl Cursor {
    /// A cursor that only its chart uses.
    pub fn new() -> Self {
        let position = RwSignal::new(None);
        Self { position: position.into(), set: Callback::new(move |to| position.set(to)) }
    }

    /// The index of the mark at the cursor, in a chart that is read by rank.
    pub fn index(&self) -> Option<usize> {
        (self.position.get()? as usize).checked_sub(1)
    }
}

/// The element of a chart and its current width in px.
#[derive(Clone, Copy)]
pub struct Area {
    element: NodeRef<Div>,
    pub width: ReadSignal<f64>,
}

impl Area {
    pub fn new() -> Self {
        let element = NodeRef::new();
        Self { element, width: width_of(element) }
    }
}

/// An SVG drawing, a slider to the keyboard and to screen readers, with the text at the cursor below it.
#[component]
pub fn ChartArea(
    area: Area,
    height: Signal<f64>,
    /// The name of the chart.
    label: Signal<String>,
    /// The text without a cursor.
    hint: Signal<String>,
    reading_order: Memo<ReadingOrder>,
    cursor: Cursor,
    /// The text at a position.
    reading: Callback<f64, String>,
    /// The position at a point, in px.
    find: Callback<(f64, f64), Option<f64>>,
    children: Children,
) -> impl IntoView {
    let texts = use_texts();
    let range = move || reading_order.with(ReadingOrder::range);
    let position = move || {
        let cursor = cursor.position.get();
        reading_order.with(|order| order.position(cursor))
    };
    let on_pointer = move |event: PointerEvent| {
        let Some(element) = area.element.get_untracked() else { return };
        let bounds = element.get_bounding_client_rect();
        let x = f64::from(event.client_x()) - bounds.left();
        let y = f64::from(event.client_y()) - bounds.top();
        cursor.set.run(find.run((x, y)));
    };
    let on_leave = move |event: PointerEvent| {
        // A finger that is lifted leaves the cursor where it was.
        if event.pointer_type() == "mouse" {
            cursor.set.run(None);
        }
    };
    let on_key = move |event: KeyboardEvent| {
        let from = cursor.position.get_untracked();
        let to = reading_order.with_untracked(|order| order.after_key(&event.key(), from));
        if to.is_some() {
            event.prevent_default();
            cursor.set.run(to);
        }
    };
    view! {
        <div
            class="chart-area"
            node_ref=area.element
            role=move || if range().is_some() { "slider" } else { "img" }
            tabindex=move || range().map(|_| "0")
            aria-label=move || match range() {
                Some(_) => label.get(),
                None => texts.get().chart_empty(&label.get()),
            }
            aria-valuemin=move || range().map(|(first, _)| first)
            aria-valuemax=move || range().map(|(_, last)| last)
            aria-valuenow=position
            aria-valuetext=move || position().map(|position| reading.run(position))
            on:pointermove=on_pointer
            on:pointerdown=on_pointer
            on:pointerleave=on_leave
            on:blur=move |_| cursor.set.run(None)
            on:keydown=on_key
        >
            <svg
                aria-hidden="true"
                focusable="false"
                class="chart-svg"
                width=area.width
                height=height
            >
                {children()}
            </svg>
        </div>
        <p class="chart-reading hint" data-testid="chart-reading">
            {move || match cursor.position.get().and_then(|_| position()) {
                Some(position) => reading.run(position),
                None => hint.get(),
            }}
        </p>
    }
}

/// The axes of a frame: horizontal grid lines, and a name below.
pub fn axes(frame: Frame, x: Vec<Tick>, x_name: &str, y: Vec<Tick>) -> impl IntoView + use<> {
    let Frame { left, right, bottom, .. } = frame;
    let row = |tick: Tick| {
        let y = frame.y(tick.position);
        view! {
            <line class="chart-grid" x1=left x2=right y1=y y2=y />
            <text class="chart-tick" x=left - 8.0 y=y + 4.0 text-anchor="end">
                {tick.label}
            </text>
        }
    };
    let column = |tick: Tick| {
        let x = frame.x(tick.position);
        view! {
            <line class="chart-grid" x1=x x2=x y1=bottom y2=bottom + 5.0 />
            <text class="chart-tick" x=x y=bottom + 19.0 text-anchor="middle">
                {tick.label}
            </text>
        }
    };
    view! {
        {y.into_iter().map(row).collect_view()}
        <line class="chart-axis" x1=left x2=right y1=bottom y2=bottom />
        {x.into_iter().map(column).collect_view()}
        <text class="chart-tick" x=(left + right) / 2.0 y=bottom + 37.0 text-anchor="middle">
            {x_name.to_owned()}
        </text>
    }
}

/// About how many ticks a horizontal axis has room for.
pub fn column_count(frame: Frame) -> usize {
    const COLUMN_WIDTH: f64 = 56.0;
    (frame.width() / COLUMN_WIDTH) as usize
}
