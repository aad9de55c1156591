//! How a network learns: what can be asked for.

use clap::{Args, ValueEnum};

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum StrategyArg {
    /// What suits the images: as much of the network as they pull at, until it no longer gets better;
    /// with very few, the head first, then everything
    Auto,
    /// No training: each class's mean features; an answer at once, from one image a class
    FewShot,
    /// Only a new head, on features computed once: fast, little to tune
    Probe,
    /// The head and the last K of the four stages of residual blocks
    LastK,
    /// The whole network: slow, most accurate
    Full,
    /// The head first, then the whole network from there (LP-FT)
    #[value(alias = "lp-ft")]
    ProbeThenFull,
    /// One part more each epoch, from the head towards the input
    Gradual,
    /// The whole network, the slower the nearer to the input
    Discriminative,
    /// The head, and scale and shift of every batch norm
    NormOnly,
    /// The head, and every bias
    BiasOnly,
    /// The whole network, held near its pretrained weights
    L2Sp,
    /// The head first, then each part as fast as the data pull at it
    Surgical,
}

/// How the losses of several columns are weighed.
#[derive(Debug, Clone, PartialEq)]
pub enum TaskWeightsArg {
    Equal,
    Learned,
    Given(Vec<f64>),
}

/// Reads `equal`, `learned`, or numbers with commas between them.
fn task_weights(text: &str) -> Result<TaskWeightsArg, String> {
    match text {
        "equal" => Ok(TaskWeightsArg::Equal),
        "learned" => Ok(TaskWeightsArg::Learned),
        numbers => {
            let weights: Result<Vec<f64>, _> =
                numbers.split(',').map(|number| number.trim().parse()).collect();
            let wrong = |_| "give `equal`, `learned`, or numbers such as 1,0.5".to_string();
            weights.map(TaskWeightsArg::Given).map_err(wrong)
        }
    }
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
    /// Divided by 10 whenever the validation loss has not fallen for three epochs
    Plateau,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum AugmentArg {
    None,
    /// Flips and small shifts
    Light,
    /// Random crops, flips, colours and erased patches
    Strong,
    /// Flips, small shifts, and one random operation of any kind and strength (TrivialAugment)
    Automatic,
    /// Flips, small shifts, and two random operations of medium strength (RandAugment)
    Rand,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum HeadInitArg {
    /// Small normal weights, zero bias
    Normal,
    /// PyTorch's default for a linear layer
    Kaiming,
}

/// How it learns.
#[derive(Debug, Clone, Args)]
pub struct ChoiceArgs {
    /// How the network is retrained
    #[arg(long, value_enum, default_value = "auto")]
    pub strategy: StrategyArg,
    /// Stages to retrain with `--strategy last-k`, 1 to 4
    #[arg(long, value_name = "K", default_value_t = 1)]
    pub k: u8,
    /// Passes over the images [default: right for the strategy]
    #[arg(long)]
    pub epochs: Option<u32>,
    /// Images an optimizer step [default: right for the data]
    #[arg(long)]
    pub batch_size: Option<usize>,
    #[command(flatten)]
    pub recipe: RecipeArgs,
}

/// Choices that the strategy's defaults make otherwise.
#[derive(Debug, Clone, Args)]
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
    /// The learning rate of each part of the network as a multiple of the next one's, above 0 to 1
    #[arg(long, value_name = "FACTOR", allow_negative_numbers = true)]
    pub layer_decay: Option<f64>,
    /// Hold the backbone near its pretrained weights, at this strength (L2-SP)
    #[arg(long, value_name = "STRENGTH", allow_negative_numbers = true)]
    pub pull: Option<f64>,
    /// L1 regularization of the weights
    #[arg(long, value_name = "STRENGTH", allow_negative_numbers = true)]
    pub l1: Option<f64>,
    /// Share of the features left out before the head in each step
    #[arg(long, value_name = "SHARE", allow_negative_numbers = true)]
    pub dropout: Option<f64>,
    /// Let images shine through each other, with this alpha (MixUp)
    #[arg(long, value_name = "ALPHA", allow_negative_numbers = true, conflicts_with = "cutmix")]
    pub mixup: Option<f64>,
    /// Paste a part of one image into another, with this alpha (CutMix)
    #[arg(long, value_name = "ALPHA", allow_negative_numbers = true)]
    pub cutmix: Option<f64>,
    /// Keep a moving average of the weights, with this decay
    #[arg(long, value_name = "DECAY", allow_negative_numbers = true, conflicts_with = "swa")]
    pub ema: Option<f64>,
    /// Keep the mean of the weights of the epochs from this share of the run on
    #[arg(long, value_name = "START", allow_negative_numbers = true)]
    pub swa: Option<f64>,
    /// End after this many epochs without a better validation
    #[arg(long, value_name = "EPOCHS")]
    pub patience: Option<u32>,
    /// Let images that are already recognized count less, with this gamma (focal loss)
    #[arg(long, value_name = "GAMMA", allow_negative_numbers = true)]
    pub focal: Option<f64>,
    /// Loss of numbers: a square up to this many standard deviations, then a straight line
    #[arg(
        long,
        value_name = "DELTA",
        allow_negative_numbers = true,
        conflicts_with = "mean_squared"
    )]
    pub huber: Option<f64>,
    /// Loss of numbers: the mean squared error
    #[arg(long)]
    pub mean_squared: bool,
    /// How much each column of a .csv counts: equal, learned, or numbers such as 1,0.5
    #[arg(long, value_parser = task_weights)]
    pub task_weights: Option<TaskWeightsArg>,
    /// Draw images so that every class comes as often
    #[arg(long)]
    pub balanced_sampling: bool,
    /// Augmented versions of each image whose activations before the trained parts are kept; 0 for none
    #[arg(long, value_name = "N")]
    pub cache_views: Option<u32>,
    #[arg(long, value_enum)]
    pub augment: Option<AugmentArg>,
    #[arg(long, value_enum)]
    pub head_init: Option<HeadInitArg>,
}
