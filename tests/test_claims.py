"""What a notebook says of the results page is what the recorded runs say.

Each claim of `claims.toml` is a text of a notebook. What stands in braces is a question, as the
role `study` asks it, and its answer is what the notebook must say there; so a run that changes a
number or a verdict fails the test.
"""

import re

import nbformat
import pytest

from lrbook.findings import survival
from tests.book import ROOT, name_of, notebooks
from tests.claims import CLAIMS, DATA, said

# A number or a verdict in a line that sends its reader to the results page.
QUOTES = re.compile(r"\d of \d|\d\.\d|undecided|higher by|lower by|the same within")


def prose(page):
    cells = nbformat.read(ROOT / f"{page}.ipynb", as_version=4).cells
    return "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim["text"][:40])
def test_a_claim_is_on_its_page(claim):
    assert said(claim) in prose(claim["page"])


@pytest.mark.parametrize("path", notebooks(), ids=name_of)
def test_every_sentence_of_a_notebook_that_quotes_the_results_is_a_claim(path):
    page = f"notebooks/{name_of(path)}"
    claimed = [said(claim) for claim in CLAIMS if claim["page"] == page]
    for line in prose(page).splitlines():
        if "book/results.md" in line and QUOTES.search(line):
            assert any(line in text for text in claimed), line


def test_a_changed_run_is_found():
    claim = next(claim for claim in CLAIMS if "{dead: full 0.5 warmup 0}" in claim["text"])
    changed = DATA.deaths.copy()
    changed.loc[changed.died.isna(), "died"] = 1
    assert said(claim, DATA._replace(deaths=changed)) != said(claim)


def test_five_epochs_of_warmup_move_the_edge_and_one_can_t_be_seen():
    """What *Results* and *Warmup* say of where half of the runs die, and when they die."""
    found = survival.half_rates(DATA.deaths).set_index(["data", "warmup"]).loc["subset"]
    none, one, five = (found.loc[float(epochs)] for epochs in (0, 1, 5))
    assert five.low > max(none.high, one.high)
    assert none.half < one.half and one.low < none.high
    died = DATA.deaths.set_index(survival.SETTING).died.sort_index().loc["subset", 0.7]
    assert died.loc[5.0].min() > died.loc[0.0].max()
