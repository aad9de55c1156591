// Chromium, with Playwright.

import path from "node:path";

import { findChromium, launch } from "../browser.mjs";

export const chromium = {
  name: "Chromium",
  program: findChromium(),

  async start({ downloads }) {
    const browser = await launch();
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    const errors = [];
    page.on("pageerror", (error) => errors.push(String(error)));
    page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
    page.on("download", (download) => download.saveAs(path.join(downloads, download.suggestedFilename())));
    // Playwright passes one value, the other drivers any number.
    const call = (code, values) => `(${code})(...${JSON.stringify(values)})`;
    const element = async (find, values) => (await page.evaluateHandle(call(find, values))).asElement();
    return {
      version: `Chromium ${browser.version()}`,
      open: (url) => page.goto(url),
      reload: () => page.reload(),
      evaluate: (code, ...values) => page.evaluate(call(code, values)),
      click: async (find, ...values) => (await element(find, values)).click(),
      upload: async (file, find, ...values) => (await element(find, values)).setInputFiles(file),
      screenshot: (file) => page.screenshot({ path: file }),
      errors: () => errors,
      close: () => browser.close(),
    };
  },
};
