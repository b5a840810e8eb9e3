// A training of the laboratory: what its worker is told, what is known of it, and what is recorded.
import assert from "node:assert/strict";
import test from "node:test";

import { UPDATES } from "../../lrbook/live/engine/network.js";
import { makeWorker } from "../../lrbook/live/engine/protocol.js";
import { tableOf } from "../../lrbook/live/laboratory/points.js";
import { Session, isDrawn, ratesOf } from "../../lrbook/live/laboratory/session.js";
import { tableRate } from "../../lrbook/live/laboratory/table.js";
import { makeDocument } from "./document.js";
import { packed, wasm } from "./subset.js";

const drawn = { points: [[0, 0.05], [1, 0.15], [2, 0.01]], interpolation: "linear" };
const setting = { drawn, seed: 3, momentum: 0 };

// A session whose worker is the engine itself in this thread: it turns when it is told to.
function laboratory(t, epochs = 2) {
  const turns = [], kept = [], orders = [];
  t.mock.method(globalThis, "fetch", async (url) => new Response(packed(url.split("/").at(-1))));
  globalThis.document = Object.assign(new EventTarget(), makeDocument({ content_root: "../" }), { hidden: false });
  globalThis.Worker = class {
    tell = makeWorker({ wasm, code: "abc", post: (data) => this.onmessage({ data: structuredClone(data) }), soon: (turn) => turns.push(turn) });
    postMessage(message) {
      orders.push(message.do);
      this.tell(message);
    }
    terminate() {}
  };
  t.after(() => delete globalThis.Worker);
  const session = Object.assign(new Session({ add: (entry) => kept.push(entry) }, () => {}), { epochs });
  const turn = (n = 1) => { for (; n > 0; n--) turns.shift()(); };
  const until = async (good) => { while (!good()) await new Promise(setImmediate); };
  const training = () => until(() => session.state === "training");
  return { session, kept, orders, turn, turns, until, training };
}

const planned = (update, plan = drawn) => tableRate(tableOf(plan), (update / UPDATES) * (1 + 1e-12));

test("what is drawn is what runs, and what is kept", async (t) => {
  const { session, kept, turn, until, training } = laboratory(t);
  session.start(setting);
  assert.deepEqual([session.live, session.words], [false, "Fetching 10,000 images (5 MB) …"]);
  await training();
  turn(5);
  assert.deepEqual([session.live, session.ran.length, session.done], [true, 5, 0]);
  assert.deepEqual(session.ran, [0, 1, 2, 3, 4].map((update) => planned(update)));
  turn(2 * UPDATES - 5);
  await until(() => kept.length);
  assert.deepEqual([session.state, session.done, session.latest], ["ended", 2, 1]);
  const [{ kind, p, run, record }] = kept;
  assert.deepEqual([kind, p, isDrawn(kept[0])], ["Table", tableOf(drawn), true]);
  assert.equal(run.test.length, 2);
  const { policy, times, rates, interpolation, seed, data, momentum } = record.experiment;
  assert.deepEqual([policy, times, rates, interpolation, seed, data, momentum], ["table", [0, 1, 2], [0.05, 0.15, 0.01], "linear", 3, "subset", undefined]);
  assert.equal(record.name, "table, seed 3, in the page");
  assert.deepEqual(ratesOf(kept[0]), [[0, planned(0)], [1 - 1 / UPDATES, planned(UPDATES - 1)], [1, planned(UPDATES)], [2 - 1 / UPDATES, planned(2 * UPDATES - 1)]]);
});

test("one epoch, then it rests; pause and go on", async (t) => {
  const { session, orders, turn, turns, training } = laboratory(t);
  session.start(setting, true);
  await training();
  turn(UPDATES);
  assert.deepEqual([session.state, session.done, turns.length], ["paused", 1, 0]);
  assert.match(session.words, /^Seed 3, epoch 1 of 2 in this page: train loss .* Paused at epoch 1\.$/);
  session.resume();
  turn(3);
  session.pause();
  turn();
  assert.deepEqual([session.state, session.ran.length, orders], ["paused", UPDATES + 3, ["start", "epoch", "resume", "pause"]]);
});

test("undo brings back the weights: the same epoch again is the same to the last digit", async (t) => {
  const { session, turn, training } = laboratory(t);
  session.start(setting);
  await training();
  turn(UPDATES);
  const first = structuredClone(session.run);
  turn(3);
  session.byHand(0.2);
  turn(4);
  session.undo(0);
  assert.deepEqual([session.state, session.ran, session.done, session.hand, session.words], ["paused", [], 0, null, "Back at the start."]);
  session.resume();
  turn();
  turn(UPDATES - 1);
  assert.deepEqual(session.run, first);
});

