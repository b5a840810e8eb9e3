// Bundled by esbuild from lrbook/live/browser/.

// lrbook/live/browser/plot.js
var EPOCHS = 30;
var LEFT = 58;
var RIGHT = 14;
var svg = (name2, attributes = {}, ...children) => {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name2);
  for (const key2 in attributes) element.setAttribute(key2, attributes[key2]);
  element.append(...children);
  return element;
};
var text = (content, attributes) => svg("text", attributes, content);
var short = (x) => String(Number(x.toPrecision(3)));
var line = (points) => points.map(([x, y], i) => `${i ? "L" : "M"}${x.toFixed(2)} ${y.toFixed(2)}`).join("");
var series = ({ colour, second }, ...parts) => svg("g", { class: second ? "series second" : "series", ...colour && { style: `--lr-policy: ${colour}` } }, ...parts.flat());
var timeScale = (width) => (t) => LEFT + (width - RIGHT - LEFT) * t / EPOCHS;
function axes({ width, upper, lower, title, grid, times: times2 = true }) {
  const x = timeScale(width), right = width - RIGHT;
  const marks = [
    svg("path", { class: "tick", d: `M${LEFT} ${lower}H${right}` }),
    text(title, { transform: `translate(13 ${(upper + lower) / 2}) rotate(-90)`, "text-anchor": "middle" })
  ];
  for (const [y, label] of grid) {
    if (y < lower) marks.push(svg("path", { class: "grid", d: `M${LEFT} ${y}H${right}` }));
    marks.push(text(label, { x: LEFT - 8, y: y + 4, "text-anchor": "end" }));
  }
  for (let t = 0; t <= EPOCHS; t += 5) {
    marks.push(svg("path", { class: "tick", d: `M${x(t)} ${lower}v5` }));
    if (times2) marks.push(text(t, { x: x(t), y: lower + 19, "text-anchor": "middle" }));
  }
  if (times2) marks.push(text("epoch", { x: (LEFT + right) / 2, y: lower + 38, "text-anchor": "middle" }));
  return marks;
}

// lrbook/live/browser/schedules.js
var clip = (x) => Math.min(Math.max(x, 0), 1);
var between = (p, left) => p.final_lr + (p.base_lr - p.final_lr) * left;
var schedules = {
  Constant: (t, p) => p.base_lr,
  SquareRoot: (t, p) => p.base_lr / Math.sqrt(t + 1),
  Polynomial: (t, p) => between(p, clip(1 - t / p.horizon) ** p.power),
  Factor: (t, p) => Math.max(p.final_lr, p.base_lr * p.factor ** t),
  MultiFactor: (t, p) => p.base_lr * p.factor ** p.milestones.filter((s) => s <= t).length,
  Cosine: (t, p) => between(p, (1 + Math.cos(Math.PI * clip(t / p.horizon))) / 2)
};
function rate(kind, p, t) {
  const { duration = 0, start_lr = 0, mode = "linear" } = p;
  if (t >= duration) return schedules[kind](t - duration, p);
  const done = mode === "linear" ? t / duration : 0;
  return start_lr + (schedules[kind](0, p) - start_lr) * done;
}

// lrbook/live/browser/today.js
var clip2 = (x) => Math.min(Math.max(x, 0), 1);
var between2 = (start, end, left) => end + (start - end) * left;
var SHAPES = {
  linear: (x) => 1 - x,
  sqrt: (x) => 1 - Math.sqrt(x),
  cosine: (x) => (1 + Math.cos(Math.PI * x)) / 2
};
function cycle(t, period, m) {
  if (m === 1) return [t % period, period];
  const start = (i2) => (m ** i2 - 1) / (m - 1);
  let i = Math.floor(Math.log1p(t / period * (m - 1)) / Math.log(m));
  if (t / period < start(i)) i--;
  if (t / period >= start(i + 1)) i++;
  return [t - start(i) * period, m ** i * period];
}
var today = {
  WarmupStableDecay(t, { base_lr, final_lr, warmup, stable, cooldown, shape }) {
    if (t < warmup) return base_lr * (t / warmup);
    return between2(base_lr, final_lr, SHAPES[shape](clip2((t - (warmup + stable)) / cooldown)));
  },
  InverseSquareRoot: (t, { base_lr, warmup }) => base_lr * Math.min(t / warmup, Math.sqrt(warmup / Math.max(t, warmup))),
  Ramp: (t, { base_lr, final_lr, horizon }) => base_lr * (final_lr / base_lr) ** clip2(t / horizon),
  Triangular(t, { base_lr, max_lr, half_cycle, mode, factor }) {
    const halves = t / half_cycle;
    const height = (1 - Math.abs(halves % 2 - 1)) * (mode === "halved" ? 0.5 ** Math.floor(halves / 2) : 1);
    return between2(max_lr, base_lr, height * factor ** t);
  },
  Restarts(t, { base_lr, final_lr, period, multiplier }) {
    const [elapsed, length] = cycle(t, period, multiplier);
    return between2(base_lr, final_lr, SHAPES.cosine(clip2(elapsed / length)));
  },
  OneCycle(t, { start_lr, max_lr, final_lr, rise, fall, shape }) {
    if (t < rise) return between2(start_lr, max_lr, SHAPES[shape](t / rise));
    return between2(max_lr, final_lr, SHAPES[shape](clip2((t - rise) / fall)));
  }
};
function rate2(kind, p, t) {
  if (!(kind in today)) return rate(kind, p, t);
  const { duration = 0 } = p;
  if (t >= duration) return today[kind](t - duration, p);
  return rate("Constant", { ...p, base_lr: today[kind](0, p) }, t);
}
function jumps({ duration = 0, milestones = [], period, multiplier }) {
  const found = [duration, ...milestones.map((s) => s + duration)];
  for (let start = period, length = period; start < EPOCHS; start += length) {
    found.push(start + duration);
    length *= multiplier;
  }
  return found.filter((t) => t && t < EPOCHS);
}

