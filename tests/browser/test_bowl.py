"""The introduction's bowl on the built site: by hand, by keyboard, by touch, and with no motion."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.panels import come_near

SMALL = {"width": 1280, "height": 720}
STILL = {"reduced_motion": "reduce"}


@pytest.fixture(scope="module")
def address(address):
    return f"{address}/notebooks/introduction.html"


@pytest.fixture
def show(address, open_page):
    """A function that opens the page at the bowl, and returns the page and its problems."""

    def show(**options):
        page, problems = open_page(address, **({"viewport": DESKTOP} | options))
        page.locator(".panel-frame:has(.bowl)").evaluate("frame => frame.scrollIntoView()")
        page.wait_for_selector(".lr-bowl .rate", state="attached")
        expect(words(page)).not_to_be_empty()
        return page, problems

    return show


def words(page):
    return page.locator(".bowl-said")


def now(page):
    """Return where the run is: its update, and how many there are."""
    text = page.locator(".lr-bowl .now").text_content()
    return [int(word) for word in text.split() if word.isdigit()]


def press(page, name):
    page.locator(".lr-bowl").get_by_role("button", name=name).click()


def choose(page, name):
    """Press a sentence's button."""
    page.locator(".bowl-presets").get_by_text(name, exact=True).click()


def slider(page, name):
    return page.locator(".lr-bowl").get_by_role("slider", name=name, exact=True)


def ink(page, plot):
    """Return how many pixels of a plot's canvas are drawn on."""
    return page.locator(f".bowl-{plot} canvas").evaluate(
        """canvas => canvas.getContext("2d")
            .getImageData(0, 0, canvas.width, canvas.height).data
            .filter((value, i) => i % 4 === 3 && value > 0).length"""
    )


def starts_at(page):
    w1, w2 = (slider(page, f"start, {name}").input_value() for name in ("w₁", "w₂"))
    return float(w1), float(w2)


def handle(page):
    come_near(page)  # formulas above that come late would move it
    ring = page.locator(".bowl-start")
    # Far from the window's edges, where nothing scrolls to reach what is dragged.
    ring.evaluate("ring => ring.scrollIntoView({ block: 'center' })")
    ring.hover()  # once it stands still
    return middle(ring)


def middle(ring):
    box = ring.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_nothing_moves_before_its_reader_does_anything(show):
    page, problems = show()
    assert now(page) == [500, 500], "the whole run is there"
    expect(words(page)).to_contain_text("the mean of 200 runs is 0.07")
    expect(words(page)).to_contain_text("the floor 0.0763.")
    assert min(ink(page, "valley"), ink(page, "curves")) > 500
    assert page.locator(".bowl-curves .formula.total, .bowl-curves .formula.floor").count() == 2
    expect(page.locator(".bowl-bar button").first).to_have_text("Play")
    assert problems == []


def test_dragging_the_ring_moves_the_start_and_the_whole_path(show):
    page, _ = show()
    x, y = handle(page)
    before = page.locator(".bowl-curves .total").get_attribute("d")
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 150, y + 20, steps=4)
    assert now(page) == [500, 500]
    page.mouse.up()
    moved = starts_at(page)
    assert moved[0] < 2 and moved[1] < 1
    assert page.locator(".bowl-curves .total").get_attribute("d") != before
    there = middle(page.locator(".bowl-start"))
    assert abs(there[0] - x + 150) < 8 and abs(there[1] - y - 20) < 8, "it follows the hand"
    page.mouse.move(x, y)
    assert starts_at(page) == moved, "it was let go"


def test_a_start_stays_in_the_picture(show):
    page, _ = show()
    x, y = handle(page)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 600, y - 500, steps=4)
    page.mouse.up()
    assert starts_at(page) == (3.4, 1.6)


def test_a_finger_drags_the_ring_and_still_scrolls_the_page(show):
    page, _ = show(viewport=PHONE, has_touch=True)
    assert (
        page.locator(".bowl-start").evaluate("ring => getComputedStyle(ring).touchAction") == "none"
    )
    box = page.locator(".bowl-start").bounding_box()
    assert min(box["width"], box["height"]) >= 44
    plot = page.locator(".bowl-valley")
    assert plot.evaluate("plot => getComputedStyle(plot).touchAction") == "auto"
    x, y = handle(page)
    touch = page.context.new_cdp_session(page)

    def send(kind, *points):
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": list(points)})

    send("touchStart", {"x": x, "y": y})
    send("touchMove", {"x": x - 60, "y": y + 30})
    send("touchEnd")
    page.wait_for_function("() => Number(document.querySelector('.bowl-plot input').value) < 3")
    assert starts_at(page)[1] < 1


