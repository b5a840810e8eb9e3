// The schedule's curve, and what it does in words.
import { jumps, rate } from "./today.js";
import { EPOCHS, axes, line, series, short, svg, text, timeScale } from "./plot.js";

const PER_EPOCH = 10;

// Times to draw at: a fine grid, and both sides of every jump.
function times(p) {
  const grid = Array.from({ length: EPOCHS * PER_EPOCH + 1 }, (_, i) => i / PER_EPOCH);
  const found = jumps(p);
  return [...grid, ...found, ...found.map((t) => t - 1e-9)].sort((a, b) => a - b);
}

// The curve of a kind of schedule with parameters p: points of time and rate. A jump at the very end
// is no longer trained with.
export const curve = (kind, p) => times(p).map((t) => [t, rate(kind, p, Math.min(t, EPOCHS - 1e-9))]);
export const peak = (points) => Math.max(...points.map(([, y]) => y));

// The top of the axis and its number of intervals: 1, 2 or 5 times a power of ten.
export function scale(highest) {
  const unit = 10 ** Math.floor(Math.log10(highest || 1));
  const [step, intervals] = [[1, 5], [2, 4], [5, 5], [10, 5], [20, 4]].find(([s]) => s * unit >= highest * 1.02);
  return [step * unit, intervals];
}

export function describeCurve(label, points) {
  const at = ([t, y]) => `${short(y)} at epoch ${short(t)}`;
  const first = points[0], last = points.at(-1);
  const highest = points.reduce((best, p) => (p[1] > best[1] * (1 + 1e-9) ? p : best));
  const moving = points.findLastIndex(([, y]) => Math.abs(y - last[1]) > 1e-6 * last[1]);
  const said = [at(first)];
  if (highest !== first) said.push(`peak ${at(highest)}`);
  if (moving < 0) said[0] = `${short(last[1])} throughout`;
  else if (EPOCHS - points[moving][0] > 1) said.push(`${short(last[1])} from epoch ${short(points[moving + 1][0])} on`);
  else said.push(at(last));
  return `${label}: learning rate ${said.join(", ")}.`;
}

const GHOST = "recorded runs";

// Draw the curves of series, each of a colour with its points, under an axis that reaches `highest`.
// A ghost is the schedule of the runs that are shown, where the sliders say another one.
export function drawCurves(plot, width, shown, highest) {
  const [top, intervals] = scale(highest);
  const lower = Math.min(216, Math.max(156, width * 0.3)), upper = 12;
  const x = timeScale(width), y = (v) => lower - ((lower - upper) * v) / top;
  const grid = Array.from({ length: intervals + 1 }, (_, i) => (top * i) / intervals).map((v) => [y(v), short(v)]);
  const path = (name, points) => svg("path", { class: name, d: line(points.map(([t, v]) => [x(t), y(v)])) });
  plot.setAttribute("viewBox", `0 0 ${width} ${lower + 44}`);
  plot.replaceChildren(
    ...axes({ width, upper, lower, title: "learning rate", grid }),
    ...shown.map((one) => series(one, one.ghost ? [path("ghost", one.ghost)] : [], path("curve", one.points))),
    // Said once, under the end of the axis, where no curve goes.
    ...(shown.some(({ ghost }) => ghost) ? key(x(EPOCHS), lower + 38) : []),
  );
}

function key(right, row) {
  const words = 84; // pixels
  return [
    svg("path", { class: "ghost", d: `M${right - words - 30} ${row - 4}h24` }),
    text(GHOST, { class: "note", x: right - words, y: row }),
  ];
}
