// What is said of an answer: right or not, why, and how far off.

export const short = (x) => String(Number(x.toPrecision(2)));

// `choices`: each { text, why }; `given` and `answer` are places among them.
export function choiceWords(choices, answer, given) {
  const right = choices[answer];
  if (given === answer) return `Right. ${right.why}`;
  const said = given === undefined ? "" : `You chose “${choices[given].text}”. ${choices[given].why} `;
  return `${said}The answer is “${right.text}”. ${right.why}`;
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
