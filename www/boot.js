// Starts the page in the user's language, reports why it cannot start, and makes it isolated and work offline.

import { TEXTS } from "./boot-texts.js";

/// Where src/page/language.rs saves the language that the user chose.
const SAVED_LANGUAGE = "tunelab-language";

/// A module of one function with a SIMD instruction, which the app's programs need.
const NEEDS_SIMD = new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15,
  253, 98, 11,
]);

/// Where a tab notes that it was reloaded to become isolated.
const RELOADED = "tunelab-reloaded";

/// In milliseconds: how long no file is requested before a newer version takes over, how long it or the first one
/// may take to do so, and how long the browser may take to report whether there is one.
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
async function isReplaced(registration) {
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
  return inTime(Promise.race([replaced, refused]));
}

/// Lets the service worker take over on the first visit, where the host does not send the headers that isolate the
/// page: it adds them to the page that starts next. Only once per tab, even if that page is not isolated either.
async function becomesIsolated(registration) {
  // With an active service worker, this is not the first visit: it is older than the headers, or the user has
  // reloaded the page without it.
  const isFirst = registration !== false && !registration?.active;
  if (self.crossOriginIsolated !== false || !isFirst || sessionStorage.getItem(RELOADED)) {
    return false;
  }
  const active = register().then((done) => done && navigator.serviceWorker.ready);
  if (!(await inTime(active))) {
    return false;
  }
  sessionStorage.setItem(RELOADED, "yes");
  return true;
}

/// The service worker's registration; undefined if there is none, false if the browser does not answer.
async function registered() {
  return Promise.race([navigator.serviceWorker?.getRegistration(), passed(ANSWER)]);
}

async function register() {
  const script = new URL("service-worker.js", import.meta.url);
  return navigator.serviceWorker.register(script, { updateViaCache: "none" });
}

const inTime = (promise) => Promise.race([promise, passed(PATIENCE)]);

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

/// Lets service-worker.js store the app's files. Without it (on an insecure address, in a private window) everything
/// works except offline use and threads, and the footer of the page shows the former.
async function workOffline() {
  try {
    if (!(await inTime(register()))) {
      throw new Error("no answer");
    }
    const { active } = await navigator.serviceWorker.ready;
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data: isKept }) => isKept || needsConnection("the files were not stored");
    active.postMessage("keep", [port2]);
  } catch (error) {
    needsConnection(error);
  }
}

/// The footer has both texts; www/style/base.css hides one of them.
function needsConnection(reason) {
  console.info("The app will not work offline:", reason);
  document.documentElement.dataset.needsConnection = "";
}

const no = () => false;
const registration = await registered().catch(no);
if ((await isReplaced(registration).catch(no)) || (await becomesIsolated(registration).catch(no))) {
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