// lrbook/live/browser/curve.js
var PER_EPOCH = 10;
function times(p) {
  const grid = Array.from({ length: EPOCHS * PER_EPOCH + 1 }, (_, i) => i / PER_EPOCH);
  const found = jumps(p);
  return [...grid, ...found, ...found.map((t) => t - 1e-9)].sort((a, b) => a - b);
}
var curve = (kind, p) => times(p).map((t) => [t, rate2(kind, p, Math.min(t, EPOCHS - 1e-9))]);
var peak = (points) => Math.max(...points.map(([, y]) => y));
function scale(highest) {
  const unit = 10 ** Math.floor(Math.log10(highest || 1));
  const [step, intervals] = [[1, 5], [2, 4], [5, 5], [10, 5], [20, 4]].find(([s]) => s * unit >= highest * 1.02);
  return [step * unit, intervals];
}
function describeCurve(label, points) {
  const at = ([t, y]) => `${short(y)} at epoch ${short(t)}`;
  const first = points[0], last2 = points.at(-1);
  const highest = points.reduce((best, p) => p[1] > best[1] * (1 + 1e-9) ? p : best);
  const moving = points.findLastIndex(([, y]) => Math.abs(y - last2[1]) > 1e-6 * last2[1]);
  const said = [at(first)];
  if (highest !== first) said.push(`peak ${at(highest)}`);
  if (moving < 0) said[0] = `${short(last2[1])} throughout`;
  else if (EPOCHS - points[moving][0] > 1) said.push(`${short(last2[1])} from epoch ${short(points[moving + 1][0])} on`);
  else said.push(at(last2));
  return `${label}: learning rate ${said.join(", ")}.`;
}
var GHOST = "recorded runs";
function drawCurves(plot, width, shown, highest) {
  const [top, intervals] = scale(highest);
  const lower = Math.min(216, Math.max(156, width * 0.3)), upper = 12;
  const x = timeScale(width), y = (v) => lower - (lower - upper) * v / top;
  const grid = Array.from({ length: intervals + 1 }, (_, i) => top * i / intervals).map((v) => [y(v), short(v)]);
  const path = (name2, points) => svg("path", { class: name2, d: line(points.map(([t, v]) => [x(t), y(v)])) });
  plot.setAttribute("viewBox", `0 0 ${width} ${lower + 44}`);
  plot.replaceChildren(
    ...axes({ width, upper, lower, title: "learning rate", grid }),
    ...shown.map((one) => series(one, one.ghost ? [path("ghost", one.ghost)] : [], path("curve", one.points))),
    ...shown.some(({ ghost }) => ghost) ? key(x(EPOCHS), lower + 38) : []
  );
}
function key(right, row) {
  const words = 84;
  return [
    svg("path", { class: "ghost", d: `M${right - words - 30} ${row - 4}h24` }),
    text(GHOST, { class: "note", x: right - words, y: row })
  ];
}

// lrbook/live/browser/setting.js
var NO_WARMUP = { duration: 0, start_lr: 0, mode: "linear" };
function complete(p) {
  if (!("duration" in p)) return { ...NO_WARMUP, ...p };
  return p.duration ? p : { ...p, ...NO_WARMUP };
}
var inOrder = (p) => Object.fromEntries(Object.entries(p).sort(([a], [b]) => a < b ? -1 : 1));
var idle = (kind, { mode }) => kind === "Triangular" && mode !== "exponential" ? { factor: 1 } : {};

// lrbook/live/browser/runs.js
var CURVES = ["loss", "train", "test"];
var MISSING = 65535;
function unpack({ unit, curves, settings, ...rest }) {
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
    runs: setting.runs.map(([seed, died, epochs]) => ({ seed, died, loss: take(epochs), train: take(epochs), test: take(epochs) }))
  }));
  if (2 * at !== bytes.length) throw new Error("it isn't whole");
  return { ...rest, settings: read };
}
function fetchRuns() {
  const url = new URL(`${document.documentElement.dataset.content_root}_static/atlas.json`, document.baseURI);
  globalThis.lrbookRuns ??= fetch(url).then((answer) => {
    if (!answer.ok) throw new Error(`the answer was ${answer.status}`);
    return answer.json();
  }).then(unpack);
  return globalThis.lrbookRuns;
}
var flat = (value) => Array.isArray(value) ? value : [value];
function gap({ log, length, words }, a, b) {
  if (words) return Number(a !== b);
  const place = log ? Math.log10 : Number;
  return (place(a) - place(b)) / length;
}
function distance(parameters, p, q) {
  let sum = 0;
  for (const name2 in parameters) {
    const [ours, theirs] = [flat(p[name2]), flat(q[name2])];
    if (ours.length !== theirs.length) return Infinity;
    ours.forEach((value, i) => sum += gap(parameters[name2], value, theirs[i]) ** 2);
  }
  return sum;
}
function nearest({ settings, kinds }, kind, p) {
  const asked = complete(p);
  let best, least = Infinity;
  for (const setting of settings) {
    if (setting.kind !== kind) continue;
    const far = distance(kinds[kind], asked, setting.p);
    if (far < least) [best, least] = [setting, far];
  }
  return best;
}
function settingsOf({ settings, kinds }, kind, p) {
  const asked = complete(p);
  return settings.filter((setting) => setting.kind === kind && (p.duration !== void 0 || !setting.p.duration) && distance(kinds[kind], asked, setting.p) < Infinity);
}
function valuesOf(settings, name2, index = 0) {
  const values = settings.map(({ p }) => flat(p[name2])[index]);
  return [...new Set(values)].sort((a, b) => a - b);
}
var fixedOf = ({ kinds }, settings, p) => named(kinds[settings[0].kind], settings[0].p, (name2, i) => name2 in p && valuesOf(settings, name2, i).length === 1).join(", ");
var isSame = ({ kinds }, { kind, p }, asked) => differences(kinds[kind], complete(asked), p).length === 0;
var last = (values) => values.at(-1);
var mean = (values) => values.reduce((a, b) => a + b, 0) / values.length;
var listed = (items) => items.join(", ").replace(/, (?=[^,]*$)/, " and ");
var counted = (n, one) => `${n} ${one}${n === 1 ? "" : "s"}`;
function named(parameters, q, wanted) {
  const said = [];
  for (const name2 in parameters) {
    const values = flat(q[name2]);
    values.forEach((value, i) => {
      if (wanted(name2, i)) said.push(`${parameters[name2].label}${values.length > 1 ? ` ${i + 1}` : ""} ${parameters[name2].words ? value : short(value)}`);
    });
  }
  return said;
}
var differences = (parameters, p, q) => named(parameters, q, (name2, i) => Math.abs(gap(parameters[name2], flat(p[name2])[i], flat(q[name2])[i])) >= 1e-9);
function describeRuns({ kinds, images }, setting, p) {
  if (!setting) return "No run of this schedule is recorded.";
  const { kind, runs } = setting;
  const other = differences(kinds[kind], complete(p), setting.p);
  const which = other.length ? `The recorded runs are of the dashed schedule, with ${listed(other)}` : "This very setting is recorded";
  const living = runs.filter((run) => !run.died), dead = runs.filter((run) => run.died);
  const said = [`${which}: ${counted(runs.length, "seed")}, ${images.toLocaleString("en")} images.`];
  if (dead.length) {
    const epochs = [...new Set(dead.map((run) => run.died))].sort((a, b) => a - b);
    const who = living.length ? `${dead.length} of ${runs.length}` : runs.length === 1 ? "It" : `All ${runs.length}`;
    said.push(`${who} died, after epoch ${listed(epochs)}.`);
  }
  if (living.length) {
    const [loss, train, test] = CURVES.map((name2) => mean(living.map((run) => last(run[name2]))).toFixed(3));
    said.push(`${living.length > 1 ? "Mean at the end" : "At the end"}: train loss ${loss}, train accuracy ${train}, test accuracy ${test}.`);
  }
  return said.join(" ");
}

