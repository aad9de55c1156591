//! The speed of every pass of ResNet18's training, in GFLOP/s for products and GB/s for the others.
//!
//! `cargo bench -p tunelab-kernels` prints a table. Options: `ROOFLINE_BATCH` (64), `ROOFLINE_SIZE` (64 px),
//! `ROOFLINE_SET` (the best instruction set), `RAYON_NUM_THREADS`. Times are the processor's if there is one thread, so
//! that other programs disturb them less.

use std::time::{Duration, Instant};

use cpu_time::ThreadTime;
use tunelab_kernels::buffer::Buffer;
use tunelab_kernels::convolution::{Factors, ProductPass};
use tunelab_kernels::epilogue::Epilogue;
use tunelab_kernels::geometry::{Convolution, ProductGeometry, Shape, WeightGeometry};
use tunelab_kernels::memory::Memory;
use tunelab_kernels::norm::{Norm, NormInputGradient, Normalize, Shortcut};
use tunelab_kernels::pack::Packing;
use tunelab_kernels::pool::MaxPool;
use tunelab_kernels::simd::InstructionSet;
use tunelab_kernels::threads::{Rayon, Threads};
use tunelab_kernels::weight_gradient::WeightGradient;
use tunelab_kernels::winograd::Tiles;
use tunelab_kernels::winograd::convolution::{WeightTransform, WinogradPass};
use tunelab_kernels::winograd::weight_gradient::WinogradWeightGradient;

/// The least time that a pass is repeated for.
const DURATION: Duration = Duration::from_millis(200);

fn main() {
    let number = |name: &str, default: usize| {
        std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
    };
    let (batch, size) = (number("ROOFLINE_BATCH", 64), number("ROOFLINE_SIZE", 64));
    let wanted = std::env::var("ROOFLINE_SET").ok();
    let set = InstructionSet::available()
        .filter(|set| wanted.as_ref().is_none_or(|wanted| set.name() == wanted))
        .last()
        .expect("this processor has no such instructions");
    println!("ResNet18 at {size} px, batch {batch}, {}, {} threads", set.name(), Rayon.count());
    println!(
        "| convolution | forward | input gradient | weight gradient | packing ms | Winograd forward | weight gradient | transform ms | worthwhile |"
    );
    println!("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- |");
    let conv = |channels_in, channels_out, kernel, stride| Convolution {
        channels_in,
        channels_out,
        kernel,
        stride,
        padding: kernel / 2,
    };
    let images = Shape { height: size, width: size, channels: 3 };
    let stem = conv(3, 64, 7, 2);
    Layer { convolution: stem, input: images, batch, set }.report(true);
    let mut shape = tunelab_kernels::pool::pooled(images.after(&stem));
    for width in [64, 128, 256, 512] {
        let stride = if width == 64 { 1 } else { 2 };
        if stride == 2 {
            for kernel in [3, 1] {
                let convolution = conv(shape.channels, width, kernel, 2);
                Layer { convolution, input: shape, batch, set }.report(false);
            }
            shape = shape.after(&conv(shape.channels, width, 3, 2));
        }
        Layer { convolution: conv(width, width, 3, 1), input: shape, batch, set }.report(false);
    }
    println!();
    println!("| pass over {} x {} x 64 | GB/s |", size / 4, size / 4);
    println!("| --- | ---: |");
    passes(Shape { height: size / 4, width: size / 4, channels: 64 }, batch, set);
}

/// Seconds per call.
fn seconds(mut run: impl FnMut()) -> f64 {
    run();
    let alone = Rayon.count() == 1;
    let (started, processor, mut calls) = (Instant::now(), ThreadTime::now(), 0);
    while started.elapsed() < DURATION {
        run();
        calls += 1;
    }
    let elapsed = if alone { processor.elapsed() } else { started.elapsed() };
    elapsed.as_secs_f64() / f64::from(calls)
}

struct Layer {
    convolution: Convolution,
    input: Shape,
    batch: usize,
    set: InstructionSet,
}

