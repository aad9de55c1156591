//! The command line: what can be asked for, and what the words mean.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use super::options::{DistillationArgs, OptionArgs};

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
    /// Find a good learning rate in one short try
    FindRate(Box<FindRateArgs>),
    /// Search for the best way to train: strategy, learning rate, weight decay, augmentation
    Search(Box<SearchArgs>),
    /// Let a trained network teach a small one
    Distill(Box<DistillArgs>),
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

/// Which labels of CIFAR-100 are learned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum Cifar100LabelsArg {
    /// The 100 classes
    #[default]
    Fine,
    /// The 20 superclasses
    Coarse,
    /// Both, as two tasks
    Both,
}

/// What is learned from, and what learns.
#[derive(Debug, Clone, Args)]
pub struct SourceArgs {
    /// Pretrained weights: a .safetensors or .pth file, or the name of a known source, which is
    /// downloaded once: torchvision-resnet18, -resnet34, -resnet50, timm-resnet18-a1,
    /// microsoft-resnet-18 [default: the bundled ResNet18]
    #[arg(long, value_name = "FILE")]
    pub model: Option<String>,
    /// Images to learn from: a folder with one folder a class, a .csv or .tsv file with the files' names
    /// and a column for each thing to learn (call it `stars:class` or `stars:number` to say what its
    /// whole numbers are), CIFAR-10 or CIFAR-100 as a .bin file, a folder or the official archive, or
    /// `sample`
    #[arg(long, value_name = "PATH", default_value = "sample")]
    pub data: String,
    /// Images to validate on [default: those that come with the data, or a fifth of them]
    #[arg(long, value_name = "PATH")]
    pub val: Option<String>,
    /// Which labels of CIFAR-100 are learned
    #[arg(long, value_enum, default_value = "fine")]
    pub cifar100_labels: Cifar100LabelsArg,
    /// Where to compute
    #[arg(long, value_enum, default_value = "cpu")]
    pub device: DeviceArg,
}

#[derive(Debug, Args)]
pub struct TrainArgs {
    #[command(flatten)]
    pub source: SourceArgs,
    #[command(flatten)]
    pub options: OptionArgs,
    /// Take what it learns from, and how, from this file instead: a config.json of a run, or the
    /// best.json of a search
    #[arg(
        long,
        value_name = "FILE",
        conflicts_with_all = ["model", "data", "val", "per_class", "size", "seed", "strategy", "epochs"]
    )]
    pub config: Option<PathBuf>,
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
    pub output: OutputArgs,
}

#[derive(Debug, Args)]
pub struct FindRateArgs {
    #[command(flatten)]
    pub source: SourceArgs,
    #[command(flatten)]
    pub options: OptionArgs,
    #[command(flatten)]
    pub output: OutputArgs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum MethodArg {
    /// Every combination, with three values of each number
    Grid,
    /// Random combinations
    Random,
    /// Many short runs, and longer ones of the best third (successive halving)
    Halving,
}

#[derive(Debug, Args)]
pub struct SearchArgs {
    #[command(flatten)]
    pub source: SourceArgs,
    #[arg(long, value_enum, default_value = "halving")]
    pub method: MethodArg,
    /// Combinations to try; --method grid tries all
    #[arg(long, default_value_t = 12)]
    pub trials: u32,
    /// Options that all trials share; those that are searched are ignored. --epochs are those of the longest runs
    #[command(flatten)]
    pub options: OptionArgs,
    /// Folder for the search's results
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// Go on with the unfinished search in --out; its other options are remembered
    #[arg(long)]
    pub resume: bool,
    #[command(flatten)]
    pub output: OutputArgs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum StudentArg {
    /// One block a stage, a quarter as wide as ResNet18: 0.6 MB in float16
    Resnet10quarter,
    /// ResNet18's blocks, an eighth as wide: 0.4 MB in float16
    Resnet18eighth,
}

#[derive(Debug, Args)]
pub struct DistillArgs {
    /// The trained network that teaches
    #[arg(long, value_name = "FILE")]
    pub teacher: PathBuf,
    /// Images to learn from, as for training
    #[arg(long, value_name = "PATH", default_value = "sample")]
    pub data: String,
    /// Images to validate on [default: those that come with the data, or a fifth of them]
    #[arg(long, value_name = "PATH")]
    pub val: Option<String>,
    /// A folder with more images, whose classes nobody knows
    #[arg(long, value_name = "DIR")]
    pub unlabelled: Option<PathBuf>,
    /// Which labels of CIFAR-100 are learned
    #[arg(long, value_enum, default_value = "fine")]
    pub cifar100_labels: Cifar100LabelsArg,
    #[arg(long, value_enum, default_value = "resnet10quarter")]
    pub student: StudentArg,
    #[command(flatten)]
    pub options: DistillationArgs,
    /// Leave out the student that learns without a teacher, for comparison
    #[arg(long)]
    pub no_comparison: bool,
    #[arg(long, value_enum, default_value = "cpu")]
    pub device: DeviceArg,
    /// Folder for the student
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    #[command(flatten)]
    pub output: OutputArgs,
}

#[derive(Debug, Args)]
pub struct EvaluateArgs {
    /// A trained network
    #[arg(long, value_name = "FILE")]
    pub model: PathBuf,
    /// Labelled images, as for training; where they have a validation part, that part
    #[arg(long, value_name = "PATH")]
    pub data: String,
    /// Which labels of CIFAR-100 the network was trained on
    #[arg(long, value_enum, default_value = "fine")]
    pub cifar100_labels: Cifar100LabelsArg,
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
    /// Pictures to classify, or folders of pictures
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
