use super::super::range::Range;
use super::super::trial::TrialFailure;
use super::*;
use proptest::prelude::*;

fn space() -> SearchSpace {
    SearchSpace::default()
}

fn search(method: Method, epochs: u32) -> Search {
    Search::new(space(), method, epochs, 0).unwrap()
}

fn finished(score: f64) -> RunResult {
    RunResult::Finished(Outcome { score, loss: 1.0 - score, seconds: 1.0 })
}

fn failed() -> RunResult {
    RunResult::Failed(TrialFailure::Diverged { step: 7, learning_rate: 0.5 })
}

/// Runs a search to its end, and returns its jobs.
fn run(search: &mut Search, mut result: impl FnMut(&Job) -> RunResult) -> Vec<Job> {
    let mut jobs = Vec::new();
    while let Some(job) = search.next() {
        let (done, total) = search.progress();
        assert!(done + u64::from(job.epochs) <= total, "{done} of {total} before {job:?}");
        search.report(job.trial, job.rung, result(&job)).unwrap();
        jobs.push(job);
        assert!(jobs.len() <= search.trials().len() * search.rungs().len(), "it never ends");
    }
    let epochs = jobs.iter().map(|job| u64::from(job.epochs)).sum();
    assert_eq!(search.progress(), (epochs, epochs));
    jobs
}

/// The number of runs of each rung.
fn counts(search: &Search) -> Vec<usize> {
    let count = |rung| search.trials().iter().filter(|t| t.result(rung).is_some()).count();
    (0..search.rungs().len()).map(count).collect()
}

/// A simulated accuracy. It grows with the epochs, faster at higher learning rates, and is highest for one strategy,
/// one learning rate and one weight decay.
fn accuracy(candidate: &Candidate, epochs: u32) -> f64 {
    let strategy_penalty = if candidate.get("strategy") == Some("full") { 0.0 } else { 0.05 };
    let rate = candidate.number("learning_rate").unwrap();
    let rate_distance = (rate / 2.0).ln().abs();
    let decay_distance = (candidate.number("weight_decay").unwrap() / 1e-3).ln().abs();
    let unconverged = 0.1 / (f64::from(epochs) * rate.sqrt());
    0.95 - strategy_penalty - 0.04 * rate_distance - 0.002 * decay_distance - unconverged
}

#[test]
fn halving_finds_the_best_candidate_in_a_fraction_of_the_epochs() {
    for seed in 0..20 {
        let mut search = Search::new(space(), Method::halving(81), 27, seed).unwrap();
        let jobs = run(&mut search, |job| finished(accuracy(&job.candidate, job.epochs)));
        let full = |trial: &Trial| accuracy(&trial.candidate, 27);
        let best = search.trials().iter().map(full).fold(0.0, f64::max);
        assert_eq!(search.best().unwrap().1.score, best, "seed {seed}");
        let epochs: u32 = jobs.iter().map(|job| job.epochs).sum();
        assert!(epochs < 81 * 27 / 4, "{epochs} epochs with seed {seed}");
    }
}

#[test]
fn each_rung_has_one_in_eta_trials_if_they_come_best_first() {
    let mut search = search(Method::halving(27), 27);
    let before = search.progress();
    let jobs = run(&mut search, |job| finished(1.0 / (1 + job.trial) as f64));
    assert_eq!(counts(&search), [27, 9, 3, 1]);
    assert_eq!(before, (0, 4 * 27));
    assert_eq!(search.progress(), (4 * 27, 4 * 27));
    assert!(jobs.iter().all(|job| job.epochs == [1, 3, 9, 27][job.rung]));
    assert_eq!(search.best().unwrap().0, 0);
}

