"""A result quoted in prose stands in a stored output or in a recorded run.

Results have three decimals in this book, so a number with three decimals is held to be one,
unless it is a setting that stands in code on the same page, or part of a claim about the study,
which a test of its own holds.
"""

import re

import nbformat
import pytest

from lrbook.runs import store
from tests.book import ROOT, name_of, notebooks, pages
from tests.claims import CLAIMS, said

RESULT = re.compile(r"(?<![\d.])\d\.\d{3}(?![\d.]*\d)")


def results(text):
    return set(RESULT.findall(text))


def printed(notebook):
    """Return the numbers of a notebook's code and text outputs, rounded to three decimals."""
    texts = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            texts.append(output.get("text", output.get("data", {}).get("text/plain", "")))
    numbers = re.findall(r"(?<![\d.])\d*\.\d+", " ".join(texts))
    return {f"{float(number):.3f}" for number in numbers}


def quoted(notebook):
    prose = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    return results(prose) - results(" ".join(re.findall(r"`[^`]+`", prose)))


def recorded():
    found = set()
    for run in store.read(store.RUNS / "notebooks.jsonl"):
        for curve in ("train_loss", "train_acc", "test_acc"):
            found |= {f"{value:.3f}" for value in run[curve] if value is not None}
    return found


@pytest.mark.parametrize("path", notebooks(), ids=name_of)
def test_a_notebook_quotes_what_it_printed(path):
    notebook = nbformat.read(path, as_version=4)
    page = f"notebooks/{name_of(path)}"
    claimed = results(" ".join(said(claim) for claim in CLAIMS if claim["page"] == page))
    assert quoted(notebook) <= printed(notebook) | claimed


@pytest.mark.parametrize("page", [*(p for p in pages() if p.startswith("book/")), "README"])
def test_a_page_quotes_recorded_runs(page):
    known = recorded().union(*(printed(nbformat.read(p, as_version=4)) for p in notebooks()))
    text = (ROOT / f"{page}.md").read_text("utf-8")
    code = " ".join(re.findall(r"```.*?```|`[^`]+`", text, re.DOTALL))
    assert results(text) - results(code) <= known


def test_a_made_up_result_is_found():
    notebook = nbformat.v4.new_notebook()
    notebook.cells = [
        nbformat.v4.new_markdown_cell("It ends at 0.859, after 1.5 epochs at lr 0.3."),
        nbformat.v4.new_code_cell(
            outputs=[nbformat.v4.new_output("stream", name="stdout", text="test acc 0.858")]
        ),
    ]
    assert quoted(notebook) - printed(notebook) == {"0.859"}
