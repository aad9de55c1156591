//! How fast the processor is, compared with burn's operations and with PyTorch, if that is installed:
//!
//! - `cargo bench --bench speed`: images per second of inference and of training steps. `-- --help` lists the options.
//! - `-- --memory`: the peak memory of training steps.
//! - `-- --photographs`: the features of photographs, from their files.
//! - `-- --promise`: the time of runs, compared with what the page promises.
//! - `-- --check`: whether the kernels are as much faster than burn's operations as `benches/speed/recorded.json` says, and
//!   the promises are kept. `-- --record` writes that file.
//!
//! What is compared alternates, so that drifts of the machine's speed affect all.

mod cases;
mod check;
mod memory;
mod photographs;
mod promise;
mod pytorch;

use std::time::Duration;

use clap::{ArgGroup, Parser};
use tunelab_core::device::Kernels;
use tunelab_engine::kernels::{InstructionSet, limit_instructions};

use cases::{Case, Network};

/// Measures the processor.
#[derive(Parser)]
#[command(group(ArgGroup::new("measurement").args(["memory", "photographs", "promise", "check", "record"])))]
struct Args {
    /// Only this input size, in px.
    #[arg(long)]
    size: Option<usize>,
    /// Only this batch size.
    #[arg(long)]
    batch: Option<usize>,
    /// Only this case.
    #[arg(long, value_enum)]
    case: Option<Case>,
    /// Seconds per case and program.
    #[arg(long, default_value_t = 4.0)]
    seconds: f64,
    /// Limits the kernels and PyTorch to these instructions: portable, avx2 or avx512.
    #[arg(long)]
    instructions: Option<String>,
    /// Also measures burn's operations.
    #[arg(long)]
    reference: bool,
    /// Measures peak memory.
    #[arg(long)]
    memory: bool,
    /// Measures the features of photographs.
    #[arg(long)]
    photographs: bool,
    /// Compares the time of runs with what the page promises.
    #[arg(long)]
    promise: bool,
    /// Fails if the kernels are slower than recorded, or a promise is not kept.
    #[arg(long)]
    check: bool,
    /// Records how much faster the kernels are.
    #[arg(long)]
    record: bool,
    /// `cargo bench` adds it.
    #[arg(long, hide = true)]
    bench: bool,
}

/// Input size in px, and batch size.
const SIZES: [(usize, usize); 5] = [(32, 64), (64, 64), (64, 8), (64, 16), (224, 8)];

fn main() {
    let args = Args::parse();
    if let Some(name) = &args.instructions {
        let found = InstructionSet::available().find(|set| set.name() == name);
        limit_instructions(found.unwrap_or_else(|| panic!("this processor has no {name}")));
    }
    if args.check || args.record {
        check::run(args.record);
    }
    if args.check || args.promise {
        let is_kept = promise::run();
        assert!(is_kept || !args.check, "a run took another time than the page promises");
    }
    if args.check || args.record || args.promise {
        return;
    }
    if args.memory {
        return memory::run(args.size.unwrap_or(224), args.batch.unwrap_or(16));
    }
    if args.photographs {
        return photographs::run();
    }
    table(&args);
}

/// Prints images per second.
fn table(args: &Args) {
    let duration = Duration::from_secs_f64(args.seconds);
    let instructions = tunelab_engine::kernels::instructions().name();
    println!("Images per second, {} threads, {instructions}.", rayon::current_num_threads());
    println!("| px | batch | case | tunelab | burn-flex | ratio | PyTorch | ratio |");
    println!("| ---: | ---: | --- | ---: | ---: | ---: | ---: | ---: |");
    let is_wanted = |only: Option<usize>, value| only.is_none_or(|only| only == value);
    for (size, batch) in SIZES {
        if !is_wanted(args.size, size) || !is_wanted(args.batch, batch) {
            continue;
        }
        let theirs = pytorch::rates(size, batch, args.seconds, args.instructions.as_deref());
        for case in Case::ALL.into_iter().filter(|case| args.case.is_none_or(|only| only == *case))
        {
            let ours = |kernels| Network::new(kernels).rate(case, size, batch, duration);
            let fast = ours(Kernels::Fast);
            let against = |rate: Option<f64>| match rate {
                Some(rate) => format!("{rate:.0} | {:.2}", fast / rate),
                None => "|".to_owned(),
            };
            let reference = against(args.reference.then(|| ours(Kernels::Reference)));
            let pytorch = against(theirs.get(case.name()).copied());
            println!(
                "| {size} | {batch} | {} | {fast:.0} | {reference} | {pytorch} |",
                case.name()
            );
        }
    }
}