// lrbook/live/browser/picture.js
var LN_10 = Math.log(10);
var DEAD = 64;
var LOSSES = [0.05, 0.1, 0.2, 0.5, 1, 2];
var ACCURACIES = [0, 0.5, 0.8, 0.9, 0.95];
var LOSS = [3, 0.05];
var ERROR = [0.04, 1];
function logScale([from, to], upper, lower) {
  const part = (v) => (Math.log(v) - Math.log(from)) / (Math.log(to) - Math.log(from));
  return (v) => upper + (lower - upper) * Math.min(1, Math.max(0, part(v)));
}
function meanOf(runs, name2) {
  const living = runs.filter((run) => !run.died);
  return living.length ? living[0][name2].map((_, i) => mean(living.map((run) => run[name2][i]))) : [];
}
function drawRuns(plot, width, shown, height = Math.min(190, Math.max(140, width * 0.26))) {
  const rows = { loss: [8, 8 + height], accuracy: [30 + height, 30 + 2 * height] };
  const x = timeScale(width);
  const lossScale = logScale(LOSS, ...rows.loss);
  const errorScale = logScale(ERROR, ...rows.accuracy);
  const y = { loss: lossScale, train: (v) => errorScale(1 - v), test: (v) => errorScale(1 - v) };
  const chance = { loss: LN_10, train: 0.1, test: 0.1 };
  const points = (values, name2) => values.map((v, i) => [x(i + 1), y[name2](v)]).filter(([, row]) => !isNaN(row));
  const path = (classes, d) => svg("path", { class: classes, d });
  function drawn(run, thickness) {
    return CURVES.flatMap((name2) => {
      const marks = [path(`run ${name2} ${thickness}`, line(points(run[name2], name2)))];
      if (!run.died) return marks;
      const [cx, cy] = [x(run.died), y[name2](chance[name2])];
      marks.push(path(`dead ${name2} ${thickness}`, `M${cx} ${cy}H${x(EPOCHS)}`));
      if (name2 !== "train") marks.push(path(`cross ${thickness}`, `M${cx - 5} ${cy - 5}l10 10m0 -10l-10 10`));
      return marks;
    });
  }
  function drawSeries({ runs, mine, kept, ...look }) {
    const means = CURVES.map((name2) => path(`mean ${name2}`, line(points(meanOf(runs, name2), name2))));
    const own3 = mine ? drawn(mine, "mine") : [];
    return series(look, runs.flatMap((run) => drawn(run, "thin")), means, kept.flatMap((run) => drawn(run, "kept")), own3);
  }
  const all = shown.flatMap(({ runs, mine, kept }) => [...runs, ...kept, ...mine ? [mine] : []]);
  const own2 = shown.flatMap(({ mine, kept }) => [...kept, ...mine ? [mine] : []]);
  const died = all.filter((run) => run.died).map((run) => x(run.died));
  const key2 = (name2, at) => [
    path(`mean ${name2}`, `M${at} ${rows.accuracy[0] - 8}h24`),
    text(name2, { x: at + 29, y: rows.accuracy[0] - 4 })
  ];
  plot.setAttribute("viewBox", `0 0 ${width} ${rows.accuracy[1] + 44}`);
  plot.replaceChildren(
    ...axes({ width, upper: rows.loss[0], lower: rows.loss[1], title: "train loss", grid: LOSSES.map((v) => [lossScale(v), v]), times: false }),
    ...axes({ width, upper: rows.accuracy[0], lower: rows.accuracy[1], title: "accuracy", grid: ACCURACIES.map((v) => [y.test(v), v]) }),
    text("log scale of errors", { class: "note", x: x(0), y: rows.accuracy[0] - 4 }),
    ...key2("test", x(EPOCHS) - 132),
    ...key2("train", x(EPOCHS) - 64),
    ...shown.map(drawSeries),
    ...["loss", "test"].flatMap((name2) => deaths(died, y[name2](chance[name2]) - 6, x(EPOCHS))),
    ...seeds(own2, x, y.test)
  );
}
function deaths(crosses, row, end) {
  const groups = [];
  for (const at of [...crosses].sort((a, b) => a - b)) {
    const last2 = groups.at(-1);
    if (last2 && at < last2.at(-1) + DEAD) last2.push(at);
    else groups.push([at]);
  }
  return groups.map((group) => {
    const label = group.length > 1 ? `${group.length} dead` : "dead";
    const beyond = group.at(-1) + DEAD < end;
    return text(label, { class: "died", x: beyond ? group.at(-1) + 9 : end, y: beyond ? row : row - 13, "text-anchor": beyond ? "start" : "end" });
  });
}
function seeds(runs, x, y) {
  const ends = runs.filter((run) => run.test.length && !run.died).sort((a, b) => b.test.at(-1) - a.test.at(-1));
  let free = -Infinity;
  return ends.map((run) => {
    const [at, end] = [x(run.test.length), x(EPOCHS)];
    const beyond = at + 50 < end;
    const row = Math.max(y(run.test.at(-1)) + (beyond ? 4 : 16), free);
    free = row + 13;
    return text(`seed ${run.seed}`, { class: "seed", x: beyond ? at + 6 : end, y: row, "text-anchor": beyond ? "start" : "end" });
  });
}

