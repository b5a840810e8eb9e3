// A schedule as a reader draws it: { points, interpolation }, each point [time in epochs, rate], the
// first at time 0. Nothing here changes what it is given.
import { EPOCHS } from "../browser/plot.js";
import { rate } from "../browser/today.js";

export const LOWEST = 0.001;
export const HIGHEST = 2;
export const GAP = 0.5; // epochs between two points at least; also the grid of their times
export const MOST = 40; // points: more can't be told apart on a phone

// The rates of arrow keys and of the slider: 0, then ten a decade, in round numbers.
const ROUND = [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8];
export const RATES = [
  0,
  ...[-3, -2, -1, 0].flatMap((power) => ROUND.map((x) => Number((x * 10 ** power).toPrecision(2)))).filter((r) => r <= HIGHEST),
];

export const nearestStep = (lr) => {
  const far = (r) => Math.abs(Math.log(Math.max(lr, LOWEST / 2)) - Math.log(Math.max(r, LOWEST / 2)));
  return RATES.reduce((best, r, i) => (far(r) < far(RATES[best]) ? i : best), 0);
};

// The next of these rates above (+1) or below (-1) one that may lie between two of them.
export function step(lr, by) {
  const found = by > 0 ? RATES.find((r) => r > lr * (1 + 1e-9)) : RATES.findLast((r) => r < lr * (1 - 1e-9));
  return found ?? (by > 0 ? HIGHEST : 0);
}

const clamp = (x, low, high) => Math.min(Math.max(x, low), high);
const snapTime = (t) => Math.round(t / GAP) * GAP;
export function snapRate(lr) {
  if (lr < LOWEST) return lr < LOWEST / 2 ? 0 : LOWEST;
  return Math.min(Number(lr.toPrecision(2)), HIGHEST);
}

// Put the i-th point elsewhere, but not past its neighbours, nor before `now`; the first stays at 0.
export function move(drawn, i, [t, lr], now = 0) {
  const { points } = drawn;
  const low = Math.max(points[i - 1]?.[0] + GAP, now), high = (points[i + 1]?.[0] ?? EPOCHS + GAP) - GAP;
  const time = i === 0 ? 0 : low > high ? points[i][0] : clamp(snapTime(t), low, high);
  return { ...drawn, points: points.with(i, [time, clamp(lr, 0, HIGHEST)]) };
}

// Put in a point: what is drawn then, and the point's place; or undefined where there is no room.
export function add(drawn, [t, lr], now = 0) {
  const time = clamp(snapTime(t), now, EPOCHS), { points } = drawn;
  if (points.length >= MOST || points.some(([other]) => Math.abs(other - time) < GAP)) return undefined;
  const place = points.findLastIndex(([other]) => other < time) + 1;
  return { drawn: { ...drawn, points: points.toSpliced(place, 0, [time, clamp(lr, 0, HIGHEST)]) }, place };
}

// Where a button puts a point: in the middle of the widest gap that is still ahead.
export function roomiest({ points }, now = 0) {
  const times = [...points.map(([t]) => t), EPOCHS];
  let best, widest = 0;
  for (let i = 1; i < times.length; i++) {
    const from = Math.max(times[i - 1], now);
    if (times[i] - from > widest) [best, widest] = [(from + times[i]) / 2, times[i] - from];
  }
  return best;
}

export const remove = (drawn, i) => (i === 0 ? drawn : { ...drawn, points: drawn.points.toSpliced(i, 1) });

export const tableOf = ({ points, interpolation }) =>
  ({ times: points.map(([t]) => t), rates: points.map(([, lr]) => lr), interpolation });
export const drawnOf = ({ times, rates, interpolation }) =>
  ({ points: times.map((t, i) => [t, rates[i]]), interpolation });

const three = (x) => Number(x.toPrecision(3));

