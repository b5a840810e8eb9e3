// What a reader can ask of a panel: a checkbox, its words, and what is to be said beside them.
export function option(words, change) {
  const label = Object.assign(document.createElement("label"), { className: "lr-option" });
  const box = Object.assign(document.createElement("input"), { type: "checkbox", onchange: () => change(box.checked) });
  const said = document.createElement("span");
  label.append(box, said);
  label.box = box;
  label.say = (more) => (said.textContent = more ? `${words} (${more})` : words);
  label.say();
  return label;
}
