// The bowl: its mathematics, by brute force and by formula, and every sentence beside a button.
import assert from "node:assert/strict";
import test from "node:test";

import { SCHEDULES, bowlOf, descend, expected, floor, loss, normals, rim, shrink, sumOfRates } from "../../lrbook/live/browser/bowl/descend.js";
import { PRESETS } from "../../lrbook/live/browser/bowl/presets.js";
import { describe, describeUpdate } from "../../lrbook/live/browser/bowl/words.js";

const SEEDS = 20;
const even = { shape: "even", kappa: 10, noise: 0, start: [3, 1], schedule: "constant", lr: 0.1, num_updates: 20, seed: 0 };
const steep = { ...even, shape: "steep", start: [3, 4], num_updates: 150 };
const made = new Map();
const drawn = (seed, count) => {
  if (!(made.get(seed)?.length >= count)) made.set(seed, normals(seed, count));
  return made.get(seed);
};

// A run with the formulas beside it, as the panel has them.
function run(setting, seed = 0) {
  const found = descend(setting, (count) => drawn(seed, count));
  if (found.bowl.quartic) return found;
  const parts = expected(found.bowl, found.rates, setting.noise, setting.start);
  return { ...found, parts, formula: parts[0].map((part, t) => part + parts[1][t]) };
}

const last = (values, count = 1) => values.slice(-count).reduce((a, b) => a + b, 0) / count;
const along = ({ path }, i) => Array.from(path).filter((_, j) => j % 2 === i);
const close = (found, wanted, relative, what) => assert.ok(Math.abs(found - wanted) <= relative * Math.abs(wanted), `${what ?? ""} ${found} is not ${wanted} within ${relative}`);
const increasing = (values) => values.every((v, i) => !i || v > values[i - 1]);

// The mathematics ---------------------------------------------------------------------------------

test("the gradient of a descent is that of its loss", () => {
  for (const setting of [even, { ...even, kappa: 77 }, steep]) {
    for (const start of [[1.3, -0.7], [-2, 1.1]]) {
      const lr = 1e-3, { path, bowl } = run({ ...setting, start, lr, num_updates: 2 });
      const [w1, w2] = start, d = 1e-5;
      close((w1 - path[2]) / lr, (loss(bowl, w1 + d, w2) - loss(bowl, w1 - d, w2)) / (2 * d), 1e-6);
      close((w2 - path[3]) / lr, (loss(bowl, w1, w2 + d) - loss(bowl, w1, w2 - d)) / (2 * d), 1e-6);
    }
  }
});

test("without noise each update multiplies the weights by their shrink factors", () => {
  for (const lr of [0.01, 0.15, 0.202]) {
    const found = run({ ...even, lr }), factors = shrink(found.bowl, lr);
    for (const i of [0, 1]) along(found, i).forEach((w, t) => close(w, even.start[i] * factors[i] ** t, 1e-12));
    found.losses.forEach((value, t) => close(value, found.formula[t], 1e-12));
  }
});

test("a constant rate diverges if and only if it is above 2/λ₂", () => {
  for (const kappa of [1, 10, 1000]) {
    for (const lr of [0.001, 0.1, 0.199, 0.1999, 0.2001, 0.201, 0.5]) {
      const { losses, bowl } = run({ ...even, kappa, lr, start: [0, 1], num_updates: 10000 });
      assert.equal(losses.at(-1) > losses[0], lr > 0.2, `κ = ${kappa}, lr ${lr}`);
      assert.equal(floor(bowl, lr, 1) === Infinity, lr > 0.2);
    }
  }
});

test("a constant rate rests at its floor, which the notebook printed", () => {
  const printed = { 0.1: 0.0763, 0.03: 0.0164, 0.01: 0.0051 };
  for (const lr of [0.1, 0.03, 0.01]) {
    const setting = { ...even, noise: 1, lr, num_updates: 1000 }, formula = floor(bowlOf(setting), lr, 1);
    assert.equal(formula.toFixed(4), printed[lr].toFixed(4));
    close(run(setting).formula.at(-1), formula, 1e-5);
    const means = Array.from({ length: SEEDS }, (_, seed) => last(run(setting, seed).mean, 100));
    close(last(means, SEEDS), formula, 0.02, `lr ${lr}`);
  }
});

