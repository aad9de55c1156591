//! Forward and backward pass, with the activations kept in between.

use alloc::vec::Vec;

use super::scratch::{Product, ProductRun, Scratch, ScratchSizes, WeightProduct, factors};
use super::{
    Backbone, Block, EPSILON, NormStatistics, Places, TOO_LARGE, TooLarge, Unit, UnitParameters,
    numbers,
};
use crate::epilogue::{Epilogue, NormInput};
use crate::geometry::{Convolution, ProductGeometry, Shape, WeightGeometry};
use crate::layout::{Images, from_nchw};
use crate::memory::Memory;
use crate::norm::{Norm, NormInputGradient, Normalize, Shortcut};
use crate::pack::Packing;
use crate::pool::{AverageGradient, MaxPool, MaxPoolGradient, average, pooled};
use crate::simd::InstructionSet;
use crate::threads::Threads;
use crate::winograd::convolution::WeightTransform;

/// The gradients of a unit's parameters.
#[derive(Debug, Clone)]
pub struct UnitGradients {
    /// `[channels_out, channels_in, kernel, kernel]`, if the unit trains its weights.
    pub weights: Option<Vec<f32>>,
    /// `[channels_out]`
    pub norm_weight: Vec<f32>,
    /// `[channels_out]`
    pub norm_bias: Vec<f32>,
}

/// Training steps of a backbone with a fixed batch size and input size. All buffers are parts of one memory, which the
/// caller provides.
pub struct Training {
    instructions: InstructionSet,
    batch: usize,
    input: Shape,
    /// Where the input is.
    input_place: usize,
    stem: Option<StemPlan>,
    blocks: Vec<BlockPlan>,
    output: Shape,
    /// Buffers of the product that is computed.
    scratch: Scratch,
    /// Gradients of a block's output, by turns.
    output_gradients: [usize; 2],
    /// The gradient of an activation within a block.
    inner_gradient: usize,
    /// The gradient of the features.
    feature_gradient: usize,
    /// Index of the first block of which a parameter is trained, or the stem's.
    first_trained: usize,
    memory_len: usize,
}

struct UnitPlan {
    unit: Unit,
    /// Index into the parameters.
    index: usize,
    input: Shape,
    /// Where the input is.
    input_place: usize,
    output: Shape,
    /// Where the convolution's output is; in the backward pass, its gradient.
    output_place: usize,
    /// Where the activation after the norm and ReLU is. Not for projections.
    activation: usize,
    norm: Norm,
    forward: Product,
    weights: Option<WeightProduct>,
}

struct BlockPlan {
    units: Vec<UnitPlan>,
    downsample: Option<UnitPlan>,
    /// The gradients of the inputs of the units from the second on.
    inner: Vec<Product>,
    /// The gradient of the block's input.
    input_gradient: Option<Product>,
}

struct StemPlan {
    unit: UnitPlan,
    /// Where the maxima were found.
    places: usize,
    pooled: usize,
    /// The gradient of the normalized output.
    gradient: usize,
}

impl UnitPlan {
    fn convolution(&self) -> &Convolution {
        &self.unit.convolution
    }

    /// Values per channel of the output.
    fn samples(&self, batch: usize) -> usize {
        self.output.pixels() * batch
    }

    fn norm_input(&self) -> NormInput {
        NormInput {
            output: self.output_place,
            mean: self.norm.mean,
            inverse_deviation: self.norm.inverse_deviation,
        }
    }
}

impl BlockPlan {
    fn last(&self) -> &UnitPlan {
        &self.units[self.units.len() - 1]
    }

    /// The block's output.
    fn activation(&self) -> usize {
        self.last().activation
    }

    /// The epilogue of the gradient of the block's output.
    fn gradient_epilogue(&self, addend: Option<usize>) -> Epilogue {
        Epilogue::Gradient {
            addend,
            gate: Some(self.activation()),
            norms: [
                Some(self.last().norm_input()),
                self.downsample.as_ref().map(UnitPlan::norm_input),
            ],
        }
    }
}

/// Lays out units one after another.
struct Builder {
    instructions: InstructionSet,
    batch: usize,
    places: Places,
    index: usize,
    sizes: ScratchSizes,
}

