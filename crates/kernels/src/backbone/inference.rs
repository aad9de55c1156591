//! The forward pass with the norms folded into the convolutions.

use alloc::vec::Vec;

use super::scratch::{Product, ProductRun, Scratch, ScratchSizes, factors};
use super::{Backbone, EPSILON, Places, TOO_LARGE, UnitParameters, numbers};
use crate::epilogue::Epilogue;
use crate::geometry::{Convolution, ProductGeometry, Shape};
use crate::layout::{Images, from_nchw, to_nchw};
use crate::math::sqrt_f64;
use crate::memory::Memory;
use crate::pack::Packing;
use crate::pool::{MaxPool, average, pooled};
use crate::simd::InstructionSet;
use crate::threads::Threads;
use crate::winograd::Tiles;
use crate::winograd::convolution::WeightTransform;

/// The folded parameters of a backbone, packed at the start of a memory.
#[derive(Debug, Clone)]
pub struct FoldedWeights {
    instructions: InstructionSet,
    units: Vec<FoldedUnit>,
    len: usize,
}

#[derive(Debug, Clone, Copy)]
struct FoldedUnit {
    convolution: Convolution,
    packing: Packing,
    weights: usize,
    /// The weights for Winograd's algorithm, for units that may use it.
    transformed: Option<usize>,
    bias: usize,
}

/// The most input × output channels of a convolution whose weights are transformed: they take four times the memory.
const MOST_TRANSFORMED: usize = 256 * 256;

impl FoldedWeights {
    /// Lays out the parameters of `backbone`.
    pub fn new(backbone: &Backbone, instructions: InstructionSet) -> Self {
        let mut places = Places::default();
        let unit = |(index, unit): (usize, &super::Unit)| {
            let convolution = unit.convolution;
            let packing = match index {
                0 if backbone.stem.is_some() => Packing::Images,
                _ => Packing::Forward,
            };
            let panel = instructions.panel();
            let pixel = Shape { height: 1, width: 1, channels: convolution.channels_in };
            let tiles = Tiles::new(&convolution, pixel, 1)
                .filter(|_| convolution.channels_in * convolution.channels_out <= MOST_TRANSFORMED);
            FoldedUnit {
                convolution,
                packing,
                weights: places.add(packing.len(&convolution, panel)),
                transformed: tiles.map(|tiles| places.add(tiles.weights_len(panel))),
                bias: places.add(convolution.channels_out),
            }
        };
        let units = backbone.units().enumerate().map(unit).collect();
        Self { instructions, units, len: places.len }
    }

    /// Numbers of memory that the parameters need.
    pub fn memory_len(&self) -> usize {
        self.len
    }

    /// Stores the parameters of all units in `memory`.
    ///
    /// # Panics
    /// A slice has another length than the backbone says.
    pub fn pack(
        &self,
        memory: &mut [f32],
        parameters: &[UnitParameters<'_>],
        threads: &dyn Threads,
    ) {
        assert!(memory.len() >= self.len, "the memory of the folded parameters");
        assert_eq!(parameters.len(), self.units.len(), "parameters of all units");
        for (unit, parameters) in self.units.iter().zip(parameters) {
            let scale = |channel: usize| {
                let variance = f64::from(parameters.running_variance[channel]);
                f64::from(parameters.norm_weight[channel]) / sqrt_f64(variance + EPSILON)
            };
            let channels = unit.convolution.channels_out;
            let scales: Vec<f32> = (0..channels).map(|channel| scale(channel) as f32).collect();
            for channel in 0..channels {
                let mean = f64::from(parameters.running_mean[channel]);
                let bias = f64::from(parameters.norm_bias[channel]) - mean * scale(channel);
                memory[unit.bias + channel] = bias as f32;
            }
            let packed = Memory::new(&mut *memory);
            unit.packing.pack(
                &unit.convolution,
                parameters.weights,
                Some(&scales),
                packed,
                unit.weights,
                self.instructions,
                threads,
            );
            if let Some(transformed) = unit.transformed {
                let channels_in = unit.convolution.channels_in;
                let pixel = Shape { height: 1, width: 1, channels: channels_in };
                if let Some(tiles) = Tiles::new(&unit.convolution, pixel, 1) {
                    let transform = WeightTransform {
                        tiles: &tiles,
                        packed: unit.weights,
                        rotated: false,
                        transformed,
                    };
                    // SAFETY: the buffers of the weights do not overlap.
                    unsafe { transform.run(self.instructions, packed, threads) };
                }
            }
        }
    }
}

/// The inference of a backbone with a fixed batch size and input size. Its memory starts with the [`FoldedWeights`].
pub struct Inference {
    instructions: InstructionSet,
    batch: usize,
    input: Shape,
    output: Shape,
    scratch: Scratch,
    images: Option<Images>,
    input_place: usize,
    steps: Vec<Step>,
    output_place: usize,
    memory_len: usize,
}

enum Step {
    Convolution {
        unit: FoldedUnit,
        product: Product,
        source: usize,
        destination: usize,
        residual: Option<usize>,
        relu: bool,
    },
    MaxPool {
        source: usize,
        shape: Shape,
        destination: usize,
    },
}

/// Adds the steps of one unit after another.
struct Builder<'a> {
    weights: &'a FoldedWeights,
    batch: usize,
    steps: Vec<Step>,
    units: usize,
    sizes: ScratchSizes,
}

