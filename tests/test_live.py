import dataclasses
import math
import subprocess
import sys

import ipywidgets
import pytest

from lrbook.live import panel
from lrbook.schedules import (
    Constant,
    Cosine,
    Factor,
    InverseSquareRoot,
    MultiFactor,
    OneCycle,
    Polynomial,
    Restarts,
    Schedule,
    SquareRoot,
    Triangular,
    Warmup,
    WarmupStableDecay,
)
from lrbook.schedules.policies import POLICIES, WORDS

EACH = (
    Constant(0.3),
    SquareRoot(0.3),
    Polynomial(0.3, 0.01, 20, 2),
    Factor(0.3, 0.9, 0.01),
    MultiFactor(0.3, (15, 25), 0.1),
    Cosine(0.3, 0.01, 20),
    WarmupStableDecay(0.3, 0.01, 3, 17, 10, "sqrt"),
    InverseSquareRoot(0.3, 3),
    Triangular(0.03, 0.3, 5, "exponential", 0.9),
    Restarts(0.3, 0.01, 10, 2),
    OneCycle(0.01, 0.3, 0.001, 9, 21, "linear"),
)


def controls(box):
    return {c.description: c for c in box.children if hasattr(c, "description")}


def chart(box):
    return next(c for c in box.children if not hasattr(c, "description"))


def test_every_kind_is_tried_here():
    assert {type(schedule) for schedule in EACH} == set(POLICIES.values())


@pytest.mark.parametrize("schedule", EACH, ids=lambda schedule: type(schedule).__name__)
def test_each_parameter_has_a_slider_at_its_value(schedule):
    sliders = controls(panel(schedule))
    for name, parameter in schedule.parameters().items():
        label = f"{parameter.label} ({parameter.unit})" if parameter.unit else parameter.label
        assert sliders[label].value == pytest.approx(getattr(schedule, name), rel=1e-12)


@pytest.mark.parametrize("schedule", EACH, ids=lambda schedule: type(schedule).__name__)
def test_each_word_has_a_choice_at_its_place(schedule):
    box = panel(schedule)
    [choice] = chart(box).choices
    asked = {name: words for name, (_, words) in WORDS.get(type(schedule), {}).items()}
    assert choice["words"] == asked
    for name, (label, words) in WORDS.get(type(schedule), {}).items():
        assert words[controls(box)[label].index] == getattr(schedule, name)
        assert words[int(getattr(chart(box), choice["traits"][name]))] == getattr(schedule, name)
    text = {name for name, value in dataclasses.asdict(schedule).items() if isinstance(value, str)}
    assert text == asked.keys()


def test_multi_factor_has_a_slider_for_each_milestone():
    sliders = controls(panel(MultiFactor(0.3, (10, 15, 25), 0.1)))
    assert [sliders[f"milestone {i} (epochs)"].value for i in (1, 2, 3)] == [10, 15, 25]


def test_warmup_adds_its_controls():
    cosine = Cosine(0.3, 0.01, 15)
    added = controls(panel(Warmup(cosine, 5))).keys() - controls(panel(cosine)).keys()
    assert added == {"warmup (epochs)", "warmup starts at", "warmup mode"}


def test_a_slider_starts_on_the_grid_that_the_browser_snaps_to():
    for schedule in (Cosine(0.3, 0.0123, 17.5), Factor(0.123, 0.907, 1e-4), Constant(3)):
        for slider in controls(panel(schedule)).values():
            log = isinstance(slider, ipywidgets.FloatLogSlider)
            start = math.log10(slider.value) if log else slider.value
            for place in (start, slider.max):
                steps = (place - slider.min) / slider.step
                assert steps == pytest.approx(round(steps), abs=1e-6)
            assert slider.min - 1e-9 <= start <= slider.max + 1e-9


def test_each_control_is_linked_to_a_trait_of_the_chart_that_has_its_value():
    before = ipywidgets.Widget.get_manager_state()["state"]
    box = panel(Warmup(Cosine(0.3, 0.01, 15), 5, mode="constant"), Factor(0.2, 0.9, 0.01))
    state = ipywidgets.Widget.get_manager_state()["state"]
    added = [model for name, model in state.items() if name not in before]
    links = [model["state"] for model in added if model["model_name"] == "LinkModel"]
    ends = {link["source"][0]: (link["source"][1], link["target"]) for link in links}
    # Six of the first, and two of Factor's own: the final rate is the same, so it is shared.
    sliders = [child for child in box.children if child is not chart(box)]
    assert len(sliders) == len(links) == 1 + 6 + 2
    for control in sliders:
        trait, (owner, target) = ends[f"IPY_MODEL_{control.model_id}"]
        assert owner == f"IPY_MODEL_{chart(box).model_id}"
        assert getattr(control, trait) == getattr(chart(box), target)


def test_the_text_is_the_call_and_the_picture_is_the_same_in_every_run():
    schedule = Warmup(Cosine(0.3, 0.01, 15), 5)
    assert repr(panel(schedule)) == f"panel({schedule!r})"
    first, second = (panel(schedule)._repr_mimebundle_() for _ in range(2))
    assert first["text/plain"] == second["text/plain"]
    assert first["image/png"] == second["image/png"]
    assert first["image/png"] != panel(Constant(0.3))._repr_mimebundle_()["image/png"]


@pytest.mark.parametrize(
    "schedule",
    [
        0.3,
        Schedule,
        Cosine,
        Schedule(),
        Warmup(Warmup(Constant(0.3), 5), 5),
        Warmup(Triangular(0.03, 0.3, 5), 5),
        Warmup(OneCycle(0.01, 0.3, 0.001, 9, 21), 5),
    ],
    ids=repr,
)
def test_what_the_browser_cannot_draw_is_refused(schedule):
    with pytest.raises(TypeError, match="panel: "):
        panel(schedule)


def test_no_schedule_is_refused():
    with pytest.raises(TypeError, match="at least one"):
        panel()


@pytest.mark.parametrize("schedule", [Cosine(0.3, 0, 20), Constant(5), MultiFactor(1, (40,), 0.1)])
def test_a_value_outside_its_slider_is_refused(schedule):
    with pytest.raises(ValueError, match=r"must be in \[.*\], the range of its slider, not"):
        panel(schedule)


def test_importing_panels_leaves_mxnet_alone():
    code = "import sys, lrbook.live; sys.exit('mxnet' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)
