//! The forward and backward passes of a ResNet's backbone on the processor.
//!
//! Activations are stored as `[H, W, N, C]`: all images of a pixel beside one another, each with its channels. So a
//! convolution is a product of plain matrices for each pixel and tap of the kernel, without a copy of its input, and a
//! tap that falls on the padding is left out.
//!
//! - [`simd`]: vectors and instruction sets. [`threads`]: parallel loops. [`memory`]: shared buffers.
//! - [`gemm`]: tiles of matrix products. [`geometry`]: which pixels and taps a convolution multiplies. [`pack`]: the
//!   layout of weights.
//! - [`convolution`]: forward and input gradient. [`weight_gradient`]. [`epilogue`]: what is done with a tile while it is
//!   in the cache.
//! - [`winograd`]: 3 × 3 convolutions with fewer products.
//! - [`norm`], [`pool`], [`layout`]: the other passes of a network. [`optimizer`]: the update of its parameters.
//! - [`backbone`]: the whole network.

#![cfg_attr(target_arch = "wasm32", no_std)]
#![allow(
    clippy::needless_range_loop,
    reason = "plain loops over the rows and columns of a tile keep its numbers in registers"
)]

extern crate alloc;

pub mod backbone;
pub mod buffer;
pub mod convolution;
pub mod epilogue;
pub mod gemm;
pub mod geometry;
pub mod layout;
mod math;
pub mod memory;
pub mod norm;
pub mod optimizer;
pub mod pack;
pub mod pool;
pub mod simd;
pub mod threads;
pub mod weight_gradient;
pub mod winograd;
