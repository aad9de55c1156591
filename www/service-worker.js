// Keeps the app's own files, so that it starts without a connection, and always as one version.
//
// - Which files those are, with their checksums, stands in app-files.js, written by every build
//   (scripts/list-app-files). A new build changes that file, so the browser installs this script anew.
// - Installing keeps all files of the version in a cache of its own, or none: a file that does not
//   have its checksum (a deployment half done) fails the installation, and the browser tries again at
//   the next visit.
// - A page keeps the version it began with. The next start gets the new one, without a question: when
//   the last page is closed, or at a reload of the only one (boot.js asks for it then).
// - Everything else passes: the pretrained network and CIFAR-10, which the app's worker asks for and
//   keeps itself, and whatever is not of this site.
// - A development build lists no files. This script then removes what an earlier build kept and goes
//   away, so that `trunk serve` never shows old files.

importScripts("app-files.js");

const { version, policy, files } = self.appFiles;

const PREFIX = "tunelab-app-";
const CACHE = PREFIX + version;
/// Milliseconds that the cache may take to answer before the server is asked; none once it was late.
let patience = 3000;
const PAGE = new URL("./", self.registration.scope).href;

/// The kept files by address. The page's is the folder's.
const KEPT = new Map(files.map(([path, integrity]) => [new URL(path, PAGE).href, integrity]));

self.addEventListener("install", (event) => {
  event.waitUntil(KEPT.size > 0 ? keepAll() : self.skipWaiting());
});

self.addEventListener("activate", (event) => {
  event.waitUntil(KEPT.size > 0 ? takeOver() : goAway());
});

// A page that just starts asks whether this waiting version may take over, and waits for the answer.
self.addEventListener("message", (event) => {
  if (event.data === "take over") {
    event.waitUntil(takeOverFromOne(event.ports[0]));
  }
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  url.hash = "";
  url.search = "";
  if (url.href === `${PAGE}index.html`) {
    url.href = PAGE;
  }
  if (request.method === "GET" && KEPT.has(url.href)) {
    event.respondWith(kept(url.href, request));
  }
});

async function keepAll() {
  const cache = await caches.open(CACHE);
  try {
    await Promise.all(
      [...KEPT].map(async ([url, integrity]) => cache.put(url, await download(url, integrity))),
    );
  } catch (error) {
    await caches.delete(CACHE);
    throw error;
  }
}

/// A file with the right checksum: from the browser's own cache, where the page may just have put it, or
/// else from the server.
async function download(url, integrity) {
  const from = async (cache) => {
    const response = await fetch(url, { cache, integrity, credentials: "same-origin" });
    if (!response.ok) {
      throw new Error(`${url}: ${response.status}`);
    }
    return response;
  };
  const response = await from("default").catch(() => from("reload"));
  return withPolicy(response, await response.blob());
}

/// The response with the policy, decoded and complete, so that headers about the transfer no longer hold; a
/// redirect is forgotten.
function withPolicy(response, body) {
  return new Response(body, {
    headers: {
      "Content-Type": response.headers.get("Content-Type") ?? "application/octet-stream",
      "Content-Length": String(body.size),
      "Content-Security-Policy": policy,
      "X-Content-Type-Options": "nosniff",
      "Referrer-Policy": "no-referrer",
    },
  });
}

async function takeOverFromOne(port) {
  const alone = await isAlone();
  port.postMessage(alone);
  if (alone) {
    await self.skipWaiting();
  }
}

/// Whether one page at most is open. What a reload leaves behind counts until the browser has cleared it
/// away, so this looks again for a second.
async function isAlone() {
  for (let looks = 0; looks < 10; looks++) {
    const pages = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
    if (pages.filter(({ url }) => url.startsWith(PAGE)).length < 2) {
      return true;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return false;
}

async function takeOver() {
  await forget((name) => name !== CACHE);
  // No page is open now, or the first one, which is of this version, or one that is about to reload.
  await self.clients.claim();
}

async function goAway() {
  await forget(() => true);
  await self.registration.unregister();
}

async function forget(which) {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith(PREFIX) && which(name));
  await Promise.all(old.map((name) => caches.delete(name)));
}

/// The browser may have thrown the cache away, not get at it, or say nothing.
async function kept(url, request) {
  const find = async () => (await caches.open(CACHE)).match(url);
  const found = find().catch(() => undefined);
  const late = new Promise((resolve) => setTimeout(resolve, patience, "late"));
  const first = await Promise.race([found, late]);
  if (first === "late") {
    patience = 0;
  } else if (first) {
    return first;
  }
  try {
    const response = await fetch(request);
    // The engine's first script has to have it.
    return response.ok ? withPolicy(response, await response.blob()) : response;
  } catch (error) {
    return (await found) ?? Promise.reject(error);
  }
}
