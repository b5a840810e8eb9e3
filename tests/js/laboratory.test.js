// What a reader draws in the laboratory: points, the rate that they mean, the address, the Python.
import assert from "node:assert/strict";
import test from "node:test";

import { MOMENTUM, hashOf, settingOf } from "../../lrbook/live/laboratory/address.js";
import {
  HIGHEST, LOWEST, MOST, POLICIES, RATES, add, drawPolicy, drawnOf, move, nearestStep, remove, roomiest, simplify, snapRate, step, tableOf,
} from "../../lrbook/live/laboratory/points.js";
import { pythonOf } from "../../lrbook/live/laboratory/python.js";
import { curveOf, rateScale } from "../../lrbook/live/laboratory/rate_chart.js";
import { tableRate } from "../../lrbook/live/laboratory/table.js";
import { rate } from "../../lrbook/live/browser/today.js";

const lines = (...points) => ({ points, interpolation: "linear" });
const steps = (...points) => ({ points, interpolation: "steps" });
const at = (drawn, t) => tableRate(tableOf(drawn), t);

test("a table goes through its points, in lines or in steps, and then stays", () => {
  const drawn = lines([0, 0], [5, 0.5], [20, 0.1]);
  assert.deepEqual([0, 2.5, 5, 12.5, 20, 29].map((t) => at(drawn, t)), [0, 0.25, 0.5, 0.3, 0.1, 0.1]);
  assert.deepEqual([0, 4.999, 5, 19.999, 20, 29].map((t) => at({ ...drawn, interpolation: "steps" }, t)), [0, 0, 0.5, 0.5, 0.1, 0.1]);
  assert.deepEqual([0, 30].map((t) => at(lines([0, 0.3]), t)), [0.3, 0.3]);
  assert.deepEqual(drawnOf(tableOf(drawn)), drawn);
});

test("a point moves on the grid, not past its neighbours, nor into what has run", () => {
  const drawn = lines([0, 0.3], [10, 0.2], [20, 0.1]);
  const moved = (i, point, now) => move(drawn, i, point, now).points[i];
  assert.deepEqual(moved(1, [12.3, 0.5]), [12.5, 0.5]);
  assert.deepEqual([moved(1, [-4, 0.2]), moved(1, [25, 0.2])], [[0.5, 0.2], [19.5, 0.2]]);
  assert.deepEqual([moved(0, [7, 0.1]), moved(2, [99, 9])], [[0, 0.1], [30, HIGHEST]]);
  assert.deepEqual(moved(1, [2, 0.2], 7.25), [7.25, 0.2]);
  assert.deepEqual(move(lines([0, 0.3], [9.3, 1], [9.5, 1]), 1, [3, 0.5], 9.4).points[1], [9.3, 0.5], "no room");
  assert.deepEqual(drawn, lines([0, 0.3], [10, 0.2], [20, 0.1]), "what is given stays");
});

test("a point is put in where there is room, and taken out, but for the first", () => {
  const drawn = lines([0, 0.3], [10, 0.2]);
  assert.deepEqual(add(drawn, [5.1, 0.1]), { drawn: lines([0, 0.3], [5, 0.1], [10, 0.2]), place: 1 });
  assert.equal(add(drawn, [31, 0.1]).drawn.points.at(-1)[0], 30);
  assert.equal(add(drawn, [9.8, 0.1]), undefined);
  const full = lines(...Array.from({ length: MOST }, (_, i) => [i / 2, 0.1]));
  assert.equal(add(full, [29, 0.1]), undefined);
  assert.deepEqual([remove(drawn, 1), remove(drawn, 0)], [lines([0, 0.3]), drawn]);
  assert.deepEqual([roomiest(drawn), roomiest(lines([0, 1], [30, 1]), 20), roomiest(lines([0, 1]), 30)], [20, 25, undefined]);
});

test("rates snap to round numbers, and 0 can be reached", () => {
  assert.deepEqual([0, 0.0004, 0.0006, 0.0123, 0.4249, 7].map(snapRate), [0, 0, LOWEST, 0.012, 0.42, HIGHEST]);
  assert.deepEqual([RATES[0], RATES[1], RATES.at(-1), RATES.length], [0, LOWEST, HIGHEST, 35]);
  assert.ok(RATES.every((lr, i) => i === 0 || lr > RATES[i - 1]));
  for (const [i, lr] of RATES.entries()) {
    assert.equal(nearestStep(lr), i);
    assert.equal(step(lr, 1), RATES[Math.min(i + 1, RATES.length - 1)]);
    assert.equal(step(lr, -1), RATES[Math.max(i - 1, 0)]);
  }
  assert.deepEqual([step(0.42, 1), step(0.42, -1), nearestStep(0.42)], [0.5, 0.4, RATES.indexOf(0.4)]);
});

test("the axis: every rate has its row, 0 among them, and each row its rate", () => {
  const { row, rate: rateAt } = rateScale(10, 210);
  assert.deepEqual([row(0), row(LOWEST), Math.round(row(HIGHEST))], [210, 192, 10]);
  for (const lr of [0, 0.0005, 0.001, 0.01, 0.3, 2]) assert.ok(Math.abs(rateAt(row(lr)) - lr) < 1e-12);
  assert.ok(Math.abs(row(0.01) - row(0.02) - (row(0.1) - row(0.2))) < 1e-9);
  assert.deepEqual([rateAt(500), rateAt(-500)], [0, HIGHEST]);
});

