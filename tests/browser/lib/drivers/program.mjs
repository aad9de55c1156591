// Finds installed programs.

import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";

/// The path of the first of these programs that exists. They are names on PATH, or paths.
export function findProgram(...names) {
  for (const name of names.filter(Boolean)) {
    if (name.includes("/")) {
      if (existsSync(name)) {
        return name;
      }
      continue;
    }
    try {
      return execFileSync("sh", ["-c", `command -v ${name}`], { encoding: "utf8" }).trim();
    } catch {
      // Try the next one.
    }
  }
  return undefined;
}
