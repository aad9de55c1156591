// Images with a table of classes, numbers and labels, from the files to a prediction.

import assert from "node:assert/strict";
import { mkdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { after, before, describe, test } from "node:test";

import { App, MINUTE, TRAINING } from "./lib/app.mjs";
import { check } from "./lib/axe.mjs";
import { png, temporaryFolder } from "./lib/images.mjs";
import { site } from "./lib/site.mjs";
import { message, messagePattern } from "./lib/texts.mjs";
import { until } from "./lib/wait.mjs";

const COLORS = { red: [210, 40, 40], green: [40, 160, 60], blue: [50, 80, 210] };
const sizeErrors = message("results-task-section", { task: "size", title: message("results-errors") });
const GROUND = [235, 230, 215];

/// A disc of a color, `size` percent of the image wide, near the middle.
function disc(color, size, number) {
  const [left, top] = [0.12 * Math.sin(7 * number), 0.12 * Math.cos(5 * number)];
  return png(64, (x, y) => (Math.hypot(x - left, y - top) < size / 100 ? COLORS[color] : GROUND));
}

/// Discs of all sizes and colors: the image files by name, and a row of the table for each.
function discs(count) {
  const names = Object.keys(COLORS);
  return Array.from({ length: count }, (_, number) => {
    const [color, size] = [names[number % 3], 15 + ((number * 37) % 70)];
    return { name: `disc-${number}.png`, buffer: disc(color, size, number), color, size };
  });
}

/// Images that have some of these: a frame, a bar, a dark background.
function signs(count) {
  return Array.from({ length: count }, (_, number) => {
    const [frame, bar, dark] = [1, 2, 4].map((bit) => ((number * 5) & bit) > 0);
    const tags = Object.entries({ frame, bar, dark }).filter(([, there]) => there).map(([tag]) => tag);
    const at = 0.5 * Math.sin(3 * number);
    const buffer = png(64, (x, y) => {
      if (frame && Math.max(Math.abs(x), Math.abs(y)) > 0.82) {
        return COLORS.red;
      }
      if (bar && Math.abs(y - at) < 0.14) {
        return COLORS.blue;
      }
      return dark ? [60, 60, 70] : GROUND;
    });
    return { name: `sign-${number}.png`, buffer, tags: tags.join("|") };
  });
}

/// Writes images, and a table of `columns` next to them, to a folder.
async function folderOf(folder, images, columns, table = "labels.csv") {
  await mkdir(folder, { recursive: true });
  for (const { name, buffer } of images) {
    await writeFile(path.join(folder, name), buffer);
  }
  const rows = images.map((image) => columns.map((column) => image[column.split(":")[0]]).join(","));
  const header = ["file", ...columns.slice(1)].join(",");
  await writeFile(path.join(folder, table), [header, ...rows].join("\n") + "\n");
}

/// Predicts an image: the predictions of the worker, and as the page shows them.
async function answersTo(app, buffer) {
  const before = (await app.replies("prediction")).length;
  await app.file(message("try-choose")).setInputFiles({ name: "new.png", mimeType: "image/png", buffer });
  const { answers } = await until("answers", async () => (await app.replies("prediction")).at(before), {
    timeout: MINUTE,
    describe: () => app.state(),
  });
  const text = await until("the answers shown", async () => {
    const text = await app.shown("predictions").innerText();
    return /\d/.test(text) && text;
  });
  return { answers, text };
}

describe("a table of a number and a class", () => {
  const here = site();
  let app;

  before(async () => {
    app = await App.open(here.browser, here.url);
  });
  after(() => app?.close());

  test("is read with its images, and its columns are described", { timeout: 2 * MINUTE }, async (t) => {
    const folder = path.join(await temporaryFolder(t), "discs");
    const images = discs(72);
    await folderOf(folder, images, ["name", "size", "color"]);
    await writeFile(path.join(folder, "unknown.png"), images[0].buffer);
    await app.file(message("images-choose-folder")).setInputFiles(folder);
    await app.hasImages({ images: 72 });
    const column = (name) => app.page.getByRole("region", { name: message("images-column", { column: name }), exact: true });
    await column("size").waitFor({ timeout: MINUTE });
    assert.match(await column("size").innerText(), messagePattern("images-column-range", { lowest: "15", highest: "84" }));
    await column("size").getByRole("img", { name: messagePattern("images-histogram") }).waitFor();
    assert.match(await column("color").innerText(), messagePattern("images-column-classes", { count: 3 }));
    await app.page.getByRole("list", { name: message("images-table-list") }).waitFor();
    await app.page.getByText(/^size: \d+; color: (red|green|blue)$/).first().waitFor();
    await app.page.getByText(message("images-skipped", { count: 1 })).waitFor();
    // There are no classes to add to.
    assert.equal(await app.button(message("images-add-class")).count(), 0);
  });

  test("has options for its columns", { timeout: 3 * MINUTE }, async (t) => {
    await app.openOptions();
    const weights = app.option("task_weights-numbers");
    const delta = app.option("huber_delta");
    await app.option("task_weights").selectOption("custom");
    await until("a weight for each column", async () => (await weights.inputValue()) === "1, 1");
    await weights.fill("1");
    await until("an invalid value", async () => (await weights.getAttribute("aria-invalid")) === "true");
    assert.equal(await app.button(message("run-start")).isEnabled(), false);
    await weights.fill("1, 0.5");
    await until("valid values", () => app.button(message("run-start")).isEnabled());
    await app.option("task_weights").selectOption("learned");
    await until("no field for weights", async () => (await weights.count()) === 0);
    await delta.fill("0");
    await until("an invalid delta", async () => (await delta.getAttribute("aria-invalid")) === "true");
    await app.option("regression_loss").selectOption("mse");
    await until("no delta", async () => (await delta.count()) === 0);
    await until("nothing wrong", () => app.button(message("run-start")).isEnabled());
    // The invalid value is gone, like its field.
    const isDefault = async () => (await delta.inputValue()) === "1";
    await app.option("regression_loss").selectOption("huber");
    await until("the default delta", isDefault);
    await until("nothing wrong again", () => app.button(message("run-start")).isEnabled());

    // So is one whose field disappears because there are other images.
    const folder = await temporaryFolder(t);
    await folderOf(path.join(folder, "colors"), discs(24), ["name", "color"]);
    await folderOf(path.join(folder, "discs"), discs(72), ["name", "size", "color"]);
    await delta.fill("0");
    await until("a wrong delta", async () => !(await app.button(message("run-start")).isEnabled()));
    await app.file(message("images-choose-folder")).setInputFiles(path.join(folder, "colors"));
    await app.hasImages({ images: 24 });
    await until("no numbers", async () => (await delta.count()) === 0);
    await until("nothing in the way", () => app.button(message("run-start")).isEnabled());
    await app.file(message("images-choose-folder")).setInputFiles(path.join(folder, "discs"));
    await app.hasImages({ images: 72 });
    await until("the default delta again", isDefault);
    await until("nothing wrong any more", () => app.button(message("run-start")).isEnabled());
    await app.button(message("train-reset")).click();
  });

  test("is learned, with metrics for each column", { timeout: TRAINING }, async (t) => {
    await app.choose(message("option-strategy.probe"));
    await app.startTraining();
    const score = await app.trainingEnds(TRAINING);
    const { report } = await until("the trained network", async () => (await app.replies("trained")).at(-1));
    const [size, color] = report.tasks.map((task) => Object.values(task)[0]);
    t.diagnostic(`R² ${size.errors.r_squared.toFixed(2)}, accuracy ${color.top1.toFixed(2)}, score ${score}`);
    assert.ok(size.errors.r_squared > 0.4, JSON.stringify(size.errors));
    assert.ok(color.top1 > 0.8, `${color.top1}`);
    assert.ok(Math.abs(score - (size.errors.r_squared + color.top1) / 2) < 0.001, `${score}`);

    const part = (name) => app.section("try").getByRole("region", { name, exact: true });
    await part(sizeErrors).waitFor({ timeout: MINUTE });
    assert.match(await part(sizeErrors).innerText(), messagePattern("results-mae"));
    const points = part(sizeErrors).getByTestId("chart-mark");
    const checked = (await app.events("started")).at(-1).validation_examples;
    await until("a point an image", async () => (await points.count()) === checked);
    await part(message("results-task-section", { task: "color", title: message("results-per-class") })).waitFor();
    // The confusion matrix is for the first column only, which is a number here.
    assert.equal(await part(message("results-mistakes")).count(), 0);
    await app.section("try").getByRole("table", { name: message("results-confusion") }).waitFor();
  });

  test("predicts an image that was not used for training", { timeout: MINUTE }, async (t) => {
    const { answers, text } = await answersTo(app, disc("green", 60, 1000));
    t.diagnostic(text.replaceAll(/\s+/g, " "));
    const [size, color] = answers;
    assert.ok(Math.abs(size.number - 60) < 25, `${size.number}`);
    assert.equal(color.class.indexOf(Math.max(...color.class)), 1, "not green");
    assert.match(text, /green >?\d+%/);
    assert.match(text, messagePattern("results-typical-error"));
  });

  test("has no axe-core violations", { timeout: 2 * MINUTE }, (t) => check(app, t));

  test("is still known to the downloaded model", { timeout: 2 * MINUTE }, async (t) => {
    const { answers: before } = await answersTo(app, disc("red", 30, 2000));
    const file = path.join(await temporaryFolder(t), "model.safetensors");
    await app.downloadModel(file);
    await app.file(message("model-choose-file")).setInputFiles(file);
    await app.page.getByText(message("model-trained-here", { classes: "“size” and “color”" })).waitFor({ timeout: MINUTE });
    const { answers, text } = await answersTo(app, disc("red", 30, 2000));
    assert.ok(Math.abs(answers[0].number - before[0].number) < 0.01, `${answers[0].number}`);
    // Its mean error is not stored in the file.
    assert.doesNotMatch(text, messagePattern("results-typical-error"));
    assert.deepEqual(app.errors, []);
  });
});

describe("a table of labels", () => {
  const here = site();

  test("is learned from single files, and labels are shown with their probabilities", { timeout: TRAINING }, async (t) => {
    const app = await App.open(here.browser, here.url);
    t.after(() => app.close());
    const images = signs(64);
    const rows = images.map(({ name, tags }) => `${name}\t${tags}`);
    const files = [
      ...images.map(({ name, buffer }) => ({ name, bytes: [...buffer] })),
      { name: "labels.tsv", bytes: [...Buffer.from(["file\ttags", ...rows].join("\n"))] },
    ];
    const transfer = await app.page.evaluateHandle((files) => {
      const transfer = new DataTransfer();
      for (const { name, bytes } of files) {
        transfer.items.add(new File([new Uint8Array(bytes)], name));
      }
      return transfer;
    }, files);
    for (const type of ["dragenter", "dragover", "drop"]) {
      await app.section("images").dispatchEvent(type, { dataTransfer: transfer });
    }
    await app.hasImages({ images: 64 });
    await app.page.getByText(message("images-column-labels", { count: 3 })).waitFor({ timeout: MINUTE });

    await app.choose(message("option-strategy.probe"));
    await app.startTraining();
    const score = await app.trainingEnds(TRAINING);
    t.diagnostic(`mAP ${score}`);
    assert.ok(score > 0.7, `${score}`);
    await app.section("train").getByText(messagePattern("run-kept-map")).first().waitFor();
    const found = app.section("try").getByRole("region", { name: message("results-per-label"), exact: true });
    await found.waitFor({ timeout: MINUTE });
    assert.match(await found.innerText(), messagePattern("results-labels-summary"));
    assert.equal(await found.getByRole("listitem").count(), 3);

    const { answers, text } = await answersTo(app, images[7].buffer);
    assert.equal(answers[0].labels.length, 3);
    for (const tag of ["frame", "bar", "dark"]) {
      assert.ok(text.includes(tag), text);
    }
    await check(app, t);
    assert.deepEqual(app.errors, []);
  });
});

describe("a table as scripts write it", () => {
  const here = site();

  test("is understood, and warnings say how", { timeout: 3 * MINUTE }, async (t) => {
    const app = await App.open(here.browser, here.url);
    t.after(() => app.close());
    const folder = path.join(await temporaryFolder(t), "export");
    const images = discs(24);
    await folderOf(path.join(folder, "images"), images, ["name", "color"]);
    await rm(path.join(folder, "images", "labels.csv"));
    // Row numbers first, labels before the names, names without extensions, and a split for each.
    const row = ({ name, color }, number) => {
      const part = number % 4 === 3 ? "val" : "train";
      return [number, color === "red" ? 1 : 0, `/kaggle/input/images/${name.replace(".png", "")}`, part].join(",");
    };
    const table = [",label,image_id,split", ...images.map(row)].join("\r\n");
    await mkdir(path.join(folder, "meta"));
    await writeFile(path.join(folder, "meta", "train.csv"), `\uFEFF${table}\r\n`);
    await app.file(message("images-choose-folder")).setInputFiles(folder);
    await app.hasImages({ images: 18 });
    const column = app.page.getByRole("region", { name: message("images-column", { column: "label" }), exact: true });
    await column.waitFor({ timeout: MINUTE });
    assert.match(await column.innerText(), messagePattern("images-column-classes", { count: 2 }));
    await app.page.getByText(messagePattern("data-warning-whole-numbers-as-classes", { count: 1 })).waitFor();
    await app.page.getByText(message("data-warning-split-column", { column: "split", train: 18, validation: 6 })).waitFor();
    assert.deepEqual(app.errors, []);
  });
});

describe("a table that cannot be used", () => {
  const here = site();

  test("is refused with its line and column, and the images stay", { timeout: 3 * MINUTE }, async (t) => {
    const app = await App.open(here.browser, here.url);
    t.after(() => app.close());
    const folder = await temporaryFolder(t);
    const images = discs(12);
    const good = path.join(folder, "good");
    await folderOf(good, images, ["name", "size"]);
    await app.file(message("images-choose-folder")).setInputFiles(good);
    await app.hasImages({ images: 12 });

    images[3].size = "much";
    const bad = path.join(folder, "bad");
    await folderOf(bad, images, ["name", "size"]);
    await app.file(message("images-choose-folder")).setInputFiles(bad);
    const words = await app.saysWhatIsWrong("images");
    assert.match(words, messagePattern("error-table-not-a-number", { line: 5, column: "size", cell: "much" }));
    assert.equal((await app.total()).images, 12);

    await folderOf(bad, images, ["name", "color"], "more.csv");
    await app.file(message("images-choose-folder")).setInputFiles(bad);
    await until("another problem", async () => messagePattern("error-table-several").test(await app.saysWhatIsWrong("images")));

    // Class folders do not need it.
    const sorted = path.join(folder, "sorted");
    await folderOf(path.join(sorted, "a"), images.slice(0, 6), ["name", "size"], "other.csv");
    await folderOf(path.join(sorted, "b"), images.slice(6), ["name", "size"], "another.csv");
    await app.file(message("images-choose-folder")).setInputFiles(sorted);
    await app.hasImages({ images: 12, classes: 2 });
    await app.button(message("images-add-class")).waitFor();
    assert.deepEqual(app.errors, []);
  });
});
