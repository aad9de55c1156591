// Every way to fine-tune, from the page's options: they are there when asked for, and the run follows them.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { App, MINUTE, TRAINING } from "./lib/app.mjs";
import { site } from "./lib/site.mjs";
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

  const field = (name) => app.page.getByLabel(name, { exact: true });
  const value = (name) => field(name).inputValue();
  /// What the newest run was asked for.
  const config = async () => (await app.commands("Train")).at(-1).request.config;
  /// Options are chosen by their words.
  const select = (name, label) => field(name).selectOption({ label });
  const train = async () => {
    const ended = (await app.events("done")).length;
    await app.startTraining();
    await app.trainingEnds(TRAINING);
    const done = (await app.events("done")).at(-1);
    assert.equal((await app.events("done")).length, ended + 1);
    return { done, started: (await app.events("started")).at(-1), accuracy: await app.validationAccuracy() };
  };

  test("they are made when they are unfolded, not before", { timeout: MINUTE }, async () => {
    assert.equal(await field("Way to fine-tune").count(), 0);
    await app.openOptions();
    assert.equal(await field("Way to fine-tune").count(), 1);
  });

  test("a choice there changes the page, and a choice on the page changes it there", { timeout: MINUTE }, async () => {
    await app.choose("Everything");
    const rate = Number(await value("Learning rate"));
    await app.choose("Only the last layer");
    await until("another learning rate", async () => Number(await value("Learning rate")) !== rate);

    await select("Way to fine-tune", "Everything, held near the pretrained weights (L2-SP)");
    await until("no card chosen", async () => !(await app.radio("Only the last layer").isChecked()));
    assert.ok(Number(await value("Pull to the pretrained weights")) > 0);
    await app.page.getByText("changed", { exact: true }).waitFor();
    await app.choose("Only the last layer");
    await until("as above", async () => (await value("Pull to the pretrained weights")) === "0");
  });

  test("a wrong number is told in its place and stops the start", { timeout: MINUTE }, async () => {
    await field("Dropout before the last layer").fill("7");
    await app.page.getByText("The dropout must be between 0 and 1, not 7.").waitFor();
    assert.equal(await app.button("Train").isEnabled(), false);
    await app.page.getByText("A number under “Advanced” cannot be used as it is written.").waitFor();
    await app.button("Back to the recommended settings").click();
    await until("the recommended dropout", async () => (await value("Dropout before the last layer")) === "0");
  });

  test("the learning-rate finder draws its curve and its suggestion is used", { timeout: TRAINING }, async (t) => {
    await app.choose("Only the last layer");
    await app.button("Find a learning rate").click();
    const use = app.page.getByRole("button", { name: /^Use \d/ });
    await use.waitFor({ timeout: TRAINING });
    const rates = await app.replies("learning_rate");
    t.diagnostic(`${rates.length} rates tried, ${await use.innerText()}`);
    assert.ok(rates.length > 20, `${rates.length} rates`);
    assert.ok(rates.every((point, index) => index === 0 || point.learning_rate > rates[index - 1].learning_rate));
    await app.page.getByRole("img", { name: /^Loss over the learning rate/ }).waitFor();
    await use.click();
    const suggested = (await use.innerText()).replace("Use ", "");
    await until("the suggested rate", async () => (await value("Learning rate")) === suggested);
    const rate = Number(suggested);
    assert.ok(rate > 1e-5 && rate < 1, suggested);
    // It is none for another way to fine-tune.
    await app.choose("Everything");
    await until("no suggestion", async () => (await use.count()) === 0);
  });

  test("few-shot answers in one pass, without a step", { timeout: TRAINING }, async (t) => {
    await select("Way to fine-tune", "No training: the mean of each class (few-shot)");
    const { started, accuracy } = await train();
    t.diagnostic(`${(100 * accuracy).toFixed(1)} %`);
    assert.equal(started.steps_per_epoch, 0);
    assert.ok(accuracy > 0.5, `${accuracy}`);
  });

  test("a limit of pictures a class holds in both parts", { timeout: TRAINING }, async () => {
    await app.button("Back to the recommended settings").click();
    await app.choose("Only the last layer");
    await app.setEpochs(2);
    await field("Pictures a class at most").fill("none");
    await app.page.getByText("Write a whole number above 0, such as 50, or “all”.").waitFor();
    await field("Pictures a class at most").fill("5");
    const { started } = await train();
    assert.deepEqual([started.train_examples, started.validation_examples], [8 * 5, 8 * 5]);
    await app.button("Back to the recommended settings").click();
    await until("no limit", async () => (await value("Pictures a class at most")) === "all");
  });

  test("early stopping is obeyed, and averaging asked for", { timeout: 2 * TRAINING }, async (t) => {
    await app.choose("Only the last layer");
    await app.setEpochs(60);
    await field("Stop when it no longer gets better").check();
    await field("Patience in epochs").fill("2");
    await select("Average the weights", "A moving average (EMA)");
    const { done } = await train();
    const epochs = (await app.events("epoch")).at(-1).epoch;
    t.diagnostic(`ended after epoch ${epochs}, best ${done.best_epoch}`);
    assert.deepEqual((await config()).averaging, { exponential: { decay: 0.99 } });
    assert.equal(done.early, true);
    assert.equal(epochs, done.best_epoch + 2);
  });

  test("the last layer first, then everything", { timeout: 2 * TRAINING }, async (t) => {
    await app.button("Back to the recommended settings").click();
    await select("Way to fine-tune", "The last layer first, then everything (LP-FT)");
    await app.setEpochs(1);
    await select("Mix pictures", "Let two shine through each other (MixUp)");
    await select("Vary the pictures", "Two random changes of any kind (RandAugment)");
    const { started, accuracy } = await train();
    t.diagnostic(`${started.epochs} epochs, ${(100 * accuracy).toFixed(1)} %`);
    assert.equal(started.epochs, 6);
    const { mix, augmentation } = await config();
    assert.deepEqual(mix, { "mix-up": { alpha: 0.2 } });
    assert.deepEqual(augmentation.policy, { "rand-augment": { ops: 2, magnitude: 9 } });
    assert.ok(accuracy > 0.7, `${accuracy}`);
  });
});
