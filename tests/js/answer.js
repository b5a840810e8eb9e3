// Answers what a Python test asks of the engine: JSON on standard input and output, arrays of
// numbers in Base64.
import fs from "node:fs";

import { FILES } from "../../lrbook/live/engine/data.js";
import { BATCH, SHAPES, UPDATES } from "../../lrbook/live/engine/network.js";
import { Random } from "../../lrbook/live/engine/random.js";
import { Training, whyDead } from "../../lrbook/live/engine/trainer.js";
import { makeNetwork } from "./subset.js";

const bytes = (array) => Buffer.from(array.buffer, array.byteOffset, array.byteLength).toString("base64");
const array = (Type, text) => new Type(Uint8Array.from(Buffer.from(text, "base64")).buffer);

const answers = {
  constants: () => ({ FILES, SHAPES, BATCH, UPDATES }),

  // Why runs are dead, by triples of loss, accuracy and spread, as Python writes them.
  dead: ({ cases }) => cases.map((numbers) => whyDead(...numbers.map((x) => Number(x.replace("inf", "Infinity"))))),

  // Weights and the orders of the first epochs, from a seed.
  draws({ seed, epochs }) {
    const network = makeNetwork(), random = new Random(seed);
    network.initialize(random);
    const weights = bytes(network.weights), orders = [];
    for (let i = 0; i < epochs; i++) {
      network.draw(random);
      orders.push(bytes(network.order));
    }
    return { weights, orders };
  },

  // The gradients of the mean loss of the first images, for several numbers of them.
  gradients({ weights, counts }) {
    const network = makeNetwork();
    network.weights.set(array(Float32Array, weights));
    network.order.forEach((_, i) => (network.order[i] = i));
    return counts.map((n) => {
      const loss = network.calls.gradient(0, n) / n;
      return { loss, hits: network.calls.hits(), gradients: bytes(network.gradients) };
    });
  },

  // The mean losses of updates at a constant rate, and the weights after them.
  losses({ weights, orders, updates, lr, momentum }) {
    const network = makeNetwork();
    network.weights.set(array(Float32Array, weights));
    network.velocities.fill(0);
    const losses = [];
    for (let i = 0; i < updates; i++) {
      if (i % UPDATES === 0) network.order.set(array(Uint16Array, orders[i / UPDATES]));
      losses.push(network.update(i % UPDATES, lr, momentum).loss / BATCH);
    }
    return losses;
  },

  // A training's rates, by a schedule of the browser's.
  async rates({ kind, p, updates }) {
    const { rate } = await import("../../lrbook/live/browser/schedules.js");
    const still = { initialize() {}, draw() {}, weights: [], velocities: [], update: () => ({ loss: 256, hits: 0 }), test: () => ({ accuracy: 0.5, spread: 1 }) };
    const training = new Training(still, { rate: (t) => rate(kind, p, t), seed: 0, epochs: Math.ceil(updates / UPDATES) });
    while (training.updates < updates) training.update();
    return training.lr;
  },
};

const { ask, ...rest } = JSON.parse(fs.readFileSync(0, "utf8"));
process.stdout.write(JSON.stringify(await answers[ask](rest)));
