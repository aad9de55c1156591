// The app without a connection, and its updates.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { appendFile, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, test } from "node:test";

import { App, MINUTE, TRAINING } from "./lib/app.mjs";
import { built, isKept as isKeptIn, list } from "./lib/built.mjs";
import { serve } from "./lib/server.mjs";
import { site } from "./lib/site.mjs";
import { message } from "./lib/texts.mjs";
import { until } from "./lib/wait.mjs";

/// Waits until the service worker has stored all files and controls the page.
async function isKept(app) {
  await until("the app kept for offline use", () => app.page.evaluate(isKeptIn), { timeout: MINUTE });
}

/// Changes a style of the built app, and its checksum, as a new build would.
async function publish(root, rule) {
  const style = path.join(root, "boot.css");
  await appendFile(style, rule);
  const digest = createHash("sha384").update(await readFile(style)).digest("base64");
  const page = path.join(root, "index.html");
  const html = await readFile(page, "utf8");
  const changed = html.replace(/<link[^>]*boot\.css[^>]*>/, (link) =>
    link.replace(/integrity="[^"]*"/, `integrity="sha384-${digest}"`),
  );
  await writeFile(page, changed);
  list(root);
}

const markerOf = (app) =>
  app.page.evaluate(() => getComputedStyle(document.documentElement).getPropertyValue("--test-version"));

describe("offline", () => {
  const here = site();

  test("the app starts and trains after one visit", { timeout: TRAINING }, async (t) => {
    const server = await serve();
    const app = await App.open(here.browser, server.url);
    t.after(() => app.close());
    await until("the network ready", () => app.text("model-title"), { timeout: MINUTE });
    await isKept(app);

    await server.close();
    await app.page.context().setOffline(true);
    await app.page.reload();
    await app.isThere();
    await app.useSample();
    await until("the network ready", () => app.text("model-title"), { timeout: MINUTE });
    await app.choose(message("option-strategy.probe"));
    await app.setEpochs(1);
    await app.startTraining();
    assert.ok((await app.trainingEnds(TRAINING)) > 0.125);
  });

  test("stored files have the policy of the page", { timeout: 2 * MINUTE }, async (t) => {
    const app = await App.open(here.browser, here.url);
    t.after(() => app.close());
    await isKept(app);
    const kept = await app.page.evaluate(async () => {
      const [name, ...others] = (await caches.keys()).filter((name) => name.startsWith("tunelab-app-"));
      const cache = await caches.open(name);
      const files = await Promise.all(
        (await cache.keys()).map(async ({ url }) => {
          const { headers } = await cache.match(url);
          return [new URL(url).pathname, headers.get("Content-Security-Policy")];
        }),
      );
      return { files, others };
    });
    assert.deepEqual(kept.others, []);
    const names = kept.files.map(([name]) => name);
    for (const name of ["/", "/app.js", "/app_bg.wasm", "/worker.js", "/worker_bg.wasm", "/worker-loader.js"]) {
      assert.ok(names.includes(name), `${name} is not kept`);
    }
    assert.ok(!names.some((name) => /^\/(models|data)\//.test(name)), "weights or data are kept");
    assert.ok(kept.files.every(([, policy]) => policy?.startsWith("default-src 'none'")));
  });
});

describe("a new version", () => {
  const here = site();

  test("is complete, and used from the next start on", { timeout: 3 * MINUTE }, async (t) => {
    const root = await built(t);
    const server = await serve({ root });
    t.after(() => server.close());
    const app = await App.open(here.browser, server.url);
    t.after(() => app.close());
    await isKept(app);

    await publish(root, ":root { --test-version: 2 }");
    await app.page.evaluate(async () => {
      const registration = await navigator.serviceWorker.getRegistration();
      await registration.update();
    });
    const waits = async () => (await navigator.serviceWorker.getRegistration()).waiting !== null;
    await until("the new version waiting", () => app.page.evaluate(waits), { timeout: MINUTE });
    assert.equal(await markerOf(app), "", "the open page changed");

    await app.page.reload();
    await until("the new version", async () => (await markerOf(app).catch(() => "")).trim() === "2");
    await app.isThere();
    const caches = await until("the old version gone", () =>
      app.page.evaluate(async () => {
        const names = (await caches.keys()).filter((name) => name.startsWith("tunelab-app-"));
        return names.length === 1 && names;
      }),
    );
    assert.equal(caches.length, 1);
  });

  test("that is only partly published is not used", { timeout: 2 * MINUTE }, async (t) => {
    const root = await built(t);
    const server = await serve({ root });
    t.after(() => server.close());
    const app = await App.open(here.browser, server.url);
    t.after(() => app.close());
    await isKept(app);

    await publish(root, ":root { --test-version: 2 }");
    await appendFile(path.join(root, "worker-loader.js"), "// not yet of this version\n");
    const found = await app.page.evaluate(async () => {
      const registration = await navigator.serviceWorker.getRegistration();
      const installing = new Promise((resolve) => {
        registration.addEventListener("updatefound", () => resolve(registration.installing));
      });
      await registration.update().catch(() => {});
      const next = await installing;
      while (!["redundant", "installed", "activated"].includes(next.state)) {
        await new Promise((resolve) => next.addEventListener("statechange", resolve, { once: true }));
      }
      return next.state;
    });
    assert.equal(found, "redundant");
    await app.page.reload();
    await app.isThere();
    assert.equal(await markerOf(app), "");
  });

  test("of a development build removes the stored files", { timeout: 2 * MINUTE }, async (t) => {
    const root = await built(t);
    const server = await serve({ root });
    t.after(() => server.close());
    const app = await App.open(here.browser, server.url);
    t.after(() => app.close());
    await isKept(app);

    list(root, "debug");
    await app.page.reload();
    await until("nothing kept", () =>
      app.page.evaluate(async () => {
        const kept = (await caches.keys()).filter((name) => name.startsWith("tunelab-app-"));
        return kept.length === 0 && !(await navigator.serviceWorker.getRegistration());
      }).catch(() => false),
    );
  });
});

describe("in a subfolder of a site", () => {
  const here = site();

  test("the app starts, also offline", { timeout: 3 * MINUTE }, async (t) => {
    const server = await serve({ base: "/some/folder/" });
    const app = await App.open(here.browser, server.url);
    t.after(() => app.close());
    await app.useSample();
    await isKept(app);
    const outside = server.requests.filter(({ path }) => !path.startsWith("/some/folder/"));
    assert.deepEqual(outside.filter(({ path }) => path !== "/favicon.ico"), []);
    await server.close();
    await app.page.reload();
    await app.isThere();
  });
});
