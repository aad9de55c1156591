// Starts the page in the user's language, reports why it cannot start, and makes it work offline.

import { TEXTS } from "./boot-texts.js";

/// Where src/page/language.rs saves the language that the user chose.
const SAVED_LANGUAGE = "tunelab-language";

/// A module of one function with a SIMD instruction, which the app's programs need.
const NEEDS_SIMD = new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15,
  253, 98, 11,
]);

/// In milliseconds: how long no file is requested before a newer version takes over, how long it may take to do
/// so, and how long the browser may take to report whether there is one.
const QUIET = 300;
const PATIENCE = 3000;
const ANSWER = 1000;

/// The language of the page, as Language::from_preferences in crates/l10n chooses it.
function language() {
  let saved;
  try {
    saved = localStorage.getItem(SAVED_LANGUAGE);
  } catch {
    // The browser forbids the page to store anything.
  }
  for (const tag of [saved ?? "", ...navigator.languages]) {
    const [primary] = tag.toLowerCase().split(/[-_]/);
    if (primary === "en") {
      return "en";
    }
    if (["zh", "cmn", "yue", "wuu"].includes(primary)) {
      return "zh-Hans";
    }
  }
  return "en";
}

/// Shows a text in an element, where the page has not replaced it yet.
function show(id, text) {
  const element = document.getElementById(id);
  if (element) {
    element.textContent = text;
  }
  return element;
}

async function start(texts) {
  const fail = (text) => show("boot-status", text)?.setAttribute("role", "alert");
  if (typeof WebAssembly !== "object" || !WebAssembly.validate(NEEDS_SIMD)) {
    fail(texts.noSimd);
    return;
  }
  try {
    // A static import of a missing file would keep this script from reporting it.
    const { default: init } = await import("./app.js");
    await init({ module_or_path: new URL("app_bg.wasm", import.meta.url) });
  } catch (error) {
    fail(texts.notLoaded(error.message ?? error));
    throw error;
  }
}

/// Lets a waiting newer version replace this page, if no other page uses the old one. Otherwise a browser keeps
/// the old version for as long as pages are only reloaded.
async function isReplaced() {
  const asked = navigator.serviceWorker?.getRegistration();
  const registration = await Promise.race([asked, passed(ANSWER)]);
  const next = registration?.waiting;
  if (!next || !navigator.serviceWorker.controller) {
    return false;
  }
  // Chromium changes versions at once only if the old one has no requests left to answer.
  await loaded();
  await passed(QUIET);
  const replaced = new Promise((resolve) => {
    navigator.serviceWorker.addEventListener("controllerchange", () => resolve(true), { once: true });
  });
  const { port1, port2 } = new MessageChannel();
  const refused = new Promise((resolve) => {
    port1.onmessage = ({ data: mayTakeOver }) => mayTakeOver || resolve(false);
  });
  next.postMessage("take over", [port2]);
  return Promise.race([replaced, refused, passed(PATIENCE)]);
}

const passed = (milliseconds) =>
  new Promise((resolve) => setTimeout(() => resolve(false), milliseconds));

const loaded = () =>
  new Promise((resolve) => {
    if (document.readyState === "complete") {
      resolve();
    } else {
      window.addEventListener("load", resolve, { once: true });
    }
  });

/// Registers service-worker.js. Without it (on an insecure address, in a private window) everything works except
/// offline use, and the footer of the page shows that.
async function workOffline() {
  const script = new URL("service-worker.js", import.meta.url);
  try {
    const asked = navigator.serviceWorker.register(script, { updateViaCache: "none" });
    const registration = await Promise.race([asked, passed(PATIENCE)]);
    const { installing } = registration || needsConnection("no answer");
    installing?.addEventListener("statechange", () => {
      if (installing.state === "redundant" && !registration.active) {
        needsConnection("the files were not stored");
      }
    });
  } catch (error) {
    needsConnection(error);
  }
}

/// The footer has both texts; www/style/base.css hides one of them.
function needsConnection(reason) {
  console.info("The app will not work offline:", reason);
  document.documentElement.dataset.needsConnection = "";
  return {};
}

if (await isReplaced().catch(() => false)) {
  location.reload();
} else {
  document.documentElement.lang = language();
  const texts = TEXTS[language()];
  document.title = texts.title;
  show("boot-status", texts.loading);
  show("boot-late", texts.late);
  await start(texts);
  await workOffline();
}
