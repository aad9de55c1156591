// Starts the worker that computes. With `first` in the address, it does one thing at once and says how long that took
// since the page was opened.

const options = Object.fromEntries(new URLSearchParams(location.search));
const worker = new Worker("worker.js", { type: "module" });
const waiting = new Map();
let calls = 0;

worker.onmessage = ({ data: { id, value, error } }) => {
  const { resolve, reject } = waiting.get(id);
  waiting.delete(id);
  if (error === undefined) {
    resolve(value);
  } else {
    reject(new Error(error));
  }
};
worker.onerror = (event) => {
  for (const { reject } of waiting.values()) {
    reject(new Error(event.message || "the worker failed"));
  }
  waiting.clear();
};

/// Calls a method of the worker.
globalThis.call = (method, parameter) =>
  new Promise((resolve, reject) => {
    calls += 1;
    waiting.set(calls, { resolve, reject });
    worker.postMessage({ id: calls, method, parameter });
  });

const variant = { library: options.library, backend: options.backend, threads: Number(options.threads) };
globalThis.opened = call("open", variant);
// Whoever awaits it gets the error too.
opened.catch(() => {});

if (options.first) {
  const workload = { task: options.first, size: Number(options.size), batch: Number(options.batch) };
  globalThis.first = opened.then(async () => {
    await call("once", workload);
    return performance.now();
  });
  first.catch(() => {});
}
