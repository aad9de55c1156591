// What is measured.

import { availableParallelism } from "node:os";

const THREADS = availableParallelism();

export const NAMES = { tunelab: "tunelab", tensorflow: "TensorFlow.js", onnxruntime: "ONNX Runtime Web" };

const backendText = (backend, threads) =>
  ({
    cpu: "JavaScript",
    reference: "burn's operations, 1 thread",
    wasm: threads === 1 ? "1 thread" : `${threads} threads`,
    webgl: "WebGL",
    webgpu: "WebGPU",
  })[backend];

/// A library with what it computes on. More than one thread needs a page that is isolated from others.
const variant = (library, backend, threads = 1) => ({
  library,
  backend,
  threads,
  label: `${NAMES[library]}, ${backendText(backend, threads)}`,
});

/// On the processor, then on the GPU. The engine is measured with threads in the app.
export function variants({ gpu, quick }) {
  const processor = [
    variant("tunelab", "wasm"),
    variant("tunelab", "reference"),
    variant("tensorflow", "wasm"),
    variant("onnxruntime", "wasm"),
    ...(THREADS > 1 ? [variant("tensorflow", "wasm", THREADS), variant("onnxruntime", "wasm", THREADS)] : []),
    // The only other one that trains on the processor, in minutes.
    ...(quick ? [] : [variant("tensorflow", "cpu")]),
  ];
  const graphics = [
    variant("tunelab", "webgpu"),
    variant("tensorflow", "webgpu"),
    variant("onnxruntime", "webgpu"),
    variant("tensorflow", "webgl"),
  ];
  return [...processor, ...(gpu ? graphics : [])];
}

/// Whether to measure this at all: plain JavaScript is far too slow for the rest.
export const isWorthwhile = ({ backend }, { task, size, batch }) =>
  backend !== "cpu" || (task === "training" && size === 64 && batch <= 16);

export const onGpu = ({ backend }) => ["webgl", "webgpu"].includes(backend);

/// Images per second for these.
export function workloads({ quick, large }) {
  const of = (task, size, ...batches) => batches.map((batch) => ({ task, size, batch }));
  if (quick) {
    return [...of("inference", 64, 1, 16, 64), ...of("training", 64, 16)];
  }
  const most = large ? [64] : [];
  return [
    ...of("inference", 64, 1, 8, 16, 64),
    ...of("inference", 224, 1, 8, 16, ...most),
    ...of("training", 64, 1, 8, 16, 64),
    ...of("training", 224, 1, 8, 16, ...most),
  ];
}

/// The time from opening a page to the end of these.
export const FIRSTS = [
  { task: "inference", size: 64, batch: 1 },
  { task: "training", size: 64, batch: 16 },
];

export const workloadText = ({ task, size, batch }) => `${task}, ${size} px, batch ${batch}`;
