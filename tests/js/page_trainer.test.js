// A panel's trainer in the page, and the reader's runs: with a worker that only says what a test tells.
import assert from "node:assert/strict";
import test from "node:test";

import { keptList, keptRuns } from "../../lrbook/live/browser/kept.js";
import { pageTrainer } from "../../lrbook/live/browser/page_trainer.js";
import { makeDocument } from "./document.js";

const p = { base_lr: 0.3 };
const told = (done, more = {}) => {
  const list = Array(done).fill(0.5);
  return { run: { seed: 7, epochs: 30, train_loss: list, train_acc: list, test_acc: list, died: null, seconds: 2 * done, ...more } };
};

function trainer(t) {
  globalThis.document = Object.assign(new EventTarget(), makeDocument({ content_root: "../" }), { hidden: false });
  const workers = [];
  globalThis.Worker = class {
    constructor(url) {
      Object.assign(this, { url, told: [], ended: false });
      workers.push(this);
    }
    postMessage(message) {
      this.told.push(message);
    }
    terminate() {
      this.ended = true;
    }
  };
  t.after(() => ["Worker", "lrbookKept"].forEach((name) => delete globalThis[name]));
  const kept = keptRuns(), heard = [], made = pageTrainer(kept);
  made.on("msg:custom", (message) => heard.push(message));
  const say = (...answers) => answers.forEach((data) => workers.at(-1).onmessage({ data }));
  const look = (hidden) => {
    document.hidden = hidden;
    document.dispatchEvent(new Event("visibilitychange"));
  };
  return { ...made, kept, heard, workers, say, look, orders: () => workers.at(-1).told.map((message) => message.do) };
}

test("the worker is made at the first click, from beside the site's scripts, and asked for 30 epochs", (t) => {
  const { send, workers, close } = trainer(t);
  send({ ask: "stop" });
  send({ ask: "resume" });
  assert.equal(workers.length, 0);
  send({ ask: "train", kind: "Constant", p, seed: 7 });
  send({ ask: "train", kind: "Constant", p, seed: 8 });
  assert.deepEqual(workers.map(({ url }) => url), ["https://example.org/book/_static/engine/worker.js"]);
  const start = { do: "start", data: "https://example.org/book/_static/engine/", kind: "Constant", p, epochs: 30, momentum: 0 };
  assert.deepEqual(workers[0].told, [{ ...start, seed: 7 }, { ...start, seed: 8 }]);
  close();
  assert.ok(workers[0].ended);
});

test("the words say how far it is, and how long it takes", (t) => {
  const { send, say, heard } = trainer(t);
  send({ ask: "train", kind: "Constant", p, seed: 7 });
  say({ state: "loading" }, { state: "training" }, { update: { update: 39, of: 1170 } }, told(1));
  assert.deepEqual(heard.map(({ words }) => words).filter(Boolean), [
    "Fetching 10,000 images (5 MB) …",
    "Seed 7, epoch 1 of 30 in this page: train loss 0.500, test accuracy 0.500. About 58 s left.",
  ]);
  assert.equal(heard.find(({ progress }) => progress).progress, 39 / 1170);
  say(told(2, { died: 2, train_loss: [1, NaN] }));
  assert.equal(heard.at(-1).words, "Seed 7, epoch 2 of 30 in this page: train loss not a number, test accuracy 0.500. It died after epoch 2.");
  say({ state: "loading" });
  assert.ok(!heard.at(-1).words, "what is there isn't fetched again");
});

test("a run that ended is kept, once", (t) => {
  const { send, say, heard, kept } = trainer(t);
  send({ ask: "train", kind: "Constant", p, seed: 7 });
  say({ state: "training" }, told(30), { state: "ended" }, { record: { key: "a", date: "2026" } });
  assert.equal(heard.findLast(({ state }) => state).state, "done");
  say({ record: { key: "a", date: "2026" } });
  assert.deepEqual(kept.of("Constant", { ...p, duration: 0, start_lr: 0.2, mode: "constant" }).map(({ run }) => run.seed), [7]);
  assert.deepEqual([kept.of("Constant", { base_lr: 0.2 }), kept.of("Cosine", p)], [[], []]);
});

