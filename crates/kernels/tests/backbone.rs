//! Whole backbones against plain float64 loops: features, batch statistics, inference, and gradients by finite
//! differences.

mod common;

use common::{Random, error};
use tunelab_kernels::backbone::{
    Backbone, Block, EPSILON, FoldedWeights, Inference, NormStatistics, Training, Unit,
    UnitGradients, UnitParameters,
};
use tunelab_kernels::buffer::Buffer;
use tunelab_kernels::geometry::{Convolution, Shape};
use tunelab_kernels::simd::InstructionSet;
use tunelab_kernels::threads::{Rayon, Serial, Threads};

/// The parameters of a unit in float64, in the order of [`UnitParameters`].
type Parameters = [Vec<f64>; 5];

/// A network with random parameters, and a batch of images.
struct Case {
    backbone: Backbone,
    input: Shape,
    batch: usize,
    parameters: Vec<Parameters>,
    images: Vec<f64>,
    /// The gradient of the features.
    cotangent: Vec<f64>,
}

/// Activations `[N, C, H, W]`.
#[derive(Clone)]
struct Maps {
    shape: Shape,
    values: Vec<f64>,
}

fn unit(channels: [usize; 2], kernel: usize, stride: usize, statistics: NormStatistics) -> Unit {
    let [channels_in, channels_out] = channels;
    let padding = kernel / 2;
    let convolution = Convolution { channels_in, channels_out, kernel, stride, padding };
    Unit { convolution, statistics, trains_weights: true, trains_norm: true }
}

/// A stem, a basic block without and one with a projection, and a bottleneck.
fn network(statistics: NormStatistics) -> Backbone {
    let unit = |channels, kernel, stride| unit(channels, kernel, stride, statistics);
    Backbone {
        stem: Some(unit([3, 8], 7, 2)),
        blocks: vec![
            Block { units: vec![unit([8, 8], 3, 1), unit([8, 8], 3, 1)], downsample: None },
            Block {
                units: vec![unit([8, 20], 3, 2), unit([20, 20], 3, 1)],
                downsample: Some(unit([8, 20], 1, 2)),
            },
            Block {
                units: vec![unit([20, 6], 1, 1), unit([6, 6], 3, 2), unit([6, 24], 1, 1)],
                downsample: Some(unit([20, 24], 1, 2)),
            },
        ],
    }
}

impl Case {
    fn new(backbone: Backbone, input: Shape, batch: usize, seed: u64) -> Self {
        let mut random = Random::new(seed);
        let mut numbers = |count: usize, scale: f64, shift: f64| -> Vec<f64> {
            random.numbers(count).iter().map(|value| f64::from(*value) * scale + shift).collect()
        };
        let images = numbers(batch * input.channels * input.pixels(), 1.0, 0.2);
        let features = backbone.output(input).channels * batch;
        let cotangent = numbers(features, 1.0, 0.0);
        let parameters = backbone
            .units()
            .map(|unit| {
                let Convolution { channels_in, channels_out, kernel, .. } = unit.convolution;
                let fan_in = (channels_in * kernel * kernel) as f64;
                [
                    numbers(channels_out * fan_in as usize, (3.0 / fan_in).sqrt(), 0.0),
                    numbers(channels_out, 0.5, 1.0),
                    numbers(channels_out, 0.3, 0.1),
                    numbers(channels_out, 0.2, 0.1),
                    numbers(channels_out, 0.3, 0.8),
                ]
            })
            .collect();
        let mut case = Self { backbone, input, batch, parameters, images, cotangent };
        // The kernels get float32: both compute with the same numbers.
        let lists = case.parameters.iter_mut().flatten();
        for list in lists.chain([&mut case.images, &mut case.cotangent]) {
            list.iter_mut().for_each(|value| *value = f64::from(*value as f32));
        }
        case
    }

    fn features(&self) -> Vec<f64> {
        let mut parameters = self.parameters.iter();
        let mut maps = Maps { shape: self.input, values: self.images.clone() };
        if let Some(stem) = &self.backbone.stem {
            let next = parameters.next().expect("it has a stem");
            maps = relu(self.normalized(stem, next, &maps));
            maps = self.max_pool(&maps);
        }
        for block in &self.backbone.blocks {
            let mut inner = maps.clone();
            for (index, unit) in block.units.iter().enumerate() {
                inner = self.normalized(unit, parameters.next().expect("it has this unit"), &inner);
                if index + 1 < block.units.len() {
                    inner = relu(inner);
                }
            }
            if let Some(projection) = &block.downsample {
                let next = parameters.next().expect("it has a projection");
                maps = self.normalized(projection, next, &maps);
            }
            for (value, shortcut) in inner.values.iter_mut().zip(&maps.values) {
                *value += shortcut;
            }
            maps = relu(inner);
        }
        let pixels = maps.shape.pixels();
        maps.values.chunks(pixels).map(|plane| plane.iter().sum::<f64>() / pixels as f64).collect()
    }

    fn loss(&self) -> f64 {
        self.features().iter().zip(&self.cotangent).map(|(a, b)| a * b).sum()
    }

