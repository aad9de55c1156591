// The page and its workers are isolated from other sites, so that they can share memory: in every installed browser,
// with the headers of the host or of the service worker. The latter reloads the page once, before it starts.

import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, test } from "node:test";

import { isKept } from "./lib/built.mjs";
import { BROWSERS } from "./lib/drivers/index.mjs";
import { webkit } from "./lib/drivers/webkit.mjs";
import { engineReport, interruptionsOf, isIsolated, isolatedReport, probed, startsOf } from "./lib/probe.mjs";
import { serve } from "./lib/server.mjs";
import { Visit } from "./lib/visit.mjs";
import { MINUTE, SECOND, sleep, until } from "./lib/wait.mjs";

/// Opens the app in a browser, and waits until it is ready.
async function open(t, browser, server, options) {
  const downloads = await mkdtemp(path.join(tmpdir(), "tunelab-downloads-"));
  const driver = await browser.start({ downloads, ...options });
  t.after(async () => {
    await driver.close();
    await rm(downloads, { recursive: true, force: true });
  });
  await driver.open(server.url);
  const visit = new Visit(driver);
  await isReady(visit);
  return visit;
}

/// The page may be reloaded meanwhile, when the browser cannot answer.
async function isReady(visit) {
  const ask = () => visit.text("model-title").catch(() => "");
  await until("the app ready", ask, { timeout: MINUTE });
}

async function isStarted(visit, starts) {
  // Time for a reload that should not be.
  await sleep(SECOND);
  assert.equal(await visit.driver.evaluate(startsOf), starts, "starts of the page");
  assert.equal(await visit.driver.evaluate(interruptionsOf), 0, "reloads of the page after its start");
}

async function reports(visit, expected) {
  assert.equal(await visit.driver.evaluate(isIsolated), expected.isolated);
  const report = await until("the worker's report", () => visit.driver.evaluate(engineReport));
  assert.deepEqual(report, expected);
}

/// The browsers, and whether isolated pages share memory in them.
const CASES = [
  ...BROWSERS.map((browser) => [browser.name, browser, { sharesMemory: browser !== webkit }]),
  [`${webkit.name} with shared memory`, webkit, { sharesMemory: true }],
];

for (const [name, browser, options] of CASES) {
  const isolated = isolatedReport(options);
  const skip = browser.program ? false : `${browser.name} IS NOT INSTALLED: run scripts/setup`;

  describe(`in ${name}`, { skip }, () => {
    test("the headers of the host isolate the page without a reload", { timeout: 2 * MINUTE }, async (t) => {
      const { root, headers } = await probed(t);
      const server = await serve({ root, headers });
      t.after(() => server.close());
      const visit = await open(t, browser, server, options);
      t.diagnostic(visit.driver.version);
      await reports(visit, isolated);
      await isStarted(visit, 1);
    });

    test("the service worker isolates it after one reload, and offline", { timeout: 3 * MINUTE }, async (t) => {
      const { root } = await probed(t);
      const server = await serve({ root, headers: false });
      t.after(() => server.close());
      const visit = await open(t, browser, server, options);
      await reports(visit, isolated);
      await isStarted(visit, 2);
      await until("the app kept", () => visit.driver.evaluate(isKept), { timeout: MINUTE });

      await server.close();
      await visit.driver.reload();
      await isReady(visit);
      // The other site still answers.
      await reports(visit, isolated);
    });

    test("without either, the app works with a single thread", { timeout: 2 * MINUTE }, async (t) => {
      const { root } = await probed(t);
      await rm(path.join(root, "service-worker.js"));
      const server = await serve({ root, headers: false });
      t.after(() => server.close());
      const visit = await open(t, browser, server, options);
      assert.equal(await visit.driver.evaluate(isIsolated), false);
      await visit.useSample();
      await isStarted(visit, 1);
    });
  });
}