// lrbook/live/browser/stops.js
var ROUND = [1, 1.1, 1.2, 1.4, 1.6, 1.8, 2, 2.2, 2.5, 2.8, 3, 3.5, 4, 4.5, 5, 5.5, 6, 7, 8, 9];
var SLACK = 1e-9;
function roundRates(low, high, start) {
  const rates = [];
  for (let n = Math.floor(low * ROUND.length); n <= Math.ceil(high * ROUND.length); n++) {
    const decade = Math.floor(n / ROUND.length);
    const rate3 = Number(`${ROUND[n - decade * ROUND.length]}e${decade}`);
    if (Math.log10(rate3) >= low - SLACK && Math.log10(rate3) <= high + SLACK) rates.push(rate3);
  }
  const far = rates.map((rate3) => Math.abs(Math.log(rate3 / start)));
  rates[far.indexOf(Math.min(...far))] = start;
  return rates;
}
var own = /* @__PURE__ */ new WeakMap();
var now = /* @__PURE__ */ new WeakMap();
function setStops(slider, { values, isRate, start }) {
  if (!own.has(slider)) own.set(slider, slider.options.range);
  const range = own.get(slider);
  const stops = values ?? (isRate ? roundRates(range.min, range.max, start) : []);
  const text2 = stops.join();
  if ((now.get(slider) ?? "") === text2) return;
  now.set(slider, text2);
  slider.updateOptions(stops.length ? { range: placed(stops.map(isRate ? Math.log10 : Number)), snap: true } : { range, snap: false });
}
function placed(places) {
  const [first, last2] = [places[0], places.at(-1)];
  const inner = places.slice(1, -1).map((place) => [`${100 * (place - first) / (last2 - first)}%`, place]);
  return { min: first, ...Object.fromEntries(inner), max: last2 };
}

// lrbook/live/browser/controls.js
var put = (element, key2, value) => element.getAttribute(key2) === value || element.setAttribute(key2, value);
function tendControls(panel, changed) {
  let stops = {};
  const tendAll = () => panel.querySelectorAll(".lr-control").forEach(tend);
  const watcher = new MutationObserver(() => {
    tendAll();
    changed();
  });
  watcher.observe(panel, { subtree: true, childList: true, attributeFilter: ["aria-valuetext"] });
  function tend(control) {
    const trait = Object.keys(stops).find((name2) => control.classList.contains(`lr-${name2}`));
    control.hidden = !control.classList.contains("lr-choice") && (!trait || stops[trait].values?.length === 1);
    const [label, handle, readout] = [".widget-label", ".noUi-handle", ".widget-readout"].map((part) => control.querySelector(part));
    if (!readout) return;
    put(handle, "aria-label", label.textContent);
    put(handle, "aria-valuetext", readout.textContent);
    put(readout, "aria-label", label.textContent);
    put(readout, "role", "textbox");
    const slider = control.querySelector(".noUi-target")?.noUiSlider;
    if (slider && trait && !control.hidden) setStops(slider, stops[trait]);
  }
  return {
    show(offered) {
      stops = offered;
      tendAll();
    },
    // Whether each control that is to be shown is there.
    areThere: () => Object.keys(stops).every((name2) => panel.querySelector(`.lr-control.lr-${name2} :is(.noUi-handle, select)`)),
    close: () => watcher.disconnect()
  };
}

// lrbook/live/browser/element.js
function make(name2, properties = {}, ...children) {
  const element = Object.assign(document.createElement(name2), properties);
  element.append(...children);
  return element;
}

// lrbook/live/browser/heat.js
var LABELS = { milestones: "milestones" };
var written = (value) => Array.isArray(value) ? value.map(short).join(", ") : typeof value === "number" ? short(value) : value;
var acrossOf = (p) => "max_lr" in p ? "max_lr" : "base_lr";
function tableOf(settings) {
  const across = acrossOf(settings[0].p);
  const names = Object.keys(settings[0].p).filter((name2) => name2 !== across);
  const differ = names.filter((name2) => new Set(settings.map(({ p }) => String(p[name2]))).size > 1);
  const rows = /* @__PURE__ */ new Map();
  for (const setting of settings) {
    const key2 = JSON.stringify(differ.map((name2) => setting.p[name2]));
    rows.set(key2, [...rows.get(key2) ?? [], setting]);
  }
  const order = (a, b) => a.values.flat().map((value, i) => value - b.values.flat()[i]).find((gap2) => gap2) ?? 0;
  const sorted = [...rows].map(([key2, cells]) => ({ values: JSON.parse(key2), cells })).sort(order);
  return { names: differ, across, rates: valuesOf(settings, across), rows: sorted };
}
function outcome({ runs }) {
  const ends = runs.filter((run) => !run.died).map((run) => run.test.at(-1));
  return { accuracy: ends.length ? mean(ends) : void 0, died: runs.length - ends.length, of: runs.length };
}
function heatMap(choose) {
  const summary = make("summary"), table = make("table"), note = make("p");
  const box = make("details", { className: "lr-atlas" }, summary, make("div", {}, table), note);
  let drawn, cells = [], waiting = () => {
  };
  function fill(recorded, kind, p) {
    const settings = settingsOf(recorded, kind, p), { names, across, rates, rows } = tableOf(settings);
    const label = (name2) => LABELS[name2] ?? recorded.kinds[kind][name2].label;
    const rateName = across === "base_lr" ? "base learning rate" : label(across);
    const ends = settings.map(outcome).filter(({ accuracy }) => accuracy !== void 0).map(({ accuracy }) => accuracy);
    const error = (accuracy) => -Math.log(1 - accuracy);
    const [worst, best] = [Math.min(...ends), Math.max(...ends)];
    const part = (accuracy) => (error(accuracy) - error(worst)) / (error(best) - error(worst) || 1);
    function cell(setting, values) {
      const { accuracy, died, of } = outcome(setting);
      const dead = died ? make("small", { textContent: `†${died}/${of}` }) : "";
      const button2 = make(
        "button",
        { type: "button", tabIndex: -1, onclick: () => choose(setting.p) },
        ...accuracy === void 0 ? [] : [accuracy.toFixed(3)],
        dead
      );
      const where = [`${across === "base_lr" ? "base rate" : rateName} ${short(setting.p[across])}`, ...values.map((value, i) => `${label(names[i])} ${written(value)}`)];
      const end = accuracy === void 0 ? "" : `: test accuracy ${accuracy.toFixed(3)}`;
      button2.setAttribute("aria-label", `${where.join(", ")}${end}${died ? `; ${died} of ${of} died` : ""}`);
      if (accuracy !== void 0) button2.style.setProperty("--part", part(accuracy));
      if (died) button2.className = "died";
      cells.push({ button: button2, setting });
      return make("td", {}, button2);
    }
    cells = [];
    const head = make(
      "tr",
      {},
      ...names.length ? [make("th", { scope: "col", className: "names", textContent: names.map(label).join(" · ") })] : [],
      ...rates.map((rate3) => make("th", { scope: "col", textContent: short(rate3) }))
    );
    const lines = rows.map(({ values, cells: settings2 }) => make(
      "tr",
      {},
      ...names.length ? [make("th", { scope: "row", textContent: values.map(written).join(" · ") })] : [],
      ...rates.map((rate3) => settings2.find((s) => s.p[across] === rate3)).map((s) => s ? cell(s, values) : make("td"))
    ));
    table.replaceChildren(make("caption", { textContent: `Test accuracy at the end, by ${rateName}` }), make("thead", {}, head), make("tbody", {}, ...lines));
    const scale2 = make("span", { className: "lr-scale" });
    note.replaceChildren(`Mean of the seeds that lived: ${worst.toFixed(3)} `, scale2, ` ${best.toFixed(3)}. Hatched: † so many of the seeds died. A click, or the arrow keys and Enter, set the sliders.`);
  }
  function reach(button2) {
    for (const cell of cells) cell.button.tabIndex = cell.button === button2 ? 0 : -1;
  }
  table.addEventListener("keydown", (event) => {
    const steps = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key];
    const from = event.target.closest("td");
    if (!steps || !from) return;
    event.preventDefault();
    const row = table.tBodies[0].rows[from.parentElement.sectionRowIndex + steps[0]];
    const to = row?.cells[from.cellIndex + steps[1]]?.querySelector("button");
    if (!to) return;
    reach(to);
    to.focus();
  });
  table.addEventListener("focusin", (event) => reach(event.target));
  box.addEventListener("toggle", () => waiting());
  box.draw = (recorded, kind, p, label, shown) => {
    summary.textContent = `All recorded settings${label && `: ${label}`}`;
    waiting = () => {
      if (!box.open || !shown) return;
      const key2 = JSON.stringify([kind, Object.keys(p), p.milestones?.length]);
      if (drawn?.recorded !== recorded || drawn.key !== key2) {
        fill(recorded, kind, p);
        drawn = { recorded, key: key2 };
        reach((cells.find(({ setting }) => setting === shown) ?? cells[0]).button);
      }
      for (const { button: button2, setting } of cells) {
        if (setting === shown) button2.setAttribute("aria-current", "true");
        else button2.removeAttribute("aria-current");
      }
    };
    waiting();
  };
  return box;
}

