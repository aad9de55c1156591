// Opens a page with one of the libraries in a browser of its own, so that nothing is left from the case before.

import { readFile } from "node:fs/promises";

import { launch } from "../../tests/browser/lib/browser.mjs";
import { onGpu } from "./cases.mjs";

/// The flags that give a headless Chromium the computer's own GPU.
const HARDWARE_GPU = ["--enable-unsafe-webgpu", "--enable-gpu", "--ignore-gpu-blocklist", "--enable-features=Vulkan"];

/// `gpu` is "software", "hardware" or undefined.
function launchFor(variant, gpu) {
  if (!onGpu(variant)) {
    return launch();
  }
  return gpu === "hardware" ? launch({ flags: HARDWARE_GPU }) : launch({ gpu: "software" });
}

/**
 * Opens the page of a variant, gives it to `work`, and closes it. Returns `work`'s result, the most memory that the
 * page's process and the GPU's took together (bytes; undefined on other systems than Linux), the browser's version, and
 * what was sent to it. Fails if it takes longer than `timeout` milliseconds.
 */
export async function visit({ site, variant, gpu, parameters = {}, timeout }, work) {
  const browser = await launchFor(variant, gpu);
  let timer;
  try {
    const page = await (await browser.newContext()).newPage();
    const { library, backend, threads } = variant;
    const query = new URLSearchParams({ library, backend, threads, ...parameters });
    site.takeSent();
    const late = new Promise((_, reject) => {
      timer = setTimeout(() => reject(new Error(`took longer than ${timeout / 1000} s`)), timeout);
    });
    const result = await Promise.race([
      late,
      page.goto(`${site.url}bench/?${query}`).then(() => work(page)),
    ]);
    return { result, memory: await peakMemory(browser), chromium: browser.version(), sent: site.takeSent() };
  } finally {
    clearTimeout(timer);
    await browser.close();
  }
}

/// The peak of the resident memory of the largest page's process, and of the GPU's.
export async function peakMemory(browser) {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  let page = 0;
  let gpu = 0;
  for (const { type, id } of processInfo) {
    const peak = await peakOf(id);
    if (peak === undefined) {
      continue;
    }
    if (type === "renderer") {
      page = Math.max(page, peak);
    } else if (type === "GPU") {
      gpu = peak;
    }
  }
  return page ? { page, gpu } : undefined;
}

async function peakOf(process) {
  try {
    const status = await readFile(`/proc/${process}/status`, "utf8");
    return 1024 * Number(status.match(/^VmHWM:\s+(\d+)/m)[1]);
  } catch {
    return undefined;
  }
}