    /// A convolution and its norm.
    fn normalized(&self, unit: &Unit, parameters: &Parameters, input: &Maps) -> Maps {
        let [weights, scale, shift, mean, variance] = parameters;
        let mut maps = self.convolution(&unit.convolution, weights, input);
        let (channels, pixels) = (maps.shape.channels, maps.shape.pixels());
        for channel in 0..channels {
            let planes: Vec<usize> =
                (0..self.batch).map(|image| (image * channels + channel) * pixels).collect();
            let all = planes.iter().flat_map(|&plane| &maps.values[plane..][..pixels]);
            let count = (planes.len() * pixels) as f64;
            let (mean, variance) = match unit.statistics {
                NormStatistics::Running => (mean[channel], variance[channel]),
                NormStatistics::Batch => {
                    let mean = all.clone().sum::<f64>() / count;
                    let squares = all.map(|value| (value - mean).powi(2));
                    (mean, squares.sum::<f64>() / count)
                }
            };
            let factor = scale[channel] / (variance + EPSILON).sqrt();
            for plane in planes {
                for value in &mut maps.values[plane..][..pixels] {
                    *value = (*value - mean) * factor + shift[channel];
                }
            }
        }
        maps
    }

    fn convolution(&self, convolution: &Convolution, weights: &[f64], input: &Maps) -> Maps {
        let Convolution { channels_in, channels_out, kernel, stride, padding } = *convolution;
        let shape = input.shape.after(convolution);
        let mut values = Vec::new();
        let Shape { height, width, .. } = input.shape;
        for image in 0..self.batch {
            for channel_out in 0..channels_out {
                for (y, x) in pixels(shape) {
                    let mut sum = 0.0;
                    for channel_in in 0..channels_in {
                        for (row, column) in grid(kernel) {
                            let source_y = (y * stride + row).wrapping_sub(padding);
                            let source_x = (x * stride + column).wrapping_sub(padding);
                            if source_y < height && source_x < width {
                                let plane = image * channels_in + channel_in;
                                let weight = ((channel_out * channels_in + channel_in) * kernel
                                    + row)
                                    * kernel
                                    + column;
                                sum += weights[weight]
                                    * input.values[(plane * height + source_y) * width + source_x];
                            }
                        }
                    }
                    values.push(sum);
                }
            }
        }
        Maps { shape, values }
    }

    /// The largest of 3 × 3 with a stride of 2 and a padding of 1.
    fn max_pool(&self, input: &Maps) -> Maps {
        let Shape { height, width, channels } = input.shape;
        let shape = Shape { height: height.div_ceil(2), width: width.div_ceil(2), channels };
        let mut values = Vec::new();
        for plane in 0..self.batch * channels {
            for (y, x) in pixels(shape) {
                let sources = grid(3).filter_map(|(row, column)| {
                    let (y, x) = ((2 * y + row).wrapping_sub(1), (2 * x + column).wrapping_sub(1));
                    let inside = y < height && x < width;
                    inside.then(|| input.values[(plane * height + y) * width + x])
                });
                values.push(sources.fold(f64::NEG_INFINITY, f64::max));
            }
        }
        Maps { shape, values }
    }
}

fn relu(mut maps: Maps) -> Maps {
    maps.values.iter_mut().for_each(|value| *value = value.max(0.0));
    maps
}

fn grid(side: usize) -> impl Iterator<Item = (usize, usize)> {
    (0..side).flat_map(move |row| (0..side).map(move |column| (row, column)))
}

fn pixels(shape: Shape) -> impl Iterator<Item = (usize, usize)> {
    (0..shape.height).flat_map(move |y| (0..shape.width).map(move |x| (y, x)))
}

/// What the kernels compute of a case.
struct Found {
    features: Vec<f32>,
    /// Of weights, the norm's weight and its bias, per unit.
    gradients: Vec<[Vec<f32>; 3]>,
}

fn singles(values: &[f64]) -> Vec<f32> {
    values.iter().map(|value| *value as f32).collect()
}

impl Case {
    fn float32(&self) -> Vec<[Vec<f32>; 5]> {
        self.parameters.iter().map(|lists| lists.each_ref().map(|list| singles(list))).collect()
    }

    fn step(&self, instructions: InstructionSet, threads: &dyn Threads) -> Found {
        let values = self.float32();
        let views: Vec<_> = values.iter().map(view).collect();
        let plan = Training::new(&self.backbone, self.input, self.batch, instructions)
            .expect("small enough");
        let mut memory = Buffer::zeros(plan.memory_len());
        memory.fill(f32::NAN);
        let mut features = vec![0.0; plan.features_len()];
        plan.forward(&mut memory, &views, &singles(&self.images), &mut features, threads);
        let gradients =
            plan.backward(&mut memory, &views, &singles(&self.cotangent), threads).into_iter();
        let gradients = gradients.map(|found| {
            let UnitGradients { weights, norm_weight, norm_bias } = found.expect("all are trained");
            [weights.expect("all are trained"), norm_weight, norm_bias]
        });
        Found { features, gradients: gradients.collect() }
    }

