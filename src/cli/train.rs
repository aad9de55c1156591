//! `tunelab train`.

use std::path::Path;
use std::time::Duration;

use burn::tensor::Device;
use serde_json::json;

use super::args::{
    AugmentArg, DeviceArg, FitArg, HeadInitArg, OptimizerArg, RecipeArgs, ScheduleArg, StrategyArg,
    TrainArgs,
};
use super::error::CliError;
use super::host::Host;
use super::output::{Output, percent};
use super::pictures::{self, SAMPLE};
use super::pretrained::{Pretrained, input_size};
use super::run_folder::{FinishedReport, RunConfig, RunFolder};
use crate::data::transform::Fit;
use crate::data::{Augmentation, Dataset, Preprocessing};
use crate::device::ComputeDevice;
use crate::export::trained_model::ModelInfo;
use crate::model::HeadInit;
use crate::train::ClassWeights;
use crate::train::UpdateRule;
use crate::train::control::Wish;
use crate::train::schedule::Schedule;
use crate::train::{Checkpoint, Control, Event, Session, StageCount, Strategy, TrainConfig};

impl From<DeviceArg> for ComputeDevice {
    fn from(device: DeviceArg) -> Self {
        match device {
            DeviceArg::Cpu => ComputeDevice::Cpu,
            DeviceArg::Wgpu => ComputeDevice::Wgpu,
        }
    }
}

/// Starts or resumes a run and sees it through.
pub async fn run(args: TrainArgs) -> Result<(), CliError> {
    let output = Output::new(args.output.json);
    let (mut session, mut folder, config) = match (&args.out, args.resume) {
        (Some(path), true) => {
            if let Some(finished) = RunFolder::finished(path) {
                announce_done(output, &finished, path, false);
                return Ok(());
            }
            resume(path, output).await?
        }
        _ => start(&args, output).await?,
    };
    stop_on_interrupt(session.control());
    let mut host = Host {
        output,
        checkpoint_every: Duration::from_secs_f64(args.checkpoint_every.clamp(0.0, 1e9)),
        info: ModelInfo {
            classes: session.classes().to_vec(),
            preprocessing: config.preprocessing,
        },
        bar: None,
    };
    let last = host.drive(&mut session, &mut folder).await;
    if session.has_trained() {
        // Also after a failure: these are the best epoch's weights, or the last good ones.
        host.save_model(&session, &folder).await?;
    }
    if let (Some(Event::Done { seconds, best_epoch, stopped, .. }), Some(report)) =
        (last?, session.best().map(|best| &best.report))
    {
        let finished = FinishedReport {
            classes: host.info.classes.clone(),
            best_epoch,
            seconds,
            report: report.clone(),
        };
        folder.save_report(&finished)?;
        if !stopped {
            folder.drop_checkpoint()?;
        }
        announce_done(output, &finished, folder.path(), stopped);
    }
    Ok(())
}

/// Prints a run's last line.
fn announce_done(output: Output, finished: &FinishedReport, folder: &Path, stopped: bool) {
    let report = &finished.report;
    output.event(&json!({
        "event": "done",
        "top1": report.top1,
        "loss": report.loss,
        "macro_f1": report.macro_f1,
        "seconds": finished.seconds,
        "best_epoch": finished.best_epoch,
        "stopped": stopped,
        "out": folder.display().to_string(),
    }));
    output.line(format!(
        "{} of the validation images are classified right (epoch {}, {:.0} s). Results are in {}.",
        percent(report.top1),
        finished.best_epoch,
        finished.seconds,
        folder.display()
    ));
    if stopped {
        output.line(format!("Stopped early; go on with `--resume --out {}`.", folder.display()));
    }
}

/// The first Ctrl-C stops the run after its step, with all that it has; the second ends the program.
fn stop_on_interrupt(control: Control) {
    let handler = move || {
        if control.wish() == Wish::Stop {
            std::process::exit(130);
        }
        eprintln!("Stopping after this step; press Ctrl-C again to end at once.");
        control.stop();
    };
    if let Err(error) = ctrlc::set_handler(handler) {
        log::warn!("Ctrl-C will end the run at once: {error}");
    }
}

async fn start(
    args: &TrainArgs,
    output: Output,
) -> Result<(Session, RunFolder, RunConfig), CliError> {
    let pretrained = Pretrained::choose(args.model.as_deref(), output)?;
    let preprocessing = Preprocessing {
        size: input_size(args.size)?,
        fit: match args.fit {
            FitArg::Crop => Fit::CenterCrop,
            FitArg::Squash => Fit::Squash,
        },
        normalization: pretrained.normalization,
        ..Preprocessing::default()
    };
    let strategy = match args.strategy {
        StrategyArg::Probe => Strategy::Probe,
        StrategyArg::Full => Strategy::Full,
        StrategyArg::LastK => {
            Strategy::LastK { stages: StageCount::try_from(args.k).map_err(CliError::Usage)? }
        }
    };
    let data = absolute(&args.data);
    let validation = args.val.as_deref().map(absolute);
    let (train, validated) =
        load_data(&data, validation.as_deref(), &preprocessing, args.seed, output)?;

    let mut train_config = TrainConfig::recommended(strategy, preprocessing.size, train.len());
    train_config.seed = args.seed;
    apply(args, &args.recipe, &preprocessing, &mut train_config);
    let config = RunConfig {
        model: pretrained.name.clone(),
        data,
        validation,
        preprocessing,
        device: args.device.into(),
        train: train_config,
    };
    let device = config.device.open().await?;
    let network = pretrained.network(&device)?;
    let session = Session::new(config.train.clone(), network, train, validated, &device)?;
    let folder = RunFolder::create(args.out.as_deref(), &config)?;
    Ok((session, folder, config))
}

