//! The update of a parameter in one pass over its numbers.

use crate::memory::Memory;
use crate::simd::{InstructionSet, Kernel, Vector};
use crate::threads::Threads;

/// Numbers that a task updates.
const NUMBERS_PER_TASK: usize = 1 << 15;

/// The rule of an update, as PyTorch's optimizers of these names.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Rule {
    /// `momentum` is 0 for plain gradient descent.
    Sgd { momentum: f32, nesterov: bool },
    /// Adam; `decoupled` decay makes it AdamW.
    Adam {
        beta_1: f32,
        beta_2: f32,
        /// 1 - β₁ᵗ after this step.
        correction_1: f32,
        /// The square root of 1 - β₂ᵗ after this step.
        correction_2_root: f32,
        epsilon: f32,
        decoupled: bool,
    },
}

/// An update of a parameter.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Update {
    pub rule: Rule,
    pub learning_rate: f32,
    /// The coefficient of the squared distance to 0, or to the starting values.
    pub decay: f32,
    /// The coefficient of the sum of absolute values.
    pub l1: f32,
}

/// The numbers of a parameter, all of the same length.
pub struct Numbers<'a> {
    pub values: &'a [f32],
    /// The gradients, which the new values replace.
    pub gradients: &'a mut [f32],
    /// The values that [`Update::decay`] pulls to; 0 if there are none.
    pub start: Option<&'a [f32]>,
    /// Momentum, or Adam's first moment; updated.
    pub first: &'a mut [f32],
    /// Adam's second moment; updated.
    pub second: Option<&'a mut [f32]>,
}

impl Update {
    /// Computes the new values, in place of the gradients, and the new moments. Moments that are 0 have no steps yet.
    ///
    /// # Panics
    /// Lengths differ, or Adam lacks its second moment.
    pub fn run(&self, instructions: InstructionSet, numbers: Numbers<'_>, threads: &dyn Threads) {
        let Numbers { values, gradients, start, first, second } = numbers;
        let len = values.len();
        assert!(gradients.len() == len && first.len() == len);
        assert!(start.is_none_or(|start| start.len() == len));
        let has_second = second.as_ref().is_some_and(|second| second.len() == len);
        assert!(has_second || matches!(self.rule, Rule::Sgd { .. }), "Adam has two moments");
        let (gradients, first) = (Memory::new(gradients), Memory::new(first));
        let second = second.map(Memory::new);
        threads.run(len.div_ceil(NUMBERS_PER_TASK), &|task| {
            let at = task * NUMBERS_PER_TASK;
            let count = NUMBERS_PER_TASK.min(len - at);
            let range = at..at + count;
            // SAFETY: each task updates numbers of its own.
            unsafe {
                instructions.run(UpdateTask {
                    update: self,
                    values: &values[range.clone()],
                    gradients: gradients.slice_mut(at, count),
                    start: start.map(|start| &start[range]),
                    first: first.slice_mut(at, count),
                    second: second.map(|second| second.slice_mut(at, count)),
                });
            }
        });
    }
}

struct UpdateTask<'a> {
    update: &'a Update,
    values: &'a [f32],
    gradients: &'a mut [f32],
    start: Option<&'a [f32]>,
    first: &'a mut [f32],
    second: Option<&'a mut [f32]>,
}

impl Kernel for UpdateTask<'_> {
    #[inline(always)]
    unsafe fn run<V: Vector>(self) {
        let Self { update, values, gradients, start, first, mut second } = self;
        let mut at = 0;
        while at < values.len() {
            let count = V::LANES.min(values.len() - at);
            // SAFETY: all slices have the same length.
            unsafe {
                let lanes = Lanes { at, count };
                let value = lanes.of::<V>(values);
                let mut gradient = lanes.of::<V>(gradients);
                if update.l1 > 0.0 {
                    let one = V::splat(1.0);
                    let negative = one.where_positive(V::splat(0.0).sub(value));
                    let sign = one.where_positive(value).sub(negative);
                    gradient = sign.mul_add(V::splat(update.l1), gradient);
                }
                let offset = match start {
                    Some(start) => value.sub(lanes.of(start)),
                    None => value,
                };
                let rate = V::splat(-update.learning_rate);
                let result = match update.rule {
                    Rule::Sgd { momentum, nesterov } => {
                        let momentum = V::splat(momentum);
                        let gradient = offset.mul_add(V::splat(update.decay), gradient);
                        let velocity = lanes.of::<V>(first).mul_add(momentum, gradient);
                        lanes.store(velocity, first);
                        let direction = match nesterov {
                            true => velocity.mul_add(momentum, gradient),
                            false => velocity,
                        };
                        direction.mul_add(rate, value)
                    }
                    Rule::Adam {
                        beta_1,
                        beta_2,
                        correction_1,
                        correction_2_root,
                        epsilon,
                        decoupled,
                    } => {
                        let decay = V::splat(update.decay);
                        if !decoupled {
                            gradient = offset.mul_add(decay, gradient);
                        }
                        let scaled = gradient.mul(V::splat(1.0 - beta_1));
                        let moment = lanes.of::<V>(first).mul_add(V::splat(beta_1), scaled);
                        lanes.store(moment, first);
                        let square = gradient.mul(gradient).mul(V::splat(1.0 - beta_2));
                        let squares = second.as_deref_mut().unwrap_or_default();
                        let variance = lanes.of::<V>(squares).mul_add(V::splat(beta_2), square);
                        lanes.store(variance, squares);
                        let deviation = variance.sqrt().div(V::splat(correction_2_root));
                        let denominator = deviation.add(V::splat(epsilon));
                        let direction = moment.div(V::splat(correction_1)).div(denominator);
                        let value = match decoupled {
                            true => offset.mul(decay).mul_add(rate, value),
                            false => value,
                        };
                        direction.mul_add(rate, value)
                    }
                };
                lanes.store(result, gradients);
            }
            at += V::LANES;
        }
    }
}

/// A vector of some slices' numbers, of which `count` are used.
#[derive(Clone, Copy)]
struct Lanes {
    at: usize,
    count: usize,
}

impl Lanes {
    #[inline(always)]
    unsafe fn of<V: Vector>(self, numbers: &[f32]) -> V {
        unsafe { crate::epilogue::load_some(numbers.as_ptr().add(self.at), self.count) }
    }

    #[inline(always)]
    unsafe fn store<V: Vector>(self, value: V, numbers: &mut [f32]) {
        unsafe { crate::epilogue::store_some(value, numbers.as_mut_ptr().add(self.at), self.count) }
    }
}
