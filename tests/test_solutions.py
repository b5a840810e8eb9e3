"""Every exercise has a worked solution that was run, and the page of the exercise shows it."""

import re

import nbformat
import pytest

from tests.book import ROOT, SITE, chapters, name_of, require_site, solutions

TITLE = re.compile(r"# (?:Solutions: )?(.+)")
NUMBERED = re.compile(r"^(?:## )?(\d+)\. (.+)$", re.MULTILINE)
# Its five exercises are sections of a page, and their text is longer than a quote.
PAGE = ROOT / "notebooks/solutions/exercises.ipynb"


def read(path):
    return nbformat.read(path, as_version=4).cells


def exercises(path):
    """Return a chapter's exercises as number to text."""
    prose = "\n".join(cell.source for cell in read(path) if cell.cell_type == "markdown")
    listed = prose.partition("## Exercises\n")[2].partition("\n## ")[0].partition("<details>")[0]
    return dict(NUMBERED.findall(listed))


def solved(path):
    """Return the solutions of a notebook as number to cells, the one with the title first."""
    found = {}
    for cell in read(path):
        if cell.cell_type == "markdown" and cell.source.startswith("## "):
            found[NUMBERED.match(cell.source)[1]] = part = []
        if found:
            part.append(cell)
    return found


def chapter_of(path):
    return ROOT / "notebooks" / path.name


def test_every_chapter_has_solutions_in_the_order_of_the_book():
    assert [path.name for path in solutions() if path != PAGE] == [p.name for p in chapters()]


@pytest.mark.parametrize("path", [p for p in solutions() if p != PAGE], ids=name_of)
def test_every_exercise_is_quoted_and_solved(path):
    chapter = chapter_of(path)
    first = read(path)[0].source
    title = TITLE.match(first)[1]
    assert title == TITLE.match(read(chapter)[0].source)[1]
    assert first.startswith("# Solutions: ") and f"[{title}](../{path.name})" in first
    found = solved(path)
    asked = exercises(chapter)
    assert asked and [*found] == [*asked]
    for number, (head, *_) in found.items():
        assert re.fullmatch(rf"## {number}\. [^\n]+\n\n> ([^\n]+)", head.source)[1] == asked[number]


@pytest.mark.parametrize("path", solutions(), ids=name_of)
def test_a_solution_ran_and_ends_with_what_it_says(path):
    for number, (_, *cells) in solved(path).items():
        ran = [cell for cell in cells if cell.cell_type == "code"]
        assert any(cell.outputs for cell in ran), f"solution {number} shows nothing"
        assert cells[-1].cell_type == "markdown", f"nobody reads solution {number}"
        sentences = re.findall(r"[.?!](?:\s|$)", cells[-1].source)
        assert 2 <= len(sentences) <= 8, f"solution {number}: {len(sentences)} sentences"


@pytest.mark.parametrize("path", [p for p in solutions() if p != PAGE], ids=name_of)
def test_a_chapter_says_where_its_solutions_are(path):
    said = "\n".join(cell.source for cell in read(chapter_of(path)))
    assert f"(solutions/{path.name})" in said


@pytest.mark.parametrize("path", solutions(), ids=name_of)
def test_the_page_has_each_solution_folded_under_its_exercise(path):
    require_site()
    page = "book/exercises" if path == PAGE else f"notebooks/{path.stem}"
    html = (SITE / f"{page}.html").read_text("utf-8")
    folded = re.findall(r"<details class='solution'>.*?</details>", html, re.DOTALL)
    assert len(folded) == len(solved(path))
    for number, text in zip(solved(path), folded, strict=True):
        assert f"solutions/{path.stem}.html#" in text
        assert 'class="cell' in text or "cell docutils" in text, f"solution {number} has no code"
        assert "<blockquote" not in text and 'id="' not in text
