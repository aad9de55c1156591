// Draws the PNG icons in www/icons from icon.svg. After a change to it, run `node icons.mjs`.

import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";

import { launch } from "./lib/browser.mjs";
import { REPOSITORY } from "./lib/server.mjs";

const FOLDER = path.join(REPOSITORY, "www/icons");
const GROUND = "#0f6e78";

/// `corners`: round as in the SVG, or filled to the edge if the system crops the shape itself; `scale` then keeps
/// the drawing within the safe area.
const ICONS = [
  { name: "icon-192.png", side: 192, corners: "round", scale: 1 },
  { name: "icon-512.png", side: 512, corners: "round", scale: 1 },
  { name: "icon-maskable-512.png", side: 512, corners: "filled", scale: 0.78 },
  { name: "apple-touch-icon.png", side: 180, corners: "filled", scale: 0.92 },
];

const svg = await readFile(path.join(FOLDER, "icon.svg"), "utf8");
const browser = await launch();
for (const { name, side, corners, scale } of ICONS) {
  const page = await browser.newPage({ viewport: { width: side, height: side } });
  const ground = corners === "filled" ? GROUND : "transparent";
  await page.setContent(
    `<body style="margin:0; display:grid; place-items:center; height:100vh; background:${ground}">
     <div style="width:${100 * scale}vw; height:${100 * scale}vh">${svg}</div>`,
  );
  const image = await page.screenshot({ omitBackground: true });
  await writeFile(path.join(FOLDER, name), image);
  await page.close();
}
await browser.close();
