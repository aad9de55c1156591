//! How the products of a convolution are computed, and the memory that they share.

use alloc::vec::Vec;

use super::Places;
use crate::convolution::{Factors, ProductPass};
use crate::epilogue::Epilogue;
use crate::geometry::{Convolution, ProductGeometry, Shape, WeightGeometry};
use crate::memory::{Memory, filled};
use crate::pack::Packing;
use crate::simd::InstructionSet;
use crate::threads::Threads;
use crate::weight_gradient::WeightGradient;
use crate::winograd::Tiles;
use crate::winograd::convolution::WinogradPass;
use crate::winograd::weight_gradient::WinogradWeightGradient;

/// How a product is computed.
pub enum Product {
    Direct(ProductGeometry),
    Winograd(Tiles),
}

impl Product {
    /// The forward pass of `convolution`. `with_weights` says whether the weights change each time.
    pub fn forward(
        convolution: &Convolution,
        input: Shape,
        batch: usize,
        instructions: InstructionSet,
        with_weights: bool,
    ) -> Self {
        match Tiles::new(convolution, input, batch) {
            Some(tiles) if tiles.is_worthwhile(instructions, with_weights) => Self::Winograd(tiles),
            _ => Self::Direct(ProductGeometry::forward(
                convolution,
                input,
                batch,
                instructions.panel(),
            )),
        }
    }

    /// The gradient of the common input of `convolutions`.
    pub fn input_gradient(
        convolutions: &[Convolution],
        input: Shape,
        batch: usize,
        instructions: InstructionSet,
    ) -> Self {
        let tiles = match convolutions {
            [convolution] => Tiles::new(convolution, input, batch),
            _ => None,
        };
        match tiles.map(|tiles| tiles.reversed()) {
            Some(tiles) if tiles.is_worthwhile(instructions, true) => Self::Winograd(tiles),
            _ => Self::Direct(ProductGeometry::input_gradient(
                convolutions,
                input,
                batch,
                instructions.panel(),
            )),
        }
    }

    /// The number of chunks with sums of their own.
    pub fn chunks(&self) -> usize {
        match self {
            Self::Direct(geometry) => geometry.chunks.len(),
            Self::Winograd(tiles) => tiles.task_count(),
        }
    }
}

/// How a weight gradient is computed.
pub enum WeightProduct {
    Direct(WeightGeometry),
    /// Of a convolution whose input is [`crate::layout::Images`].
    OfImages(WeightGeometry),
    Winograd(Tiles),
}

impl WeightProduct {
    /// The gradient of the weights of `convolution`.
    pub fn new(
        convolution: &Convolution,
        input: Shape,
        batch: usize,
        instructions: InstructionSet,
    ) -> Self {
        match Tiles::new(convolution, input, batch) {
            Some(tiles) if tiles.is_worthwhile(instructions, true) => Self::Winograd(tiles),
            _ => Self::Direct(WeightGeometry::new(convolution, input, batch)),
        }
    }
}

/// The largest needs of all products, in numbers.
#[derive(Debug, Clone, Copy, Default)]
pub struct ScratchSizes {
    /// Packed weights.
    pub packed: usize,
    /// Sums of epilogues.
    pub sums: usize,
    weights: usize,
    input: usize,
    output: usize,
    components: usize,
}

impl ScratchSizes {
    /// Takes a product into account.
    pub fn add(&mut self, product: &Product, channels: usize, panel: usize) {
        self.sums = self.sums.max(product.chunks() * channels * Epilogue::SUMS);
        if let Product::Winograd(tiles) = product {
            self.weights = self.weights.max(tiles.weights_len(panel));
            self.add_tiles(tiles, panel);
        }
    }

    /// Takes a weight gradient into account.
    pub fn add_weights(&mut self, product: &WeightProduct, panel: usize) {
        if let WeightProduct::Winograd(tiles) = product {
            let components = WinogradWeightGradient::components_len(tiles, panel);
            self.components = self.components.max(components);
            self.add_tiles(tiles, panel);
        }
    }

    fn add_tiles(&mut self, tiles: &Tiles, panel: usize) {
        self.input = self.input.max(tiles.input_len());
        self.output = self.output.max(tiles.output_len(panel));
    }

