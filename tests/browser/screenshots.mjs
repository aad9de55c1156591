// Takes docs/screenshots from a real run of the app in dist/: `scripts/screenshots`.

import { mkdir } from "node:fs/promises";
import path from "node:path";

import { App, MINUTE, TRAINING } from "./lib/app.mjs";
import { launch } from "./lib/browser.mjs";
import { ringImage } from "./lib/images.mjs";
import { REPOSITORY, serve } from "./lib/server.mjs";
import { message } from "./lib/texts.mjs";
import { until } from "./lib/wait.mjs";

const FOLDER = path.join(REPOSITORY, "docs/screenshots");
const DESKTOP = { width: 1280, height: 800 };
const LOOKS = {
  light: { colorScheme: "light", size: DESKTOP },
  dark: { colorScheme: "dark", size: DESKTOP },
  phone: { colorScheme: "light", size: { width: 360, height: 740 } },
};

/// The looks in each language, and the suffix of the files' names.
const LANGUAGES = {
  "zh-Hans": { looks: ["light", "phone"], suffix: "-zh-Hans" },
  en: { looks: ["light", "dark", "phone"], suffix: "" },
};

/// Takes a step in every language and look, with its heading (or the element `anchor`) at the top of the window.
async function draw(app, step, anchor) {
  const { page } = app;
  for (const [language, { looks, suffix }] of Object.entries(LANGUAGES)) {
    await page.locator("#language").selectOption(language);
    for (const look of looks) {
      const { colorScheme, size } = LOOKS[look];
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await page.setViewportSize(size);
      const top = anchor ? app.shown(anchor) : app.section(step);
      await top.evaluate((element) => element.scrollIntoView({ block: "start", behavior: "instant" }));
      // Charts and thumbnails adapt to the new width within the next frames.
      await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 150))));
      const file = path.join(FOLDER, `${step}-${look}${suffix}.png`);
      await page.screenshot({ path: file, animations: "disabled" });
      console.log(path.relative(REPOSITORY, file));
    }
  }
}

await mkdir(FOLDER, { recursive: true });
const server = await serve();
const browser = await launch();
try {
  const app = await App.open(browser, server.url);
  await until("the network ready", () => app.text("model-title"), { timeout: MINUTE });
  await app.useSample();
  await draw(app, "images", "images-total");
  await draw(app, "model");
  await app.choose(message("option-strategy.probe"));
  await app.setEpochs(120);
  await app.startTraining();
  await app.reachesEpoch(25, TRAINING);
  await draw(app, "train", "run-phase");
  const accuracy = await app.trainingEnds(2 * TRAINING);
  console.log(`validation accuracy ${(100 * accuracy).toFixed(1)} %`);
  await app.predict({ name: "ring.png", mimeType: "image/png", buffer: ringImage() });
  await app.page.getByRole("region", { name: message("results-mistakes") }).waitFor();
  await draw(app, "try");
} finally {
  await browser.close();
  await server.close();
}
