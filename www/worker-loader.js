// The first script of the worker: loads the program that computes and says how far that is, and what
// broke it. From then on program and page talk to each other (src/worker/protocol.rs).
//
// It tells the page
//   { loading: [received, total] }   in bytes; `total` is 0 where unknown
//   { failed: "reason" }             when the program cannot be loaded
//   { crashed: "reason" }            when it breaks down later; the page offers to start another worker

const PROGRAM = new URL("worker_bg.wasm", import.meta.url);
// The worker itself begins with a blob, which has no folder: the program looks for its files here.
self.tunelabBase = new URL(".", import.meta.url).href;
const SECONDS_BETWEEN_REPORTS = 0.1;

const early = [];
const keep = (event) => early.push(event);
let started = false;
let broken = false;

// What comes before the program listens is kept for it.
self.addEventListener("message", keep);
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
  await init({ module_or_path: download() });
  started = true;
  self.removeEventListener("message", keep);
  for (const { data, ports } of early.splice(0)) {
    self.dispatchEvent(new MessageEvent("message", { data, ports: [...ports] }));
  }
} catch (error) {
  fail(error);
}

/// The program's file, counted while it is compiled.
async function download() {
  const response = await fetch(PROGRAM, { credentials: "same-origin" });
  if (!response.ok) {
    throw new Error(`${response.status} ${response.statusText}`.trim());
  }
  // The length of a compressed transfer is not that of the file.
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

/// Tells the page, once: what follows a breakdown is its consequence.
function fail(error) {
  if (broken) {
    return;
  }
  broken = true;
  console.error(error);
  // The program leaves the text of a panic here; the error itself only says "unreachable".
  const message = String(self.tunelabPanic ?? error?.message ?? error);
  self.postMessage(started ? { crashed: message } : { failed: message });
}
