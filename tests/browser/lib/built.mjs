// Copies of the built app, which tests change, and the state of the app that a browser stores.

import { execFileSync } from "node:child_process";
import { cp } from "node:fs/promises";
import path from "node:path";

import { temporaryFolder } from "./images.mjs";
import { DIST, REPOSITORY } from "./server.mjs";

/// A copy of the built app. It is removed after the test.
export async function built(t) {
  const root = path.join(await temporaryFolder(t), "dist");
  await cp(DIST, root, { recursive: true });
  return root;
}

/// Lists the files of a copy again, as a build in this profile does.
export const list = (root, profile = "release") =>
  execFileSync(path.join(REPOSITORY, "scripts/list-app-files"), [root], {
    env: { ...process.env, TRUNK_PROFILE: profile },
  });

/// Runs in the page: whether the service worker has stored all files, the page last, and controls the page.
export const isKept = async () =>
  navigator.serviceWorker.controller?.state === "activated" && (await caches.match("./")) !== undefined;
