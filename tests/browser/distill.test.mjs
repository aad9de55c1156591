// Knowledge distillation: a student is trained with and without its teacher, compared, downloaded and tried.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, describe, test } from "node:test";

import { App, MINUTE, TRAINING } from "./lib/app.mjs";
import { check } from "./lib/axe.mjs";
import { ringImage, temporaryFolder, tintedImages } from "./lib/images.mjs";
import { site } from "./lib/site.mjs";
import { message, messagePattern } from "./lib/texts.mjs";
import { until } from "./lib/wait.mjs";

describe("distillation", () => {
  const here = site();
  let app;

  before(async () => {
    app = await App.open(here.browser, here.url);
    await app.useSample();
    await app.setImageSize(32);
    await app.choose(message("option-strategy.probe"));
    await app.startTraining();
    await app.trainingEnds(TRAINING);
    await app.page.locator("#try-distill summary").first().click();
    await app.button(message("distill-start")).waitFor({ timeout: MINUTE });
  });
  after(() => app?.close());

  const field = (name) => app.page.getByLabel(name, { exact: true });
  const lines = async (from) => (await app.replies("comparison_result")).slice(from);
  const start = async () => {
    const ended = (await app.replies("ended")).length;
    await app.button(message("distill-start")).click();
    await app.button(message("distill-stop")).waitFor({ timeout: MINUTE });
    return () =>
      until("its end", async () => (await app.replies("ended")).length > ended, {
        timeout: TRAINING,
        every: 250,
        describe: () => app.text("distill-phase"),
      });
  };

  test("checks its settings next to their fields", { timeout: MINUTE }, async () => {
    await app.page.locator("#try-distill details summary").click();
    await field(message("option-temperature")).fill("0");
    await app.page.getByText(messagePattern("error-option-not-above")).waitFor();
    assert.equal(await app.button(message("distill-start")).getAttribute("aria-disabled"), "true");
    await field(message("option-temperature")).fill("4");
    await until("it can start", async () =>
      (await app.button(message("distill-start")).getAttribute("aria-disabled")) === null);
  });

  test("can be stopped during training", { timeout: TRAINING }, async () => {
    await field(message("distill-epochs")).fill("200");
    const end = await start();
    const before = (await app.replies("student_progress")).length;
    await until("a lesson", async () => (await app.replies("student_progress")).length > before, { timeout: TRAINING });
    // Nothing else can be started meanwhile.
    assert.equal(await app.button(message("run-start")).getAttribute("aria-disabled"), "true");
    await app.button(message("distill-stop")).click();
    await end();
    await app.page.getByText(message("distill-stopped")).waitFor();
    assert.deepEqual((await lines(0)).map(({ model }) => model), ["teacher"]);
    assert.equal(await app.button(message("distill-download")).count(), 0);
    await app.button(message("distill-start")).waitFor();
  });

  test("compares the student with the teacher and with a baseline", { timeout: TRAINING }, async (t) => {
    const before = (await lines(0)).length;
    await field(message("distill-epochs")).fill("6");
    await app.file(message("distill-add-unlabeled")).setInputFiles(tintedImages("more", [90, 120, 60], 5));
    await app.page.getByText(message("distill-unlabeled", { count: 5 })).waitFor();
    const began = Date.now();
    const end = await start();
    await end();
    t.diagnostic(`${((Date.now() - began) / 1000).toFixed(0)} s`);
    const compared = await lines(before);
    t.diagnostic(compared.map(({ model, score, images_per_second: speed }) =>
      `${model} ${score.toFixed(3)}, ${speed.toFixed(0)} images/s`).join("; "));
    assert.deepEqual(compared.map(({ model }) => model), ["teacher", "baseline", "distilled"]);
    const [teacher, baseline, distilled] = compared;
    assert.ok(Math.abs(teacher.score - (await app.validationAccuracy())) < 0.001);
    for (const student of [baseline, distilled]) {
      assert.ok(student.bytes < 1e6 && student.bytes < teacher.bytes / 20, `${student.bytes} bytes`);
      assert.ok(student.images_per_second > 1.5 * teacher.images_per_second);
    }
    // The distilled student also learns from the unlabeled images.
    const lessons = await app.replies("student_progress");
    const examples = (name) => lessons.findLast(({ model }) => model === name).examples;
    assert.equal(examples("distilled") - examples("baseline"), 5);

    const table = app.section("try").getByRole("table", { name: message("distill-comparison") });
    assert.deepEqual(
      await table.getByRole("columnheader").allInnerTexts(),
      ["distill-teacher", "distill-without-teacher", "distill-with-teacher"].map((id) => message(id)),
    );
    assert.deepEqual(
      await table.getByRole("rowheader").allInnerTexts(),
      ["run-accuracy-heading", "distill-file", "distill-images-per-second", "distill-in-step-4"].map((id) => message(id)),
    );
    const files = await table.getByRole("row").nth(2).getByRole("cell").allInnerTexts();
    assert.equal(files.length, 3);
    assert.match(files[0], /^\d+\.\d\sMB/);
    assert.ok(files[2].startsWith(`${Math.round(distilled.bytes / 1000)}\u00a0KB`), files[2]);
    assert.match(await app.text("distill-verdict"), /times smaller.*times faster/);
  });

  test("offers the student for download, in the size shown", { timeout: MINUTE }, async (t) => {
    const distilled = (await lines(0)).at(-1);
    const downloading = app.page.waitForEvent("download", { timeout: MINUTE });
    await app.button(message("distill-download")).click();
    const download = await downloading;
    assert.equal(download.suggestedFilename(), "tunelab-resnet10quarter-8-classes.safetensors");
    const path = `${await temporaryFolder(t)}/student.safetensors`;
    await download.saveAs(path);
    assert.equal((await readFile(path)).length, distilled.bytes);
  });

  test("has no violations in any color scheme or size", { timeout: 2 * MINUTE }, (t) => check(app, t));

  test("lets the user try the student in place of the teacher, with its own results", { timeout: 2 * MINUTE }, async (t) => {
    const distilled = (await lines(0)).at(-1);
    const trained = (await app.replies("trained")).length;
    await app.button(message("distill-use-named", { model: message("distill-with-teacher") })).click();
    const outcome = await until("the outcome", async () => (await app.replies("trained")).at(trained));
    assert.ok(Math.abs(outcome.report.tasks[0].class.top1 - distilled.score) < 1e-9);
    await app.button(message("distill-in-use-named", { model: message("distill-with-teacher") })).waitFor();
    const { text, probabilities } = await app.predict({
      name: "ring.png",
      mimeType: "image/png",
      buffer: ringImage(),
    });
    t.diagnostic(text);
    assert.equal(Object.keys(probabilities).length, 8);

    // The teacher is still the large model while the student is tried.
    const before = (await lines(0)).length;
    await field(message("distill-epochs")).fill("1");
    await field(message("distill-compare")).uncheck();
    const end = await start();
    await end();
    const [teacher, student] = await lines(before);
    assert.deepEqual([teacher.model, student.model], ["teacher", "distilled"]);
    assert.ok(teacher.bytes > 20 * student.bytes, `${teacher.bytes} and ${student.bytes} bytes`);

    await app.button(message("distill-use-named", { model: message("distill-teacher") })).click();
    await app.button(message("distill-in-use-named", { model: message("distill-teacher") })).waitFor();
    const again = (await app.replies("trained")).at(-1).report.tasks[0].class;
    assert.ok(Math.abs(again.top1 - teacher.score) < 1e-9);
    assert.deepEqual(app.errors, []);
  });

  test("is refused with an explanation if the images have other classes", { timeout: 2 * MINUTE }, async () => {
    const name = app.page.getByRole("textbox", { name: message("images-class-name", { class: "ring" }), exact: true });
    await name.fill("hoop");
    await name.press("Enter");
    await app.page.getByRole("textbox", { name: message("images-class-name", { class: "hoop" }), exact: true }).waitFor();
    await app.button(message("distill-start")).click();
    await app.page.getByText(messagePattern("error-worker-other-targets")).waitFor({ timeout: MINUTE });
    await app.button(message("distill-start")).waitFor();
  });
});
