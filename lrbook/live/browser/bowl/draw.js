// The bowl from above, and the loss and the rate against the update: SVG for what a setting fixes,
// a canvas under it for what a run measures, which grows frame by frame.
import { line, short, svg, text } from "../plot.js";
import { floor, loss, rim } from "./descend.js";
import { minus, powerOfTen } from "./words.js";

const LEFT = 54, TOP = 8, BOTTOM = 36;
const RIGHT = { valley: 12, curves: 26 }; // the curves' names stand beside them
const LEVELS = [0.1, 0.5, 1.5, 4, 9, 25, 70];
const CAP = [1e-8, 1e6]; // losses that a plot shows at most
const FINE = 500; // points of a curve
const JOINED = 250; // updates whose path is a line with dots: of more, dots say more
const APART = 50; // updates whose losses are dots, too

const spacing = (updates) => Math.max(1, Math.floor(updates / FINE));
const each = (length, step) => Array.from({ length: Math.ceil(length / step) + 1 }, (_, i) => Math.min(i * step, length));

// Where things lie ------------------------------------------------------------------------------

// The bowl from above: w₁ and w₂ have one scale.
export function valleyPlace(width, height, { shape }, { path }) {
  const [w, h] = [width - LEFT - RIGHT.valley, height - TOP - BOTTOM];
  let far = shape === "steep" ? 4.2 : 3.6;
  for (let i = 0; i < path.length; i += 2) if (Math.abs(path[i]) > far) far = Math.min(8, 1.05 * Math.abs(path[i]));
  const unit = Math.min(w / 2 / far, h / 2 / (shape === "steep" ? 4.6 : 1.8));
  return { width, height, left: LEFT, top: TOP, w, h, unit, x: (w1) => w / 2 + unit * w1, y: (w2) => h / 2 - unit * w2 };
}

// The loss over the rate, with one axis of updates.
export function lossPlace(width, height, run) {
  const w = width - LEFT - RIGHT.curves, strip = Math.round(height * 0.2), h = height - TOP - BOTTOM - strip - 14;
  const seen = [...run.losses, ...run.mean, ...(run.formula ?? [])].filter((v) => v >= CAP[0] && v <= CAP[1]);
  const low = Math.floor(Math.log10(seen.reduce((a, b) => Math.min(a, b), 1)));
  const high = Math.ceil(Math.log10(seen.reduce((a, b) => Math.max(a, b), 10 ** (low + 1))));
  const y = (v) => (h * (high - Math.log10(clamp(v, 1e-12, 1e12)))) / (high - low);
  return { width, height, left: LEFT, top: TOP, w, h, strip, below: TOP + h + 14, low, high, y, x: (t) => (w * t) / run.rates.length };
}

// What a setting fixes --------------------------------------------------------------------------

const inside = ({ left, top, w, h }, ...children) => svg("svg", { x: left, y: top, width: w, height: h }, ...children);

export function drawValley(plot, place, { bowl }) {
  const { width, height, left, top, w, h, unit, x, y } = place;
  const every = unit > 28 ? 1 : 2, marks = [];
  for (let v = -8; v <= 8; v += every) {
    if (x(v) >= 0 && x(v) <= w) marks.push(tick(left + x(v), top + h, 0, 5), text(minus(v), { x: left + x(v), y: top + h + 19, "text-anchor": "middle" }));
    if (y(v) >= 0 && y(v) <= h) marks.push(tick(left, top + y(v), -5, 0), text(minus(v), { x: left - 8, y: top + y(v) + 4, "text-anchor": "end" }));
  }
  plot.setAttribute("viewBox", `0 0 ${width} ${height}`);
  plot.replaceChildren(
    svg("rect", { class: "frame", x: left, y: top, width: w, height: h }),
    inside(place, ...LEVELS.map((level) => svg("path", { d: `${line(contour(bowl, level).map(([w1, w2]) => [x(w1), y(w2)]))}Z` })), svg("path", { class: "formula rim" })),
    ...marks,
    text("w₁", { x: left + w / 2, y: height - 3, "text-anchor": "middle" }),
    text("w₂", { x: 4, y: top + h / 2 + 4 }),
  );
}

// Where the loss is `level`: w₁ follows from w₂, which runs up one side and down the other.
function contour({ curvatures: [a, b], quartic }, level) {
  const top = quartic ? Math.sqrt((Math.sqrt(b * b + 4 * quartic * level) - b) / quartic) : Math.sqrt((2 * level) / b);
  return Array.from({ length: 120 }, (_, i) => {
    const angle = (2 * Math.PI * i) / 120, w2 = top * Math.sin(angle);
    return [Math.sign(Math.cos(angle)) * Math.sqrt((2 * Math.max(0, level - loss({ curvatures: [a, b], quartic }, 0, w2))) / a), w2];
  });
}

// The rim of the rate that is next.
export function drawRim(plot, { w, x, y }, { bowl, rates }, t) {
  const w2 = rim(rates[Math.min(t, rates.length - 1)]), d = (v) => `M${x(-20)} ${y(v)}H${x(20)}`;
  if (bowl.quartic) plot.querySelector(".rim").setAttribute("d", w2 < 20 ? d(w2) + d(-w2) : "");
}

