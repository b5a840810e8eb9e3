// The recorded runs: their file, the nearest setting, and its words.
import assert from "node:assert/strict";
import test from "node:test";

import { describeRuns, fetchRuns, fixedOf, isSame, nearest, settingsOf, unpack, valuesOf } from "../../lrbook/live/browser/runs.js";
import { makeDocument } from "./document.js";

globalThis.document = makeDocument({ content_root: "../" });

// The file ---------------------------------------------------------------------------------

const UNIT = 1e-4;
const pack = (numbers) => Buffer.from(Uint16Array.from(numbers).buffer).toString("base64");
const file = (settings, numbers) => ({ unit: UNIT, images: 60000, kinds: KINDS, settings, curves: pack(numbers) });
const slider = (label, log, length) => ({ label, log, length });
const COMMON = {
  base_lr: slider("base learning rate η₀", true, 3),
  duration: slider("warmup", false, 10),
  start_lr: slider("warmup starts at", false, 1),
  mode: { label: "warmup mode", words: ["linear", "constant"] },
};
const MILESTONES = { milestones: slider("milestone", false, 30), factor: slider("factor α", false, 0.5) };
const KINDS = { Constant: COMMON, MultiFactor: { ...COMMON, ...MILESTONES } };
const plain = { duration: 0, start_lr: 0, mode: "linear" };

test("every whole number of units comes out as it went in", () => {
  const numbers = Array.from({ length: 65535 }, (_, i) => i);
  const { settings } = unpack(file([{ kind: "Constant", p: plain, runs: [[0, null, 21845]] }], numbers));
  const { loss, train, test } = settings[0].runs[0];
  const read = [...loss, ...train, ...test];
  assert.equal(read.length, numbers.length);
  read.forEach((value, i) => assert.ok(Math.abs(value - i / 1e4) <= 1e-15 * i, `${value} for ${i}`));
});

test("what is missing is no number", () => {
  const { settings } = unpack(file([{ kind: "Constant", p: plain, runs: [[0, 1, 1]] }], [65535, 1000, 65534]));
  assert.deepEqual(settings[0].runs, [{ seed: 0, died: 1, loss: [NaN], train: [0.1], test: [65534 * UNIT] }]);
});

test("each run has its own part of the numbers, loss, train and test, in the file's order", () => {
  const settings = [
    { kind: "Constant", p: { base_lr: 0.1, ...plain }, runs: [[0, null, 2], [1, 1, 1]] },
    { kind: "Constant", p: { base_lr: 0.2, ...plain }, runs: [[0, null, 2]] },
  ];
  const read = unpack(file(settings, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]));
  const units = (values) => values.map((v) => Math.round(v / UNIT));
  const runs = read.settings.flatMap(({ runs }) => runs)
    .map(({ seed, died, loss, train, test }) => [seed, died, ...[loss, train, test].map(units)]);
  assert.deepEqual(runs, [[0, null, [1, 2], [3, 4], [5, 6]], [1, 1, [7], [8], [9]], [0, null, [10, 11], [12, 13], [14, 15]]]);
  assert.deepEqual([read.images, read.kinds], [60000, KINDS]);
});

