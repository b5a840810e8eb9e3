// Bundled by esbuild from lrbook/live/laboratory/.

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

// lrbook/live/browser/plot.js
var EPOCHS = 30;
var LEFT = 58;
var RIGHT = 14;
var svg = (name2, attributes = {}, ...children) => {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name2);
  for (const key in attributes) element.setAttribute(key, attributes[key]);
  element.append(...children);
  return element;
};
var text = (content, attributes) => svg("text", attributes, content);
var short = (x) => String(Number(x.toPrecision(3)));
var line = (points) => points.map(([x, y], i) => `${i ? "L" : "M"}${x.toFixed(2)} ${y.toFixed(2)}`).join("");
var series = ({ colour, second }, ...parts) => svg("g", { class: second ? "series second" : "series", ...colour && { style: `--lr-policy: ${colour}` } }, ...parts.flat());
var timeScale = (width) => (t) => LEFT + (width - RIGHT - LEFT) * t / EPOCHS;
function axes({ width, upper, lower, title, grid, times = true }) {
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
    if (times) marks.push(text(t, { x: x(t), y: lower + 19, "text-anchor": "middle" }));
  }
  if (times) marks.push(text("epoch", { x: (LEFT + right) / 2, y: lower + 38, "text-anchor": "middle" }));
  return marks;
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

// lrbook/live/browser/curve.js
function describeCurve(label, points) {
  const at = ([t, y]) => `${short(y)} at epoch ${short(t)}`;
  const first = points[0], last = points.at(-1);
  const highest = points.reduce((best, p) => p[1] > best[1] * (1 + 1e-9) ? p : best);
  const moving = points.findLastIndex(([, y]) => Math.abs(y - last[1]) > 1e-6 * last[1]);
  const said = [at(first)];
  if (highest !== first) said.push(`peak ${at(highest)}`);
  if (moving < 0) said[0] = `${short(last[1])} throughout`;
  else if (EPOCHS - points[moving][0] > 1) said.push(`${short(last[1])} from epoch ${short(points[moving + 1][0])} on`);
  else said.push(at(last));
  return `${label}: learning rate ${said.join(", ")}.`;
}

