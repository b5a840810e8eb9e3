// What is said of an answer, and what is kept of it.
import assert from "node:assert/strict";
import test, { afterEach } from "node:test";

import { keepAnswer, keptAnswer } from "../../lrbook/live/browser/predict/kept_answers.js";
import { between, checkedChoiceWords, choiceWords, compare, numberWords, sketchWords } from "../../lrbook/live/browser/predict/verdict.js";

const CHOICES = [{ text: "0.1", why: "It is slow." }, { text: "0.2", why: "It is fast." }];

test("a choice is right, or wrong for a reason, or was never made", () => {
  assert.equal(choiceWords(CHOICES, 1, 1), "Right. It is fast.");
  assert.equal(choiceWords(CHOICES, 1, 0), "You chose “0.1”. It is slow. The answer is “0.2”. It is fast.");
  assert.equal(choiceWords(CHOICES, 1, undefined), "The answer is “0.2”. It is fast.");
});

test("of a check the wrong choice isn't told which one is right", () => {
  assert.equal(checkedChoiceWords(CHOICES, 1, 1), "Right. It is fast.");
  assert.equal(checkedChoiceWords(CHOICES, 1, 0), "“0.1” is wrong. It is slow. Try again, or press “Show me”.");
  assert.equal(checkedChoiceWords(CHOICES, 1, undefined), "The answer is “0.2”. It is fast.");
});

const NUMBER = { stops: ["1", "3", "10"], right: 1, answer: "2.7", tooLow: "More.", tooHigh: "Less." };

test("a number is near enough, or too low or high for a reason", () => {
  assert.equal(numberWords(NUMBER, 1), "Right: you said 3, and it is 2.7.");
  assert.equal(numberWords(NUMBER, 0), "You said 1, and it is 2.7. More.");
  assert.equal(numberWords(NUMBER, 2), "You said 10, and it is 2.7. Less.");
  assert.equal(numberWords(NUMBER, undefined), "It is 2.7.");
});

test("lines go straight from point to point", () => {
  const points = [[0, 1], [10, 3], [30, 3]];
  const found = [0, 5, 10, 20, 30].map((t) => between(points, t));
  assert.deepEqual(found, [1, 2, 3, 3, 3]);
});

test("the true line is no way off", () => {
  const truth = [[0, 0.5], [10, 0.2], [30, 0.1]];
  assert.equal(compare(truth, truth).mean, 0);
});

test("the distance is a mean over time, not over points", () => {
  // Off by 1 to epoch 10, and by nothing from epoch 20 on; many points lie in the first tenth.
  const truth = [[0, 0], ...Array.from({ length: 90 }, (_, i) => [(i + 1) / 9, 0]), [20, 0], [100, 0]];
  const { mean, at, mine, truth: value } = compare([[0, 1], [10, 1], [20, 0], [100, 0]], truth);
  assert.ok(Math.abs(mean - 0.15) < 1e-12, mean);
  assert.deepEqual([at, mine, value], [0, 1, 0]);
});

test("of a sketch it is said how far off it is, where most, and what the curve does", () => {
  const question = { x: "epoch", truth: [[0, 0], [5, 0], [10, 0.5]] };
  const said = sketchWords(question, [[0, 0], [5, 0.25], [10, 0.5]], "0 at epoch 0.");
  assert.equal(said, "Your line is off by 0.13 on average. Farthest at epoch 5: you drew 0.25, and it is 0. The curve: 0 at epoch 0.");
  assert.equal(sketchWords(question, undefined, "0 at epoch 0."), "The curve: 0 at epoch 0.");
});

afterEach(() => delete globalThis.localStorage);

function fakeStorage(kept = {}) {
  globalThis.localStorage = { getItem: (name) => kept[name] ?? null, setItem: (name, value) => (kept[name] = value) };
  return kept;
}

test("answers are kept beside each other, and each can be forgotten", () => {
  fakeStorage();
  assert.equal(keptAnswer("a"), undefined);
  assert.ok(keepAnswer("a", { given: 2 }));
  assert.ok(keepAnswer("b", {}));
  assert.deepEqual([keptAnswer("a"), keptAnswer("b")], [{ given: 2 }, {}]);
  assert.ok(keepAnswer("a", undefined));
  assert.deepEqual([keptAnswer("a"), keptAnswer("b")], [undefined, {}]);
});

test("a browser that keeps nothing says so, and asks again", () => {
  const refuse = () => {
    throw new Error("SecurityError");
  };
  globalThis.localStorage = { getItem: refuse, setItem: refuse };
  assert.equal(keptAnswer("a"), undefined);
  assert.equal(keepAnswer("a", {}), false);
});

test("something else of that name stops no question", () => {
  fakeStorage({ "lrbook-predictions": "not JSON" });
  assert.equal(keptAnswer("a"), undefined);
});
