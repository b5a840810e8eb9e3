// The recorded runs: the file that holds them, the setting nearest to the sliders, its picture.
import { EPOCHS, axes, line, short, svg, text, timeScale } from "./plot.js";
import { complete } from "./setting.js";

const LN_10 = Math.log(10);
const CURVES = ["loss", "train", "test"];
const MISSING = 65535;

// The file ---------------------------------------------------------------------------------

// Read the file's content, as lrbook.live.atlas packs it; throw when it isn't whole.
export function unpack({ unit, curves, settings, ...rest }) {
  const bytes = Uint8Array.from(atob(curves), (c) => c.charCodeAt(0));
  const numbers = new DataView(bytes.buffer);
  let at = 0;
  const take = (count) => Array.from({ length: count }, () => {
    const value = numbers.getUint16(2 * at++, true);
    return value === MISSING ? NaN : value * unit;
  });
  const read = settings.map((setting) => ({
    ...setting,
    p: complete(setting.p),
    runs: setting.runs.map(([seed, died, epochs]) =>
      ({ seed, died, loss: take(epochs), train: take(epochs), test: take(epochs) })),
  }));
  if (2 * at !== bytes.length) throw new Error("it isn't whole");
  return { ...rest, settings: read };
}

// Fetch the file that lies beside the site's scripts, once for all panels of a page.
export function fetchRuns() {
  const url = new URL(`${document.documentElement.dataset.content_root}_static/atlas.json`, document.baseURI);
  globalThis.lrbookRuns ??= fetch(url).then((answer) => {
    if (!answer.ok) throw new Error(`the answer was ${answer.status}`);
    return answer.json();
  }).then(unpack);
  return globalThis.lrbookRuns;
}

// The nearest setting ----------------------------------------------------------------------

const flat = (value) => (Array.isArray(value) ? value : [value]);

// How far apart two values of a parameter are, as a part of its slider's length.
function gap({ log, length }, a, b) {
  const place = log ? Math.log10 : Number;
  return (place(a) - place(b)) / length;
}

function distance(parameters, p, q) {
  let sum = Number(p.mode !== q.mode);
  for (const name in parameters) {
    const [ours, theirs] = [flat(p[name]), flat(q[name])];
    if (ours.length !== theirs.length) return Infinity;
    ours.forEach((value, i) => (sum += gap(parameters[name], value, theirs[i]) ** 2));
  }
  return sum;
}

// The recorded setting of a kind that is nearest to p, or undefined when there is none.
export function nearest({ settings, kinds }, kind, p) {
  const asked = complete(p);
  let best, least = Infinity;
  for (const setting of settings) {
    if (setting.kind !== kind) continue;
    const far = distance(kinds[kind], asked, setting.p);
    if (far < least) [best, least] = [setting, far];
  }
  return best;
}

// In words ---------------------------------------------------------------------------------

const last = (values) => values.at(-1);
const mean = (values) => values.reduce((a, b) => a + b, 0) / values.length;
const listed = (items) => items.join(", ").replace(/, (?=[^,]*$)/, " and ");
const counted = (n, one) => `${n} ${one}${n === 1 ? "" : "s"}`;

// The values of a setting where they aren't the sliders', as "horizon T 20".
function differences(parameters, p, q) {
  const said = [];
  for (const name in parameters) {
    const [ours, theirs] = [flat(p[name]), flat(q[name])];
    theirs.forEach((value, i) => {
      if (Math.abs(gap(parameters[name], ours[i], value)) < 1e-9) return;
      said.push(`${parameters[name].label}${theirs.length > 1 ? ` ${i + 1}` : ""} ${short(value)}`);
    });
  }
  if (p.mode !== q.mode) said.push(`warmup mode ${q.mode}`);
  return said;
}

export function describeRuns({ kinds, images }, setting, p) {
  if (!setting) return "No run of this schedule is recorded.";
  const { kind, runs } = setting;
  const other = differences(kinds[kind], complete(p), setting.p);
  const which = other.length ? `The nearest recorded setting has ${listed(other)}` : "This very setting is recorded";
  const living = runs.filter((run) => !run.died), dead = runs.filter((run) => run.died);
  const said = [`${which}: ${counted(runs.length, "seed")}, ${images.toLocaleString("en")} images.`];
  if (dead.length) {
    const epochs = [...new Set(dead.map((run) => run.died))].sort((a, b) => a - b);
    const who = living.length ? `${dead.length} of ${runs.length}` : runs.length === 1 ? "It" : `All ${runs.length}`;
    said.push(`${who} died, after epoch ${listed(epochs)}.`);
  }
  if (living.length) {
    const [loss, train, test] = CURVES.map((name) => mean(living.map((run) => last(run[name]))).toFixed(3));
    said.push(`${living.length > 1 ? "Mean at the end" : "At the end"}: train loss ${loss}, train accuracy ${train}, test accuracy ${test}.`);
  }
  return said.join(" ");
}

