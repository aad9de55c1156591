// Own images: files, folders, drops, CIFAR-10.

import assert from "node:assert/strict";
import { cp, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, test } from "node:test";

import { App, MINUTE, TRAINING } from "./lib/app.mjs";
import { dropFromDisk } from "./lib/drop.mjs";
import {
  CIFAR,
  SIGN_DIGITS,
  cifarSubset,
  countImages,
  exists,
  temporaryFolder,
  tintedImages,
} from "./lib/images.mjs";
import { site } from "./lib/site.mjs";
import { message } from "./lib/texts.mjs";
import { until } from "./lib/wait.mjs";

const here = site();

async function open(t, options) {
  const app = await App.open(here.browser, here.url, options);
  t.after(() => app.close());
  return app;
}

async function twoClassFolders(folder) {
  for (const [name, color] of [["sea", [40, 90, 200]], ["sand", [220, 190, 120]]]) {
    await mkdir(path.join(folder, name), { recursive: true });
    for (const file of tintedImages(name, color, 12)) {
      await writeFile(path.join(folder, name, file.name), file.buffer);
    }
  }
}

describe("classes added by hand", () => {
  test("can be added, named, filled, renamed and removed", { timeout: 3 * MINUTE }, async (t) => {
    const app = await open(t);
    await app.addClass("sea");
    await app.file(message("images-add-to-class", { class: "sea" })).setInputFiles(tintedImages("sea", [40, 90, 200], 6));
    await app.hasImages({ images: 6, classes: 1 });
    await app.addClass("sand");
    await app.file(message("images-add-to-class", { class: "sand" })).setInputFiles(tintedImages("sand", [220, 190, 120], 7));
    await app.hasImages({ images: 13, classes: 2 });
    await app.page.getByRole("img", { name: /sand-3/ }).first().waitFor();

    const name = app.page.getByRole("textbox", { name: message("images-class-name", { class: "sand" }), exact: true });
    await name.fill("beach");
    await name.press("Enter");
    await app.file(message("images-add-to-class", { class: "beach" })).waitFor({ state: "attached" });

    // A name that is already used is changed, and the field shows the new one.
    const taken = app.page.getByRole("textbox", { name: message("images-class-name", { class: "beach" }), exact: true });
    await taken.fill("sea");
    await taken.press("Enter");
    const renamed = app.page.getByRole("textbox", { name: message("images-class-name", { class: "sea 2" }), exact: true });
    await until("the field's name", async () => (await renamed.inputValue()) === "sea 2");

    await app.button(message("images-remove-named-class", { class: "sea" })).click();
    await app.hasImages({ images: 7, classes: 1 });
    await app.button(message("images-remove-all")).click();
    await until("no images", async () => (await app.total()).images === 0);

    // The last removal first, and with their names.
    await app.button(message("images-undo")).click();
    await app.hasImages({ images: 7, classes: 1 });
    await app.shown("images-undo").getByText(message("images-removed-class", { class: "sea", images: 6 })).waitFor();
    await app.button(message("images-undo")).click();
    await app.hasImages({ images: 13, classes: 2 });
    await app.page.getByRole("textbox", { name: message("images-class-name", { class: "sea" }), exact: true }).waitFor();
    await app.page.getByRole("img", { name: /sea-3/ }).first().waitFor();
    assert.equal(await app.button(message("images-undo")).count(), 0);

    // Images that an import replaced can be restored too; another change ends the offer.
    await app.button(message("images-use-sample")).click();
    await until("the sample", async () => (await app.total()).classes === 8);
    await app.button(message("images-undo")).click();
    await app.hasImages({ images: 13, classes: 2 });
    await app.button(message("images-remove-named-class", { class: "sea" })).click();
    await app.hasImages({ images: 7, classes: 1 });
    await app.addClass("sky");
    assert.equal(await app.button(message("images-undo")).count(), 0);
    assert.deepEqual(app.errors, []);
  });

  test("accept images dropped on them", { timeout: 3 * MINUTE }, async (t) => {
    const app = await open(t);
    await app.addClass("sea");
    const [image] = tintedImages("sea", [40, 90, 200], 1);
    const transfer = await app.page.evaluateHandle(
      ({ name, bytes }) => {
        const transfer = new DataTransfer();
        transfer.items.add(new File([new Uint8Array(bytes)], name, { type: "image/png" }));
        return transfer;
      },
      { name: image.name, bytes: [...image.buffer] },
    );
    const card = app.page.getByRole("textbox", { name: message("images-class-name", { class: "sea" }), exact: true });
    for (const type of ["dragenter", "dragover", "drop"]) {
      await card.dispatchEvent(type, { dataTransfer: transfer });
    }
    await app.hasImages({ images: 1, classes: 1 });
  });
});

