// The picture of the runs: train loss above, accuracies below, on the time axis of the schedule.
import { EPOCHS, axes, line, series, svg, text, timeScale } from "./plot.js";
import { CURVES, mean } from "./runs.js";

const LN_10 = Math.log(10);
const DEAD = 64; // pixels that a label of dead runs takes
// Loss, and the share of errors, on a logarithmic axis: differences show late and early.
const LOSSES = [0.05, 0.1, 0.2, 0.5, 1, 2];
const ACCURACIES = [0, 0.5, 0.8, 0.9, 0.95];
const LOSS = [3, 0.05], ERROR = [0.04, 1];

function logScale([from, to], upper, lower) {
  const part = (v) => (Math.log(v) - Math.log(from)) / (Math.log(to) - Math.log(from));
  return (v) => upper + (lower - upper) * Math.min(1, Math.max(0, part(v)));
}

function meanOf(runs, name) {
  const living = runs.filter((run) => !run.died);
  return living.length ? living[0][name].map((_, i) => mean(living.map((run) => run[name][i]))) : [];
}

// Draw series: seeds thin and the mean of the living thick; dead ones end in a cross and go on as
// dead. Of each series, `mine` is the run that the reader has just trained, if there is one, `kept`
// are earlier ones. `height` is that of each of the two plots.
export function drawRuns(plot, width, shown, height = Math.min(190, Math.max(140, width * 0.26))) {
  const rows = { loss: [8, 8 + height], accuracy: [30 + height, 30 + 2 * height] };
  const x = timeScale(width);
  const lossScale = logScale(LOSS, ...rows.loss);
  const errorScale = logScale(ERROR, ...rows.accuracy);
  const y = { loss: lossScale, train: (v) => errorScale(1 - v), test: (v) => errorScale(1 - v) };
  const chance = { loss: LN_10, train: 0.1, test: 0.1 };
  const points = (values, name) => values.map((v, i) => [x(i + 1), y[name](v)]).filter(([, row]) => !isNaN(row));
  const path = (classes, d) => svg("path", { class: classes, d });

  function drawn(run, thickness) {
    return CURVES.flatMap((name) => {
      const marks = [path(`run ${name} ${thickness}`, line(points(run[name], name)))];
      if (!run.died) return marks;
      const [cx, cy] = [x(run.died), y[name](chance[name])];
      marks.push(path(`dead ${name} ${thickness}`, `M${cx} ${cy}H${x(EPOCHS)}`));
      if (name !== "train") marks.push(path(`cross ${thickness}`, `M${cx - 5} ${cy - 5}l10 10m0 -10l-10 10`));
      return marks;
    });
  }

  function drawSeries({ runs, mine, kept, ...look }) {
    const means = CURVES.map((name) => path(`mean ${name}`, line(points(meanOf(runs, name), name))));
    const own = mine ? drawn(mine, "mine") : [];
    return series(look, runs.flatMap((run) => drawn(run, "thin")), means, kept.flatMap((run) => drawn(run, "kept")), own);
  }

  const all = shown.flatMap(({ runs, mine, kept }) => [...runs, ...kept, ...(mine ? [mine] : [])]);
  const own = shown.flatMap(({ mine, kept }) => [...kept, ...(mine ? [mine] : [])]);
  const died = all.filter((run) => run.died).map((run) => x(run.died));
  const key = (name, at) => [
    path(`mean ${name}`, `M${at} ${rows.accuracy[0] - 8}h24`),
    text(name, { x: at + 29, y: rows.accuracy[0] - 4 }),
  ];
  plot.setAttribute("viewBox", `0 0 ${width} ${rows.accuracy[1] + 44}`);
  plot.replaceChildren(
    ...axes({ width, upper: rows.loss[0], lower: rows.loss[1], title: "train loss", grid: LOSSES.map((v) => [lossScale(v), v]), times: false }),
    ...axes({ width, upper: rows.accuracy[0], lower: rows.accuracy[1], title: "accuracy", grid: ACCURACIES.map((v) => [y.test(v), v]) }),
    text("log scale of errors", { class: "note", x: x(0), y: rows.accuracy[0] - 4 }),
    ...key("test", x(EPOCHS) - 132), ...key("train", x(EPOCHS) - 64),
    ...shown.map(drawSeries),
    ...["loss", "test"].flatMap((name) => deaths(died, y[name](chance[name]) - 6, x(EPOCHS))),
    ...seeds(own, x, y.test),
  );
}

// Crosses nearer to each other than a label is long share one, which counts them.
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
    // There is one at most that has no room beside it: its label stands above the others' row.
    return text(label, { class: "died", x: beyond ? group.at(-1) + 9 : end, y: beyond ? row : row - 13, "text-anchor": beyond ? "start" : "end" });
  });
}

// Which seed a line has stands beyond its end, or under the end of the axis; never on another's.
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
