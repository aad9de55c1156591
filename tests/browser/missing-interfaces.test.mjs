// Browser interfaces that are missing, refuse or never answer. Whichever is taken away, training on the sample
// images works, and an image is predicted.

import assert from "node:assert/strict";
import { appendFile, cp, readFile } from "node:fs/promises";
import path from "node:path";
import { describe, test } from "node:test";

import { App, MINUTE, TRAINING } from "./lib/app.mjs";
import { ringImage, temporaryFolder } from "./lib/images.mjs";
import { DIST, serve } from "./lib/server.mjs";
import { site } from "./lib/site.mjs";
import { message, messagePattern } from "./lib/texts.mjs";
import { until } from "./lib/wait.mjs";

/// Runs in the page and in the worker before anything else. `removals`: pairs of the path of an interface from the
/// global object, and how it is taken away.
function takeAway(removals) {
  const no = () => new DOMException("not allowed here", "SecurityError");
  const ways = {
    missing: { value: undefined },
    throws: {
      get() {
        throw no();
      },
    },
    refuses: { value: () => Promise.reject(no()) },
    "gives nothing": { value: () => Promise.resolve(null) },
    "never answers": { value: () => new Promise(() => {}) },
    "never tells": {
      value: class {
        observe() {}
        unobserve() {}
        disconnect() {}
      },
    },
  };
  self.takenAway = removals.flatMap(([what, how]) => {
    const names = what.split(".");
    const last = names.pop();
    let holder = names.reduce((object, name) => object?.[name], self);
    while (holder && !Object.hasOwn(holder, last)) {
      holder = Object.getPrototypeOf(holder);
    }
    if (!holder) {
      return [];
    }
    Object.defineProperty(holder, last, { configurable: true, ...ways[how] });
    return [what];
  });
}

const all = (how, ...names) => names.map((name) => [name, how]);

/// The messages if there is no camera.
const cameraProblem = new RegExp(
  ["try-camera-denied", "try-camera-unsupported"].map((id) => messagePattern(id).source).join("|"),
);

/// Interfaces that are taken away together; none of them hides another.
const CASES = {
  "everything that a browser may lack": all(
    "missing",
    ...["navigator.storage", "navigator.serviceWorker", "navigator.gpu", "navigator.mediaDevices"],
    ...["navigator.clipboard", "navigator.locks", "caches", "indexedDB", "localStorage", "sessionStorage"],
    ...["IntersectionObserver", "ResizeObserver", "TransformStream", "OffscreenCanvas", "createImageBitmap"],
    ...["matchMedia", "structuredClone", "requestIdleCallback", "crypto.subtle", "crypto.randomUUID"],
    ...["HTMLDialogElement.prototype.showModal", "WebAssembly.instantiateStreaming", "SharedWorker"],
  ),
  "interfaces that may not be looked at": all(
    "throws",
    ...["navigator.storage", "navigator.serviceWorker", "navigator.gpu", "navigator.mediaDevices", "caches"],
    ...["navigator.clipboard", "indexedDB", "localStorage", "sessionStorage", "IntersectionObserver"],
    ...["ResizeObserver", "matchMedia", "createImageBitmap", "OffscreenCanvas"],
  ),
  "interfaces that refuse": all(
    "refuses",
    ...["StorageManager.prototype.getDirectory", "StorageManager.prototype.estimate"],
    ...["CacheStorage.prototype.open", "ServiceWorkerContainer.prototype.register"],
    ...["ServiceWorkerContainer.prototype.getRegistration", "GPU.prototype.requestAdapter"],
    ...["MediaDevices.prototype.getUserMedia"],
  ),
  "files and caches that refuse": [
    ...all("refuses", "FileSystemFileHandle.prototype.createSyncAccessHandle"),
    ...all("refuses", "Cache.prototype.match", "Cache.prototype.put"),
    ...all("gives nothing", "GPU.prototype.requestAdapter"),
  ],
  "files without synchronous access": [
    ...all("missing", "FileSystemFileHandle.prototype.createSyncAccessHandle", "Response.prototype.body"),
    ...all("never answers", "Cache.prototype.put"),
  ],
  "interfaces that never answer": [
    ...all("never answers", "StorageManager.prototype.getDirectory", "CacheStorage.prototype.open"),
    ...all("never answers", "ServiceWorkerContainer.prototype.register", "GPU.prototype.requestAdapter"),
    ...all("never answers", "ServiceWorkerContainer.prototype.getRegistration"),
    ...all("never tells", "IntersectionObserver", "ResizeObserver"),
  ],
};

