"""Questions: their forms, what they refuse, what a notebook stores of them."""

import re
import subprocess
import sys

import nbformat
import numpy as np
import pytest

from lrbook.live import predict
from tests.book import ASKS, CHECKS, ROOT, chapters
from tests.forms import Form

CHOICES = {"it <lives>": "It doesn't.", "it dies": "The rate is too large."}


def choose(question="Does it live?", choices=CHOICES, answer="it dies"):
    return predict.choose(question, choices, answer)


def number(answer=10.04, stops=(1, 2, 5, 10, 20, 50, 100)):
    return predict.number("How many?", answer, stops, "More.", "Less.", unit="updates")


def sketch(times=range(31), values=None, at=range(0, 31, 5), limits=(0, 0.5)):
    values = [0.3 / (1 + t) for t in times] if values is None else values
    return predict.sketch("What does it do?", times, values, at, limits)


def test_a_choice_has_its_reason_and_one_is_right():
    form = Form(choose())
    assert [i["value"] for i in form.all("input")] == ["0", "1"]
    assert form.question == {"answer": 1}
    for words in ("Does it live?", "it <lives>", *CHOICES.values(), "Wrong.", "Right."):
        assert words in form.text
    assert form.text.index("Wrong.") < form.text.index("Right.")


@pytest.mark.parametrize(
    ("answer", "stops", "right"),
    [
        (10.04, (1, 2, 5, 10, 20, 50, 100), 3),
        (30, (1, 10, 100), 1),  # by ratio: 30 is 3 times 10, and 100 more than 3 times 30
        (6, (0, 5, 10), 1),
        (8, (0, 5, 10), 2),
    ],
)
def test_the_stop_nearest_to_a_number_is_right(answer, stops, right):
    form = Form(number(answer, stops))
    assert form.question["right"] == right
    assert form.all("input")[0]["max"] == str(len(stops) - 1)


def test_a_number_is_said_with_its_unit():
    form = Form(number())
    assert form.question["answer"] == "10 updates"
    assert form.question["stops"][0] == "1 updates"


def test_a_sketch_has_a_named_slider_for_each_time_and_its_curve():
    form = Form(sketch())
    sliders = form.all("input")
    assert [float(s["data-at"]) for s in sliders] == [0, 5, 10, 15, 20, 25, 30]
    assert sliders[1]["aria-label"] == "learning rate at epoch 5"
    assert {(s["min"], s["max"]) for s in sliders} == {("0", "0.5")}
    truth = np.array(form.question["truth"])
    assert truth[:, 0].tolist() == [*range(31)]
    assert truth[:, 1] == pytest.approx([0.3 / (1 + t) for t in range(31)], rel=1e-3)
    assert "0.3 at epoch 0, 0.05 at epoch 5," in form.text


def test_a_sketch_draws_its_curve_where_its_axes_say():
    form = Form(sketch(values=np.linspace(0, 0.5, 31)))
    [truth] = [path for path in form.all("path") if path["class"] == "truth"]
    points = re.findall(r"[ML](\S+) ([\d.]+)", truth["d"])
    frame = form.question["frame"]
    assert [float(x) for x in points[0]] == [frame["left"], frame["lower"]]
    assert [float(x) for x in points[-1]] == [frame["right"], frame["upper"]]


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (lambda: choose(choices={"a": "b"}), "choose: at least two choices are needed, not 1"),
        (lambda: choose(choices={"a": "b", "c": " "}), "choose: the choice 'c' needs a reason"),
        (lambda: choose(answer="it"), r"choose: answer must be one of \['it <lives>'.*, not 'it'"),
        (lambda: number(stops=(1, 100)), "number: at least three stops are needed, not 2"),
        (lambda: number(stops=(1, 50, 50)), r"number: stops must rise, not \[1\.0, 50\.0, 50\.0\]"),
        (lambda: number(101), r"number: answer must be in \[1, 100\], where.*, not 101"),
        (lambda: number(float("nan")), "number: answer must be in"),
        (lambda: sketch(values=[0.1] * 30), r"sketch: as many values as times .* not \(30,\)"),
        (lambda: sketch(at=(0, 30)), "sketch: at must hold from 3 to 9 times, not 2"),
        (lambda: sketch(at=range(0, 31, 3)), "sketch: at must hold from 3 to 9 times, not 11"),
        (lambda: sketch(at=(0, 20, 10, 30)), r"sketch: at must rise, not \[0\.0, 20\.0, 10\.0"),
        (lambda: sketch(at=(0, 10, 20)), "sketch: times must go from 0 to 20.*, not from 0 to 30"),
        (lambda: sketch(limits=(0, 0.2)), r"sketch: values must lie in .*\[0, 0\.2\], not in"),
        (lambda: sketch(values=[float("nan")] * 31), "sketch: values must lie in"),
    ],
)
def test_what_makes_no_question_is_named(ask, message):
    with pytest.raises(ValueError, match=message):
        ask()