test("the hand is in force at once, and the run is then one by hand", async (t) => {
  const { session, kept, turn, until, training } = laboratory(t, 1);
  session.start(setting);
  await training();
  turn(2);
  session.byHand(0.02);
  assert.equal(session.rate, 0.02);
  turn(2);
  session.byHand(null);
  turn(UPDATES - 4);
  await until(() => kept.length);
  assert.deepEqual(session.ran, Array.from({ length: UPDATES }, (_, i) => (i === 2 || i === 3 ? 0.02 : planned(i))));
  assert.deepEqual([kept[0].kind, kept[0].p, kept[0].record.experiment.policy, kept[0].record.name], ["ByHand", {}, "by_hand", "by-hand, seed 3, in the page"]);
  assert.deepEqual(kept[0].record.lr_start, [planned(0)]);
});

test("another plan holds from now on; one that agrees with all that ran is the run's schedule", async (t) => {
  const other = { points: [[0, 0.05], [1, 0.15], [1.5, 0.15]], interpolation: "linear" };
  for (const [update, kind] of [[UPDATES, "Table"], [UPDATES + 9, "ByHand"]]) {
    const { session, kept, turn, until, training } = laboratory(t);
    session.start(setting);
    await training();
    turn(update);
    session.byHand(0.3);
    session.plan(other); // before any update at the hand's rate
    turn(2 * UPDATES - update);
    await until(() => kept.length);
    assert.deepEqual(session.ran, Array.from({ length: 2 * UPDATES }, (_, i) => planned(i, i < update ? drawn : other)));
    assert.equal(kept[0].kind, kind);
  }
});

test("a run that dies is dead by the engine's own rule, and can be taken back", async (t) => {
  const { session, kept, turn, until, training } = laboratory(t);
  session.start({ ...setting, drawn: { points: [[0, 0.05], [1, 2]], interpolation: "steps" } });
  await training();
  turn(2 * UPDATES);
  await until(() => kept.length);
  assert.deepEqual([session.state, session.run.died, session.latest], ["ended", 2, 1]);
  assert.match(session.words, /It died after epoch 2\./);
  session.undo(1);
  assert.deepEqual([session.state, session.run.died, session.done, session.words], ["paused", null, 1, "Back after epoch 1, with the weights of that time."]);
});

test("momentum is told and recorded", async (t) => {
  const { session, kept, turn, until, training } = laboratory(t, 1);
  session.start({ ...setting, momentum: 0.9 });
  await training();
  turn(UPDATES);
  await until(() => kept.length);
  assert.deepEqual([kept[0].run.momentum, kept[0].record.experiment.momentum], [0.9, 0.9]);
});

test("what goes wrong is said and leaves a session that can start", async (t) => {
  const { session, training, until } = laboratory(t);
  const { Worker } = globalThis;
  globalThis.fetch.mock.mockImplementation(async () => { throw new Error("offline"); });
  session.start(setting);
  await until(() => session.state === "idle");
  assert.match(session.words, /^It can't train here: \S+ can't be fetched; are you online\?$/);
  globalThis.fetch.mock.mockImplementation(async (url) => new Response(packed(url.split("/").at(-1))));
  session.start(setting);
  session.pause();
  await until(() => session.state === "idle");
  assert.equal(session.words, "Stopped before the start.");
  session.worker.close();
  globalThis.Worker = undefined;
  const none = new Session({ add() {} }, () => {});
  none.start(setting);
  assert.deepEqual([none.state, none.words], ["idle", "It can't train here: this browser has no workers."]);
  globalThis.Worker = Worker;
  session.start(setting);
  await training();
});

test("a tab that nobody sees rests, and goes on to the end of the epoch that was asked for", async (t) => {
  const { session, orders, turn, training } = laboratory(t);
  const look = (hidden) => {
    document.hidden = hidden;
    document.dispatchEvent(new Event("visibilitychange"));
  };
  session.start(setting, true);
  await training();
  turn(3);
  look(true);
  turn();
  assert.equal(session.ran.length, 3);
  look(false);
  turn(UPDATES - 3);
  assert.deepEqual([session.state, session.done, orders], ["paused", 1, ["start", "epoch", "pause", "epoch"]]);
});