// lrbook/live/browser/kept.js
var promised = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});
async function open() {
  const request = indexedDB.open("lrbook", 1);
  request.onupgradeneeded = () => request.result.createObjectStore("runs", { keyPath: "key" });
  return promised(request);
}
var name = (kind, p) => JSON.stringify([kind, inOrder(complete(p))]);
var Kept = class extends EventTarget {
  runs = [];
  // each { key, kind, p, run, record }, oldest first
  lasting = true;
  // whether they survive a reload
  constructor() {
    super();
    this.ready = open().then(async (database) => {
      this.database = database;
      this.runs = await promised(this.store("readonly").getAll());
      this.runs.sort((a, b) => a.record.date < b.record.date ? -1 : 1);
      this.tell();
    }).catch(() => this.lasting = false);
  }
  store(mode) {
    return this.database.transaction("runs", mode).objectStore("runs");
  }
  tell() {
    this.dispatchEvent(new Event("change"));
  }
  // The runs of a setting.
  of(kind, p) {
    return this.runs.filter((entry) => name(entry.kind, entry.p) === name(kind, p));
  }
  // A repeated run is the same run: it has the same key.
  async add({ kind, p, run, record }) {
    const entry = { key: record.key, kind, p, run, record };
    this.runs = [...this.runs.filter(({ key: key2 }) => key2 !== entry.key), entry];
    this.tell();
    await this.write((store) => store.put(entry));
  }
  async remove(key2) {
    this.runs = this.runs.filter((entry) => entry.key !== key2);
    this.tell();
    await this.write((store) => store.delete(key2));
  }
  async write(request) {
    await this.ready;
    try {
      await promised(request(this.store("readwrite")));
    } catch {
      this.lasting = false;
      this.tell();
    }
  }
};
var keptRuns = () => globalThis.lrbookKept ??= new Kept();
function keptList(kept, name2 = ({ run }) => `your run with seed ${run.seed}`, more = () => []) {
  const box = Object.assign(document.createElement("div"), { className: "lr-kept", hidden: true });
  const list = document.createElement("ul"), save = document.createElement("button"), note = document.createElement("p");
  save.type = "button";
  save.onclick = () => download(kept.runs.map(({ record }) => JSON.stringify(record)).join("\n"));
  box.append(list, save, note);
  function item(entry) {
    const { key: key2, run } = entry, called = name2(entry);
    const end = run.died ? `died after epoch ${run.died}` : `test accuracy ${run.test.at(-1).toFixed(3)}`;
    const line2 = document.createElement("li"), remove = document.createElement("button");
    Object.assign(remove, { type: "button", textContent: "Remove", onclick: () => kept.remove(key2) });
    remove.setAttribute("aria-label", `Remove ${called}`);
    line2.append(`${called[0].toUpperCase()}${called.slice(1)}: ${end}. `, ...more(entry), remove);
    return line2;
  }
  box.draw = (mine) => {
    list.replaceChildren(...mine.map(item));
    box.hidden = kept.runs.length === 0;
    save.textContent = `Download your runs (${kept.runs.length})`;
    note.textContent = kept.lasting ? "" : "This browser doesn't keep your runs: they are gone when you leave the page.";
  };
  return box;
}
function download(text2) {
  const address = URL.createObjectURL(new Blob([`${text2}
`], { type: "application/jsonl" }));
  Object.assign(document.createElement("a"), { href: address, download: "page_runs.jsonl" }).click();
  setTimeout(() => URL.revokeObjectURL(address), 1e3);
}