async fn resume(path: &Path, output: Output) -> Result<(Session, RunFolder, RunConfig), CliError> {
    let config = RunFolder::config(path)?;
    let (train, validated) = load_data(
        &config.data,
        config.validation.as_deref(),
        &config.preprocessing,
        config.train.seed,
        output,
    )?;
    let device = config.device.open().await?;
    let session = match RunFolder::checkpoint(path)? {
        Some(bytes) => {
            let checkpoint = Checkpoint::parse(&bytes)?;
            Session::resume(&checkpoint, train, validated, &device)?
        }
        // Killed before its first checkpoint: the same run from its beginning.
        None => anew(&config, train, validated, &device, output)?,
    };
    let position = session.position();
    let folder = RunFolder::reopen(path, position.step, position.epoch)?;
    Ok((session, folder, config))
}

fn anew(
    config: &RunConfig,
    train: Dataset,
    validation: Dataset,
    device: &Device,
    output: Output,
) -> Result<Session, CliError> {
    let network = Pretrained::choose(Some(&config.model), output)?.network(device)?;
    Ok(Session::new(config.train.clone(), network, train, validation, device)?)
}

fn load_data(
    data: &str,
    validation: Option<&str>,
    preprocessing: &Preprocessing,
    seed: u64,
    output: Output,
) -> Result<(Dataset, Dataset), CliError> {
    let parts = pictures::load(data, preprocessing, seed, output)?;
    let Some(path) = validation else {
        return Ok(parts.split(seed));
    };
    let given = pictures::load(path, preprocessing, seed, output)?;
    // Data with parts of its own validates with its own validation part.
    let validation = given.validation.unwrap_or(given.train);
    if validation.classes != parts.train.classes {
        return Err(CliError::Usage(format!(
            "the classes of {path} ({}) are not those of {data} ({})",
            validation.classes.join(", "),
            parts.train.classes.join(", ")
        )));
    }
    Ok((parts.train, validation))
}

fn apply(
    args: &TrainArgs,
    recipe: &RecipeArgs,
    preprocessing: &Preprocessing,
    config: &mut TrainConfig,
) {
    let size = preprocessing.size;
    if let Some(batch_size) = args.batch_size {
        // The recommended rate is for the recommended batch; it scales with the batch.
        config.learning_rate *= (batch_size as f64 / config.batch_size as f64).sqrt();
        config.batch_size = batch_size;
    }
    set(&mut config.epochs, args.epochs);
    config.warmup_epochs = config.warmup_epochs.min(f64::from(config.epochs) / 2.0);

    let momentum = recipe.momentum.unwrap_or(0.9);
    let rule = recipe.optimizer.map(|optimizer| match optimizer {
        OptimizerArg::Sgd => UpdateRule::Sgd { momentum, nesterov: true },
        OptimizerArg::Adam => UpdateRule::Adam,
        OptimizerArg::Adamw => UpdateRule::AdamW,
    });
    if let Some(rule) = rule
        && std::mem::discriminant(&rule) != std::mem::discriminant(&config.optimizer.rule)
    {
        // Adam's and SGD's rates differ by more than an order of magnitude.
        config.learning_rate = match rule {
            UpdateRule::Sgd { .. } => 0.02,
            UpdateRule::Adam | UpdateRule::AdamW => 3e-4,
        };
    }
    set(&mut config.optimizer.rule, rule);
    if let (UpdateRule::Sgd { momentum, .. }, Some(given)) =
        (&mut config.optimizer.rule, recipe.momentum)
    {
        *momentum = given;
    }
    set(&mut config.learning_rate, recipe.learning_rate);
    set(&mut config.optimizer.weight_decay, recipe.weight_decay);
    config.optimizer.decay_bias_and_norm |= recipe.decay_bias_and_norm;
    let third = config.epochs.div_ceil(3).max(1);
    let schedule = recipe.schedule.map(|schedule| match schedule {
        ScheduleArg::Constant => Schedule::Constant,
        ScheduleArg::Step => Schedule::Step { epochs: third, factor: 0.1 },
        ScheduleArg::Exponential => Schedule::Exponential { factor: 0.9 },
        ScheduleArg::Cosine => Schedule::Cosine,
        ScheduleArg::OneCycle => Schedule::OneCycle { rise: 0.3 },
    });
    set(&mut config.schedule, schedule);
    set(&mut config.warmup_epochs, recipe.warmup_epochs);
    set(&mut config.label_smoothing, recipe.label_smoothing);
    set(&mut config.class_weights, recipe.balance_classes.then_some(ClassWeights::Balanced));
    config.clip_norm = recipe.clip_norm.or(config.clip_norm);
    set(&mut config.accumulation, recipe.accumulate);
    config.freeze_norm |= recipe.freeze_norm;
    let augmentation = recipe.augment.map(|augment| match augment {
        AugmentArg::None => Augmentation::none(),
        AugmentArg::Light => Augmentation::light(size),
        AugmentArg::Strong => Augmentation::strong(size),
    });
    set(&mut config.augmentation, augmentation);
    let init = recipe.head_init.map(|init| match init {
        HeadInitArg::Normal => HeadInit::Normal,
        HeadInitArg::Kaiming => HeadInit::KaimingUniform,
    });
    set(&mut config.head_init, init);
}

fn set<T>(choice: &mut T, given: Option<T>) {
    if let Some(given) = given {
        *choice = given;
    }
}

fn absolute(path: &str) -> String {
    match std::path::absolute(path) {
        Ok(absolute) if path != SAMPLE => absolute.display().to_string(),
        _ => path.to_string(),
    }
}