/// Opens the app without some interfaces, and checks that the browser had all of them.
async function openWithout(here, t, removals, url = here.url) {
  const source = `(${takeAway})(${JSON.stringify(removals)});\n`;
  const app = await App.open(here.browser, url, {
    onContext: async (context) => {
      await context.addInitScript(source);
      // Not from the server, because only the browser knows all the names the file is requested by.
      const loader = await readFile(path.join(DIST, "worker-loader.js"), "utf8");
      await context.route("**/worker-loader.js", (route) =>
        route.fulfill({ contentType: "text/javascript", body: source + loader }),
      );
    },
  });
  t.after(() => app.close());
  const worker = await until("the worker", () => app.page.workers()[0]);
  const taken = await Promise.all([app.page, worker].map((realm) => realm.evaluate(() => self.takenAway)));
  const kept = removals.map(([what]) => what).filter((what) => !taken.flat().includes(what));
  assert.deepEqual(kept, [], "not there to be taken away");
  return app;
}

async function trainsAndPredicts(app, t) {
  const began = Date.now();
  await app.useSample();
  await until("the thumbnails", () => app.page.locator("#images canvas").count(), { describe: () => app.state() });
  await app.choose(message("option-strategy.probe"));
  await app.setEpochs(2);
  await app.startTraining();
  const accuracy = await app.trainingEnds(TRAINING);
  const { text } = await app.predict({ name: "ring.png", mimeType: "image/png", buffer: ringImage() });
  t.diagnostic(`${(100 * accuracy).toFixed(1)} %, ${text}, ${((Date.now() - began) / 1000).toFixed(1)} s`);
  assert.ok(accuracy > 0.3, `validation accuracy ${accuracy}`);
  assert.deepEqual(await app.crashes(), []);
}

/// Waits for the footer that says that the app is not stored.
const needsConnection = (app) =>
  until("the need for a connection said", () => app.page.getByText(message("app-needs-connection")).isVisible());

describe("a browser without", () => {
  const here = site({ gpu: "software" });

  for (const [what, removals] of Object.entries(CASES)) {
    test(what, { timeout: TRAINING }, async (t) => {
      const app = await openWithout(here, t, removals);
      await trainsAndPredicts(app, t);
      if (removals.some(([name]) => /serviceWorker$|register$/.test(name))) {
        await needsConnection(app);
      }
      if (removals.some(([name]) => /mediaDevices$|getUserMedia$/.test(name))) {
        await app.button(message("try-camera-start")).click();
        await app.section("try").getByText(cameraProblem).waitFor();
      }
      assert.deepEqual(app.errors, []);
    });
  }

  for (const how of ["refuses", "never answers"]) {
    test(`a usable graphics card: it ${how}`, { timeout: TRAINING }, async (t) => {
      const app = await openWithout(here, t, [["GPUAdapter.prototype.requestDevice", how]]);
      const card = app.radio(message("device-gpu"));
      await until("a graphics card found", () => card.isEnabled(), { timeout: MINUTE });
      await app.choose(message("device-gpu"));
      const error = how === "refuses" ? "error-gpu-refused" : "error-gpu-no-answer";
      assert.match(await app.saysWhatIsWrong("train"), messagePattern(error));
      await app.button(message("app-dismiss"), app.section("train")).click();
      await trainsAndPredicts(app, t);
    });
  }
});

describe("an insecure address", () => {
  const here = site({ flags: ["--host-resolver-rules=MAP tunelab.test localhost"] });

  test("lacks only offline use and storage", { timeout: TRAINING }, async (t) => {
    const { port } = new URL(here.url);
    const app = await openWithout(here, t, [], `http://tunelab.test:${port}/`);
    const given = await app.page.evaluate(() => [self.isSecureContext, typeof navigator.storage, typeof caches]);
    assert.deepEqual(given, [false, "undefined", "undefined"]);
    await trainsAndPredicts(app, t);
    await needsConnection(app);
    // Chromium reports that an insecure page cannot be isolated.
    const errors = app.errors.filter((error) => !error.startsWith("The Cross-Origin-Opener-Policy header has been ignored"));
    assert.deepEqual(errors, []);
  });
});

describe("a service worker", () => {
  const here = site();

  for (const how of ["refuses", "never answers"]) {
    test(`whose cache ${how} falls back to the server`, { timeout: 2 * MINUTE }, async (t) => {
      const root = path.join(await temporaryFolder(t), "dist");
      await cp(DIST, root, { recursive: true });
      // The service worker's script imports this one first.
      const removals = JSON.stringify([["Cache.prototype.match", how]]);
      await appendFile(path.join(root, "app-files.js"), `(${takeAway})(${removals});\n`);
      const server = await serve({ root });
      t.after(() => server.close());
      const app = await App.open(here.browser, server.url);
      t.after(() => app.close());
      await until(
        "the service worker",
        () => app.page.evaluate(() => navigator.serviceWorker.controller?.state === "activated"),
        { timeout: MINUTE },
      );
      await app.page.reload();
      await app.isThere();
      await until("the network ready", () => app.text("model-title"), { timeout: MINUTE });
    });
  }
});
