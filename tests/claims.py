"""The claims of `claims.toml`, and the results that they are about."""

import re
import sys
import tomllib

from tests.book import ROOT

sys.path.insert(0, str(ROOT / "book" / "_ext"))

import results_data
import results_text

CLAIMS = tomllib.loads((ROOT / "tests" / "claims.toml").read_text("utf-8"))["claims"]
DATA = results_data.read(str(ROOT))


def said(claim, data=DATA):
    """Return a claim's text with the runs' answers in it."""

    def answer(question):
        return results_text.phrase(data, question[1]).replace("\N{NO-BREAK SPACE}", " ")

    return re.sub(r"\{([^{}]+)\}", answer, claim["text"])