    fn inference(&self, instructions: InstructionSet, threads: &dyn Threads) -> Vec<f32> {
        let values = self.float32();
        let views: Vec<_> = values.iter().map(view).collect();
        let weights = FoldedWeights::new(&self.backbone, instructions);
        let plan = Inference::new(&self.backbone, &weights, self.input, self.batch);
        let mut memory = Buffer::zeros(plan.memory_len());
        memory.fill(f32::NAN);
        weights.pack(&mut memory, &views, threads);
        let mut features = vec![0.0; self.cotangent.len()];
        plan.features(&mut memory, &singles(&self.images), &mut features, threads);
        features
    }
}

fn view(lists: &[Vec<f32>; 5]) -> UnitParameters<'_> {
    let [weights, norm_weight, norm_bias, running_mean, running_variance] = lists;
    UnitParameters { weights, norm_weight, norm_bias, running_mean, running_variance }
}

/// Images of different sizes, whose stages have odd and even numbers of pixels, and batches that fill a tile or not.
const INPUTS: [(usize, usize, usize); 4] = [(32, 32, 5), (33, 40, 3), (21, 23, 2), (64, 48, 9)];

fn cases(statistics: NormStatistics) -> impl Iterator<Item = Case> {
    INPUTS.into_iter().enumerate().map(move |(seed, (height, width, batch))| {
        let input = Shape { height, width, channels: 3 };
        Case::new(network(statistics), input, batch, seed as u64)
    })
}

#[test]
fn features_equal_plain_loops() {
    for statistics in [NormStatistics::Batch, NormStatistics::Running] {
        for case in cases(statistics) {
            let expected = case.features();
            for instructions in InstructionSet::available() {
                let features = case.step(instructions, &Rayon).features;
                let error = error(&features, &expected);
                assert!(error < 1e-5, "{statistics:?}, {}: {error:e}", instructions.name());
                if statistics == NormStatistics::Running {
                    let features = case.inference(instructions, &Rayon);
                    let error = common::error(&features, &expected);
                    assert!(error < 1e-5, "inference, {}: {error:e}", instructions.name());
                }
            }
        }
    }
}

/// The parameters whose gradients are checked: some of each list, and the gradients' place.
const CHECKED: usize = 6;

#[test]
fn gradients_equal_finite_differences() {
    const STEP: f64 = 1e-6;
    for statistics in [NormStatistics::Batch, NormStatistics::Running] {
        for mut case in cases(statistics).take(3) {
            let sets: Vec<_> = InstructionSet::available().collect();
            let found: Vec<_> = sets.iter().map(|set| case.step(*set, &Rayon)).collect();
            for unit in 0..case.parameters.len() {
                for list in 0..3 {
                    let len = case.parameters[unit][list].len();
                    let scale = found[0].gradients[unit][list]
                        .iter()
                        .fold(0.0_f64, |most, value| most.max(f64::from(value.abs())));
                    for index in (0..len).step_by((len / CHECKED).max(1)) {
                        let value = case.parameters[unit][list][index];
                        let mut loss = |change: f64| {
                            case.parameters[unit][list][index] = value + change;
                            case.loss()
                        };
                        let expected = (loss(STEP) - loss(-STEP)) / (2.0 * STEP);
                        loss(0.0);
                        for (set, found) in sets.iter().zip(&found) {
                            let gradient = f64::from(found.gradients[unit][list][index]);
                            assert!(
                                (gradient - expected).abs() < 2e-4 * scale.max(1e-3),
                                "{statistics:?}, {}, unit {unit}, list {list}, {index}: {gradient} of {expected}",
                                set.name(),
                            );
                        }
                    }
                }
            }
        }
    }
}

#[test]
fn threads_change_no_bit() {
    for case in cases(NormStatistics::Batch) {
        for instructions in InstructionSet::available() {
            let (one, many) = (case.step(instructions, &Serial), case.step(instructions, &Rayon));
            assert!(one.features == many.features && one.gradients == many.gradients);
        }
    }
}

/// An image with a number that is not finite has no finite features, and the other images have their own.
#[test]
fn numbers_that_are_not_finite_stay_in_their_image() {
    for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        for mut case in cases(NormStatistics::Running) {
            let image = case.images.len() / case.batch;
            let expected = case.features();
            // In the middle, where every pixel of the last stage sees it.
            case.images[image + image / 2] = bad;
            for instructions in InstructionSet::available() {
                let step = case.step(instructions, &Rayon);
                let channels = expected.len() / case.batch;
                for features in [step.features, case.inference(instructions, &Rayon)] {
                    let own = channels..2 * channels;
                    let name = instructions.name();
                    assert!(features[own.clone()].iter().all(|x| !x.is_finite()), "{bad} {name}");
                    for (index, feature) in features.iter().enumerate() {
                        let difference = (f64::from(*feature) - expected[index]).abs();
                        assert!(own.contains(&index) || difference < 1e-4, "{bad} {name}");
                    }
                }
                // It reaches every weight's gradient.
                let last = step.gradients.last().expect("it has units");
                assert!(last[0].iter().all(|gradient| !gradient.is_finite()), "{bad}");
            }
        }
    }
}
