// Describes the machine and the programs of a run.

import { readFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";

/// Half a core.
const BUSY = 0.5;

/// The number of programs that ran in the last minute on average, and whether that is too many to measure.
export const load = () => os.loadavg()[0];
export const isBusy = (load) => load > BUSY;

const PACKAGES = ["@tensorflow/tfjs-core", "onnxruntime-web"];

export async function machine({ chromium, here, load }) {
  const [{ model } = {}] = os.cpus();
  const versions = {};
  for (const name of PACKAGES) {
    const text = await readFile(path.join(here, "node_modules", name, "package.json"), "utf8");
    versions[name] = JSON.parse(text).version;
  }
  return {
    processor: model?.trim(),
    cores: os.availableParallelism(),
    memory: os.totalmem(),
    load,
    system: `${os.type()} ${os.arch()}`,
    chromium,
    versions,
  };
}
