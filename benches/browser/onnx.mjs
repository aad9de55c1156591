// Writes the pretrained ResNet18 as an ONNX file, with the same half-precision weights. ONNX Runtime turns them into
// single precision and folds the batch norms when it loads the file.
//
// The format is a protocol buffer: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto

import { rawTensors } from "./page/safetensors.js";

const OPERATOR_SET = 17;
const IR_VERSION = 8;
const FLOAT = 1;
const FLOAT16 = 10;
const EPSILON = 1e-5;

// Fields of protocol buffers.

function varint(value) {
  const bytes = [];
  let rest = BigInt(value);
  for (; rest > 127n; rest >>= 7n) {
    bytes.push(Number(rest & 127n) | 128);
  }
  return Buffer.from([...bytes, Number(rest)]);
}

const integer = (field, value) => Buffer.concat([varint(field << 3), varint(value)]);

function float(field, value) {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatLE(value);
  return Buffer.concat([varint((field << 3) | 5), bytes]);
}

/// A string, bytes, or a message of these fields.
function part(field, ...content) {
  const bytes = Buffer.concat(content.map((item) => Buffer.from(item)));
  return Buffer.concat([varint((field << 3) | 2), varint(bytes.length), bytes]);
}

// Messages of ONNX.

const attributes = {
  float: (name, value) => part(5, part(1, name), float(2, value), integer(20, 1)),
  integer: (name, value) => part(5, part(1, name), integer(3, value), integer(20, 2)),
  integers: (name, values) =>
    part(5, part(1, name), ...values.map((value) => integer(8, value)), integer(20, 7)),
};

const initializer = (name, shape, type, bytes) =>
  part(5, ...shape.map((size) => integer(1, size)), integer(2, type), part(8, name), part(9, bytes));

function value(field, name, shape) {
  const dimension = (size) => part(1, typeof size === "string" ? part(2, size) : integer(1, size));
  const tensor = part(1, integer(1, FLOAT), part(2, ...shape.map(dimension)));
  return part(field, part(1, name), part(2, tensor));
}

/// The ONNX file for a safetensors file with torchvision's names.
export function onnxModel(safetensors) {
  const tensors = rawTensors(safetensors);
  const nodes = [];
  const initializers = [];

  const node = (type, inputs, output, ...given) => {
    const names = inputs.map((input) => part(1, input));
    nodes.push(part(1, ...names, part(2, output), part(3, output), part(4, type), ...given));
    return output;
  };
  const weight = (name) => {
    const { dtype, shape, bytes } = tensors.get(name);
    if (dtype !== "F16") {
      throw new Error(`${name} is ${dtype} instead of F16`);
    }
    initializers.push(initializer(`${name}.half`, shape, FLOAT16, bytes));
    return node("Cast", [`${name}.half`], name, attributes.integer("to", FLOAT));
  };
  const conv = (x, name, norm, kernel, stride) => {
    const y = node(
      "Conv",
      [x, weight(`${name}.weight`)],
      `${name}.out`,
      attributes.integers("kernel_shape", [kernel, kernel]),
      attributes.integers("strides", [stride, stride]),
      attributes.integers("pads", Array(4).fill(Math.floor(kernel / 2))),
    );
    const parts = ["weight", "bias", "running_mean", "running_var"].map((part) => weight(`${norm}.${part}`));
    return node("BatchNormalization", [y, ...parts], `${norm}.out`, attributes.float("epsilon", EPSILON));
  };
  const relu = (x) => node("Relu", [x], `${x}.relu`);

  let x = relu(conv("images", "conv1", "bn1", 7, 2));
  x = node(
    "MaxPool",
    [x],
    "pool.out",
    attributes.integers("kernel_shape", [3, 3]),
    attributes.integers("strides", [2, 2]),
    attributes.integers("pads", [1, 1, 1, 1]),
  );
  for (const stage of [1, 2, 3, 4]) {
    for (const block of [0, 1]) {
      const name = `layer${stage}.${block}`;
      const first = stage > 1 && block === 0;
      const stride = first ? 2 : 1;
      let y = relu(conv(x, `${name}.conv1`, `${name}.bn1`, 3, stride));
      y = conv(y, `${name}.conv2`, `${name}.bn2`, 3, 1);
      const shortcut = first ? conv(x, `${name}.downsample.0`, `${name}.downsample.1`, 1, stride) : x;
      x = relu(node("Add", [y, shortcut], `${name}.out`));
    }
  }
  x = node("GlobalAveragePool", [x], "average.out");
  x = node("Flatten", [x], "features");
  node("Gemm", [x, weight("fc.weight"), weight("fc.bias")], "logits", attributes.integer("transB", 1));

  const [classes] = tensors.get("fc.bias").shape;
  const graph = part(
    7,
    ...nodes,
    part(2, "resnet18"),
    ...initializers,
    value(11, "images", ["batch", 3, "height", "width"]),
    value(12, "logits", ["batch", classes]),
  );
  const operators = part(8, part(1, ""), integer(2, OPERATOR_SET));
  return Buffer.concat([integer(1, IR_VERSION), part(2, "tunelab"), graph, operators]);
}
