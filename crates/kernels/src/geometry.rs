//! Which pixels and taps a convolution multiplies. A tap that falls on the padding is left out.

use alloc::vec::Vec;
use core::ops::Range;

use crate::gemm::{Pair, Tap};

/// Rows that one task computes, if there are enough. The number of tasks does not depend on the number of threads, so
/// neither do the sums over the rows of each.
const ROWS_PER_CHUNK: usize = 448;
/// The fewest chunks that a product of some size is divided into.
const CHUNKS: usize = 16;
/// Samples that a weight gradient sums up before the next tap, so that they stay in the cache.
const SAMPLES_PER_CHUNK: usize = 1024;
/// From this number on, the images of a pixel make a tile by themselves.
const MANY_IMAGES: usize = 8;

/// A convolution without bias.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Convolution {
    pub channels_in: usize,
    pub channels_out: usize,
    /// Height and width of the kernel.
    pub kernel: usize,
    pub stride: usize,
    /// Zeros on each side of the input.
    pub padding: usize,
}

impl Convolution {
    /// Height or width of the output for that of the input.
    pub fn output(&self, input: usize) -> usize {
        (input + 2 * self.padding - self.kernel) / self.stride + 1
    }

    /// Numbers of the kernel.
    pub fn weights(&self) -> usize {
        self.channels_out * self.channels_in * self.kernel * self.kernel
    }

    /// The input coordinates of output coordinate `output`, with their kernel indices.
    fn sources(&self, output: usize, input_len: usize) -> impl Iterator<Item = (usize, usize)> {
        let Self { kernel, stride, padding, .. } = *self;
        (0..kernel).filter_map(move |index| {
            let source = (output * stride + index).checked_sub(padding)?;
            (source < input_len).then_some((index, source))
        })
    }

    /// The output coordinates that input coordinate `input` contributes to, with their kernel indices.
    fn destinations(
        &self,
        input: usize,
        output_len: usize,
    ) -> impl Iterator<Item = (usize, usize)> {
        let Self { kernel, stride, padding, .. } = *self;
        (0..kernel).filter_map(move |index| {
            let scaled = (input + padding).checked_sub(index)?;
            let output = scaled / stride;
            (scaled % stride == 0 && output < output_len).then_some((index, output))
        })
    }
}

/// Height, width and channels of an activation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shape {
    pub height: usize,
    pub width: usize,
    pub channels: usize,
}

impl Shape {
    /// The shape after a convolution.
    pub fn after(self, convolution: &Convolution) -> Self {
        Self {
            height: convolution.output(self.height),
            width: convolution.output(self.width),
            channels: convolution.channels_out,
        }
    }

    /// Pixels per image.
    pub fn pixels(self) -> usize {
        self.height * self.width
    }
}

/// Consecutive rows of a product with the same taps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// Where the first row is stored.
    pub destination: usize,
    /// Range of [`ProductGeometry::taps`].
    pub taps: Range<usize>,
    pub rows: usize,
}

/// The rows and taps of a product over all pixels.
#[derive(Debug, Clone)]
pub struct ProductGeometry {
    pub taps: Vec<Tap>,
    pub runs: Vec<Run>,
    /// Ranges of [`ProductGeometry::runs`], a task each.
    pub chunks: Vec<Range<usize>>,
    /// Numbers from one row of the result to the next.
    pub destination_stride: usize,
    /// For each operand, numbers from one row of its source to the next.
    pub source_strides: Vec<usize>,
}

/// What the rows of a tile are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Rows {
    /// Images and pixels along x, one after another.
    Merged,
    /// The images of a pixel.
    Images,
    /// The pixels along x of an image.
    Columns,
}

impl Rows {
    /// For steps between neighboring rows of pixels, of the destination and the sources.
    fn of(batch: usize, mut steps: impl Iterator<Item = usize>) -> Self {
        if batch == 1 || steps.all(|step| step == 1) {
            Self::Merged
        } else if batch >= MANY_IMAGES {
            Self::Images
        } else {
            Self::Columns
        }
    }

