"""Quick checks on the built site: answered right and wrong, again, by keyboard, kept, printed."""

import json

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.book import chapters
from tests.browser.conftest import PHONE, new_context

CHAPTERS = [path.stem for path in chapters()]
A_FEW = ["cosine", "warmup", "the_schedule_that_ran"]


class Check:
    """A check on a page."""

    def __init__(self, form):
        self.form = form
        self.kind = form.get_attribute("data-kind").removeprefix("check-")
        self.question = json.loads(form.get_attribute("data-question"))
        self.said = form.get_by_role("status")
        self.reasons = form.locator(".prediction-why span").all_text_contents()

    def button(self, name):
        return self.form.get_by_role("button", name=name)

    def commit(self, given):
        """Commit to the place of a choice, or to a typed number."""
        if self.kind == "choose":
            self.form.get_by_role("radio").nth(given).check()
        else:
            self.form.get_by_role("textbox").fill(str(given))
        self.button("Commit").click()

    @property
    def right(self):
        return self.question["answer"]

    @property
    def wrong(self):
        """Every wrong answer that has a reason of its own, with that."""
        if self.kind == "choose":
            return [(i, why) for i, why in enumerate(self.reasons) if i != self.right]
        otherwise, *reasons = self.reasons
        return [*zip(self.question["mistakes"], reasons, strict=True), (-987_654, otherwise)]


def checks(page):
    return [Check(form) for form in page.locator(".prediction-check").all()]


def the(kind, page):
    return next(check for check in checks(page) if check.kind == kind)


@pytest.mark.parametrize("name", CHAPTERS)
def test_every_check_is_answered_wrong_and_then_right(show, name):
    page, problems = show(name)
    asked = checks(page)
    assert len(asked) == 3
    for check in asked:
        for given, why in check.wrong:
            check.commit(given)
            expect(check.said).to_contain_text(f" is wrong. {why} Try again, or press “Show me”.")
            expect(check.button("Commit")).to_be_visible()
        check.commit(check.right)
        expect(check.said).to_contain_text("Right")
        expect(check.button("Commit")).to_be_hidden()
        expect(check.button("Show me")).to_be_hidden()
        # The button that had the focus is gone.
        expect(check.button("Remove my answer")).to_be_focused()
        assert check.form.locator("input").first.is_disabled()
    assert problems == []


@pytest.mark.parametrize("kind", ["choose", "number"])
def test_show_me_after_a_wrong_answer(show, kind):
    page, _ = show("cosine")
    check = the(kind, page)
    check.commit(check.wrong[0][0])
    check.button("Show me").click()
    expect(check.said).to_contain_text("is “" if kind == "choose" else "It is ")
    expect(check.button("Ask me again")).to_be_focused()
    check.button("Ask me again").click()
    expect(check.said).to_be_empty()
    expect(check.form.locator("input").first).to_be_focused()


@pytest.mark.parametrize("kind", ["choose", "number"])
def test_nothing_is_no_answer(show, kind):
    page, _ = show("cosine")
    check = the(kind, page)
    check.button("Commit").click()
    expect(check.said).to_contain_text("first, or press “Show me”.")
    expect(check.button("Remove my answer")).to_be_hidden()


def test_a_number_with_a_decimal_comma_is_right(show):
    page, _ = show("cosine")
    check = the("number", page)
    check.commit(f"{check.right:.3f}".replace(".", ","))
    expect(check.said).to_contain_text("Right: it is ")


def test_the_tolerance_is_part_of_the_field_s_name(show):
    page, _ = show("cosine")
    check = the("number", page)
    within = f"Your number within {check.question['tolerance']:g}"
    expect(check.form.get_by_role("textbox")).to_have_accessible_name(within)


def test_checks_by_keyboard(show):
    page, _ = show("cosine")
    number, choice = the("number", page), the("choose", page)
    number.form.get_by_role("textbox").focus()
    for given, words in ((number.wrong[0][0], " is wrong. "), (number.right, "Right: ")):
        page.keyboard.press("ControlOrMeta+A")
        page.keyboard.type(str(given))
        page.keyboard.press("Enter")
        expect(number.said).to_contain_text(words)
    # On to the next form, without a stop between the two.
    page.keyboard.press("Tab")
    expect(choice.form.get_by_role("radio").first).to_be_focused()
    page.keyboard.press("Space")
    for _ in range(choice.right):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(choice.said).to_contain_text("Right. ")


@pytest.mark.parametrize("right", [False, True], ids=["wrong", "right"])
@pytest.mark.parametrize("kind", ["choose", "number"])
def test_an_answer_is_kept_until_it_is_removed(show, kind, right):
    page, problems = show("cosine")
    check = the(kind, page)
    check.commit(check.right if right else check.wrong[0][0])
    said = check.said.text_content()
    page.reload()
    check = the(kind, page)
    expect(check.said).to_have_text(said)
    # Who was wrong may still try again.
    assert check.button("Commit").is_visible() is not right
    check.button("Remove my answer").click()
    expect(check.said).to_be_empty()
    page.reload()
    check = the(kind, page)
    expect(check.said).to_be_empty()
    assert not check.form.locator("input:checked").count()
    assert kind == "choose" or check.form.get_by_role("textbox").input_value() == ""
    assert problems == []


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", ["cosine", "warmup"])
def test_checks_are_accessible(show, name, theme):
    page, _ = show(name, color_scheme=theme)
    wrong, right, _ = checks(page)  # the third stays open
    wrong.commit(wrong.wrong[0][0])
    right.commit(right.right)
    expect(right.said).to_contain_text("Right")
    found = Axe().run(page, context="#check-yourself").response["violations"]
    assert [violation["id"] for violation in found] == []


@pytest.mark.parametrize("name", A_FEW)
def test_without_scripts_all_is_shown(address, browser, name):
    context = new_context(browser, viewport=PHONE, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}/notebooks/{name}.html")
    forms = page.locator(".prediction-check")
    assert forms.count() == 3
    for text in forms.locator("legend, .prediction-why").all():
        expect(text).to_be_visible()
    assert not forms.locator("button, input[type=text]").filter(visible=True).count()
    context.close()


def test_in_print_all_is_shown(show):
    page, _ = show("cosine")
    page.emulate_media(media="print")
    for text in page.locator(".prediction-check :is(legend, .prediction-why)").all():
        expect(text).to_be_visible()
    assert not page.locator(".prediction-check button").filter(visible=True).count()