// The picture ------------------------------------------------------------------------------

// Loss, and the share of errors, on a logarithmic axis: differences show late and early.
const LOSSES = [0.05, 0.1, 0.2, 0.5, 1, 2];
const ACCURACIES = [0, 0.5, 0.8, 0.9, 0.95];
const LOSS = [3, 0.05], ERROR = [0.04, 1];

function logScale([from, to], upper, lower) {
  const part = (v) => (Math.log(v) - Math.log(from)) / (Math.log(to) - Math.log(from));
  return (v) => upper + (lower - upper) * Math.min(1, Math.max(0, part(v)));
}

function means(runs, name) {
  const living = runs.filter((run) => !run.died);
  return living.length ? living[0][name].map((_, i) => mean(living.map((run) => run[name][i]))) : [];
}

// Draw seeds thin and the mean of the living thick; dead ones end in a cross and go on as dead.
// `mine` is the run that the reader has just trained, if there is one, `kept` are earlier ones;
// `height` is that of each of the two plots.
export function drawRuns(plot, width, runs, mine, kept = [], height = Math.min(190, Math.max(140, width * 0.26))) {
  const rows = { loss: [8, 8 + height], accuracy: [30 + height, 30 + 2 * height] };
  const x = timeScale(width);
  const lossScale = logScale(LOSS, ...rows.loss);
  const errorScale = logScale(ERROR, ...rows.accuracy);
  const y = { loss: lossScale, train: (v) => errorScale(1 - v), test: (v) => errorScale(1 - v) };
  const chance = { loss: LN_10, train: 0.1, test: 0.1 };
  const marks = [];
  const points = (values, name) => values.map((v, i) => [x(i + 1), y[name](v)]).filter(([, row]) => !isNaN(row));
  const put = (classes, d) => marks.push(svg("path", { class: classes, d }));

  function drawRun(run, thickness) {
    for (const name of CURVES) {
      const drawn = points(run[name], name);
      put(`run ${name} ${thickness}`, line(drawn));
      if (!run.died) continue;
      const [cx, cy] = [x(run.died), y[name](chance[name])];
      put(`dead ${name} ${thickness}`, `M${cx} ${cy}H${x(EPOCHS)}`);
      if (name === "train") continue;
      put(`cross ${thickness}`, `M${cx - 5} ${cy - 5}l10 10m0 -10l-10 10`);
      marks.push(text("dead", { x: Math.min(cx + 9, x(EPOCHS) - 30), y: cy - 5 }));
    }
  }

  for (const run of runs) drawRun(run, "thin");
  for (const name of CURVES) put(`mean ${name}`, line(points(means(runs, name), name)));
  for (const run of kept) drawRun(run, "kept");
  if (mine) drawRun(mine, "mine");
  // Which seed a line has stands beyond its end, or under the end of the axis; never on another's.
  const ends = [...kept, ...(mine ? [mine] : [])].filter((run) => run.test.length && !run.died);
  let free = -Infinity;
  for (const run of ends.sort((a, b) => b.test.at(-1) - a.test.at(-1))) {
    const [at, end] = [x(run.test.length), x(EPOCHS)];
    const beyond = at + 50 < end;
    const row = Math.max(y.test(run.test.at(-1)) + (beyond ? 4 : 16), free);
    marks.push(text(`seed ${run.seed}`, { class: "seed", x: beyond ? at + 6 : end, y: row, "text-anchor": beyond ? "start" : "end" }));
    free = row + 13;
  }
  const key = (name, at) => [
    svg("path", { class: `mean ${name}`, d: `M${at} ${rows.accuracy[0] - 8}h24` }),
    text(name, { x: at + 29, y: rows.accuracy[0] - 4 }),
  ];
  plot.setAttribute("viewBox", `0 0 ${width} ${rows.accuracy[1] + 44}`);
  plot.replaceChildren(
    ...axes({ width, upper: rows.loss[0], lower: rows.loss[1], title: "train loss", grid: LOSSES.map((v) => [lossScale(v), v]), times: false }),
    ...axes({ width, upper: rows.accuracy[0], lower: rows.accuracy[1], title: "accuracy", grid: ACCURACIES.map((v) => [y.test(v), v]) }),
    ...key("test", x(EPOCHS) - 132), ...key("train", x(EPOCHS) - 64),
    ...marks,
  );
}