test("a file that is too short, too long, cut within a number or of another kind is refused", () => {
  const settings = [{ kind: "Constant", p: plain, runs: [[0, null, 1]] }];
  for (const numbers of [[1, 2], [1, 2, 3, 4], []]) assert.throws(() => unpack(file(settings, numbers)), Error);
  const cut = Buffer.from([1, 0, 2, 0, 3, 0, 4]).toString("base64");
  assert.throws(() => unpack({ ...file(settings, []), curves: cut }), /it isn't whole/);
  assert.throws(() => unpack({ ...file(settings, []), curves: "§" }), Error);
  assert.throws(() => unpack({ hello: 1 }), Error);
});

test("the file is fetched from beside the site's scripts, once for all panels", async (t) => {
  t.after(() => delete globalThis.lrbookRuns);
  const answer = file([], []);
  const get = t.mock.method(globalThis, "fetch", async () => ({ ok: true, json: async () => answer }));
  const [one, other] = await Promise.all([fetchRuns(), fetchRuns()]);
  assert.equal(one, other);
  assert.deepEqual(one.settings, []);
  assert.deepEqual(get.mock.calls.map((call) => call.arguments[0].href), ["https://example.org/book/_static/atlas.json"]);
});

test("a file that isn't there says so", async (t) => {
  t.after(() => delete globalThis.lrbookRuns);
  t.mock.method(globalThis, "fetch", async () => ({ ok: false, status: 404 }));
  await assert.rejects(fetchRuns(), /the answer was 404/);
});

// The nearest setting ----------------------------------------------------------------------

const recorded = (kind, ...parameters) => unpack(file(parameters.map((p) => ({ kind, p: { ...plain, ...p }, runs: [] })), []));
const found = (data, kind, p) => data.settings.indexOf(nearest(data, kind, p));

test("a rate is near on its slider's logarithmic scale", () => {
  const data = recorded("Constant", { base_lr: 0.1 }, { base_lr: 1 });
  assert.equal(found(data, "Constant", { base_lr: 0.31 }), 0); // half-way is 0.316
  assert.equal(found(data, "Constant", { base_lr: 0.32 }), 1);
});

test("a step counts as the part of its slider that it is", () => {
  // A tenth of the rates' slider is nearer than two tenths of the warmup's.
  const data = recorded("Constant", { base_lr: 10 ** -0.3, duration: 5 }, { base_lr: 1, duration: 3 });
  assert.equal(found(data, "Constant", { base_lr: 1, duration: 5, start_lr: 0, mode: "linear" }), 0);
});

test("of two that are equally near the first is taken", () => {
  const data = recorded("Constant", { base_lr: 1, duration: 4 }, { base_lr: 1, duration: 6 });
  assert.equal(found(data, "Constant", { base_lr: 1, duration: 5, start_lr: 0, mode: "linear" }), 0);
});

test("a warmup of no epochs is none, wherever it starts and however it goes", () => {
  const none = { base_lr: 1, duration: 0, start_lr: 0.9, mode: "constant" };
  const data = recorded("Constant", { base_lr: 1, duration: 0.5, start_lr: 0.9, mode: "constant" }, none);
  for (const p of [none, { base_lr: 1 }, { base_lr: 1, duration: 0, start_lr: 0.4, mode: "linear" }]) {
    assert.equal(found(data, "Constant", p), 1);
    assert.deepEqual(nearest(data, "Constant", p).p, { base_lr: 1, ...plain });
  }
});

test("another mode of the warmup is as far as a slider is long", () => {
  const p = { base_lr: 1, duration: 5, start_lr: 0, mode: "linear" };
  const data = recorded("Constant", { ...p, mode: "constant" }, { ...p, base_lr: 10 ** -2.9 });
  assert.equal(found(data, "Constant", p), 1);
});

test("only the same kind with as many milestones comes into question", () => {
  const p = { base_lr: 1, milestones: [10, 20], factor: 0.5 };
  const data = recorded("MultiFactor", { ...p, milestones: [10] }, { ...p, milestones: [1, 29], base_lr: 0.01 });
  assert.equal(found(data, "MultiFactor", p), 1);
  assert.equal(nearest(data, "MultiFactor", { ...p, milestones: [1, 2, 3] }), undefined);
  assert.equal(nearest(recorded("MultiFactor", p), "MultiFactor", { ...p, milestones: [10] }), undefined);
  assert.equal(nearest(data, "Constant", { base_lr: 1 }), undefined);
});

// What the sliders can say ------------------------------------------------------------------

test("the sliders can say the settings of their kind, warmups if they have one", () => {
  const warm = { base_lr: 0.3, duration: 5, start_lr: 0, mode: "linear" };
  const data = recorded("Constant", { base_lr: 1 }, { base_lr: 0.1 }, warm);
  assert.equal(settingsOf(data, "Constant", { base_lr: 0.2 }).length, 2);
  assert.equal(settingsOf(data, "Constant", { ...warm, duration: 0 }).length, 3);
  const p = { base_lr: 1, milestones: [5, 25], factor: 0.5 };
  const steps = recorded("MultiFactor", p, { ...p, milestones: [15, 25] }, { ...p, milestones: [15] });
  const two = settingsOf(steps, "MultiFactor", p);
  assert.equal(two.length, 2);
  assert.deepEqual([valuesOf(two, "milestones", 0), valuesOf(two, "milestones", 1), valuesOf(two, "factor")], [[5, 15], [25], [0.5]]);
  assert.deepEqual(valuesOf(data.settings, "base_lr"), [0.1, 0.3, 1]);
});

test("what all recorded settings have in common is named, so far as there is a slider", () => {
  const p = { base_lr: 1, milestones: [5, 25], factor: 0.5 };
  const data = recorded("MultiFactor", p, { ...p, base_lr: 2, milestones: [15, 25] });
  assert.equal(fixedOf(data, data.settings, p), "milestone 2 25, factor α 0.5");
  const warm = { duration: 5, start_lr: 0, mode: "linear" };
  assert.equal(fixedOf(data, data.settings, { ...p, ...warm }), "warmup 0, warmup starts at 0, warmup mode linear, milestone 2 25, factor α 0.5");
});

test("a setting is the sliders' own but for rounding", () => {
  const data = recorded("Constant", { base_lr: 0.3 });
  assert.ok(isSame(data, data.settings[0], { base_lr: 0.30000000000000004 }));
  assert.ok(!isSame(data, data.settings[0], { base_lr: 0.31 }));
});

// In words ---------------------------------------------------------------------------------

const living = (seed, end) => ({ seed, died: null, loss: [1, end], train: [0.5, end], test: [0.4, end] });
const dead = (seed, epoch) => {
  const [loss, train, test] = [NaN, 0.1, 0.1].map((value) => Array(epoch).fill(value));
  return { seed, died: epoch, loss, train, test };
};
const words = (runs, asked = {}) => {
  const p = { base_lr: 0.3, ...plain };
  return describeRuns({ kinds: KINDS, images: 60000 }, { kind: "Constant", p, runs }, { ...p, ...asked });
};

test("the words give the mean of the living at the end", () => {
  assert.equal(
    words([living(0, 0.25), living(1, 0.75)]),
    "This very setting is recorded: 2 seeds, 60,000 images. Mean at the end: train loss 0.500, train accuracy 0.500, test accuracy 0.500.",
  );
  assert.match(words([living(4, 0.25)]), /recorded: 1 seed, .* At the end: train loss 0\.250/);
});

test("the words count the dead and say when they died", () => {
  assert.match(words([dead(0, 3), living(1, 0.25)]), /images\. 1 of 2 died, after epoch 3\. At the end: train loss 0\.250/);
  assert.match(words([dead(0, 10), dead(1, 9), dead(2, 9)]), /images\. All 3 died, after epoch 9 and 10\.$/);
  assert.match(words([dead(0, 1), dead(1, 2), dead(2, 5)]), /after epoch 1, 2 and 5\.$/);
  assert.match(words([dead(0, 2)]), /: 1 seed, .* It died, after epoch 2\.$/);
});

test("the words name what differs, and nothing else", () => {
  const which = (asked) => words([living(0, 1)], asked).split(":")[0];
  assert.equal(which({ base_lr: 0.3 * (1 + 1e-12) }), "This very setting is recorded");
  assert.equal(which({ base_lr: 0.31 }), "The recorded runs are of the dashed schedule, with base learning rate η₀ 0.3");
  assert.equal(
    which({ duration: 5, start_lr: 0.1, mode: "constant" }),
    "The recorded runs are of the dashed schedule, with warmup 0, warmup starts at 0 and warmup mode linear",
  );
  assert.equal(which({ duration: 0, start_lr: 0.1, mode: "constant" }), "This very setting is recorded");
});

test("the words number milestones where there are several", () => {
  const which = (ours, theirs) => {
    const p = { base_lr: 1, factor: 0.5, ...plain };
    const setting = { kind: "MultiFactor", p: { ...p, milestones: theirs }, runs: [] };
    return describeRuns({ kinds: KINDS, images: 1 }, setting, { ...p, milestones: ours });
  };
  assert.match(which([10, 20], [10, 25]), /with milestone 2 25:/);
  assert.match(which([10], [12.5]), /with milestone 12\.5:/);
});

test("a schedule without runs says so", () => {
  assert.equal(describeRuns({ kinds: KINDS, images: 1 }, undefined, {}), "No run of this schedule is recorded.");
});

// Kinds with parameters of their own names --------------------------------------------------

const TRIANGLES = {
  base_lr: slider("base learning rate η₀", true, 3),
  max_lr: slider("highest learning rate", true, 3),
  mode: { label: "height", words: ["plain", "halved", "exponential"] },
};

test("a schedule without a warmup keeps its own mode", () => {
  const p = { base_lr: 0.03, max_lr: 0.3, mode: "plain" }, runs = [];
  const data = { kinds: { Triangular: TRIANGLES }, settings: [p, { ...p, mode: "halved" }, { ...p, max_lr: 1 }].map((q) => ({ kind: "Triangular", p: q, runs })) };
  assert.equal(nearest(data, "Triangular", { ...p, mode: "halved" }), data.settings[1]);
  assert.equal(isSame(data, data.settings[1], { ...p, mode: "halved" }), true);
  assert.equal(isSame(data, data.settings[1], p), false);
  const said = describeRuns({ kinds: data.kinds, images: 1 }, { ...data.settings[1], runs: [{ seed: 0, died: 3, loss: [2.3], train: [0.1], test: [0.1] }] }, p);
  assert.match(said, /^The recorded runs are of the dashed schedule, with height halved: 1 seed/);
});
