// The curve of a schedule: where it is drawn, its scale, its words.
import assert from "node:assert/strict";
import test from "node:test";

import { curve, describeCurve, drawCurves, peak, scale } from "../../lrbook/live/browser/curve.js";
import { axes, line, short, timeScale } from "../../lrbook/live/browser/plot.js";
import { labels, makeDocument, marks, points } from "./document.js";

globalThis.document = makeDocument();
const plain = { base_lr: 0.3, final_lr: 0.01, horizon: 20 };
const warm = { ...plain, horizon: 15, duration: 5, start_lr: 0, mode: "linear" };

test("a curve has every tenth of 30 epochs, in order", () => {
  const times = curve("Cosine", plain).map(([t]) => t);
  assert.deepEqual(times, Array.from({ length: 301 }, (_, i) => i / 10));
});

test("a curve has both sides of every jump that lies within it", () => {
  const p = { base_lr: 1, factor: 0.5, milestones: [3.05, 28], duration: 4, start_lr: 0.1, mode: "constant" };
  const found = curve("MultiFactor", p);
  const values = (from, to) => found.filter(([t]) => t > from && t < to).map(([, y]) => y);
  assert.deepEqual(values(3.95, 4.05), [0.1, 1, 1]); // 4 is a tenth, too
  assert.deepEqual(values(7.02, 7.08), [1, 0.5]);
  assert.equal(found.length, 301 + 4); // the last milestone, at epoch 32, is out of sight
  assert.deepEqual(found.map(([t]) => t), found.map(([t]) => t).sort((a, b) => a - b));
});

test("a jump at the very end isn't drawn", () => {
  const end = (kind, p) => curve(kind, p).at(-1);
  assert.deepEqual(end("MultiFactor", { base_lr: 1, factor: 0.5, milestones: [30] }), [30, 1]);
  const [t, y] = end("Restarts", { base_lr: 0.3, final_lr: 0.01, period: 10, multiplier: 1 });
  assert.equal(t, 30);
  assert.ok(Math.abs(y - 0.01) < 1e-9);
});

test("the peak is the highest rate", () => {
  assert.equal(peak(curve("Cosine", warm)), 0.3);
  assert.equal(peak(curve("Constant", { base_lr: 0.2, duration: 2, start_lr: 0.9 })), 0.9);
});

test("an axis ends at 1, 2 or 5 times a power of ten, a little above the peak", () => {
  const tops = { 0.3: [0.5, 5], 0.49: [0.5, 5], 0.495: [1, 5], 0.98: [1, 5], 0.99: [2, 4], 1.99: [5, 5], 5: [10, 5] };
  for (const highest in tops) {
    const [top, intervals] = scale(Number(highest));
    assert.equal(short(top), short(tops[highest][0]), `above ${highest}`);
    assert.equal(intervals, tops[highest][1], `above ${highest}`);
  }
  for (let exponent = -6; exponent < 3; exponent += 0.01) {
    const [top] = scale(10 ** exponent);
    assert.ok(top >= 1.02 * 10 ** exponent && top <= 2.6 * 10 ** exponent, `${top} above 10 ** ${exponent}`);
  }
  assert.deepEqual(scale(0), [1, 5]);
});

test("the words say where the rate begins, peaks, and rests", () => {
  const said = (kind, p) => describeCurve("It", curve(kind, p)).replace("It: learning rate ", "");
  assert.equal(said("Constant", { base_lr: 0.3 }), "0.3 throughout.");
  assert.equal(said("Cosine", plain), "0.3 at epoch 0, 0.01 from epoch 20 on.");
  assert.equal(said("Cosine", { ...plain, horizon: 30 }), "0.3 at epoch 0, 0.01 at epoch 30.");
  assert.equal(said("Cosine", warm), "0 at epoch 0, peak 0.3 at epoch 5, 0.01 from epoch 20 on.");
  assert.equal(said("SquareRoot", { base_lr: 0.5 }), "0.5 at epoch 0, 0.0898 at epoch 30.");
  assert.equal(
    said("MultiFactor", { base_lr: 0.5, factor: 0.1, milestones: [15, 25] }),
    "0.5 at epoch 0, 0.005 from epoch 25 on.",
  );
  assert.equal(
    said("Constant", { base_lr: 0.5, duration: 3, start_lr: 0.1, mode: "constant" }),
    "0.1 at epoch 0, peak 0.5 at epoch 3, 0.5 from epoch 3 on.",
  );
});

