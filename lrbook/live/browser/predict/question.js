// A question: the reader commits, or asks to be shown, and then sees the answer. A check that was
// answered wrong stays open.
import { keepAnswer, keptAnswer } from "./kept_answers.js";
import { KINDS } from "./kinds.js";

const UNKEPT = "This browser doesn't keep your answer: it is gone when you leave the page.";

// What was hidden when the page was loaded had no width: code that scrolls can be reached by keyboard,
// and the site's own script marks the edges of what scrolls.
function measure(answer) {
  for (const code of answer.querySelectorAll("pre")) code.tabIndex = code.scrollWidth > code.clientWidth ? 0 : -1;
  dispatchEvent(new Event("resize"));
}

// `answer` is what follows on a page of the site; in a notebook there is none to hide.
export function enliven(form, answer) {
  const { key, kind, question } = form.dataset;
  const asked = KINDS[kind](form, JSON.parse(question));
  const [commit, show, remove] = form.querySelectorAll("button");
  const fieldset = form.querySelector("fieldset"), said = form.querySelector(".prediction-said");

  function become(done) {
    form.classList.toggle("done", done);
    fieldset.disabled = done;
    commit.hidden = show.hidden = done;
    remove.hidden = !done;
    // Found by the browser's search and by links, which open it.
    if (answer) answer.hidden = done ? false : "until-found";
  }

  // `kept`: { given }, without a value when the reader has asked to be shown.
  function reveal({ given }) {
    become(given === undefined || (asked.right?.(given) ?? true));
    remove.hidden = false;
    if (answer) measure(answer);
    remove.textContent = given === undefined ? "Ask me again" : "Remove my answer";
    said.textContent = asked.words(given);
  }

  function finish(given) {
    reveal({ given });
    if (!keepAnswer(key, { given })) said.append(` ${UNKEPT}`);
    // The button that was pressed may be gone.
    if (commit.hidden) (answer ?? remove).focus({ preventScroll: true });
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const given = asked.given();
    if (given === undefined) said.textContent = asked.missing;
    else finish(given);
  });
  show.addEventListener("click", () => finish());
  remove.addEventListener("click", () => {
    keepAnswer(key, undefined);
    asked.put(undefined);
    said.textContent = "";
    become(false);
    form.querySelector("input").focus({ preventScroll: true });
  });

  if (answer) {
    Object.assign(answer, { tabIndex: -1, role: "group", ariaLabel: "Answer" });
    answer.addEventListener("beforematch", () => reveal({}));
  }
  form.classList.add("alive");
  become(false);
  const kept = keptAnswer(key);
  if (kept) {
    asked.put(kept.given);
    reveal(kept);
  }
}
