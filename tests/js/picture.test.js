// The picture of the runs: their curves, their deaths, the reader's own, and two schedules' at once.
import assert from "node:assert/strict";
import test from "node:test";

import { drawRuns } from "../../lrbook/live/browser/picture.js";
import { timeScale } from "../../lrbook/live/browser/plot.js";
import { labels, makeDocument, marks, points, within } from "./document.js";

globalThis.document = makeDocument();
const living = (seed, end) => ({ seed, died: null, loss: [1, end], train: [0.5, end], test: [0.4, end] });
const dead = (seed, epoch) => {
  const [loss, train, test] = [NaN, 0.1, 0.1].map((value) => Array(epoch).fill(value));
  return { seed, died: epoch, loss, train, test };
};
const x = timeScale(600);
function drawn(runs, mine, kept = []) {
  const plot = document.createElementNS("", "svg");
  drawRuns(plot, 600, [{ runs, mine, kept }]);
  return plot;
}
const paths = (plot, ...classes) => marks(plot, ...classes).map(({ d }) => points(d));
const run = (loss, train, test) => ({ seed: 0, died: null, loss, train, test });

test("each run is a thin line an epoch, and the mean of the living a thick one", () => {
  const plot = drawn([dead(0, 1), run([2, 1], [0.5, 0.6], [0.5, 0.6]), run([1, 0.5], [0.7, 0.8], [0.5, 0.6])]);
  const thin = paths(plot, "run", "loss", "thin");
  assert.equal(thin.length, 3);
  const epochs = [x(1), x(2)].map((v) => Number(v.toFixed(2)));
  for (const points of thin.slice(1)) assert.deepEqual(points.map(([at]) => at), epochs);
  assert.equal(thin[1][1][1], thin[2][0][1]); // both are 1 there
  const [mean] = paths(plot, "mean", "loss");
  const [[, one]] = paths(drawn([run([1.5, 0.75], [0], [0])]), "run", "loss");
  assert.deepEqual(mean[1], one);
});

test("a value lies on the grid line with its number", () => {
  const plot = drawn([run([0.1], [0.9], [0.5])]);
  const row = (number) =>
    within(plot).filter(({ children }) => children[0] === number).map(({ attributes }) => attributes.y - 4);
  const at = (name) => paths(plot, "run", name, "thin")[0][0][1];
  const near = (value, rows) => assert.ok(rows.some((row) => Math.abs(row - value) < 0.006), `${value}, not ${rows}`);
  near(at("loss"), row(0.1));
  near(at("train"), row(0.9));
  near(at("test"), row(0.5).slice(1)); // after the loss of 0.5
});

test("values beyond an axis lie on its edge, and what is no number is left out", () => {
  const plot = drawn([run([100, NaN, 3, 1e-9], [1, 1, 1, 1], [0, 0, 0, 0])]);
  const [loss] = paths(plot, "run", "loss", "thin");
  assert.deepEqual(loss.map(([at]) => at), [1, 3, 4].map((t) => Number(x(t).toFixed(2))));
  assert.equal(loss[0][1], 8);
  assert.equal(loss[1][1], 8);
  assert.equal(loss[2][1], 8 + 156);
});

test("a dead run ends in a cross and goes on as dead, without a mean", () => {
  const plot = drawn([dead(0, 4)]);
  assert.equal(marks(plot, "cross").length, 2); // of loss and of test
  assert.deepEqual(labels(plot).filter((label) => label === "dead").length, 2);
  for (const name of ["loss", "train", "test"]) {
    const [{ d }] = marks(plot, "dead", name);
    assert.match(d, new RegExp(`^M${x(4)} \\S+H${x(30)}$`));
    assert.equal(marks(plot, "mean", name).at(-1).d, "");
  }
});

test("the reader's own run is drawn beside the recorded ones", () => {
  const own = run([1], [0.5], [0.5]);
  assert.equal(marks(drawn([own], own), "run", "loss", "mine").length, 1);
  assert.equal(marks(drawn([own]), "run", "mine").length, 0);
  assert.equal(marks(drawn([], own), "run", "thin").length, 0);
});

test("the reader's runs have their seeds beside their ends, and none hides another", () => {
  const long = (seed, test) => ({ seed, died: null, loss: Array(30).fill(1), train: Array(30).fill(0.5), test: Array(30).fill(test) });
  const plot = drawn([], living(9, 0.5), [long(1, 0.8), long(2, 0.8), { ...long(3, 0.1), died: 30 }]);
  const seeds = within(plot).filter(({ attributes }) => attributes.class === "seed")
    .map(({ attributes, children }) => [children[0], Number(attributes.x), Number(attributes.y)]);
  assert.deepEqual(seeds.map(([label, at]) => [label, at]), [["seed 1", x(30)], ["seed 2", x(30)], ["seed 9", x(2) + 6]]);
  assert.equal(seeds[1][2] - seeds[0][2], 13);
  assert.equal(marks(plot, "run", "kept").length, 9);
});

test("deaths that are near each other share a label, which counts them", () => {
  const said = (plot) => within(plot).filter(({ attributes }) => attributes.class === "died").map(({ attributes, children }) => [children[0], Number(attributes.x)]);
  const apart = said(drawn([dead(0, 3), dead(1, 20)]));
  assert.deepEqual(apart.map(([words]) => words), ["dead", "dead", "dead", "dead"]); // of loss and of test
  const near = said(drawn([dead(0, 3), dead(1, 3), living(2, 0.5)], dead(3, 5)));
  assert.deepEqual(near, [["3 dead", x(5) + 9], ["3 dead", x(5) + 9]]);
  const late = said(drawn([dead(0, 29)]));
  assert.deepEqual(late, [["dead", x(30)], ["dead", x(30)]]);
});

test("no label of the dead lies on another or on a cross, wherever they died", () => {
  for (let first = 1; first <= 30; first++) {
    for (let second = first; second <= 30; second++) {
      const plot = drawn([dead(0, first), dead(1, second)]);
      const boxes = within(plot).filter(({ attributes }) => attributes.class === "died").map(({ attributes, children }) => {
        const at = Number(attributes.x), length = 7 * children[0].length; // a little more than these letters take
        const [left, bottom] = [attributes["text-anchor"] === "start" ? at : at - length, Number(attributes.y)];
        return { left, right: left + length, top: bottom - 10, bottom };
      });
      const crosses = marks(plot, "cross").map(({ d }) => d.match(/^M(\S+) (\S+)l/).slice(1).map(Number))
        .map(([left, top]) => ({ left, right: left + 10, top, bottom: top + 10 }));
      const meet = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
      boxes.forEach((box, i) => {
        const others = [...boxes.slice(i + 1), ...crosses];
        assert.ok(!others.some((other) => meet(box, other)), `died at ${first} and ${second}`);
      });
    }
  }
});

test("two schedules are drawn in their colours, the second in another hue when they are the same", () => {
  const plot = document.createElementNS("", "svg");
  const one = { colour: "red", runs: [living(0, 0.5)], kept: [] };
  drawRuns(plot, 600, [one, { ...one, second: true }]);
  assert.deepEqual(marks(plot, "series").map(({ class: name, style }) => [name, style]), [["series", "--lr-policy: red"], ["series second", "--lr-policy: red"]]);
  assert.equal(marks(plot, "run", "test", "thin").length, 2);
});

test("the axis of accuracies says that it is logarithmic in the errors", () => {
  assert.ok(labels(drawn([])).includes("log scale of errors"));
});
