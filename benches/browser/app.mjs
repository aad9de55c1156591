// Measures the built app as a visitor uses it: opens it, clicks “Use the sample images” and “Start training”.

import { existsSync } from "node:fs";
import path from "node:path";

import { App } from "../../tests/browser/lib/app.mjs";
import { launch } from "../../tests/browser/lib/browser.mjs";
import { DIST, siteHeaders } from "../../tests/browser/lib/server.mjs";
import { message } from "../../tests/browser/lib/texts.mjs";
import { MINUTE, until } from "../../tests/browser/lib/wait.mjs";
import { median } from "./median.mjs";
import { serveSite } from "./site.mjs";
import { peakMemory } from "./visit.mjs";

const SIZE = 64;
const BATCH = 16;
const THREADS = [1, 2];

/**
 * `{ seconds, bytes, speeds, memory }`: seconds from opening the page to the first training step, what was
 * downloaded until then, the speeds of training the whole network (images per second) by the median of the worker's
 * steps, with one thread and with two, and the most memory. Undefined if the app is not built.
 */
export async function measureApp({ cache, skip, say }) {
  if (!existsSync(path.join(DIST, "index.html"))) {
    skip(`the app: there is no built app in ${DIST}; trunk build --release builds it`);
    return undefined;
  }
  const site = await serveSite({ places: [["/", DIST]], headers: await siteHeaders(), cache });
  const browser = await launch();
  try {
    // Compresses the files, which the time should not include.
    const first = await open(browser, site);
    await first.useSample();
    await first.close();
    site.takeSent();

    const started = performance.now();
    let app = await open(browser, site);
    await app.useSample();
    await app.startTraining();
    await firstStep(app);
    const seconds = (performance.now() - started) / 1000;
    // Each file once: an answer to the first visit may come late.
    const files = new Map(site.takeSent().map(({ path, bytes }) => [path, bytes]));
    const bytes = [...files.values()].reduce((total, size) => total + size, 0);
    await app.close();
    say(`the app: ${seconds.toFixed(2)} s to the first training step`);

    const speeds = [];
    let memory;
    for (const threads of THREADS) {
      speeds.push(await trainingSpeed(browser, site, threads));
      memory ??= await peakMemory(browser);
      say(`the app: trains ${speeds.at(-1).toFixed(2)} images/s at ${SIZE} px, batch ${BATCH}, threads: ${threads}`);
    }
    return { seconds, bytes, speeds, threads: THREADS, size: SIZE, batch: BATCH, memory };
  } catch (error) {
    skip(`the app: ${error.message.split("\n")[0]}`);
    return undefined;
  } finally {
    await browser.close();
    await site.close();
  }
}

/// Images per second of training the whole network with so many threads.
async function trainingSpeed(browser, site, threads) {
  const app = await open(browser, site);
  await app.useSample();
  await app.openOptions();
  const choice = app.page.getByLabel(message("device-threads"));
  await choice.waitFor({ timeout: MINUTE });
  await choice.selectOption(String(threads));
  await app.choose(message("option-strategy.full"));
  await app.setImageSize(SIZE);
  await app.option("batch_size").fill(String(BATCH));
  await app.option("batch_size").press("Tab");
  await app.setEpochs(1);
  const isMeasured = (status) => status?.threads.used === threads && status.cpu_speed;
  await until("the threads", async () => isMeasured((await app.replies("device")).at(-1)), { timeout: MINUTE });
  await app.startTraining();
  await app.trainingEnds(10 * MINUTE);
  // The last batch of an epoch may be smaller, and the first step is slower.
  const steps = (await app.events("step")).filter(({ step, images }) => step > 1 && images === BATCH);
  await app.close();
  return BATCH / median(steps.map(({ seconds }) => seconds));
}

/// Without service workers, which would download everything once more for a visit without a connection.
const open = (browser, site) => App.open(browser, site.url, { context: { serviceWorkers: "block" } });

const firstStep = (app) =>
  until("a training step", async () => /[1-9]/.test(await app.step()), { timeout: 5 * MINUTE, every: 20 });
