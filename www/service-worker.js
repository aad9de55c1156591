// Stores the app's own files, so that it starts without a connection and always uses a single version. It also adds
// the headers that isolate the page, which threads require, because a host may be unable to send them.
//
// - app-files.js lists these files with their checksums; every build writes it (scripts/list-app-files). A new build
//   changes it, so the browser installs this script again.
// - The first installation stores nothing and takes over at once, so that boot.js can reload the page with the headers
//   before it starts. Without that reload, the first visit would have a single thread; and if the files were stored
//   before it, the user would wait for all of them. Until they are stored, the server answers, and this script only
//   adds the headers. A page that has started requests that they are stored ("keep").
// - Either all files of the version are stored, in a cache of its own, or none is used: the page is stored last, and a
//   file with a wrong checksum (during a deployment) removes the others. The next page that starts requests it again.
// - A newer version stores all its files when it is installed, or is not installed. A page keeps the version it started
//   with. The next start uses the new version automatically: after the last page is closed, or when the only page is
//   reloaded (boot.js requests that).
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

/// The headers of the app's files. Trunk.toml has the same. All other sites that the app requests files from allow that
/// (CORS), so it needs no policy that is less strict than require-corp, and Safari knows no other.
const HEADERS = {
  "Content-Security-Policy": policy,
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
  "Cross-Origin-Resource-Policy": "same-origin",
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "no-referrer",
};

/// The checksums of the stored files by URL. The URL of the page is that of its folder.
const KEPT = new Map(files.map(([path, integrity]) => [new URL(path, PAGE).href, integrity]));

self.addEventListener("install", (event) => {
  event.waitUntil(KEPT.size > 0 && self.registration.active ? keepAll() : self.skipWaiting());
});

self.addEventListener("activate", (event) => {
  event.waitUntil(KEPT.size > 0 ? takeOver() : goAway());
});

// A page that is starting asks whether this waiting version can take over, and waits for the answer. A page that has
// started asks whether all files are stored, and this version stores them if they are not.
self.addEventListener("message", (event) => {
  const [port] = event.ports;
  if (event.data === "take over") {
    event.waitUntil(takeOverFromOne(port));
  } else if (event.data === "keep" && KEPT.size > 0) {
    event.waitUntil(keep().then(() => port.postMessage(true), () => port.postMessage(false)));
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

/// The storing of all files in progress, which several pages may request.
let keeping;

async function keep() {
  if (!(await stored(PAGE))) {
    keeping ??= keepAll().finally(() => (keeping = undefined));
    await keeping;
  }
}

async function keepAll() {
  const cache = await caches.open(CACHE);
  const { [PAGE]: first, ...others } = Object.fromEntries(KEPT);
  try {
    // If the server has another version, most likely the page differs, and nothing else is downloaded.
    const page = await download(PAGE, first);
    await Promise.all(
      Object.entries(others).map(async ([url, integrity]) => cache.put(url, await download(url, integrity))),
    );
    await cache.put(PAGE, page);
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
  return withHeaders(response, await response.blob());
}

/// The response with the headers of the app and with this body, which is decoded, so headers about the transfer no
/// longer apply, and it is not a redirect.
function withHeaders({ headers }, body) {
  const sent = headers.has("Content-Encoding") ? null : headers.get("Content-Length");
  const length = body.size ?? sent;
  return new Response(body, {
    headers: {
      ...HEADERS,
      "Content-Type": headers.get("Content-Type") ?? "application/octet-stream",
      ...(length === null ? {} : { "Content-Length": String(length) }),
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
  // Now no page is open, or one that is about to reload, or the first one, which has this version.
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

/// A stored file, if all files are stored.
async function stored(url) {
  const cache = await caches.open(CACHE);
  return (await cache.match(PAGE)) && cache.match(url);
}

/// A stored file, or the response of the server: the browser may have deleted the cache, fail to read it, or not
/// answer.
async function kept(url, request) {
  const found = stored(url).catch(() => undefined);
  const late = new Promise((resolve) => setTimeout(resolve, patience, "late"));
  const first = await Promise.race([found, late]);
  if (first === "late") {
    patience = 0;
  } else if (first) {
    return first;
  }
  try {
    const response = await fetch(request);
    // Passed on as it arrives, so that the page shows the progress.
    return response.ok ? withHeaders(response, response.body) : response;
  } catch (error) {
    return (await found) ?? Promise.reject(error);
  }
}
