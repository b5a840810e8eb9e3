// The engine: what it is made from, its random numbers, its weights and orders, and a training.
import assert from "node:assert/strict";
import fs from "node:fs";
import test from "node:test";

import { BATCH, IMAGES, Network, SHAPES, UPDATES } from "../../lrbook/live/engine/network.js";
import { Random } from "../../lrbook/live/engine/random.js";
import { Training, whyDead } from "../../lrbook/live/engine/trainer.js";
import { COMPILER, RECORD, compile, read, record } from "../../vendor/engine.mjs";
import { makeNetwork, wasm } from "./subset.js";

// What it is made from ---------------------------------------------------------------------

test("the engine is made from this source, by this compiler", () => {
  assert.deepEqual(record(), JSON.parse(read(RECORD)), "run `make engine` and commit what changes");
});

const skip = !fs.existsSync(COMPILER) && "the compiler isn't installed: `make engine` does";

test("compiling again gives the same bytes", { skip }, () => {
  assert.ok(compile().equals(wasm));
});

test("it uses no relaxed SIMD: those would round differently from machine to machine", () => {
  // 0xfd begins an instruction of SIMD, whose number follows; the relaxed ones are 0x100 to 0x114.
  const code = [...WebAssembly.Module.customSections(new WebAssembly.Module(wasm), "target_features")];
  assert.deepEqual(code, []); // stripped: the instructions themselves have to tell
  for (let i = 0; i + 2 < wasm.length; i++) {
    const relaxed = wasm[i] === 0xfd && wasm[i + 1] >= 0x80 && wasm[i + 1] <= 0x94 && wasm[i + 2] === 0x02;
    assert.ok(!relaxed, `byte ${i}`);
  }
});

// Random numbers ---------------------------------------------------------------------------

test("the generator is xoshiro128**", () => {
  const random = new Random(0);
  random.words.set([1, 2, 3, 4]);
  // By hand from its definition; the first four are also in Rust's rand_xoshiro.
  assert.deepEqual(Array.from({ length: 4 }, () => random.next()), [11520, 0, 5927040, 70819200]);
});

test("a draw lies in its range, and every value comes as often", () => {
  const random = new Random(7), counts = Array(10).fill(0);
  for (let i = 0; i < 100000; i++) counts[random.below(10)]++;
  // Chi squared with 9 degrees of freedom: above 33.7 once in 10,000 seeds.
  assert.ok(counts.reduce((sum, n) => sum + (n - 10000) ** 2 / 10000, 0) < 33.7, counts);
  const drawn = Array.from({ length: 1000 }, () => random.uniform());
  assert.ok(drawn.every((u) => u >= 0 && u < 1 && Number.isInteger(u * 2 ** 24)));
});

test("seeds that lie side by side give draws that have nothing in common", () => {
  const first = new Set();
  for (const seed of [0, 1, 2, 3, 2 ** 31, 2 ** 32 - 1]) {
    const random = new Random(seed);
    for (let i = 0; i < 1000; i++) first.add(random.next());
  }
  assert.equal(first.size, 6000);
});

// Weights and orders -----------------------------------------------------------------------

test("weights are Xavier's, biases 0", () => {
  const network = new Network(new WebAssembly.Module(wasm));
  network.weights.fill(NaN);
  network.initialize(new Random(1));
  let at = 0;
  for (const [name, shape] of Object.entries(SHAPES)) {
    const values = network.weights.subarray(at, (at += shape.reduce((a, b) => a * b)));
    if (name.endsWith("bias")) {
      assert.ok(values.every((v) => v === 0), name);
      continue;
    }
    const [outputs, inputs, area] = [shape[0], shape[1], shape.slice(2).reduce((a, b) => a * b, 1)];
    const bound = Math.sqrt(3 / ((inputs * area + outputs * area) / 2));
    const mean = values.reduce((a, b) => a + b) / values.length;
    const square = values.reduce((a, b) => a + b * b, 0) / values.length;
    const slack = 5 / Math.sqrt(values.length); // five standard errors, more or less
    assert.ok(values.every((v) => Math.abs(v) <= Math.fround(bound)), name);
    assert.ok(Math.abs(mean) < slack * bound, `${name}: mean ${mean}`);
    assert.ok(Math.abs(square / (bound ** 2 / 3) - 1) < slack, `${name}: ${square}`);
    assert.ok(Math.max(...values) > bound * (1 - 10 / values.length), name);
  }
  assert.equal(at, 61706);
});

test("an order has every image once, whatever stood there before", () => {
  const network = new Network(new WebAssembly.Module(wasm));
  network.order.fill(3);
  network.draw(new Random(5));
  const order = network.order.slice();
  assert.deepEqual(order.slice().sort((a, b) => a - b), Uint16Array.from({ length: IMAGES.train }, (_, i) => i));
  assert.notDeepEqual(order, order.slice().sort((a, b) => a - b));
  network.draw(new Random(5));
  assert.deepEqual(network.order, order);
});

// A training -------------------------------------------------------------------------------

const network = makeNetwork();
const constant = (lr) => () => lr;
const result = ({ train_loss, train_acc, test_acc, lr, died, reason }) => structuredClone({ train_loss, train_acc, test_acc, lr, died, reason });
function trained(training, epochs = training.epochs) {
  const updates = [];
  while (!training.ended && training.test_acc.length < epochs) updates.push(training.update());
  return updates;
}

