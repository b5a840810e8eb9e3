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
  let moved = false;
  const say = () => {
    output.textContent = question.stops[input.value];
    input.setAttribute("aria-valuetext", output.textContent);
  };
  input.addEventListener("input", () => {
    moved = true;
    say();
  });
  return {
    missing: "Put the slider on your number first, or press “Show me”.",
    given: () => (moved ? Number(input.value) : undefined),
    put(given) {
      moved = given !== undefined;
      input.value = given ?? input.defaultValue;
      say();
    },
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
