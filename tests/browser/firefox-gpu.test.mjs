// WebGPU in Firefox, which has another shader compiler (naga) than Chromium. It is tested with Mesa's software
// driver. This takes minutes, so it runs only with TUNELAB_LONG=1.

import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, test } from "node:test";

import { firefox } from "./lib/drivers/firefox.mjs";
import { serve } from "./lib/server.mjs";
import { message } from "./lib/texts.mjs";
import { Visit, isOnPage } from "./lib/visit.mjs";
import { MINUTE } from "./lib/wait.mjs";

const PREFERENCES = {
  "dom.webgpu.enabled": true,
  "dom.webgpu.workers.enabled": true,
  "gfx.webgpu.ignore-blocklist": true,
};

function whySkipped() {
  if (process.env.TUNELAB_LONG !== "1") {
    return "it takes minutes: TUNELAB_LONG=1 asks for it";
  }
  return firefox.program ? false : "Firefox IS NOT INSTALLED: run scripts/setup";
}

describe("Firefox's WebGPU", { skip: whySkipped() }, () => {
  let downloads, driver, server, visit;

  before(async () => {
    downloads = await mkdtemp(path.join(tmpdir(), "tunelab-downloads-"));
    server = await serve();
    driver = await firefox.start({ downloads, preferences: PREFERENCES });
    visit = new Visit(driver);
    await driver.open(server.url);
    await visit.isReady();
  });
  after(async () => {
    await driver?.close();
    await server?.close();
    await rm(downloads, { recursive: true, force: true });
  });

  test("computes correct results", { timeout: 6 * MINUTE }, async (t) => {
    t.diagnostic(driver.version);
    const adapter = await driver.evaluate(async () => {
      const adapter = await navigator.gpu?.requestAdapter();
      return adapter && { fallback: adapter.info?.isFallbackAdapter ?? adapter.isFallbackAdapter };
    });
    assert.ok(adapter, "Firefox offers no adapter; it needs a Vulkan driver, such as Mesa's");
    t.diagnostic(JSON.stringify(adapter));
    await visit.useSample();
    const began = Date.now();
    await visit.choose(message("device-gpu"));
    const isRight = () => driver.evaluate(isOnPage, message("device-gpu-ready", { name: "" }).replace(/^\W+/, ""));
    await visit.until("the check passed", isRight, 5 * MINUTE);
    t.diagnostic(`checked in ${((Date.now() - began) / 1000).toFixed(0)} s`);
  });

  test("trains", { timeout: 12 * MINUTE }, async (t) => {
    const began = Date.now();
    await visit.choose(message("option-strategy.probe"));
    const accuracy = await visit.train();
    t.diagnostic(`${accuracy} % in ${((Date.now() - began) / 1000).toFixed(0)} s`);
    assert.ok(accuracy > 90, `validation accuracy ${accuracy} %`);
    assert.deepEqual(await driver.errors(), []);
  });
});
