// The introduction's two bowls, gradient descent on them, and what is known of it by formula.
// Symbols, noise and time are the notebook's: notebooks/introduction.ipynb.
import { rate } from "../schedules.js";
import { Random } from "../../engine/random.js";

const PER_EPOCH = 100; // updates
const RUNS = 200; // that a mean is taken of, as in the notebook; fewer where a run is long
const DRAWS = 500000; // updates of all runs together: a slider's step stays within a frame

const power = (p) => (t, lr) => lr * (1 + t) ** -p;

// The rate at a time in epochs, from a base rate, by the schedule's name.
export const SCHEDULES = {
  constant: (t, base_lr) => rate("Constant", { base_lr }, t),
  "square root": (t, base_lr) => rate("SquareRoot", { base_lr }, t),
  "p = 1": power(1),
  "p = 2": power(2),
  factor: (t, base_lr) => rate("Factor", { base_lr, factor: 0.5, final_lr: 0 }, t),
  warmup: (t, base_lr) => rate("Constant", { base_lr, duration: 0.5 }, t),
};

// What all rates sum to, however many updates there are.
export function sumOfRates(schedule, lr) {
  if (schedule === "factor") return lr / (1 - 0.5 ** (1 / PER_EPOCH));
  // The sum of 1/n² from n = 100 on, by Euler and Maclaurin, to eight digits.
  if (schedule === "p = 2") return lr * (PER_EPOCH + 1 / 2 + 1 / (6 * PER_EPOCH));
  return Infinity;
}

// Curvatures at the minimum along w₁ and w₂, and how much the bowl steepens along w₂.
export const bowlOf = ({ shape, kappa }) =>
  shape === "steep" ? { curvatures: [0.1, 1], quartic: 1 } : { curvatures: [10 / kappa, 10], quartic: 0 };

export const loss = ({ curvatures: [a, b], quartic }, w1, w2) => (a * w1 * w1 + (b + (quartic * w2 * w2) / 2) * w2 * w2) / 2;

// Where the bowl steepens, an update without noise lands closer to w₂ = 0 only from within ± this.
export const rim = (lr) => Math.sqrt(Math.max(0, 2 / lr - 1));

// What an update without noise multiplies each weight by, at the minimum.
export const shrink = ({ curvatures }, lr) => curvatures.map((curvature) => 1 - lr * curvature);

// The expected loss at which a constant rate stays; infinite if it diverges.
export const floor = ({ curvatures }, lr, noise) =>
  lr * curvatures[1] < 2 ? curvatures.reduce((sum, curvature) => sum + (lr * noise ** 2) / (2 - lr * curvature) / 2, 0) : Infinity;

// The expected loss before the first update and after each one, along w₁ and along w₂: exact for
// any schedule, on the bowl that doesn't steepen.
export function expected({ curvatures }, rates, noise, start) {
  return curvatures.map((curvature, i) => {
    const parts = new Float64Array(rates.length + 1);
    let square = start[i] ** 2;
    parts[0] = (curvature * square) / 2;
    rates.forEach((lr, t) => {
      square = (1 - lr * curvature) ** 2 * square + (lr * noise) ** 2;
      parts[t + 1] = (curvature * square) / 2;
    });
    return parts;
  });
}

// Standard normal numbers from a seed (Box and Muller): a run takes two an update.
export function normals(seed, count) {
  const random = new Random(seed), drawn = new Float32Array(count);
  for (let i = 0; i < count; i += 2) {
    const radius = Math.sqrt(-2 * Math.log(1 - random.uniform())), angle = 2 * Math.PI * random.uniform();
    drawn[i] = radius * Math.cos(angle);
    drawn[i + 1] = radius * Math.sin(angle);
  }
  return drawn;
}

// Descend as a setting says: the rates, one run's weights [w₁, w₂, w₁, …] and losses, and the mean
// loss of several runs. `draw` gives as many normal numbers as it is asked for, always the same. A
// loss that is no number is infinite.
export function descend(setting, draw) {
  const { schedule, lr, noise, start, num_updates: updates } = setting;
  const bowl = bowlOf(setting), { curvatures: [a, b], quartic } = bowl;
  const rates = Float64Array.from({ length: updates }, (_, t) => SCHEDULES[schedule](t / PER_EPOCH, lr));
  const runs = noise ? Math.min(RUNS, Math.floor(DRAWS / updates)) : 1;
  const drawn = noise ? draw(2 * runs * updates) : [];
  const path = new Float64Array(2 * updates + 2), losses = new Float64Array(updates + 1), mean = new Float64Array(updates + 1);
  for (let run = 0, next = 0; run < runs; run++) {
    let [w1, w2] = start;
    for (let t = 0; t <= updates; t++) {
      const square = w2 * w2, value = (a * w1 * w1 + (b + (quartic * square) / 2) * square) / 2;
      mean[t] += value / runs;
      if (run === 0) {
        losses[t] = value;
        path[2 * t] = w1;
        path[2 * t + 1] = w2;
      }
      if (t === updates) break;
      w1 -= rates[t] * (a * w1 + (noise && noise * drawn[next++]));
      w2 -= rates[t] * ((b + quartic * square) * w2 + (noise && noise * drawn[next++]));
    }
  }
  for (const values of [losses, mean]) values.forEach((value, t) => (values[t] = Number.isNaN(value) ? Infinity : value));
  return { bowl, rates, runs, path, losses, mean };
}
