// Draws the speeds as bars, in colors for light and dark pages.

import { NAMES, workloadText } from "./cases.mjs";
import { number } from "./number.mjs";

const WIDTH = 720;
const LEFT = 220;
const RIGHT = 90;
const BAR = 16;
const STEP = 21;
const TITLE = 30;
const GAP = 12;
const TOP = 56;

const STYLE = `
text { fill: #20282a }
.quiet { fill: #5a6366 }
.paper { fill: #fbfaf7; stroke: #dcd8cf }
.tunelab { fill: #2f6f5e }
.tensorflow { fill: #c08a3e }
.onnxruntime { fill: #8a93b5 }
@media (prefers-color-scheme: dark) {
  text { fill: #e6e4de }
  .quiet { fill: #a3acae }
  .paper { fill: #1b2022; stroke: #39413f }
  .tunelab { fill: #5fb39b }
  .tensorflow { fill: #d3a25c }
  .onnxruntime { fill: #929cc4 }
}`;

const escaped = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");

/// An SVG with a group of bars for each workload, each with its own scale.
export function chart({ speeds, machine }) {
  const measured = speeds.filter(({ imagesPerSecond }) => imagesPerSecond);
  const groups = new Map();
  for (const result of measured) {
    const text = workloadText(result);
    groups.set(text, [...(groups.get(text) ?? []), result]);
  }
  const parts = [];
  let y = TOP;
  for (const [text, results] of groups) {
    y += TITLE;
    parts.push(`<text x="28" y="${y - 9}" font-size="13.5" font-weight="650">${escaped(text)}</text>`);
    const most = Math.max(...results.map(({ imagesPerSecond }) => imagesPerSecond));
    for (const { label, library, imagesPerSecond } of results) {
      const length = Math.max(1, ((WIDTH - LEFT - RIGHT) * imagesPerSecond) / most);
      const middle = y + BAR / 2 + 4;
      parts.push(
        `<text class="quiet" x="${LEFT - 10}" y="${middle}" font-size="12" text-anchor="end">${escaped(label)}</text>`,
        `<rect class="${library}" x="${LEFT}" y="${y}" width="${length.toFixed(1)}" height="${BAR}" rx="3"/>`,
        `<text x="${(LEFT + length + 7).toFixed(1)}" y="${middle}" font-size="12">${number(imagesPerSecond)}</text>`,
      );
      y += STEP;
    }
    y += GAP;
  }
  const height = Math.round(y + 16);
  const where = `Chromium ${machine.chromium.split(".")[0]}, ${machine.cores} cores`;
  const title = "Images per second in the browser";
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-labelledby="title description" font-family="system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif">
<title id="title">${title}</title>
<desc id="description">Bars of the images per second of ${Object.values(NAMES).join(", ")} for each workload. The page has the numbers as a table.</desc>
<style>${STYLE}
</style>
<rect class="paper" x="0.5" y="0.5" width="${WIDTH - 1}" height="${height - 1}" rx="14"/>
<text x="28" y="34" font-size="16" font-weight="650">${title}</text>
<text class="quiet" x="28" y="53" font-size="12">${escaped(where)}. Each group has its own scale.</text>
${parts.join("\n")}
</svg>
`;
}
