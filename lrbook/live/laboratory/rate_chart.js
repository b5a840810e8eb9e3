// The chart of the rate over the run, and the points that make it: to be pulled about with a pointer,
// a finger or the keyboard.
//
// Its axis is logarithmic, since the step from 0.01 to 0.02 matters as much as the one from 0.1 to
// 0.2 and a hand on a linear axis couldn't tell 0.01 from 0.02. Below 0.001 it is linear, down to 0
// on the axis itself: a warmup starts there.
import { EPOCHS, axes, line, short, svg, timeScale } from "../browser/plot.js";
import { HIGHEST, LOWEST, snapRate, step, tableOf } from "./points.js";
import { tableRate } from "./table.js";

const GRID = [0, 0.001, 0.01, 0.03, 0.1, 0.3, 1, HIGHEST];
const FLOOR = 18; // pixels from LOWEST to 0
const UPPER = 14;
const LATER = 1e-6; // epochs after which a step has happened

// The rows of rates between two rows, and back.
export function rateScale(upper, lower) {
  const floor = lower - FLOOR, decades = Math.log10(HIGHEST / LOWEST);
  return {
    row: (lr) => lr < LOWEST ? lower - (FLOOR * lr) / LOWEST : floor - ((floor - upper) * Math.log10(lr / LOWEST)) / decades,
    rate: (row) => row > floor ? (LOWEST * Math.max(lower - row, 0)) / FLOOR : Math.min(LOWEST * 10 ** ((decades * (floor - row)) / (floor - upper)), HIGHEST),
  };
}

// What is drawn from one time to another, as points close enough for a curve: a line bends here.
export function curveOf(drawn, from, to) {
  const p = tableOf(drawn), grid = [];
  for (let t = Math.ceil(from * 5) / 5; t < to; t += 0.2) grid.push(t);
  const corners = p.times.flatMap((t) => [t - LATER, t]).filter((t) => t > from && t < to);
  return [from, ...grid, ...corners, to].sort((a, b) => a - b).map((t) => [t, tableRate(p, t)]);
}

// What a reader does goes to `act`: `at(i)` says where the i-th point is now, `begin(i)` comes before
// it moves (it returns the point's place then, or undefined where it may not), `move(i, point)`,
// `add(point)` (it returns its place), `remove(i)`, `select(i)`, and `end()` once the hand lets go.
export function rateChart(act) {
  const chart = svg("svg", { role: "group", class: "lab-rate" });
  const layer = () => chart.appendChild(svg("g"));
  const frame = layer();
  const path = (name) => chart.appendChild(svg("path", { class: name }));
  const past = layer(), plan = path("plan"), ran = path("ran"), hand = path("hand"), now = path("now");
  const pull = path("pull"), handles = layer();
  let view, x, y, lower;

  const place = ({ clientX, clientY }) => {
    const box = chart.getBoundingClientRect(), zoom = view.width / box.width;
    const [left, right] = [x(0), x(EPOCHS)];
    const t = (((clientX - box.left) * zoom - left) / (right - left)) * EPOCHS;
    return [t, snapRate(y.rate((clientY - box.top) * zoom))];
  };

  // The element that is held hears of the pointer until it lets go.
  function hold(element, event, i) {
    element.setPointerCapture(event.pointerId);
    const moved = (next) => act.move(i, place(next));
    const over = () => {
      for (const [name, hear] of heard) element.removeEventListener(name, hear);
      act.end();
    };
    const heard = [["pointermove", moved], ["pointerup", over], ["pointercancel", over]];
    for (const [name, hear] of heard) element.addEventListener(name, hear);
  }

  // Not by a finger, which may only want to scroll past.
  pull.addEventListener("pointerdown", (event) => {
    if (event.button || event.pointerType === "touch") return;
    event.preventDefault();
    const i = act.add(place(event));
    if (i !== undefined) hold(pull, event, i);
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
      if (at !== undefined) hold(handle, event, at);
    });
    handle.addEventListener("keydown", (event) => {
      const [t, lr] = act.at(i); // what is drawn may be a frame old
      const many = { PageUp: 5, PageDown: -5, ArrowUp: 1, ArrowDown: -1 }[event.key];
      const along = { ArrowRight: 0.5, ArrowLeft: -0.5 }[event.key];
      const gone = ["Delete", "Backspace"].includes(event.key);
      if (!many && !along && !gone) return;
      event.preventDefault();
      if (gone) return act.remove(i);
      const at = act.begin(i);
      if (at === undefined) return;
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

  // `view`: width, height, drawn, selected, live, now, ran (points), hand (a rate or null), kept (the
  // points of earlier runs), words.
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
