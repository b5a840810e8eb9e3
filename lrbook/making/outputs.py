"""Put the outputs of a full run into notebooks: ``python -m lrbook.making.outputs [NOTEBOOK...]``.

A notebook is committed with the outputs of its full run, and this is the one way they get in.
It runs in a fresh kernel; timings are left out and widget models get stable names, so that a
second run of the same code changes nothing. ``metadata.lrbook`` then says which code made the
outputs, and a test holds the two together.

Without a name, every notebook whose code has changed since its outputs were made is run.
``--refresh-panels`` runs nothing: it renews the JavaScript and CSS stored with the panels.
"""

import argparse
import ast
import hashlib
import importlib
import json
import os
import platform
import re
import sys
import time
from pathlib import Path

import nbformat
from nbclient.exceptions import CellExecutionError

from lrbook.making import kernels, machine, sources

__all__ = ["ROOT", "code_hash", "execute", "notebooks", "panel_texts", "stable_widgets"]

ROOT = Path(__file__).resolve().parents[2]
STATE = "application/vnd.jupyter.widget-state+json"
VIEW = "application/vnd.jupyter.widget-view+json"


def notebooks():
    """Return the paths of the book's notebooks, solutions included, in alphabetical order."""
    folders = (ROOT / "notebooks", ROOT / "notebooks/solutions")
    return sorted(path for folder in folders for path in folder.glob("*.ipynb"))


# Which code made the outputs --------------------------------------------------------------


def code_hash(notebook, root=ROOT):
    """Return the hash of the code that a notebook's outputs come from.

    That is its code cells, the modules of ``lrbook`` whose names they use, directly or not, and
    the style of the figures. Comments and docstrings don't count, nor does the version of Python.

    Parameters
    ----------
    notebook : nbformat.NotebookNode
    root : pathlib.Path
        The folder that holds the package ``lrbook``.
    """
    modules = _modules(_sources(notebook), root)
    code = sources.code_hash(*_sources(notebook), *(path.read_text("utf-8") for path in modules))
    styles = [path.read_bytes() for path in sorted(root.glob("lrbook/*.mplstyle")) if modules]
    return hashlib.sha256(b"".join([code.encode(), *styles])).hexdigest()


def _sources(notebook):
    return [cell.source for cell in notebook.cells if cell.cell_type == "code"]


def _modules(texts, root):
    """Return the files of ``lrbook`` that the texts use, directly or not, in order."""
    found, todo = set(), list(texts)
    while todo:
        for name in sources.imports(todo.pop(), "lrbook"):
            for path in _files(name, root):
                if path not in found:
                    found.add(path)
                    todo.append(path.read_text("utf-8"))
    return sorted(found)


def _files(name, root):
    """Return the files that a dotted name of ``lrbook`` needs.

    A package's ``__init__`` only passes names on, so it is the module with the name that counts,
    unless all of the package is asked for or its ``__init__`` does something itself.
    """
    path = root.joinpath(*name.split("."))
    owner = name.rpartition(".")[0]
    above = [path / "__init__.py" for path in path.parents if path.is_relative_to(root / "lrbook")]
    active = [init for init in above if init.is_file() and _acts(init.read_text("utf-8"))]
    if path.is_dir():
        return [*active, path / "__init__.py"]
    if (module := path.with_suffix(".py")).is_file():
        return [*active, module]
    if path.parent.is_dir():
        passed_on = sources.imports((path.parent / "__init__.py").read_text("utf-8"), "lrbook")
        origin = (other for other in passed_on if other.rpartition(".")[2] == path.name)
        return _files(next(origin, owner), root)
    return _files(owner, root)


def _acts(source):
    """Return whether the source of an ``__init__`` does more than pass names on."""
    return not all(map(_passes_on, ast.parse(source).body))


def _passes_on(node):
    match node:
        case ast.Import() | ast.ImportFrom() | ast.Expr(value=ast.Constant(value=str())):
            return True
        case ast.Assign(targets=[ast.Name(id="__all__")]):
            return True
    return False


# The full run -----------------------------------------------------------------------------


# A run that was recorded before isn't trained again, and took its time then.
_REPLAY = "from lrbook.runs import replay; replay.start({path!r})"
_REPLAYED = """
import sys

print(sys.modules["lrbook.runs.replay"].replayed_seconds)
"""


