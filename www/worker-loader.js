// The first script of the worker: loads the engine, a WebAssembly program, and reports its progress and crashes.
// Once it runs, the engine and the page exchange messages of their own (crates/core/src/protocol.rs).
//
// Messages to the page:
//   { loading: [received, total] }   bytes; `total` is 0 if unknown
//   { failed: "reason" }             the engine could not be loaded
//   { crashed: "reason" }            the engine crashed; the page offers to restart it

import * as decoders from "./decoders.js";
import { createMemory } from "./memory.js";
import * as threads from "./threads.js";
import { adapt, hasRelaxedSimd } from "./webassembly.js";

const PROGRAM = new URL("worker_bg.wasm", import.meta.url);
// The worker is started from a blob, which has no base URL, so the engine finds its files by this one.
self.tunelabBase = new URL(".", import.meta.url).href;
const SECONDS_BETWEEN_REPORTS = 0.1;
// More decoders would take more memory without reading files faster.
const MOST_DECODERS = 4;

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

try {
  const { default: init } = await import("./worker.js");
  const memory = createMemory([true, false]);
  const shared = !(memory.buffer instanceof ArrayBuffer);
  const relaxed = hasRelaxedSimd();
  const module = await compile({ shared, relaxed });
  const exports = await init({ module_or_path: module, memory });
  // Memory can be sent to other workers only in an isolated page.
  const hasWorkers = typeof Worker === "function";
  if (hasWorkers && shared && self.crossOriginIsolated && typeof SharedArrayBuffer === "function") {
    threads.useProgram(module, memory, exports);
  }
  if (hasWorkers) {
    decoders.useProgram(module, shared, Math.min(navigator.hardwareConcurrency ?? 1, MOST_DECODERS));
  }
  if (relaxed) {
    exports.use_relaxed_simd();
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

/// Compiles the engine: while it is downloaded, or afterwards, if it has to be changed.
async function compile(features) {
  if (features.shared && features.relaxed && typeof WebAssembly.compileStreaming === "function") {
    return WebAssembly.compileStreaming(download());
  }
  const bytes = new Uint8Array(await (await download()).arrayBuffer());
  adapt(bytes, features);
  return WebAssembly.compile(bytes);
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