    /// Numbers from one row to the next.
    fn stride(self, batch: usize, channels: usize, step: usize) -> usize {
        match self {
            Self::Merged if batch == 1 => step * channels,
            Self::Merged | Self::Images => channels,
            Self::Columns => batch * channels * step,
        }
    }
}

/// An operand of a product, before its rows are laid out.
struct Source {
    convolution: Convolution,
    shape: Shape,
    /// Pixels of the source per step of the destination.
    step: usize,
}

impl ProductGeometry {
    /// The output of `convolution` for images of `input`'s shape.
    pub fn forward(convolution: &Convolution, input: Shape, batch: usize, panel: usize) -> Self {
        let output = input.after(convolution);
        let sources =
            [Source { convolution: *convolution, shape: input, step: convolution.stride }];
        let along = |convolution: &Convolution, output: usize, length: usize| {
            convolution.sources(output, length).collect()
        };
        Self::build(output, &sources, batch, panel, 1, along)
    }

    /// The gradient of the input of all `convolutions`, which have the same input of shape `input`.
    pub fn input_gradient(
        convolutions: &[Convolution],
        input: Shape,
        batch: usize,
        panel: usize,
    ) -> Self {
        // Strides are 1 and 2, so the largest is a multiple of all.
        let step = convolutions.iter().map(|convolution| convolution.stride).max().unwrap_or(1);
        let source = |convolution: &Convolution| Source {
            convolution: *convolution,
            shape: input.after(convolution),
            step: step / convolution.stride,
        };
        let sources: Vec<Source> = convolutions.iter().map(source).collect();
        let along = |convolution: &Convolution, input: usize, length: usize| {
            convolution.destinations(input, length).collect()
        };
        Self::build(input, &sources, batch, panel, step, along)
    }

    /// The output of the first convolution of a network, whose input is [`crate::layout::Images`]. A tap is a row of the
    /// kernel.
    pub fn of_images(convolution: &Convolution, input: Shape, batch: usize, panel: usize) -> Self {
        let output = input.after(convolution);
        let layout = crate::layout::Images::new(convolution, input, batch);
        let depth = convolution.kernel * input.channels;
        let (mut taps, mut runs) = (Vec::new(), Vec::new());
        for y in 0..output.height {
            for image in 0..batch {
                let first = taps.len();
                taps.extend(convolution.sources(y, input.height).map(|(index, source)| Tap {
                    source: layout.row(image, source) as u32,
                    weights: (index * depth * panel) as u32,
                    operand: 0,
                }));
                runs.push(Run {
                    destination: (y * output.width * batch + image) * output.channels,
                    taps: first..taps.len(),
                    rows: output.width,
                });
            }
        }
        Self {
            taps,
            chunks: chunks(&runs),
            runs,
            destination_stride: batch * output.channels,
            source_strides: alloc::vec![convolution.stride * input.channels],
        }
    }

    fn build(
        destination: Shape,
        sources: &[Source],
        batch: usize,
        panel: usize,
        step: usize,
        along: impl Fn(&Convolution, usize, usize) -> Vec<(usize, usize)>,
    ) -> Self {
        let source_steps = || sources.iter().map(|source| source.step);
        let rows = Rows::of(batch, source_steps().chain([step]));
        let lists =
            |coordinate: usize, length: &dyn Fn(&Shape) -> usize| -> Vec<Vec<(usize, usize)>> {
                let list =
                    |source: &Source| along(&source.convolution, coordinate, length(&source.shape));
                sources.iter().map(list).collect()
            };
        let columns: Vec<_> =
            (0..destination.width).map(|x| lists(x, &|shape: &Shape| shape.width)).collect();
        let groups = groups(&columns, step, &source_steps().collect::<Vec<_>>());
        let (mut taps, mut runs) = (Vec::new(), Vec::new());
        for y in 0..destination.height {
            let vertical = lists(y, &|shape: &Shape| shape.height);
            for group in &groups {
                let pixels = group.len;
                // Which pixels, images and rows each run has.
                let parts: Vec<(usize, usize, usize)> = match rows {
                    Rows::Merged => alloc::vec![(0, 0, pixels * batch)],
                    Rows::Images => (0..pixels).map(|pixel| (pixel, 0, batch)).collect(),
                    Rows::Columns => (0..batch).map(|image| (0, image, pixels)).collect(),
                };
                for (pixel, image, count) in parts {
                    let first = taps.len();
                    let x = group.first + pixel * step;
                    for (operand, source) in sources.iter().enumerate() {
                        let Source { convolution, shape, .. } = source;
                        let depth = shape.channels;
                        for &(row, source_y) in &vertical[operand] {
                            for &(column, source_x) in &columns[x][operand] {
                                let pixel = source_y * shape.width + source_x;
                                let index = row * convolution.kernel + column;
                                taps.push(Tap {
                                    source: ((pixel * batch + image) * depth) as u32,
                                    weights: (index * depth * panel) as u32,
                                    operand: operand as u32,
                                });
                            }
                        }
                    }
                    let pixel = y * destination.width + x;
                    runs.push(Run {
                        destination: (pixel * batch + image) * destination.channels,
                        taps: first..taps.len(),
                        rows: count,
                    });
                }
            }
        }
        let stride = |source: &Source| rows.stride(batch, source.shape.channels, source.step);
        Self {
            taps,
            chunks: chunks(&runs),
            runs,
            destination_stride: rows.stride(batch, destination.channels, step),
            source_strides: sources.iter().map(stride).collect(),
        }
    }
}