// lrbook/live/browser/setting.js
var NO_WARMUP = { duration: 0, start_lr: 0, mode: "linear" };
function complete(p) {
  if (!("duration" in p)) return { ...NO_WARMUP, ...p };
  return p.duration ? p : { ...p, ...NO_WARMUP };
}
var inOrder = (p) => Object.fromEntries(Object.entries(p).sort(([a], [b]) => a < b ? -1 : 1));

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
    this.runs = [...this.runs.filter(({ key }) => key !== entry.key), entry];
    this.tell();
    await this.write((store) => store.put(entry));
  }
  async remove(key) {
    this.runs = this.runs.filter((entry) => entry.key !== key);
    this.tell();
    await this.write((store) => store.delete(key));
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
    const { key, run } = entry, called = name2(entry);
    const end = run.died ? `died after epoch ${run.died}` : `test accuracy ${run.test.at(-1).toFixed(3)}`;
    const line2 = document.createElement("li"), remove2 = document.createElement("button");
    Object.assign(remove2, { type: "button", textContent: "Remove", onclick: () => kept.remove(key) });
    remove2.setAttribute("aria-label", `Remove ${called}`);
    line2.append(`${called[0].toUpperCase()}${called.slice(1)}: ${end}. `, ...more(entry), remove2);
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

// lrbook/live/browser/runs.js
var CURVES = ["loss", "train", "test"];
var mean = (values) => values.reduce((a, b) => a + b, 0) / values.length;

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
    const own2 = mine ? drawn(mine, "mine") : [];
    return series(look, runs.flatMap((run) => drawn(run, "thin")), means, kept.flatMap((run) => drawn(run, "kept")), own2);
  }
  const all = shown.flatMap(({ runs, mine, kept }) => [...runs, ...kept, ...mine ? [mine] : []]);
  const own = shown.flatMap(({ mine, kept }) => [...kept, ...mine ? [mine] : []]);
  const died = all.filter((run) => run.died).map((run) => x(run.died));
  const key = (name2, at) => [
    path(`mean ${name2}`, `M${at} ${rows.accuracy[0] - 8}h24`),
    text(name2, { x: at + 29, y: rows.accuracy[0] - 4 })
  ];
  plot.setAttribute("viewBox", `0 0 ${width} ${rows.accuracy[1] + 44}`);
  plot.replaceChildren(
    ...axes({ width, upper: rows.loss[0], lower: rows.loss[1], title: "train loss", grid: LOSSES.map((v) => [lossScale(v), v]), times: false }),
    ...axes({ width, upper: rows.accuracy[0], lower: rows.accuracy[1], title: "accuracy", grid: ACCURACIES.map((v) => [y.test(v), v]) }),
    text("log scale of errors", { class: "note", x: x(0), y: rows.accuracy[0] - 4 }),
    ...key("test", x(EPOCHS) - 132),
    ...key("train", x(EPOCHS) - 64),
    ...shown.map(drawSeries),
    ...["loss", "test"].flatMap((name2) => deaths(died, y[name2](chance[name2]) - 6, x(EPOCHS))),
    ...seeds(own, x, y.test)
  );
}
function deaths(crosses, row, end) {
  const groups = [];
  for (const at of [...crosses].sort((a, b) => a - b)) {
    const last = groups.at(-1);
    if (last && at < last.at(-1) + DEAD) last.push(at);
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

// lrbook/live/laboratory/points.js
var LOWEST = 1e-3;
var HIGHEST = 2;
var GAP = 0.5;
var MOST = 40;
var ROUND = [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8];
var RATES = [
  0,
  ...[-3, -2, -1, 0].flatMap((power) => ROUND.map((x) => Number((x * 10 ** power).toPrecision(2)))).filter((r) => r <= HIGHEST)
];
var nearestStep = (lr) => {
  const far = (r) => Math.abs(Math.log(Math.max(lr, LOWEST / 2)) - Math.log(Math.max(r, LOWEST / 2)));
  return RATES.reduce((best, r, i) => far(r) < far(RATES[best]) ? i : best, 0);
};
function step(lr, by) {
  const found = by > 0 ? RATES.find((r) => r > lr * (1 + 1e-9)) : RATES.findLast((r) => r < lr * (1 - 1e-9));
  return found ?? (by > 0 ? HIGHEST : 0);
}
var clamp = (x, low, high) => Math.min(Math.max(x, low), high);
var snapTime = (t) => Math.round(t / GAP) * GAP;
function snapRate(lr) {
  if (lr < LOWEST) return lr < LOWEST / 2 ? 0 : LOWEST;
  return Math.min(Number(lr.toPrecision(2)), HIGHEST);
}
function move(drawn, i, [t, lr], now = 0) {
  const { points } = drawn;
  const low = Math.max(points[i - 1]?.[0] + GAP, now), high = (points[i + 1]?.[0] ?? EPOCHS + GAP) - GAP;
  const time = i === 0 ? 0 : low > high ? points[i][0] : clamp(snapTime(t), low, high);
  return { ...drawn, points: points.with(i, [time, clamp(lr, 0, HIGHEST)]) };
}
function add(drawn, [t, lr], now = 0) {
  const time = clamp(snapTime(t), now, EPOCHS), { points } = drawn;
  if (points.length >= MOST || points.some(([other]) => Math.abs(other - time) < GAP)) return void 0;
  const place = points.findLastIndex(([other]) => other < time) + 1;
  return { drawn: { ...drawn, points: points.toSpliced(place, 0, [time, clamp(lr, 0, HIGHEST)]) }, place };
}
function roomiest({ points }, now = 0) {
  const times = [...points.map(([t]) => t), EPOCHS];
  let best, widest = 0;
  for (let i = 1; i < times.length; i++) {
    const from = Math.max(times[i - 1], now);
    if (times[i] - from > widest) [best, widest] = [(from + times[i]) / 2, times[i] - from];
  }
  return best;
}
var remove = (drawn, i) => i === 0 ? drawn : { ...drawn, points: drawn.points.toSpliced(i, 1) };
var tableOf = ({ points, interpolation }) => ({ times: points.map(([t]) => t), rates: points.map(([, lr]) => lr), interpolation });
var drawnOf = ({ times, rates, interpolation }) => ({ points: times.map((t, i) => [t, rates[i]]), interpolation });
var three = (x) => Number(x.toPrecision(3));
var FINE = 0.02;
function worst(samples, from, to) {
  const [[t0, a], [t1, b]] = [samples[from], samples[to]];
  let most = 0, place;
  for (let i = from + 1; i < to; i++) {
    const [t, lr] = samples[i];
    const off = Math.abs(a + (b - a) * (t - t0) / (t1 - t0) - lr) / Math.max(lr, FINE);
    if (off > most) [most, place] = [off, i];
  }
  return { most, place };
}
function simplify(samples, part = 0.05) {
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
var POLICIES = [
  { label: "Constant", kind: "Constant", p: { base_lr: 0.3 } },
  { label: "Square root", kind: "SquareRoot", p: { base_lr: 0.3 } },
  { label: "Factor", kind: "Factor", p: { base_lr: 0.3, factor: 0.9, final_lr: 0.01 } },
  { label: "Multi-factor", kind: "MultiFactor", p: { base_lr: 0.3, milestones: [15, 25], factor: 0.1 } },
  { label: "Polynomial", kind: "Polynomial", p: { base_lr: 0.3, final_lr: 0.01, horizon: 20, power: 2 } },
  { label: "Cosine", kind: "Cosine", p: { base_lr: 0.3, final_lr: 0.01, horizon: 20 } },
  { label: "Warmup, then cosine", kind: "Cosine", p: { base_lr: 0.3, final_lr: 0.01, horizon: 15, duration: 5, start_lr: 0, mode: "linear" } },
  { label: "A line to the end", kind: "Polynomial", p: { base_lr: 0.3, final_lr: 0.01, horizon: 30, power: 1 } },
  { label: "Warmup, stable, decay", kind: "WarmupStableDecay", p: { base_lr: 0.3, final_lr: 0.01, warmup: 3, stable: 17, cooldown: 10, shape: "linear" } },
  { label: "One cycle", kind: "OneCycle", p: { start_lr: 0.012, max_lr: 0.3, final_lr: 1e-3, rise: 9, fall: 21, shape: "cosine" } },
  { label: "Restarts", kind: "Restarts", p: { base_lr: 0.3, final_lr: 0.01, period: 10, multiplier: 2 } },
  { label: "Triangles", kind: "Triangular", p: { base_lr: 0.03, max_lr: 0.3, half_cycle: 5, mode: "plain", factor: 1 } },
  { label: "Inverse square root", kind: "InverseSquareRoot", p: { base_lr: 0.3, warmup: 3 } },
  { label: "Range test", kind: "Ramp", p: { base_lr: 1e-3, final_lr: 2, horizon: 30 } }
];
function drawPolicy({ kind, p }) {
  if (kind === "MultiFactor") return { points: [0, ...p.milestones].map((t) => [t, three(rate2(kind, p, t))]), interpolation: "steps" };
  const samples = Array.from({ length: 1 + EPOCHS }, (_, t) => [t, rate2(kind, p, t < EPOCHS ? t : t * (1 - 1e-9))]);
  return { points: simplify(samples), interpolation: "linear" };
}

// lrbook/live/laboratory/address.js
var MOMENTUM = 0.9;
var hashOf = ({ drawn: { points, interpolation }, seed, momentum }) => `#points=${points.map((point) => point.join(":")).join(",")}&interpolation=${interpolation}&seed=${seed}&momentum=${momentum}`;
function settingOf(hash) {
  const said = new URLSearchParams(hash.slice(1));
  if (!said.has("points")) return void 0;
  const points = said.get("points").split(",").map((text2) => text2.split(":").map(number));
  const inside = points.every((point) => point.length === 2 && point[0] >= 0 && point[0] <= EPOCHS && point[1] >= 0 && point[1] <= HIGHEST);
  const increasing = points.every(([t], i) => i ? t > points[i - 1][0] : t === 0);
  if (!inside || !increasing || points.length > MOST) throw new Error("its points are no schedule");
  const interpolation = said.get("interpolation") ?? "linear";
  if (!["linear", "steps"].includes(interpolation)) throw new Error("its points are joined in no known way");
  const [seed, momentum] = ["seed", "momentum"].map((name2) => number(said.get(name2) ?? "0"));
  if (!(Number.isInteger(seed) && seed >= 0 && seed < 2 ** 32)) throw new Error("its seed is no whole number from 0 to 4294967295");
  if (![0, MOMENTUM].includes(momentum)) throw new Error(`its momentum is neither 0 nor ${MOMENTUM}`);
  return { drawn: { points, interpolation }, seed, momentum };
}
var number = (text2) => /^\d/.test(text2) ? Number(text2) : NaN;

// lrbook/live/browser/element.js
function make(name2, properties = {}, ...children) {
  const element = Object.assign(document.createElement(name2), properties);
  element.append(...children);
  return element;
}

// lrbook/live/laboratory/panel.js
var button = (textContent) => make("button", { type: "button", textContent });
var labelled = (text2, control) => make("label", {}, `${text2} `, control);
var options = (names) => names.map((name2, i) => make("option", { value: i, textContent: name2 }));
var MAIN = { idle: "Start", loading: "Pause", training: "Pause", paused: "Go on", ended: "Start" };
var JOINED = ["linear", "steps"];
var COPIED = 2e3;
function panel(policies, rates, epochs) {
  const on = {};
  const policy = make("select", {}, make("option", { value: "", textContent: "a policy …" }), ...options(policies));
  const joined = make("select", {}, ...options(["by lines", "by steps"]));
  const [plus, minus, clear] = ["Add a point", "Remove point", "Clear"].map(button);
  const [main, one, anew, undo, plan] = ["Start", "One epoch", "Start anew", "Undo to epoch", "Back to plan"].map(button);
  const epoch = make("input", { type: "number", min: 0, max: 0, value: 0 });
  epoch.setAttribute("aria-label", "Epoch to go back to");
  const seed = make("input", { type: "number", min: 0, max: 2 ** 32 - 1, step: 1 });
  const momentum = make("input", { type: "checkbox" });
  const slider = make("input", { type: "range", min: 0, max: rates.length - 1, step: 1 });
  const reading = make("output");
  const bar = make("progress", { max: 1, value: 0 });
  bar.setAttribute("aria-label", "epochs trained");
  const status = make("span", { className: "lab-status" });
  status.setAttribute("role", "status");
  const complaint = make("p", { className: "lab-problem", hidden: true });
  complaint.setAttribute("role", "alert");
  const python = make("code"), code = make("pre", { tabIndex: 0 }, python);
  let chosen = false;
  const [copyCode, copyLink] = ["Copy the code", "Copy the link"].map(button);
  const row = (className, ...children) => make("div", { className }, ...children);
  const box = make("div", { className: "lab" });
  policy.onchange = () => {
    if (policy.value !== "") on.policy(Number(policy.value));
    policy.value = "";
  };
  joined.onchange = () => on.interpolation(JOINED[joined.value]);
  for (const [control, name2] of [[plus, "add"], [minus, "remove"], [clear, "clear"], [main, "main"], [one, "one"], [anew, "anew"], [plan, "plan"]]) {
    control.onclick = () => on[name2]();
  }
  epoch.oninput = () => chosen = true;
  undo.onclick = () => {
    if (!epoch.reportValidity()) return;
    chosen = false;
    on.undo(Number(epoch.value));
  };
  seed.onchange = () => seed.reportValidity() && seed.value !== "" ? on.seed(Number(seed.value)) : void 0;
  momentum.onchange = () => on.momentum(momentum.checked);
  slider.oninput = () => on.rate(rates[slider.value]);
  copyCode.onclick = () => copy(copyCode, python.textContent);
  copyLink.onclick = () => copy(copyLink, location.href);
  async function copy(pressed, text2) {
    const before = pressed.textContent;
    try {
      await navigator.clipboard.writeText(text2);
      pressed.textContent = "Copied";
    } catch {
      pressed.textContent = "This browser doesn't allow it";
    }
    setTimeout(() => pressed.textContent = before, COPIED);
  }
  function fill(chart, results, list) {
    box.append(
      complaint,
      row("lab-tools", labelled("Start from", policy), labelled("Points joined", joined), plus, minus, clear),
      chart,
      row("lab-hand", labelled("Rate by hand", slider), reading, plan),
      row("lab-buttons", main, one, anew, make("span", {}, undo, " ", epoch), labelled("Seed", seed), labelled("Momentum 0.9", momentum)),
      row("lab-said", bar, status),
      results,
      list,
      make("details", {}, make("summary", { textContent: "As Python" }), code, copyCode),
      row("lab-share", copyLink, " The address of this page holds your points, the seed and the momentum.")
    );
  }
  const put = (control, key, value) => control[key] === value || (control[key] = value);
  function draw({ python: text2, drawn, selected, seed: asked, momentum: used, state, live, now, hand, words, lr, done, part }) {
    put(joined, "value", String(JOINED.indexOf(drawn.interpolation)));
    const point = drawn.points[selected];
    put(minus, "disabled", !(selected > 0 && point) || live && point[0] <= now);
    put(main, "textContent", MAIN[state]);
    put(one, "disabled", state === "loading" || state === "training");
    put(anew, "disabled", state !== "paused");
    const back = live || state === "ended";
    for (const control of [undo, epoch]) put(control, "disabled", !back || done === 0 && now === 0);
    put(epoch, "max", String(Math.max(0, done)));
    if (!chosen) put(epoch, "value", String(Math.max(0, done - 1)));
    if (document.activeElement !== seed) put(seed, "value", String(asked));
    put(momentum, "checked", used > 0);
    for (const control of [seed, momentum]) put(control, "disabled", state === "training" || state === "loading");
    put(slider, "disabled", !live);
    put(plan, "disabled", !live || hand === null);
    if (hand === null) put(slider, "value", String(nearestStep(lr)));
    const said = short(lr);
    put(reading, "textContent", said);
    if (slider.getAttribute("aria-valuetext") !== said) slider.setAttribute("aria-valuetext", said);
    put(bar, "value", part);
    put(bar, "hidden", state === "idle");
    put(status, "textContent", words);
    put(python, "textContent", text2);
  }
  function complain(words) {
    put(complaint, "textContent", words);
    complaint.hidden = !words;
  }
  return { box, on, fill, draw, complain };
}

// lrbook/live/laboratory/python.js
var tuple = (numbers) => `(${numbers.join(", ")}${numbers.length === 1 ? "," : ""})`;
var short2 = (x) => Number(x.toPrecision(12));
function multiFactor([[, first], ...drops]) {
  const factor = short2(drops[0][1] / first);
  const exact = drops.every(([, lr], i) => Math.abs(lr - first * factor ** (i + 1)) <= 1e-9 * lr);
  if (!exact || !(factor > 0 && factor <= 1)) return void 0;
  return `MultiFactor(base_lr=${first}, milestones=${tuple(drops.map(([t]) => t))}, factor=${factor})`;
}
function pythonOf(drawn) {
  const { times, rates, interpolation } = tableOf(drawn);
  const changes = drawn.points.filter(([, lr], i) => i === 0 || lr !== rates[i - 1]);
  let call;
  if (changes.length === 1) call = `Constant(base_lr=${rates[0]})`;
  else if (interpolation === "steps") call = multiFactor(changes);
  if (!call) {
    call = `Table(
    times=${tuple(times)},
    rates=${tuple(rates)},
    interpolation="${interpolation}",
)`;
  }
  return `from lrbook.schedules import ${call.match(/^\w+/)[0]}

schedule = ${call}
`;
}

// lrbook/live/laboratory/table.js
function tableRate({ times, rates, interpolation }, t) {
  const after = times.findIndex((time) => time > t);
  if (after < 0) return rates.at(-1);
  const at = after - 1;
  if (interpolation === "steps") return rates[at];
  return rates[at] + (rates[after] - rates[at]) * ((t - times[at]) / (times[after] - times[at]));
}

// lrbook/live/laboratory/rate_chart.js
var GRID = [0, 1e-3, 0.01, 0.03, 0.1, 0.3, 1, HIGHEST];
var FLOOR = 18;
var UPPER = 14;
var LATER = 1e-6;
function rateScale(upper, lower) {
  const floor = lower - FLOOR, decades = Math.log10(HIGHEST / LOWEST);
  return {
    row: (lr) => lr < LOWEST ? lower - FLOOR * lr / LOWEST : floor - (floor - upper) * Math.log10(lr / LOWEST) / decades,
    rate: (row) => row > floor ? LOWEST * Math.max(lower - row, 0) / FLOOR : Math.min(LOWEST * 10 ** (decades * (floor - row) / (floor - upper)), HIGHEST)
  };
}
function curveOf(drawn, from, to) {
  const p = tableOf(drawn), grid = [];
  for (let t = Math.ceil(from * 5) / 5; t < to; t += 0.2) grid.push(t);
  const corners = p.times.flatMap((t) => [t - LATER, t]).filter((t) => t > from && t < to);
  return [from, ...grid, ...corners, to].sort((a, b) => a - b).map((t) => [t, tableRate(p, t)]);
}
function rateChart(act) {
  const chart = svg("svg", { role: "group", class: "lab-rate" });
  const layer = () => chart.appendChild(svg("g"));
  const frame = layer();
  const path = (name2) => chart.appendChild(svg("path", { class: name2 }));
  const past = layer(), plan = path("plan"), ran = path("ran"), hand = path("hand"), now = path("now");
  const pull = path("pull"), handles = layer();
  let view, x, y, lower;
  const place = ({ clientX, clientY }) => {
    const box = chart.getBoundingClientRect(), zoom = view.width / box.width;
    const [left, right] = [x(0), x(EPOCHS)];
    const t = ((clientX - box.left) * zoom - left) / (right - left) * EPOCHS;
    return [t, snapRate(y.rate((clientY - box.top) * zoom))];
  };
  function hold(element, event, i) {
    element.setPointerCapture(event.pointerId);
    const moved = (next) => act.move(i, place(next));
    const over = () => {
      for (const [name2, hear] of heard) element.removeEventListener(name2, hear);
      act.end();
    };
    const heard = [["pointermove", moved], ["pointerup", over], ["pointercancel", over]];
    for (const [name2, hear] of heard) element.addEventListener(name2, hear);
  }
  pull.addEventListener("pointerdown", (event) => {
    if (event.button || event.pointerType === "touch") return;
    event.preventDefault();
    const i = act.add(place(event));
    if (i !== void 0) hold(pull, event, i);
  });
  chart.addEventListener("dblclick", (event) => {
    if (event.target.closest(".point, .pull")) return;
    act.add(place(event));
    act.end();
  });
  function makeHandle(i) {
    const handle = svg("g", { class: "point", role: "slider", "aria-orientation": "vertical", "aria-valuemin": 0, "aria-valuemax": HIGHEST });
    handle.append(svg("circle", { class: "reach", r: 15 }), svg("circle", { class: "dot", r: 6.5 }));
    handle.addEventListener("focus", () => act.select(i));
    handle.addEventListener("pointerdown", (event) => {
      if (event.button || handle.matches("[aria-disabled]")) return;
      event.preventDefault();
      handle.focus();
      const at = act.begin(i);
      if (at !== void 0) hold(handle, event, at);
    });
    handle.addEventListener("keydown", (event) => {
      const [t, lr] = act.at(i);
      const many = { PageUp: 5, PageDown: -5, ArrowUp: 1, ArrowDown: -1 }[event.key];
      const along = { ArrowRight: 0.5, ArrowLeft: -0.5 }[event.key];
      const gone = ["Delete", "Backspace"].includes(event.key);
      if (!many && !along && !gone) return;
      event.preventDefault();
      if (gone) return act.remove(i);
      const at = act.begin(i);
      if (at === void 0) return;
      let next = lr;
      for (let n = Math.abs(many ?? 0); n > 0; n--) next = step(next, Math.sign(many));
      act.move(at, [t + (along ?? 0), next]);
      act.end();
    });
    return handle;
  }
  function drawFrame() {
    lower = view.height - 44;
    [x, y] = [timeScale(view.width), rateScale(UPPER, lower)];
    chart.setAttribute("viewBox", `0 0 ${view.width} ${view.height}`);
    frame.replaceChildren(...axes({ width: view.width, upper: UPPER, lower, title: "learning rate", grid: GRID.map((lr) => [y.row(lr), lr]) }));
  }
  const pathOf = (points) => line(points.map(([t, lr]) => [x(t), y.row(lr)]));
  function draw(next) {
    const resized = next.width !== view?.width || next.height !== view?.height;
    view = next;
    if (resized) drawFrame();
    const { drawn, live, words } = view;
    const from = live ? Math.min(view.now, EPOCHS) : 0;
    const ahead = pathOf(curveOf(drawn, from, EPOCHS));
    chart.setAttribute("aria-label", words);
    past.replaceChildren(...view.kept.map((points) => svg("path", { class: "past", d: pathOf(points) })));
    plan.setAttribute("d", ahead);
    plan.classList.toggle("idle", view.hand !== null);
    pull.setAttribute("d", ahead);
    ran.setAttribute("d", pathOf(view.ran));
    hand.setAttribute("d", view.hand === null ? "" : pathOf([[from, view.hand], [EPOCHS, view.hand]]));
    now.setAttribute("d", live ? `M${x(from)} ${UPPER}V${lower}` : "");
    drawHandles(from);
  }
  function drawHandles(from) {
    const { drawn: { points }, live, selected } = view;
    while (handles.children.length < points.length) handles.append(makeHandle(handles.children.length));
    while (handles.children.length > points.length) handles.lastChild.remove();
    points.forEach(([t, lr], i) => {
      const handle = handles.children[i], over = live && t <= from && from > 0;
      handle.setAttribute("transform", `translate(${x(t).toFixed(2)} ${y.row(lr).toFixed(2)})`);
      handle.setAttribute("tabindex", over ? -1 : 0);
      if (over) handle.setAttribute("aria-disabled", "true");
      else handle.removeAttribute("aria-disabled");
      handle.classList.toggle("selected", i === selected);
      handle.setAttribute("aria-label", `Point ${i + 1} of ${points.length}`);
      handle.setAttribute("aria-valuenow", lr);
      handle.setAttribute("aria-valuetext", `rate ${short(lr)} at epoch ${short(t)}`);
    });
  }
  return { chart, draw, focus: (i) => handles.children[i]?.focus() };
}

// lrbook/live/browser/page_worker.js
var UNREACHABLE = "the engine can't be loaded; are you online?";
var folder = () => new URL(`${document.documentElement.dataset.content_root}_static/engine/`, document.baseURI).href;
var rounded = (loss) => Number.isFinite(loss) ? loss.toFixed(3) : "not a number";
var FETCHING = "Fetching 10,000 images (5 MB) …";
var problemWords = (problem) => `It can't train here: ${problem}${problem.endsWith("?") ? "" : "."}`;
function progressWords({ seed, epochs, train_loss, test_acc, died, seconds }) {
  const done = test_acc.length;
  const last = `train loss ${rounded(train_loss.at(-1))}, test accuracy ${test_acc.at(-1).toFixed(3)}`;
  let words = `Seed ${seed}, epoch ${done} of ${epochs} in this page: ${last}.`;
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

// lrbook/live/laboratory/session.js
var Session = class {
  epochs = EPOCHS;
  state = "idle";
  // as the worker says it
  ran = [];
  // the rate of every update
  perEpoch = Infinity;
  // updates
  run;
  // in the names of the charts
  hand = null;
  // the rate by hand, if one is in force
  words = "Nothing is trained yet.";
  // `kept` are the reader's runs, where a whole one is put; `changed` is called when anything is new.
  constructor(kept, changed) {
    Object.assign(this, { kept, changed });
    this.worker = pageWorker((answer) => this.hear(answer));
  }
  // Whether there is a training that goes on, or can.
  get live() {
    return this.state === "training" || this.state === "paused";
  }
  // The time in epochs.
  get now() {
    return this.ran.length / this.perEpoch;
  }
  // Whole epochs that are trained.
  get done() {
    return this.run?.test.length ?? 0;
  }
  // The latest epoch that it can go back to.
  get latest() {
    return this.state === "ended" ? this.done - 1 : this.done;
  }
  // What the next update runs at.
  get rate() {
    return this.hand ?? tableRate(tableOf(this.drawn), this.now);
  }
  // Train what is drawn, to the end or for one epoch.
  start({ drawn, seed, momentum }, one = false) {
    Object.assign(this, { drawn, momentum, one, ran: [], perEpoch: Infinity, run: void 0, hand: null, told: "" });
    this.worker.start({ kind: "Table", p: tableOf(drawn), seed, momentum, epochs: this.epochs });
  }
  pause() {
    if (this.state === "loading") this.told = "Stopped before the start.";
    this.worker.tell({ do: this.state === "loading" ? "stop" : "pause" });
  }
  resume() {
    this.worker.tell({ do: "resume" });
  }
  // To the end of the epoch.
  epoch() {
    this.worker.tell({ do: "epoch" });
  }
  // Back to after an epoch, with its weights; the plan is in force again.
  undo(epoch) {
    this.back = epoch;
    this.byHand(null);
    this.worker.tell({ do: "undo", epoch });
  }
  // A rate from now on; null for the plan.
  byHand(rate3) {
    this.hand = rate3;
    this.worker.tell({ do: "rate", rate: rate3 });
  }
  // Another plan from now on.
  plan(drawn) {
    Object.assign(this, { drawn, hand: null });
    this.worker.tell({ do: "plan", kind: "Table", p: tableOf(drawn) });
  }
  close() {
    this.worker.close();
  }
  hear({ state, update, run, record, problem }) {
    if (state) this.become(state);
    if (update) this.step(update);
    if (run) this.show(run);
    if (record) this.keep(record);
    if (problem) this.words = this.told = state || this.state === "loading" ? problemWords(problem) : `${problem}.`;
    this.changed();
  }
  become(state) {
    this.state = state;
    if (state === "loading") this.words = this.worker.fetched ? "Starting …" : FETCHING;
    if (state === "training") {
      if (this.one) this.epoch();
      this.one = false;
      this.words = this.told || "Training …";
    }
    if (state === "paused") this.words = `${this.told} Paused at epoch ${Number(this.now.toFixed(1))}.`.trim();
    if (state === "idle") [this.words, this.run, this.ran] = [this.told, void 0, []];
  }
  step({ update, of, lr }) {
    this.perEpoch = of / this.epochs;
    this.ran.length = update - 1;
    this.ran.push(lr);
  }
  show(told) {
    const { seed, epochs, momentum, train_loss, train_acc, test_acc, lr, died } = told;
    this.run = { seed, epochs, momentum, died, loss: train_loss, train: train_acc, test: test_acc };
    this.ran = lr;
    if (this.back === void 0) this.words = this.told = progressWords(told);
    else {
      this.words = this.back ? `Back after epoch ${this.back}, with the weights of that time.` : "Back at the start.";
      [this.told, this.back] = ["", void 0];
    }
  }
  keep(record) {
    const { policy, times, rates, interpolation } = record.experiment;
    const said = policy === "table" ? { kind: "Table", p: { times, rates, interpolation } } : { kind: "ByHand", p: {} };
    this.kept.add({ ...said, run: this.run, record });
  }
};
var ratesOf = ({ record: { lr_start, lr_end, updates_per_epoch } }) => lr_start.flatMap((lr, i) => [[i, lr], [i + 1 - 1 / updates_per_epoch, lr_end[i]]]);
var isDrawn = ({ kind }) => kind === "Table" || kind === "ByHand";

// lrbook/live/laboratory/laboratory.js
var FIRST = { drawn: { points: [[0, 0.3], [20, 0.3], [30, 0.01]], interpolation: "linear" }, seed: 0, momentum: 0 };
var SHOWN = 6;
var RECENT = 1;
function laboratory(place) {
  const target = JSON.parse(place.dataset.target, (_, value) => value ?? NaN);
  const ends = target.runs.filter(({ died }) => !died).map(({ test }) => test.at(-1));
  const toBeat = `The target ends at ${(ends.reduce((a, b) => a + b, 0) / ends.length).toFixed(3)} on average.`;
  const kept = keptRuns();
  const session = new Session(kept, () => later());
  const parts = panel(POLICIES.map(({ label }) => label), RATES, EPOCHS);
  const results = svg("svg", { role: "img", class: "lab-results" });
  let { drawn, seed, momentum } = FIRST;
  let selected, wanted;
  let changed = false;
  let shown;
  let frame;
  const later = () => frame ??= requestAnimationFrame(draw);
  function draw() {
    frame = void 0;
    if (changed) session.plan(drawn);
    changed = false;
    const { live, now, hand, run, state } = session;
    const words = state === "ended" && !run.died ? `${session.words} ${toBeat}` : session.words;
    const width = Math.max(260, rate3.chart.clientWidth || 640), tall = width > 600;
    const earlier = kept.runs.filter((entry) => isDrawn(entry) && entry.run !== run).slice(-SHOWN);
    const points = curveOf(drawn, 0, EPOCHS);
    rate3.draw({
      width,
      height: tall ? 240 : 228,
      drawn,
      selected,
      live,
      now,
      hand,
      kept: earlier.map(pastOf),
      ran: session.ran.map((lr, i) => [i / session.perEpoch, lr]),
      words: describeCurve("The plan", points)
    });
    if (!shown || shown.run !== run || shown.width !== width || shown.runs !== kept.runs) {
      shown = { run, width, runs: kept.runs };
      drawRuns(results, width, [{ runs: target.runs, mine: run, kept: earlier.map((entry) => entry.run) }], 96);
    }
    results.setAttribute("aria-label", `Loss and accuracies by epoch, ${target.name}, and your runs. ${words}`);
    parts.draw({ python: pythonOf(drawn), drawn, selected, seed, momentum, state, live, now, hand, words, lr: live ? session.rate : drawn.points[0][1], done: session.latest, part: session.now / EPOCHS });
    if (wanted !== void 0) rate3.focus(wanted);
    wanted = void 0;
  }
  const pastOf = (entry) => entry.kind === "Table" ? curveOf(drawnOf(entry.p), 0, entry.run.test.length) : ratesOf(entry);
  function edit(next) {
    drawn = next;
    changed = session.live;
    later();
  }
  function end() {
    history.replaceState(history.state, "", hashOf({ drawn, seed, momentum }));
    parts.complain("");
    later();
  }
  const isOver = (i) => session.live && session.now > 0 && drawn.points[i][0] <= session.now;
  function holdPresent() {
    const { live, now, hand } = session;
    if (!live || now === 0 || now >= EPOCHS || drawn.points.length >= MOST) return 0;
    const place2 = drawn.points.findLastIndex(([t2]) => t2 <= now) + 1;
    const bent = drawn.interpolation === "linear" && now - drawn.points[place2 - 1][0] > RECENT;
    if (hand === null && !bent) return 0;
    const t = Math.ceil(now * 100) / 100;
    const free = drawn.points.every(([other]) => Math.abs(other - t) > 0.02);
    if (free) edit({ ...drawn, points: drawn.points.toSpliced(place2, 0, [t, Number(session.rate.toPrecision(3))]) });
    return free ? 1 : 0;
  }
  const act = {
    at: (i) => drawn.points[i],
    begin(i) {
      if (isOver(i)) return void 0;
      const by = holdPresent();
      if (by) [wanted, selected] = [i + by, i + by];
      return i + by;
    },
    move(i, point) {
      if (!isOver(i)) edit(move(drawn, i, point, session.live ? session.now : 0));
    },
    add(point) {
      const now = session.live ? session.now : 0;
      if (point[0] < now || !add(drawn, point, now)) return void 0;
      holdPresent();
      const added = add(drawn, point, now);
      if (!added) return void 0;
      edit(added.drawn);
      return selected = wanted = added.place;
    },
    remove(i) {
      if (i === void 0 || i === 0 || isOver(i)) return;
      const at = i + holdPresent();
      edit(remove(drawn, at));
      selected = wanted = at - 1;
      end();
    },
    select: (i) => (selected = i, later()),
    end
  };
  const rate3 = rateChart(act);
  function use(next) {
    selected = void 0;
    edit(next);
    end();
  }
  const begin = (one) => session.start({ drawn, seed, momentum }, one);
  Object.assign(parts.on, {
    policy: (i) => use(drawPolicy(POLICIES[i])),
    interpolation: (interpolation) => use({ ...drawn, interpolation }),
    add() {
      const now = session.live ? session.now : 0, t = roomiest(drawn, now);
      if (t === void 0) return;
      act.add([t, curveOf(drawn, t, EPOCHS)[0][1]]);
      end();
    },
    remove: () => act.remove(selected),
    clear: () => use({ points: [[0, 0.1]], interpolation: "linear" }),
    seed: (value) => (seed = value, end()),
    momentum: (on) => (momentum = on ? MOMENTUM : 0, end()),
    main() {
      if (session.state === "loading" || session.state === "training") session.pause();
      else if (session.state === "paused") session.resume();
      else begin(false);
    },
    one: () => session.state === "paused" ? session.epoch() : begin(true),
    anew: () => begin(false),
    undo: (epoch) => session.undo(epoch),
    rate: (lr) => (session.byHand(lr), later()),
    plan: () => (session.byHand(null), later())
  });
  function called({ kind, p, run }) {
    const how = kind === "Table" ? `drawn with ${p.times.length} ${p.times.length === 1 ? "point" : "points"}` : "with the rate by hand";
    return `your run ${how}, seed ${run.seed}${run.momentum ? `, momentum ${run.momentum}` : ""}`;
  }
  function again(entry) {
    const button2 = Object.assign(document.createElement("button"), { type: "button", textContent: "Draw it again" });
    button2.setAttribute("aria-label", `Draw again ${called(entry)}`);
    button2.onclick = () => {
      const { kind, p, run } = entry;
      if (!session.live) [seed, momentum] = [run.seed, run.momentum];
      use(kind === "Table" ? drawnOf(p) : { points: simplify(ratesOf(entry)), interpolation: "linear" });
    };
    return [button2];
  }
  const list = keptList(kept, called, again);
  const listRuns = () => (list.draw(kept.runs.filter(isDrawn)), later());
  kept.addEventListener("change", listRuns);
  function readAddress() {
    try {
      const found = settingOf(location.hash);
      if (!found) return;
      if (session.live) edit(found.drawn);
      else ({ drawn, seed, momentum } = found);
      parts.complain("");
    } catch (error) {
      parts.complain(`The address holds no setting: ${error.message}. Here is the usual start.`);
    }
    selected = void 0;
    later();
  }
  parts.fill(rate3.chart, results, list);
  place.replaceChildren(parts.box);
  addEventListener("hashchange", readAddress);
  new ResizeObserver(later).observe(rate3.chart);
  readAddress();
  listRuns();
}
for (const place of document.querySelectorAll(".laboratory")) laboratory(place);
