// Errors are shown where they occur, and nothing is lost.

import assert from "node:assert/strict";
import { readFile, stat } from "node:fs/promises";
import path from "node:path";
import { describe, test } from "node:test";

import { App, MINUTE, TRAINING } from "./lib/app.mjs";
import { WEIGHTS, tintedImages } from "./lib/images.mjs";
import { DIST } from "./lib/server.mjs";
import { site } from "./lib/site.mjs";
import { message, messagePattern } from "./lib/texts.mjs";
import { sleep, until } from "./lib/wait.mjs";

const here = site();

async function open(t) {
  const app = await App.open(here.browser, here.url);
  t.after(() => app.close());
  return app;
}

/// Checks that the page says what a step lacks, and links to it.
async function asksFor(app, step, missing) {
  await app.section(step).locator(`a[href="#${missing}"]`).first().waitFor();
  return app.section(step).innerText();
}

describe("a weights file", () => {
  const FILES = {
    "that is text": { name: "notes.safetensors", buffer: Buffer.from("These are not weights.\n") },
    "that is empty": { name: "empty.pth", buffer: Buffer.alloc(0) },
    "cut short": { name: "half.safetensors", cut: 0.5 },
    "with a damaged header": { name: "damaged.safetensors", damage: 20 },
  };

  for (const [what, { name, cut, damage, buffer }] of Object.entries(FILES)) {
    test(`${what} is refused, and the model stays`, { timeout: 2 * MINUTE }, async (t) => {
      const app = await open(t);
      await app.useSample();
      const before = await until("the included network", () => app.text("model-title"), { timeout: MINUTE });
      let bytes = buffer;
      if (!bytes) {
        const weights = await readFile(WEIGHTS);
        bytes = weights.subarray(0, Math.floor(weights.length * (cut ?? 1)));
        if (damage) {
          bytes.fill(0xff, 8, 8 + damage);
        }
      }
      await app.file(message("model-choose-file")).setInputFiles({
        name,
        mimeType: "application/octet-stream",
        buffer: bytes,
      });
      const words = await app.saysWhatIsWrong("model");
      t.diagnostic(words.replaceAll(/\s+/g, " "));
      assert.ok(words.length > 20, words);
      assert.equal(await app.problem("model").getAttribute("role"), "alert");
      assert.equal(await app.text("model-title"), before);
      assert.ok((await app.total()).images > 0, "the images are gone");
      assert.ok(await app.button(message("run-start")).isEnabled());

      await app.button(message("app-dismiss"), app.section("model")).click();
      await app.problem("model").waitFor({ state: "detached" });
    });
  }
});

describe("an own model", () => {
  test("replaces the included one, which can be restored", { timeout: 2 * MINUTE }, async (t) => {
    const app = await open(t);
    const network = async () => (await app.replies("model")).at(-1)?.ready;
    await until("the included network", async () => (await network())?.source === "tiny-imagenet");
    const buffer = await readFile(WEIGHTS);
    const file = { name: "mine.safetensors", mimeType: "application/octet-stream", buffer };
    await app.file(message("model-choose-file")).setInputFiles(file);
    await until("one's own", async () => (await network())?.title === file.name);
    assert.deepEqual([(await network()).source, (await network()).architecture], [null, "resnet18"]);
    await app.section("model").getByText("mine.safetensors").first().waitFor();
    await app.button(message("model-use-included")).click();
    await until("the included network again", async () => (await network())?.source === "tiny-imagenet");
    assert.deepEqual(app.errors, []);
  });
});

describe("a downloaded model", () => {
  test("with a wrong checksum is refused, and the model stays", { timeout: 2 * MINUTE }, async (t) => {
    const app = await open(t);
    const network = async () => (await app.replies("model")).at(-1)?.ready?.source;
    await until("the included network", async () => (await network()) === "tiny-imagenet");
    await app.page.context().route(/^https:\/\/(huggingface\.co|[\w.-]+\.hf\.co)\//, (route) =>
      route.fulfill({
        body: Buffer.alloc(2 ** 20),
        contentType: "application/octet-stream",
        headers: { "Access-Control-Allow-Origin": "*" },
      }),
    );
    // In a collapsed panel, so not visible at first.
    const offers = app.section("model").getByRole("button", { name: /^Download /, includeHidden: true });
    const download = offers.first();
    await app.reveal(download);
    await download.click();
    const problem = await app.saysWhatIsWrong("model");
    t.diagnostic(problem);
    assert.match(problem, /checksum|SHA-256/i);
    const progress = (await app.replies("model")).flatMap(({ loading }) => (loading ? [loading.received] : []));
    assert.ok(progress.includes(2 ** 20), `no progress of the download: ${progress}`);
    assert.equal(await network(), "tiny-imagenet");
  });
});