/// Pixels of a row, `step` apart, whose taps differ only by a shift.
struct Group {
    first: usize,
    len: usize,
}

/// Divides the pixels of a row into groups. `columns` has, for each pixel and operand, kernel indices and source pixels.
fn groups(columns: &[Vec<Vec<(usize, usize)>>], step: usize, source_steps: &[usize]) -> Vec<Group> {
    let follows = |previous: &[Vec<(usize, usize)>], next: &[Vec<(usize, usize)>]| {
        previous.iter().zip(next).zip(source_steps).all(|((previous, next), source_step)| {
            let shifted = previous.iter().map(|(index, source)| (*index, source + source_step));
            shifted.eq(next.iter().copied())
        })
    };
    let mut groups: Vec<Group> = Vec::new();
    for residue in 0..step.min(columns.len()) {
        let mut open: Option<Group> = None;
        for x in (residue..columns.len()).step_by(step) {
            match &mut open {
                Some(group) if follows(&columns[x - step], &columns[x]) => group.len += 1,
                _ => groups.extend(open.replace(Group { first: x, len: 1 })),
            }
        }
        groups.extend(open);
    }
    groups
}

/// Divides runs into chunks of about as many rows.
fn chunks(runs: &[Run]) -> Vec<Range<usize>> {
    let total: usize = runs.iter().map(|run| run.rows).sum();
    let target = ROWS_PER_CHUNK.min(total.div_ceil(CHUNKS)).max(1);
    let (mut chunks, mut first, mut rows) = (Vec::new(), 0, 0);
    for (index, run) in runs.iter().enumerate() {
        rows += run.rows;
        if rows >= target {
            chunks.push(first..index + 1);
            (first, rows) = (index + 1, 0);
        }
    }
    if first < runs.len() {
        chunks.push(first..runs.len());
    }
    chunks
}

/// The samples of a weight gradient.
#[derive(Debug, Clone)]
pub struct WeightGeometry {
    pub pairs: Vec<Pair>,
    /// For each chunk of pixels and each tap, a range of [`WeightGeometry::pairs`].
    pub chunks: Vec<Vec<Range<usize>>>,
    /// Numbers from one sample of the output gradient to the next.
    pub left_stride: usize,
    /// Numbers from one sample of the input to the next.
    pub right_stride: usize,
    /// Taps of the kernel.
    pub taps: usize,
    /// Numbers per tap of the input.
    pub depth: usize,
}

