//! `tunelab find-rate`.

use serde_json::json;

use super::args::FindRateArgs;
use super::error::CliError;
use super::output::{Output, event_json};
use super::source::Loaded;
use tunelab_core::train::event::Event;
use tunelab_core::train::rate_finder::{RateCurve, STEPS};
use tunelab_engine::device;
use tunelab_engine::train::session::Session;

/// The height of the chart, in lines.
const LINES: usize = 10;

/// Tests learning rates and suggests one.
pub async fn run(args: FindRateArgs, output: Output) -> Result<(), CliError> {
    let texts = output.texts;
    let Loaded { source, config, train, validation, pretrained, .. } =
        Loaded::from_args(&args.source, &args.options, output)?;
    let default = config.learning_rate;
    let device = device::open(source.device).await?;
    let network = pretrained.network(&device)?;
    let mut session = Session::new(config, network, train, validation, &device)?;
    let mut curve = RateCurve::default();
    let bar = output.bar(STEPS as u64, texts.cli_testing_rates());
    while let Some(event) = session.next_rate(&mut curve).await? {
        if matches!(event, Event::Rate(_)) {
            output.event(event_json(session.tasks(), &event));
            bar.set_position(curve.points.len() as u64);
        }
    }
    bar.finish_and_clear();
    output.line(texts.rate_finder_chart_hint());
    chart(&curve).iter().for_each(|line| output.line(line));
    let suggestion = curve.suggestion();
    output.line(match suggestion {
        Some(rate) => texts.cli_suggested_rate(&texts.rate(rate), &texts.rate(default)),
        None => texts.rate_finder_no_suggestion().into(),
    });
    output.event(json!({ "event": "done", "suggestion": suggestion, "recommended": default }));
    Ok(())
}

/// The smoothed loss by learning rate, on a logarithmic scale, in characters.
fn chart(curve: &RateCurve) -> Vec<String> {
    let losses: Vec<f64> = curve.points.iter().map(|point| point.smoothed).collect();
    let lowest = losses.iter().copied().fold(f64::INFINITY, f64::min);
    let highest = losses.iter().copied().filter(|loss| loss.is_finite()).fold(lowest, f64::max);
    let step = ((highest - lowest) / (LINES - 1) as f64).max(f64::MIN_POSITIVE);
    let row = |loss: f64| ((highest - loss.min(highest)) / step).round() as usize;
    let mut lines = Vec::new();
    for line in 0..LINES {
        let mark = |loss: &f64| if row(*loss) == line { '•' } else { ' ' };
        let marks: String = losses.iter().map(mark).collect();
        lines.push(format!("{:>8.3} {}", highest - line as f64 * step, marks.trim_end()));
    }
    let first = curve.points.first().map_or(0.0, |point| point.learning_rate);
    let last = curve.points.last().map_or(0.0, |point| point.learning_rate);
    let width = losses.len().saturating_sub(4);
    lines.push(format!("{:>8} {first:<width$.0e}{last:.0e}", ""));
    lines
}
