// The bowl that a reader drives: a start to drag, sliders, the path and its loss as they grow, the
// formulas over them, and what happened in words. All of it is computed here.
import { make } from "../element.js";
import { short, svg } from "../plot.js";
import { descend, expected, normals } from "./descend.js";
import { drawLoss, drawRim, drawValley, grow, lossPlace, prepare, valleyPlace } from "./draw.js";
import { PRESETS } from "./presets.js";
import { describe, describeUpdate } from "./words.js";

const KEYS = ["shape", "schedule", "lr", "kappa", "noise", "start", "num_updates", "seed"];
const SECONDS = 6; // that a whole run takes to watch
const steps = (from, to, step) => Array.from({ length: Math.round((to - from) / step) + 1 }, (_, i) => Number((from + i * step).toFixed(6)));
// Two digits, and three around 0.2, the limit of the bowl that doesn't steepen.
const RATES = [...new Set([...steps(0.001, 0.01, 0.0001), ...steps(0.01, 0.1, 0.001), ...steps(0.1, 0.18, 0.01), ...steps(0.18, 0.21, 0.001), ...steps(0.21, 1, 0.01)])];
const KAPPAS = [...steps(1, 10, 1), ...steps(20, 100, 10), ...steps(200, 1000, 100)];
const LENGTHS = [20, 50, 100, 150, 250, 500, 1000, 2000, 5000, 10000];

const button = (label, onclick) => make("button", { type: "button", textContent: label, onclick });
const nearest = (values, value) => values.reduce((best, v, i) => (Math.abs(v - value) < Math.abs(values[best] - value) ? i : best), 0);

