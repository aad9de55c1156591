// The English texts of the app by the names of their messages, from crates/l10n/locales/en.

import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

import { FluentBundle, FluentResource } from "@fluent/bundle";

const LOCALE = fileURLToPath(new URL("../../../crates/l10n/locales/en", import.meta.url));

const bundle = new FluentBundle("en", { useIsolating: false });
for (const file of readdirSync(LOCALE).filter((name) => name.endsWith(".ftl"))) {
  bundle.addResource(new FluentResource(readFileSync(path.join(LOCALE, file), "utf8")));
}

function format(id, values, errors) {
  const [name, attribute] = id.split(".");
  const message = bundle.getMessage(name);
  const pattern = attribute ? message?.attributes[attribute] : message?.value;
  if (!pattern) {
    throw new Error(`there is no text ${id}`);
  }
  return bundle.formatPattern(pattern, values, errors);
}

/// The text with an id, such as `message("images-remove", { image: "a.png" })`. Attributes are `option-fit.crop`.
export function message(id, values = {}) {
  const errors = [];
  const text = format(id, values, errors);
  if (errors.length > 0) {
    throw new Error(`${id}: ${errors.join("; ")}`);
  }
  return text;
}

/// A regular expression for the texts with an id. It accepts anything for variables without a value, and any white
/// space between words.
export function messagePattern(id, values = {}) {
  const literal = format(id, values, []).replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return new RegExp(literal.replaceAll(/\\\{\\\$[\w-]+\\\}/g, ".+?").replaceAll(/\s+/g, "\\s+"));
}
