// Who trains in a notebook: the kernel, or the page with what the kernel hands over.
import assert from "node:assert/strict";
import test from "node:test";

import { notebookTrainer } from "../../lrbook/live/browser/notebook_trainer.js";
import { makeDocument } from "./document.js";

const asked = { kind: "Constant", p: { base_lr: 0.3 } };

function notebook(t) {
  globalThis.document = Object.assign(new EventTarget(), makeDocument(), { hidden: false });
  const workers = [], sent = [], callbacks = [], heard = [];
  globalThis.Worker = class {
    constructor(script) {
      workers.push(Object.assign(this, { script, told: [] }));
    }
    postMessage(message) {
      this.told.push(message);
    }
    terminate() {
      this.ended = true;
    }
  };
  t.after(() => delete globalThis.Worker);
  const model = { send: (message) => sent.push(message), on: (_, callback) => callbacks.push(callback) };
  const trainer = notebookTrainer(model);
  trainer.on("msg:custom", (message) => heard.push(message));
  const answer = (message, buffers) => callbacks.forEach((callback) => callback(message, buffers));
  const select = trainer.label.children[1];
  const choose = (value) => {
    select.value = value;
    select.onchange();
  };
  const handOver = () => {
    const buffer = Uint8Array.from([9, 9, 1, 2, 3]).buffer;
    answer({ engine: "onmessage = null", files: ["a.gz", "b.gz"] }, [new DataView(buffer, 2, 1), new DataView(buffer, 3)]);
  };
  return { trainer, workers, sent, heard, answer, select, choose, handOver };
}

test("at first the kernel trains, and nothing is handed over", (t) => {
  const { trainer, workers, sent, heard, answer, select } = notebook(t);
  assert.equal(select.value, "kernel");
  assert.deepEqual(select.children.map(({ value }) => value), ["kernel", "page"]);
  trainer.send({ ask: "train", ...asked });
  trainer.send({ ask: "stop" });
  assert.deepEqual(sent, [{ ask: "train", ...asked }, { ask: "stop" }]);
  answer({ words: "Epoch 1." });
  assert.deepEqual(heard, [{ words: "Epoch 1." }]);
  assert.equal(workers.length, 0);
});

test("the page trains with the engine and the images that the kernel sent, asked for once", (t) => {
  const { trainer, workers, sent, choose, handOver } = notebook(t);
  choose("page");
  trainer.send({ ask: "train", ...asked });
  assert.deepEqual(sent, [{ ask: "stop" }, { ask: "engine" }]);
  handOver();
  trainer.send({ ask: "train", ...asked });
  trainer.send({ ask: "train", kind: "Constant", p: { base_lr: 0.1 } });
  assert.equal(sent.length, 2);
  assert.equal(workers.length, 1);
  assert.match(workers[0].script, /^blob:/);
  const starts = workers[0].told.filter((message) => message.do === "start");
  assert.deepEqual(starts.map(({ seed, p }) => [seed, p.base_lr]), [[0, 0.3], [1, 0.3], [0, 0.1]]);
  assert.deepEqual(starts[0].data, { "a.gz": Uint8Array.from([1]), "b.gz": Uint8Array.from([2, 3]) });
});

test("who chooses the other one stops the first", (t) => {
  const { trainer, workers, sent, heard, choose, handOver } = notebook(t);
  choose("page");
  trainer.send({ ask: "train", ...asked });
  handOver();
  choose("kernel");
  assert.deepEqual(workers[0].told.map((message) => message.do), ["start", "stop"]);
  assert.equal(heard.at(-1).state, "idle");
  choose("page");
  assert.deepEqual(sent.at(-1), { ask: "stop" });
});

test("what is stopped while the engine is on its way doesn't start", (t) => {
  const { trainer, workers, heard, choose, handOver } = notebook(t);
  choose("page");
  trainer.send({ ask: "train", ...asked });
  trainer.send({ ask: "stop" });
  assert.equal(heard.at(-1).state, "idle");
  handOver();
  assert.equal(workers.length, 0);
});

test("an engine that can't be read is a problem, and nothing starts later", (t) => {
  const { trainer, workers, heard, answer, choose, handOver } = notebook(t);
  choose("page");
  trainer.send({ ask: "train", ...asked });
  answer({ problem: "no such file", state: "idle" });
  assert.equal(heard.at(-1).problem, "no such file");
  handOver();
  assert.equal(workers.length, 0);
});
