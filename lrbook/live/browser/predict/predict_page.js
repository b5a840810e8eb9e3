// On a page of the site each answer begins with a script that calls `lrbookPrediction`, before the
// browser has shown any of it.
import { enliven } from "./question.js";

globalThis.lrbookPrediction = (script) => {
  const answer = script.parentElement;
  enliven(answer.previousElementSibling, answer);
};

// Nothing follows a check but its script.
globalThis.lrbookCheck = (script) => enliven(script.previousElementSibling);

// A link into an answer opens it. Browsers that know `until-found` do it by themselves.
function openTarget() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const answer = target?.closest(".prediction-answer[hidden]");
  if (!answer) return;
  answer.dispatchEvent(new Event("beforematch"));
  target.scrollIntoView();
}
addEventListener("DOMContentLoaded", openTarget);
addEventListener("hashchange", openTarget);
