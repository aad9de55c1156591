// Controlling a run: pause, resume, stop, continue.

import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { App, MINUTE, TRAINING } from "./lib/app.mjs";
import { site } from "./lib/site.mjs";
import { message } from "./lib/texts.mjs";
import { sleep, until } from "./lib/wait.mjs";

/// Enough epochs for the test to act during a linear probe, whose epochs take a fraction of a second.
const EPOCHS = 150;
/// So many that the run does not end by itself.
const ENDLESS = 10_000;

describe("a run", () => {
  const here = site();

  async function withSample(t) {
    const app = await App.open(here.browser, here.url);
    t.after(() => app.close());
    await app.useSample();
    return app;
  }

  /// A run that has to wait, because the worker is reading images for some seconds.
  async function queued(t) {
    const app = await withSample(t);
    await app.button(message("images-use-sample")).click();
    await app.startTraining();
    return app;
  }

  const breakDown = (app) =>
    app.page.workers()[0].evaluate(() => {
      setTimeout(() => {
        throw new Error("broken for the test");
      });
    });

  async function training(t, epochs = EPOCHS) {
    const app = await withSample(t);
    await app.choose(message("option-strategy.probe"));
    await app.setEpochs(epochs);
    await app.startTraining();
    return app;
  }

  test("can be paused and resumed", { timeout: TRAINING }, async (t) => {
    const app = await training(t);
    await until("steps", async () => (await app.step()) !== "", { timeout: 2 * MINUTE });
    await app.button(message("run-pause")).click();
    await app.button(message("run-resume")).waitFor({ timeout: MINUTE });
    const where = [await app.epoch(), await app.step()];
    await sleep(3000);
    assert.deepEqual([await app.epoch(), await app.step()], where, "it went on while paused");
    await app.button(message("run-resume")).click();
    await until("the next step", async () => `${[await app.epoch(), await app.step()]}` !== `${where}`, {
      timeout: MINUTE,
    });
    assert.ok((await app.trainingEnds(TRAINING)) > 0.5);
    assert.equal(await app.epoch(), EPOCHS);
  });

  test("can be canceled while it waits", { timeout: 3 * MINUTE }, async (t) => {
    const app = await queued(t);
    await app.button(message("run-stop")).click();
    await app.button(message("run-start")).waitFor({ timeout: MINUTE });
    await app.hasImages(await app.total());
    await sleep(1000);
    assert.deepEqual(await app.events("started"), []);
    assert.equal(await app.text("run-phase"), "Stopped");
    // The next run can start.
    await app.startTraining();
    await app.button(message("run-stop")).click();
    await app.button(message("run-start")).waitFor({ timeout: MINUTE });
  });

  test("can be started again if the worker crashed while it waited", { timeout: 3 * MINUTE }, async (t) => {
    const app = await queued(t);
    await breakDown(app);
    await app.button(message("app-engine-restart")).click();
    // The images on which it crashed are not loaded again; earlier ones are.
    await app.hasImages();
    await app.choose(message("option-strategy.probe"));
    await app.startTraining();
    assert.ok((await app.trainingEnds(TRAINING)) > 0.9);
  });

  test("continues after the worker crashed", { timeout: TRAINING }, async (t) => {
    const app = await training(t, ENDLESS);
    await until("a checkpoint", async () => (await app.replies("checkpoint")).length > 0, {
      timeout: 3 * MINUTE,
      describe: () => app.state(),
    });
    await app.openOptions();
    await breakDown(app);
    const again = app.button(message("app-engine-restart"));
    await again.waitFor({ timeout: MINUTE });
    // Nothing can be started while there is no worker.
    const rests = async (name) => (await app.button(name).getAttribute("aria-disabled")) === "true";
    await until("no run to begin", () => rests(message("run-start")));
    assert.equal(await rests(message("images-few-shot")), true);
    assert.equal(await app.button(message("train-continue")).count(), 0);
    await until("no rate to find", () => app.button(message("rate-finder-start")).isDisabled());
    await again.click();
    await app.button(message("train-continue")).click();
    const begun = await until("the run going on", async () => (await app.events("started"))[1], {
      timeout: 2 * MINUTE,
      describe: () => app.state(),
    });
    t.diagnostic(`goes on after step ${begun.step}`);
    assert.ok(begun.step > 0, "it began anew");
    await app.reachesEpoch(Math.floor(begun.step / begun.steps_per_epoch) + 2);
    await app.button(message("run-stop")).click();
    assert.ok((await app.trainingEnds(TRAINING)) > 0.5);
  });

  test("can be stopped, tried and continued to its end", { timeout: TRAINING }, async (t) => {
    const app = await training(t);
    await app.reachesEpoch(3);
    await app.button(message("run-stop")).click();
    const further = app.button(message("train-continue"));
    await further.waitFor({ timeout: MINUTE });
    const stoppedAt = await app.epoch();
    assert.ok(stoppedAt < EPOCHS, `stopped in epoch ${stoppedAt}`);
    // The model trained so far can be used.
    await app.button(message("try-download")).waitFor();

    await further.click();
    await app.button(message("run-stop")).waitFor({ timeout: MINUTE });
    await app.reachesEpoch(stoppedAt);
    assert.ok((await app.trainingEnds(TRAINING)) > 0.5);
    assert.equal(await app.epoch(), EPOCHS);
    assert.deepEqual(app.errors, []);
  });
});
