//! Compares strategies, or regularizers, on real images and prints one table.
//!
//! `cargo bench --bench comparison -- strategies --data ../shared/data` runs every strategy on CIFAR-10 at 5,
//! 50 and 500 images a class, on the sign digits and on the sample images, with three seeds;
//! `-- regularizers` each regularizer against none, on the photographs among them. A run chooses its best
//! epoch on one part of the test images (a tenth of CIFAR-10's, a quarter of the signs', a fifth of the
//! sample's) and is measured on the others. Each result is kept in `--results FILE` (JSON lines) at once, so
//! that a broken-off comparison goes on where it was. `--only TEXT` runs those whose name has the text,
//! `--tasks` and `--seeds` fewer of them; `--table` only prints; `--check` fails where the default strategy
//! falls behind.
//!
//! `--device libtorch`, in a build with the feature `libtorch`, computes with PyTorch's kernels: the same
//! engine, about twice as fast. A table is of one device.

mod data;
mod device;
mod results;
mod table;
mod variants;

use std::path::PathBuf;

use clap::{Parser, ValueEnum};

use data::TaskName;
use device::DeviceName;
use variants::{Variant, regularizers, strategies};

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Comparison {
    Strategies,
    Regularizers,
}

#[derive(Parser)]
struct Args {
    comparison: Option<Comparison>,
    /// The folder with cifar10-5k-train.bin, cifar10-2k-test.bin and sign-digits
    #[arg(long, default_value = "../shared/data")]
    data: PathBuf,
    /// Where results are kept
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
    /// Print the table of the results that are there
    #[arg(long)]
    table: bool,
    /// Fail where `auto` is more than a point below the best fixed strategy
    #[arg(long)]
    check: bool,
    /// What cargo passes to every benchmark.
    #[arg(long, hide = true)]
    bench: bool,
}

fn main() {
    let args = Args::parse();
    let Some(comparison) = args.comparison else {
        // It takes hours, so a plain `cargo bench` leaves it out.
        println!("To compare strategies: cargo bench --bench comparison -- strategies");
        return;
    };
    let (variants, tasks): (Vec<Variant>, &[TaskName]) = match comparison {
        Comparison::Strategies => (strategies(), &TaskName::USUAL),
        Comparison::Regularizers => (regularizers(), &TaskName::PHOTOGRAPHS),
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
                    let done = results.iter().any(|result| result.is_of(&variant.name, *task, seed));
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
