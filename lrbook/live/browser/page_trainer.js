// Trains in the reader's page. It takes and gives the messages that a kernel does, so that the buttons
// are the same for both.
import { FETCHING, pageWorker, problemWords, progressWords } from "./page_worker.js";

const EPOCHS = 30;

// `kept` are the reader's runs: what is whole is put there. `place` is `pageWorker`'s.
export function pageTrainer(kept, place) {
  let hear, asked, run;
  const worker = pageWorker(answer, place);

  function answer({ state, update, run: told, record, problem }) {
    if (state === "loading" && !worker.fetched) hear({ words: FETCHING });
    if (state) hear(said[state]);
    if (update) hear({ progress: update.update / update.of });
    if (told) show(told);
    if (record) kept.add({ ...asked, run, record });
    if (problem) hear({ problem: problemWords(problem), state: "idle" });
  }

  const said = {
    loading: { state: "training" },
    training: { state: "training" },
    paused: { state: "paused", words: "Stopped; it can go on from here." },
    ended: { state: "done" },
    idle: { state: "idle" },
  };

  function show(told) {
    const { seed, epochs, train_loss, train_acc, test_acc, died } = told;
    run = { seed, epochs, died, loss: train_loss, train: train_acc, test: test_acc };
    hear({ run, words: progressWords(told) });
  }

  function train({ kind, p, seed }) {
    asked = { kind, p };
    run = undefined;
    worker.start({ kind, p, seed, epochs: EPOCHS, momentum: 0 });
  }

  return {
    on: (_, callback) => (hear = callback),
    send({ ask, ...setting }) {
      if (ask === "train") train(setting);
      if (ask === "stop") {
        // There is nothing yet to go on from.
        if (worker.state === "loading") hear({ words: "Stopped before the start." });
        worker.tell({ do: worker.state === "loading" ? "stop" : "pause" });
      }
      if (ask === "forget") worker.tell({ do: "stop" });
      if (ask === "resume") worker.tell({ do: "resume" });
    },
    close: worker.close,
  };
}
