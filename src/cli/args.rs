//! The subcommands and their flags, with their help.

use std::path::PathBuf;

use clap::builder::PossibleValuesParser;
use clap::{Args, Parser, Subcommand, ValueEnum};

use super::options::{DistillationArgs, OptionArgs};
use tunelab_core::device::Kernels;
use tunelab_core::search::method::DEFAULT_TRIALS;
use tunelab_engine::kernels::{self, InstructionSet};

/// Fine-tune a pretrained ResNet on your own images. Nothing leaves this machine.
#[derive(Debug, Parser)]
#[command(name = "tunelab", version, max_term_width = 100)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
    /// Print one JSON object per line on standard output
    #[arg(long, global = true)]
    pub json: bool,
    /// What computes networks on the processor
    #[arg(long, global = true, value_enum, default_value = "fast")]
    pub kernels: KernelsArg,
    /// Limit the own kernels to these instructions of the processor, for comparisons
    #[arg(long, global = true, value_name = "SET", value_parser = instruction_set())]
    pub instructions: Option<String>,
}

/// The names of the sets of instructions that this processor has.
fn instruction_set() -> PossibleValuesParser {
    PossibleValuesParser::new(InstructionSet::available().map(InstructionSet::name))
}

/// What computes networks on the processor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum KernelsArg {
    /// The own kernels
    #[default]
    Fast,
    /// burn's operations, which the own kernels are compared with: several times slower
    Reference,
}

impl Cli {
    /// Selects what computes networks on the processor.
    pub fn select_kernels(&self) {
        kernels::select(match self.kernels {
            KernelsArg::Fast => Kernels::Fast,
            KernelsArg::Reference => Kernels::Reference,
        });
        let wanted = |set: &InstructionSet| Some(set.name()) == self.instructions.as_deref();
        if let Some(set) = InstructionSet::available().find(wanted) {
            kernels::limit_instructions(set);
        }
    }
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Train a pretrained network on labeled images; by default, the included network on the sample images
    Train(Box<TrainArgs>),
    /// Suggest a learning rate after a short test run
    FindRate(Box<FindRateArgs>),
    /// Search for the best hyperparameters: strategy, learning rate, weight decay and augmentation
    ///
    /// The options apply to all trials, except those that are searched. --epochs is that of the longest runs.
    Search(Box<SearchArgs>),
    /// Train a small network (the student) to imitate a trained one (the teacher)
    Distill(Box<DistillArgs>),
    /// Evaluate a trained network on labeled images
    Evaluate(EvaluateArgs),
    /// Classify images with a trained network
    Predict(PredictArgs),
    /// Describe a weights file
    Info(InfoArgs),
}

/// The compute device.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum DeviceArg {
    /// The processor
    #[default]
    Cpu,
    /// The GPU, through Vulkan, Metal or DirectX 12
    Wgpu,
}

/// The labels of CIFAR-100.
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

/// The data and the pretrained weights.
#[derive(Debug, Clone, Args)]
pub struct SourceArgs {
    /// Pretrained weights: a .safetensors or .pth file, or one of torchvision-resnet18, -resnet34, -resnet50,
    /// timm-resnet18-a1 and microsoft-resnet-18, which are downloaded once [default: the included ResNet18]
    #[arg(long, value_name = "FILE")]
    pub model: Option<String>,
    /// Training images: a folder with one folder per class; a .csv or .tsv table with the file names and one
    /// column per task (name it `stars:class` or `stars:number` if its values are whole numbers); CIFAR-10 or
    /// CIFAR-100 as a .bin file, a folder or the official archive; or `sample`
    #[arg(long, value_name = "PATH", default_value = "sample")]
    pub data: String,
    /// Validation images [default: the validation split of the data, or a fifth of the training images]
    #[arg(long, value_name = "PATH")]
    pub val: Option<String>,
    /// The labels of CIFAR-100
    #[arg(long, value_enum, default_value = "fine")]
    pub cifar100_labels: Cifar100LabelsArg,
    /// The compute device
    #[arg(long, value_enum, default_value = "cpu")]
    pub device: DeviceArg,
}

