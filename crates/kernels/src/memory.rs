//! Memory that several threads write to, each to its own part.

use alloc::vec::Vec;
use core::marker::PhantomData;

/// Numbers that the tasks of a parallel loop read and write. The loop's author makes sure that no task writes what
/// another one reads or writes.
#[derive(Debug, Clone, Copy)]
pub struct Memory<'a> {
    start: *mut f32,
    len: usize,
    lifetime: PhantomData<&'a mut [f32]>,
}

// SAFETY: access is `unsafe`, under the condition above.
unsafe impl Send for Memory<'_> {}
unsafe impl Sync for Memory<'_> {}

impl<'a> Memory<'a> {
    /// All of `numbers`.
    pub fn new(numbers: &'a mut [f32]) -> Self {
        Self { start: numbers.as_mut_ptr(), len: numbers.len(), lifetime: PhantomData }
    }

    /// How many numbers it has.
    pub fn len(self) -> usize {
        self.len
    }

    /// Whether it has no numbers.
    pub fn is_empty(self) -> bool {
        self.len == 0
    }

    /// A pointer to number `offset`, from which `len` numbers are read or written.
    ///
    /// # Safety
    /// They are within the memory, and no other task writes them at the same time, or reads them if this one writes.
    #[inline(always)]
    pub unsafe fn at(self, offset: usize, len: usize) -> *mut f32 {
        debug_assert!(offset + len <= self.len, "{offset} + {len} of {}", self.len);
        unsafe { self.start.add(offset) }
    }

    /// The numbers from `offset` on.
    ///
    /// # Safety
    /// As of [`Memory::at`], for as long as the slice is used.
    pub unsafe fn slice(self, offset: usize, len: usize) -> &'a [f32] {
        unsafe { core::slice::from_raw_parts(self.at(offset, len), len) }
    }

    /// The numbers from `offset` on.
    ///
    /// # Safety
    /// As of [`Memory::at`], for as long as the slice is used.
    #[allow(clippy::mut_from_ref)]
    pub unsafe fn slice_mut(self, offset: usize, len: usize) -> &'a mut [f32] {
        unsafe { core::slice::from_raw_parts_mut(self.at(offset, len), len) }
    }
}

/// A list of `len` numbers, which `fill` stores: a list of zeros would have to be written twice.
///
/// # Safety
/// `fill` stores all of them, and reads none that it has not stored.
pub unsafe fn filled(len: usize, fill: impl FnOnce(Memory<'_>)) -> Vec<f32> {
    let mut numbers = Vec::with_capacity(len);
    fill(Memory { start: numbers.as_mut_ptr(), len, lifetime: PhantomData });
    // SAFETY: they are stored.
    unsafe { numbers.set_len(len) };
    numbers
}
