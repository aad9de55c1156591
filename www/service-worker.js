// Stores the app's own files, so that it starts without a connection and always uses a single version.
//
// - app-files.js lists these files with their checksums; every build writes it (scripts/list-app-files). A new build
//   changes it, so the browser installs this script again.
// - Installation stores either all files of the version, in a cache of its own, or none: a file with a wrong checksum
//   (during a deployment) makes the installation fail, and the browser tries again at the next visit.
// - A page keeps the version it started with. The next start uses the new version automatically: after the last page
//   is closed, or when the only page is reloaded (boot.js requests that).
// - Everything else is passed through: the pretrained model and CIFAR-10, which the app's worker requests and stores
//   itself, and files of other sites.
// - A development build lists no files. This script then removes what an earlier build stored and unregisters itself,
//   so that `trunk serve` never shows old files.

importScripts("app-files.js");

const { version, policy, files } = self.appFiles;

const PREFIX = "tunelab-app-";
const CACHE = PREFIX + version;
/// Milliseconds that the cache may take before the server is asked; 0 after it was too slow once.
let patience = 3000;
const PAGE = new URL("./", self.registration.scope).href;

/// The checksums of the stored files by URL. The URL of the page is that of its folder.
const KEPT = new Map(files.map(([path, integrity]) => [new URL(path, PAGE).href, integrity]));

self.addEventListener("install", (event) => {
  event.waitUntil(KEPT.size > 0 ? keepAll() : self.skipWaiting());
});

self.addEventListener("activate", (event) => {
  event.waitUntil(KEPT.size > 0 ? takeOver() : goAway());
});

// A page that is starting asks whether this waiting version can take over, and waits for the answer.
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

/// A file with the right checksum, from the browser's HTTP cache, where the page may have just put it, or from the
/// server.
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

/// The response with the policy. It is decoded and complete, so headers about the transfer no longer apply, and it is
/// not a redirect.
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

/// Whether at most one page is open. The page before a reload counts until the browser has removed it, so this is
/// checked repeatedly for a second.
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
  // Now no page is open, or the first one, which has this version, or one that is about to reload.
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

/// A stored file, or the response of the server: the browser may have deleted the cache, fail to read it, or not
/// answer.
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
    // The first script of the engine needs the policy.
    return response.ok ? withPolicy(response, await response.blob()) : response;
  } catch (error) {
    return (await found) ?? Promise.reject(error);
  }
}
