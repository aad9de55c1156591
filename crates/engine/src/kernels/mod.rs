//! Runs a backbone with the processor's own kernels (`tunelab-kernels`) instead of burn's operations.
//!
//! burn keeps the parameters and computes the head, the loss and the update. The kernels compute the features, and
//! from their gradient those of the parameters.
//!
//! - [`network`]: a network as the kernels see it. [`training`]: its training steps. [`inference`]: its folded form.
//!   [`optimizer`]: the updates of its parameters.

pub mod inference;
mod network;
pub mod optimizer;
pub mod training;

use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

use burn::tensor::Device;
use tunelab_core::device::Kernels;
pub use tunelab_kernels::simd::InstructionSet;
#[cfg(target_arch = "wasm32")]
pub use tunelab_kernels::simd::use_relaxed_simd;
pub use tunelab_kernels::threads;
use tunelab_kernels::threads::Threads;

/// Whether new networks use burn's operations on the processor too.
static REFERENCE: AtomicBool = AtomicBool::new(false);

/// Sets what computes networks on the processor that are created from now on.
pub fn select(kernels: Kernels) {
    REFERENCE.store(kernels == Kernels::Reference, Ordering::Relaxed);
}

/// What computes a new network on `device`. Only the processor has own kernels.
pub fn of(device: &Device) -> Kernels {
    if *device == Device::flex() && !REFERENCE.load(Ordering::Relaxed) {
        Kernels::Fast
    } else {
        Kernels::Reference
    }
}

/// The instructions that the kernels are limited to.
static INSTRUCTIONS: OnceLock<InstructionSet> = OnceLock::new();

/// Limits the kernels to these instructions, for tests and comparisons. Only the first call has an effect.
pub fn limit_instructions(set: InstructionSet) {
    // Fails if they are limited already.
    let _ = INSTRUCTIONS.set(set);
}

/// The instructions that the kernels use.
pub fn instructions() -> InstructionSet {
    INSTRUCTIONS.get().copied().unwrap_or_else(InstructionSet::detect)
}

/// The threads of the kernels, where they are not the default ones.
static THREADS: OnceLock<&'static dyn Threads> = OnceLock::new();

/// Sets the threads of the kernels. Only the first call has an effect.
pub fn use_threads(threads: &'static dyn Threads) {
    // Fails if they are set already.
    let _ = THREADS.set(threads);
}

/// The threads of the kernels: by default those of rayon's pool, or the calling thread only in a browser.
fn threads() -> &'static dyn Threads {
    #[cfg(not(target_arch = "wasm32"))]
    let default = &threads::Rayon;
    #[cfg(target_arch = "wasm32")]
    let default = &threads::Serial;
    THREADS.get().copied().unwrap_or(default)
}
