// The main path in every installed browser: sample images, training, predicting an image, saving the model, and
// opening the app again without a connection.

import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, test } from "node:test";

import { isKept } from "./lib/built.mjs";
import { BROWSERS } from "./lib/drivers/index.mjs";
import { ringImage } from "./lib/images.mjs";
import { serve } from "./lib/server.mjs";
import { message } from "./lib/texts.mjs";
import { Visit, isOnPage } from "./lib/visit.mjs";
import { MINUTE, until } from "./lib/wait.mjs";

const CLASSES = 8;

for (const browser of BROWSERS) {
  // A missing browser is not a failure of the app, but it should not look as if it had been tested.
  const skip = browser.program ? false : `${browser.name} IS NOT INSTALLED, so the app is not tested in it: run scripts/setup`;
  if (skip) {
    console.error(`\n  !! ${skip}\n`);
  }

  describe(`the whole way in ${browser.name}`, { skip }, () => {
    let downloads, driver, server, visit;

    before(async () => {
      downloads = await mkdtemp(path.join(tmpdir(), "tunelab-downloads-"));
      server = await serve();
      driver = await browser.start({ downloads });
      visit = new Visit(driver);
    });
    after(async () => {
      await driver?.close();
      await server?.close();
      await rm(downloads, { recursive: true, force: true });
    });

    /// Saves a screenshot of the step if that is requested.
    const look = async (step) => {
      if (process.env.TUNELAB_LOOKS) {
        await driver.screenshot(path.join(process.env.TUNELAB_LOOKS, `${browser.name}-${step}.png`));
      }
    };

    test("training on the sample images exceeds 90%", { timeout: 10 * MINUTE }, async (t) => {
      t.diagnostic(driver.version);
      await driver.open(server.url);
      await visit.isReady();
      await visit.useSample();
      await look("images");
      await visit.choose(message("option-strategy.probe"));
      const began = Date.now();
      const accuracy = await visit.train();
      await look("train");
      t.diagnostic(`${accuracy} % in ${((Date.now() - began) / 1000).toFixed(0)} s`);
      assert.ok(accuracy > 90, `validation accuracy ${accuracy} %`);
    });

    test("an image is predicted correctly", { timeout: 2 * MINUTE }, async () => {
      const file = path.join(downloads, "ring.png");
      await writeFile(file, ringImage());
      assert.match(await visit.predict(file), /^ring/);
      await look("try");
    });

    test("the model is saved", { timeout: 2 * MINUTE }, async (t) => {
      await visit.press(message("try-download"));
      const isSaved = (name) => name.endsWith(".safetensors");
      const name = await until("the file", async () => (await readdir(downloads)).find(isSaved), {
        timeout: MINUTE,
        describe: async () => `${await readdir(downloads)}; ${await driver.errors()}`,
      });
      const complete = async () => {
        const bytes = await readFile(path.join(downloads, name));
        const head = bytes.length > 8 ? Number(bytes.readBigUInt64LE(0)) : 0;
        const entries = head && bytes.length > head + 8 ? JSON.parse(bytes.subarray(8, 8 + head)) : {};
        const ends = Object.values(entries).flatMap(({ data_offsets: range }) => range ?? []);
        return bytes.length === 8 + head + Math.max(...ends) && { bytes, entries };
      };
      const { bytes, entries } = await until("the whole file", complete);
      t.diagnostic(`${name}, ${(bytes.length / 1e6).toFixed(1)} MB`);
      assert.equal(entries["fc.weight"].shape[0], CLASSES);
    });

    test("the app starts again without a connection", { timeout: 3 * MINUTE }, async () => {
      await until("the app kept", () => driver.evaluate(isKept), { timeout: MINUTE });
      assert.ok(await driver.evaluate(isOnPage, message("app-works-offline")));
      await server.close();
      await driver.reload();
      await visit.isReady();
      await visit.useSample();
      await look("offline");
    });

    test("no error was logged", async () => {
      assert.deepEqual(await driver.errors(), []);
    });
  });
}
