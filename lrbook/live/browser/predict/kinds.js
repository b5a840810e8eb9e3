// The kinds of questions. Each has `given()`, the reader's answer or undefined as long as there is
// none, `put(answer)`, which shows one that was kept, `words(answer)`, the verdict, and `missing`,
// what is said to who commits to nothing.
import { sketchPad } from "./sketch.js";
import { choiceWords, numberWords, sketchWords } from "./verdict.js";

const why = (element) => element.querySelector(".prediction-why span").textContent;

function choose(form, { answer }) {
  const inputs = [...form.querySelectorAll("input")];
  const reasons = [...form.querySelectorAll(".prediction-why span")];
  const choices = inputs.map((input, i) => ({ text: input.nextElementSibling.textContent, why: reasons[i].textContent }));
  inputs[answer].parentElement.classList.add("right");
  return {
    missing: "Choose one first, or press “Show me”.",
    given: () => (inputs.some((input) => input.checked) ? inputs.findIndex((input) => input.checked) : undefined),
    put: (given) => inputs.forEach((input, i) => (input.checked = i === given)),
    words: (given) => choiceWords(choices, answer, given),
  };
}

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

function sketch(form, question) {
  const pad = sketchPad(form.querySelector(".prediction-axes"), question);
  return {
    missing: "Draw your line first, or press “Show me”.",
    given: pad.given,
    put: pad.put,
    words: (given) => sketchWords(question, given, why(form)),
  };
}

export const KINDS = { choose, number, sketch };
