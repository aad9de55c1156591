//! Convolutions, their input gradients and their weight gradients against plain float64 loops, over sizes, strides,
//! paddings, channel counts, batch sizes and instruction sets.

mod common;

use common::{Random, close, error, images_of_batch};
use proptest::prelude::*;
use tunelab_kernels::convolution::{Factors, ProductPass};
use tunelab_kernels::epilogue::Epilogue;
use tunelab_kernels::geometry::{Convolution, ProductGeometry, Shape, WeightGeometry};
use tunelab_kernels::layout::{Images, from_nchw, to_nchw};
use tunelab_kernels::memory::Memory;
use tunelab_kernels::pack::Packing;
use tunelab_kernels::simd::InstructionSet;
use tunelab_kernels::threads::{Rayon, Serial, Threads};
use tunelab_kernels::weight_gradient::WeightGradient;
use tunelab_kernels::winograd::Tiles;
use tunelab_kernels::winograd::convolution::{WeightTransform, WinogradPass};
use tunelab_kernels::winograd::weight_gradient::WinogradWeightGradient;

#[derive(Debug, Clone)]
struct Case {
    convolution: Convolution,
    height: usize,
    width: usize,
    batch: usize,
    seed: u64,
}

impl Case {
    fn input(&self) -> Shape {
        Shape { height: self.height, width: self.width, channels: self.convolution.channels_in }
    }

    fn output(&self) -> Shape {
        self.input().after(&self.convolution)
    }
}

fn cases() -> impl Strategy<Value = Case> {
    let kernels = prop_oneof![Just((1, 0)), Just((3, 0)), Just((3, 1)), Just((2, 1))];
    let channels = prop_oneof![1..9usize, 15..18usize, 31..34usize, Just(64), Just(70)];
    (kernels, 1..3usize, channels.clone(), channels, 3..9usize, 3..9usize, 1..18usize, any::<u64>())
        .prop_map(
            |((kernel, padding), stride, channels_in, channels_out, height, width, batch, seed)| {
                let convolution =
                    Convolution { channels_in, channels_out, kernel, stride, padding };
                Case { convolution, height, width, batch, seed }
            },
        )
}

