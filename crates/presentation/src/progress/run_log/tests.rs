use super::*;
use tunelab_core::data::task::Task;
use tunelab_core::metrics::confusion::ConfusionMatrix;
use tunelab_core::metrics::evaluation::{ClassificationMetrics, EvaluationResults, TaskMetrics};

fn started(step: u64) -> Event {
    Event::Started {
        tasks: vec![Task::only(vec!["sea".into(), "sand".into()])],
        train_examples: 80,
        validation_examples: 20,
        trainable_parameters: 1026,
        epochs: 3,
        steps_per_epoch: 5,
        step,
    }
}

fn step(step: u64) -> Event {
    Event::Step {
        epoch: ((step - 1) / 5 + 1) as u32,
        step,
        total_steps: 15,
        loss: 1.0 / step as f64,
        learning_rate: 0.01,
        images: 16,
        seconds: 1.0,
    }
}

fn report(top1: f64) -> EvaluationResults {
    let classes =
        ClassificationMetrics { top1, ..ClassificationMetrics::new(ConfusionMatrix::new(2), 0.5) };
    EvaluationResults { loss: 0.5, tasks: vec![TaskMetrics::Class(classes)] }
}

fn epoch(epoch: u32, top1: f64, best: bool) -> Event {
    let validation = report(top1);
    Event::Epoch {
        epoch,
        train_loss: 0.4,
        train_top1: 0.9,
        validation,
        best,
        seconds: 6.0,
        images_per_second: 16.0,
    }
}

fn done(stopped: bool) -> Event {
    let report = Some(report(0.9));
    Event::Done { report, seconds: 20.0, best_epoch: 2, stopped, early: false }
}

/// A log of these events, one each second.
fn log(events: impl IntoIterator<Item = Event>) -> RunLog {
    let mut log = RunLog::default();
    for (second, event) in events.into_iter().enumerate() {
        log.apply(&event, second as f64);
    }
    log
}

#[test]
fn a_run_is_logged_from_start_to_end() {
    let mut log = RunLog::default();
    assert_eq!(log.phase, Phase::None);
    log.preparing(10, 100);
    assert_eq!((log.phase, log.progress()), (Phase::Preparing, Some(0.1)));
    log.apply(&started(0), 0.0);
    assert_eq!((log.phase, log.epoch, log.progress()), (Phase::Training, 0, Some(0.0)));
    let mut now = 0.0;
    for number in 1..=15 {
        now += 1.0;
        log.apply(&step(number), now);
        if number % 5 == 0 {
            let number = (number / 5) as u32;
            log.apply(&Event::Validating { epoch: number, done: 10, total: 20 }, now + 0.5);
            assert_eq!(log.phase, Phase::Validating);
            log.apply(&epoch(number, 0.7 + 0.1 * f64::from(number % 3), number < 3), now + 1.0);
            now += 1.0;
        }
    }
    log.apply(&done(false), now);
    assert_eq!((log.phase, log.epoch, log.step), (Phase::Finished, 3, 15));
    assert_eq!(log.progress(), Some(1.0));
    assert_eq!(log.loss.bins().len(), 15);
    assert_eq!(log.epochs.len(), 3);
    assert_eq!(log.best().map(|metrics| metrics.epoch), Some(2));
    assert_eq!(log.final_score.map(|best| best.epoch), Some(2));
    assert_eq!(log.seconds_left(), None);
}

#[test]
fn the_remaining_time_decreases() {
    let mut log = log([started(0), step(1), step(2), step(3), step(4)]);
    let early = log.seconds_left().unwrap();
    assert!((11.0..18.0).contains(&early), "{early}");
    log.apply(&step(5), 5.0);
    log.apply(&epoch(1, 0.8, true), 7.0);
    // Ten steps of a second, two validations of two.
    let later = log.seconds_left().unwrap();
    assert!((13.5..14.5).contains(&later), "{later}");
    log.apply(&Event::Paused, 8.0);
    assert_eq!(log.seconds_left(), Some(later));
}

