// The parts of a plot: every plot of a panel has the same time axis.
export const EPOCHS = 30;
const LEFT = 58;
const RIGHT = 14;

export const svg = (name, attributes = {}, ...children) => {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const key in attributes) element.setAttribute(key, attributes[key]);
  element.append(...children);
  return element;
};
export const text = (content, attributes) => svg("text", attributes, content);
export const short = (x) => String(Number(x.toPrecision(3)));
export const line = (points) =>
  points.map(([x, y], i) => `${i ? "L" : "M"}${x.toFixed(2)} ${y.toFixed(2)}`).join("");

// What belongs to one schedule, in its colour if that isn't the panel's; of two that have the same
// colour the second has another hue.
export const series = ({ colour, second }, ...parts) =>
  svg("g", { class: second ? "series second" : "series", ...(colour && { style: `--lr-policy: ${colour}` }) }, ...parts.flat());

// Where a time lies in a plot of that width.
export const timeScale = (width) => (t) => LEFT + ((width - RIGHT - LEFT) * t) / EPOCHS;

// A plot's axes between two rows: a tick each five epochs, a grid line for each [row, label].
export function axes({ width, upper, lower, title, grid, times = true }) {
  const x = timeScale(width), right = width - RIGHT;
  const marks = [
    svg("path", { class: "tick", d: `M${LEFT} ${lower}H${right}` }),
    text(title, { transform: `translate(13 ${(upper + lower) / 2}) rotate(-90)`, "text-anchor": "middle" }),
  ];
  for (const [y, label] of grid) {
    if (y < lower) marks.push(svg("path", { class: "grid", d: `M${LEFT} ${y}H${right}` }));
    marks.push(text(label, { x: LEFT - 8, y: y + 4, "text-anchor": "end" }));
  }
  for (let t = 0; t <= EPOCHS; t += 5) {
    marks.push(svg("path", { class: "tick", d: `M${x(t)} ${lower}v5` }));
    if (times) marks.push(text(t, { x: x(t), y: lower + 19, "text-anchor": "middle" }));
  }
  if (times) marks.push(text("epoch", { x: (LEFT + right) / 2, y: lower + 38, "text-anchor": "middle" }));
  return marks;
}
