// What a reader can ask of a panel: a checkbox, its words, and what is to be said beside them.
import { make } from "./element.js";

export function option(words, change) {
  const box = make("input", { type: "checkbox", onchange: () => change(box.checked) }), said = make("span");
  const label = make("label", { className: "lr-option" }, box, said);
  label.box = box;
  label.say = (more) => (said.textContent = more ? `${words} (${more})` : words);
  label.say();
  return label;
}
