// Train in Node as a page does, with the worker's own bundle: a setting a line on standard input,
// as JSON { kind, p, seed, epochs, momentum }; its record a line on standard output.
import fs from "node:fs";
import readline from "node:readline";

const folder = new URL("../../training/fashion_mnist_subset/", import.meta.url);
globalThis.fetch = async (url) => new Response(fs.readFileSync(new URL(url)));
let hear;
globalThis.postMessage = (answer) => hear(answer);
await import("../bundles/worker.js");

function train(setting) {
  return new Promise((resolve, reject) => {
    hear = ({ problem, record }) => {
      if (problem) reject(new Error(problem));
      if (record) resolve(record);
    };
    globalThis.onmessage({ data: { do: "start", data: folder.href, momentum: 0, ...setting } });
  });
}

for await (const line of readline.createInterface({ input: process.stdin })) {
  console.log(JSON.stringify(await train(JSON.parse(line))));
}
process.exit(); // the worker would wait for more
