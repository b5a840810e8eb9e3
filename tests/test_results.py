"""The results page from simulated runs: complete, incomplete, and none."""

import re
import sys

import numpy as np
import pytest

from lrbook.findings import survival
from lrbook.findings.questions import NOT_RUN
from lrbook.runs import plan, store
from tests import simulated
from tests.book import ROOT

sys.path.insert(0, str(ROOT / "book" / "_ext"))

import results
import results_data
import results_figures
import results_tables
from results_text import phrase

PAGES = [*(ROOT / "book").glob("*.md")]
FIGURES = [(name,) for name in results.FIGURES if name != "arms"]
FIGURES += [("arms", "test_acc"), ("arms", "train_loss")]


def read(tmp_path_factory, name, share):
    return results_data.read(str(simulated.folder(tmp_path_factory.mktemp(name), share)))


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    return read(tmp_path_factory, "whole", 1)


@pytest.fixture(scope="module")
def part(tmp_path_factory):
    """All arms but with some seeds missing, half of the rates, most of the deaths."""
    return read(tmp_path_factory, "part", {"study": 0.97, "rates": 0.5, "survival": 0.99})


@pytest.fixture(scope="module")
def none(tmp_path_factory):
    return read(tmp_path_factory, "none", 0)


@pytest.fixture(params=["whole", "part", "none"])
def data(request):
    return request.getfixturevalue(request.param)


def asked():
    """Return what the pages ask, as their roles do."""
    return {text for page in PAGES for text in re.findall(r"{study}`([^`]+)`", page.read_text())}


# Only what is complete is told


def test_an_incomplete_arm_is_nowhere(part):
    incomplete = part.study.index[part.study.recorded < part.study.planned]
    assert len(incomplete) and not {*part.runs.arm} & {*incomplete}
    for answer in part.answers.itertuples():
        waits = {answer.first, answer.second} - {*part.runs.arm}
        assert (answer.verdict == NOT_RUN) == bool(waits)
        if waits:
            assert np.isnan([answer.difference, answer.low, answer.high]).all()
            assert "recorded" in phrase(part, f"verdict: {answer.name}")
    for name, (_, table) in results_tables.DOWNLOADS.items():
        if name != "study_answers.csv":
            told = table(part).filter(["arm", "first", "second"]).values.flat
            assert not {*told} & {*incomplete}, name
    assert phrase(part, f"test_acc: {incomplete[0]}").endswith(
        "of\N{NO-BREAK SPACE}20 seeds recorded"
    )


def test_the_real_study_tells_nothing_of_its_incomplete_arms():
    real = results_data.read(str(ROOT))
    complete = real.study.index[real.study.recorded == real.study.planned]
    assert {*real.runs.arm} == {*complete}
    assert len(real.runs) == real.study.planned[complete].sum()


def test_a_setting_of_deaths_that_lacks_a_seed_is_nowhere(part):
    lacking = part.settings.index[part.settings.recorded < part.settings.planned]
    told = {tuple(setting) for setting in part.deaths[survival.SETTING].values}
    assert len(lacking) and told and not told & {*lacking}
    name, base_lr, warmup = lacking[0]
    assert "29" in phrase(part, f"dead: {name} {base_lr:g} warmup {warmup:g}")


def test_a_schedule_s_rate_is_chosen_from_its_whole_grid(part, whole):
    assert part.chosen.empty and part.rate_runs.empty
    assert phrase(part, "rate: cosine").endswith("runs recorded")
    assert phrase(part, "verdict: tuned decay").startswith("its base rates are being chosen")
    assert phrase(whole, "rate: cosine").startswith(f"{whole.chosen.base_lr['cosine']:g}")


def test_questions_at_tuned_rates_are_asked_of_the_arms_that_they_are(whole):
    tuned = next(q for q in whole.questions if q.name == "tuned decay")
    assert (tuned.first, tuned.second) == ("cosine 0.3, horizon 20", "constant 0.3")
    assert "the same runs as *decay*" in results_tables.answers(whole)


