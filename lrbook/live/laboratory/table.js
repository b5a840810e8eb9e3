// A drawn schedule: lrbook/schedules/tables.py once more; a test holds the two together.
import { rate as policyRate } from "../browser/today.js";

// The learning rate at time t in epochs of a table: { times, rates, interpolation }, the first time 0.
export function tableRate({ times, rates, interpolation }, t) {
  const after = times.findIndex((time) => time > t);
  if (after < 0) return rates.at(-1);
  const at = after - 1;
  if (interpolation === "steps") return rates[at];
  return rates[at] + (rates[after] - rates[at]) * ((t - times[at]) / (times[after] - times[at]));
}

// The rate of any kind of schedule that a page can train with.
export const rate = (kind, p, t) => (kind === "Table" ? tableRate(p, t) : policyRate(kind, p, t));
