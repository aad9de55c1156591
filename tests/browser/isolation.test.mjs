// The page and its workers are isolated from other sites, so that they can share memory: in every installed browser,
// with the headers of the host or of the service worker. The latter reloads the page once, before it starts.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import https from "node:https";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, test } from "node:test";

import { App } from "./lib/app.mjs";
import { launch } from "./lib/browser.mjs";
import { isKept, list } from "./lib/built.mjs";
import { BROWSERS } from "./lib/drivers/index.mjs";
import { findProgram } from "./lib/drivers/program.mjs";
import { webkit } from "./lib/drivers/webkit.mjs";
import { temporaryFolder } from "./lib/images.mjs";
import { engineReport, interruptionsOf, isIsolated, isolatedReport, probed, startsOf } from "./lib/probe.mjs";
import { serve, siteHeaders } from "./lib/server.mjs";
import { site } from "./lib/site.mjs";
import { message, messagePattern } from "./lib/texts.mjs";
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

/// The page has started so many times in all, and was on the screen before as many of them as the test has reloaded it.
async function isStarted(visit, starts, { reloads = 0 } = {}) {
  // Time for a reload that should not be.
  await sleep(SECOND);
  assert.equal(await visit.driver.evaluate(startsOf), starts, "starts of the page");
  assert.equal(await visit.driver.evaluate(interruptionsOf), reloads, "reloads of the page after its start");
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

describe("on a host that sends no headers", () => {
  const here = site({ serve: { headers: false } });

  /// Opens a copy of the app, changed by `edits` by file, and waits until it is ready. `until`: see `serve`; `onContext`:
  /// see `App.open`.
  async function openCopy(t, { edits = {}, until, onContext } = {}) {
    const copy = await probed(t);
    for (const [file, edit] of Object.entries(edits)) {
      await copy.change(file, edit);
    }
    const server = await serve({ root: copy.root, headers: false, until });
    t.after(() => server.close());
    const app = await App.open(here.browser, server.url, { onContext });
    t.after(() => app.close());
    await isReady(app);
    return { ...copy, app, visit: { driver: app.page } };
  }

  test("the service worker sends the same headers as other hosts", { timeout: MINUTE }, async (t) => {
    const app = await App.open(here.browser, here.url);
    t.after(() => app.close());
    const given = () =>
      app.page.evaluate(async (names) => {
        const { headers } = await fetch("./");
        return Object.fromEntries(names.map((name) => [name, headers.get(name)]));
      }, Object.keys(expected));
    const expected = await siteHeaders();
    assert.ok(expected["Cross-Origin-Embedder-Policy"]);
    assert.deepEqual(await given(), expected, "before the files are stored");
    await until("the app kept", () => app.page.evaluate(isKept), { timeout: MINUTE });
    assert.deepEqual(await given(), expected, "stored");
  });

  test("the app starts before its files are stored", { timeout: 2 * MINUTE }, async (t) => {
    let release;
    const released = new Promise((resolve) => (release = resolve));
    t.after(() => release());
    // A file that the page does not request.
    const { app, visit } = await openCopy(t, { until: (file) => file === "/icons/icon-512.png" && released });
    assert.equal(await app.page.evaluate(isIsolated), true);
    assert.equal(await app.page.evaluate(isKept), false);
    release();
    await until("the app kept", () => app.page.evaluate(isKept), { timeout: MINUTE });
    await isStarted(visit, 2);
  });

  test("a page that did not wait for the service worker is not reloaded", { timeout: 2 * MINUTE }, async (t) => {
    let release;
    const released = new Promise((resolve) => (release = resolve));
    t.after(() => release());
    const { app, visit } = await openCopy(t, { until: (file) => file === "/service-worker.js" && released });
    release();
    await until("the app kept", () => app.page.evaluate(isKept), { timeout: MINUTE });
    await isStarted(visit, 1);
    assert.equal(await app.page.evaluate(isIsolated), false);
    await app.useSample();

    await app.page.reload();
    await isReady(app);
    await isStarted(visit, 2, { reloads: 1 });
    assert.equal(await app.page.evaluate(isIsolated), true);
  });

  test("a service worker that the browser never registers delays nothing for long", { timeout: MINUTE }, async (t) => {
    const hang = () => {
      ServiceWorkerContainer.prototype.register = () => new Promise(() => {});
    };
    const began = Date.now();
    const { app, visit } = await openCopy(t, { onContext: (context) => context.addInitScript(hang) });
    t.diagnostic(`${Date.now() - began} ms`);
    await isStarted(visit, 1);
    await app.useSample();
    await app.page.getByText(message("app-needs-connection")).waitFor();
  });

  test("files that could not be stored are stored at the next start", { timeout: 2 * MINUTE }, async (t) => {
    let missing = "/icons/icon-512.png";
    const { app, visit } = await openCopy(t, {
      async until(file) {
        if (file === missing) {
          throw Object.assign(new Error(file), { code: "ENOENT" });
        }
      },
    });
    await app.page.getByText(message("app-needs-connection")).waitFor();
    assert.equal(await app.page.evaluate(isKept), false);
    await app.useSample();

    missing = undefined;
    await app.page.reload();
    await isReady(app);
    await until("the app kept", () => app.page.evaluate(isKept), { timeout: MINUTE });
    await isStarted(visit, 3, { reloads: 1 });
    assert.ok(await app.page.getByText(message("app-works-offline")).isVisible());
  });

  test("a reload that does not isolate the page is the only one, until an update does", { timeout: 2 * MINUTE }, async (t) => {
    let complete;
    const { root, change, app, visit } = await openCopy(t, {
      edits: {
        "service-worker.js": (code) => {
          complete = code;
          return code.replaceAll(/^ *"Cross-Origin-.*\n/gm, "");
        },
      },
    });
    await isStarted(visit, 2);
    await until("the app kept", () => app.page.evaluate(isKept), { timeout: MINUTE });
    await app.page.reload();
    await isReady(app);
    await isStarted(visit, 3, { reloads: 1 });
    assert.equal(await app.page.evaluate(isIsolated), false);

    await change("service-worker.js", () => complete);
    await change("boot.js", (code) => `${code}// newer\n`);
    list(root);
    await app.page.evaluate(async () => (await navigator.serviceWorker.getRegistration()).update());
    const waits = async () => (await navigator.serviceWorker.getRegistration()).waiting !== null;
    await until("the new version waiting", () => app.page.evaluate(waits), { timeout: MINUTE });
    await app.page.reload();
    await until("the new version", () => app.page.evaluate(isIsolated).catch(() => false), { timeout: MINUTE });
    await isReady(app);
    await isStarted(visit, 5, { reloads: 2 });
  });

  test("a service worker that goes away again causes no more reloads", { timeout: 2 * MINUTE }, async (t) => {
    const goAway = `
      self.addEventListener("install", () => self.skipWaiting());
      self.addEventListener("fetch", ({ request }) => request.mode === "navigate" && self.registration.unregister());
    `;
    const { app, visit } = await openCopy(t, { edits: { "service-worker.js": () => goAway } });
    await isStarted(visit, 2);
    await app.page.reload();
    await isReady(app);
    await isStarted(visit, 3, { reloads: 1 });
    assert.equal(await app.page.evaluate(isIsolated), false);
    await app.useSample();
  });

  test("a page that the user reloads without the service worker stays so", { timeout: 2 * MINUTE }, async (t) => {
    const { app, visit } = await openCopy(t);
    await app.page.evaluate(() => sessionStorage.removeItem("tunelab-reloaded"));
    const session = await app.page.context().newCDPSession(app.page);
    await session.send("Page.reload", { ignoreCache: true });
    await until("the page without it", () =>
      app.page.evaluate(() => navigator.serviceWorker.controller === null).catch(() => false),
    );
    await isReady(app);
    await isStarted(visit, 3, { reloads: 1 });
    assert.equal(await app.page.evaluate(isIsolated), false);
    await app.useSample();
  });
});

const openssl = findProgram("openssl");

describe("an isolated page", { skip: openssl ? false : "there is no openssl to make a certificate" }, () => {
  /// A site that answers for all names of Hugging Face: the hub redirects to its store of files.
  async function hub(t, allows) {
    const folder = await temporaryFolder(t);
    const [key, cert] = ["key", "cert"].map((name) => path.join(folder, name));
    const made = ["-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=test", "-keyout", key, "-out", cert];
    execFileSync(openssl, ["req", ...made], { stdio: "ignore" });
    const answer = ({ headers }, response) => {
      if (headers.host.startsWith("huggingface.co")) {
        const location = "https://store.test.hf.co/0123";
        response.writeHead(302, { "Access-Control-Allow-Origin": headers.origin ?? "*", Location: location });
        response.end();
      } else {
        response.writeHead(200, allows ? { "Access-Control-Allow-Origin": "*" } : {});
        response.end(Buffer.alloc(2 ** 20));
      }
    };
    const server = https.createServer({ key: await readFile(key), cert: await readFile(cert) }, answer);
    await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
    t.after(() => server.close());
    return `127.0.0.1:${server.address().port}`;
  }

  for (const allows of [true, false]) {
    const what = allows ? "downloads a model by a redirect to another site" : "downloads none that its site does not allow it to read";
    test(what, { timeout: 2 * MINUTE }, async (t) => {
      const address = await hub(t, allows);
      const names = ["huggingface.co", "*.hf.co"].map((name) => `MAP ${name}:443 ${address}`);
      const browser = await launch({ flags: [`--host-resolver-rules=${names}`, "--ignore-certificate-errors"] });
      t.after(() => browser.close());
      const server = await serve();
      t.after(() => server.close());
      const app = await App.open(browser, server.url);
      assert.equal(await app.page.evaluate(isIsolated), true);
      const download = app.section("model").getByRole("button", { name: /^Download /, includeHidden: true }).first();
      await app.reveal(download);
      await download.click();
      // It is another file, of course.
      const problem = await app.saysWhatIsWrong("model");
      t.diagnostic(problem);
      assert.match(problem, messagePattern(allows ? "error-download-checksum" : "error-download-unreachable"));
    });
  }
});
