// Starts the page, says what is wrong where it cannot start, and makes it work offline.

/// A module of one function that uses a SIMD instruction: what the programs of the app need of a browser.
const NEEDS_SIMD = new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15,
  253, 98, 11,
]);

/// Milliseconds: without requests before a newer version is let in, how long it may take then, and how long
/// the browser may take to say whether there is one.
const QUIET = 300;
const PATIENCE = 3000;
const ANSWER = 1000;

/// Puts a text where the page says that it is loading.
function say(text) {
  const status = document.getElementById("boot-status");
  if (status) {
    status.setAttribute("role", "alert");
    status.textContent = text;
  }
}

async function start() {
  if (typeof WebAssembly !== "object" || !WebAssembly.validate(NEEDS_SIMD)) {
    say(
      "This browser does not run WebAssembly with SIMD, which tunelab needs: it is too old, or its settings forbid it (as Safari's lockdown mode does). A current version of Firefox, Chrome, Edge or Safari can run it.",
    );
    return;
  }
  try {
    // Not above, where a missing file would leave nobody to say so.
    const { default: init } = await import("./app.js");
    await init({ module_or_path: new URL("app_bg.wasm", import.meta.url) });
  } catch (error) {
    say(`tunelab could not be loaded (${error.message ?? error}). Check the connection and reload the page.`);
    throw error;
  }
}

/// Lets a newer version that waits take this page's place, where no other page uses the old one. A
/// browser would otherwise go on with the old one for as long as pages are only reloaded.
async function isReplaced() {
  const asked = navigator.serviceWorker?.getRegistration();
  const registration = await Promise.race([asked, passed(ANSWER)]);
  const next = registration?.waiting;
  if (!next || !navigator.serviceWorker.controller) {
    return false;
  }
  // Chromium changes versions at once only where the old one has nothing left to answer.
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

/// See service-worker.js. Without it (an insecure address, a private window) everything works but offline,
/// and the foot of the page says so.
async function workOffline() {
  const script = new URL("service-worker.js", import.meta.url);
  try {
    const asked = navigator.serviceWorker.register(script, { updateViaCache: "none" });
    const registration = await Promise.race([asked, passed(PATIENCE)]);
    const { installing } = registration || needsConnection("no answer");
    installing?.addEventListener("statechange", () => {
      if (installing.state === "redundant" && !registration.active) {
        needsConnection("the files were not kept");
      }
    });
  } catch (error) {
    needsConnection(error);
  }
}

function needsConnection(reason) {
  console.info("The app will not work offline:", reason);
  const promise = document.getElementById("works-offline");
  if (promise) {
    promise.textContent = "Here it needs a connection whenever it is opened: this browser does not keep it.";
  }
  return {};
}

if (await isReplaced().catch(() => false)) {
  location.reload();
} else {
  await start();
  await workOffline();
}