    /// What inference needs of it, whose weights are packed once and whose epilogues have no sums.
    pub fn of_inference(self) -> Self {
        Self { input: self.input, output: self.output, ..Self::default() }
    }

    /// Adds the buffers to `places`.
    pub fn place(self, places: &mut Places) -> Scratch {
        Scratch {
            packed: places.add(self.packed),
            sums: places.add(self.sums),
            // They are not needed at the same time.
            transformed_weights: places.add(self.weights.max(self.components)),
            transformed_input: places.add(self.input),
            transformed_output: places.add(self.output),
        }
    }
}

/// Where the buffers are that all products share, in numbers from the start of the memory.
#[derive(Debug, Clone, Copy)]
pub struct Scratch {
    pub packed: usize,
    pub sums: usize,
    /// Also the components of weight gradients.
    pub transformed_weights: usize,
    transformed_input: usize,
    transformed_output: usize,
}

/// A product to compute.
pub struct ProductRun<'a> {
    pub product: &'a Product,
    pub factors: &'a [Factors],
    /// Channels of the result.
    pub channels: usize,
    pub destination: usize,
    pub epilogue: Epilogue,
    /// The weights for Winograd's algorithm.
    pub transformed_weights: usize,
}

impl Scratch {
    /// Computes a product.
    ///
    /// # Safety
    /// All places are within `memory`, with a tile's width to spare, and what is written overlaps nothing else.
    pub unsafe fn run(
        &self,
        run: &ProductRun<'_>,
        instructions: InstructionSet,
        memory: Memory<'_>,
        threads: &dyn Threads,
    ) {
        let ProductRun { factors, channels, destination, epilogue, .. } = *run;
        let sums = match epilogue {
            Epilogue::Activation { .. } => None,
            _ => Some(self.sums),
        };
        match run.product {
            Product::Direct(geometry) => {
                let pass = ProductPass { geometry, factors, channels, destination, epilogue, sums };
                unsafe { pass.run(instructions, memory, threads) };
            }
            Product::Winograd(tiles) => {
                let pass = WinogradPass {
                    tiles,
                    source: factors[0].source,
                    weights: run.transformed_weights,
                    destination,
                    epilogue,
                    sums,
                    transformed_input: self.transformed_input,
                    transformed_output: self.transformed_output,
                };
                unsafe { pass.run(instructions, memory, threads) };
            }
        }
    }

    /// A weight gradient, `[channels_out, channels_in, kernel, kernel]`, from the gradient of the convolution's output and
    /// its input.
    ///
    /// # Safety
    /// All places are within `memory`, with a tile's width to spare.
    pub unsafe fn weight_gradient(
        &self,
        product: &WeightProduct,
        convolution: &Convolution,
        [output_gradient, input]: [usize; 2],
        instructions: InstructionSet,
        memory: Memory<'_>,
        threads: &dyn Threads,
    ) -> Vec<f32> {
        let store = |gradient: Memory<'_>| match product {
            WeightProduct::Direct(geometry) | WeightProduct::OfImages(geometry) => {
                let of_images = matches!(product, WeightProduct::OfImages(_));
                let pass =
                    WeightGradient { convolution, geometry, output_gradient, input, of_images };
                unsafe { pass.run(instructions, memory, gradient, threads) };
            }
            WeightProduct::Winograd(tiles) => {
                let pass = WinogradWeightGradient {
                    tiles,
                    output_gradient,
                    input,
                    transformed_input: self.transformed_input,
                    transformed_gradient: self.transformed_output,
                    components: self.transformed_weights,
                };
                unsafe { pass.run(instructions, memory, gradient, threads) };
            }
        };
        // SAFETY: both passes store all of the gradient.
        unsafe { filled(convolution.weights(), store) }
    }
}

/// The factors of a product with one convolution.
pub fn factors(
    packing: Packing,
    convolution: &Convolution,
    source: usize,
    weights: usize,
) -> Factors {
    Factors { source, depth: packing.depth(convolution), weights, rows: packing.rows(convolution) }
}
