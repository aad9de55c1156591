//! The program of the worker: see `tunelab::worker`.

fn main() {
    tunelab::worker::host::run();
}
