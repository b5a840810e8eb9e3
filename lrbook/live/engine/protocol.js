// What the worker is told and what it answers. Told, one of
//   { do: "start", data, kind, p, seed, epochs, momentum }   data: the images' folder, or files
//   { do: "pause" }  { do: "resume" }  { do: "epoch" }       epoch: to its end, then pause
//   { do: "stop" }                                           and forget the training
//   { do: "rate", rate }                                     by hand from now on; null: the schedule
//   { do: "plan", kind, p }                                  another schedule from now on, and no hand
//   { do: "undo", epoch }                                    back to after that epoch, and pause
// it answers with any of
//   { state }     "loading", "training", "paused", "ended" or "idle"
//   { update }    after each: its number, of how many, lr, loss (its minibatch's mean), seconds (so far)
//   { run }       after each epoch: what is known of the run by now, in the names of runs/
//   { record }    after the last one: the whole run, as a line of a store holds it
//   { problem }   why it can't do what it was told, in plain words
import { rate } from "../laboratory/table.js";
import { loadImages } from "./data.js";
import { BATCH, Network, UPDATES } from "./network.js";
import { recordOf } from "./record.js";
import { Training } from "./trainer.js";

export const NO_SIMD = "this browser has no WebAssembly SIMD";

// Return the function that takes what the worker is told. `wasm` are the engine's bytes, `code` a
// hash of all that trains; `post` sends an answer; `soon` calls a function once what the worker
// was told in the meantime is heard.
export function makeWorker({ wasm, code, post, soon }) {
  let loading, training, schedule, state = "idle", byHand = null, stopAfter = false, seconds = 0;
  let times = []; // of the updates, in epochs
  let waiting = false; // for the next update
  let starts = 0; // of several while the images load, the last one counts

  function become(next) {
    state = next;
    post({ state });
  }

  async function prepare(address) {
    if (!globalThis.WebAssembly?.validate(wasm)) throw new Error(NO_SIMD);
    const network = new Network(new WebAssembly.Module(wasm));
    network.fill(await loadImages(address));
    return network;
  }

  // Once; what failed can be tried again.
  function load(address) {
    loading ??= prepare(address).catch((error) => {
      loading = undefined;
      throw error;
    });
    return loading;
  }

  async function start({ data, kind, p, seed, epochs, momentum }) {
    const mine = ++starts;
    training = null;
    become("loading");
    const network = await load(data).catch((error) => {
      if (mine === starts) throw error;
    });
    if (mine !== starts) return;
    [byHand, stopAfter, seconds, times] = [null, false, 0, []];
    plan({ kind, p });
    training = new Training(network, { rate: inForce, seed, epochs, momentum });
    go();
  }

  function plan({ kind, p }) {
    rate(kind, p, 0); // of what is no schedule, to be said now
    [schedule, byHand] = [{ kind, p }, null];
  }

  const planned = (t) => rate(schedule.kind, schedule.p, t);
  function inForce(t) {
    times[training.updates] = t;
    return byHand ?? planned(t);
  }

  function go() {
    if (state !== "training") become("training");
    if (!waiting) soon(turn);
    waiting = true;
  }

  // One update, and its epoch's end if it is the last.
  function turn() {
    waiting = false;
    if (state !== "training") return;
    const begun = performance.now();
    const update = training.update();
    seconds += (performance.now() - begun) / 1000;
    post({ update: { ...update, of: training.epochs * UPDATES, seconds } });
    if (training.updates % UPDATES) return go();
    tell();
    if (training.ended) return end();
    if (!stopAfter) return go();
    stopAfter = false;
    become("paused");
  }

  function result() {
    const { seed, epochs, momentum, train_loss, train_acc, test_acc, lr, died, reason } = training;
    const fixed = { updates_per_epoch: UPDATES, batch_size: BATCH, last_batch: "discard", data: "subset" };
    return { seed, epochs, momentum, ...fixed, train_loss, train_acc, test_acc, lr, died, reason, seconds };
  }

  function tell() {
    post({ run: result() });
  }

  // A schedule is named only where its rate ran at every update; else it was the hand's.
  function end() {
    become("ended");
    const ran = training.lr.every((lr, i) => lr === planned(times[i]));
    const said = ran ? schedule : { kind: "ByHand", p: {} };
    recordOf({ ...said, run: result(), code }).then((record) => post({ record }));
  }

  const known = {
    start,
    pause: () => state === "training" && become("paused"),
    resume() {
      stopAfter = false;
      if (state === "paused") go();
    },
    epoch() {
      stopAfter = true;
      if (state === "paused") go();
    },
    stop() {
      starts++;
      training = null;
      if (state !== "idle") become("idle");
    },
    rate({ rate }) {
      if (rate !== null && !(rate >= 0 && Number.isFinite(rate))) throw new RangeError(`the rate must be a number in [0, ∞) or null, not ${rate}`);
      byHand = rate;
    },
    plan,
    undo({ epoch }) {
      if (!training) throw new Error("there is no training to go back in");
      training.returnTo(epoch);
      become("paused");
      tell();
    },
  };

  return async (told) => {
    try {
      if (!Object.hasOwn(known, told?.do)) throw new Error(`the worker can't do ${JSON.stringify(told)}`);
      await known[told.do](told);
    } catch (error) {
      post({ problem: error.message });
      if (told?.do === "start") become("idle");
    }
  };
}
