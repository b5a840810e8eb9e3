// Buttons that train the sliders' setting, in the page or by a notebook's kernel.
const button = (label) => Object.assign(document.createElement("button"), { type: "button", textContent: label });

// `model` takes what is asked and answers with "msg:custom", as a widget's model and `pageTrainer`
// do; `setting` says what the sliders say; `show` is called with the reader's run at each epoch.
export function trainBox(model, setting, show) {
  const box = Object.assign(document.createElement("div"), { className: "lr-train", hidden: true });
  const [train, stop, resume, keep, race] = ["Train this", "Stop", "Go on", "Keep this run", "Race both"].map(button);
  const bar = Object.assign(document.createElement("progress"), { value: 0 });
  bar.setAttribute("aria-label", "epochs trained");
  const said = document.createElement("span");
  said.setAttribute("role", "status");
  box.append(train, race, stop, resume, keep, bar, said);
  let asked, trained; // settings as text: of the run, of one that is done
  let pair = false;

  function become(state) {
    train.hidden = state === "training";
    race.hidden = !pair || state === "training";
    stop.hidden = bar.hidden = state !== "training";
    resume.hidden = state !== "paused";
    keep.hidden = state !== "whole";
    if (state === "done") trained = asked;
    box.update();
  }
  box.start = (seed) => {
    asked = JSON.stringify(setting());
    become("training");
    bar.removeAttribute("value"); // until the first epoch nobody knows
    said.textContent = "Starting …";
    model.send({ ask: "train", ...setting(), ...(seed === undefined ? {} : { seed }) });
  };
  // Once the sliders have moved it is another setting.
  box.update = () => {
    train.textContent = trained === JSON.stringify(setting()) ? "Again with another seed" : "Train this";
  };
  // A pair of panels trains from the same start, with a seed that is new to both.
  box.offerRace = (boxes) => {
    pair = true;
    race.hidden = train.hidden;
    race.onclick = () => {
      const seed = Math.max(...boxes().map((other) => other.nextSeed()));
      boxes().forEach((other) => other.start(seed));
    };
  };
  train.onclick = () => box.start(box.nextSeed?.());
  stop.onclick = () => model.send({ ask: "stop" });
  resume.onclick = () => model.send({ ask: "resume" });
  keep.onclick = () => model.send({ ask: "keep" });

  model.on("msg:custom", ({ runs, run, progress, problem, state, words }) => {
    if (runs) box.hidden = false;
    if (progress) [bar.max, bar.value] = [1, progress];
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
