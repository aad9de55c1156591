//! Answers in words.

use crate::ui::plot::format::probability;
use crate::ui::try_it::ranking::ranked;
use tunelab_core::data::task::{Task, TaskKind};
use tunelab_core::metrics::prediction::Prediction;
use tunelab_core::metrics::regression::amount;
use tunelab_core::metrics::report::TaskReport;

/// An answer in a few words; none where it is not of the task's kind.
pub fn answer(task: &Task, answer: &Prediction) -> Option<String> {
    Some(match (&task.kind, answer) {
        (TaskKind::Class { classes }, Prediction::Class(shares)) => {
            let best = *ranked(shares, 1).first()?;
            format!("{} {}", classes.get(best.class)?, probability(best.probability))
        }
        (TaskKind::Labels { labels }, Prediction::Labels(shares)) => {
            let there = labels.iter().zip(shares).filter(|(_, share)| **share >= 0.5);
            let there: Vec<&str> = there.map(|(label, _)| label.as_str()).collect();
            if there.is_empty() { "none".to_string() } else { there.join(", ") }
        }
        (TaskKind::Number { .. }, Prediction::Number(number)) => amount(*number),
        _ => return None,
    })
}

/// How far such a number usually is from the truth, where that was measured.
pub fn usual_error(report: Option<&TaskReport>) -> Option<String> {
    match report {
        Some(TaskReport::Number(report)) => {
            let off = amount(report.errors.mean_absolute_error);
            Some(format!("off by {off} on average, as far as was checked"))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tunelab_core::metrics::report::NumberReport;

    #[test]
    fn every_kind_of_answer_is_told() {
        let names = || vec!["pug".to_string(), "husky".to_string()];
        let class = answer(&Task::class("breed", names()), &Prediction::Class(vec![0.07, 0.93]));
        assert_eq!(class.unwrap().replace('\u{a0}', " "), "husky 93 %");
        let labels = Task::labels("tags", names());
        let of = |shares: [f64; 2]| answer(&labels, &Prediction::Labels(shares.to_vec())).unwrap();
        assert_eq!((of([0.5, 0.9]), of([0.1, 0.2])), ("pug, husky".into(), "none".into()));
        let age = Task::number("age");
        assert_eq!(answer(&age, &Prediction::Number(3.456)).unwrap(), "3.46");
        assert_eq!(answer(&age, &Prediction::Class(vec![1.0])), None);
    }

    #[test]
    fn the_usual_error_is_that_of_the_check() {
        let report = TaskReport::Number(NumberReport::new(&[1.0, 2.0], &[1.5, 2.5], 1.0));
        assert!(usual_error(Some(&report)).unwrap().starts_with("off by 0.500 on average"));
        assert_eq!(usual_error(None), None);
    }
}
