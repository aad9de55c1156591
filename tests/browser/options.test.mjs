// Every way to fine-tune, from the page's options: they are there when asked for, and the run follows them.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { App, MINUTE, TRAINING } from "./lib/app.mjs";
import { site } from "./lib/site.mjs";
import { message, messagePattern } from "./lib/texts.mjs";
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
  /// What the newest run was asked for.
  const config = async () => (await app.commands("Train")).at(-1).config;
  const train = async () => {
    const ended = (await app.events("done")).length;
    await app.startTraining();
    await app.trainingEnds(TRAINING);
    const done = (await app.events("done")).at(-1);
    assert.equal((await app.events("done")).length, ended + 1);
    return { done, started: (await app.events("started")).at(-1), accuracy: await app.validationAccuracy() };
  };

  test("they are made when they are unfolded, not before", { timeout: MINUTE }, async () => {
    assert.equal(await app.option("strategy").count(), 0);
    await app.openOptions();
    assert.equal(await app.option("strategy").count(), 1);
  });

  test("a choice there changes the page, and a choice on the page changes it there", { timeout: MINUTE }, async () => {
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

  test("an invalid value has its error beside it and stops the start", { timeout: MINUTE }, async () => {
    const dropout = app.option("dropout");
    await dropout.fill("7");
    await until("an error", async () => (await app.page.locator("#option-dropout-error").innerText()) !== "");
    assert.equal(await dropout.getAttribute("aria-invalid"), "true");
    assert.equal(await app.button(message("run-start")).isEnabled(), false);
    await app.page.locator('#train-reason a[href="#option-dropout"]').waitFor();
    await app.button(message("train-reset")).click();
    await until("the default", async () => (await value("dropout")) === "0");
    // An empty field has the default again.
    await dropout.fill("0.5");
    await until("the default in the hint", async () =>
      (await app.page.locator("#option-dropout-hint").innerText()).endsWith("Default: 0."));
    await dropout.fill("");
    await dropout.press("Tab");
    await until("the default again", async () => (await value("dropout")) === "0");
  });

  test("the language can be changed without losing anything", { timeout: MINUTE }, async () => {
    await app.option("epochs").fill("3");
    await app.page.locator("#language").selectOption("zh-Hans");
    await app.page.getByText("线性探测", { exact: true }).first().waitFor();
    assert.equal(await app.page.locator("html").getAttribute("lang"), "zh-Hans");
    assert.equal(await value("epochs"), "3");
    await app.page.locator("#language").selectOption("en");
    await app.page.getByText(message("option-strategy.probe"), { exact: true }).first().waitFor();
    await app.button(message("train-reset")).click();
  });

  test("the learning-rate finder draws its curve and its suggestion is used", { timeout: TRAINING }, async (t) => {
    await app.choose(message("option-strategy.probe"));
    await app.button(message("rate-finder-start")).click();
    const use = app.page.getByRole("button", { name: messagePattern("rate-finder-use") });
    await use.waitFor({ timeout: TRAINING });
    const rates = await app.replies("learning_rate");
    t.diagnostic(`${rates.length} rates tried, ${await use.innerText()}`);
    assert.ok(rates.length > 20, `${rates.length} rates`);
    assert.ok(rates.every((point, index) => index === 0 || point.learning_rate > rates[index - 1].learning_rate));
    await app.page.locator(".rate-finder").getByRole("slider", { name: message("run-loss") }).waitFor();
    await use.click();
    const suggested = (await use.innerText()).match(/[\d.e-]+/)[0];
    await until("the suggested rate", async () => (await value("learning_rate")) === suggested);
    const rate = Number(suggested);
    assert.ok(rate > 1e-5 && rate < 1, suggested);
    // It is none for another way to fine-tune.
    await app.choose(message("option-strategy.full"));
    await until("no suggestion", async () => (await use.count()) === 0);
  });

  test("few-shot answers in one pass, without a step", { timeout: TRAINING }, async (t) => {
    await app.option("strategy").selectOption("few-shot");
    const { started, accuracy } = await train();
    t.diagnostic(`${(100 * accuracy).toFixed(1)} %`);
    assert.equal(started.steps_per_epoch, 0);
    assert.ok(accuracy > 0.5, `${accuracy}`);
  });

  test("a limit of images per class applies to both parts", { timeout: TRAINING }, async () => {
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

  test("early stopping is obeyed, and averaging asked for", { timeout: 2 * TRAINING }, async (t) => {
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
