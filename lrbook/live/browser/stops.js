// Where a slider stops: at round rates, or at the values that are recorded.

// Twenty round numbers a decade, the rounded series R"20 of ISO 3: each is within half a step of a
// logarithmic slider, so a slider has as many places with them as without.
const ROUND = [1, 1.1, 1.2, 1.4, 1.6, 1.8, 2, 2.2, 2.5, 2.8, 3, 3.5, 4, 4.5, 5, 5.5, 6, 7, 8, 9];
const SLACK = 1e-9; // an end is a logarithm, rounded

// The round rates between two powers of ten. `start` is among them, in the place of the nearest.
export function roundRates(low, high, start) {
  const rates = [];
  for (let n = Math.floor(low * ROUND.length); n <= Math.ceil(high * ROUND.length); n++) {
    const decade = Math.floor(n / ROUND.length);
    const rate = Number(`${ROUND[n - decade * ROUND.length]}e${decade}`);
    if (Math.log10(rate) >= low - SLACK && Math.log10(rate) <= high + SLACK) rates.push(rate);
  }
  const far = rates.map((rate) => Math.abs(Math.log(rate / start)));
  rates[far.indexOf(Math.min(...far))] = start;
  return rates;
}

const own = new WeakMap(); // from a slider to the range that it came with
const now = new WeakMap(); // and to its stops as text

// Let a slider stop at some values and nowhere else, or at each of its own steps if there are none.
// `isRate` is whether its places are the values' logarithms; `start` is where it was at first.
export function setStops(slider, { values, isRate, start }) {
  if (!own.has(slider)) own.set(slider, slider.options.range);
  const range = own.get(slider);
  const stops = values ?? (isRate ? roundRates(range.min, range.max, start) : []);
  const text = stops.join();
  if ((now.get(slider) ?? "") === text) return;
  now.set(slider, text);
  slider.updateOptions(stops.length ? { range: placed(stops.map(isRate ? Math.log10 : Number)), snap: true } : { range, snap: false });
}

// Places as the range of a noUiSlider: each at its percentage of the whole.
function placed(places) {
  const [first, last] = [places[0], places.at(-1)];
  const inner = places.slice(1, -1).map((place) => [`${(100 * (place - first)) / (last - first)}%`, place]);
  return { min: first, ...Object.fromEntries(inner), max: last };
}
