// The engine and the images as Node reads them, from the files that the site serves.
import fs from "node:fs";
import { gunzipSync } from "node:zlib";

import { FILES } from "../../lrbook/live/engine/data.js";
import { Network } from "../../lrbook/live/engine/network.js";

export const wasm = fs.readFileSync(new URL("../../lrbook/live/engine/lenet.wasm", import.meta.url));
const folder = new URL("../../lrbook/training/fashion_mnist_subset/", import.meta.url);
export const packed = (file) => fs.readFileSync(new URL(file, folder));
const module = new WebAssembly.Module(wasm);

// A network of its own with the subset in it.
export function makeNetwork() {
  const network = new Network(module);
  const content = Object.entries(FILES).map(([name, { file }]) => [name, gunzipSync(packed(file)).subarray(/idx3/.test(file) ? 16 : 8)]);
  network.fill(Object.fromEntries(content));
  return network;
}
