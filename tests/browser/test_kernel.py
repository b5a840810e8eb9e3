"""A panel and a question in JupyterLab, with a kernel."""

import contextlib
import os
import subprocess
import sys
import tempfile
import time
import urllib.request

import nbformat
import pytest
from playwright.sync_api import expect

from lrbook.runs import store
from tests.book import ROOT
from tests.browser.conftest import DESKTOP, PATIENCE, new_context

pytestmark = pytest.mark.xdist_group("lab")  # which is started once
CELL = "from lrbook.live import panel\nfrom lrbook.schedules import Constant\npanel(Constant(0.3))"
QUESTION = """from lrbook.live import predict
predict.choose("Does it live?", {"yes": "It did.", "no": "It didn't."}, answer="no")"""
CHECK = """from lrbook.live import check
check.number("How many?", 1170, 0, otherwise="Five epochs.", mistakes={234: "One epoch."})"""
KERNEL = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """A running JupyterLab: its address, and the folder that it shows."""
    folder = tmp_path_factory.mktemp("lab")
    for name, source in (("panel", CELL), ("question", QUESTION), ("check", CHECK)):
        cells = [nbformat.v4.new_code_cell(source)]
        notebook = nbformat.v4.new_notebook(cells=cells, metadata=KERNEL)
        nbformat.write(notebook, folder / f"{name}.ipynb")
    options = ["--no-browser", "--ServerApp.token=", "--ServerApp.port=0", "--allow-root"]
    options += ["--ServerApp.ip=127.0.0.1", f"--ServerApp.root_dir={folder}"]
    options += ["--KernelManager.transport=ipc"]  # as in lrbook.making.kernels
    env = {**os.environ, "JUPYTER_CONFIG_DIR": str(folder / ".config"), "PYTHONPATH": str(ROOT)}
    env.pop("LRBOOK_SMOKE", None)
    # The kernel's sockets lie here, and their paths must be short.
    with tempfile.TemporaryDirectory() as runtime, (folder / "log").open("w") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "jupyterlab", *options],
            cwd=folder,
            env={**env, "JUPYTER_RUNTIME_DIR": runtime},
            stderr=log,
        )
        try:
            yield _address(server, folder / "log"), folder
        finally:
            server.terminate()
            server.wait()


def _address(server, log):
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        assert server.poll() is None, log.read_text()
        for line in log.read_text().splitlines():
            if "http://127.0.0.1:" in line:
                address = line[line.index("http://") :].split("/lab")[0]
                with contextlib.suppress(OSError):
                    urllib.request.urlopen(f"{address}/api")
                    return address
        time.sleep(0.2)
    raise TimeoutError(log.read_text())


def run_cell(page, address, name):
    # In a workspace of its own: a shared one opens what another page had open.
    page.goto(f"{address}/lab/workspaces/{name}/tree/{name}.ipynb")
    page.get_by_text("| Idle").wait_for()  # the kernel
    page.locator(".jp-Notebook .jp-CodeCell .cm-content").click()
    page.keyboard.press("Shift+Enter")


@pytest.fixture(scope="module")
def page(lab, browser):
    context = new_context(browser, viewport=DESKTOP)
    page = context.new_page()
    run_cell(page, lab[0], "panel")
    page.wait_for_selector(".lr-runs .run")
    yield page
    context.close()


def test_the_kernel_sends_the_recorded_runs(page):
    page.locator(".lr-words p").filter(has_text="is recorded: ").wait_for()
    assert page.locator(".lr-train").is_visible()


def test_a_run_is_trained_drawn_stopped_and_kept(page, lab):
    train, stop, keep = (
        page.get_by_role("button", name=name) for name in ("Train this", "Stop", "Keep this run")
    )
    status = page.locator(".lr-train [role=status]")
    train.click()
    page.wait_for_selector(".lr-runs .run.mine")
    stop.click()
    page.wait_for_function(
        "() => document.querySelector('.lr-train').textContent.includes('Stopped')"
    )
    assert not keep.is_visible()

    # At the largest rate it is dead after an epoch.
    page.locator(".lr-base_lr .noUi-handle").press("End")
    train.click()
    keep.wait_for()
    expect(status).to_contain_text("It died after epoch 1")
    assert page.locator(".lr-runs .cross.mine").count() == 2
    keep.click()
    status.filter(has_text="Kept").wait_for()
    (run,) = store.read(lab[1] / "kept_runs.jsonl")
    assert run["experiment"]["policy"] == "constant" and run["died"] == 1
    page.locator(".lr-words p").filter(has_text="This very setting is recorded: 1 seed").wait_for()
    assert page.locator(".lr-runs .run.thin.test").count() == 1


def test_the_page_trains_with_what_the_kernel_hands_over(page):
    # At a rate at which it lives, whatever the panel was left at.
    page.locator(".lr-base_lr .noUi-handle").press("Home")
    page.get_by_label("Train with").select_option("page")
    page.get_by_role("button", name="Train this").click()
    status = page.locator(".lr-train [role=status]")
    expect(status).to_contain_text("in this page")
    page.wait_for_selector(".lr-runs .run.mine")
    page.get_by_role("button", name="Stop").click()
    expect(status).to_contain_text("it can go on from here")


def test_a_question_is_asked_in_a_notebook(lab, browser):
    context = new_context(browser, viewport=DESKTOP)
    page = context.new_page()
    run_cell(page, lab[0], "question")
    form = page.locator(".prediction")
    form.get_by_role("radio", name="yes").check()
    page.keyboard.press("ArrowDown")  # JupyterLab's own key for the next cell
    expect(form.get_by_role("radio", name="no")).to_be_checked()
    form.get_by_role("button", name="Commit").click()
    expect(form.get_by_role("status")).to_have_text("Right. It didn't.")
    assert (
        page.locator(".jp-OutputArea .prediction").evaluate(
            "form => getComputedStyle(form).borderLeftWidth"
        )
        == "4px"
    )
    context.close()


def test_a_check_in_jupyterlab_may_be_tried_again(lab, browser):
    context = new_context(browser, viewport=DESKTOP)
    page = context.new_page()
    run_cell(page, lab[0], "check")
    form = page.locator(".prediction")
    field, said = form.get_by_role("textbox"), form.get_by_role("status")
    field.fill("234")
    field.press("Enter")  # which is JupyterLab's own key, too
    expect(said).to_have_text("234 is wrong. One epoch. Try again, or press “Show me”.")
    field.fill("")
    page.keyboard.type("1,170")
    form.get_by_role("button", name="Commit").click()
    expect(said).to_have_text("Right: it is 1,170. Five epochs.")
    context.close()
