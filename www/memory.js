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

/// Changes a program so that the memory that it imports is not shared.
/// See https://webassembly.github.io/spec/core/binary/modules.html#import-section.
export function importUnsharedMemory(bytes) {
  const IMPORTS = 2;
  const [FUNCTION, MEMORY] = [0, 2];
  let at = 8;
  const number = () => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++];
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) {
        return value;
      }
    }
  };
  while (at < bytes.length) {
    const section = bytes[at++];
    const end = number() + at;
    if (section !== IMPORTS) {
      at = end;
      continue;
    }
    for (let left = number(); left > 0; left -= 1) {
      for (let name = 0; name < 2; name += 1) {
        at = number() + at;
      }
      const kind = bytes[at++];
      if (kind === MEMORY) {
        bytes[at] &= ~2;
        return;
      }
      if (kind !== FUNCTION) {
        throw new Error(`an import of kind ${kind} before the memory`);
      }
      number();
    }
  }
}