impl Layer {
    fn report(&self, is_stem: bool) {
        let Self { convolution, input, batch, set } = self;
        let output = input.after(convolution);
        // Products with zeros of the padding count, as they do in the figures of other libraries.
        let flops = 2.0 * (output.pixels() * batch * convolution.weights()) as f64;
        let rate = |seconds: f64| format!("{:.0}", flops / seconds * 1e-9);
        let room = 64
            + (input.pixels() + 8 * input.height).max(output.pixels())
                * batch
                * input.channels.max(output.channels);
        let packed = 64 * (convolution.weights() + 4096);
        let mut memory = Buffer::zeros(2 * room + packed + (1 << 20));
        let [source, result, weights, rest] = [0, room, 2 * room, 2 * room + packed];
        memory[..2 * room].fill(0.5);
        let memory = Memory::new(&mut memory);
        let (packing, forward) = match is_stem {
            true => (
                Packing::Images,
                ProductGeometry::of_images(convolution, *input, *batch, set.panel()),
            ),
            false => (
                Packing::Forward,
                ProductGeometry::forward(convolution, *input, *batch, set.panel()),
            ),
        };
        let values = vec![0.25; convolution.weights()];
        let pack =
            seconds(|| packing.pack(convolution, &values, None, memory, weights, *set, &Rayon));
        let product = |geometry: &ProductGeometry, packing: Packing, channels, epilogue| {
            let pass = ProductPass {
                geometry,
                factors: &[Factors {
                    source,
                    depth: packing.depth(convolution),
                    weights,
                    rows: packing.rows(convolution),
                }],
                channels,
                destination: result,
                epilogue,
                sums: Some(rest),
            };
            // SAFETY: the buffers have the sizes of the convolution.
            seconds(|| unsafe { pass.run(*set, memory, &Rayon) })
        };
        let statistics = Epilogue::Statistics { shift: rest };
        let forward = product(&forward, packing, output.channels, statistics);
        let backward = (!is_stem).then(|| {
            let packing = Packing::InputGradient;
            packing.pack(convolution, &values, None, memory, weights, *set, &Rayon);
            let geometry =
                ProductGeometry::input_gradient(&[*convolution], *input, *batch, set.panel());
            let epilogue = Epilogue::Gradient { addend: None, gate: None, norms: [None; 2] };
            product(&geometry, packing, input.channels, epilogue)
        });
        let geometry = match is_stem {
            true => WeightGeometry::of_images(convolution, *input, *batch),
            false => WeightGeometry::new(convolution, *input, *batch),
        };
        let pass = WeightGradient {
            convolution,
            geometry: &geometry,
            output_gradient: result,
            input: source,
            of_images: is_stem,
        };
        let mut gradient = vec![0.0; convolution.weights()];
        let gradient = Memory::new(&mut gradient);
        // SAFETY: the buffers have the sizes of the convolution.
        let weight = seconds(|| unsafe { pass.run(*set, memory, gradient, &Rayon) });
        print!(
            "| {}x{} {}->{}, /{}, {}² px | {} | {} | {} | {:.2} |",
            convolution.kernel,
            convolution.kernel,
            convolution.channels_in,
            convolution.channels_out,
            convolution.stride,
            input.height,
            rate(forward),
            backward.map(rate).unwrap_or_default(),
            rate(weight),
            pack * 1e3,
        );
        match Tiles::new(convolution, *input, *batch) {
            Some(tiles) => {
                let [forward, weight, transform] = self.winograd(&tiles, gradient);
                println!(
                    " {} | {} | {:.2} | {} {} |",
                    rate(forward),
                    rate(weight),
                    transform * 1e3,
                    tiles.is_worthwhile(*set, false),
                    tiles.is_worthwhile(*set, true),
                );
            }
            None => println!(" | | | |"),
        }
    }

    /// Seconds of the passes with Winograd's algorithm.
    fn winograd(&self, tiles: &Tiles, gradient: Memory<'_>) -> [f64; 3] {
        let Self { input, batch, set, .. } = self;
        let panel = set.panel();
        let numbers = input.pixels() * batch * input.channels;
        let sizes = [
            numbers,
            numbers,
            tiles.weights_len(panel),
            tiles.weights_len(panel),
            tiles.input_len(),
            tiles.output_len(panel),
            tiles.task_count() * Epilogue::SUMS * input.channels,
            WinogradWeightGradient::components_len(tiles, panel),
        ];
        let place = |index: usize| (sizes[..index].iter().sum::<usize>() + 64 * index) & !15;
        let mut memory = Buffer::zeros(place(sizes.len()) + 64);
        memory[..place(4)].fill(0.5);
        let memory = Memory::new(&mut memory);
        let pass = WinogradPass {
            tiles,
            source: place(0),
            weights: place(2),
            destination: place(1),
            epilogue: Epilogue::Statistics { shift: place(3) },
            sums: Some(place(6)),
            transformed_input: place(4),
            transformed_output: place(5),
        };
        let weights =
            WeightTransform { tiles, packed: place(3), rotated: false, transformed: place(2) };
        let backward = WinogradWeightGradient {
            tiles,
            output_gradient: place(1),
            input: place(0),
            transformed_input: place(4),
            transformed_gradient: place(5),
            components: place(7),
        };
        // SAFETY: the buffers have the sizes of the convolution.
        unsafe {
            [
                seconds(|| pass.run(*set, memory, &Rayon)),
                seconds(|| backward.run(*set, memory, gradient, &Rayon)),
                seconds(|| weights.run(*set, memory, &Rayon)),
            ]
        }
    }
}

fn passes(shape: Shape, batch: usize, set: InstructionSet) {
    let numbers = shape.pixels() * shape.channels * batch;
    let at = |index: usize| index * (numbers + 64);
    let mut memory = Buffer::zeros(at(4) + (1 << 16));
    let memory = Memory::new(&mut memory);
    let norm = Norm::at(at(4), shape.channels);
    let rows = shape.pixels() * batch;
    let report = |name: &str, streams: usize, seconds: f64| {
        println!("| {name} | {:.1} |", (streams * numbers * 4) as f64 / seconds * 1e-9);
    };
    for (name, streams, shortcut) in [
        ("normalize, ReLU", 2, Shortcut::None),
        ("normalize, add, ReLU", 3, Shortcut::Identity(at(1))),
        ("normalize both, add, ReLU", 3, Shortcut::Normalized(at(1), norm)),
    ] {
        let pass = Normalize { source: at(0), norm, shortcut, destination: at(2), rows };
        // SAFETY: the buffers have the size of the activation.
        report(name, streams, seconds(|| unsafe { pass.run(set, memory, &Rayon) }));
    }
    let pass = NormInputGradient { gradient: at(1), output: at(0), norm, of_batch: true, rows };
    // SAFETY: the buffers have the size of the activation.
    report("norm's input gradient", 3, seconds(|| unsafe { pass.run(set, memory, &Rayon) }));
    let pool = MaxPool {
        source: at(0),
        shape,
        batch,
        norm: Some(norm),
        destination: at(1),
        places: Some(at(2)),
    };
    // SAFETY: the buffers have the size of the activation.
    report(
        "normalize, maximum (of the input)",
        1,
        seconds(|| unsafe { pool.run(set, memory, &Rayon) }),
    );
}
