//! What people bring: folders, tables, pictures and weights files as other programs leave them. Each test
//! names what is right for one kind of input, as a user of the command line sees it.

#[path = "../common/mod.rs"]
mod common;
mod folders;
mod inputs;
mod pictures;
mod predict;
mod tables;
mod weights;
