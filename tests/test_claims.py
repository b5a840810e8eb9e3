"""What a notebook says of the results page is what the recorded runs say.

Each claim of `claims.toml` is a text of a notebook. What stands in braces is a question, as the
role `study` asks it, and its answer is what the notebook must say there; so a run that changes a
number or a verdict fails the test.
"""

import re

import nbformat
import pytest

from tests.book import ROOT, notebooks
from tests.claims import CLAIMS, DATA, said

# A number or a verdict in a line that sends its reader to the results page.
QUOTES = re.compile(r"\d of \d|\d\.\d|undecided|higher by|lower by|the same within")


def prose(page):
    cells = nbformat.read(ROOT / f"{page}.ipynb", as_version=4).cells
    return "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim["text"][:40])
def test_a_claim_is_on_its_page(claim):
    assert said(claim) in prose(claim["page"])


@pytest.mark.parametrize("path", notebooks(), ids=lambda path: path.stem)
def test_every_sentence_of_a_notebook_that_quotes_the_results_is_a_claim(path):
    page = f"notebooks/{path.stem}"
    claimed = [said(claim) for claim in CLAIMS if claim["page"] == page]
    for line in prose(page).splitlines():
        if "book/results.md" in line and QUOTES.search(line):
            assert any(line in text for text in claimed), line


def test_a_changed_run_is_found():
    claim = next(claim for claim in CLAIMS if "{dead: full 0.5 warmup 0}" in claim["text"])
    changed = DATA.deaths.copy()
    changed.loc[changed.died.isna(), "died"] = 1
    assert said(claim, DATA._replace(deaths=changed)) != said(claim)