// lrbook/live/browser/page_worker.js
var UNREACHABLE = "the engine can't be loaded; are you online?";
var folder = () => new URL(`${document.documentElement.dataset.content_root}_static/engine/`, document.baseURI).href;
var rounded = (loss) => Number.isFinite(loss) ? loss.toFixed(3) : "not a number";
var FETCHING = "Fetching 10,000 images (5 MB) …";
var problemWords = (problem) => `It can't train here: ${problem}${problem.endsWith("?") ? "" : "."}`;
function progressWords({ seed, epochs, train_loss, test_acc, died, seconds }) {
  const done = test_acc.length;
  const last2 = `train loss ${rounded(train_loss.at(-1))}, test accuracy ${test_acc.at(-1).toFixed(3)}`;
  let words = `Seed ${seed}, epoch ${done} of ${epochs} in this page: ${last2}.`;
  if (died) words += ` It died after epoch ${died}.`;
  else if (done < epochs) words += ` About ${Math.ceil(seconds / done * (epochs - done))} s left.`;
  return words;
}
var onSite = () => ({ script: `${folder()}worker.js`, data: folder() });
function pageWorker(hear, place = onSite) {
  let worker, state = "idle";
  let hidden = false;
  let fetched = false;
  let going = "resume";
  function answer({ data }) {
    const next = data.state;
    if (next) state = next;
    if (!(hidden && next === "paused")) hear(data);
    if (next === "training") {
      fetched = true;
      if (document.hidden) rest();
    }
  }
  function fail(problem) {
    state = "idle";
    hear({ state, problem });
  }
  function make2() {
    const made = new Worker(place().script);
    made.onmessage = answer;
    made.onerror = (event) => {
      event.preventDefault();
      made.terminate();
      worker = void 0;
      fetched = false;
      fail(UNREACHABLE);
    };
    return made;
  }
  function rest() {
    hidden = true;
    worker.postMessage({ do: "pause" });
  }
  const onVisibility = () => {
    if (document.hidden && state === "training") rest();
    else if (!document.hidden && hidden) {
      hidden = false;
      worker?.postMessage({ do: going });
    }
  };
  document.addEventListener("visibilitychange", onVisibility);
  return {
    get state() {
      return state;
    },
    get fetched() {
      return fetched;
    },
    start(setting) {
      [hidden, going] = [false, "resume"];
      try {
        worker ??= make2();
      } catch {
        return fail("this browser has no workers");
      }
      worker.postMessage({ do: "start", data: place().data, ...setting });
    },
    tell(message) {
      if (message.do === "epoch" || message.do === "resume") going = message.do;
      worker?.postMessage(message);
    },
    close() {
      document.removeEventListener("visibilitychange", onVisibility);
      worker?.terminate();
    }
  };
}

// lrbook/live/browser/page_trainer.js
var EPOCHS2 = 30;
function pageTrainer(kept, place) {
  let hear, asked, run;
  const worker = pageWorker(answer, place);
  function answer({ state, update, run: told, record, problem }) {
    if (state === "loading" && !worker.fetched) hear({ words: FETCHING });
    if (state) hear(said[state]);
    if (update) hear({ progress: update.update / update.of });
    if (told) show(told);
    if (record) kept.add({ ...asked, run, record });
    if (problem) hear({ problem: problemWords(problem), state: "idle" });
  }
  const said = {
    loading: { state: "training" },
    training: { state: "training" },
    paused: { state: "paused", words: "Stopped; it can go on from here." },
    ended: { state: "done" },
    idle: { state: "idle" }
  };
  function show(told) {
    const { seed, epochs, train_loss, train_acc, test_acc, died } = told;
    run = { seed, epochs, died, loss: train_loss, train: train_acc, test: test_acc };
    hear({ run, words: progressWords(told) });
  }
  function train({ kind, p, seed }) {
    asked = { kind, p };
    run = void 0;
    worker.start({ kind, p, seed, epochs: EPOCHS2, momentum: 0 });
  }
  return {
    on: (_, callback) => hear = callback,
    send({ ask, ...setting }) {
      if (ask === "train") train(setting);
      if (ask === "stop") {
        if (worker.state === "loading") hear({ words: "Stopped before the start." });
        worker.tell({ do: worker.state === "loading" ? "stop" : "pause" });
      }
      if (ask === "forget") worker.tell({ do: "stop" });
      if (ask === "resume") worker.tell({ do: "resume" });
    },
    close: worker.close
  };
}

// lrbook/live/browser/notebook_trainer.js
var CHOICES = { kernel: "MXNet, in the kernel", page: "this page's engine" };
var NOWHERE = { add() {
} };
function notebookTrainer(model) {
  const options = Object.entries(CHOICES).map(([value, textContent]) => make("option", { value, textContent }));
  const select = make("select", {}, ...options);
  select.value = "kernel";
  const label = make("label", {}, "Train with ", select);
  let hear, page, waiting;
  const seeds2 = {};
  model.on("msg:custom", ({ engine, files, problem }, buffers) => {
    if (problem) waiting = void 0;
    if (!engine) return;
    const script = URL.createObjectURL(new Blob([engine], { type: "text/javascript" }));
    const bytes = ({ buffer, byteOffset, byteLength }) => new Uint8Array(buffer, byteOffset, byteLength);
    const data = Object.fromEntries(files.map((file, i) => [file, bytes(buffers[i])]));
    page = pageTrainer(NOWHERE, () => ({ script, data }));
    page.on("msg:custom", hear);
    waiting?.();
    waiting = void 0;
  });
  function trainHere({ kind, p }) {
    const setting = JSON.stringify({ kind, p });
    seeds2[setting] = (seeds2[setting] ?? -1) + 1;
    page.send({ ask: "train", kind, p, seed: seeds2[setting] });
  }
  function send(message) {
    if (select.value === "kernel") return model.send(message);
    if (message.ask === "train" && !page) {
      waiting = () => trainHere(message);
      hear({ words: "The kernel hands over the engine and 10,000 images (5 MB) …" });
      return model.send({ ask: "engine" });
    }
    if (message.ask === "train") return trainHere(message);
    if (!page) {
      waiting = void 0;
      return hear({ words: "Stopped before the start.", state: "idle" });
    }
    page.send(message);
  }
  select.onchange = () => {
    waiting = void 0;
    if (select.value === "page") model.send({ ask: "stop" });
    page?.send({ ask: "forget" });
    hear({ state: "idle", words: "" });
  };
  return {
    label,
    send,
    on(name2, callback) {
      hear = callback;
      model.on(name2, callback);
    },
    close: () => page?.close()
  };
}

