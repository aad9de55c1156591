// Cached activations that do not fit into memory: they are stored in the browser's private file system, come back
// unchanged, and leave nothing behind.

import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, test } from "node:test";

import { App, MINUTE, TRAINING } from "./lib/app.mjs";
import { temporaryFolder } from "./lib/images.mjs";
import { site } from "./lib/site.mjs";
import { message } from "./lib/texts.mjs";
import { until } from "./lib/wait.mjs";

const CLASSES = 10;
const PER_CLASS = 240;
/// A hundredth of each class is held out for validation.
const VALIDATION = 2 * CLASSES;
const TRAIN = CLASSES * PER_CLASS - VALIDATION;
const SIZE = 128;
/// Bytes of cached activations per image before the first stage: 64 channels, a quarter of each side, two bytes per
/// number.
const ROW = 64 * (SIZE / 4) ** 2 * 2;
/// Bytes that the worker keeps in memory, as in src/worker/run_setup.rs; validation images come first.
const IN_MEMORY = (256 * 2 ** 20) / ROW - VALIDATION;
/// Compared steps, with images drawn at random.
const STEPS = 12;

/// CIFAR-10 records: a color per class, and a pattern that differs from image to image.
function records() {
  const bytes = [];
  for (let index = 0; index < PER_CLASS; index++) {
    for (let label = 0; label < CLASSES; label++) {
      bytes.push(label);
      for (let channel = 0; channel < 3; channel++) {
        const level = 20 * ((label + 3 * channel) % 10);
        for (let pixel = 0; pixel < 1024; pixel++) {
          bytes.push(level + ((pixel * (1 + (index % 7)) + 13 * index) % 64));
        }
      }
    }
  }
  return Buffer.from(bytes);
}

describe("cached activations beyond memory", () => {
  const here = site();

  test("are stored in the private file system during the run", { timeout: TRAINING }, async (t) => {
    assert.ok(IN_MEMORY < TRAIN - TRAIN / 10, "a tenth of the images is beyond memory");
    const app = await App.open(here.browser, here.url);
    t.after(() => app.close());
    const file = path.join(await temporaryFolder(t), "data_batch_1.bin");
    await writeFile(file, records());
    await app.file(message("images-choose-cifar")).setInputFiles(file);
    await app.hasImages({ images: CLASSES * PER_CLASS, classes: CLASSES, timeout: 2 * MINUTE });
    await app.openOptions();

    /// Bytes in the private file system.
    const spilled = () =>
      app.page.evaluate(async () => {
        const root = await navigator.storage.getDirectory();
        let bytes = 0;
        for await (const handle of root.values()) {
          bytes += (await handle.getFile()).size;
        }
        return bytes;
      });
    /// The first losses of a run that is then stopped, and the bytes in the file system meanwhile.
    const run = async () => {
      const before = (await app.events("step")).length;
      await app.startTraining();
      const losses = await until(
        `${STEPS} steps`,
        async () => {
          const steps = (await app.events("step")).slice(before, before + STEPS);
          return steps.length === STEPS && steps.map(({ loss }) => loss);
        },
        { timeout: TRAINING, every: 250, describe: () => app.state() },
      );
      const bytes = await spilled();
      await app.button(message("run-stop")).click();
      await app.trainingEnds(TRAINING);
      return { losses, bytes };
    };

    await app.choose(message("option-strategy.last-k"));
    await app.option("last_k").fill("4");
    await app.setImageSize(SIZE);
    await app.setEpochs(2);
    await app.option("augmentation").selectOption("none");
    await app.option("validation_share").fill("0.01");
    await app.option("batch_size").fill("8");
    // At the full learning rate from the first step on, so that wrong images would show in the losses.
    await app.option("warmup_epochs").fill("0");
    const without = await run();
    assert.equal(without.bytes, 0);

    await app.option("cache_views").fill("4");
    const began = Date.now();
    const kept = await run();
    t.diagnostic(`${(kept.bytes / 1e6).toFixed(1)} MB spilled, ${((Date.now() - began) / 1000).toFixed(0)} s`);
    t.diagnostic(`losses ${kept.losses.map((loss) => loss.toFixed(3)).join(", ")}`);
    const features = (await app.events("caching_activations")).at(-1);
    assert.deepEqual([features.done, features.total], [TRAIN + VALIDATION, TRAIN + VALIDATION]);
    assert.equal(kept.bytes, (TRAIN - IN_MEMORY) * ROW);

    // The same images; float16 rounds the cached activations, and the difference grows with each step.
    for (const [step, loss] of kept.losses.entries()) {
      const expected = without.losses[step];
      assert.ok(Math.abs(loss - expected) < 0.05 * expected, `step ${step + 1}: ${loss}, not ${expected}`);
    }
    await until("nothing left behind", async () => (await spilled()) === 0);
    assert.deepEqual(app.errors, []);
  });
});
