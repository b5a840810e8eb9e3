// Bundled by esbuild from lrbook/live/browser/.

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

// lrbook/live/browser/curve.js
var PER_EPOCH = 10;
function times({ duration = 0, milestones = [] }) {
  const grid = Array.from({ length: EPOCHS * PER_EPOCH + 1 }, (_, i) => i / PER_EPOCH);
  const jumps = [duration, ...milestones.map((s) => s + duration)].filter((t) => t && t <= EPOCHS);
  return [...grid, ...jumps, ...jumps.map((t) => t - 1e-9)].sort((a, b) => a - b);
}
var curve = (kind, p) => times(p).map((t) => [t, rate(kind, p, t)]);
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
function drawCurve(plot, width, points, highest) {
  const [top, intervals] = scale(highest);
  const lower = Math.min(216, Math.max(156, width * 0.3)), upper = 12;
  const x = timeScale(width), y = (v) => lower - (lower - upper) * v / top;
  const grid = Array.from({ length: intervals + 1 }, (_, i) => top * i / intervals).map((v) => [y(v), short(v)]);
  plot.setAttribute("viewBox", `0 0 ${width} ${lower + 44}`);
  plot.replaceChildren(
    ...axes({ width, upper, lower, title: "learning rate", grid }),
    svg("path", { class: "curve", d: line(points.map(([t, v]) => [x(t), y(v)])) })
  );
}

// lrbook/live/browser/setting.js
var NO_WARMUP = { duration: 0, start_lr: 0, mode: "linear" };
var complete = (p) => p.duration ? p : { ...p, ...NO_WARMUP };
var inOrder = (p) => Object.fromEntries(Object.entries(p).sort(([a], [b]) => a < b ? -1 : 1));

