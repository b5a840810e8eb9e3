"""Every notebook keeps the skeleton, the house rules, and the outputs of its own code."""

import re

import nbformat
import pytest

from lrbook.making import outputs
from tests.book import ASKS, CHECKS, chapters, name_of, notebooks

BEFORE = ["Overview", "You'll learn", "You'll need"]
AFTER = ["Check yourself", "Key points", "Exercises", "What's next"]
SETUP = """\
%matplotlib inline
from importlib.util import find_spec

if not find_spec("lrbook"):
    %pip install --quiet "lrbook @ git+https://github.com/lrbook/lrbook"

from lrbook import figures
from lrbook.mxnet_today import install

install.mxnet()
figures.use_style()"""
NO_TRAINING = re.sub(r"from \S+ import install\n|install\.mxnet\(\)\n", "", SETUP)
IMAGES = ("image/png", "image/svg+xml", "image/jpeg")


@pytest.fixture(params=notebooks(), ids=name_of)
def notebook(request):
    return nbformat.read(request.param, as_version=4)


@pytest.fixture(params=chapters(), ids=name_of)
def chapter(request):
    return nbformat.read(request.param, as_version=4)


def headings(cells):
    """Return the headings as (index of the cell, level, text)."""
    found = []
    for index, cell in enumerate(cells):
        if cell.cell_type == "markdown":
            prose = re.sub(r"^```.*?^```", "", cell.source, flags=re.MULTILINE | re.DOTALL)
            for marks, text in re.findall(r"^(#+) +(.+?) *$", prose, re.MULTILINE):
                found.append((index, len(marks), text))
    return found


def section(notebook, title):
    """Return the prose under a heading of the second level."""
    prose = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    return re.split(r"^#+ ", prose.split(f"## {title}\n")[1], flags=re.MULTILINE)[0]


def shows_figure(cell):
    # A question is a widget, but nothing that a sentence could read.
    return not ASKS.search(cell.source) and any(
        any(kind in output.get("data", {}) for kind in (*IMAGES, outputs.VIEW))
        for output in cell.get("outputs", [])
    )


def test_every_notebook_is_in_the_table_of_contents():
    assert outputs.notebooks() == sorted(notebooks())


def test_skeleton(chapter):
    found = headings(chapter.cells)
    assert [level for _, level, _ in found].count(1) == 1, "one title"
    assert found[0][:2] == (0, 1), "the first cell begins with the title"
    assert chapter.cells[0].source.startswith("# ")
    sections = [text for _, level, text in found if level == 2]
    assert sections[:3] == BEFORE
    assert sections[-4:] == AFTER
    assert len(sections) > 7, "a lesson"


def test_three_checks_follow_their_heading(chapter):
    [start] = [i for i, _, text in headings(chapter.cells) if text == "Check yourself"]
    heading, *checks, key_points = chapter.cells[start : start + 5]
    assert re.fullmatch(r"## Check yourself\n\n(.+\n?){1,2}", heading.source), "and a sentence"
    assert all(CHECKS.search(cell.source) for cell in checks if cell.cell_type == "code")
    assert [cell.cell_type for cell in checks] == ["code"] * 3
    assert key_points.source.startswith("## Key points")
    asked = [cell for cell in chapter.cells if CHECKS.search(cell.source)]
    assert asked == checks, "checks stand there and nowhere else"


def test_setup_comes_between_what_you_need_and_the_lesson(chapter):
    code = [i for i, cell in enumerate(chapter.cells) if cell.cell_type == "code"]
    second_level = [index for index, level, _ in headings(chapter.cells) if level == 2]
    assert second_level[2] < code[0] < second_level[3] or second_level[2] == code[0] - 1


def test_one_setup_cell_and_it_is_the_first_code(notebook):
    code = [i for i, cell in enumerate(notebook.cells) if cell.cell_type == "code"]
    tagged = [i for i in code if "setup" in notebook.cells[i].metadata.get("tags", [])]
    assert tagged == code[:1]


def test_setup_is_the_same_everywhere(notebook):
    setup, *lesson = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    trains = re.search(r"\b(mxnet|lrbook\.training)\b", "\n".join(lesson))
    assert setup == (SETUP if trains else NO_TRAINING)


def test_what_you_need_tells_the_time_on_cpu_and_gpu(chapter):
    needs = section(chapter, "You'll need")
    assert re.search("minute|second", needs)
    assert "CPU" in needs
    assert "GPU" in needs


def test_code_cells_are_short_and_end_without_semicolon(notebook):
    for cell in notebook.cells:
        if cell.cell_type == "code":
            assert len(cell.source.splitlines()) <= 20, cell.source
            assert cell.source.strip(), "an empty cell"
            assert not cell.source.rstrip().endswith(";"), cell.source
            assert not re.search(r"\binteract\(", cell.source), "dead on the published page"


def test_prose_is_plain_markdown(notebook):
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            assert not re.search(r"^(```|:::+) *\{", cell.source, re.MULTILINE), "a directive"
            assert not re.search(r"\{[a-z:-]+\}`", cell.source), "a role"


def test_figures_have_alt_text_and_a_sentence_that_reads_them(notebook):
    for cell, following in zip(notebook.cells, [*notebook.cells[1:], None], strict=True):
        if not shows_figure(cell):
            continue
        assert following is not None and following.cell_type == "markdown", cell.source
        if not any(outputs.VIEW in output.get("data", {}) for output in cell.outputs):
            alt = cell.metadata.get("mystnb", {}).get("image", {}).get("alt", "")
            assert len(alt.split()) >= 5, f"no alt text:\n{cell.source}"


def test_alt_text_belongs_to_a_figure(notebook):
    for cell in notebook.cells:
        if "alt" in cell.metadata.get("mystnb", {}).get("image", {}):
            assert shows_figure(cell), f"alt text without a figure:\n{cell.source}"


def test_outputs_come_from_the_code_beside_them(notebook):
    assert "lrbook" in notebook.metadata, "never run: python -m lrbook.making.outputs"
    assert notebook.metadata.lrbook.code_hash == outputs.code_hash(notebook), (
        "the code has changed since its outputs were made: python -m lrbook.making.outputs"
    )


def test_outputs_have_no_errors_warnings_or_timings(notebook):
    counts = []
    for cell in notebook.cells:
        assert "execution" not in cell.metadata
        if cell.cell_type == "code":
            counts.append(cell.execution_count)
            for output in cell.outputs:
                assert output.output_type != "error", cell.source
                assert output.get("name") != "stderr", output.text
    assert counts == list(range(1, len(counts) + 1)), "run top to bottom in a fresh kernel"


def test_every_widget_is_stored_and_every_stored_one_is_shown(notebook):
    stored = notebook.metadata.get("widgets", {}).get(outputs.STATE, {}).get("state", {})
    shown = {
        output.data[outputs.VIEW]["model_id"]
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if outputs.VIEW in output.get("data", {})
    }
    assert shown <= set(stored)
    assert bool(shown) == bool(stored)


def test_stored_panels_hold_the_current_javascript(notebook):
    for state, texts in outputs.panel_texts(notebook):
        for key, text in texts.items():
            assert state[key] == text, "old: python -m lrbook.making.outputs --refresh-panels"
