// In a notebook the kernel trains, with MXNet, or the page, with the engine that the kernel hands over:
// the reader chooses. It takes and gives the messages of both.
import { make } from "./element.js";
import { pageTrainer } from "./page_trainer.js";

const CHOICES = { kernel: "MXNet, in the kernel", page: "this page's engine" };
// A run of the page is drawn, and gone with the next one: the kernel keeps its own alone.
const NOWHERE = { add() {} };

export function notebookTrainer(model) {
  const options = Object.entries(CHOICES).map(([value, textContent]) => make("option", { value, textContent }));
  const select = make("select", {}, ...options);
  select.value = "kernel";
  const label = make("label", {}, "Train with ", select);
  let hear, page, waiting; // waiting: what to do once the engine is here
  const seeds = {}; // the latest one, by setting

  // The engine's text and the images, once, as the kernel sends them.
  model.on("msg:custom", ({ engine, files, problem }, buffers) => {
    if (problem) waiting = undefined;
    if (!engine) return;
    const script = URL.createObjectURL(new Blob([engine], { type: "text/javascript" }));
    const bytes = ({ buffer, byteOffset, byteLength }) => new Uint8Array(buffer, byteOffset, byteLength);
    const data = Object.fromEntries(files.map((file, i) => [file, bytes(buffers[i])]));
    page = pageTrainer(NOWHERE, () => ({ script, data }));
    page.on("msg:custom", hear);
    waiting?.();
    waiting = undefined;
  });

  function trainHere({ kind, p }) {
    const setting = JSON.stringify({ kind, p });
    seeds[setting] = (seeds[setting] ?? -1) + 1;
    page.send({ ask: "train", kind, p, seed: seeds[setting] });
  }

  function send(message) {
    if (select.value === "kernel") return model.send(message);
    if (message.ask === "train" && !page) {
      waiting = () => trainHere(message);
      hear({ words: "The kernel hands over the engine and 10,000 images (5 MB) …" });
      return model.send({ ask: "engine" });
    }
    if (message.ask === "train") return trainHere(message);
    if (!page) {
      waiting = undefined;
      return hear({ words: "Stopped before the start.", state: "idle" });
    }
    page.send(message);
  }

  // Who changes horses stops the one that runs.
  select.onchange = () => {
    waiting = undefined;
    if (select.value === "page") model.send({ ask: "stop" });
    page?.send({ ask: "forget" });
    hear({ state: "idle", words: "" });
  };

  return {
    label,
    send,
    on(name, callback) {
      hear = callback;
      model.on(name, callback);
    },
    close: () => page?.close(),
  };
}
