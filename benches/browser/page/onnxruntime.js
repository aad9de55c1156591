// The adapter of ONNX Runtime Web.

import { fetchBytes } from "./safetensors.js";

const FILES = "/npm/onnxruntime-web/dist/";

let ort;
let session;

export async function open({ backend, threads }) {
  ort = await import(`${FILES}${backend === "webgpu" ? "ort.webgpu.min.mjs" : "ort.wasm.min.mjs"}`);
  ort.env.wasm.wasmPaths = new URL(FILES, location.origin).href;
  ort.env.wasm.numThreads = threads;
  ort.env.logLevel = "error";
  const model = await fetchBytes("/onnx/resnet18.onnx");
  session = await ort.InferenceSession.create(model, {
    executionProviders: [backend === "webgpu" ? "webgpu" : "wasm"],
    graphOptimizationLevel: "all",
  });
  if (backend === "wasm" && threads > 1 && !self.crossOriginIsolated) {
    throw new Error("the page is not cross-origin isolated, so there are no threads");
  }
}

export const prepare = (pixels) => pixels;

export function inference() {
  return async ({ input, size, batch }) => {
    const images = new ort.Tensor("float32", input, [batch, 3, size, size]);
    const { logits } = await session.run({ images });
    const values = await logits.getData();
    logits.dispose();
    return values;
  };
}

export function training() {
  const Session = ort.TrainingSession;
  if (!Session) {
    throw new Error(`onnxruntime-web ${ort.env.versions?.web ?? ""} has no TrainingSession`);
  }
  throw new Error("onnxruntime-web can train: add it here");
}