test("a curve has both sides of each step", () => {
  const curve = curveOf(steps([0, 1], [10, 0.1]), 5, 30);
  assert.deepEqual([curve[0], curve.at(-1)], [[5, 1], [30, 0.1]]);
  const before = curve.findLast(([, lr]) => lr === 1), after = curve.find(([, lr]) => lr === 0.1);
  assert.ok(10 - before[0] < 1e-5 && after[0] === 10);
});

test("a policy becomes few points: steps exactly, a curve within 5 % at every epoch", () => {
  for (const policy of POLICIES) {
    const drawn = drawPolicy(policy);
    assert.ok(drawn.points.length <= 16, `${policy.label}: ${drawn.points.length}`);
    for (let t = 0; t <= 30; t++) {
      const exact = rate(policy.kind, policy.p, t < 30 ? t : t * (1 - 1e-9));
      assert.ok(Math.abs(at(drawn, t) - exact) <= 0.056 * Math.max(exact, 0.02), `${policy.label} at ${t}: ${at(drawn, t)} is not ${exact}`);
    }
  }
  assert.deepEqual(drawPolicy(POLICIES[0]), lines([0, 0.3]));
  assert.deepEqual(drawPolicy(POLICIES[3]), steps([0, 0.3], [15, 0.03], [25, 0.003]));
  assert.deepEqual(drawPolicy(POLICIES[6]).points.slice(0, 2), [[0, 0], [5, 0.3]]);
  const restarts = drawPolicy(POLICIES.find(({ kind }) => kind === "Restarts")).points;
  assert.deepEqual([restarts[0], restarts.find(([t]) => t === 10), restarts.at(-1)], [[0, 0.3], [10, 0.3], [30, 0.01]]);
});

test("simplifying keeps ends and corners", () => {
  const corner = Array.from({ length: 31 }, (_, t) => [t, t < 10 ? 0.5 + 0.05 * t : 1]);
  assert.deepEqual(simplify(corner), [[0, 0.5], [10, 1]]);
  assert.deepEqual(simplify([[0, 0.2], [30, 0.2]]), [[0, 0.2]]);
});

test("the address holds the whole setting, and comes back as it was", () => {
  const settings = [
    { drawn: lines([0, 0.3], [20, 0.3], [30, 0.01]), seed: 0, momentum: 0 },
    { drawn: steps([0, 0], [9.37, 1.25e-3]), seed: 2 ** 32 - 1, momentum: MOMENTUM },
    ...POLICIES.map((policy, seed) => ({ drawn: drawPolicy(policy), seed, momentum: 0 })),
  ];
  for (const setting of settings) {
    assert.deepEqual(settingOf(hashOf(setting)), setting);
    assert.deepEqual(settingOf(new URL(hashOf(setting), "https://example.org/").hash), setting);
    assert.ok(hashOf(setting).length < 400);
  }
  assert.deepEqual(settingOf("#points=0:0.1"), { drawn: lines([0, 0.1]), seed: 0, momentum: 0 });
  for (const other of ["", "#", "#missions"]) assert.equal(settingOf(other), undefined);
});

test("a bad address is told apart, in words", () => {
  const points = ["", "0", "0:", ":0", "0:1:2", "1:0.1", "0:0.1,0:0.2", "0:0.1,5:0.1,5:0.2", "0:-1", "0:3", "0:0.1,31:0.1", "0:1e999", "0:NaN", "a:b"];
  for (const bad of points) assert.throws(() => settingOf(`#points=${bad}`), /its points are no schedule/, bad);
  const many = Array.from({ length: MOST + 1 }, (_, i) => `${i / 2}:0.1`).join(",");
  assert.throws(() => settingOf(`#points=${many}`), /no schedule/);
  for (const [more, words] of [["interpolation=cubic", /joined/], ["seed=-1", /seed/], ["seed=1.5", /seed/], ["seed=4294967296", /seed/], ["seed=", /seed/], ["momentum=1", /momentum/]]) {
    assert.throws(() => settingOf(`#points=0:0.1&${more}`), words);
  }
});

test("Python says what it is: a constant, steps by one factor, else a table", () => {
  const call = (drawn) => pythonOf(drawn).split("schedule = ")[1].trim();
  assert.equal(call(lines([0, 0.3])), "Constant(base_lr=0.3)");
  assert.equal(call(lines([0, 0.3], [10, 0.3])), "Constant(base_lr=0.3)");
  assert.equal(call(steps([0, 0.3], [15, 0.03], [25, 0.003])), "MultiFactor(base_lr=0.3, milestones=(15, 25), factor=0.1)");
  assert.equal(call(steps([0, 0.3], [10, 0.3], [15, 0.03])), "MultiFactor(base_lr=0.3, milestones=(15,), factor=0.1)");
  const tables = [lines([0, 0.3], [15, 0.03]), steps([0, 0.3], [15, 0.03], [25, 0.02]), steps([0, 0.1], [15, 0.3]), steps([0, 0.1], [15, 0]), steps([0, 0], [15, 0.1])];
  for (const drawn of tables) {
    assert.match(pythonOf(drawn), /^from lrbook\.schedules import Table\n/);
    assert.match(call(drawn), new RegExp(`interpolation="${drawn.interpolation}"`));
  }
  assert.match(pythonOf(drawPolicy(POLICIES[3])), /^from lrbook\.schedules import MultiFactor\n/);
});
