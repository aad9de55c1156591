// The way that everybody goes, in every browser that is installed: sample pictures, training, a picture of
// one's own, the network saved, and the app opened again without a connection.

import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, test } from "node:test";

import { BROWSERS } from "./lib/drivers/index.mjs";
import { ringPicture } from "./lib/pictures.mjs";
import { serve } from "./lib/server.mjs";
import { MINUTE, until } from "./lib/wait.mjs";

const CLASSES = 8;

// These run in the page.

const findButton = (name) => {
  const buttons = [...document.querySelectorAll("button")];
  const found = buttons.find((button) => (button.ariaLabel ?? button.textContent).trim() === name);
  found?.scrollIntoView({ block: "center", behavior: "instant" });
  return found;
};
const findFileInput = (label) =>
  [...document.querySelectorAll("input[type=file]")].find(
    (input) => (input.ariaLabel ?? input.labels[0]?.textContent ?? "").trim() === label,
  );
const textOf = (testId) => document.querySelector(`[data-testid="${testId}"]`)?.textContent.trim() ?? "";
const canBePressed = (name) => {
  const buttons = [...document.querySelectorAll("button")];
  return buttons.some((button) => button.textContent.trim() === name && !button.disabled && button.ariaDisabled !== "true");
};
const isOnPage = (text) => document.body.innerText.includes(text);

/// The app in a browser, as its users see it.
class Visit {
  constructor(driver) {
    this.driver = driver;
  }

  text(testId) {
    return this.driver.evaluate(textOf, testId);
  }

  async press(name) {
    await this.until(`"${name}" can be pressed`, () => this.driver.evaluate(canBePressed, name));
    await this.driver.click(findButton, name);
  }

  /// Waits, and fails at once where the app reports a problem.
  until(what, ask, timeout = MINUTE) {
    const check = async () => {
      const problem = await this.text("problem");
      assert.equal(problem, "", `the app reports: ${problem}`);
      return ask();
    };
    const describe = async () =>
      JSON.stringify([await this.text("run-phase"), await this.text("epoch"), await this.driver.errors()]);
    return until(what, check, { timeout, every: 200, describe });
  }

  async isReady() {
    await this.until("the app on the screen", () => this.driver.evaluate(canBePressed, "Use the sample pictures"));
    await this.until("the network ready", () => this.text("model-title"));
  }

  async useSample() {
    await this.press("Use the sample pictures");
    await this.until("the pictures", async () => Number.parseInt(await this.text("pictures-total"), 10) > 0);
  }

  /// Presses Train and gives the validation accuracy in percent.
  async train() {
    await this.press("Train");
    await this.until("training", () => this.driver.evaluate(canBePressed, "Stop"));
    await this.until("the run's end", async () => !(await this.driver.evaluate(canBePressed, "Stop")), 8 * MINUTE);
    return Number.parseFloat(await this.text("validation-accuracy"));
  }

  /// The name of the most likely class and its share, as the page says it.
  async predict(file) {
    await this.driver.upload(file, findFileInput, "Choose a picture");
    return this.until("a prediction", () => this.text("prediction"));
  }
}

for (const browser of BROWSERS) {
  // A missing browser is no failure of the app, but nobody should take it for tested either.
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

    /// Keeps a picture of the step where somebody wants to look at it.
    const look = async (step) => {
      if (process.env.TUNELAB_LOOKS) {
        await driver.screenshot(path.join(process.env.TUNELAB_LOOKS, `${browser.name}-${step}.png`));
      }
    };

    test("the sample pictures train past 90 %", { timeout: 10 * MINUTE }, async (t) => {
      t.diagnostic(driver.version);
      await driver.open(server.url);
      await visit.isReady();
      await visit.useSample();
      await look("pictures");
      const began = Date.now();
      const accuracy = await visit.train();
      await look("train");
      t.diagnostic(`${accuracy} % in ${((Date.now() - began) / 1000).toFixed(0)} s`);
      assert.ok(accuracy > 90, `validation accuracy ${accuracy} %`);
    });

    test("a picture is recognized", { timeout: 2 * MINUTE }, async () => {
      const file = path.join(downloads, "ring.png");
      await writeFile(file, ringPicture());
      assert.match(await visit.predict(file), /^ring/);
      await look("try");
    });

    test("the network is saved", { timeout: 2 * MINUTE }, async (t) => {
      await visit.press("Download the model");
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
      await until("the app kept", () => driver.evaluate(() => navigator.serviceWorker.controller?.state === "activated"), {
        timeout: MINUTE,
      });
      assert.ok(await driver.evaluate(isOnPage, "It works without a connection once it was opened."));
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