describe("images", () => {
  test("that cannot be read are listed, and the others stay", { timeout: 2 * MINUTE }, async (t) => {
    const app = await open(t);
    await app.addClass("sea");
    await app.file(message("images-add-to-class", { class: "sea" })).setInputFiles([
      ...tintedImages("sea", [40, 90, 200], 3),
      { name: "letter.jpg", mimeType: "image/jpeg", buffer: Buffer.from("Dear reader, no image.\n") },
    ]);
    await app.hasImages({ images: 3, classes: 1 });
    const { skipped } = await until("the file named", async () => (await app.replies("import_report")).at(-1));
    assert.equal(skipped.length, 1);
    t.diagnostic(JSON.stringify(skipped[0]));
    const section = app.section("images");
    await section.getByText(message("images-skipped", { count: 1 })).first().waitFor();
    await app.reveal(section.getByText(/letter\.jpg/).first());
    assert.ok(await section.getByText(/letter\.jpg/).first().isVisible());
  });

  test("are requested if there are none", { timeout: MINUTE }, async (t) => {
    const app = await open(t);
    await asksFor(app, "train", "images");
    const train = app.button(message("run-start"));
    assert.ok(!(await train.isVisible()) || !(await train.isEnabled()), "training can be started");
    await asksFor(app, "try", "train");
  });

  test("of a single class are not enough for a run", { timeout: 2 * MINUTE }, async (t) => {
    const app = await open(t);
    await app.addClass("sea");
    await app.file(message("images-add-to-class", { class: "sea" })).setInputFiles(tintedImages("sea", [40, 90, 200], 4));
    await app.hasImages({ images: 4, classes: 1 });
    assert.match(await asksFor(app, "train", "images"), /class/);
    const train = app.button(message("run-start"));
    assert.ok(!(await train.isVisible()) || !(await train.isEnabled()), "training can be started");
  });
});

describe("a run", () => {
  test("of batches beyond the memory is refused, and smaller batches are trained", { timeout: TRAINING }, async (t) => {
    const app = await open(t);
    await app.useSample();
    await app.choose(message("option-strategy.full"));
    await app.openOptions();
    await app.setImageSize(224);
    await app.option("batch_size").fill("1000");
    await app.startTraining();
    const alert = app.page.getByRole("alert").filter({ hasText: "does not fit in the memory" });
    await alert.waitFor({ timeout: 2 * MINUTE });
    t.diagnostic(await alert.innerText());
    assert.deepEqual(await app.crashes(), []);

    await app.option("batch_size").fill("4");
    await app.startTraining();
    await until("a step", async () => (await app.events("step")).length > 0, {
      timeout: 2 * MINUTE,
      describe: () => app.state(),
    });
    await app.button(message("run-stop")).click();
    await app.trainingEnds(TRAINING);
  });
});

describe("the page", () => {
  for (const file of ["app.js", "app_bg.wasm"]) {
    test(`reports that ${file} cannot be loaded`, { timeout: MINUTE }, async (t) => {
      const context = await here.browser.newContext({ serviceWorkers: "block" });
      t.after(() => context.close());
      await context.route(`**/${file}`, (route) => route.abort());
      const page = await context.newPage();
      await page.goto(here.url);
      await page.getByRole("alert").filter({ hasText: messagePattern("boot-not-loaded") }).waitFor();
    });
  }
});

describe("the engine", () => {
  for (const file of ["worker-loader.js", "worker_bg.wasm"]) {
    test(`reports that ${file} cannot be loaded`, { timeout: MINUTE }, async (t) => {
      const context = await here.browser.newContext({ serviceWorkers: "block" });
      t.after(() => context.close());
      await context.route(`**/${file}`, (route) => route.abort());
      const page = await context.newPage();
      await page.goto(here.url);
      const reason = file === "worker-loader.js" ? "app-engine-file-missing" : "app-engine-not-loaded";
      const alert = page.getByRole("alert").filter({ hasText: messagePattern(reason) });
      await alert.waitFor();
      t.diagnostic((await alert.innerText()).replaceAll(/\s+/g, " "));
      await page.getByRole("button", { name: message("app-reload") }).waitFor();
    });
  }

  test("shows the progress of loading", { timeout: MINUTE }, async (t) => {
    const app = await open(t);
    const { size } = await stat(path.join(DIST, "worker_bg.wasm"));
    const steps = await until("loaded", async () => {
      const steps = await app.loading();
      return steps.at(-1)?.[0] === size && steps;
    });
    assert.ok(steps.every(([received, total], i) => total === size && received >= (steps[i - 1]?.[0] ?? 0)));
  });

  test("is restarted with the images after a crash", { timeout: 3 * MINUTE }, async (t) => {
    const app = await open(t);
    await app.useSample();
    const total = await app.total();
    const breakDown = (text) => {
      setTimeout(() => {
        throw new Error(text);
      });
      Promise.reject(new Error("a consequence"));
    };
    await app.page.workers()[0].evaluate(breakDown, "broken for the test");
    const [crash] = await until("the breakdown reported", async () => {
      const crashes = await app.crashes();
      return crashes.length > 0 && crashes;
    });
    await sleep(500);
    assert.equal((await app.crashes()).length, 1, "reported more than once");
    t.diagnostic(crash);
    await app.page.getByRole("alert").filter({ hasText: crash }).waitFor();

    const collections = (await app.replies("collection")).length;
    await app.button(message("app-engine-restart")).click();
    await until("the images read again", async () => (await app.replies("collection")).length > collections, {
      timeout: MINUTE,
      describe: () => app.state(),
    });
    await app.hasImages(total);
    assert.equal(app.page.workers().length, 1);
  });
});