def test_a_tuned_rate_that_the_study_lacks_is_said(whole):
    chosen = whole.chosen.copy()
    chosen.loc["cosine", "base_lr"] = 0.7
    answers = whole.answers.copy()
    row = answers.name == "tuned decay"
    answers.loc[row, ["first", "verdict"]] = ["cosine, tuned", NOT_RUN]
    changed = whole._replace(chosen=chosen, answers=answers)
    assert phrase(changed, "verdict: tuned decay") == "cosine from 0.7: not run yet"
    chosen.loc["cosine", "base_lr"] = np.nan
    assert "lets every seed of cosine live" in phrase(changed, "verdict: tuned decay")


# What is told


def test_every_question_of_every_page_is_answered(data):
    assert len(asked()) > 30
    for text in asked():
        assert phrase(data, text), text


@pytest.mark.parametrize(
    "nonsense",
    [
        "losses",
        "verdict: best",
        "test_acc: cosine",
        "rate: cosine 0.3",
        "dead: subset 0.5",
        "dead: subset 0.45 warmup 5",
        "when: subset 0.45 warmup 5",
        "half: subset warmup 3",
        "half: subset",
        "mxnet test_acc: cosine 0.3",
        "loss: constant 0.3",
    ],
)
def test_nonsense_is_named(data, nonsense):
    with pytest.raises(ValueError, match=r"is none of|is no setting"):
        phrase(data, nonsense)


def test_each_verdict_has_its_words(whole):
    said = {"higher": "higher, by 0.", "lower": "lower, by 0.", "same": "the same within 0.005 ("}
    said["undecided"] = "undecided, "
    assert {*whole.answers.verdict} == {*said}
    for answer in whole.answers.itertuples():
        assert phrase(whole, f"verdict: {answer.name}").startswith(said[answer.verdict])


def test_a_verdict_without_enough_living_pairs(whole):
    answers = whole.answers.copy()
    answers.loc[0, ["pairs", "dead", "low", "high", "verdict"]] = [
        2,
        18,
        np.nan,
        np.nan,
        "undecided",
    ]
    changed = whole._replace(answers=answers)
    assert phrase(changed, "verdict: decay") == "undecided: only 2 of 20 pairs live"


def test_a_number_of_a_sentence_is_the_runs(whole):
    runs = whole.runs[(whole.runs.arm == "constant 0.3") & ~whole.runs.dead]
    mean, sd = phrase(whole, "test_acc: constant 0.3").split(
        "\N{NO-BREAK SPACE}±\N{NO-BREAK SPACE}"
    )
    assert mean == f"{runs.test_acc.mean():.3f}" and sd == f"{runs.test_acc.std():.3f}"
    counts = survival.deaths(whole.deaths).set_index(survival.SETTING).loc["subset", 0.5, 0.0]
    assert phrase(whole, "dead: subset 0.5 warmup 0").split() == [f"{counts.dead:.0f}", "of", "30"]
    died = whole.deaths.set_index(survival.SETTING).died.sort_index().loc["subset", 0.5, 0.0]
    assert phrase(whole, "when: subset 0.5 warmup 0") == f"epochs {died.min()} to {died.max()}"
    half = survival.half_rates(whole.deaths).set_index("warmup").half[5.0]
    assert phrase(whole, "half: subset warmup 5").startswith(f"{half:.2f} (")


def test_a_warmup_that_helps_and_one_that_doesn_t(whole):
    assert phrase(whole, "warmup at 0.5").startswith("more live with it (+")
    deaths = whole.deaths.copy()
    deaths.loc[deaths.data == "full", "died"] = 1
    undecided = phrase(whole._replace(deaths=deaths), "warmup at 0.5")
    assert undecided.startswith("undecided (+0 points, \N{MINUS SIGN}11 to +11")


