"""The kernel's side of a panel, without a browser: what a chart is told."""

import pytest

from lrbook.live import atlas
from lrbook.live.kernel import KEPT, Assistant
from lrbook.runs import store
from lrbook.training import data
from tests.book import ROOT


class Chart:
    """Takes the place of a widget: keeps what it is sent."""

    def __init__(self):
        self.sent = []

    def on_msg(self, answer):
        self.hear = lambda message: answer(self, message, [])
        self.ask = lambda **message: self.hear(message)

    def send(self, message, buffers=()):
        self.sent.append(message)
        self.buffers = buffers


@pytest.fixture
def chart(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("LRBOOK_SMOKE", raising=False)
    chart = Chart()
    chart.assistant = Assistant(chart)
    return chart


def train(chart, kind, **p):
    """Train to the end; return the last message with a run."""
    chart.ask(ask="train", kind=kind, p=p)
    chart.assistant.follower.join()
    return [message for message in chart.sent if "run" in message][-1]


def test_it_sends_the_atlas(chart):
    chart.ask(ask="runs")
    assert chart.sent == [{"runs": atlas.page_data(store.read(atlas.PATH))}]


def test_a_seed_is_trained_that_is_not_recorded(chart):
    seeds = {
        run["seed"]
        for run in store.read(atlas.PATH)
        if run["experiment"]["policy"] == "constant" and run["experiment"]["base_lr"] == 2
    }
    assert train(chart, "Constant", base_lr=2)["run"]["seed"] == max(seeds) + 1


def test_a_dead_run_is_a_result_and_can_be_kept_once(chart):
    last = train(chart, "Constant", base_lr=3)  # which no recorded run has
    assert last["run"]["seed"] == 0
    assert last["state"] == "whole" and last["run"]["died"] == 1
    chart.ask(ask="keep")
    chart.ask(ask="keep")
    (kept,) = store.read(KEPT)
    assert kept["experiment"]["base_lr"] == 3
    assert train(chart, "Constant", base_lr=3)["run"]["seed"] == 1


def test_a_warmup_is_trained_when_it_has_a_duration(chart):
    setting = {"base_lr": 3.0, "duration": 0, "start_lr": 0, "mode": "linear"}
    train(chart, "Constant", **setting)
    chart.ask(ask="keep")
    train(chart, "Constant", **{**setting, "duration": 0.5, "start_lr": 3})
    chart.ask(ask="keep")
    plain, warmed = store.read(KEPT)
    assert "warmup" not in plain["experiment"]
    assert warmed["experiment"]["warmup"] == {"duration": 0.5, "start_lr": 3.0, "mode": "linear"}


def test_what_is_no_schedule_is_said(chart):
    chart.ask(ask="train", kind="MultiFactor", p={"base_lr": 1, "milestones": [5, 5], "factor": 1})
    chart.assistant.follower.join()
    assert "milestones must be" in chart.sent[-1]["problem"]
    assert chart.sent[-1]["state"] == "idle"


@pytest.mark.parametrize(
    "message",
    [
        *(None, 3, "train", [], ["ask"], {}, {"ask": None}, {"ask": ["train"]}, {"ask": "sing"}),
        {"ask": "train"},
        {"ask": "train", "kind": "Constant"},
        {"ask": "train", "p": {"base_lr": 0.3}},
        {"ask": "train", "kind": "Warmup", "p": {"duration": 5}},
        {"ask": "train", "kind": ["Constant"], "p": {"base_lr": 0.3}},
        {"ask": "train", "kind": "Constant", "p": [0.3]},
        {"ask": "train", "kind": "Constant", "p": None},
        {"ask": "x" * 10**6},
    ],
    ids=lambda message: repr(message)[:60],
)
def test_a_message_that_makes_no_sense_is_said(chart, message):
    chart.hear(message)
    (answer,) = chart.sent
    assert answer["state"] == "idle"
    assert "can't answer" in answer["problem"] and len(answer["problem"]) < 300
    assert chart.assistant.follower is None


def test_without_mxnet_it_says_what_is_missing(chart, tmp_path, monkeypatch):
    (tmp_path / "mxnet.py").write_text("raise ImportError('no wheel')")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    chart.ask(ask="train", kind="Constant", p={"base_lr": 0.3})
    chart.assistant.follower.join()
    assert "no wheel" in chart.sent[-1]["problem"] or "MXNet" in chart.sent[-1]["problem"]


def test_a_stopped_run_is_not_kept(chart):
    chart.ask(ask="train", kind="Constant", p={"base_lr": 0.01})
    chart.ask(ask="stop")
    chart.assistant.follower.join()
    assert chart.sent[-1] == {"words": "Stopped before the end.", "state": "idle"}
    chart.ask(ask="keep")
    assert not KEPT.exists()


def test_a_damaged_store_is_said(chart):
    KEPT.write_text("not a run\n")
    chart.ask(ask="runs")
    assert f"{KEPT}, line 1" in chart.sent[-1]["problem"]


def test_it_hands_over_the_engine_and_the_images(chart):
    chart.ask(ask="engine")
    (said,) = chart.sent
    assert said["engine"] == (ROOT / "lrbook/live/bundles/worker.js").read_text("utf-8")
    sent = dict(zip(said["files"], chart.buffers, strict=True))
    folder = data.SUBSET_FOLDER
    assert sent == {name: (folder / name).read_bytes() for name in data.SHA256["subset"]}