impl Builder {
    fn unit(&mut self, unit: Unit, input: Shape, input_place: usize, is_stem: bool) -> UnitPlan {
        let output = input.after(&unit.convolution);
        let len = numbers(output, self.batch);
        let (convolution, batch, instructions) = (&unit.convolution, self.batch, self.instructions);
        let panel = instructions.panel();
        let (forward, packing) = match is_stem {
            true => {
                let geometry = ProductGeometry::of_images(convolution, input, batch, panel);
                (Product::Direct(geometry), Packing::Images)
            }
            false => {
                let product = Product::forward(convolution, input, batch, instructions, true);
                (product, Packing::Forward)
            }
        };
        let weights = unit.trains_weights.then(|| match is_stem {
            true => WeightProduct::OfImages(WeightGeometry::of_images(convolution, input, batch)),
            false => WeightProduct::new(convolution, input, batch, instructions),
        });
        self.sizes.packed = self.sizes.packed.max(packing.len(convolution, panel));
        self.sizes.add(&forward, output.channels, panel);
        if let Some(weights) = &weights {
            self.sizes.add_weights(weights, panel);
        }
        let plan = UnitPlan {
            unit,
            index: self.index,
            input,
            input_place,
            output,
            output_place: self.places.add(len),
            activation: 0,
            norm: Norm::at(self.places.add(Norm::NUMBERS * output.channels), output.channels),
            forward,
            weights,
        };
        self.index += 1;
        plan
    }

    fn count_sums(&mut self, chunks: usize, channels: usize) {
        self.sizes.sums = self.sizes.sums.max(chunks * channels * Epilogue::SUMS);
    }

    fn activation(&mut self, shape: Shape) -> usize {
        self.places.add(numbers(shape, self.batch))
    }

    fn input_gradient(&mut self, convolutions: &[Convolution], input: Shape) -> Product {
        let (batch, instructions) = (self.batch, self.instructions);
        let panel = instructions.panel();
        let product = Product::input_gradient(convolutions, input, batch, instructions);
        let packed = convolutions.iter().map(|one| Packing::InputGradient.len(one, panel)).sum();
        self.sizes.packed = self.sizes.packed.max(packed);
        self.sizes.add(&product, input.channels, panel);
        product
    }

    fn block(
        &mut self,
        block: &Block,
        input: Shape,
        input_place: usize,
        needs_input: bool,
    ) -> BlockPlan {
        let (mut shape, mut place) = (input, input_place);
        let mut units = Vec::new();
        for unit in &block.units {
            let mut plan = self.unit(*unit, shape, place, false);
            plan.activation = self.activation(plan.output);
            (shape, place) = (plan.output, plan.activation);
            units.push(plan);
        }
        let downsample = block.downsample.map(|unit| self.unit(unit, input, input_place, false));
        let inner = units[1..]
            .iter()
            .map(|unit: &UnitPlan| self.input_gradient(&[unit.unit.convolution], unit.input))
            .collect();
        let input_gradient = needs_input.then(|| {
            let first = units[0].unit.convolution;
            let convolutions: Vec<Convolution> =
                [first].into_iter().chain(block.downsample.map(|unit| unit.convolution)).collect();
            self.input_gradient(&convolutions, input)
        });
        BlockPlan { units, downsample, inner, input_gradient }
    }
}

