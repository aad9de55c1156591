// Computes with one of the libraries, each of which is behind an adapter with the same functions:
//
//   open({ backend, threads, weights })           prepares the library
//   inference()                                   → async ({ input, size, batch }) → logits
//   training({ head, rate })                      → async ({ input, labels, size, batch }) → loss
//   prepare(pixels, size, batch)                  the pixels `[batch, 3, size, size]` as the library wants them

const ADAPTERS = { tunelab: "./tunelab.js", tensorflow: "/tensorflow/tensorflow.js", onnxruntime: "./onnxruntime.js" };
const CLASSES = 10;
const RATE = 1e-3;
/// At least so many runs and seconds, but no more runs after the last number of seconds.
const WARM_UP = { runs: 2, seconds: 1, most: 8 };
const MEASURED = { runs: 3, most: 40 };

let adapter;

const METHODS = {
  async open({ library, backend, threads }) {
    adapter = await import(ADAPTERS[library]);
    await adapter.open({ backend, threads });
    return { gpu: await gpuName(backend) };
  },

  /// The logits of the fixture's images.
  async logits({ fixture }) {
    const { input, size, batch } = await example(fixture);
    const run = await adapter.inference();
    return Array.from(await run({ input: adapter.prepare(input, size, batch), size, batch }));
  },

  /// The losses of the first training steps on the fixture's images.
  async losses({ fixture, steps, rate }) {
    const { input, size, batch, labels, head } = await example(fixture);
    const run = await adapter.training({ head, rate });
    const losses = [];
    for (let step = 0; step < steps; step += 1) {
      losses.push(await run({ input: adapter.prepare(input, size, batch), labels, size, batch }));
    }
    return losses;
  },

  async once(workload) {
    await (await repeatable(workload))();
  },

  /// Milliseconds of each batch, after a warm-up.
  async measure({ seconds, ...workload }) {
    const run = await repeatable(workload);
    const warmUp = await repeat(run, WARM_UP);
    const milliseconds = await repeat(run, { ...MEASURED, seconds });
    return { warmUp: warmUp.length, milliseconds };
  },
};

self.onmessage = async ({ data: { id, method, parameter } }) => {
  try {
    self.postMessage({ id, value: await METHODS[method](parameter) });
  } catch (error) {
    self.postMessage({ id, error: String(error?.message ?? error) });
  }
};

/// Computes a batch again and again; returns the milliseconds of each time.
async function repeat(run, { runs, seconds, most }) {
  const times = [];
  const begin = performance.now();
  for (;;) {
    const started = performance.now();
    await run();
    const ended = performance.now();
    times.push(ended - started);
    const passed = (ended - begin) / 1000;
    if ((times.length >= runs && passed >= seconds) || passed >= most) {
      return times;
    }
  }
}

/// A function that computes the same batch again and again.
async function repeatable({ task, size, batch }) {
  const input = adapter.prepare(pixels(batch, size), size, batch);
  if (task === "inference") {
    const run = await adapter.inference();
    return () => run({ input, size, batch });
  }
  const labels = Array.from({ length: batch }, (_, index) => index % CLASSES);
  const run = await adapter.training({ head: randomHead(), rate: RATE });
  return () => run({ input, labels, size, batch });
}

/// The images and the head of the fixture that PyTorch's numbers were computed with, or others if it is not there.
async function example(fixture) {
  const labels = [0, 1, 2, 3, 4, 5, 6, 7];
  if (!fixture) {
    return { input: pixels(8, 64), size: 64, batch: 8, labels, head: randomHead() };
  }
  const { fetchTensors } = await import("./safetensors.js");
  const tensors = await fetchTensors(fixture);
  const head = { weight: tensors.get("head.weight").values, bias: tensors.get("head.bias").values };
  return { input: tensors.get("input").values, size: 64, batch: 8, labels, head };
}

/// Numbers from -1 to 1, always the same (mulberry32).
function random(count) {
  const values = new Float32Array(count);
  let state = 1;
  for (let index = 0; index < count; index += 1) {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    values[index] = ((t ^ (t >>> 14)) >>> 0) / 2 ** 31 - 1;
  }
  return values;
}

/// Standardized pixels `[batch, 3, size, size]`.
const pixels = (batch, size) => random(batch * 3 * size * size).map((value) => 2 * value);

const randomHead = () => ({
  weight: random(CLASSES * 512).map((value) => 0.02 * value),
  bias: new Float32Array(CLASSES),
});

/// What computes, as the browser calls it.
async function gpuName(backend) {
  if (backend === "webgpu") {
    const info = (await navigator.gpu?.requestAdapter())?.info;
    return info && [info.vendor, info.architecture, info.description].filter(Boolean).join(" ");
  }
  if (backend === "webgl") {
    const gl = new OffscreenCanvas(1, 1).getContext("webgl2");
    const extension = gl?.getExtension("WEBGL_debug_renderer_info");
    return extension && gl.getParameter(extension.UNMASKED_RENDERER_WEBGL);
  }
  return undefined;
}
