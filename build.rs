//! Links the worker so that its memory can be shared with threads (`www/threads.js`).
//!
//! The standard library is not built for threads, and need not be: threads run only the tasks of parallel loops, which
//! use neither the allocator nor anything else of the standard library that has a state. So the linker's check that all
//! code is built for shared memory is switched off.

use std::path::PathBuf;
use std::{env, fs, io};

fn main() -> io::Result<()> {
    println!("cargo:rerun-if-changed=build.rs");
    if env::var("CARGO_CFG_TARGET_ARCH").as_deref() != Ok("wasm32") {
        return Ok(());
    }
    let folder = PathBuf::from(env::var("OUT_DIR").map_err(io::Error::other)?);
    let object = folder.join("thread_local.o");
    fs::write(&object, thread_local_object())?;
    println!("cargo:rustc-link-arg-bin=worker={}", object.display());
    for argument in [
        "--import-memory",
        "--shared-memory",
        // www/memory.js creates the memory, with these numbers.
        "--initial-memory=16777216",
        "--max-memory=4294967296",
        "--no-check-features",
        // Each thread has its own.
        "--export=__stack_pointer",
        // wasm-bindgen looks for these in programs with shared memory.
        "--export=__wasm_init_tls",
        "--export=__tls_size",
        "--export=__tls_align",
        "--export=__tls_base",
    ] {
        println!("cargo:rustc-link-arg-bin=worker={argument}");
    }
    Ok(())
}

/// An object file with one thread-local variable. Without any, their alignment is 0 in the linked program, which
/// wasm-bindgen cannot allocate.
///
/// See <https://github.com/WebAssembly/tool-conventions/blob/main/Linking.md>.
fn thread_local_object() -> Vec<u8> {
    const MEMORY: u8 = 2;
    let memory = [named("env"), named("__linear_memory"), vec![MEMORY, 0, 1]].concat();
    // Passive or not, the linker decides; at offset 0 of its own; 4 bytes.
    let data = [&[0][..], &[0x41, 0, 0x0b], &[4, 0, 0, 0, 0]].concat();

    const THREAD_LOCAL_SEGMENT: u8 = 2;
    const RETAIN: u8 = 4;
    const ALIGNMENT: u8 = 2; // a power of two
    let segment = [named(".tdata"), vec![ALIGNMENT, THREAD_LOCAL_SEGMENT | RETAIN]].concat();

    const DATA_SYMBOL: u8 = 1;
    const FLAGS: [u8; 2] = [0x84, 0x03]; // hidden, not stripped, thread-local; as LEB128
    let place = [0, 0, 4]; // segment, offset, size
    let symbol = [&[DATA_SYMBOL][..], &FLAGS, &named("tunelab_thread_local"), &place].concat();

    let linking = [
        named("linking"),
        vec![2], // the version
        section(5, &list(&segment)),
        section(8, &list(&symbol)),
    ];
    [
        b"\0asm\x01\0\0\0".to_vec(),
        section(2, &list(&memory)),
        section(11, &list(&data)),
        section(0, &linking.concat()),
    ]
    .concat()
}

fn section(id: u8, content: &[u8]) -> Vec<u8> {
    [&[id, short_length(content)], content].concat()
}

fn list(only: &[u8]) -> Vec<u8> {
    [&[1], only].concat()
}

fn named(name: &str) -> Vec<u8> {
    [&[short_length(name.as_bytes())], name.as_bytes()].concat()
}

/// A length below 128, which is one byte in LEB128.
fn short_length(content: &[u8]) -> u8 {
    u8::try_from(content.len()).ok().filter(|length| *length < 128).expect("a short part")
}
