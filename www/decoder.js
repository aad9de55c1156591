// A decoder of the engine (www/decoders.js): runs the engine's program with its own memory, to decode image files.

import { createMemory } from "./memory.js";
import init, { decode_image } from "./worker.js";

self.onmessage = async ({ data: { module, shared } }) => {
  await init({ module_or_path: module, memory: createMemory([shared]) });
  self.onmessage = decode;
  self.postMessage("ready");
};

async function decode({ data: { file, request } }) {
  let bytes;
  try {
    bytes = new Uint8Array(await file.arrayBuffer());
  } catch {
    // The answer says that the browser could not read the file.
  }
  const [message, transfer] = decode_image(bytes, request);
  self.postMessage(message, transfer);
}

// The engine is told of errors only.
self.addEventListener("unhandledrejection", (event) => {
  throw event.reason;
});
self.addEventListener("messageerror", () => {
  throw new Error("a message could not be read");
});
