//! Compares strategies, regularizers or batch sizes on real images, and prints a table.
//!
//! `cargo bench --bench comparison -- strategies --data ../shared/data` runs every strategy on CIFAR-10 with 5, 50 and
//! 500 images per class, on the sign digits and on the sample images, with three seeds each. `-- regularizers` runs full
//! fine-tuning with each regularizer and without any, on the datasets of photographs; `-- batch-sizes` with
//! batches of different sizes, on the same. A run selects its best epoch on a
//! part of the held-out images (a tenth of CIFAR-10, a quarter of the sign digits, a fifth of the sample images) and is
//! tested on the rest. Each result is immediately appended to `--results FILE` (JSON lines), so an interrupted comparison
//! continues where it stopped. `--only TEXT` runs the variants whose names contain the text; `--tasks` and `--seeds`
//! select datasets and seeds; `--table` only prints the table; `--check` fails if the default strategy is much worse than
//! the best one.
//!
//! `--device libtorch`, in a build with the feature `libtorch`, uses PyTorch's kernels. A table has the results of one device.

mod data;
mod device;
mod results;
mod table;
mod variants;

use std::path::PathBuf;

use clap::{Parser, ValueEnum};

use data::TaskName;
use device::DeviceName;
use variants::{Variant, batch_sizes, regularizers, strategies};

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Comparison {
    Strategies,
    Regularizers,
    BatchSizes,
}

#[derive(Parser)]
struct Args {
    comparison: Option<Comparison>,
    /// The folder with cifar10-5k-train.bin, cifar10-2k-test.bin and sign-digits
    #[arg(long, default_value = "../shared/data")]
    data: PathBuf,
    /// The file of results
    #[arg(long, default_value = "benches/comparison/results.jsonl")]
    results: PathBuf,
    #[arg(long, value_enum, default_value_t)]
    device: DeviceName,
    #[arg(long)]
    only: Option<String>,
    #[arg(long, value_enum, value_delimiter = ',')]
    tasks: Vec<TaskName>,
    #[arg(long, default_value_t = 3)]
    seeds: u64,
    /// Only print the table of the existing results
    #[arg(long)]
    table: bool,
    /// Fail if `auto` is more than a percentage point below the best fixed strategy
    #[arg(long)]
    check: bool,
    /// The flag that cargo passes to every benchmark.
    #[arg(long, hide = true)]
    bench: bool,
}

fn main() {
    let args = Args::parse();
    let Some(comparison) = args.comparison else {
        // It takes hours, so a plain `cargo bench` skips it.
        println!("To compare strategies: cargo bench --bench comparison -- strategies");
        return;
    };
    let (variants, tasks): (Vec<Variant>, &[TaskName]) = match comparison {
        Comparison::Strategies => (strategies(), &TaskName::DEFAULT),
        Comparison::Regularizers => (regularizers(), &TaskName::PHOTOGRAPHS),
        Comparison::BatchSizes => (batch_sizes(), &TaskName::PHOTOGRAPHS),
    };
    let tasks = if args.tasks.is_empty() { tasks } else { &args.tasks };
    let mut results = results::read(&args.results);
    results.retain(|result| result.device == args.device);
    if !args.table {
        for task in tasks {
            for seed in 0..args.seeds {
                let data = std::cell::OnceCell::new();
                for variant in &variants {
                    let named = args.only.as_ref().is_none_or(|text| variant.name.contains(text));
                    let done =
                        results.iter().any(|result| result.is_of(&variant.name, *task, seed));
                    if named && !done {
                        let data = data.get_or_init(|| data::load(&args.data, *task, seed));
                        let result = variants::run(variant, *task, data, seed, args.device);
                        println!("{result:?}");
                        results::append(&args.results, &result);
                        results.push(result);
                    }
                }
            }
        }
    }
    table::print(&variants, tasks, &results, args.seeds);
    if args.check && !table::check_default(&variants, tasks, &results, 0.01) {
        std::process::exit(1);
    }
}
