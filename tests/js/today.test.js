// What a panel knows of today's schedules; tests/test_parity.py holds the formulas to Python's.
import assert from "node:assert/strict";
import test from "node:test";

import { idle } from "../../lrbook/live/browser/setting.js";
import { jumps, rate } from "../../lrbook/live/browser/today.js";

const restarts = { base_lr: 0.4, final_lr: 0.1, period: 2, multiplier: 2 };

test("a restart jumps back to the base rate", () => {
  assert.deepEqual(jumps(restarts), [2, 6, 14]);
  assert.deepEqual(jumps({ ...restarts, period: 10, multiplier: 1, duration: 4 }), [4, 14, 24]);
  for (const t of jumps(restarts)) {
    assert.equal(rate("Restarts", restarts, t), 0.4);
    assert.ok(rate("Restarts", restarts, t - 1e-9) < 0.1 + 1e-9);
  }
});

test("nothing else jumps, but a milestone and the end of a warmup", () => {
  assert.deepEqual(jumps({ base_lr: 1 }), []);
  assert.deepEqual(jumps({ milestones: [3, 40], duration: 2 }), [2, 5]);
});

test("restarts after a warmup begin when it ends", () => {
  const p = { ...restarts, duration: 5, start_lr: 0, mode: "linear" };
  assert.deepEqual([0, 2.5, 5, 7, 11].map((t) => rate("Restarts", p, t)), [0, 0.2, 0.4, 0.4, 0.4]);
});

test("triangles have a factor in one mode only", () => {
  assert.deepEqual(idle("Triangular", { mode: "plain" }), { factor: 1 });
  assert.deepEqual(idle("Triangular", { mode: "exponential" }), {});
  assert.deepEqual(idle("Cosine", { mode: "linear" }), {});
});