export function drawLoss(plot, place, { noise, shape }, { bowl, rates, formula, parts }) {
  const { width, height, left, top, w, h, strip, below, low, high, x, y } = place;
  const updates = rates.length, marks = [], times = each(updates, spacing(updates));
  const every = Math.ceil((high - low) / 5);
  for (let power = low; power <= high; power += every) {
    const row = top + y(10 ** power);
    marks.push(svg("path", { d: `M${left} ${row}h${w}` }), text(powerOfTen(power), { x: left - 6, y: row + 4, "text-anchor": "end" }));
  }
  for (let i = 0; i <= 5; i++) {
    const t = (updates * i) / 5;
    marks.push(tick(left + x(t), below + strip, 0, 5), text(t, { x: left + x(t), y: below + strip + 19, "text-anchor": "middle" }));
  }
  const curve = (name, values) => svg("path", { class: name, d: line(times.map((t) => [x(t), y(values[t])])) });
  const formulas = [];
  if (parts) {
    if (noise) formulas.push(stillness([...rates].map((lr) => floor(bowl, lr, noise)), place));
    formulas.push(...parts.map((part) => curve("formula part", part)), curve("formula total", formula));
    const rows = parts.map((part) => clamp(y(part[updates]), 7, h)), apart = Math.max(0, 14 - Math.abs(rows[0] - rows[1])) / 2;
    const higher = rows[0] < rows[1] ? 0 : 1;
    rows.forEach((row, i) => marks.push(text(`w${"₁₂"[i]}`, { class: "formula", x: left + w + 4, y: top + row + 4 + (i === higher ? -apart : apart) })));
  }
  plot.setAttribute("viewBox", `0 0 ${width} ${height}`);
  plot.replaceChildren(
    ...marks,
    inside(place, ...formulas),
    ...drawRates(place, rates, 2 / bowl.curvatures[1], shape === "steep"),
    text("loss", { transform: `translate(10 ${top + h / 2}) rotate(-90)`, "text-anchor": "middle" }),
    text("lr", { x: 0, y: below + strip + 4 }),
  );
}

// A floor is drawn for as long as the rate has one.
function stillness(values, { x, y }) {
  const there = each(values.length - 1, spacing(values.length)).filter((t) => values[t] > 0 && values[t] < Infinity);
  const d = line(there.map((t) => [x(t), y(values[t])])) + (values.at(-1) < Infinity ? `H${x(values.length)}` : "");
  return svg("path", { class: "formula floor", d });
}

function drawRates({ left, w, strip, below, x }, rates, limit, local) {
  const top = rates.reduce((a, b) => Math.max(a, b), 0), shown = !local && limit < 1.6 * top;
  const row = (lr) => below + strip * (1 - (0.92 * lr) / (shown ? Math.max(1.3 * limit, top) : top));
  const times = each(rates.length - 1, spacing(rates.length));
  const marks = [
    svg("path", { d: `M${left} ${below + strip}h${w}` }),
    svg("path", { class: "rate", d: `${line(times.map((t) => [left + x(t), row(rates[t])]))}H${left + w}` }),
    text(short(top), { x: left - 6, y: row(top) + 4, "text-anchor": "end" }),
  ];
  if (shown) marks.push(svg("path", { class: "formula", d: `M${left} ${row(limit)}h${w}` }), text("2/λ₂", { class: "formula", x: left + w - 4, y: row(limit) + (limit < top ? 14 : -4), "text-anchor": "end" }));
  return marks;
}

const clamp = (v, low, high) => Math.min(Math.max(v, low), high);
const tick = (x, y, dx, dy) => svg("path", { class: "tick", d: `M${x} ${y}l${dx} ${dy}` });

// What a run measures ---------------------------------------------------------------------------

// A canvas over the inside of a plot; returns the pen, in the plot's pixels and colour.
export function prepare(canvas, { left, top, w, h }) {
  const dense = Math.min(2, devicePixelRatio || 1);
  Object.assign(canvas.style, { left: `${left}px`, top: `${top}px`, width: `${w}px`, height: `${h}px` });
  [canvas.width, canvas.height] = [Math.round(w * dense), Math.round(h * dense)];
  const pen = canvas.getContext("2d");
  pen.setTransform(dense, 0, 0, dense, 0, 0);
  pen.strokeStyle = pen.fillStyle = getComputedStyle(canvas).color;
  pen.lineJoin = "round";
  return pen;
}

// Far out is out of sight; what is no number any more isn't drawn.
const near = (v) => clamp(v, -1e4, 1e4);

function trace(pen, from, to, x, y) {
  pen.beginPath();
  for (let t = from; t <= to; t++) pen.lineTo(near(x(t)), near(y(t)));
  pen.stroke();
}

// Draw what happens between two updates, piece by piece: what is drawn at once and what grows over
// many frames look alike. Returns the update that was reached.
export function grow(pens, places, run, from, position) {
  const updates = run.rates.length, step = spacing(updates);
  const to = position >= updates ? updates : Math.floor(position / step) * step;
  for (let t = from; t < to; t += step) piece(pens, places, run, t, Math.min(t + step, updates));
  return to;
}

function piece({ valley, curves }, places, run, from, to) {
  const { path, losses, mean, runs, rates } = run, few = rates.length <= APART;
  const x = (t) => places.valley.x(path[2 * t]), y = (t) => places.valley.y(path[2 * t + 1]);
  const row = (values) => (t) => places.curves.y(values[t]);
  if (rates.length <= JOINED) trace(valley, from, to, x, y);
  dots(valley, from + 1, to, x, y, rates.length <= JOINED ? 1 : 0.4);
  Object.assign(curves, runs > 1 || few ? { lineWidth: 1, globalAlpha: 0.45 } : { lineWidth: 3, globalAlpha: 1 });
  trace(curves, from, to, places.curves.x, row(losses));
  if (few) dots(curves, from, to, places.curves.x, row(losses), 1);
  if (runs === 1) return;
  Object.assign(curves, { lineWidth: 3, globalAlpha: 1 });
  trace(curves, from, to, places.curves.x, row(mean));
}

function dots(pen, from, to, x, y, alpha) {
  pen.globalAlpha = alpha;
  for (let t = from; t <= to; t++) pen.fillRect(near(x(t)) - 1.5, near(y(t)) - 1.5, 3, 3);
}
