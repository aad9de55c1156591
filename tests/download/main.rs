//! Downloads from a server on the loopback interface that fails in all the ways servers do.

mod cache;
mod failures;
mod fixture;
mod lengths;
mod resuming;
mod server;
mod verification;
