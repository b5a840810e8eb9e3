"""The theme's icons as inline SVG: neither Font Awesome's script nor its fonts are needed."""

import re
from functools import cache
from pathlib import Path
from urllib.parse import quote

import pydata_sphinx_theme

_STYLES = {"fab": "fab", "fa-brands": "fab", "far": "far", "fa-regular": "far"}
_STYLES |= {"fa": "fas", "fas": "fas", "fa-solid": "fas"}
_ELEMENT = re.compile(
    r'<(i|span)\s+class="([^"]*\bfa[bsr]?\s[^"]*|[^"]*\bfa-[^"]*)"([^>]*)>\s*</\1>'
)


@cache
def _all():
    """Return (width, height, path) by (style, name), from the script that the theme brings."""
    theme = Path(pydata_sphinx_theme.__file__).parent / "theme/pydata_sphinx_theme/static"
    (script,) = theme.glob("vendor/fontawesome/*/js/all.min.js")
    icons = {}
    sets = re.findall(r'\{([^{}]*)\};.{0,800}?\("(fa[bsr])",', script.read_text("utf-8"), re.DOTALL)
    entry = r'"?([\w-]+)"?:\[(\d+),(\d+),\[([^]]*)\],"\w+","([^"]+)"\]'
    for text, style in sets:
        for name, width, height, aliases, path in re.findall(entry, text):
            for each in (name, *re.findall(r'"([\w-]+)"', aliases)):
                icons[style, each] = width, height, path
    return icons


def svg(classes, attributes=""):
    """Return the picture of an element that has Font Awesome's classes.

    Raises ``ValueError`` if they name no icon.
    """
    style = next((_STYLES[each] for each in classes.split() if each in _STYLES), "fas")
    # As Font Awesome's script does: the theme places a picture unlike a letter.
    names = [each for each in classes.split() if each not in _STYLES]
    for each in names:
        icon = _all().get((style, each.removeprefix("fa-"))) if each[:3] == "fa-" else None
        if icon:
            width, height, path = icon
            return (
                f'<svg class="svg-inline--fa {" ".join(names)}"{attributes} aria-hidden="true"'
                f' viewBox="0 0 {width} {height}"><path fill="currentColor" d="{path}"/></svg>'
            )
    raise ValueError(f"Font Awesome has no icon for the classes {classes!r}")


def inline(html):
    """Return a page with a picture in the place of each of its icons."""
    return _ELEMENT.sub(lambda found: svg(found[2], found[3]), html)


def variables(css):
    """Return CSS that defines each variable ``--icon-NAME`` of a style sheet as a picture."""
    lines = []
    for name in sorted(set(re.findall(r"var\(--icon-([\w-]+)\)", css))):
        picture = svg(f"fa-{name}").replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"')
        lines.append(f'--icon-{name}: url("data:image/svg+xml,{quote(picture, safe=" =:/,")}");')
    return f":root {{ {' '.join(lines)} }}\n"
