// Compares the engine's results with WebGPU in the browser with PyTorch's, and measures how long its shaders take to
// compile, how fast it trains, and that its memory does not grow. The program is tests/browser/parity, built by
// scripts/test-browser. The adapter is SwiftShader, WebGPU on the processor. It takes a quarter of an hour, so it runs
// only with TUNELAB_LONG=1; tests/engine makes the comparisons that are possible natively.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { after, before, describe, test } from "node:test";

import { launch } from "./lib/browser.mjs";
import { WEIGHTS, exists } from "./lib/images.mjs";
import { REPOSITORY, serve } from "./lib/server.mjs";
import { MINUTE } from "./lib/wait.mjs";

const PROGRAM = path.resolve(process.env.TUNELAB_PARITY ?? path.join(REPOSITORY, "target/browser-parity"));
const FIXTURE = path.resolve(
  process.env.TUNELAB_FIXTURES ?? path.join(REPOSITORY, "../shared/fixtures"),
  "resnet18_parity",
);
const LOGITS = 1e-2;
const LOSSES = 0.03;

/// The largest relative error of the losses; NaN if one of them is.
function worstOf({ losses, expected }) {
  assert.ok(expected.length > 0);
  assert.equal(losses.length, expected.length);
  return Math.max(...losses.map((loss, at) => Math.abs(loss / expected[at] - 1)));
}

const mib = (bytes) => (bytes / 2 ** 20).toFixed(1);

const missing = [];
for (const file of [path.join(PROGRAM, "browser-parity.js"), `${FIXTURE}.json`]) {
  if (!(await exists(file))) {
    missing.push(file);
  }
}
if (process.env.TUNELAB_LONG !== "1") {
  missing.unshift("TUNELAB_LONG=1");
}
const skip = missing.length > 0 && `${missing.join(" and ")} not there`;
if (skip) {
  console.log(`SKIPPED: parity on WebGPU: ${skip}`);
}

