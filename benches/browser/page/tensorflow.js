// The adapter of TensorFlow.js: the same ResNet18 from its operations. For inference each batch norm is folded into
// the preceding convolution, as TensorFlow.js' converter does. esbuild bundles it with what it uses of the library.

import * as tf from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-core/dist/register_all_gradients.js";

import { fetchTensors } from "./safetensors.js";

/// With the programs of the backend `wasm`.
const FILES = "/npm/@tensorflow/tfjs-backend-wasm/dist/";
const BACKENDS = {
  cpu: () => import("@tensorflow/tfjs-backend-cpu"),
  wasm: () => import("@tensorflow/tfjs-backend-wasm"),
  webgl: () => import("@tensorflow/tfjs-backend-webgl"),
  webgpu: () => import("@tensorflow/tfjs-backend-webgpu"),
};
const EPSILON = 1e-5;
const NORM_MOMENTUM = 0.1;
const WIDTHS = [64, 128, 256, 512];

/// The pretrained tensors, by their names in torchvision.
let tensors;

export async function open({ backend, threads }) {
  const weights = fetchTensors("/models/resnet18.safetensors");
  // It uses at most half as many threads as there are logical processors:
  // https://github.com/tensorflow/tfjs/issues/6081
  Object.defineProperty(navigator, "hardwareConcurrency", { value: 2 * threads });
  const library = await BACKENDS[backend]();
  library.setWasmPaths?.(FILES);
  library.setThreadsCount?.(threads);
  if (!(await tf.setBackend(backend))) {
    throw new Error(`TensorFlow.js cannot use ${backend} here`);
  }
  const found = library.getThreadsCount?.() ?? threads;
  if (found !== threads) {
    throw new Error(`TensorFlow.js uses ${found} threads instead of ${threads}`);
  }
  tensors = await weights;
}

/// `[batch, size, size, 3]`.
export function prepare(pixels, size, batch) {
  const plane = size * size;
  const values = new Float32Array(pixels.length);
  for (let image = 0; image < batch; image += 1) {
    for (let channel = 0; channel < 3; channel += 1) {
      const from = (3 * image + channel) * plane;
      for (let at = 0; at < plane; at += 1) {
        values[3 * (image * plane + at) + channel] = pixels[from + at];
      }
    }
  }
  return values;
}

/// The network, given how to compute a convolution with its batch norm: `conv(x, name, norm, { stride, pad, relu })`.
function features(x, conv) {
  x = conv(x, "conv1", "bn1", { stride: 2, pad: 3, relu: true });
  x = tf.maxPool(x, 3, 2, 1);
  for (const [stage, width] of WIDTHS.entries()) {
    for (let block = 0; block < 2; block += 1) {
      const name = `layer${stage + 1}.${block}`;
      const first = block === 0 && width > 64;
      const stride = first ? 2 : 1;
      let y = conv(x, `${name}.conv1`, `${name}.bn1`, { stride, pad: 1, relu: true });
      y = conv(y, `${name}.conv2`, `${name}.bn2`, { stride: 1, pad: 1 });
      if (first) {
        x = conv(x, `${name}.downsample.0`, `${name}.downsample.1`, { stride, pad: 0 });
      }
      x = tf.relu(tf.add(x, y));
    }
  }
  return tf.mean(x, [1, 2]);
}

/// A convolution's weight `[height, width, in, out]`, each output channel multiplied by `scale`.
function filter(name, scale) {
  const { shape, values } = tensors.get(`${name}.weight`);
  const [outputs, inputs, height, width] = shape;
  const turned = new Float32Array(values.length);
  let at = 0;
  for (let output = 0; output < outputs; output += 1) {
    for (let input = 0; input < inputs; input += 1) {
      for (let place = 0; place < height * width; place += 1) {
        turned[(place * inputs + input) * outputs + output] = values[at] * (scale ? scale[output] : 1);
        at += 1;
      }
    }
  }
  return tf.tensor4d(turned, [height, width, inputs, outputs]);
}

