// What every test file needs: the built app on a server, and a browser.

import { after, before } from "node:test";
import path from "node:path";

import { launch } from "./browser.mjs";
import { exists } from "./images.mjs";
import { DIST, serve } from "./server.mjs";

/// Starts both before the tests of a file and stops them afterwards. The fields of the result are set in tests.
export function site({ gpu, flags, serve: options } = {}) {
  const site = {};
  before(async () => {
    if (!(await exists(path.join(DIST, "index.html")))) {
      throw new Error(`there is no built app in ${DIST}: run scripts/test-browser, or trunk build --release`);
    }
    site.server = await serve(options);
    site.url = site.server.url;
    site.browser = await launch({ gpu, flags });
  });
  after(async () => {
    await site.browser?.close();
    await site.server?.close();
  });
  return site;
}