test("the formula is the mean over runs, for every schedule", () => {
  for (const schedule in SCHEDULES) {
    const setting = { ...even, schedule, noise: 0.7, num_updates: 300 };
    const runs = Array.from({ length: SEEDS }, (_, seed) => run(setting, seed));
    for (const t of [1, 30, 100, 300]) close(runs.reduce((sum, { mean }) => sum + mean[t], 0) / SEEDS, runs[0].formula[t], 0.1, `${schedule}, update ${t}`);
  }
});

test("rates of p = 2 and of a factor have a sum; the others' grow past any", () => {
  for (const schedule in SCHEDULES) {
    const { rates } = run({ ...even, schedule, num_updates: 10000 }), sum = rates.reduce((a, b) => a + b);
    const whole = sumOfRates(schedule, 0.1);
    if (whole === Infinity) assert.ok(sum > 40, schedule);
    else close(sum, whole, schedule === "factor" ? 1e-12 : 0.011, schedule); // of p = 2 a hundredth is to come
  }
  const many = Array.from({ length: 1e6 }, (_, t) => SCHEDULES["p = 2"](t / 100, 0.1)).reduce((a, b) => a + b);
  close(sumOfRates("p = 2", 0.1), many + 0.1 * 1e4 / 1e6, 1e-7);
});

test("on the steep bowl an update lands closer to w₂ = 0 from within the rim, farther from beyond", () => {
  for (const lr of [0.05, 0.5, 1]) {
    for (const [share, farther] of [[0.99, false], [1.01, true]]) {
      const start = [1, share * rim(lr)], { path } = run({ ...steep, lr, start, num_updates: 2 });
      assert.equal(Math.abs(path[3]) > start[1], farther, `lr ${lr}`);
    }
  }
  assert.equal(rim(3), 0);
});

test("normal numbers are normal", () => {
  const numbers = normals(1, 4e5), count = numbers.length;
  const moment = (power) => numbers.reduce((sum, x) => sum + x ** power, 0) / count;
  assert.ok(Math.abs(moment(1)) < 0.01);
  close(moment(2), 1, 0.01);
  assert.ok(Math.abs(moment(3)) < 0.03);
  close(moment(4), 3, 0.03);
  const within = (far) => numbers.reduce((sum, x) => sum + (Math.abs(x) < far), 0) / count;
  close(within(1), 0.6827, 0.01);
  close(within(2), 0.9545, 0.01);
  const together = numbers.reduce((sum, x, i) => sum + (i ? x * numbers[i - 1] : 0), 0) / count;
  assert.ok(Math.abs(together) < 0.01, "neighbours don't go together");
});

test("a seed gives the same run, whatever its length; another seed another", () => {
  const setting = { ...even, noise: 1, num_updates: 500 };
  const one = descend(setting, (count) => normals(3, count)), longer = descend({ ...setting, num_updates: 1000 }, (count) => normals(3, count));
  assert.deepEqual(longer.path.slice(0, one.path.length), one.path);
  assert.deepEqual(descend(setting, (count) => normals(3, count)), one);
  assert.notDeepEqual(descend(setting, (count) => normals(4, count)).path, one.path);
  assert.deepEqual([one.runs, descend({ ...setting, num_updates: 10000 }, (count) => normals(3, count)).runs, descend(even).runs], [200, 50, 1]);
});

// The sentences -----------------------------------------------------------------------------------

