// The LeNet in the engine's memory: lenet.c with names, Xavier's weights, whole minibatches.
export const IMAGES = { train: 10000, test: 2000 };
export const BATCH = 256;
export const UPDATES = Math.floor(IMAGES.train / BATCH); // an epoch: what fills no minibatch sits out
const PIXELS = 28 * 28;
// V8 compiles a function well between two calls of it, not within one.
const PIECE = 250;

// Parameters in MXNet's order and layout: of each layer its weight, then its bias.
export const SHAPES = {
  conv1: [6, 1, 5, 5],
  conv1_bias: [6],
  conv2: [16, 6, 5, 5],
  conv2_bias: [16],
  dense1: [120, 400],
  dense1_bias: [120],
  dense2: [84, 120],
  dense2_bias: [84],
  dense3: [10, 84],
  dense3_bias: [10],
};
const product = (numbers) => numbers.reduce((a, b) => a * b, 1);
const COUNT = Object.values(SHAPES).map(product).reduce((a, b) => a + b);

export class Network {
  // `module` is the compiled lenet.wasm; without SIMD there is none.
  constructor(module) {
    this.calls = new WebAssembly.Instance(module).exports;
    const { memory, weights, gradients, velocities, order, images, labels } = this.calls;
    this.weights = new Float32Array(memory.buffer, weights(), COUNT);
    this.gradients = new Float32Array(memory.buffer, gradients(), COUNT);
    this.velocities = new Float32Array(memory.buffer, velocities(), COUNT);
    this.order = new Uint16Array(memory.buffer, order(), IMAGES.train);
    const all = IMAGES.train + IMAGES.test;
    this.images = new Uint8Array(memory.buffer, images(), all * PIXELS);
    this.labels = new Uint8Array(memory.buffer, labels(), all);
  }

  // Take the pixels (a byte each, 28 by 28 an image) and labels of both sets.
  fill({ trainImages, trainLabels, testImages, testLabels }) {
    this.images.set(trainImages);
    this.images.set(testImages, IMAGES.train * PIXELS);
    this.labels.set(trainLabels);
    this.labels.set(testLabels, IMAGES.train);
  }

  // Draw the weights as MXNet's Xavier() does: uniform in [-a, a], a = sqrt(3 / the mean of the
  // inputs and outputs of a neuron), in a convolution each times the kernel's area. Biases are 0.
  initialize(random) {
    let at = 0;
    for (const [outputs, inputs, ...kernel] of Object.values(SHAPES)) {
      if (!inputs) {
        this.weights.fill(0, at, (at += outputs));
        continue;
      }
      const bound = Math.sqrt(6 / ((inputs + outputs) * product(kernel)));
      const end = at + outputs * inputs * product(kernel);
      while (at < end) this.weights[at++] = (2 * random.uniform() - 1) * bound;
    }
    this.velocities.fill(0);
  }

  // Draw an epoch's order of the training images.
  draw(random) {
    for (let i = 0; i < IMAGES.train; i++) this.order[i] = i;
    random.shuffle(this.order);
  }

  // Take the k-th minibatch of the epoch (0 is the first) and a step; return the sum of its
  // images' losses, before the step, and how many of them were told right.
  update(k, lr, momentum) {
    const loss = this.calls.gradient(k * BATCH, BATCH);
    this.calls.step(lr, momentum);
    return { loss, hits: this.calls.hits() };
  }

  // Return the accuracy on the test set, and how far the logits of its images differ at most.
  test() {
    this.calls.start_evaluation();
    for (let i = 0; i < IMAGES.test; i += PIECE) this.calls.evaluate(IMAGES.train + i, PIECE);
    return { accuracy: this.calls.hits() / IMAGES.test, spread: this.calls.spread() };
  }
}
