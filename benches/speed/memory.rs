//! The peak memory of training steps, as Linux reports it.

use std::fs;

use tunelab_core::device::Kernels;

use crate::cases::{Case, Network};
use crate::pytorch;

/// Prints the peak memory of this process and of PyTorch's, in MiB.
pub fn run(size: usize, batch: usize) {
    let network = Network::new(Kernels::Fast);
    let before = mebibytes("VmRSS");
    let mut step = network.step(Case::Full, size, batch);
    for _ in 0..3 {
        step();
    }
    let (Some(before), Some(peak)) = (before, mebibytes("VmHWM")) else {
        println!("This system does not report the memory of a process.");
        return;
    };
    println!("Training steps of the whole network, {size} px, batch {batch}. Peak MiB:");
    println!("| | of the process | added by the steps |");
    println!("| --- | ---: | ---: |");
    println!("| tunelab | {peak:.0} | {:.0} |", peak - before);
    if let Some([theirs, added]) = pytorch::memory(size, batch) {
        println!("| PyTorch | {theirs:.0} | {added:.0} |");
        println!("| ratio | {:.2} | {:.2} |", peak / theirs, (peak - before) / added);
    }
}

/// A number of `/proc/self/status`.
fn mebibytes(name: &str) -> Option<f64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))?;
    Some(line.trim().strip_suffix(" kB")?.trim().parse::<f64>().ok()? / 1024.0)
}
