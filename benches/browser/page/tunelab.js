// The adapter of tunelab's engine, compiled from ../engine.

import init, { Engine } from "/engine/browser-bench.js";
import { fetchBytes } from "./safetensors.js";

let engine;

export async function open({ backend }) {
  const [weights] = await Promise.all([fetchBytes("/models/resnet18.safetensors"), init()]);
  const device = { wasm: "cpu", reference: "reference", webgpu: "wgpu" }[backend];
  engine = await Engine.open(device, weights);
}

export const prepare = (pixels) => pixels;

export function inference() {
  const network = engine.inference();
  return ({ input, size }) => network.logits(input, size);
}

export function training({ head, rate }) {
  const network = engine.training(head.weight, head.bias, rate);
  return ({ input, labels, size }) => network.step(input, Uint32Array.from(labels), size);
}
