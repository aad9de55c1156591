//! Memory aligned to cache lines.

use alloc::alloc::{Layout, alloc_zeroed, dealloc};
use core::ops::{Deref, DerefMut};
use core::ptr::NonNull;

/// Bytes of a cache line.
const LINE: usize = 64;

/// Numbers, aligned to a cache line and zero at first.
#[derive(Debug)]
pub struct Buffer {
    start: NonNull<f32>,
    len: usize,
}

// SAFETY: it owns its memory, as a `Vec` does.
unsafe impl Send for Buffer {}
unsafe impl Sync for Buffer {}

impl Buffer {
    /// A buffer of `len` zeros.
    ///
    /// # Panics
    /// There is not enough memory.
    pub fn zeros(len: usize) -> Self {
        Self::try_zeros(len).expect("enough memory for a buffer")
    }

    /// A buffer of `len` zeros. `None` if there is not enough memory.
    pub fn try_zeros(len: usize) -> Option<Self> {
        if len == 0 {
            return Some(Self { start: NonNull::dangling(), len });
        }
        let layout = Self::layout(len)?;
        // SAFETY: the layout is not empty.
        let start = unsafe { alloc_zeroed(layout) };
        Some(Self { start: NonNull::new(start.cast())?, len })
    }

    fn layout(len: usize) -> Option<Layout> {
        Layout::array::<f32>(len).and_then(|layout| layout.align_to(LINE)).ok()
    }
}

impl Drop for Buffer {
    fn drop(&mut self) {
        if let Some(layout) = Self::layout(self.len).filter(|layout| layout.size() > 0) {
            // SAFETY: allocated with the same layout.
            unsafe { dealloc(self.start.as_ptr().cast(), layout) }
        }
    }
}

impl Deref for Buffer {
    type Target = [f32];

    fn deref(&self) -> &[f32] {
        // SAFETY: the memory is valid and initialized.
        unsafe { core::slice::from_raw_parts(self.start.as_ptr(), self.len) }
    }
}

impl DerefMut for Buffer {
    fn deref_mut(&mut self) -> &mut [f32] {
        // SAFETY: the memory is valid, initialized, and borrowed once.
        unsafe { core::slice::from_raw_parts_mut(self.start.as_ptr(), self.len) }
    }
}
