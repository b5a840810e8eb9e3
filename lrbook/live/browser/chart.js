// One panel's chart: the schedule, under it the recorded runs nearest to it, in words and pictures.
import { svg } from "./plot.js";
import { curve, describeCurve, drawCurve, peak, scale } from "./curve.js";
import { describeRuns, drawRuns, fetchRuns, nearest, unpack } from "./runs.js";
import { keptList, keptRuns } from "./kept.js";
import { notebookTrainer } from "./notebook_trainer.js";
import { pageTrainer } from "./page_trainer.js";
import { trainBox } from "./train.js";

const MODES = ["linear", "constant"];

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
  // A page of the site trains by itself; in a notebook the kernel can do it, too.
  const onSite = "content_root" in document.documentElement.dataset;
  const kept = onSite && keptRuns(), list = onSite && keptList(kept);
  const trainer = onSite ? pageTrainer(kept) : notebookTrainer(model);
  const box = trainBox(trainer, () => setting().asked, (run) => ((mine = run), draw()));
  if (!onSite) box.prepend(trainer.label);
  el.append(plots.schedule, plots.runs, live, box, ...(onSite ? [list] : []));

  // What the controls say now.
  function setting() {
    const { kind, label, colour, traits } = model.get("choices")[model.get("choice")];
    const read = (name) => Array.isArray(name) ? name.map(read) : model.get(name);
    const p = Object.fromEntries(Object.entries(traits).map(([key, name]) => [key, read(name)]));
    if ("mode" in p) p.mode = MODES[p.mode];
    p.milestones?.sort((a, b) => a - b); // the sliders may pass each other
    return { label, colour, traits, asked: { kind, p } };
  }

  function draw() {
    const { label, colour, traits, asked: { kind, p } } = setting();
    const width = Math.max(260, plots.schedule.clientWidth || 640);
    const points = curve(kind, p);
    model.set("peak", peak(points));
    drawCurve(plots.schedule, width, points, (highest = tallest()));
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

  // Two panels side by side have one scale.
  const tallest = () => Math.max(model.get("peak"), model.get("neighbour_peak"));
  function rescale() {
    if (drawn && scale(tallest())[0] !== scale(highest)[0]) draw();
  }

  // A screen reader hears of a plot once the handle rests, not at every step of a drag.
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

  // The panel's controls are other widgets, which come and go in their own time: show those of the
  // chosen schedule, and give handles and readouts the names that ipywidgets leaves out.
  function watch(panel) {
    const tendAll = () => panel.querySelectorAll(".lr-control").forEach(tend);
    watcher = new MutationObserver(tendAll);
    watcher.observe(panel, { subtree: true, childList: true, attributeFilter: ["aria-valuetext"] });
    tendAll();
    const pair = panel.closest(".lr-compare");
    if (onSite && pair?.firstElementChild === panel) box.offerRace(() => [...pair.querySelectorAll(".lr-train")]);
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

  function take(runs) {
    recorded = runs;
    draw();
  }

  function fail(error) {
    missing = `The recorded runs can't be shown: ${error.message}. The sliders and the schedule work.`;
    words.runs.classList.add("lr-problem");
    draw();
  }

  // A whole run is one of those that are kept.
  function keepMine() {
    if (mine && (mine.died || mine.loss.length === mine.epochs)) mine = undefined;
    draw();
  }

  // A page of the site has the runs in a file beside it; in a notebook the kernel has them.
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
  for (const name of new Set(["choice", ...names])) model.on(`change:${name}`, draw);
  model.on("change:neighbour_peak", rescale);
  const resized = new ResizeObserver(draw); // calls at once, too
  resized.observe(plots.schedule);
  return () => {
    resized.disconnect();
    watcher?.disconnect();
    clearTimeout(settled);
    trainer.close();
    if (onSite) kept.removeEventListener("change", keepMine);
  };
}

export default { render };