#[test]
fn halving_follows_the_order_of_asha() {
    let mut search = search(Method::Halving { trials: 6, eta: 2, min_epochs: 1 }, 4);
    let scores = [0.3, 0.1, 0.5, 0.4, 0.2, 0.0];
    let jobs = run(&mut search, |job| finished(scores[job.trial]));
    let order: Vec<_> = jobs.iter().map(|job| (job.trial, job.rung)).collect();
    // Of the first two, trial 0 is promoted. Trial 2 is better than both, so it is promoted to the top rung.
    let expected = [(0, 0), (1, 0), (0, 1), (2, 0), (2, 1), (2, 2), (3, 0), (3, 1), (4, 0), (5, 0)];
    assert_eq!(order, expected);
}

#[test]
fn grid_and_random_run_every_trial_once_in_full() {
    for method in [Method::Grid { points: 2 }, Method::Random { trials: 7 }] {
        let mut search = search(method, 5);
        let expected = if method == (Method::Random { trials: 7 }) { 7 } else { 4 * 2 * 2 * 4 };
        assert_eq!(search.progress(), (0, 5 * expected));
        let jobs = run(&mut search, |job| finished(0.5 + 0.001 * job.trial as f64));
        assert!(jobs.iter().enumerate().all(|(i, job)| (job.trial, job.rung) == (i, 0)));
        assert_eq!((jobs.len() as u64, jobs[0].epochs), (expected, 5));
        assert_eq!(search.best().unwrap().0, jobs.len() - 1);
    }
}

#[test]
fn a_single_trial_is_trained_in_full() {
    let mut search = search(Method::halving(1), 8);
    let jobs = run(&mut search, |_| finished(0.5));
    let epochs: Vec<_> = jobs.iter().map(|job| (job.trial, job.epochs)).collect();
    assert_eq!(epochs, [(0, 1), (0, 8)]);
    assert_eq!(search.best().unwrap().0, 0);
}

#[test]
fn a_single_candidate_is_tried_once() {
    let one = |key: &str, value: &str| (key.to_owned(), Range::Values(vec![value.to_owned()]));
    let space = SearchSpace([one("strategy", "full"), one("weight_decay", "0")].into());
    let mut search = Search::new(space, Method::Random { trials: 9 }, 2, 0).unwrap();
    assert_eq!(run(&mut search, |_| finished(0.5)).len(), 1);
}

#[test]
fn with_too_few_trials_to_halve_the_best_is_trained_in_full() {
    let mut search = search(Method::halving(5), 27);
    let jobs = run(&mut search, |job| finished([0.1, 0.2, 0.3, 0.2, 0.1][job.trial]));
    assert_eq!(counts(&search), [5, 1, 0, 1]);
    assert_eq!(jobs.last().map(|job| (job.trial, job.epochs)), Some((2, 27)));
}

#[test]
fn ties_are_broken_by_the_loss_and_then_by_the_order() {
    let mut search = search(Method::halving(9), 9);
    let jobs = run(&mut search, |_| finished(0.5));
    assert_eq!(counts(&search), [9, 3, 1]);
    let promoted: Vec<_> = jobs.iter().filter(|job| job.rung == 1).map(|job| job.trial).collect();
    assert_eq!(promoted, [0, 1, 2]);
    assert_eq!(search.best().unwrap().0, 0);

    let mut search = self::search(Method::Random { trials: 5 }, 1);
    let losses = [0.3, 0.2, 0.1, 0.1, 0.2];
    run(&mut search, |job| {
        RunResult::Finished(Outcome { score: 0.5, loss: losses[job.trial], seconds: 0.0 })
    });
    assert_eq!(search.best().unwrap().0, 2);
}

#[test]
fn a_long_run_is_preferred_to_a_better_short_one() {
    let mut search = search(Method::halving(3), 9);
    // Longer runs have lower scores here.
    let scores = [0.7, 0.9, 0.8];
    let jobs = run(&mut search, |job| finished(scores[job.trial] - 0.3 * job.rung as f64));
    let order: Vec<_> = jobs.iter().map(|job| (job.trial, job.epochs)).collect();
    assert_eq!(order, [(0, 1), (1, 1), (2, 1), (1, 3), (1, 9)]);
    let (best, outcome) = search.best().unwrap();
    assert_eq!((best, outcome.score), (1, 0.9 - 0.3 * 2.0));
    assert_eq!(search.ranking(), [1, 2, 0]);
}