impl WeightGeometry {
    /// For images of `input`'s shape.
    pub fn new(convolution: &Convolution, input: Shape, batch: usize) -> Self {
        let output = input.after(convolution);
        let Convolution { kernel, stride, .. } = *convolution;
        let rows = Rows::of(batch, [stride].into_iter());
        let mut geometry = Self {
            pairs: Vec::new(),
            chunks: Vec::new(),
            left_stride: rows.stride(batch, output.channels, 1),
            right_stride: rows.stride(batch, input.channels, stride),
            taps: kernel * kernel,
            depth: input.channels,
        };
        for lines in lines(output, batch) {
            let mut ranges = Vec::new();
            for tap in 0..geometry.taps {
                let (row, column) = (tap / kernel, tap % kernel);
                let first = geometry.pairs.len();
                for y in lines.clone() {
                    let source_y = convolution.sources(y, input.height).find(|tap| tap.0 == row);
                    let Some((_, source_y)) = source_y else { continue };
                    let column_source = |x: usize| {
                        let mut sources = convolution.sources(x, input.width);
                        sources.find(|tap| tap.0 == column).map(|tap| tap.1)
                    };
                    let valid = |x: &usize| column_source(*x).is_some();
                    let Some(x) = (0..output.width).find(valid) else { continue };
                    let pixels = (x..output.width).take_while(valid).count();
                    let parts: Vec<(usize, usize, usize)> = match rows {
                        Rows::Merged => alloc::vec![(0, 0, pixels * batch)],
                        Rows::Images => (0..pixels).map(|pixel| (pixel, 0, batch)).collect(),
                        Rows::Columns => (0..batch).map(|image| (0, image, pixels)).collect(),
                    };
                    for (pixel, image, samples) in parts {
                        let x = x + pixel;
                        let source = source_y * input.width + column_source(x).unwrap_or(0);
                        geometry.pairs.push(Pair {
                            left: (((y * output.width + x) * batch + image) * output.channels)
                                as u32,
                            right: ((source * batch + image) * input.channels) as u32,
                            samples: samples as u32,
                        });
                    }
                }
                ranges.push(first..geometry.pairs.len());
            }
            geometry.chunks.push(ranges);
        }
        geometry
    }

    /// For the first convolution of a network, whose input is [`crate::layout::Images`]. A tap is a row of the kernel.
    pub fn of_images(convolution: &Convolution, input: Shape, batch: usize) -> Self {
        let output = input.after(convolution);
        let layout = crate::layout::Images::new(convolution, input, batch);
        // Samples are the images of a pixel, or if there are few, the pixels along x.
        let by_image = batch < MANY_IMAGES;
        let (left_stride, right_stride) = match by_image {
            true => (batch * output.channels, convolution.stride * input.channels),
            false => (output.channels, layout.row(1, 0)),
        };
        let mut geometry = Self {
            pairs: Vec::new(),
            chunks: Vec::new(),
            left_stride,
            right_stride,
            taps: convolution.kernel,
            depth: convolution.kernel * input.channels,
        };
        for lines in lines(output, batch) {
            let mut ranges = Vec::new();
            for tap in 0..geometry.taps {
                let first = geometry.pairs.len();
                for y in lines.clone() {
                    let source_y =
                        convolution.sources(y, input.height).find(|found| found.0 == tap);
                    let Some((_, source_y)) = source_y else { continue };
                    let pair = |x: usize, image: usize, samples: usize| Pair {
                        left: (((y * output.width + x) * batch + image) * output.channels) as u32,
                        right: (layout.row(image, source_y)
                            + x * convolution.stride * input.channels)
                            as u32,
                        samples: samples as u32,
                    };
                    match by_image {
                        true => {
                            geometry
                                .pairs
                                .extend((0..batch).map(|image| pair(0, image, output.width)));
                        }
                        false => {
                            geometry.pairs.extend((0..output.width).map(|x| pair(x, 0, batch)))
                        }
                    }
                }
                ranges.push(first..geometry.pairs.len());
            }
            geometry.chunks.push(ranges);
        }
        geometry
    }
}

/// Divides the lines of an activation so that each part has about [`SAMPLES_PER_CHUNK`] samples.
fn lines(output: Shape, batch: usize) -> impl Iterator<Item = Range<usize>> {
    let per_chunk = (SAMPLES_PER_CHUNK / (output.width * batch)).max(1);
    (0..output.height)
        .step_by(per_chunk)
        .map(move |first| first..(first + per_chunk).min(output.height))
}
