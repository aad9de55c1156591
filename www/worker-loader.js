// The first script of the worker: loads the engine, a WebAssembly program, and reports its progress and crashes.
// Once it runs, the engine and the page exchange messages of their own (crates/core/src/protocol.rs).
//
// Messages to the page:
//   { loading: [received, total] }   bytes; `total` is 0 if unknown
//   { failed: "reason" }             the engine could not be loaded
//   { crashed: "reason" }            the engine crashed; the page offers to restart it

const PROGRAM = new URL("worker_bg.wasm", import.meta.url);
// The worker is started from a blob, which has no base URL, so the engine finds its files by this one.
self.tunelabBase = new URL(".", import.meta.url).href;
const SECONDS_BETWEEN_REPORTS = 0.1;

const queue = [];
const enqueue = (event) => queue.push(event);
let started = false;
let failed = false;

// Messages that arrive before the engine listens are delivered later.
self.addEventListener("message", enqueue);
self.addEventListener("error", (event) => {
  event.preventDefault();
  fail(event.error ?? event.message);
});
self.addEventListener("unhandledrejection", (event) => {
  event.preventDefault();
  fail(event.reason);
});

// The first pages of the engine's memory, as build.rs says, and one of wasm-bindgen. A device may not have enough address
// space for the largest memory.
const INITIAL_PAGES = 257;
const MOST_PAGES = [65536, 32768, 16384];

// Browsers refuse to fill shared memory with random numbers.
const fill = self.crypto.getRandomValues.bind(self.crypto);
self.crypto.getRandomValues = (array) => {
  array.set(fill(array.slice()));
  return array;
};

try {
  const { default: init } = await import("./worker.js");
  const threads = await import("./threads.js");
  const memory = createMemory();
  const module = await compile(memory.buffer instanceof ArrayBuffer);
  const exports = await init({ module_or_path: module, memory });
  // Memory can be sent to other workers only in an isolated page.
  if (self.crossOriginIsolated && typeof SharedArrayBuffer === "function") {
    threads.useProgram(module, memory, exports);
  }
  exports.start_engine();
  started = true;
  self.removeEventListener("message", enqueue);
  for (const { data, ports } of queue.splice(0)) {
    self.dispatchEvent(new MessageEvent("message", { data, ports: [...ports] }));
  }
} catch (error) {
  fail(error);
}

/// Memory for the engine: shared, so that threads can use it too, if the browser has such memory.
function createMemory() {
  let failure;
  for (const shared of [true, false]) {
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

/// Compiles the engine while it is downloaded, or for memory that is not shared, afterwards.
async function compile(unshared) {
  if (!unshared) {
    return WebAssembly.compileStreaming(download());
  }
  const bytes = new Uint8Array(await (await download()).arrayBuffer());
  importUnsharedMemory(bytes);
  return WebAssembly.compile(bytes);
}

/// Changes a program so that the memory that it imports is not shared.
/// See https://webassembly.github.io/spec/core/binary/modules.html#import-section.
function importUnsharedMemory(bytes) {
  const IMPORTS = 2;
  const [FUNCTION, , MEMORY] = [0, 1, 2];
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

/// Downloads the engine's file and reports the progress.
async function download() {
  const response = await fetch(PROGRAM, { credentials: "same-origin" });
  if (!response.ok) {
    throw new Error(`${response.status} ${response.statusText}`.trim());
  }
  // The length of a compressed response is not that of the file.
  const encoded = response.headers.get("Content-Encoding");
  const total = encoded ? 0 : Number(response.headers.get("Content-Length")) || 0;
  let received = 0;
  let reported = 0;
  const report = () => self.postMessage({ loading: [received, total] });
  if (!response.body?.pipeThrough || typeof TransformStream !== "function") {
    return response;
  }
  const count = new TransformStream({
    transform(chunk, controller) {
      received += chunk.byteLength;
      const now = performance.now();
      if (now - reported >= 1000 * SECONDS_BETWEEN_REPORTS) {
        reported = now;
        report();
      }
      controller.enqueue(chunk);
    },
    flush: report,
  });
  return new Response(response.body.pipeThrough(count), {
    headers: { "Content-Type": "application/wasm" },
  });
}

/// Reports an error to the page. Only the first one, because it causes those after it.
function fail(error) {
  if (failed) {
    return;
  }
  failed = true;
  console.error(error);
  // The engine stores the text of a panic here. The error itself only says "unreachable".
  const message = String(self.tunelabPanic ?? error?.message ?? error);
  self.postMessage(started ? { crashed: message } : { failed: message });
}
