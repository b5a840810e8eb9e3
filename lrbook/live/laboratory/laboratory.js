// The laboratory page: draw a schedule, train with it in the page, with a hand on the rate.
import { describeCurve } from "../browser/curve.js";
import { keptList, keptRuns } from "../browser/kept.js";
import { EPOCHS, svg } from "../browser/plot.js";
import { drawRuns } from "../browser/picture.js";
import { MOMENTUM, hashOf, settingOf } from "./address.js";
import { panel } from "./panel.js";
import { MOST, POLICIES, RATES, add, drawPolicy, drawnOf, move, remove, roomiest, simplify } from "./points.js";
import { pythonOf } from "./python.js";
import { curveOf, rateChart } from "./rate_chart.js";
import { Session, isDrawn, ratesOf } from "./session.js";

// Something to pull at: held, then let down.
const FIRST = { drawn: { points: [[0, 0.3], [20, 0.3], [30, 0.01]], interpolation: "linear" }, seed: 0, momentum: 0 };
const SHOWN = 6; // kept runs beside the new one: more would be a thicket
const RECENT = 1; // epochs for which a point that was put in at the present serves

// `place` is the page's element; its data hold the target: { name, runs }.
function laboratory(place) {
  const target = JSON.parse(place.dataset.target, (_, value) => value ?? NaN);
  const ends = target.runs.filter(({ died }) => !died).map(({ test }) => test.at(-1));
  const toBeat = `The target ends at ${(ends.reduce((a, b) => a + b, 0) / ends.length).toFixed(3)} on average.`;
  const kept = keptRuns();
  const session = new Session(kept, () => later());
  const parts = panel(POLICIES.map(({ label }) => label), RATES, EPOCHS);
  const results = svg("svg", { role: "img", class: "lab-results" });
  let { drawn, seed, momentum } = FIRST;
  let selected, wanted; // points: the one that the buttons mean, the one that wants the focus
  let changed = false; // the plan of a run that is under way
  let shown; // what the results show

  // Drawing, at most once a frame ---------------------------------------------------------------

  let frame;
  const later = () => (frame ??= requestAnimationFrame(draw));

  function draw() {
    frame = undefined;
    if (changed) session.plan(drawn);
    changed = false;
    const { live, now, hand, run, state } = session;
    const words = state === "ended" && !run.died ? `${session.words} ${toBeat}` : session.words;
    const width = Math.max(260, rate.chart.clientWidth || 640), tall = width > 600;
    const earlier = kept.runs.filter((entry) => isDrawn(entry) && entry.run !== run).slice(-SHOWN);
    const points = curveOf(drawn, 0, EPOCHS);
    rate.draw({
      width, height: tall ? 240 : 228, drawn, selected, live, now, hand, kept: earlier.map(pastOf),
      ran: session.ran.map((lr, i) => [i / session.perEpoch, lr]), words: describeCurve("The plan", points),
    });
    if (!shown || shown.run !== run || shown.width !== width || shown.runs !== kept.runs) {
      shown = { run, width, runs: kept.runs };
      drawRuns(results, width, [{ runs: target.runs, mine: run, kept: earlier.map((entry) => entry.run) }], 96);
    }
    results.setAttribute("aria-label", `Loss and accuracies by epoch, ${target.name}, and your runs. ${words}`);
    parts.draw({ python: pythonOf(drawn), drawn, selected, seed, momentum, state, live, now, hand, words, lr: live ? session.rate : drawn.points[0][1], done: session.latest, part: session.now / EPOCHS });
    if (wanted !== undefined) rate.focus(wanted);
    wanted = undefined;
  }

  const pastOf = (entry) => entry.kind === "Table" ? curveOf(drawnOf(entry.p), 0, entry.run.test.length) : ratesOf(entry);

  // The reader's hand on the points ----------------------------------------------------------------

  function edit(next) {
    drawn = next;
    changed = session.live;
    later();
  }

  // The setting stands in the address, without a step in the browser's history for each.
  function end() {
    history.replaceState(history.state, "", hashOf({ drawn, seed, momentum }));
    parts.complain("");
    later();
  }

  const isOver = (i) => session.live && session.now > 0 && drawn.points[i][0] <= session.now;

  // What has run stays: where a line that has begun is about to be bent, or the hand's rate to end, a
  // point holds the present. Returns by how many places later points move.
  function holdPresent() {
    const { live, now, hand } = session;
    if (!live || now === 0 || now >= EPOCHS || drawn.points.length >= MOST) return 0;
    const place = drawn.points.findLastIndex(([t]) => t <= now) + 1;
    const bent = drawn.interpolation === "linear" && now - drawn.points[place - 1][0] > RECENT;
    if (hand === null && !bent) return 0;
    const t = Math.ceil(now * 100) / 100;
    const free = drawn.points.every(([other]) => Math.abs(other - t) > 0.02);
    if (free) edit({ ...drawn, points: drawn.points.toSpliced(place, 0, [t, Number(session.rate.toPrecision(3))]) });
    return free ? 1 : 0;
  }

  const act = {
    at: (i) => drawn.points[i],
    begin(i) {
      if (isOver(i)) return undefined;
      const by = holdPresent();
      if (by) [wanted, selected] = [i + by, i + by];
      return i + by;
    },
    move(i, point) {
      if (!isOver(i)) edit(move(drawn, i, point, session.live ? session.now : 0));
    },
    add(point) {
      const now = session.live ? session.now : 0;
      if (point[0] < now || !add(drawn, point, now)) return undefined;
      holdPresent();
      const added = add(drawn, point, now);
      if (!added) return undefined;
      edit(added.drawn);
      return (selected = wanted = added.place);
    },
    remove(i) {
      if (i === undefined || i === 0 || isOver(i)) return;
      const at = i + holdPresent();
      edit(remove(drawn, at));
      selected = wanted = at - 1;
      end();
    },
    select: (i) => ((selected = i), later()),
    end,
  };
  const rate = rateChart(act);

  function use(next) {
    selected = undefined;
    edit(next);
    end();
  }

  // The buttons ----------------------------------------------------------------------------------

  const begin = (one) => session.start({ drawn, seed, momentum }, one);
  Object.assign(parts.on, {
    policy: (i) => use(drawPolicy(POLICIES[i])),
    interpolation: (interpolation) => use({ ...drawn, interpolation }),
    add() {
      const now = session.live ? session.now : 0, t = roomiest(drawn, now);
      if (t === undefined) return;
      act.add([t, curveOf(drawn, t, EPOCHS)[0][1]]);
      end();
    },
    remove: () => act.remove(selected),
    clear: () => use({ points: [[0, 0.1]], interpolation: "linear" }),
    seed: (value) => ((seed = value), end()),
    momentum: (on) => ((momentum = on ? MOMENTUM : 0), end()),
    main() {
      if (session.state === "loading" || session.state === "training") session.pause();
      else if (session.state === "paused") session.resume();
      else begin(false);
    },
    one: () => (session.state === "paused" ? session.epoch() : begin(true)),
    anew: () => begin(false),
    undo: (epoch) => session.undo(epoch),
    rate: (lr) => (session.byHand(lr), later()),
    plan: () => (session.byHand(null), later()),
  });

  // The reader's runs ------------------------------------------------------------------------------

  function called({ kind, p, run }) {
    const how = kind === "Table" ? `drawn with ${p.times.length} ${p.times.length === 1 ? "point" : "points"}` : "with the rate by hand";
    return `your run ${how}, seed ${run.seed}${run.momentum ? `, momentum ${run.momentum}` : ""}`;
  }

  function again(entry) {
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: "Draw it again" });
    button.setAttribute("aria-label", `Draw again ${called(entry)}`);
    button.onclick = () => {
      const { kind, p, run } = entry;
      if (!session.live) [seed, momentum] = [run.seed, run.momentum];
      use(kind === "Table" ? drawnOf(p) : { points: simplify(ratesOf(entry)), interpolation: "linear" });
    };
    return [button];
  }

  const list = keptList(kept, called, again);
  const listRuns = () => (list.draw(kept.runs.filter(isDrawn)), later());
  kept.addEventListener("change", listRuns);

  // The address ------------------------------------------------------------------------------------

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
    selected = undefined;
    later();
  }

  parts.fill(rate.chart, results, list);
  place.replaceChildren(parts.box);
  addEventListener("hashchange", readAddress);
  new ResizeObserver(later).observe(rate.chart);
  readAddress();
  listRuns();
}

for (const place of document.querySelectorAll(".laboratory")) laboratory(place);
