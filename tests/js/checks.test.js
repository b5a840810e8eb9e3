// Every check of every notebook, as it is stored there, answered right and wrong.
import assert from "node:assert/strict";
import fs from "node:fs";
import test from "node:test";

import { KINDS } from "../../lrbook/live/browser/predict/kinds.js";
import { isRight, readings, typedWords } from "../../lrbook/live/browser/predict/verdict.js";

const NOTEBOOKS = new URL("../../notebooks/", import.meta.url);
const STATE = "application/vnd.jupyter.widget-state+json";
const ENTITIES = { "&lt;": "<", "&gt;": ">", "&quot;": '"', "&#x27;": "'", "&amp;": "&" };
const plain = (html) => html.replace(/&(lt|gt|quot|#x27|amp);/g, (entity) => ENTITIES[entity]);

// As much of a form as the kinds ask for.
class Form {
  constructor(html) {
    this.html = html;
    this.legend = plain(html.match(/<legend><b>Check\.<\/b> (.*?)<\/legend>/)[1]);
    this.whys = [...html.matchAll(/<p class="prediction-why"><b>.*?<\/b> <span>(.*?)<\/span>/g)].map(([, why]) => plain(why));
    const parentElement = { classList: { add() {} } };
    this.inputs = [...html.matchAll(/<input [^>]*>(?:<span>(.*?)<\/span>)/g)].map(([, text]) => ({
      checked: false, value: "", nextElementSibling: { textContent: plain(text) }, parentElement,
    }));
  }
  get kind() {
    return this.html.match(/data-kind="(.*?)"/)[1];
  }
  get question() {
    return JSON.parse(plain(this.html.match(/data-question="(.*?)"/)[1]));
  }
  querySelectorAll(selector) {
    return selector === "input" ? this.inputs : this.whys.map((textContent) => ({ textContent }));
  }
  querySelector(selector) {
    return this.querySelectorAll(selector)[0];
  }
}

function checks(file) {
  const notebook = JSON.parse(fs.readFileSync(new URL(file, NOTEBOOKS), "utf8"));
  const models = Object.values(notebook.metadata.widgets?.[STATE].state ?? {});
  return models.map(({ state }) => state.html ?? "").filter((html) => html.includes('data-kind="check-')).map((html) => new Form(html));
}

function answerChoice(form, asked, { answer }) {
  assert.equal(asked.given(), undefined);
  assert.ok(form.inputs.length >= 2 && form.whys.length === form.inputs.length);
  form.inputs.forEach((input, i) => {
    asked.put(i);
    assert.equal(asked.given(), i);
    assert.equal(asked.right(i), i === answer);
    const text = input.nextElementSibling.textContent;
    const verdict = i === answer ? `Right. ${form.whys[i]}` : `“${text}” is wrong. ${form.whys[i]} Try again`;
    assert.ok(asked.words(i).startsWith(verdict), asked.words(i));
  });
  assert.ok(asked.words(undefined).includes(`The answer is “${form.inputs[answer].nextElementSibling.textContent}”. ${form.whys[answer]}`));
}

function answerNumber(form, asked, { answer, tolerance, said, mistakes }) {
  const [otherwise, ...whys] = form.whys, [input] = form.inputs;
  const type = (text) => {
    input.value = String(text);
    return asked.given();
  };
  assert.equal(type(""), undefined);
  assert.equal(type("about ten"), undefined);
  assert.equal(whys.length, mistakes.length);
  for (const value of [answer, answer - tolerance, answer + tolerance]) {
    for (const text of [String(value), String(value).replace(".", ",")]) {
      const given = type(` ${text} `);
      assert.ok(asked.right(given), given);
      assert.equal(asked.words(given), `Right: it is ${said}. ${otherwise}`);
    }
  }
  mistakes.forEach((value, i) => {
    const given = type(value);
    assert.ok(!asked.right(given));
    assert.equal(asked.words(given), `${value} is wrong. ${whys[i]} Try again, or press “Show me”.`);
  });
  const far = type(2 * Math.max(Math.abs(answer), ...mistakes.map(Math.abs)) + 3 * tolerance + 7);
  assert.ok(!asked.right(far));
  assert.equal(asked.words(far), `${far} is wrong. ${otherwise} Try again, or press “Show me”.`);
  assert.equal(asked.words(undefined), `It is ${said}. ${otherwise}`);
  // Who is wrong may try again, so nothing gives the number away.
  const number = said.match(/^-?[\d.,e-]*\d/)[0];
  const whole = new RegExp(`(?<![\\d.,])${number.replaceAll(".", "\\.")}(?![\\d]|[.,]\\d)`);
  for (const why of form.whys) assert.ok(!whole.test(why), `${number} in: ${why}`);
}

const ANSWER = { "check-choose": answerChoice, "check-number": answerNumber };

for (const file of fs.readdirSync(NOTEBOOKS).filter((name) => name.endsWith(".ipynb"))) {
  test(`the three checks of ${file} can be answered right and wrong`, () => {
    const forms = checks(file);
    assert.equal(forms.length, 3, "run: python -m lrbook.making.outputs");
    for (const form of forms) {
      assert.ok(form.legend.length > 20);
      ANSWER[form.kind](form, KINDS[form.kind](form, form.question), form.question);
    }
  });
}

test("a number is read as it is written in many countries", () => {
  assert.deepEqual(readings("0.255"), [0.255]);
  assert.deepEqual(readings(" 0,255 "), [0.255]);
  assert.deepEqual(readings("−.5e-3"), [-0.0005]);
  assert.deepEqual(readings("1,170"), [1.17, 1170]);
  assert.deepEqual(readings("1 170"), [1170]);
  assert.deepEqual(readings("60,000.5"), [60000.5]);
  assert.deepEqual(readings("12 epochs", "epochs"), [12]);
  assert.deepEqual(readings("50%", "%"), [50]);
  for (const text of ["", "ten", "1..2", "1,2,3", "1e999", "0x10", "Infinity"]) assert.deepEqual(readings(text), [], text);
});

const QUESTION = { answer: 0.25, said: "0.25", tolerance: 0.01, unit: "", mistakes: [0.5, 0.515] };
const words = (given) => typedWords(QUESTION, "The way.", ["Half.", "More than half."], given);

test("near enough is right, to the edge of the tolerance and not beyond", () => {
  assert.ok(isRight(QUESTION, "0.26") && isRight(QUESTION, "0.24"));
  assert.ok(!isRight(QUESTION, "0.2601") && !isRight(QUESTION, "0.2399"));
});

test("a usual mistake hears its own reason, the nearest one's, and any other number the way", () => {
  assert.equal(words("0.5"), "0.5 is wrong. Half. Try again, or press “Show me”.");
  assert.equal(words("0,507"), "0,507 is wrong. Half. Try again, or press “Show me”.");
  assert.equal(words("0.508"), "0.508 is wrong. More than half. Try again, or press “Show me”.");
  assert.equal(words("3"), "3 is wrong. The way. Try again, or press “Show me”.");
});
