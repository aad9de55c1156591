// WebKitGTK, in the small browser that comes with it, with the W3C's WebDriver protocol. It needs a screen, which Xvfb
// provides.

import { spawn } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import net from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";

import { until } from "../wait.mjs";
import { findProgram } from "./program.mjs";

const BROWSER = findProgram(
  process.env.WEBKIT,
  ...["x86_64-linux-gnu/", "aarch64-linux-gnu/", ""].map((folder) => `/usr/lib/${folder}webkit2gtk-4.1/MiniBrowser`),
  "/usr/libexec/webkit2gtk-4.1/MiniBrowser",
);
const DRIVER = findProgram("WebKitWebDriver");
const SCREEN = findProgram("Xvfb");
/// The key of an element in the protocol.
const ELEMENT = "element-6066-11e4-a52e-4f735466cecf";

export const webkit = {
  name: "WebKitGTK",
  program: DRIVER && SCREEN && BROWSER,

  /// `sharesMemory`: pages that are isolated have SharedArrayBuffer, as in Safari. By default WebKitGTK has none
  /// (https://bugs.webkit.org/show_bug.cgi?id=317847).
  async start({ downloads, sharesMemory = false }) {
    // Its own settings and caches, and the folder that desktops save to.
    const home = await mkdtemp(path.join(tmpdir(), "tunelab-webkit-"));
    await mkdir(path.join(home, ".config"));
    await writeFile(path.join(home, ".config/user-dirs.dirs"), `XDG_DOWNLOAD_DIR="${downloads}"\n`);
    const screen = spawn(SCREEN, ["-displayfd", "1", "-screen", "0", "1400x1000x24", "-nolisten", "tcp"], {
      stdio: ["ignore", "pipe", "ignore"],
    });
    const display = await new Promise((resolve, reject) => {
      screen.stdout.once("data", (number) => resolve(`:${String(number).trim()}`));
      screen.once("exit", (code) => reject(new Error(`Xvfb ended with ${code}`)));
    });
    const port = await freePort();
    const environment = { ...process.env, DISPLAY: display, HOME: home, XDG_CONFIG_HOME: path.join(home, ".config") };
    if (sharesMemory) {
      environment.JSC_useSharedArrayBuffer = "1";
    }
    const driver = spawn(DRIVER, [`--port=${port}`], { env: environment, stdio: "ignore" });
    const end = async () => {
      driver.kill();
      screen.kill();
      await rm(home, { recursive: true, force: true, maxRetries: 5 });
    };
    try {
      await until("WebKitWebDriver's answer", () => request(port, "GET", "/status").catch(() => undefined));
      return await session(port, end);
    } catch (error) {
      await end();
      throw error;
    }
  },
};

async function session(port, end) {
  const { sessionId, capabilities } = await request(port, "POST", "/session", {
    capabilities: {
      alwaysMatch: { "webkitgtk:browserOptions": { binary: BROWSER, args: ["--automation"] } },
    },
  });
  const ask = (method, what, body) => request(port, method, `/session/${sessionId}/${what}`, body);
  await ask("POST", "window/rect", { width: 1280, height: 900 });
  const evaluate = (code, values) => ask("POST", "execute/sync", { script: `return (${code})(...arguments)`, args: values });
  const element = async (find, values) => `element/${(await evaluate(find, values))[ELEMENT]}`;
  // The protocol does not report errors, so the page records them once it is loaded.
  const watch = () => evaluate(noteErrors, []);
  const errors = [];
  const collect = async () => errors.push(...(await evaluate(() => window.notedErrors?.splice(0) ?? [], [])));
  return {
    version: `WebKitGTK ${capabilities.browserVersion}`,
    async open(url) {
      await ask("POST", "url", { url });
      await watch();
    },
    async reload() {
      await collect();
      await ask("POST", "refresh", {});
      await watch();
    },
    evaluate: (code, ...values) => evaluate(code, values),
    click: async (find, ...values) => ask("POST", `${await element(find, values)}/click`, {}),
    upload: async (file, find, ...values) => ask("POST", `${await element(find, values)}/value`, { text: file }),
    screenshot: async (file) => writeFile(file, await ask("GET", "screenshot"), "base64"),
    async errors() {
      await collect();
      return errors;
    },
    async close() {
      await request(port, "DELETE", `/session/${sessionId}`).catch(() => {});
      await end();
    },
  };
}

function noteErrors() {
  window.notedErrors = [];
  const note = (error) => window.notedErrors.push(String(error));
  window.addEventListener("error", (event) => note(event.message));
  window.addEventListener("unhandledrejection", (event) => note(event.reason));
  const { error } = console;
  console.error = (...values) => {
    note(values.join(" "));
    error.apply(console, values);
  };
}

async function request(port, method, at, body) {
  const response = await fetch(`http://127.0.0.1:${port}${at}`, { method, body: body && JSON.stringify(body) });
  const { value } = await response.json();
  if (!response.ok) {
    throw new Error(`${at}: ${value.error}: ${value.message}`);
  }
  return value;
}

async function freePort() {
  const server = net.createServer();
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}
