"""Questions on the built site: committed to or not, by hand, by keyboard, kept, printed."""

import json

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.book import ASKS, chapters
from tests.browser.conftest import DESKTOP, PHONE, new_context

ASKING = [path.stem for path in chapters() if ASKS.search(path.read_text("utf-8"))]
every_kind = pytest.mark.parametrize(
    ("name", "kind"), [("introduction", "choose"), ("introduction", "number"), ("cosine", "sketch")]
)


class Asked:
    """The first question of a kind on a page, and its answer."""

    def __init__(self, page, kind):
        self.page = page
        self.form = page.locator(f".prediction[data-kind={kind}]").first
        self.answer = self.form.locator("xpath=following-sibling::*[1]")
        self.said = self.form.get_by_role("status")
        self.question = json.loads(self.form.get_attribute("data-question"))

    def press(self, name):
        self.form.get_by_role("button", name=name).click()

    def value(self, i):
        return float(self.form.locator("input").nth(i).input_value())


def test_the_right_choice_opens_the_answer(show):
    page, problems = show("introduction")
    asked = Asked(page, "choose")
    assert not asked.answer.locator("img").first.is_visible()
    asked.form.get_by_role("radio").nth(asked.question["answer"]).check()
    asked.press("Commit")
    expect(asked.said).to_contain_text("Right. ")
    expect(asked.answer.locator("img.only-light").first).to_be_visible()
    expect(asked.answer).to_be_focused()
    assert asked.form.get_by_role("radio").first.is_disabled()
    assert problems == []


def test_a_wrong_choice_hears_why_and_what_is_right(show):
    page, _ = show("introduction")
    asked = Asked(page, "choose")
    reasons = asked.form.locator(".prediction-why span").all_text_contents()
    right = asked.question["answer"]
    wrong = (right + 1) % len(reasons)
    asked.form.get_by_role("radio").nth(wrong).check()
    asked.press("Commit")
    for reason in (reasons[wrong], reasons[right]):
        expect(asked.said).to_contain_text(reason)
    expect(asked.answer).to_be_focused()


@every_kind
def test_show_me_opens_the_answer_of_every_kind(show, name, kind):
    page, _ = show(name)
    asked = Asked(page, kind)
    expect(asked.answer).to_have_attribute("hidden", "until-found")
    asked.press("Show me")
    assert asked.answer.get_attribute("hidden") is None
    expect(asked.said).to_contain_text("The curve: " if kind == "sketch" else " is ")
    expect(asked.answer).to_be_focused()


@every_kind
def test_nothing_is_no_answer(show, name, kind):
    page, _ = show(name)
    asked = Asked(page, kind)
    asked.press("Commit")
    expect(asked.said).to_contain_text("first, or press")
    expect(asked.answer).to_have_attribute("hidden", "until-found")


def test_a_choice_by_keyboard(show):
    page, _ = show("introduction")
    asked = Asked(page, "choose")
    asked.form.get_by_role("radio").first.focus()
    for key in ("ArrowDown", "Tab", "Enter"):
        page.keyboard.press(key)
    expect(asked.form.get_by_role("radio").nth(1)).to_be_checked()
    expect(asked.said).not_to_be_empty()
    expect(asked.answer).to_be_focused()
    # On to what the answer holds, and back to the question.
    page.keyboard.press("Shift+Tab")
    expect(asked.form.get_by_role("button", name="Remove my answer")).to_be_focused()


