// Bundle what a panel runs in the browser, lrbook/live/browser/, into lrbook/live/bundles/.
import { createHash } from "node:crypto";
import fs from "node:fs";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const BROWSER = "lrbook/live/browser";
const BUNDLES = "lrbook/live/bundles";
const ENTRIES = ["chart.js"];
export const RECORD = `${BUNDLES}/made_from.json`;

export const read = (file) => fs.readFileSync(ROOT + file, "utf8");
const modules = (folder) => fs.globSync(`${folder}/*.js`, { cwd: ROOT }).sort();

// The text of each bundle, by its path. Not minified: notebooks store it, and readers meet it there.
export async function bundle() {
  const { build } = await import("esbuild");
  const { outputFiles } = await build({
    absWorkingDir: ROOT,
    entryPoints: ENTRIES.map((name) => `${BROWSER}/${name}`),
    outdir: BUNDLES,
    write: false,
    bundle: true,
    format: "esm",
    charset: "utf8",
    banner: { js: `// Bundled by esbuild from ${BROWSER}/.` },
  });
  return Object.fromEntries(outputFiles.map(({ path, text }) => [path.slice(ROOT.length), text]));
}

// What is there now: the bundles, and what they are made from and by.
export function record() {
  const { version } = JSON.parse(read("vendor/package-lock.json")).packages["node_modules/esbuild"];
  const files = ["vendor/bundles.mjs", ...modules(BROWSER), ...modules(BUNDLES)];
  const digest = (file) => createHash("sha256").update(read(file)).digest("hex");
  return { esbuild: version, sha256: Object.fromEntries(files.map((file) => [file, digest(file)])) };
}

if (import.meta.main) {
  const bundles = await bundle();
  fs.rmSync(ROOT + BUNDLES, { recursive: true, force: true });
  fs.mkdirSync(ROOT + BUNDLES);
  for (const file in bundles) fs.writeFileSync(ROOT + file, bundles[file]);
  fs.writeFileSync(ROOT + RECORD, `${JSON.stringify(record(), null, 2)}\n`);
}
