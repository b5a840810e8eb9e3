// What is drawn as Python: a policy where it is one exactly, else a table.
import { tableOf } from "./points.js";

const tuple = (numbers) => `(${numbers.join(", ")}${numbers.length === 1 ? "," : ""})`;
// A quotient of two short numbers, written as short as it is.
const short = (x) => Number(x.toPrecision(12));

function multiFactor([[, first], ...drops]) {
  const factor = short(drops[0][1] / first);
  const exact = drops.every(([, lr], i) => Math.abs(lr - first * factor ** (i + 1)) <= 1e-9 * lr);
  if (!exact || !(factor > 0 && factor <= 1)) return undefined;
  return `MultiFactor(base_lr=${first}, milestones=${tuple(drops.map(([t]) => t))}, factor=${factor})`;
}

// Return lines of Python that make `schedule`.
export function pythonOf(drawn) {
  const { times, rates, interpolation } = tableOf(drawn);
  const changes = drawn.points.filter(([, lr], i) => i === 0 || lr !== rates[i - 1]);
  let call;
  if (changes.length === 1) call = `Constant(base_lr=${rates[0]})`;
  else if (interpolation === "steps") call = multiFactor(changes);
  if (!call) {
    call = `Table(\n    times=${tuple(times)},\n    rates=${tuple(rates)},\n    interpolation="${interpolation}",\n)`;
  }
  return `from lrbook.schedules import ${call.match(/^\w+/)[0]}\n\nschedule = ${call}\n`;
}
