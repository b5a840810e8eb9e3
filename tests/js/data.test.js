// The images on their way: fetched, unpacked where the server hasn't, verified, or refused.
import assert from "node:assert/strict";
import test from "node:test";
import { gunzipSync, gzipSync } from "node:zlib";

import { FILES, loadImages } from "../../lrbook/live/engine/data.js";
import { packed } from "./subset.js";

const name = (url) => String(url).split("/").at(-1);
// A site that serves the package's files, with changes by name.
function serve(t, changed = {}, send = (bytes) => bytes) {
  return t.mock.method(globalThis, "fetch", async (url) => {
    const answer = changed[name(url)];
    if (answer instanceof Error) throw answer;
    return answer ?? new Response(send(packed(name(url))));
  });
}

for (const [how, send] of [["as they are", (bytes) => bytes], ["unpacked on the way", gunzipSync]]) {
  test(`files that come ${how} are taken`, async (t) => {
    const get = serve(t, {}, send);
    const loaded = await loadImages("https://example.org/book/_static/images/");
    const asked = get.mock.calls.map((call) => call.arguments[0]);
    assert.deepEqual(asked.sort(), Object.values(FILES).map(({ file }) => `https://example.org/book/_static/images/${file}`).sort());
    const sizes = Object.entries(loaded).map(([key, bytes]) => [key, bytes.length]);
    assert.deepEqual(Object.fromEntries(sizes), { trainImages: 7840000, trainLabels: 10000, testImages: 1568000, testLabels: 2000 });
    assert.deepEqual(Array.from({ length: 10 }, (_, k) => loaded.testLabels.filter((label) => label === k).length), Array(10).fill(200));
  });
}

const labels = FILES.testLabels.file;
const content = gunzipSync(packed(labels));
const flipped = Uint8Array.from(content, (byte, i) => (i === 100 ? byte ^ 1 : byte));
for (const [what, answer, problem] of [
  ["is missing", () => new Response("no", { status: 404 }), `${labels} can't be fetched: the answer was 404`],
  ["can't be reached", () => new TypeError("Failed to fetch"), `${labels} can't be fetched; are you online?`],
  ["is cut", () => new Response(packed(labels).subarray(0, 500)), `${labels} is damaged`],
  ["is damaged within", () => new Response(gzipSync(flipped)), `${labels} is damaged`],
  ["is another", () => new Response("<html>"), `${labels} is damaged`],
  ["is empty", () => new Response(""), `${labels} is damaged`],
  ["is too long", () => new Response(gzipSync(Buffer.concat([content, Buffer.from("x")]))), `${labels} is damaged`],
]) {
  test(`a file that ${what} is named`, async (t) => {
    serve(t, { [labels]: answer() });
    await assert.rejects(loadImages("https://example.org/"), { message: problem });
  });
}

test("where nothing can be verified nothing is taken", async (t) => {
  serve(t);
  const own = Object.getOwnPropertyDescriptor(globalThis, "crypto");
  Object.defineProperty(globalThis, "crypto", { value: {}, configurable: true });
  t.after(() => Object.defineProperty(globalThis, "crypto", own));
  await assert.rejects(loadImages("http://example.org/"), /open this page by https/);
});

test("files that somebody else fetched are verified as well", async () => {
  const files = Object.fromEntries(Object.values(FILES).map(({ file }) => [file, packed(file)]));
  assert.equal((await loadImages(files)).trainImages.length, 7840000);
  await assert.rejects(loadImages({ ...files, [labels]: packed(labels).subarray(0, 500) }), { message: `${labels} is damaged` });
});
