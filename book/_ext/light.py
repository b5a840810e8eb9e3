"""Light pages: icons in the page, one style sheet with what the book uses, scripts after the text.

The theme brings Font Awesome, every component of Bootstrap and a dozen style sheets, and has the
browser wait for all of them before it shows a word. `Templates` takes them out of the pages as
they are written; the one style sheet is made when all pages are there.
"""

import re
import zlib
from itertools import chain, pairwise
from pathlib import Path
from urllib.parse import urlsplit

import icons
import tinycss2
from sphinx.jinja2glue import BuiltinTemplateLoader

STYLESHEET = "book.css"
_LINK = re.compile(r'<link(?=[^>]* rel="stylesheet")[^>]* href="([^"]*?)_static/([^"]+)"[^>]*>')
_UNUSED = re.compile(r'<link[^>]* rel="preload"[^>]*>|<script[^>]*/fontawesome/[^>]*></script>')
_SCRIPT = re.compile(r"<script(?=[^>]* src=)(?![^>]* (?:defer|type)=)")
# The theme's fold in the list of chapters, which has no name for a screen reader.
_FOLD = '<summary><span class="toctree-toggle"'
_NAMED_FOLD = _FOLD.replace("<summary>", '<summary aria-label="Pages under this one">')
# Inline, it would run before the deferred script that it belongs to.
_INLINE = re.compile(r"<script>(?=DOCUMENTATION_OPTIONS\.)")


class Templates(BuiltinTemplateLoader):
    """Sphinx's templates, with pages made light; `sheets` are the style sheets they asked for."""

    def __init__(self):
        super().__init__()
        self.sheets = {}

    def render(self, template, context):
        """Return a page."""
        page = super().render(template, context)
        return self._lighten(page) if "<html" in page else page

    def _lighten(self, page):
        page = _UNUSED.sub("", page).replace(_FOLD, _NAMED_FOLD)
        sheets = list(_LINK.finditer(page))
        for sheet in sheets:
            path = urlsplit(sheet[2]).path
            if "/fontawesome/" not in path:
                self.sheets[path] = None
        first = sheets[0]
        link = f'<link rel="stylesheet" href="{first[1]}_static/{STYLESHEET}" />'
        page = page[: first.start()] + link + _LINK.sub("", page[first.end() :])
        page = _SCRIPT.sub("<script defer", page)
        page = _INLINE.sub('<script type="module">', page)
        return icons.inline(page)


def _read(sheet):
    """Return a style sheet with what it imports; every path in it starts at ``_static``."""
    css = sheet.read_text("utf-8").replace('@charset "UTF-8";', "")
    return re.sub(r'@import "([^"]+)";', lambda found: _read(sheet.parent / found[1]), css)


def _words(static, pages):
    """Return every word of the pages and their scripts: a class that is used is among them."""
    scripts = (file for file in static.glob("**/*.js") if "fontawesome" not in file.parts)
    texts = (file.read_text("utf-8") for file in chain(pages, scripts))
    return set(chain.from_iterable(re.findall(r"[\w-]+", text) for text in texts))


def _used(rules, words):
    """Return the rules that can match, as CSS."""
    kept = []
    for rule in rules:
        if rule.type == "qualified-rule":
            selectors = [s for s in _split(rule.prelude) if _names(s) <= words]
            if selectors:
                prelude = ",".join(tinycss2.serialize(s).strip() for s in selectors)
                kept.append(f"{prelude}{{{tinycss2.serialize(rule.content).strip()}}}")
        elif rule.type == "at-rule" and rule.lower_at_keyword in ("media", "supports"):
            inner = tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True)
            if text := _used(inner, words):
                prelude = tinycss2.serialize(rule.prelude).strip()
                kept.append(f"@{rule.at_keyword} {prelude}{{{text}}}")
        elif rule.type == "at-rule":
            kept.append(rule.serialize())
        elif rule.type == "error":
            raise ValueError(f"a style sheet has an error: {rule.message}")
    return "\n".join(kept)


def _split(prelude):
    """Return the selectors of a list of selectors."""
    selectors = [[]]
    for token in prelude:
        if token == ",":
            selectors.append([])
        else:
            selectors[-1].append(token)
    return selectors


def _names(selector):
    """Return the classes and ids that a selector needs; those in brackets may be absent."""
    names = {token.value for token in selector if token.type == "hash"}
    for before, token in pairwise(selector):
        if before == "." and token.type == "ident":
            names.add(token.value)
    return names


def _write_stylesheet(app, exception):
    if exception or app.builder.format != "html":
        return
    static = Path(app.outdir, "_static")
    css = "\n".join(_read(static / sheet) for sheet in app.builder.templates.sheets)
    css += icons.variables(css)
    rules = tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True)
    pages = [*Path(app.outdir).glob("**/*.html")]
    css = _used(rules, _words(static, pages))
    (static / STYLESHEET).write_text(css, "utf-8")
    # A reader's browser may hold the one of an earlier build.
    address = f"{STYLESHEET}?v={zlib.crc32(css.encode()):08x}"
    for page in pages:
        text = page.read_text("utf-8")
        text = re.sub(rf"(?<=_static/){STYLESHEET}[^\"]*", address, text)
        page.write_text(text, "utf-8")


def setup(app):
    """Have the style sheet made."""
    # Last: the theme writes the colours of code when the build is finished, too.
    app.connect("build-finished", _write_stylesheet, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": False}
