// A GPU that computes wrong results is not used, and if one fails during a run, the processor continues the run.
// The adapter is SwiftShader, WebGPU on the processor.

import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { App, MINUTE, TRAINING } from "./lib/app.mjs";
import { tintedImages } from "./lib/images.mjs";
import { site } from "./lib/site.mjs";
import { message, messagePattern } from "./lib/texts.mjs";
import { until } from "./lib/wait.mjs";

const GPU = message("device-gpu");
const IMAGES = 24;

/// Two classes that are easy to tell apart, and few images: SwiftShader is slow.
async function useImages(app) {
  const classes = Object.entries({ sea: [30, 90, 200], sand: [220, 180, 90] });
  for (const [index, [name, color]] of classes.entries()) {
    await app.addClass(name);
    await app.file(message("images-add-to-class", { class: name })).setInputFiles(tintedImages(name, color, IMAGES));
    await app.hasImages({ images: IMAGES * (index + 1), classes: index + 1 });
  }
}

/// Opens the app with a worker in which `prepare` runs before the GPU is opened.
async function openWith(here, prepare) {
  const app = await App.open(here.browser, here.url);
  const worker = await until("the worker", () => app.page.workers()[0]);
  await worker.evaluate(prepare);
  await until("the GPU found", () => app.radio(GPU).isEnabled(), {
    timeout: MINUTE,
    describe: () => app.text("device-note"),
  });
  return { app, worker };
}

/// Records every GPU device that the worker opens.
function keepDevices() {
  self.opened = [];
  const { requestDevice } = GPUAdapter.prototype;
  GPUAdapter.prototype.requestDevice = async function (descriptor) {
    const device = await requestDevice.call(this, descriptor);
    self.opened.push(device);
    return device;
  };
}

const device = async (app) => (await app.replies("device")).at(-1);

async function chooseGpu(app) {
  await app.choose(GPU);
  await until("the GPU in use", async () => (await device(app)).device === "wgpu", {
    timeout: 5 * MINUTE,
    describe: async () => JSON.stringify(await device(app)),
  });
}

describe("a GPU", () => {
  const here = site({ gpu: "software" });

  test("whose shaders do not run fails its self-test", { timeout: 5 * MINUTE }, async (t) => {
    // As if a shader failed validation: the browser skips it, and results are stale.
    const { app } = await openWith(here, () => {
      GPUComputePassEncoder.prototype.dispatchWorkgroups = () => {};
    });
    t.after(() => app.close());
    await app.choose(GPU);
    await until("the failure", async () => (await device(app)).gpu.failed, {
      timeout: 2 * MINUTE,
      describe: async () => JSON.stringify(await device(app)),
    });
    const status = await device(app);
    assert.equal(status.device, "cpu");
    assert.ok(status.gpu.failed.reason.SelfTest, JSON.stringify(status.gpu.failed.reason));
    assert.match(await app.text("device-note"), messagePattern("device-reason-gpu-failed"));
    assert.match(await app.saysWhatIsWrong("train"), /computes wrong results/);
    await app.button(message("app-dismiss"), app.section("train")).click();
    await useImages(app);
    await app.choose(message("option-strategy.probe"));
    await app.startTraining();
    assert.ok((await app.trainingEnds(TRAINING)) > 0.8);
  });

  const breakdowns = {
    "a validation error": () => {
      const device = self.opened.at(-1);
      // WebGPU does not allow this combination.
      device.createBuffer({ size: 16, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.STORAGE });
    },
    "a lost device": () => self.opened.at(-1).destroy(),
  };
  for (const [what, breakDown] of Object.entries(breakdowns)) {
    test(`that fails with ${what} is replaced by the processor during the run`, { timeout: 12 * MINUTE }, async (t) => {
      const { app, worker } = await openWith(here, keepDevices);
      t.after(() => app.close());
      await useImages(app);
      await chooseGpu(app);
      await app.choose(message("option-strategy.probe"));
      await app.setEpochs(1000);
      await app.startTraining();
      await until("a checkpoint", async () => (await app.replies("checkpoint")).length > 0, {
        timeout: 8 * MINUTE,
        describe: () => app.state(),
      });
      await worker.evaluate(breakDown);
      await until("the interruption", async () => (await app.replies("interrupted")).length > 0, {
        timeout: MINUTE,
        describe: () => app.state(),
      });
      assert.ok((await app.trainingEnds(TRAINING)) > 0.9);
      const starts = await app.events("started");
      assert.equal(starts.length, 2);
      assert.ok(starts[1].step > 0, "it went on from its checkpoint");
      const status = await device(app);
      assert.equal(status.device, "cpu");
      assert.ok(status.gpu.failed, JSON.stringify(status.gpu));
      const [done] = await app.events("done");
      assert.equal(done.stopped, false);
      // The images are still there, and so is the progress of the run.
      assert.equal((await app.total()).images, 2 * IMAGES);
    });
  }
});