impl Training {
    /// A plan for `batch` inputs of shape `input`: images, or activations if `backbone` has no stem.
    ///
    /// # Errors
    /// The batch is too large for any memory.
    pub fn new(
        backbone: &Backbone,
        input: Shape,
        batch: usize,
        instructions: InstructionSet,
    ) -> Result<Self, TooLarge> {
        if !backbone.can_address(input, batch) {
            return Err(TooLarge);
        }
        let places = Places::default();
        let mut builder =
            Builder { instructions, batch, places, index: 0, sizes: ScratchSizes::default() };
        let stem_trains = backbone.stem.is_some_and(|unit| unit.trains());
        let trains = |block: &Block| block.all_units().any(Unit::trains);
        let first_trained = match stem_trains {
            true => 0,
            false => backbone.blocks.iter().position(trains).unwrap_or(backbone.blocks.len()),
        };

        let (mut shape, mut place, input_place);
        let stem = match backbone.stem {
            Some(unit) => {
                input_place =
                    builder.places.add(Images::new(&unit.convolution, input, batch).numbers());
                let plan = builder.unit(unit, input, input_place, true);
                let pooled_shape = pooled(plan.output);
                let pooled = builder.activation(pooled_shape);
                let places = builder.activation(pooled_shape);
                let gradient = if stem_trains { builder.activation(plan.output) } else { 0 };
                builder.count_sums(plan.output.height, plan.output.channels);
                (shape, place) = (pooled_shape, pooled);
                Some(StemPlan { unit: plan, places, pooled, gradient })
            }
            None => {
                input_place = builder.activation(input);
                (shape, place) = (input, input_place);
                None
            }
        };
        let mut blocks = Vec::new();
        let mut largest = shape.pixels() * shape.channels;
        let mut largest_inner = 0;
        for (index, block) in backbone.blocks.iter().enumerate() {
            let needs_input = index > first_trained || stem_trains;
            let plan = builder.block(block, shape, place, needs_input);
            (shape, place) = (plan.last().output, plan.activation());
            largest = largest.max(shape.pixels() * shape.channels);
            let inner = plan.units.iter().map(|unit| unit.output.pixels() * unit.output.channels);
            largest_inner = largest_inner.max(inner.max().unwrap_or(0));
            blocks.push(plan);
        }
        builder.count_sums(shape.pixels(), shape.channels);
        let output_gradients =
            [0; 2].map(|_| builder.places.add(largest.checked_mul(batch).expect(TOO_LARGE)));
        let inner_gradient = builder.places.add(largest_inner * batch);
        let feature_gradient = builder.places.add(shape.channels * batch);
        let sizes = builder.sizes;
        Ok(Self {
            instructions,
            batch,
            input,
            input_place,
            stem,
            blocks,
            output: shape,
            scratch: sizes.place(&mut builder.places),
            output_gradients,
            inner_gradient,
            feature_gradient,
            first_trained,
            memory_len: builder.places.len,
        })
    }

    /// Numbers of memory that a step needs.
    pub fn memory_len(&self) -> usize {
        self.memory_len
    }

    /// Numbers of the features: batch × channels.
    pub fn features_len(&self) -> usize {
        self.batch * self.output.channels
    }

    fn units(&self) -> impl Iterator<Item = &UnitPlan> {
        let stem = self.stem.iter().map(|stem| &stem.unit);
        stem.chain(self.blocks.iter().flat_map(|block| block.units.iter().chain(&block.downsample)))
    }

