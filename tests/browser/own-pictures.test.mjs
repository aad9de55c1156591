// Pictures of one's own: files, folders, drops, CIFAR-10.

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
  countPictures,
  exists,
  temporaryFolder,
  tintedPictures,
} from "./lib/pictures.mjs";
import { site } from "./lib/site.mjs";
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
    for (const file of tintedPictures(name, color, 12)) {
      await writeFile(path.join(folder, name, file.name), file.buffer);
    }
  }
}

describe("classes made by hand", () => {
  test("are added, named, filled, renamed and removed", { timeout: 3 * MINUTE }, async (t) => {
    const app = await open(t);
    await app.addClass("sea");
    await app.file("Add pictures to sea").setInputFiles(tintedPictures("sea", [40, 90, 200], 6));
    await app.hasPictures({ pictures: 6, classes: 1 });
    await app.addClass("sand");
    await app.file("Add pictures to sand").setInputFiles(tintedPictures("sand", [220, 190, 120], 7));
    await app.hasPictures({ pictures: 13, classes: 2 });
    await app.page.getByRole("img", { name: /sand-3/ }).first().waitFor();

    const name = app.page.getByRole("textbox", { name: "Name of class sand", exact: true });
    await name.fill("beach");
    await name.press("Enter");
    await app.file("Add pictures to beach").waitFor({ state: "attached" });

    // A name that is taken becomes another, and the field says which.
    const taken = app.page.getByRole("textbox", { name: "Name of class beach", exact: true });
    await taken.fill("sea");
    await taken.press("Enter");
    const renamed = app.page.getByRole("textbox", { name: "Name of class sea 2", exact: true });
    await until("the field's name", async () => (await renamed.inputValue()) === "sea 2");

    await app.button("Remove class sea").click();
    await app.hasPictures({ pictures: 7, classes: 1 });
    await app.button("Remove all pictures").click();
    await until("no pictures", async () => (await app.total()).pictures === 0);

    // Last first, and with their names.
    await app.button("Undo").click();
    await app.hasPictures({ pictures: 7, classes: 1 });
    await app.shown("pictures-undo").getByText("Class “sea” with 6 pictures was removed.").waitFor();
    await app.button("Undo").click();
    await app.hasPictures({ pictures: 13, classes: 2 });
    await app.page.getByRole("textbox", { name: "Name of class sea", exact: true }).waitFor();
    await app.page.getByRole("img", { name: /sea-3/ }).first().waitFor();
    assert.equal(await app.button("Undo").count(), 0);

    // What an import replaces comes back too; another change ends the offer.
    await app.button("Use the sample pictures").click();
    await until("the sample", async () => (await app.total()).classes === 8);
    await app.button("Undo").click();
    await app.hasPictures({ pictures: 13, classes: 2 });
    await app.button("Remove class sea").click();
    await app.hasPictures({ pictures: 7, classes: 1 });
    await app.addClass("sky");
    assert.equal(await app.button("Undo").count(), 0);
    assert.deepEqual(app.errors, []);
  });

  test("take pictures dropped on them", { timeout: 3 * MINUTE }, async (t) => {
    const app = await open(t);
    await app.addClass("sea");
    const [picture] = tintedPictures("sea", [40, 90, 200], 1);
    const transfer = await app.page.evaluateHandle(
      ({ name, bytes }) => {
        const transfer = new DataTransfer();
        transfer.items.add(new File([new Uint8Array(bytes)], name, { type: "image/png" }));
        return transfer;
      },
      { name: picture.name, bytes: [...picture.buffer] },
    );
    const card = app.page.getByRole("textbox", { name: "Name of class sea", exact: true });
    for (const type of ["dragenter", "dragover", "drop"]) {
      await card.dispatchEvent(type, { dataTransfer: transfer });
    }
    await app.hasPictures({ pictures: 1, classes: 1 });
  });
});