impl Builder<'_> {
    /// Returns the shape of the output.
    fn convolution(
        &mut self,
        input: Shape,
        source: usize,
        destination: usize,
        residual: Option<usize>,
        relu: bool,
    ) -> Shape {
        let unit = self.weights.units[self.units];
        self.units += 1;
        let FoldedUnit { convolution, packing, transformed, .. } = &unit;
        let (batch, instructions) = (self.batch, self.weights.instructions);
        let panel = instructions.panel();
        let product = match (packing, transformed) {
            (Packing::Images, _) => {
                Product::Direct(ProductGeometry::of_images(convolution, input, batch, panel))
            }
            (_, Some(_)) => Product::forward(convolution, input, batch, instructions, false),
            (_, None) => {
                Product::Direct(ProductGeometry::forward(convolution, input, batch, panel))
            }
        };
        self.sizes.add(&product, convolution.channels_out, panel);
        self.steps.push(Step::Convolution { unit, product, source, destination, residual, relu });
        input.after(&unit.convolution)
    }
}

impl Inference {
    /// A plan for `batch` inputs of shape `input`: images, or activations if `backbone` has no stem.
    pub fn new(backbone: &Backbone, weights: &FoldedWeights, input: Shape, batch: usize) -> Self {
        let mut places = Places { len: weights.len };
        let images = backbone.stem.map(|unit| Images::new(&unit.convolution, input, batch));
        let len = |shape: Shape| numbers(shape, batch);
        let input_len = images.map_or(len(input), |images| images.numbers());
        let input_place = places.add(input_len);
        let sizes = ScratchSizes::default();
        let mut builder = Builder { weights, batch, steps: Vec::new(), units: 0, sizes };

        let stem = backbone.stem.map(|unit| input.after(&unit.convolution));
        let first = stem.map_or(input, pooled);
        let largest = largest(backbone, first).checked_mul(batch).expect(TOO_LARGE);
        // A block's input, its projection, and two activations within it. Its output replaces its input or projection.
        let mut current = match stem {
            Some(_) => places.add(largest),
            None => input_place,
        };
        let [mut projected, inner, inner_too] = [0; 3].map(|_| places.add(largest));
        if let Some(shape) = stem {
            let destination = places.add(len(shape));
            builder.convolution(input, input_place, destination, None, false);
            builder.steps.push(Step::MaxPool { source: destination, shape, destination: current });
        }
        let mut shape = first;
        for block in &backbone.blocks {
            // The parameters of the projection come last, but its output is needed by the last unit.
            let first_unit = builder.units;
            let residual = match block.downsample {
                Some(_) => {
                    builder.units = first_unit + block.units.len();
                    builder.convolution(shape, current, projected, None, false);
                    builder.units = first_unit;
                    projected
                }
                None => current,
            };
            let mut source = current;
            for index in 0..block.units.len() {
                let is_last = index + 1 == block.units.len();
                let free = if source == inner { inner_too } else { inner };
                let destination = if is_last { residual } else { free };
                let residual = is_last.then_some(residual);
                shape = builder.convolution(shape, source, destination, residual, true);
                source = destination;
            }
            builder.units = first_unit + block.all_units().count();
            if residual == projected {
                core::mem::swap(&mut current, &mut projected);
            }
        }
        let scratch = builder.sizes.of_inference().place(&mut places);
        Self {
            instructions: weights.instructions,
            batch,
            input,
            output: shape,
            scratch,
            images,
            input_place,
            steps: builder.steps,
            output_place: current,
            memory_len: places.len,
        }
    }

