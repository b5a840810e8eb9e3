"""The questions of a page: forms that are in it from the start, and their answers.

An answer is what follows a question up to the next one, or to the end of its section. Each begins
with a short script that hides it before a browser shows it; without scripts it is there.
A check has no answer to hide: a script of its own follows it.
"""

import shutil
from pathlib import Path

from docutils import nodes
from myst_nb.sphinx_ import NbMetadataCollector
from sphinx.errors import ExtensionError
from sphinx.transforms import SphinxTransform
from stored_widgets import STATE, script_text, stored, views

from lrbook import live

LIVE = Path(live.__file__).parent
STYLE = LIVE / "browser/predict/predict.css"
# Runs where it stands: the first answer comes right after the first question.
SCRIPT = (LIVE / "bundles/predict_page.js").read_text("utf-8").replace("</", r"<\/")
HIDE = "<script>lrbookPrediction(document.currentScript)</script>"
ENLIVEN = "<script>lrbookCheck(document.currentScript)</script>"


class Predictions(SphinxTransform):
    """Puts a notebook's questions into the page, and each answer into a box of its own.

    On a page that isn't a notebook the directive `question` has put them where they stand.
    """

    # Before the panels get their places, which a question needs none of.
    default_priority = 860

    def apply(self, **kwargs):
        """Replace the cells of questions; leave their widgets out of the page."""
        widgets = stored(self.env)
        models = widgets.get("state")
        directives = (
            raw for raw in self.document.findall(nodes.raw) if "question" in raw["classes"]
        )
        forms = {raw: raw.astext() for raw in directives}
        for raw, model in views(self.document) if models else ():
            state = models[model]["state"]
            if state.get("_anywidget_id") == "lrbook.live.predict.Question":
                forms[_cell(raw)] = state["html"]
        for place, (cell, form) in enumerate(forms.items()):
            _replace(cell, form if place else f"<script>{SCRIPT}</script>{form}", forms)
        if models and forms:
            self._leave_out(models, widgets)

    def _leave_out(self, models, widgets):
        """Keep from the page's widget state what only the questions in a notebook need."""
        left_out = set()
        for name, model in models.items():
            if model["state"].get("_anywidget_id", "").startswith("lrbook.live.predict."):
                left_out |= {name, model["state"]["layout"].removeprefix("IPY_MODEL_")}
        kept = {name: model for name, model in models.items() if name not in left_out}
        files = NbMetadataCollector.get_js_files(self.env, self.env.docname)
        if kept:
            body = script_text({**widgets, "state": kept})
            files["ipywidgets_state"] = (None, {"type": STATE, "body": body})
        else:
            for name in [name for name in files if name.startswith("ipywidgets_")]:
                del files[name]


def _cell(raw):
    while raw.get("nb_element") != "cell_code":
        raw = raw.parent
    return raw


def _replace(cell, form, cells):
    """Replace a question's cell by its form, and what follows it by a box with that inside."""
    section = cell.parent
    start = section.index(cell)
    if 'data-kind="check-' in form:
        section[start] = _html(form + ENLIVEN)
        return
    end = start + 1
    while end < len(section) and not (section[end] in cells or type(section[end]) is nodes.section):
        end += 1
    answer = section[start + 1 : end]
    if not answer:
        raise ExtensionError(f"a question without an answer: {cell.astext()[:300]}")
    box = nodes.container("", _html(HIDE), *answer, classes=["prediction-answer"])
    section[start:end] = [_html(form), box]


def _html(text):
    return nodes.raw("", text, format="html")


def _copy_style(app, exception):
    if exception is None and app.builder.format == "html":
        shutil.copy(STYLE, Path(app.outdir, "_static"))


def setup(app):
    """Register the transform and the style of what it makes."""
    app.add_transform(Predictions)
    app.add_css_file(STYLE.name)
    app.connect("build-finished", _copy_style)
    return {"parallel_read_safe": True}
