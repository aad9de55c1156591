//! The program of the worker: see `tunelab::worker`.

fn main() {
    tunelab::worker::start::construct_statics();
    tunelab::worker::host::run();
}
