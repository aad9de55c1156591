// Starts Chromium.

import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";

import { chromium } from "playwright-core";

/// Nothing that a browser does on its own account: no updates, no reports, no synchronization.
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

function findChromium() {
  if (process.env.CHROMIUM) {
    return process.env.CHROMIUM;
  }
  for (const name of NAMES) {
    try {
      return execFileSync("sh", ["-c", `command -v ${name}`], { encoding: "utf8" }).trim();
    } catch {
      // The next one.
    }
  }
  const app = MAC_APPS.find(existsSync);
  if (!app) {
    throw new Error("no Chromium found: run scripts/setup, or set CHROMIUM to its program");
  }
  return app;
}

/// `gpu`: "software" gives pages a WebGPU adapter; otherwise a headless Chromium has none. `flags`: more of
/// Chromium's.
export function launch({ gpu = "none", flags = [] } = {}) {
  return chromium.launch({
    executablePath: findChromium(),
    chromiumSandbox: false,
    args: [...QUIET, ...(gpu === "software" ? SOFTWARE_GPU : []), ...flags],
  });
}
