// Reads safetensors files: 8 bytes with the length of the header, the header as JSON, and the tensors' bytes. Works in
// browsers and in Node.js.

/// The tensors of a file in bytes: a map from names to `{ dtype, shape, bytes }`.
export function rawTensors(file) {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const headerLength = Number(view.getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(file.subarray(8, 8 + headerLength)));
  delete header.__metadata__;
  return new Map(
    Object.entries(header).map(([name, { dtype, shape, data_offsets: [from, to] }]) => [
      name,
      { dtype, shape, bytes: file.subarray(8 + headerLength + from, 8 + headerLength + to) },
    ]),
  );
}

/// The tensors with floats: a map from names to `{ shape, values }`.
export function floatTensors(file) {
  const tensors = new Map();
  for (const [name, { dtype, shape, bytes }] of rawTensors(file)) {
    if (dtype === "F16" || dtype === "F32") {
      // Aligned. A copy, also of a Buffer of Node.js, whose slice shares its memory.
      const copy = new Uint8Array(bytes).buffer;
      tensors.set(name, { shape, values: dtype === "F16" ? floats(new Uint16Array(copy)) : new Float32Array(copy) });
    }
  }
  return tensors;
}

export async function fetchTensors(url) {
  return floatTensors(await fetchBytes(url));
}

export async function fetchBytes(url) {
  const response = await fetch(url);
  if (!response.ok) {
    throw new Error(`${url}: ${response.status}`);
  }
  return new Uint8Array(await response.arrayBuffer());
}

let table;

/// Half-precision floats, by a table of all.
function floats(halves) {
  table ??= Float32Array.from({ length: 2 ** 16 }, (_, bits) => {
    const sign = bits & 0x8000 ? -1 : 1;
    const exponent = (bits >> 10) & 0x1f;
    const fraction = bits & 0x3ff;
    if (exponent === 0) {
      return sign * fraction * 2 ** -24;
    }
    if (exponent === 0x1f) {
      return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
    }
    return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
  });
  // Many times as fast as Float32Array.from with a function.
  const values = new Float32Array(halves.length);
  for (let index = 0; index < halves.length; index += 1) {
    values[index] = table[halves[index]];
  }
  return values;
}
