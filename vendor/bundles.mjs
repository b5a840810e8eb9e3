// Bundle what a panel runs in the browser, lrbook/live/browser/, its worker, lrbook/live/engine/, and
// the laboratory page, lrbook/live/laboratory/, into lrbook/live/bundles/.
import { createHash } from "node:crypto";
import fs from "node:fs";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const LIVE = "lrbook/live";
const BUNDLES = `${LIVE}/bundles`;
// The worker is a file of its own, with the engine's bytes in it: what belongs together can't part.
const ENTRIES = [
  "browser/chart.js", "browser/bowl/bowl.js", "browser/predict/predict.js", "browser/predict/predict_page.js",
  "engine/worker.js", "laboratory/laboratory.js",
];
// All that trains: a run of the page names its hash.
const TRAINS = ["browser/schedules.js", "engine/lenet.wasm", "engine/network.js", "engine/random.js", "engine/trainer.js"];
export const RECORD = `${BUNDLES}/made_from.json`;

export const read = (file) => fs.readFileSync(ROOT + file, "utf8");
const modules = (folder) => fs.globSync(`${folder}/*.js`, { cwd: ROOT }).sort();
const sha256 = (...files) => files.reduce((hash, file) => hash.update(fs.readFileSync(ROOT + file)), createHash("sha256")).digest("hex");

// The bowl's and the questions' are stored beside that of the panels in one page: they come without
// layout.
const tight = (entry) => /\/(bowl|predict)\//.test(entry) && { minifyWhitespace: true, minifySyntax: true };
// The site's pages have this one in them, as a script that runs where it stands.
const format = (entry) => (entry.endsWith("_page.js") ? "iife" : "esm");

// The text of each bundle, by its path. Its names are those of the sources: notebooks store it, and
// readers meet it there.
export async function bundle() {
  const { build } = await import("esbuild");
  const texts = ENTRIES.map(async (entry) => {
    const { outputFiles } = await build({
      absWorkingDir: ROOT,
      entryPoints: [`${LIVE}/${entry}`],
      write: false,
      bundle: true,
      format: format(entry),
      charset: "utf8",
      ...tight(entry),
      loader: { ".wasm": "binary" },
      supported: { "from-base64": false }, // younger than the browsers of some readers
      define: { ENGINE_CODE: JSON.stringify(sha256(...TRAINS.map((name) => `${LIVE}/${name}`))) },
      banner: { js: `// Bundled by esbuild from ${LIVE}/${entry.split("/")[0]}/.` },
    });
    return [`${BUNDLES}/${entry.split("/").at(-1)}`, outputFiles[0].text];
  });
  return Object.fromEntries(await Promise.all(texts));
}

// What is there now: the bundles, and what they are made from and by.
export function record() {
  const { version } = JSON.parse(read("vendor/package-lock.json")).packages["node_modules/esbuild"];
  const folders = ["browser", "browser/bowl", "browser/predict", "engine", "laboratory"];
  const sources = [...folders.flatMap((folder) => modules(`${LIVE}/${folder}`)), `${LIVE}/engine/lenet.wasm`];
  const files = ["vendor/bundles.mjs", ...sources, ...modules(BUNDLES)];
  return { esbuild: version, sha256: Object.fromEntries(files.map((file) => [file, sha256(file)])) };
}

if (import.meta.main) {
  const bundles = await bundle();
  fs.rmSync(ROOT + BUNDLES, { recursive: true, force: true });
  fs.mkdirSync(ROOT + BUNDLES);
  for (const file in bundles) fs.writeFileSync(ROOT + file, bundles[file]);
  fs.writeFileSync(ROOT + RECORD, `${JSON.stringify(record(), null, 2)}\n`);
}
