// Runs axe-core on the page, in every color scheme and size.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";

const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const LOOKS = ["light", "dark"].flatMap((colorScheme) =>
  [
    { width: 360, height: 740 },
    { width: 1280, height: 800 },
  ].map((size) => ({ colorScheme, size })),
);

/// The violations that axe-core finds on the page, one line each.
async function violations(page) {
  if (!(await page.evaluate(() => "axe" in window))) {
    await page.evaluate(await readFile(AXE, "utf8"));
  }
  // At the top, so that the sticky navigation does not cover elements partly.
  await page.evaluate(() => window.scrollTo({ top: 0, behavior: "instant" }));
  const found = await page.evaluate(
    (rules) => window.axe.run(document, { runOnly: rules, resultTypes: ["violations"] }),
    RULES,
  );
  return found.violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target, failureSummary }) => {
      const why = failureSummary.split("\n").slice(1, 3).join(" ").trim();
      return `${id} (${help}) at ${target.join(" ")}: ${why}`;
    }),
  );
}

/// The outermost elements that reach beyond the right edge of the window.
async function widest(page) {
  const elements = await page.evaluate(() => {
    const isBeyond = (element) => element.getBoundingClientRect().right > window.innerWidth + 1;
    return [...document.querySelectorAll("body *")]
      .filter((element) => isBeyond(element) && !isBeyond(element.parentElement))
      .map((element) => element.outerHTML.slice(0, 120));
  });
  return elements.join(", ") || "an unknown element";
}

/// Checks the current page in every color scheme and size: no violations, and no horizontal scrolling.
export async function check(app, t) {
  const { page } = app;
  const found = [];
  for (const { colorScheme, size } of LOOKS) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await page.setViewportSize(size);
    const look = `${colorScheme}, ${size.width} px`;
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    if (width > size.width) {
      found.push(`${look}: the page is ${width} px wide, because of ${await widest(page)}`);
    }
    found.push(...(await violations(page)).map((violation) => `${look}: ${violation}`));
  }
  for (const line of found) {
    t.diagnostic(line);
  }
  assert.equal(found.length, 0, `${found.length} violations, the first: ${found[0]}`);
}
