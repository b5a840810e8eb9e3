"""The page's engine in a real browser, without a page around it: the same bits as in Node."""

import json
import shutil

import pytest

from lrbook.runs import store
from lrbook.training.data import SUBSET_FOLDER
from tests.book import ROOT
from tests.browser.conftest import new_context
from tests.test_engine import PAGE_RUNS, setting_of

# Tell a worker to start; return all it answers until it has the record or a problem.
TRAIN = """(setting) => new Promise((resolve, reject) => {
  const worker = new Worker("worker.js"), answers = [];
  worker.onerror = ({ message }) => reject(new Error(message));
  worker.onmessage = ({ data }) => {
    answers.push(data);
    if ("record" in data || "problem" in data) resolve(answers);
  };
  const data = new URL("./", location.href).href;
  worker.postMessage({ do: "start", data, momentum: 0, ...setting });
})"""


def put_engine(folder):
    """Put the worker and its images into a folder, with an empty page; return the folder."""
    shutil.copy(ROOT / "lrbook/live/bundles/worker.js", folder)
    for file in SUBSET_FOLDER.glob("*.gz"):
        shutil.copy(file, folder)
    (folder / "index.html").write_text("<!doctype html><title>Engine</title>")
    return folder


@pytest.fixture(scope="module")
def page(tmp_path_factory, serve, browser):
    folder = put_engine(tmp_path_factory.mktemp("engine"))
    context = new_context(browser)
    page = context.new_page()
    page.goto(f"{serve(folder)}/index.html")
    yield page
    context.close()


def test_a_recorded_run_is_repeated_to_the_last_digit(page):
    epochs = 2
    for run in store.read(PAGE_RUNS):
        setting = setting_of(run["experiment"], epochs)
        record = page.evaluate(TRAIN, json.loads(json.dumps(setting)))[-1]["record"]
        for name in ("train_loss", "train_acc", "test_acc", "lr_start", "lr_end"):
            assert record[name] == run[name][:epochs], name


def test_a_browser_without_simd_is_told_so(page):
    lacking = TRAIN.replace(
        'new Worker("worker.js")',
        "new Worker(URL.createObjectURL(new Blob([`WebAssembly.validate = () => false;"
        'importScripts("${new URL("worker.js", location.href)}")`])))',
    )
    answers = page.evaluate(lacking, {"kind": "Constant", "p": {"base_lr": 0.1}, "seed": 0})
    assert answers[-1]["problem"] == "this browser has no WebAssembly SIMD"
