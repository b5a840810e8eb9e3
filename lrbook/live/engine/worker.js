// The worker's own file, bundled with the engine's bytes and served beside the site's scripts.
import wasm from "./lenet.wasm";
import { makeWorker } from "./protocol.js";

// A task of its own, after what the worker was told by then; setTimeout would wait 4 ms.
const { port1, port2 } = new MessageChannel();
let next;
port1.onmessage = () => next();
const soon = (call) => {
  next = call;
  port2.postMessage(null);
};
const tell = makeWorker({ wasm, code: ENGINE_CODE, post: (answer) => postMessage(answer), soon });
globalThis.onmessage = ({ data }) => tell(data);
