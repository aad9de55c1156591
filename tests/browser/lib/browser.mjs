// Starts Chromium.

import { chromium } from "playwright-core";

import { findProgram } from "./drivers/program.mjs";

/// Turns off what a browser does by itself: updates, reports, synchronization.
const QUIET = [
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/// WebGPU on the processor, so that the tests need no graphics card.
const SOFTWARE_GPU = ["--enable-unsafe-webgpu", "--use-webgpu-adapter=swiftshader"];

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const MAC_APPS = [
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
];

/// The path of Chromium, or undefined if there is none.
export const findChromium = () => findProgram(process.env.CHROMIUM, ...NAMES, ...MAC_APPS);

function chromiumProgram() {
  const program = findChromium();
  if (!program) {
    throw new Error("no Chromium found: run scripts/setup, or set CHROMIUM to its program");
  }
  return program;
}

/// `gpu`: "software" gives pages a WebGPU adapter; otherwise a headless Chromium has none. `flags`: more flags for
/// Chromium.
export function launch({ gpu = "none", flags = [] } = {}) {
  return chromium.launch({
    executablePath: chromiumProgram(),
    chromiumSandbox: false,
    args: [...QUIET, ...(gpu === "software" ? SOFTWARE_GPU : []), ...flags],
  });
}