    /// The mean and the biased variance of the batch in the last forward pass, for the norm of each unit that used
    /// them, and the number of values per channel.
    pub fn batch_statistics<'a>(
        &'a self,
        memory: &'a [f32],
    ) -> impl Iterator<Item = (usize, &'a [f32], &'a [f32], usize)> {
        let units = self.units().filter(|plan| plan.unit.statistics == NormStatistics::Batch);
        units.map(move |plan| {
            let numbers = |place: usize| &memory[place..place + plan.norm.channels];
            (
                plan.index,
                numbers(plan.norm.mean),
                numbers(plan.norm.variance),
                plan.samples(self.batch),
            )
        })
    }

    /// Computes the features `[N, C]` of `input` `[N, C, H, W]`, and keeps in `memory` what the backward pass needs.
    ///
    /// # Panics
    /// A slice has another length than the plan says.
    pub fn forward(
        &self,
        memory: &mut [f32],
        parameters: &[UnitParameters<'_>],
        input: &[f32],
        features: &mut [f32],
        threads: &dyn Threads,
    ) {
        assert!(memory.len() >= self.memory_len, "the memory of the plan");
        assert_eq!(parameters.len(), self.units().count(), "parameters of all units");
        assert_eq!(features.len(), self.features_len(), "a batch of features");
        let memory = Memory::new(memory);
        let pass = Pass { plan: self, memory, parameters, threads };
        match &self.stem {
            Some(stem) => {
                let images = Images::new(stem.unit.convolution(), self.input, self.batch);
                images.fill_from_nchw(input, memory, self.input_place, threads);
                pass.convolve(&stem.unit, Packing::Images);
                let pool = MaxPool {
                    source: stem.unit.output_place,
                    shape: stem.unit.output,
                    batch: self.batch,
                    norm: Some(stem.unit.norm),
                    destination: stem.pooled,
                    places: Some(stem.places),
                };
                // SAFETY: the plan's buffers do not overlap.
                unsafe { pool.run(self.instructions, memory, threads) };
            }
            None => from_nchw(input, self.input, self.batch, memory, self.input_place, threads),
        }
        for block in &self.blocks {
            pass.block(block);
        }
        let source = self.blocks.last().map_or(self.input_place, BlockPlan::activation);
        average(memory, source, self.output, features);
    }

    /// The gradients of the units' parameters from that of the features, `[N, C]`, after [`Training::forward`] with the
    /// same memory and parameters; `None` for the units before the first that is trained. Ruins what `forward` kept.
    ///
    /// # Panics
    /// A slice has another length than the plan says.
    pub fn backward(
        &self,
        memory: &mut [f32],
        parameters: &[UnitParameters<'_>],
        feature_gradient: &[f32],
        threads: &dyn Threads,
    ) -> Vec<Option<UnitGradients>> {
        assert!(memory.len() >= self.memory_len, "the memory of the plan");
        assert_eq!(parameters.len(), self.units().count(), "parameters of all units");
        assert_eq!(feature_gradient.len(), self.features_len(), "a batch of features");
        let mut gradients = alloc::vec![None; parameters.len()];
        let Some(last) = self.blocks.last() else { return gradients };
        let pixels = self.output.pixels() as f32;
        let scaled = &mut memory[self.feature_gradient..][..feature_gradient.len()];
        for (scaled, gradient) in scaled.iter_mut().zip(feature_gradient) {
            *scaled = gradient / pixels;
        }
        let memory = Memory::new(memory);
        let pass = Pass { plan: self, memory, parameters, threads };
        let [mut gradient, mut next] = self.output_gradients;
        let average = AverageGradient {
            gradient: self.feature_gradient,
            shape: self.output,
            batch: self.batch,
            destination: gradient,
            epilogue: last.gradient_epilogue(None),
            sums: self.scratch.sums,
        };
        // SAFETY: the plan's buffers do not overlap.
        unsafe { average.run(self.instructions, memory, threads) };
        let mut chunks = self.output.pixels();
        for index in (self.first_trained..self.blocks.len()).rev() {
            let block = &self.blocks[index];
            pass.block_gradients(block, gradient, chunks, &mut gradients);
            let Some(product) = &block.input_gradient else { return gradients };
            let epilogue = match index.checked_sub(1) {
                Some(before) => self.blocks[before].gradient_epilogue(None),
                None => Epilogue::Gradient {
                    addend: None,
                    gate: self.stem.as_ref().map(|stem| stem.pooled),
                    norms: [None; 2],
                },
            };
            let mut units: Vec<&UnitPlan> = alloc::vec![&block.units[0]];
            // The gradient of a plain shortcut is that of the output, which is replaced.
            let (destination, epilogue) = match (&block.downsample, epilogue) {
                (Some(projection), epilogue) => {
                    units.push(projection);
                    (next, epilogue)
                }
                (None, Epilogue::Gradient { gate, norms, .. }) => {
                    (gradient, Epilogue::Gradient { addend: Some(gradient), gate, norms })
                }
                (None, epilogue) => (gradient, epilogue),
            };
            pass.input_gradient(product, &units, block.units[0].input, destination, epilogue);
            chunks = product.chunks();
            if destination != gradient {
                core::mem::swap(&mut gradient, &mut next);
            }
        }
        if let Some(stem) = self.stem.as_ref().filter(|stem| stem.unit.unit.trains()) {
            pass.stem_gradients(stem, gradient, &mut gradients);
        }
        gradients
    }
}

/// The data of a forward or backward pass.
struct Pass<'a> {
    plan: &'a Training,
    memory: Memory<'a>,
    parameters: &'a [UnitParameters<'a>],
    threads: &'a dyn Threads,
}

