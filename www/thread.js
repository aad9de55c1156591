// A thread of the engine (www/threads.js): runs the engine's program in the engine's memory, but only the tasks of its
// parallel loops. These allocate no memory and call no JavaScript but `takeTask`.

import * as threads from "./threads.js";

self.onmessage = ({ data: { module, memory, address, stack } }) => {
  threads.useMemory(memory, address);
  const { exports } = new WebAssembly.Instance(module, importsOf(module, memory));
  // Every thread has its own stack.
  exports.__stack_pointer.value = stack;
  threads.joinLoops(exports.run_tasks);
};

/// What the program imports.
function importsOf(module, memory) {
  const imports = {};
  for (const { module: file, name, kind } of WebAssembly.Module.imports(module)) {
    const missing = () => {
      throw new Error(`a thread called ${name}`);
    };
    imports[file] ??= {};
    imports[file][name] = kind === "memory" ? memory : (threads[name] ?? missing);
  }
  return imports;
}
