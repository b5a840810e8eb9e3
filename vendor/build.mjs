// Bundle the widget manager and MathJax, with its fonts, into book/_assets/vendor/, with licences.
import { build } from "esbuild";
import fs from "node:fs";
import path from "node:path";
import subsetFont from "subset-font";

const out = "../book/_assets/vendor";
// Packages whose licence stands in their repository but not in the package.
const UNPACKED = {
  "@jupyter-widgets/": "licenses/jupyter-widgets.txt",
  "@lumino/": "licenses/lumino.txt",
};
const read = (file) => fs.readFileSync(file, "utf8");

// anywidget ships an AMD module; a page without AMD needs its factory as a plain export.
const anywidget = {
  name: "anywidget",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^virtual:anywidget$/ }, ({ path }) => ({ path, namespace: "anywidget" }));
    onLoad({ filter: /.*/, namespace: "anywidget" }, () => ({
      contents: read("node_modules/anywidget/dist/index.js")
        .replace(/define\(\["@jupyter-widgets\/base"\], (\w+)\);/, "export default $1;")
        // It gives up on a panel after 2 or 3 seconds, which a slow machine can need to start.
        .replaceAll(/AbortSignal\.timeout\([23]e3\)/g, "AbortSignal.timeout(6e4)"),
    }));
  },
};

fs.rmSync(out, { recursive: true, force: true });
const { metafile } = await build({
  entryPoints: ["static-widgets.js", "mathjax.js"],
  outdir: out,
  bundle: true,
  minify: true,
  format: "iife",
  legalComments: "none",
  metafile: true,
  plugins: [anywidget],
  alias: { "sanitize-html": "./sanitize.js" },
  define: { "process.env.NODE_ENV": '"production"', global: "window" },
  loader: { ".svg": "dataurl" },
});

fs.cpSync("node_modules/mathjax-full/es5/output/chtml/fonts/woff-v2", `${out}/mathjax-fonts`, {
  recursive: true,
});
const ams = fs.readFileSync(`${out}/mathjax-fonts/MathJax_AMS-Regular.woff`);
const letters = await subsetFont(ams, "ABCDEFGHIJKLMNOPQRSTUVWXYZ", { targetFormat: "woff" });
fs.writeFileSync(`${out}/mathjax-fonts/MathJax_AMS-Letters.woff`, letters);

const packages = new Set(["anywidget"]);
for (const input of Object.keys(metafile.inputs)) {
  const name = input.match(/.*node_modules\/((?:@[^/]+\/)?[^/]+)/)?.[1];
  if (name) packages.add(name);
}
const licences = [...packages].sort().map((name) => {
  const folder = `node_modules/${name}`;
  const { version, license } = JSON.parse(read(`${folder}/package.json`));
  const file = fs.readdirSync(folder).find((f) => /^licen[cs]e/i.test(f));
  const project = Object.keys(UNPACKED).find((prefix) => name.startsWith(prefix));
  if (!file && !project) throw new Error(`${name} ships no licence text: add it to licenses/`);
  const text = read(file ? path.join(folder, file) : UNPACKED[project]).trim();
  return `${name} ${version} (${license})\n\n${text}\n`;
});
fs.writeFileSync(`${out}/THIRD_PARTY_LICENSES.txt`, licences.join(`\n${"-".repeat(72)}\n\n`));