describe("a folder of class folders", () => {
  test("can be dropped on the page", { timeout: 3 * MINUTE }, async (t) => {
    const app = await open(t);
    const folder = path.join(await temporaryFolder(t), "coast");
    await twoClassFolders(folder);
    await dropFromDisk(app, app.section("images"), [folder]);
    await app.hasImages({ images: 24, classes: 2 });
    await app.page.getByRole("textbox", { name: message("images-class-name", { class: "sand" }), exact: true }).waitFor();
  });

  test("is accepted if it is released right after it entered", { timeout: 3 * MINUTE }, async (t) => {
    const app = await open(t);
    const folder = path.join(await temporaryFolder(t), "coast");
    await twoClassFolders(folder);
    const place = app.page.getByRole("heading", { name: message("images-cifar"), exact: true });
    await dropFromDisk(app, place, [folder], { from: app.page.getByRole("heading", { level: 1 }) });
    await app.hasImages({ images: 24, classes: 2 });
  });

  test("with train and val has its own validation split", { timeout: 3 * MINUTE }, async (t) => {
    const app = await open(t);
    const folder = path.join(await temporaryFolder(t), "coast");
    await twoClassFolders(path.join(folder, "train"));
    await cp(path.join(folder, "train"), path.join(folder, "val"), { recursive: true });
    await app.file(message("images-choose-folder")).setInputFiles(folder);
    await app.hasImages({ images: 24, classes: 2 });
    assert.equal((await app.replies("collection")).at(-1).has_validation, true);
  });

  test("of sign-digit photos trains to more than 85%", { timeout: 2 * TRAINING }, async (t) => {
    const train = path.join(SIGN_DIGITS, "train");
    if (!(await exists(train))) {
      t.skip(`no sign digits: ${train} is missing`);
      return;
    }
    const app = await open(t);
    await dropFromDisk(app, app.section("images"), [train]);
    await app.hasImages({ images: await countImages(train), classes: 10, timeout: 3 * MINUTE });
    await app.choose(message("option-strategy.probe"));
    const started = Date.now();
    await app.startTraining();
    const accuracy = await app.trainingEnds(2 * TRAINING);
    t.diagnostic(`${(100 * accuracy).toFixed(1)} % in ${((Date.now() - started) / 1000).toFixed(0)} s`);
    assert.ok(accuracy > 0.85, `validation accuracy ${accuracy}`);

    // A photo that the model was not trained on, if there is one.
    const validation = path.join(SIGN_DIGITS, "val");
    if (await exists(validation)) {
      const seven = path.join(validation, "7");
      const [photo] = await readdir(seven);
      const { text } = await app.predict({
        name: photo,
        mimeType: "image/jpeg",
        buffer: await readFile(path.join(seven, photo)),
      });
      t.diagnostic(`a photographed 7: ${text}`);
    }
    assert.deepEqual(app.errors, []);
  });
});

describe("CIFAR-10", () => {
  test("trains clearly above chance", { timeout: 2 * TRAINING }, async (t) => {
    if (!(await exists(CIFAR))) {
      t.skip(`no CIFAR-10: ${CIFAR} is missing`);
      return;
    }
    const app = await open(t);
    const file = path.join(await temporaryFolder(t), "data_batch_1.bin");
    const images = await cifarSubset(file, 40);
    await app.file(message("images-choose-cifar")).setInputFiles(file);
    await app.hasImages({ images, classes: 10 });
    await app.page.getByRole("textbox", { name: message("images-class-name", { class: "airplane" }), exact: true }).waitFor();
    await app.choose(message("option-strategy.probe"));
    await app.startTraining();
    const accuracy = await app.trainingEnds(2 * TRAINING);
    t.diagnostic(`${(100 * accuracy).toFixed(1)} % of 10 classes after ${images} images`);
    assert.ok(accuracy > 0.3, `validation accuracy ${accuracy}`);
    assert.deepEqual(app.errors, []);
  });

  test("is offered if the site has it", { timeout: 2 * MINUTE }, async (t) => {
    if (!(await exists(CIFAR))) {
      t.skip(`no CIFAR-10: ${CIFAR} is missing`);
      return;
    }
    const file = path.join(await temporaryFolder(t), "cifar10.bin");
    const images = await cifarSubset(file, 4);
    const app = await open(t, {
      // Answered here, before a service worker could.
      context: { serviceWorkers: "block" },
      onContext: async (context) => {
        await context.route("**/site-data.json", (route) => route.fulfill({ json: ["cifar10.bin"] }));
        await context.route("**/data/cifar10.bin", (route) => route.fulfill({ path: file }));
      },
    });
    await app.button(message("images-use-cifar")).click();
    await app.hasImages({ images, classes: 10 });
    await app.page.getByRole("textbox", { name: message("images-class-name", { class: "truck" }), exact: true }).waitFor();
    assert.deepEqual(app.errors, []);
  });
});
