// Two panels, and what the plots of each show.
import assert from "node:assert/strict";
import test from "node:test";

import { pairOf } from "../../lrbook/live/browser/pair.js";

function pair(...colours) {
  const names = new Set(["lr-one"]);
  const element = { classList: { contains: (name) => names.has(name) } };
  const panels = colours.map(() => ({ closest: () => element }));
  Object.assign(element, { children: panels, firstElementChild: panels[0] });
  const painted = [];
  const parts = colours.map((colour, i) => ({ series: () => ({ colour, i }), paint: () => painted.push(i) }));
  return { names, panels, parts, painted, it: pairOf(panels[0]) };
}

test("a panel alone has no pair, and two have the same", () => {
  assert.equal(pairOf({ closest: () => null }), undefined);
  const { panels, it } = pair("red", "blue");
  assert.equal(pairOf(panels[1]), it);
  assert.deepEqual(panels.map(it.isFirst), [true, false]);
});

test("in one plot the first shows both, whichever comes first", () => {
  const { panels, parts, painted, it } = pair("red", "blue");
  it.enter(panels[1], parts[1]);
  assert.deepEqual(it.series(parts[1]), []);
  it.enter(panels[0], parts[0]);
  assert.deepEqual(painted, [1, 0, 1]);
  assert.deepEqual(it.series(parts[0]), [{ colour: "red", i: 0, second: false }, { colour: "blue", i: 1, second: false }]);
  assert.deepEqual(it.series(parts[1]), []);
});

test("the second of one colour is told apart, in one plot", () => {
  const { names, panels, parts, it } = pair("red", "red");
  panels.forEach((panel, i) => it.enter(panel, parts[i]));
  assert.deepEqual(it.series(parts[0]).map(({ second }) => second), [false, true]);
  names.delete("lr-one");
  assert.deepEqual(parts.map(it.isSecond), [false, false]);
  assert.deepEqual(parts.map(it.series), parts.map(({ series }) => [series()]));
});

test("one that leaves is drawn no more", () => {
  const { panels, parts, it } = pair("red", "blue");
  panels.forEach((panel, i) => it.enter(panel, parts[i]));
  it.leave(parts[1]);
  assert.deepEqual(it.series(parts[0]).length, 1);
});
