// Accessibility: axe-core on every step in every color scheme and size, and the whole app with the keyboard only.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { App, MINUTE, SECOND, TRAINING } from "./lib/app.mjs";
import { check } from "./lib/axe.mjs";
import { ringImage } from "./lib/images.mjs";
import { site } from "./lib/site.mjs";
import { message } from "./lib/texts.mjs";
import { until } from "./lib/wait.mjs";

describe("axe-core finds no violations", () => {
  const here = site();
  let app;

  before(async () => {
    app = await App.open(here.browser, here.url);
    await until("the network ready", () => app.text("model-title"), { timeout: MINUTE });
  });
  after(() => app?.close());

  test("at the start", { timeout: 2 * MINUTE }, (t) => check(app, t));

  test("with images", { timeout: 2 * MINUTE }, async (t) => {
    await app.useSample();
    await check(app, t);
  });

  test("with all panels expanded", { timeout: 2 * MINUTE }, async (t) => {
    const unfold = (open) => {
      for (const details of document.querySelectorAll("details")) {
        details.open = open;
      }
    };
    await app.page.evaluate(unfold, true);
    await app.option("strategy").waitFor({ timeout: MINUTE });
    await check(app, t);
    await app.page.evaluate(unfold, false);
  });

  test("with an error", { timeout: 2 * MINUTE }, async (t) => {
    await app.file(message("model-choose-file")).setInputFiles({
      name: "notes.safetensors",
      mimeType: "application/octet-stream",
      buffer: Buffer.from("These are not weights.\n"),
    });
    await app.saysWhatIsWrong("model");
    await check(app, t);
  });

  test("during a paused run", { timeout: TRAINING }, async (t) => {
    await app.choose(message("option-strategy.probe"));
    await app.setEpochs(200);
    await app.startTraining();
    await app.reachesEpoch(1);
    await app.button(message("run-pause")).click();
    await app.button(message("run-resume")).waitFor({ timeout: MINUTE });
    try {
      await check(app, t);
    } finally {
      await app.button(message("run-resume")).click();
    }
  });

  test("after the run, with a prediction", { timeout: TRAINING }, async (t) => {
    await app.trainingEnds(TRAINING);
    await app.predict({ name: "ring.png", mimeType: "image/png", buffer: ringImage() });
    // The results appear a moment after the run.
    await app.page.getByRole("region", { name: message("results-mistakes") }).waitFor({ timeout: MINUTE });
    await check(app, t);
  });
});

describe("with the keyboard only", () => {
  const here = site();

  /// Presses Tab until the element has the focus, as a user would, and checks that the focus is visible.
  async function tabTo(app, locator, what) {
    await locator.waitFor({ timeout: MINUTE });
    const focused = () => locator.evaluate((element) => element === document.activeElement);
    for (let presses = 0; presses < 150; presses++) {
      if (await focused()) {
        assert.ok(await locator.evaluate(showsFocus), `the focus on ${what} cannot be seen`);
        return presses;
      }
      await app.page.keyboard.press("Tab");
    }
    throw new Error(`${what} cannot be reached by Tab`);
  }

  /// Whether an element, the label that represents it, or the card around it has an outline.
  function showsFocus(element) {
    const near = [element, element.nextElementSibling, element.parentElement, element.parentElement?.parentElement];
    return near.some((at) => {
      if (!at || at.clientWidth < 5) {
        return false;
      }
      const { outlineStyle, outlineWidth } = getComputedStyle(at);
      return outlineStyle === "auto" || (outlineStyle !== "none" && parseFloat(outlineWidth) >= 2);
    });
  }

  test("from the first image to a prediction", { timeout: 2 * TRAINING }, async (t) => {
    const app = await App.open(here.browser, here.url);
    t.after(() => app.close());
    const { page } = app;

    const sample = await tabTo(app, app.button(message("images-use-sample")), "the sample button");
    await page.keyboard.press("Enter");
    await app.hasImages();

    // The radio buttons of a group are one tab stop; the arrow keys choose.
    const advised = message("option-strategy.auto");
    await until("the advice", () => app.radio(advised).isChecked());
    const radio = await tabTo(app, app.radio(advised), "how much to retrain");
    await page.keyboard.press("ArrowDown");
    assert.ok(!(await app.radio(advised).isChecked()));
    await page.keyboard.press("ArrowUp");
    assert.ok(await app.radio(advised).isChecked());
    await app.choose(message("option-strategy.probe"));

    const train = await tabTo(app, app.button(message("run-start")), "Train");
    await page.keyboard.press("Enter");
    await app.button(message("run-stop")).waitFor({ timeout: MINUTE });
    const pause = await tabTo(app, app.button(message("run-pause")), "Pause");
    await page.keyboard.press("Enter");
    await app.button(message("run-resume")).waitFor({ timeout: MINUTE });
    await tabTo(app, app.button(message("run-resume")), "Resume");
    await page.keyboard.press("Enter");
    await app.trainingEnds(TRAINING);

    const chooser = page.waitForEvent("filechooser", { timeout: 10 * SECOND });
    const choose = await tabTo(app, app.file(message("try-choose")), message("try-choose"));
    await page.keyboard.press("Enter");
    await (await chooser).setFiles({ name: "ring.png", mimeType: "image/png", buffer: ringImage() });
    await app.shown("prediction").first().waitFor({ timeout: MINUTE });
    t.diagnostic(`presses of Tab: ${[sample, radio, train, pause, choose].join(", ")}`);
  });
});
