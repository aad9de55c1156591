// The files for a static host: they are complete, and the page requests no others.

import assert from "node:assert/strict";
import { readFile, readdir } from "node:fs/promises";
import path from "node:path";
import { describe, test } from "node:test";

import { DIST } from "./lib/server.mjs";

const read = (file) => readFile(path.join(DIST, file));

describe("the built app", () => {
  test("has all its files", async () => {
    const files = await readdir(DIST, { recursive: true });
    for (const file of [
      "index.html",
      "boot.js",
      "app.js",
      "app_bg.wasm",
      "worker.js",
      "worker_bg.wasm",
      "worker-loader.js",
      "service-worker.js",
      "app-files.js",
      "manifest.webmanifest",
      "models/resnet18-tiny-imagenet-f16.safetensors",
      "models/resnet18-tiny-imagenet-f16.md",
    ]) {
      assert.ok(files.includes(file), `${file} is missing`);
    }
  });

  test("has styles without unclosed rules", async () => {
    const sheets = (await readdir(DIST, { recursive: true })).filter((file) => file.endsWith(".css"));
    assert.ok(sheets.includes("advanced.css"), `${sheets}`);
    for (const sheet of sheets) {
      const text = (await read(sheet)).toString();
      assert.equal(text.split("{").length, text.split("}").length, `${sheet} opens a rule that it does not close`);
    }
  });

  test("has its icons in the declared sizes", async () => {
    const { icons } = JSON.parse(await read("manifest.webmanifest"));
    for (const { src, type, sizes } of icons) {
      const bytes = await read(src);
      if (type === "image/png") {
        assert.equal(`${bytes.readUInt32BE(16)}x${bytes.readUInt32BE(20)}`, sizes, src);
      }
    }
    const page = (await read("index.html")).toString();
    for (const [, href] of page.matchAll(/<link[^>]*href="([^"]+)"/g)) {
      await read(href);
    }
  });
});
