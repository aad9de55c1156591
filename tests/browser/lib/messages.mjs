// Decodes the messages between the page and the worker. Their headers are in the postcard format, which the program
// in tests/browser/message-reader decodes.

import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";

import { REPOSITORY } from "./server.mjs";

const TARGET = process.env.CARGO_TARGET_DIR ?? path.join(REPOSITORY, "target");
const READER = path.join(TARGET, "release/message-reader");
/// A long run sends many messages.
const MOST_BYTES = 2 ** 28;

/**
 * The replies with these headers (hexadecimal): each is an object whose only key is the kind of the reply in snake
 * case, and whose value is its content.
 */
export function readReplies(headers) {
  return read(headers);
}

/** The same for commands, whose kinds are in Pascal case. */
export function readCommands(headers) {
  return read(headers, "--commands");
}

function read(headers, ...parameters) {
  if (headers.length === 0) {
    return [];
  }
  if (!existsSync(READER)) {
    throw new Error(
      `no ${READER}: cargo build --release -p tunelab-message-reader builds it`,
    );
  }
  const options = { input: headers.join("\n"), encoding: "utf8", maxBuffer: MOST_BYTES };
  let lines;
  try {
    lines = execFileSync(READER, parameters, options).trim().split("\n");
  } catch (error) {
    // The error itself would contain all that was read.
    throw new Error(`${READER} does not understand a message; is it older than the app? ${error.stderr}`);
  }
  return lines.map((line) => {
    const reply = JSON.parse(line);
    // A kind without content is a string.
    return typeof reply === "string" ? { [reply]: {} } : reply;
  });
}