describe("parity on WebGPU", { skip }, () => {
  let server;
  let browser;
  let page;

  /// Calls a method of the program and returns its parsed JSON.
  const call = async (method, ...parameters) =>
    JSON.parse(
      await page.evaluate(([method, ...parameters]) => parity[method](...parameters), [method, ...parameters]),
    );
  const counted = () => page.evaluate(() => ({ ...counts }));
  /// Trains for `steps` steps and returns the bytes of GPU buffers created up to each of the steps `at`.
  const memoryOf = (steps, at) =>
    page.evaluate(
      async ([steps, at]) => {
        const made = [];
        await parity.steps(2, 32, steps, (step) => at.includes(step) && made.push(counts.made));
        return made;
      },
      [steps, at],
    );
  /// Bytes of GPU buffers that are left after everything unused was freed.
  const kept = () =>
    page.evaluate(async () => {
      parity.release();
      for (let i = 0; i < 5; i += 1) {
        gc();
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      return counts.there;
    });

  before(async () => {
    server = await serve({ root: PROGRAM, headers: false });
    browser = await launch({ gpu: "software", flags: ["--js-flags=--expose-gc"] });
    page = await browser.newPage();
    page.setDefaultTimeout(10 * MINUTE);
    const files = {
      "/": ["text/html", "<!doctype html><title>parity</title>"],
      "/weights": ["application/octet-stream", await readFile(WEIGHTS)],
      "/tensors": ["application/octet-stream", await readFile(`${FIXTURE}.safetensors`)],
      "/figures": ["application/json", await readFile(`${FIXTURE}.json`)],
    };
    for (const [url, [contentType, body]] of Object.entries(files)) {
      await page.route(server.origin + url, (route) => route.fulfill({ contentType, body }));
    }
    await page.goto(server.url);
    await page.evaluate(async () => {
      // Bytes of GPU buffers: all created ones, and those that still exist.
      globalThis.counts = { pipelines: 0, made: 0, there: 0, errors: [] };
      const collected = new FinalizationRegistry((size) => {
        counts.there -= size;
      });
      const { createComputePipeline, createBuffer } = GPUDevice.prototype;
      GPUDevice.prototype.createComputePipeline = function (descriptor) {
        counts.pipelines += 1;
        return createComputePipeline.call(this, descriptor);
      };
      GPUDevice.prototype.createBuffer = function (descriptor) {
        const buffer = createBuffer.call(this, descriptor);
        counts.made += descriptor.size;
        counts.there += descriptor.size;
        collected.register(buffer, descriptor.size);
        return buffer;
      };
      const { requestDevice } = GPUAdapter.prototype;
      GPUAdapter.prototype.requestDevice = async function (descriptor) {
        const device = await requestDevice.call(this, descriptor);
        device.addEventListener("uncapturederror", ({ error }) => counts.errors.push(error.message));
        return device;
      };
      const { default: init, Parity } = await import("/browser-parity.js");
      await init();
      const bytes = async (url) => new Uint8Array(await (await fetch(url)).arrayBuffer());
      const figures = await (await fetch("/figures")).text();
      globalThis.parity = await Parity.open("wgpu", await bytes("/weights"), await bytes("/tensors"), figures);
    });
  });
  after(async () => {
    await browser?.close();
    await server?.close();
  });

  test("features and logits", { timeout: 5 * MINUTE }, async (t) => {
    const { features, logits } = await call("forward");
    t.diagnostic(`largest differences: features ${features.toExponential(1)}, logits ${logits.toExponential(1)}`);
    assert.ok(features < LOGITS && logits < LOGITS, `${features}, ${logits}`);
  });

  const trajectories = [
    "sgd lr=0.01 momentum=0.9 wd=0, BN batch stats",
    "sgd lr=0.01 momentum=0.9 nesterov wd=5e-4, BN frozen",
    "adam lr=1e-4 betas=(0.9,0.999) eps=1e-8, BN batch stats",
    "adamw lr=1e-4 wd=0.01, BN frozen",
  ];
  for (const name of trajectories) {
    test(`ten steps of ${name}`, { timeout: 5 * MINUTE }, async (t) => {
      const found = await call("trajectory", name);
      assert.equal(found.expected.length, 10);
      const worst = worstOf(found);
      t.diagnostic(`the worst loss is off by ${(100 * worst).toFixed(3)} %`);
      // Not `worst > LOSSES`, which lets NaN pass.
      assert.ok(worst < LOSSES, `${found.losses} instead of ${found.expected}`);
    });
  }

  test("every short run, against the processor", { timeout: 20 * MINUTE }, async (t) => {
    const names = await page.evaluate(() => parity.shortRuns());
    assert.ok(names.length > 20);
    for (const [index, name] of names.entries()) {
      const found = await call("shortRun", index);
      const worst = worstOf(found);
      t.diagnostic(`${name}: ${found.losses.length} losses, the worst off by ${(100 * worst).toFixed(3)} %`);
      assert.ok(worst < LOSSES, `${name}: ${found.losses} instead of ${found.expected}`);
    }
  });

  test("speed", { timeout: 5 * MINUTE }, async (t) => {
    const speed = ({ milliseconds }) => 16000 / Math.min(...milliseconds);
    const inference = speed(await call("passes", 16, 64, 2));
    const training = speed(await call("steps", 16, 64, 2));
    const { pipelines } = await counted();
    t.diagnostic(
      `64 px, batch 16: ${inference.toFixed(2)} images/s inference, ${training.toFixed(2)} training, ${pipelines} pipelines`,
    );
    assert.ok(inference > 0 && training > 0);
  });

  test("200 steps take no more memory than 20", { timeout: 8 * MINUTE }, async (t) => {
    const [few, many] = await memoryOf(200, [20, 200]);
    t.diagnostic(`${mib(few)} MiB of buffers made until step 20, ${mib(many - few)} MiB more until step 200`);
    assert.ok(few > 2 ** 26, "buffers were counted");
    assert.ok(many < 1.02 * few, `${few} bytes, then ${many}`);
  });

  test("runs free their memory", { timeout: 2 * MINUTE }, async (t) => {
    const before = await kept();
    let { made } = await counted();
    for (const run of ["first", "second", "third"]) {
      const [after] = await memoryOf(3, [3]);
      const left = await kept();
      t.diagnostic(`the ${run} run makes buffers of ${mib(after - made)} MiB, ${mib(left)} MiB are there after it`);
      // Otherwise there would be about twice as much after the first run.
      assert.ok(after - made > 0.8 * before, `${after - made} bytes made, ${before} before`);
      assert.ok(left < 1.25 * before, `${before} bytes before, ${left} after the ${run} run`);
      made = after;
    }
  });

  test("no validation errors", async () => {
    assert.deepEqual((await counted()).errors, []);
  });
});