@pytest.mark.parametrize("name", results_tables.TABLES)
def test_every_table_can_be_made(data, name):
    table = results_tables.TABLES[name](data)
    assert table and "nan" not in table.lower()
    lines = [line for line in table.splitlines() if line.startswith("|")]
    assert len({line.count("|") for line in lines}) <= 1


def test_other_pairs_have_no_verdict_and_planned_ones_are_not_among_them(whole):
    table = results_tables.others(whole)
    assert table.count("\n") == 2 + 36 - 9  # nine arms, of whose pairs nine are planned
    assert not any(word in table for word in ("higher", "lower", "same", "undecided"))


def advice():
    """Return the numbered and the dotted lines of the page that tells which schedule to use."""
    text = (ROOT / "book" / "which_schedule.md").read_text("utf-8").split("## What would change")[0]
    return re.findall(r"^(?:\d\.|-) .*", text, re.MULTILINE)


@pytest.mark.parametrize("line", advice(), ids=lambda line: re.sub(r"\W+", " ", line)[:30].strip())
def test_advice_is_measured_here_or_cited_and_says_which(line):
    parts = re.split(r"(?=\*\*(?:Measured|Cited)\*\*)", line)[1:]
    assert parts
    for part in parts:
        if part.startswith("**Cited**"):
            assert "{cite:p}`" in part and "{study}`" not in part
        else:
            assert "{study}`" in part or "](../notebooks/" in part
    typed = re.sub(r"{study}`[^`]+`", "", line)
    assert not re.search(r"\d+ of \d+|\d\.\d\d", typed)


# Figures


@pytest.mark.parametrize("name", FIGURES, ids="-".join)
def test_a_figure_is_the_same_file_every_time_and_says_what_it_shows(data, name, tmp_path):
    draw, alt, progress = results.FIGURES[name[0]]
    files = [tmp_path / "a.svg", tmp_path / "b.svg"]
    drawn = [results_figures.draw(file, draw, data, *name[1:]) for file in files]
    if drawn[0]:
        assert files[0].read_bytes() == files[1].read_bytes()
        assert len(alt(data, *name[1:])) > 60
        assert "nan" not in alt(data, *name[1:])
    else:
        assert "of" in phrase(data, progress) and not files[0].exists()


def test_every_figure_is_drawn_once_all_is_complete(whole, tmp_path):
    for name in FIGURES:
        assert results_figures.draw(
            tmp_path / "a.svg", results.FIGURES[name[0]][0], whole, *name[1:]
        )


def test_the_pairs_are_drawn_as_dots(whole):
    figure = results_figures.answers(whole)
    rows = [line for line in figure.axes[0].lines if line.get_marker() == "o"]
    assert len(rows) == 11
    first = whole.answers.iloc[0]
    values = results_figures.differences(whole.runs, first["first"], first["second"])
    np.testing.assert_allclose(rows[0].get_xdata(), values)
    assert len(values) == first["pairs"] and values.mean() == pytest.approx(first["difference"])


def test_as_coded_runs_are_all_there():
    recorded = [run["experiment"] for run in store.read(store.RUNS / "as_coded.jsonl")]
    planned = [e.to_dict() for e in plan.read(store.RUNS / "as_coded.toml")]
    assert sorted(map(str, recorded)) == sorted(map(str, planned))


# What the page says of its figures


def test_the_order_of_the_arms_is_as_the_page_says():
    arms = results_data.read(str(ROOT)).runs.query("not dead").groupby("arm")
    accuracy, loss = arms.test_acc.mean(), arms.train_loss.mean()
    assert (accuracy.idxmax(), accuracy.idxmin()) == ("warmup, cosine 0.3", "constant 0.3")
    assert arms.test_acc.std().idxmin() == "warmup, cosine 0.3"
    assert list(loss.sort_values().index[:2]) == ["cosine 0.3, horizon 30", "constant 0.3"]


def test_the_warmup_has_the_highest_best_rate_as_the_page_says():
    best = results_data.read(str(ROOT)).chosen.base_lr
    assert best.drop("warmup, cosine").max() < best["warmup, cosine"]
