// Predictions without training, from one image per class.

import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { App, MINUTE, SECOND } from "./lib/app.mjs";
import { png } from "./lib/images.mjs";
import { site } from "./lib/site.mjs";
import { message, messagePattern } from "./lib/texts.mjs";
import { until } from "./lib/wait.mjs";

/// Shapes that are easy to tell apart, each with a size and a position, x and y from -1 to 1.
const FIGURES = {
  ring: (x, y, size) => Math.abs(Math.hypot(x, y) - size) < 0.12,
  disc: (x, y, size) => Math.hypot(x, y) < size,
  stripes: (x, y, size) => Math.hypot(x, y) < 1.5 * size && Math.sin(16 * (x + y)) > 0,
  checkerboard: (x, y, size) =>
    Math.max(Math.abs(x), Math.abs(y)) < 1.4 * size && Math.sin(12 * x) * Math.sin(12 * y) > 0,
};

const image = (name, { left = 0, down = 0, size = 0.5, ink = [40, 60, 130] }) => ({
  name: `${name}.png`,
  mimeType: "image/png",
  buffer: png(96, (x, y) => (FIGURES[name](x - left, y - down, size) ? ink : [225, 215, 190])),
});

describe("few-shot", () => {
  const here = site();

  test("works with one image per class", { timeout: 3 * MINUTE }, async (t) => {
    const app = await App.open(here.browser, here.url);
    t.after(() => app.close());
    await until("the network ready", () => app.text("model-title"), { timeout: MINUTE });
    const button = app.button(message("images-few-shot"));
    assert.equal(await button.count(), 0, "offered before there are images");
    for (const name of Object.keys(FIGURES)) {
      await app.addClass(name);
      await app.file(message("images-add-to-class", { class: name })).setInputFiles(image(name, {}));
    }
    await app.hasImages({ images: 4, classes: 4 });

    // Training is not possible, and the page says what is possible instead.
    assert.match(await app.text("images-advice"), messagePattern("images-advice-too-few", { count: 4, few: 5 }));
    assert.equal(await app.button(message("run-start")).isEnabled(), false);
    await app.section("train").getByText(messagePattern("run-lone-image")).waitFor();

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

    // Nothing was validated, so no accuracy is shown.
    assert.equal(trained.report, null);
    assert.equal((await app.events("epoch")).length, 0);
    assert.equal((await app.events("done")).at(-1).report, null);
    assert.equal(await app.shown("validation-accuracy").count(), 0);
    await app.section("try").getByText(message("run-not-validated")).waitFor();

    const others = [
      { left: 0.15, down: -0.1, size: 0.42 },
      { left: -0.1, down: 0.15, size: 0.55, ink: [50, 40, 110] },
    ];
    for (const name of Object.keys(FIGURES)) {
      for (const other of others) {
        const { text, probabilities } = await app.predict(image(name, other));
        t.diagnostic(`a ${name}: ${text}`);
        const [best] = Object.entries(probabilities).sort(([, a], [, b]) => b - a)[0];
        assert.equal(best, name);
      }
    }
    assert.deepEqual(app.errors, []);
  });

  test("validates if there are validation images", { timeout: 3 * MINUTE }, async (t) => {
    const app = await App.open(here.browser, here.url);
    t.after(() => app.close());
    await app.useSample();
    await app.button(message("images-few-shot")).click();
    const accuracy = await until("the accuracy", () => app.validationAccuracy(), { timeout: 2 * MINUTE });
    t.diagnostic(`${(100 * accuracy).toFixed(1)} %`);
    assert.ok(accuracy > 0.5, `${accuracy}`);
    // The options of step 3 have not changed.
    assert.ok(await app.radio(message("option-strategy.auto")).isChecked());
  });
});
