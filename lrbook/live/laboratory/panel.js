// The laboratory's controls, as elements: what they are called, what they say, when they can be used.
import { make } from "../browser/element.js";
import { short } from "../browser/plot.js";
import { nearestStep } from "./points.js";

const button = (textContent) => make("button", { type: "button", textContent });
const labelled = (text, control) => make("label", {}, `${text} `, control);
const options = (names) => names.map((name, i) => make("option", { value: i, textContent: name }));

const MAIN = { idle: "Start", loading: "Pause", training: "Pause", paused: "Go on", ended: "Start" };
const JOINED = ["linear", "steps"];
const COPIED = 2000; // milliseconds for which a button says so

// `on` is to be filled with what the controls do; `fill` takes the charts and the list of runs, `draw`
// what is the case.
export function panel(policies, rates, epochs) {
  const on = {};
  const policy = make("select", {}, make("option", { value: "", textContent: "a policy …" }), ...options(policies));
  const joined = make("select", {}, ...options(["by lines", "by steps"]));
  const [plus, minus, clear] = ["Add a point", "Remove point", "Clear"].map(button);
  const [main, one, anew, undo, plan] = ["Start", "One epoch", "Start anew", "Undo to epoch", "Back to plan"].map(button);
  const epoch = make("input", { type: "number", min: 0, max: 0, value: 0 });
  epoch.setAttribute("aria-label", "Epoch to go back to");
  const seed = make("input", { type: "number", min: 0, max: 2 ** 32 - 1, step: 1 });
  const momentum = make("input", { type: "checkbox" });
  const slider = make("input", { type: "range", min: 0, max: rates.length - 1, step: 1 });
  const reading = make("output");
  const bar = make("progress", { max: 1, value: 0 });
  bar.setAttribute("aria-label", "epochs trained");
  const status = make("span", { className: "lab-status" });
  status.setAttribute("role", "status");
  const complaint = make("p", { className: "lab-problem", hidden: true });
  complaint.setAttribute("role", "alert");
  const python = make("code"), code = make("pre", { tabIndex: 0 }, python);
  let chosen = false; // the epoch to go back to, by the reader
  const [copyCode, copyLink] = ["Copy the code", "Copy the link"].map(button);
  const row = (className, ...children) => make("div", { className }, ...children);
  const box = make("div", { className: "lab" });

  policy.onchange = () => {
    if (policy.value !== "") on.policy(Number(policy.value));
    policy.value = "";
  };
  joined.onchange = () => on.interpolation(JOINED[joined.value]);
  for (const [control, name] of [[plus, "add"], [minus, "remove"], [clear, "clear"], [main, "main"], [one, "one"], [anew, "anew"], [plan, "plan"]]) {
    control.onclick = () => on[name]();
  }
  epoch.oninput = () => (chosen = true);
  undo.onclick = () => {
    if (!epoch.reportValidity()) return;
    chosen = false;
    on.undo(Number(epoch.value));
  };
  seed.onchange = () => (seed.reportValidity() && seed.value !== "" ? on.seed(Number(seed.value)) : undefined);
  momentum.onchange = () => on.momentum(momentum.checked);
  slider.oninput = () => on.rate(rates[slider.value]);
  copyCode.onclick = () => copy(copyCode, python.textContent);
  copyLink.onclick = () => copy(copyLink, location.href);

  async function copy(pressed, text) {
    const before = pressed.textContent;
    try {
      await navigator.clipboard.writeText(text);
      pressed.textContent = "Copied";
    } catch {
      pressed.textContent = "This browser doesn't allow it";
    }
    setTimeout(() => (pressed.textContent = before), COPIED);
  }

  function fill(chart, results, list) {
    box.append(
      complaint,
      row("lab-tools", labelled("Start from", policy), labelled("Points joined", joined), plus, minus, clear),
      chart,
      row("lab-hand", labelled("Rate by hand", slider), reading, plan),
      row("lab-buttons", main, one, anew, make("span", {}, undo, " ", epoch), labelled("Seed", seed), labelled("Momentum 0.9", momentum)),
      row("lab-said", bar, status),
      results,
      list,
      make("details", {}, make("summary", { textContent: "As Python" }), code, copyCode),
      row("lab-share", copyLink, " The address of this page holds your points, the seed and the momentum."),
    );
  }

  const put = (control, key, value) => control[key] === value || (control[key] = value);
  function draw({ python: text, drawn, selected, seed: asked, momentum: used, state, live, now, hand, words, lr, done, part }) {
    put(joined, "value", String(JOINED.indexOf(drawn.interpolation)));
    const point = drawn.points[selected];
    put(minus, "disabled", !(selected > 0 && point) || (live && point[0] <= now));
    put(main, "textContent", MAIN[state]);
    put(one, "disabled", state === "loading" || state === "training");
    put(anew, "disabled", state !== "paused");
    const back = live || state === "ended";
    for (const control of [undo, epoch]) put(control, "disabled", !back || (done === 0 && now === 0));
    put(epoch, "max", String(Math.max(0, done)));
    if (!chosen) put(epoch, "value", String(Math.max(0, done - 1)));
    if (document.activeElement !== seed) put(seed, "value", String(asked));
    put(momentum, "checked", used > 0);
    for (const control of [seed, momentum]) put(control, "disabled", state === "training" || state === "loading");
    put(slider, "disabled", !live);
    put(plan, "disabled", !live || hand === null);
    if (hand === null) put(slider, "value", String(nearestStep(lr)));
    const said = short(lr);
    put(reading, "textContent", said);
    if (slider.getAttribute("aria-valuetext") !== said) slider.setAttribute("aria-valuetext", said);
    put(bar, "value", part);
    put(bar, "hidden", state === "idle");
    put(status, "textContent", words);
    put(python, "textContent", text);
  }

  function complain(words) {
    put(complaint, "textContent", words);
    complaint.hidden = !words;
  }

  return { box, on, fill, draw, complain };
}
