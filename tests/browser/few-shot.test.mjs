// An answer without training, from one picture of each class.

import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { App, MINUTE, SECOND } from "./lib/app.mjs";
import { png } from "./lib/pictures.mjs";
import { site } from "./lib/site.mjs";
import { until } from "./lib/wait.mjs";

/// Figures that are told apart at a glance, each of a size and a place, x and y from -1 to 1.
const FIGURES = {
  ring: (x, y, size) => Math.abs(Math.hypot(x, y) - size) < 0.12,
  disc: (x, y, size) => Math.hypot(x, y) < size,
  stripes: (x, y, size) => Math.hypot(x, y) < 1.5 * size && Math.sin(16 * (x + y)) > 0,
  checkerboard: (x, y, size) =>
    Math.max(Math.abs(x), Math.abs(y)) < 1.4 * size && Math.sin(12 * x) * Math.sin(12 * y) > 0,
};

const picture = (name, { left = 0, down = 0, size = 0.5, ink = [40, 60, 130] }) => ({
  name: `${name}.png`,
  mimeType: "image/png",
  buffer: png(96, (x, y) => (FIGURES[name](x - left, y - down, size) ? ink : [225, 215, 190])),
});

describe("without training", () => {
  const here = site();

  test("one picture of each class is enough to try it", { timeout: 3 * MINUTE }, async (t) => {
    const app = await App.open(here.browser, here.url);
    t.after(() => app.close());
    await until("the network ready", () => app.text("model-title"), { timeout: MINUTE });
    const button = app.button("Try it right away, without training");
    assert.equal(await button.count(), 0, "offered before there are pictures");
    for (const name of Object.keys(FIGURES)) {
      await app.addClass(name);
      await app.file(`Add pictures to ${name}`).setInputFiles(picture(name, {}));
    }
    await app.hasPictures({ pictures: 4, classes: 4 });

    // Training is not possible, and the page says what is.
    assert.match(await app.text("pictures-advice"), /at least two of each.*“Try it right away” below/s);
    assert.equal(await app.button("Train").isEnabled(), false);
    await app.section("train").getByText(/“Try it right away” at the end of step 1/).waitFor();

    const started = Date.now();
    await button.click();
    const trained = await until("the network made", async () => (await app.replies("trained")).at(-1), {
      timeout: MINUTE,
      describe: () => app.state(),
    });
    const seconds = (Date.now() - started) / SECOND;
    t.diagnostic(`ready after ${seconds.toFixed(1)} s`);
    assert.ok(seconds < 10, `${seconds} s`);
    assert.equal(await app.page.evaluate(() => document.activeElement.id), "try-heading");

    // Nothing was checked, so nothing is claimed.
    assert.equal(trained.report, null);
    assert.equal((await app.events("epoch")).length, 0);
    assert.equal((await app.events("done")).at(-1).report, null);
    assert.equal(await app.shown("validation-accuracy").count(), 0);
    await app.section("try").getByText(/No pictures were left to check it with/).waitFor();

    const others = [
      { left: 0.15, down: -0.1, size: 0.42 },
      { left: -0.1, down: 0.15, size: 0.55, ink: [50, 40, 110] },
    ];
    for (const name of Object.keys(FIGURES)) {
      for (const other of others) {
        const { text, probabilities } = await app.predict(picture(name, other));
        t.diagnostic(`a ${name}: ${text}`);
        const [best] = Object.entries(probabilities).sort(([, a], [, b]) => b - a)[0];
        assert.equal(best, name);
      }
    }
    assert.deepEqual(app.errors, []);
  });

  test("pictures that can be checked with are", { timeout: 3 * MINUTE }, async (t) => {
    const app = await App.open(here.browser, here.url);
    t.after(() => app.close());
    await app.useSample();
    await app.button("Try it right away, without training").click();
    const accuracy = await until("the accuracy", () => app.validationAccuracy(), { timeout: 2 * MINUTE });
    t.diagnostic(`${(100 * accuracy).toFixed(1)} %`);
    assert.ok(accuracy > 0.5, `${accuracy}`);
    // The choices of step 3 are as they were.
    assert.ok(await app.radio("Automatic").isChecked());
  });
});
