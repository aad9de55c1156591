//! How much faster the kernels are than burn's operations, compared with what was recorded.

use std::collections::BTreeMap;
use std::fs;
use std::time::Duration;

use tunelab_core::device::Kernels;
use tunelab_engine::kernels;

use crate::cases::{Case, Network};

const RECORDED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/speed/recorded.json");
const CASES: [Case; 2] = [Case::Inference, Case::Full];
const SIZE: usize = 64;
const BATCH: usize = 16;
/// The median of so many ratios counts, as other programs may run meanwhile.
const ROUNDS: usize = 5;
const DURATION: Duration = Duration::from_millis(600);
/// The smallest ratio that is accepted, as a fraction of the recorded one.
const ACCEPTED: f64 = 0.8;

/// Ratios by instructions and case.
type Recorded = BTreeMap<String, BTreeMap<String, f64>>;

/// Compares the ratios with the recorded ones, or records them.
pub fn run(record: bool) {
    let text = fs::read_to_string(RECORDED).unwrap_or_else(|_| "{}".to_owned());
    let mut recorded: Recorded = serde_json::from_str(&text).expect("the recorded ratios");
    let instructions = kernels::instructions().name();
    let found: BTreeMap<String, f64> =
        CASES.iter().map(|&case| (case.name().to_owned(), ratio(case))).collect();
    println!("{SIZE} px, batch {BATCH}, {instructions}: times as fast as burn's operations");
    for (case, ratio) in &found {
        let expected = recorded.get(instructions).and_then(|cases| cases.get(case));
        let expected = expected.map_or_else(String::new, |ratio| format!(", recorded {ratio:.2}"));
        println!("- {case}: {ratio:.2}{expected}");
    }
    if record {
        recorded.insert(instructions.to_owned(), found);
        let text = serde_json::to_string_pretty(&recorded).expect("numbers can be written");
        fs::write(RECORDED, text + "\n").expect("the file can be written");
        return;
    }
    let Some(expected) = recorded.get(instructions) else {
        println!("NOT CHECKED: nothing is recorded for {instructions}");
        return;
    };
    for (case, expected) in expected {
        let found = found[case];
        assert!(
            found >= ACCEPTED * expected,
            "{case}: {found:.2} times as fast as burn's operations, but {expected:.2} is recorded in {RECORDED}"
        );
    }
}

/// The median ratio of speeds that were measured one after the other.
fn ratio(case: Case) -> f64 {
    let rate = |kernels| Network::new(kernels).rate(case, SIZE, BATCH, DURATION);
    let mut ratios: Vec<f64> =
        (0..ROUNDS).map(|_| rate(Kernels::Fast) / rate(Kernels::Reference)).collect();
    ratios.sort_by(f64::total_cmp);
    ratios[ROUNDS / 2]
}
