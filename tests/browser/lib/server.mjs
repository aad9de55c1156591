// A static server for the tests: serves one folder with the headers of Trunk.toml.

import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import http from "node:http";
import path from "node:path";
import { fileURLToPath } from "node:url";

export const REPOSITORY = fileURLToPath(new URL("../../../", import.meta.url));
export const DIST = path.resolve(process.env.TUNELAB_DIST ?? path.join(REPOSITORY, "dist"));

const TYPES = {
  ".bin": "application/octet-stream",
  ".css": "text/css; charset=utf-8",
  ".gz": "application/gzip",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".md": "text/markdown; charset=utf-8",
  ".png": "image/png",
  ".safetensors": "application/octet-stream",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
  ".webmanifest": "application/manifest+json",
};

/// The headers of `trunk serve`, read from Trunk.toml.
export async function siteHeaders() {
  const config = await readFile(path.join(REPOSITORY, "Trunk.toml"), "utf8");
  const section = config.split(/^\[serve\.headers\]$/m)[1]?.split(/^\[/m)[0] ?? "";
  return Object.fromEntries(
    [...section.matchAll(/^([\w-]+) = "(.*)"$/gm)].map(([, name, value]) => [name, value]),
  );
}

/**
 * Serves `root` under `base` on a free port of localhost, a secure context with service workers and WebGPU. `headers`:
 * other headers than those of `trunk serve`, or false for none. `until` gets the path of each request and returns a
 * promise; the answer waits for it.
 */
export async function serve({ root = DIST, base = "/", headers, until } = {}) {
  const extra = headers ?? (await siteHeaders());
  const requests = [];
  const server = http.createServer(async (request, response) => {
    const { pathname } = new URL(request.url, "http://localhost");
    requests.push({ method: request.method, path: pathname });
    try {
      await until?.(pathname);
      await answer(request, response, decodeURIComponent(pathname), root, base, extra);
    } catch (error) {
      const missing = ["ENOENT", "ENOTDIR"].includes(error.code);
      response.writeHead(missing ? 404 : 500, { "Content-Type": "text/plain", ...extra });
      response.end(missing ? "not found" : String(error));
    }
  });
  await new Promise((resolve) => server.listen(0, "localhost", resolve));
  const origin = `http://localhost:${server.address().port}`;
  return {
    origin,
    url: origin + base,
    requests,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function answer(request, response, pathname, root, base, extra) {
  if (!pathname.startsWith(base)) {
    throw Object.assign(new Error(pathname), { code: "ENOENT" });
  }
  let file = path.join(root, path.normalize(`/${pathname.slice(base.length)}`));
  if (pathname.endsWith("/")) {
    file = path.join(file, "index.html");
  }
  const { size, mtimeMs } = await stat(file);
  const tag = `"${createHash("sha1").update(`${file} ${size} ${mtimeMs}`).digest("hex")}"`;
  const head = {
    "Content-Type": TYPES[path.extname(file)] ?? "application/octet-stream",
    "Cache-Control": "no-cache",
    ETag: tag,
    ...extra,
  };
  if (request.headers["if-none-match"] === tag) {
    response.writeHead(304, head);
    response.end();
    return;
  }
  response.writeHead(200, { ...head, "Content-Length": size });
  if (request.method === "HEAD") {
    response.end();
    return;
  }
  createReadStream(file).on("error", () => response.destroy()).pipe(response);
}
