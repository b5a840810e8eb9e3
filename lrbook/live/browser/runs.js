// The recorded runs: the file that holds them, the setting nearest to the sliders, both in words.
import { short } from "./plot.js";
import { complete } from "./setting.js";

export const CURVES = ["loss", "train", "test"];
const MISSING = 65535;

// The file ---------------------------------------------------------------------------------

// Read the file's content, as lrbook.live.atlas packs it; throw when it isn't whole.
export function unpack({ unit, curves, settings, ...rest }) {
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
    runs: setting.runs.map(([seed, died, epochs]) =>
      ({ seed, died, loss: take(epochs), train: take(epochs), test: take(epochs) })),
  }));
  if (2 * at !== bytes.length) throw new Error("it isn't whole");
  return { ...rest, settings: read };
}

// Fetch the file that lies beside the site's scripts, once for all panels of a page.
export function fetchRuns() {
  const url = new URL(`${document.documentElement.dataset.content_root}_static/atlas.json`, document.baseURI);
  globalThis.lrbookRuns ??= fetch(url).then((answer) => {
    if (!answer.ok) throw new Error(`the answer was ${answer.status}`);
    return answer.json();
  }).then(unpack);
  return globalThis.lrbookRuns;
}

// The nearest setting ----------------------------------------------------------------------

const flat = (value) => (Array.isArray(value) ? value : [value]);

// How far apart two values of a parameter are, as a part of its slider's length; two words are as far
// apart as its ends.
function gap({ log, length, words }, a, b) {
  if (words) return Number(a !== b);
  const place = log ? Math.log10 : Number;
  return (place(a) - place(b)) / length;
}

function distance(parameters, p, q) {
  let sum = 0;
  for (const name in parameters) {
    const [ours, theirs] = [flat(p[name]), flat(q[name])];
    if (ours.length !== theirs.length) return Infinity;
    ours.forEach((value, i) => (sum += gap(parameters[name], value, theirs[i]) ** 2));
  }
  return sum;
}

// The recorded setting of a kind that is nearest to p, or undefined when there is none.
export function nearest({ settings, kinds }, kind, p) {
  const asked = complete(p);
  let best, least = Infinity;
  for (const setting of settings) {
    if (setting.kind !== kind) continue;
    const far = distance(kinds[kind], asked, setting.p);
    if (far < least) [best, least] = [setting, far];
  }
  return best;
}

// The recorded settings that sliders of a kind with parameters p can say, warmups if they have one.
export function settingsOf({ settings, kinds }, kind, p) {
  const asked = complete(p);
  return settings.filter((setting) => setting.kind === kind
    && (p.duration !== undefined || !setting.p.duration)
    && distance(kinds[kind], asked, setting.p) < Infinity);
}

// The values that a parameter has in settings, in order; of milestones those of one of them.
export function valuesOf(settings, name, index = 0) {
  const values = settings.map(({ p }) => flat(p[name])[index]);
  return [...new Set(values)].sort((a, b) => a - b);
}

// What all of some settings have in common, in words.
export const fixedOf = ({ kinds }, settings, p) => named(kinds[settings[0].kind], settings[0].p, (name, i) =>
  name in p && valuesOf(settings, name, i).length === 1).join(", ");

// Whether a setting is that of the sliders.
export const isSame = ({ kinds }, { kind, p }, asked) => differences(kinds[kind], complete(asked), p).length === 0;

// In words ---------------------------------------------------------------------------------

const last = (values) => values.at(-1);
export const mean = (values) => values.reduce((a, b) => a + b, 0) / values.length;
const listed = (items) => items.join(", ").replace(/, (?=[^,]*$)/, " and ");
const counted = (n, one) => `${n} ${one}${n === 1 ? "" : "s"}`;

// Those of a setting's values that are asked for, by name and place, as "horizon T 20".
function named(parameters, q, wanted) {
  const said = [];
  for (const name in parameters) {
    const values = flat(q[name]);
    values.forEach((value, i) => {
      if (wanted(name, i)) said.push(`${parameters[name].label}${values.length > 1 ? ` ${i + 1}` : ""} ${parameters[name].words ? value : short(value)}`);
    });
  }
  return said;
}

// A setting's values where they aren't the sliders'.
const differences = (parameters, p, q) => named(parameters, q, (name, i) =>
  Math.abs(gap(parameters[name], flat(p[name])[i], flat(q[name])[i])) >= 1e-9);

export function describeRuns({ kinds, images }, setting, p) {
  if (!setting) return "No run of this schedule is recorded.";
  const { kind, runs } = setting;
  const other = differences(kinds[kind], complete(p), setting.p);
  const which = other.length ? `The recorded runs are of the dashed schedule, with ${listed(other)}` : "This very setting is recorded";
  const living = runs.filter((run) => !run.died), dead = runs.filter((run) => run.died);
  const said = [`${which}: ${counted(runs.length, "seed")}, ${images.toLocaleString("en")} images.`];
  if (dead.length) {
    const epochs = [...new Set(dead.map((run) => run.died))].sort((a, b) => a - b);
    const who = living.length ? `${dead.length} of ${runs.length}` : runs.length === 1 ? "It" : `All ${runs.length}`;
    said.push(`${who} died, after epoch ${listed(epochs)}.`);
  }
  if (living.length) {
    const [loss, train, test] = CURVES.map((name) => mean(living.map((run) => last(run[name]))).toFixed(3));
    said.push(`${living.length > 1 ? "Mean at the end" : "At the end"}: train loss ${loss}, train accuracy ${train}, test accuracy ${test}.`);
  }
  return said.join(" ");
}