def test_what_is_kept_of_a_reader_belongs_to_the_wording_not_to_the_answer():
    assert Form(choose()).key == Form(choose(answer="it <lives>")).key
    assert Form(number()).key == Form(number(20)).key
    keys = [Form(q).key for q in (choose(), choose("Does it die?"), number(), sketch())]
    assert len(set(keys)) == 4


def test_its_text_is_the_same_in_every_run():
    assert repr(choose()) == "Predict: Does it live?\n( ) it <lives>\n( ) it dies"
    assert repr(number()) == "Predict: How many?\n(a number from 1 to 100 updates)"
    assert repr(sketch()) == "Predict: What does it do?\n(a curve of learning rate against epoch)"


def test_all_questions_of_a_notebook_share_one_script():
    states = [choose().get_state(), number().get_state(), sketch().get_state()]
    assert len({state["script"] for state in states}) == 1
    assert len({state["layout"] for state in states}) == 1
    assert states[0]["script"] == f"IPY_MODEL_{predict._script().model_id}"
    assert "enliven" in predict._script().get_state()["_esm"]
    for state in states:
        assert len(state["_esm"]) + len(state.get("_css", "")) < 1000


def test_the_page_s_script_can_stand_in_a_page():
    for name in ("predict.js", "predict_page.js"):
        assert "</" not in (ROOT / "lrbook/live/bundles" / name).read_text("utf-8")


def test_importing_questions_leaves_mxnet_alone():
    code = "import sys; from lrbook.live import predict; sys.exit('mxnet' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)


@pytest.mark.parametrize("path", chapters(), ids=lambda path: path.stem)
def test_every_prediction_of_a_notebook_is_a_question(path):
    cells = nbformat.read(path, as_version=4).cells
    prose = "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    asking = [cell for cell in cells if cell.cell_type == "code" and ASKS.search(cell.source)]
    assert not all(CHECKS.search(cell.source) for cell in asking)
    assert not re.search(r"\*\*Predict", prose), "a prediction that can't be committed to"
    for cell in asking:
        assert len(ASKS.findall(cell.source)) == 1
        # Its code holds the answer.
        assert cell.metadata["jupyter"]["source_hidden"]


def test_no_two_questions_of_the_book_are_kept_as_one():
    keys = [
        key
        for path in chapters()
        for key in re.findall(r'data-key=\\"(\w+)\\"', path.read_text("utf-8"))
    ]
    assert len(keys) > 20 and len(set(keys)) == len(keys)


@pytest.mark.parametrize("path", chapters(), ids=lambda path: path.stem)
def test_what_answers_a_question_comes_after_it(path):
    """A figure right before a question would show what is asked."""
    cells = nbformat.read(path, as_version=4).cells
    for before, cell, after in zip(cells, cells[1:], cells[2:], strict=False):
        # Nothing answers a check but itself.
        if cell.cell_type == "code" and ASKS.search(cell.source) and not CHECKS.search(cell.source):
            assert not before.get("outputs"), before.source
            assert not re.match("#+ ", after.source), "the answer is missing"
