// Nothing leaves the device: the Content-Security-Policy is there and enforced in the page and in the worker, and
// a whole run requests only the app's own files.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import http from "node:http";
import path from "node:path";
import { after, before, describe, test } from "node:test";

import { App, TRAINING } from "./lib/app.mjs";
import { isKept } from "./lib/built.mjs";
import { ringImage } from "./lib/images.mjs";
import { DIST, REPOSITORY, siteHeaders } from "./lib/server.mjs";
import { site } from "./lib/site.mjs";
import { message } from "./lib/texts.mjs";
import { until } from "./lib/wait.mjs";

const POLICY = /http-equiv="?Content-Security-Policy"?\s+content="([^"]+)"/;

describe("the policy", () => {
  test("is the same in the page, in the header and in the service worker", async () => {
    const [, policy] = (await readFile(path.join(REPOSITORY, "index.html"), "utf8")).match(POLICY);
    const headers = await siteHeaders();
    assert.equal(headers["Content-Security-Policy"], `${policy}; frame-ancestors 'none'`);
    const [, built] = (await readFile(path.join(DIST, "index.html"), "utf8")).match(POLICY);
    assert.equal(built, policy);
    assert.ok((await readFile(path.join(DIST, "app-files.js"), "utf8")).includes(`policy: "${policy}; frame-ancestors 'none'"`));
  });

  test("allows no inline script or style and no eval, and the page has none", async () => {
    const page = await readFile(path.join(DIST, "index.html"), "utf8");
    const [, policy] = page.match(POLICY);
    assert.doesNotMatch(policy, /unsafe-inline|'unsafe-eval'/);
    assert.doesNotMatch(page, /<style|\sstyle=|\son\w+=/);
    for (const [, attributes, content] of page.matchAll(/<script([^>]*)>(.*?)<\/script>/gs)) {
      assert.match(attributes, /src=/);
      assert.equal(content.trim(), "");
    }
    for (const [, address] of page.matchAll(/(?:src|href)="?([^"\s>]+)/g)) {
      assert.doesNotMatch(address, /^(\w+:)?\/\//, "an address of another site");
      assert.doesNotMatch(address, /^\//, "an address that is not relative");
    }
  });
});

describe("with a host that sends no headers", () => {
  // Then only the page's own policy and what the service worker adds apply.
  const here = site({ serve: { headers: false } });
  let app;
  let elsewhere;
  const asked = [];

  before(async () => {
    elsewhere = http.createServer((request, response) => {
      asked.push(request.url);
      response.writeHead(200, { "Access-Control-Allow-Origin": "*", "Content-Type": "text/plain" });
      response.end("received");
    });
    await new Promise((resolve) => elsewhere.listen(0, "127.0.0.1", resolve));
    app = await App.open(here.browser, here.url);
    await app.useSample();
  });
  after(async () => {
    await app?.close();
    elsewhere?.close();
  });

  /// Runs in the page or the worker: tries to send something to `address` and returns the outcome.
  const leak = (address) =>
    fetch(address, { method: "POST", body: "secret", mode: "no-cors" }).then(
      () => "sent",
      (error) => error.name,
    );

  test("the page cannot send anything to another site", async () => {
    const address = `http://127.0.0.1:${elsewhere.address().port}/page`;
    assert.equal(await app.page.evaluate(leak, address), "TypeError");
    await app.page.evaluate((address) => navigator.sendBeacon(address, "secret"), address);
    await app.page.evaluate((address) => {
      const image = new Image();
      image.src = address;
    }, address);
    await until("violations noted", async () => (await app.violations()).length >= 3);
    assert.deepEqual(asked, []);
  });

  test("the worker cannot either", async () => {
    const workers = app.page.workers();
    assert.equal(workers.length, 1, `${workers.length} workers`);
    const address = `http://127.0.0.1:${elsewhere.address().port}/worker`;
    assert.equal(await workers[0].evaluate(leak, address), "TypeError");
    // This is due to the policy: the worker can reach its own site.
    assert.equal(await workers[0].evaluate(leak, here.url), "sent");
    assert.deepEqual(asked, []);
  });

  test("nor if the service worker serves the worker's first file", async () => {
    await until("the service worker", () => app.page.evaluate(isKept));
    await app.page.reload();
    await app.isThere();
    const worker = await until("the worker", () => app.page.workers().find((one) => one.url().startsWith(here.url)));
    const address = `http://127.0.0.1:${elsewhere.address().port}/kept-worker`;
    assert.equal(await worker.evaluate(leak, address), "TypeError");
    assert.equal(await worker.evaluate(leak, here.url), "sent");
    assert.deepEqual(asked, []);
  });

  test("nor without a service worker", async (t) => {
    const other = await App.open(here.browser, here.url, { context: { serviceWorkers: "block" } });
    t.after(() => other.close());
    const worker = await until("the worker", () => other.page.workers()[0]);
    assert.match(worker.url(), /^blob:/);
    const address = `http://127.0.0.1:${elsewhere.address().port}/blob-worker`;
    assert.equal(await worker.evaluate(leak, address), "TypeError");
    assert.equal(await worker.evaluate(leak, here.url), "sent");
    assert.deepEqual(asked, []);
  });

  test("neither can run text as code", async () => {
    // Not immediately, because code that the debugger runs is exempt.
    const attempt = () =>
      new Promise((resolve) => {
        setTimeout(() => {
          try {
            resolve(new Function("return 'made'")());
          } catch (error) {
            resolve(error.name);
          }
        });
      });
    assert.equal(await app.page.evaluate(attempt), "EvalError");
    assert.equal(await app.page.workers()[0].evaluate(attempt), "EvalError");
  });
});

describe("a whole run", () => {
  const here = site();

  test("requests only the app's own files", { timeout: TRAINING }, async (t) => {
    const requests = [];
    const app = await App.open(here.browser, here.url, {
      onContext: (context) => context.on("request", (request) => requests.push(request)),
    });
    t.after(() => app.close());
    await app.useSample();
    await app.choose(message("option-strategy.probe"));
    await app.setEpochs(1);
    await app.startTraining();
    await app.trainingEnds(TRAINING);
    await app.predict({ name: "ring.png", mimeType: "image/png", buffer: ringImage() });

    const urls = requests.map((request) => request.url());
    const foreign = urls.filter((url) => {
      const { protocol, origin } = new URL(url);
      return protocol !== "data:" && origin !== here.server.origin;
    });
    assert.deepEqual(foreign, []);
    const methods = new Set(here.server.requests.map(({ method }) => method));
    assert.ok([...methods].every((method) => method === "GET" || method === "HEAD"), [...methods].join());
    assert.ok(requests.every((request) => request.postData() === null), "something was posted");
    assert.deepEqual(await app.page.context().cookies(), []);
    assert.deepEqual(await app.violations(), []);
    t.diagnostic(`${urls.length} requests, all to ${here.server.origin}`);
  });
});
