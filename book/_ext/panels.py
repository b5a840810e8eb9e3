"""The panels of pages: each has its place before it is drawn, and all fetch the same files.

A panel comes late, when its reader is near. Its place has the panel's parts as empty boxes in the
same columns, so it is as high as the panel at every width and nothing moves when that is there.
Of two panels it has the parts of both, around one pair of plots.
What they fetch are the recorded runs, and on a click the engine that trains.
"""

import json
import shutil
from pathlib import Path

from docutils import nodes
from ipywidgets import embed
from sphinx.transforms import SphinxTransform
from sphinx.util.docutils import SphinxDirective
from stored_widgets import STATE, VIEW, script_text, stored, views

from lrbook import live
from lrbook.live import atlas
from lrbook.runs import store
from lrbook.training.data import SUBSET_FOLDER


class PanelComparison(SphinxDirective):
    """Two panels side by side, live as those of the notebooks are."""

    def run(self):
        """Return the widgets as the site's manager reads them, and ask for the manager."""
        box = live.compare()
        state = embed.dependency_state([box], drop_defaults=False)
        data = embed.embed_data(views=[box], state=state)
        html = _script(STATE, data["manager_state"])
        html += place(data["view_specs"][0]["model_id"], state)
        html += f"{_script(VIEW, data['view_specs'][0])}</div>"
        manager = self.env.config.nb_ipywidgets_js
        self.env.metadata[self.env.docname]["panels"] = json.dumps(manager)
        return [nodes.raw("", f'<div class="cell_output">{html}</div>', format="html")]


class Places(SphinxTransform):
    """Puts the panels of a notebook into their places."""

    default_priority = 870

    def apply(self, **kwargs):
        """Put a place around each view."""
        models = stored(self.env).get("state")
        for raw, model in views(self.document) if models else ():
            html = f"{place(model, models)}{raw.astext()}</div>"
            raw.replace_self(nodes.raw("", html, format="html"))


def place(model, models):
    """Return the place of a view, open at its end: the view's script comes into it.

    Parameters
    ----------
    model : str
        The id of a panel, of a box of panels, or of a widget without parts: the bowl.
    models : dict
        The widgets' stored state.
    """
    if "children" not in _state(model, models):
        return _frame('<div class="panel-blank"><i class="bowl"></i></div>')
    children = [_state(child, models) for child in _state(model, models)["children"]]
    panels = [_state(model, models)] if "choices" in children[0] else children
    parts = [part for panel in panels for part in _parts(panel, models)]
    kind = "panel-blank"
    if len(panels) > 1:
        parts.append("option layout")
        kind += " pair"
    boxes = "".join(f'<i class="{part}"></i>' for part in parts)
    plots = '<div class="plots"><i class="schedule"></i><i class="runs"></i></div>'
    return _frame(f'<div class="{kind}">{plots}{boxes}</div>')


def _frame(blank):
    return f'<div class="panel-frame">{blank}<div class="widget-subarea widget-place"></div>'


def _state(reference, models):
    return models[reference.removeprefix("IPY_MODEL_")]["state"]


def _parts(panel, models):
    """Return what a panel has beside its plots, as classes of empty boxes."""
    chart, *controls = (_state(child, models) for child in panel["children"])
    traits = chart["choices"][chart["choice"]]["traits"].values()
    shown = {"lr-choice"} | {
        f"lr-{name}" for trait in traits for name in ([trait] if type(trait) is str else trait)
    }
    parts = [
        ("list choice" if "lr-choice" in control["_dom_classes"] else "list")
        if "index" in control
        else "slider"
        for control in controls
        if shown.intersection(control["_dom_classes"])
    ]
    return [*parts, "option", "train", "words", "atlas"]


def _script(kind, value):
    return f'<script type="{kind}">{script_text(value)}</script>'


def _add_manager(app, pagename, templatename, context, doctree):
    metadata = app.env.metadata.get(pagename, {})
    for file, attributes in json.loads(metadata.get("panels", "{}")).items():
        app.add_js_file(file, **attributes)


def _write_runs(app, exception):
    if exception is None and app.builder.format == "html":
        text = json.dumps(atlas.page_data(store.read(atlas.PATH)), separators=(",", ":"))
        Path(app.outdir, "_static", "atlas.json").write_text(text, "utf-8")


def _copy_engine(app, exception):
    """Put the worker that trains and its images where a reader's click fetches them."""
    if exception is None and app.builder.format == "html":
        folder = Path(app.outdir, "_static", "engine")
        shutil.copytree(SUBSET_FOLDER, folder, dirs_exist_ok=True)
        shutil.copy(Path(live.__file__).parent / "bundles/worker.js", folder)


def setup(app):
    """Register the directive and what it needs."""
    app.add_directive("panel-comparison", PanelComparison)
    app.add_transform(Places)
    app.connect("html-page-context", _add_manager)
    app.connect("build-finished", _write_runs)
    app.connect("build-finished", _copy_engine)
    return {"parallel_read_safe": True}