// lrbook/live/browser/options.js
function option(words, change) {
  const box = make("input", { type: "checkbox", onchange: () => change(box.checked) }), said = make("span");
  const label = make("label", { className: "lr-option" }, box, said);
  label.box = box;
  label.say = (more) => said.textContent = more ? `${words} (${more})` : words;
  label.say();
  return label;
}

// lrbook/live/browser/pair.js
function pairOf(panel) {
  const element = panel.closest(".lr-compare");
  if (!element) return void 0;
  element.lrPair ??= makePair(element);
  return element.lrPair;
}
function makePair(element) {
  const parts = [];
  const colourOf = (part) => part.series()?.colour;
  const pair = {
    element,
    // A chart tells what it would draw, `series()`, and what redraws it.
    enter(panel, part) {
      parts[[...element.children].indexOf(panel)] = part;
      pair.redraw();
    },
    leave: (part) => delete parts[parts.indexOf(part)],
    isFirst: (panel) => element.firstElementChild === panel,
    isOne: () => element.classList.contains("lr-one"),
    redraw: () => parts.forEach((part) => part.paint()),
    // Whether a panel is the second with that colour, in the same plots.
    isSecond: (part) => pair.isOne() && parts[0] !== void 0 && part === parts[1] && colourOf(part) === colourOf(parts[0]),
    // What a panel's plots show: both schedules, its own, or nothing.
    series(part) {
      if (!pair.isOne()) return [part.series()];
      if (part !== parts[0]) return [];
      return parts.filter((other) => other?.series()).map((other) => ({ ...other.series(), second: pair.isSecond(other) }));
    }
  };
  return pair;
}

// lrbook/live/browser/train.js
var button = (label) => Object.assign(document.createElement("button"), { type: "button", textContent: label });
function trainBox(model, setting, show) {
  const box = Object.assign(document.createElement("div"), { className: "lr-train", hidden: true });
  const [train, stop, resume, keep, race] = ["Train this", "Stop", "Go on", "Keep this run", "Race both"].map(button);
  const bar = Object.assign(document.createElement("progress"), { value: 0 });
  bar.setAttribute("aria-label", "epochs trained");
  const said = document.createElement("span");
  said.setAttribute("role", "status");
  box.append(train, race, stop, resume, keep, bar, said);
  let asked, trained;
  let pair = false;
  function become(state) {
    train.hidden = state === "training";
    race.hidden = !pair || state === "training";
    stop.hidden = bar.hidden = state !== "training";
    resume.hidden = state !== "paused";
    keep.hidden = state !== "whole";
    if (state === "done") trained = asked;
    box.update();
  }
  box.start = (seed) => {
    asked = JSON.stringify(setting());
    become("training");
    bar.removeAttribute("value");
    said.textContent = "Starting …";
    model.send({ ask: "train", ...setting(), ...seed === void 0 ? {} : { seed } });
  };
  box.update = () => {
    train.textContent = trained === JSON.stringify(setting()) ? "Again with another seed" : "Train this";
  };
  box.offerRace = (boxes) => {
    pair = true;
    race.hidden = train.hidden;
    race.onclick = () => {
      const seed = Math.max(...boxes().map((other) => other.nextSeed()));
      boxes().forEach((other) => other.start(seed));
    };
  };
  train.onclick = () => box.start(box.nextSeed?.());
  stop.onclick = () => model.send({ ask: "stop" });
  resume.onclick = () => model.send({ ask: "resume" });
  keep.onclick = () => model.send({ ask: "keep" });
  model.on("msg:custom", ({ runs, run, progress, problem, state, words }) => {
    if (runs) box.hidden = false;
    if (progress) [bar.max, bar.value] = [1, progress];
    if (run) {
      [bar.max, bar.value] = [run.epochs, run.loss.length];
      show({ ...run, loss: run.loss.map((v) => v ?? NaN) });
    }
    if (state) become(state);
    if (words || problem) said.textContent = words ?? problem;
  });
  become("idle");
  return box;
}

