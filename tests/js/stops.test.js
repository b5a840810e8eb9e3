// Where sliders stop.
import assert from "node:assert/strict";
import test from "node:test";

import { roundRates, setStops } from "../../lrbook/live/browser/stops.js";

const STEP = 0.05; // decades, as lrbook/schedules/parameters.py says

test("a slider has as many round rates as steps, wherever its grid begins", () => {
  for (const start of [0.3, 0.5, 0.4, 0.01, 0.7]) {
    const low = Math.log10(start) - STEP * Math.floor((Math.log10(start) + 3) / STEP + 1e-9);
    const high = low + STEP * Math.floor((Math.log10(3) - low) / STEP + 1e-9);
    const rates = roundRates(low, high, start);
    assert.ok(Math.abs(rates.length - (high - low) / STEP) <= 1.01, `${rates.length} from ${start}`);
    assert.ok(rates.includes(start));
    for (let i = 1; i < rates.length; i++) {
      const step = Math.log10(rates[i] / rates[i - 1]);
      assert.ok(step > 0.02 && step < 0.08, `${rates[i - 1]}, ${rates[i]}`);
    }
    for (const rate of rates) assert.ok(rate === start || String(rate).replace(/[.e-]|^0\.0*/g, "").length <= 2, String(rate));
  }
});

test("every rate of the atlas is a stop", () => {
  const rates = roundRates(-3, Math.log10(3), 0.3);
  for (const rate of [0.003, 0.01, 0.02, 0.03, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 1, 2]) assert.ok(rates.includes(rate), String(rate));
  assert.deepEqual([rates[0], rates.at(-1)], [0.001, 3]);
});

test("a start that is not round takes the place of the nearest that is", () => {
  const plain = roundRates(-2, 0, 0.3), odd = roundRates(-2, 0, 0.123);
  assert.equal(odd.length, plain.length);
  assert.deepEqual(odd.filter((rate) => !plain.includes(rate)), [0.123]);
  assert.ok(!odd.includes(0.12));
});

function slider(range) {
  const asked = [];
  return { options: { range }, asked, updateOptions: (options) => asked.push(options) };
}

test("recorded values are the only stops, each at its place", () => {
  const it = slider({ min: 1, max: 30 });
  setStops(it, { values: [15, 20, 30] });
  const [{ range, snap }] = it.asked;
  assert.equal(snap, true);
  assert.deepEqual([range.min, range.max], [15, 30]);
  const [[percent, place], ...rest] = Object.entries(range).filter(([key]) => key.endsWith("%"));
  assert.deepEqual([rest, place], [[], 20]);
  assert.ok(Math.abs(parseFloat(percent) - 100 / 3) < 1e-9);
  setStops(it, { values: [15, 20, 30] });
  assert.equal(it.asked.length, 1); // nothing has changed
  setStops(it, {});
  assert.deepEqual(it.asked[1], { range: { min: 1, max: 30 }, snap: false });
});

test("a slider without stops of its own is left alone", () => {
  const it = slider({ min: 0.5, max: 1 });
  setStops(it, { start: 0.9 });
  assert.deepEqual(it.asked, []);
});

test("rates are placed by their logarithms", () => {
  const it = slider({ min: -3, max: 0 });
  setStops(it, { isRate: true, start: 0.3 });
  const places = Object.values(it.asked[0].range);
  assert.ok(places.includes(Math.log10(0.3)));
  setStops(it, { isRate: true, values: [0.01, 0.1, 1] });
  assert.deepEqual(it.asked[1].range, { min: -2, "50%": -1, max: 0 });
});