function render({ model, el }) {
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  let setting, run, places, pens, drawn = 0, position = 0, frame = 0, before, dragging, draws, chosen, waiting, settled;

  // The parts ------------------------------------------------------------------------------------

  const valley = plot("bowl-valley"), curves = plot("bowl-curves");
  const dot = make("i", { className: "bowl-dot" }), handle = make("i", { className: "bowl-start" });
  const starts = ["w₁", "w₂"].map((name, i) => startRange(name, i));
  // While a run grows only canvases, dot and this change: the pictures, which cost more, stand still.
  const now = make("span", { className: "now" });
  valley.box.append(dot, handle, ...starts);
  curves.box.append(now);
  const key = make("p", { className: "bowl-key" });
  const play = button("Play", () => (frame ? pause() : start()));
  const again = button("New noise", () => put({ seed: model.get("seed") + 1 }));
  const bar = make("div", { className: "bowl-bar" }, play, button("Step", step), button("Reset", reset), again);
  const stage = make("div", { className: "bowl-stage" }, make("div", { className: "bowl-plots" }, valley.box, curves.box), key, bar);
  const controls = {
    lr: slider("learning rate η", RATES, "lr", short),
    kappa: slider("condition number κ", KAPPAS, "kappa", String),
    noise: slider("noise σ", steps(0, 2, 0.1), "noise", String),
    num_updates: slider("updates", LENGTHS, "num_updates", String),
    schedule: choice("schedule", { constant: "constant", "square root": "square root, p = 1/2", "p = 1": "η/(1 + t), p = 1", "p = 2": "η/(1 + t)², p = 2", factor: "factor 0.5 an epoch", warmup: "warmup of 50 updates" }),
    shape: choice("bowl", { even: "the same curvature everywhere", steep: "steeper far out" }),
  };
  const words = make("p", { className: "bowl-said" });
  words.setAttribute("aria-live", "polite");
  const rows = [];
  const presets = make("div", { className: "bowl-presets" }, ...PRESETS.map(presetGroup));
  el.classList.add("lr-bowl");
  // JupyterLab would take the keys that move a slider.
  el.dataset.lmSuppressShortcuts = "true";
  el.addEventListener("keydown", (event) => /^(Arrow|Home|End|Page)/.test(event.key) && event.stopPropagation());
  el.append(stage, make("div", { className: "bowl-controls" }, ...Object.values(controls).map(({ box }) => box)), words, presets);

  function plot(name) {
    const picture = svg("svg", { role: "img" }), canvas = make("canvas", { ariaHidden: "true" });
    return { box: make("div", { className: `bowl-plot ${name}` }, canvas, picture), picture, canvas };
  }

  // A native slider over a table of values: each lands on a number worth reading.
  function slider(label, values, name, read) {
    const input = make("input", { type: "range", min: 0, max: values.length - 1, step: 1 });
    const value = make("span");
    input.setAttribute("aria-label", label);
    input.oninput = () => put({ [name]: values[input.value] });
    const show = (to) => {
      if (values[input.value] !== to) input.value = nearest(values, to);
      value.textContent = read(to);
      input.setAttribute("aria-valuetext", value.textContent);
    };
    return { box: make("label", {}, make("span", { textContent: label }), value, input), input, show };
  }

  function choice(label, options) {
    const input = make("select", {}, ...Object.entries(options).map(([value, textContent]) => make("option", { value, textContent })));
    input.oninput = () => put(label === "bowl" ? { shape: input.value, start: within(input.value, setting.start) } : { schedule: input.value });
    return { box: make("label", { className: "bowl-choice" }, make("span", { textContent: label }), input), input, show: (to) => (input.value = to) };
  }

  // A slider for each weight of the start, not seen: the handle shows which has the focus. As in the
  // plot, left and right move w₁ on both of them, up and down w₂.
  function startRange(name, i) {
    const input = make("input", { type: "range", step: 0.1 });
    input.setAttribute("aria-label", `start, ${name}`);
    const moves = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowDown: [0, -1], ArrowUp: [0, 1] };
    input.onkeydown = (event) => {
      const move = moves[event.key];
      if (!move) return;
      event.preventDefault();
      place(setting.start.map((w, j) => w + (event.shiftKey ? 0.5 : 0.1) * move[j]));
    };
    input.oninput = () => place(setting.start.map((w, j) => (j === i ? Number(input.value) : w)));
    return input;
  }

  function presetGroup({ title, rows: list }) {
    const items = list.map(([name, values, sentence]) => {
      const press = button(name, () => choose(values)), says = make("span", { textContent: sentence });
      press.setAttribute("aria-label", `${name}: ${sentence}`);
      rows.push({ press, values });
      return make("li", {}, press, says);
    });
    return make("fieldset", {}, make("legend", { textContent: title }), make("ul", {}, ...items));
  }

  // Setting --------------------------------------------------------------------------------------

  const reach = (shape) => model.get("reach")[shape];
  const within = (shape, start) => start.map((w, i) => Number(Math.min(Math.max(w, -reach(shape)[i]), reach(shape)[i]).toFixed(1)));
  const place = (start) => put({ start: within(setting.shape, start) });

  function put(values) {
    for (const name in values) model.set(name, values[name]);
    model.save_changes();
  }

  // A sentence's setting is played from its start, also when it is the one that is there.
  function choose(values) {
    chosen = true;
    put(values);
    changed();
  }

  // Take over what the model says, and draw the whole of it.
  function update() {
    pause();
    setting = Object.fromEntries(KEYS.map((name) => [name, model.get(name)]));
    run = descend(setting, (count) => {
      if (draws?.seed !== setting.seed || draws.numbers.length < count) draws = { seed: setting.seed, numbers: normals(setting.seed, count) };
      return draws.numbers;
    });
    if (!run.bowl.quartic) {
      run.parts = expected(run.bowl, run.rates, setting.noise, setting.start);
      run.formula = run.parts[0].map((part, t) => part + run.parts[1][t]);
    }
    for (const name in controls) controls[name].show(setting[name]);
    controls.kappa.input.disabled = setting.shape === "steep";
    again.disabled = !setting.noise;
    starts.forEach((input, i) => {
      input.max = reach(setting.shape)[i];
      input.min = -input.max;
      input.value = setting.start[i];
      input.setAttribute("aria-valuetext", `w₁ ${setting.start[0]}, w₂ ${setting.start[1]}`);
    });
    for (const { press, values } of rows) press.setAttribute("aria-pressed", Object.keys(values).every((name) => String(values[name]) === String(setting[name])));
    position = run.rates.length;
    draw();
    say();
    if (!chosen) return;
    chosen = false;
    stage.scrollIntoView({ block: "nearest" });
    start();
  }

  // Several values that change together are one change.
  function changed() {
    if (waiting) return;
    waiting = true;
    queueMicrotask(() => {
      waiting = false;
      update();
    });
  }

  // Pictures -------------------------------------------------------------------------------------

  function draw() {
    const room = stage.clientWidth, wide = room >= 620, width = Math.max(240, wide ? (room - 24) / 2 : room);
    el.classList.toggle("bowl-wide", wide);
    el.style.setProperty("--lr-policy", model.get("colours")[setting.schedule]);
    const height = wide ? 236 : 196;
    places = { valley: valleyPlace(width, height, setting, run), curves: lossPlace(width, height, run) };
    drawValley(valley.picture, places.valley, run);
    drawLoss(curves.picture, places.curves, setting, run);
    pens = { valley: prepare(valley.canvas, places.valley), curves: prepare(curves.canvas, places.curves) };
    at(handle, setting.start);
    drawn = 0;
    show();
    key.replaceChildren(...marksOfKey());
    valley.picture.setAttribute("aria-label", `The bowl from above, with the path from w = (${setting.start.join(", ")}).`);
    curves.picture.setAttribute("aria-label", "The loss against the update, on a logarithmic axis, and under it the learning rate.");
  }

  const at = (element, [w1, w2]) => (element.style.translate = `${places.valley.left + places.valley.x(w1)}px ${places.valley.top + places.valley.y(w2)}px`);

  function marksOfKey() {
    const mark = (name, label) => make("span", {}, make("i", { className: name }), label);
    const marks = run.runs > 1 ? [mark("thin", "one run"), mark("", `mean of ${run.runs} runs`)] : [mark("", "run")];
    if (run.bowl.quartic) return [...marks, mark("formula dashed", "rim of the rate in force")];
    marks.push(mark("formula dashed", "formula"), mark("formula faint", "formula, w₁ and w₂ apart"));
    if (setting.noise) marks.push(mark("formula dotted", "floor"));
    return marks;
  }

  // The run as far as `position`, in updates: the dot is on its way between two.
  function show() {
    drawn = grow(pens, places, run, drawn, position);
    const t = Math.min(Math.floor(position), run.rates.length - 1), way = position - t;
    const [from, to] = [t, t + 1].map((i) => [run.path[2 * i], run.path[2 * i + 1]]);
    const there = from.map((w, i) => w + way * (to[i] - w));
    dot.hidden = !there.every((w) => Math.abs(w) < 1e3);
    if (!dot.hidden) at(dot, there);
    drawRim(valley.picture, places.valley, run, Math.floor(position));
    now.textContent = `update ${Math.floor(position)} of ${run.rates.length}`;
  }

  // Time -----------------------------------------------------------------------------------------

  function start() {
    if (position >= run.rates.length) rewind();
    if (still.matches) return finish();
    clearTimeout(settled);
    play.textContent = "Pause";
    before = undefined;
    frame = requestAnimationFrame(move);
  }

  function move(time) {
    // A page that was hidden goes on where it was.
    const passed = Math.min(100, time - (before ?? time)) / 1000;
    before = time;
    position = Math.min(run.rates.length, position + (passed * run.rates.length) / SECONDS);
    if (position === run.rates.length) return finish();
    frame = requestAnimationFrame(move);
    show();
  }

  function finish() {
    pause();
    position = run.rates.length;
    show();
    say();
  }

  function pause() {
    if (!frame) return;
    cancelAnimationFrame(frame);
    frame = 0;
    play.textContent = playLabel();
    position = Math.floor(position);
    show();
    say();
  }

  const playLabel = () => (still.matches ? "Show all" : "Play");

  function rewind() {
    position = drawn = 0;
    pens.valley.clearRect(0, 0, places.valley.w, places.valley.h);
    pens.curves.clearRect(0, 0, places.curves.w, places.curves.h);
    show();
  }

  function step() {
    pause();
    if (position >= run.rates.length) rewind();
    position += 1;
    show();
    say();
  }

  function reset() {
    pause();
    rewind();
    say();
  }

  // A screen reader hears what happened once things rest.
  function say() {
    clearTimeout(settled);
    settled = setTimeout(() => {
      const message = position < run.rates.length ? describeUpdate(run, position) : describe(setting, run);
      if (words.textContent !== message) words.textContent = message;
    }, words.textContent ? 250 : 0);
  }

  // Hand -----------------------------------------------------------------------------------------

  handle.onpointerdown = (event) => {
    event.preventDefault();
    handle.setPointerCapture(event.pointerId);
    starts[0].focus({ preventScroll: true });
    dragging = true;
  };
  handle.onpointermove = (event) => {
    if (!dragging) return;
    const box = valley.box.getBoundingClientRect(), { left, top, w, h, unit } = places.valley;
    place([(event.clientX - box.left - left - w / 2) / unit, (top + h / 2 - event.clientY + box.top) / unit]);
  };
  handle.onpointerup = handle.onpointercancel = () => (dragging = false);

  for (const name of KEYS) model.on(`change:${name}`, changed);
  const redraw = () => setting && draw();
  const resized = new ResizeObserver(redraw);
  const themed = new MutationObserver(redraw);
  for (const element of [document.documentElement, document.body]) themed.observe(element, { attributeFilter: ["data-theme", "data-jp-theme-light"] });
  const motion = () => (pause(), (play.textContent = playLabel()));
  still.addEventListener("change", motion);
  motion();
  update();
  resized.observe(el);
  return () => {
    pause();
    clearTimeout(settled);
    resized.disconnect();
    themed.disconnect();
    still.removeEventListener("change", motion);
  };
}

export default { render };