/// Calls `each` for every product of a convolution: the indices of the output, the input and the weight.
fn products(case: &Case, mut each: impl FnMut(usize, usize, usize)) {
    let Convolution { channels_in, channels_out, kernel, stride, padding } = case.convolution;
    let output = case.output();
    for image in 0..case.batch {
        for channel_out in 0..channels_out {
            for y in 0..output.height {
                for x in 0..output.width {
                    let at = ((image * channels_out + channel_out) * output.height + y)
                        * output.width
                        + x;
                    for channel_in in 0..channels_in {
                        for row in 0..kernel {
                            for column in 0..kernel {
                                let source_y = (y * stride + row).wrapping_sub(padding);
                                let source_x = (x * stride + column).wrapping_sub(padding);
                                if source_y < case.height && source_x < case.width {
                                    let from = ((image * channels_in + channel_in) * case.height
                                        + source_y)
                                        * case.width
                                        + source_x;
                                    let weight =
                                        ((channel_out * channels_in + channel_in) * kernel + row)
                                            * kernel
                                            + column;
                                    each(at, from, weight);
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Memory with an activation at its start, room for a result, weights and per-channel numbers.
struct Bench {
    memory: Vec<f32>,
    source: usize,
    result: usize,
    packed: usize,
    zeros: usize,
    sums: usize,
}

impl Bench {
    fn new(numbers: usize) -> Self {
        let at = |index: usize| index * (numbers + 64);
        let mut memory = vec![f32::NAN; at(5)];
        memory[at(3)..at(4)].fill(0.0);
        Self { memory, source: 0, result: at(1), packed: at(2), zeros: at(3), sums: at(4) }
    }
}

/// Room for everything that a case needs in one buffer.
fn room(case: &Case) -> usize {
    let len = |shape: Shape| (shape.pixels() + 2 * shape.height) * shape.channels * case.batch;
    len(case.input()) + 3 * len(case.output()) + (case.convolution.weights() + 64) * 40
}

fn forward(
    case: &Case,
    input: &[f32],
    weights: &[f32],
    set: InstructionSet,
    threads: &dyn Threads,
) -> Vec<f32> {
    let mut bench = Bench::new(room(case));
    let memory = Memory::new(&mut bench.memory);
    let geometry =
        ProductGeometry::forward(&case.convolution, case.input(), case.batch, set.panel());
    from_nchw(input, case.input(), case.batch, memory, bench.source, threads);
    Packing::Forward.pack(&case.convolution, weights, None, memory, bench.packed, set, threads);
    let pass = ProductPass {
        geometry: &geometry,
        factors: &[Factors {
            source: bench.source,
            depth: case.convolution.channels_in,
            weights: bench.packed,
            rows: Packing::Forward.rows(&case.convolution),
        }],
        channels: case.convolution.channels_out,
        destination: bench.result,
        epilogue: Epilogue::Activation { bias: bench.zeros, residual: None, relu: false },
        sums: None,
    };
    let output = case.output();
    let mut result = vec![0.0; output.pixels() * output.channels * case.batch];
    unsafe { pass.run(set, memory, threads) };
    to_nchw(memory, bench.result, output, case.batch, &mut result, threads);
    result
}

fn input_gradient(
    case: &Case,
    gradient: &[f32],
    weights: &[f32],
    set: InstructionSet,
    threads: &dyn Threads,
) -> Vec<f32> {
    let mut bench = Bench::new(room(case));
    let memory = Memory::new(&mut bench.memory);
    let geometry =
        ProductGeometry::input_gradient(&[case.convolution], case.input(), case.batch, set.panel());
    from_nchw(gradient, case.output(), case.batch, memory, bench.source, threads);
    Packing::InputGradient.pack(
        &case.convolution,
        weights,
        None,
        memory,
        bench.packed,
        set,
        threads,
    );
    let pass = ProductPass {
        geometry: &geometry,
        factors: &[Factors {
            source: bench.source,
            depth: case.convolution.channels_out,
            weights: bench.packed,
            rows: Packing::InputGradient.rows(&case.convolution),
        }],
        channels: case.convolution.channels_in,
        destination: bench.result,
        epilogue: Epilogue::Gradient { addend: None, gate: None, norms: [None; 2] },
        sums: Some(bench.sums),
    };
    let input = case.input();
    let mut result = vec![0.0; input.pixels() * input.channels * case.batch];
    unsafe { pass.run(set, memory, threads) };
    to_nchw(memory, bench.result, input, case.batch, &mut result, threads);
    result
}

fn weight_gradient(
    case: &Case,
    input: &[f32],
    gradient: &[f32],
    set: InstructionSet,
    threads: &dyn Threads,
) -> Vec<f32> {
    let mut bench = Bench::new(room(case));
    bench.memory.fill(0.0);
    let memory = Memory::new(&mut bench.memory);
    let geometry = WeightGeometry::new(&case.convolution, case.input(), case.batch);
    from_nchw(input, case.input(), case.batch, memory, bench.source, threads);
    from_nchw(gradient, case.output(), case.batch, memory, bench.result, threads);
    let pass = WeightGradient {
        convolution: &case.convolution,
        geometry: &geometry,
        output_gradient: bench.result,
        input: bench.source,
        of_images: false,
    };
    let mut result = vec![f32::NAN; case.convolution.weights()];
    unsafe { pass.run(set, memory, Memory::new(&mut result), threads) };
    result
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    #[test]
    fn convolutions_equal_plain_loops(case in cases()) {
        let mut random = Random::new(case.seed);
        let (input, output) = (case.input(), case.output());
        let x = random.numbers(input.pixels() * input.channels * case.batch);
        let w = random.numbers(case.convolution.weights());
        let dy = random.numbers(output.pixels() * output.channels * case.batch);
        let mut y = vec![0.0; dy.len()];
        let (mut dx, mut dw) = (vec![0.0; x.len()], vec![0.0; w.len()]);
        products(&case, |to, from, weight| {
            y[to] += f64::from(x[from]) * f64::from(w[weight]);
            dx[from] += f64::from(dy[to]) * f64::from(w[weight]);
            dw[weight] += f64::from(dy[to]) * f64::from(x[from]);
        });
        for set in InstructionSet::available() {
            let found = forward(&case, &x, &w, set, &Serial);
            prop_assert!(close(&found, &y), "forward, {set:?}");
            prop_assert_eq!(found, forward(&case, &x, &w, set, &Rayon));
            let found = input_gradient(&case, &dy, &w, set, &Serial);
            prop_assert!(close(&found, &dx), "input gradient, {set:?}");
            prop_assert_eq!(found, input_gradient(&case, &dy, &w, set, &Rayon));
            let found = weight_gradient(&case, &x, &dy, set, &Serial);
            prop_assert!(close(&found, &dw), "weight gradient, {set:?}");
            prop_assert_eq!(found, weight_gradient(&case, &x, &dy, set, &Rayon));
        }
    }

    /// The first convolution of a network has few channels, and another layout.
    #[test]
    fn convolutions_of_images_equal_plain_loops(
        (kernel, stride, channels_in, channels_out) in (3..8usize, 1..3usize, 1..5usize, 1..70usize),
        (height, width, batch, seed) in (8..14usize, 8..14usize, 1..5usize, any::<u64>()),
    ) {
        let convolution = Convolution { channels_in, channels_out, kernel, stride, padding: kernel / 2 };
        let case = Case { convolution, height, width, batch, seed };
        images_equal_plain_loops(&case)?;
    }
}

fn images_equal_plain_loops(case: &Case) -> Result<(), TestCaseError> {
    let mut random = Random::new(case.seed);
    let (input, output) = (case.input(), case.output());
    let x = random.numbers(input.pixels() * input.channels * case.batch);
    let w = random.numbers(case.convolution.weights());
    let dy = random.numbers(output.pixels() * output.channels * case.batch);
    let (mut y, mut dw) = (vec![0.0; dy.len()], vec![0.0; w.len()]);
    products(case, |to, from, weight| {
        y[to] += f64::from(x[from]) * f64::from(w[weight]);
        dw[weight] += f64::from(dy[to]) * f64::from(x[from]);
    });
    for set in InstructionSet::available() {
        let mut bench = Bench::new(room(case));
        bench.memory.fill(0.0);
        let memory = Memory::new(&mut bench.memory);
        let images = Images::new(&case.convolution, input, case.batch);
        images.fill_from_nchw(&x, memory, bench.source, &Serial);
        let packing = Packing::Images;
        packing.pack(&case.convolution, &w, None, memory, bench.packed, set, &Serial);
        let geometry =
            ProductGeometry::of_images(&case.convolution, input, case.batch, set.panel());
        let pass = ProductPass {
            geometry: &geometry,
            factors: &[Factors {
                source: bench.source,
                depth: packing.depth(&case.convolution),
                weights: bench.packed,
                rows: packing.rows(&case.convolution),
            }],
            channels: output.channels,
            destination: bench.result,
            epilogue: Epilogue::Activation { bias: bench.zeros, residual: None, relu: false },
            sums: None,
        };
        unsafe { pass.run(set, memory, &Serial) };
        let found = images_of_batch(memory, bench.result, output, case.batch);
        prop_assert!(close(&found, &y), "forward, {set:?}");

        from_nchw(&dy, output, case.batch, memory, bench.result, &Serial);
        let geometry = WeightGeometry::of_images(&case.convolution, input, case.batch);
        let pass = WeightGradient {
            convolution: &case.convolution,
            geometry: &geometry,
            output_gradient: bench.result,
            input: bench.source,
            of_images: true,
        };
        let mut found = vec![f32::NAN; w.len()];
        unsafe { pass.run(set, memory, Memory::new(&mut found), &Serial) };
        prop_assert!(close(&found, &dw), "weight gradient, {set:?}");
    }
    Ok(())
}

/// The output and the gradients of `case`, whose convolution is 3 x 3 with stride 1 and padding 1.
fn winograd(
    case: &Case,
    [x, w, dy]: [&[f32]; 3],
    set: InstructionSet,
    threads: &dyn Threads,
) -> [Vec<f32>; 3] {
    let Convolution { channels_in, channels_out, .. } = case.convolution;
    let (input, output) = (case.input(), case.output());
    let tiles = Tiles::new(&case.convolution, input, case.batch).expect("it applies");
    let product =
        |tiles: &Tiles, from: &[f32], shape: Shape, to: Shape, packing: Packing, epilogue| {
            let panel = set.panel();
            let sizes = [
                from.len(),
                to.pixels() * to.channels * case.batch,
                packing.len(&case.convolution, panel),
                tiles.weights_len(panel),
                tiles.input_len(),
                tiles.output_len(panel),
                tiles.task_count() * Epilogue::SUMS * to.channels,
                to.channels,
            ];
            let place = |index: usize| sizes[..index].iter().sum::<usize>() + 64 * index;
            let mut memory = vec![f32::NAN; place(sizes.len())];
            memory[place(7)..].fill(0.0);
            let memory = Memory::new(&mut memory);
            from_nchw(from, shape, case.batch, memory, place(0), threads);
            packing.pack(&case.convolution, w, None, memory, place(2), set, threads);
            let rotated = packing == Packing::InputGradient;
            let (packed, transformed) = (place(2), place(3));
            unsafe {
                WeightTransform { tiles, packed, rotated, transformed }.run(set, memory, threads);
                let pass = WinogradPass {
                    tiles,
                    source: place(0),
                    weights: transformed,
                    destination: place(1),
                    epilogue,
                    sums: Some(place(6)),
                    transformed_input: place(4),
                    transformed_output: place(5),
                };
                pass.run(set, memory, threads);
            }
            let mut result = vec![0.0; sizes[1]];
            to_nchw(memory, place(1), to, case.batch, &mut result, threads);
            let sums = (0..tiles.task_count() * Epilogue::SUMS * to.channels)
                .map(|index| unsafe { *memory.at(place(6) + index, 1) })
                .collect::<Vec<f32>>();
            (result, sums)
        };
    // The shift of the statistics is the zeros at the end.
    let room = |tiles: &Tiles, packing: Packing, numbers: [usize; 2]| {
        let panel = set.panel();
        let sizes = [
            numbers[0],
            numbers[1],
            packing.len(&case.convolution, panel),
            tiles.weights_len(panel),
            tiles.input_len(),
            tiles.output_len(panel),
            tiles.task_count() * Epilogue::SUMS * tiles.channels_out,
        ];
        sizes.iter().sum::<usize>() + 64 * sizes.len()
    };
    let statistics =
        Epilogue::Statistics { shift: room(&tiles, Packing::Forward, [x.len(), dy.len()]) };
    let (y, sums) = product(&tiles, x, input, output, Packing::Forward, statistics);
    // The sums of the epilogue are those of the output.
    for channel in 0..channels_out {
        let pixels = output.pixels();
        let values = |image: usize| &y[(image * channels_out + channel) * pixels..][..pixels];
        let expected: f64 = (0..case.batch).flat_map(values).map(|value| f64::from(*value)).sum();
        let found: f64 = (0..tiles.task_count())
            .map(|chunk| f64::from(sums[chunk * Epilogue::SUMS * channels_out + channel]))
            .sum();
        assert!((found - expected).abs() < 1e-3 * (1.0 + expected.abs()), "{found} {expected}");
    }
    let gradient = Epilogue::Gradient { addend: None, gate: None, norms: [None; 2] };
    let reversed = tiles.reversed();
    let (dx, _) = product(&reversed, dy, output, input, Packing::InputGradient, gradient);

    let sizes = [
        x.len(),
        dy.len(),
        tiles.input_len(),
        tiles.output_len(set.panel()),
        WinogradWeightGradient::components_len(&tiles, set.panel()),
    ];
    let place = |index: usize| sizes[..index].iter().sum::<usize>() + 64 * index;
    let mut memory = vec![0.0; place(sizes.len())];
    let memory = Memory::new(&mut memory);
    from_nchw(x, input, case.batch, memory, place(0), threads);
    from_nchw(dy, output, case.batch, memory, place(1), threads);
    let pass = WinogradWeightGradient {
        tiles: &tiles,
        output_gradient: place(1),
        input: place(0),
        transformed_input: place(2),
        transformed_gradient: place(3),
        components: place(4),
    };
    let mut dw = vec![f32::NAN; channels_out * channels_in * 9];
    unsafe { pass.run(set, memory, Memory::new(&mut dw), threads) };
    [y, dx, dw]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    #[test]
    fn winograd_equals_plain_loops(
        (channels_in, channels_out) in (1..70usize, 1..70usize),
        (height, width, batch, seed) in (1..14usize, 1..14usize, 1..20usize, any::<u64>()),
    ) {
        let convolution = Convolution { channels_in, channels_out, kernel: 3, stride: 1, padding: 1 };
        let case = Case { convolution, height, width, batch, seed };
        let mut random = Random::new(seed);
        let x = random.numbers(case.input().pixels() * channels_in * batch);
        let w = random.numbers(convolution.weights());
        let dy = random.numbers(case.output().pixels() * channels_out * batch);
        let mut y = vec![0.0; dy.len()];
        let (mut dx, mut dw) = (vec![0.0; x.len()], vec![0.0; w.len()]);
        products(&case, |to, from, weight| {
            y[to] += f64::from(x[from]) * f64::from(w[weight]);
            dx[from] += f64::from(dy[to]) * f64::from(w[weight]);
            dw[weight] += f64::from(dy[to]) * f64::from(x[from]);
        });
        for set in InstructionSet::available() {
            let found = winograd(&case, [&x, &w, &dy], set, &Serial);
            let named = ["forward", "input gradient", "weight gradient"];
            for ((found, expected), name) in found.iter().zip([&y, &dx, &dw]).zip(named) {
                prop_assert!(error(found, expected) < 1e-5, "{name}, {set:?}: {:e}", error(found, expected));
            }
            prop_assert_eq!(found, winograd(&case, [&x, &w, &dy], set, &Rayon));
        }
    }
}
