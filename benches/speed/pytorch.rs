//! PyTorch on the same processor, by `pytorch.py`.

use std::collections::BTreeMap;
use std::process::Command;

use serde_json::Value;

/// Images per second by case. Empty if PyTorch is not installed.
pub fn rates(
    size: usize,
    batch: usize,
    seconds: f64,
    instructions: Option<&str>,
) -> BTreeMap<String, f64> {
    let arguments = ["rates".to_owned(), size.to_string(), batch.to_string(), seconds.to_string()];
    let lines = run(&arguments, instructions).into_iter();
    let rate = |line: Value| Some((line["case"].as_str()?.to_owned(), line["rate"].as_f64()?));
    lines.filter_map(rate).collect()
}

/// Peak MiB of training steps: of the whole process, and what the steps added. `None` if it is not installed.
pub fn memory(size: usize, batch: usize) -> Option<[f64; 2]> {
    let arguments = ["memory".to_owned(), size.to_string(), batch.to_string()];
    let line = run(&arguments, None).into_iter().next()?;
    Some([line["peak"].as_f64()?, line["added"].as_f64()?])
}

fn run(arguments: &[String], instructions: Option<&str>) -> Vec<Value> {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/speed/pytorch.py");
    let mut command = Command::new("python3");
    command.arg(script).args(arguments);
    if instructions == Some("avx2") {
        command.env("ATEN_CPU_CAPABILITY", "avx2").env("ONEDNN_MAX_CPU_ISA", "AVX2");
    }
    let Ok(output) = command.output() else { return Vec::new() };
    let text = String::from_utf8_lossy(&output.stdout);
    text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect()
}
