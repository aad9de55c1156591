// Files that the tests give to the app.

import { mkdtemp, open, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import zlib from "node:zlib";

import { REPOSITORY } from "./server.mjs";

/// Datasets that are not part of the repository. Tests that need them are skipped if they are missing.
const SHARED = path.resolve(process.env.TUNELAB_DATA ?? path.join(REPOSITORY, "../shared/data"));
export const SIGN_DIGITS = path.join(SHARED, "sign-digits");
export const CIFAR = path.join(SHARED, "cifar10-5k-train.bin");
export const WEIGHTS = path.join(REPOSITORY, "www/models/resnet18-tiny-imagenet-f16.safetensors");

export const exists = (file) => stat(file).then(() => true, () => false);

/// A folder that is removed after the test.
export async function temporaryFolder(t) {
  const folder = await mkdtemp(path.join(tmpdir(), "tunelab-test-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/// A square PNG whose pixels are `color(x, y)` as [red, green, blue], with x and y from -1 to 1.
export function png(side, color) {
  const rows = Buffer.alloc(side * (1 + 3 * side));
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const at = (value) => (2 * value + 1) / side - 1;
      rows.set(color(at(x), at(y)), y * (1 + 3 * side) + 1 + 3 * x);
    }
  }
  const head = Buffer.alloc(13);
  head.writeUInt32BE(side, 0);
  head.writeUInt32BE(side, 4);
  head.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]),
    chunk("IHDR", head),
    chunk("IDAT", zlib.deflateSync(rows)),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(data.length, 0);
  body.copy(framed, 4);
  framed.writeUInt32BE(checksum(body), body.length + 4);
  return framed;
}

/// CRC-32 as PNG uses it (not every supported version of Node.js has `zlib.crc32`).
function checksum(bytes) {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) {
      crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
    }
  }
  return (crc ^ 0xffffffff) >>> 0;
}

/// A ring on a plain background, similar to the app's `ring` class, but drawn by the tests.
export const ringImage = () =>
  png(96, (x, y) => {
    const radius = Math.hypot(x - 0.05, y + 0.05);
    return radius > 0.4 && radius < 0.58 ? [40, 60, 130] : [225, 215, 190];
  });

/// `count` different images of one hue, as files for a file input.
export function tintedImages(name, [red, green, blue], count) {
  return Array.from({ length: count }, (_, number) => ({
    name: `${name}-${number}.png`,
    mimeType: "image/png",
    buffer: png(48, (x, y) => {
      const shade = 0.7 + 0.3 * Math.sin(3 * x + number) * Math.cos(2 * y - number);
      return [red * shade, green * shade, blue * shade];
    }),
  }));
}

/// Writes a CIFAR-10 batch file of the first `perClass` images of each class.
export async function cifarSubset(file, perClass) {
  const RECORD = 1 + 3 * 32 * 32;
  const source = await open(CIFAR);
  const counts = new Array(10).fill(0);
  const records = [];
  try {
    for (;;) {
      const record = Buffer.alloc(RECORD);
      const { bytesRead } = await source.read(record, 0, RECORD);
      if (bytesRead < RECORD || counts.every((count) => count === perClass)) {
        break;
      }
      if (counts[record[0]] < perClass) {
        counts[record[0]]++;
        records.push(record);
      }
    }
  } finally {
    await source.close();
  }
  await writeFile(file, Buffer.concat(records));
  return records.length;
}

/// The number of files in the class folders of a folder.
export async function countImages(folder) {
  const files = await readdir(folder, { recursive: true, withFileTypes: true });
  return files.filter((entry) => entry.isFile()).length;
}
