//! What must happen before anything else in a program with tensors.

unsafe extern "C" {
    /// Runs the program's static constructors; made by the linker.
    fn __wasm_call_ctors();
}

/// Runs the constructors by which cubecl registers its operations. Without this call the linker runs them
/// again at every call from JavaScript, which costs more than most calls. To be called once, first of all.
pub fn construct_statics() {
    // SAFETY: the linker makes this function in every program; it takes and gives nothing.
    unsafe { __wasm_call_ctors() }
}
