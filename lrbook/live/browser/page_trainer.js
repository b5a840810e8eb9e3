// Trains in the reader's page, in a worker that is made at the first click. It takes and gives the
// messages that a kernel does, so that the buttons are the same for both.
const EPOCHS = 30;
const UNREACHABLE = "the engine can't be loaded; are you online?";
const folder = () => new URL(`${document.documentElement.dataset.content_root}_static/engine/`, document.baseURI).href;
const rounded = (loss) => (Number.isFinite(loss) ? loss.toFixed(3) : "not a number");

// `kept` are the reader's runs: what is whole is put there.
export function pageTrainer(kept) {
  let worker, hear, asked, run, state = "idle";
  let hidden = false; // paused because nobody looks
  let fetched = false; // the images, by this worker

  function answer({ data: { state: next, update, run: told, record, problem } }) {
    if (next) become(next);
    if (update) hear({ progress: update.update / update.of });
    if (told) show(told);
    if (record) kept.add({ ...asked, run, record });
    if (problem) fail(problem);
  }

  const said = {
    loading: { state: "training" },
    training: { state: "training" },
    paused: { state: "paused", words: "Stopped; it can go on from here." },
    ended: { state: "done" },
    idle: { state: "idle" },
  };
  function become(next) {
    state = next;
    if (next === "loading" && !fetched) hear({ words: "Fetching 10,000 images (5 MB) …" });
    if (next === "training") fetched = true;
    if (!(hidden && next === "paused")) hear(said[next]);
    if (next === "training" && document.hidden) rest();
  }

  function show(told) {
    const { seed, epochs, train_loss, train_acc, test_acc, died, seconds } = told;
    const done = test_acc.length;
    run = { seed, epochs, died, loss: train_loss, train: train_acc, test: test_acc };
    const last = `train loss ${rounded(train_loss.at(-1))}, test accuracy ${test_acc.at(-1).toFixed(3)}`;
    let words = `Seed ${seed}, epoch ${done} of ${epochs} in this page: ${last}.`;
    if (died) words += ` It died after epoch ${died}.`;
    else if (done < epochs) words += ` About ${Math.ceil((seconds / done) * (epochs - done))} s left.`;
    hear({ run, words });
  }

  function fail(problem) {
    state = "idle";
    hear({ problem: `It can't train here: ${problem}${problem.endsWith("?") ? "" : "."}`, state: "idle" });
  }

  function make() {
    const made = new Worker(`${folder()}worker.js`);
    made.onmessage = answer;
    made.onerror = (event) => {
      event.preventDefault();
      made.terminate();
      worker = undefined;
      fetched = false;
      fail(UNREACHABLE);
    };
    return made;
  }

  // Who looks at another tab wants the processor for it.
  function rest() {
    hidden = true;
    worker.postMessage({ do: "pause" });
  }
  const onVisibility = () => {
    if (document.hidden && state === "training") rest();
    else if (!document.hidden && hidden) {
      hidden = false;
      worker?.postMessage({ do: "resume" });
    }
  };
  document.addEventListener("visibilitychange", onVisibility);

  function train({ kind, p, seed }) {
    hidden = false;
    asked = { kind, p };
    run = undefined;
    try {
      worker ??= make();
    } catch {
      return fail("this browser has no workers");
    }
    worker.postMessage({ do: "start", data: folder(), kind, p, seed, epochs: EPOCHS, momentum: 0 });
  }

  return {
    on: (_, callback) => (hear = callback),
    send({ ask, ...setting }) {
      if (ask === "train") train(setting);
      if (ask === "stop") {
        // There is nothing yet to go on from.
        if (state === "loading") hear({ words: "Stopped before the start." });
        worker?.postMessage({ do: state === "loading" ? "stop" : "pause" });
      }
      if (ask === "resume") worker?.postMessage({ do: "resume" });
    },
    close() {
      document.removeEventListener("visibilitychange", onVisibility);
      worker?.terminate();
    },
  };
}
