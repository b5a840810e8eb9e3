// The table of all recorded settings.
import assert from "node:assert/strict";
import test from "node:test";

import { heatMap, outcome, tableOf } from "../../lrbook/live/browser/heat.js";
import { makeDocument, within } from "./document.js";

globalThis.document = makeDocument();
const NONE = { duration: 0, start_lr: 0, mode: "linear" };
const living = (end) => ({ seed: 0, died: null, test: [0.1, end] });
const dead = { seed: 1, died: 1, test: [0.1] };
const setting = (p, ...runs) => ({ kind: "Factor", p: { ...NONE, ...p }, runs });
const slider = (label, log, length) => ({ label, log, length });
const kinds = { Factor: { base_lr: slider("base learning rate η₀", true, 3), factor: slider("factor α", false, 0.5) } };
const settings = [
  setting({ base_lr: 1, factor: 0.9 }, dead, dead),
  setting({ base_lr: 0.1, factor: 0.9 }, living(0.8), living(0.9)),
  setting({ base_lr: 0.1, factor: 0.8 }, living(0.7), dead),
  setting({ base_lr: 1, factor: 0.8 }, living(0.6)),
];
const recorded = { kinds, settings };

test("a cell has the mean of those that live, and how many died", () => {
  assert.deepEqual(settings.map(outcome).map(({ accuracy, died, of }) => [accuracy && Number(accuracy.toFixed(9)), died, of]), [
    [undefined, 2, 2], [0.85, 0, 2], [0.7, 1, 2], [0.6, 0, 1],
  ]);
});

test("rates go across and what differs else goes down", () => {
  const { names, rates, rows } = tableOf(settings);
  assert.deepEqual([names, rates], [["factor"], [0.1, 1]]);
  assert.deepEqual(rows.map(({ values, cells }) => [values, cells.length]), [[[0.8], 2], [[0.9], 2]]);
  const strip = tableOf([setting({ base_lr: 2 }), setting({ base_lr: 1 })]);
  assert.deepEqual([strip.names, strip.rates, strip.rows.length], [[], [1, 2], 1]);
});

function opened(shown = settings[1]) {
  const chosen = [], box = heatMap((p) => chosen.push(p));
  const draw = (which) => box.draw(recorded, "Factor", { base_lr: 0.1, factor: 0.9 }, "Factor", which);
  draw(shown);
  const buttons = () => within(box).filter(({ name }) => name === "button");
  return { box, draw, chosen, buttons };
}

test("nothing is made until the reader opens it", () => {
  const { box, buttons } = opened();
  assert.equal(buttons().length, 0);
  box.open = true;
  box.heard.toggle();
  assert.equal(buttons().length, 4);
});

test("cells say what they are, the best is the strongest, and deaths are marked", () => {
  const { box, buttons } = opened();
  box.open = true;
  box.heard.toggle();
  const cells = Object.fromEntries(buttons().map((button) => [button.attributes["aria-label"], button]));
  assert.deepEqual(Object.keys(cells), [
    "base rate 0.1, factor α 0.8: test accuracy 0.700; 1 of 2 died",
    "base rate 1, factor α 0.8: test accuracy 0.600",
    "base rate 0.1, factor α 0.9: test accuracy 0.850",
    "base rate 1, factor α 0.9; 2 of 2 died",
  ]);
  const [some, worst, best, all] = Object.values(cells);
  assert.deepEqual([best.style["--part"], worst.style["--part"], all.style["--part"]], ["1", "0", undefined]);
  assert.ok(0 < Number(some.style["--part"]) && Number(some.style["--part"]) < 1);
  assert.deepEqual([best, all, some, worst].map(({ className }) => className), [undefined, "died", "died", undefined]);
  assert.deepEqual(within(all).map(({ textContent }) => textContent), ["†2/2"]);
});

test("a press chooses a setting, and the one that is shown is marked", () => {
  const { box, draw, chosen, buttons } = opened();
  box.open = true;
  box.heard.toggle();
  const marked = () => buttons().map(({ attributes }) => attributes["aria-current"]);
  assert.deepEqual(marked(), [undefined, undefined, "true", undefined]);
  assert.deepEqual(buttons().map(({ tabIndex }) => tabIndex), [-1, -1, 0, -1]);
  buttons()[1].onclick();
  assert.deepEqual(chosen, [settings[3].p]);
  draw(settings[3]);
  assert.deepEqual(marked(), [undefined, "true", undefined, undefined]);
});

test("of cycles the highest rate goes across", () => {
  const cycle = (max_lr, mode) => ({ kind: "Triangular", p: { base_lr: 0.03, max_lr, mode }, runs: [living(0.8)] });
  const { across, rates, names, rows } = tableOf([cycle(1, "plain"), cycle(0.3, "plain"), cycle(0.3, "halved")]);
  assert.deepEqual([across, rates, names], ["max_lr", [0.3, 1], ["mode"]]);
  assert.deepEqual(rows.map(({ values }) => values), [["plain"], ["halved"]]);
});