describe("a folder of class folders", () => {
  test("can be dropped on the page", { timeout: 3 * MINUTE }, async (t) => {
    const app = await open(t);
    const folder = path.join(await temporaryFolder(t), "coast");
    await twoClassFolders(folder);
    await dropFromDisk(app, app.section("pictures"), [folder]);
    await app.hasPictures({ pictures: 24, classes: 2 });
    await app.page.getByRole("textbox", { name: "Name of class sand", exact: true }).waitFor();
  });

  test("is taken where it is let go just after it came there", { timeout: 3 * MINUTE }, async (t) => {
    const app = await open(t);
    const folder = path.join(await temporaryFolder(t), "coast");
    await twoClassFolders(folder);
    const place = app.page.getByRole("heading", { name: "CIFAR-10 or CIFAR-100", exact: true });
    await dropFromDisk(app, place, [folder], { from: app.page.getByRole("heading", { level: 1 }) });
    await app.hasPictures({ pictures: 24, classes: 2 });
  });

  test("with train and val brings its own validation part", { timeout: 3 * MINUTE }, async (t) => {
    const app = await open(t);
    const folder = path.join(await temporaryFolder(t), "coast");
    await twoClassFolders(path.join(folder, "train"));
    await cp(path.join(folder, "train"), path.join(folder, "val"), { recursive: true });
    await app.file("Choose a folder").setInputFiles(folder);
    await app.hasPictures({ pictures: 24, classes: 2 });
    assert.equal((await app.replies("collection")).at(-1).has_validation, true);
  });

  test("of photographed sign digits trains past 85 %", { timeout: 2 * TRAINING }, async (t) => {
    const train = path.join(SIGN_DIGITS, "train");
    if (!(await exists(train))) {
      t.skip(`no sign digits: ${train} is missing`);
      return;
    }
    const app = await open(t);
    await dropFromDisk(app, app.section("pictures"), [train]);
    await app.hasPictures({ pictures: await countPictures(train), classes: 10, timeout: 3 * MINUTE });
    await app.choose("Linear probe");
    const started = Date.now();
    await app.startTraining();
    const accuracy = await app.trainingEnds(2 * TRAINING);
    t.diagnostic(`${(100 * accuracy).toFixed(1)} % in ${((Date.now() - started) / 1000).toFixed(0)} s`);
    assert.ok(accuracy > 0.85, `validation accuracy ${accuracy}`);

    // A photograph the network has not seen, where there is one.
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
    const pictures = await cifarSubset(file, 40);
    await app.file("Choose CIFAR files").setInputFiles(file);
    await app.hasPictures({ pictures, classes: 10 });
    await app.page.getByRole("textbox", { name: "Name of class airplane", exact: true }).waitFor();
    await app.choose("Linear probe");
    await app.startTraining();
    const accuracy = await app.trainingEnds(2 * TRAINING);
    t.diagnostic(`${(100 * accuracy).toFixed(1)} % of 10 classes after ${pictures} images`);
    assert.ok(accuracy > 0.3, `validation accuracy ${accuracy}`);
    assert.deepEqual(app.errors, []);
  });

  test("is offered where the site has it", { timeout: 2 * MINUTE }, async (t) => {
    if (!(await exists(CIFAR))) {
      t.skip(`no CIFAR-10: ${CIFAR} is missing`);
      return;
    }
    const file = path.join(await temporaryFolder(t), "cifar10.bin");
    const pictures = await cifarSubset(file, 4);
    const app = await open(t, {
      // Answered here, before a service worker.
      context: { serviceWorkers: "block" },
      onContext: async (context) => {
        await context.route("**/site-data.json", (route) => route.fulfill({ json: ["cifar10.bin"] }));
        await context.route("**/data/cifar10.bin", (route) => route.fulfill({ path: file }));
      },
    });
    await app.button("Use CIFAR-10 from this site").click();
    await app.hasPictures({ pictures, classes: 10 });
    await app.page.getByRole("textbox", { name: "Name of class truck", exact: true }).waitFor();
    assert.deepEqual(app.errors, []);
  });
});
