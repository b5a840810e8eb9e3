// The setting in the page's address, after the #: what is drawn, the seed, the momentum.
import { EPOCHS } from "../browser/plot.js";
import { HIGHEST, MOST } from "./points.js";

export const MOMENTUM = 0.9;

export const hashOf = ({ drawn: { points, interpolation }, seed, momentum }) =>
  `#points=${points.map((point) => point.join(":")).join(",")}&interpolation=${interpolation}&seed=${seed}&momentum=${momentum}`;

// Return the setting of an address; undefined when it has none, as one of a heading has none. Throws
// an Error that says what is wrong.
export function settingOf(hash) {
  const said = new URLSearchParams(hash.slice(1));
  if (!said.has("points")) return undefined;
  const points = said.get("points").split(",").map((text) => text.split(":").map(number));
  const inside = points.every((point) => point.length === 2 && point[0] >= 0 && point[0] <= EPOCHS && point[1] >= 0 && point[1] <= HIGHEST);
  const increasing = points.every(([t], i) => (i ? t > points[i - 1][0] : t === 0));
  if (!inside || !increasing || points.length > MOST) throw new Error("its points are no schedule");
  const interpolation = said.get("interpolation") ?? "linear";
  if (!["linear", "steps"].includes(interpolation)) throw new Error("its points are joined in no known way");
  const [seed, momentum] = ["seed", "momentum"].map((name) => number(said.get(name) ?? "0"));
  if (!(Number.isInteger(seed) && seed >= 0 && seed < 2 ** 32)) throw new Error("its seed is no whole number from 0 to 4294967295");
  if (![0, MOMENTUM].includes(momentum)) throw new Error(`its momentum is neither 0 nor ${MOMENTUM}`);
  return { drawn: { points, interpolation }, seed, momentum };
}

// An empty text is no 0.
const number = (text) => (/^\d/.test(text) ? Number(text) : NaN);
