// The engine's decoders: workers that read and decode image files while the engine computes. Each runs the engine's program
// (www/decoder.js) with its own memory.

let program;
const decoders = [];
const idle = [];
const waiting = [];

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
    if (idle.length === 0 && program && decoders.length < program.count) {
      start();
    }
    assign();
  });
}

function start() {
  let worker;
  try {
    worker = new Worker(new URL("decoder.js", import.meta.url), { type: "module" });
  } catch (error) {
    fail(error);
    return;
  }
  const decoder = { worker, job: undefined, isReady: false };
  decoders.push(decoder);
  worker.onmessage = ({ data }) => {
    if (data === "ready") {
      decoder.isReady = true;
    } else {
      decoder.job.resolve(data);
      decoder.job = undefined;
    }
    idle.push(decoder);
    assign();
  };
  worker.onerror = (event) => {
    event.preventDefault();
    worker.terminate();
    decoders.splice(decoders.indexOf(decoder), 1);
    if (!decoder.isReady) {
      fail(event.message ?? "not loaded");
    } else {
      // This file crashes a decoder. The others go to another one.
      decoder.job?.reject(new Error(event.message ?? "a decoder crashed"));
      if (waiting.length > 0 && decoders.length === 0) {
        start();
      }
    }
  };
  worker.postMessage(program);
}

function assign() {
  while (waiting.length > 0 && idle.length > 0) {
    const decoder = idle.pop();
    decoder.job = waiting.shift();
    const { file, request } = decoder.job;
    decoder.worker.postMessage({ file, request });
  }
  if (!program) {
    waiting.splice(0).forEach(({ resolve }) => resolve(undefined));
  }
}

/// Decoders cannot be started.
function fail(error) {
  console.warn("image files are decoded without decoders:", error);
  program = undefined;
  if (decoders.length === 0) {
    assign();
  }
}
