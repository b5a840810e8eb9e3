// The formulas at their edges; tests/test_parity.py holds them to Python's at random settings.
import assert from "node:assert/strict";
import test from "node:test";

import { rate } from "../../lrbook/live/browser/schedules.js";

const near = (actual, expected) =>
  assert.ok(Math.abs(actual - expected) < 1e-12, `${actual} is not ${expected}`);

test("a constant rate", () => {
  for (const t of [0, 7.5, 1e6]) assert.equal(rate("Constant", { base_lr: 0.3 }, t), 0.3);
});

test("a square root goes down forever", () => {
  assert.equal(rate("SquareRoot", { base_lr: 0.6 }, 0), 0.6);
  assert.equal(rate("SquareRoot", { base_lr: 0.6 }, 3), 0.3);
  near(rate("SquareRoot", { base_lr: 0.6 }, 1e8 - 1), 6e-5);
});

test("a factor stops at the final rate", () => {
  const p = { base_lr: 0.8, factor: 0.5, final_lr: 0.1 };
  assert.deepEqual([0, 1, 3, 3.1, 500].map((t) => rate("Factor", p, t)), [0.8, 0.4, 0.1, 0.1, 0.1]);
  near(rate("Factor", p, 0.5), 0.8 * Math.SQRT1_2);
});

test("a milestone counts from its very epoch on", () => {
  const p = { base_lr: 1, milestones: [2, 5, 5], factor: 0.5 };
  const rates = [0, 2 - 1e-9, 2, 5 - 1e-9, 5, 60].map((t) => rate("MultiFactor", p, t));
  assert.deepEqual(rates, [1, 1, 0.5, 0.5, 0.125, 0.125]);
  assert.equal(rate("MultiFactor", { ...p, milestones: [] }, 60), 1);
});

for (const [kind, more] of [["Polynomial", { power: 2 }], ["Cosine", {}]]) {
  test(`${kind} begins at the base rate, ends at the final one and stays there`, () => {
    const p = { base_lr: 0.5, final_lr: 0.1, horizon: 20, ...more };
    assert.equal(rate(kind, p, 0), 0.5);
    assert.deepEqual([20, 20.001, 1e6].map((t) => rate(kind, p, t)), [0.1, 0.1, 0.1]);
  });
}

test("half-way a polynomial and a cosine are where they should be", () => {
  const p = { base_lr: 0.5, final_lr: 0.1, horizon: 20 };
  near(rate("Cosine", p, 10), 0.3);
  near(rate("Polynomial", { ...p, power: 2 }, 10), 0.2);
  near(rate("Polynomial", { ...p, power: 1 }, 10), 0.3);
});

test("a linear warmup ends in the schedule's first rate, and the schedule then starts", () => {
  const p = { base_lr: 0.5, final_lr: 0.1, horizon: 10, duration: 4, start_lr: 0.1, mode: "linear" };
  assert.equal(rate("Cosine", p, 0), 0.1);
  near(rate("Cosine", p, 2), 0.3);
  near(rate("Cosine", p, 4 - 1e-12), 0.5);
  assert.equal(rate("Cosine", p, 4), 0.5);
  assert.equal(rate("Cosine", p, 14), 0.1);
});

test("a constant warmup jumps at its end", () => {
  const p = { base_lr: 0.5, duration: 4, start_lr: 0.2, mode: "constant" };
  assert.deepEqual([0, 4 - 1e-9, 4].map((t) => rate("Constant", p, t)), [0.2, 0.2, 0.5]);
});

test("a warmup of no epochs is none", () => {
  for (const mode of ["linear", "constant"]) {
    assert.equal(rate("Constant", { base_lr: 0.5, duration: 0, start_lr: 0.2, mode }, 0), 0.5);
  }
});