def test_a_number_by_keyboard(show):
    page, _ = show("introduction")
    asked = Asked(page, "number")
    slider = asked.form.get_by_role("slider")
    value = asked.form.locator(".prediction-value")
    # Its place says nothing of the answer until the reader moves it.
    assert (slider.input_value(), value.text_content()) == ("0", "?")
    slider.focus()
    for key in ("ArrowRight", "Home", "ArrowRight", "Tab", "Enter"):
        page.keyboard.press(key)
    stop = asked.question["stops"][1]
    assert value.text_content() == stop
    assert slider.get_attribute("aria-valuetext") == stop
    expect(asked.said).to_contain_text(f"You said {stop}, and it is {asked.question['answer']}.")


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_a_line_drawn_with_a_pointer_is_compared(show, viewport):
    page, problems = show("cosine", viewport=viewport)
    asked = Asked(page, "sketch")
    axes = asked.form.locator("svg")
    axes.evaluate("axes => axes.scrollIntoView({ block: 'center', behavior: 'instant' })")
    box, frame = axes.bounding_box(), asked.question["frame"]
    zoom = box["width"] / frame["width"]
    # One stroke from the upper left to the lower right corner of the axes.
    for i, (x, y) in enumerate(((frame["left"], frame["upper"]), (frame["right"], frame["lower"]))):
        page.mouse.move(box["x"] + zoom * x, box["y"] + zoom * y)
        page.mouse.up() if i else page.mouse.down()
    low, high = asked.question["limits"]
    count = asked.form.locator("input").count()
    for i in range(count):
        expected = high + (low - high) * i / (count - 1)
        assert asked.value(i) == pytest.approx(expected, abs=0.02 * (high - low))
    drawn = axes.locator(".mine").get_attribute("d")
    asked.press("Commit")
    expect(asked.said).to_contain_text("Your line is off by ")
    expect(asked.said).to_contain_text("Farthest at epoch ")
    expect(axes.locator(".truth")).to_be_visible()
    expect(axes.locator(".mine")).to_be_visible()
    assert axes.locator(".mine").get_attribute("d") == drawn
    assert problems == []


def test_a_finger_can_pull_a_point_and_scroll_past(show):
    page, _ = show("cosine", viewport=PHONE, has_touch=True)
    asked = Asked(page, "sketch")
    styles = asked.form.locator("svg, .reach").evaluate_all(
        "all => all.map((e) => getComputedStyle(e).touchAction)"
    )
    assert styles[0] == "pan-y" and set(styles[1:]) == {"none"}
    widths = asked.form.locator(".reach").evaluate_all(
        "all => all.map((e) => e.getBoundingClientRect().width)"
    )
    # They overlap their neighbours' when there are many: none is smaller than a finger.
    assert min(widths) >= 35


def test_a_line_drawn_by_keyboard_is_compared(show):
    page, _ = show("cosine")
    asked = Asked(page, "sketch")
    sliders = asked.form.get_by_role("slider")
    low, high = asked.question["limits"]
    sliders.first.focus()
    page.keyboard.press("End")
    for _ in range(1, sliders.count()):
        page.keyboard.press("Tab")
        page.keyboard.press("Home")
    assert [asked.value(i) for i in range(sliders.count())] == [high] + [low] * (
        sliders.count() - 1
    )
    expect(asked.form.locator(".dot.focused")).to_have_count(1)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(asked.said).to_contain_text("Your line is off by ")
    expect(asked.answer).to_be_focused()


_HEIGHTS = "[...document.querySelectorAll('.prediction')].map((form) => form.offsetHeight)"


@pytest.mark.parametrize(("name", "kind"), [("introduction", "number"), ("cosine", "sketch")])
def test_an_answer_is_kept_until_it_is_removed(show, name, kind):
    page, problems = show(name)
    asked = Asked(page, kind)
    asked.form.get_by_role("slider").first.press("End")
    asked.press("Commit")
    expect(asked.said).not_to_be_empty()
    said, value = asked.said.text_content(), asked.value(0)
    page.add_init_script(
        f"addEventListener('DOMContentLoaded', () => {{ globalThis.early = {_HEIGHTS} }});"
    )
    page.reload()
    expect(asked.said).to_have_text(said)
    assert asked.value(0) == value
    assert asked.answer.get_attribute("hidden") is None
    # It had all of that before anything else on the page ran: nothing moves by it.
    assert page.evaluate(_HEIGHTS) == page.evaluate("globalThis.early")

    asked.press("Remove my answer")
    expect(asked.answer).to_have_attribute("hidden", "until-found")
    expect(asked.form.get_by_role("slider").first).to_be_focused()
    page.reload()
    expect(asked.answer).to_have_attribute("hidden", "until-found")
    expect(asked.said).to_be_empty()
    assert asked.value(0) != value
    assert problems == []


