// The training options on the page, and runs that follow them.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { App, MINUTE, TRAINING } from "./lib/app.mjs";
import { site } from "./lib/site.mjs";
import { message } from "./lib/texts.mjs";
import { until } from "./lib/wait.mjs";

describe("the options of training", () => {
  const here = site();
  let app;

  before(async () => {
    app = await App.open(here.browser, here.url);
    await app.useSample();
    await app.setImageSize(32);
  });
  after(() => app?.close());

  const value = (key) => app.option(key).inputValue();
  /// The configuration of the newest run.
  const config = async () => (await app.commands("Train")).at(-1).config;
  const train = async () => {
    const ended = (await app.events("done")).length;
    await app.startTraining();
    await app.trainingEnds(TRAINING);
    const done = (await app.events("done")).at(-1);
    assert.equal((await app.events("done")).length, ended + 1);
    return { done, started: (await app.events("started")).at(-1), accuracy: await app.validationAccuracy() };
  };

  test("are created only when they are expanded", { timeout: MINUTE }, async () => {
    assert.equal(await app.option("strategy").count(), 0);
    await app.openOptions();
    assert.equal(await app.option("strategy").count(), 1);
  });

  test("and the strategy cards follow each other", { timeout: MINUTE }, async () => {
    await app.choose(message("option-strategy.full"));
    const rate = Number(await value("learning_rate"));
    await app.choose(message("option-strategy.probe"));
    await until("another learning rate", async () => Number(await value("learning_rate")) !== rate);
    assert.equal(await value("strategy"), "probe");

    await app.option("strategy").selectOption("l2-sp");
    await until("no card chosen", async () => !(await app.radio(message("option-strategy.probe")).isChecked()));
    assert.ok(Number(await value("l2_sp")) > 0);
    await app.page.getByText(message("train-customized"), { exact: true }).waitFor();
    await app.choose(message("option-strategy.full"));
    await until("no L2-SP", async () => (await value("l2_sp")) === "0");
  });

  test("show an error next to an invalid value, which prevents a start", { timeout: MINUTE }, async () => {
    const dropout = app.option("dropout");
    await dropout.fill("7");
    await until("an error", async () => (await app.page.locator("#option-dropout-error").innerText()) !== "");
    assert.equal(await dropout.getAttribute("aria-invalid"), "true");
    assert.equal(await app.button(message("run-start")).isEnabled(), false);
    await app.page.locator('#train-reason a[href="#option-dropout"]').waitFor();
    await app.button(message("train-reset")).click();
    await until("the default", async () => (await value("dropout")) === "0");
    // An empty field has its default again.
    await dropout.fill("0.5");
    await until("the default in the hint", async () =>
      (await app.page.locator("#option-dropout-hint").innerText()).endsWith("Default: 0."));
    await dropout.fill("");
    await dropout.press("Tab");
    await until("the default again", async () => (await value("dropout")) === "0");
  });

  test("keep their values when the language changes", { timeout: MINUTE }, async () => {
    await app.option("epochs").fill("3");
    await app.page.locator("#language").selectOption("zh-Hans");
    await app.page.getByText("线性探测", { exact: true }).first().waitFor();
    assert.equal(await app.page.locator("html").getAttribute("lang"), "zh-Hans");
    assert.equal(await value("epochs"), "3");
    await app.page.locator("#language").selectOption("en");
    await app.page.getByText(message("option-strategy.probe"), { exact: true }).first().waitFor();
    await app.button(message("train-reset")).click();
  });

  test("include the learning-rate finder, whose suggestion can be used", { timeout: TRAINING }, async (t) => {
    await app.choose(message("option-strategy.probe"));
    // The second click of a double click does not stop it.
    await app.button(message("rate-finder-start")).dblclick();
    const use = app.page.getByRole("button", { name: new RegExp(`^${message("rate-finder-use", { rate: "\\d" })}`) });
    await use.waitFor({ timeout: TRAINING });
    const rates = await app.replies("learning_rate");
    t.diagnostic(`${rates.length} rates tried, ${await use.innerText()}`);
    assert.ok(rates.length > 20, `${rates.length} rates`);
    assert.ok(rates.every((point, index) => index === 0 || point.learning_rate > rates[index - 1].learning_rate));
    await app.page.locator(".rate-finder").getByRole("slider", { name: message("run-loss") }).waitFor();
    await use.click();
    const suggested = (await use.innerText()).match(/\d[\d.e-]*/)[0];
    await until("the suggested rate", async () => (await value("learning_rate")) === suggested);
    const rate = Number(suggested);
    assert.ok(rate > 1e-5 && rate < 1, suggested);
    // The suggestion does not hold for another strategy.
    await app.choose(message("option-strategy.full"));
    await until("no suggestion", async () => (await use.count()) === 0);
  });

  test("few-shot needs one pass and no step", { timeout: TRAINING }, async (t) => {
    await app.option("strategy").selectOption("few-shot");
    const { started, accuracy } = await train();
    t.diagnostic(`${(100 * accuracy).toFixed(1)} %`);
    assert.equal(started.steps_per_epoch, 0);
    assert.ok(accuracy > 0.5, `${accuracy}`);
  });

  test("a limit of images per class applies to both splits", { timeout: TRAINING }, async () => {
    await app.button(message("train-reset")).click();
    await app.choose(message("option-strategy.probe"));
    await app.setEpochs(2);
    await app.option("per_class").fill("none");
    await until("an error", async () => (await app.page.locator("#option-per_class-error").innerText()) !== "");
    await app.option("per_class").fill("5");
    const { started } = await train();
    assert.deepEqual([started.train_examples, started.validation_examples], [8 * 5, 8 * 5]);
    await app.button(message("train-reset")).click();
    await until("no limit", async () => (await value("per_class")) === "all");
  });

  test("early stopping and weight averaging take effect", { timeout: 2 * TRAINING }, async (t) => {
    await app.choose(message("option-strategy.probe"));
    await app.setEpochs(60);
    await app.option("patience").fill("2");
    await app.option("ema_decay").fill("0.99");
    const { done } = await train();
    const epochs = (await app.events("epoch")).at(-1).epoch;
    t.diagnostic(`ended after epoch ${epochs}, best ${done.best_epoch}`);
    assert.equal((await config()).ema_decay, 0.99);
    assert.equal(done.early, true);
    assert.equal(epochs, done.best_epoch + 2);
  });

  test("LP-FT trains the head first, then everything", { timeout: 2 * TRAINING }, async (t) => {
    await app.button(message("train-reset")).click();
    await app.option("strategy").selectOption("probe-then-full");
    await app.setEpochs(1);
    await app.option("mixup_alpha").fill("0.2");
    await app.option("augmentation").selectOption("rand-augment");
    const { started, accuracy } = await train();
    t.diagnostic(`${started.epochs} epochs, ${(100 * accuracy).toFixed(1)} %`);
    assert.equal(started.epochs, 6);
    const { mixup_alpha, augmentation, rand_augment_operations } = await config();
    assert.deepEqual([mixup_alpha, augmentation, rand_augment_operations], [0.2, "rand-augment", 2]);
    assert.ok(accuracy > 0.7, `${accuracy}`);
  });
});
