// The threads of the processor: they compute the same to the bit, in every browser that shares memory, and the app
// works without them and without the decoders.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { describe, test } from "node:test";

import { App, MINUTE, TRAINING } from "./lib/app.mjs";
import { ringImage, temporaryFolder } from "./lib/images.mjs";
import { DIST } from "./lib/server.mjs";
import { site } from "./lib/site.mjs";
import { message } from "./lib/texts.mjs";
import { until } from "./lib/wait.mjs";

/// Runs in the engine before anything else: counts the workers that it starts, by their scripts.
function countWorkers() {
  self.startedWorkers = {};
  self.Worker = class extends Worker {
    constructor(url, options) {
      super(url, options);
      const name = String(url).split("/").at(-1);
      self.startedWorkers[name] = (self.startedWorkers[name] ?? 0) + 1;
    }
  };
}

/// Replaces a script of the app.
async function replace(context, name, change) {
  const script = await readFile(path.join(DIST, name), "utf8");
  await context.route(`**/${name}`, (route) =>
    route.fulfill({ contentType: "text/javascript", body: change(script) }),
  );
}

const counting = (context) => replace(context, "worker-loader.js", (script) => `(${countWorkers})();\n${script}`);

const startedWorkers = (app) => app.page.workers()[0].evaluate(() => self.startedWorkers);

/// A short run of the whole network.
async function train(app) {
  await app.useSample();
  await app.openOptions();
  await app.option("strategy").selectOption("full");
  await app.option("per_class").fill("10");
  await app.setEpochs(1);
  await app.startTraining();
  await app.trainingEnds(TRAINING);
}

/// The model after a short run with so many threads.
async function modelWith(t, here, folder, threads) {
  const app = await App.open(here.browser, here.url, { onContext: counting });
  t.after(() => app.close());
  await app.openOptions();
  const choice = app.page.getByLabel(message("device-threads"));
  await choice.waitFor({ timeout: MINUTE });
  await choice.selectOption(String(threads));
  const used = (status) => status?.threads.used === threads && status.cpu_speed;
  await until("the threads measured", async () => used((await app.replies("device")).at(-1)), { timeout: MINUTE });
  await train(app);
  const speed = used((await app.replies("device")).at(-1));
  t.diagnostic(`${threads} threads: ${(speed.training * 1000).toFixed(1)} ms per image and ${(speed.step * 1000).toFixed(1)} ms per step`);
  const { bytes } = await app.downloadModel(path.join(folder, `${threads}.safetensors`));
  assert.deepEqual(await app.crashes(), []);
  assert.equal((await startedWorkers(app))["thread.js"] ?? 0, threads - 1);
  return { app, bytes };
}

describe("threads of the processor", () => {
  const here = site({ gpu: "none" });

  test("the model is the same to the bit with one and with more", { timeout: TRAINING }, async (t) => {
    const folder = await temporaryFolder(t);
    const [one, two] = [await modelWith(t, here, folder, 1), await modelWith(t, here, folder, 2)];
    assert.ok(one.bytes.equals(two.bytes));
    // The command to use them is repeated in an engine that is started again.
    const [last] = (await two.app.commands("ChooseThreads")).slice(-1);
    assert.deepEqual(last, { threads: 2 });
  });

  test("a thread that fails ends the engine with a message", { timeout: TRAINING }, async (t) => {
    const failing = (script) => script.replace("joinLoops(exports.run_tasks)", "joinLoops(() => { throw new Error('no'); })");
    const app = await App.open(here.browser, here.url, { onContext: (context) => replace(context, "thread.js", failing) });
    t.after(() => app.close());
    await app.openOptions();
    await app.page.getByLabel(message("device-threads")).selectOption("2");
    const [crash] = await until("the crash", async () => {
      const crashes = await app.crashes();
      return crashes.length > 0 && crashes;
    }, { timeout: MINUTE });
    assert.match(crash, /a thread failed/);
  });
});

describe("without", () => {
  const here = site({ gpu: "none" });

  /// As on a computer with more cores, where threads are wanted from the start.
  const CORES = 'Object.defineProperty(navigator, "hardwareConcurrency", { value: 4 });\n';

  const CASES = {
    "files of threads and decoders": async (context) => {
      await replace(context, "memory.js", (script) => CORES + script);
      await context.route(/\/(thread|decoder)\.js$/, (route) => route.abort());
    },
    "shared memory": (context) =>
      replace(context, "memory.js", (script) =>
        `${CORES}self.WebAssembly.Memory = class extends WebAssembly.Memory {
          constructor(limits) {
            if (limits.shared) {
              throw new RangeError("no shared memory");
            }
            super(limits);
          }
        };\n${script}`,
      ),
    "relaxed SIMD": (context) =>
      replace(context, "webassembly.js", (script) =>
        script.replace("export function hasRelaxedSimd() {", "export function hasRelaxedSimd() {\n  return false;"),
      ),
    "workers of workers": (context) =>
      replace(context, "memory.js", (script) => `${CORES}self.Worker = undefined;\n${script}`),
  };

  for (const [what, onContext] of Object.entries(CASES)) {
    test(what, { timeout: TRAINING }, async (t) => {
      const app = await App.open(here.browser, here.url, { onContext });
      t.after(() => app.close());
      await train(app);
      const { text } = await app.predict({ name: "ring.png", mimeType: "image/png", buffer: ringImage() });
      t.diagnostic(text);
      assert.deepEqual(await app.crashes(), []);
    });
  }
});

describe("decoders", () => {
  const here = site({ gpu: "none" });

  test("a file that crashes a decoder is left out, and the others are read", { timeout: TRAINING }, async (t) => {
    const crashing = (script) =>
      script.replace("const [message, transfer]", 'if (file.name.startsWith("bad")) { throw new Error("crash"); }\n  const [message, transfer]');
    const app = await App.open(here.browser, here.url, {
      onContext: async (context) => {
        await counting(context);
        await replace(context, "decoder.js", crashing);
      },
    });
    t.after(() => app.close());
    await app.addClass("rings");
    const names = ["1.png", "bad.png", "2.png", "3.png", "bad too.png", "4.png"];
    const files = names.map((name) => ({ name, mimeType: "image/png", buffer: ringImage() }));
    await app.file(message("images-add-to-class", { class: "rings" })).setInputFiles(files);
    await app.hasImages({ images: 4, timeout: MINUTE });
    const [report] = (await app.replies("import_report")).slice(-1);
    assert.deepEqual(
      report.skipped.map(({ name, reason }) => [name, reason]),
      [["bad.png", "DecoderCrashed"], ["bad too.png", "DecoderCrashed"]],
    );
    assert.deepEqual(await app.crashes(), []);
    assert.ok((await startedWorkers(app))["decoder.js"] >= 3, "decoders are started again");
  });
});
