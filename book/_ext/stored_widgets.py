"""The widgets that a notebook stores, and the elements in which a page has them."""

import json
from pathlib import Path

import nbformat
from docutils import nodes

STATE = "application/vnd.jupyter.widget-state+json"
VIEW = "application/vnd.jupyter.widget-view+json"


def stored(env):
    """Return what the notebook that is read stores of its widgets, a dict; empty for other pages.

    Its `state` maps the id of each model to it.
    """
    path = Path(env.doc2path(env.docname))
    if path.suffix != ".ipynb":
        return {}
    return nbformat.read(path, as_version=4).metadata.get("widgets", {}).get(STATE, {})


def views(document):
    """Return the places in a notebook's page where widgets are shown: (node, id of the model)."""
    found = []
    for raw in document.findall(nodes.raw):
        if VIEW in raw.astext():
            view = json.loads(raw.astext().partition(">")[2].partition("</script>")[0])
            found.append((raw, view["model_id"]))
    return found


def script_text(value):
    """Return a value as JSON that may stand in a script element: nothing inside may end that."""
    return json.dumps(value).replace("</", r"<\/")
