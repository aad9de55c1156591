// The engine's decoders: workers that read and decode image files while the engine computes. Each runs the engine's program
// (www/decoder.js) with its own memory.

// A decoder that does not start in this time never will, and one that has had nothing to do for this time gives its memory back.
const START_MS = 20_000;
const IDLE_MS = 10_000;

let program;
let decoders = [];
let waiting = [];

/// Sets the program of the decoders, whether its memory is shared, and how many decoders to start when there are files.
/// Without this call, there are none.
export function useProgram(module, shared, count) {
  program = { module, shared, count };
}

/// How many files to hand over at a time, so that no decoder waits for the next one.
export function filesInFlight() {
  return program ? 2 * program.count : 0;
}

/// Decodes a file. `request` and the answer are messages of src/worker/decoding.rs. The answer is undefined where no
/// decoder can be started, so that the engine has to decode the file. The promise is rejected if the decoder crashes.
export function decodeFile(file, request) {
  return new Promise((resolve, reject) => {
    waiting.push({ file, request, resolve, reject });
    assign();
  });
}

/// Gives waiting files to idle decoders, and starts more decoders for the others.
function assign() {
  for (const decoder of decoders.filter(({ isReady, job }) => isReady && !job)) {
    const job = waiting.shift();
    if (!job) {
      break;
    }
    clearTimeout(decoder.timer);
    decoder.job = job;
    decoder.worker.postMessage({ file: job.file, request: job.request });
  }
  const starting = decoders.filter(({ isReady }) => !isReady).length;
  if (program && waiting.length > starting && decoders.length < program.count) {
    start();
  }
  if (decoders.length === 0) {
    waiting.splice(0).forEach(({ resolve }) => resolve(undefined));
  }
}

function start() {
  const decoder = { worker: undefined, job: undefined, isReady: false, timer: undefined };
  try {
    const { module, shared } = program;
    decoder.worker = new Worker(new URL("decoder.js", import.meta.url), { type: "module" });
    decoder.worker.postMessage({ module, shared });
  } catch (error) {
    remove(decoder, error);
    return;
  }
  decoders.push(decoder);
  decoder.timer = setTimeout(() => remove(decoder, "it does not start"), START_MS);
  decoder.worker.onmessage = ({ data }) => {
    clearTimeout(decoder.timer);
    decoder.timer = setTimeout(() => remove(decoder), IDLE_MS);
    decoder.job?.resolve(data);
    decoder.job = undefined;
    decoder.isReady = true;
    assign();
  };
  decoder.worker.onerror = (event) => {
    event.preventDefault();
    remove(decoder, event.message ?? "it cannot be loaded");
  };
}

/// Ends a decoder, which has nothing to do or failed for a reason.
function remove(decoder, reason) {
  clearTimeout(decoder.timer);
  decoder.worker?.terminate();
  decoders = decoders.filter((other) => other !== decoder);
  // The file crashed it. The others go to another decoder.
  decoder.job?.reject(new Error(String(reason)));
  if (reason !== undefined && !decoder.isReady) {
    console.warn("a decoder of image files could not be started:", reason);
    program.count = decoders.length;
  }
  assign();
}
