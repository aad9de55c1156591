// For everybody: axe-core on every step in every look, and the whole way by keyboard alone.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { App, MINUTE, SECOND, TRAINING } from "./lib/app.mjs";
import { check } from "./lib/axe.mjs";
import { ringPicture } from "./lib/pictures.mjs";
import { site } from "./lib/site.mjs";
import { until } from "./lib/wait.mjs";

describe("axe-core finds nothing", () => {
  const here = site();
  let app;

  before(async () => {
    app = await App.open(here.browser, here.url);
    await until("the network ready", () => app.text("model-title"), { timeout: MINUTE });
  });
  after(() => app?.close());

  test("at the start", { timeout: 2 * MINUTE }, (t) => check(app, t));

  test("with pictures", { timeout: 2 * MINUTE }, async (t) => {
    await app.useSample();
    await check(app, t);
  });

  test("with everything unfolded", { timeout: 2 * MINUTE }, async (t) => {
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

  test("with a problem", { timeout: 2 * MINUTE }, async (t) => {
    await app.file("Choose a weights file").setInputFiles({
      name: "notes.safetensors",
      mimeType: "application/octet-stream",
      buffer: Buffer.from("These are not weights.\n"),
    });
    await app.saysWhatIsWrong("model");
    await check(app, t);
  });

  test("while it trains, paused", { timeout: TRAINING }, async (t) => {
    await app.choose("Linear probe");
    await app.setEpochs(200);
    await app.startTraining();
    await app.reachesEpoch(1);
    await app.button("Pause").click();
    await app.button("Resume").waitFor({ timeout: MINUTE });
    try {
      await check(app, t);
    } finally {
      await app.button("Resume").click();
    }
  });

  test("after the run, with a prediction", { timeout: TRAINING }, async (t) => {
    await app.trainingEnds(TRAINING);
    await app.predict({ name: "ring.png", mimeType: "image/png", buffer: ringPicture() });
    // The results come with a program of their own.
    await app.page.getByRole("region", { name: "Most wrong pictures" }).waitFor({ timeout: MINUTE });
    await check(app, t);
  });
});

describe("by keyboard alone", () => {
  const here = site();

  /// Presses Tab until the element has the focus, as a person would, and checks that the focus is seen.
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

  /// Whether an element, what draws it, or the card around it is outlined.
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

  test("from the first picture to a prediction", { timeout: 2 * TRAINING }, async (t) => {
    const app = await App.open(here.browser, here.url);
    t.after(() => app.close());
    const { page } = app;

    const sample = await tabTo(app, app.button("Use the sample pictures"), "the sample button");
    await page.keyboard.press("Enter");
    await app.hasPictures();

    // The group's radio buttons are one stop; arrows choose.
    const advised = "Automatic";
    await until("the advice", () => app.radio(advised).isChecked());
    const radio = await tabTo(app, app.radio(advised), "how much to retrain");
    await page.keyboard.press("ArrowDown");
    assert.ok(!(await app.radio(advised).isChecked()));
    await page.keyboard.press("ArrowUp");
    assert.ok(await app.radio(advised).isChecked());
    await app.choose("Linear probe");

    const train = await tabTo(app, app.button("Train"), "Train");
    await page.keyboard.press("Enter");
    await app.button("Stop").waitFor({ timeout: MINUTE });
    const pause = await tabTo(app, app.button("Pause"), "Pause");
    await page.keyboard.press("Enter");
    await app.button("Resume").waitFor({ timeout: MINUTE });
    await tabTo(app, app.button("Resume"), "Resume");
    await page.keyboard.press("Enter");
    await app.trainingEnds(TRAINING);

    const chooser = page.waitForEvent("filechooser", { timeout: 10 * SECOND });
    const choose = await tabTo(app, app.file("Choose a picture"), "Choose a picture");
    await page.keyboard.press("Enter");
    await (await chooser).setFiles({ name: "ring.png", mimeType: "image/png", buffer: ringPicture() });
    await app.shown("prediction").first().waitFor({ timeout: MINUTE });
    t.diagnostic(`presses of Tab: ${[sample, radio, train, pause, choose].join(", ")}`);
  });
});
