// Writes the results as Markdown.

import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";

import { chart } from "./chart.mjs";
import { workloadText } from "./cases.mjs";
import { isBusy } from "./machine.mjs";
import { number } from "./number.mjs";

/// What the memory is shown for.
const MEMORY_OF = { size: 64, batch: 16 };

const megabytes = (bytes) => `${number(bytes / 1e6)} MB`;

function table(head, rows) {
  const line = (cells) => `| ${cells.join(" | ")} |`;
  const rule = head.map((_, column) => (column === 0 ? "---" : "---:"));
  return [head, rule, ...rows].map(line).join("\n");
}

const distinct = (values) => [...new Set(values)];

function speeds({ speeds }) {
  const labels = distinct(speeds.map(({ label }) => label));
  const rows = distinct(speeds.map(workloadText)).map((text) => [
    text,
    ...labels.map((label) => {
      const found = speeds.find((result) => result.label === label && workloadText(result) === text);
      return found?.imagesPerSecond ? number(found.imagesPerSecond) : "";
    }),
  ]);
  return table(["Images per second", ...labels], rows);
}

function starts({ firsts, speeds, app }) {
  const memoryOf = (label, task) => {
    const { size, batch } = MEMORY_OF;
    const memory = speeds.find(
      (result) => result.label === label && result.task === task && result.size === size && result.batch === batch,
    )?.memory;
    return memory ? megabytes(memory.page) : "";
  };
  const rows = distinct(firsts.map(({ label }) => label)).map((label) => {
    const of = (task) => firsts.find((result) => result.label === label && result.task === task && result.seconds);
    const [inference, training] = [of("inference"), of("training")];
    const { bytes } = inference ?? training ?? {};
    return [
      label,
      inference ? `${number(inference.seconds)} s` : "",
      training ? `${number(training.seconds)} s` : "",
      bytes ? megabytes(bytes.library) : "",
      bytes ? megabytes(bytes.model) : "",
      memoryOf(label, "inference"),
      memoryOf(label, "training"),
    ];
  });
  if (app) {
    rows.push([
      "the whole app, from its page to a step",
      "",
      `${number(app.seconds)} s`,
      `${megabytes(app.bytes)} with model`,
      "",
      "",
      app.memory ? megabytes(app.memory.page) : "",
    ]);
  }
  const head = ["", "First prediction", "First training step", "Library", "Model"];
  return table([...head, "Memory, inference", "Memory, training"], rows);
}

function checks({ checks }) {
  const text = ({ cannot, error }) => cannot ?? error.toExponential(0);
  return table(
    ["Relative error", "Logits", "Losses of four training steps"],
    checks.map(({ label, inference, training }) => [label, text(inference), text(training)]),
  );
}

function conditions({ machine, seconds, rounds, checks, app }) {
  const versions = Object.entries(machine.versions).map(([name, version]) => `${name} ${version}`);
  const gpus = distinct(checks.flatMap(({ label, gpu }) => (gpu ? [`${label}: ${gpu}`] : [])));
  return [
    `${machine.processor}, ${machine.cores} cores, ${number(machine.memory / 2 ** 30)} GiB, ${machine.system};`,
    `Chromium ${machine.chromium}, headless; ${versions.join(", ")}.`,
    `Each case ran for at least ${seconds} s after a warm-up${rounds > 1 ? `, in each of ${rounds} rounds` : ""};`,
    "the table shows the median.",
    ...(isBusy(machine.load) ? [`Other programs used ${number(machine.load)} cores when it began.`] : []),
    ...gpus.map((gpu) => `GPU of ${gpu}.`),
    ...(app ? [`Training in the app, ${app.size} px, batch ${app.batch}: ${number(app.speeds[0])} images/s with one thread, ${number(app.speeds[1])} with two.`] : []),
  ].join(" ");
}

/// Paragraphs and tables.
function body(results) {
  const tables = [
    results.speeds.length > 0 && speeds(results),
    (results.firsts.length > 0 || results.app) && starts(results),
    results.checks.length > 0 && checks(results),
  ];
  return [conditions(results), ...tables.filter(Boolean)];
}

export function report(results) {
  const parts = body(results);
  if (results.skipped.length > 0) {
    parts.push(["Skipped:", "", ...results.skipped.map((text) => `- ${text}`)].join("\n"));
  }
  return parts.join("\n\n");
}

const BEGIN = "<!-- written by scripts/bench-browser --docs -->";
const END = "<!-- end -->";

/// Replaces the results in docs/performance-browser.md and its chart.
export async function writeDocs(folder, results) {
  const page = path.join(folder, "performance-browser.md");
  const [before, rest = ""] = (await readFile(page, "utf8")).split(BEGIN);
  const after = rest.split(END)[1] ?? "\n";
  await writeFile(page, `${before}${BEGIN}\n\n${body(results).join("\n\n")}\n\n${END}${after}`);
  await writeFile(path.join(folder, "performance-browser.svg"), chart(results));
}
