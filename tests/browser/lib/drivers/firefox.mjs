// Firefox, with Puppeteer and WebDriver BiDi.

import puppeteer from "puppeteer-core";

import { findProgram } from "./program.mjs";

const MAC_APP = "/Applications/Firefox.app/Contents/MacOS/firefox";

export const firefox = {
  name: "Firefox",
  program: findProgram(process.env.FIREFOX, "firefox-esr", "firefox", MAC_APP),

  async start({ downloads, preferences = {} }) {
    const browser = await puppeteer.launch({
      browser: "firefox",
      executablePath: firefox.program,
      headless: true,
      extraPrefsFirefox: {
        "browser.download.dir": downloads,
        // The folder above.
        "browser.download.folderList": 2,
        "browser.helperApps.neverAsk.saveToDisk": "application/octet-stream",
        ...preferences,
      },
      defaultViewport: { width: 1280, height: 800 },
    });
    const page = await browser.newPage();
    const errors = [];
    page.on("pageerror", (error) => errors.push(String(error)));
    page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
    const element = async (find, values) => (await page.evaluateHandle(find, ...values)).asElement();
    return {
      version: (await browser.version()).replace(/^firefox\//, "Firefox "),
      open: (url) => page.goto(url),
      reload: () => page.reload(),
      evaluate: (code, ...values) => page.evaluate(code, ...values),
      click: async (find, ...values) => (await element(find, values)).click(),
      upload: async (file, find, ...values) => (await element(find, values)).uploadFile(file),
      screenshot: (file) => page.screenshot({ path: file }),
      errors: () => errors,
      close: () => browser.close(),
    };
  },
};
