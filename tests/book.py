"""What several tests ask of the book: its pages, in reading order, and the built site."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent
SITE = ROOT / "_build" / "html"
# In the code of a question's cell, and in that of a check's, which is a question, too.
ASKS = re.compile(r"\b(?:predict\.(?:choose|number|sketch)|check\.(?:choose|number))\(")
CHECKS = re.compile(r"\bcheck\.(?:choose|number)\(")
CONFIG = yaml.safe_load((ROOT / "_config.yml").read_text("utf-8"))


def pages():
    """Return the documents of the table of contents: paths without their ending."""
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text("utf-8"))
    found = [toc["root"]]
    for chapter in (chapter for part in toc["parts"] for chapter in part["chapters"]):
        found += [chapter["file"], *(section["file"] for section in chapter.get("sections", ()))]
    return found


def chapters():
    """Return the paths of the chapters' notebooks, in reading order."""
    return [path for path in notebooks() if path.parent.name != "solutions"]


def solutions():
    """Return the paths of the notebooks with solutions, in reading order."""
    return [path for path in notebooks() if path.parent.name == "solutions"]


def notebooks():
    """Return the paths of all notebooks, in reading order."""
    return [ROOT / f"{page}.ipynb" for page in pages() if page.startswith("notebooks/")]


def looked_at():
    """Return the pages that a browser opens: of the solutions one, since chapters show them all."""
    solved = [f"notebooks/{name_of(path)}" for path in solutions()]
    return [page for page in pages() if page not in solved[1:]]


def name_of(path):
    """Return the name by which a notebook is told from all others, without its ending."""
    return path.relative_to(ROOT / "notebooks").with_suffix("").as_posix()


def require_site():
    """Fail the test in one line when the site isn't built."""
    if not (SITE / "index.html").is_file():
        pytest.fail("The site isn't built: make html", pytrace=False)


class Page(HTMLParser):
    """A built page: its elements as (tag, attributes), the ids that it has."""

    def __init__(self, path):
        super().__init__()
        self.elements = []
        self.feed(path.read_text("utf-8"))
        self.ids = {attributes["id"] for _, attributes in self.elements if "id" in attributes}

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def all(self, *tags):
        """Return the attributes of all elements with one of the tags."""
        return [attributes for tag, attributes in self.elements if tag in tags]
