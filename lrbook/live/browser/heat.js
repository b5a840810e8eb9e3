// Every recorded setting of a schedule in a table: base rates across, the other parameters down,
// in each cell the test accuracy at the end, and who died. A click sets the sliders.
import { make } from "./element.js";
import { short } from "./plot.js";
import { mean, settingsOf, valuesOf } from "./runs.js";

const LABELS = { milestones: "milestones" };
const written = (value) => (Array.isArray(value) ? value.map(short).join(", ") : typeof value === "number" ? short(value) : value);

// The rate that goes across: cycles have a highest one.
const acrossOf = (p) => ("max_lr" in p ? "max_lr" : "base_lr");

// What a table has of settings: the rates, a row for each combination of the others, and of those
// the names that differ.
export function tableOf(settings) {
  const across = acrossOf(settings[0].p);
  const names = Object.keys(settings[0].p).filter((name) => name !== across);
  const differ = names.filter((name) => new Set(settings.map(({ p }) => String(p[name]))).size > 1);
  const rows = new Map();
  for (const setting of settings) {
    const key = JSON.stringify(differ.map((name) => setting.p[name]));
    rows.set(key, [...(rows.get(key) ?? []), setting]);
  }
  const order = (a, b) => a.values.flat().map((value, i) => value - b.values.flat()[i]).find((gap) => gap) ?? 0;
  const sorted = [...rows].map(([key, cells]) => ({ values: JSON.parse(key), cells })).sort(order);
  return { names: differ, across, rates: valuesOf(settings, across), rows: sorted };
}

// What a cell says: the mean at the end of those that live, and how many of how many died.
export function outcome({ runs }) {
  const ends = runs.filter((run) => !run.died).map((run) => run.test.at(-1));
  return { accuracy: ends.length ? mean(ends) : undefined, died: runs.length - ends.length, of: runs.length };
}

// `choose` is called with the parameters of a cell that is pressed.
export function heatMap(choose) {
  const summary = make("summary"), table = make("table"), note = make("p");
  const box = make("details", { className: "lr-atlas" }, summary, make("div", {}, table), note);
  let drawn, cells = [], waiting = () => {};

  function fill(recorded, kind, p) {
    const settings = settingsOf(recorded, kind, p), { names, across, rates, rows } = tableOf(settings);
    const label = (name) => LABELS[name] ?? recorded.kinds[kind][name].label;
    const rateName = across === "base_lr" ? "base learning rate" : label(across);
    const ends = settings.map(outcome).filter(({ accuracy }) => accuracy !== undefined).map(({ accuracy }) => accuracy);
    // Errors on a logarithmic scale, as in the plot: 0 is the worst of the living, 1 the best.
    const error = (accuracy) => -Math.log(1 - accuracy);
    const [worst, best] = [Math.min(...ends), Math.max(...ends)];
    const part = (accuracy) => (error(accuracy) - error(worst)) / (error(best) - error(worst) || 1);

    function cell(setting, values) {
      const { accuracy, died, of } = outcome(setting);
      const dead = died ? make("small", { textContent: `†${died}/${of}` }) : "";
      const button = make("button", { type: "button", tabIndex: -1, onclick: () => choose(setting.p) },
        ...(accuracy === undefined ? [] : [accuracy.toFixed(3)]), dead);
      const where = [`${across === "base_lr" ? "base rate" : rateName} ${short(setting.p[across])}`, ...values.map((value, i) => `${label(names[i])} ${written(value)}`)];
      const end = accuracy === undefined ? "" : `: test accuracy ${accuracy.toFixed(3)}`;
      button.setAttribute("aria-label", `${where.join(", ")}${end}${died ? `; ${died} of ${of} died` : ""}`);
      if (accuracy !== undefined) button.style.setProperty("--part", part(accuracy));
      if (died) button.className = "died";
      cells.push({ button, setting });
      return make("td", {}, button);
    }

    cells = [];
    const head = make("tr", {}, ...(names.length ? [make("th", { scope: "col", className: "names", textContent: names.map(label).join(" · ") })] : []),
      ...rates.map((rate) => make("th", { scope: "col", textContent: short(rate) })));
    const lines = rows.map(({ values, cells: settings }) => make("tr", {},
      ...(names.length ? [make("th", { scope: "row", textContent: values.map(written).join(" · ") })] : []),
      ...rates.map((rate) => settings.find((s) => s.p[across] === rate)).map((s) => (s ? cell(s, values) : make("td")))));
    table.replaceChildren(make("caption", { textContent: `Test accuracy at the end, by ${rateName}` }), make("thead", {}, head), make("tbody", {}, ...lines));
    const scale = make("span", { className: "lr-scale" });
    note.replaceChildren(`Mean of the seeds that lived: ${worst.toFixed(3)} `, scale, ` ${best.toFixed(3)}. Hatched: † so many of the seeds died. A click, or the arrow keys and Enter, set the sliders.`);
  }

  // One cell is in reach of the tab key, the arrow keys go to the others.
  function reach(button) {
    for (const cell of cells) cell.button.tabIndex = cell.button === button ? 0 : -1;
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

  // Show those of a kind once the reader looks, with `shown`, whose runs the plots have, marked.
  // Where there are two such tables each has a label.
  box.draw = (recorded, kind, p, label, shown) => {
    summary.textContent = `All recorded settings${label && `: ${label}`}`;
    waiting = () => {
      if (!box.open || !shown) return;
      const key = JSON.stringify([kind, Object.keys(p), p.milestones?.length]);
      if (drawn?.recorded !== recorded || drawn.key !== key) {
        fill(recorded, kind, p);
        drawn = { recorded, key };
        reach((cells.find(({ setting }) => setting === shown) ?? cells[0]).button);
      }
      for (const { button, setting } of cells) {
        if (setting === shown) button.setAttribute("aria-current", "true");
        else button.removeAttribute("aria-current");
      }
    };
    waiting();
  };
  return box;
}