// lrbook/live/browser/runs.js
var LN_10 = Math.log(10);
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
function gap({ log, length }, a, b) {
  const place = log ? Math.log10 : Number;
  return (place(a) - place(b)) / length;
}
function distance(parameters, p, q) {
  let sum = Number(p.mode !== q.mode);
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
var last = (values) => values.at(-1);
var mean = (values) => values.reduce((a, b) => a + b, 0) / values.length;
var listed = (items) => items.join(", ").replace(/, (?=[^,]*$)/, " and ");
var counted = (n, one) => `${n} ${one}${n === 1 ? "" : "s"}`;
function differences(parameters, p, q) {
  const said = [];
  for (const name2 in parameters) {
    const [ours, theirs] = [flat(p[name2]), flat(q[name2])];
    theirs.forEach((value, i) => {
      if (Math.abs(gap(parameters[name2], ours[i], value)) < 1e-9) return;
      said.push(`${parameters[name2].label}${theirs.length > 1 ? ` ${i + 1}` : ""} ${short(value)}`);
    });
  }
  if (p.mode !== q.mode) said.push(`warmup mode ${q.mode}`);
  return said;
}
function describeRuns({ kinds, images }, setting, p) {
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
    const [loss, train, test] = CURVES.map((name2) => mean(living.map((run) => last(run[name2]))).toFixed(3));
    said.push(`${living.length > 1 ? "Mean at the end" : "At the end"}: train loss ${loss}, train accuracy ${train}, test accuracy ${test}.`);
  }
  return said.join(" ");
}
var LOSSES = [0.05, 0.1, 0.2, 0.5, 1, 2];
var ACCURACIES = [0, 0.5, 0.8, 0.9, 0.95];
var LOSS = [3, 0.05];
var ERROR = [0.04, 1];
function logScale([from, to], upper, lower) {
  const part = (v) => (Math.log(v) - Math.log(from)) / (Math.log(to) - Math.log(from));
  return (v) => upper + (lower - upper) * Math.min(1, Math.max(0, part(v)));
}
function means(runs, name2) {
  const living = runs.filter((run) => !run.died);
  return living.length ? living[0][name2].map((_, i) => mean(living.map((run) => run[name2][i]))) : [];
}
function drawRuns(plot, width, runs, mine, kept = [], height = Math.min(190, Math.max(140, width * 0.26))) {
  const rows = { loss: [8, 8 + height], accuracy: [30 + height, 30 + 2 * height] };
  const x = timeScale(width);
  const lossScale = logScale(LOSS, ...rows.loss);
  const errorScale = logScale(ERROR, ...rows.accuracy);
  const y = { loss: lossScale, train: (v) => errorScale(1 - v), test: (v) => errorScale(1 - v) };
  const chance = { loss: LN_10, train: 0.1, test: 0.1 };
  const marks = [];
  const points = (values, name2) => values.map((v, i) => [x(i + 1), y[name2](v)]).filter(([, row]) => !isNaN(row));
  const put = (classes, d) => marks.push(svg("path", { class: classes, d }));
  function drawRun(run, thickness) {
    for (const name2 of CURVES) {
      const drawn = points(run[name2], name2);
      put(`run ${name2} ${thickness}`, line(drawn));
      if (!run.died) continue;
      const [cx, cy] = [x(run.died), y[name2](chance[name2])];
      put(`dead ${name2} ${thickness}`, `M${cx} ${cy}H${x(EPOCHS)}`);
      if (name2 === "train") continue;
      put(`cross ${thickness}`, `M${cx - 5} ${cy - 5}l10 10m0 -10l-10 10`);
      marks.push(text("dead", { x: Math.min(cx + 9, x(EPOCHS) - 30), y: cy - 5 }));
    }
  }
  for (const run of runs) drawRun(run, "thin");
  for (const name2 of CURVES) put(`mean ${name2}`, line(points(means(runs, name2), name2)));
  for (const run of kept) drawRun(run, "kept");
  if (mine) drawRun(mine, "mine");
  const ends = [...kept, ...mine ? [mine] : []].filter((run) => run.test.length && !run.died);
  let free = -Infinity;
  for (const run of ends.sort((a, b) => b.test.at(-1) - a.test.at(-1))) {
    const [at, end] = [x(run.test.length), x(EPOCHS)];
    const beyond = at + 50 < end;
    const row = Math.max(y.test(run.test.at(-1)) + (beyond ? 4 : 16), free);
    marks.push(text(`seed ${run.seed}`, { class: "seed", x: beyond ? at + 6 : end, y: row, "text-anchor": beyond ? "start" : "end" }));
    free = row + 13;
  }
  const key = (name2, at) => [
    svg("path", { class: `mean ${name2}`, d: `M${at} ${rows.accuracy[0] - 8}h24` }),
    text(name2, { x: at + 29, y: rows.accuracy[0] - 4 })
  ];
  plot.setAttribute("viewBox", `0 0 ${width} ${rows.accuracy[1] + 44}`);
  plot.replaceChildren(
    ...axes({ width, upper: rows.loss[0], lower: rows.loss[1], title: "train loss", grid: LOSSES.map((v) => [lossScale(v), v]), times: false }),
    ...axes({ width, upper: rows.accuracy[0], lower: rows.accuracy[1], title: "accuracy", grid: ACCURACIES.map((v) => [y.test(v), v]) }),
    ...key("test", x(EPOCHS) - 132),
    ...key("train", x(EPOCHS) - 64),
    ...marks
  );
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
    const line2 = document.createElement("li"), remove = document.createElement("button");
    Object.assign(remove, { type: "button", textContent: "Remove", onclick: () => kept.remove(key) });
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
function pageWorker(hear) {
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
  function make() {
    const made = new Worker(`${folder()}worker.js`);
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
        worker ??= make();
      } catch {
        return fail("this browser has no workers");
      }
      worker.postMessage({ do: "start", data: folder(), ...setting });
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
function pageTrainer(kept) {
  let hear, asked, run;
  const worker = pageWorker(answer);
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
      if (ask === "resume") worker.tell({ do: "resume" });
    },
    close: worker.close
  };
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
var MODES = ["linear", "constant"];
function render({ model, el }) {
  const plots = { schedule: svg("svg", { role: "img" }), runs: svg("svg", { role: "img" }) };
  const words = { schedule: document.createElement("p"), runs: document.createElement("p") };
  const live = Object.assign(document.createElement("div"), { className: "lr-words" });
  live.setAttribute("aria-live", "polite");
  live.append(words.schedule, words.runs);
  el.classList.add("lr-chart");
  plots.schedule.classList.add("lr-schedule");
  plots.runs.classList.add("lr-runs");
  let recorded, missing = "Loading the recorded runs …", mine, drawn, highest, settled, watcher, shown;
  const onSite = "content_root" in document.documentElement.dataset;
  const kept = onSite && keptRuns(), list = onSite && keptList(kept);
  const trainer = onSite && pageTrainer(kept);
  const box = trainBox(trainer || model, () => setting().asked, (run) => (mine = run, draw()));
  el.append(plots.schedule, plots.runs, live, box, ...onSite ? [list] : []);
  function setting() {
    const { kind, label, colour, traits } = model.get("choices")[model.get("choice")];
    const read = (name2) => Array.isArray(name2) ? name2.map(read) : model.get(name2);
    const p = Object.fromEntries(Object.entries(traits).map(([key, name2]) => [key, read(name2)]));
    if ("mode" in p) p.mode = MODES[p.mode];
    p.milestones?.sort((a, b) => a - b);
    return { label, colour, traits, asked: { kind, p } };
  }
  function draw() {
    const { label, colour, traits, asked: { kind, p } } = setting();
    const width = Math.max(260, plots.schedule.clientWidth || 640);
    const points = curve(kind, p);
    model.set("peak", peak(points));
    drawCurve(plots.schedule, width, points, highest = tallest());
    say("schedule", describeCurve(label, points));
    const found = recorded && nearest(recorded, kind, p);
    const own = onSite ? kept.of(kind, p) : [];
    const keys = own.map(({ key }) => key).join();
    if (!drawn || drawn.found !== found || drawn.mine !== mine || drawn.width !== width || drawn.keys !== keys) {
      drawn = { found, mine, width, keys };
      drawRuns(plots.runs, width, found?.runs ?? [], mine, own.map(({ run }) => run));
    }
    if (onSite) list.draw(own);
    box.update();
    say("runs", recorded ? describeRuns(recorded, found, p) : missing);
    shown = Object.values(traits).flat();
    const panel = el.closest(".lr-panel");
    panel?.style.setProperty("--lr-policy", colour);
    if (panel && !watcher) watch(panel);
  }
  const tallest = () => Math.max(model.get("peak"), model.get("neighbour_peak"));
  function rescale() {
    if (drawn && scale(tallest())[0] !== scale(highest)[0]) draw();
  }
  const waiting = {};
  function say(which, message) {
    plots[which].setAttribute("aria-label", message);
    waiting[which] = message;
    clearTimeout(settled);
    const speak = () => {
      for (const key in waiting) if (words[key].textContent !== waiting[key]) words[key].textContent = waiting[key];
    };
    settled = setTimeout(speak, words[which].textContent ? 250 : 0);
  }
  function watch(panel) {
    const tendAll = () => panel.querySelectorAll(".lr-control").forEach(tend);
    watcher = new MutationObserver(tendAll);
    watcher.observe(panel, { subtree: true, childList: true, attributeFilter: ["aria-valuetext"] });
    tendAll();
    const pair = panel.closest(".lr-compare");
    if (onSite && pair?.firstElementChild === panel) box.offerRace(() => [...pair.querySelectorAll(".lr-train")]);
  }
  function tend(control) {
    control.hidden = !shown.concat("choice").some((name2) => control.classList.contains(`lr-${name2}`));
    const [label, handle, readout] = [".widget-label", ".noUi-handle", ".widget-readout"].map((part) => control.querySelector(part));
    if (!readout) return;
    const put = (element, key, value) => element.getAttribute(key) === value || element.setAttribute(key, value);
    put(handle, "aria-label", label.textContent);
    put(handle, "aria-valuetext", readout.textContent);
    put(readout, "aria-label", label.textContent);
    put(readout, "role", "textbox");
  }
  function take(runs) {
    recorded = runs;
    draw();
  }
  function fail(error) {
    missing = `The recorded runs can't be shown: ${error.message}. The sliders and the schedule work.`;
    words.runs.classList.add("lr-problem");
    draw();
  }
  function keepMine() {
    if (mine && (mine.died || mine.loss.length === mine.epochs)) mine = void 0;
    draw();
  }
  if (onSite) {
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
  const names = model.get("choices").flatMap(({ traits }) => Object.values(traits).flat());
  for (const name2 of /* @__PURE__ */ new Set(["choice", ...names])) model.on(`change:${name2}`, draw);
  model.on("change:neighbour_peak", rescale);
  const resized = new ResizeObserver(draw);
  resized.observe(plots.schedule);
  return () => {
    resized.disconnect();
    watcher?.disconnect();
    clearTimeout(settled);
    if (!onSite) return;
    kept.removeEventListener("change", keepMine);
    trainer.close();
  };
}
var chart_default = { render };
export {
  chart_default as default
};
