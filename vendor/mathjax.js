// MathJax with what the book's formulas use: TeX with AMS's additions, set in HTML with MathJax's
// fonts, and MathML beside it for screen readers. It typesets the page as soon as it is there.
import { AssistiveMmlHandler } from "mathjax-full/js/a11y/assistive-mml.js";
import { browserAdaptor } from "mathjax-full/js/adaptors/browserAdaptor.js";
import { RegisterHTMLHandler } from "mathjax-full/js/handlers/html.js";
import { TeX } from "mathjax-full/js/input/tex.js";
import "mathjax-full/js/input/tex/ams/AmsConfiguration.js";
import "mathjax-full/js/input/tex/boldsymbol/BoldsymbolConfiguration.js";
import "mathjax-full/js/input/tex/newcommand/NewcommandConfiguration.js";
import "mathjax-full/js/input/tex/noundefined/NoUndefinedConfiguration.js";
import { mathjax } from "mathjax-full/js/mathjax.js";
import { CHTML } from "mathjax-full/js/output/chtml.js";
import { TeXFont } from "mathjax-full/js/output/chtml/fonts/tex.js";

const AT_ONCE = 4; // formulas between two looks at what the reader does

// The blackboard letters of AMS's font have a file of their own, which build.mjs writes: a page with
// an expectation needs none of its signs, which are 40 kB.
const ams = Object.values(TeXFont.defaultFonts).find(({ src }) => src.includes("AMS-Regular"));
const letters = ams.src.replace("AMS-Regular", "AMS-Letters");
TeXFont.defaultFonts["@font-face /* letters */"] = { ...ams, src: letters, "unicode-range": "U+41-5A" };
ams["unicode-range"] = "U+0-40, U+5B-10FFFF";

AssistiveMmlHandler(RegisterHTMLHandler(browserAdaptor()));
const page = mathjax.document(document, {
  InputJax: new TeX({ packages: ["base", "ams", "boldsymbol", "newcommand", "noundefined"] }),
  OutputJax: new CHTML({ fontURL: new URL("mathjax-fonts", document.currentScript.src).href }),
});
const formulas = [...document.querySelectorAll(".math")];

function typeset() {
  const next = formulas.splice(0, AT_ONCE);
  page.options.elements = next;
  page.reset();
  page.render();
  // A long one scrolls sideways: a keyboard reaches it, as with MathJax's own menu.
  for (const box of next.flatMap((formula) => [...formula.children])) box.tabIndex = 0;
  if (formulas.length) setTimeout(typeset);
}
if (formulas.length) typeset();
