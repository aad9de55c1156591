// Compares what the libraries compute, before their speed is measured: logits of eight images, and the losses of a few
// training steps. The reference is PyTorch if its numbers are there, otherwise the first library.

import { readFile } from "node:fs/promises";

import { floatTensors } from "./page/safetensors.js";

const STEPS = 4;
/// That of PyTorch's run.
const RATE = 0.01;
const TRAJECTORY = "sgd lr=0.01 momentum=0.9 wd=0, BN batch stats";
const TIMEOUT = 5 * 60_000;
/// Larger relative errors are wrong results.
const LIMITS = { inference: 0.01, training: 0.03 };

/**
 * For each variant the relative error of inference and training, or why it cannot do that: `{ label, gpu, inference,
 * training }`, each of the last two with `reference` and `error`, or with `cannot`.
 */
export async function check(variants, { open, fixture }) {
  const reference = fixture && (await pytorch(fixture));
  const address = fixture && "/fixtures/resnet18_parity.safetensors";
  const found = [];
  for (const variant of variants) {
    const visited = open(variant, { timeout: 2 * TIMEOUT }, (page) =>
      page.evaluate(
        async ({ fixture, steps, rate }) => {
          const attempt = (work) => work.then((value) => ({ value }), ({ message }) => ({ cannot: message }));
          const { value, cannot } = await attempt(opened);
          if (cannot) {
            return { inference: { cannot }, training: { cannot } };
          }
          return {
            gpu: value.gpu,
            inference: await attempt(call("logits", { fixture })),
            training: await attempt(call("losses", { fixture, steps, rate })),
          };
        },
        { fixture: address, steps: STEPS, rate: RATE },
      ),
    );
    const failed = ({ message }) => ({ result: { inference: { cannot: message }, training: { cannot: message } } });
    const { result } = await visited.catch(failed);
    found.push({ variant, ...result });
  }
  const expectedOf = (task) => {
    if (reference) {
      return { name: "PyTorch", values: reference[task] };
    }
    const first = found.find((result) => result[task].value);
    return { name: first?.variant.label, values: first?.[task].value };
  };
  return found.map(({ variant, gpu, ...results }) => {
    const compared = ["inference", "training"].map((task) => {
      const { value, cannot } = results[task];
      if (cannot) {
        return [task, { cannot: cannot.split("\n")[0] }];
      }
      const expected = expectedOf(task);
      const error = relativeError(value, expected.values);
      const right = error <= LIMITS[task];
      const problem = right ? {} : { cannot: `wrong results, off by ${error}` };
      return [task, { reference: expected.name, error, ...problem }];
    });
    return { label: variant.label, gpu, ...Object.fromEntries(compared) };
  });
}

async function pytorch(fixture) {
  const tensors = floatTensors(await readFile(`${fixture}.safetensors`));
  const figures = JSON.parse(await readFile(`${fixture}.json`, "utf8"));
  return {
    inference: Array.from(tensors.get("logits_pretrained").values),
    training: figures.trajectory_10_steps_same_batch[TRAJECTORY].slice(0, STEPS),
  };
}

/// The largest difference, relative to the largest value.
function relativeError(found, expected) {
  if (found.length !== expected.length) {
    return Number.POSITIVE_INFINITY;
  }
  const largest = Math.max(...expected.map(Math.abs));
  const errors = found.map((value, at) => Math.abs(value - expected[at]) / largest);
  return errors.every(Number.isFinite) ? Math.max(...errors) : Number.POSITIVE_INFINITY;
}
