//! The GPU against the CPU. `tests/browser/webgpu-parity.test.mjs` does the same in a browser.

use burn::tensor::Device;
use pollster::block_on;

use crate::common::bundled_weights;
use crate::gpu::wgpu;
use crate::short_runs;

#[test]
fn every_short_run_has_the_same_losses_on_wgpu() {
    let Some(wgpu) = wgpu() else { return };
    let weights = bundled_weights();
    let mut worst: f64 = 0.0;
    for run in short_runs::all() {
        let [found, expected] =
            [&wgpu, &Device::flex()].map(|device| block_on(run.losses(&weights, device)).unwrap());
        assert_eq!(found.len(), expected.len(), "{}", run.name);
        let off = found.iter().zip(&expected).map(|(a, b)| (a / b - 1.0).abs());
        // Not `max`, which loses NaN.
        let off = off.fold(0.0, |most: f64, off| if off <= most { most } else { off });
        println!("{}: {} losses, off by {:.4} % at most", run.name, found.len(), 100.0 * off);
        assert!(off < 0.01, "{}: {found:?}, not {expected:?}", run.name);
        worst = worst.max(off);
    }
    println!("all: off by {:.4} % at most", 100.0 * worst);
}
