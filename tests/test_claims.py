"""What the prose says of the first edition's study is what it says.

Each claim of `claims.toml` is a text of a page. What stands in braces is a question to the study,
as `book/_ext/first_edition.py` knows it, and its answer is what the page must say there; so a run
that changes a number fails the test. ``higher`` and ``lower``, or ``undecided``, name arms that
the study must tell apart in the `measure`, or must not; ``living`` arms of which no run died.
"""

import re

import nbformat
import numpy as np
import pytest

from lrbook.findings import arms
from lrbook.findings import first_edition as study
from lrbook.findings.intervals import newcombe
from lrbook.findings.questions import UNDECIDED
from lrbook.runs import store
from tests.book import ROOT, notebooks
from tests.claims import CLAIMS, DATA, said


def prose(page):
    path = ROOT / f"{page}.ipynb"
    if not path.exists():
        return path.with_suffix(".md").read_text("utf-8")
    cells = nbformat.read(path, as_version=4).cells
    return "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")


def holds(claim, table=DATA.runs):
    """Return whether the study decides the claim's comparison as the claim does."""
    if "undecided" in claim:
        verdict = study.compare(table, *claim["undecided"], claim["measure"])
        return verdict.higher == UNDECIDED and not np.isnan(verdict.p)
    if "higher" in claim:
        verdict = study.compare(table, claim["higher"], claim["lower"], claim["measure"])
        return verdict.higher == claim["higher"]
    return not table[table.arm.isin(claim.get("living", []))].dead.any()


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim["text"][:40])
def test_a_claim_is_on_its_page_and_holds(claim):
    assert said(claim) in prose(claim["page"])
    assert holds(claim)
    assert {*claim.get("living", [])} <= {*DATA.runs.arm}


@pytest.mark.parametrize("path", notebooks(), ids=lambda path: path.stem)
def test_every_sentence_of_a_notebook_on_the_study_is_a_claim(path):
    page = f"notebooks/{path.stem}"
    claimed = [said(claim) for claim in CLAIMS if claim["page"] == page]
    for line in prose(page).splitlines():
        if re.search(r"\bstudy\b", line, re.IGNORECASE):
            assert any(line in text for text in claimed), line


def test_a_changed_run_is_found():
    number = next(claim for claim in CLAIMS if "{test_acc: constant 0.3}" in claim["text"])
    verdict = next(claim for claim in CLAIMS if "higher" in claim)
    changed = DATA.runs.copy()
    changed.loc[changed.arm == "constant 0.3", "test_acc"] += 0.01
    assert said(number, DATA._replace(runs=changed)) != said(number)
    changed.loc[changed.arm == verdict["higher"], [*arms.MEASURES]] -= 1
    assert not holds(verdict, changed)


WHERE = ("above", "here")


def test_the_warmup_chapter_says_who_lives_and_where_the_others_die():
    died = {}  # the epoch, or None, by sample, warmup and seed
    for run in store.read(store.RUNS / "notebooks.jsonl"):
        if found := re.fullmatch(r"(warmup )?cosine 0\.5(, seed \d+)?", run["name"]):
            died["above", bool(found[1]), run["seed"]] = run["died"]
    for run in DATA.runs[DATA.runs.arm.isin(["cosine 0.5", "warmup, cosine 0.5"])].itertuples():
        died["here", "warmup" in run.arm, run.seed] = run.died if run.dead else None
    assert {epoch for (_, warmup, _), epoch in died.items() if epoch and not warmup} == {1, 2}
    assert {epoch for (_, warmup, _), epoch in died.items() if epoch and warmup} == {5, 6, 7}
    changed = {
        warmup: [
            s for s in range(5) if bool(died["above", warmup, s]) != bool(died["here", warmup, s])
        ]
        for warmup in (False, True)
    }
    assert changed == {False: [0, 1], True: [1, 2]}
    assert all(died["above", False, s] and died["here", True, t] for s, t in [(0, 1), (1, 2)])


def test_the_warmup_chapter_counts_the_study_as_it_is():
    notebook = nbformat.read(ROOT / "notebooks" / "warmup.ipynb", as_version=4)
    (cell,) = (cell for cell in notebook.cells if cell.id == "warmup-again")
    ends = {}
    for name, arm in (("cosine 0.5", "cosine 0.5"), ("warmup cosine 0.5", "warmup, cosine 0.5")):
        runs = DATA.runs[DATA.runs.arm == arm]
        assert f"{arm}: {(~runs.dead).sum()} of {len(runs)} live\n" in cell.outputs[0].text
        above = [
            run["test_acc"][-1]
            for run in store.read(store.RUNS / "notebooks.jsonl")
            if not run["died"] and re.fullmatch(rf"{name}(, seed \d+)?", run["name"])
        ]
        ends[arm] = [*above, *runs.test_acc[~runs.dead]]
        said = f"{min(ends[arm]):.3f} to {max(ends[arm]):.3f}\n"
        assert said in cell.outputs[0].text
    assert max(ends["cosine 0.5"]) < min(ends["warmup, cosine 0.5"])


def test_the_summary_s_intervals_of_who_lives_are_those_of_the_runs():
    text = prose("book/summary")
    lived = {True: [], False: []}
    for run in store.read(store.RUNS / "notebooks.jsonl"):
        if found := re.fullmatch(r"(warmup )?cosine 0\.5(, seed \d+)?", run["name"]):
            lived[bool(found[1])].append(not run["died"])
    assert (sum(lived[False]), sum(lived[True])) == (2, 8)
    low, high = (round(100 * end) for end in newcombe(8, 10, 2, 10))
    assert f"95 % interval from {low} to {high}" in text
    alive = {
        warmup: (~DATA.runs.dead[DATA.runs.arm == f"{warmup}cosine 0.5"]).sum()
        for warmup in ("", "warmup, ")
    }
    ends = [round(100 * end) for end in newcombe(alive["warmup, "], 5, alive[""], 5)]
    said = f"from {ends[0]} to {ends[1]}".replace("-", "\N{MINUS SIGN}")
    assert f"no difference, with an interval {said}" in text
    assert f"between {low} and {ends[1]} points" in text
