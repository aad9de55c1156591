//! Line charts.

use leptos::prelude::*;

use crate::charts::chart_area::{Area, ChartArea, Cursor, axes, column_count};
use crate::language::use_texts;
use tunelab_presentation::charts::layout::{Frame, Plane, spread_labels};
use tunelab_presentation::charts::line_chart::{LineChart, Series, SeriesStyle};
use tunelab_presentation::charts::marks;

const HEIGHT: f64 = 236.0;
/// Left, right (for the names at the ends of the lines), top and bottom, in px.
const MARGINS: [f64; 4] = [50.0, 96.0, 12.0, 46.0];
/// About how many ticks the vertical axis has.
const ROWS: usize = 5;
/// Points of a line that are still drawn as dots, too.
const MOST_DOTS: usize = 300;
/// The distance between two names, in px.
const NAME_HEIGHT: f64 = 15.0;
/// Lines may exceed the frame by so much, in px.
const OVERHANG: f64 = 4.0;

/// A line chart with a title: the name of its vertical axis.
#[component]
pub fn LineChartView(
    #[prop(into)] chart: Signal<LineChart>,
    /// Beside the title.
    #[prop(optional, into)]
    better: Signal<String>,
    /// The text below the chart without a cursor.
    #[prop(into)]
    summary: Signal<String>,
) -> impl IntoView {
    let texts = use_texts();
    let area = Area::new();
    let chart = Memo::new(move |_| chart.get());
    let plane = Memo::new(move |_| {
        let frame = Frame::new(area.width.get(), HEIGHT, MARGINS);
        chart.with(|chart| chart.plane(frame))
    });
    let title = Signal::derive(move || chart.with(|chart| chart.y.name.clone()));
    let reading_order = Memo::new(move |_| chart.with(LineChart::reading_order));
    let cursor = Cursor::new();
    let axes = move || {
        let (frame, texts) = (plane.get().frame, texts.get());
        chart.with(|chart| {
            let x = chart.x.ticks(column_count(frame), texts);
            axes(frame, x, &chart.x.name, chart.y.ticks(ROWS, texts))
        })
    };
    let cursor_line = move || {
        let position = cursor.position.get()?;
        let position = reading_order.with(|order| order.position(Some(position)))?;
        Some(vertical_line(&plane.get(), position, "chart-cursor"))
    };
    view! {
        <figure class="chart">
            <figcaption class="chart-title">
                {title} " " <span class="hint">{better}</span>
            </figcaption>
            <ChartArea
                area
                height=Signal::stored(HEIGHT)
                label=title
                hint=summary
                reading_order
                cursor
                reading=Callback::new(move |x| chart.with(|chart| chart.reading(x, texts.get())))
                find=Callback::new(move |(x, _)| Some(plane.get_untracked().x_at(x)))
            >
                {axes}
                {move || chart.with(|chart| lines(chart, &plane.get()))}
                {cursor_line}
            </ChartArea>
        </figure>
    }
}

fn vertical_line(plane: &Plane, x: f64, class: &'static str) -> impl IntoView + use<> {
    let Frame { top, bottom, .. } = plane.frame;
    let x = plane.frame.x(plane.x.position(x));
    view! { <line class=class x1=x x2=x y1=top y2=bottom /> }
}

fn style_class(style: SeriesStyle) -> &'static str {
    match style {
        SeriesStyle::Training => "chart-training",
        SeriesStyle::Validation => "chart-validation",
    }
}

/// The lines with their names, and what they are compared with.
fn lines(chart: &LineChart, plane: &Plane) -> impl IntoView + use<> {
    let Frame { left, right, top, bottom } = plane.frame;
    let reference = chart.reference.clone().map(|(value, name)| {
        let y = plane.frame.y(plane.y.position(value));
        view! {
            <line class="chart-reference" x1=left x2=right y1=y y2=y />
            <text class="chart-tick" x=left + 6.0 y=y - 5.0>
                {name}
            </text>
        }
    });
    let marked = chart.marked_x.map(|x| vertical_line(plane, x, "chart-reference"));
    let line = |series: &Series| {
        let class = format!("chart-line {}", style_class(series.style));
        let points = || series.points.iter().map(|&point| plane.point(point));
        let ranges = series.ranges.iter().flat_map(|&(x, low, high)| [(x, low), (x, high)]);
        let ranges = marks::line(ranges.map(|point| plane.point(point)));
        let has_dots = series.ranges.is_empty() && series.points.len() <= MOST_DOTS;
        let dots = has_dots.then(|| marks::dots(points(), 3.0));
        let line = marks::line(points());
        view! {
            <path class="chart-range" d=ranges />
            <path class=class.clone() d=line />
            {dots.map(|dots| view! { <path class=format!("{class} chart-dots") d=dots /> })}
        }
    };
    let ends: Vec<(&Series, (f64, f64))> = chart
        .series
        .iter()
        .filter_map(|series| Some((series, plane.point(*series.points.last()?))))
        .collect();
    let heights: Vec<f64> = ends.iter().map(|(_, (_, y))| y.clamp(top, bottom)).collect();
    let heights = spread_labels(&heights, NAME_HEIGHT, top + OVERHANG, bottom);
    let name = |(&(series, (x, _)), y): (&(&Series, (f64, f64)), f64)| {
        view! {
            <text class=format!("chart-name {}", style_class(series.style)) x=x + 8.0 y=y + 4.0>
                {series.name.clone()}
            </text>
        }
    };
    let (y, width, height) = (top - OVERHANG, right + OVERHANG, bottom - top + 2.0 * OVERHANG);
    view! {
        {reference}
        {marked}
        // Outliers do not cover what is above the chart.
        <svg
            x=0
            y=y
            width=width
            height=height
            viewBox=format!("0 {y} {width} {height}")
            class="chart-clip"
        >
            {chart.series.iter().map(line).collect_view()}
        </svg>
        {ends.iter().zip(heights).map(name).collect_view()}
    }
}
