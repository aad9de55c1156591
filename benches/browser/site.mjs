// A local server that compresses files as hosts do, and counts the bytes it sends.

import { createHash } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import http from "node:http";
import path from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants } from "node:zlib";

const TYPES = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".mjs": "text/javascript; charset=utf-8",
  ".wasm": "application/wasm",
  ".webmanifest": "application/manifest+json",
};
/// Others, such as weights, hardly become smaller.
const COMPRESSED = new Set([".css", ".html", ".js", ".json", ".mjs", ".wasm", ".webmanifest"]);

/// With these a page may use threads.
export const ISOLATED = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
};

/// Compressing takes long, so its results are kept in this folder.
class Compressor {
  #folder;
  #done = new Map();

  constructor(folder) {
    this.#folder = folder;
  }

  compress(bytes) {
    const hash = createHash("sha256").update(bytes).digest("hex").slice(0, 32);
    if (!this.#done.has(hash)) {
      this.#done.set(hash, this.#stored(path.join(this.#folder, `${hash}.br`), bytes));
    }
    return this.#done.get(hash);
  }

  async #stored(file, bytes) {
    try {
      return await readFile(file);
    } catch {
      const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
      const compressed = await promisify(brotliCompress)(bytes, { params });
      await mkdir(this.#folder, { recursive: true });
      await writeFile(file, compressed);
      return compressed;
    }
  }
}

/**
 * Serves files on a free port of localhost. `places` are pairs of the start of a path and a file or folder; the first
 * one that fits counts. `headers` are sent with every answer.
 */
export async function serveSite({ places, headers = {}, cache }) {
  const compressor = new Compressor(cache);
  const sent = [];
  const files = new Map();

  const load = async (pathname) => {
    const [start, place] = places.find(([start]) => pathname.startsWith(start)) ?? [];
    if (place === undefined) {
      throw Object.assign(new Error(pathname), { code: "ENOENT" });
    }
    const below = path.normalize(`/${pathname.slice(start.length)}`);
    let file = below === "/" && !pathname.endsWith("/") ? place : path.join(place, below);
    if (pathname.endsWith("/")) {
      file = path.join(file, "index.html");
    }
    const bytes = await readFile(file);
    const extension = path.extname(file);
    return {
      type: TYPES[extension] ?? "application/octet-stream",
      plain: bytes,
      brotli: COMPRESSED.has(extension) ? await compressor.compress(bytes) : undefined,
    };
  };

  const server = http.createServer(async (request, response) => {
    const pathname = decodeURIComponent(new URL(request.url, "http://localhost").pathname);
    try {
      // From memory, so that the disk does not count.
      if (!files.has(pathname)) {
        files.set(pathname, await load(pathname));
      }
      const { type, plain, brotli } = files.get(pathname);
      const encoded = brotli && /\bbr\b/.test(request.headers["accept-encoding"] ?? "");
      const body = encoded ? brotli : plain;
      response.writeHead(200, {
        "Content-Type": type,
        "Content-Length": body.length,
        "Cache-Control": "no-cache",
        ...(encoded ? { "Content-Encoding": "br" } : {}),
        ...headers,
      });
      const isHead = request.method === "HEAD";
      sent.push({ path: pathname, bytes: isHead ? 0 : body.length });
      response.end(isHead ? undefined : body);
    } catch (error) {
      const missing = ["EISDIR", "ENOENT", "ENOTDIR"].includes(error.code);
      response.writeHead(missing ? 404 : 500, { "Content-Type": "text/plain", ...headers });
      response.end(missing ? "not found" : String(error));
    }
  });
  await new Promise((resolve) => server.listen(0, "localhost", resolve));
  return {
    url: `http://localhost:${server.address().port}/`,
    /// What was sent since the last call.
    takeSent: () => sent.splice(0),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