def execute(path, root=ROOT):
    """Run a notebook in full and write its outputs into the file, whole or not at all.

    The notebook's prose may be edited while it runs.

    Parameters
    ----------
    path : pathlib.Path
    root : pathlib.Path
        The folder that holds the package ``lrbook``.

    Returns
    -------
    float
        Seconds, with those that recorded runs took when they were trained.

    Raises
    ------
    RuntimeError
        When a cell fails or the code of the notebook changes meanwhile; the file stays as it was.
    """
    notebook = nbformat.read(path, as_version=4)
    code = _sources(notebook)
    made_by = code_hash(notebook, root)
    notebook.cells.append(nbformat.v4.new_code_cell(_REPLAYED))
    # TQDM_DISABLE: a progress bar is no result. One thread: the sums are then reproducible.
    env = {**os.environ, "TQDM_DISABLE": "1", "OMP_NUM_THREADS": "1"}
    replay = _REPLAY.format(path=str(root / "runs" / "notebooks.jsonl"))
    env.pop("LRBOOK_SMOKE", None)
    client = kernels.client(
        notebook,
        path.parent,
        kernel_name="python3",
        record_timing=False,
        coalesce_streams=True,
        extra_arguments=[f"--IPKernelApp.exec_lines={replay}"],
    )
    start = time.monotonic()
    try:
        client.execute(env=env)
    except CellExecutionError as error:
        failed = next(i for i, cell in enumerate(notebook.cells) if _has_error(cell))
        raise RuntimeError(f"{path.name}: cell {failed} failed, nothing written\n{error}") from None
    replayed = notebook.cells.pop().outputs[0].text
    seconds = time.monotonic() - start + float(replayed)

    target = nbformat.read(path, as_version=4)
    if _sources(target) != code:
        raise RuntimeError(f"{path.name}: its code changed while it ran, nothing written")
    done = iter(cell for cell in notebook.cells if cell.cell_type == "code")
    for cell in target.cells:
        cell.metadata.pop("execution", None)
        if cell.cell_type == "code":
            ran = next(done)
            cell.outputs, cell.execution_count = ran.outputs, ran.execution_count
    target.metadata = nbformat.from_dict(
        {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python", "pygments_lexer": "ipython3"},
            "lrbook": {
                "code_hash": made_by,
                "device": machine.hardware(),
                "python": ".".join(platform.python_version_tuple()[:2]),
                "seconds": round(seconds),
            },
            "widgets": notebook.metadata.get("widgets", {STATE: {"state": {}}}),
        }
    )
    _write(path, stable_widgets(target, path.stem))
    return seconds


def _has_error(cell):
    return any(output.output_type == "error" for output in cell.get("outputs", []))


def _write(path, notebook):
    nbformat.validate(notebook)
    # A reader, or a kill at any instant, meets the old file or the new one.
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    temporary.write_text(nbformat.writes(notebook) + "\n", "utf-8")
    temporary.replace(path)


# Widgets ----------------------------------------------------------------------------------


def stable_widgets(notebook, slug):
    """Name the widget models by `slug` and their order, and drop those that no output shows.

    A notebook without widgets loses its empty widget state. Returns a new notebook.
    """
    state = notebook.metadata.get("widgets", {}).get(STATE, {}).get("state", {})
    shown = [
        output.data[VIEW]["model_id"]
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if VIEW in output.get("data", {})
    ]
    order = []

    def visit(model):
        if model not in order and model in state:
            order.append(model)
            for child in _references(state[model]):
                visit(child)

    for model in shown:
        visit(model)
    # A link is part of no widget: it stays when both of its ends do.
    links = [
        model
        for model in state
        if state[model]["model_name"] in ("LinkModel", "DirectionalLinkModel")
        and set(_references(state[model])) <= set(order)
    ]
    for model in sorted(links, key=lambda link: [order.index(i) for i in _references(state[link])]):
        visit(model)

    if not order:
        notebook.metadata.pop("widgets", None)
        return notebook
    notebook.metadata.widgets[STATE].state = {model: state[model] for model in order}
    text = nbformat.writes(notebook)
    prefix = hashlib.sha256(slug.encode()).hexdigest()[:24]
    for index, model in enumerate(order):
        text = text.replace(model, f"{prefix}{index:08x}")
    return nbformat.reads(text, as_version=4)


def _references(model):
    return re.findall(r"IPY_MODEL_([0-9a-f]{32})", json.dumps(model, sort_keys=True))


def panel_texts(notebook):
    """Yield each stored panel's state and the texts that it should hold.

    Yields
    ------
    state, texts : dict, dict
        `texts` maps ``_esm`` and ``_css`` to what the widget's class holds today.
    """
    models = notebook.metadata.get("widgets", {}).get(STATE, {}).get("state", {})
    for model in models.values():
        if "_anywidget_id" in model["state"]:
            module, _, name = model["state"]["_anywidget_id"].rpartition(".")
            widget = getattr(importlib.import_module(module), name)
            keys = [key for key in ("_esm", "_css") if key in model["state"]]
            yield model["state"], {key: str(getattr(widget, key)) for key in keys}


# The command ------------------------------------------------------------------------------


def _refresh(path):
    notebook = nbformat.read(path, as_version=4)
    before = nbformat.writes(notebook)
    for state, texts in panel_texts(notebook):
        state.update(texts)
    if nbformat.writes(notebook) != before:
        _write(path, notebook)
        print(f"{path.name}: panels renewed")


def _is_stale(path):
    notebook = nbformat.read(path, as_version=4)
    return notebook.metadata.get("lrbook", {}).get("code_hash") != code_hash(notebook)


def main(arguments=None):
    """Run the command; return its exit status."""
    parser = argparse.ArgumentParser(prog="python -m lrbook.making.outputs", description=__doc__)
    parser.add_argument("notebooks", nargs="*", type=Path, metavar="NOTEBOOK")
    parser.add_argument("--refresh-panels", action="store_true")
    options = parser.parse_args(arguments)
    if options.refresh_panels:
        for path in options.notebooks or notebooks():
            _refresh(path)
        return 0
    failures = 0
    for path in options.notebooks or filter(_is_stale, notebooks()):
        print(f"{path.name}: running ...", flush=True)
        try:
            print(f"{path.name}: {execute(path.resolve()):.0f} s", flush=True)
        except RuntimeError as error:
            failures += 1
            print(error, file=sys.stderr)
    return min(failures, 1)


if __name__ == "__main__":
    sys.exit(main())
