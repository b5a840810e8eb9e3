"""The built site, read as files: `make test` builds it first."""

import json
import re
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree

import pytest

from tests.book import CONFIG, SITE, Page, pages, require_site

BASE = CONFIG["html"]["baseurl"]
EXTRA = ["search", "genindex"]


@pytest.fixture(scope="session", autouse=True)
def built():
    require_site()


@pytest.fixture(scope="session")
def parsed(built):
    """A function from a path to its parsed page; each is read once."""
    found = {}

    def parse(path):
        if path not in found:
            found[path] = Page(path)
        return found[path]

    return parse


@pytest.fixture(params=[*pages(), *EXTRA])
def path(request):
    return SITE / f"{request.param}.html"


@pytest.fixture(params=pages())
def name(request):
    return request.param


def target(page_path, link):
    """Return the file that a relative link leads to, and the anchor in it."""
    parts = urlsplit(link)
    file = (page_path.parent / unquote(parts.path)).resolve() if parts.path else page_path
    return file / "index.html" if file.is_dir() else file, unquote(parts.fragment)


def test_page_has_title_and_language(path, parsed):
    assert parsed(path).all("html")[0]["lang"] == "en"
    title = re.search(r"<title>\s*(.+?)\s*</title>", path.read_text("utf-8"), re.DOTALL)[1]
    assert CONFIG["title"] in title
    assert title != CONFIG["title"]


def test_images_have_alt_text(path, parsed):
    for image in parsed(path).all("img"):
        alt = image.get("alt", "").strip()
        assert alt, image
        assert not re.fullmatch(r"\S+\.(svg|png|jpe?g|gif)", alt), "a file name is no alt text"
        assert not re.search(r"[0-9a-f]{32}", alt), "a file name is no alt text"


def test_page_loads_nothing_from_another_host(path, parsed):
    page = parsed(path)
    loaded = [
        a["src"] for a in page.all("script", "img", "iframe", "source", "video") if "src" in a
    ]
    loaded += [a["href"] for a in page.all("link") if a.get("rel") not in ("canonical", "license")]
    assert loaded
    for link in loaded:
        assert not urlsplit(link).netloc, link
    assert not re.search(r"@import|url\(['\"]?(https?:)?//", path.read_text("utf-8"))


def test_links_lead_somewhere(path, parsed):
    page = parsed(path)
    links = [a["href"] for a in page.all("a", "link") if a.get("href")]
    links += [a["src"] for a in page.all("img", "script") if a.get("src")]
    for link in links:
        if urlsplit(link).scheme or urlsplit(link).netloc or link == "#":
            continue
        file, anchor = target(path, link)
        assert file.is_relative_to(SITE) and file.is_file(), link
        if anchor and file.suffix == ".html":
            assert anchor in parsed(file).ids, link


def test_page_has_a_card_for_social_media(name, parsed):
    meta = {a.get("property"): a.get("content") for a in parsed(SITE / f"{name}.html").all("meta")}
    assert meta["og:title"]
    assert len(meta["og:description"]) > 40
    assert meta["og:url"] == f"{BASE}{name}.html"
    assert meta["og:image"].startswith(BASE)
    assert (SITE / meta["og:image"].removeprefix(BASE)).is_file()


def test_page_links_to_its_source(name, parsed):
    suffix = "ipynb" if name.startswith("notebooks/") else "md"
    links = {a.get("href") for a in parsed(SITE / f"{name}.html").all("a")}
    repository, branch = CONFIG["repository"]["url"], CONFIG["repository"]["branch"]
    assert f"{repository}/edit/{branch}/{name}.{suffix}" in links
    if suffix == "ipynb":
        place = repository.removeprefix("https://github.com/")
        colab = "https://colab.research.google.com/github"
        assert f"{colab}/{place}/blob/{branch}/{name}.ipynb" in links
        root = "../" * name.count("/")
        assert f"{root}_sources/{name}.ipynb" in links, "the download button"


def test_widgets_have_state_and_manager(name, parsed):
    page = parsed(SITE / f"{name}.html")
    kinds = [script.get("type", "") for script in page.all("script")]
    shown = "application/vnd.jupyter.widget-view+json" in kinds
    assert shown == ("application/vnd.jupyter.widget-state+json" in kinds)
    sources = [script.get("src", "") for script in page.all("script")]
    assert shown == any("vendor/static-widgets.js" in source for source in sources)


def test_first_page_leads_to_the_book():
    assert f"{pages()[0]}.html" in (SITE / "index.html").read_text("utf-8")


def test_sitemap_lists_every_page_and_no_other():
    root = ElementTree.parse(SITE / "sitemap.xml").getroot()
    listed = [element.text for element in root.iter() if element.tag.endswith("}loc")]
    assert sorted(listed) == sorted(f"{BASE}{name}.html" for name in pages())


def test_search_knows_every_page():
    text = (SITE / "searchindex.js").read_text("utf-8")
    index = json.loads(text.removeprefix("Search.setIndex(").removesuffix(")"))
    assert sorted(index["docnames"]) == sorted(pages())


def test_page_for_a_wrong_address_works_from_any_address(parsed):
    page = parsed(SITE / "404.html")
    root = urlsplit(BASE).path
    links = [a["href"] for a in page.all("a", "link") if a.get("href")]
    links += [a["src"] for a in page.all("img", "script") if a.get("src")]
    local = [link for link in links if not urlsplit(link).netloc and not link.startswith("#")]
    assert f"{root}{pages()[0]}.html" in local
    for link in local:
        assert link.startswith(root), link
        assert (SITE / urlsplit(link).path.removeprefix(root)).is_file(), link
