// With a kernel: buttons that train the sliders' setting, stop it and keep the run.
const button = (label) => Object.assign(document.createElement("button"), { type: "button", textContent: label });

// `setting` says what the sliders say; `show` is called with the reader's run at each epoch.
export function trainBox(model, setting, show) {
  const box = Object.assign(document.createElement("div"), { className: "lr-train", hidden: true });
  const [train, stop, keep] = ["Train this", "Stop", "Keep this run"].map(button);
  const bar = Object.assign(document.createElement("progress"), { value: 0 });
  bar.setAttribute("aria-label", "epochs trained");
  const said = document.createElement("span");
  said.setAttribute("role", "status");
  box.append(train, stop, keep, bar, said);

  function become(state) {
    train.hidden = state === "training";
    stop.hidden = bar.hidden = state !== "training";
    keep.hidden = state !== "whole";
  }
  train.onclick = () => {
    become("training");
    bar.removeAttribute("value"); // until the first epoch nobody knows
    said.textContent = "Starting …";
    model.send({ ask: "train", ...setting() });
  };
  stop.onclick = () => model.send({ ask: "stop" });
  keep.onclick = () => model.send({ ask: "keep" });

  model.on("msg:custom", ({ runs, run, problem, state, words }) => {
    if (runs) box.hidden = false;
    if (run) {
      [bar.max, bar.value] = [run.epochs, run.loss.length];
      show({ ...run, loss: run.loss.map((v) => v ?? NaN) });
    }
    if (state) become(state);
    if (words || problem) said.textContent = words ?? problem;
  });
  become("idle");
  return box;
}
