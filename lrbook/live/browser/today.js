// Today's schedules: lrbook/schedules/stages.py and rising.py once more; a test holds the two together.
// They stand beside the policies' formulas, not among them: recorded runs of the page carry their
// hash, and a run of the page has its every rate in its record.
import { rate as policyRate } from "./schedules.js";
import { EPOCHS } from "./plot.js";

const clip = (x) => Math.min(Math.max(x, 0), 1);
const between = (start, end, left) => end + (start - end) * left;
const SHAPES = {
  linear: (x) => 1 - x,
  sqrt: (x) => 1 - Math.sqrt(x),
  cosine: (x) => (1 + Math.cos(Math.PI * x)) / 2,
};

// How long the cycle of time t has lasted, and its length.
function cycle(t, period, m) {
  if (m === 1) return [t % period, period];
  const start = (i) => (m ** i - 1) / (m - 1);
  let i = Math.floor(Math.log1p((t / period) * (m - 1)) / Math.log(m));
  // The rounding of a logarithm can miss a cycle's edge by one.
  if (t / period < start(i)) i--;
  if (t / period >= start(i + 1)) i++;
  return [t - start(i) * period, m ** i * period];
}

const today = {
  WarmupStableDecay(t, { base_lr, final_lr, warmup, stable, cooldown, shape }) {
    if (t < warmup) return base_lr * (t / warmup);
    return between(base_lr, final_lr, SHAPES[shape](clip((t - (warmup + stable)) / cooldown)));
  },
  InverseSquareRoot: (t, { base_lr, warmup }) =>
    base_lr * Math.min(t / warmup, Math.sqrt(warmup / Math.max(t, warmup))),
  Ramp: (t, { base_lr, final_lr, horizon }) => base_lr * (final_lr / base_lr) ** clip(t / horizon),
  Triangular(t, { base_lr, max_lr, half_cycle, mode, factor }) {
    const halves = t / half_cycle;
    const height = (1 - Math.abs((halves % 2) - 1)) * (mode === "halved" ? 0.5 ** Math.floor(halves / 2) : 1);
    return between(max_lr, base_lr, height * factor ** t);
  },
  Restarts(t, { base_lr, final_lr, period, multiplier }) {
    const [elapsed, length] = cycle(t, period, multiplier);
    return between(base_lr, final_lr, SHAPES.cosine(clip(elapsed / length)));
  },
  OneCycle(t, { start_lr, max_lr, final_lr, rise, fall, shape }) {
    if (t < rise) return between(start_lr, max_lr, SHAPES[shape](t / rise));
    return between(max_lr, final_lr, SHAPES[shape](clip((t - rise) / fall)));
  },
};

// The rate of any kind of schedule that a panel has, after a warmup if it has one.
export function rate(kind, p, t) {
  if (!(kind in today)) return policyRate(kind, p, t);
  const { duration = 0 } = p;
  if (t >= duration) return today[kind](t - duration, p);
  // The warmup ends where the schedule begins, as before a constant rate of that height.
  return policyRate("Constant", { ...p, base_lr: today[kind](0, p) }, t);
}

// The times at which a rate jumps, before the end.
export function jumps({ duration = 0, milestones = [], period, multiplier }) {
  const found = [duration, ...milestones.map((s) => s + duration)];
  for (let start = period, length = period; start < EPOCHS; start += length) {
    found.push(start + duration);
    length *= multiplier;
  }
  return found.filter((t) => t && t < EPOCHS);
}
