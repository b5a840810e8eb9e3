// What a descent did, in words.
import { short } from "../plot.js";
import { floor, rim, shrink, sumOfRates } from "./descend.js";

export const minus = (x) => short(x).replace("-", "−");
const raised = (n) => String(n).replace(/./g, (c) => "⁰¹²³⁴⁵⁶⁷⁸⁹⁻"["0123456789-".indexOf(c)]);
export const powerOfTen = (n) => (Math.abs(n) < 3 ? short(10 ** n) : `10${raised(n)}`);
const count = (n) => n.toLocaleString("en");
const updates = (n) => `${count(n)} ${n === 1 ? "update" : "updates"}`;
const power = (x) => Math.floor(Math.log10(x));
const said = (x) => (x > 1e12 ? "beyond any use" : x && x < 1e-4 ? `${short(x / 10 ** power(x))} × 10${raised(power(x))}` : short(x));

// Where one update has brought the run.
export function describeUpdate({ path, losses, rates }, t) {
  const at = `w = (${minus(path[2 * t])}, ${minus(path[2 * t + 1])}), loss ${said(losses[t])}`;
  if (t === 0) return `The start: ${at}. ${updates(rates.length)} follow.`;
  return `Update ${count(t)} of ${count(rates.length)}, at rate ${short(rates[t - 1])}: ${at}.`;
}

// The whole descent.
export function describe(setting, run) {
  return [ending(run), setting.shape === "steep" ? describeRim(run) : describeFactors(setting, run), describeNoise(setting, run), describeSum(setting, run)]
    .filter(Boolean)
    .join(" ");
}

const ending = ({ losses, rates }) =>
  `After ${updates(rates.length)} the loss is ${said(losses.at(-1))}, from ${short(losses[0])} at the start.`;

function describeFactors({ schedule, noise }, { bowl, rates }) {
  const top = rates.reduce((a, b) => Math.max(a, b), 0), [first, second] = shrink(bowl, top);
  const limit = 2 / bowl.curvatures[1];
  const when = { constant: "Each update", warmup: `At rate ${short(top)} each update` }[schedule] ?? "The first update";
  const factors = `${when} multiplies w₁ by ${minus(first)} and w₂ by ${minus(second)}${noise ? ", and adds noise" : ""}`;
  if (Math.abs(second + 1) < 1e-9) return `${factors}: at 2/λ₂ = ${short(limit)} it lands as far out as it came from.`;
  if (top > limit) {
    return `${factors}: above 2/λ₂ = ${short(limit)} it diverges${schedule === "constant" || schedule === "warmup" ? "" : ", until the rate has fallen below"}.`;
  }
  return `${factors}${second < 0 ? ": it overshoots the minimum of w₂ and lands closer" : ""}.`;
}

function describeRim({ path, rates }) {
  const at = rates.findIndex((lr, t) => Math.abs(path[2 * t + 1]) > rim(lr));
  if (at < 0) return `The rim, where an update without noise lands as far out as it came from, is at w₂ = ±√(2/η − 1): the weights stay inside, and the rate ends with a rim at ±${short(rim(rates.at(-1)))}.`;
  return `At update ${count(at + 1)} w₂ is outside the rim, ±√(2/η − 1) = ±${short(rim(rates[at]))}: from there an update lands farther out.`;
}

function describeNoise({ schedule, noise, shape }, { bowl, mean, runs, rates, formula }) {
  if (!noise || shape === "steep") return "";
  const last = Math.ceil(rates.length / 10);
  const over = (values) => values.slice(-last).reduce((sum, value) => sum + value, 0) / last;
  const measured = `Over the last ${updates(last)} the mean of ${runs} runs is ${said(over(mean))}; the formula for it says ${said(over(formula))}`;
  const resting = schedule === "constant" || schedule === "warmup" ? floor(bowl, rates.at(-1), noise) : Infinity;
  return `${measured}${resting < Infinity ? `, and the one for the floor ${short(resting)}` : ""}.`;
}

function describeSum({ schedule, lr, shape }, { bowl }) {
  const sum = sumOfRates(schedule, lr);
  if (sum === Infinity || shape === "steep") return "";
  const left = 100 * Math.exp(-bowl.curvatures[0] * sum);
  return `However long you wait, these rates sum to ${short(sum)}: of the way along w₁ ${left < 0.1 ? "nearly nothing" : `${left.toPrecision(2)}%`} is left for ever.`;
}