#[test]
fn failed_trials_are_never_promoted_nor_best() {
    // Every second trial diverges, and the best one when it is trained for longer.
    let mut search = search(Method::halving(18), 9);
    let jobs = run(&mut search, |job| match (job.trial, job.rung) {
        (17, 1..) => failed(),
        (trial, _) if trial % 2 == 0 => failed(),
        (trial, _) => finished(0.05 * trial as f64),
    });
    assert!(jobs.iter().all(|job| job.rung == 0 || job.trial % 2 == 1));
    assert!(search.trials()[17].result(0).unwrap().outcome().is_some());
    assert_eq!(search.best().unwrap().0, 15);
}

#[test]
fn if_the_full_run_fails_the_next_best_trial_is_trained_in_full() {
    let mut search = search(Method::halving(3), 9);
    let jobs = run(&mut search, |job| match (job.trial, job.rung) {
        (0, 1) | (1, 2) => failed(),
        (trial, _) => finished(0.9 - 0.1 * trial as f64),
    });
    let order: Vec<_> = jobs.iter().map(|job| (job.trial, job.epochs)).collect();
    assert_eq!(order, [(0, 1), (1, 1), (2, 1), (0, 3), (1, 9), (2, 9)]);
    assert_eq!(search.best().unwrap().0, 2);
    assert_eq!(search.ranking(), [2]);
}

#[test]
fn if_all_trials_fail_there_is_no_best_trial() {
    for method in [Method::halving(9), Method::Random { trials: 9 }] {
        let mut search = search(method, 9);
        assert_eq!(run(&mut search, |_| failed()).len(), 9);
        assert_eq!(search.best(), None);
    }
}

#[test]
fn only_the_next_run_is_accepted_and_results_must_be_finite() {
    let mut search = search(Method::halving(3), 9);
    let before = search.clone();
    for (trial, rung) in [(1, 0), (0, 1), (99, 0), (0, 99)] {
        assert_eq!(
            search.report(trial, rung, finished(0.5)),
            Err(SearchError::UnexpectedReport { trial, rung })
        );
    }
    assert_eq!(search, before);
    search.report(0, 0, finished(f64::NAN)).unwrap();
    assert_eq!(search.trials()[0].result(0).unwrap().outcome(), None);
    assert!(search.report(0, 0, finished(0.5)).is_err(), "it has been reported");
}

#[test]
fn invalid_searches_are_rejected() {
    assert!(Search::new(space(), Method::halving(0), 9, 0).is_err());
    assert!(Search::new(space(), Method::halving(9), 0, 0).is_err());
    assert!(Search::new(space(), Method::Grid { points: 200 }, 9, 0).is_err());
    assert!(Search::new(SearchSpace([].into()), Method::halving(9), 9, 0).is_err());
}

#[test]
fn unreachable_states_are_not_deserialized() {
    let mut search = search(Method::halving(9), 9);
    for _ in 0..8 {
        let job = search.next().unwrap();
        search.report(job.trial, job.rung, finished(0.1 * job.trial as f64)).unwrap();
    }
    let good = serde_json::to_value(&search).unwrap();
    assert_eq!(serde_json::from_value::<Search>(good.clone()).unwrap(), search);

    let broken = |change: &dyn Fn(&mut serde_json::Value)| {
        let mut value = good.clone();
        change(&mut value);
        assert_ne!(value, good);
        serde_json::from_value::<Search>(value).unwrap_err().to_string()
    };
    let contradiction = SearchError::Unrestorable.to_string();
    let changes: [&dyn Fn(&mut serde_json::Value); 4] = [
        &|search| drop(search["trials"].as_array_mut().unwrap().pop()),
        &|search| search["trials"][0]["runs"] = serde_json::json!([]),
        &|search| search["trials"][0]["runs"][0]["rung"] = 7.into(),
        &|search| search["trials"][8] = search["trials"][0].clone(),
    ];
    for change in changes {
        assert!(broken(change).contains(&contradiction));
    }
    assert!(
        broken(&|search| search["method"]["halving"]["eta"] = 0.into()).contains("halving factor")
    );
    assert!(broken(&|search| search["epochs"] = 0.into()).contains("1 epoch"));
}

