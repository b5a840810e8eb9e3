import { rate } from "./schedules.js";

const EPOCHS = 30;
const PER_EPOCH = 10;
const svg = (name, attributes = {}, ...children) => {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const key in attributes) element.setAttribute(key, attributes[key]);
  element.append(...children);
  return element;
};
const short = (x) => String(Number(x.toPrecision(3)));

// Times to draw at: a fine grid, and both sides of every jump.
function times({ duration = 0, milestones = [] }) {
  const grid = Array.from({ length: EPOCHS * PER_EPOCH + 1 }, (_, i) => i / PER_EPOCH);
  const jumps = [duration, ...milestones.map((s) => s + duration)].filter((t) => t && t <= EPOCHS);
  return [...grid, ...jumps, ...jumps.map((t) => t - 1e-9)].sort((a, b) => a - b);
}

// The top of the axis and its number of intervals: 1, 2 or 5 times a power of ten.
function axis(peak) {
  const unit = 10 ** Math.floor(Math.log10(peak || 1));
  const [step, intervals] = [[1, 5], [2, 4], [5, 5], [10, 5], [20, 4]].find(([s]) => s * unit >= peak * 1.02);
  return [step * unit, intervals];
}

function describe(label, points) {
  const at = ([t, y]) => `${short(y)} at epoch ${short(t)}`;
  const first = points[0], last = points.at(-1);
  const peak = points.reduce((best, p) => (p[1] > best[1] * (1 + 1e-9) ? p : best));
  const moving = points.findLastIndex(([, y]) => Math.abs(y - last[1]) > 1e-6 * last[1]);
  const said = [at(first)];
  if (peak !== first) said.push(`peak ${at(peak)}`);
  if (moving < 0) said[0] = `${short(last[1])} throughout`;
  else if (EPOCHS - points[moving][0] > 1) said.push(`${short(last[1])} from epoch ${short(points[moving + 1][0])} on`);
  else said.push(at(last));
  return `${label}: learning rate ${said.join(", ")}.`;
}

function render({ model, el }) {
  const plot = svg("svg", { role: "img" });
  const words = document.createElement("p");
  words.setAttribute("aria-live", "polite");
  el.classList.add("lr-chart");
  el.append(plot, words);
  let settled, watcher, shown;

  function draw() {
    const { kind, label, colour, traits } = model.get("choices")[model.get("choice")];
    const read = (name) => Array.isArray(name) ? name.map(read) : model.get(name);
    const p = Object.fromEntries(Object.entries(traits).map(([key, name]) => [key, read(name)]));
    if ("mode" in p) p.mode = ["linear", "constant"][p.mode];
    const points = times(p).map((t) => [t, rate(kind, p, t)]);
    const [top, intervals] = axis(Math.max(...points.map(([, y]) => y)));

    const width = Math.max(260, el.clientWidth || 640);
    const height = Math.min(320, Math.max(210, width * 0.45));
    const left = 58, right = width - 14, upper = 12, lower = height - 44;
    const x = (t) => left + ((right - left) * t) / EPOCHS;
    const y = (v) => lower - ((lower - upper) * v) / top;
    const text = (content, attributes) => svg("text", attributes, content);
    const marks = [];
    for (let t = 0; t <= EPOCHS; t += 5) {
      marks.push(svg("path", { class: "tick", d: `M${x(t)} ${lower}v5` }));
      marks.push(text(t, { x: x(t), y: lower + 19, "text-anchor": "middle" }));
    }
    for (let i = 0; i <= intervals; i++) {
      const v = (top * i) / intervals;
      marks.push(svg("path", { class: i ? "grid" : "tick", d: `M${left} ${y(v)}H${right}` }));
      marks.push(text(short(v), { x: left - 8, y: y(v) + 4, "text-anchor": "end" }));
    }
    const d = points.map(([t, v], i) => `${i ? "L" : "M"}${x(t).toFixed(2)} ${y(v).toFixed(2)}`).join("");
    plot.setAttribute("viewBox", `0 0 ${width} ${height}`);
    plot.replaceChildren(
      ...marks,
      text("epoch", { x: (left + right) / 2, y: height - 6, "text-anchor": "middle" }),
      text("learning rate", { transform: `translate(13 ${(upper + lower) / 2}) rotate(-90)`, "text-anchor": "middle" }),
      svg("path", { class: "curve", d }),
    );
    const message = describe(label, points);
    plot.setAttribute("aria-label", message);
    // A screen reader hears the curve once the handle rests, not at every step of a drag.
    clearTimeout(settled);
    settled = setTimeout(() => (words.textContent = message), words.textContent ? 250 : 0);
    shown = Object.values(traits).flat();
    const panel = el.closest(".lr-panel");
    panel?.style.setProperty("--lr-policy", colour);
    if (panel && !watcher) watch(panel);
  }

  // The panel's controls are other widgets, which come and go in their own time: show those of the
  // chosen schedule, and give handles and readouts the names that ipywidgets leaves out.
  function watch(panel) {
    const tendAll = () => panel.querySelectorAll(".lr-control").forEach(tend);
    watcher = new MutationObserver(tendAll);
    watcher.observe(panel, { subtree: true, childList: true, attributeFilter: ["aria-valuetext"] });
    tendAll();
  }

  function tend(control) {
    control.hidden = !shown.concat("choice").some((name) => control.classList.contains(`lr-${name}`));
    const [label, handle, readout] = [".widget-label", ".noUi-handle", ".widget-readout"].map((part) => control.querySelector(part));
    if (!readout) return;
    const put = (element, key, value) => element.getAttribute(key) === value || element.setAttribute(key, value);
    put(handle, "aria-label", label.textContent);
    put(handle, "aria-valuetext", readout.textContent);
    put(readout, "aria-label", label.textContent);
    put(readout, "role", "textbox");
  }

  const names = model.get("choices").flatMap(({ traits }) => Object.values(traits).flat());
  for (const name of new Set(["choice", ...names])) model.on(`change:${name}`, draw);
  const resized = new ResizeObserver(draw); // calls at once, too
  resized.observe(el);
  return () => {
    resized.disconnect();
    watcher?.disconnect();
    clearTimeout(settled);
  };
}

export default { render };