// lrbook/live/browser/chart.js
var WIDE = 640;
function render({ model, el }) {
  const plots = { schedule: svg("svg", { role: "img" }), runs: svg("svg", { role: "img" }) };
  const words = { schedule: document.createElement("p"), runs: document.createElement("p") };
  const live = Object.assign(document.createElement("div"), { className: "lr-words" });
  live.setAttribute("aria-live", "polite");
  live.append(words.schedule, words.runs);
  const both = Object.assign(document.createElement("div"), { className: "lr-plots" });
  both.append(plots.schedule, plots.runs);
  el.classList.add("lr-chart");
  plots.schedule.classList.add("lr-schedule");
  plots.runs.classList.add("lr-runs");
  let recorded, missing = "Loading the recorded runs …", mine, own2, painted, settled, panel, pair, controls;
  const onSite2 = "content_root" in document.documentElement.dataset;
  let coming = onSite2;
  const kept = onSite2 && keptRuns(), list = onSite2 && keptList(kept);
  const trainer = onSite2 ? pageTrainer(kept) : notebookTrainer(model);
  const box = trainBox(trainer, () => setting().asked, (run) => (mine = run, draw()));
  if (!onSite2) box.prepend(trainer.label);
  const heat = heatMap(goTo);
  const only = option("only recorded settings", () => draw());
  const one = option("both in one plot", () => arrange());
  only.box.disabled = true;
  one.box.checked = true;
  one.classList.add("lr-layout");
  const more = Object.assign(document.createElement("div"), { className: "lr-chart" });
  more.append(only, box, live, ...onSite2 ? [list] : [], heat);
  el.append(both, more);
  const names = model.get("choices").flatMap(({ traits }) => Object.values(traits).flat());
  const starts = Object.fromEntries(names.map((name2) => [name2, model.get(name2)]));
  function setting() {
    const { kind, label, colour, traits, words: words2, logs } = model.get("choices")[model.get("choice")];
    const read = (name2) => Array.isArray(name2) ? name2.map(read) : Number(model.get(name2).toPrecision(12));
    const p = Object.fromEntries(Object.entries(traits).map(([key2, name2]) => [key2, read(name2)]));
    for (const key2 in words2) p[key2] = words2[key2][p[key2]];
    p.milestones?.sort((a, b) => a - b);
    const idly = idle(kind, p);
    return { label, colour, traits, words: words2, logs, idly, asked: { kind, p: { ...p, ...idly } } };
  }
  function goTo(p) {
    const { traits, words: words2 } = setting(), values = {};
    for (const key2 in traits) {
      [traits[key2]].flat().forEach((name2, i) => values[name2] = key2 in words2 ? words2[key2].indexOf(p[key2]) : [p[key2]].flat()[i]);
    }
    model.set(values);
    model.save_changes();
  }
  function draw() {
    const now2 = setting();
    const { label, colour, asked: { kind, p } } = now2;
    const found = recorded && nearest(recorded, kind, p);
    const same = found && isSame(recorded, found, p);
    if (found && only.box.checked && !same) return goTo(found.p);
    const points = curve(kind, p);
    const ghost = found && !same && curve(kind, found.p);
    model.set("peak", Math.max(peak(points), ghost ? peak(ghost) : 0));
    const earlier = onSite2 ? kept.of(kind, p) : [];
    const keys = earlier.map(({ key: key2 }) => key2).join();
    if (!own2 || own2.found !== found || own2.runs.mine !== mine || own2.keys !== keys || own2.colour !== colour) {
      own2 = { found, keys, colour, runs: { colour, runs: found?.runs ?? [], mine, kept: earlier.map(({ run }) => run) } };
    }
    own2.curve = { colour, points, ghost };
    own2.said = { schedule: describeCurve(label, points), runs: recorded ? describeRuns(recorded, found, p) : missing };
    if (onSite2) list.draw(earlier);
    box.update();
    attach();
    controls?.show(stops(now2));
    reveal();
    heat.draw(recorded, kind, p, pair ? label : "", found);
    only.hidden = heat.hidden = recorded ? !found : !coming;
    if (pair) pair.redraw();
    else paint();
  }
  function reveal() {
    if (!own2 || !frame()?.clientWidth || !controls?.areThere()) return;
    if (!panel.style.getPropertyValue("--lr-policy")) arrange();
    panel.style.setProperty("--lr-policy", own2.colour);
  }
  function stops({ traits, logs, idly, asked: { kind, p } }) {
    const settings = recorded && only.box.checked ? settingsOf(recorded, kind, p) : [];
    only.say(settings.length ? fixedOf(recorded, settings, p) : "");
    const moved = Object.entries(traits).filter(([key2]) => !(key2 in idly));
    return Object.fromEntries(moved.flatMap(([key2, name2]) => [name2].flat().map((trait, i) => [trait, {
      isRate: logs.includes(key2),
      start: starts[trait],
      values: settings.length ? valuesOf(settings, key2, i) : void 0
    }])));
  }
  function paint() {
    if (!own2) return;
    const shown = pair ? pair.series(part) : [part.series()];
    const width = Math.max(260, plots.schedule.clientWidth || 640);
    const now2 = { width, shown, highest: tallest() };
    if (shown.length) {
      drawCurves(plots.schedule, width, shown.map(({ curve: curve2, ...look }) => ({ ...look, ...curve2 })), now2.highest);
      const old = painted?.shown ?? [];
      if (painted?.width !== width || old.length !== shown.length || shown.some(({ runs, second }, i) => runs !== old[i].runs || second !== old[i].second)) {
        drawRuns(plots.runs, width, shown.map(({ runs, second }) => ({ ...runs, second })));
      }
    }
    painted = now2;
    panel?.classList.toggle("lr-second", Boolean(pair?.isSecond(part)));
    for (const which in plots) {
      plots[which].setAttribute("aria-label", (shown.length ? shown : [part.series()]).map(({ said }) => said[which]).join(" "));
    }
    say();
  }
  const part = { series: () => own2 && { colour: own2.colour, curve: own2.curve, runs: own2.runs, said: own2.said }, paint };
  const tallest = () => Math.max(model.get("peak"), model.get("neighbour_peak"));
  function rescale() {
    if (painted && scale(tallest())[0] !== scale(painted.highest)[0]) paint();
  }
  function say() {
    clearTimeout(settled);
    const speak = () => {
      for (const key2 in words) if (words[key2].textContent !== own2.said[key2]) words[key2].textContent = own2.said[key2];
    };
    settled = setTimeout(speak, words.schedule.textContent ? 250 : 0);
  }
  function attach() {
    panel ??= el.closest(".lr-panel");
    if (!panel || controls) return;
    panel.append(more);
    controls = tendControls(panel, reveal);
    pair = pairOf(panel);
    if (pair?.isFirst(panel)) {
      only.after(one);
      if (onSite2) box.offerRace(() => [...pair.element.querySelectorAll(".lr-train")]);
    }
    arrange();
    pair?.enter(panel, part);
    resized.observe(frame());
  }
  const frame = () => pair?.element ?? panel;
  function arrange() {
    if (!panel || pair && !pair.isFirst(panel)) return;
    const wide = frame().clientWidth >= WIDE;
    frame().classList.toggle("lr-wide", wide);
    if (pair) {
      frame().classList.toggle("lr-one", !wide || one.box.checked);
      pair.redraw();
    }
  }
  function take(runs) {
    recorded = runs;
    only.box.disabled = false;
    draw();
  }
  function fail(error) {
    missing = `The recorded runs can't be shown: ${error.message}. The sliders and the schedule work.`;
    coming = false;
    words.runs.classList.add("lr-problem");
    draw();
  }
  function keepMine() {
    if (mine && (mine.died || mine.loss.length === mine.epochs)) mine = void 0;
    draw();
  }
  if (onSite2) {
    box.hidden = false;
    box.nextSeed = () => {
      const { kind, p } = setting().asked;
      return 1 + Math.max(-1, ...kept.of(kind, p).map(({ run }) => run.seed));
    };
    fetchRuns().then(take).catch(fail);
    kept.addEventListener("change", keepMine);
  } else {
    missing = "Run this cell to see the recorded runs.";
    model.on("msg:custom", ({ runs, problem }) => {
      if (runs) take(unpack(runs));
      else if (problem && !recorded) fail(new Error(problem));
    });
    model.send({ ask: "runs" });
  }
  for (const name2 of /* @__PURE__ */ new Set(["choice", ...names])) model.on(`change:${name2}`, draw);
  model.on("change:neighbour_peak", rescale);
  const resized = new ResizeObserver(() => {
    arrange();
    draw();
  });
  resized.observe(plots.schedule);
  return () => {
    resized.disconnect();
    more.remove();
    controls?.close();
    pair?.leave(part);
    clearTimeout(settled);
    trainer.close();
    if (onSite2) kept.removeEventListener("change", keepMine);
  };
}
var chart_default = { render };
export {
  chart_default as default
};
