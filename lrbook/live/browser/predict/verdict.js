// What is said of an answer: right or not, why, and how far off.

export const short = (x) => String(Number(x.toPrecision(2)));

// `choices`: each { text, why }; `given` and `answer` are places among them.
export function choiceWords(choices, answer, given) {
  const right = choices[answer];
  if (given === answer) return `Right. ${right.why}`;
  const said = given === undefined ? "" : `You chose “${choices[given].text}”. ${choices[given].why} `;
  return `${said}The answer is “${right.text}”. ${right.why}`;
}

const AGAIN = "Try again, or press “Show me”.";

// Of a check, which may be tried again: who is wrong doesn't hear what is right.
export function checkedChoiceWords(choices, answer, given) {
  if (given === undefined || given === answer) return choiceWords(choices, answer, given);
  return `“${choices[given].text}” is wrong. ${choices[given].why} ${AGAIN}`;
}

// The numbers that a typed text can mean, none if it is no number. A comma is a decimal point, or it
// groups the digits of a large number: 1,170 can mean both.
export function readings(text, unit = "") {
  let plain = text.replaceAll(/\s/g, "").replace("−", "-");
  const end = unit.replaceAll(/\s/g, "");
  if (end && plain.endsWith(end)) plain = plain.slice(0, -end.length);
  const texts = [plain.replace(",", ".")];
  if (/^-?[1-9]\d{0,2}(,\d{3})+(\.\d*)?$/.test(plain)) texts.push(plain.replaceAll(",", ""));
  return texts.filter((t) => /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(t)).map(Number).filter(Number.isFinite);
}

// With a little more than the tolerance, since 0.26 − 0.25 is more than 0.01 to a computer.
const near = (a, b, tolerance) => Math.abs(a - b) <= tolerance + 1e-9 * Math.max(Math.abs(a), Math.abs(b));

export const isRight = ({ answer, tolerance, unit }, given) => readings(given, unit).some((x) => near(x, answer, tolerance));

// `whys`: what was missed by who gives one of the usual mistakes; `otherwise`: the way to the number.
export function typedWords(question, otherwise, whys, given) {
  const { said, tolerance, unit, mistakes } = question;
  if (given === undefined) return `It is ${said}. ${otherwise}`;
  if (isRight(question, given)) return `Right: it is ${said}. ${otherwise}`;
  const distance = (value) => Math.min(...readings(given, unit).filter((x) => near(x, value, tolerance)).map((x) => Math.abs(x - value)));
  const distances = mistakes.map(distance), nearest = Math.min(...distances);
  const why = nearest < Infinity ? whys[distances.indexOf(nearest)] : otherwise;
  return `${given} is wrong. ${why} ${AGAIN}`;
}

// `stops`: what each stop is called; `right` is the place of the one nearest to the answer.
export function numberWords({ stops, right, answer, tooLow, tooHigh }, given) {
  if (given === undefined) return `It is ${answer}.`;
  if (given === right) return `Right: you said ${stops[given]}, and it is ${answer}.`;
  return `You said ${stops[given]}, and it is ${answer}. ${given < right ? tooLow : tooHigh}`;
}

// The value of straight lines through points [t, v] at a time between the first and the last.
export function between(points, t) {
  const i = Math.max(1, points.findIndex(([at]) => at >= t));
  const [[t0, a], [t1, b]] = [points[i - 1], points[i]];
  return a + ((b - a) * (t - t0)) / (t1 - t0);
}

// How far a drawn line lies from the true one: on average over time, and where farthest.
export function compare(mine, truth) {
  const gaps = truth.map(([t, v]) => Math.abs(between(mine, t) - v));
  let area = 0;
  for (let i = 1; i < truth.length; i++) area += ((gaps[i] + gaps[i - 1]) / 2) * (truth[i][0] - truth[i - 1][0]);
  const far = gaps.indexOf(Math.max(...gaps)), [at, value] = truth[far];
  return { mean: area / (truth.at(-1)[0] - truth[0][0]), at, mine: between(mine, at), truth: value };
}

export function sketchWords({ x, truth }, given, curve) {
  if (given === undefined) return `The curve: ${curve}`;
  const { mean, at, mine, truth: value } = compare(given, truth);
  const most = `Farthest at ${x} ${short(at)}: you drew ${short(mine)}, and it is ${short(value)}.`;
  return `Your line is off by ${short(mean)} on average. ${most} The curve: ${curve}`;
}