def test_the_keyboard_does_all_that_a_hand_does(show):
    page, _ = show()
    first = slider(page, "start, w₁")
    first.focus()
    for key in ("ArrowLeft", "ArrowDown", "Shift+ArrowLeft"):
        page.keyboard.press(key)
    assert starts_at(page) == (2.4, 0.9)
    expect(first).to_have_attribute("aria-valuetext", "w₁ 2.4, w₂ 0.9")
    for name, key, value in (
        ("learning rate η", "ArrowRight", "0.11"),
        ("condition number κ", "End", "1000"),
        ("noise σ", "Home", "0"),
        ("updates", "Home", "20"),
    ):
        slider(page, name).press(key)
        expect(slider(page, name)).to_have_attribute("aria-valuetext", value)
    expect(words(page)).to_contain_text("After 20 updates")
    step = page.locator(".lr-bowl").get_by_role("button", name="Step")
    step.press("Enter")
    step.press("Space")
    assert now(page) == [2, 20]
    expect(words(page)).to_contain_text("Update 2 of 20, at rate 0.11: w = (2.39, 0.009)")


def test_a_choice_changes_the_bowl_and_the_schedule(show):
    page, _ = show()
    choices = page.locator(".bowl-choice select")
    choices.nth(0).select_option("p = 2")
    expect(words(page)).to_contain_text("However long you wait, these rates sum to 10.1")
    choices.nth(1).select_option("steep")
    expect(words(page)).to_contain_text("The rim")
    assert slider(page, "condition number κ").is_disabled()
    assert not page.locator(".bowl-valley .rim").get_attribute("d"), "it is far out"
    choices.nth(0).select_option("constant")
    expect(words(page)).not_to_contain_text("However")
    assert page.locator(".bowl-valley .rim").get_attribute("d")
    assert page.locator(".bowl-curves .total").count() == 0


def test_play_grows_pauses_goes_on_and_ends(show):
    page, _ = show()
    bar = page.locator(".bowl-bar button").first
    press(page, "Reset")
    assert now(page) == [0, 500]
    assert ink(page, "curves") == 0
    # In the page itself: a busy machine may take longer to answer than the run takes to end.
    bar.evaluate(
        """async (bar) => {
          bar.click();
          const now = () => parseInt(document.querySelector(".now").textContent.slice(7));
          while (now() < 10) await new Promise(requestAnimationFrame);
          bar.click();
        }"""
    )
    at = now(page)[0]
    assert 10 <= at < 500
    expect(bar).to_have_text("Play")
    expect(words(page)).to_contain_text(f"Update {at} of 500")
    some = ink(page, "curves")
    press(page, "Step")
    assert now(page)[0] == at + 1
    assert bar.evaluate("bar => { bar.click(); return bar.textContent; }") == "Pause"
    expect(bar).to_have_text("Play")
    assert now(page) == [500, 500]
    assert ink(page, "curves") > some > 0
    expect(words(page)).to_contain_text("After 500 updates")


def test_new_noise_draws_another_run_of_the_same_setting(show):
    page, _ = show()
    formula = page.locator(".bowl-curves .total").get_attribute("d")
    before = words(page).text_content()
    press(page, "New noise")
    expect(words(page)).not_to_have_text(before)
    assert page.locator(".bowl-curves .total").get_attribute("d") == formula
    slider(page, "noise σ").press("Home")
    assert page.locator(".lr-bowl").get_by_role("button", name="New noise").is_disabled()


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("lr 0.202", "above 2/λ₂ = 0.2 it diverges"),
        ("p = 2, κ = 1000", "90% is left for ever"),
        ("constant 0.5", "outside the rim"),
        ("warmup to 0.5", "the weights stay inside"),
    ],
)
def test_a_sentence_sets_and_plays_what_it_says(show, name, said):
    page, problems = show(**STILL)
    choose(page, name)
    expect(words(page)).to_contain_text(said)
    chosen = page.locator(".bowl-presets button[aria-pressed=true]")
    expect(chosen).to_have_text(name)
    assert problems == []


