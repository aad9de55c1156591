// Folders as systems and other programs create them. tests/cli tests the same with the command line.

import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, test } from "node:test";

import { App, MINUTE } from "./lib/app.mjs";
import { dropFromDisk } from "./lib/drop.mjs";
import { temporaryFolder, tintedImages } from "./lib/images.mjs";
import { site } from "./lib/site.mjs";
import { message, messagePattern } from "./lib/texts.mjs";
import { until } from "./lib/wait.mjs";

const here = site();

const COLORS = { sea: [40, 90, 200], sand: [220, 190, 120] };
const HEIC = Buffer.from("\0\0\0\x18ftypheic\0\0\0\0heicmif1", "latin1");

/// Writes a file and the folders that contain it.
async function put(folder, name, bytes) {
  const file = path.join(folder, name);
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, bytes);
}

/// Two class folders with six images each.
async function coast(folder, first = 0) {
  for (const [name, color] of Object.entries(COLORS)) {
    for (const { name: file, buffer } of tintedImages(name, color, first + 6).slice(first)) {
      await put(folder, `${name}/${file}`, buffer);
    }
  }
}

async function dropped(t, fill) {
  const folder = path.join(await temporaryFolder(t), "coast");
  await mkdir(folder);
  await fill(folder);
  const app = await App.open(here.browser, here.url);
  t.after(() => app.close());
  await dropFromDisk(app, app.section("images"), [folder]);
  return app;
}

const news = (app) => app.page.locator(".images-report");

describe("a dropped folder", () => {
  test("is recognized by its contents, and system files are ignored", { timeout: 3 * MINUTE }, async (t) => {
    const app = await dropped(t, async (folder) => {
      await coast(folder);
      const [image] = tintedImages("odd", [200, 40, 40], 1);
      for (const name of ["sea/without-extension", "sand/a.jfif", "sand/b.jpg_large"]) {
        await put(folder, name, Buffer.concat([image.buffer, Buffer.from(name)]));
      }
      await put(folder, "sea/IMG_1.HEIC", HEIC);
      await put(folder, "sand/IMG_2.jpg", HEIC);
      await put(folder, "@eaDir/sea-0.png/SYNOPHOTO_THUMB_M.jpg", image.buffer);
      await put(folder, "__MACOSX/sea/._sea-0.png", Buffer.from([0, 5, 22, 7, 0, 2, 0, 0]));
      await put(folder, "sea/desktop.ini", "[.ShellClassInfo]");
      await put(folder, "fish/notes.txt", "no image");
      await mkdir(path.join(folder, "bird"));
    });
    await app.hasImages({ images: 15, classes: 2 });
    await news(app).getByText(messagePattern("data-warning-empty-classes", { count: 2 })).waitFor();
    await news(app).getByText(message("images-skipped", { count: 3 })).click();
    for (const name of ["coast/sea/IMG_1.HEIC", "coast/sand/IMG_2.jpg"]) {
      const line = await news(app).getByRole("listitem").filter({ hasText: name }).textContent();
      assert.match(line, /HEIC.*JPEG/);
    }
    assert.deepEqual(app.errors, []);
  });

  test("with Training and Testing has two splits", { timeout: 3 * MINUTE }, async (t) => {
    const app = await dropped(t, async (folder) => {
      await coast(path.join(folder, "Training"));
      await coast(path.join(folder, "Testing"), 6);
      await put(folder, "cover.png", tintedImages("cover", [1, 2, 3], 1)[0].buffer);
    });
    await app.hasImages({ images: 12, classes: 2 });
    assert.equal((await app.replies("collection")).at(-1).has_validation, true);
  });

  test("causes a warning about duplicate images", { timeout: 3 * MINUTE }, async (t) => {
    const app = await dropped(t, async (folder) => {
      await coast(folder);
      await put(folder, "sand/copy.png", tintedImages("sea", COLORS.sea, 1)[0].buffer);
    });
    await app.hasImages({ images: 13, classes: 2 });
    await news(app).getByText(messagePattern("data-warning-same-in-two-classes", { count: 1 })).waitFor();
  });

  test("of one class becomes one more class", { timeout: 3 * MINUTE }, async (t) => {
    const app = await dropped(t, async (folder) => {
      for (const { name, buffer } of tintedImages("sea", COLORS.sea, 4)) {
        await put(folder, name, buffer);
      }
    });
    await app.hasImages({ images: 4, classes: 1 });
    await app.page.getByRole("textbox", { name: message("images-class-name", { class: "coast" }), exact: true }).waitFor();
    await app.addClass("sky");
    await app.hasImages({ images: 4, classes: 2 });
  });

  test("that cannot be used causes an error that says why", { timeout: 3 * MINUTE }, async (t) => {
    const app = await dropped(t, async (folder) => {
      await put(folder, "images.zip", Buffer.from("PK\x03\x04\x14\0\0\0", "latin1"));
    });
    await app.page.getByText(messagePattern("error-folder-archive")).waitFor();
    const folder = path.join(await temporaryFolder(t), "phone");
    await put(folder, "cat/1.heic", HEIC);
    await put(folder, "dog/1.heic", HEIC);
    await dropFromDisk(app, app.section("images"), [folder]);
    await app.page.getByText(messagePattern("error-folder-only-unsupported", { count: 2 })).waitFor();
    const boxes = path.join(await temporaryFolder(t), "yolo");
    await put(boxes, "train/images/1.png", tintedImages("a", [9, 9, 9], 1)[0].buffer);
    await put(boxes, "train/labels/1.txt", "0 0.5 0.5 1 1");
    await dropFromDisk(app, app.section("images"), [boxes]);
    await app.page.getByText(message("error-folder-object-detection")).waitFor();
  });
});

describe("CIFAR-100", () => {
  test("is learned with the chosen labels", { timeout: 3 * MINUTE }, async (t) => {
    const file = path.join(await temporaryFolder(t), "train.bin");
    const record = (fine) => {
      const pixels = Buffer.alloc(3072, (fine * 2) % 256);
      return Buffer.concat([Buffer.from([Math.floor(fine / 5), fine]), pixels]);
    };
    await writeFile(file, Buffer.concat(Array.from({ length: 100 }, (_, fine) => record(fine))));
    const app = await App.open(here.browser, here.url);
    t.after(() => app.close());
    await app.file(message("images-choose-cifar")).setInputFiles(file);
    await app.hasImages({ images: 100, classes: 100 });
    await app.page.getByLabel(message("images-cifar100-labels")).selectOption({ label: message("images-cifar100-coarse") });
    await app.file(message("images-choose-cifar")).setInputFiles(file);
    await app.hasImages({ images: 100, classes: 20 });
    await app.page.getByLabel(message("images-cifar100-labels")).selectOption({ label: message("images-cifar100-both") });
    await app.file(message("images-choose-cifar")).setInputFiles(file);
    await until("a table", async () => {
      const table = (await app.replies("collection")).at(-1).table;
      return table?.tasks?.class === 2;
    });
    assert.deepEqual(app.errors, []);
  });
});
