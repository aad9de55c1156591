//! The learning-rate range test.

use tempfile::tempdir;

use crate::program::{number, tunelab};

/// Runs the test and checks that the rates increase until the loss diverges, and that the suggestion is one of them.
fn suggestion(more: &[&str]) -> f64 {
    let arguments = ["find-rate", "--json", "--data", "sample", "--size", "32", "--seed", "1"];
    let outcome = tunelab(&[&arguments[..], more].concat());
    assert_eq!(outcome.code, Some(0), "{}", outcome.errors);
    let points = outcome.named("rate");
    assert!((50..=100).contains(&points.len()), "{} points", points.len());
    let rates: Vec<f64> = points.iter().map(|point| number(&point["learning_rate"])).collect();
    assert!(rates.is_sorted_by(|a, b| a < b), "{rates:?}");
    assert!((rates[0] - 1e-6).abs() < 1e-12, "{rates:?}");
    let losses: Vec<f64> = points.iter().map(|point| number(&point["smoothed"])).collect();
    let lowest = losses.iter().copied().fold(f64::INFINITY, f64::min);
    assert!(lowest < 0.9 * losses[10], "the loss fell: {losses:?}");
    let suggestion = number(&outcome.done()["suggestion"]);
    let recommended = number(&outcome.done()["recommended"]);
    println!("{more:?}: {} points, {suggestion:.1e}, recommended {recommended:.1e}", rates.len());
    assert!((1e-5..1.0).contains(&suggestion), "{suggestion}");
    assert!(rates.iter().any(|rate| (rate / suggestion - 1.0).abs() < 1e-9), "{suggestion}");
    suggestion
}

#[test]
fn the_suggested_rate_trains_a_linear_probe_well() {
    let rate = suggestion(&["--strategy", "probe"]);
    let score = |rate: f64| {
        let out = tempdir().unwrap();
        let (out, rate) = (out.path().to_str().unwrap(), rate.to_string());
        let arguments = ["train", "--json", "--data", "sample", "--size", "32", "--seed", "1"];
        let probe = ["--strategy", "probe", "--epochs", "10", "--out", out];
        let outcome = tunelab(&[&arguments[..], &probe, &["--learning-rate", &rate]].concat());
        number(&outcome.done()["top1"])
    };
    let (found, low) = (score(rate), score(rate / 300.0));
    println!("{found:.3} at the suggested rate, {low:.3} at a 300th of it");
    assert!(found > low + 0.1, "{found} at {rate}, {low} at a 300th of it");
}

#[test]
fn a_rate_is_suggested_for_full_fine_tuning() {
    suggestion(&["--strategy", "full", "--per-class", "6"]);
}
