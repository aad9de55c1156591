//! Numerical parity of the engine with PyTorch, and the effects of training on a network.
//!
//! - [`network_parity`], [`loss_parity`], [`strategy_parity`]: against PyTorch. [`wgpu_parity`]: a GPU against the
//!   processor. [`kernels`]: the own kernels of the processor against burn. [`architectures`]: ResNets other than ResNet18.
//! - [`session`], [`resuming`]: training sessions. [`strategies`], [`few_shot`], [`regularizers`], [`activation_cache`]:
//!   the effects of options.
//! - [`runs`]: runs sessions and compares networks. [`photographs`]: real data. [`short_runs`]: short runs of every
//!   kind. [`pytorch`]: PyTorch's values. [`gpu`]: opens a GPU.

#[path = "../common/mod.rs"]
mod common;

mod activation_cache;
mod architectures;
mod few_shot;
mod gpu;
mod kernels;
mod loss_parity;
mod network_parity;
mod photographs;
mod pytorch;
mod regularizers;
mod resuming;
mod runs;
mod session;
mod short_runs;
mod strategies;
mod strategy_parity;
mod wgpu_parity;