test("a stop while it loads starts nothing; later it can go on", (t) => {
  const { send, say, heard, orders } = trainer(t);
  send({ ask: "train", kind: "Constant", p, seed: 0 });
  say({ state: "loading" });
  send({ ask: "stop" });
  assert.deepEqual([orders(), heard.at(-1).words], [["start", "stop"], "Stopped before the start."]);
  say({ state: "idle" });
  assert.deepEqual(heard.at(-1), { state: "idle" });
  send({ ask: "train", kind: "Constant", p, seed: 0 });
  say({ state: "training" });
  send({ ask: "stop" });
  say({ state: "paused" });
  send({ ask: "resume" });
  assert.deepEqual(orders().slice(2), ["start", "pause", "resume"]);
});

test("a tab that nobody sees rests, and says nothing of it", (t) => {
  const { send, say, look, heard, orders } = trainer(t);
  look(true);
  look(false); // nothing trains
  send({ ask: "train", kind: "Constant", p, seed: 0 });
  say({ state: "training" });
  look(true);
  const count = heard.length;
  say({ state: "paused" });
  look(false);
  assert.deepEqual([orders(), heard.length], [["start", "pause", "resume"], count]);
  say({ state: "training" }, { state: "paused" }); // by the reader
  look(true);
  look(false);
  assert.deepEqual(orders(), ["start", "pause", "resume"]);
  send({ ask: "train", kind: "Constant", p, seed: 0 });
  document.hidden = true; // while it loads
  say({ state: "loading" }, { state: "training" });
  assert.equal(orders().at(-1), "pause");
  say({ state: "ended" }); // it was the last update
  assert.deepEqual(heard.at(-1), { state: "done" });
});

test("a problem is said, and a worker that failed is made anew", (t) => {
  const { send, say, heard, workers } = trainer(t);
  send({ ask: "train", kind: "Constant", p, seed: 0 });
  say({ state: "loading" }, { problem: "t10k-labels-idx1-ubyte.gz is damaged" }, { state: "idle" });
  assert.equal(heard.find(({ problem }) => problem).problem, "It can't train here: t10k-labels-idx1-ubyte.gz is damaged.");
  assert.ok(!heard.at(-1).words);
  workers[0].onerror({ preventDefault() {} });
  assert.deepEqual(heard.at(-1), { problem: "It can't train here: the engine can't be loaded; are you online?", state: "idle" });
  assert.ok(workers[0].ended);
  send({ ask: "train", kind: "Constant", p, seed: 0 });
  assert.equal(workers.length, 2);
  delete globalThis.Worker;
});

test("the list names each run of the setting, removes it, and says what isn't kept", async (t) => {
  const { kept } = trainer(t);
  await kept.ready; // there is no IndexedDB in Node
  assert.equal(kept.lasting, false);
  const box = keptList(kept), [list, save, note] = box.children;
  box.draw([]);
  assert.equal(box.hidden, true);
  await kept.add({ kind: "Constant", p, run: { seed: 1, died: null, test: [0.5, 0.8125] }, record: { key: "b" } });
  await kept.add({ kind: "Constant", p, run: { seed: 2, died: 1, test: [0.1] }, record: { key: "c" } });
  box.draw(kept.of("Constant", p));
  assert.equal(box.hidden, false);
  assert.deepEqual(list.children.map(({ children }) => children[0]), ["Your run with seed 1: test accuracy 0.813. ", "Your run with seed 2: died after epoch 1. "]);
  assert.equal(save.textContent, "Download your runs (2)");
  assert.match(note.textContent, /gone when you leave/);
  await list.children[0].children[1].onclick();
  assert.deepEqual(kept.runs.map(({ key }) => key), ["c"]);
});
