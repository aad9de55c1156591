//! Parallel coordinates.

use leptos::prelude::*;

use crate::charts::chart_area::{Area, ChartArea, Cursor};
use crate::language::use_texts;
use tunelab_l10n::Texts;
use tunelab_presentation::charts::axis::{Axis, Tick};
use tunelab_presentation::charts::layout::Frame;
use tunelab_presentation::charts::parallel_coordinates::{Line, ParallelCoordinates, Placement};

/// In a narrower chart, the axes are horizontal; in px.
const LEAST_VERTICAL_WIDTH: f64 = 560.0;
/// Height and margins (left, right, top and bottom) with vertical axes, in px.
const VERTICAL: (f64, [f64; 4]) = (290.0, [104.0, 64.0, 34.0, 14.0]);
/// The same with horizontal axes.
const HORIZONTAL: (f64, [f64; 4]) = (400.0, [16.0, 24.0, 30.0, 40.0]);
/// About how many ticks an axis of numbers has.
const TICKS: usize = 4;

/// Parallel coordinates. Positions are ranks: of the lines in their order, from 1.
#[component]
pub fn ParallelCoordinatesView(
    #[prop(into)] chart: Signal<ParallelCoordinates>,
    label: Signal<String>,
    /// The text below the chart without a cursor.
    hint: Signal<String>,
    cursor: Cursor,
    /// The text at a rank.
    reading: Callback<f64, String>,
) -> impl IntoView {
    let texts = use_texts();
    let area = Area::new();
    let chart = Memo::new(move |_| chart.get());
    let is_horizontal = Memo::new(move |_| area.width.get() < LEAST_VERTICAL_WIDTH);
    let size = move || if is_horizontal.get() { HORIZONTAL } else { VERTICAL };
    let placement = Memo::new(move |_| {
        let (height, margins) = size();
        Placement {
            frame: Frame::new(area.width.get(), height, margins),
            is_horizontal: is_horizontal.get(),
            axes: chart.with(|chart| chart.axes.len()),
        }
    });
    let reading_order = Memo::new(move |_| chart.with(ParallelCoordinates::reading_order));
    let find = move |place| {
        let placement = placement.get_untracked();
        let index = chart.with_untracked(|chart| chart.nearest(&placement, place))?;
        Some((index + 1) as f64)
    };
    let lines = move || {
        let placement = placement.get();
        // Earlier ones are drawn last, above the others.
        chart.with(|chart| {
            let lines = chart.lines.iter().enumerate().rev();
            lines.map(|(index, line)| line_path(line, index == 0, &placement)).collect_view()
        })
    };
    let selected = move || {
        let index = cursor.index()?;
        let path = chart.with(|chart| Some(placement.get().path(chart.lines.get(index)?)))?;
        Some(view! { <path class="chart-coordinates selected" d=path /> })
    };
    let axes = move || {
        let (placement, texts) = (placement.get(), texts.get());
        chart.with(|chart| {
            let axes = chart.axes.iter().enumerate();
            axes.map(|(index, axis)| axis_view(index, axis, &placement, texts)).collect_view()
        })
    };
    view! {
        <ChartArea
            area
            height=Signal::derive(move || size().0)
            label
            hint
            reading_order
            cursor
            reading
            find=Callback::new(find)
        >
            {lines}
            {selected}
            {axes}
        </ChartArea>
    }
}

fn line_path(line: &Line, is_first: bool, placement: &Placement) -> impl IntoView + use<> {
    let has_failed = line.result().is_none();
    view! {
        <path
            class="chart-coordinates"
            class:failed=has_failed
            class:best=is_first && !has_failed
            data-testid="chart-mark"
            data-key=line.key
            data-band=line.band()
            d=placement.path(line)
        />
    }
}

fn axis_view(
    index: usize,
    axis: &Axis,
    placement: &Placement,
    texts: Texts,
) -> impl IntoView + use<> {
    let (start, end) = (placement.point(index, 0.0), placement.point(index, 1.0));
    let (x, y, anchor) = match placement.is_horizontal {
        true => (start.0, start.1 - 9.0, "start"),
        false => (end.0, end.1 - 16.0, "middle"),
    };
    let ticks = axis.ticks(TICKS, texts);
    // Many names side by side take turns in two rows.
    let rows = if placement.is_horizontal && ticks.len() > 4 { 2 } else { 1 };
    let tick = |(number, tick): (usize, Tick)| {
        let (x, y) = placement.point(index, tick.position);
        let (text_x, text_y, anchor) = match (placement.is_horizontal, index) {
            (true, _) => (x, y + 15.0 + 12.0 * (number % rows) as f64, "middle"),
            (false, 0) => (x - 8.0, y + 4.0, "end"),
            (false, _) => (x + 8.0, y + 4.0, "start"),
        };
        view! {
            <circle class="chart-stop" cx=x cy=y r="2" />
            <text class="chart-tick chart-label" x=text_x y=text_y text-anchor=anchor>
                {tick.label}
            </text>
        }
    };
    view! {
        <line class="chart-axis" x1=start.0 y1=start.1 x2=end.0 y2=end.1 />
        {ticks.into_iter().enumerate().map(tick).collect_view()}
        <text class="chart-name chart-label" x=x y=y text-anchor=anchor>
            {axis.name.clone()}
        </text>
    }
}
