// Compile the engine of lrbook/live/engine/ to WebAssembly, with the compiler of compiler.txt.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const SOURCE = "lrbook/live/engine/lenet.c";
const WASM = "lrbook/live/engine/lenet.wasm";
export const RECORD = "lrbook/live/engine/made_from.json";
export const COMPILER = `${ROOT}_build/compiler/bin/python`; // `make engine` puts it there

// Strict SIMD, and no sum or product but those that are written.
const FLAGS = [
  "-target", "wasm32-freestanding", "-std=c11", "-O3", "-ffp-contract=off",
  "-msimd128", "-mbulk-memory", "-mnontrapping-fptoint",
  "-nostdlib", "-ffreestanding", "-fno-builtin-memset", "-Wall", "-Wextra", "-Werror",
  "-Wl,--no-entry", "-Wl,--strip-all", "-Wl,-z,stack-size=65536",
];

export const read = (file) => fs.readFileSync(ROOT + file);

// The bytes that the source gives.
export function compile() {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "engine-"));
  try {
    const out = path.join(folder, "lenet.wasm");
    const options = { cwd: ROOT, encoding: "utf8", env: { ...process.env, ZIG_LOCAL_CACHE_DIR: folder, ZIG_GLOBAL_CACHE_DIR: folder } };
    const { status, stderr } = spawnSync(COMPILER, ["-m", "ziglang", "cc", ...FLAGS, "-o", out, SOURCE], options);
    if (status !== 0) throw new Error(`${SOURCE} doesn't compile: ${stderr || `no ${COMPILER}, run \`make engine\``}`);
    return fs.readFileSync(out);
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}

// What is there now: the engine, and what it is made from and by.
export function record() {
  const compiler = read("vendor/compiler.txt").toString().match(/^ziglang==\S+/m)[0];
  const digest = (file) => createHash("sha256").update(read(file)).digest("hex");
  const files = [SOURCE, "vendor/engine.mjs", WASM];
  return { compiler, sha256: Object.fromEntries(files.map((file) => [file, digest(file)])) };
}

if (import.meta.main) {
  fs.writeFileSync(ROOT + WASM, compile());
  fs.writeFileSync(ROOT + RECORD, `${JSON.stringify(record(), null, 2)}\n`);
}