#[derive(Debug, Args)]
pub struct TrainArgs {
    #[command(flatten)]
    pub source: SourceArgs,
    #[command(flatten)]
    pub options: OptionArgs,
    /// Read the data, the model and all options from this file: the config.json of a run or the best.json of a
    /// search
    #[arg(
        long,
        value_name = "FILE",
        conflicts_with_all = ["model", "data", "val", "per_class", "size", "seed", "strategy", "epochs"]
    )]
    pub config: Option<PathBuf>,
    /// Folder for the results [default: the first unused runs/N]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Resume the unfinished run in --out with its options
    #[arg(long, requires = "out")]
    pub resume: bool,
    /// Seconds between checkpoints
    #[arg(long, value_name = "SECONDS", default_value_t = 30.0)]
    pub checkpoint_every: f64,
}

#[derive(Debug, Args)]
pub struct FindRateArgs {
    #[command(flatten)]
    pub source: SourceArgs,
    #[command(flatten)]
    pub options: OptionArgs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum MethodArg {
    /// Every combination, with three values per number
    Grid,
    /// Random combinations
    Random,
    /// Successive halving: many short runs, then longer runs of the best third, and so on
    Halving,
}

#[derive(Debug, Args)]
pub struct SearchArgs {
    #[command(flatten)]
    pub source: SourceArgs,
    /// The search method
    #[arg(long, value_enum, default_value = "halving")]
    pub method: MethodArg,
    /// Number of combinations to try; --method grid tries all
    #[arg(long, default_value_t = DEFAULT_TRIALS)]
    pub trials: u32,
    #[command(flatten)]
    pub options: OptionArgs,
    /// Folder for the results
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// Resume the unfinished search in --out with its options
    #[arg(long)]
    pub resume: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum StudentArg {
    /// One block per stage and a quarter of the width of ResNet18: 0.6 MB in float16
    Resnet10quarter,
    /// The blocks of ResNet18 with an eighth of its width: 0.4 MB in float16
    Resnet18eighth,
}

#[derive(Debug, Args)]
pub struct DistillArgs {
    /// The trained network to imitate
    #[arg(long, value_name = "FILE")]
    pub teacher: PathBuf,
    /// Training images, as for `train`
    #[arg(long, value_name = "PATH", default_value = "sample")]
    pub data: String,
    /// Validation images [default: the validation split of the data, or a fifth of the training images]
    #[arg(long, value_name = "PATH")]
    pub val: Option<String>,
    /// Folder with additional images without labels
    #[arg(long, value_name = "DIR", alias = "unlabelled")]
    pub unlabeled: Option<PathBuf>,
    /// The labels of CIFAR-100
    #[arg(long, value_enum, default_value = "fine")]
    pub cifar100_labels: Cifar100LabelsArg,
    /// The architecture of the student
    #[arg(long, value_enum, default_value = "resnet10quarter")]
    pub student: StudentArg,
    #[command(flatten)]
    pub options: DistillationArgs,
    /// Do not train the student without the teacher for comparison
    #[arg(long)]
    pub no_comparison: bool,
    /// The compute device
    #[arg(long, value_enum, default_value = "cpu")]
    pub device: DeviceArg,
    /// Folder for the results
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
}

#[derive(Debug, Args)]
pub struct EvaluateArgs {
    /// Trained network
    #[arg(long, value_name = "FILE")]
    pub model: PathBuf,
    /// Labeled images, as for `train`; of data with a validation split, only that split is used
    #[arg(long, value_name = "PATH")]
    pub data: String,
    /// The labels of CIFAR-100 that the network was trained on
    #[arg(long, value_enum, default_value = "fine")]
    pub cifar100_labels: Cifar100LabelsArg,
    /// Input size in pixels [default: that of the training]
    #[arg(long)]
    pub size: Option<u32>,
    /// The compute device
    #[arg(long, value_enum, default_value = "cpu")]
    pub device: DeviceArg,
}

#[derive(Debug, Args)]
pub struct PredictArgs {
    /// Trained network
    #[arg(long, value_name = "FILE")]
    pub model: PathBuf,
    /// Images to classify, or folders of images
    #[arg(required = true, value_name = "IMAGE")]
    pub images: Vec<PathBuf>,
    /// Number of classes to print per image, most likely first
    #[arg(long, default_value_t = 3)]
    pub top: usize,
    /// Input size in pixels [default: that of the training]
    #[arg(long)]
    pub size: Option<u32>,
    /// The compute device
    #[arg(long, value_enum, default_value = "cpu")]
    pub device: DeviceArg,
}

#[derive(Debug, Args)]
pub struct InfoArgs {
    /// A .safetensors or .pth file
    pub file: PathBuf,
}