// What each says, as a check: by the button's name.
const CHECKS = {
  "lr 0.01"(found) {
    assert.ok(increasing(along(found, 0).map((w) => -w)) && increasing(along(found, 1).map((w) => -w)), "smooth");
    assert.ok(along(found, 0).at(-1) > 0.8 * 3, "has hardly moved along w₁");
    assert.equal(found.rates.length, 20);
  },
  "lr 0.15"(found) {
    const w2 = along(found, 1);
    assert.ok(w2.every((w, t) => !t || (w * w2[t - 1] < 0 && Math.abs(w) < Math.abs(w2[t - 1]))), "overshoots and lands closer");
    assert.ok(found.losses.at(-1) < 1e-3 * found.losses[0], "nearly gone");
  },
  "lr 0.202"(found) {
    assert.equal(2 / found.bowl.curvatures[1], 0.2);
    assert.ok(increasing(along(found, 1).map(Math.abs)), "each overshoot is larger");
    assert.ok(along(found, 0).at(-1) < 0.05 * 3, "w₁ does fine");
  },
  "κ = 10": (found, setting) => best(found, setting, 23),
  "κ = 100"(found, setting) {
    best(found, setting, 231);
    assert.ok(2 / 11 < setting.lr && setting.lr < 0.2, "closer to the limit");
  },
  "lr 0.1 with noise"(_, setting) {
    const [a, b, c] = floors(setting, 0.076);
    assert.ok(a > b && b > c, "the highest");
    const [fast, middle, slow] = waits(setting);
    assert.ok(fast < middle && middle < slow, "there first");
  },
  "lr 0.03 with noise"(_, setting) {
    floors(setting, 0.016);
    assert.ok(setting.lr < 0.1 / 3);
  },
  "lr 0.01 with noise": (_, setting) => floors(setting, 0.005),
  "p = 2, κ = 10"(_, setting) {
    assert.ok(increasing(ends(setting, "p = 2", "p = 1", "square root", "constant")), "the faster the lower");
  },
  "p = 2, κ = 1000": (found, setting) => freezes(found, setting, 10, 90),
  "factor, κ = 1000"(found, setting) {
    close(SCHEDULES.factor(3, 1), SCHEDULES.factor(2, 1) / 2, 1e-12, "half every epoch");
    freezes(found, setting, 14.5, 87);
  },
  "p = 1/2, κ = 1000"(_, setting) {
    assert.ok(increasing(ends(setting, "square root", "p = 1", "p = 2")), "ends below");
    assert.equal(sumOfRates("square root", setting.lr), Infinity);
  },
  "constant 0.5"({ losses }) {
    assert.ok(losses[1] > 1000 * losses[0], "up the wall");
    assert.ok(losses[3] > 1e12, "out of the bowl");
    assert.equal(losses.at(-1), Infinity);
  },
  "constant 0.05"(found) {
    assert.ok(increasing(found.losses.map((v) => -v)), "safe");
    assert.ok(along(found, 0).at(-1) > 0.4 * 3 && Math.abs(along(found, 1).at(-1)) < 0.01, "slow along w₁, done along w₂");
  },
  "warmup to 0.5"(found, setting) {
    const { path, rates, losses } = found;
    assert.ok(rates.every((lr, t) => Math.abs(path[2 * t + 1]) <= rim(lr)), "inside the rim");
    const others = [["constant", 0.5], ["constant", 0.05]].map(([schedule, lr]) => run({ ...setting, schedule, lr }).losses.at(-1));
    assert.ok(others.every((end) => losses.at(-1) < 1e-3 * end), "ends lowest");
  },
};

function best(found, { kappa, lr, start, num_updates }, wanted) {
  close(lr, 2 / (found.bowl.curvatures[0] + found.bowl.curvatures[1]), 1e-12, "the best rate");
  const reached = along(found, 0).findIndex((w, t) => Math.max(Math.abs(w), Math.abs(along(found, 1)[t])) <= 0.01);
  assert.equal(reached, wanted, `κ = ${kappa}`);
  assert.deepEqual(start, [1, 1]);
  assert.ok(num_updates >= wanted);
  const waits = [0.99 * lr, 1.001 * lr].map((other) => Math.max(...shrink(found.bowl, other).map(Math.abs)));
  assert.ok(Math.min(...waits) > Math.max(...shrink(found.bowl, lr).map(Math.abs)), "no neighbour is better");
}

function floors(setting, wanted) {
  close(floor(bowlOf(setting), setting.lr, 1), wanted, 0.03, "the floor");
  const means = Array.from({ length: SEEDS }, (_, seed) => last(run(setting, seed).mean, 100));
  close(last(means, SEEDS), floor(bowlOf(setting), setting.lr, 1), 0.02, "the runs");
  return [0.1, 0.03, 0.01].map((lr) => floor(bowlOf(setting), lr, 1));
}

// Updates until the expected loss is within a tenth of the floor.
const waits = (setting) => [0.1, 0.03, 0.01].map((lr) => run({ ...setting, lr }).formula.findIndex((v) => v < 1.1 * floor(bowlOf(setting), lr, 1)));

