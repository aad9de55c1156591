// Adapts the engine's program to browsers that lack a feature of WebAssembly which it uses.

/// Whether the browser has relaxed SIMD: it accepts a function that multiplies and adds zeros in one instruction.
export function hasRelaxedSimd() {
  const [TYPES, FUNCTIONS, CODE] = [1, 3, 10];
  const zero = [0x41, 0, 0xfd, 15];
  const code = [...zero, ...zero, ...zero, 0xfd, ...RELAXED_MADD, 0x1a, 0x0b];
  return WebAssembly.validate(
    new Uint8Array([
      ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
      ...[TYPES, 4, 1, 0x60, 0, 0],
      ...[FUNCTIONS, 2, 1, 0],
      ...[CODE, code.length + 3, 1, code.length + 1, 0, ...code],
    ]),
  );
}

/// Changes a program so that it neither imports shared memory, if `shared` is false, nor contains instructions of relaxed
/// SIMD, if `relaxed` is false. The functions with these must not be called then.
export function adapt(bytes, { shared, relaxed }) {
  const [IMPORTS, CODE] = [2, 10];
  const at = { bytes, at: 8 };
  while (at.at < bytes.length) {
    const section = bytes[at.at++];
    const end = number(at) + at.at;
    if (section === IMPORTS && !shared) {
      unshareMemory(at);
    } else if (section === CODE && !relaxed) {
      replaceRelaxedMadd(at);
    }
    at.at = end;
  }
}

// The reading position `at` is an object with the bytes and an index. The format:
// https://webassembly.github.io/spec/core/binary/index.html

function number(at) {
  let value = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = at.bytes[at.at++];
    value |= (byte & 0x7f) << shift;
    if (byte < 0x80) {
      return value >>> 0;
    }
  }
}

function skipNumbers(at, count) {
  for (let left = count; left > 0; left -= 1) {
    while (at.bytes[at.at++] >= 0x80);
  }
}

/// Clears the flag of the imported memory that it is shared.
function unshareMemory(at) {
  const [FUNCTION, MEMORY, SHARED] = [0, 2, 2];
  for (let left = number(at); left > 0; left -= 1) {
    for (let name = 0; name < 2; name += 1) {
      at.at = number(at) + at.at;
    }
    const kind = at.bytes[at.at++];
    if (kind === MEMORY) {
      at.bytes[at.at] &= ~SHARED;
      return;
    }
    if (kind !== FUNCTION) {
      throw new Error(`an import of kind ${kind} before the memory`);
    }
    skipNumbers(at, 1);
  }
}

// `f32x4.relaxed_madd`, and `v128.bitselect`, which has the same number of operands, results and bytes.
const RELAXED_MADD = [0x85, 0x02];
const BITSELECT = [0xd2, 0x00];

/// Replaces every `f32x4.relaxed_madd` in the code section.
function replaceRelaxedMadd(at) {
  for (let left = number(at); left > 0; left -= 1) {
    const end = number(at) + at.at;
    for (let locals = number(at); locals > 0; locals -= 1) {
      skipNumbers(at, 1);
      at.at += 1;
    }
    while (at.at < end) {
      const operation = at.bytes[at.at++];
      if (operation === 0xfd) {
        const start = at.at;
        const vector = number(at);
        if (vector === 0x105) {
          at.bytes.set(BITSELECT, start);
        }
        skipVectorOperands(at, vector);
      } else {
        skipOperands(at, operation);
      }
    }
  }
}

/// Skips the immediate operands of an instruction.
function skipOperands(at, operation) {
  if (operation >= 0x28 && operation <= 0x3e) {
    skipNumbers(at, 2); // loads and stores
    return;
  }
  switch (operation) {
    case 0x02: // block
    case 0x03: // loop
    case 0x04: // if
    case 0x0c: // br
    case 0x0d: // br_if
    case 0x10: // call
    case 0x12: // return_call
    case 0x20: // local.get
    case 0x21:
    case 0x22:
    case 0x23:
    case 0x24: // global.set
    case 0x25: // table.get
    case 0x26:
    case 0x3f: // memory.size
    case 0x40: // memory.grow
    case 0x41: // i32.const
    case 0x42: // i64.const
    case 0xd0: // ref.null
    case 0xd2: // ref.func
      skipNumbers(at, 1);
      break;
    case 0x11: // call_indirect
    case 0x13: // return_call_indirect
      skipNumbers(at, 2);
      break;
    case 0x0e: // br_table
      skipNumbers(at, number(at) + 1);
      break;
    case 0x1c: // select with types
      skipNumbers(at, number(at));
      break;
    case 0x43: // f32.const
      at.at += 4;
      break;
    case 0x44: // f64.const
      at.at += 8;
      break;
    case 0xfc: {
      const operands = { 8: 2, 9: 1, 10: 2, 11: 1, 12: 2, 13: 1, 14: 2, 15: 1, 16: 1, 17: 1 };
      skipNumbers(at, operands[number(at)] ?? 0); // bulk memory and tables
      break;
    }
    case 0xfe:
      if (number(at) === 3) {
        at.at += 1; // atomic.fence
      } else {
        skipNumbers(at, 2);
      }
      break;
    case 0x05: // else
    case 0x0b: // end
    case 0x0f: // return
    case 0x00: // unreachable
    case 0x01: // nop
    case 0x1a: // drop
    case 0x1b: // select
    case 0xd1: // ref.is_null
      break;
    default:
      if (operation < 0x45 || operation > 0xc4) {
        throw new Error(`an unknown instruction: ${operation.toString(16)}`);
      }
  }
}

/// Skips the immediate operands of a vector instruction.
function skipVectorOperands(at, operation) {
  if (operation <= 11 || (operation >= 92 && operation <= 93)) {
    skipNumbers(at, 2); // loads and stores
  } else if (operation === 12 || operation === 13) {
    at.at += 16; // v128.const, i8x16.shuffle
  } else if (operation >= 21 && operation <= 34) {
    at.at += 1; // lanes
  } else if (operation >= 84 && operation <= 91) {
    skipNumbers(at, 2); // loads and stores of a lane
    at.at += 1;
  }
}
