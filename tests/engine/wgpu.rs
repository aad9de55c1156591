//! Every way to fine-tune on a GPU against the processor. `tests/browser/webgpu-parity.test.mjs` does the same
//! in a browser.

mod common;
#[path = "common/ways.rs"]
mod ways;

use burn::tensor::Device;
use pollster::block_on;

#[test]
fn every_way_to_fine_tune_has_the_same_losses_on_wgpu() {
    let Some(wgpu) = common::wgpu() else { return };
    let weights = common::bundled_weights();
    let mut worst: f64 = 0.0;
    for way in ways::all() {
        let [found, expected] =
            [&wgpu, &Device::flex()].map(|device| block_on(way.losses(&weights, device)).unwrap());
        assert_eq!(found.len(), expected.len(), "{}", way.name);
        let off = found.iter().zip(&expected).map(|(a, b)| (a / b - 1.0).abs());
        // Not `max`, which loses NaN.
        let off = off.fold(0.0, |most: f64, off| if off <= most { most } else { off });
        println!("{}: {} losses, off by {:.4} % at most", way.name, found.len(), 100.0 * off);
        assert!(off < 0.01, "{}: {found:?}, not {expected:?}", way.name);
        worst = worst.max(off);
    }
    println!("all: off by {:.4} % at most", 100.0 * worst);
}
