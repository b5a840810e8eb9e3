// The committed bundles are what the sources give.
import assert from "node:assert/strict";
import fs from "node:fs";
import test from "node:test";

import { RECORD, bundle, read, record } from "../../vendor/bundles.mjs";

test("the bundles are made from these sources, by this esbuild", () => {
  assert.deepEqual(record(), JSON.parse(read(RECORD)), "run `make bundles` and commit what changes");
});

const esbuild = new URL("../../vendor/node_modules/esbuild", import.meta.url);
const skip = !fs.existsSync(esbuild) && "esbuild isn't installed: `make bundles` does";

test("bundling again gives the same", { skip }, async () => {
  for (const [file, text] of Object.entries(await bundle())) assert.equal(text, read(file), file);
});
