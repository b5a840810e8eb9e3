"""The worked solutions, each folded under its exercise.

A chapter's solutions are a notebook of their own, `notebooks/solutions/<chapter>.ipynb`, with a
section for each exercise, which begins with its number and quotes it. The chapter's page shows
the same sections without number and quote.
"""

import re

from docutils import nodes
from sphinx.errors import ExtensionError
from sphinx.transforms.post_transforms import SphinxPostTransform

FOLDER = "notebooks/solutions"
_NUMBER = re.compile(r"(\d+)\. ")


def name_of(page):
    """Return the page that holds a page's solutions."""
    return f"{FOLDER}/{page.rpartition('/')[2]}"


class Solutions(SphinxPostTransform):
    """Puts solutions into the pages of their exercises."""

    # Before links, images and outputs are resolved: they are resolved for the page they come to.
    default_priority = 1

    def run(self, **kwargs):
        """Fold each solution under the exercise with its number, if the page has solutions."""
        page = self.env.docname
        solved = name_of(page)
        if page == solved or solved not in self.env.found_docs:
            return
        # Formulas are set only on pages that are known to have some.
        has_equations = self.env.domaindata["math"]["has_equations"]
        has_equations[page] |= has_equations[solved]
        exercises = dict(_exercises(self.document))
        for section in self.env.get_doctree(solved).findall(nodes.section):
            if number := _NUMBER.match(section[0].astext()):
                place = exercises.get(int(number[1]))
                if place is None:
                    raise ExtensionError(f"{solved}: {page} has no exercise {number[1]}")
                place += self._folded(section, solved, page)

    def _folded(self, section, solved, page):
        """Return what is to be seen of a solution under its exercise."""
        _title, *parts = section.deepcopy()
        shown = [part for part in parts if not isinstance(part, nodes.block_quote)]
        for part in shown:
            for node in part.findall(nodes.Element):
                node["ids"], node["names"] = [], []
                if "refdoc" in node:
                    node["refdoc"] = page
        target = self.app.builder.get_relative_uri(page, solved)
        link = nodes.reference("", "Run this solution", refuri=f"{target}#{section['ids'][0]}")
        return [
            nodes.raw("", "<details class='solution'><summary>Solution</summary>", format="html"),
            *shown,
            nodes.paragraph("", "", link, classes=["solution-link"]),
            nodes.raw("", "</details>", format="html"),
        ]


def _exercises(document):
    """Yield the number of each exercise of a page, and the node that its solution goes into."""
    for section in document.findall(lambda node: _is_second_level(node, document)):
        title = section[0].astext()
        if number := _NUMBER.match(title):
            yield int(number[1]), section
        elif title == "Exercises":
            numbered, *_hints = filter(_is_numbered, section)
            yield from enumerate(numbered, start=1)


def _is_numbered(node):
    return isinstance(node, nodes.enumerated_list)


def _is_second_level(node, document):
    return isinstance(node, nodes.section) and node.parent.parent is document


def setup(app):
    """Register the transform."""
    app.add_post_transform(Solutions)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