#[test]
fn saved_candidates_are_kept_even_if_drawn_differently() {
    let mut value = serde_json::to_value(search(Method::halving(2), 9)).unwrap();
    value["trials"][1]["candidate"]["learning_rate"] = "0.123".into();
    let restored: Search = serde_json::from_value(value).unwrap();
    assert_eq!(restored.trials()[1].candidate.number("learning_rate"), Some(0.123));
}

fn any_method() -> impl Strategy<Value = Method> {
    prop_oneof![
        (1u8..3).prop_map(|points| Method::Grid { points }),
        (1u32..40).prop_map(|trials| Method::Random { trials }),
        (1u32..40, 2u32..=4, 1u32..4).prop_map(|(trials, eta, min_epochs)| Method::Halving {
            trials,
            eta,
            min_epochs
        }),
    ]
}

/// A result that depends only on its job: some fail, many are equal.
fn any_result(salt: u64, job: &Job) -> RunResult {
    let mixed = (salt ^ (job.trial as u64 * 31 + job.rung as u64))
        .wrapping_mul(0x9e37_79b9_7f4a_7c15)
        .rotate_left(29);
    match mixed % 8 {
        0 => failed(),
        score => finished(score as f64 / 10.0),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_restored_search_continues_identically(
        method in any_method(), epochs in 4u32..30, seed: u64, salt: u64, saved_at: u64
    ) {
        let mut straight = Search::new(space(), method, epochs, seed).unwrap();
        let jobs = run(&mut straight, |job| any_result(salt, job));

        let mut broken = Search::new(space(), method, epochs, seed).unwrap();
        for (index, expected) in jobs.iter().enumerate() {
            // Interrupted before or during a run.
            if saved_at >> (index % 64) & 1 == 1 {
                let json = serde_json::to_string(&broken).unwrap();
                broken = serde_json::from_str(&json).unwrap();
            }
            let job = broken.next().unwrap();
            prop_assert_eq!(&job, expected);
            broken.report(job.trial, job.rung, any_result(salt, &job)).unwrap();
        }
        prop_assert_eq!(&broken, &straight);
        let bytes = postcard::to_allocvec(&straight).unwrap();
        prop_assert_eq!(postcard::from_bytes::<Search>(&bytes).unwrap(), straight);
    }

    #[test]
    fn at_the_end_the_best_of_every_rung_are_promoted(
        trials in 1u32..60, eta in 2u32..=4, epochs in 1u32..60, salt: u64
    ) {
        let method = Method::Halving { trials, eta, min_epochs: 1 };
        let mut search = search(method, epochs);
        run(&mut search, |job| any_result(salt, job));
        let counts = counts(&search);
        prop_assert_eq!(counts[0], trials as usize);
        for rung in 0..counts.len() - 1 {
            let mut ranked: Vec<&Trial> =
                search.trials().iter().filter(|trial| trial.result(rung).is_some()).collect();
            ranked.sort_by(|a, b| a.result(rung).unwrap().compare(b.result(rung).unwrap()));
            for trial in &ranked[..counts[rung] / eta as usize] {
                let last = trial.runs.last().unwrap();
                prop_assert!(last.rung > rung || last.result.outcome().is_none());
            }
        }
        prop_assert_eq!(search.ranking().first().copied(), search.best().map(|(trial, _)| trial));
        // A trial was trained in full, unless all have failed.
        let top = counts.len() - 1;
        match search.best() {
            Some((trial, _)) => prop_assert!(search.trials()[trial].result(top).is_some()),
            None => prop_assert!(search.trials().iter().all(|trial| trial.longest().is_none())),
        }
    }
}
