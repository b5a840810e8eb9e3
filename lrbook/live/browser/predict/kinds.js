// The kinds of questions. Each has `given()`, the reader's answer or undefined as long as there is
// none, `put(answer)`, which shows one that was kept, `words(answer)`, the verdict, and `missing`,
// what is said to who commits to nothing. A check also has `right(answer)`: what isn't may be tried
// again.
import { sketchPad } from "./sketch.js";
import { checkedChoiceWords, choiceWords, isRight, numberWords, readings, sketchWords, typedWords } from "./verdict.js";

const reasons = (form) => [...form.querySelectorAll(".prediction-why span")].map((span) => span.textContent);

function choose(form, { answer }, words = choiceWords) {
  const inputs = [...form.querySelectorAll("input")], whys = reasons(form);
  const choices = inputs.map((input, i) => ({ text: input.nextElementSibling.textContent, why: whys[i] }));
  inputs[answer].parentElement.classList.add("right");
  return {
    missing: "Choose one first, or press “Show me”.",
    given: () => (inputs.some((input) => input.checked) ? inputs.findIndex((input) => input.checked) : undefined),
    put: (given) => inputs.forEach((input, i) => (input.checked = i === given)),
    words: (given) => words(choices, answer, given),
  };
}

const checkChoice = (form, question) => ({
  ...choose(form, question, checkedChoiceWords),
  right: (given) => given === question.answer,
});

function number(form, question) {
  const [input, output] = [form.querySelector("input"), form.querySelector(".prediction-value")];
  let moved;
  function put(given) {
    moved = given !== undefined;
    // Until it is moved it stands at its end, and says nothing: its place would be a hint.
    input.value = given ?? 0;
    output.textContent = moved ? question.stops[given] : "?";
    input.setAttribute("aria-valuetext", moved ? question.stops[given] : "none yet");
  }
  input.addEventListener("input", () => put(Number(input.value)));
  put();
  return {
    missing: "Put the slider on your number first, or press “Show me”.",
    given: () => (moved ? Number(input.value) : undefined),
    put,
    words: (given) => numberWords(question, given),
  };
}

function checkNumber(form, question) {
  const input = form.querySelector("input"), [otherwise, ...whys] = reasons(form);
  return {
    missing: "Type a number first, or press “Show me”.",
    given: () => (readings(input.value, question.unit).length ? input.value.trim() : undefined),
    put: (given) => (input.value = given ?? ""),
    words: (given) => typedWords(question, otherwise, whys, given),
    right: (given) => isRight(question, given),
  };
}

function sketch(form, question) {
  const pad = sketchPad(form.querySelector(".prediction-axes"), question);
  return {
    missing: "Draw your line first, or press “Show me”.",
    given: pad.given,
    put: pad.put,
    words: (given) => sketchWords(question, given, reasons(form)[0]),
  };
}

export const KINDS = { choose, number, sketch, "check-choose": checkChoice, "check-number": checkNumber };
