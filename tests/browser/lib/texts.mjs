// The texts of the app by the names of their messages, from crates/l10n/locales.

import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

import { FluentBundle, FluentResource } from "@fluent/bundle";

const LOCALES = fileURLToPath(new URL("../../../crates/l10n/locales", import.meta.url));

const bundles = {};
let language = "en";

function catalogue(tag = language) {
  if (!bundles[tag]) {
    bundles[tag] = new FluentBundle(tag, { useIsolating: false });
    const folder = path.join(LOCALES, tag);
    for (const file of readdirSync(folder).filter((name) => name.endsWith(".ftl"))) {
      bundles[tag].addResource(new FluentResource(readFileSync(path.join(folder, file), "utf8")));
    }
  }
  return bundles[tag];
}

/// The language of the texts from here on: "en", as at the start, or "zh-Hans".
export function setLanguage(tag) {
  language = tag;
}

/// The texts in `tag` that are written otherwise in the current language. Only those without variables.
export function foreignTexts(tag) {
  const texts = new Set();
  for (const [id, { value, attributes }] of catalogue(tag)._messages) {
    const own = catalogue().getMessage(id);
    const pairs = [[value, own?.value], ...Object.keys(attributes).map((name) => [attributes[name], own?.attributes[name]])];
    for (const [text, ownText] of pairs) {
      if (typeof text === "string" && text !== ownText) {
        texts.add(text);
      }
    }
  }
  return texts;
}

function format(id, values, errors) {
  const [name, attribute] = id.split(".");
  const text = catalogue().getMessage(name);
  const pattern = attribute ? text?.attributes[attribute] : text?.value;
  if (!pattern) {
    throw new Error(`there is no text ${id}`);
  }
  return catalogue().formatPattern(pattern, values, errors);
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
