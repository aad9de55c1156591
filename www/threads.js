// The threads of the engine: workers that share its memory and help with its parallel loops. The engine (its worker) and
// the threads both use this file, each with its own copy of its variables.
//
// The engine opens a loop of numbered tasks, takes tasks itself, and closes the loop when none is left. A thread joins an
// open loop, takes tasks until none is left, and leaves. So a thread that comes late, on a busy computer, delays nobody.

// Words of shared memory. The address of the first is `address` below.
const STATE = 0; // the loop: see the bits below
const NEXT = 1; // the next task
const LEFT = 2; // threads that have left the loop
const READY = 3; // threads that have started
const FAILED = 4; // whether a thread failed

// The state of the loop: its number in the upper 16 bits, and these.
const OPEN = 1 << 15; // whether threads may join
const WANTED = 8; // bits 8 to 14: threads that may join
const JOINED = 0xff; // bits 0 to 7: threads that have joined

// How often to look before sleeping, because waking up takes longer than most loops.
const LOOKS = 4000;
// A task takes milliseconds. A thread that takes this long was ended by the browser.
const STUCK_MS = 120_000;

let words;
let address;

/// Sets the memory and the address of the words in it.
export function useMemory(memory, start) {
  words = new Int32Array(memory.buffer, start, 8);
  address = start;
}

// --- The engine -------------------------------------------------------------------------------------

let program;
let threads = 0;

/// Sets what a thread needs. Without this call, there are no threads.
export function useProgram(module, memory, exports) {
  program = { module, memory };
  useMemory(memory, exports.thread_words());
  program.address = address;
  program.newStack = exports.thread_stack;
}

/// Whether there can be threads.
export function canStartThreads() {
  return program !== undefined;
}

/// Starts threads until there are `count`. They are ready later.
export function startThreads(count) {
  while (program && threads < count) {
    threads += 1;
    const { newStack, ...shared } = program;
    try {
      const thread = new Worker(new URL("thread.js", import.meta.url), { type: "module" });
      thread.onerror = (event) => {
        event.preventDefault();
        console.warn("a thread failed:", event.message ?? "not loaded");
      };
      thread.postMessage({ ...shared, stack: newStack() });
    } catch (error) {
      console.warn("a thread failed:", error);
      program = undefined;
    }
  }
}

/// The threads that have started.
export function readyThreads() {
  return words ? Atomics.load(words, READY) : 0;
}

/// Opens a loop that the first `count` threads may join.
export function openLoop(count) {
  Atomics.store(words, NEXT, 0);
  Atomics.store(words, LEFT, 0);
  const number = (Atomics.load(words, STATE) >>> 16) + 1;
  Atomics.store(words, STATE, (number << 16) | OPEN | (count << WANTED));
  Atomics.notify(words, STATE);
}

/// The number of the next task. It may be beyond the last one.
export function takeTask() {
  return Atomics.add(words, NEXT, 1);
}

/// Lets no more threads join, and waits until all have left.
export function closeLoop() {
  const joined = Atomics.and(words, STATE, ~OPEN) & JOINED;
  for (let looks = 0; ; looks += 1) {
    const left = Atomics.load(words, LEFT);
    if (Atomics.load(words, FAILED)) {
      throw new Error("a thread failed");
    }
    if (left === joined) {
      return;
    }
    if (looks > LOOKS && Atomics.wait(words, LEFT, left, STUCK_MS) === "timed-out") {
      throw new Error("a thread does not answer");
    }
  }
}

// --- A thread ---------------------------------------------------------------------------------------

/// Joins every loop that this thread may join, and calls `work` in it. Never returns.
export function joinLoops(work) {
  const index = Atomics.add(words, READY, 1);
  let last = 0;
  for (;;) {
    const number = joinNext(index, last);
    try {
      work();
    } catch (error) {
      Atomics.store(words, FAILED, 1);
      throw error;
    } finally {
      Atomics.add(words, LEFT, 1);
      Atomics.notify(words, LEFT);
    }
    last = number;
  }
}

/// Waits for a loop other than number `last`, and joins it. Returns its number.
function joinNext(index, last) {
  for (let looks = 0; ; looks += 1) {
    const state = Atomics.load(words, STATE);
    const number = state >>> 16;
    const mayJoin = state & OPEN && number !== last && ((state >> WANTED) & 0x7f) > index;
    if (mayJoin) {
      if (Atomics.compareExchange(words, STATE, state, state + 1) === state) {
        return number;
      }
    } else if (looks > LOOKS || (state & OPEN && number !== last)) {
      // Nothing happens, or this loop is for fewer threads.
      Atomics.wait(words, STATE, state);
      looks = 0;
    }
  }
}
