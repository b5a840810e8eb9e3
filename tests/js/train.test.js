// The buttons that train: what they send, and what they show of the kernel's answers.
import assert from "node:assert/strict";
import test from "node:test";

import { trainBox } from "../../lrbook/live/browser/train.js";
import { makeDocument } from "./document.js";

globalThis.document = makeDocument();
let asked = { kind: "Constant", p: { base_lr: 0.3 } };

function panel() {
  const sent = [], shown = [], heard = {};
  const model = { send: (message) => sent.push(message), on: (name, callback) => (heard[name] = callback) };
  const box = trainBox(model, () => asked, (run) => shown.push(run));
  const [train, race, stop, resume, keep, bar, said] = box.children;
  const visible = () => [train, race, stop, resume, keep, bar].filter((e) => !e.hidden).map((e) => e.textContent ?? e.name);
  return { box, train, race, stop, resume, keep, bar, said, sent, shown, visible, answer: heard["msg:custom"] };
}

test("the box shows once a kernel has answered with runs", () => {
  const { box, visible, answer } = panel();
  assert.equal(box.hidden, true);
  answer({ problem: "no data" });
  assert.equal(box.hidden, true);
  answer({ runs: {} });
  assert.equal(box.hidden, false);
  assert.deepEqual(visible(), ["Train this"]);
});

test("training sends the sliders' setting and offers to stop", () => {
  const { train, stop, bar, said, sent, visible } = panel();
  bar.value = 7; // of the run before
  train.onclick();
  assert.deepEqual(sent, [{ ask: "train", ...asked }]);
  assert.deepEqual(visible(), ["Stop", "progress"]);
  assert.equal(said.textContent, "Starting …");
  assert.ok(!("value" in bar));
  stop.onclick();
  assert.deepEqual(sent[1], { ask: "stop" });
});

test("each epoch moves the bar and shows the run so far; null is a loss that is no number", () => {
  const { train, bar, said, shown, visible, answer } = panel();
  train.onclick();
  answer({ run: { seed: 3, epochs: 30, loss: [2.3, null], train: [0.1, 0.1], test: [0.1, 0.1] }, words: "Epoch 2." });
  assert.deepEqual([bar.max, bar.value], [30, 2]);
  assert.deepEqual(shown, [{ seed: 3, epochs: 30, loss: [2.3, NaN], train: [0.1, 0.1], test: [0.1, 0.1] }]);
  assert.equal(said.textContent, "Epoch 2.");
  assert.deepEqual(visible(), ["Stop", "progress"]);
});

test("a whole run can be kept, once", () => {
  const { train, keep, said, sent, visible, answer } = panel();
  train.onclick();
  answer({ state: "whole", words: "Done." });
  assert.deepEqual(visible(), ["Train this", "Keep this run"]);
  keep.onclick();
  assert.deepEqual(sent.at(-1), { ask: "keep" });
  answer({ state: "idle", words: "Kept." });
  assert.deepEqual(visible(), ["Train this"]);
  assert.equal(said.textContent, "Kept.");
});

test("a problem is said, and the next training can start", () => {
  const { train, said, visible, answer } = panel();
  train.onclick();
  answer({ problem: "The training failed: no data", state: "idle" });
  assert.equal(said.textContent, "The training failed: no data");
  assert.deepEqual(visible(), ["Train this"]);
});

test("a run in the page goes on after a stop, and again once it is done", () => {
  const { box, train, resume, bar, said, sent, visible, answer } = panel();
  box.nextSeed = () => 4;
  train.onclick();
  assert.deepEqual(sent, [{ ask: "train", ...asked, seed: 4 }]);
  answer({ progress: 0.25 });
  assert.deepEqual([bar.max, bar.value], [1, 0.25]);
  answer({ state: "paused", words: "Stopped." });
  assert.deepEqual([visible(), said.textContent], [["Train this", "Go on"], "Stopped."]);
  resume.onclick();
  assert.deepEqual(sent.at(-1), { ask: "resume" });
  answer({ state: "training" });
  assert.deepEqual(visible(), ["Stop", "progress"]);
  answer({ state: "done" });
  assert.deepEqual(visible(), ["Again with another seed"]);
  const before = asked;
  asked = { kind: "Constant", p: { base_lr: 0.5 } };
  box.update();
  assert.deepEqual(visible(), ["Train this"]);
  asked = before;
  box.update();
  assert.deepEqual(visible(), ["Again with another seed"]);
});

test("a pair races with a seed that is new to both", () => {
  const [left, right] = [panel(), panel()];
  left.box.nextSeed = () => 2;
  right.box.nextSeed = () => 5;
  assert.deepEqual(left.visible(), ["Train this"]);
  left.box.offerRace(() => [left.box, right.box]);
  assert.deepEqual(left.visible(), ["Train this", "Race both"]);
  left.race.onclick();
  for (const { sent, visible } of [left, right]) {
    assert.deepEqual(sent, [{ ask: "train", ...asked, seed: 5 }]);
    assert.ok(visible().includes("Stop"));
  }
  assert.ok(!left.visible().includes("Race both"));
  left.answer({ state: "done" });
  assert.ok(left.visible().includes("Race both"));
});