def test_a_sentence_is_played_from_its_start(show):
    page, _ = show()
    seen = page.get_by_role("button", name="lr 0.15:").evaluate(
        """async (button) => {
          button.click();
          await null; // what changes together is drawn together
          const bar = document.querySelector(".bowl-bar button");
          return [bar.textContent, document.querySelector(".now").textContent];
        }"""
    )
    assert seen == ["Pause", "update 0 of 20"]
    expect(words(page)).to_contain_text("After 20 updates the loss is 0.00676")
    assert now(page) == [20, 20]


def test_where_motion_is_unwanted_nothing_moves_by_itself(show):
    page, _ = show(**STILL)
    all_at_once = page.locator(".bowl-bar button").first
    expect(all_at_once).to_have_text("Show all")
    press(page, "Step")
    assert now(page) == [1, 500]
    all_at_once.click()
    assert now(page) == [500, 500], "at once"
    choose(page, "lr 0.15")
    expect(page.locator(".lr-bowl .now")).to_have_text("update 20 of 20")
    expect(all_at_once).to_have_text("Show all")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [SMALL, PHONE], ids=["desktop", "phone"])
def test_it_is_accessible_and_fits(show, viewport, scheme):
    page, problems = show(viewport=viewport, color_scheme=scheme, **STILL)
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
    for name in (None, "lr 0.202", "warmup to 0.5"):
        if name:
            choose(page, name)
            expect(page.locator(".bowl-presets button[aria-pressed=true]")).to_have_text(name)
        found = Axe().run(page, context=".lr-bowl")
        assert not found.response["violations"], found.generate_report()
    assert problems == []


@pytest.mark.parametrize("viewport", [SMALL, PHONE], ids=["desktop", "phone"])
def test_the_plots_are_in_view_at_every_control(show, viewport):
    page, _ = show(viewport=viewport)
    controls = page.locator(".bowl-controls :is(input, select), .bowl-presets button")
    assert controls.count() == 6 + 15
    for control in controls.all():
        control.evaluate(
            """(control) => {
              scrollTo({ top: 1e6, behavior: "instant" });
              // As the browser does for what gets the focus.
              control.scrollIntoView({ block: "nearest", behavior: "instant" });
            }"""
        )
        seen = control.evaluate(
            """(control) => {
              const see = (e) => {
                const { left, right, top, bottom } = e.getBoundingClientRect();
                const there = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
                return top >= 0 && bottom <= innerHeight && e.closest(".lr-bowl").contains(there);
              };
              const plots = [...document.querySelectorAll(".bowl-plot")];
              return { control: see(control), plots: plots.every(see) };
            }"""
        )
        assert seen == {"control": True, "plots": True}, control.evaluate("e => e.outerHTML")


def test_it_follows_the_theme_and_the_width(show):
    page, _ = show(color_scheme="light", **STILL)

    def colour():
        return page.locator(".bowl-valley canvas").evaluate(
            """canvas => {
              const pen = canvas.getContext("2d");
              const { data } = pen.getImageData(0, 0, canvas.width, canvas.height);
              for (let i = 3; i < data.length; i += 4) if (data[i] > 200) return data[i - 3];
            }"""
        )

    dark_ink = colour()
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    page.evaluate("() => new Promise(requestAnimationFrame)")
    assert dark_ink < 80 < 160 < colour()
    page.set_viewport_size(PHONE)
    page.wait_for_function("() => !document.querySelector('.bowl-wide')")
    assert page.locator(".bowl-valley").bounding_box()["width"] < PHONE["width"]


LINES = 72  # pixels: three lines, of dozens that break elsewhere in another font


def test_it_is_as_high_as_its_place_at_every_width(show):
    page, _ = show()
    for width in (320, 412, 600, 700, 768, 1024, 1280, 1440):
        page.set_viewport_size({"width": width, "height": 844})
        # Else canvas and axes would part.
        page.wait_for_function(
            "() => [...document.querySelectorAll('.bowl-plot > svg')].every((plot) =>"
            " Math.abs(plot.viewBox.baseVal.width - plot.clientWidth) < 1)"
        )
        difference = page.evaluate(
            """() => {
              const blank = document.querySelector(".panel-blank:has(.bowl)");
              blank.style = "display: grid; align-self: start; visibility: hidden";
              const boxes = [blank, document.querySelector(".lr-bowl")];
              const [kept, needed] = boxes.map((box) => box.getBoundingClientRect().height);
              blank.style = "";
              return kept - needed;
            }"""
        )
        assert abs(difference) <= LINES, f"{difference} pixels kept too many at {width} px"
