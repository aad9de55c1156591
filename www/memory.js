// The memory of the engine's program.

// As build.rs says, and one page of wasm-bindgen.
const INITIAL_PAGES = 257;
// A device may not have enough address space for the largest memory.
const MOST_PAGES = [65536, 32768, 16384];

// Browsers refuse to fill shared memory with random numbers.
const fill = self.crypto.getRandomValues.bind(self.crypto);
self.crypto.getRandomValues = (array) => {
  array.set(fill(array.slice()));
  return array;
};

/// Memory of one of these kinds, the first that the browser has: shared, or not. Threads can use only shared memory.
export function createMemory(kinds) {
  let failure;
  for (const shared of kinds) {
    for (const maximum of MOST_PAGES) {
      try {
        return new WebAssembly.Memory({ initial: INITIAL_PAGES, maximum, shared });
      } catch (error) {
        failure = error;
      }
    }
  }
  throw failure;
}
