"""What stands before a chapter's lesson, as one box; in the notebooks it is four sections."""

from docutils import nodes
from sphinx.transforms import SphinxTransform

SECTIONS = ("Overview", "You’ll learn", "You’ll need", "Setup")


class ChapterHead(SphinxTransform):
    """Makes the first four sections of a notebook one box without headings, its setup folded."""

    # After the quotes of the titles are set, before the tables of contents are collected.
    default_priority = 870

    def apply(self, **kwargs):
        """Replace the sections, if these are they."""
        found = list(self.document.findall(_is_head))
        if [section[0].astext() for section in found] != list(SECTIONS):
            return
        overview, learn, need, setup = found
        for cell in setup.findall(nodes.container):
            # Folded already, with the whole of the setup.
            cell.attributes.pop("hide_mode", None)
        box = nodes.container(
            "",
            *overview[1:],
            _labelled(learn),
            _labelled(need),
            nodes.raw("", "<details><summary>Setup</summary>", format="html"),
            *setup[1:],
            nodes.raw("", "</details>", format="html"),
            classes=["chapter-head"],
            ids=[id for section in found for id in section["ids"]],
        )
        overview.replace_self(box)
        for section in (learn, need, setup):
            section.parent.remove(section)


def _is_head(node):
    return isinstance(node, nodes.section) and node[0].astext() in SECTIONS


def _labelled(section):
    label = nodes.paragraph("", "", nodes.strong("", section[0].astext()))
    return nodes.container("", label, *section[1:])


def setup(app):
    """Register the transform."""
    app.add_transform(ChapterHead)
    return {"parallel_read_safe": True}
