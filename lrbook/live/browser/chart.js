// One panel's chart: the schedule, under it the recorded runs nearest to it, in words and pictures.
import { svg } from "./plot.js";
import { curve, describeCurve, drawCurves, peak, scale } from "./curve.js";
import { describeRuns, fetchRuns, fixedOf, isSame, nearest, settingsOf, unpack, valuesOf } from "./runs.js";
import { drawRuns } from "./picture.js";
import { tendControls } from "./controls.js";
import { heatMap } from "./heat.js";
import { keptList, keptRuns } from "./kept.js";
import { notebookTrainer } from "./notebook_trainer.js";
import { option } from "./options.js";
import { pageTrainer } from "./page_trainer.js";
import { pairOf } from "./pair.js";
import { idle } from "./setting.js";
import { trainBox } from "./train.js";

const WIDE = 640; // pixels: from here on the controls stand beside the plots

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
  let recorded, missing = "Loading the recorded runs …", mine, own, painted, settled, panel, pair, controls;
  // A page of the site trains by itself; in a notebook the kernel can do it, too.
  const onSite = "content_root" in document.documentElement.dataset;
  let coming = onSite; // the recorded runs, without a click
  const kept = onSite && keptRuns(), list = onSite && keptList(kept);
  const trainer = onSite ? pageTrainer(kept) : notebookTrainer(model);
  const box = trainBox(trainer, () => setting().asked, (run) => ((mine = run), draw()));
  if (!onSite) box.prepend(trainer.label);
  const heat = heatMap(goTo);
  const only = option("only recorded settings", () => draw());
  const one = option("both in one plot", () => arrange());
  only.box.disabled = true;
  one.box.checked = true;
  one.classList.add("lr-layout");
  const more = Object.assign(document.createElement("div"), { className: "lr-chart" });
  more.append(only, box, live, ...(onSite ? [list] : []), heat);
  el.append(both, more);

  const names = model.get("choices").flatMap(({ traits }) => Object.values(traits).flat());
  const starts = Object.fromEntries(names.map((name) => [name, model.get(name)]));

  // What the controls say now.
  function setting() {
    const { kind, label, colour, traits, words, logs } = model.get("choices")[model.get("choice")];
    // A logarithmic slider gives 0.30000000000000004 for 0.3.
    const read = (name) => Array.isArray(name) ? name.map(read) : Number(model.get(name).toPrecision(12));
    const p = Object.fromEntries(Object.entries(traits).map(([key, name]) => [key, read(name)]));
    for (const key in words) p[key] = words[key][p[key]];
    p.milestones?.sort((a, b) => a - b); // the sliders may pass each other
    const idly = idle(kind, p);
    return { label, colour, traits, words, logs, idly, asked: { kind, p: { ...p, ...idly } } };
  }

  // Put the controls to a setting's parameters.
  function goTo(p) {
    const { traits, words } = setting(), values = {};
    for (const key in traits) {
      [traits[key]].flat().forEach((name, i) => (values[name] = key in words ? words[key].indexOf(p[key]) : [p[key]].flat()[i]));
    }
    model.set(values);
    model.save_changes();
  }

  function draw() {
    const now = setting();
    const { label, colour, asked: { kind, p } } = now;
    const found = recorded && nearest(recorded, kind, p);
    const same = found && isSame(recorded, found, p);
    if (found && only.box.checked && !same) return goTo(found.p); // which draws
    const points = curve(kind, p);
    const ghost = found && !same && curve(kind, found.p);
    model.set("peak", Math.max(peak(points), ghost ? peak(ghost) : 0));
    const earlier = onSite ? kept.of(kind, p) : [];
    const keys = earlier.map(({ key }) => key).join();
    // What the lower plot shows stays the same object while that does: it is drawn anew else.
    if (!own || own.found !== found || own.runs.mine !== mine || own.keys !== keys || own.colour !== colour) {
      own = { found, keys, colour, runs: { colour, runs: found?.runs ?? [], mine, kept: earlier.map(({ run }) => run) } };
    }
    own.curve = { colour, points, ghost };
    own.said = { schedule: describeCurve(label, points), runs: recorded ? describeRuns(recorded, found, p) : missing };
    if (onSite) list.draw(earlier);
    box.update();
    attach();
    controls?.show(stops(now));
    reveal();
    heat.draw(recorded, kind, p, pair ? label : "", found);
    only.hidden = heat.hidden = recorded ? !found : !coming;
    if (pair) pair.redraw();
    else paint();
  }

  // With its colour a panel of the site is shown: once it has its parts and its width, so that
  // nothing moves any more.
  function reveal() {
    if (!own || !frame()?.clientWidth || !controls?.areThere()) return;
    if (!panel.style.getPropertyValue("--lr-policy")) arrange();
    panel.style.setProperty("--lr-policy", own.colour);
  }

  // Where the sliders that are shown stop.
  function stops({ traits, logs, idly, asked: { kind, p } }) {
    const settings = recorded && only.box.checked ? settingsOf(recorded, kind, p) : [];
    only.say(settings.length ? fixedOf(recorded, settings, p) : "");
    const moved = Object.entries(traits).filter(([key]) => !(key in idly));
    return Object.fromEntries(moved.flatMap(([key, name]) =>
      [name].flat().map((trait, i) => [trait, {
        isRate: logs.includes(key),
        start: starts[trait],
        values: settings.length ? valuesOf(settings, key, i) : undefined,
      }])));
  }

  // Draw what the plots show: this schedule, and in the first of a pair the other, too.
  function paint() {
    if (!own) return;
    const shown = pair ? pair.series(part) : [part.series()];
    const width = Math.max(260, plots.schedule.clientWidth || 640);
    const now = { width, shown, highest: tallest() };
    if (shown.length) {
      drawCurves(plots.schedule, width, shown.map(({ curve, ...look }) => ({ ...look, ...curve })), now.highest);
      const old = painted?.shown ?? [];
      if (painted?.width !== width || old.length !== shown.length || shown.some(({ runs, second }, i) => runs !== old[i].runs || second !== old[i].second)) {
        drawRuns(plots.runs, width, shown.map(({ runs, second }) => ({ ...runs, second })));
      }
    }
    painted = now;
    panel?.classList.toggle("lr-second", Boolean(pair?.isSecond(part)));
    for (const which in plots) {
      plots[which].setAttribute("aria-label", (shown.length ? shown : [part.series()]).map(({ said }) => said[which]).join(" "));
    }
    say();
  }
  const part = { series: () => own && { colour: own.colour, curve: own.curve, runs: own.runs, said: own.said }, paint };

  // Two panels side by side have one scale.
  const tallest = () => Math.max(model.get("peak"), model.get("neighbour_peak"));
  function rescale() {
    if (painted && scale(tallest())[0] !== scale(painted.highest)[0]) paint();
  }

  // A screen reader hears of a plot once the handle rests, not at every step of a drag.
  function say() {
    clearTimeout(settled);
    const speak = () => {
      for (const key in words) if (words[key].textContent !== own.said[key]) words[key].textContent = own.said[key];
    };
    settled = setTimeout(speak, words.schedule.textContent ? 250 : 0);
  }

  // The panel around the chart is there when the chart is shown.
  function attach() {
    panel ??= el.closest(".lr-panel");
    if (!panel || controls) return;
    panel.append(more); // after the controls, as it is seen: the tab key follows
    controls = tendControls(panel, reveal);
    pair = pairOf(panel);
    if (pair?.isFirst(panel)) {
      only.after(one);
      if (onSite) box.offerRace(() => [...pair.element.querySelectorAll(".lr-train")]);
    }
    arrange();
    pair?.enter(panel, part);
    resized.observe(frame());
  }

  const frame = () => pair?.element ?? panel;

  // Beside each other, or one below the other where there is no room.
  function arrange() {
    if (!panel || (pair && !pair.isFirst(panel))) return;
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

  for (const name of new Set(["choice", ...names])) model.on(`change:${name}`, draw);
  model.on("change:neighbour_peak", rescale);
  const resized = new ResizeObserver(() => {
    arrange();
    draw();
  }); // calls at once, too
  resized.observe(plots.schedule);
  return () => {
    resized.disconnect();
    more.remove();
    controls?.close();
    pair?.leave(part);
    clearTimeout(settled);
    trainer.close();
    if (onSite) kept.removeEventListener("change", keepMine);
  };
}

export default { render };
