// A copy of the built app that reports whether it is isolated: the page, the engine's worker and workers of that worker.

import { readFile, writeFile } from "node:fs/promises";
import http from "node:http";
import path from "node:path";

import { built, list } from "./built.mjs";
import { siteHeaders } from "./server.mjs";

/// Runs in the page before everything else: counts the page's starts, and those that ended after the app was on the
/// screen. Not in sessionStorage, because Chromium has another one for isolated pages.
function watchPage() {
  const count = (key) => localStorage.setItem(key, Number(localStorage.getItem(key)) + 1);
  count("starts");
  addEventListener("pagehide", () => document.getElementById("boot") || count("interruptions"));
  new BroadcastChannel("probe").onmessage = ({ data }) => {
    self.engineReport = data;
  };
}

/// Runs in the engine's worker. `address` is on another site.
async function probeWorker(base, address) {
  const outcome = (promise) => promise.catch((error) => error.name);
  const isolated = self.crossOriginIsolated;
  const sharesMemory = isolated && typeof SharedArrayBuffer === "function";
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: sharesMemory });
  /// Whether a worker of this worker is isolated and writes to the same memory.
  const nested = (url) =>
    new Promise((resolve) => {
      const worker = new Worker(url, { type: "module" });
      worker.onmessage = ({ data }) => resolve([data, new Int32Array(memory.buffer)[0]]);
      worker.onerror = () => resolve("failed");
      worker.postMessage(sharesMemory ? memory : undefined);
    });
  const script = new URL("nested.js", base).href;
  const source = new Blob([await (await fetch(script)).text()], { type: "text/javascript" });
  const report = {
    isolated,
    sharesMemory,
    nestedFile: await nested(script),
    nestedBlob: await nested(URL.createObjectURL(source)),
    download: await outcome(fetch(address).then((response) => response.text())),
    // Needs a permission of the other site, which it does not give.
    unreadable: await outcome(fetch(`${address}?no-cors`, { mode: "no-cors" }).then(() => "received")),
  };
  new BroadcastChannel("probe").postMessage(report);
}

function nestedWorker() {
  self.onmessage = ({ data: memory }) => {
    if (memory) {
      Atomics.add(new Int32Array(memory.buffer), 0, 1);
    }
    self.postMessage(self.crossOriginIsolated);
  };
}

/// What the engine's worker reports if it is isolated.
export const isolatedReport = ({ sharesMemory }) => ({
  isolated: true,
  sharesMemory,
  nestedFile: [true, sharesMemory ? 1 : 0],
  nestedBlob: [true, sharesMemory ? 2 : 0],
  download: "weights",
  unreadable: "TypeError",
});

/**
 * The copy, the headers of a host that serves it, and a host of pretrained models, which redirects to another host as
 * Hugging Face does. Both allow all sites to read their answers, but not to embed them (no
 * Cross-Origin-Resource-Policy).
 */
export async function probed(t) {
  const files = await listen(t, (request, response) => {
    response.writeHead(200, { "Access-Control-Allow-Origin": "*", "Content-Type": "application/octet-stream" });
    response.end("weights");
  });
  const hub = await listen(t, (request, response) => {
    response.writeHead(302, {
      "Access-Control-Allow-Origin": request.headers.origin ?? "*",
      Location: `${files}/0123`,
      Vary: "Origin",
    });
    response.end();
  });
  const root = await built(t);
  const change = async (file, edit) => writeFile(path.join(root, file), edit(await readFile(path.join(root, file), "utf8")));
  const allow = (policy) => policy.replace("connect-src 'self'", "connect-src 'self' http://127.0.0.1:*");
  await change("boot.js", (code) => `(${watchPage})();\n${code}`);
  await change("worker-loader.js", (code) => `(${probeWorker})(import.meta.url, "${hub}/model");\n${code}`);
  await change("index.html", allow);
  await writeFile(path.join(root, "nested.js"), `(${nestedWorker})();\n`);
  list(root);
  await change("app-files.js", allow);
  const headers = await siteHeaders();
  headers["Content-Security-Policy"] = allow(headers["Content-Security-Policy"]);
  return { root, headers, change };
}

/// The address of a server on a site of its own, which is stopped after the test.
async function listen(t, answer) {
  const server = http.createServer(answer);
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => server.close());
  return `http://127.0.0.1:${server.address().port}`;
}

// The following functions run in the page.

export const startsOf = () => Number(localStorage.getItem("starts"));
export const interruptionsOf = () => Number(localStorage.getItem("interruptions"));
export const isIsolated = () => self.crossOriginIsolated;
export const engineReport = () => self.engineReport;