#[test]
fn a_pause_returns_to_the_previous_phase() {
    let mut log =
        log([started(0), Event::CachingActivations { done: 16, total: 100 }, Event::Paused]);
    assert_eq!((log.phase, log.progress()), (Phase::Paused, Some(0.16)));
    assert!(log.phase.is_active());
    log.apply(&Event::Resumed, 100.0);
    log.apply(&Event::CachingActivations { done: 32, total: 100 }, 101.0);
    assert_eq!(log.phase, Phase::Caching);
    assert_eq!(log.seconds_left().map(f64::round), Some(4.0));
}

#[test]
fn a_continued_run_has_its_curves_up_to_the_checkpoint() {
    let mut log = log([
        started(0),
        step(1),
        step(2),
        step(3),
        step(4),
        step(5),
        epoch(1, 0.8, true),
        step(6),
        step(7),
        epoch(2, 0.7, false),
        done(true),
    ]);
    assert_eq!(log.phase, Phase::Stopped);
    log.preparing(0, 100);
    log.apply(&started(6), 50.0);
    assert_eq!((log.phase, log.step, log.epoch), (Phase::Training, 6, 2));
    assert_eq!((log.loss.bins().len(), log.epochs.len()), (6, 1));
    assert_eq!(log.final_score, None);
    log.apply(&step(7), 51.0);
    assert_eq!(log.loss.bins().len(), 7);
}

#[test]
fn a_new_run_begins_empty() {
    let mut log = log([started(0), step(1), epoch(1, 0.8, true), done(false)]);
    let revision = log.revision;
    log.apply(&started(0), 60.0);
    assert!(log.epochs.is_empty() && log.loss.bins().is_empty() && log.final_score.is_none());
    assert!(log.revision > revision);
}

#[test]
fn the_next_run_clears_a_failure() {
    let mut log = log([started(0), step(1)]);
    log.fail();
    assert_eq!(log.phase, Phase::Failed);
    log.preparing(0, 10);
    assert_eq!(log.phase, Phase::Preparing);

    log.engine_stopped();
    assert_eq!(log.phase, Phase::Failed);
    let revision = log.revision;
    log.reset();
    assert_eq!(log, RunLog { revision, ..RunLog::default() });
    let mut idle = RunLog::default();
    idle.engine_stopped();
    assert_eq!(idle, RunLog::default());
}

#[test]
fn a_stop_before_the_first_step_is_not_a_failure() {
    let mut log = log([started(0)]);
    let revision = log.revision;
    log.stop();
    assert_eq!(log.phase, Phase::Stopped);
    assert!(log.revision > revision);
}

#[test]
fn events_of_one_message_are_evenly_spaced() {
    let mut log = log([started(0), step(1)]);
    let start = log.time.latest().unwrap();
    log.apply_all(&[step(2), step(3), step(4), step(5)], start + 2.0);
    // Half a second for each step, though all arrived at once.
    let images = log.images_per_second().unwrap();
    let one_by_one = {
        let mut log = RunLog::default();
        log.apply(&started(0), 0.0);
        (1..=5).for_each(|number| log.apply(&step(number), f64::from(number as u32) * 0.5));
        log.images_per_second().unwrap()
    };
    assert!((images - one_by_one).abs() < 1e-9, "{images} and {one_by_one}");
}

#[test]
fn messages_at_the_same_time_do_not_increase_the_speed() {
    let mut log = log([started(0), step(1)]);
    let start = log.time.latest().unwrap();
    // WebKit and a busy page deliver several messages at the same time by the clock.
    let mut number = 1;
    for message in 0..40 {
        let steps: Vec<Event> = (0..50).map(|more| step(number + more)).collect();
        number += 50;
        log.apply_all(&steps, start + 0.06 * f64::from(1 + message / 2));
    }
    let images = log.images_per_second().unwrap();
    let expected = 16.0 * 100.0 / 0.06;
    assert!((images - expected).abs() < 0.1 * expected, "{images}, not about {expected}");
}
