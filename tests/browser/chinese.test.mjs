// The main way in Simplified Chinese: sample images, training, a prediction, the download.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import path from "node:path";

import { App, MINUTE, TRAINING } from "./lib/app.mjs";
import { ringImage, temporaryFolder } from "./lib/images.mjs";
import { site } from "./lib/site.mjs";
import { foreignTexts, message, messagePattern, setLanguage } from "./lib/texts.mjs";
import { until } from "./lib/wait.mjs";

setLanguage("zh-Hans");

/// English texts of the catalogue, and English sentences, among all texts that are shown or read aloud.
async function english(app) {
  const shown = await app.page.evaluate(() => {
    const texts = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      if (node.nodeType === Node.TEXT_NODE) {
        const style = !["STYLE", "SCRIPT", "NOSCRIPT"].includes(node.parentElement.tagName);
        texts.push(...(style && !node.parentElement.closest("[lang=en]:not(html)") ? [node.data] : []));
      } else {
        texts.push(...["aria-label", "title", "placeholder", "alt"].map((name) => node.getAttribute(name) ?? ""));
      }
    }
    return texts.map((text) => text.trim().replaceAll(/\s+/g, " "));
  });
  const foreign = foreignTexts("en");
  // Four English words in a row are a sentence, also if it has variables.
  const sentence = /\b[A-Za-z]{2,}(?:[ ,][A-Za-z]{2,}){3,}/;
  return [...new Set(shown.filter((text) => foreign.has(text) || sentence.test(text)))];
}

describe("the app in Chinese", () => {
  const here = site();
  let app;

  before(async () => {
    app = await App.open(here.browser, here.url, { context: { locale: "zh-CN" } });
  });
  after(() => app?.close());

  test("follows the browser's language", async () => {
    assert.equal(await app.page.locator("html").getAttribute("lang"), "zh-Hans");
    assert.equal(await app.page.title(), message("boot-title"));
    assert.equal(await app.page.locator("#language").inputValue(), "zh-Hans");
    assert.deepEqual(await english(app), []);
  });

  test("explains its options", async () => {
    await app.useSample();
    await app.openOptions();
    assert.deepEqual(await english(app), []);
    await app.choose(message("option-strategy.probe"));
    await app.setEpochs(60);
  });

  test("trains, and keeps everything while the language changes", { timeout: 2 * TRAINING }, async (t) => {
    await app.startTraining();
    await app.reachesEpoch(2);
    assert.deepEqual(await english(app), []);

    await app.page.locator("#language").selectOption("en");
    setLanguage("en");
    await app.button(message("run-stop")).waitFor();
    assert.equal(await app.page.locator("html").getAttribute("lang"), "en");
    assert.equal(await app.option("epochs").inputValue(), "60");
    await app.page.locator("#language").selectOption("zh-Hans");
    setLanguage("zh-Hans");

    const accuracy = await app.trainingEnds(2 * TRAINING);
    t.diagnostic(`${(100 * accuracy).toFixed(1)} %`);
    assert.ok(accuracy > 0.9, `validation accuracy ${accuracy}`);
    assert.equal((await app.events("started")).length, 1, "the run began again");
    assert.deepEqual(await english(app), []);
  });

  test("predicts and shows results", { timeout: MINUTE }, async (t) => {
    const { text } = await app.predict({ name: "ring.png", mimeType: "image/png", buffer: ringImage() });
    assert.match(text, /^ring/);
    await app.page.getByRole("region", { name: message("try-probabilities") }).waitFor();
    await app.section("try").getByRole("table", { name: message("results-confusion") }).waitFor();
    assert.deepEqual(await english(app), []);

    const folder = await temporaryFolder(t);
    const { name, bytes } = await app.downloadModel(path.join(folder, "model.safetensors"));
    assert.match(name, /\.safetensors$/);
    assert.ok(bytes.length > 40e6, `${bytes.length} bytes`);
  });

  test("says in Chinese what is wrong", { timeout: MINUTE }, async () => {
    const before = (await app.replies("prediction")).length;
    const empty = { name: "empty.png", mimeType: "image/png", buffer: Buffer.from("") };
    await app.file(message("try-choose")).setInputFiles(empty);
    const problem = await app.saysWhatIsWrong("try");
    assert.match(problem, /[\u4e00-\u9fff]/);
    assert.equal((await app.replies("prediction")).length, before);
    assert.deepEqual(await english(app), []);
  });

  test("keeps the language that was chosen", { timeout: MINUTE }, async () => {
    await app.page.locator("#language").selectOption("en");
    app.page.once("dialog", (dialog) => dialog.accept());
    await app.page.reload();
    await app.isThere();
    await until("English", async () => (await app.page.locator("html").getAttribute("lang")) === "en");
    // The search for English texts finds those of the English page.
    assert.ok((await english(app)).length > 20, `${await english(app)}`);
    setLanguage("en");
    await app.page.getByRole("button", { name: messagePattern("images-use-sample") }).waitFor();
  });
});
