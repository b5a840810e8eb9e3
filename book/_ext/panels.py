"""The live panels of a page without code, and what all panels fetch: recorded runs, the engine."""

import json
import shutil
from pathlib import Path

from docutils import nodes
from ipywidgets import embed
from sphinx.util.docutils import SphinxDirective

from lrbook import live
from lrbook.live import atlas
from lrbook.runs import store
from lrbook.training.data import SUBSET_FOLDER

STATE = "application/vnd.jupyter.widget-state+json"
VIEW = "application/vnd.jupyter.widget-view+json"


class PanelComparison(SphinxDirective):
    """Two panels side by side, live as those of the notebooks are."""

    def run(self):
        """Return the widgets as the site's manager reads them, and ask for the manager."""
        box = live.compare()
        state = embed.dependency_state([box], drop_defaults=False)
        data = embed.embed_data(views=[box], state=state)
        html = _script(STATE, data["manager_state"])
        html += _script(VIEW, data["view_specs"][0])
        manager = self.env.config.nb_ipywidgets_js
        self.env.metadata[self.env.docname]["panels"] = json.dumps(manager)
        return [nodes.raw("", f'<div class="cell_output">{html}</div>', format="html")]


def _script(kind, value):
    # Nothing inside may end the script element.
    text = json.dumps(value).replace("</", r"<\/")
    return f'<script type="{kind}">{text}</script>'


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
    app.connect("html-page-context", _add_manager)
    app.connect("build-finished", _write_runs)
    app.connect("build-finished", _copy_engine)
    return {"parallel_read_safe": True}