test("what rounding adds is no peak", () => {
  const points = [[0, 0.3], [10, 0.3 + 1e-16], [29.9, 0.2], [30, 0.1]];
  assert.ok(points[1][1] > points[0][1]);
  assert.equal(describeCurve("It", points), "It: learning rate 0.3 at epoch 0, 0.1 at epoch 30.");
});

test("numbers are said with three digits", () => {
  assert.deepEqual([0.30000000000000004, 0.0012345, 20, 1e-7, 0].map(short), ["0.3", "0.00123", "20", "1e-7", "0"]);
});

test("a path goes through its points, and no points give none", () => {
  assert.equal(line([[1, 2], [3.456, -0.004]]), "M1.00 2.00L3.46 -0.00");
  assert.equal(line([]), "");
});

test("the time axis has 30 epochs between its margins", () => {
  const x = timeScale(372);
  assert.deepEqual([0, 15, 30].map(x), [58, 208, 358]);
});

test("axes have a tick each five epochs, and a line for each row but the lowest", () => {
  const plot = { children: axes({ width: 372, upper: 0, lower: 100, title: "rate", grid: [[100, 0], [50, 1], [0, 2]] }) };
  assert.deepEqual(labels(plot), ["rate", "0", "1", "2", "0", "5", "10", "15", "20", "25", "30", "epoch"]);
  assert.deepEqual(marks(plot, "grid").map(({ d }) => d), ["M58 50H358", "M58 0H358"]);
  assert.equal(marks(plot, "tick").length, 1 + 7);
  const bare = { children: axes({ width: 372, upper: 0, lower: 9, title: "rate", grid: [], times: false }) };
  assert.deepEqual(labels(bare), ["rate"]);
});

test("the curve is drawn to the scale of its axes", () => {
  const plot = document.createElementNS("", "svg");
  drawCurves(plot, 372, [{ points: [[0, 0], [15, 0.25], [30, 0.5]] }], 0.4);
  const [{ d }] = marks(plot, "curve");
  const [[, bottom], [, middle], [, top]] = points(d);
  assert.deepEqual(points(d).map(([x]) => x), [58, 208, 358]);
  const rows = marks(plot, "grid").map(({ d }) => Number(d.match(/ (\S+)H/)[1]));
  assert.equal(rows.length, 5);
  assert.deepEqual([top, Math.min(...rows)], [12, 12]);
  assert.equal(middle, (top + bottom) / 2);
  assert.deepEqual(labels(plot).slice(1, 7), ["0", "0.1", "0.2", "0.3", "0.4", "0.5"]);
  assert.equal(plot.attributes.viewBox, `0 0 372 ${bottom + 44}`);
});

test("the schedule of the recorded runs is a ghost, named once, and so are two", () => {
  const plot = document.createElementNS("", "svg");
  const one = { colour: "red", points: [[0, 0.3], [30, 0.3]], ghost: [[0, 0.2], [30, 0.2]] };
  const named = () => labels(plot).filter((label) => label === "recorded runs").length;
  drawCurves(plot, 372, [one], 0.3);
  const [above, below] = [marks(plot, "curve")[0], marks(plot, "ghost")[0]].map(({ d }) => points(d)[0][1]);
  assert.ok(above < below);
  assert.equal(named(), 1);
  drawCurves(plot, 372, [one, { ...one, colour: "blue" }], 0.3);
  assert.deepEqual(marks(plot, "series").map(({ style }) => style), ["--lr-policy: red", "--lr-policy: blue"]);
  assert.equal(marks(plot, "curve").length, 2);
  assert.equal(named(), 1);
  drawCurves(plot, 372, [{ ...one, ghost: undefined }], 0.3);
  assert.deepEqual([named(), marks(plot, "ghost").length], [0, 0]);
});

test("the name of the ghost has its place under the axis on a phone, too", () => {
  const plot = document.createElementNS("", "svg");
  drawCurves(plot, 300, [{ points: [[0, 1]], ghost: [[0, 1]] }], 1);
  const [line] = marks(plot, "ghost").filter(({ d }) => d.includes("h24"));
  const start = Number(line.d.match(/^M(\S+)/)[1]);
  assert.ok(start > (58 + 286) / 2 - 30); // "epoch" stands in the middle
});