impl Pass<'_> {
    /// A unit's convolution, and the numbers of its norm.
    fn convolve(&self, unit: &UnitPlan, packing: Packing) {
        let Training { instructions, scratch, batch, .. } = *self.plan;
        let (memory, threads) = (self.memory, self.threads);
        let parameters = &self.parameters[unit.index];
        packing.pack(
            unit.convolution(),
            parameters.weights,
            None,
            memory,
            scratch.packed,
            instructions,
            threads,
        );
        self.transform_weights(&unit.forward, packing);
        let norm = &unit.norm;
        // SAFETY: nothing runs beside, and the plan's buffers do not overlap.
        unsafe {
            let put = |place: usize, values: &[f32]| {
                memory.slice_mut(place, norm.channels).copy_from_slice(values);
            };
            put(norm.weight, parameters.norm_weight);
            put(norm.bias, parameters.norm_bias);
            put(norm.mean, parameters.running_mean);
            put(norm.variance, parameters.running_variance);
            // The running mean is close to the batch's, so that the squared differences lose little.
            let shift = memory.slice_mut(norm.offset, norm.channels);
            for (shift, mean) in shift.iter_mut().zip(parameters.running_mean) {
                *shift = if mean.is_finite() { *mean } else { 0.0 };
            }
            let run = ProductRun {
                product: &unit.forward,
                factors: &[factors(packing, unit.convolution(), unit.input_place, scratch.packed)],
                channels: norm.channels,
                destination: unit.output_place,
                epilogue: Epilogue::Statistics { shift: norm.offset },
                transformed_weights: scratch.transformed_weights,
            };
            scratch.run(&run, instructions, memory, threads);
            if unit.unit.statistics == NormStatistics::Batch {
                let shift = memory.slice(norm.offset, norm.channels);
                let chunks = unit.forward.chunks();
                norm.set_statistics(memory, shift, scratch.sums, chunks, unit.samples(batch));
            }
        }
        norm.prepare(memory, EPSILON);
    }

    fn block(&self, block: &BlockPlan) {
        let (last, others) = block.units.split_last().expect("a block has units");
        for unit in others {
            self.convolve(unit, Packing::Forward);
            self.normalize(unit, Shortcut::None);
        }
        self.convolve(last, Packing::Forward);
        let shortcut = match &block.downsample {
            Some(projection) => {
                self.convolve(projection, Packing::Forward);
                Shortcut::Normalized(projection.output_place, projection.norm)
            }
            None => Shortcut::Identity(block.units[0].input_place),
        };
        self.normalize(last, shortcut);
    }

    fn normalize(&self, unit: &UnitPlan, shortcut: Shortcut) {
        let pass = Normalize {
            source: unit.output_place,
            norm: unit.norm,
            shortcut,
            destination: unit.activation,
            rows: unit.samples(self.plan.batch),
        };
        // SAFETY: the plan's buffers do not overlap.
        unsafe { pass.run(self.plan.instructions, self.memory, self.threads) };
    }

    /// The gradients of a block's parameters from that of its output, whose sums have `chunks` chunks. The output of
    /// the first unit's convolution and that of the projection become their gradients.
    fn block_gradients(
        &self,
        block: &BlockPlan,
        gradient: usize,
        mut chunks: usize,
        gradients: &mut [Option<UnitGradients>],
    ) {
        let inner_gradient = self.plan.inner_gradient;
        if let Some(projection) = &block.downsample {
            self.unit_gradients(projection, gradient, 2, chunks, gradients);
        }
        let mut gradient = gradient;
        for (index, unit) in block.units.iter().enumerate().rev() {
            self.unit_gradients(unit, gradient, 1, chunks, gradients);
            if let Some(before) = index.checked_sub(1) {
                let product = &block.inner[before];
                let before = &block.units[before];
                let epilogue = Epilogue::Gradient {
                    addend: None,
                    gate: Some(before.activation),
                    norms: [Some(before.norm_input()), None],
                };
                self.input_gradient(product, &[unit], unit.input, inner_gradient, epilogue);
                gradient = inner_gradient;
                chunks = product.chunks();
            }
        }
    }

    /// The gradients of a unit's parameters from that of its norm's output, of whose sums number `index` is the
    /// norm's. The convolution's output becomes its gradient.
    fn unit_gradients(
        &self,
        unit: &UnitPlan,
        gradient: usize,
        index: usize,
        chunks: usize,
        gradients: &mut [Option<UnitGradients>],
    ) {
        let Training { instructions, scratch, batch, .. } = *self.plan;
        let mut found = UnitGradients {
            weights: None,
            norm_weight: alloc::vec![0.0; unit.norm.channels],
            norm_bias: alloc::vec![0.0; unit.norm.channels],
        };
        let samples = unit.samples(batch);
        unit.norm.set_gradient(
            self.memory,
            scratch.sums,
            chunks,
            index,
            samples,
            &mut found.norm_weight,
            &mut found.norm_bias,
        );
        let pass = NormInputGradient {
            gradient,
            output: unit.output_place,
            norm: unit.norm,
            of_batch: unit.unit.statistics == NormStatistics::Batch,
            rows: samples,
        };
        // SAFETY: the plan's buffers do not overlap.
        unsafe { pass.run(instructions, self.memory, self.threads) };
        found.weights = unit.weights.as_ref().map(|product| {
            let places = [unit.output_place, unit.input_place];
            let (convolution, memory) = (unit.convolution(), self.memory);
            // SAFETY: the plan's buffers do not overlap, and have a tile's width to spare.
            unsafe {
                scratch.weight_gradient(
                    product,
                    convolution,
                    places,
                    instructions,
                    memory,
                    self.threads,
                )
            }
        });
        gradients[unit.index] = Some(found);
    }

    /// Transforms the packed weights, if the product needs that.
    fn transform_weights(&self, product: &Product, packing: Packing) {
        let Training { instructions, scratch, .. } = *self.plan;
        if let Product::Winograd(tiles) = product {
            let transform = WeightTransform {
                tiles,
                packed: scratch.packed,
                rotated: packing == Packing::InputGradient,
                transformed: scratch.transformed_weights,
            };
            // SAFETY: the plan's buffers do not overlap.
            unsafe { transform.run(instructions, self.memory, self.threads) };
        }
    }

    /// The gradient of the common input of `units`, whose convolutions' outputs are their gradients by now.
    fn input_gradient(
        &self,
        product: &Product,
        units: &[&UnitPlan],
        input: Shape,
        destination: usize,
        epilogue: Epilogue,
    ) {
        let Training { instructions, scratch, .. } = *self.plan;
        let packing = Packing::InputGradient;
        let panel = instructions.panel();
        let (mut all, mut packed) = (Vec::new(), scratch.packed);
        for unit in units {
            let (convolution, weights) = (unit.convolution(), self.parameters[unit.index].weights);
            packing.pack(
                convolution,
                weights,
                None,
                self.memory,
                packed,
                instructions,
                self.threads,
            );
            all.push(factors(packing, convolution, unit.output_place, packed));
            packed += packing.len(convolution, panel);
        }
        self.transform_weights(product, packing);
        let run = ProductRun {
            product,
            factors: &all,
            channels: input.channels,
            destination,
            epilogue,
            transformed_weights: scratch.transformed_weights,
        };
        // SAFETY: the plan's buffers do not overlap, and have a tile's width to spare.
        unsafe { scratch.run(&run, instructions, self.memory, self.threads) };
    }

    fn stem_gradients(
        &self,
        stem: &StemPlan,
        gradient: usize,
        gradients: &mut [Option<UnitGradients>],
    ) {
        let pass = MaxPoolGradient {
            gradient,
            shape: stem.unit.output,
            batch: self.plan.batch,
            places: stem.places,
            norm: stem.unit.norm_input(),
            destination: stem.gradient,
            sums: self.plan.scratch.sums,
        };
        // SAFETY: the plan's buffers do not overlap.
        unsafe { pass.run(self.plan.instructions, self.memory, self.threads) };
        self.unit_gradients(&stem.unit, stem.gradient, 1, pass.chunks(), gradients);
    }
}
