"""Quick checks: their forms, and what they refuse."""

import subprocess
import sys

import pytest

from lrbook.live import check, predict
from tests.book import ROOT
from tests.forms import Form

CHOICES = {"it <lives>": "It doesn't.", "it dies": "The rate is too large."}
NAN, INFINITY = float("nan"), float("inf")


def choose(question="Does it live?", choices=CHOICES, answer="it dies"):
    return check.choose(question, choices, answer)


def number(answer=1170, tolerance=0.5, otherwise="234 > 233.", mistakes=None, unit="updates"):
    mistakes = {234: "One <epoch>.", 1175.0: "96 sit out."} if mistakes is None else mistakes
    return check.number(
        "How many?", answer, tolerance, otherwise=otherwise, unit=unit, mistakes=mistakes
    )


def test_a_choice_has_its_reason_and_one_is_right():
    form = Form(choose())
    assert form.all("form")[0]["data-kind"] == "check-choose"
    assert [i["value"] for i in form.all("input")] == ["0", "1"]
    assert form.question == {"answer": 1}
    for words in ("Check. Does it live?", "it <lives>", *CHOICES.values(), "Wrong.", "Right."):
        assert words in form.text


def test_a_number_says_what_is_near_enough_and_shows_all_without_a_script():
    form = Form(number())
    [field] = form.all("input")
    assert (field["type"], field["inputmode"]) == ("text", "decimal")
    assert "value" not in field
    said = "Your numberupdates, within 0.5It is 1,170 updates. 234 > 233."
    assert f"{said}Not 234 updates. One <epoch>.Not 1,175 updates. 96 sit out." in form.text
    assert form.question["mistakes"] == [234, 1175]
    assert (form.question["answer"], form.question["tolerance"]) == (1170, 0.5)


@pytest.mark.parametrize(
    ("tolerance", "unit", "beside"),
    [(0, "", "exactly"), (0, "epochs", "epochs, exactly"), (0.02, "", "within 0.02")],
)
def test_the_tolerance_stands_beside_the_field(tolerance, unit, beside):
    assert f"Your number{beside}It is" in Form(number(tolerance=tolerance, unit=unit)).text


def test_mistakes_may_be_pairs_and_may_be_none():
    pairs = number(mistakes=[(234, "One <epoch>."), (1175, "96 sit out.")])
    assert pairs.html == number().html
    assert Form(number(mistakes=())).question["mistakes"] == []


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (lambda: choose(choices={"a": "b"}), "choose: at least two choices are needed, not 1"),
        (lambda: choose(choices={"a": "b", "c": " "}), "choose: the choice 'c' needs a reason"),
        (lambda: choose(answer="it"), r"choose: answer must be one of \['it <lives>'.*, not 'it'"),
        (lambda: number(NAN), "number: answer must be finite, not nan"),
        (lambda: number(tolerance=-1), "number: tolerance must be .* at least 0, not -1.0"),
        (lambda: number(tolerance=INFINITY), "number: tolerance must be finite .*, not inf"),
        (lambda: number(tolerance=NAN), "number: tolerance must be finite .*, not nan"),
        (lambda: number(otherwise=" "), "number: otherwise must say the way to the number"),
        (lambda: number(mistakes={234: ""}), "number: the mistake 234 needs a reason"),
        (lambda: number(mistakes={NAN: "?"}), "number: a mistake must be finite, not nan"),
        (lambda: number(mistakes={1170.5: "?"}), "more than 0.5 from the answer, 1170, not at"),
        (lambda: number(0.3, 0.01, mistakes={0.31: "?"}), "more than 0.01 from the answer"),
    ],
)
def test_what_makes_no_check_is_named(ask, message):
    with pytest.raises(ValueError, match=message):
        ask()


def test_what_is_kept_of_a_reader_belongs_to_the_wording_not_to_the_answer():
    assert Form(choose()).key == Form(choose(answer="it <lives>")).key
    assert Form(number()).key == Form(number(20)).key
    assert Form(choose()).key != Form(predict.choose("Does it live?", CHOICES, "it dies")).key


def test_its_text_is_the_same_in_every_run():
    assert repr(choose()) == "Check: Does it live?\n( ) it <lives>\n( ) it dies"
    assert repr(number()) == "Check: How many?\n(a number, in updates, within 0.5)"
    assert repr(number(tolerance=0, unit="")) == "Check: How many?\n(a number, exactly)"


def test_checks_and_predictions_share_one_script():
    asked = predict.choose("Does it live?", CHOICES, "it dies")
    assert len({question.get_state()["script"] for question in (choose(), number(), asked)}) == 1


def test_importing_checks_leaves_mxnet_alone():
    code = "import sys; from lrbook.live import check; sys.exit('mxnet' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)