def test_a_browser_that_keeps_nothing_says_so(show):
    page, problems = show("introduction")
    page.evaluate("() => { Storage.prototype.setItem = () => { throw new Error('full') } }")
    asked = Asked(page, "choose")
    asked.press("Show me")
    expect(asked.said).to_contain_text("doesn't keep your answer")
    assert problems == []


def test_the_answer_is_never_seen_before(address, browser):
    """It is hidden while the page is read: what comes after it is not there yet."""
    context = new_context(browser, viewport=DESKTOP)
    page = context.new_page()
    page.add_init_script(
        """new MutationObserver(() => {
            for (const answer of document.querySelectorAll(".prediction-answer")) {
                if (!answer.hidden && answer.querySelector("p, pre, img")) globalThis.seen = true;
            }
        }).observe(document, { childList: true, subtree: true });"""
    )
    page.goto(f"{address}/notebooks/introduction.html")
    assert page.locator(".prediction-answer[hidden]").count() > 3
    assert page.evaluate("globalThis.seen") is None
    context.close()


@pytest.mark.parametrize("name", ASKING)
def test_without_scripts_all_is_shown(address, browser, name):
    context = new_context(browser, viewport=PHONE, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}/notebooks/{name}.html")
    answers, reasons = page.locator(".prediction-answer"), page.locator(".prediction-why")
    assert answers.count() == page.locator(".prediction:not(.prediction-check)").count()
    for i in range(answers.count()):
        assert answers.nth(i).bounding_box()["height"] > 40
    assert reasons.count() and all(reason.is_visible() for reason in reasons.all())
    assert not page.locator(".prediction button").filter(visible=True).count()
    context.close()


def test_in_print_all_is_shown(show):
    page, _ = show("cosine")
    page.emulate_media(media="print")
    for text in page.locator(".prediction-answer p, .prediction-why").all():
        assert text.evaluate("e => e.checkVisibility() && e.getClientRects().length > 0")
    expect(page.locator(".prediction .truth")).to_be_visible()
    assert not page.locator(".prediction button").filter(visible=True).count()


def test_a_link_into_an_answer_opens_it(show):
    page, _ = show("cosine")
    asked = Asked(page, "sketch")
    # The copy button's theme numbers the code cells: these are addresses.
    cell = asked.answer.locator("pre[id]").first
    page.evaluate("id => { location.hash = id }", cell.get_attribute("id"))
    expect(cell).to_be_in_viewport()
    expect(asked.said).to_contain_text("The curve: ")
    # It was no choice of the reader's.
    page.evaluate("history.replaceState(null, '', location.pathname)")
    page.reload()
    expect(asked.answer).to_have_attribute("hidden", "until-found")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", ["introduction", "cosine"])
def test_questions_are_accessible(show, name, theme):
    page, _ = show(name, color_scheme=theme)
    for committed in (False, True):
        if committed:
            page.locator(".prediction-show").evaluate_all("all => all.forEach((b) => b.click())")
            assert not page.locator(".prediction-answer[hidden]").count()
        found = Axe().run(page, context=".prediction").response["violations"]
        assert [violation["id"] for violation in found] == []


@pytest.mark.parametrize("name", ASKING)
def test_questions_fit_a_phone_and_a_finger(show, name):
    page, _ = show(name, viewport={"width": 358, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    heights = (
        page.locator(".prediction :is(button, label)")
        .filter(visible=True)
        .evaluate_all("all => all.map((e) => e.getBoundingClientRect().height)")
    )
    assert heights and min(heights) >= 44
    boxes = page.locator(".prediction").evaluate_all(
        "all => all.filter((e) => e.scrollWidth > e.clientWidth).length"
    )
    assert boxes == 0