    /// Numbers of memory that it needs, with the weights.
    pub fn memory_len(&self) -> usize {
        self.memory_len
    }

    /// The shape of the output.
    pub fn output(&self) -> Shape {
        self.output
    }

    /// Computes the features `[N, C]` of `input` `[N, C, H, W]`.
    ///
    /// # Panics
    /// A slice has another length than the plan says.
    pub fn features(
        &self,
        memory: &mut [f32],
        input: &[f32],
        features: &mut [f32],
        threads: &dyn Threads,
    ) {
        assert_eq!(features.len(), self.batch * self.output.channels, "a batch of features");
        let memory = self.compute(memory, input, threads);
        average(memory, self.output_place, self.output, features);
    }

    /// Computes the activations `[N, C, H, W]` after the last block for `input` `[N, C, H, W]`.
    ///
    /// # Panics
    /// A slice has another length than the plan says.
    pub fn activations(
        &self,
        memory: &mut [f32],
        input: &[f32],
        activations: &mut [f32],
        threads: &dyn Threads,
    ) {
        let memory = self.compute(memory, input, threads);
        to_nchw(memory, self.output_place, self.output, self.batch, activations, threads);
    }

    fn compute<'a>(
        &self,
        memory: &'a mut [f32],
        input: &[f32],
        threads: &dyn Threads,
    ) -> Memory<'a> {
        assert!(memory.len() >= self.memory_len, "the memory of the plan");
        let memory = Memory::new(memory);
        match &self.images {
            Some(images) => images.fill_from_nchw(input, memory, self.input_place, threads),
            None => from_nchw(input, self.input, self.batch, memory, self.input_place, threads),
        }
        for step in &self.steps {
            // SAFETY: the plan's buffers overlap only where an output replaces the residual that is added to it.
            unsafe { self.step(step, memory, threads) };
        }
        memory
    }

    unsafe fn step(&self, step: &Step, memory: Memory<'_>, threads: &dyn Threads) {
        match step {
            Step::Convolution { unit, product, source, destination, residual, relu } => {
                let run = ProductRun {
                    product,
                    factors: &[factors(unit.packing, &unit.convolution, *source, unit.weights)],
                    channels: unit.convolution.channels_out,
                    destination: *destination,
                    epilogue: Epilogue::Activation {
                        bias: unit.bias,
                        residual: *residual,
                        relu: *relu,
                    },
                    transformed_weights: unit.transformed.unwrap_or(0),
                };
                unsafe { self.scratch.run(&run, self.instructions, memory, threads) };
            }
            Step::MaxPool { source, shape, destination } => {
                let pool = MaxPool {
                    source: *source,
                    shape: *shape,
                    batch: self.batch,
                    norm: None,
                    destination: *destination,
                    places: None,
                };
                unsafe { pool.run(self.instructions, memory, threads) };
            }
        }
    }
}

/// The largest activation within the blocks, in numbers per image.
fn largest(backbone: &Backbone, input: Shape) -> usize {
    let mut largest = input.pixels() * input.channels;
    let mut shape = input;
    for unit in backbone.blocks.iter().flat_map(|block| &block.units) {
        shape = shape.after(&unit.convolution);
        largest = largest.max(shape.pixels() * shape.channels);
    }
    largest
}
