//! Scatter plots.

use leptos::prelude::*;

use crate::charts::chart_area::{Area, ChartArea, Cursor, axes, column_count};
use crate::language::use_texts;
use tunelab_presentation::charts::layout::{Frame, Plane};
use tunelab_presentation::charts::scatter_plot::{Mark, ScatterPlot};

const HEIGHT: f64 = 290.0;
/// Left, right, top and bottom, in px.
const MARGINS: [f64; 4] = [56.0, 16.0, 16.0, 46.0];
/// About how many ticks the vertical axis has.
const ROWS: usize = 5;
/// Marks have so many colors; symbols tell them apart without colors.
pub const COLORS: usize = 5;

/// A scatter plot. Positions are ranks: of the marks in their order, from 1.
#[component]
pub fn ScatterPlotView(
    #[prop(into)] plot: Signal<ScatterPlot>,
    label: Signal<String>,
    /// The text below the plot without a cursor.
    hint: Signal<String>,
    cursor: Cursor,
    /// The text at a rank.
    reading: Callback<f64, String>,
    /// Whether the plot is as high as it is wide.
    #[prop(optional)]
    is_square: bool,
) -> impl IntoView {
    let texts = use_texts();
    let area = Area::new();
    let plot = Memo::new(move |_| plot.get());
    let height = Signal::derive(move || if is_square { area.width.get() } else { HEIGHT });
    let plane = Memo::new(move |_| {
        let frame = Frame::new(area.width.get(), height.get(), MARGINS);
        plot.with(|plot| plot.plane(frame))
    });
    let reading_order = Memo::new(move |_| plot.with(ScatterPlot::reading_order));
    let find = move |place| {
        let plane = plane.get_untracked();
        let index = plot.with_untracked(|plot| plot.nearest(&plane, place))?;
        Some((index + 1) as f64)
    };
    let axes = move || {
        let (frame, texts) = (plane.get().frame, texts.get());
        plot.with(|plot| {
            let x = plot.x.ticks(column_count(frame), texts);
            axes(frame, x, &plot.x.name, plot.y.ticks(ROWS, texts))
        })
    };
    let marks = move || {
        let plane = plane.get();
        // Earlier ones are drawn last, above the others.
        plot.with(|plot| plot.marks.iter().rev().map(|mark| mark_path(mark, &plane)).collect_view())
    };
    let ring = move || {
        let index = cursor.index()?;
        let mark = plot.with(|plot| plot.marks.get(index).copied())?;
        Some(circle(&mark, &plane.get(), 6.0, "chart-ring"))
    };
    view! {
        <ChartArea
            area
            height
            label
            hint
            reading_order
            cursor
            reading
            find=Callback::new(find)
        >
            {axes}
            {move || plot.with(|plot| plot.has_diagonal.then(|| diagonal(&plane.get())))}
            {marks}
            {move || plot.with(|plot| first_name(plot, &plane.get()))}
            {ring}
        </ChartArea>
    }
}

fn mark_path(mark: &Mark, plane: &Plane) -> impl IntoView + use<> {
    view! {
        <path
            class="chart-mark"
            class:failed=mark.y.is_none()
            data-testid="chart-mark"
            data-key=mark.key
            data-color=mark.symbol % COLORS
            d=mark.path(plane)
        />
    }
}

fn circle(mark: &Mark, plane: &Plane, distance: f64, class: &'static str) -> impl IntoView + use<> {
    let (x, y) = mark.place(plane);
    view! { <circle class=class cx=x cy=y r=mark.radius + distance /> }
}

/// The line where x and y are equal. Both axes have the same scale.
fn diagonal(plane: &Plane) -> impl IntoView + use<> {
    let Frame { left, right, top, bottom } = plane.frame;
    view! { <line class="chart-reference" x1=left y1=bottom x2=right y2=top /> }
}

/// The name of the first mark, with a circle around it.
fn first_name(plot: &ScatterPlot, plane: &Plane) -> Option<impl IntoView + use<>> {
    let (name, mark) = (plot.first_name.clone()?, plot.marks.first()?);
    let (x, y) = mark.place(plane);
    let is_right = x > (plane.frame.left + plane.frame.right) / 2.0;
    let (x, anchor) = match is_right {
        true => (x - mark.radius - 9.0, "end"),
        false => (x + mark.radius + 9.0, "start"),
    };
    Some(view! {
        {circle(mark, plane, 4.5, "chart-best")}
        <text class="chart-name" x=x y=y + 4.0 text-anchor=anchor>
            {name}
        </text>
    })
}