export function inference() {
  const folded = new Map();
  const fold = (name, norm) => {
    const [weight, bias, mean, variance] = ["weight", "bias", "running_mean", "running_var"].map(
      (part) => tensors.get(`${norm}.${part}`).values,
    );
    const scale = weight.map((value, channel) => value / Math.sqrt(variance[channel] + EPSILON));
    const shift = bias.map((value, channel) => value - mean[channel] * scale[channel]);
    return { filter: filter(name, scale), bias: tf.tensor1d(shift) };
  };
  const conv = (x, name, norm, { stride, pad, relu }) => {
    if (!folded.has(name)) {
      folded.set(name, fold(name, norm));
    }
    const activation = relu ? "relu" : "linear";
    return tf.fused.conv2d({ x, ...folded.get(name), strides: stride, pad, activation });
  };
  const { shape, values } = tensors.get("fc.weight");
  const weight = tf.tensor2d(values, shape);
  const bias = tf.tensor1d(tensors.get("fc.bias").values);
  // Outside of tf.tidy, so that the weights stay.
  tf.dispose(features(tf.zeros([1, 32, 32, 3]), conv));
  return async ({ input, size, batch }) => {
    const logits = tf.tidy(() => {
      const images = tf.tensor4d(input, [batch, size, size, 3]);
      return tf.add(tf.matMul(features(images, conv), weight, false, true), bias);
    });
    const found = await logits.data();
    logits.dispose();
    return found;
  };
}

export function training({ head, rate }) {
  const variables = new Map();
  const running = new Map();
  const variable = (name, make) => {
    if (!variables.has(name)) {
      variables.set(name, tf.variable(make(), true));
    }
    return variables.get(name);
  };
  const vector = (name) => () => tf.tensor1d(tensors.get(name).values);
  let statistics = [];
  const dropStatistics = () => {
    for (const { mean, variance } of statistics) {
      tf.dispose([mean, variance]);
    }
    statistics = [];
  };
  const conv = (x, name, norm, { stride, pad, relu }) => {
    const y = tf.conv2d(x, variable(name, () => filter(name)), stride, pad);
    const scale = variable(`${norm}.weight`, vector(`${norm}.weight`));
    const offset = variable(`${norm}.bias`, vector(`${norm}.bias`));
    const { mean, variance } = tf.moments(y, [0, 1, 2]);
    statistics.push({ norm, mean: tf.keep(mean), variance: tf.keep(variance), count: y.size / mean.size });
    const normal = tf.batchNorm(y, mean, variance, offset, scale, EPSILON);
    return relu ? tf.relu(normal) : normal;
  };
  const weight = variable("fc.weight", () => tf.tensor2d(head.weight, [head.bias.length, 512]));
  const bias = variable("fc.bias", () => tf.tensor1d(head.bias));
  const optimizer = tf.train.momentum(rate, 0.9);
  // The variables have to be there before the first gradient.
  tf.tidy(() => features(tf.zeros([1, 32, 32, 3]), conv));
  dropStatistics();

  const track = (name, value) => {
    if (!running.has(name)) {
      running.set(name, tf.variable(vector(name)(), false));
    }
    const kept = running.get(name);
    kept.assign(tf.add(tf.mul(kept, 1 - NORM_MOMENTUM), tf.mul(value, NORM_MOMENTUM)));
  };

  return async ({ input, labels, size, batch }) => {
    const loss = tf.tidy(() => {
      const images = tf.tensor4d(input, [batch, size, size, 3]);
      const targets = tf.oneHot(tf.tensor1d(labels, "int32"), head.bias.length);
      const { value, grads } = tf.variableGrads(() => {
        const logits = tf.add(tf.matMul(features(images, conv), weight, false, true), bias);
        return tf.losses.softmaxCrossEntropy(targets, logits);
      });
      optimizer.applyGradients(grads);
      for (const { norm, mean, variance, count } of statistics) {
        track(`${norm}.running_mean`, mean);
        track(`${norm}.running_var`, tf.mul(variance, count / Math.max(count - 1, 1)));
      }
      dropStatistics();
      return value;
    });
    const [found] = await loss.data();
    loss.dispose();
    return found;
  };
}
