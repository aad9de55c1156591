// Measures tunelab's engine and other libraries in Chromium: see scripts/bench-browser.

import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

import { measureApp } from "./app.mjs";
import { FIRSTS, isWorthwhile, variants, workloadText, workloads } from "./cases.mjs";
import { check } from "./check.mjs";
import { chart } from "./chart.mjs";
import { isBusy, load, machine } from "./machine.mjs";
import { median } from "./median.mjs";
import { onnxModel } from "./onnx.mjs";
import { report, writeDocs } from "./report.mjs";
import { ISOLATED, serveSite } from "./site.mjs";
import { visit } from "./visit.mjs";

const HERE = fileURLToPath(new URL(".", import.meta.url));
const REPOSITORY = path.join(HERE, "../..");
const OUT = path.join(REPOSITORY, "target/bench-browser");
const ENGINE = path.resolve(process.env.TUNELAB_BENCH_ENGINE ?? path.join(OUT, "engine"));
const FIXTURES = path.resolve(process.env.TUNELAB_FIXTURES ?? path.join(REPOSITORY, "../shared/fixtures"));
const WEIGHTS = path.join(REPOSITORY, "www/models/resnet18-tiny-imagenet-f16.safetensors");
const MINUTE = 60_000;
/// What takes longer (seconds) is measured only once.
const SLOW = 20;

const { values: options } = parseArgs({
  options: {
    docs: { type: "boolean" },
    gpu: { type: "string" },
    large: { type: "boolean" },
    only: { type: "string" },
    quick: { type: "boolean" },
    rounds: { type: "string", default: "1" },
    seconds: { type: "string", default: "3" },
  },
});
const seconds = Number(options.seconds);
const rounds = Number(options.rounds);
if (!(seconds > 0) || !(rounds >= 1) || ![undefined, "software", "hardware"].includes(options.gpu)) {
  console.error("bench-browser: --seconds and --rounds want a number, --gpu wants software or hardware");
  process.exit(2);
}

const say = (text) => console.error(`bench-browser: ${text}`);
const skipped = [];
/// Says what is left out, now and in the results.
const skip = (text) => {
  say(`SKIPPED: ${text}`);
  skipped.push(text);
};
const wanted = (...texts) => !options.only || texts.join("; ").toLowerCase().includes(options.only.toLowerCase());

async function sites() {
  const model = path.join(OUT, "resnet18.onnx");
  await writeFile(model, onnxModel(await readFile(WEIGHTS)));
  const places = [
    ["/bench/", path.join(HERE, "page")],
    ["/npm/", path.join(HERE, "node_modules")],
    ["/tensorflow/", path.join(OUT, "tensorflow")],
    ["/engine/", ENGINE],
    ["/models/resnet18.safetensors", WEIGHTS],
    ["/onnx/resnet18.onnx", model],
    ["/fixtures/", FIXTURES],
  ];
  const cache = path.join(OUT, "brotli");
  return {
    plain: await serveSite({ places, cache }),
    isolated: await serveSite({ places, cache, headers: ISOLATED }),
  };
}

/// Compares each variant's numbers with the reference's, and notes what it cannot do.
async function checkAll(all, open) {
  const name = path.join(FIXTURES, "resnet18_parity");
  const fixture = existsSync(`${name}.safetensors`) && name;
  if (!fixture) {
    skip(`the comparison with PyTorch: no ${name}.safetensors; the first library is the reference`);
  }
  const checks = await check(all, { open, fixture });
  for (const { label, inference, training } of checks) {
    for (const [task, found] of Object.entries({ inference, training })) {
      if (found.cannot) {
        skip(`${task} with ${label}: ${found.cannot}`);
      } else {
        say(`${label}: ${task} is off by ${found.error.toExponential(1)}`);
      }
    }
  }
  return checks;
}

async function measureSpeeds(all, can, open) {
  const results = [];
  for (let round = 1; round <= rounds; round += 1) {
    for (const workload of workloads(options)) {
      // All variants of a workload one after another, so that a drift of the machine's speed affects all.
      for (const variant of all) {
        const { label } = variant;
        const possible = isWorthwhile(variant, workload) && can(variant, workload.task);
        if (!possible || !wanted(workloadText(workload), label)) {
          continue;
        }
        const of = (result) => result.label === label && workloadText(result) === workloadText(workload);
        let result = results.find(of);
        if (!result) {
          result = { ...workload, ...variant, milliseconds: [] };
          results.push(result);
        }
        if (result.milliseconds[0] > 1000 * SLOW || result.error) {
          continue;
        }
        try {
          const { result: found, memory } = await open(variant, { timeout: 5 * MINUTE }, (page) =>
            page.evaluate((given) => opened.then(() => call("measure", given)), { ...workload, seconds }),
          );
          result.milliseconds.push(...found.milliseconds);
          result.memory ??= memory;
          result.imagesPerSecond = (1000 * workload.batch) / median(result.milliseconds);
          // Other programs disturb it less.
          result.fastest = (1000 * workload.batch) / Math.min(...result.milliseconds);
          say(`${workloadText(workload)}, ${label}: ${result.imagesPerSecond.toFixed(2)} images/s`);
        } catch (error) {
          result.error = firstLine(error);
          skip(`${workloadText(workload)}, ${label}: ${result.error}`);
        }
      }
    }
  }
  return results;
}

