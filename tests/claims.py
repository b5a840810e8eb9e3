"""The claims of `claims.toml`, and the study that they are about."""

import re
import sys
import tomllib
from types import SimpleNamespace

from lrbook import arms, store
from tests.book import ROOT

sys.path.insert(0, str(ROOT / "book" / "_ext"))

import results_text

CLAIMS = tomllib.loads((ROOT / "tests" / "claims.toml").read_text("utf-8"))["claims"]
DATA = SimpleNamespace(
    runs=arms.runs(store.read(store.RUNS / "study.jsonl")),
    printed=arms.printed(store.RUNS / "d2l_printed_results.csv"),
    atlas=arms.runs(store.read(store.RUNS / "atlas.jsonl")),
)


def said(claim, data=DATA):
    """Return a claim's text with the study's answers in it."""

    def answer(question):
        return results_text.phrase(data, question[1]).replace("\N{NO-BREAK SPACE}", " ")

    return re.sub(r"\{([^{}]+)\}", answer, claim["text"])