const ends = (setting, ...schedules) => schedules.map((schedule) => run({ ...setting, schedule }).formula.at(-1));

function freezes({ bowl, formula }, { schedule, lr, kappa }, sum, percent) {
  close(sumOfRates(schedule, lr), sum, 0.01, "the sum of the rates");
  const left = 100 * Math.exp(-bowl.curvatures[0] * sumOfRates(schedule, lr));
  assert.equal(Math.round(left), percent);
  close(formula.at(-1), formula.at(-5000), 0.01, "it stands still");
  assert.equal(kappa, 1000);
}

test("every sentence is true, and every button has one", () => {
  const rows = PRESETS.flatMap(({ rows }) => rows);
  assert.deepEqual(rows.map(([name]) => name), Object.keys(CHECKS));
  for (const [name, setting, sentence] of rows) {
    assert.match(sentence, /\.$/);
    CHECKS[name](run(setting), setting);
  }
});

test("the sentences' numbers are what their settings give", () => {
  const said = Object.fromEntries(PRESETS.flatMap(({ rows }) => rows).map(([name, , sentence]) => [name, sentence]));
  for (const [name, number] of [["κ = 10", "23 updates"], ["κ = 100", "231 updates"], ["lr 0.1 with noise", "0.076"], ["lr 0.03 with noise", "0.016"], ["lr 0.01 with noise", "0.005"], ["p = 2, κ = 1000", "90%"], ["factor, κ = 1000", "87%"]]) {
    assert.ok(said[name].includes(number), name);
  }
});

// The words ---------------------------------------------------------------------------------------

const words = (setting) => describe(setting, run(setting));

test("the words say what happened, and what the formulas say", () => {
  assert.equal(
    words({ ...even, lr: 0.15 }),
    "After 20 updates the loss is 0.00676, from 9.5 at the start. Each update multiplies w₁ by 0.85 and w₂ by −0.5: it overshoots the minimum of w₂ and lands closer.",
  );
  assert.match(words({ ...even, lr: 0.202 }), /w₂ by −1\.02: above 2\/λ₂ = 0\.2 it diverges\.$/);
  assert.match(words({ ...even, lr: 0.2 }), /w₂ by −1: at 2\/λ₂ = 0\.2 it lands as far out as it came from\.$/);
  assert.match(words({ ...even, lr: 0.3, schedule: "square root" }), /The first update .* diverges, until the rate has fallen below\.$/);
  assert.match(words({ ...even, lr: 0.1, noise: 1, num_updates: 1000 }), /Over the last 100 updates the mean of 200 runs is 0\.07\d+; the formula for it says 0\.0763, and the one for the floor 0\.0763\.$/);
  assert.doesNotMatch(words({ ...even, lr: 0.1, noise: 1, schedule: "p = 1" }), /floor/);
  assert.match(words({ ...even, kappa: 1000, noise: 1, schedule: "p = 2" }), /these rates sum to 10\.1: of the way along w₁ 90% is left for ever\.$/);
  assert.match(words({ ...even, schedule: "p = 2" }), /nearly nothing is left/);
});

test("the words say where the rim is, and when it is crossed", () => {
  assert.match(words({ ...steep, lr: 0.5 }), /^After 150 updates the loss is beyond any use, .* At update 1 w₂ is outside the rim, .* = ±1\.73/);
  assert.match(words({ ...steep, lr: 0.5, schedule: "warmup" }), /the weights stay inside, and the rate ends with a rim at ±1\.73\.$/);
});

test("a step is told in full", () => {
  const found = run({ ...even, lr: 0.15 });
  assert.equal(describeUpdate(found, 0), "The start: w = (3, 1), loss 9.5. 20 updates follow.");
  assert.equal(describeUpdate(found, 1), "Update 1 of 20, at rate 0.15: w = (2.55, −0.5), loss 4.5.");
});

test("the rim of 0.5 lies between 1.7 and 1.8, as the notebook says", () => {
  const ends = [1.7, 1.8].map((w2) => run({ ...steep, lr: 0.5, start: [3, w2] }).losses.at(-1));
  assert.ok(ends[0] < 0.01 && ends[1] === Infinity, String(ends));
});