// The line from one of the samples to another is off by a part of the rate between them that shows;
// of rates below FINE it is that part of FINE.
const FINE = 0.02;
function worst(samples, from, to) {
  const [[t0, a], [t1, b]] = [samples[from], samples[to]];
  let most = 0, place;
  for (let i = from + 1; i < to; i++) {
    const [t, lr] = samples[i];
    const off = Math.abs(a + ((b - a) * (t - t0)) / (t1 - t0) - lr) / Math.max(lr, FINE);
    if (off > most) [most, place] = [off, i];
  }
  return { most, place };
}

// Some of the samples, [time, rate] each, so that lines between them are off by at most `part`
// (Douglas and Peucker's way, then without those that aren't missed); what stays the same to the end
// needs no point there.
export function simplify(samples, part = 0.05) {
  const within = (from, to) => {
    const { most, place } = worst(samples, from, to);
    return most > part ? [...within(from, place), ...within(place, to)] : [to];
  };
  const places = [0, ...within(0, samples.length - 1)];
  for (let i = 1; i < places.length - 1; ) {
    if (worst(samples, places[i - 1], places[i + 1]).most <= part) places.splice(i, 1);
    else i++;
  }
  const kept = places.map((i) => [samples[i][0], three(samples[i][1])]);
  while (kept.length > 1 && kept.at(-1)[1] === kept.at(-2)[1]) kept.pop();
  return kept;
}

// The book's policies, as its first page offers them, and then today's.
export const POLICIES = [
  { label: "Constant", kind: "Constant", p: { base_lr: 0.3 } },
  { label: "Square root", kind: "SquareRoot", p: { base_lr: 0.3 } },
  { label: "Factor", kind: "Factor", p: { base_lr: 0.3, factor: 0.9, final_lr: 0.01 } },
  { label: "Multi-factor", kind: "MultiFactor", p: { base_lr: 0.3, milestones: [15, 25], factor: 0.1 } },
  { label: "Polynomial", kind: "Polynomial", p: { base_lr: 0.3, final_lr: 0.01, horizon: 20, power: 2 } },
  { label: "Cosine", kind: "Cosine", p: { base_lr: 0.3, final_lr: 0.01, horizon: 20 } },
  { label: "Warmup, then cosine", kind: "Cosine", p: { base_lr: 0.3, final_lr: 0.01, horizon: 15, duration: 5, start_lr: 0, mode: "linear" } },
  { label: "A line to the end", kind: "Polynomial", p: { base_lr: 0.3, final_lr: 0.01, horizon: 30, power: 1 } },
  { label: "Warmup, stable, decay", kind: "WarmupStableDecay", p: { base_lr: 0.3, final_lr: 0.01, warmup: 3, stable: 17, cooldown: 10, shape: "linear" } },
  { label: "One cycle", kind: "OneCycle", p: { start_lr: 0.012, max_lr: 0.3, final_lr: 0.001, rise: 9, fall: 21, shape: "cosine" } },
  { label: "Restarts", kind: "Restarts", p: { base_lr: 0.3, final_lr: 0.01, period: 10, multiplier: 2 } },
  { label: "Triangles", kind: "Triangular", p: { base_lr: 0.03, max_lr: 0.3, half_cycle: 5, mode: "plain", factor: 1 } },
  { label: "Inverse square root", kind: "InverseSquareRoot", p: { base_lr: 0.3, warmup: 3 } },
  { label: "Range test", kind: "Ramp", p: { base_lr: 0.001, final_lr: 2, horizon: 30 } },
];

// A policy as points: its steps exactly, its curve by straight pieces between whole epochs. A restart
// takes the epoch before it, and one at the end doesn't come any more.
export function drawPolicy({ kind, p }) {
  if (kind === "MultiFactor") return { points: [0, ...p.milestones].map((t) => [t, three(rate(kind, p, t))]), interpolation: "steps" };
  const samples = Array.from({ length: 1 + EPOCHS }, (_, t) => [t, rate(kind, p, t < EPOCHS ? t : t * (1 - 1e-9))]);
  return { points: simplify(samples), interpolation: "linear" };
}
