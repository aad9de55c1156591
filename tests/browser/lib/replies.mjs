// Reads what the worker told the page: headers in the postcard format, which the example `read-replies`
// of the crate understands.

import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";

import { REPOSITORY } from "./server.mjs";

const TARGET = process.env.CARGO_TARGET_DIR ?? path.join(REPOSITORY, "target");
const READER = path.join(TARGET, "release/examples/read-replies");

const known = new Map();

/**
 * The replies of these headers (hexadecimal): each an object whose only key is the kind of reply, in
 * snake case, and whose value is its content.
 */
export function readReplies(headers) {
  const unknown = headers.filter((header) => !known.has(header));
  if (unknown.length > 0) {
    if (!existsSync(READER)) {
      throw new Error(
        `no ${READER}: cargo build --release --no-default-features --example read-replies makes it`,
      );
    }
    const lines = execFileSync(READER, { input: unknown.join("\n"), encoding: "utf8" }).trim().split("\n");
    lines.forEach((line, index) => {
      const reply = JSON.parse(line);
      // A kind without content is a string.
      known.set(unknown[index], typeof reply === "string" ? { [reply]: {} } : reply);
    });
  }
  return headers.map((header) => known.get(header));
}
