"""Every drawn figure in two renderings, one for each theme of the page."""

import re
from pathlib import Path
from urllib.parse import quote

from docutils import nodes
from sphinx.transforms import SphinxTransform

# The theme's dark background, and the letters on it.
BACKGROUND, INK = 0x12, 0xE6
_COLOUR = re.compile(r"(?<=: )#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})\b")
_SIZE = re.compile(r'<svg [^>]*?viewBox="0 0 ([\d.]+) ([\d.]+)"')


def dark(svg):
    """Return Matplotlib's SVG for a dark page.

    Greys change places: white becomes the page's background and black its letters. Colours are
    mixed with white, as the panels' are.
    """
    # What is drawn in black has no colour of its own in the file.
    return _COLOUR.sub(_dark, svg).replace("<svg ", f'<svg fill="#{3 * f"{INK:02x}"}" ', 1)


def _dark(match):
    parts = [int(part, 16) for part in match.groups()]
    if max(parts) - min(parts) < 8:
        parts = [BACKGROUND + (INK - BACKGROUND) * (255 - part) / 255 for part in parts]
    else:
        parts = [0.65 * part + 0.35 * 255 for part in parts]
    return "#" + "".join(f"{round(part):02x}" for part in parts)


class rendering(nodes.image):
    """A figure that is fetched when it comes near, in one theme."""


def visit_rendering(writer, node):
    """Write the image, with its size: the page doesn't move when it comes."""
    file = quote(writer.builder.images[node["uri"]])
    width, height = node["size"]
    attributes = {"alt": node["alt"], "width": width, "height": height, "loading": "lazy"}
    source = f"{writer.builder.imgpath}/{file}"
    writer.body.append(writer.emptytag(node, "img", "\n", src=source, **attributes))


class Renderings(SphinxTransform):
    """Puts two renderings where an output has an SVG; the theme shows one of them."""

    # Before the images are collected.
    default_priority = 870

    def apply(self, **kwargs):
        """Replace the images, and write the dark files beside the light ones."""
        for image in list(self.document.findall(nodes.image)):
            file = Path(self.env.relfn2path(image["uri"], self.env.docname)[1])
            if file.suffix == ".svg" and _is_output(image):
                image.replace_self(_both(image, file))


def _is_output(node):
    while node := node.parent:
        if "cell_output" in node.get("classes", ()):
            return True
    return False


def _both(image, light):
    svg = light.read_text("utf-8")
    beside = light.with_stem(f"{light.stem}-dark")
    beside.write_text(dark(svg), "utf-8")
    # From points to the page's pixels.
    size = [f"{float(length) * 4 / 3:.0f}" for length in _SIZE.search(svg).groups()]
    shared = {"alt": image["alt"], "size": size}
    uri = image["uri"].removesuffix(".svg")
    return [
        rendering(uri=f"{uri}.svg", classes=["only-light"], **shared),
        rendering(uri=f"{uri}-dark.svg", classes=["only-dark"], **shared),
    ]


def setup(app):
    """Register the transform and its node."""
    app.add_node(rendering, html=(visit_rendering, lambda writer, node: None))
    app.add_transform(Renderings)
    return {"parallel_read_safe": True}