test("it learns, in whole minibatches, at the rate of the schedule", () => {
  const rate = (t) => 0.1 + t / 100;
  const training = new Training(network, { rate, seed: 0, epochs: 2 });
  const updates = trained(training);
  assert.deepEqual(updates.map(({ update }) => update), Array.from({ length: 2 * UPDATES }, (_, i) => i + 1));
  assert.equal(UPDATES, 39);
  updates.forEach(({ update, lr }) => assert.ok(Math.abs(lr - rate((update - 1) / 39)) < 1e-12));
  assert.deepEqual(training.lr, updates.map(({ lr }) => lr));
  const mean = updates.slice(0, 39).reduce((sum, { loss }) => sum + loss, 0) / 39;
  assert.ok(Math.abs(mean - training.train_loss[0]) < 1e-12);
  assert.ok(training.train_loss[0] < 2.2 && training.train_loss[1] < 1.5, training.train_loss);
  assert.ok(training.test_acc[1] > 0.4 && training.train_acc[1] > 0.4);
  assert.ok(Number.isInteger(Math.round(training.train_acc[0] * 39 * BATCH * 1e6) / 1e6));
  assert.equal(training.died, null);
  assert.throws(() => training.update(), /has ended/);
});

test("the same seed gives the same bits, another one others", () => {
  const run = (seed) => {
    const training = new Training(network, { rate: constant(0.3), seed, epochs: 1 });
    trained(training);
    return [result(training), network.weights.slice()];
  };
  const first = run(3);
  assert.notDeepEqual(run(4), first);
  assert.deepEqual(run(3), first);
});

test("who goes back an epoch goes on as before, and otherwise with another rate", () => {
  let lr = 0.02;
  const training = new Training(network, { rate: () => lr, seed: 1, epochs: 3, momentum: 0.9 });
  trained(training, 1);
  const [{ loss: once }, { loss: twice }] = trained(training, 2);
  const straight = [result(training), network.weights.slice(), network.velocities.slice()];
  for (let i = 0; i < 5; i++) training.update();
  training.returnTo(1);
  assert.deepEqual([training.updates, training.test_acc.length], [39, 1]);
  trained(training, 2);
  assert.deepEqual([result(training), network.weights.slice(), network.velocities.slice()], straight);
  training.returnTo(1);
  lr = 0.01;
  assert.equal(training.update().loss, once); // of the weights before the step
  assert.notEqual(training.update().loss, twice);
});

test("momentum makes MXNet's step", () => {
  network.initialize(new Random(2));
  network.draw(new Random(2));
  const start = network.weights.slice(), f = Math.fround;
  const [lr, momentum] = [f(0.1), f(0.9)];
  network.update(0, lr, momentum);
  const [g, v] = [network.gradients.slice(), network.velocities.slice()];
  v.forEach((value, i) => assert.equal(value, f(f(momentum * 0) - f(lr * g[i]))));
  network.weights.forEach((value, i) => assert.equal(value, f(start[i] + v[i])));
  const before = network.weights.slice();
  network.update(1, lr, momentum);
  network.velocities.forEach((value, i) => assert.equal(value, f(f(momentum * v[i]) - f(lr * network.gradients[i]))));
  network.weights.forEach((value, i) => assert.equal(value, f(before[i] + network.velocities[i])));
});

test("at too large a rate a run dies, and ends", () => {
  const training = new Training(network, { rate: constant(3), seed: 0, epochs: 30 });
  trained(training);
  assert.equal(training.died, training.test_acc.length);
  assert.ok(training.died <= 2 && training.ended);
  assert.match(training.reason, /the same answer|no longer a finite/);
});

test("a rate that is no number makes a run that is called dead, and nothing worse", () => {
  for (const lr of [NaN, Infinity]) {
    const training = new Training(network, { rate: constant(lr), seed: 0, epochs: 2 });
    trained(training);
    assert.equal(training.died, 1);
    assert.equal(training.reason, "the loss is no longer a finite number");
  }
});

test("the spread is that of all pieces of an evaluation", () => {
  network.initialize(new Random(0));
  const { spread, accuracy } = network.test();
  const { calls } = network;
  calls.start_evaluation();
  calls.evaluate(IMAGES.train, IMAGES.test);
  assert.equal(calls.spread(), spread);
  assert.equal(calls.hits() / IMAGES.test, accuracy);
  calls.start_evaluation();
  calls.evaluate(IMAGES.train + IMAGES.test - 250, 250);
  assert.ok(calls.spread() < spread);
});

test("one logit that is no number is noticed", () => {
  network.initialize(new Random(0));
  network.weights[network.weights.length - 1] = NaN; // the last class's bias
  const { spread } = network.test();
  assert.ok(Number.isNaN(spread));
  assert.equal(whyDead(1, 0.5, spread), "the loss is no longer a finite number");
});

test("what makes no sense is refused, with what is allowed", () => {
  const good = { rate: constant(0.1), seed: 0, epochs: 1 };
  for (const seed of [-1, 0.5, 2 ** 32, "0", null]) assert.throws(() => new Training(network, { ...good, seed }), /seed must be a whole number in \[0, 2\*\*32\)/);
  for (const epochs of [0, 1.5, NaN]) assert.throws(() => new Training(network, { ...good, epochs }), /epochs must be/);
  for (const momentum of [-0.1, 1, NaN]) assert.throws(() => new Training(network, { ...good, momentum }), /momentum must be a number in \[0, 1\)/);
  for (const epoch of [-1, 1, 0.5]) assert.throws(() => new Training(network, good).returnTo(epoch), /epoch must be a whole number in \[0, 0\]/);
});
