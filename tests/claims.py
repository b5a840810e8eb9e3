"""The claims of `claims.toml`, and the first edition's study that they are about."""

import re
import sys
import tomllib

from tests.book import ROOT

sys.path.insert(0, str(ROOT / "book" / "_ext"))

import first_edition

CLAIMS = tomllib.loads((ROOT / "tests" / "claims.toml").read_text("utf-8"))["claims"]
DATA = first_edition.read(ROOT)


def said(claim, data=DATA):
    """Return a claim's text with the study's answers in it."""

    def answer(question):
        return first_edition.phrase(data, question[1]).replace("\N{NO-BREAK SPACE}", " ")

    return re.sub(r"\{([^{}]+)\}", answer, claim["text"])
