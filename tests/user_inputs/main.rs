//! Inputs as users have them: folders, tables, images and weights files written by other programs. Each test
//! covers one kind of input, as a user of the command line sees it.

#[path = "../common/mod.rs"]
mod common;
mod folders;
mod images;
mod inputs;
mod predict;
mod tables;
mod weights;
