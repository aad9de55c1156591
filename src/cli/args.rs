//! The command line: what can be asked for, and what the words mean.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Fine-tune a pretrained ResNet on your own images. Nothing leaves this machine.
#[derive(Debug, Parser)]
#[command(name = "tunelab", version, max_term_width = 100)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Retrain a pretrained network on labelled images; without options, the bundled network on the
    /// built-in sample images
    Train(Box<TrainArgs>),
    /// Measure a trained network on labelled images
    Evaluate(EvaluateArgs),
    /// Classify images with a trained network
    Predict(PredictArgs),
    /// Tell what a file of weights holds
    Info(InfoArgs),
}

/// Where to compute.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum DeviceArg {
    /// The processor
    #[default]
    Cpu,
    /// The GPU, by Vulkan, Metal or DirectX 12
    Wgpu,
}

#[derive(Debug, Args)]
pub struct OutputArgs {
    /// Print one JSON object a line on standard output, for machines
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum StrategyArg {
    /// Only a new head, on features computed once: fast, little to tune
    Probe,
    /// The head and the last K of the four stages of residual blocks
    LastK,
    /// The whole network: slow, most accurate
    Full,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum OptimizerArg {
    /// Gradient descent with Nesterov momentum
    Sgd,
    Adam,
    /// Adam with decoupled weight decay
    Adamw,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ScheduleArg {
    Constant,
    /// Divided by 10 after each third of the run
    Step,
    /// Multiplied by 0.9 an epoch
    Exponential,
    Cosine,
    OneCycle,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum AugmentArg {
    None,
    /// Flips and small shifts
    Light,
    /// Random crops, flips, colours and erased patches
    Strong,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum FitArg {
    /// Keep the middle of the picture
    #[default]
    Crop,
    /// Squeeze the whole picture into the square
    Squash,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum HeadInitArg {
    /// Small normal weights, zero bias
    Normal,
    /// PyTorch's default for a linear layer
    Kaiming,
}

#[derive(Debug, Args)]
pub struct TrainArgs {
    /// Pretrained weights: a .safetensors or .pth file, or the name of a known source, which is
    /// downloaded once: torchvision-resnet18, -resnet34, -resnet50, timm-resnet18-a1,
    /// microsoft-resnet-18 [default: the bundled ResNet18]
    #[arg(long, value_name = "FILE")]
    pub model: Option<String>,
    /// Images to learn from: a folder with one folder a class, CIFAR-10 as a .bin file, a folder or
    /// the official archive, or `sample`
    #[arg(long, value_name = "PATH", default_value = "sample")]
    pub data: String,
    /// Images to validate on [default: those that come with the data, or a fifth of them]
    #[arg(long, value_name = "PATH")]
    pub val: Option<String>,
    /// How much of the network to retrain
    #[arg(long, value_enum, default_value = "full")]
    pub strategy: StrategyArg,
    /// Stages to retrain with `--strategy last-k`, 1 to 4
    #[arg(long, value_name = "K", default_value_t = 1)]
    pub k: u8,
    /// Side of the square the network sees, 32 to 224 pixels
    #[arg(long, default_value_t = 64)]
    pub size: u32,
    /// How a picture that is no square becomes one
    #[arg(long, value_enum, default_value = "crop")]
    pub fit: FitArg,
    /// Passes over the images [default: right for the strategy]
    #[arg(long)]
    pub epochs: Option<u32>,
    /// Images an optimizer step [default: right for the data]
    #[arg(long)]
    pub batch_size: Option<usize>,
    /// Makes a run repeatable: the same seed gives the same run, to the bit on the CPU
    #[arg(long, default_value_t = 0)]
    pub seed: u64,
    /// Where to compute
    #[arg(long, value_enum, default_value = "cpu")]
    pub device: DeviceArg,
    /// Folder for the run's results [default: the next free runs/N]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Go on with the unfinished run in --out; its other options are remembered
    #[arg(long, requires = "out")]
    pub resume: bool,
    /// Seconds between two checkpoints of the run
    #[arg(long, value_name = "SECONDS", default_value_t = 30.0)]
    pub checkpoint_every: f64,
    #[command(flatten)]
    pub recipe: RecipeArgs,
    #[command(flatten)]
    pub output: OutputArgs,
}

/// Choices that the strategy's defaults make otherwise.
#[derive(Debug, Args)]
#[command(next_help_heading = "Recipe (each has a default that suits the strategy)")]
pub struct RecipeArgs {
    #[arg(long, value_enum)]
    pub optimizer: Option<OptimizerArg>,
    /// The highest learning rate of the run
    #[arg(long, allow_negative_numbers = true)]
    pub learning_rate: Option<f64>,
    /// Momentum of --optimizer sgd
    #[arg(long, allow_negative_numbers = true)]
    pub momentum: Option<f64>,
    #[arg(long, allow_negative_numbers = true)]
    pub weight_decay: Option<f64>,
    /// Let biases and batch norm's scale and shift decay too
    #[arg(long)]
    pub decay_bias_and_norm: bool,
    #[arg(long, value_enum)]
    pub schedule: Option<ScheduleArg>,
    /// Epochs in which the learning rate rises to its peak
    #[arg(long, allow_negative_numbers = true)]
    pub warmup_epochs: Option<f64>,
    /// Share of the target spread over all classes, 0 to 1
    #[arg(long, allow_negative_numbers = true)]
    pub label_smoothing: Option<f64>,
    /// Weigh classes inversely to how many images they have
    #[arg(long)]
    pub balance_classes: bool,
    /// Shorten gradients to at most this global norm
    #[arg(long, value_name = "NORM", allow_negative_numbers = true)]
    pub clip_norm: Option<f64>,
    /// Pieces each batch is computed in, to save memory
    #[arg(long, value_name = "PIECES")]
    pub accumulate: Option<usize>,
    /// Keep batch norm's statistics as they are
    #[arg(long)]
    pub freeze_norm: bool,
    #[arg(long, value_enum)]
    pub augment: Option<AugmentArg>,
    #[arg(long, value_enum)]
    pub head_init: Option<HeadInitArg>,
}

#[derive(Debug, Args)]
pub struct EvaluateArgs {
    /// A trained network
    #[arg(long, value_name = "FILE")]
    pub model: PathBuf,
    /// Labelled images, as for training; where they have a validation part, that part
    #[arg(long, value_name = "PATH")]
    pub data: String,
    /// Side of the square the network sees [default: as it was trained]
    #[arg(long)]
    pub size: Option<u32>,
    #[arg(long, value_enum, default_value = "cpu")]
    pub device: DeviceArg,
    #[command(flatten)]
    pub output: OutputArgs,
}

#[derive(Debug, Args)]
pub struct PredictArgs {
    /// A trained network
    #[arg(long, value_name = "FILE")]
    pub model: PathBuf,
    /// Pictures to classify
    #[arg(required = true, value_name = "IMAGE")]
    pub images: Vec<PathBuf>,
    /// Classes to show for each picture, most likely first
    #[arg(long, default_value_t = 3)]
    pub top: usize,
    /// Side of the square the network sees [default: as it was trained]
    #[arg(long)]
    pub size: Option<u32>,
    #[arg(long, value_enum, default_value = "cpu")]
    pub device: DeviceArg,
    #[command(flatten)]
    pub output: OutputArgs,
}

#[derive(Debug, Args)]
pub struct InfoArgs {
    /// A .safetensors or .pth file
    pub file: PathBuf,
    #[command(flatten)]
    pub output: OutputArgs,
}
