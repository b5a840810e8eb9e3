// The worker without a page: what it answers to what it is told, with the real engine.
import assert from "node:assert/strict";
import test from "node:test";

import { UPDATES } from "../../lrbook/live/engine/network.js";
import { NO_SIMD, makeWorker } from "../../lrbook/live/engine/protocol.js";
import { Training } from "../../lrbook/live/engine/trainer.js";
import { makeNetwork, packed, wasm } from "./subset.js";

const start = { do: "start", data: "https://example.org/", kind: "Constant", p: { base_lr: 0.1 }, seed: 0, epochs: 2, momentum: 0 };

// A worker that takes a turn when it is told to, and a list of what it answers.
function worker(t, { bytes = wasm, answer } = {}) {
  const answers = [], turns = [];
  const get = t.mock.method(globalThis, "fetch", async (url) => answer?.() || new Response(packed(url.split("/").at(-1))));
  const tell = makeWorker({ wasm: bytes, code: "abc", post: (said) => answers.push(structuredClone(said)), soon: (turn) => turns.push(turn) });
  const turn = (n = 1) => { for (; n > 0; n--) turns.shift()(); };
  const kinds = () => answers.map((said) => said.state ?? Object.keys(said)[0]);
  return { tell, turn, turns, answers, kinds, get, last: (name) => answers.findLast((said) => name in said)?.[name] };
}

test("a training: loading, updates, epochs, the end, and again without fetching", async (t) => {
  const { tell, turn, turns, answers, kinds, last, get } = worker(t);
  await tell({ ...start, epochs: 1 });
  turn(UPDATES);
  while (!last("record")) await new Promise(setImmediate);
  assert.deepEqual(kinds(), ["loading", "training", ...Array(UPDATES).fill("update"), "run", "ended", "record"]);
  assert.equal(turns.length, 0);
  const { update, lr, loss, seconds } = last("update");
  assert.deepEqual([update, lr], [UPDATES, 0.1]);
  assert.ok(loss > 0 && seconds > 0);
  const run = last("run");
  assert.deepEqual(Object.keys(run).sort(), ["batch_size", "data", "died", "epochs", "last_batch", "lr", "momentum", "reason", "seconds", "seed", "test_acc", "train_acc", "train_loss", "updates_per_epoch"]);
  const alone = new Training(makeNetwork(), { rate: () => 0.1, seed: 0, epochs: 1 });
  for (let i = 0; i < UPDATES; i++) alone.update();
  for (const name of ["train_loss", "train_acc", "test_acc", "lr", "died", "reason"]) assert.deepEqual(run[name], alone[name]);
  const before = answers.length;
  await tell({ ...start, seed: 1 });
  turn(2);
  assert.deepEqual(kinds().slice(before), ["loading", "training", "update", "update"]);
  assert.equal(last("update").update, 2);
  assert.equal(get.mock.callCount(), 4);
});

test("pause, resume, an epoch, undo, a rate by hand, stop", async (t) => {
  const { tell, turn, turns, answers, kinds, last } = worker(t);
  await tell(start);
  turn(3);
  await tell({ do: "pause" });
  turn(); // the one that was waiting does nothing
  assert.deepEqual([kinds().at(-1), turns.length, last("update").update], ["paused", 0, 3]);
  await tell({ do: "pause" });
  await tell({ do: "resume" });
  await tell({ do: "resume" });
  assert.equal(turns.length, 1);
  await tell({ do: "rate", rate: 0.05 });
  turn();
  assert.equal(last("update").lr, 0.05);
  await tell({ do: "rate", rate: null });
  turn();
  assert.equal(last("update").lr, 0.1);
  await tell({ do: "epoch" });
  turn(UPDATES - 5);
  assert.deepEqual([kinds().slice(-2), turns.length], [["run", "paused"], 0]);
  await tell({ do: "resume" });
  turn(2);
  await tell({ do: "undo", epoch: 0 });
  turn();
  assert.deepEqual([last("state"), last("run").test_acc, last("run").lr], ["paused", [], []]);
  await tell({ do: "resume" });
  turn();
  assert.equal(last("update").update, 1);
  await tell({ do: "stop" });
  turn();
  const count = answers.length;
  for (const what of ["pause", "resume", "epoch", "stop"]) await tell({ do: what });
  assert.deepEqual([kinds().at(-1), turns.length, answers.length], ["idle", 0, count]);
});

test("of several starts while the images load the last one counts", async (t) => {
  const { tell, kinds, turns, get, turn, last } = worker(t);
  const first = tell(start), second = tell({ ...start, p: { base_lr: 0.2 } });
  await Promise.all([first, second]);
  assert.deepEqual(kinds(), ["loading", "loading", "training"]);
  turn();
  assert.deepEqual([last("update").lr, get.mock.callCount()], [0.2, 4]);
  const third = tell(start);
  await tell({ do: "stop" });
  await third;
  assert.deepEqual([last("state"), turns.length], ["idle", 1]);
  turn();
  assert.equal(last("state"), "idle");
});

test("what fails is said, and can be tried again", async (t) => {
  let broken = true;
  const { tell, answers, last } = worker(t, { answer: () => broken && new Response("", { status: 500 }) });
  await tell(start);
  assert.deepEqual(answers.slice(0, 3), [{ state: "loading" }, { problem: "train-images-idx3-ubyte.gz can't be fetched: the answer was 500" }, { state: "idle" }]);
  broken = false;
  await tell(start);
  assert.equal(last("state"), "training");
});

test("a browser without SIMD is told so", async (t) => {
  const { tell, answers, get } = worker(t, { bytes: wasm.subarray(0, 100) });
  await tell(start);
  assert.deepEqual(answers, [{ state: "loading" }, { problem: NO_SIMD }, { state: "idle" }]);
  assert.equal(get.mock.callCount(), 0);
});

test("what makes no sense is said, and stops no training", async (t) => {
  const { tell, turn, answers, last } = worker(t);
  await tell(start);
  const messages = [null, 3, {}, { do: "sing" }, { do: "toString" }, { do: "rate", rate: NaN }, { do: "rate", rate: -1 }, { do: "rate" }, { do: "undo", epoch: 7 }];
  for (const message of messages) {
    const count = answers.length;
    await tell(message);
    assert.deepEqual(answers.slice(count).map((said) => Object.keys(said)), [["problem"]], JSON.stringify(message));
  }
  turn();
  assert.equal(last("update").update, 1);
  for (const bad of [{ kind: "Sine" }, { seed: -1 }, { epochs: 0 }, { momentum: 1 }]) {
    await tell({ ...start, ...bad });
    assert.equal(last("state"), "idle");
  }
  assert.match(last("problem"), /momentum must be/);
});
