// Hyperparameter search: showing, stopping, interrupting and continuing it, and using its best settings.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { App, MINUTE, TRAINING } from "./lib/app.mjs";
import { check } from "./lib/axe.mjs";
import { site } from "./lib/site.mjs";
import { message } from "./lib/texts.mjs";
import { until } from "./lib/wait.mjs";

const TRIALS = 5;

describe("a search", () => {
  const here = site();
  let app;
  let panel;

  before(async () => {
    app = await App.open(here.browser, here.url);
    await app.useSample();
    await app.setImageSize(32);
    // The results do not matter here.
    await app.openOptions();
    await app.option("per_class").fill("25");
    panel = app.page.locator("#train-search");
    await panel.locator("summary").first().click();
    await app.button(message("search-start"), panel).waitFor({ timeout: MINUTE });
  });
  after(() => app?.close());

  const field = (name, within = panel) => within.getByLabel(name, { exact: true });
  const write = async (name, text) => {
    await field(name).fill(text);
    await field(name).press("Tab");
  };
  const press = (name) => app.button(name, panel).click();
  const summary = () => app.text("search-summary");
  /// The finished runs, as `trial.rung`.
  const tried = async () => (await app.replies("trial_ended")).map(({ trial, rung }) => `${trial}.${rung}`);
  const triesAtLeast = (count) =>
    until(`${count} runs tried`, async () => (await tried()).length >= count, {
      timeout: 2 * MINUTE,
      describe: summary,
    });
  /// The trials in the chart.
  const drawn = async () => {
    const marks = panel.getByTestId("chart-mark");
    const trials = await marks.evaluateAll((all) => all.map((mark) => mark.dataset.key));
    return trials.toSorted();
  };

  test("shows its duration and invalid settings before it starts", { timeout: 2 * MINUTE }, async (t) => {
    await until("an estimate", async () => (await app.text("search-estimate")).includes("on this device"), {
      timeout: MINUTE,
    });
    const usual = await app.text("search-estimate");
    await field(message("option-strategy.full")).uncheck();
    await field(message("option-strategy.probe-then-full")).uncheck();
    await panel.locator(".search-more summary").click();
    for (const level of ["Strong", "TrivialAugment"]) {
      await field(level).uncheck();
    }
    await write(message("search-epochs"), "none");
    await panel.getByText(message("search-not-whole")).first().waitFor();
    assert.equal(await app.button(message("search-start"), panel).getAttribute("aria-disabled"), "true");
    await write(message("search-epochs"), "2");
    await write(message("search-trials"), String(TRIALS));
    await until("another estimate", async () => (await app.text("search-estimate")) !== usual);
    t.diagnostic(`${usual}; now ${await app.text("search-estimate")}`);
  });

  test("continues after a stop and after a crash without repeating runs", { timeout: TRAINING }, async (t) => {
    await press(message("search-start"));
    await triesAtLeast(1);
    await app.page.getByText(message("run-busy-search")).waitFor();
    await until("the time left", async () => (await app.text("search-time-left")).endsWith("left"));
    await press(message("search-stop"));
    await app.button(message("search-continue"), panel).waitFor({ timeout: MINUTE });
    const stopped = await tried();
    assert.match(await summary(), /^Stopped after \d of about \d runs\. The best score so far is /);

    await press(message("search-continue"));
    await triesAtLeast(stopped.length + 1);
    const lost = await tried();
    await app.page.workers()[0].evaluate(() => {
      setTimeout(() => {
        throw new Error("broken for the test");
      });
    });
    await app.button(message("app-engine-restart")).click();
    // When the images are there again.
    await app.button(message("search-continue"), panel).click({ timeout: MINUTE });
    await until("the end of the search", async () => (await summary()).startsWith("The search has finished"), {
      timeout: 3 * MINUTE,
      describe: summary,
    });
    const all = await tried();
    t.diagnostic(`${stopped.length} runs, then ${lost.length}, then ${all.length}: ${all.join(" ")}`);
    assert.equal(new Set(all).size, all.length, `a run was repeated: ${all}`);
    const trials = all.filter((run) => run.endsWith(".0")).toSorted();
    assert.deepEqual(trials, Array.from({ length: TRIALS }, (_, trial) => `${trial}.0`));
    assert.ok(all.some((run) => run.endsWith(".1")), "none went on to a full run");
    assert.equal(await app.button(message("search-continue"), panel).count(), 0);
  });

  test("shows every trial in both charts, also with the keyboard", { timeout: MINUTE }, async () => {
    const everyTry = Array.from({ length: TRIALS }, (_, trial) => String(trial));
    // Drawn at most ten times per second.
    await until("every try drawn", async () => `${await drawn()}` === `${everyTry}`, { describe: drawn });
    const slider = panel.getByRole("slider");
    const reading = () => panel.getByTestId("chart-reading").innerText();
    for (const kind of [message("search-all-options"), message("search-score-by-rate")]) {
      await panel.getByRole("radio", { name: kind }).check();
      await until(`the drawing ${kind}`, async () => `${await drawn()}` === `${everyTry}`);
      await slider.focus();
      await slider.press("Home");
      await until("the best in words", async () => (await reading()).startsWith("Best so far, "));
      await slider.press("ArrowRight");
      await until("the second in words", async () => (await reading()).startsWith("Rank 2, "));
      assert.equal(await slider.getAttribute("aria-valuetext"), await reading());
      await slider.press("Shift+Tab");
    }
    const marks = panel.getByTestId("chart-mark");
    const colors = await marks.evaluateAll((all) => all.map((mark) => mark.dataset.color));
    assert.ok(colors.every((color) => color === "0" || color === "1"), "other strategies than were selected");
    // The list says the same as the chart.
    const ranks = await panel.getByTestId("search-rank").allInnerTexts();
    assert.equal(ranks.length, Math.min(TRIALS, 5));
  });

  test("has no axe-core violations", { timeout: 2 * MINUTE }, async (t) => {
    for (const kind of [message("search-score-by-rate"), message("search-all-options")]) {
      await panel.getByRole("radio", { name: kind }).check();
      await check(app, t);
    }
    await app.page.emulateMedia({ colorScheme: "light" });
    await app.page.setViewportSize({ width: 1280, height: 800 });
  });

  test("offers its best settings, which can be trained with", { timeout: TRAINING }, async (t) => {
    const [best] = await panel.getByTestId("search-rank").allInnerTexts();
    const value = (key) => best.match(new RegExp(`${message(`option-${key}`)}: ([^;]+);`))[1];
    const [way, rate, decay] = [value("strategy"), value("learning-rate"), value("weight-decay")];
    const epochs = best.match(/; (\d+) epochs?/)[1];
    await press(message("search-use-best"));
    await panel.getByText(message("search-best-used")).waitFor();
    await until(`the way “${way}” chosen`, () => app.radio(way).isChecked());
    await app.openOptions();
    const field = (key) => app.option(key).inputValue();
    assert.deepEqual(
      [await field("learning_rate"), await field("weight_decay"), await field("epochs")],
      [rate, decay, epochs],
    );
    await app.startTraining();
    const accuracy = await app.trainingEnds(TRAINING);
    const started = (await app.events("started")).at(-1);
    t.diagnostic(`${best}; trained: ${(100 * accuracy).toFixed(1)} %`);
    assert.equal(started.epochs, Number(epochs));
    assert.deepEqual([started.train_examples, started.validation_examples], [8 * 25, 8 * 20]);
    // The same settings on the same images.
    const told = Number(best.match(/[\d.]+/)[0]) / 100;
    assert.ok(Math.abs(accuracy - told) < 0.1, `${accuracy}, not ${told}`);
  });

  test("cannot be continued with other images", { timeout: 2 * MINUTE }, async () => {
    const before = (await tried()).length;
    await press(message("search-start-new"));
    await triesAtLeast(before + 1);
    await press(message("search-stop"));
    await app.button(message("search-continue"), panel).waitFor({ timeout: MINUTE });
    await app.addClass("Something else");
    await app.shown("search-other-basis").waitFor();
    assert.equal(await app.button(message("search-continue"), panel).count(), 0);
    await panel.getByText(message("run-empty-class", { class: "Something else" })).waitFor();
    // Its results can be used all the same.
    await app.choose(message("option-strategy.full"));
    await press(message("search-use-best"));
    await panel.getByText(message("search-best-used")).waitFor();
    assert.deepEqual(app.errors.filter((error) => !error.includes("broken for the test")), []);
    assert.deepEqual(await app.violations(), []);
  });
});