/// How long a visitor waits for the first prediction and the first training step, and what is downloaded for it.
async function measureFirsts(all, can, open) {
  const results = [];
  const times = options.quick ? 1 : 3;
  for (let time = 0; time < times; time += 1) {
    for (const { task, size, batch } of FIRSTS) {
      for (const variant of all) {
        const { label } = variant;
        const possible = isWorthwhile(variant, { task, size, batch }) && can(variant, task);
        if (!possible || !wanted(`first ${task}`, label)) {
          continue;
        }
        let result = results.find((result) => result.label === label && result.task === task);
        if (!result) {
          result = { task, size, batch, ...variant, milliseconds: [] };
          results.push(result);
        }
        if (result.seconds > SLOW || result.error) {
          continue;
        }
        try {
          const parameters = { first: task, size, batch };
          const { result: found, sent } = await open(variant, { parameters, timeout: 3 * MINUTE }, (page) =>
            page.evaluate(() => first),
          );
          result.milliseconds.push(found);
          result.seconds = median(result.milliseconds) / 1000;
          const files = sent.filter(({ path }) => !path.startsWith("/bench/"));
          const isModel = ({ path }) => /\.(onnx|safetensors)$/.test(path);
          const sum = (some) => some.reduce((total, { bytes }) => total + bytes, 0);
          result.bytes = { library: sum(files.filter((file) => !isModel(file))), model: sum(files.filter(isModel)) };
          result.files = files;
          say(`first ${task}, ${label}: ${result.seconds.toFixed(2)} s`);
        } catch (error) {
          result.error = firstLine(error);
          skip(`first ${task}, ${label}: ${result.error}`);
        }
      }
    }
  }
  return results;
}

const firstLine = (error) => String(error?.message ?? error).replace(/^page\.\w+: (Error: )?/, "").split("\n")[0];

await mkdir(OUT, { recursive: true });
const { plain, isolated } = await sites();
let chromium;
/// Visits a page with a variant.
const open = async (variant, more, work) => {
  // Without isolation there are no threads, as on most sites.
  const site = variant.threads > 1 ? isolated : plain;
  const visited = await visit({ site, variant, gpu: options.gpu, ...more }, work);
  chromium = visited.chromium;
  return visited;
};

let all = variants(options);
if (!existsSync(path.join(ENGINE, "browser-bench.js"))) {
  skip(`tunelab's engine: ${ENGINE} is not there; scripts/bench-browser builds it without --no-build`);
  all = all.filter(({ library }) => library !== "tunelab");
}
if (!options.gpu) {
  skip("WebGPU and WebGL: only with --gpu");
}
if (options.only) {
  const used = ({ label }) =>
    workloads(options).some((workload) => wanted(workloadText(workload), label)) ||
    FIRSTS.some(({ task }) => wanted(`first ${task}`, label));
  all = all.filter(used);
}
const loadBefore = load();
if (isBusy(loadBefore)) {
  say("other programs are running on this machine, so the numbers will be off");
}
try {
  const checks = await checkAll(all, open);
  const can = ({ label }, task) => !checks.find((check) => check.label === label)[task].cannot;
  const firsts = await measureFirsts(all, can, open);
  const speeds = await measureSpeeds(all, can, open);
  const app = wanted("app") ? await measureApp({ cache: path.join(OUT, "brotli"), skip, say }) : undefined;
  const results = {
    machine: await machine({ chromium, here: HERE, load: loadBefore }),
    seconds,
    rounds,
    checks,
    firsts,
    speeds,
    app,
    skipped,
  };
  await writeFile(path.join(OUT, "results.json"), `${JSON.stringify(results, null, 2)}\n`);
  await writeFile(path.join(OUT, "chart.svg"), chart(results));
  const text = report(results);
  console.log(text);
  if (options.docs) {
    await writeDocs(path.join(REPOSITORY, "docs"), results);
  }
} finally {
  await Promise.all([plain.close(), isolated.close()]);
}
