// One training in the page and what is known of it: the rates that ran, the plan, the run so far.
import { FETCHING, pageWorker, problemWords, progressWords } from "../browser/page_worker.js";
import { EPOCHS } from "../browser/plot.js";
import { tableOf } from "./points.js";
import { tableRate } from "./table.js";

export class Session {
  epochs = EPOCHS;
  state = "idle"; // as the worker says it
  ran = []; // the rate of every update
  perEpoch = Infinity; // updates
  run; // in the names of the charts
  hand = null; // the rate by hand, if one is in force
  words = "Nothing is trained yet.";

  // `kept` are the reader's runs, where a whole one is put; `changed` is called when anything is new.
  constructor(kept, changed) {
    Object.assign(this, { kept, changed });
    this.worker = pageWorker((answer) => this.hear(answer));
  }

  // Whether there is a training that goes on, or can.
  get live() {
    return this.state === "training" || this.state === "paused";
  }

  // The time in epochs.
  get now() {
    return this.ran.length / this.perEpoch;
  }

  // Whole epochs that are trained.
  get done() {
    return this.run?.test.length ?? 0;
  }

  // The latest epoch that it can go back to.
  get latest() {
    return this.state === "ended" ? this.done - 1 : this.done;
  }

  // What the next update runs at.
  get rate() {
    return this.hand ?? tableRate(tableOf(this.drawn), this.now);
  }

  // Train what is drawn, to the end or for one epoch.
  start({ drawn, seed, momentum }, one = false) {
    Object.assign(this, { drawn, momentum, one, ran: [], perEpoch: Infinity, run: undefined, hand: null, told: "" });
    this.worker.start({ kind: "Table", p: tableOf(drawn), seed, momentum, epochs: this.epochs });
  }

  pause() {
    if (this.state === "loading") this.told = "Stopped before the start.";
    this.worker.tell({ do: this.state === "loading" ? "stop" : "pause" });
  }

  resume() {
    this.worker.tell({ do: "resume" });
  }

  // To the end of the epoch.
  epoch() {
    this.worker.tell({ do: "epoch" });
  }

  // Back to after an epoch, with its weights; the plan is in force again.
  undo(epoch) {
    this.back = epoch;
    this.byHand(null);
    this.worker.tell({ do: "undo", epoch });
  }

  // A rate from now on; null for the plan.
  byHand(rate) {
    this.hand = rate;
    this.worker.tell({ do: "rate", rate });
  }

  // Another plan from now on.
  plan(drawn) {
    Object.assign(this, { drawn, hand: null });
    this.worker.tell({ do: "plan", kind: "Table", p: tableOf(drawn) });
  }

  close() {
    this.worker.close();
  }

  hear({ state, update, run, record, problem }) {
    if (state) this.become(state);
    if (update) this.step(update);
    if (run) this.show(run);
    if (record) this.keep(record);
    if (problem) this.words = this.told = state || this.state === "loading" ? problemWords(problem) : `${problem}.`;
    this.changed();
  }

  become(state) {
    this.state = state;
    if (state === "loading") this.words = this.worker.fetched ? "Starting …" : FETCHING;
    if (state === "training") {
      if (this.one) this.epoch();
      this.one = false;
      this.words = this.told || "Training …";
    }
    if (state === "paused") this.words = `${this.told} Paused at epoch ${Number(this.now.toFixed(1))}.`.trim();
    if (state === "idle") [this.words, this.run, this.ran] = [this.told, undefined, []];
  }

  step({ update, of, lr }) {
    this.perEpoch = of / this.epochs;
    this.ran.length = update - 1;
    this.ran.push(lr);
  }

  show(told) {
    const { seed, epochs, momentum, train_loss, train_acc, test_acc, lr, died } = told;
    this.run = { seed, epochs, momentum, died, loss: train_loss, train: train_acc, test: test_acc };
    this.ran = lr;
    if (this.back === undefined) this.words = this.told = progressWords(told);
    else {
      this.words = this.back ? `Back after epoch ${this.back}, with the weights of that time.` : "Back at the start.";
      [this.told, this.back] = ["", undefined];
    }
  }

  keep(record) {
    const { policy, times, rates, interpolation } = record.experiment;
    const said = policy === "table" ? { kind: "Table", p: { times, rates, interpolation } } : { kind: "ByHand", p: {} };
    this.kept.add({ ...said, run: this.run, record });
  }
}

// The rates of a kept run as points of a curve: those of every epoch's first and last update.
export const ratesOf = ({ record: { lr_start, lr_end, updates_per_epoch } }) =>
  lr_start.flatMap((lr, i) => [[i, lr], [i + 1 - 1 / updates_per_epoch, lr_end[i]]]);

export const isDrawn = ({ kind }) => kind === "Table" || kind === "ByHand";
